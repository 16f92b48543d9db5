import { type Depth, depthRatio } from '../engine/flow/depth';
import { asymmetry } from '../engine/map/asymmetry';
import { type Cluster, findClusters } from '../engine/map/clusters';
import { sweepMap } from '../engine/map/map';
import { type BandMap, type BarColumns, type Side, sides } from '../engine/records';
import { mapView, type ViewFacts } from '../protocol/map-view';
import { type Closes, type LevelView, type MapView, mostLevels } from '../protocol/view';

/** Where and against what a map is shown. */
export interface Place {
  /** Bands lie at absolute prices, this many times those of the map: one venue's mark ÷ another's. */
  ratio: number;
  /** The mark now on that scale, from which distances count. */
  price: number;
  /** Of the venues counted. */
  openInterestUsd: number;
  /** What rests in the books at `price`. */
  depth?: Depth | undefined;
}

/** A map as pages draw it. */
export function viewOf(
  built: BandMap,
  { ratio, price, openInterestUsd, depth }: Place,
  facts: Omit<ViewFacts, 'ratio' | 'clusters' | 'levels'>,
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
  const clusters = findClusters(map);
  return mapView(map, {
    ...facts,
    ratio: {
      within5: within5.ratio,
      within10: within10.ratio,
      longUsd5: within5.longUsd,
      shortUsd5: within5.shortUsd,
    },
    clusters: clusters.map((cluster) => {
      const { side, low, high, peak, usd, distance } = cluster;
      const resting = depth && depthRatio(cluster, depth, facts.q.p50);
      return {
        side,
        low,
        high,
        peak,
        usd,
        distance,
        ...(resting?.atRisk != null && {
          depth: { atRisk: resting.atRisk, expected: resting.expected!, extrapolated: resting.extrapolated },
        }),
      };
    }),
    levels: sides.flatMap((side) => levelsOf(clusters, side, map.time, openInterestUsd, facts.q)),
  });
}

/** Half the width of a level, in ln(price). */
const levelReach = 0.0015;

/** The peaks of the clusters of a side, nearest first. */
function levelsOf(
  clusters: readonly Cluster[],
  side: Side,
  time: number,
  openInterestUsd: number,
  q: MapView['q'],
): LevelView[] {
  return clusters
    .filter((cluster) => cluster.side === side)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostLevels)
    .map(({ low, high, peak, usd, age }) => {
      const [from, to] = [
        Math.max(low, peak * Math.exp(-levelReach)),
        Math.min(high, peak * Math.exp(levelReach)),
      ];
      return {
        side,
        low: from,
        high: to,
        edge: side === 'long' ? to : from,
        kind: 'excess',
        since: time - age,
        usd,
        forced: { p10: q.p10 * usd, p50: q.p50 * usd, p90: q.p90 * usd },
        share: openInterestUsd > 0 ? Math.min(1, usd / openInterestUsd) : 0,
        ageMs: age,
      };
    });
}

/** How far from price what is at risk counts when the q of venues are joined, fraction of price. */
const nearness = 0.05;

/** At-risk USD of one venue near price, both sides. */
export function atRiskNear(map: BandMap, id: string): number {
  const { price, lnLow, step, venues = [] } = map;
  const venue = venues.find((each) => each.venue === id);
  if (!venue) return 0;
  const low = Math.log(price * (1 - nearness));
  const high = Math.log(price * (1 + nearness));
  let usd = 0;
  for (let i = 0; i < venue.long.length; i++) {
    const middle = lnLow + (i + 0.5) * step;
    if (middle < low || middle > high) continue;
    for (const side of sides) if (map[side][i]! > 0) usd += Math.max(0, venue[side][i]!);
  }
  return usd;
}

/**
 * One q for all venues: forced amounts add up, so the mean of theirs weighed by what each has at risk near price, or by
 * open interest where nothing is. Percentiles are joined as if all venues erred alike, which gives the widest interval.
 */
export function joinedQ(
  venues: readonly {
    q: Pick<MapView['q'], 'p10' | 'p50' | 'p90'>;
    atRisk: number;
    openInterest: number;
  }[],
): MapView['q'] {
  const isAtRisk = venues.some(({ atRisk }) => atRisk > 0);
  const weights = venues.map(({ atRisk, openInterest }) => (isAtRisk ? atRisk : openInterest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (at: keyof MapView['q']) =>
    total > 0 ? venues.reduce((sum, { q }, i) => sum + q[at] * weights[i]!, 0) / total : 0;
  return { p10: mean('p10'), p50: mean('p50'), p90: mean('p90') };
}

const mostCloses = 720;

/**
 * Closing prices of the last `lengthMs` at even steps, 720 at most; a whole number of bars each.
 *
 * @param bars ascending in time, `barMs` long, gaps allowed
 * @returns undefined without a bar
 */
export function closesOf(bars: BarColumns, barMs: number, lengthMs: number): Closes | undefined {
  if (bars.length === 0) return undefined;
  const stepMs = Math.ceil(lengthMs / barMs / mostCloses) * barMs;
  const end = Math.ceil((bars.time[bars.length - 1]! + barMs) / stepMs) * stepMs;
  const count = Math.min(Math.floor(lengthMs / stepMs), Math.ceil((end - bars.time[0]!) / stepMs));
  const from = end - count * stepMs;
  const prices: number[] = [];
  let i = 0;
  for (let k = 1; k <= count; k++) {
    while (i + 1 < bars.length && bars.time[i + 1]! + barMs <= from + k * stepMs) i++;
    prices.push(bars.close[i]!);
  }
  return { from, stepMs, prices };
}

/**
 * Part of each band's amount that each venue holds, whole percent, largest venue first.
 *
 * @param nameOf the venue's name on screen
 */
export function venueShares(
  { venues = [] }: Pick<BandMap, 'venues'>,
  nameOf: (venue: string) => string,
): NonNullable<MapView['venues']> {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const shares = (side: Side, own: Float64Array) =>
    Array.from(own, (usd, i) => {
      const total = venues.reduce((all, venue) => all + venue[side][i]!, 0);
      // Rounding may leave a trace below nothing where the venue has nothing.
      return total > 0 ? Math.max(0, Math.round((usd / total) * 100)) : 0;
    });
  return [...venues]
    .sort((a, b) => sum(b.long) + sum(b.short) - sum(a.long) - sum(a.short))
    .map(({ venue, long, short }) => ({
      name: nameOf(venue),
      long: shares('long', long),
      short: shares('short', short),
    }));
}
