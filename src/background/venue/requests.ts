import { type Call, FeedError, type Venue } from '../../feeds/feed';
import type { RunOptions } from '../../feeds/net/http';
import type { FeedId } from '../../protocol/view';
import { texts } from '../browser/texts';
import { type FeedActivity, stateOf } from './feed-health';
import type { VenueServices } from './services';

/** Asks one venue, and notes by feed what comes of it. */
export class Requests {
  constructor(
    readonly venue: Venue,
    private readonly services: Pick<VenueServices, 'transport' | 'clock' | 'dropped'>,
    readonly activity: FeedActivity,
  ) {}

  /** The reply; rejects with FeedError, or with the signal's reason. */
  ask<T>(call: Call<T>, options: RunOptions): Promise<T> {
    return this.services.transport.run(this.venue, call, options);
  }

  /** A call whose failure costs this feed alone; resolves to undefined then. */
  async askAside<T>(feed: FeedId, call: Call<T>, options: RunOptions): Promise<T | undefined> {
    const { clock } = this.services;
    try {
      const reply = await this.ask(call, options);
      this.activity.hear(feed, clock.now());
      return reply;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof FeedError)) throw error;
      this.count(error);
      this.activity.fail(feed, stateOf[error.kind], texts.refusal(this.venue, error), clock.now());
      return undefined;
    }
  }

  /** Counts a reply that did not match its schema; other errors are not counted. */
  count(error: unknown): void {
    if (error instanceof FeedError && error.kind === 'malformed')
      this.services.dropped.add(this.venue.id, error.message);
  }
}
