import { type MarketRequest, readMarket } from '../estimate/read-market';
import { socketSharing, venueFeeds } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { sharedSockets } from '../feeds/net/shared-sockets';
import type { SocketOptions } from '../feeds/net/socket';
import type { Snapshot } from '../protocol/snapshot';
import type { FeedHealth } from '../protocol/view';
import type { Speak } from '../ui/languages';
import type { VenueId } from '../venues';
import { LiveVenue } from './live-venue';
import { SharedHolds } from './shared-holds';

/** What a widget without a snapshot wants to know. */
export interface LiveRequest extends Pick<MarketRequest, 'symbol' | 'windows' | 'heatmaps' | 'signal'> {
  venues: readonly VenueId[];
  say: Speak;
  /** Aborts when no element shows the market any more. */
  until: AbortSignal;
}

export type Live = (request: LiveRequest) => Promise<Snapshot>;

/** What the script works with; a page's own are given by the widget. */
export interface LiveSurroundings {
  fetch: typeof fetch;
  WebSocket: SocketOptions['WebSocket'];
}

/**
 * Follows the exchanges: what is now comes by their sockets, and only the past, and what no socket brings, is asked for. A
 * script of its own beside the widget's: pages with a snapshot, which are most, never load it.
 */
export function createLive({ fetch: get, WebSocket }: LiveSurroundings): Live {
  const clock = systemClock;
  const unreadable = new UnreadableHosts(get);
  const transport = createTransport({ fetch: unreadable.fetch, clock, random: Math.random });
  const services = { WebSocket: sharedSockets(WebSocket, socketSharing, clock), clock, random: Math.random };
  /** The markets that are shown somewhere on the page. */
  const followed = new SharedHolds<LiveVenue>((market) => market.close());
  return async ({ venues: ids, until, ...request }) => {
    const asked = venueFeeds.filter(({ id }) => ids.includes(id));
    const snapshot = await readMarket({
      ...request,
      venues: asked,
      transport,
      now: () => clock.now(),
      memoryOf: (venue) => {
        until.throwIfAborted();
        const key = `${venue.id} ${request.symbol}`;
        return followed.take(key, until, () => new LiveVenue(venue, services)).memory;
      },
    });
    return { ...snapshot, health: snapshot.health.map((each) => named(each, unreadable, request.say)) };
  };
}

/** A venue that answers, but other sites' pages may not read what, is said to do so. */
function named(health: FeedHealth, unreadable: UnreadableHosts, say: Speak): FeedHealth {
  const { name, hosts } = venueFeeds.find(({ id }) => id === health.venue)!;
  const isUnreadable = health.state === 'down' && hosts.some((host) => unreadable.has(host));
  return isUnreadable ? { ...health, reason: say('widget_unreadable', name) } : health;
}

/**
 * Tells hosts that may not be read from those that do not answer: browsers report both alike, but hand out an empty reply
 * to whoever does not want to read it.
 */
class UnreadableHosts {
  private readonly answers = new Map<string, Promise<boolean>>();
  private readonly found = new Set<string>();

  constructor(private readonly get: typeof fetch) {}

  has(host: string): boolean {
    return this.found.has(host);
  }

  readonly fetch: typeof fetch = async (input, init) => {
    try {
      return await this.get(input, init);
    } catch (error) {
      const { host, origin } = new URL(String(input));
      if (error instanceof TypeError && (await this.answersAtAll(host, origin))) this.found.add(host);
      throw error;
    }
  };

  private answersAtAll(host: string, origin: string): Promise<boolean> {
    const known = this.answers.get(host);
    if (known) return known;
    const answer = this.get(origin, { mode: 'no-cors', credentials: 'omit' }).then(
      () => true,
      () => false,
    );
    this.answers.set(host, answer);
    return answer;
  }
}
