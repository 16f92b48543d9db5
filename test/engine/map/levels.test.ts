import { describe, expect, test } from 'vitest';
import { findLevels, type Level, levelStep, mostLevels, swingZones } from '../../../src/engine/map/levels';
import { buildMap } from '../../../src/engine/map/map';
import { learnProfile } from '../../../src/engine/map/profile';
import type { BandMap, BarColumns } from '../../../src/engine/records';
import { quietBars, toColumns } from '../random-bars';
import { mapWith } from '../random-map';
import { embeddedBars, firstBars } from '../recorded-bars';

const q = { p10: 0.001, p50: 0.002, p90: 0.005 };
const hourMs = 3_600_000;
const start = 1_700_000_000_000;

/** Bars of 5m whose closes go through these prices, an hour from each to the next; the map's time is their end. */
function through(prices: readonly number[]): BarColumns {
  const closes = prices.flatMap((price, k) =>
    k === 0
      ? [price]
      : Array.from({ length: 12 }, (_, i) => prices[k - 1]! + ((price - prices[k - 1]!) * (i + 1)) / 12),
  );
  return toColumns(quietBars(closes));
}

/** A map on which nothing stands out, at the end of these bars. */
function evenMap(bars: BarColumns, extra: { distance: number; times: number }[] = []): BandMap {
  const price = bars.close[bars.length - 1]!;
  const map = mapWith([], { price, background: 1000 });
  map.time = bars.time[bars.length - 1]! + 300_000;
  map.typical = { long: map.long.slice(), short: map.short.slice() };
  map.times = { long: map.long.map((usd) => usd / 1000), short: map.short.map((usd) => usd / 1000) };
  for (const { distance, times } of extra) {
    const side = distance < 0 ? 'long' : 'short';
    const band = Math.floor((Math.log(price * (1 + distance)) - map.lnLow) / map.step);
    map[side][band]! *= times;
    map.times[side][band]! *= times;
  }
  return map;
}

const found = (bars: BarColumns, extra?: Parameters<typeof evenMap>[1], previous?: Level[]) =>
  findLevels({
    map: evenMap(bars, extra),
    bars,
    q,
    openInterest: 1e6,
    ...(previous && { previous }),
  });
const flat = (hours: number, price = 100) => Array.from({ length: hours }, () => price);

describe('an unpassed swing', () => {
  const dip = through([...flat(10), 98, ...flat(8)]);

  test('is the low of the six hours before it, at least four hours old, that price has not passed', () => {
    const [level, ...others] = found(dip);
    expect(others).toEqual([]);
    expect(level).toMatchObject({ side: 'long', kind: 'swing' });
    expect(level!.low).toBeLessThan(98);
    expect(level!.high).toBeGreaterThan(98);
    expect(level!.high / level!.low).toBeCloseTo(Math.exp(0.003), 9);
    expect(level!.edge).toBe(level!.high);
    // Price turned there ten hours after the first bar.
    expect(level!.since).toBe(start + 121 * 300_000);
    expect(level!.crossedAt).toBeUndefined();
  });

  test('is mirrored for shorts', () => {
    const [level] = found(through([...flat(10), 102, ...flat(8)]));
    expect(level).toMatchObject({ side: 'short', kind: 'swing', edge: level!.low });
    expect(level!.low).toBeLessThan(102);
    expect(level!.high).toBeGreaterThan(102);
  });

  test('is none before four hours have gone by, nor where price has gone below it', () => {
    expect(found(through([...flat(10), 98, ...flat(3)]))).toEqual([]);
    expect(found(through([...flat(10), 98, ...flat(8), 97.9, 100, 100]))).toEqual([]);
  });

  test('is none where the six hours before went lower', () => {
    expect(found(through([...flat(10), 97, 99, 98, ...flat(8)])).map(({ high }) => high < 98)).toEqual([
      true,
    ]);
  });

  test('is none after fourteen days', () => {
    expect(found(through([...flat(10), 98, ...flat(334)]))).toHaveLength(1);
    expect(found(through([...flat(10), 98, ...flat(338)]))).toEqual([]);
  });

  test('says when it is the extreme of a day or of seven', () => {
    const withLowBefore = (hours: number) =>
      found(through([97, ...flat(hours), 98, ...flat(8)])).map(({ extreme }) => extreme);
    expect(withLowBefore(8)).toEqual([undefined]);
    expect(withLowBefore(30)).toEqual(['24h']);
    expect(withLowBefore(170)).toEqual(['7d']);
  });

  test('is one with another closer than 0.3 %, at the nearer of the two', () => {
    const levels = found(through([...flat(10), 98, ...flat(10), 98.1, ...flat(8)]));
    expect(levels.map(({ low, high }) => low < 98.1 && high > 98.1)).toEqual([true]);
    expect(found(through([...flat(10), 98, ...flat(10), 99, ...flat(8)]))).toHaveLength(2);
  });

  test('knows when price was last beyond it', () => {
    const [level] = found(through([97, ...flat(10), 98, ...flat(8)]));
    expect(level!.crossedAt).toBeLessThan(start + hourMs);
    expect(level!.crossedAt).toBeGreaterThanOrEqual(start);
  });
});

test('levels are looked for beyond 5 % where an ordinary day goes far, up to one and a half of them', () => {
  const after = (day: readonly number[]) =>
    found(through([...flat(10), 93.5, ...flat(12), ...Array.from({ length: 3 }, () => day).flat()]));
  const isAtDip = ({ low, high }: Level) => low < 93.5 && high > 93.5;
  expect(after(flat(24)).some(isAtDip)).toBe(false);
  expect(after([...flat(8), 96, ...flat(15)]).some(isAtDip)).toBe(false);
  expect(after([...flat(8), 95, ...flat(15)]).some(isAtDip)).toBe(true);
});

test('zones of swings need no map', () => {
  const bars = through([...flat(10), 98, ...flat(8), 102, ...flat(8)]);
  const [low, high, ...others] = swingZones(bars, 100);
  expect(others).toEqual([]);
  expect([low!.side, high!.side]).toEqual(['long', 'short']);
  expect(low!.low < 98 && low!.high > 98 && high!.low < 102 && high!.high > 102).toBe(true);
  expect(swingZones(toColumns([]), 100)).toEqual([]);
  expect(() => swingZones(bars, Number.NaN)).toThrow('swingZones requires a positive price');
});

describe('an excess of the map', () => {
  const quiet = through(flat(30));

  test('is where the map holds more than typical', () => {
    const [level, ...others] = found(quiet, [{ distance: -0.02, times: 3 }]);
    expect(others).toEqual([]);
    expect(level).toMatchObject({ side: 'long', kind: 'excess' });
    expect(level!.since).toBe(start + quiet.length * 300_000);
    expect(level!.times).toBeCloseTo((1 + 3 + 1) / 3, 9);
    expect(level!.low).toBeLessThan(98);
    expect(level!.high).toBeGreaterThan(98);
  });

  test('has to hold one and a half times what is typical to begin, and less to stay', () => {
    // With the bands beside it 1.23 times.
    const weak = [{ distance: 0.02, times: 1.7 }];
    expect(found(quiet, weak)).toEqual([]);
    const before = found(quiet, [{ distance: 0.02, times: 3 }]);
    const [level] = found(quiet, weak, before);
    expect(level).toMatchObject({ kind: 'excess', since: before[0]!.since });
    expect(found(quiet, [{ distance: 0.02, times: 1.02 }], before)).toEqual([]);
  });

  test('gives way to a swing beside it', () => {
    const dip = through([...flat(10), 98, ...flat(8)]);
    expect(found(dip, [{ distance: -0.021, times: 3 }]).map(({ kind }) => kind)).toEqual(['swing']);
  });

  test('is gone once price went through it', () => {
    const before = found(quiet, [{ distance: -0.01, times: 3 }]);
    const after = through([...flat(30), 98.5, 100]);
    expect(found(after, [{ distance: -0.01, times: 1.25 }], before)).toEqual([]);
  });
});

describe('levels', () => {
  test('carry amounts of their cluster: at risk, expected, share of open interest', () => {
    const [level] = found(through([...flat(10), 98, ...flat(8)]));
    expect(level!.cluster.usd).toBeCloseTo(3000, 6);
    expect(level!.share).toBeCloseTo(0.003, 9);
    expect(level!.expected).toEqual({ p10: 3, p50: 6, p90: 15 });
  });

  test('are at most six a side, ascending in price', () => {
    const steps = Array.from({ length: 9 }, (_, k) => [99.5 - (8 - k) * 0.5, ...flat(7)]).flat();
    const levels = found(through([...flat(10), ...steps, ...flat(4)]));
    expect(levels).toHaveLength(mostLevels);
    expect(levels.map(({ low }) => low)).toEqual(levels.map(({ low }) => low).toSorted((a, b) => a - b));
  });

  test('refuse maps without what is typical, of other bands, and impossible amounts', () => {
    const bars = through(flat(10));
    const map = evenMap(bars);
    const { typical: _, ...bare } = map;
    const needs = (input: Partial<Parameters<typeof findLevels>[0]>) => () =>
      findLevels({ map, bars, q, openInterest: 1, ...input });
    expect(needs({ map: bare })).toThrow('findLevels requires a map with typical amounts');
    expect(needs({ map: { ...map, step: 0.002 } })).toThrow('findLevels requires');
    expect(needs({ openInterest: -1 })).toThrow('findLevels requires open interest');
    expect(needs({ q: { p10: 2, p50: 1, p90: 3 } })).toThrow('findLevels requires shares');
    expect(needs({ bars: toColumns([]) })).toThrow('findLevels requires at least one bar');
  });
});

test('on recorded bars nearly all levels that price did not sweep are still there an hour later', {
  timeout: 60_000,
}, () => {
  const bars = embeddedBars('binance-BTCUSDT-5m-2024-09');
  let previous: Level[] = [];
  let kept = 0;
  let all = 0;
  for (let n = 600; n <= bars.length; n += 12) {
    const past = firstBars(bars, n);
    const price = past.close[n - 1]!;
    const openInterest = past.openInterestClose[n - 1]!;
    const venue = { venue: 'binance', bars: past, mark: price, openInterest, maxLeverage: 125 };
    const profile = learnProfile(past);
    const map = buildMap([{ ...venue, profile }], { window: '30d', step: levelStep, price });
    const levels = findLevels({ map, bars: past, previous, q, openInterest: openInterest * price });
    for (const level of previous) {
      const swept = past.low
        .subarray(n - 12)
        .some((low, i) => (level.side === 'long' ? low <= level.high : past.high[n - 12 + i]! >= level.low));
      if (swept) continue;
      all++;
      const middle = Math.sqrt(level.low * level.high);
      if (
        levels.some(
          ({ side, low, high }) => side === level.side && low <= middle * 1.002 && high >= middle * 0.998,
        )
      )
        kept++;
    }
    previous = levels;
  }
  expect(all).toBeGreaterThan(150);
  expect(kept / all).toBeGreaterThanOrEqual(0.9);
});
