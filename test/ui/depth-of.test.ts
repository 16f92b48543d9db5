import { expect, test } from 'vitest';
import { atDistance, depthTo, joinBooks } from '../../src/engine/flow/depth';
import { depthView } from '../../src/protocol/detail';
import { depthOf } from '../../src/ui/depth-of';
import { evenBook } from '../engine/random-book';

test('a book crosses to a page and reads there as it did, within a dollar, and goes on beyond what was sent', () => {
  const depth = joinBooks([evenBook(100, 50_000, 0.03)], 100);
  const back = depthOf(JSON.parse(JSON.stringify(depthView(depth, []))));
  for (const to of [99.9, 99, 95, 90, 101, 105, 112]) {
    expect(back.price).toBe(100);
    expect(Math.abs(depthTo(back, to).usd - depthTo(depth, to).usd)).toBeLessThanOrEqual(1);
    expect(depthTo(back, to).extrapolated).toBe(depthTo(depth, to).extrapolated);
  }
  expect(atDistance(back.long.usd, 0.3)).toBeGreaterThan(atDistance(back.long.usd, 0.2));
});
