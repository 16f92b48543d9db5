import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sides } from '../../../src/engine/records';
import { fuelRatio, fuelVerdict } from '../../../src/engine/risk/fuel';
import { mapWith, randomMap, spoiledMaps } from '../random-map';

const openInterestUsd = 8e9;
const map = mapWith([
  [-0.02, 100e6],
  [-0.06, 80e6],
  [0.03, 340e6],
  [-0.2, 500e6],
  [0.2, 500e6],
]);

describe('the fuel ratio of a long', () => {
  test('is shorts above ÷ longs below within 10 %: 340M ÷ 180M = 1.89', () => {
    const fuel = fuelRatio(map, { side: 'long', entry: 100, openInterestUsd });
    expect(fuel).toMatchObject({ fuelUsd: 340e6, riskUsd: 180e6, verdict: 'favourable' });
    expect(fuel.ratio).toBeCloseTo(1.89, 2);
  });

  test('is the inverse of a short’s', () => {
    const fuel = fuelRatio(map, { side: 'short', entry: 100, openInterestUsd });
    expect(fuel.ratio).toBeCloseTo(180 / 340, 9);
    expect(fuel.verdict).toBe('against');
  });

  test('weighted by nearness counts what is close more', () => {
    // 340 · (1 − .3) ÷ (100 · (1 − .2) + 80 · (1 − .6)), to the width of a band.
    const { weighted } = fuelRatio(map, { side: 'long', entry: 100, openInterestUsd });
    expect(weighted).toBeCloseTo(238 / 112, 1);
  });

  test('counts from the entry, not from price', () => {
    // Entered at 97, the longs at 98 lie above and 87.3 to 97 counts; shorts at 103 are still ahead.
    const fuel = fuelRatio(map, { side: 'long', entry: 97, openInterestUsd });
    expect(fuel.riskUsd).toBeCloseTo(80e6, 0);
    expect(fuel.fuelUsd).toBeCloseTo(340e6, 0);
  });

  test('is n/a where the risk side is under 0.1 % of open interest', () => {
    const at = (usd: number) => fuelRatio(map, { side: 'long', entry: 100, openInterestUsd: usd });
    expect(at(180e9)).toMatchObject({ verdict: 'favourable' });
    expect(at(181e9)).toMatchObject({ ratio: null, weighted: null, verdict: null });
    expect(
      fuelRatio(mapWith([[0.03, 5]]), { side: 'long', entry: 100, openInterestUsd: 0 }).ratio,
    ).toBeNull();
  });
});

test.each([
  [0.99, 'against'],
  [1, 'neutral'],
  [1.49, 'neutral'],
  [1.5, 'favourable'],
  [1.99, 'favourable'],
  [2, 'strong'],
] as const)('a ratio of %s reads %s', (ratio, verdict) => {
  expect(fuelVerdict(ratio)).toBe(verdict);
});

test('every number is finite and not negative', () => {
  fc.assert(
    fc.property(
      randomMap,
      fc.constantFrom(...sides),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      (random, side, factor, within) => {
        const fuel = fuelRatio(random, { side, entry: random.price * factor, openInterestUsd: 1, within });
        for (const value of [fuel.fuelUsd, fuel.riskUsd, fuel.ratio ?? 0, fuel.weighted ?? 0])
          expect(Number.isFinite(value) && value >= 0).toBe(true);
      },
    ),
  );
});

test('bad input is refused by name', () => {
  const good = { side: 'long', entry: 100, openInterestUsd } as const;
  for (const bad of [
    { entry: 0 },
    { entry: Number.NaN },
    { openInterestUsd: -1 },
    { within: 0 },
    { within: 1 },
  ])
    expect(() => fuelRatio(map, { ...good, ...bad })).toThrow(/^fuelRatio requires/);
  for (const [, bad] of spoiledMaps(map)) expect(() => fuelRatio(bad, good)).toThrow(/^fuelRatio requires/);
  expect(() => fuelVerdict(-1)).toThrow(/^fuelVerdict requires/);
});
