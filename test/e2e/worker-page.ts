import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { expect, vi } from 'vitest';
import type { WatchReply } from '../../src/protocol/messages';
import type { FeedHealth, MapView, Tick } from '../../src/protocol/view';
import type { WatchRequest } from '../../src/protocol/watch-request';

/** One of the extension's own pages, watching a symbol as a content script does: through any number of lives of the worker. */
export class WorkerPage {
  private constructor(
    readonly page: Page,
    private readonly browser: CDPSession,
  ) {}

  static async open(context: BrowserContext, extensionId: string): Promise<WorkerPage> {
    const page = await context.newPage();
    // The test's own compiler marks function names with a helper that pages do not have.
    await page.addInitScript('globalThis.__name = (f) => f');
    await page.goto(`chrome-extension://${extensionId}/src/popup/index.html`);
    return new WorkerPage(page, await context.browser()!.newBrowserCDPSession());
  }

  async watch(request: Omit<WatchRequest, 'type'>): Promise<void> {
    await this.page.evaluate((message) => {
      const seen = { maps: 0, connections: 0 } as Seen;
      (globalThis as unknown as { seen: Seen }).seen = seen;
      const connect = () => {
        const port = chrome.runtime.connect({ name: 'watch' });
        seen.connections += 1;
        seen.port = port;
        // What a worker told that is gone does not count.
        delete seen.map;
        port.onDisconnect.addListener(() => setTimeout(connect, 100));
        port.onMessage.addListener((reply: WatchReply) => {
          if (reply.type === 'map') {
            seen.map = reply.view;
            seen.maps += 1;
            seen.firstMapAt ??= Date.now();
            if (!reply.view.provisional) seen.fullMapAt ??= Date.now();
          } else if (reply.type === 'tick') seen.tick = reply.tick;
          else seen.unknown = true;
        });
        port.postMessage({ type: 'watch', ...message });
      };
      seen.openedAt = Date.now();
      connect();
    }, request);
  }

  seen(): Promise<Omit<Seen, 'port'>> {
    return this.page.evaluate(() => {
      const { port: _, ...seen } = (globalThis as unknown as { seen: Seen }).seen;
      return seen;
    });
  }

  async health(venue: string): Promise<FeedHealth | undefined> {
    return (await this.seen()).tick?.health.find((health) => health.venue === venue);
  }

  async until(what: string, holds: (seen: Omit<Seen, 'port'>) => boolean, withinMs = 90_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (Date.now() < end) {
      if (holds(await this.seen())) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { tick } = await this.seen();
    throw new Error(`not within ${withinMs / 1000} s: ${what}; ${JSON.stringify(tick?.health)}`);
  }

  /** Ends the worker as the browser does: at once, whatever it was doing. True when there was one. */
  async kill(): Promise<boolean> {
    const { targetInfos } = await this.browser.send('Target.getTargets');
    const workers = targetInfos.filter(({ type }) => type === 'service_worker');
    for (const { targetId } of workers) await this.browser.send('Target.closeTarget', { targetId });
    return workers.length > 0;
  }

  /** Everything in a part of the database, key and value. */
  stored(part: 'days' | 'forcedOrders' | 'facts' | 'snapshots'): Promise<{ key: unknown; value: unknown }[]> {
    return this.page.evaluate(
      (name) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open('liqbands');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const database = opening.result;
            const rows: { key: unknown; value: unknown }[] = [];
            const walk = database.transaction(name).objectStore(name).openCursor();
            walk.onerror = () => reject(walk.error);
            walk.onsuccess = () => {
              const cursor = walk.result;
              if (cursor) {
                const value = cursor.value instanceof Float64Array ? [...cursor.value] : cursor.value;
                rows.push({ key: cursor.key, value });
                cursor.continue();
              } else {
                database.close();
                resolve(rows);
              }
            };
          };
        }),
      part,
    );
  }
}

interface Seen {
  openedAt: number;
  firstMapAt?: number;
  fullMapAt?: number;
  maps: number;
  connections: number;
  map?: MapView;
  tick?: Tick;
  unknown?: boolean;
  port?: chrome.runtime.Port;
}

/** Late in the recording: days lie behind it. The same whatever the hour of the day is. */
export const late = Date.UTC(2024, 8, 18, 9);

/** A busy machine takes its time: what holds in the end is waited for, whatever it is. */
export const patience = { timeout: 60_000, interval: 200 };
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What is counted stays as it is for three seconds; what was under way arrives first. */
export const rests = (count: () => unknown) =>
  vi.waitFor(async () => {
    const before = count();
    await pause(3000);
    expect(count()).toEqual(before);
  }, 15_000);

export const slotMs = 300_000;
const stored = ['open', 'high', 'low', 'close', 'volume', 'minutes', 'openInterest', 'openInterestMinutes'];

/** The bars that the database holds of a venue. */
export const storedBars = async (page: WorkerPage, venue: string) => {
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
