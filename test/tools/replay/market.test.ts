import { describe, expect, it } from 'vitest';
import { bucketOf } from '../../../src/tools/replay/buckets';
import { ReplayMarket, type VenueProfile } from '../../../src/tools/replay/market';
import { readRecordings } from '../../../src/tools/replay/recording';
import { fiveMinuteBars, walkBar } from '../../../src/tools/replay/walk';
import { recordedRows } from './recorded';

const binance: VenueProfile = {
  id: 'binance',
  price: 1,
  volume: 1,
  openInterest: 1,
  forced: 1,
  fundingIntervalMs: 28_800_000,
};
const recordings = new Map(readRecordings().map((recording) => [recording.coin, recording]));
function marketOf(coin: string, tradesPerSecond = 2): ReplayMarket {
  const recording = recordings.get(coin)!;
  return new ReplayMarket(recording, fiveMinuteBars(recording), binance, 0, tradesPerSecond);
}

describe('the walk within a bar', () => {
  const bars = recordings.get('BTC')!.bars;

  it('opens at the open, closes at the close, and touches high and low but never passes them', () => {
    for (const bar of bars) {
      const prices = walkBar(bar, 299, 1, bar.time);
      expect([prices[0], prices[299], Math.max(...prices), Math.min(...prices)]).toEqual([
        bar.open,
        bar.close,
        bar.high,
        bar.low,
      ]);
    }
  });

  it('goes to the low first when the bar closed up, to the high first when it closed down', () => {
    for (const bar of bars.filter(
      ({ open, high, low, close }) => new Set([open, high, low, close]).size === 4,
    )) {
      const prices = [...walkBar(bar, 299, 1, bar.time)];
      const isUp = bar.close >= bar.open;
      expect(prices.indexOf(bar.low) < prices.indexOf(bar.high)).toBe(isUp);
    }
  });

  it('stands still when the bar did', () => {
    const flat = { open: 5, high: 5, low: 5, close: 5 };
    expect(new Set(walkBar(flat, 10, 1, 0))).toEqual(new Set([5]));
  });
});

describe.each([2, 16])('trades at %d a second', (tradesPerSecond) => {
  const market = marketOf('BTC', tradesPerSecond);
  const from = market.start + 600 * 300_000;
  const hour = market.trades(from - 1, from + 3_600_000 - 1);
  const perSecond = new Map<number, number>();
  for (const { time } of hour) {
    const second = Math.floor(time / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }

  it('come as often as asked for, in time, with ids that count on', () => {
    // amounts too small for the venue's step are left out
    expect(Math.abs(hour.length / 3600 / tradesPerSecond - 1)).toBeLessThan(0.01);
    expect(hour.every(({ time }, i) => i === 0 || time >= hour[i - 1]!.time)).toBe(true);
    const ids = hour.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.at(-1)! - ids[0]! - (ids.length - 1)).toBeLessThan(0.01 * ids.length);
    for (const { id, time } of hour.slice(0, 500)) expect(market.tradeTime(id)).toBe(time);
  });

  it('add up to each bar’s volume and takers’ volume, whenever one looks', () => {
    for (let at = 0; at < 12; at++) {
      const start = from + at * 300_000;
      for (const now of [start + 17_345, start + 123_999, start + 299_999]) {
        const candle = market.candle(start, start + 300_000, now)!;
        const seen = market.trades(start - 1, now);
        const sum = (trades: typeof seen) => trades.reduce((all, { base }) => all + base, 0);
        expect(sum(seen)).toBeCloseTo(candle.volume, 6);
        expect(candle.trades).toBeGreaterThanOrEqual(seen.length);
        expect(seen.length).toBeGreaterThan(0.95 * candle.trades);
        expect(sum(seen.filter(({ taker }) => taker === 'buy'))).toBeCloseTo(candle.takerBuy, 6);
      }
    }
  });

  it('come in bursts as recorded: seconds differ more than by chance, and many follow within 10 ms', () => {
    const counts = Array.from({ length: 3600 }, (_, k) => perSecond.get(from / 1000 + k) ?? 0);
    const variance = counts.reduce((sum, count) => sum + (count - tradesPerSecond) ** 2, 0) / 3600;
    expect(variance).toBeGreaterThan(0.1 * tradesPerSecond ** 2);
    if (tradesPerSecond < 10) return;
    const close = hour.filter(({ time }, i) => i > 0 && time - hour[i - 1]!.time < 10);
    expect(close.length / hour.length).toBeGreaterThan(0.4);
    expect(Math.max(...counts)).toBeGreaterThan(2 * tradesPerSecond);
  });

  it('are the same whoever asks, and found again as the newest', () => {
    const again = marketOf('BTC', tradesPerSecond);
    const to = from + 1_234_567;
    expect(again.newestTrades(to, 40)).toEqual(market.trades(from, to).slice(-40));
  });

  it('are the same once it has forgotten what it worked out', () => {
    market.forget();
    expect(market.trades(from - 1, from + 3_600_000 - 1)).toEqual(hour);
  });
});

describe('forced orders', () => {
  it('add up to what was recorded, hour by hour and side by side', () => {
    const market = marketOf('ETH');
    for (const row of recordedRows('binance-ETHUSDT-1h-2024.csv').slice(1100, 1140)) {
      const orders = market.forcedOrders(row.time! - 1, row.time! + 3_599_999);
      const sum = (side: string) =>
        orders.filter((order) => order.side === side).reduce((all, { base }) => all + base, 0);
      expect(sum('long')).toBeCloseTo(row.long_liquidated!, 3);
      expect(sum('short')).toBeCloseTo(row.short_liquidated!, 3);
    }
  });

  it('follow price where none were recorded: more when it makes new extremes, and on the losing side', () => {
    const market = marketOf('BTC');
    const losing: number[] = [];
    const amounts = { large: [] as number[], small: [] as number[] };
    for (let time = market.start + 14_400_000; time < market.end; time += 3_600_000) {
      const hour = market.candle(time, time + 3_600_000, market.end)!;
      const move = Math.log(hour.close / hour.open);
      const orders = market.forcedOrders(time - 1, time + 3_599_999);
      const all = orders.reduce((sum, { base }) => sum + base, 0);
      (Math.abs(move) > 0.006 ? amounts.large : amounts.small).push(all);
      if (Math.abs(move) <= 0.006) continue;
      const hit = orders.filter(({ side }) => side === (move < 0 ? 'long' : 'short'));
      losing.push(hit.reduce((sum, { base }) => sum + base, 0) / all);
    }
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(losing.length).toBeGreaterThan(8);
    expect(mean(losing)).toBeGreaterThan(0.75);
    expect(mean(amounts.large)).toBeGreaterThan(3 * mean(amounts.small));
  });

  it('come at most once a second', () => {
    const market = marketOf('SOL');
    const orders = market.forcedOrders(market.end - 3 * 86_400_000, market.end);
    const seconds = orders.map(({ time }) => Math.floor(time / 1000));
    expect(new Set(seconds).size).toBe(seconds.length);
  });
});

describe('what is not recorded stays unknown', () => {
  it('a cell without a long share is left out of the ratio', () => {
    const rows = recordedRows('binance-BTCUSDT-5m-2024-09.csv');
    const market = marketOf('BTC');
    const range = { limit: 5000, take: 'oldest' } as const;
    expect(market.longShares(bucketOf('5m'), range, market.end)).toHaveLength(
      rows.filter((row) => Number.isFinite(row.long_share)).length,
    );
  });

  it('a missing hour stays a gap', () => {
    const market = marketOf('SOL');
    const rows = recordedRows('binance-SOLUSDT-1h-2024.csv');
    const gap = rows.findIndex((row, i) => i > 0 && row.time! - rows[i - 1]!.time! > 3_600_000);
    const from = rows[gap - 1]!.time! + 3_600_000;
    expect(market.candle(from, rows[gap]!.time!, market.end)).toBeUndefined();
    expect(market.price(from + 60_000)).toBe(rows[gap - 1]!.close);
  });
});

describe('buckets', () => {
  it('open weeks on Monday and months on the first', () => {
    const time = Date.parse('2024-09-18T13:07:00Z');
    expect(new Date(bucketOf('1w').start(time)).toISOString()).toBe('2024-09-16T00:00:00.000Z');
    expect(new Date(bucketOf('1M').start(time)).toISOString()).toBe('2024-09-01T00:00:00.000Z');
    expect(new Date(bucketOf('1M').next(bucketOf('1M').start(time))).toISOString()).toBe(
      '2024-10-01T00:00:00.000Z',
    );
    expect(new Date(bucketOf('4h').start(time)).toISOString()).toBe('2024-09-18T12:00:00.000Z');
  });

  it('refuse a name that is none', () => {
    expect(() => bucketOf('5 minutes')).toThrow(RangeError);
  });
});
