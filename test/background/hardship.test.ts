import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Market } from '../../src/background/symbol/market';
import { dayMs, hourMs, minuteMs } from '../../src/engine/time';
import { slotMs } from '../../src/estimate/day-cells';
import { MarketStage, StagePage } from '../../src/tools/market-stage';
import { holdOpening, holdTransactions } from './held-database';

/** What a year of use brings, on one venue: the machine sleeps, the network goes, the clock is set, the disk is full. */

let stage: MarketStage;
let market: Market;
let page: StagePage;
beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  stage = await new MarketStage().open({ startAt: 0.7, tradesPerSecond: 0.2 });
  await begin();
});
afterEach(async () => {
  vi.restoreAllMocks();
  market.stop();
  await stage.close();
});

async function begin(): Promise<void> {
  market = stage.market('BTC-USDT');
  page = new StagePage('binance');
  market.watch(page);
  await stage.until('a whole map', () => page.map?.provisional === false);
  await stage.pass(5000);
}

const state = () => page.health('binance')?.state;
const banner = (kind: string) => page.tick?.banners.find((each) => each.kind === kind)?.text;
const isFresh = () => state() === 'ok' && stage.clock.now() - page.tick!.asOf! < 5000;

/** Opening times of the bars that are stored of the last day, as far as they are the exchange's. */
async function storedBars(): Promise<number[]> {
  const days = await stage.services.store.days('BTC-USDT', 'binance', 3);
  const recorded = stage.replay.market('binance', 'BTC');
  return days.flatMap(([day, cells]) =>
    Array.from({ length: dayMs / slotMs }, (_, i) => i).flatMap((i) => {
      const time = day + i * slotMs;
      const width = cells.length / (dayMs / slotMs);
      const candle = recorded.candle(time, time + slotMs, stage.replay.now());
      return candle && cells[i * width + 3] === candle.close ? [time] : [];
    }),
  );
}

/** No slot is missing among the last so many. */
async function expectWhole(slots: number): Promise<void> {
  const times = (await storedBars()).slice(-slots);
  expect(times).toHaveLength(slots);
  expect(times.at(-1)! - times[0]!).toBe((slots - 1) * slotMs);
  expect(stage.clock.now() - times.at(-1)!).toBeLessThan(2 * slotMs + minuteMs);
}

describe('the worker', () => {
  it('after hours of sleep shows nothing old as fresh, and has what it slept through within a minute', async () => {
    stage.sleep(7 * hourMs);
    await stage.pass(1500);
    expect(isFresh()).toBe(false);
    await stage.until('fresh data', isFresh, minuteMs);
    await stage.until(
      'the bars',
      () => market.inside()!.bars.time.at(-1)! > stage.clock.now() - 2 * slotMs,
      minuteMs,
    );
    await stage.pass(5000);
    await expectWhole(7 * 12 + 6);
  });

  it('without a network for a day says so, ages, storms at nobody, and is whole again soon after', async () => {
    stage.goOffline(true);
    stage.forget();
    await stage.hurry(hourMs, minuteMs);
    expect(state()).toBe('down');
    expect(stage.clock.now() - page.tick!.asOf!).toBeGreaterThan(hourMs - minuteMs);
    // Sockets and requests together, of one venue: three of each a minute and stream would be a storm.
    expect(stage.opened.length + stage.requests.length).toBeLessThan(60 * 24);
    stage.sleep(23 * hourMs);
    await stage.hurry(minuteMs, 5000);
    expect(state()).toBe('down');
    stage.goOffline(false);
    market.moved();
    await stage.until('fresh data', isFresh, 2 * minuteMs);
    await stage.until(
      'the bars',
      () => market.inside()!.bars.time.at(-1)! > stage.clock.now() - 2 * slotMs,
      11 * minuteMs,
    );
    await stage.pass(5000);
    await expectWhole(24 * 12);
  });

  it.each([
    ['an hour ahead', hourMs],
    ['a year ahead', 365 * dayMs],
    ['a day back', -dayMs],
  ])(
    'with the user’s clock set %s, keeps the venue’s time in its bars, goes on with its maps and shows fresh data as such',
    async (_, ms) => {
      const isBuilt = () => market.inside()!.bars.time.at(-1)! > stage.replay.now() - 2 * slotMs - minuteMs;
      stage.aheadMs = ms;
      await stage.hurry(11 * minuteMs, 10_000);
      expect(state()).toBe('ok');
      expect(isBuilt()).toBe(true);
      await expectWhole(6);
      stage.aheadMs = 0;
      await stage.hurry(6 * minuteMs, 10_000);
      expect(state()).toBe('ok');
      expect(isBuilt()).toBe(true);
      await expectWhole(6);
    },
  );

  it('says that the disk is full, draws all the same, and takes it back once there is room', async () => {
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no room', 'QuotaExceededError');
    });
    await stage.until('the words', () => banner('notKept') !== undefined, 10 * minuteMs);
    expect(banner('notKept')).toMatch(/^The disk is full/);
    expect(isFresh()).toBe(true);
    expect(page.map?.provisional).toBe(false);
    full.mockRestore();
    await stage.until('room', () => banner('notKept') === undefined, 10 * minuteMs);
    await expectWhole(6);
  });

  it('whose browser keeps nothing says so, in the browser’s own word', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('damaged', 'UnknownError');
    });
    await stage.until('the words', () => banner('notKept') !== undefined, 10 * minuteMs);
    expect(banner('notKept')).toMatch(/keeps no data \(UnknownError\)/);
  });

  it.each([
    ['database is not opened', holdOpening],
    ['database ends no transaction', holdTransactions],
  ])('whose %s draws without it, says so, and goes on with what is kept once it does', async (_, hold) => {
    await stage.hurry(3 * minuteMs, 10_000);
    const heard = () => stage.services.store.fact('heard BTC-USDT binance') as Promise<[number, number][]>;
    const orders = await stage.services.store.forcedOrders('BTC-USDT', 0);
    const bars = await storedBars();
    const [[heardFrom]] = (await heard()) as [[number, number]];
    expect(orders).not.toEqual([]);

    const answer = hold();
    stage.restart();
    await begin();
    expect(banner('notKept')).toMatch(/database does not answer/);
    await stage.until('fresh data', isFresh, minuteMs);
    await stage.hurry(2 * minuteMs, 10_000);
    expect(await stage.services.store.saveFact('anything', 1)).toBe(false);
    stage.forget();
    answer();
    await stage.until('the words gone', () => banner('notKept') === undefined, minuteMs);
    await stage.until('a whole map', () => page.map?.provisional === false && isFresh(), minuteMs);

    await stage.hurry(6 * minuteMs, 10_000);
    const kept = await stage.services.store.forcedOrders('BTC-USDT', 0);
    expect(kept.slice(0, orders.length)).toEqual(orders);
    expect((await heard())[0]![0]).toBe(heardFrom);
    expect(await storedBars()).toEqual(expect.arrayContaining(bars));
    await expectWhole(6);
    // The month was there: its pages are not asked for again.
    expect(stage.requests.filter((url) => url.includes('/klines')).length).toBeLessThanOrEqual(4);
  });

  it('whose database falls silent while it works goes on, says so, and keeps what it missed once it answers', async () => {
    await stage.hurry(3 * minuteMs, 10_000);
    const before = await storedBars();
    const answer = holdTransactions();
    await stage.until('the words', () => banner('notKept') !== undefined, 10 * minuteMs);
    expect(banner('notKept')).toMatch(/database does not answer/);
    await stage.hurry(11 * minuteMs, 10_000);
    await stage.until('fresh data', isFresh, minuteMs);
    expect(market.inside()!.bars.time.at(-1)!).toBeGreaterThan(stage.clock.now() - 2 * slotMs - minuteMs);
    answer();
    await stage.until('the words gone', () => banner('notKept') === undefined, minuteMs);
    await stage.hurry(6 * minuteMs, 10_000);
    expect(await storedBars()).toEqual(expect.arrayContaining(before));
    await expectWhole(6);
  });

  it('ended while it was writing, begins from what was stored, and asks for what is missing alone', async () => {
    await stage.hurry(6 * minuteMs, 10_000);
    const before = await storedBars();
    // In the middle of a second: requests have left, and transactions are under way.
    stage.clock.pass(700);
    stage.restart();
    stage.forget();
    await begin();
    const after = await storedBars();
    expect(after).toEqual(expect.arrayContaining(before));
    // The month is there: its pages of 1,500 bars and less are not asked for again.
    expect(stage.requests.filter((url) => url.includes('/klines')).length).toBeLessThanOrEqual(2);
  });
});
