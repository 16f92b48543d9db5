import { expect, test } from 'vitest';
import type { MapView } from '../../src/protocol/view';
import { leastPart, marksOf, partAt, placeOf } from '../../src/ui/threshold';

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

test('it is fitted to the bands near price, and marks where a half, a quarter and a tenth of them are left', () => {
  // Of 1 % each: a hundred bands, price in their middle; those within 10 % hold 10 to 200, those beyond next to nothing.
  const held = Array.from({ length: 100 }, (_, i) => (i >= 40 && i < 60 ? 10 * (i - 39) : 0.001));
  const none = held.map(() => 0);
  const view = {
    ...{ price: 100, lnLow: Math.log(100) - 0.5, step: 0.01 },
    ...{ long: held, short: none, longTiers: [], shortTiers: [] },
  } as unknown as MapView;
  const shown = { tiers: [true, true, true, true, true] };
  const least = leastPart(view, shown);
  expect(least).toBeCloseTo(30 / 200);
  const left = marksOf(view, shown).map((place) => {
    const threshold = partAt(place, least) * 200;
    return held.filter((usd) => usd >= threshold - 1e-6).length;
  });
  expect(left).toEqual([10, 5, 2]);
  expect(marksOf(undefined, shown)).toEqual([]);
});
