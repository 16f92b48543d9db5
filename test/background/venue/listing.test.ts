import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RecordedOrder } from '../../../src/background/storage/store';
import { Listing } from '../../../src/background/venue/listing';
import { OrderTape } from '../../../src/background/venue/order-tape';
import { liveMinutes } from '../../../src/estimate/bar-series';
import { INTEREST, INTEREST_MINUTES, slotMs, width } from '../../../src/estimate/day-cells';
import { binance } from '../../../src/feeds/binance';
import { bitget } from '../../../src/feeds/bitget';
import type { Trade, Venue } from '../../../src/feeds/feed';
import { hyperliquid } from '../../../src/feeds/hyperliquid';
import { okx } from '../../../src/feeds/okx';
import { MarketStage } from '../../../src/tools/market-stage';
import type { Fault } from '../../../src/tools/replay';

let stage: MarketStage;
let stop: AbortController;
afterEach(async () => {
  stop.abort();
  await stage.close();
});

/** One symbol followed on one venue until its history is in. */
async function follow(venue: Venue) {
  stage = await new MarketStage().open();
  stop = new AbortController();
  const told = { orders: [] as RecordedOrder[], trades: [] as Trade[], gaps: 0 };
  const listing = new Listing('BTC-USDT', venue, stage.services, {
    bars: () => undefined,
    trade: (trade) => told.trades.push(trade),
    gap: () => {
      told.gaps += 1;
    },
    forcedOrders: (orders) => told.orders.push(...orders),
  });
  void listing.run(stop.signal);
  await stage.until('the history', () => listing.complete);
  await stage.pass(60_000);
  return { listing, told };
}

/** Nothing comes from the venue: no answer, and every socket cut. */
const gone: Fault[] = [{ kind: 'status', status: 500 }, { kind: 'silent' }, { kind: 'close', everyMs: 1000 }];

/** What was heard live of open interest, slot by slot, beside the most and the least that the venue had in it. */
function heardInterest({ series }: Listing, venue: Venue, from: number) {
  const market = stage.replay.market(venue.id, 'BTC');
  return [...series.days].flatMap(([day, cells]) =>
    Array.from({ length: cells.length / width }, (_, i) => ({ time: day + i * slotMs, at: i * width }))
      .filter(({ time, at }) => time >= from && cells[at + INTEREST_MINUTES] === liveMinutes)
      .map(({ time, at }) => {
        const had = [-1000, 0, 60_000, 120_000, 180_000, 240_000, slotMs - 1].map((ms) =>
          market.openInterest(time + ms),
        );
        const heard = cells[at + INTEREST]!;
        return { time, isSo: heard >= Math.min(...had) * 0.9999 && heard <= Math.max(...had) * 1.0001 };
      }),
  );
}

describe('after a break', () => {
  it('open interest without a time of its own is noted in the five minutes that it is of', async () => {
    const { listing } = await follow(hyperliquid);
    const from = Math.floor(stage.replay.now() / slotMs) * slotMs;
    await stage.pass(6 * 60_000);
    // Longer than the venue's time can be told without a word from it.
    stage.sleep(23 * 60_000);
    await stage.pass(11 * 60_000);
    const heard = heardInterest(listing, hyperliquid, from);
    expect(heard.length).toBeGreaterThanOrEqual(4);
    expect(heard.filter(({ isSo }) => !isSo)).toEqual([]);
    expect(listing.health()).toMatchObject({ state: 'ok' });
  });

  it('the bars that were missed come, each once and as the venue has them', async () => {
    const { listing, told } = await follow(binance);
    const before = listing.series.newest!;
    const gaps = told.gaps;
    stage.replay.setFaults(gone);
    await stage.pass(27 * 60_000);
    expect(listing.series.newest! - before).toBeLessThanOrEqual(slotMs);
    expect(told.gaps).toBeGreaterThan(gaps);
    stage.replay.setFaults([]);
    await stage.until('the gap to be filled', () => listing.series.newest! - before >= 5 * slotMs, 180_000);
    await stage.pass(10_000);
    const now = stage.replay.now();
    const from = before - 12 * slotMs;
    const { time, length, open, high, low, close, volume } = listing.series.columns(from, 1);
    const recorded = stage.replay.market('binance', 'BTC');
    expect([...time]).toEqual(Array.from({ length }, (_, i) => from + i * slotMs));
    expect(time[length - 1]! + 2 * slotMs).toBeGreaterThan(now);
    for (let i = 0; i < length; i++) {
      const candle = recorded.candle(time[i]!, time[i]! + slotMs, now)!;
      expect([open[i], high[i], low[i], close[i], volume[i]]).toEqual([
        candle.open,
        candle.high,
        candle.low,
        candle.close,
        candle.volume,
      ]);
    }
    await stage.until('all feeds well', () => listing.health().feeds!.length === 0);
    expect(listing.health()).toMatchObject({ state: 'ok', quality: 'full' });
  });

  it('a clock that jumps ahead closes no bar, whatever is asked for in that moment', async () => {
    const { listing } = await follow(hyperliquid);
    const recorded = stage.replay.market('hyperliquid', 'BTC');
    // In the middle of a bar.
    await stage.pass(1.5 * slotMs - (stage.replay.now() % slotMs));
    const forming = Math.floor(stage.replay.now() / slotMs) * slotMs;
    stage.aheadMs = 45 * 60_000;
    listing.askAgain();
    await stage.pass(10_000);
    expect(stage.replay.now()).toBeLessThan(forming + slotMs);
    expect(listing.series.newest).toBe(forming - slotMs);
    await stage.pass(slotMs);
    const { close, volume } = listing.series.columns(forming, 1);
    const candle = recorded.candle(forming, forming + slotMs, stage.replay.now())!;
    expect([close[0], volume[0]]).toEqual([candle.close, candle.volume]);
  });

  it('forced orders that were missed come where the venue can be asked, and count once', async () => {
    const { listing, told } = await follow(bitget);
    const from = stage.replay.now();
    await stage.pass(20 * 60_000);
    stage.replay.setFaults(gone);
    const goneFrom = stage.replay.now();
    await stage.pass(40 * 60_000);
    stage.replay.setFaults([]);
    const goneTo = stage.replay.now();
    await stage.until('data', () => listing.isFresh(), 180_000);
    const isMissed = ({ order }: RecordedOrder) => order.time > goneFrom && order.time < goneTo;
    await stage.until('what was missed', () => told.orders.some(isMissed), 3_600_000);
    await stage.pass(60_000);
    const tape = new OrderTape();
    for (const { id, order } of told.orders) tape.add('bitget', id, order);
    const counted = tape.recent(stage.replay.now()).filter(({ time }) => time >= from);
    const times = told.orders.map(({ id, order }) => `${order.time} ${id}`);
    expect(counted.length).toBe(new Set(times.filter((each) => Number(each.split(' ')[0]) >= from)).size);
    // Bitget tells the largest of each second and side.
    const recorded = stage.replay.market('bitget', 'BTC').forcedOrders(from, stage.replay.now());
    const second = ({ time, side }: { time: number; side: string }) => `${Math.floor(time / 1000)} ${side}`;
    const heard = new Set(told.orders.map(({ order }) => second(order)));
    const lost = recorded.filter((order) => order.time < goneTo && !heard.has(second(order)));
    expect(lost.length).toBeLessThanOrEqual(0.02 * recorded.length);
  });
});

describe('what is heard of forced orders', () => {
  /** In how many pieces the time was heard in which these faults came and went. */
  async function spans(venue: Venue, faults: Fault[], { stores = true, lastMs = 10_000 } = {}) {
    const { listing } = await follow(venue);
    // There is no database here: as if there were one.
    vi.spyOn(stage.services.store, 'saveForcedOrders').mockResolvedValue(stores);
    const from = stage.replay.now();
    const kept = vi.spyOn(stage.services.store, 'saveFact');
    await stage.pass(5 * 60_000);
    stage.replay.setFaults(faults);
    await stage.pass(lastMs);
    stage.replay.setFaults([]);
    await stage.pass(15 * 60_000);
    expect(listing.isFresh()).toBe(true);
    const [, heard] = kept.mock.calls.findLast(([name]) => name === `heard BTC-USDT ${venue.id}`)!;
    return (heard as [number, number][]).filter(([, to]) => to > from).length;
  }
  const cut = (path: string): Fault[] => [{ kind: 'close', everyMs: 1000, path }];

  it('goes on while another stream of the venue breaks', async () => {
    expect(await spans(bitget, cut('/v2/ws'))).toBe(1);
  });

  it('breaks at each order that could not be stored', async () => {
    expect(await spans(bitget, [], { stores: false })).toBeGreaterThan(3);
  });

  it('breaks with its own stream', async () => {
    expect(await spans(bitget, cut('/v3/ws'))).toBeGreaterThan(1);
  });

  it('breaks at a message that cannot be read: it may have told of one', async () => {
    expect(await spans(binance, [{ kind: 'half', path: '/market/stream', times: 1 }])).toBe(2);
  });

  it('breaks while the venue is thought to list the symbol no more', async () => {
    expect(await spans(okx, [{ kind: 'delist', coin: 'BTC' }], { lastMs: 5 * 60_000 })).toBe(2);
  });

  it('breaks with the stream that it shares', async () => {
    expect(await spans(binance, cut('/market/stream'))).toBeGreaterThan(1);
  });
});
