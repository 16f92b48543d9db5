import type { OrderBook } from '../../engine/flow/depth';
import { type Instrument, reachOf } from '../../feeds/feed';
import { type Clock, sleep } from '../../feeds/net/pacing';
import type { BookTurns } from './book-turns';
import type { LiveMarket } from './live-market';
import type { Requests } from './requests';
import { staleMs } from './venue-clock';

/** How soon it is looked again whether a book is of use yet. */
const waitMs = 1000;

/** With the mark when it was asked for, when it came by the user's clock, and how far it reaches, a fraction of the price. */
export type DatedBook = OrderBook & { at: number; reach: number };

/**
 * The order book of one symbol on one venue, asked for now and then: such books reach deeper than those that are
 * streamed. One that does not come is no trouble: the old one ages, and then counts no more.
 */
export class PolledBook {
  private newest: DatedBook | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly live: LiveMarket,
    private readonly clock: Clock,
    private readonly turns: BookTurns,
  ) {}

  /** Asks until the signal aborts, as long as there is a map to hold the book against. */
  async follow(instrument: Instrument, isWanted: () => boolean, signal: AbortSignal): Promise<void> {
    const { clock, requests, turns } = this;
    const { venue } = requests;
    let pauseMs = waitMs;
    turns.count(venue.id, 1);
    try {
      while (!signal.aborted) {
        await sleep(clock, pauseMs, signal);
        if (!isWanted()) continue;
        pauseMs = turns.everyMs(venue);
        const { mark } = this.live;
        const call = venue.book(instrument, mark?.mark);
        const book = await requests.askAside('book', call, { signal, priority: -2 });
        if (book && mark) this.newest = { ...book, mark: mark.mark, at: clock.now(), reach: reachOf(book) };
      }
    } catch {
      // Nobody watches any more.
    } finally {
      turns.count(venue.id, -1);
    }
  }

  /** What was told before means something else from now on. */
  forget(): void {
    this.newest = undefined;
  }

  /** The order book, while it is of use. */
  fresh(): DatedBook | undefined {
    const age = this.clock.now() - (this.newest?.at ?? Number.NEGATIVE_INFINITY);
    return age >= 0 && age <= staleMs ? this.newest : undefined;
  }
}
