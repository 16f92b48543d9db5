import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forward, survivors } from '../../../src/engine/map/forward';
import { buildMap, buildMaps } from '../../../src/engine/map/map';
import {
  isYoung,
  learnProfile,
  priorProfile,
  profileReach,
  profileRow,
  restoreProfile,
} from '../../../src/engine/map/profile';
import { Inventory } from '../../../src/engine/positions/inventory';
import { tierLeverages } from '../../../src/engine/records';
import { quietBars, randomBars, toColumns } from '../random-bars';
import { embeddedBars, firstBars } from '../recorded-bars';

const sum = (values: Float64Array | Float32Array) => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
const hourMs = 3_600_000;

describe('the forward map', () => {
  test('keeps open interest on both sides, whatever bars and however far ahead (seed 7)', () => {
    const profile = priorProfile();
    fc.assert(
      fc.property(randomBars, fc.double({ min: 0, max: 48, noNaN: true }), (rows, hours) => {
        const inventory = new Inventory();
        inventory.addBars(toColumns(rows));
        const cells = inventory.read();
        const amounts = inventory.tierAmounts();
        forward(cells, inventory, profile, hours, 0, 1);
        const stays = survivors(inventory, hours);
        // What comes back farther out than the profile reaches is in no cell.
        const typical = (from: (t: number) => number, to: (t: number) => number) =>
          tierLeverages.reduce(
            (all, _, t) => all + (1 - stays[t]!) * sum(profile.shares.subarray(from(t), to(t))),
            0,
          );
        const all = typical(
          (t) => t * profileRow,
          (t) => (t + 1) * profileRow,
        );
        const beyond = typical(
          (t) => t * profileRow + profileReach,
          (t) => (t + 1) * profileRow,
        );
        const { openInterest } = inventory;
        for (const side of ['long', 'short'] as const) {
          const leaves = tierLeverages.reduce(
            (total, _, t) => total + (1 - stays[t]!) * amounts[(side === 'long' ? 0 : 5) + t]!,
            0,
          );
          const outside = all > 0 ? (leaves * beyond) / all : 0;
          expect(Math.abs(sum(cells[side]) + outside - openInterest)).toBeLessThan(
            1e-9 * openInterest + 1e-9,
          );
          expect(cells[side].findIndex((coins) => !(coins >= 0))).toBe(-1);
        }
      }),
      { seed: 7, numRuns: 25 },
    );
  });

  const bars = firstBars(embeddedBars('binance-BTCUSDT-5m-2024-09'), 1400);
  const price = bars.close[1399]!;
  const venue = {
    venue: 'binance',
    bars,
    mark: price,
    openInterest: bars.openInterestClose[1399]!,
    maxLeverage: 125,
  };

  test('of a longer window holds no less in any band', () => {
    const maps = buildMaps([venue], ['12h', '24h', '7d', '30d'], { step: 0.001, price });
    for (let k = 1; k < maps.length; k++) {
      for (const side of ['long', 'short'] as const) {
        const more = maps[k]![side];
        expect(maps[k - 1]![side].every((usd, i) => usd <= more[i]! * (1 + 1e-9) + 1e-6)).toBe(true);
      }
    }
  });

  test('is what stands now where it does not look ahead, and nearer to the typical the farther it looks', () => {
    const options = { window: '30d', step: 0.001, price } as const;
    const distance = (horizonMs: number) => {
      const map = buildMap([venue], { ...options, horizonMs });
      return sum(map.long.map((usd, i) => Math.abs(usd - map.typical!.long[i]!)));
    };
    const inventory = new Inventory();
    inventory.addBars(bars);
    const stands = inventory.read();
    const now = buildMap([venue], { ...options, horizonMs: 0 });
    expect(sum(now.long) / (sum(stands.long) * price)).toBeCloseTo(1, 3);
    const ahead = [0, hourMs, 4 * hourMs, 24 * hourMs].map(distance);
    expect(ahead).toEqual(ahead.toSorted((a, b) => b - a));
    expect(ahead[3]!).toBeLessThan(0.8 * ahead[0]!);
  });

  test('says how many times the typical each band holds, whatever the window', () => {
    const [day, all] = buildMaps([venue], ['12h', '30d'], { step: 0.001, price });
    expect(day!.times).toEqual(all!.times);
    all!.long.forEach((usd, i) => {
      const typical = all!.typical!.long[i]!;
      expect(all!.times!.long[i]! * typical).toBeCloseTo(typical > 0 ? usd : 0, 4);
    });
  });

  test('refuses to look back or farther ahead than two days', () => {
    for (const horizonMs of [-1, 49 * hourMs, Number.NaN])
      expect(() => buildMap([venue], { window: '24h', step: 0.001, price, horizonMs })).toThrow(
        'buildMap requires a horizon of 0 to 48 hours',
      );
    expect(() => survivors(new Inventory(), -1)).toThrow('survivors requires a time ahead');
  });
});

describe('the typical profile', () => {
  const bars = embeddedBars('binance-BTCUSDT-5m-2024-09');

  test('is the shipped one while the bars reach back no farther than a day, and says that it is young', () => {
    const profile = learnProfile(firstBars(bars, 280));
    expect(profile).toEqual(priorProfile());
    expect(isYoung(profile)).toBe(true);
    expect(sum(profile.shares)).toBeCloseTo(1, 5);
  });

  test('shipped for a venue of low leverage holds nothing where its positions cannot be', () => {
    const near = (maxLeverage: number) => {
      const { shares } = priorProfile({ maxLeverage });
      // The first 0.5 % of each tier.
      return tierLeverages.reduce(
        (total, _, t) => total + sum(shares.subarray(t * profileRow, t * profileRow + 20)),
        0,
      );
    };
    expect(near(125)).toBeGreaterThan(0.005);
    expect(near(10)).toBeLessThan(near(125) / 20);
  });

  test('is learned from the maps at whole hours: one each, after the first day', () => {
    const profile = learnProfile(bars);
    const hours = (bars.time[bars.length - 1]! + 300_000 - bars.time[0]!) / hourMs;
    expect(profile.hours).toBe(Math.floor(hours) - 24 + 1);
    expect(isYoung(profile)).toBe(false);
    expect(sum(profile.shares)).toBeCloseTo(1, 5);
    expect(profile.time).toBe(Math.floor((bars.time[bars.length - 1]! + 300_000) / hourMs) * hourMs);
  });

  test('goes on from a stored one without counting an hour twice', () => {
    const first = learnProfile(firstBars(bars, 1000));
    const stored = restoreProfile(structuredClone(first), Date.now())!;
    expect(stored).toEqual(first);
    const later = learnProfile(bars, {}, stored);
    const atOnce = learnProfile(bars);
    expect([later.hours, later.time]).toEqual([atOnce.hours, atOnce.time]);
    for (let k = 0; k < later.shares.length; k++) expect(later.shares[k]).toBeCloseTo(atOnce.shares[k]!, 6);
  });

  test('of a market that does nothing else is what the market shows', () => {
    const rows = quietBars(Array.from({ length: 6000 }, (_, i) => 100 + Math.sin(i / 30))).map((row) => ({
      ...row,
      volume: 40,
    }));
    const { shares } = learnProfile(toColumns(rows));
    const inventory = new Inventory();
    inventory.addBars(toColumns(rows));
    const amounts = inventory.tierAmounts();
    for (let t = 0; t < tierLeverages.length; t++) {
      const share = sum(shares.subarray(t * profileRow, (t + 1) * profileRow));
      expect(Math.abs(share - amounts[t]! / inventory.openInterest)).toBeLessThan(0.03);
    }
  });

  test('a stored one that cannot be is none', () => {
    const good = learnProfile(firstBars(bars, 600));
    const now = good.time + hourMs;
    expect(restoreProfile(good, now)).toBeDefined();
    for (const bad of [
      undefined,
      null,
      {},
      { ...good, hours: -1 },
      { ...good, hours: 1.5 },
      { ...good, time: Number.NaN },
      { ...good, time: now + 1 },
      { ...good, shares: good.shares.subarray(1) },
      { ...good, shares: Array.from(good.shares) },
      { ...good, shares: good.shares.map((share) => share * 2) },
      { ...good, shares: good.shares.map((share, k) => (k === 3 ? Number.NaN : share)) },
    ])
      expect(restoreProfile(bad, now)).toBeUndefined();
  });
});
