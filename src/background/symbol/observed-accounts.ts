import { dayMs, hourMs } from '../../engine/time';
import type { Instrument, Trade } from '../../feeds/feed';
import { hyperliquid, type ObservedPosition, positionsOf } from '../../feeds/hyperliquid';
import { largestAccounts } from '../../feeds/hyperliquid-accounts';
import type { Transport } from '../../feeds/net/http';
import { type Clock, sleep } from '../../feeds/net/pacing';
import { finite, fits, like, type Of, pair, recordOf } from '../../protocol/form';
import { hyperliquid as row } from '../../venues/hyperliquid';
import type { Store } from '../storage/store';

/** One account is asked for in this time, for all symbols: a third of the venue's budget, the rest stays with the estimate and the user. */
const askEveryMs = 300;
/** Accounts that hold something are asked again after this time, others after that. */
const renewMs = { holding: 900_000, idle: hourMs };
const mostAccounts = 4000;
/** Of them from the list of the largest: as many as can be asked for in a quarter of an hour. */
const mostListed = 3000;
/** The list is asked for once in this time, whether it comes or not. */
const listMs = dayMs;
const listTimeoutMs = 300_000;
const listFact = 'largest accounts';

export interface Account {
  /** USD: what it was seen trading, or what it is worth by the venue's list. */
  size: number;
  /** Ms since 1970; −∞ before the first time. */
  askedAt: number;
  /** In the symbols that are followed. */
  positions: readonly ObservedPosition[];
}

/** The list of the largest, as it is stored. */
interface KeptList {
  askedAt: number;
  accounts: KeptAccount[];
}
const KeptAccount = pair(like(/^0x[0-9a-f]{40}$/), finite);
/** Address and USD. */
type KeptAccount = Of<typeof KeptAccount>;

interface Services {
  transport: Transport;
  clock: Clock;
  store: Pick<Store, 'fact' | 'saveFact'>;
  /** Whether the user lets us read a host's answers. */
  permittedHost(host: string): Promise<boolean>;
}

/**
 * Hyperliquid publishes the positions of every account to whoever knows its address, the addresses of both sides of every
 * trade, and a list of its largest accounts. One for all symbols, since an answer tells of all that an account holds.
 */
export class ObservedAccounts {
  private readonly accounts = new Map<string, Account>();
  private readonly followed = new Map<string, Instrument>();
  private running: AbortController | undefined;
  /** Whether the list of the largest is among what is known; undefined before that has been looked up. */
  private listed: boolean | undefined;

  constructor(private readonly services: Services) {}

  get all(): readonly Account[] {
    return [...this.accounts.values()];
  }

  /** The host whose list of the largest could be read if the user allowed it; undefined where he does, or while that is not known. */
  get askable(): string | undefined {
    return this.listed === false ? row.accountsHost : undefined;
  }

  /** Accounts are asked for while any symbol is followed. */
  follow(instrument: Instrument): void {
    if (this.followed.has(instrument.symbol)) return;
    this.followed.set(instrument.symbol, instrument);
    // What they hold of this symbol was not looked at.
    for (const account of this.accounts.values()) account.askedAt = Number.NEGATIVE_INFINITY;
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  leave({ symbol }: Instrument): void {
    this.followed.delete(symbol);
    if (this.followed.size > 0) return;
    this.running?.abort();
    this.running = undefined;
  }

  /** The user may have allowed the list of the largest. */
  retry(): void {
    if (this.running && this.listed === false) void this.readList(this.running.signal);
  }

  /** A public trade of a symbol that is followed: its two accounts are worth asking for. */
  see(trade: Trade): void {
    if (!this.running) return;
    for (const address of trade.accounts ?? []) this.know(address, trade.base * trade.price);
    this.forget();
  }

  private know(address: string, usd: number): void {
    const known = this.accounts.get(address);
    if (known) known.size += usd;
    else this.accounts.set(address, { size: usd, askedAt: Number.NEGATIVE_INFINITY, positions: [] });
  }

  /** The smallest go where there are too many. */
  private forget(): void {
    if (this.accounts.size <= mostAccounts * 1.1) return;
    const bySize = [...this.accounts].sort(([, a], [, b]) => weightOf(b) - weightOf(a));
    for (const [address] of bySize.slice(mostAccounts)) this.accounts.delete(address);
  }

  private async run(signal: AbortSignal): Promise<void> {
    void this.readList(signal);
    const { transport, clock } = this.services;
    while (!signal.aborted) {
      const began = clock.now();
      const next = this.next();
      if (next) {
        const [address, account] = next;
        account.askedAt = began;
        try {
          const call = positionsOf(address, [...this.followed.values()]);
          account.positions = (await transport.run(hyperliquid, call, { signal, priority: -2 })).positions;
        } catch {
          // A layer of its own: whatever fails here is asked again later and takes nothing from the estimate.
        }
      }
      await sleep(clock, Math.max(50, began + askEveryMs - clock.now()), signal).catch(() => undefined);
    }
  }

  /** The largest that was not asked lately. */
  private next(): [string, Account] | undefined {
    const now = this.services.clock.now();
    let best: [string, Account] | undefined;
    for (const entry of this.accounts) {
      const [, account] = entry;
      const rest = account.positions.length > 0 ? renewMs.holding : renewMs.idle;
      if (account.askedAt > now - rest) continue;
      if (!best || weightOf(account) > weightOf(best[1])) best = entry;
    }
    return best;
  }

  /** The list of the largest, of today or as it is kept; asked for where the user lets us. */
  private async readList(signal: AbortSignal): Promise<void> {
    const { transport, clock, store } = this.services;
    this.listed = await this.services.permittedHost(row.accountsHost);
    if (!this.listed) return;
    const kept = readKept(await store.fact(listFact));
    let accounts = kept?.accounts ?? [];
    const now = clock.now();
    if (!kept || kept.askedAt > now || kept.askedAt <= now - listMs) {
      // Kept first: whoever dies while it comes does not ask again at once.
      await store.saveFact(listFact, { askedAt: now, accounts } satisfies KeptList);
      const options = { signal, priority: -3, attempts: 1, timeoutMs: listTimeoutMs };
      const list = await transport
        .run(hyperliquid, largestAccounts(mostListed), options)
        .catch(() => undefined);
      if (list) {
        accounts = list.map(({ address, value }) => [address, value]);
        await store.saveFact(listFact, { askedAt: now, accounts } satisfies KeptList);
      }
    }
    for (const [address, usd] of accounts) this.know(address, usd);
    this.forget();
  }
}

/** What an account holds counts as often as it is levered: those that hold much are asked before those that could. */
function weightOf({ size, positions }: Account): number {
  let held = 0;
  for (const { base, entry } of positions) held += base * entry;
  return Math.max(size, held);
}

function readKept(stored: unknown): KeptList | undefined {
  const { askedAt, accounts } = recordOf(stored);
  if (!fits(finite, askedAt) || !Array.isArray(accounts)) return undefined;
  return { askedAt, accounts: accounts.filter((account) => fits(KeptAccount, account)) };
}
