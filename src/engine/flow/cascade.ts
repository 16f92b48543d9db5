import { sideRange } from '../map/bands';
import type { Cluster } from '../map/clusters';
import { isPositive, need, needMap } from '../need';
import type { BandMap, Side } from '../records';
import { atDistance, type Depth, depthCell, depthCells } from './depth';

/** Where a push would end if forced orders carried it on. An estimate. */
export interface CascadeWalk {
  side: Side;
  /** Where price is pushed to from outside. */
  pushedTo: number;
  /** Where it stops. */
  stop: number;
  /** (distance of `stop` from price) as a fraction of price, ≥ 0. */
  distance: number;
  /** At-risk and expected forced USD of everything passed. */
  atRiskUsd: number;
  forcedUsd: number;
  /** Resting USD between price and `pushedTo`: what the push itself has to eat. */
  pushUsd: number;
  /** Clusters reached, nearest first. */
  reached: Cluster[];
  /** True where the walk went beyond the end of some book. */
  extrapolated: boolean;
}

export interface CascadeOptions {
  /** Which side is liquidated: `long` pushes price down. */
  side: Side;
  /** Share of the at-risk amount that is really force-closed, 0–2, median. */
  q: number;
  /** Pushed to here; without it to the far edge of the nearest cluster. */
  to?: number;
}

/**
 * Walks a cascade: price is pushed to the nearest cluster (or a given price), the forced orders met so far go on to eat
 * the book from there, and each band they reach adds its own.
 *
 *     Q(x) = q · at-risk USD from price to x        D(x) = resting USD from price to x
 *     stop = the first x ≥ push with Q(x) ≤ D(x) − D(push)
 *
 * The push itself pays for the book up to where it ends. A farther push or a larger q never stops earlier. The walk
 * goes by cells of the joined book, a hundredth of a percent each.
 *
 * @param map estimate at one moment
 * @param clusters of that map, as `clustersAt` returns them
 * @param depth joined books at the map's price
 * @returns null where no price is given and the side has no cluster
 * @throws RangeError for q out of range, a push to the wrong side of price, books at another price, or a map with bad
 * values
 * @example
 * walkCascade(map, clusters, depth, { side: 'long', q: 0.01 });
 * // { pushedTo: 95_200, stop: 94_870, forcedUsd: 4.2e6, reached: [ … ], … }
 */
export function walkCascade(
  map: BandMap,
  clusters: readonly Cluster[],
  depth: Depth,
  options: CascadeOptions,
): CascadeWalk | null {
  needMap(map, 'walkCascade');
  return walk(map, clusters, depth, options, atRiskByDistance(map, options.side));
}

function walk(
  map: BandMap,
  clusters: readonly Cluster[],
  depth: Depth,
  { side, q, to }: CascadeOptions,
  atRisk: Float64Array,
): CascadeWalk | null {
  need(q >= 0 && q <= 2, 'walkCascade', 'a realised share between 0 and 2');
  need(Math.abs(depth.price / map.price - 1) < 1e-9, 'walkCascade', "books joined at the map's price");
  const own = clusters.filter((cluster) => cluster.side === side).sort((a, b) => a.distance - b.distance);
  const pushedTo = to ?? (side === 'long' ? own[0]?.low : own[0]?.high);
  if (pushedTo === undefined) return null;
  need(
    isPositive(pushedTo) &&
      (side === 'long' ? pushedTo <= map.price : pushedTo >= map.price && pushedTo <= 100 * map.price),
    'walkCascade',
    'a push away from price on the side that is liquidated, to at most a hundredfold',
  );
  const { usd: resting, covered } = depth[side];
  const push = Math.abs(Math.log(pushedTo / map.price));
  const pushUsd = atDistance(resting, push);
  let stop = push;
  /** Forced USD that has not met a resting order yet. */
  let left = q * atDistance(atRisk, push);
  for (let cell = Math.floor(push / depthCell) + 1; left > 0 && cell <= depthCells; cell++) {
    const after = q * atRisk[cell]! - (resting[cell]! - pushUsd);
    const end = cell * depthCell;
    stop = after > 0 ? end : stop + ((end - stop) * left) / (left - after);
    left = after;
  }
  const stopPrice = side === 'long' ? map.price * Math.exp(-stop) : map.price * Math.exp(stop);
  const atRiskUsd = atDistance(atRisk, stop);
  return {
    side,
    pushedTo,
    stop: stopPrice,
    distance: Math.abs(stopPrice / map.price - 1),
    atRiskUsd,
    forcedUsd: q * atRiskUsd,
    pushUsd,
    reached: own.filter((cluster) => (side === 'long' ? cluster.high > stopPrice : cluster.low < stopPrice)),
    extrapolated: stop > covered + 1e-9,
  };
}

/** At-risk USD of a side from price to each end of a cell of `Depth`, even within bands. */
function atRiskByDistance(map: BandMap, side: Side): Float64Array {
  const total = new Float64Array(depthCells + 1);
  const [from, to] = sideRange(map, side);
  const at = (Math.log(map.price) - map.lnLow) / map.step;
  const outward = side === 'long' ? -1 : 1;
  let sum = 0;
  let band = side === 'long' ? to - 1 : from;
  // In bands from price: where the band in hand begins and ends. The first begins at price.
  let begin = 0;
  let end = side === 'long' ? at - band : band + 1 - at;
  for (let k = 1; k <= depthCells; k++) {
    const x = (k * depthCell) / map.step;
    while (band >= from && band < to && end <= x) {
      sum += map[side][band]!;
      band += outward;
      begin = end;
      end++;
    }
    const inside = band >= from && band < to ? (map[side][band]! * (x - begin)) / (end - begin) : 0;
    total[k] = sum + inside;
  }
  return total;
}

/** Moves shown in the table, as fractions of price. */
const tableMoves = [-0.01, -0.02, -0.03, -0.05, -0.1, 0.01, 0.02, 0.03, 0.05, 0.1] as const;

export interface CascadeRow extends CascadeWalk {
  /** Signed fraction of price. */
  move: number;
}

/**
 * What moves of ±1, 2, 3, 5 and 10 % would set off: a walk for each, longs on the way down, shorts on the way up.
 *
 * @param map,clusters,depth,q as for `walkCascade`
 * @throws RangeError as `walkCascade`
 * @example
 * cascadeTable(map, clusters, depth, 0.01)[1]; // { move: -0.02, forcedUsd: 3.1e6, stop: 94_990, … }
 */
export function cascadeTable(
  map: BandMap,
  clusters: readonly Cluster[],
  depth: Depth,
  q: number,
): CascadeRow[] {
  needMap(map, 'cascadeTable');
  const atRisk = { long: atRiskByDistance(map, 'long'), short: atRiskByDistance(map, 'short') };
  return tableMoves.map((move) => {
    const side = move < 0 ? 'long' : 'short';
    return { move, ...walk(map, clusters, depth, { side, q, to: map.price * (1 + move) }, atRisk[side])! };
  });
}
