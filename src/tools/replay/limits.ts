import type { RestPool } from './venue';

/** Counts what each budget has used, in fixed windows of the wall clock, as the venues do per address. */

export interface BudgetUse {
  /** Used since the start, and the most in any one window. */
  total: number;
  peak: number;
  limit: number;
  /** Requests refused for want of budget. */
  refused: number;
}

interface Window {
  index: number;
  used: number;
  refused: number;
}

export interface Charge {
  /** Used in the running window. */
  used: number;
  retryAfterMs?: number;
  isBanned?: boolean;
}

export class Budgets {
  readonly #windows = new Map<string, Window>();
  #bannedUntil = 0;
  readonly #use = new Map<string, BudgetUse>();

  constructor(private readonly pools: Record<string, RestPool>) {}

  #window(pool: string, key: string, now: number): Window {
    const index = Math.floor(now / this.pools[pool]!.perMs);
    const known = this.#windows.get(`${pool}/${key}`);
    if (known?.index === index) return known;
    const fresh = { index, used: 0, refused: 0 };
    this.#windows.set(`${pool}/${key}`, fresh);
    return fresh;
  }

  #usage(pool: string): BudgetUse {
    const use = this.#use.get(pool) ?? { total: 0, peak: 0, limit: this.pools[pool]!.limit, refused: 0 };
    this.#use.set(pool, use);
    return use;
  }

  /**
   * Charges a request. `retryAfterMs` is set when it is over the limit, and `isBanned` when the address is shut out;
   * refused requests are counted in the window too.
   */
  charge(pool: string, key: string, weight: number, now: number): Charge {
    const window = this.#window(pool, key, now);
    const use = this.#usage(pool);
    if (now < this.#bannedUntil) {
      use.refused++;
      return { used: window.used, retryAfterMs: this.#bannedUntil - now, isBanned: true };
    }
    window.used += weight;
    if (window.used <= use.limit) {
      use.total += weight;
      use.peak = Math.max(use.peak, window.used);
      return { used: window.used };
    }
    use.refused++;
    window.refused++;
    const { perMs, ban } = this.pools[pool]!;
    if (ban && window.refused > ban.afterRefusals) this.#bannedUntil = now + ban.forMs;
    return { used: window.used, retryAfterMs: (window.index + 1) * perMs - now };
  }

  stats(): Record<string, BudgetUse> {
    return Object.fromEntries(this.#use);
  }
}
