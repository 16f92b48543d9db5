import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../src/tools/replay';
import { openStage, type Stage } from './stage';
import { WorkerPage } from './worker-page';

/** The worker of the production build in a real browser, against the local exchange at the real addresses. */

/** Late in the recording: days lie behind it. The same whatever the hour of the day is. */
const late = Date.UTC(2024, 8, 18, 9);

const venues = ['binance', 'bybit', 'okx', 'bitget', 'hyperliquid'] as const;
const slotMs = 300_000;
const stored = ['open', 'high', 'low', 'close', 'volume', 'minutes', 'openInterest', 'openInterestMinutes'];

const bars = async (page: WorkerPage, venue: string) => {
  const days = await page.stored('days');
  return days
    .filter(({ key }) => (key as string[])[1] === venue)
    .flatMap(({ key, value }) => {
      const cells = value as number[];
      const rows = [];
      for (let at = 0; at < cells.length; at += stored.length) {
        const row = cells.slice(at, at + stored.length);
        if (row[5]! > 0) rows.push({ time: (key as [string, string, number])[2] + (at / 8) * slotMs, row });
      }
      return rows;
    });
};

/** A busy machine takes its time: what holds in the end is waited for, whatever it is. */
const patience = { timeout: 60_000, interval: 200 };
const long = { timeout: 180_000, interval: 500 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

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
    const closed = (all: Awaited<ReturnType<typeof bars>>) => all.filter(({ time }) => time + slotMs <= now);
    const due = Math.floor((now - recorded.start) / slotMs);
    await vi.waitFor(async () => expect(closed(await bars(page, 'binance')).length).toBe(due), patience);
    const kept = closed(await bars(page, 'binance'));
    for (const { time, row } of kept) {
      const candle = recorded.candle(time, time + slotMs, now)!;
      expect([candle.open, candle.high, candle.low, candle.close, candle.volume]).toEqual(row.slice(0, 5));
    }
  });

  it('opens one set of sockets however many pages watch, and closes them when the last has gone', async () => {
    const sockets = () => Object.values(stage.replay.stats().venues).map(({ sockets }) => sockets);
    const before = sockets();
    const second = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
    await second.watch({ symbol: 'BTC-USDT', window: '7d' });
    await second.until('a map at once', ({ map }) => map !== undefined);
    expect(sockets()).toEqual(before);
    await second.page.close();
    await page.page.close();
    await vi.waitFor(() => expect(sockets().every((count) => count === 0)).toBe(true), patience);
    const requests = () => Object.values(stage.replay.stats().venues).map(({ requests }) => requests);
    // What was under way when the page left arrives yet.
    await pause(500);
    const asleep = requests();
    await pause(3000);
    expect(requests()).toEqual(asleep);
  });

  it('answers a request that makes no sense with nothing, and lives on', async () => {
    page = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
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
    await page.watch({ symbol: 'BTC-USDT', window: '24h' });
    await page.until('a map', ({ map }) => map !== undefined);
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
    await vi.waitFor(() => expect(stage.replay.now()).toBeGreaterThan(from + lastsMs), patience);
    for (const [venue, perSecond] of Object.entries(rates)) {
      const sent = stage.replay.market(venue, 'BTC').forcedOrders(from, from + lastsMs);
      expect(sent.length).toBeGreaterThanOrEqual((perSecond * lastsMs) / 1000);
      const kept = async () =>
        (await page.stored('forcedOrders'))
          .map(({ value }) => value as { venue: string; time: number; base: number })
          .filter((order) => order.venue === venue && order.time > from && order.time <= from + lastsMs)
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
      async () => expect((await bars(page, 'binance')).length).toBeGreaterThan(1000),
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
    // What was under way arrives yet.
    await pause(500);
    const asked = stage.replay.stats().venues.bybit!.requests;
    await pause(2000);
    const { requests, sockets } = stage.replay.stats().venues.bybit!;
    expect(requests).toBe(asked);
    expect(sockets).toBe(0);
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

describe('what the worker has heard of forced orders', () => {
  it('outlives it, stream by stream, and does not bridge the time it was away', async () => {
    // Faster, a busy machine falls behind by minutes of the market's time, and then a stream counts as broken.
    const stage = await openStage({ startAt: late, speed: 3 });
    try {
      const page = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
      await page.watch({ symbol: 'BTC-USDT', window: '24h', venue: 'binance' });
      const spans = async (venue: string) => {
        const facts = await page.stored('facts');
        const fact = facts.find(({ key }) => key === `heard BTC-USDT ${venue}`);
        return (fact?.value ?? []) as [number, number][];
      };
      const newest = async (venue: string) => (await spans(venue)).at(-1) ?? [0, 0];
      for (const venue of ['binance', 'bybit', 'okx', 'bitget'])
        await vi.waitFor(async () => {
          const [from, to] = await newest(venue);
          expect(to - from, venue).toBeGreaterThan(25_000);
        }, long);
      expect(await spans('hyperliquid')).toEqual([]);
      const [from, to] = await newest('binance');
      expect(await page.kill()).toBe(true);
      await vi.waitFor(async () => expect((await newest('binance'))[0]).toBeGreaterThan(to), long);
      const kept = await spans('binance');
      const earlier = kept.findIndex((span) => span[0] === from);
      expect(kept[earlier]?.[1]).toBeGreaterThanOrEqual(to);
      expect(kept[earlier + 1]?.[0]).toBeGreaterThan(kept[earlier]![1]);
    } finally {
      await stage.close();
    }
  }, 600_000);
});

describe('the worker, killed again and again', () => {
  /** 100 with LIQBANDS_KILLS=100; ten where every change is checked. */
  const kills = Number(process.env.LIQBANDS_KILLS ?? 10);

  it(`${kills} times at random moments, loses and doubles no bar, forced order or setting (seed 11)`, async () => {
    const stage = await openStage({ startAt: late, speed: 20 });
    try {
      let state = 11;
      const random = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      const page = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
      await page.watch({ symbol: 'BTC-USDT', window: '24h', venue: 'binance' });
      let killed = 0;
      for (let i = 0; i < kills; i++) {
        await page.page.evaluate(
          (n) => chrome.storage.local.set({ settings: { opacity: 0.1 + n / 1000, window: '7d' } }),
          i,
        );
        await pause(random() ** 2 * 4000);
        if (await page.kill()) killed += 1;
      }
      expect(killed).toBeGreaterThan(kills * 0.8);
      const { connections } = await page.seen();
      expect(connections).toBeGreaterThan(kills * 0.5);
      await page.page.evaluate(() => {
        (globalThis as unknown as { seen: { map?: unknown } }).seen.map = undefined;
      });
      await page.until('a whole map', ({ map }) => map?.provisional === false, 120_000);
      stage.replay.setSpeed(0);

      const now = stage.replay.now();
      for (const venue of venues) {
        const recorded = stage.replay.market(venue, 'BTC');
        const first = Math.ceil(recorded.start / slotMs) * slotMs;
        // The bar that closed last may still be on its way.
        const due = Math.floor((now - first) / slotMs) - 1;
        const dueBars = async () =>
          (await bars(page, venue)).filter(({ time }) => time < first + due * slotMs).length;
        await vi.waitFor(async () => expect(await dueBars(), venue).toBe(due), patience);
        const kept = await bars(page, venue);
        const times = kept.map(({ time }) => time);
        expect(new Set(times).size, venue).toBe(times.length);
        for (const { time, row } of kept) {
          const candle = recorded.candle(time, time + slotMs, now)!;
          for (const [i, value] of [candle.open, candle.high, candle.low, candle.close].entries()) {
            expect(row[i]! / value, `${venue} ${new Date(time).toISOString()}`).toBeCloseTo(1, 9);
          }
        }
      }

      const orders = async () =>
        (await page.stored('forcedOrders')).map(({ value }) => value as Record<string, unknown>);
      // Bitget tells its newest forced orders again, the largest of each second and side: none of them is missing.
      const second = ({ time, side }: { time: number; side: string }) => `${Math.floor(time / 1000)} ${side}`;
      const record = stage.replay.market('bitget', 'BTC').forcedOrders(now - 2.5 * 86_400_000, now - 60_000);
      const told = new Set(record.slice(-500).map(second));
      expect(told.size).toBeGreaterThan(100);
      const missing = async () => {
        const kept = (await orders()).filter(({ venue }) => venue === 'bitget');
        const seconds = new Set(kept.map((order) => second(order as { time: number; side: string })));
        return [...told].filter((each) => !seconds.has(each)).length;
      };
      // They come in pages, at the pace that the venue allows.
      await vi.waitFor(async () => expect(await missing()).toBe(0), { timeout: 120_000, interval: 1000 });
      const identity = ({ venue, id, time }: Record<string, unknown>) => [venue, id, time].join();
      expect(new Set((await orders()).map(identity)).size).toBe((await orders()).length);

      // A worker that is killed does not know what its last requests cost; the venues do.
      for (const [venue, { limited }] of Object.entries(stage.replay.stats().venues)) {
        expect(limited, venue).toBe(0);
      }

      const { settings } = (await page.page.evaluate(() => chrome.storage.local.get('settings'))) as {
        settings: { opacity: number; window: string };
      };
      expect(settings).toEqual({ opacity: 0.1 + (kills - 1) / 1000, window: '7d' });
    } finally {
      await stage.close();
    }
  }, 900_000);
});
