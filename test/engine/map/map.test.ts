import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildMap } from '../../../src/engine/map/map';
import { randomBars } from '../random-bars';
import { busy, venue } from './venue-bars';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe('buildMap', () => {
  test('puts longs below price, shorts above, and nothing negative (seed 4)', () => {
    fc.assert(
      fc.property(randomBars, fc.constantFrom('12h', '24h', '7d', '30d'), (rows, window) => {
        const price = rows[rows.length - 1]!.close;
        const map = buildMap([venue(rows)], { window, step: 0.001, price });
        for (let i = 0; i < map.count; i++) {
          const low = map.lnLow + i * map.step;
          if (!(map.long[i]! >= 0 && map.short[i]! >= 0 && map.longAge[i]! >= 0 && map.shortAge[i]! >= 0)) {
            throw new Error(`band ${i}: ${map.long[i]} ${map.short[i]} ${map.longAge[i]} ${map.shortAge[i]}`);
          }
          if (map.long[i]! > 0) expect(low).toBeLessThanOrEqual(Math.log(price) + 1e-9);
          if (map.short[i]! > 0) expect(low + map.step).toBeGreaterThanOrEqual(Math.log(price) - 1e-9);
        }
      }),
      { seed: 4, numRuns: 30 },
    );
  });

  test('a side never exceeds open interest × price, and reaches it once everything is newer than the window', () => {
    const first = busy[0]!;
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      ...busy[i % 600]!,
      open: 100,
      close: 100,
      high: 100.2,
      low: 99.8,
      time: first.time + i * 300_000,
    }));
    const map = buildMap([venue(rows)], { window: '7d', step: 0.001, price: 100 });
    // Typically a trace lies beyond the map's ends.
    expect(sum(map.long) / 100_000).toBeGreaterThan(1 - 1e-3);
    expect(sum(map.long) / 100_000).toBeLessThan(1 + 1e-9);
    expect(sum(map.short) / 100_000).toBeLessThan(1 + 1e-9);
    const day = buildMap([venue(rows)], { window: '12h', step: 0.001, price: 100 });
    expect(sum(day.long)).toBeLessThan(sum(map.long));
    expect(day.long.every((usd, i) => usd <= map.long[i]! * (1 + 1e-9) + 1e-6)).toBe(true);
  });

  test('tiers sum to the bands and ages stay inside the window', () => {
    const map = buildMap([venue(busy)], { window: '12h', step: 0.002, price: 100 });
    for (let i = 0; i < map.count; i++) {
      let tiers = 0;
      for (let t = 0; t < 5; t++) tiers += map.longTiers[t * map.count + i]!;
      expect(tiers).toBeCloseTo(map.long[i]!, 6);
      expect(map.longAge[i]!).toBeLessThanOrEqual(12 * 3_600_000 * 1.001);
    }
  });

  test('two venues add up, each relative to its own mark', () => {
    const dear = busy.map((row) => ({
      ...row,
      open: row.open * 1.03,
      high: row.high * 1.03,
      low: row.low * 1.03,
      close: row.close * 1.03,
    }));
    const options = { window: '24h', step: 0.001, price: 100 } as const;
    const one = buildMap([venue(busy)], options);
    const both = buildMap([venue(busy), venue(dear, { venue: 'okx' })], options);
    expect(sum(both.long) / sum(one.long)).toBeCloseTo(2, 6);
    const peak = one.long.indexOf(Math.max(...one.long));
    expect(both.long[peak]! / one.long[peak]!).toBeGreaterThan(1.5);
  });

  test('bands start at whole steps, so maps of different moments line up', () => {
    const map = buildMap([venue(busy)], { window: '24h', step: 0.001, price: 100 });
    expect(Math.abs(map.lnLow / 0.001 - Math.round(map.lnLow / 0.001))).toBeLessThan(1e-9);
    expect(map.time).toBe(busy[busy.length - 1]!.time + 300_000);
  });

  test('no venue gives an empty map', () => {
    const map = buildMap([], { window: '24h', step: 0.001, price: 100 });
    expect(sum(map.long) + sum(map.short)).toBe(0);
  });

  test('bad input throws a RangeError', () => {
    const options = { window: '24h', step: 0.001, price: 100 } as const;
    for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => buildMap([], { ...options, price })).toThrow(RangeError);
    for (const step of [0, Number.NaN, 1])
      expect(() => buildMap([], { ...options, step })).toThrow(RangeError);
    expect(() => buildMap([venue(busy, { mark: Number.NaN })], options)).toThrow(
      'buildMap requires a positive mark',
    );
    expect(() => buildMap([venue(busy, { openInterest: -1 })], options)).toThrow(RangeError);
    expect(() => buildMap([venue([...busy].reverse())], options)).toThrow(RangeError);
  });
});
