import { expect, test } from 'vitest';
import { minuteMs } from '../../src/engine/time';
import { benchSoak } from '../../src/tools/bench-soak';

/** An hour of what `npm run bench -- soak` does for two days, on one venue. */

test('an hour in which everything goes wrong in turn ends with what an undisturbed one knows', async () => {
  const soak = await benchSoak({
    hours: 1,
    on: ['binance'],
    seed: 5,
    roundMs: 7 * minuteMs,
    recoverMs: 25 * minuteMs,
  });
  expect(soak.deaths).toBeGreaterThan(1);
  expect(soak.bars).toMatchObject({ missing: 0, differing: 0 });
  expect(soak.bars.compared).toBeGreaterThan(12);
  expect(soak.openInterest.missing).toBe(0);
  expect(soak.forcedOrders).toMatchObject({ missingInHeard: 0, invented: 0 });
  expect(soak.mapDiffers).toBeLessThan(0.001);
  expect(soak).toMatchObject({ unwell: [], limited: 0, brokenMaps: 0 });
}, 300_000);
