import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cascadeBanner,
  eventBanner,
  findBanners,
  frozenBanner,
  fundingBanner,
  openInterestDrop,
  quietHours,
  type RegimeInput,
  silentBanner,
  thinBanner,
  weekendBanner,
} from '../../../src/engine/regime/regime';
import { quietBars, type Row, toColumns } from '../random-bars';
import { embeddedBars } from '../recorded-bars';

const minute = 60_000;
const hour = 60 * minute;
/** A Wednesday, noon UTC. */
const now = Date.UTC(2024, 7, 7, 12);
const points = (...rows: [hoursAgo: number, base: number][]) =>
  rows.map(([ago, base]) => ({ time: now - ago * hour, base, usd: base * 1e6 }));

describe('open interest that falls', () => {
  test('by more than 15 % within four hours makes the map stale, since it did', () => {
    expect(openInterestDrop(points([4, 100], [3, 100], [2, 84], [1, 83], [0, 82]), now)).toEqual({
      kind: 'openInterestDrop',
      since: now - 2 * hour,
      value: expect.closeTo(0.18, 12),
      threshold: 0.15,
    });
  });

  test('by 15 % or less, or over more than four hours, does not', () => {
    expect(openInterestDrop(points([4, 100], [0, 85]), now)).toBeNull();
    expect(openInterestDrop(points([5, 100], [4, 90], [0, 80]), now)).toBeNull();
  });

  test('is measured from the highest of the four hours', () => {
    expect(openInterestDrop(points([4, 90], [2, 110], [0, 88]), now)!.value).toBeCloseTo(0.2, 12);
  });

  test('and was told long ago says nothing about now', () => {
    expect(openInterestDrop(points([9, 100], [8, 50]), now)).toBeNull();
    expect(openInterestDrop([], now)).toBeNull();
  });

  test('did not in two months of ETH: 10.8 % on 5 August 2024 was the worst', () => {
    const bars = embeddedBars('binance-ETHUSDT-1h-2024');
    const series = Array.from(bars.time, (time, i) => ({ time, base: bars.openInterest[i]! }));
    const banners = (scale: number) =>
      series.filter((_, i) => {
        const recent = series.slice(Math.max(0, i - 4), i + 1);
        // The newest value lowered further, to find where the limit lies.
        const newest = { ...series[i]!, base: series[i]!.base * scale };
        return openInterestDrop([...recent.slice(0, -1), newest], newest.time) !== null;
      });
    expect(banners(1)).toEqual([]);
    // 0.85 ÷ (1 − 0.1077) = 0.9526.
    expect(banners(0.953)).toEqual([]);
    expect(banners(0.952).map(({ time }) => new Date(time).toISOString())).toEqual([
      '2024-08-05T06:00:00.000Z',
    ]);
  });
});

describe('a cascade', () => {
  const forced = [
    { time: now - 70 * minute, usd: 5e9 },
    { time: now - 50 * minute, usd: 0.6e9 },
    { time: now - 20 * minute, usd: 0.3e9 },
    { time: now - 10 * minute, usd: 0.2e9 },
  ];

  test('is more than $1B forced within an hour, since the sum passed it', () => {
    expect(cascadeBanner(forced, [], now)).toEqual({
      kind: 'cascade',
      // The five billion of 70 minutes ago counted until ten minutes ago, when the next order came.
      since: expect.any(Number),
      value: expect.closeTo(1.1e9, 0),
      threshold: 1e9,
    });
    expect(cascadeBanner(forced.slice(1), [], now)!.since).toBe(now - 10 * minute);
    expect(cascadeBanner(forced.slice(1, 3), [], now)).toBeNull();
  });

  test('is also more than the 99th percentile of the symbol’s hours, of which a week is known', () => {
    const hours = Array.from({ length: 200 }, (_, i) => i * 1e6);
    expect(cascadeBanner(forced.slice(2), hours, now)).toMatchObject({
      threshold: expect.closeTo(197.01e6, 0),
    });
    expect(cascadeBanner(forced.slice(2), hours.slice(0, 167), now)).toBeNull();
    expect(cascadeBanner(forced.slice(1), Array(200).fill(5e9), now)).toMatchObject({ threshold: 1e9 });
    expect(cascadeBanner(forced.slice(2), Array(200).fill(0), now)).toBeNull();
  });

  test('is over an hour later', () => {
    expect(cascadeBanner(forced, [], now + 2 * hour)).toBeNull();
    expect(cascadeBanner([], [], now)).toBeNull();
  });

  test('counts exactly what lies within the hour', () => {
    const order = fc.record({ ago: fc.integer({ min: 0, max: 180 }), usd: fc.integer({ min: 0, max: 1e9 }) });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
        const list = orders
          .sort((a, b) => b.ago - a.ago)
          .map(({ ago, usd }) => ({ time: now - ago * minute, usd }));
        const sum = orders.filter(({ ago }) => ago < 60).reduce((total, { usd }) => total + usd, 0);
        const banner = cascadeBanner(list, [], now);
        expect(banner?.value ?? null).toEqual(sum > 1e9 ? expect.closeTo(sum, 3) : null);
        if (banner) expect(banner.since).toBeLessThanOrEqual(now);
      }),
    );
  });
});

test('a venue is silent after more than 60 s', () => {
  const venue = (seconds: number) => ({ venue: 'okx', lastMessage: now - seconds * 1000, openInterest: [] });
  expect(silentBanner(venue(60), now)).toBeNull();
  expect(silentBanner(venue(61), now)).toEqual({
    kind: 'silent',
    since: now - 61_000,
    value: 61,
    threshold: 60,
    subject: 'okx',
  });
});

test('open interest is frozen after 30 minutes without a change', () => {
  const venue = (...rows: [number, number][]) => ({
    venue: 'bybit',
    lastMessage: now,
    openInterest: rows.map(([ago, base]) => ({ time: now - ago * minute, base })),
  });
  expect(frozenBanner(venue([40, 5], [30, 6], [10, 6], [0, 6]), now)).toMatchObject({
    since: now - 30 * minute,
    value: 30,
    subject: 'bybit',
  });
  expect(frozenBanner(venue([40, 6], [29, 5], [0, 5]), now)).toBeNull();
  expect(frozenBanner(venue(), now)).toBeNull();
});

test('a release counts from two hours before to two hours after', () => {
  const at = (hours: number) => eventBanner({ name: 'FOMC', time: now + hours * hour }, now);
  expect(at(1)).toEqual({ kind: 'event', since: now - hour, value: 1, threshold: 2, subject: 'FOMC' });
  expect([at(2), at(-2)].map((banner) => banner?.value)).toEqual([2, -2]);
  expect([at(2.01), at(-2.01)]).toEqual([null, null]);
});

describe('funding', () => {
  const rate = (per8h: number, ago = 0) => ({
    time: now - ago * 8 * hour,
    rate: per8h,
    intervalMs: 8 * hour,
  });

  test('of 0.1 % per 8 h either way is extreme, since it began', () => {
    expect(fundingBanner(rate(0.001), [rate(0.002, 1), rate(0.001, 2), rate(0.0001, 3)], now)).toEqual({
      kind: 'funding',
      since: now - 16 * hour,
      value: 0.001,
      threshold: 0.001,
    });
    expect(fundingBanner(rate(-0.001), [], now)).toMatchObject({ threshold: -0.001, since: now });
    expect(fundingBanner(rate(0.00099), [], now)).toBeNull();
  });

  test('is extreme outside the 5th to 95th percentile of 30 days', () => {
    const settled = Array.from({ length: 30 }, (_, i) => rate(i / 1e5, i + 1));
    expect(fundingBanner(rate(0.0003), settled, now)).toMatchObject({
      threshold: expect.closeTo(0.0002755, 9),
    });
    expect(fundingBanner(rate(0.0001), settled, now)).toBeNull();
    expect(fundingBanner(rate(0), settled, now)).toMatchObject({ threshold: expect.closeTo(0.0000145, 9) });
  });

  test('that never changes is not extreme', () => {
    expect(
      fundingBanner(
        rate(0.0001),
        Array.from({ length: 30 }, (_, i) => rate(0.0001, i + 1)),
        now,
      ),
    ).toBeNull();
  });
});

test('the weekend is Saturday and Sunday, UTC', () => {
  const at = (day: number, hours: number) => weekendBanner(Date.UTC(2024, 7, day, hours));
  expect(at(9, 23)).toBeNull();
  expect(at(10, 0)).toEqual({ kind: 'weekend', since: Date.UTC(2024, 7, 10), value: 0, threshold: 0 });
  expect(at(11, 23)).toMatchObject({ since: Date.UTC(2024, 7, 10), value: 47 });
  expect(at(12, 0)).toBeNull();
  expect(weekendBanner(Date.UTC(1969, 11, 27))).not.toBeNull();
});

describe('quiet hours', () => {
  /** Four weeks of hours of volume 100; those of the last night as given. */
  const bars = (night: readonly number[]) => {
    const first = Date.UTC(2024, 6, 9);
    const rows: Row[] = quietBars(Array.from({ length: 29 * 24 + night.length }, () => 100)).map(
      (row, i) => ({
        ...row,
        time: first + i * hour,
        volume: i < 29 * 24 ? 100 : night[i - 29 * 24]!,
      }),
    );
    return toColumns(rows);
  };
  const midnight = Date.UTC(2024, 7, 7);

  test('are those from 00 to 06 UTC with less than 60 % of that hour’s usual volume', () => {
    expect(quietHours(bars([80, 59, 40]), midnight + 3 * hour + minute)).toEqual({
      kind: 'quietHours',
      since: midnight + hour,
      value: 0.4,
      threshold: 0.6,
    });
    expect(quietHours(bars([60]), midnight + hour)).toBeNull();
  });

  test('are not compared with an hour whose beginning is missing', () => {
    const { length, ...columns } = bars([59]);
    const from = length - 1 - 2 * 168;
    const later = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(from)]),
    ) as typeof columns;
    // Two weeks are needed, and the older of the two hours, with which the bars begin, may be cut.
    expect(quietHours({ ...later, length: length - from }, midnight + hour)).toBeNull();
    const whole = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(from - 1)]),
    ) as typeof columns;
    expect(quietHours({ ...whole, length: length - from + 1 }, midnight + hour)).toMatchObject({
      value: 0.59,
    });
  });

  test('are not looked for by day, or without two weeks to compare with', () => {
    expect(quietHours(bars(Array(7).fill(10)), midnight + 6 * hour)).toBeNull();
    const { length, ...columns } = bars([10]);
    const short = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(-10 * 24)]),
    );
    expect(quietHours({ ...(short as typeof columns), length: 10 * 24 }, midnight + hour)).toBeNull();
    expect(length).toBe(29 * 24 + 1);
  });
});

test('a market is thin below $100M of open interest', () => {
  const at = (...usd: number[]) =>
    thinBanner(
      usd.map((value, i) => ({ time: now - (usd.length - 1 - i) * hour, usd: value })),
      now,
    );
  expect(at(150e6, 99e6, 98e6)).toEqual({ kind: 'thin', since: now - hour, value: 98e6, threshold: 100e6 });
  expect(at(50e6, 100e6)).toBeNull();
  expect(at()).toBeNull();
});

const calm: RegimeInput = {
  now,
  openInterest: points([4, 1000], [0, 1000]),
  forced: [],
  hourlyForcedUsd: [],
  bars: toColumns(quietBars([100, 100])),
  funding: null,
  settled: [],
  venues: [],
  events: [],
};

test('a calm market has no banners, a troubled one the most important first', () => {
  expect(findBanners(calm)).toEqual([]);
  const troubled = findBanners({
    ...calm,
    openInterest: points([4, 100], [0, 50]),
    forced: [{ time: now, usd: 2e9 }],
    funding: { time: now, rate: 0.002, intervalMs: 8 * hour },
    venues: [{ venue: 'okx', lastMessage: now - 2 * minute, openInterest: [{ time: now - hour, base: 1 }] }],
    events: [{ name: 'CPI', time: now }],
  });
  expect(troubled.map(({ kind }) => kind)).toEqual([
    'cascade',
    'openInterestDrop',
    'silent',
    'frozen',
    'event',
    'funding',
    'thin',
  ]);
  for (const { since, value, threshold } of troubled) {
    expect([since, value, threshold].every(Number.isFinite)).toBe(true);
  }
});

test('bad input is refused by name', () => {
  const disorder = [...points([0, 1]), ...points([1, 1])];
  const bad = { time: now, base: Number.NaN, usd: -1 };
  const venue = { venue: 'okx', lastMessage: now, openInterest: disorder };
  const good = { time: now, rate: 0, intervalMs: hour };
  const calls: [string, () => unknown][] = [
    ['openInterestDrop', () => openInterestDrop(disorder, now)],
    ['openInterestDrop', () => openInterestDrop([bad], now)],
    ['openInterestDrop', () => openInterestDrop([], Number.NaN)],
    [
      'cascadeBanner',
      () =>
        cascadeBanner(
          [
            { time: 2, usd: 1 },
            { time: 1, usd: 1 },
          ],
          [],
          now,
        ),
    ],
    ['cascadeBanner', () => cascadeBanner([{ time: 2, usd: Number.NaN }], [], now)],
    ['cascadeBanner', () => cascadeBanner([], [-1], now)],
    [
      'cascadeBanner',
      () =>
        cascadeBanner(
          [1, 2].map((time) => ({ time, usd: Number.MAX_VALUE })),
          [],
          now,
        ),
    ],
    ['silentBanner', () => silentBanner({ ...venue, lastMessage: Number.NaN }, now)],
    ['frozenBanner', () => frozenBanner(venue, now)],
    ['eventBanner', () => eventBanner({ name: 'CPI', time: Number.NaN }, now)],
    ['fundingPer8h', () => fundingBanner({ ...good, rate: Number.NaN }, [], now)],
    ['fundingBanner', () => fundingBanner(good, [], Number.NaN)],
    ['fundingBanner', () => fundingBanner({ ...good, time: Number.NaN }, [], now)],
    ['weekendBanner', () => weekendBanner(Number.NaN)],
    ['quietHours', () => quietHours(toColumns([]), now)],
    ['thinBanner', () => thinBanner([bad], now)],
  ];
  for (const [name, call] of calls) expect(call, name).toThrow(new RegExp(`^${name} requires`));
});
