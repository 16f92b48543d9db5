import { expect, test } from 'vitest';
import { dayMs, hourMs } from '../../src/engine/time';
import { viewAsOf } from '../../src/estimate/as-of';
import { Series } from '../../src/estimate/bar-series';
import { slotMs } from '../../src/estimate/day-cells';
import type { VenueMarket } from '../../src/estimate/market';

const start = Date.UTC(2026, 9, 20);
const days = 20;

/** A market that wanders by a tenth; from `until` on it is worth half of that, and so is its open interest. */
function market(until = Number.POSITIVE_INFINITY): VenueMarket {
  const series = new Series();
  const times = Array.from({ length: (days * dayMs) / slotMs }, (_, i) => start + i * slotMs);
  const price = (time: number) => {
    const i = (time - start) / slotMs;
    return (time >= until ? 50 : 100) * Math.exp(0.1 * Math.sin(i / 900) + 0.01 * Math.sin(i / 37));
  };
  series.addBars(
    times.map((time) => {
      const [open, close] = [price(time), price(time + 1)];
      return { time, open, high: 1.001 * open, low: 0.999 * open, close, volume: 20 };
    }),
    5,
  );
  series.addOpenInterest(
    times.map((time) => ({ time, base: time >= until ? 2500 : 5000 })),
    5,
  );
  const now = start + days * dayMs;
  return {
    venue: 'binance',
    series,
    hasOpenInterestHistory: true,
    mark: price(now),
    openInterest: until < now ? 2500 : 5000,
    margin: { maxLeverage: 125 },
    q: { p10: 0.01, p50: 0.02, p90: 0.05 },
    now,
  };
}
const time = start + 12 * dayMs;

test('nothing that came later is in the map of an earlier moment', () => {
  const was = viewAsOf('BTC-USDT', [market()], { time, window: '24h' })!;
  const fell = viewAsOf('BTC-USDT', [market(time + hourMs)], { time, window: '24h' })!;
  expect(was.long.some((usd) => usd > 0)).toBe(true);
  expect(fell).toEqual(was);
  expect(was.asOf).toBe(time);
  expect(was.historyFrom).toBe(start);
});

test('it is of the price and the open interest of then', () => {
  const at = time + 2 * dayMs;
  const view = viewAsOf('BTC-USDT', [market(time)], { time: at, window: '30d' })!;
  expect(view.price).toBeGreaterThan(40);
  expect(view.price).toBeLessThan(60);
  const total = (values: number[]) => values.reduce((sum, usd) => sum + usd, 0);
  expect(total(view.long)).toBeLessThanOrEqual(2500 * view.price * 1.001);
});

test('with less than a day of history before it nothing is told', () => {
  expect(viewAsOf('BTC-USDT', [market()], { time: start + dayMs - 1, window: '24h' })).toBeUndefined();
  expect(viewAsOf('BTC-USDT', [market()], { time: start - dayMs, window: '24h' })).toBeUndefined();
});
