import { describe, expect, test } from 'vitest';
import { buildMap } from '../../../src/engine/map/map';
import { sweepMap, sweepVenue } from '../../../src/engine/map/sweep';
import type { BandMap } from '../../../src/engine/records';
import { busy, venue } from './venue-bars';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

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
