import type { Venue, VenueId } from '../../feeds/feed';

/** The order book is asked for this often. */
const bookMs = 15_000;
/** Those of many symbols are asked for one after the other so far apart, and yet before the one before them is of no use. */
const apartMs = 2000;
const longestMs = 45_000;

/** How many symbols' books each venue is asked for: what many cost together stays within a part of its limits. */
export class BookTurns {
  private readonly followed = new Map<VenueId, number>();

  /** One more is asked for, or one less. */
  count(venue: VenueId, change: 1 | -1): void {
    this.followed.set(venue, (this.followed.get(venue) ?? 0) + change);
  }

  /** How often each is asked for, ms. */
  everyMs({ id, bookEveryMs = bookMs }: Venue): number {
    return Math.max(bookEveryMs, Math.min(longestMs, apartMs * (this.followed.get(id) ?? 0)));
  }
}
