import type { CDPSession } from 'playwright-core';
import type { WatchReply } from '../protocol/messages';
import { createReplay } from '../replay';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';

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
  /** Share of one core that the worker takes while it follows the market. */
  cpuShare: number;
}

/** Round trip to every venue. */
const latencyMs = 80;
const followMs = 30_000;

interface Reply {
  result?: unknown;
  error?: { message: string };
}

/** Commands to a worker, which Playwright does not offer a session for. */
class WorkerSession {
  private next = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  private constructor(
    private readonly browser: CDPSession,
    private readonly sessionId: string,
  ) {
    browser.on('Target.receivedMessageFromTarget', ({ message }) => {
      const reply = JSON.parse(message) as Reply & { id?: number };
      if (reply.id !== undefined) this.waiting.get(reply.id)?.(reply);
    });
  }

  static async attach(browser: CDPSession): Promise<WorkerSession> {
    const { targetInfos } = await browser.send('Target.getTargets');
    const worker = targetInfos.find(({ type }) => type === 'service_worker');
    if (!worker) throw new Error('The worker is not running');
    const { sessionId } = await browser.send('Target.attachToTarget', {
      targetId: worker.targetId,
      flatten: false,
    });
    return new WorkerSession(browser, sessionId);
  }

  async send<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
    const id = this.next++;
    const answered = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    await this.browser.send('Target.sendMessageToTarget', {
      sessionId: this.sessionId,
      message: JSON.stringify({ id, method, params }),
    });
    const { result, error } = await answered;
    this.waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }
}

interface Profile {
  nodes: { id: number; callFrame: { functionName: string } }[];
  startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

/** Share of the profiled time in which the worker did anything. */
function busyShare({ nodes, startTime, endTime, samples, timeDeltas }: Profile): number {
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const idleTime = samples.reduce((sum, id, i) => sum + (idle.has(id) ? timeDeltas[i]! : 0), 0);
  return 1 - idleTime / (endTime - startTime);
}

/** Starts the extension with an empty profile and watches ETH; about a minute. */
export async function benchCold(): Promise<ColdResult> {
  const [extensionDir] = ensureBuilt('chrome');
  const replay = await createReplay({ startAt: 0.9, faults: [{ kind: 'latency', ms: latencyMs }] });
  const browser = await launchChromium({ extensionDir, resolverPort: replay.port });
  try {
    const page = await browser.context.newPage();
    await page.goto(`chrome-extension://${browser.extensionId}/src/popup/index.html`);
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
    await worker.send('Profiler.enable');
    await worker.send('Profiler.setSamplingInterval', { interval: 1000 });
    await worker.send('Profiler.start');
    await page.waitForTimeout(followMs);
    const { profile } = await worker.send<{ profile: Profile }>('Profiler.stop');
    await worker.send('HeapProfiler.collectGarbage');
    const heap = await worker.send<{ usedSize: number; backingStorageSize?: number }>('Runtime.getHeapUsage');
    const { venues } = replay.stats();
    const perVenue = (figure: (venue: (typeof venues)[string]) => number) =>
      Object.fromEntries(Object.entries(venues).map(([id, venue]) => [id, figure(venue)]));
    return {
      firstMapMs: Math.round(firstMapMs),
      fullMapMs: Math.round(fullMapMs),
      requests: perVenue(({ requests }) => requests),
      weight: perVenue(({ budgets }) => Object.values(budgets).reduce((sum, { total }) => sum + total, 0)),
      limited: Object.values(venues).reduce((sum, { limited }) => sum + limited, 0),
      heapMb: Number(((heap.usedSize + (heap.backingStorageSize ?? 0)) / 2 ** 20).toFixed(1)),
      cpuShare: Number(busyShare(profile).toFixed(4)),
    };
  } finally {
    await browser.close();
    await replay.close();
  }
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
    `  worker CPU   ${(100 * cold.cpuShare).toFixed(1)} % of a core while it follows the market`,
  ].join('\n');
}
