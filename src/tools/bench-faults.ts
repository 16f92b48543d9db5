import type { Page } from 'playwright-core';
import type { WatchReply } from '../protocol/messages';
import type { FeedHealth } from '../protocol/view';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay, type Fault } from './replay';

/** What a fault of one venue did, in the production build against the replayed exchanges. */
export interface FaultResult {
  fault: string;
  venue: string;
  /** How long it lasted. */
  faultS: number;
  /** What the page was told of the venue from its beginning until all was well again, in order. */
  shown: string[];
  /** From its end until the venue was healthy again for good, to the second; null where that lay beyond the wait. */
  recoveredS: number | null;
  /** How long its hosts are still left alone when the fault ends, where they were asked for it. */
  pausedS?: number;
}

export interface FaultsResult {
  faults: FaultResult[];
  /** Seconds in which a venue that had sent nothing for over a minute was called healthy. */
  wronglyFreshS: number;
  /** Maps with a figure that is no finite number. */
  brokenMaps: number;
  tookS: number;
}

type Names = 'binance' | 'bybit' | 'okx' | 'bitget' | 'hyperliquid';
type Part = Omit<Fault, 'venue'>;

interface Case {
  name: string;
  parts: Part[];
  /** Nothing of use arrives while it lasts. */
  starves?: true;
}

/** Sockets that are open are cut first, so that the fault meets requests and new connections at once. */
const cut: Part = { kind: 'close', everyMs: 0, forMs: 500 };
const refused = (status: number, retryAfter?: number): Part[] => [
  cut,
  { kind: 'status', status, ...(retryAfter !== undefined && { retryAfter }) },
];

/** Five venues have a fault each at the same time. */
export const rounds: { lastsS: number; waitS: number; cases: Record<Names, Case> }[] = [
  {
    lastsS: 20,
    waitS: 60,
    cases: {
      binance: { name: 'empty body', parts: [cut, { kind: 'nothing' }] },
      bybit: { name: '503', parts: refused(503) },
      okx: { name: 'hang', parts: [cut, { kind: 'hang' }] },
      bitget: { name: 'half message', parts: [cut, { kind: 'half' }] },
      hyperliquid: { name: 'HTML', parts: [cut, { kind: 'html' }] },
    },
  },
  {
    lastsS: 20,
    waitS: 60,
    cases: {
      binance: { name: 'gap', parts: [cut, { kind: 'gap' }] },
      bybit: { name: 'NaN', parts: [cut, { kind: 'nan' }] },
      okx: { name: 'empty strings', parts: [cut, { kind: 'empty' }] },
      bitget: { name: 'reordered', parts: [cut, { kind: 'reorder' }] },
      hyperliquid: { name: 'duplicated', parts: [cut, { kind: 'duplicate' }] },
    },
  },
  {
    lastsS: 80,
    waitS: 45,
    cases: {
      binance: { name: 'sockets silent', parts: [{ kind: 'silent' }] },
      bybit: { name: 'latency 3 s, jitter 2 s', parts: [{ kind: 'latency', ms: 3000, jitterMs: 2000 }] },
      okx: {
        name: 'sockets silent, no answers',
        parts: [{ kind: 'silent' }, { kind: 'hang' }],
        starves: true,
      },
      bitget: { name: 'sockets closed every 5 s', parts: [{ kind: 'close', everyMs: 5000 }] },
      hyperliquid: {
        name: 'listing removed',
        parts: [cut, { kind: 'delist', coin: 'ETH' }],
        starves: true,
      },
    },
  },
  {
    lastsS: 20,
    waitS: 45,
    cases: {
      binance: { name: '418, Retry-After 25 s', parts: refused(418, 25) },
      bybit: { name: '429, Retry-After 5 s', parts: refused(429, 5) },
      okx: { name: '403', parts: refused(403) },
      bitget: { name: 'clock 1 h ahead', parts: [{ kind: 'skew', ms: 3_600_000 }] },
      hyperliquid: { name: '451', parts: refused(451) },
    },
  },
  {
    lastsS: 20,
    waitS: 45,
    cases: {
      binance: {
        name: 'an odd row a list, forced orders mute',
        parts: [cut, { kind: 'odd' }, { kind: 'mute', text: 'forceOrder' }],
      },
      bybit: { name: 'new field names', parts: [cut, { kind: 'shape' }] },
      okx: { name: 'redirected', parts: [cut, { kind: 'redirect', to: 'example.com' }] },
      bitget: { name: 'answers of 64 MB', parts: [cut, { kind: 'large', bytes: 64_000_000 }] },
      hyperliquid: { name: 'answers without an end', parts: [cut, { kind: 'endless' }] },
    },
  },
];

const everyday: Fault[] = [{ kind: 'latency', ms: 80 }];
/** Data older than this must not be called healthy; with room for the second between two ticks. */
const staleS = 62;

interface Told {
  at: number;
  states: Record<string, FeedHealth['state']>;
}

/** Makes the page watch ETH through any number of lives of the worker, and keep what it is told. */
async function record(page: Page): Promise<void> {
  await page.evaluate(() => {
    const told: Told[] = [];
    const seen = { told, brokenMaps: 0, full: false };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    const connect = () => {
      const port = chrome.runtime.connect({ name: 'watch' });
      port.onDisconnect.addListener(() => setTimeout(connect, 100));
      port.onMessage.addListener((reply: WatchReply) => {
        if (reply.type === 'tick') {
          const states = Object.fromEntries(reply.tick.health.map(({ venue, state }) => [venue, state]));
          told.push({ at: Date.now(), states });
        } else if (reply.type === 'map') {
          const { view } = reply;
          if (!view.provisional) seen.full = true;
          const figures = [view.price, view.lnLow, view.asOf, ...view.long, ...view.short, ...view.longTiers];
          if (!figures.every(Number.isFinite)) seen.brokenMaps += 1;
        }
      });
      port.postMessage({ type: 'watch', symbol: 'ETH-USDT', window: '24h', venue: 'binance' });
    };
    connect();
  });
}

const toldOf = (page: Page) =>
  page.evaluate(
    () => (globalThis as unknown as { seen: { told: Told[]; brokenMaps: number; full: boolean } }).seen,
  );

/** When each host may be asked again, ms since 1970, as the worker remembers it. */
async function pauses(page: Page): Promise<Map<string, number>> {
  const stored = await page.evaluate(() => chrome.storage.session.get());
  return new Map(
    Object.entries(stored).flatMap(([name, value]) =>
      name.startsWith('pause ') ? [[name.slice(6), (value as { until: number }).until] as const] : [],
    ),
  );
}

const hosts: Record<Names, RegExp> = {
  binance: /binance/,
  bybit: /bybit|bytick/,
  okx: /okx/,
  bitget: /bitget/,
  hyperliquid: /hyperliquid/,
};

/** Every kind of fault the replay can make, once, in four rounds of five venues; at most six minutes. */
export async function benchFaults(): Promise<FaultsResult> {
  const [extensionDir] = ensureBuilt('chrome');
  const startedAt = Date.now();
  const replay = await createReplay({ startAt: 0.9, faults: everyday });
  const browser = await launchChromium({ extensionDir, resolverPort: replay.port });
  try {
    const page = await browser.context.newPage();
    // The compiler marks function names with a helper that pages do not have.
    await page.addInitScript('globalThis.__name = (f) => f');
    await page.goto(`chrome-extension://${browser.extensionId}/src/popup/index.html`);
    await record(page);
    const until = async (holds: () => Promise<boolean>, withinS: number): Promise<void> => {
      const end = Date.now() + withinS * 1000;
      while (Date.now() < end && !(await holds())) await page.waitForTimeout(500);
    };
    const isWell = (told: Told | undefined, except: string[] = []) =>
      told !== undefined &&
      Object.entries(told.states).every(([venue, state]) => state === 'ok' || except.includes(venue));
    const allWell = async (except?: string[]) => isWell((await toldOf(page)).told.at(-1), except);
    await until(async () => (await toldOf(page)).full && (await allWell()), 30);
    if (!(await allWell())) throw new Error('The venues were not healthy before the first fault');

    // The start has spent some of the limits, and what asks again after a fault would have to wait for it.
    await page.waitForTimeout(45_000);
    const faults: FaultResult[] = [];
    let wronglyFreshS = 0;
    for (const { lastsS, waitS, cases } of rounds) {
      const venues = Object.keys(cases) as Names[];
      const from = Date.now();
      replay.setFaults([
        ...everyday,
        ...venues.flatMap((venue) => cases[venue].parts.map((part) => ({ ...part, venue }))),
      ]);
      await page.waitForTimeout(lastsS * 1000);
      replay.setFaults(everyday);
      const to = Date.now();
      const paused = new Map<Names, number>();
      for (const [host, end] of await pauses(page)) {
        const venue = venues.find((each) => hosts[each].test(host));
        if (venue && end > to) paused.set(venue, Math.round((end - to) / 1000));
      }
      // who is to be left alone for longer than the wait is not waited for
      const beyond = venues.filter((venue) => (paused.get(venue) ?? 0) > waitS);
      await until(() => allWell(beyond), waitS);
      await page.waitForTimeout(3000);
      const told = (await toldOf(page)).told.filter(({ at }) => at > from);
      for (const venue of venues) {
        const own = told.map(({ at, states }) => ({ at, state: states[venue]! }));
        const notWell = own.findLastIndex(({ state }) => state !== 'ok');
        const well = own[notWell + 1];
        const upTo = own.slice(0, notWell + 2).map(({ state }) => state);
        if (cases[venue].starves) {
          wronglyFreshS += own.filter(
            ({ at, state }) => state === 'ok' && at > from + staleS * 1000 && at < to,
          ).length;
        }
        faults.push({
          fault: cases[venue].name,
          venue,
          faultS: Math.round((to - from) / 1000),
          shown: upTo.filter((state, i) => state !== upTo[i - 1]),
          recoveredS: well ? Math.max(0, Math.round((well.at - to) / 1000)) : null,
          ...(paused.has(venue) && { pausedS: paused.get(venue)! }),
        });
      }
    }
    const { brokenMaps } = await toldOf(page);
    return { faults, wronglyFreshS, brokenMaps, tookS: Math.round((Date.now() - startedAt) / 1000) };
  } finally {
    await browser.close();
    await replay.close();
  }
}

/** The figures for people. */
export function textOf({ faults, wronglyFreshS, brokenMaps, tookS }: FaultsResult): string {
  const rows = faults.map(({ fault, venue, faultS, shown, recoveredS, pausedS }) => {
    const after = recoveredS === null ? '  not yet' : `${String(recoveredS).padStart(5)} s  `;
    const left = pausedS === undefined ? '' : `, left alone for ${pausedS} s more as asked`;
    return `  ${fault.padEnd(26)} ${venue.padEnd(12)} ${String(faultS).padStart(3)} s ${after} ${shown.join(' → ')}${left}`;
  });
  return [
    'Faults: how long each lasted, from its end until the venue was healthy again, and what was shown',
    ...rows,
    `  called healthy after more than a minute without data: ${wronglyFreshS} s; broken maps: ${brokenMaps}; took ${tookS} s`,
  ].join('\n');
}
