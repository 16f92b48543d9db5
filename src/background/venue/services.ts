import type { Instrument, Venue } from '../../feeds/feed';
import type { Hosts } from '../../feeds/net/hosts';
import type { Transport } from '../../feeds/net/http';
import type { Clock } from '../../feeds/net/pacing';
import type { SocketOptions } from '../../feeds/net/socket';
import type { Store } from '../storage/store';
import type { BookTurns } from './book-turns';
import type { DroppedMessages } from './dropped-messages';
import type { PageMarket } from './instruments';

/** What following a venue needs of the world, passed in. */
export interface VenueServices {
  transport: Transport;
  WebSocket: SocketOptions['WebSocket'];
  /** Which hosts answer in place of others. Absent: none do. */
  hosts?: Hosts;
  store: Store;
  clock: Clock;
  /** Uniform in [0, 1), as Math.random. */
  random: () => number;
  /** How a venue lists a symbol, by a list of at most this age (ms); undefined where it does not. */
  instrument(
    venue: Venue,
    symbol: string,
    signal: AbortSignal,
    maxAgeMs: number,
  ): Promise<Instrument | undefined>;
  /** What a page of the venue shows under a name, by the venue's own list; undefined where that cannot be told. */
  named(venue: Venue, name: string): Promise<PageMarket | undefined>;
  /** Whether all of these venues are known not to list the symbol; nothing is asked. */
  isUnlisted(venues: readonly Venue[], symbol: string): boolean;
  /** Whether the user lets us ask the venue. */
  permitted(venue: Venue): Promise<boolean>;
  /** Absent: as fine a history as the venue keeps. True: fine for the last days alone, for a market that is only glanced at. */
  isBrief?: boolean;
  /** How often order books are asked for. */
  bookTurns: BookTurns;
  /** Messages that did not match their schema. */
  dropped: DroppedMessages;
}
