import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ObservedAccounts } from '../../../src/background/symbol/observed-accounts';
import { observedExtent } from '../../../src/background/symbol/observed-positions';
import { hourMs, minuteMs } from '../../../src/engine/time';
import type { Call } from '../../../src/feeds/feed';
import { instrumentOf } from '../../../src/feeds/instrument';
import type { Transport } from '../../../src/feeds/net/http';
import { createReplay, type ReplayExchange } from '../../../src/tools/replay';
import { createHyperliquid } from '../../../src/tools/replay/hyperliquid';
import type { ReplayVenue } from '../../../src/tools/replay/venue';

const btc = instrumentOf({ base: 'BTC', native: 'BTC', tick: 1, maxLeverage: 40, fundingIntervalMs: hourMs });

/** Time that passes as fast as it is waited for, up to an end. */
class FastClock {
  private waiting: { at: number; run: () => void }[] = [];
  private isPassing = false;
  constructor(
    private time: number,
    public end: number,
  ) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.waiting.push(timer);
    void this.pass();
    return () => {
      this.waiting = this.waiting.filter((other) => other !== timer);
    };
  }

  private async pass(): Promise<void> {
    if (this.isPassing) return;
    this.isPassing = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.waiting.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > this.end) break;
      this.waiting = this.waiting.slice(1);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.isPassing = false;
  }
}

let replay: ReplayExchange;
let venue: ReplayVenue;
let clock: FastClock;
let asked: string[];
let weight: number;
let facts: Map<string, unknown>;

/** The local exchange without the way there: answers cost no time. */
const transport: Transport = {
  unblock: () => undefined,
  pausedUntil: () => 0,
  run: async <T>(_source: unknown, call: Call<T>) => {
    const url = new URL(call.url);
    const body = call.body === undefined ? undefined : JSON.parse(call.body);
    const route = venue.route(body ? 'POST' : 'GET', url.pathname, body)!;
    asked.push(url.host);
    if (body) weight += call.weight;
    const text = JSON.stringify(route.answer({ query: url.searchParams, body, now: clock.now() }));
    const condensed = call.condense?.();
    if (!condensed) return call.parse(JSON.parse(text), clock.now());
    for (let i = 0; i < text.length; i += 65_536) condensed.add(text.slice(i, i + 65_536));
    return call.parse(condensed.end(), clock.now());
  },
};
const store = {
  fact: async (name: string) => structuredClone(facts.get(name)),
  saveFact: async (name: string, value: unknown) => facts.set(name, structuredClone(value)).size > 0,
};
const accountsOf = (isAllowed: boolean) =>
  new ObservedAccounts({ transport, clock, store, permittedHost: async () => isAllowed });
/** Follows BTC for so long. */
async function watch(accounts: ObservedAccounts, ms: number): Promise<void> {
  clock.end = clock.now() + ms;
  accounts.follow(btc);
  await new Promise<void>((resolve) => clock.after(ms, resolve));
  accounts.leave(btc);
}
const coverage = (accounts: ObservedAccounts) =>
  observedExtent('BTC-USDT', accounts.all, replay.market('hyperliquid', 'BTC').openInterest(clock.now()));

beforeEach(async () => {
  replay = await createReplay({ startAt: 0.9, speed: 0 });
  venue = createHyperliquid([replay.market('hyperliquid', 'BTC')]);
  clock = new FastClock(replay.now(), replay.now());
  asked = [];
  weight = 0;
  facts = new Map();
});
afterEach(() => replay.close());

describe('accounts whose positions are public', () => {
  it('show 40 % of BTC’s open interest within 15 minutes by the list alone, within a third of the address’s budget', async () => {
    const accounts = accountsOf(true);
    await watch(accounts, 15 * minuteMs);
    const seen = coverage(accounts);
    expect(seen.coverage, `${seen.accounts} accounts`).toBeGreaterThanOrEqual(0.4);
    expect(weight).toBeLessThanOrEqual((15 * 1200) / 3 + 2);
  });

  it('ask for the list of the largest once a day, by whichever life, and only where the user allows it', async () => {
    const lists = () => asked.filter((host) => host === 'stats-data.hyperliquid.xyz').length;
    const refused = accountsOf(false);
    await watch(refused, minuteMs);
    expect(lists()).toBe(0);
    expect(refused.askable).toBe('stats-data.hyperliquid.xyz');
    const first = accountsOf(true);
    await watch(first, minuteMs);
    expect(lists()).toBe(1);
    expect(first.askable).toBeUndefined();
    const second = accountsOf(true);
    await watch(second, minuteMs);
    expect(lists()).toBe(1);
    // What the first read, the second knows.
    expect(coverage(second).accounts).toBeGreaterThan(100);
  });
});
