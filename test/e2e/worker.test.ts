import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/tools/replay';
import { openStage, type Stage } from './stage';
import { late, patience, rests, slotMs, storedBars, WorkerPage } from './worker-page';

/** The worker of the production build in a real browser, against the local exchange at the real addresses. */

describe('the worker', () => {
  let stage: Stage;
  let page: WorkerPage;

  beforeAll(async () => {
    stage = await openStage({ startAt: late });
    page = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
    await page.watch({ symbol: 'BTC-USDT', window: '24h', venue: 'binance' });
    await page.until('a whole map', ({ map }) => map?.provisional === false);
  });
  afterAll(() => stage?.close());

  it('sums five venues into one map, each with its quality', async () => {
    await vi.waitFor(async () => {
      const told = (await page.seen()).tick!.health.map(({ venue, state, quality }) => [
        venue,
        [state, quality],
      ]);
      expect(Object.fromEntries(told)).toEqual({
        binance: ['ok', 'full'],
        bybit: ['ok', 'full'],
        okx: ['ok', 'full'],
        bitget: ['ok', 'scaled'],
        hyperliquid: ['ok', 'scaled'],
      });
    }, patience);
    const { tick, map } = await page.seen();
    const total = tick!.health.reduce((sum, health) => sum + (health.openInterestUsd ?? 0), 0);
    const atRisk = map!.long.reduce((sum, usd) => sum + usd, 0);
    expect(atRisk).toBeGreaterThan(total * 0.2);
    expect(atRisk).toBeLessThanOrEqual(total * 1.001);
  });

  it('never goes over a venue’s limit', () => {
    for (const [venue, { limited }] of Object.entries(stage.replay.stats().venues)) {
      expect(limited, venue).toBe(0);
    }
  });

  it('keeps the very bars that the venue served', async () => {
    const recorded = stage.replay.market('binance', 'BTC');
    const now = stage.replay.now();
    const closed = (all: Awaited<ReturnType<typeof storedBars>>) =>
      all.filter(({ time }) => time + slotMs <= now);
    const due = Math.floor((now - recorded.start) / slotMs);
    await vi.waitFor(
      async () => expect(closed(await storedBars(page, 'binance')).length).toBe(due),
      patience,
    );
    const kept = closed(await storedBars(page, 'binance'));
    for (const { time, row } of kept) {
      const candle = recorded.candle(time, time + slotMs, now)!;
      expect([candle.open, candle.high, candle.low, candle.close, candle.volume]).toEqual(row.slice(0, 5));
    }
  });

  it('opens one set of sockets however many pages watch, and closes them when the last has gone', async () => {
    const counted = (what: 'sockets' | 'requests') =>
      Object.values(stage.replay.stats().venues).map((venue) => venue[what]);
    // Those of the page that watches may yet be opened.
    await rests(() => counted('sockets'));
    const before = counted('sockets');
    const second = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
    await second.watch({ symbol: 'BTC-USDT', window: '7d' });
    await second.until('a map at once', ({ map }) => map !== undefined);
    expect(counted('sockets')).toEqual(before);
    try {
      await second.page.close();
      await page.page.close();
      await vi.waitFor(() => expect(counted('sockets').every((count) => count === 0)).toBe(true), patience);
      await rests(() => counted('requests'));
    } finally {
      page = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
      await page.watch({ symbol: 'BTC-USDT', window: '24h' });
      await page.until('a map', ({ map }) => map !== undefined);
    }
  });

  it('answers a request that makes no sense with nothing, and lives on', async () => {
    const answer = await page.page.evaluate(
      () =>
        new Promise((resolve) => {
          const port = chrome.runtime.connect({ name: 'watch' });
          port.onMessage.addListener(resolve);
          port.onDisconnect.addListener(() => resolve('closed'));
          for (const message of [
            null,
            'watch',
            { type: 'watch' },
            { type: 'watch', symbol: '<img>', window: '24h' },
            { type: 'watch', symbol: 'BTC-USDT', window: '99y' },
          ])
            port.postMessage(message);
          setTimeout(() => resolve('silence'), 1500);
        }),
    );
    expect(answer).toBe('silence');
    const { asOf } = (await page.seen()).tick!;
    await page.until('that it lives on', ({ tick }) => tick!.asOf! > asOf!);
  });

  it('says that an unknown symbol is listed nowhere', async () => {
    const other = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
    await other.watch({ symbol: 'NOSUCH-USDT', window: '24h' });
    await other.until('unknown', ({ unknown }) => unknown === true);
    await other.page.close();
  });

  it('shows a fault of one venue in words, keeps the others, and recovers', async () => {
    const failing: Fault[] = [
      { kind: 'status', venue: 'bybit', status: 429, retryAfter: 3 },
      { kind: 'close', venue: 'bybit', everyMs: 500 },
    ];
    stage.replay.setFaults(failing);
    // It is limited for three seconds at a time: state and reason are looked at in one tick.
    await page.until(
      'a reason',
      ({ tick }) => {
        const bybit = tick?.health.find(({ venue }) => venue === 'bybit');
        return bybit?.state === 'limited' && /Bybit asks for fewer requests/.test(bybit.reason);
      },
      60_000,
    );
    const before = (await page.seen()).tick!.asOf!;
    await page.until(
      'another venue that goes on',
      ({ tick }) =>
        tick!.asOf! > before &&
        tick!.health.some(({ venue, state }) => venue === 'binance' && state === 'ok'),
    );
    stage.replay.setFaults([]);
    await page.until(
      'recovery',
      ({ tick }) => tick!.health.find(({ venue }) => venue === 'bybit')!.state === 'ok',
      90_000,
    );
  });

  it('stores every forced order of a burst of 500 a second, and tells of it within the hour', async () => {
    const rates = { binance: 160, bybit: 180, okx: 160 };
    const from = stage.replay.now();
    const lastsMs = 6000;
    for (const [venue, perSecond] of Object.entries(rates))
      stage.replay.burst(venue, 'BTC', perSecond, lastsMs);
    // It begins a moment after `from`.
    const until = from + lastsMs + 1000;
    await vi.waitFor(() => expect(stage.replay.now()).toBeGreaterThan(until), patience);
    for (const [venue, perSecond] of Object.entries(rates)) {
      const sent = stage.replay.market(venue, 'BTC').forcedOrders(from, until);
      expect(sent.length).toBeGreaterThanOrEqual((perSecond * lastsMs) / 1000);
      const kept = async () =>
        (await page.stored('forcedOrders'))
          .map(({ value }) => value as { venue: string; time: number; base: number })
          .filter((order) => order.venue === venue && order.time > from && order.time <= until)
          .sort((a, b) => a.time - b.time);
      const times = async () => (await kept()).map(({ time }) => time);
      await vi.waitFor(async () => expect(await times()).toEqual(sent.map(({ time }) => time)), patience);
    }
    const { tick } = await page.seen();
    expect(tick!.health.filter(({ state }) => state === 'ok').length).toBeGreaterThan(3);
  });

  it('makes a damaged database anew, draws again, and loses no setting', async () => {
    const settings = { opacity: 0.35, window: '12h' };
    await page.page.evaluate((chosen) => chrome.storage.local.set({ settings: chosen }), settings);
    await page.page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('liqbands', 99);
          opening.onupgradeneeded = () => {
            for (const name of [...opening.result.objectStoreNames]) opening.result.deleteObjectStore(name);
          };
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            opening.result.close();
            resolve();
          };
        }),
    );
    const before = (await page.seen()).connections;
    await page.kill();
    await page.until(
      'maps again',
      ({ connections, map }) => connections > before && map?.provisional === false,
      60_000,
    );
    await vi.waitFor(
      async () => expect((await storedBars(page, 'binance')).length).toBeGreaterThan(1000),
      patience,
    );
    expect(await page.page.evaluate(() => chrome.storage.local.get('settings'))).toEqual({ settings });
  });

  it('asks nothing of a venue that is switched off', async () => {
    await page.page.evaluate(() =>
      chrome.storage.local.set({
        settings: {
          venues: { binance: true, bybit: false, okx: true, bitget: true, hyperliquid: true },
        },
      }),
    );
    await page.until(
      'bybit off',
      ({ tick }) => tick?.health.find(({ venue }) => venue === 'bybit')?.state === 'off',
    );
    await vi.waitFor(() => expect(stage.replay.stats().venues.bybit!.sockets).toBe(0), patience);
    await rests(() => stage.replay.stats().venues.bybit!.requests);
    expect(stage.replay.stats().venues.bybit!.sockets).toBe(0);
  });

  it('sees to its alarm at each start, as a browser may have forgotten it', async () => {
    const names = () =>
      page.page.evaluate(async () => (await chrome.alarms.getAll()).map(({ name }) => name));
    await vi.waitFor(async () => expect(await names()).toEqual(['prune']), patience);
    await page.page.evaluate(() => chrome.alarms.clearAll());
    expect(await page.kill()).toBe(true);
    await vi.waitFor(async () => expect(await names()).toEqual(['prune']), patience);
  });
});
