import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { type WindowId, windowMs } from '../../src/engine/records';
import { readMarket } from '../../src/estimate/read-market';
import { venueFeeds } from '../../src/feeds';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import { Snapshot } from '../../src/protocol/snapshot';
import { createReplay, type ReplayExchange, replayFetch } from '../../src/tools/replay';
import { t, useTexts } from '../../src/ui/text';

useTexts(english);
vi.setConfig({ testTimeout: 60_000 });

let replay: ReplayExchange;
beforeAll(async () => {
  replay = await createReplay({ speed: 0 });
});
beforeEach(() => replay.setFaults([]));
afterAll(() => replay.close());

/** A fresh transport each time: what one test's venue refused is no concern of the next. */
function read(symbol: string, windows: WindowId[], signal?: AbortSignal) {
  const transport = createTransport({ fetch: replayFetch(replay.port), clock: systemClock, random: () => 0 });
  return readMarket({
    symbol,
    windows,
    venues: venueFeeds,
    transport,
    now: replay.now,
    say: t,
    ...(signal ? { signal } : {}),
  });
}

describe('a market read from the venues', () => {
  test.each(['12h', '24h', '7d', '30d'] as const)(
    'has %s of candles up to now and bands on the right sides',
    async (window) => {
      const snapshot = await read('ETH-USDT', [window]);
      expect(Snapshot(JSON.parse(JSON.stringify(snapshot)))).toBeUndefined();
      const { view, candles } = snapshot.windows[window]!;
      expect(view).toMatchObject({ symbol: 'ETH-USDT', window });
      expect(snapshot.health.map(({ state }) => state)).toEqual(venueFeeds.map(() => 'ok'));

      const times = candles.map(([time]) => time);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(new Set(times).size).toBe(times.length);
      const step = times[1]! - times[0]!;
      expect(times[0]!).toBeGreaterThanOrEqual(replay.now() - windowMs[window]);
      expect(times.length * step).toBeGreaterThan(windowMs[window] - 2 * step);
      expect(replay.now() - times.at(-1)!).toBeLessThanOrEqual(step);
      for (const [, open, high, low, close] of candles) {
        expect(low).toBeLessThanOrEqual(Math.min(open, close));
        expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      }
      // Mark and last price differ by little.
      expect(view.price / candles.at(-1)![4] - 1).toBeCloseTo(0, 2);

      const edge = (band: number) => Math.exp(view.lnLow + band * view.step);
      view.long.forEach((usd, i) => {
        if (usd > 0) expect(edge(i)).toBeLessThanOrEqual(view.price);
      });
      view.short.forEach((usd, i) => {
        if (usd > 0) expect(edge(i + 1)).toBeGreaterThanOrEqual(view.price);
      });
      const { longUsd5, shortUsd5, within5 } = view.ratio;
      expect(longUsd5).toBeGreaterThan(0);
      expect(within5).toBeCloseTo(longUsd5 / shortUsd5, 9);
      expect(view.clusters.length).toBeGreaterThan(0);
    },
  );

  test('shares open interest out between the two sides and no more: 30 days hold at most what is open', async () => {
    const { health, windows } = await read('ETH-USDT', ['30d']);
    const open = health.reduce((sum, { openInterestUsd = 0 }) => sum + openInterestUsd, 0);
    const { view } = windows['30d']!;
    for (const side of ['long', 'short'] as const) {
      const usd = view[side].reduce((sum, each) => sum + each, 0);
      expect(usd).toBeGreaterThan(0);
      expect(usd).toBeLessThanOrEqual(open * 1.001);
    }
  });

  test('names a venue that does not answer, and does without it', async () => {
    replay.setFaults([{ kind: 'status', venue: 'okx', status: 451 }]);
    const { health, windows } = await read('ETH-USDT', ['24h']);
    expect(windows['24h']).toBeDefined();
    expect(health.find(({ venue }) => venue === 'okx')).toMatchObject({
      state: 'blocked',
      quality: 'unavailable',
    });
    expect(health.find(({ venue }) => venue === 'okx')!.reason).toMatch(/^OKX does not serve this address/);
  });

  test('counts a venue without its history of open interest in the shape of the others, and says so', async () => {
    replay.setFaults([{ kind: 'html', venue: 'binance', path: 'openInterestHist' }]);
    const { health, windows } = await read('ETH-USDT', ['24h']);
    expect(health.find(({ venue }) => venue === 'binance')).toMatchObject({ state: 'ok', quality: 'scaled' });
    expect(windows['24h']!.view.long.some((usd) => usd > 0)).toBe(true);
  });

  test('has nothing to show of a coin that nobody lists, and names no fault', async () => {
    const { health, windows } = await read('NOSUCHCOIN-USDT', ['24h']);
    expect(windows).toEqual({});
    expect(health.map(({ state }) => state)).toEqual(venueFeeds.map(() => 'unlisted'));
  });

  test('stops when it is told to', async () => {
    await expect(read('ETH-USDT', ['24h'], AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
  });
});
