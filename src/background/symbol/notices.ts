import { deltaDivergence, TakerFlow } from '../../engine/flow/delta';
import type { UnstableWall } from '../../engine/flow/walls';
import { enoughOrders, type LedgerEntry, type LedgerSums, ledgerOf } from '../../engine/forced/ledger';
import { dayMs, isWithin } from '../../engine/time';
import type { Trade } from '../../feeds/feed';
import type { FeedId, Tick } from '../../protocol/view';
import { texts } from '../browser/texts';
import { joinedDrift } from '../venue/lesson-hours';
import type { Listing } from '../venue/listing';
import { OrderTape } from '../venue/order-tape';
import { bannersOf } from './banners';
import type { Listings } from './listings';
import type { MapBuilder } from './map-builder';
import type { MarketServices } from './services';
import { UnstableWalls } from './unstable-walls';

/** Banners, and how long orders were heard, are looked for this often. */
const bannersMs = 5000;
/** Real forced orders are added up over these. */
const forcedHours = [1, 4, 24];
/** Less than this part of open interest being live is worth a word. */
const leastLive = 0.9;
/** Expected amounts are doubtful where q has moved by more than this factor. */
const mostDrift = 2;

/** Feeds that are to bring something all the time. Where nobody is liquidated, forced orders do not. */
const liveFeeds: readonly FeedId[] = ['mark', 'bars', 'openInterest', 'book', 'trades'];

/** What a user should know beside the map: warnings, and what was really force-closed. */
export class Notices {
  readonly tape = new OrderTape();
  /** What could not be computed, in words. */
  fault: string | undefined;
  private found: Tick['banners'] = [];
  private heard: NonNullable<Tick['facts']> = [];
  private bannersAt = 0;
  /** What the forced orders heard say of the map, and the entries that it was made of. */
  private doubt: { of: readonly (readonly LedgerEntry[])[] } & LedgerSums = { of: [], ...ledgerOf([], 0) };
  private flow = new TakerFlow();
  private readonly walls = new UnstableWalls();

  constructor(
    private readonly listings: Listings,
    private readonly builder: MapBuilder,
    private readonly services: Pick<MarketServices, 'clock' | 'store' | 'withheld'>,
  ) {}

  seeTrade({ time, price, base, taker }: Trade): void {
    this.flow.add(time, price * base, taker);
  }

  /** Trades are missing: what is missing on one venue would tilt the sum. */
  dropFlow(): void {
    this.flow = new TakerFlow();
  }

  /** Looks for banners where the last look is some seconds old; `reference` stands for the market. */
  renew(reference: Listing): void {
    const now = this.services.clock.now();
    if (!this.builder.bars.has(reference) || isWithin(bannersMs, this.bannersAt, now)) return;
    this.bannersAt = now;
    this.weigh();
    this.heard = this.heardFact();
    this.found = [
      ...this.partlyLiveBanner(),
      ...bannersOf(reference, this.builder.bars, this.tape, now),
      ...this.feedBanners(now),
      ...this.orderFlowBanners(reference, now),
      ...this.driftBanner(),
      ...this.doubtBanner(),
    ];
  }

  /** Whether the map has done no better than chance for a week on the forced orders that were heard. */
  get isDoubtful(): boolean {
    return this.doubt.isDoubtful;
  }

  /** Sentences for banners, most important first. */
  get banners(): Tick['banners'] {
    const { fault: unkept } = this.services.store;
    return [
      ...(this.fault ? [{ kind: 'fault', text: this.fault }] : []),
      ...(unkept ? [{ kind: 'notKept', text: texts.notKept(unkept) }] : []),
      ...this.services.withheld(),
      ...this.found,
    ];
  }

  /** Real forced orders, and how they compare with what was learned, as pairs of a name and words. */
  facts(): NonNullable<Tick['facts']> {
    const now = this.services.clock.now();
    const drift = this.drift();
    return [
      ...forcedHours.map((hours) => texts.forced(hours, this.tape.totals(now, hours))),
      ...this.heard,
      texts.accuracy(
        this.doubt.orders,
        enoughOrders,
        this.doubt.map.share ?? 0,
        this.doubt.map.shareLow ?? 0,
      ),
      ...(drift === undefined ? [] : [texts.lately(drift)]),
    ];
  }

  /** Where a good part of what is shown stands still. */
  private partlyLiveBanner(): Tick['banners'] {
    const live = this.listings.live();
    const isEnough = !live || (live.share >= leastLive && 2 * live.venues > live.of);
    return isEnough ? [] : [{ kind: 'partlyLive', text: texts.partlyLive(live) }];
  }

  /** Feeds of venues that are live but for these: what hangs on them stands still. */
  private feedBanners(now: number): Tick['banners'] {
    return [...this.builder.bars.keys()].flatMap((listing) => {
      const { state, feeds = [] } = listing.health();
      if (state !== 'ok') return [];
      return feeds
        .filter((feed) => feed.state !== 'none' && liveFeeds.includes(feed.feed))
        .map(({ feed, since }) => ({
          kind: 'feedSilent',
          text: texts.feedSilent(listing.venue, feed, now - since),
        }));
    });
  }

  /** Where takers lean against a cluster that price has come close to, and where orders near one come and go. */
  private orderFlowBanners(reference: Listing, now: number): Tick['banners'] {
    const built = this.builder.main;
    const mark = built?.marks.get(reference.venue.id);
    if (!built || !mark) return [];
    const price = (built.map.price * reference.mark!.mark) / mark;
    const clusters = built.levels.map(({ cluster }) => cluster);
    const found = deltaDivergence(clusters, price, this.flow, reference.clock.now());
    const unstable = this.walls.look(this.builder.bars.keys(), price, clusters, now)[0];
    return [
      ...(found ? [{ kind: 'divergence', text: texts.divergence(found.side, found.delta) }] : []),
      ...(unstable ? [{ kind: 'unstableWall', text: wallText(unstable, price) }] : []),
    ];
  }

  /** Where real forced orders have moved away from what q was learned from. */
  private driftBanner(): Tick['banners'] {
    const drift = this.drift();
    if (drift === undefined || (drift <= mostDrift && drift >= 1 / mostDrift)) return [];
    return [{ kind: 'drift', text: texts.drift(drift) }];
  }

  /** Once for each hour that is learned. */
  private weigh(): void {
    const entries = this.listings.usable.map(({ forcedOrders }) => forcedOrders.learning.entries);
    const isSame =
      entries.length === this.doubt.of.length && entries.every((each, i) => each === this.doubt.of[i]);
    if (!isSame) this.doubt = { of: entries, ...ledgerOf(entries, this.services.clock.now()) };
  }

  private doubtBanner(): Tick['banners'] {
    return this.doubt.isDoubtful ? [{ kind: 'doubtful', text: texts.doubtful(this.doubt.orders) }] : [];
  }

  /** How long of the last day forced orders were listened to, and where not all of them are published. */
  private heardFact(): NonNullable<Tick['facts']> {
    const telling = this.listings.usable.filter(({ venue }) => venue.limits.forcedOrders !== 'none');
    if (telling.length === 0) return [];
    const heard = telling.map((listing) => {
      const now = listing.clock.now();
      return listing.forcedOrders.learning.heardMs(now - dayMs, now);
    });
    const sampled = telling.filter(({ venue }) => venue.limits.forcedOrders !== 'complete');
    return [
      texts.heard(
        Math.min(...heard),
        dayMs,
        sampled.map(({ venue }) => venue.name),
      ),
    ];
  }

  /** Geometric mean over the venues that can tell. */
  private drift(): number | undefined {
    return joinedDrift(this.listings.usable.map(({ forcedOrders }) => forcedOrders.learning.drift));
  }
}

/** At the price that the venue itself prints; `price` is the mark on the scale of the wall. */
function wallText({ listing, wall }: { listing: Listing; wall: UnstableWall }, price: number): string {
  return texts.unstableWall(listing.venue, wall.usd, (wall.price * listing.mark!.mark) / price, wall.count);
}
