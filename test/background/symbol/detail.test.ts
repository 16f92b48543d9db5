import { expect, test } from 'vitest';
import { forcedOf, joinedCandles } from '../../../src/background/symbol/detail';
import type { BarColumns } from '../../../src/engine/records';

const minute = 60_000;

/** Bars of five minutes from midnight on, each a dollar higher than the one before. */
function bars(count: number): BarColumns {
  const cells = (value: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => value(i));
  return {
    length: count,
    time: cells((i) => i * 5 * minute),
    open: cells((i) => 100 + i),
    high: cells((i) => 101.5 + i),
    low: cells((i) => 99.5 + i),
    close: cells((i) => 101 + i),
    volume: cells(() => 2),
    openInterest: cells(() => 1),
    openInterestClose: cells(() => 1),
  };
}

test('bars of five minutes are joined to half hours, the newest not whole yet', () => {
  expect(joinedCandles(bars(8), 30 * minute, 10)).toEqual({
    stepMs: 30 * minute,
    time: [0, 30 * minute],
    open: [100, 106],
    high: [106.5, 108.5],
    low: [99.5, 105.5],
    close: [106, 108],
    volume: [12, 4],
  });
});

test('the newest candles are given where more bars are known', () => {
  expect(joinedCandles(bars(300), 5 * minute, 3).time).toEqual([297, 298, 299].map((i) => i * 5 * minute));
  expect(joinedCandles(bars(0), 5 * minute, 3).time).toEqual([]);
});

test('forced orders are added up by side, of all venues and of each, over 1, 4 and 24 hours', () => {
  const now = 100 * 3_600_000;
  const order = (hoursAgo: number, side: 'long' | 'short', venue: 'binance' | 'okx', base: number) => ({
    id: `${hoursAgo}`,
    symbol: 'BTC-USDT',
    time: now - hoursAgo * 3_600_000,
    side,
    venue,
    base,
    price: 10,
    priceKind: 'fill' as const,
  });
  const told = forcedOf(
    [order(20, 'short', 'okx', 4), order(3, 'long', 'binance', 2), order(0.5, 'long', 'okx', 1)],
    now,
  );
  expect(told.totals.filter(({ venue }) => venue === null)).toEqual([
    { hours: 1, venue: null, long: 10, short: 0 },
    { hours: 4, venue: null, long: 30, short: 0 },
    { hours: 24, venue: null, long: 30, short: 40 },
  ]);
  expect(told.totals).toContainEqual({ hours: 24, venue: 'okx', long: 10, short: 40 });
  expect(told.orders.map(({ usd }) => usd)).toEqual([10, 20, 40]);
  expect(told.since).toBe(now - 20 * 3_600_000);
});
