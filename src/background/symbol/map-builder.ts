import type { Level } from '../../engine/map/levels';
import type { VenueBars } from '../../engine/map/map';
import { sweepVenue } from '../../engine/map/sweep';
import type { BandMap, BarColumns, WindowId } from '../../engine/records';
import { barsOf, estimateMaps, isMostlyYoung, levelsOf, qOf } from '../../estimate/market';
import type { VenueId } from '../../feeds/feed';
import type { MapView } from '../../protocol/view';
import type { Listing } from '../venue/listing';
import type { KnownLevels } from './known-levels';
import type { Listings } from './listings';

/** The bars that maps were built from, by venue. */
export type BuiltBars = ReadonlyMap<Listing, BarColumns>;

export interface BuiltMap {
  /** Bands at absolute prices of the reference venue. */
  map: BandMap;
  /** What each venue's mark was when the map was built: bands move from one venue's chart to another's by their ratio. */
  marks: ReadonlyMap<VenueId, number>;
  /** Opening time of the oldest bar counted, ms. */
  historyFrom: number;
  /** True while history is still being fetched. */
  provisional: boolean;
  /** At prices of the reference venue, as the map. */
  levels: readonly Level[];
  /** Too little is known of what is typical. */
  isTypicalYoung: boolean;
  /** Counts changes, so that every page gets each one once. */
  version: number;
  /** USD in it when it was built, and taken out since pages were last told. */
  total: number;
  swept: number;
}

/** Pages are told when this part of a map has been taken out of it, or when its nearest band has. */
const leastSwept = 0.01;

/** What all maps of one moment are built from. */
interface Build {
  venues: VenueBars[];
  reference: Listing;
  provisional: boolean;
}

/** Sums the venues of one symbol into maps, one a window. */
export class MapBuilder {
  private readonly maps = new Map<WindowId, BuiltMap>();
  private version = 0;
  /** What the newest maps were built from. */
  bars: BuiltBars = new Map();

  constructor(
    private readonly listings: Listings,
    private readonly known: KnownLevels,
  ) {}

  /** Builds the maps of these windows anew and forgets all others. Undefined, and without effect, before there are bars. */
  build(windows: ReadonlySet<WindowId>): Build | undefined {
    this.listings.setUnfit([]);
    for (;;) {
      const { usable } = this.listings;
      const reference = this.listings.reference();
      if (!reference) return undefined;
      try {
        return this.buildFrom(usable, reference, windows);
      } catch (cause) {
        const unfit = usable.filter((listing) => !isFit(listing));
        if (unfit.length === 0) throw cause;
        this.listings.setUnfit(unfit.map(({ venue }) => venue.id));
      }
    }
  }

  private buildFrom(usable: readonly Listing[], reference: Listing, windows: ReadonlySet<WindowId>): Build {
    const venues = barsOf(usable.map((listing) => listing.market()));
    const marks = new Map(usable.map((listing) => [listing.venue.id, listing.mark!.mark]));
    const historyFrom = Math.min(...venues.map(({ bars }) => bars.time[0]!));
    const provisional = this.listings.all.some((listing) => !listing.complete && listing.isUnderWay);
    const { maps, whole } = estimateMaps(venues, windows, reference.mark!.mark);
    this.sweepOne(whole, marks);
    const markets = usable.map((listing) => listing.market());
    const levels = levelsOf(whole, venues[usable.indexOf(reference)]!, markets, this.known.all);
    const isTypicalYoung = isMostlyYoung(venues);
    this.maps.clear();
    for (const [window, map] of maps) {
      const version = ++this.version;
      const total = sum(map.long) + sum(map.short);
      this.maps.set(window, {
        ...{ map, marks, historyFrom, provisional, levels, isTypicalYoung, version },
        ...{ total, swept: 0 },
      });
    }
    this.bars = new Map(usable.map((listing, i) => [listing, venues[i]!.bars]));
    for (const [i, listing] of usable.entries()) listing.noteLeftOut(venues[i]!.bars.leftOut);
    this.sweep();
    return { venues, reference, provisional };
  }

  /** Forgets all maps: the next ones are the first. */
  forget(): void {
    this.maps.clear();
    this.bars = new Map();
  }

  of(window: WindowId): BuiltMap | undefined {
    return this.maps.get(window);
  }

  get isEmpty(): boolean {
    return this.maps.size === 0;
  }

  /** The map of a day, else any. */
  get main(): BuiltMap | undefined {
    return this.maps.get('24h') ?? [...this.maps.values()][0];
  }

  /**
   * To be called once the whole history is in. Learns how the venues' maps usually look, one venue a call, since that takes a
   * while; once there is nothing more to learn, the levels found are those to stay.
   *
   * @returns whether anything was learned, so that the maps are to be built anew
   */
  learn(): boolean {
    if ([...this.bars].some(([listing, bars]) => listing.learnTypical(bars))) return true;
    if (this.main) this.known.set(this.main.levels);
    return false;
  }

  /** Takes out of the bands what each venue's own price has gone through since its newest closed bar. */
  sweep(): void {
    for (const built of this.maps.values()) {
      const before = nearest(built.map);
      built.swept += this.sweepOne(built.map, built.marks);
      const after = nearest(built.map);
      const isSame = before[0] === after[0] && before[1] === after[1];
      if (isSame && built.swept < leastSwept * built.total) continue;
      built.version = ++this.version;
      built.swept = 0;
    }
  }

  /** Returns what was taken out, USD. */
  private sweepOne(map: BandMap, marks: BuiltMap['marks']): number {
    let swept = 0;
    for (const part of map.venues ?? []) {
      const id = part.venue as VenueId;
      const builtMark = marks.get(id);
      const listing = this.listings.of(id);
      if (!builtMark || !listing?.mark) continue;
      const scale = map.price / builtMark;
      const low = Math.min(listing.live.low, listing.mark.mark);
      const high = Math.max(listing.live.high, listing.mark.mark);
      swept += sweepVenue(map, part, low * scale, high * scale);
    }
    return swept;
  }

  /** Share of what is at risk that is really force-closed, as each venue taught, joined by what each has at risk. */
  q(map: BandMap): MapView['q'] {
    return qOf(
      map,
      this.listings.usable.map((listing) => listing.market()),
    );
  }
}

/** Index of the band nearest to price that still holds something, long side and short side; −1 where there is none. */
function nearest(map: BandMap): [long: number, short: number] {
  let long = map.count - 1;
  while (long >= 0 && map.long[long] === 0) long--;
  let short = 0;
  while (short < map.count && map.short[short] === 0) short++;
  return [long, short < map.count ? short : -1];
}

/** Whether the model takes the bars of one venue. */
function isFit(listing: Listing): boolean {
  try {
    estimateMaps(barsOf([listing.market()]), [], listing.mark!.mark);
    return true;
  } catch {
    return false;
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
