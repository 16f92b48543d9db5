import { describe, expect, it, vi } from 'vitest';
import { openStage } from './stage';
import { late, patience, pause, slotMs, storedBars, WorkerPage } from './worker-page';

const venues = ['binance', 'bybit', 'okx', 'bitget', 'hyperliquid'] as const;

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
      for (let i = 0; i < kills; i++) {
        await page.page.evaluate(
          (n) => chrome.storage.local.set({ settings: { opacity: 0.1 + n / 1000, window: '7d' } }),
          i,
        );
        await pause(random() ** 2 * 4000);
        // A worker that is only about to start outlives it: it is killed again, until the page has lost it and asks anew.
        await vi.waitFor(
          async () => {
            expect(await page.kill()).toBe(true);
            await page.until('the page asks again', ({ connections }) => connections > i + 1, 2000);
          },
          { ...patience, interval: 0 },
        );
      }
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
          (await storedBars(page, venue)).filter(({ time }) => time < first + due * slotMs).length;
        await vi.waitFor(async () => expect(await dueBars(), venue).toBe(due), patience);
        const kept = await storedBars(page, venue);
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
