import { type MarketRequest, readMarket } from '../estimate/read-market';
import { venueFeeds } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import type { Snapshot } from '../protocol/snapshot';
import type { VenueId } from '../venues';

/** What a widget without a snapshot wants to know. */
export interface LiveRequest
  extends Pick<MarketRequest, 'symbol' | 'windows' | 'heatmaps' | 'say' | 'signal'> {
  venues: readonly VenueId[];
}

export type Live = (request: LiveRequest) => Promise<Snapshot>;

/**
 * Asks the exchanges. A script of its own beside the widget's: pages with a snapshot, which are most, never load it.
 *
 * @param get loads from the exchanges
 */
export function createLive(get: typeof fetch): Live {
  const transport = createTransport({ fetch: get, clock: systemClock, random: Math.random });
  return ({ venues: ids, ...request }) =>
    readMarket({
      ...request,
      venues: venueFeeds.filter(({ id }) => ids.includes(id)),
      transport,
      now: () => systemClock.now(),
    });
}
