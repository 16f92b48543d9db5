import type { WatchReply } from '../protocol/messages';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay } from './replay';
import { WorkerSession } from './worker-session';

/** What a burst of forced orders did to the worker of the production build, from the sockets to its database. */
export interface BurstsResult {
  perSecond: number;
  lastsS: number;
  sent: number;
  lost: number;
  /** How far the database was behind what was sent, in seconds of orders: at worst, and when the burst ended. */
  worstLagS: number;
  endLagS: number;
  heapMb: { before: number; after: number };
  /** Seconds between two ticks to a page, at most: 1 is as it should be. */
  longestTickS: number;
}

/** Of all forced orders of the three venues together, as many as in their biggest hours. */
const venues = { binance: 160, bybit: 180, okx: 160 };
const lastsMs = 60_000;
const settleMs = 30_000;

interface Seen {
  full: boolean;
  ticks: number[];
}

/** A minute of 500 forced orders a second on one symbol; about two minutes. */
export async function benchBursts(): Promise<BurstsResult> {
  const [extensionDir] = ensureBuilt('chrome');
  const replay = await createReplay({ startAt: 0.9 });
  const browser = await launchChromium({ extensionDir, resolverPort: replay.port });
  try {
    const page = await browser.context.newPage();
    // The compiler marks function names with a helper that pages do not have.
    await page.addInitScript('globalThis.__name = (f) => f');
    await page.goto(`chrome-extension://${browser.extensionId}/src/popup/index.html`);
    await page.evaluate(() => {
      const seen: Seen = { full: false, ticks: [] };
      (globalThis as unknown as { seen: Seen }).seen = seen;
      const port = chrome.runtime.connect({ name: 'watch' });
      port.onMessage.addListener((reply: WatchReply) => {
        if (reply.type === 'tick') seen.ticks.push(Date.now());
        if (reply.type === 'map' && !reply.view.provisional) seen.full = true;
      });
      port.postMessage({ type: 'watch', symbol: 'BTC-USDT', window: '24h', venue: 'binance' });
    });
    await page.waitForFunction(() => (globalThis as unknown as { seen: Seen }).seen.full, undefined, {
      timeout: 120_000,
    });
    await page.waitForTimeout(10_000);
    const stored = (since: number) =>
      page.evaluate(
        ([from, counted]) =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open('liqbands');
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
              const range = IDBKeyRange.bound(['BTC-USDT', from], ['BTC-USDT', Number.MAX_VALUE], true);
              const keys = opening.result
                .transaction('forcedOrders')
                .objectStore('forcedOrders')
                .getAllKeys(range);
              keys.onerror = () => reject(keys.error);
              keys.onsuccess = () => {
                opening.result.close();
                // Its third part names the venue.
                resolve(keys.result.filter((key) => counted.includes((key as string[])[2]!)).length);
              };
            };
          }),
        [since, Object.keys(venues)] as const,
      );
    const session = await browser.context.browser()!.newBrowserCDPSession();
    const worker = await WorkerSession.attach(session);
    const before = await worker.heapMb();
    const from = replay.now();
    const startedAt = Date.now();
    for (const [venue, perSecond] of Object.entries(venues)) replay.burst(venue, 'BTC', perSecond, lastsMs);
    const sentTo = (to: number) =>
      Object.keys(venues).reduce(
        (sum, venue) => sum + replay.market(venue, 'BTC').forcedOrders(from, to).length,
        0,
      );
    const perSecond = Object.values(venues).reduce((sum, rate) => sum + rate, 0);
    let worst = 0;
    let behind = 0;
    while (replay.now() < from + lastsMs) {
      await page.waitForTimeout(500);
      const sent = sentTo(Math.min(replay.now(), from + lastsMs));
      behind = Math.max(0, sent - (await stored(from)));
      worst = Math.max(worst, behind);
    }
    const endLag = behind;
    const sent = sentTo(from + lastsMs);
    const end = Date.now() + settleMs;
    while (Date.now() < end && (await stored(from)) < sent) await page.waitForTimeout(500);
    const lost = Math.max(0, sent - (await stored(from)));
    const ticks = (await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen.ticks)).filter(
      (at) => at > startedAt,
    );
    const gaps = ticks.slice(1).map((at, i) => at - ticks[i]!);
    return {
      perSecond,
      lastsS: lastsMs / 1000,
      sent,
      lost,
      worstLagS: round(worst / perSecond),
      endLagS: round(endLag / perSecond),
      heapMb: { before, after: await worker.heapMb() },
      longestTickS: round(Math.max(0, ...gaps) / 1000),
    };
  } finally {
    await browser.close();
    await replay.close();
  }
}

const round = (value: number): number => Number(value.toFixed(1));

/** The figures for people. */
export function textOf(bursts: BurstsResult): string {
  const { perSecond, lastsS, sent, lost, worstLagS, endLagS, heapMb, longestTickS } = bursts;
  return [
    `${perSecond} forced orders a second of one symbol on three venues, for ${lastsS} s`,
    `  sent ${sent}, not stored ${lost}`,
    `  stored ${worstLagS} s behind at most, ${endLagS} s when it ended`,
    `  worker heap ${heapMb.before} MB before, ${heapMb.after} MB after; ${longestTickS} s between two ticks at most`,
  ].join('\n');
}
