import { dayMs, hourMs, isWithin } from '../../engine/time';
import type { Transport } from '../../feeds/net/http';
import type { Clock } from '../../feeds/net/pacing';
import { type FearAndGreed, fearAndGreed, sentiment } from '../../feeds/sentiment';

const renewMs = hourMs;
/** The index is daily: one that is older than two days is not shown. */
const validMs = 2 * dayMs;

/** The Fear & Greed index, asked for once an hour while anybody looks. */
export class FearAndGreedIndex {
  private newest: FearAndGreed | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
  ) {}

  /** Asks for the index when it is an hour old. To be called while anybody looks. */
  renew(): void {
    const now = this.clock.now();
    if (isWithin(renewMs, this.askedAt, now)) return;
    this.askedAt = now;
    this.transport.run(sentiment, fearAndGreed(1)).then(
      (days) => {
        this.newest = days.at(-1) ?? this.newest;
      },
      // Nothing depends on it: the header goes without until the next hour.
      () => undefined,
    );
  }

  /** The newest value known; null where there is none or it is out of date. */
  get current(): FearAndGreed | null {
    return this.newest && this.clock.now() - this.newest.time < validMs ? this.newest : null;
  }
}
