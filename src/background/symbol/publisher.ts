import { mapReach } from '../../engine/map/map';
import { type BandMap, type WindowId, windowMs } from '../../engine/records';
import { fundingPer8h } from '../../engine/regime/funding';
import { minuteMs } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import { closesOf, venueShares, viewOf } from '../../estimate/view';
import type { VenueId } from '../../feeds/feed';
import type { WatchReply } from '../../protocol/messages';
import type { HistoryView, MapView, MarketContext, Tick } from '../../protocol/view';
import type { Listing } from '../venue/listing';
import { depthAt, freshBooks } from './books';
import type { HeatmapHistory } from './heatmap-history';
import type { Listings } from './listings';
import type { BuiltBars, BuiltMap, MapBuilder } from './map-builder';
import type { Notices } from './notices';
import type { ObservedLayer } from './observed-layer';
import type { MarketServices } from './services';

/** One page that shows the symbol. */
export interface Watcher {
  window: WindowId;
  /** The venue whose mark the page's own prices follow. */
  venue?: VenueId | undefined;
  /** What the page's own contract is, where it is not the one the map counts: a name and words. */
  contract?: [name: string, words: string] | undefined;
  /** Whether observed positions are wanted. */
  observed?: boolean;
  /** Whether the history of the estimate is wanted. */
  history?: boolean;
  send(reply: WatchReply): void;
}

const slotsPerDay = 288;

/** The map a page has been sent last. */
interface SentMap {
  version: number;
  venue: VenueId;
  price: number;
  /** The minute whose order books it counts; 0 without any. */
  books: number;
}

/** What a page has been sent last. */
interface Sent {
  map?: SentMap;
  history?: HistoryView;
}

/** What a page is told of. */
interface Sources {
  listings: Listings;
  builder: MapBuilder;
  notices: Notices;
  observed: ObservedLayer;
  history: HeatmapHistory;
}

/** Tells every page of one symbol what changed since it was told last. */
export class Publisher {
  private readonly sent = new Map<Watcher, Sent>();
  /** Once for each state of a map: ticks move the price, not who holds what. */
  private readonly shares = new WeakMap<
    BandMap,
    { version: number; venues: NonNullable<MapView['venues']> }
  >();

  /** Once for the bars of each map. */
  private traded: { in: BuiltBars | undefined; dayUsd: number } = { in: undefined, dayUsd: 0 };

  constructor(
    private readonly symbol: string,
    private readonly from: Sources,
    private readonly services: Pick<MarketServices, 'clock' | 'fearAndGreed'>,
    /** Price has left the map: the next one is due. */
    private readonly onOutgrown: () => void,
  ) {}

  get watchers(): Watcher[] {
    return [...this.sent.keys()];
  }

  /** A page is to be told, all of it at first. */
  add(watcher: Watcher): void {
    const history = this.sent.get(watcher)?.history;
    this.sent.set(watcher, history ? { history } : {});
  }

  remove(watcher: Watcher): void {
    this.sent.delete(watcher);
  }

  /** The symbol is listed nowhere. */
  sendUnknown(watchers: Iterable<Watcher>, reason: string): void {
    for (const watcher of watchers) watcher.send({ type: 'unknown', symbol: this.symbol, reason });
  }

  /** The tick, and what else is new to the page. */
  send(watcher: Watcher): void {
    const refused = this.from.listings.refusal(watcher.venue);
    if (refused) {
      this.sent.set(watcher, {});
      watcher.send({ type: 'tick', tick: { ...this.tick(watcher, undefined), refused } });
      return;
    }
    const reference = this.from.listings.reference(watcher.venue);
    watcher.send({ type: 'tick', tick: this.tick(watcher, reference) });
    const built = this.from.builder.of(watcher.window);
    if (!built || !reference) return;
    const price = reference.mark!.mark;
    const ratio = (built.marks.get(reference.venue.id) ?? built.map.price) / built.map.price;
    if (Math.abs(Math.log(price / ratio / built.map.price)) > mapReach / 2) {
      this.onOutgrown();
      return;
    }
    this.sendHistory(watcher);
    this.sendMap(watcher, built, reference, ratio);
  }

  private sendHistory(watcher: Watcher): void {
    const history = watcher.history && this.from.history.view(watcher.window);
    const sent = this.sent.get(watcher);
    if (!history || sent?.history === history) return;
    this.sent.set(watcher, { ...sent, history });
    const forced = this.from.notices.tape.largestSince(history.time);
    watcher.send({ type: 'history', history: { ...history, forced } });
  }

  private sendMap(watcher: Watcher, built: BuiltMap, reference: Listing, ratio: number): void {
    const price = reference.mark!.mark;
    const next: SentMap = {
      version: built.version,
      venue: reference.venue.id,
      price,
      books: freshBooks(this.from.builder.bars.keys()) ? Math.floor(this.services.clock.now() / minuteMs) : 0,
    };
    const sent = this.sent.get(watcher);
    if (!differs(sent?.map, next, built.map.step)) return;
    this.sent.set(watcher, { ...sent, map: next });
    watcher.send({ type: 'map', view: this.view(watcher, built, reference, ratio) });
  }

  private view(watcher: Watcher, built: BuiltMap, reference: Listing, ratio: number): MapView {
    const { builder, observed } = this.from;
    const price = reference.mark!.mark;
    const bars = builder.bars.get(reference);
    const seen = watcher.observed ? observed.view(built) : undefined;
    return viewOf(
      built.map,
      built.levels,
      { ratio, price, depth: depthAt(builder.bars.keys(), price) },
      {
        symbol: this.symbol,
        window: watcher.window,
        provisional: built.provisional,
        isTypicalYoung: built.isTypicalYoung,
        historyFrom: built.historyFrom,
        asOf: this.from.listings.asOf() ?? 0,
        q: builder.q(built.map),
        venues: this.sharesOf(built),
        closes: bars && closesOf(bars, slotMs, windowMs[watcher.window]),
        ...(seen && { observed: seen }),
      },
    );
  }

  private sharesOf({ map, version }: BuiltMap): NonNullable<MapView['venues']> {
    const known = this.shares.get(map);
    if (known?.version === version) return known.venues;
    const { listings } = this.from;
    const venues = venueShares(map, (id) => listings.of(id as VenueId)?.venue.name ?? id);
    this.shares.set(map, { version, venues });
    return venues;
  }

  private tick({ contract }: Watcher, reference: Listing | undefined): Tick {
    const { listings, notices, observed } = this.from;
    const live = listings.live();
    return {
      symbol: this.symbol,
      price: reference?.mark?.mark ?? null,
      asOf: reference ? (listings.asOf() ?? null) : null,
      ...(live && { live }),
      health: listings.health(),
      banners: notices.banners,
      ...(notices.isDoubtful && { isDoubtful: true }),
      facts: [...(contract ? [contract] : []), ...notices.facts(), ...observed.facts()],
      ...(reference && { context: this.context(reference) }),
    };
  }

  private context(reference: Listing): MarketContext {
    const { bars: built } = this.from.builder;
    if (this.traded.in !== built) this.traded = { in: built, dayUsd: dayUsdOf(built) };
    const bars = built.get(reference);
    const yesterday = bars && bars.length >= slotsPerDay ? bars.open[bars.length - slotsPerDay]! : undefined;
    const funding = reference.runningFunding();
    return {
      openInterestUsd: this.from.listings.openInterestUsd,
      volume24hUsd: this.traded.dayUsd,
      change24h: yesterday ? reference.mark!.mark / yesterday - 1 : null,
      fundingPer8h: funding && fundingPer8h(funding),
      fearAndGreed: this.services.fearAndGreed.current,
    };
  }
}

/** USD traded on all venues in the newest day of bars. */
function dayUsdOf(built: BuiltBars): number {
  let usd = 0;
  for (const bars of built.values())
    for (let i = Math.max(0, bars.length - slotsPerDay); i < bars.length; i++)
      usd += bars.volume[i]! * bars.close[i]!;
  return usd;
}

/** Whether a page has to be sent the map anew; `step` is the width of a band in ln(price). */
function differs(sent: SentMap | undefined, next: SentMap, step: number): boolean {
  return (
    sent?.version !== next.version ||
    sent.venue !== next.venue ||
    sent.books !== next.books ||
    Math.abs(Math.log(next.price / sent.price)) > step / 2
  );
}
