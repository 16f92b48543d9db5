import { windowStep } from '../engine/map/bands';
import { findLevels, type KnownLevel, type Level, levelStep } from '../engine/map/levels';
import { buildMap, buildMaps, marginOf, type VenueBars } from '../engine/map/map';
import { isYoung as isYoungProfile, learnProfile, type Profile } from '../engine/map/profile';
import { scaleOpenInterest } from '../engine/map/scale-open-interest';
import type { BandMap, WindowId } from '../engine/records';
import { dayMs } from '../engine/time';
import type { VenueId } from '../feeds/feed';
import type { MapView } from '../protocol/view';
import type { Series, SeriesColumns } from './bar-series';
import type { MarginTerms } from './margin-terms';
import { atRiskNear, joinedQ } from './view';

/** How much history a map counts. */
export const historyMs = 30 * dayMs;

/** One symbol on one venue, as the estimate takes it. */
export interface VenueMarket {
  venue: VenueId;
  series: Series;
  /** False: its open interest follows the shape of the others', scaled to what it is now. */
  hasOpenInterestHistory: boolean;
  /** Mark price now. */
  mark: number;
  /** One-sided open interest now, coins. */
  openInterest: number;
  margin: MarginTerms;
  /** How its map of the symbol usually looks, as far as it was learned. */
  profile?: Profile | undefined;
  /** Force-closed ÷ at risk, as the venue taught. */
  q: MapView['q'];
  /** ms by the venue's own clock. */
  now: number;
}

/**
 * Bars of each venue, in the order given. A venue without history of its open interest follows the sum of the others;
 * where none has any it is taken to have been what it is now.
 */
export function barsOf(markets: readonly VenueMarket[]): (VenueBars & { bars: SeriesColumns })[] {
  const from = ({ now }: VenueMarket) => now - historyMs;
  const own = new Map<VenueMarket, SeriesColumns>();
  for (const market of markets) {
    if (market.hasOpenInterestHistory)
      own.set(market, market.series.columns(from(market), market.openInterest));
  }
  const references = [...own.values()].filter((bars) => bars.length > 0);
  return markets.map((market) => {
    const { venue, series, mark, openInterest, margin, profile } = market;
    const shape = (times: Float64Array) => scaleOpenInterest(times, openInterest, references).openInterest;
    const bars =
      own.get(market) ??
      series.columns(from(market), openInterest, references.length > 0 ? shape : undefined);
    return { venue, bars, mark, openInterest, ...margin, ...(profile && { profile }) };
  });
}

/** What is estimated of one market at one moment. */
export interface Estimate {
  /** A map a window, each of its own width of bands. */
  maps: ReadonlyMap<WindowId, BandMap>;
  /** Positions of all ages in bands of 0.1 %: what levels are found on. */
  whole: BandMap;
}

/** The longest window counts positions of all ages that are known. */
const everything: WindowId = '30d';

/** The maps of these windows, expressed at `price`; those of one width of bands are built in one pass over the bars. */
export function estimateMaps(
  bars: readonly VenueBars[],
  windows: Iterable<WindowId>,
  price: number,
): Estimate {
  const maps = new Map<WindowId, BandMap>();
  const wanted = [...windows];
  const fine = wanted.filter((window) => windowStep[window] === levelStep);
  const [whole, ...rest] = buildMaps(bars, [everything, ...fine], { step: levelStep, price });
  fine.forEach((window, k) => {
    maps.set(window, rest[k]!);
  });
  for (const window of wanted) {
    if (!maps.has(window)) maps.set(window, buildMap(bars, { window, step: windowStep[window], price }));
  }
  return { maps, whole: whole! };
}

/** Bars with how each venue's map usually looks, learned from the bars themselves. */
export function withProfiles(bars: readonly VenueBars[]): VenueBars[] {
  return bars.map((venue) => ({ ...venue, profile: learnProfile(venue.bars, marginOf(venue)) }));
}

/** Whether what is typical is known too little for venues that hold most of the open interest. */
export function isMostlyYoung(bars: readonly VenueBars[]): boolean {
  const usd = (venue: VenueBars) => venue.openInterest * venue.mark;
  const young = bars.filter(({ profile }) => !profile || isYoungProfile(profile));
  const sum = (venues: readonly VenueBars[]) => venues.reduce((total, venue) => total + usd(venue), 0);
  return 2 * sum(young) > sum(bars);
}

/**
 * The levels of a market.
 *
 * @param whole as `estimateMaps` returns it, swept by what price has passed since
 * @param reference bars of the venue whose price it is expressed at
 * @param previous levels found before: those that only the map shows stay while they can still be seen
 */
export function levelsOf(
  whole: BandMap,
  reference: VenueBars,
  markets: readonly VenueMarket[],
  previous: readonly KnownLevel[] = [],
): Level[] {
  return findLevels({
    map: whole,
    bars: reference.bars,
    previous,
    q: qOf(whole, markets),
    openInterest: openInterestUsd(markets),
  });
}

/**
 * Share of what is at risk that is really force-closed, as each venue taught and as busy as it is now, joined by what each
 * has at risk.
 */
export function qOf(map: BandMap, markets: readonly VenueMarket[]): MapView['q'] {
  return joinedQ(
    markets.map(({ venue, q: { p10, p50, p90 }, openInterest }) => {
      const busy = map.venues?.find((part) => part.venue === venue)?.activity ?? 1;
      const q = { p10: p10 * busy, p50: p50 * busy, p90: p90 * busy };
      return { q, atRisk: atRiskNear(map, venue), openInterest };
    }),
  );
}

/** Of all venues together. */
export function openInterestUsd(markets: readonly Pick<VenueMarket, 'openInterest' | 'mark'>[]): number {
  return markets.reduce((sum, { openInterest, mark }) => sum + openInterest * mark, 0);
}
