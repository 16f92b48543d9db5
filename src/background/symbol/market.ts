import { deltaDivergence, TakerFlow } from '../../engine/flow/delta';
import { type Depth, joinBooks, type OrderBook } from '../../engine/flow/depth';
import type { UnstableWall } from '../../engine/flow/walls';
import { findClusters } from '../../engine/map/clusters';
import { mapReach, sweepMap, type VenueBars } from '../../engine/map/map';
import { type BandMap, type WindowId, windowMs } from '../../engine/records';
import { fundingPer8h } from '../../engine/regime/funding';
import { slotMs } from '../../estimate/day-cells';
import { barsOf, estimateMap, historyMs, openInterestUsd, qOf } from '../../estimate/market';
import { closesOf, venueShares, viewOf } from '../../estimate/view';
import type { Venue, VenueId } from '../../feeds/feed';
import { hyperliquid } from '../../feeds/hyperliquid';
import type { WatchReply } from '../../protocol/messages';
import type { FeedHealth, FeedId, MapView, MarketContext, Tick } from '../../protocol/view';
import { venueIds } from '../../venues';
import { words } from '../browser/words';
import { Listing, type Surroundings } from '../venue/listing';
import { Tape } from '../venue/order-tape';
import { type BuiltBars, bannersOf } from './banners';
import { History } from './heatmap-history';
import { Observed } from './observed-positions';
import { Walls } from './unstable-walls';

/** One page that shows the symbol. */
export interface Watcher {
  window: WindowId;
  /** The venue whose mark the page's own prices follow. */
  venue?: VenueId;
  /** Whether observed positions are wanted. */
  observed?: boolean;
  /** Whether the history of the estimate is wanted. */
  history?: boolean;
  send(reply: WatchReply): void;
}

const hourMs = 3_600_000;
const slotsPerDay = 288;
const tickMs = 1000;
const bannersMs = 5000;
/** A symbol that no venue lists is looked for again after this. */
const unknownMs = 3_600_000;
/** The first map waits this long for venues that are slower than the first. */
const firstMapMs = 1200;
/** Later maps are built at most this often. */
const rebuildMs = 2000;
/** Real forced orders are added up over these. */
const forcedHours = [1, 4, 24];
/** Expected amounts are doubtful where q has moved by more than this factor. */
const mostDrift = 2;

/** Feeds that are to bring something all the time. Where nobody is liquidated, forced orders do not. */
const liveFeeds: readonly FeedId[] = ['mark', 'bars', 'openInterest', 'book', 'trades'];

interface Built {
  /** Bands at absolute prices of the reference venue. */
  map: BandMap;
  /** What each venue's mark was when the map was built: bands move from one venue's chart to another's by their ratio. */
  marks: ReadonlyMap<VenueId, number>;
  historyFrom: number;
  provisional: boolean;
  /** Counts changes, so that every page gets each one once. */
  version: number;
}

/** What a page has been sent last. */
interface Sent {
  version: number;
  venue: VenueId;
  price: number;
  /** The minute whose order books it counts; 0 without any. */
  books: number;
}

/**
 * One symbol over all venues that are switched on: keeps the listings running while pages watch, builds the bands, and
 * tells every page what changed.
 */
export class Market {
  private readonly listings = new Map<VenueId, Listing>();
  private readonly running = new Map<VenueId, AbortController>();
  private readonly watchers = new Map<Watcher, Sent | undefined>();
  private readonly maps = new Map<WindowId, Built>();
  private readonly history: History;
  private readonly historySent = new WeakMap<Watcher, unknown>();
  private venues: readonly Venue[] = [];
  private startedAt = 0;
  private builtAt = 0;
  private version = 0;
  private unknownUntil = 0;
  private readonly tape = new Tape();
  private flow = new TakerFlow();
  private readonly walls = new Walls();
  private built: BuiltBars = new Map();
  private banners: Tick['banners'] = [];
  private bannersAt = 0;
  private snapshotHour = 0;
  private observed: { layer: Observed; stop: AbortController } | undefined;
  private awake: AbortController | undefined;
  private cancelBuild: (() => void) | undefined;

  constructor(
    readonly symbol: string,
    private readonly allVenues: readonly Venue[],
    private readonly around: Surroundings,
  ) {
    this.history = new History(symbol, around.clock);
  }

  /** Number of pages that show the symbol. */
  get watched(): number {
    return this.watchers.size;
  }

  /** A page begins to watch, or changes what it watches. */
  watch(watcher: Watcher): void {
    this.watchers.set(watcher, undefined);
    if (this.unknownUntil > this.around.clock.now()) {
      watcher.send({ type: 'unknown', symbol: this.symbol });
      return;
    }
    this.start();
    if (!this.maps.has(watcher.window) || watcher.history) this.build();
    this.observe();
    this.tell(watcher);
  }

  unwatch(watcher: Watcher): void {
    this.watchers.delete(watcher);
  }

  /** Which venues count. A venue that is off costs nothing. */
  setVenues(on: ReadonlySet<VenueId>): void {
    this.venues = this.allVenues.filter((venue) => on.has(venue.id));
    for (const [id, stop] of this.running) if (!on.has(id)) stop.abort();
    for (const id of this.listings.keys()) if (!on.has(id)) this.listings.delete(id);
    this.observe();
    if (this.awake) {
      this.startListings();
      this.scheduleBuild(0);
    }
  }

  /** Something that was in the way may be gone, such as a missing permission. */
  retry(): void {
    for (const listing of this.listings.values()) listing.retry();
  }

  /** Opens the feeds; without effect while they are open. */
  start(): void {
    if (this.awake) return;
    this.awake = new AbortController();
    this.startedAt = this.around.clock.now();
    void this.around.store.forcedOrders(this.symbol, this.startedAt - historyMs).then((orders) => {
      for (const { venue, id, ...order } of orders) this.tape.add(venue, id, order);
    });
    this.startListings();
    this.beat(this.awake.signal);
  }

  /** Closes the feeds and keeps what is known. */
  stop(): void {
    this.awake?.abort();
    this.awake = undefined;
    this.cancelBuild?.();
    this.cancelBuild = undefined;
    this.history.pause();
    for (const stop of this.running.values()) stop.abort();
    this.running.clear();
    this.observe();
  }

  private startListings(): void {
    for (const venue of this.venues) {
      if (this.running.has(venue.id)) continue;
      const stop = new AbortController();
      stop.signal.addEventListener('abort', () => this.running.delete(venue.id), { once: true });
      this.running.set(venue.id, stop);
      const listing =
        this.listings.get(venue.id) ??
        new Listing(this.symbol, venue, this.around, {
          bars: () => this.barsChanged(),
          trade: (trade) => {
            this.observed?.layer.see(trade);
            this.flow.add(trade.time, trade.price * trade.base, trade.taker);
          },
          // What is missing on one venue would tilt the sum.
          gap: () => {
            this.flow = new TakerFlow();
          },
          forcedOrder: ({ id, order }) => this.tape.add(venue.id, id, order),
        });
      this.listings.set(venue.id, listing);
      void listing.run(stop.signal);
    }
  }

  /** Once a second: what moved since. */
  private beat(signal: AbortSignal): void {
    this.around.clock.after(tickMs, () => {
      if (signal.aborted) return;
      this.beat(signal);
      this.sweep();
      for (const watcher of this.watchers.keys()) this.tell(watcher);
    });
  }

  private barsChanged(): void {
    const now = this.around.clock.now();
    const listings = [...this.listings.values()];
    if (listings.every((listing) => listing.health().state === 'unlisted')) {
      this.unknownUntil = now + unknownMs;
      this.stop();
      for (const watcher of this.watchers.keys()) watcher.send({ type: 'unknown', symbol: this.symbol });
      return;
    }
    if (this.maps.size === 0) {
      const waiting = listings.some((listing) => !listing.settled);
      this.scheduleBuild(waiting ? Math.max(0, this.startedAt + firstMapMs - now) : 0);
    } else {
      this.scheduleBuild(Math.max(300, this.builtAt + rebuildMs - now));
    }
  }

  private scheduleBuild(ms: number): void {
    if (ms > 0 && this.cancelBuild) return;
    this.cancelBuild?.();
    this.cancelBuild = this.around.clock.after(ms, () => {
      this.cancelBuild = undefined;
      this.build();
      for (const watcher of this.watchers.keys()) this.tell(watcher);
    });
  }

  private usable(): Listing[] {
    return [...this.listings.values()].filter((listing) => listing.usable());
  }

  /** The venue whose mark the bands are expressed at: the page's own, else the first of the list, else the largest; a fresh one before a stale one. */
  private reference(wanted?: VenueId): Listing | undefined {
    const usd = (listing: Listing) => listing.openInterest!.base * listing.mark!.mark;
    const rank = (listing: Listing) =>
      (listing.isFresh() ? 4 : 0) +
      (listing.venue.id === wanted ? 2 : 0) +
      (listing.venue.id === venueIds[0] ? 1 : 0);
    return this.usable().sort((a, b) => rank(b) - rank(a) || usd(b) - usd(a))[0];
  }

  private build(): void {
    const reference = this.reference();
    if (!reference) return;
    const usable = this.usable();
    this.builtAt = this.around.clock.now();
    const bars = barsOf(usable.map((listing) => listing.market()));
    this.built = new Map(usable.map((listing, i) => [listing, bars[i]!.bars]));
    const historyFrom = Math.min(...bars.map((venue) => venue.bars.time[0]!));
    const provisional = [...this.listings.values()].some(
      (listing) => !listing.complete && ['starting', 'ok', 'late'].includes(listing.health().state),
    );
    const windows = new Set([...this.watchers.keys()].map(({ window }) => window));
    for (const window of this.maps.keys()) if (!windows.has(window)) this.maps.delete(window);
    const marks = new Map(usable.map((listing) => [listing.venue.id, listing.mark!.mark]));
    for (const window of windows) {
      const map = estimateMap(bars, window, reference.mark!.mark);
      this.maps.set(window, { map, marks, historyFrom, provisional, version: ++this.version });
    }
    if (!provisional) {
      for (const [listing, columns] of this.built)
        void listing.learning.learn(columns, listing.venueNow(), listing.margin());
      this.keepSnapshot(bars, reference.mark!.mark);
      const wanted = new Set([...this.watchers.keys()].filter((w) => w.history).map(({ window }) => window));
      this.history.update(bars, reference.venue.id, wanted);
    }
    this.sweep();
    this.observe();
  }

  /** Looks at single accounts while a page asks for it and their venue is on and lists the symbol. */
  private observe(): void {
    const instrument = this.listings.get(hyperliquid.id)?.instrument;
    const isWanted = [...this.watchers.keys()].some(({ observed }) => observed);
    if (!isWanted || !instrument || !this.awake) {
      this.observed?.stop.abort();
      this.observed = undefined;
    } else if (!this.observed) {
      const { transport, clock } = this.around;
      this.observed = { layer: new Observed(instrument, transport, clock), stop: new AbortController() };
      void this.observed.layer.run(this.observed.stop.signal);
    }
  }

  /** The 24 h map of each hour is kept as it was. */
  private keepSnapshot(bars: readonly VenueBars[], price: number): void {
    const hour = Math.floor(this.around.clock.now() / hourMs) * hourMs;
    if (hour === this.snapshotHour) return;
    this.snapshotHour = hour;
    const { lnLow, step, long, short } = this.maps.get('24h')?.map ?? estimateMap(bars, '24h', price);
    void this.around.store.saveSnapshot({
      symbol: this.symbol,
      time: hour,
      price,
      lnLow,
      step,
      long: Float32Array.from(long),
      short: Float32Array.from(short),
    });
  }

  /** Empties the bands that price has gone through since the newest closed bar. */
  private sweep(): void {
    for (const built of this.maps.values()) {
      const reference = this.usable().find(({ venue, mark }) => built.marks.get(venue.id) && mark);
      if (!reference) continue;
      const low = Math.min(reference.low, reference.mark!.mark);
      const high = Math.max(reference.high, reference.mark!.mark);
      const scale = built.map.price / built.marks.get(reference.venue.id)!;
      const before = nearest(built.map);
      sweepMap(built.map, low * scale, high * scale);
      const after = nearest(built.map);
      if (before[0] !== after[0] || before[1] !== after[1]) built.version = ++this.version;
    }
  }

  private tell(watcher: Watcher): void {
    const reference = this.reference(watcher.venue);
    watcher.send({ type: 'tick', tick: this.tick(reference) });
    const built = this.maps.get(watcher.window);
    if (!built || !reference) return;
    const { id } = reference.venue;
    const price = reference.mark!.mark;
    const ratio = (built.marks.get(id) ?? built.map.price) / built.map.price;
    // Price has left the map: the next one is due.
    if (Math.abs(Math.log(price / ratio / built.map.price)) > mapReach / 2) {
      this.scheduleBuild(0);
      return;
    }
    this.tellHistory(watcher);
    const sent = this.watchers.get(watcher);
    const books = this.books() ? Math.floor(this.around.clock.now() / 60_000) : 0;
    const isNews =
      sent?.version !== built.version ||
      sent.venue !== id ||
      sent.books !== books ||
      Math.abs(Math.log(price / sent.price)) > built.map.step / 2;
    if (!isNews) return;
    this.watchers.set(watcher, { version: built.version, venue: id, price, books });
    const markets = this.usable().map((listing) => listing.market());
    watcher.send({
      type: 'map',
      view: viewOf(
        built.map,
        { ratio, price, openInterestUsd: openInterestUsd(markets), depth: this.depth(price) },
        {
          symbol: this.symbol,
          window: watcher.window,
          provisional: built.provisional,
          historyFrom: built.historyFrom,
          asOf: reference.advancedAt ?? 0,
          q: qOf(built.map, markets),
          venues: this.sharesOf(built.map),
          ...this.closesOn(reference, watcher.window),
          ...(watcher.observed && this.observedOn(built)),
        },
      ),
    });
  }

  private tellHistory(watcher: Watcher): void {
    const history = watcher.history && this.history.view(watcher.window);
    if (!history || this.historySent.get(watcher) === history) return;
    this.historySent.set(watcher, history);
    watcher.send({ type: 'history', history });
  }

  private currentBanners(reference: Listing | undefined): Tick['banners'] {
    const now = this.around.clock.now();
    if (reference && this.built.has(reference) && now - this.bannersAt >= bannersMs) {
      this.bannersAt = now;
      this.banners = [
        ...bannersOf(reference, this.built, this.tape, now),
        ...this.feedBanners(),
        ...this.orderFlowBanners(reference),
        ...this.driftBanner(),
      ];
    }
    return this.banners;
  }

  /** Once for each map: ticks move the price, not who holds what. */
  private readonly shares = new WeakMap<BandMap, MapView['venues']>();

  private sharesOf(map: BandMap): MapView['venues'] {
    const name = (id: string) => this.allVenues.find((venue) => venue.id === id)?.name ?? id;
    if (!this.shares.has(map)) this.shares.set(map, venueShares(map, name));
    return this.shares.get(map);
  }

  private closesOn(reference: Listing, window: WindowId): Pick<MapView, 'closes'> {
    const bars = this.built.get(reference);
    return { closes: bars && closesOf(bars, slotMs, windowMs[window]) };
  }

  /** Where takers lean against a cluster that price has come close to, and where orders near one come and go. */
  private orderFlowBanners(reference: Listing): Tick['banners'] {
    const built = this.maps.get('24h') ?? [...this.maps.values()][0];
    const mark = built?.marks.get(reference.venue.id);
    if (!built || !mark) return [];
    const price = (built.map.price * reference.mark!.mark) / mark;
    const clusters = findClusters(built.map);
    const found = deltaDivergence(clusters, price, this.flow, reference.venueNow());
    const unstable = this.walls.look(this.built.keys(), price, clusters, this.around.clock.now())[0];
    return [
      ...(found ? [{ kind: 'divergence', text: words.divergence(found.side, found.delta) }] : []),
      ...(unstable ? [{ kind: 'unstableWall', text: unstableWords(unstable, price) }] : []),
    ];
  }

  /** Feeds of venues that are live but for these: what hangs on them stands still. */
  private feedBanners(): Tick['banners'] {
    const now = this.around.clock.now();
    return [...this.built.keys()].flatMap((listing) => {
      const { state, feeds = [] } = listing.health();
      if (state !== 'ok') return [];
      return feeds
        .filter((feed) => feed.state !== 'none' && liveFeeds.includes(feed.feed))
        .map(({ feed, since }) => ({
          kind: 'feedSilent',
          text: words.feedSilent(listing.venue, feed, now - since),
        }));
    });
  }

  /** The books of all venues that the map counts; undefined while one is missing, as less would seem to rest than does. */
  private books(): OrderBook[] | undefined {
    const books = [...this.built.keys()].flatMap((listing) => listing.freshBook() ?? []);
    return books.length > 0 && books.length === this.built.size ? books : undefined;
  }

  /** What rests in them, at `price`. */
  private depth(price: number): Depth | undefined {
    const books = this.books();
    try {
      return books && joinBooks(books, price);
    } catch {
      // An empty side, as when a venue is being wound down: no ratio rather than a wrong one.
      return undefined;
    }
  }

  /** Where real forced orders have moved away from what q was learned from. */
  private driftBanner(): Tick['banners'] {
    const drift = this.drift();
    if (drift === undefined || (drift <= mostDrift && drift >= 1 / mostDrift)) return [];
    return [{ kind: 'drift', text: words.drift(drift) }];
  }

  /** Geometric mean over the venues that can tell. */
  private drift(): number | undefined {
    const drifts = this.usable().flatMap(({ learning }) => learning.drift ?? []);
    if (drifts.length === 0) return undefined;
    return Math.exp(drifts.reduce((sum, each) => sum + Math.log(each), 0) / drifts.length);
  }

  private observedOn({ map, marks }: Built): Pick<MapView, 'observed'> {
    const venue = this.listings.get(hyperliquid.id);
    const builtMark = marks.get(hyperliquid.id);
    if (!this.observed || !builtMark || !venue?.mark || !venue.openInterest) return {};
    return { observed: this.observed.layer.view(map, builtMark, venue.mark.mark, venue.openInterest.base) };
  }

  private context(reference: Listing): MarketContext {
    let volume24hUsd = 0;
    for (const bars of this.built.values()) {
      for (let i = Math.max(0, bars.length - slotsPerDay); i < bars.length; i++) {
        volume24hUsd += bars.volume[i]! * bars.close[i]!;
      }
    }
    const bars = this.built.get(reference);
    const yesterday = bars && bars.length >= slotsPerDay ? bars.open[bars.length - slotsPerDay]! : undefined;
    const funding = reference.runningFunding();
    return {
      openInterestUsd: openInterestUsd(this.usable().map((listing) => listing.market())),
      volume24hUsd,
      change24h: yesterday ? reference.mark!.mark / yesterday - 1 : null,
      fundingPer8h: funding && fundingPer8h(funding),
      fearAndGreed: this.around.mood.get(),
    };
  }

  /** Real forced orders, and how they compare with what was learned. */
  private facts(): NonNullable<Tick['facts']> {
    const now = this.around.clock.now();
    const drift = this.drift();
    return [
      ...forcedHours.map((hours) => words.forced(hours, this.tape.totals(now, hours))),
      ...(drift === undefined ? [] : [words.lately(drift)]),
      ...this.observedFact(),
    ];
  }

  private observedFact(): NonNullable<Tick['facts']> {
    const venue = this.listings.get(hyperliquid.id);
    if (!this.observed || !venue?.openInterest) return [];
    const { accounts, coverage } = this.observed.layer.extent(venue.openInterest.base);
    return [words.observed(venue.venue, accounts, coverage)];
  }

  private tick(reference: Listing | undefined): Tick {
    const health: FeedHealth[] = this.allVenues.map((venue) => ({
      ...(this.listings.get(venue.id)?.health() ?? {
        venue: venue.id,
        state: 'off',
        since: this.startedAt,
        reason: words.off(venue),
        quality: 'unavailable',
      }),
      name: venue.name,
    }));
    return {
      symbol: this.symbol,
      price: reference?.mark?.mark ?? null,
      asOf: reference?.advancedAt ?? null,
      health,
      banners: this.currentBanners(reference),
      facts: this.facts(),
      ...(reference && { context: this.context(reference) }),
    };
  }
}

/** At the price that the venue itself prints; `price` is the mark on the scale of the wall. */
function unstableWords({ listing, wall }: { listing: Listing; wall: UnstableWall }, price: number): string {
  return words.unstableWall(listing.venue, wall.usd, (wall.price * listing.mark!.mark) / price, wall.count);
}

/** Index of the band nearest to price that still holds something, long side and short side; −1 where there is none. */
function nearest(map: BandMap): [long: number, short: number] {
  let long = map.count - 1;
  while (long >= 0 && map.long[long] === 0) long--;
  let short = 0;
  while (short < map.count && map.short[short] === 0) short++;
  return [long, short < map.count ? short : -1];
}
