import { hourMs, minuteMs } from '../../engine/time';
import { blockedMs } from '../../estimate/refusal';
import { FeedError, type Venue } from '../../feeds/feed';
import type { FeedHealth } from '../../protocol/view';
import { texts } from '../browser/texts';

/** A venue that does not list the symbol is asked again after this, as one that refuses the address: then after twice as long each time. */
const unlistedRetryMs = 5 * minuteMs;
/** One that had the symbol a moment ago may have it again soon. */
const endedRetryMs = minuteMs;
const longestRetryMs = hourMs;

const later = (firstMs: number, times: number): number =>
  Math.min(longestRetryMs, firstMs * 2 ** Math.min(times, 10));

/** What stands in the way of a venue as a whole. */
export interface Trouble {
  state: 'limited' | 'blocked' | 'down' | 'unlisted' | 'permission';
  /** One sentence for the user. */
  reason: string;
}

/** Whether a venue can be asked, and since when it has been in the state it is in. */
export class Condition {
  trouble: Trouble | undefined;
  /** The venue has had the symbol, and has it no more. */
  hasEnded = false;
  private failures = 0;
  private noted: { state: FeedHealth['state']; since: number };

  constructor(
    private readonly venue: Venue,
    private readonly symbol: string,
    private readonly random: () => number,
    now: number,
  ) {
    this.noted = { state: 'starting', since: now };
  }

  /** A look went well. */
  clear(): void {
    this.trouble = undefined;
    this.failures = 0;
    this.hasEnded = false;
  }

  /** The user has not allowed the venue. */
  forbid(): void {
    this.trouble = { state: 'permission', reason: texts.permission(this.venue) };
  }

  /** The venue has no such symbol, or has it no more. Returns after how many ms it may be looked for again. */
  lack(hadIt: boolean): number {
    this.hasEnded ||= hadIt;
    const say = this.hasEnded ? texts.ended : texts.unlisted;
    this.trouble = { state: 'unlisted', reason: say(this.venue, this.symbol) };
    return later(this.hasEnded ? endedRetryMs : unlistedRetryMs, this.failures++);
  }

  /** A look failed. Returns after how many ms the next one may come. */
  fail(error: unknown): number {
    const kind = error instanceof FeedError ? error.kind : 'down';
    const afterMs = error instanceof FeedError ? error.retryAfterMs : undefined;
    const { venue } = this;
    this.failures++;
    if (kind === 'limited') {
      const waitMs = afterMs ?? venue.pauseMs;
      this.trouble = { state: 'limited', reason: texts.refusal(venue, { kind, retryAfterMs: waitMs }) };
      return waitMs;
    }
    if (kind === 'blocked') {
      const waitMs = Math.max(afterMs ?? 0, later(blockedMs, this.failures - 1));
      this.trouble = { state: 'blocked', reason: texts.refusal(venue, { kind, retryAfterMs: waitMs }) };
      return waitMs;
    }
    const reason = texts.refusal(venue, { kind: kind === 'malformed' ? kind : 'down' });
    this.trouble = { state: 'down', reason };
    return Math.min(minuteMs, 2000 * 2 ** Math.min(this.failures, 6)) * (0.5 + this.random());
  }

  /** Who refuses is not to be asked sooner; who did not answer may have come back since. */
  get mayBeAskedSooner(): boolean {
    return this.trouble === undefined || this.trouble.state === 'down';
  }

  /** Notes the state that the venue is in now; true where it is another one than before. */
  note(state: FeedHealth['state'], now: number): boolean {
    if (state === this.noted.state) return false;
    this.noted = { state, since: now };
    return true;
  }

  /** Since when it is in a state, by the user's clock: `now` where it has only just come into it. */
  since(state: FeedHealth['state'], now: number): number {
    return state === this.noted.state ? this.noted.since : now;
  }
}
