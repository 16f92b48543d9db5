import type { CDPSession } from 'playwright-core';
import type { WatchReply } from '../protocol/messages';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay } from './replay';
import { WorkerSession } from './worker-session';

/** What a cold start of one symbol on five venues takes: the production build against the replayed exchanges. */
export interface ColdResult {
  /** From the page's first request to the first and to the complete map, ms. */
  firstMapMs: number;
  fullMapMs: number;
  /** Requests and weight by venue, weight in the venue's own units. */
  requests: Record<string, number>;
  weight: Record<string, number>;
  /** Answers that a venue refused because of its limits. */
  limited: number;
  /** The worker's heap with 30 days of five venues, after a collection. */
  heapMb: number;
  /** Share of one core that following the market at recorded rates takes, see `Follow`. */
  cpuShare: number;
  follow: Follow;
  /** The same on a market several times as busy. */
  busy: Follow;
}

/** What following the market takes, once the map is complete. */
interface Follow {
  /** Trades asked of the replay, all venues, and what arrived on all sockets. */
  tradesPerSecond: number;
  messagesPerSecond: number;
  /** Order books, and what else is asked for anew. */
  requestsPerSecond: number;
  /** Share of one core of all renderer processes as the system counts it: the worker, and the page that watches. */
  cpuShare: number;
  /** Share of the time in which the worker's own thread was not idle, by its profiler. */
  threadShare: number;
  heapMb: number;
}

/** Round trip to every venue. */
const latencyMs = 80;
const followMs = 30_000;
/** Trades a second on Binance: as recorded, and so many that 185 messages a second arrive. */
const rates = { recorded: 16, busy: 80 };
/** Binance's volume is so much of all five venues' in the replay. */
const shareOfBinance = 1 / 2.4;
/** An hour in which ETH fell by a tenth: forced orders come as often as in any recording. */
const moment = Date.parse('2024-08-05T01:00:00Z');

export interface ColdProfile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

/** Share of the profiled time in which the worker did anything. */
export function busyShare({ nodes, startTime, endTime, samples, timeDeltas }: ColdProfile): number {
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const idleTime = samples.reduce((sum, id, i) => sum + (idle.has(id) ? timeDeltas[i]! : 0), 0);
  return 1 - idleTime / (endTime - startTime);
}

/** CPU time of all renderer processes so far, seconds. */
export async function rendererSeconds(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { type, cpuTime }) => (type === 'renderer' ? sum + cpuTime : sum), 0);
}

/** One start with an empty profile, watching ETH, at a rate of trades. */
async function run(tradesPerSecond: number): Promise<Omit<ColdResult, 'busy'>> {
  const [extensionDir] = ensureBuilt('chrome');
  const replay = await createReplay({
    startAt: moment,
    tradesPerSecond,
    faults: [{ kind: 'latency', ms: latencyMs }],
  });
  const browser = await launchChromium({ extensionDir, resolverPort: replay.port });
  try {
    const page = await browser.context.newPage();
    // of the extension, with nothing of its own that would take time
    await page.goto(`chrome-extension://${browser.extensionId}/manifest.json`);
    const { firstMapMs, fullMapMs } = await page.evaluate(
      () =>
        new Promise<{ firstMapMs: number; fullMapMs: number }>((resolve) => {
          const opened = performance.now();
          let firstMapMs: number | undefined;
          const port = chrome.runtime.connect({ name: 'watch' });
          port.onMessage.addListener((reply: WatchReply) => {
            if (reply.type !== 'map') return;
            firstMapMs ??= performance.now() - opened;
            if (!reply.view.provisional) resolve({ firstMapMs, fullMapMs: performance.now() - opened });
          });
          port.postMessage({ type: 'watch', symbol: 'ETH-USDT', window: '24h', venue: 'binance' });
        }),
    );
    const session = await browser.context.browser()!.newBrowserCDPSession();
    const worker = await WorkerSession.attach(session);
    const venues = () => Object.values(replay.stats().venues);
    const messages = () => venues().reduce((sum, venue) => sum + venue.messages, 0);
    const asked = () => venues().reduce((sum, { requests }) => sum + requests, 0);

    const before = {
      at: Date.now(),
      messages: messages(),
      asked: asked(),
      cpu: await rendererSeconds(session),
    };
    await page.waitForTimeout(followMs);
    const seconds = (Date.now() - before.at) / 1000;
    const follow = {
      tradesPerSecond: round(tradesPerSecond / shareOfBinance, 1),
      messagesPerSecond: round((messages() - before.messages) / seconds, 1),
      requestsPerSecond: round((asked() - before.asked) / seconds, 2),
      cpuShare: round(((await rendererSeconds(session)) - before.cpu) / seconds, 4),
    };
    // afterwards, as the profiler itself takes more than the worker does
    await worker.send('Profiler.enable');
    await worker.send('Profiler.setSamplingInterval', { interval: 1000 });
    await worker.send('Profiler.start');
    await page.waitForTimeout(followMs / 2);
    const { profile } = await worker.send<{ profile: ColdProfile }>('Profiler.stop');
    const threadShare = round(busyShare(profile), 4);
    const heapMb = await worker.heapMb();
    const stats = replay.stats().venues;
    const perVenue = (figure: (venue: (typeof stats)[string]) => number) =>
      Object.fromEntries(Object.entries(stats).map(([id, venue]) => [id, figure(venue)]));
    return {
      firstMapMs: Math.round(firstMapMs),
      fullMapMs: Math.round(fullMapMs),
      requests: perVenue(({ requests }) => requests),
      weight: perVenue(({ budgets }) => Object.values(budgets).reduce((sum, { total }) => sum + total, 0)),
      limited: Object.values(stats).reduce((sum, { limited }) => sum + limited, 0),
      heapMb,
      cpuShare: follow.cpuShare,
      follow: { ...follow, threadShare, heapMb },
    };
  } finally {
    await browser.close();
    await replay.close();
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Two cold starts, at recorded rates and on a busy market; about a minute and a half. */
export async function benchCold(): Promise<ColdResult> {
  const recorded = await run(rates.recorded);
  const busy = await run(rates.busy);
  return { ...recorded, limited: recorded.limited + busy.limited, busy: busy.follow };
}

/** The figures for people. */
export function textOf(cold: ColdResult): string {
  const perVenue = Object.keys(cold.requests).map(
    (venue) => `  ${venue.padEnd(12)} ${cold.requests[venue]} requests, weight ${cold.weight[venue]}`,
  );
  return [
    `Cold start of one symbol on five venues, ${latencyMs} ms round trip`,
    `  first map    ${cold.firstMapMs} ms`,
    `  30 days      ${cold.fullMapMs} ms`,
    ...perVenue,
    `  refused for going over a limit: ${cold.limited}`,
    `  worker heap  ${cold.heapMb} MB`,
    ...[cold.follow, cold.busy].map(
      ({ cpuShare, threadShare, tradesPerSecond, messagesPerSecond }) =>
        `  CPU          ${(100 * cpuShare).toFixed(1)} % of a core (worker's thread ${(100 * threadShare).toFixed(1)} %) ` +
        `following ${tradesPerSecond} trades and ${messagesPerSecond} messages a second`,
    ),
  ].join('\n');
}
