import type { VenueBars } from '../../engine/map/map';
import type { WindowId } from '../../engine/records';
import { hourMs, isWithin } from '../../engine/time';
import { estimateMaps, historyMs } from '../../estimate/market';
import type { Venue, VenueId } from '../../feeds/feed';
import { causeOf } from '../../protocol/cause';
import { lookAgainMs } from '../../protocol/limits';
import { texts } from '../browser/texts';
import { depthAt } from './books';
import type { Inside } from './detail';
import { HeatmapHistory } from './heatmap-history';
import { KnownLevels } from './known-levels';
import { Listings } from './listings';
import { MapBuilder } from './map-builder';
import { Notices } from './notices';
import { ObservedLayer } from './observed-layer';
import { Publisher, type Watcher } from './publisher';
import type { MarketServices } from './services';

const tickMs = 1000;
/** A symbol that no venue lists is looked for again after this, when a page asks. */
const unknownMs = lookAgainMs;
/** The first map waits this long for venues that are slower than the first. */
const firstMapMs = 1200;
/** Later maps are built at most this often, and this soon after bars have changed. */
const rebuildMs = 2000;
const soonestMs = 300;

/**
 * One symbol over all venues that are switched on: keeps the listings running while pages watch, has the maps built when
 * bars have changed, and every page told once a second.
 */
export class Market {
  private readonly listings: Listings;
  private readonly knownLevels: KnownLevels;
  private readonly builder: MapBuilder;
  private readonly notices: Notices;
  private readonly observed: ObservedLayer;
  private readonly history: HeatmapHistory;
  private readonly publisher: Publisher;
  private startedAt = 0;
  private builtAt = 0;
  private unknownAt = 0;
  private snapshotHour = 0;
  private awake: AbortController | undefined;
  private cancelBuild: (() => void) | undefined;

  constructor(
    readonly symbol: string,
    venues: readonly Venue[],
    private readonly services: MarketServices,
  ) {
    const { clock } = services;
    const listings = new Listings(symbol, venues, services, (venue) => ({
      bars: () => this.barsChanged(),
      trade: (trade) => {
        this.observed.see(trade);
        this.notices.seeTrade(trade);
      },
      gap: () => this.notices.dropFlow(),
      forcedOrders: (orders) => {
        for (const { id, order } of orders) this.notices.tape.add(venue.id, id, order);
      },
    }));
    this.knownLevels = new KnownLevels(symbol, services.store);
    const builder = new MapBuilder(listings, this.knownLevels);
    const notices = new Notices(listings, builder, services);
    const observed = new ObservedLayer(listings, services.accounts);
    const history = new HeatmapHistory(symbol, clock);
    const sources = { listings, builder, notices, observed, history };
    this.listings = listings;
    this.builder = builder;
    this.notices = notices;
    this.observed = observed;
    this.history = history;
    this.publisher = new Publisher(symbol, sources, services, () => this.scheduleBuild(0));
  }

  /** Number of pages that show the symbol. */
  get watched(): number {
    return this.publisher.watchers.length;
  }

  /** A page begins to watch, or changes what it watches. */
  watch(watcher: Watcher): void {
    this.publisher.add(watcher);
    if (isWithin(unknownMs, this.unknownAt, this.services.clock.now())) {
      this.publisher.sendUnknown([watcher], this.unknownReason());
      return;
    }
    this.start();
    if (!this.builder.of(watcher.window) || watcher.history) this.attempt(() => this.build());
    this.observe();
    this.attempt(() => this.publisher.send(watcher));
  }

  unwatch(watcher: Watcher): void {
    this.publisher.remove(watcher);
  }

  /** Which venues count. A venue that is off costs nothing. */
  setVenues(on: ReadonlySet<VenueId>): void {
    this.listings.setVenues(on);
    this.observe();
    if (!this.awake) return;
    this.listings.start();
    this.scheduleBuild(0);
  }

  /** Something that was in the way may be gone, such as a missing permission. */
  retry(): void {
    this.listings.retry();
  }

  /** The network is another one, perhaps. */
  moved(): void {
    this.listings.moved();
  }

  /** What is known beyond the map, from this venue's view; undefined while there is none. */
  inside(venue?: VenueId): Inside | undefined {
    const reference = this.listings.reference(venue);
    const bars = reference && this.builder.bars.get(reference);
    if (!reference || !bars) return undefined;
    const listings = [...this.builder.bars.keys()];
    return { reference, bars, listings, depth: depthAt(listings, reference.mark!.mark) };
  }

  /** The user wants a venue asked again, whatever it answered. */
  retryVenue(id: VenueId): void {
    this.listings.of(id)?.askAgain();
  }

  /** Opens the feeds; without effect while they are open. */
  start(): void {
    if (this.awake) return;
    this.awake = new AbortController();
    this.startedAt = this.services.clock.now();
    void this.services.store.forcedOrders(this.symbol, this.startedAt - historyMs).then((orders) => {
      for (const { venue, id, ...order } of orders) this.notices.tape.add(venue, id, order);
    });
    void this.knownLevels.load();
    this.listings.start();
    this.beat(this.awake.signal);
  }

  /** Closes the feeds and keeps what is known. */
  stop(): void {
    this.awake?.abort();
    this.awake = undefined;
    this.cancelBuild?.();
    this.cancelBuild = undefined;
    this.history.pause();
    this.listings.stop();
    this.observe();
  }

  /** The store answers that did not before: the venues begin anew with what it has. What was heard meanwhile is still told. */
  reload(): void {
    const isAwake = this.awake !== undefined;
    this.stop();
    this.listings.forget();
    this.builder.forget();
    if (isAwake) this.start();
  }

  /** Once a second: what moved since. */
  private beat(signal: AbortSignal): void {
    this.services.clock.after(tickMs, () => {
      if (signal.aborted) return;
      this.beat(signal);
      this.listings.noteHealth();
      this.attempt(() => {
        if (this.compareMarks()) this.scheduleBuild(0);
        this.builder.sweep();
      });
      this.sendAll();
    });
  }

  private sendAll(): void {
    const [first] = this.publisher.watchers;
    if (!first) return;
    const reference = this.listings.reference(first.venue);
    if (reference) {
      // A look for alerts has no use for it, and each worker that begins would ask.
      if (!this.services.isBrief) this.services.fearAndGreed.renew();
      this.attempt(() => this.notices.renew(reference));
    }
    for (const watcher of this.publisher.watchers) this.attempt(() => this.publisher.send(watcher));
  }

  private compareMarks(): boolean {
    return this.listings.compareMarks(new Set(this.publisher.watchers.flatMap(({ venue }) => venue ?? [])));
  }

  /** What fails is told, and costs nothing else: nobody waits for a timer's error. */
  private attempt(run: () => void): void {
    try {
      run();
    } catch (cause) {
      console.warn(`${this.symbol}:`, cause);
      this.notices.fault = texts.fault(causeOf(cause));
    }
  }

  private barsChanged(): void {
    const now = this.services.clock.now();
    const { all } = this.listings;
    if (all.every((listing) => listing.isUnlisted)) {
      this.unknownAt = now;
      this.stop();
      this.publisher.sendUnknown(this.publisher.watchers, this.unknownReason());
      return;
    }
    if (this.builder.isEmpty) {
      const isWaiting = all.some((listing) => !listing.settled) && isWithin(firstMapMs, this.startedAt, now);
      this.scheduleBuild(isWaiting ? this.startedAt + firstMapMs - now : 0);
    } else {
      const isRecent = isWithin(rebuildMs, this.builtAt, now);
      this.scheduleBuild(isRecent ? Math.max(soonestMs, this.builtAt + rebuildMs - now) : soonestMs);
    }
  }

  private unknownReason(): string {
    const hasEnded = this.listings.all.some((listing) => listing.hasEnded);
    return hasEnded ? texts.endedEverywhere(this.symbol) : texts.unlistedEverywhere(this.symbol);
  }

  private scheduleBuild(ms: number): void {
    if (ms > 0 && this.cancelBuild) return;
    this.cancelBuild?.();
    this.cancelBuild = this.services.clock.after(ms, () => {
      this.cancelBuild = undefined;
      this.attempt(() => this.build());
      this.sendAll();
    });
  }

  private windows(of: (watcher: Watcher) => boolean = () => true): Set<WindowId> {
    return new Set(this.publisher.watchers.filter(of).map(({ window }) => window));
  }

  private build(): void {
    this.compareMarks();
    const built = this.builder.build(this.windows());
    if (!built) return;
    this.builtAt = this.services.clock.now();
    this.notices.fault = undefined;
    const { venues, reference, provisional } = built;
    if (!provisional) {
      if (this.builder.learn()) this.scheduleBuild(soonestMs);
      for (const [listing, columns] of this.builder.bars)
        listing.forcedOrders.learning
          .learn(columns, listing.clock.now(), listing.margin())
          .catch((cause: unknown) => console.warn(`${this.symbol}, ${listing.venue.name}:`, cause));
      this.keepSnapshot(venues, reference.mark!.mark);
      this.history.update(
        venues,
        reference.venue.id,
        this.windows(({ history }) => history === true),
      );
    }
    this.observe();
  }

  private observe(): void {
    this.observed.follow(
      this.awake !== undefined && this.publisher.watchers.some(({ observed }) => observed),
    );
  }

  /** The 24 h map of each hour is kept as it was. */
  private keepSnapshot(venues: readonly VenueBars[], price: number): void {
    const hour = Math.floor(this.services.clock.now() / hourMs) * hourMs;
    if (this.services.isBrief || hour === this.snapshotHour) return;
    this.snapshotHour = hour;
    const { lnLow, step, long, short } =
      this.builder.of('24h')?.map ?? estimateMaps(venues, ['24h'], price).maps.get('24h')!;
    void this.services.store.saveSnapshot({
      symbol: this.symbol,
      time: hour,
      price,
      lnLow,
      step,
      long: Float32Array.from(long),
      short: Float32Array.from(short),
    });
  }
}
