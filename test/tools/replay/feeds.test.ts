import { USDMClient } from 'binance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { venueFeeds } from '../../../src/feeds';
import type { Call, FeedEvent, Instrument, Venue } from '../../../src/feeds/feed';
import { fearAndGreed } from '../../../src/feeds/sentiment';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

/** Our own feeds and the replay are written from the same documentation by different hands: each is the other's test. */

const recorded = recordedRows('binance-BTCUSDT-5m-2024-09.csv');
const past = () => recorded.filter((row) => row.time! <= replay.now());
const factors: Record<string, { price: number; volume: number; interest: number; decimals: number }> = {
  binance: { price: 1, volume: 1, interest: 1, decimals: 1 },
  bybit: { price: 1.0001, volume: 0.45, interest: 0.65, decimals: 1 },
  okx: { price: 0.9998, volume: 0.4, interest: 0.35, decimals: 1 },
  bitget: { price: 1.0003, volume: 0.35, interest: 0.45, decimals: 1 },
  hyperliquid: { price: 0.9995, volume: 0.2, interest: 0.3, decimals: 0 },
};
const to = (value: number, decimals: number) => Number(value.toFixed(decimals));

let replay: ReplayExchange;
let wall = btcMoment;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => wall });
});
afterAll(() => replay.close());

async function run<T>(call: Call<T>): Promise<T> {
  wall += 1_000; // never over a limit
  const answer = await replayFetch(replay.port)(
    call.url,
    call.body === undefined
      ? undefined
      : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: call.body },
  );
  return call.parse(await answer.json(), replay.now());
}

async function btcOf(venue: Venue): Promise<Instrument> {
  const lists = await Promise.all(venue.instruments().map(run));
  return lists.flat().find(({ symbol }) => symbol === 'BTC-USDT')!;
}

describe.each(venueFeeds.map((venue) => [venue.name, venue] as const))('our %s feed', (_, venue) => {
  const factor = factors[venue.id]!;

  it('reads the recorded candles', async () => {
    const bars = await run(venue.candles(await btcOf(venue), '5m', undefined, 200));
    expect(bars).toHaveLength(200);
    expect(
      bars
        .slice(0, -1)
        .map(({ time, open, high, low, close, volume }) => [time, open, high, low, close, to(volume, 3)]),
    ).toEqual(
      past()
        .slice(-200, -1)
        .map((row) => [
          row.time,
          ...[row.open, row.high, row.low, row.close].map((value) =>
            to(value! * factor.price, factor.decimals),
          ),
          to(row.volume! * factor.volume, 3),
        ]),
    );
  });

  it('reads the recorded open interest, counted on one side', async () => {
    const instrument = await btcOf(venue);
    const now = await run(venue.openInterest(instrument));
    expect(now.base).toBeCloseTo(replay.market(venue.id, 'BTC').openInterest(replay.now()), 6);
    if (!venue.openInterestHistory) return;
    const history = await run(venue.openInterestHistory(instrument, '5m', undefined, 100));
    expect(history.map(({ time, base }) => [time, to(base, 3)])).toEqual(
      past()
        .slice(-100)
        .map((row) => [row.time, to(row.open_interest! * factor.interest, 3)]),
    );
  });

  it('reads mark, funding, book and tiers', async () => {
    const instrument = await btcOf(venue);
    const market = replay.market(venue.id, 'BTC');
    const { mark } = await run(venue.mark(instrument));
    expect(mark).toBeCloseTo(market.mark(replay.now()), 0);
    const range = { from: replay.now() - 86_400_000, to: replay.now() };
    const funding = await run(venue.funding(instrument, range));
    const settled = market.funding(range.from, range.to, replay.now());
    expect(funding.map(({ rate }) => to(rate, 6))).toEqual(settled.map(({ rate }) => to(rate, 6)));
    const book = await run(venue.book(instrument));
    expect(book.bids[0]![0]).toBeLessThan(book.asks[0]![0]);
    expect(book.bids[0]![0]).toBeCloseTo(market.price(replay.now()), 6);
    const tiers = await run(venue.tiers(instrument, mark));
    expect(tiers[0]!.maxLeverage).toBe(instrument.maxLeverage);
  });

  it('understands every message of its sockets', async () => {
    const instruments = (await Promise.all(venue.instruments().map(run))).flat();
    const btc = instruments.filter(({ symbol }) => symbol === 'BTC-USDT');
    const plans = venue.sockets(btc);
    const lines = await Promise.all(plans.map(({ url, subscribe }) => listen(replay, url, ...subscribe)));
    for (let n = 0; n < 12; n++) replay.advance(100_000);
    for (let n = 0; n < 10; n++) replay.advance(500);
    await lines[0]!.settle();
    const events: FeedEvent[] = [];
    for (const [i, line] of lines.entries()) {
      line.close();
      for (const message of line.messages) {
        const text = typeof message === 'string' ? message : JSON.stringify(message);
        events.push(...(plans[i]!.read(text, replay.now()) ?? []));
      }
    }
    const kinds = new Set(events.map(({ kind }) => kind));
    for (const kind of ['bar', 'mark', 'book', 'trade'] as const) expect(kinds).toContain(kind);
    expect(kinds.has('forcedOrder')).toBe(venue.limits.forcedOrders !== 'none');
    const market = replay.market(venue.id, 'BTC');
    for (const event of events) {
      expect(event.symbol).toBe('BTC-USDT');
      if (event.kind !== 'forcedOrder') continue;
      const second = Math.floor(event.order.time / 1000) * 1000;
      const move = market.price(second) - market.price(second - 1000);
      expect(event.order.side === 'long' ? move : -move).toBeLessThanOrEqual(0);
    }
  });
});

it('our Binance feed and the binance npm client read the same candles, open interest and funding', async () => {
  const venue = venueFeeds.find(({ id }) => id === 'binance')!;
  const btc = await btcOf(venue);
  const client = new USDMClient({}, { httpsAgent: replayAgent(replay.port) });
  const bars = await run(venue.candles(btc, '5m', undefined, 1000));
  const klines = await client.getKlines({ symbol: 'BTCUSDT', interval: '5m', limit: 1000 });
  expect(
    bars.map(({ time, open, high, low, close, volume, takerBuy }) => [
      time,
      open,
      high,
      low,
      close,
      volume,
      takerBuy,
    ]),
  ).toEqual(klines.map((row) => [row[0], row[1], row[2], row[3], row[4], row[5], row[9]].map(Number)));
  const points = await run(venue.openInterestHistory!(btc, '5m', undefined, 500));
  const theirs = await client.getOpenInterestStatistics({ symbol: 'BTCUSDT', period: '5m', limit: 500 });
  expect(points.map(({ time, base }) => [time, base])).toEqual(
    theirs.map((row) => [row.timestamp, Number(row.sumOpenInterest)]),
  );
  const range = { from: replay.now() - 7 * 86_400_000, to: replay.now() };
  const funding = await run(venue.funding(btc, range));
  const settled = await client.getFundingRateHistory({
    symbol: 'BTCUSDT',
    startTime: range.from,
    endTime: range.to,
  });
  expect(funding.map(({ time, rate }) => [time, rate])).toEqual(
    settled.map((row) => [row.fundingTime, Number(row.fundingRate)]),
  );
});

it('a coin listed by the thousand, by the coin and as kPEPE is one market to our feeds', async () => {
  const doge = recordedRows('binance-DOGEUSDT-5m-2024-09.csv');
  for (const venue of venueFeeds) {
    const lists = await Promise.all(venue.instruments().map(run));
    const pepe = lists.flat().find(({ symbol }) => symbol === 'PEPE-USDT')!;
    const [bar] = await run(venue.candles(pepe, '5m', { from: doge[500]!.time!, to: doge[500]!.time! }));
    const factor = factors[venue.id]!;
    expect((bar!.close * 1e4) / factor.price).toBeCloseTo(doge[500]!.close!, 4);
    expect(bar!.volume / 1e4 / factor.volume).toBeCloseTo(doge[500]!.volume!, 0);
    const { base } = await run(venue.openInterest(pepe));
    expect(base / 1e4 / factor.interest / doge[0]!.open_interest!).toBeGreaterThan(0.5);
    expect(base / 1e4 / factor.interest / doge[0]!.open_interest!).toBeLessThan(2);
  }
});

it('our sentiment feed reads thirty days of the index', async () => {
  expect(await run(fearAndGreed(30))).toHaveLength(30);
});
