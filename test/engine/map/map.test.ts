import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildMap,
  scaleOpenInterest,
  sweepMap,
  sweepVenue,
  type VenueBars,
} from '../../../src/engine/map/map';
import type { BandMap } from '../../../src/engine/records';
import { quietBars, type Row, randomBars, toColumns } from '../random-bars';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

function venue(rows: readonly Row[], change: Partial<VenueBars> = {}): VenueBars {
  const last = rows[rows.length - 1]!;
  return {
    venue: 'binance',
    bars: toColumns(rows),
    mark: last.close,
    openInterest: last.openInterestClose,
    maxLeverage: 125,
    ...change,
  };
}

const busy = quietBars(Array.from({ length: 600 }, (_, i) => 100 + Math.sin(i / 20))).map((row) => ({
  ...row,
  volume: 50,
}));

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

describe('sweepMap', () => {
  const map = () => buildMap([venue(busy)], { window: '24h', step: 0.001, price: 100 });
  const bandPrice = (m: BandMap, i: number) => Math.exp(m.lnLow + i * m.step);

  test('empties the long bands above the low and the short bands below the high', () => {
    const before = map();
    const after = map();
    sweepMap(after, 97, 102);
    for (let i = 0; i < after.count; i++) {
      expect(after.long[i]).toBe(bandPrice(after, i) >= 97 * 0.999999 ? 0 : before.long[i]);
      expect(after.short[i]).toBe(bandPrice(after, i + 1) <= 102 * 1.000001 ? 0 : before.short[i]);
    }
    expect(sum(after.longTiers)).toBeCloseTo(sum(after.long), 3);
  });

  test('sweeping twice changes nothing more', () => {
    const once = map();
    sweepMap(once, 98, 101);
    const twice = structuredClone(once);
    sweepMap(twice, 98, 101);
    expect(twice).toEqual(once);
  });

  test('refuses a low above the high, zero and NaN', () => {
    for (const [low, high] of [
      [2, 1],
      [0, 1],
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      expect(() => sweepMap(map(), low, high)).toThrow(RangeError);
  });
});

describe('sweepVenue', () => {
  const two = [venue(busy), venue(busy, { venue: 'okx', openInterest: 500 })];
  const map = () => buildMap(two, { window: '24h', step: 0.001, price: 100 });

  test('takes out what this venue had where its price went, and nothing of the others', () => {
    const before = map();
    const after = map();
    const taken = sweepVenue(after, after.venues![0]!, 97, 102);
    const swept = structuredClone(before);
    sweepMap(swept, 97, 102);
    const other = before.venues![1]!;
    for (let i = 0; i < after.count; i++) {
      const isSwept = before.long[i]! > 0 && swept.long[i] === 0;
      expect(after.long[i]).toBeCloseTo(isSwept ? other.long[i]! : before.long[i]!, 6);
    }
    expect(taken).toBeCloseTo(sum(before.long) + sum(before.short) - sum(after.long) - sum(after.short), 6);
    expect(taken).toBeGreaterThan(0);
    expect(sum(after.longTiers)).toBeCloseTo(sum(after.long), 3);
    expect(sweepVenue(after, after.venues![0]!, 97, 102)).toBe(0);
  });

  test('venue by venue comes to what sweeping all at once does', () => {
    const all = map();
    sweepMap(all, 97, 102);
    const each = map();
    for (const part of each.venues!) sweepVenue(each, part, 97, 102);
    expect(sum(each.long)).toBeCloseTo(sum(all.long), 6);
    expect(sum(each.short)).toBeCloseTo(sum(all.short), 6);
  });
});

describe('scaleOpenInterest', () => {
  test('takes the shape of the others and ends at the current value', () => {
    const rows = quietBars([100, 100, 100]).map((row, i) => ({
      ...row,
      openInterest: [100, 200, 400][i]!,
      openInterestClose: [200, 400, 300][i]!,
    }));
    const bars = toColumns(rows);
    const scaled = scaleOpenInterest(bars.time, 30, [bars]);
    expect([...scaled.openInterest]).toEqual([10, 20, 40]);
    expect([...scaled.openInterestClose]).toEqual([20, 40, 30]);
  });

  test('needs a reference and sorted times', () => {
    expect(() => scaleOpenInterest(new Float64Array(1), 1, [])).toThrow(RangeError);
    const bars = toColumns(quietBars([100, 100]));
    expect(() => scaleOpenInterest(bars.time.slice().reverse(), 1, [bars])).toThrow(RangeError);
    expect(() => scaleOpenInterest(bars.time, Number.NaN, [bars])).toThrow(RangeError);
  });
});
