import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { type FeedEvent, type Instrument, pages, type Venue } from '../../src/feeds/feed';
import { createTransport, type Transport } from '../../src/feeds/net/http';
import { openSocket, type SocketState } from '../../src/feeds/net/socket';
import { createReplay, type ReplayExchange, replayFetch, replayWebSocket } from '../../src/tools/replay';
import { hurriedClock } from './clock';

/**
 * Every call and every socket of the five feeds, over real connections, against the replayed exchange. Both follow one
 * clock that runs five times as fast as the wall.
 */

vi.setConfig({ testTimeout: 30_000 });

const hour = 3_600_000;
const bar = 300_000;
const clock = hurriedClock(5);
let replay: ReplayExchange;
let transport: Transport;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, now: clock.now });
  transport = createTransport({ fetch: replayFetch(replay.port), clock, random: Math.random });
});
afterAll(() => replay.close());

async function listed(venue: Venue): Promise<Instrument[]> {
  const lists = await Promise.all(venue.instruments().map((call) => transport.run(venue, call)));
  return lists.flat();
}

async function bitcoin(venue: Venue): Promise<Instrument> {
  const found = (await listed(venue)).find((each) => each.symbol === 'BTC-USDT');
  expect(found).toBeDefined();
  return found!;
}

describe.each(venueFeeds.map((venue) => [venue.id, venue] as const))(
  '%s against the replayed exchange',
  (id, venue) => {
    const market = () => replay.market(id, 'BTC');
    const close = (value: number, expected: number, relative = 1e-3) =>
      expect(Math.abs(value / expected - 1)).toBeLessThan(relative);

    it('lists the recorded coins', async () => {
      const symbols = (await listed(venue)).map((each) => each.symbol);
      expect(symbols).toEqual(expect.arrayContaining(['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'DOGE-USDT']));
    });

    it('reads the newest bars and pages of older ones, coins and prices as recorded', async () => {
      const instrument = await bitcoin(venue);
      const now = replay.now();
      const newest = await transport.run(venue, venue.candles(instrument, '5m', undefined, 200));
      expect(newest).toHaveLength(200);
      const range = { from: now - 600 * bar, to: now - 100 * bar };
      const older = (
        await Promise.all(
          pages(range, bar, Math.min(300, venue.maxCandles)).map((page) =>
            transport.run(venue, venue.candles(instrument, '5m', page)),
          ),
        )
      ).flat();
      expect(older).toHaveLength(500);
      for (const each of [...newest.slice(0, -1), ...older]) {
        const truth = market().candle(each.time, each.time + bar, now)!;
        close(each.open, truth.open);
        close(each.close, truth.close);
        close(each.high, truth.high);
        close(each.low, truth.low);
        close(each.volume, truth.volume, 0.01);
      }
    });

    it('reads one-sided open interest in coins, now and before', async () => {
      const instrument = await bitcoin(venue);
      const now = replay.now();
      const point = await transport.run(venue, venue.openInterest(instrument));
      close(point.base, market().openInterest(now));
      if (!venue.openInterestHistory) return;
      const history = await transport.run(venue, venue.openInterestHistory(instrument, '5m'));
      expect(history.length).toBeGreaterThanOrEqual(venue.maxOpenInterest!);
      for (const each of history) close(each.base, market().openInterest(each.time));
      const range = { from: now - 6 * hour, to: now - 3 * hour };
      const [page] = pages(range, bar, venue.maxOpenInterest!);
      const part = await transport.run(venue, venue.openInterestHistory(instrument, '5m', page));
      expect(part.map((each) => each.time)).toEqual(
        Array.from({ length: part.length }, (_, i) => page!.from + i * bar),
      );
      expect(part.length).toBeGreaterThanOrEqual(36);
    });

    it('reads mark, funding now and fundings settled', async () => {
      const instrument = await bitcoin(venue);
      const now = replay.now();
      const mark = await transport.run(venue, venue.mark(instrument));
      close(mark.mark, market().mark(now));
      const state = venue.fundingState && (await transport.run(venue, venue.fundingState(instrument)));
      const rate = state?.rate ?? mark.fundingRate;
      expect(rate).toBeCloseTo(market().fundingRate(now), 6);
      const range = { from: now - 36 * hour, to: now };
      const settled = await transport.run(venue, venue.funding(instrument, range));
      const truth = market().funding(range.from, range.to, now);
      expect(settled).toHaveLength(truth.length);
      for (const [i, each] of settled.entries()) {
        expect(each.rate).toBeCloseTo(truth[i]!.rate, 6);
        expect(Math.abs(each.time - truth[i]!.time)).toBeLessThan(1_000);
      }
    });

    it('reads the book around the price and a margin table that grows', async () => {
      const instrument = await bitcoin(venue);
      const price = market().price(replay.now());
      const book = await transport.run(venue, venue.book(instrument));
      expect(book.bids[0]![0]).toBeLessThan(book.asks[0]![0]);
      close(book.bids[0]![0], price, 0.002);
      close(book.asks[0]![0], price, 0.002);
      for (const [i, [at]] of book.bids.entries()) if (i > 0) expect(at).toBeLessThan(book.bids[i - 1]![0]);
      const tiers = await transport.run(venue, venue.tiers(instrument, price));
      expect(tiers.length).toBeGreaterThan(1);
      expect(tiers[0]).toMatchObject({ floor: 0 });
      expect(tiers[0]!.maintenanceRate).toBeLessThan(0.02);
      expect(tiers[0]!.maintenanceRate * tiers[0]!.maxLeverage).toBeLessThan(1);
    });

    it('reads every ratio it names', async () => {
      const instrument = await bitcoin(venue);
      for (const kind of venue.ratioKinds) {
        const points = await transport.run(venue, venue.ratios!(instrument, kind, '1h'));
        expect(points.length).toBeGreaterThan(10);
        for (const point of points) {
          expect(point.share).toBeGreaterThan(0.05);
          expect(point.share).toBeLessThan(0.95);
        }
      }
    });

    it('follows its sockets: bars, marks, trades, books, and forced orders on the right side', async () => {
      const instrument = await bitcoin(venue);
      const from = replay.now();
      const events: FeedEvent[] = [];
      const drops: string[] = [];
      const states = new Map<string, SocketState>();
      const controller = new AbortController();
      const plans = venue.sockets([instrument]);
      for (const plan of plans)
        openSocket(plan, {
          onEvents: (list) => events.push(...list),
          onState: (state) => states.set(plan.url, state),
          onDrop: (reason) => drops.push(reason),
          WebSocket: replayWebSocket(replay.port),
          clock,
          random: Math.random,
          signal: controller.signal,
        });
      await expect.poll(() => replay.stats().venues[id]!.sockets).toBe(plans.length);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const wanted = new Set<FeedEvent['kind']>(['bar', 'mark', 'trade', 'book']);
      if (venue.limits.forcedOrders !== 'none') wanted.add('forcedOrder');
      if (id !== 'binance') wanted.add('openInterest');
      const missing = () => [...wanted].filter((kind) => !events.some((event) => event.kind === kind));
      for (let minute = 0; minute < 120 && missing().length > 0; minute++) {
        replay.advance(60_000);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(missing()).toEqual([]);
      controller.abort();
      expect(drops).toEqual([]);
      expect([...states.values()].map((state) => state.state)).not.toContain('down');
      expect(events.every((event) => event.symbol === 'BTC-USDT')).toBe(true);
      const truth = market().forcedOrders(from, replay.now());
      for (const event of events) {
        if (event.kind !== 'forcedOrder') continue;
        const { order } = event;
        const match = truth.find((each) => Math.abs(each.time - order.time) < 1 && each.side === order.side);
        expect(match).toBeDefined();
        close(order.base, match!.base, 0.02);
        close(order.price, order.priceKind === 'fill' ? match!.price : match!.bankruptcy);
      }
    });
  },
);

it('no venue was asked above its limits', () => {
  for (const [venue, { limited }] of Object.entries(replay.stats().venues))
    expect([venue, limited]).toEqual([venue, 0]);
});
