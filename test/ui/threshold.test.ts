import { expect, test } from 'vitest';
import { partAt, placeOf } from '../../src/ui/threshold';

test('the slider leaves nothing out at its beginning, and only the largest band at its end', () => {
  expect(partAt(0, 0.01)).toBe(0);
  expect(partAt(1, 0.01)).toBe(1);
});

test('even steps are even ratios', () => {
  expect(partAt(0.5, 0.01)).toBeCloseTo(0.1);
  expect(partAt(0.75, 0.01) / partAt(0.5, 0.01)).toBeCloseTo(partAt(1, 0.01) / partAt(0.75, 0.01));
});

test('what was chosen on one map stands in its place on another, and never looks like nothing', () => {
  for (const least of [1e-4, 0.01, 0.5])
    for (const place of [0.2, 0.5, 1]) expect(placeOf(partAt(place, least), least)).toBeCloseTo(place);
  expect(placeOf(0, 0.01)).toBe(0);
  expect(placeOf(1e-6, 0.5)).toBe(0.01);
});
