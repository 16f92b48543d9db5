import { asymmetry } from '../engine/asymmetry';
import { findClusters } from '../engine/clusters';
import { sweepMap } from '../engine/map';
import type { BandMap } from '../engine/records';
import { mapView, type ViewFacts } from '../protocol/map-view';
import type { MapView } from '../protocol/view';

/**
 * A map as pages draw it. Bands lie at absolute prices, `ratio` times those of the map (one venue's mark ÷ another's);
 * `price` is the mark now on that scale, from which distances count.
 */
export function viewOf(
  built: BandMap,
  ratio: number,
  price: number,
  facts: Omit<ViewFacts, 'ratio' | 'clusters'>,
): MapView {
  const map: BandMap = {
    ...built,
    lnLow: built.lnLow + Math.log(ratio),
    price,
    long: built.long.slice(),
    short: built.short.slice(),
    longAge: built.longAge.slice(),
    shortAge: built.shortAge.slice(),
    longTiers: built.longTiers.slice(),
    shortTiers: built.shortTiers.slice(),
  };
  // The page's own venue may stand a little beyond a band that the others have not reached.
  sweepMap(map, price, price);
  const within5 = asymmetry(map, 0.05);
  const within10 = asymmetry(map, 0.1);
  return mapView(map, {
    ...facts,
    ratio: {
      within5: within5.ratio,
      within10: within10.ratio,
      longUsd5: within5.longUsd,
      shortUsd5: within5.shortUsd,
    },
    clusters: findClusters(map).map(({ side, low, high, peak, usd, distance }) => ({
      side,
      low,
      high,
      peak,
      usd,
      distance,
    })),
  });
}
