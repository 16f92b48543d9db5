import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { minuteMs } from '../engine/time';
import type { WatchReply } from '../protocol/messages';
import { busyShare, type ColdProfile, rendererSeconds } from './bench-cold';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay, embeddedData } from './replay';
import { WorkerSession } from './worker-session';

/**
 * What many charts cost the worker of the production build: a hundred that show one symbol, and twenty symbols at once,
 * five venues each. A chart is a port, as a tab's frame opens one; 25 of them are opened by each page of ours.
 */

interface Load {
  charts: number;
  symbols: number;
  /** From the first port until every chart had a whole map, s. */
  wholeS: number;
  /** Open sockets of all venues, what came on them, and requests beside them, a second. */
  sockets: number;
  messagesPerSecond: number;
  requestsPerSecond: number;
  /**
   * Share of a core, of five minutes, in which each map is made anew once: what the worker's scripts took by the profiler's
   * clock, and the CPU time of the whole process (worker, the pages that listen, and what the browser does for both).
   */
  threadShare: number;
  cpuShare: number;
  heapMb: number;
  /** Requests that a venue refused for going over its limit, from the start on. */
  limited: number;
}

export interface LoadResult {
  oneSymbol: Load;
  twentySymbols: Load;
}

const coins = 'BTC ETH SOL XRP DOGE ADA AVAX LINK DOT LTC BCH NEAR UNI APT ARB OP SUI TRX ATOM FIL'.split(
  ' ',
);
const portsOfPage = 25;
const restMs = 30_000;
/** All maps are made anew as a bar closes: less than the length of one finds that by chance, or misses it. */
const followMs = 5 * minuteMs;

/** Opens charts in a page, and resolves once each has a whole map. */
const watchAll = (page: Page, symbols: string[]) =>
  page.evaluate(
    (all) =>
      Promise.all(
        all.map(
          (symbol) =>
            new Promise<void>((resolve) => {
              const port = chrome.runtime.connect({ name: 'watch' });
              port.onMessage.addListener((reply: WatchReply) => {
                if (reply.type === 'map' && !reply.view.provisional) resolve();
              });
              port.postMessage({ type: 'watch', symbol, window: '24h', venue: 'binance' });
            }),
        ),
      ),
    symbols,
  );

async function measure(data: string, symbols: string[]): Promise<Load> {
  const [extensionDir] = ensureBuilt('chrome');
  const replay = await createReplay({ startAt: 0.9, data });
  const browser = await launchChromium({ extensionDir, resolverPort: replay.port });
  try {
    const startedAt = Date.now();
    const pages: Promise<unknown>[] = [];
    for (let from = 0; from < symbols.length; from += portsOfPage) {
      const page = await browser.context.newPage();
      await page.goto(`chrome-extension://${browser.extensionId}/manifest.json`);
      pages.push(watchAll(page, symbols.slice(from, from + portsOfPage)));
    }
    await Promise.all(pages);
    const wholeS = (Date.now() - startedAt) / 1000;
    const session = await browser.context.browser()!.newBrowserCDPSession();
    const worker = await WorkerSession.attach(session);
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // What the start left to do is done.
    await pause(restMs);
    const venues = () => Object.values(replay.stats().venues);
    const sum = (of: (venue: ReturnType<typeof venues>[number]) => number) =>
      venues().reduce((all, venue) => all + of(venue), 0);
    const before = {
      at: Date.now(),
      cpu: await rendererSeconds(session),
      messages: sum(({ messages }) => messages),
      requests: sum(({ requests }) => requests),
    };
    await worker.send('Profiler.enable');
    await worker.send('Profiler.setSamplingInterval', { interval: 5000 });
    await worker.send('Profiler.start');
    await pause(followMs);
    const { profile } = await worker.send<{ profile: ColdProfile }>('Profiler.stop');
    const seconds = (Date.now() - before.at) / 1000;
    const cpuShare = ((await rendererSeconds(session)) - before.cpu) / seconds;
    const messagesPerSecond = (sum(({ messages }) => messages) - before.messages) / seconds;
    const requestsPerSecond = (sum(({ requests }) => requests) - before.requests) / seconds;
    return {
      charts: symbols.length,
      symbols: new Set(symbols).size,
      wholeS: round(wholeS, 1),
      sockets: sum(({ sockets }) => sockets),
      messagesPerSecond: round(messagesPerSecond, 1),
      requestsPerSecond: round(requestsPerSecond, 2),
      threadShare: round(busyShare(profile), 4),
      cpuShare: round(cpuShare, 4),
      heapMb: await worker.heapMb(),
      limited: sum(({ limited }) => limited),
    };
  } finally {
    await browser.close();
    await replay.close();
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Both, one after the other; about twenty minutes, of which twenty cold symbols take seven until they are whole. */
export async function benchLoad(): Promise<LoadResult> {
  const data = mkdtempSync(join(tmpdir(), 'liqbands-coins-'));
  try {
    // Twenty coins are not recorded: one that is, under their names.
    for (const coin of coins)
      copyFileSync(
        join(embeddedData, 'binance-BTCUSDT-5m-2024-09.csv'),
        join(data, `binance-${coin}USDT-5m-2024-09.csv`),
      );
    return {
      oneSymbol: await measure(data, Array<string>(100).fill('BTC-USDT')),
      twentySymbols: await measure(
        data,
        coins.map((coin) => `${coin}-USDT`),
      ),
    };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** The figures for people. */
export function textOf({ oneSymbol, twentySymbols }: LoadResult): string {
  return [oneSymbol, twentySymbols]
    .flatMap((load) => [
      `${load.charts} charts of ${load.symbols} symbol${load.symbols > 1 ? 's' : ''} on five venues, whole after ${load.wholeS} s`,
      `  ${load.sockets} sockets, ${load.messagesPerSecond} messages and ${load.requestsPerSecond} requests a second; refused for going over a limit: ${load.limited}`,
      `  CPU ${(100 * load.cpuShare).toFixed(1)} % of a core with the pages that listen, worker's thread ${(100 * load.threadShare).toFixed(1)} %; heap ${load.heapMb} MB`,
    ])
    .join('\n');
}
