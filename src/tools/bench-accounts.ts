import { ObservedAccounts } from '../background/symbol/observed-accounts';
import { observedExtent } from '../background/symbol/observed-positions';
import { hourMs, minuteMs } from '../engine/time';
import type { Call } from '../feeds/feed';
import { instrumentOf } from '../feeds/instrument';
import type { Transport } from '../feeds/net/http';
import type { Clock } from '../feeds/net/pacing';
import { type RecordedAccount, recordedAccounts } from './recorded';
import { createReplay, type ReplayExchange } from './replay';
import { createHyperliquid } from './replay/hyperliquid';
import type { RestRequest } from './replay/venue';

/** How much of BTC's open interest on Hyperliquid the worker has seen of accounts' positions, by whose positions these are. */
export interface AccountsResult {
  of: string;
  /** Part of both sides' open interest after so many minutes, 0–1. */
  coverage: Record<(typeof minutes)[number], number>;
  /** Accounts that were seen to hold some, at the end. */
  holders: number;
  /** What was asked, in weight a minute; the venue allows 1,200 by address. */
  weightPerMinute: number;
}

const minutes = [1, 5, 15] as const;
const btc = instrumentOf({ base: 'BTC', native: 'BTC', tick: 1, maxLeverage: 40, fundingIntervalMs: hourMs });

/** Time that passes as fast as it is waited for, up to an end. */
class FastClock implements Clock {
  #waiting: { at: number; run: () => void }[] = [];
  #isPassing = false;
  #time: number;
  end: number;

  constructor(time: number) {
    this.#time = time;
    this.end = time;
  }

  now(): number {
    return this.#time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#time + ms, run };
    this.#waiting.push(timer);
    void this.#pass();
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== timer);
    };
  }

  async #pass(): Promise<void> {
    if (this.#isPassing) return;
    this.#isPassing = true;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = this.#waiting.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > this.end) break;
      this.#waiting = this.#waiting.slice(1);
      this.#time = Math.max(this.#time, next.at);
      next.run();
    }
    this.#isPassing = false;
  }
}

/** Answers in place of the local exchange's own. */
interface Recorded {
  accounts: readonly RecordedAccount[];
  /** Whether the accounts that the exchange derives stand behind them. */
  withDerived: boolean;
}

/** The worker's accounts on the local exchange's Hyperliquid, without the way there: answers cost no time. */
export class AccountsStage {
  /** Hosts asked, one by one. */
  readonly asked: string[] = [];
  weight = 0;
  readonly clock: FastClock;
  readonly #facts = new Map<string, unknown>();
  readonly #venue;
  readonly #recorded: Recorded | undefined;
  readonly #byAddress: ReadonlyMap<string, RecordedAccount>;

  constructor(
    readonly replay: ReplayExchange,
    recorded?: Recorded,
  ) {
    this.#venue = createHyperliquid([replay.market('hyperliquid', 'BTC')]);
    this.#recorded = recorded;
    this.#byAddress = new Map(recorded?.accounts.map((each) => [addressOf(each), each]));
    this.clock = new FastClock(replay.now());
  }

  /** @param isAllowed whether the user lets the list of the largest be read */
  accounts(isAllowed: boolean): ObservedAccounts {
    const store = {
      fact: async (name: string) => structuredClone(this.#facts.get(name)),
      saveFact: async (name: string, value: unknown) =>
        this.#facts.set(name, structuredClone(value)).size > 0,
    };
    const transport: Transport = {
      unblock: () => undefined,
      pausedUntil: () => 0,
      run: async (_source, call) => this.#answer(call),
    };
    return new ObservedAccounts({
      transport,
      clock: this.clock,
      store,
      permittedHost: async () => isAllowed,
    });
  }

  /** Follows BTC for so long. */
  async watch(accounts: ObservedAccounts, ms: number): Promise<void> {
    this.clock.end = this.clock.now() + ms;
    accounts.follow(btc);
    await new Promise<void>((resolve) => this.clock.after(ms, resolve));
    accounts.leave(btc);
  }

  extent(accounts: ObservedAccounts) {
    return observedExtent('BTC-USDT', accounts.all, this.#openInterest());
  }

  #openInterest(): number {
    return this.replay.market('hyperliquid', 'BTC').openInterest(this.clock.now());
  }

  #answer<T>(call: Call<T>): T {
    const url = new URL(call.url);
    const body = call.body === undefined ? undefined : JSON.parse(call.body);
    this.asked.push(url.host);
    if (body) this.weight += call.weight;
    const text = JSON.stringify(this.#reply(url, body));
    const condensed = call.condense?.();
    if (!condensed) return call.parse(JSON.parse(text), this.clock.now());
    for (let i = 0; i < text.length; i += 65_536) condensed.add(text.slice(i, i + 65_536));
    return call.parse(condensed.end(), this.clock.now());
  }

  #reply(url: URL, body: { user: string } | undefined): unknown {
    const request: RestRequest = { query: url.searchParams, body, now: this.clock.now() };
    const derived = () =>
      this.#venue.route(body ? 'POST' : 'GET', url.pathname, body)!.answer(request) as {
        leaderboardRows: { accountValue: string }[];
      };
    if (!this.#recorded) return derived();
    const { accounts, withDerived } = this.#recorded;
    if (!body) {
      const { leaderboardRows } = derived();
      // What they are worth was not recorded: as much as the largest derived ones, in the order of their margin.
      const worth = leaderboardRows
        .slice(0, accounts.length)
        .map(({ accountValue }) => accountValue)
        .sort((a, b) => Number(b) - Number(a));
      const rows = accounts
        .toSorted((a, b) => b.margin - a.margin)
        .map((each, k) => ({ ethAddress: addressOf(each), accountValue: worth[k] }));
      return { leaderboardRows: [...rows, ...(withDerived ? leaderboardRows.slice(rows.length) : [])] };
    }
    const known = this.#byAddress.get(body.user);
    return known ? this.#stateOf(known) : derived();
  }

  #stateOf({ share }: RecordedAccount): unknown {
    const position = {
      coin: 'BTC',
      szi: String(share * this.#openInterest()),
      leverage: { type: 'cross', value: 10 },
      entryPx: String(this.replay.market('hyperliquid', 'BTC').mark(this.clock.now())),
      liquidationPx: null,
    };
    return { assetPositions: share === 0 ? [] : [{ type: 'oneWay', position }], time: this.clock.now() };
  }
}

/** Recorded accounts are known by twelve hexadecimal digits. */
const addressOf = ({ account }: RecordedAccount) => `0x${account.padStart(40, '0')}`;

/**
 * A quarter of an hour with the list of the largest: with accounts as the local exchange derives them; and where the recording is
 * there, with the recorded ones alone, and with these in the place of as many of the largest derived.
 */
export async function benchAccounts(): Promise<AccountsResult[]> {
  const accounts = recordedAccounts();
  const results = [await quarterOfAnHour('derived accounts')];
  if (accounts.length === 0) return results;
  const alone = await quarterOfAnHour(`${accounts.length} recorded accounts alone`, {
    accounts,
    withDerived: false,
  });
  const together = await quarterOfAnHour('recorded accounts, derived behind them', {
    accounts,
    withDerived: true,
  });
  return [...results, alone, together];
}

/** @param of what to call it */
export async function quarterOfAnHour(of: string, recorded?: Recorded): Promise<AccountsResult> {
  const replay = await createReplay({ startAt: 0.9, speed: 0 });
  try {
    const stage = new AccountsStage(replay, recorded);
    const accounts = stage.accounts(true);
    const coverage = {} as AccountsResult['coverage'];
    for (const minute of minutes) {
      stage.clock.after(minute * minuteMs, () => {
        coverage[minute] = stage.extent(accounts).coverage;
      });
    }
    await stage.watch(accounts, minutes[2] * minuteMs);
    return {
      of,
      coverage,
      holders: stage.extent(accounts).accounts,
      weightPerMinute: stage.weight / minutes[2],
    };
  } finally {
    await replay.close();
  }
}

export function textOf(results: readonly AccountsResult[]): string {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
  return [
    'Part of BTC’s open interest on Hyperliquid, both sides, seen after so many minutes:',
    ...results.map(
      ({ of, coverage, holders, weightPerMinute }) =>
        `${of}: ${minutes.map((minute) => `${minute} min ${percent(coverage[minute])}`).join(', ')}; ` +
        `${holders} hold some; ${weightPerMinute.toFixed(0)} of 1,200 weight a minute`,
    ),
  ].join('\n');
}
