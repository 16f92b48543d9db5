import { describe, expect, it, vi } from 'vitest';
import { openStage } from './stage';
import { late, WorkerPage } from './worker-page';

/** Minutes of the market's time, on a busy machine. */
const long = { timeout: 180_000, interval: 500 };

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
