import { minuteMs } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import type { Clock } from '../../feeds/net/pacing';

/** Data older than this is stale. */
export const staleMs = minuteMs;
/** A market whose figures have not moved at all for this long is not being reported. */
const frozenMs = 180_000;
/** A clock that was set back is believed once this many records in a row agree. */
const mostRewindSteps = 10;

/**
 * A venue's own clock, read from the times of what it sends, and how long ago that last moved on. It may run ahead of or
 * behind the user's, and may be set back: what counts is that it moves on.
 */
export class VenueClock {
  /** When, by the user's clock, this venue last sent something newer than before. */
  advancedAt: number | undefined;
  /** The newest time the venue has sent, ms since 1970; 0 before the first. */
  newest = 0;
  private rewound = { time: 0, steps: 0 };
  /** When the figures themselves last changed, by the user's clock. */
  private changedAt = 0;

  constructor(
    private readonly user: Clock,
    /** Marks and open interest come without a time of their own. */
    private readonly isUnstamped: boolean,
  ) {}

  /** The venue's own clock now, ms since 1970, as far as it can be told; 0 before its first record. */
  now(): number {
    if (this.newest === 0 || this.advancedAt === undefined) return this.newest;
    return this.newest + Math.min(this.user.now() - this.advancedAt, slotMs);
  }

  /** How long ago, ms by the user's clock, data last moved on. A clock that was set back makes it unknown: infinite. */
  age(): number {
    const age = this.user.now() - (this.advancedAt ?? Number.NEGATIVE_INFINITY);
    return age >= -2000 ? age : Number.POSITIVE_INFINITY;
  }

  isFresh(): boolean {
    return this.age() <= staleMs;
  }

  /** A figure of the market changed. */
  change(): void {
    this.changedAt = this.user.now();
  }

  /** Notes the time of a record. Records that only repeat an older time age. */
  advance(time: number): void {
    if (this.changedAt > 0 && this.user.now() - this.changedAt > frozenMs) return;
    if (time > this.newest) {
      this.newest = time;
    } else {
      if (this.newest - time < staleMs || time <= this.rewound.time) return;
      const steps = this.rewound.steps + 1;
      this.rewound = { time, steps };
      if (steps < mostRewindSteps) return;
      this.newest = time;
    }
    this.rewound = { time: 0, steps: 0 };
    this.advancedAt = this.user.now();
  }

  /**
   * A figure came. Without a time of its own it is new when it differs; time stamps alone do not make old figures new. After
   * a pause, or where the user's clock was moved, only what is dated tells the venue's time.
   */
  arrive(time: number, differs: boolean): void {
    if (differs) this.change();
    if (!this.isUnstamped) this.advance(time);
    else if (differs && this.isFresh()) {
      this.newest = this.now();
      this.advancedAt = this.user.now();
    }
  }
}
