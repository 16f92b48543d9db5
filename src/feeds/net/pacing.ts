import { hourMs } from '../../engine/time';
import type { WeightPool } from '../feed';

/** Time as the feeds know it, passed in so that tests and the replay can run it at their own speed. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Runs once after `ms`; the function returned cancels. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects with the signal's reason when that aborts first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The outcome of `work`; rejects with what `late` makes where there is none within `ms`. */
export function inTime<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}

/**
 * Aborts a controller when the signal does, until the function returned is called: a signal that lives for days would hold
 * something of each request otherwise, which `AbortSignal.any` leaves there in Firefox and Node.
 */
export function endWith(signal: AbortSignal | undefined, controller: AbortController): () => void {
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return () => signal?.removeEventListener('abort', abort);
}

/** A request that counts against a pool: its weight, and until when, ms since 1970; null while no reply is in. */
export interface Spent {
  weight: number;
  until: number | null;
}

/**
 * Weight spent against one pool.
 *
 * A request counts from before it is sent until `perMs` after its reply came. The venue saw it in between, so however
 * it counts – by fixed minutes or by a sliding window, early or late – it never sees more than the budget in any
 * period.
 */
export class WeightLedger {
  #entries: { weight: number; until: number }[] = [];
  #budget: number;
  #wake: (() => void) | undefined;

  /**
   * `headroom`: part of the venue's limit that is used, the rest being left to the user's own pages. `spent`: what an
   * earlier run had spent when it ended. A request of which no reply was known by then may just have arrived.
   */
  constructor(
    private readonly pool: WeightPool,
    private readonly clock: Clock,
    headroom: number,
    spent: readonly Spent[] = [],
  ) {
    this.#budget = Math.max(1, Math.floor(pool.limit * headroom));
    const latest = clock.now() + pool.perMs;
    this.#entries = spent.map(({ weight, until }) => ({ weight, until: Math.min(until ?? latest, latest) }));
  }

  /** What counts now, for a later run to go on from. */
  get spent(): Spent[] {
    const now = this.clock.now();
    return this.#entries
      .filter((entry) => entry.until > now)
      .map(({ weight, until }) => ({ weight, until: Number.isFinite(until) ? until : null }));
  }

  /** Weight that counts now. */
  get used(): number {
    const now = this.clock.now();
    this.#entries = this.#entries.filter((entry) => entry.until > now);
    // Nothing counts for longer than a period: a clock that was set back would say so.
    for (const entry of this.#entries)
      if (Number.isFinite(entry.until)) entry.until = Math.min(entry.until, now + this.pool.perMs);
    return this.#entries.reduce((sum, entry) => sum + entry.weight, 0);
  }

  /**
   * Waits for room, then books the weight. Call the function returned when the reply is in or the request failed, or
   * with `false` when it was never sent. One caller at a time.
   */
  async reserve(weight: number, signal?: AbortSignal): Promise<(sent?: boolean) => void> {
    const booked = Math.min(weight, this.#budget);
    while (this.used + booked > this.#budget) await this.#change(signal);
    const entry = { weight: booked, until: Number.POSITIVE_INFINITY };
    this.#entries.push(entry);
    return (sent = true) => {
      if (entry.until !== Number.POSITIVE_INFINITY) return;
      entry.until = this.clock.now() + (sent ? this.pool.perMs : 0);
      this.#wake?.();
    };
  }

  /** The venue says how much it has counted: what others at this address spent is booked too. */
  observe(used: number): void {
    const foreign = used - this.used;
    if (foreign > 0) this.#entries.push({ weight: foreign, until: this.clock.now() + this.pool.perMs });
  }

  /** Resolves when an entry runs out or a reply comes in. */
  async #change(signal?: AbortSignal): Promise<void> {
    const next = Math.min(...this.#entries.map((entry) => entry.until));
    const settled = new AbortController();
    this.#wake = () => settled.abort();
    const unbind = endWith(signal, settled);
    try {
      // Browsers run a timer of more than 2³¹ ms at once, hence the bound.
      await sleep(this.clock, Math.min(Math.max(1, next - this.clock.now()), hourMs), settled.signal);
    } catch {
      signal?.throwIfAborted();
    } finally {
      unbind();
      this.#wake = undefined;
    }
  }
}

/** Waiting time before attempt `n` (0 first): doubling from `baseMs` to `maxMs`, half of it random. */
export function backoff(n: number, baseMs: number, maxMs: number, random: () => number): number {
  return Math.min(maxMs, baseMs * 2 ** n) * (0.5 + random() / 2);
}
