import type { Venue, VenueId } from '../../feeds/feed';
import type { FeedHealth, Tick } from '../../protocol/view';
import { venueIds } from '../../venues';
import { texts } from '../browser/texts';
import { Listing, type ListingEvents } from '../venue/listing';
import type { VenueServices } from '../venue/services';
import { oddMarks } from './odd-marks';

/** A mark this many times the others', or that part of it, is another asset's at once; less has to last this long. */
const grossly = 1.3;
const oddMs = 10_000;

/** One symbol on each of the venues that are switched on. */
export class Listings {
  private readonly byVenue = new Map<VenueId, Listing>();
  private readonly running = new Map<VenueId, AbortController>();
  private venues: readonly Venue[] = [];
  private startedAt = 0;
  /** How many times the others' price the mark of an odd venue is. */
  private odd = new Map<VenueId, number>();
  private readonly oddSince = new Map<VenueId, number>();
  /** Venues whose bars the model cannot take. */
  private readonly unfit = new Set<VenueId>();

  constructor(
    private readonly symbol: string,
    private readonly allVenues: readonly Venue[],
    private readonly services: VenueServices,
    private readonly eventsOf: (venue: Venue) => ListingEvents,
  ) {}

  /** Which venues count; those that are off are forgotten. */
  setVenues(on: ReadonlySet<VenueId>): void {
    this.venues = this.allVenues.filter((venue) => on.has(venue.id));
    for (const [id, stop] of this.running) if (!on.has(id)) stop.abort();
    for (const id of this.byVenue.keys()) if (!on.has(id)) this.byVenue.delete(id);
  }

  /** Follows the venues that are on and are not followed yet. */
  start(): void {
    if (this.running.size === 0) this.startedAt = this.services.clock.now();
    for (const venue of this.venues) {
      if (this.running.has(venue.id)) continue;
      const stop = new AbortController();
      stop.signal.addEventListener('abort', () => this.running.delete(venue.id), { once: true });
      this.running.set(venue.id, stop);
      const listing =
        this.byVenue.get(venue.id) ?? new Listing(this.symbol, venue, this.services, this.eventsOf(venue));
      this.byVenue.set(venue.id, listing);
      void listing.run(stop.signal);
    }
  }

  /** Closes the feeds and keeps what is known. */
  stop(): void {
    for (const stop of this.running.values()) stop.abort();
    this.running.clear();
  }

  /** Closes the feeds and forgets what is known. */
  forget(): void {
    this.stop();
    this.byVenue.clear();
  }

  /** Something that was in the way may be gone, such as a missing permission. */
  retry(): void {
    for (const listing of this.byVenue.values()) listing.retry();
  }

  /** The network is another one, perhaps: who refused the old address is asked as well. */
  moved(): void {
    for (const listing of this.byVenue.values())
      if (listing.isBlocked) listing.askAgain();
      else listing.retry();
  }

  /** Remembers since when each venue has been in its present state. */
  noteHealth(): void {
    for (const listing of this.byVenue.values()) listing.noteHealth();
  }

  get all(): Listing[] {
    return [...this.byVenue.values()];
  }

  of(id: VenueId): Listing | undefined {
    return this.byVenue.get(id);
  }

  /** Those with enough to draw from, and of the same coin. */
  get usable(): Listing[] {
    return this.all.filter((listing) => listing.usable() && !this.isLeftOut(listing.venue.id));
  }

  /** Open interest of those together. */
  get openInterestUsd(): number {
    return this.usable.reduce((sum, listing) => sum + openInterestUsd(listing), 0);
  }

  private isLeftOut(id: VenueId): boolean {
    return this.odd.has(id) || this.unfit.has(id);
  }

  /**
   * Looks on which venues the symbol is something else. Only what is fresh is compared: an old mark says nothing.
   *
   * @param shown venues whose own charts are watched
   * @returns whether other venues count now than before
   */
  compareMarks(shown: ReadonlySet<VenueId>): boolean {
    const listings = this.all.filter((listing) => listing.usable());
    const fresh = listings.filter((listing) => listing.isFresh());
    const found = oddMarks(
      fresh.map((listing) => ({
        venue: listing.venue.id,
        mark: listing.mark!.mark,
        openInterestUsd: openInterestUsd(listing),
        isShown: shown.has(listing.venue.id),
        wasOdd: this.odd.has(listing.venue.id),
      })),
    );
    const before = this.odd;
    const now = this.services.clock.now();
    for (const id of this.oddSince.keys()) if (!found.has(id)) this.oddSince.delete(id);
    for (const [id, times] of found) {
      const since = Math.min(now, this.oddSince.get(id) ?? now);
      this.oddSince.set(id, since);
      // In a fall one venue may run ahead of the others for a moment.
      const isGross = times > grossly || times < 1 / grossly;
      if (!isGross && !before.has(id) && now - since < oddMs) found.delete(id);
    }
    const isFresh = new Set(fresh.map(({ venue }) => venue.id));
    for (const [id, times] of before) if (!isFresh.has(id) && this.byVenue.has(id)) found.set(id, times);
    this.odd = found;
    return found.size !== before.size || [...found.keys()].some((id) => !before.has(id));
  }

  /** How much of what counts is live; undefined before anything does. */
  live(): NonNullable<Tick['live']> | undefined {
    const { usable } = this;
    if (usable.length === 0) return undefined;
    const live = usable.filter((listing) => listing.isLive);
    const usd = (listings: readonly Listing[]) =>
      listings.reduce((sum, listing) => sum + openInterestUsd(listing), 0);
    // A venue that never came is one that is missing; one that does not list the symbol is not.
    const waiting = this.all.filter((listing) => !listing.usable() && !listing.isUnlisted);
    const whole = usd(usable);
    return {
      venues: live.length,
      of: usable.length + waiting.length,
      share: whole > 0 ? usd(live) / whole : 0,
    };
  }

  /** As of when, by the user's clock, at least half of the open interest that counts is known; undefined before any is. */
  asOf(): number | undefined {
    const byTime = this.usable
      .map((listing) => ({ time: listing.clock.advancedAt ?? 0, usd: openInterestUsd(listing) }))
      .sort((a, b) => b.time - a.time);
    const half = byTime.reduce((sum, { usd }) => sum + usd, 0) / 2;
    let known = 0;
    for (const { time, usd } of byTime) {
      known += usd;
      if (known >= half) return time;
    }
    return undefined;
  }

  /** Which venues' bars the model cannot take. */
  setUnfit(ids: Iterable<VenueId>): void {
    this.unfit.clear();
    for (const id of ids) this.unfit.add(id);
  }

  /** Why a page that shows this venue's own chart gets nothing drawn, in words; undefined where it does. */
  refusal(id: VenueId | undefined): string | undefined {
    const times = id && this.odd.get(id);
    const listing = id && this.byVenue.get(id);
    return times && listing ? texts.oddPage(listing.venue, times) : undefined;
  }

  /** The venue whose mark the bands are expressed at: the page's own, else the first of the list, else the largest; a fresh one before a stale one. */
  reference(wanted?: VenueId): Listing | undefined {
    const rank = (listing: Listing) =>
      (listing.isFresh() ? 4 : 0) +
      (listing.venue.id === wanted ? 2 : 0) +
      (listing.venue.id === venueIds[0] ? 1 : 0);
    return this.usable.sort((a, b) => rank(b) - rank(a) || openInterestUsd(b) - openInterestUsd(a))[0];
  }

  /** What pages are told of every venue, also of those that are off. */
  health(): FeedHealth[] {
    return this.allVenues.map((venue) => ({ ...this.healthOf(venue), name: venue.name }));
  }

  private healthOf(venue: Venue): FeedHealth {
    const health = this.byVenue.get(venue.id)?.health();
    if (!health)
      return {
        venue: venue.id,
        state: 'off',
        since: this.startedAt,
        reason: texts.off(venue),
        quality: 'unavailable',
      };
    if (!this.isLeftOut(venue.id) || (health.state !== 'ok' && health.state !== 'late')) return health;
    const { openInterestUsd: _, ...rest } = health;
    const times = this.odd.get(venue.id);
    const reason = times === undefined ? texts.unfit(venue) : texts.oddMark(venue, times);
    return { ...rest, state: 'odd', reason, quality: 'unavailable' };
  }
}

function openInterestUsd({ openInterest, mark }: Listing): number {
  return openInterest!.base * mark!.mark;
}
