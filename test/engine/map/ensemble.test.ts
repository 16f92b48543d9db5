import { describe, expect, test } from 'vitest';
import { buildEnsemble, ensembleModels, expectedForced } from '../../../src/engine/map/ensemble';
import { buildMap } from '../../../src/engine/map/map';
import { quietBars, toColumns } from '../random-bars';

describe('ensembleModels', () => {
  test('nine models in which every pair of settings meets once', () => {
    const models = ensembleModels(125);
    expect(models).toHaveLength(9);
    const settings = ['kappa', 'wideningPerRange', 'tierWeights', 'maintenanceRate'] as const;
    for (const a of settings) {
      for (const b of settings) {
        if (a === b) continue;
        expect(new Set(models.map((model) => JSON.stringify([model[a], model[b]]))).size).toBe(9);
      }
    }
  });

  test('refuses a leverage below 1', () => {
    expect(() => ensembleModels(0.5)).toThrow(RangeError);
    expect(() => ensembleModels(Number.NaN)).toThrow(RangeError);
  });
});

test('buildEnsemble puts the percentiles of nine maps on the bands of the map', () => {
  const rows = quietBars(Array.from({ length: 300 }, (_, i) => 100 + Math.sin(i / 20))).map((row) => ({
    ...row,
    volume: 50,
  }));
  const venue = { venue: 'okx', bars: toColumns(rows), mark: 100, openInterest: 1000, maxLeverage: 100 };
  const options = { window: '24h', step: 0.002, price: 100 } as const;
  const map = buildMap([venue], options);
  const { long, short } = buildEnsemble([venue], options);
  expect(long.p50).toHaveLength(map.count);
  for (const spread of [long, short]) {
    spread.p50.forEach((usd, i) => {
      expect(spread.p10[i]! <= usd && usd <= spread.p90[i]!).toBe(true);
    });
  }
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  expect(total(long.p50) / total(map.long)).toBeGreaterThan(0.9);
  expect(total(long.p50) / total(map.long)).toBeLessThan(1.1);
  expect(total(long.p90)).toBeGreaterThan(total(long.p10) * 1.1);
});

describe('expectedForced', () => {
  const q = { p10: 0.001, p50: 0.002, p90: 0.004 };

  test('is q × at risk where the at-risk amount is sure', () => {
    const forced = expectedForced({ p10: 1e8, p50: 1e8, p90: 1e8 }, q);
    expect(forced.p50).toBeCloseTo(200_000, 6);
    expect(forced.p10).toBeCloseTo(100_000, 6);
    expect(forced.p90).toBeCloseTo(400_000, 6);
  });

  test('is wider with both uncertainties than with either: factors of 2 and 2 make 2^√2', () => {
    const forced = expectedForced({ p10: 5e7, p50: 1e8, p90: 2e8 }, q);
    expect(forced.p90 / forced.p50).toBeCloseTo(2 ** Math.SQRT2, 9);
    expect(forced.p50 / forced.p10).toBeCloseTo(2 ** Math.SQRT2, 9);
  });

  test('nothing at risk forces nothing; a member without anything makes the low end 0', () => {
    expect(expectedForced({ p10: 0, p50: 0, p90: 5 }, q)).toEqual({ p10: 0, p50: 0, p90: 0 });
    expect(expectedForced({ p10: 0, p50: 1, p90: 5 }, q).p10).toBe(0);
  });

  test('refuses percentiles out of order, negative or not finite', () => {
    expect(() => expectedForced({ p10: 2, p50: 1, p90: 3 }, q)).toThrow(RangeError);
    expect(() => expectedForced({ p10: -1, p50: 1, p90: 3 }, q)).toThrow(RangeError);
    expect(() => expectedForced({ p10: 0, p50: 1, p90: Number.POSITIVE_INFINITY }, q)).toThrow(RangeError);
  });
});
