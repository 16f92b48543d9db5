import { dayMs, minuteMs } from '../../engine/time';
import { eventsOnlyMs, type FeedErrorKind, type Topic, type Venue } from '../../feeds/feed';
import { type FeedId, type FeedState, feedIds } from '../../protocol/view';
import { texts } from '../browser/texts';
import type { Streams } from './streams';
import { staleMs } from './venue-clock';

/** What stands in the way of a feed, and since when, by the user's clock. */
export interface FeedTrouble {
  state: FeedState['state'];
  since: number;
  reason: string;
}

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
export class FeedActivity {
  private readonly heardAt = new Map<FeedId, number>();
  private readonly troubles = new Map<FeedId, FeedTrouble>();

  hear(feed: FeedId, now: number): void {
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

/** A feed that brings nothing for this long is late; those asked for now and then are late once asking fails. */
const usualPatienceMs: Record<FeedId, number> = {
  mark: staleMs,
  bars: 11 * minuteMs,
  openInterest: 11 * minuteMs,
  book: staleMs,
  trades: Number.POSITIVE_INFINITY,
  forcedOrders: eventsOnlyMs,
  funding: Number.POSITIVE_INFINITY,
  tiers: Number.POSITIVE_INFINITY,
};

/** Feeds that depend on one topic alone; the others are asked for as well where their stream breaks. */
const topicOf: Partial<Record<FeedId, Topic>> = { trades: 'trade', forcedOrders: 'forcedOrder' };
/** What is streamed of a feed. */
const streamedAs: Partial<Record<FeedId, Topic>> = {
  ...topicOf,
  mark: 'mark',
  bars: 'bar',
  openInterest: 'openInterest',
};

/** What `feedStates` judges by. */
interface FollowedFeeds {
  venue: Venue;
  activity: FeedActivity;
  streams: Pick<Streams, 'openedAt' | 'of' | 'silentSince'>;
  /** How long forced orders may stay away, ms. */
  forcedOrdersPatienceMs: number;
  /** Since when bars show trades that have not come as trades, by the user's clock. */
  missingTradesSince: number | undefined;
}

/** The feeds that do not bring what they should. What stands in the way of all of them is the venue's own state. */
export function feedStates(followed: FollowedFeeds, now: number): FeedState[] {
  const { venue, activity, streams } = followed;
  return feedIds.flatMap((feed): FeedState[] => {
    if (feed === 'forcedOrders' && venue.limits.forcedOrders === 'none')
      return [{ feed, state: 'none', since: streams.openedAt, reason: texts.noForcedOrders(venue) }];
    const streamed = streamedAs[feed];
    const silentSince = streamed && streams.silentSince(streamed);
    if (silentSince !== undefined)
      return [{ feed, state: 'late', since: silentSince, reason: texts.feedAsked(venue, now - silentSince) }];
    const trouble = activity.trouble(feed);
    const last = activity.last(feed, streams.openedAt);
    const topic = topicOf[feed];
    const socket = topic && streams.of(topic);
    const isBroken = socket === 'late' || socket === 'down';
    const isLate = now - last > patienceMs(feed, followed, now);
    if (!isLate && !isBroken && !(trouble && usualPatienceMs[feed] === Number.POSITIVE_INFINITY)) return [];
    if (trouble) return [{ feed, ...trouble }];
    const state = socket === 'down' ? 'down' : 'late';
    return [{ feed, state, since: last, reason: texts.feedLate(venue, now - last) }];
  });
}

/** How long a feed may bring nothing, ms. */
function patienceMs(feed: FeedId, followed: FollowedFeeds, now: number): number {
  if (feed === 'forcedOrders') return followed.forcedOrdersPatienceMs;
  if (feed !== 'trades') return usualPatienceMs[feed];
  // Trades that bars tell of should have come as trades.
  const missingMs = now - (followed.missingTradesSince ?? Number.POSITIVE_INFINITY);
  return missingMs > staleMs ? 0 : Number.POSITIVE_INFINITY;
}
