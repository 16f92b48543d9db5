import { windowStep } from '../engine/map/bands';
import { buildMap, scaleOpenInterest, type VenueBars } from '../engine/map/map';
import type { BandMap, WindowId } from '../engine/records';
import type { VenueId } from '../feeds/feed';
import type { MapView } from '../protocol/view';
import type { Series, SeriesColumns } from './bar-series';
import { dayMs } from './day-cells';
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
    const { venue, series, mark, openInterest, margin } = market;
    const shape = (times: Float64Array) => scaleOpenInterest(times, openInterest, references).openInterest;
    const bars =
      own.get(market) ??
      series.columns(from(market), openInterest, references.length > 0 ? shape : undefined);
    return { venue, bars, mark, openInterest, ...margin };
  });
}

/** The map of a window at its own width of bands, expressed at `price`. */
export function estimateMap(bars: readonly VenueBars[], window: WindowId, price: number): BandMap {
  return buildMap(bars, { window, step: windowStep[window], price });
}

/** Share of what is at risk that is really force-closed, as each venue taught, joined by what each has at risk. */
export function qOf(map: BandMap, markets: readonly VenueMarket[]): MapView['q'] {
  return joinedQ(
    markets.map(({ venue, q, openInterest }) => ({ q, atRisk: atRiskNear(map, venue), openInterest })),
  );
}

/** Of all venues together. */
export function openInterestUsd(markets: readonly Pick<VenueMarket, 'openInterest' | 'mark'>[]): number {
  return markets.reduce((sum, { openInterest, mark }) => sum + openInterest * mark, 0);
}
