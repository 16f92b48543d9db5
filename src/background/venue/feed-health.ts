import { eventsOnlyMs, type FeedErrorKind } from '../../feeds/feed';
import type { FeedId, FeedState } from '../../protocol/view';

/** What stands in the way of a feed, and since when, by the user's clock. */
export interface FeedTrouble {
  state: FeedState['state'];
  since: number;
  reason: string;
}

const dayMs = 86_400_000;
/** No market is so lively that a pause of its forced orders this long means anything. */
const leastQuietMs = 600_000;

/** How long a symbol's forced orders may stay away, ms: twenty mean pauses of its last day, 10 min to 12 h. */
export function quietOrdersMs(ordersOfLastDay: number): number {
  return Math.min(eventsOnlyMs, Math.max(leastQuietMs, (20 * dayMs) / Math.max(1, ordersOfLastDay)));
}

/** How a refusal of one feed is named. */
export const stateOf: Record<FeedErrorKind, FeedState['state']> = {
  limited: 'limited',
  blocked: 'blocked',
  unlisted: 'none',
  unavailable: 'none',
  malformed: 'down',
  down: 'down',
};

/** When each feed of one venue last brought something, and what is in its way since. Times by the user's clock. */
export class Feeds {
  private readonly heardAt = new Map<FeedId, number>();
  private readonly troubles = new Map<FeedId, FeedTrouble>();

  heard(feed: FeedId, now: number): void {
    this.heardAt.set(feed, now);
    this.troubles.delete(feed);
  }

  /** Trouble that goes on is as old as it was at first. */
  fail(feed: FeedId, state: FeedState['state'], reason: string, now: number): void {
    this.troubles.set(feed, { state, reason, since: this.troubles.get(feed)?.since ?? now });
  }

  trouble(feed: FeedId): FeedTrouble | undefined {
    return this.troubles.get(feed);
  }

  /** When the feed last brought something; `otherwise` where it never did. */
  last(feed: FeedId, otherwise: number): number {
    return this.heardAt.get(feed) ?? otherwise;
  }
}
