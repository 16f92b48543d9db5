import { isAmount, isPositive, need, needMap } from '../need';
import { type BandMap, type Side, sides, tierLeverages } from '../records';
import { sideRange } from './bands';

/**
 * What surrounds a cluster on its side: `isolated` nothing within 1 %; `wall` the same and at most 0.3 % wide; `stack`
 * another one less than 1 % away, so that one may set off the next; `ladder` a chain of three or more whose gaps stay
 * even or shrink on the way out.
 */
export type ClusterKind = 'wall' | 'ladder' | 'stack' | 'isolated';

/** The bands around a level. Amounts in USD at risk, an estimate. */
export interface Cluster {
  side: Side;
  kind: ClusterKind;
  /** Lowest and highest price of the run. */
  low: number;
  high: number;
  /** Price in the middle of the fullest band. */
  peak: number;
  /** Sum over the run. */
  usd: number;
  /** Of the fullest band. */
  peakUsd: number;
  /** What its level holds ÷ what is typical at that distance: ≥ 1.5 is dense. 0 where it is not known. */
  times: number;
  /** Nearer edge from price, fraction of price, ≥ 0. */
  distance: number;
  /** (high − low) / low. */
  width: number;
  /** Mass-weighted mean age of its positions, ms. */
  age: number;
  /** USD by leverage tier, in the order of `tierLeverages`. */
  tiers: number[];
  /** To the next cluster of the side outwards, from edge to edge as a fraction of price; null for the outermost. */
  gap: number | null;
}

/** Clusters closer than this, as a fraction of price, are chained. */
export const chainGap = 0.01;

/** Widest wall, in ln(price) as bands are: three bands of 0.1 % are one. */
const wallWidth = 0.003;
const ladderSize = 3;

/**
 * The clusters of a side from the nearest to price outwards.
 *
 * @param clusters as `clustersAt` returns them
 * @param count how many at most, ≥ 0
 * @throws RangeError for a count that is no whole number
 * @example
 * nearestClusters(clusters, 'long', 3)[0]!.distance; // 0.012: the first begins 1.2 % below price
 */
export function nearestClusters(clusters: readonly Cluster[], side: Side, count = 3): Cluster[] {
  need(Number.isInteger(count) && count >= 0, 'nearestClusters', 'a whole number of clusters to list');
  return clusters
    .filter((cluster) => cluster.side === side)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count);
}

/** A cluster ends where its side falls to this part of the lower of the two heights beside the valley. */
const valley = 0.75;
/** A valley farther than this from the level, in ln(price), is none of its own. */
const farthest = 0.005;

/** A level as far as its cluster asks for it: its side and zone, and F ÷ P where it is known. */
export interface Zone {
  side: Side;
  low: number;
  high: number;
  times?: number | undefined;
}

/**
 * The clusters of a map's levels (see `clustersAround`), on a map of any width of bands. Levels that share a band have one
 * cluster.
 *
 * @param map as it is displayed
 * @param levels whose middles lie on the map; others are left out
 * @returns ascending in price
 * @throws RangeError for a map with bad values or a zone that is none
 * @example
 * clustersAt(map, view.levels); // [{ side: 'long', kind: 'stack', low: 94_900, high: 95_300, usd: 41e6, … }, …]
 */
export function clustersAt(map: BandMap, levels: readonly Zone[]): Cluster[] {
  needMap(map, 'clustersAt');
  return sides.flatMap((side) => {
    const [from, to] = sideRange(map, side);
    const times = new Map<number, number>();
    for (const level of levels) {
      need(isPositive(level.low) && level.low <= level.high, 'clustersAt', 'levels with positive prices');
      need(isAmount(level.times ?? 0), 'clustersAt', 'levels that hold no less than nothing');
      const band = Math.floor((Math.log(level.low * level.high) / 2 - map.lnLow) / map.step);
      if (level.side === side && band >= from && band < to && !times.has(band))
        times.set(band, level.times ?? 0);
    }
    return clustersAround(map, side, [...times.keys()])
      .map((cluster, k) => ({ ...cluster, times: [...times.values()][k]! }))
      .sort((one, other) => one.low - other.low);
  });
}

/**
 * The bands around each level of a side, down to the valleys beside it: what belongs to a level for stops, fuel and
 * reports.
 *
 * A valley is the lowest band on the way from the level, within 0.5 %, once the side rises again to 4/3 of it, or the lowest
 * between two levels. Towards a side without a valley the cluster is the level itself: its band and the one beside it.
 * A run down to half its height would be a slab of a third of all open interest on most maps.
 *
 * @param map estimate at one moment
 * @param levels bands of `map`, in any order, at least three apart
 * @returns one cluster a level, in the order given
 * @throws RangeError for a map with bad values or levels outside of it
 */
export function clustersAround(map: BandMap, side: Side, levels: readonly number[]): Cluster[] {
  needMap(map, 'clustersAround');
  const [from, to] = sideRange(map, side);
  const inside = (band: number) => Number.isInteger(band) && band >= 0 && band < map.count;
  need(levels.every(inside), 'clustersAround', 'bands of the map');
  const amounts = map[side];
  const ascending = [...levels].sort((a, b) => a - b);
  const cuts = ascending.slice(1).map((band, k) => lowestBand(amounts, ascending[k]! + 1, band));
  const reach = Math.max(1, Math.round(farthest / map.step));
  const found = new Map<number, Cluster>();
  ascending.forEach((band, k) => {
    const first = Math.max(from, cuts[k - 1] ?? from);
    const end = Math.min(to, cuts[k] ?? to);
    const low = Math.max(first, valleyBeside(amounts, band, -1, reach, [from, to]) ?? band - 1);
    const high = Math.min(end, (valleyBeside(amounts, band, 1, reach, [from, to]) ?? band + 1) + 1);
    found.set(
      band,
      measure(map, side, Math.min(low, band), Math.max(high, band + 1), band, timesAt(map, side, band)),
    );
  });
  const nearestFirst = [...found.values()].sort((a, b) => a.distance - b.distance);
  describe(nearestFirst, map);
  return levels.map((band) => found.get(band)!);
}

function lowestBand(amounts: Float64Array, from: number, to: number): number {
  let lowest = from;
  for (let i = from; i < to; i++) if (amounts[i]! < amounts[lowest]!) lowest = i;
  return lowest;
}

/** The valley next to a level on one side of it; undefined where there is none within `reach` bands of its side. */
function valleyBeside(
  amounts: Float64Array,
  band: number,
  direction: 1 | -1,
  reach: number,
  [from, to]: readonly [number, number],
): number | undefined {
  let lowest = band + direction;
  const height = Math.max(amounts[band]!, amounts[lowest] ?? 0);
  for (let k = 1; k <= reach; k++) {
    const at = band + direction * k;
    if (at < from || at >= to) return undefined;
    const here = amounts[at]!;
    if (here <= amounts[lowest]!) lowest = at;
    else if (amounts[lowest]! <= valley * Math.min(here, height)) return lowest;
  }
  return undefined;
}

/** F ÷ P of a band, 0 where nothing typical is known. */
const timesAt = (map: BandMap, side: Side, band: number) => map.times?.[side][band] ?? 0;

/** Sums up bands `[from, to)`, without kind and gap. */
function measure(map: BandMap, side: Side, from: number, to: number, peak: number, dense: number): Cluster {
  const amounts = map[side];
  const ages = side === 'long' ? map.longAge : map.shortAge;
  const tierAmounts = side === 'long' ? map.longTiers : map.shortTiers;
  const price = (band: number) => Math.exp(map.lnLow + band * map.step);
  const low = side === 'short' ? Math.max(price(from), map.price) : price(from);
  const high = side === 'long' ? Math.min(price(to), map.price) : price(to);
  let usd = 0;
  let moment = 0;
  for (let i = from; i < to; i++) {
    usd += amounts[i]!;
    moment += amounts[i]! * ages[i]!;
  }
  const tiers = tierLeverages.map((_, t) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += tierAmounts[t * map.count + i]!;
    return sum;
  });
  return {
    side,
    kind: 'isolated',
    low,
    high,
    peak: Math.min(high, Math.max(low, price(peak + 0.5))),
    usd,
    peakUsd: amounts[peak]!,
    times: dense,
    distance: Math.max(0, side === 'long' ? 1 - high / map.price : low / map.price - 1),
    width: Math.max(0, high / low - 1),
    age: moment / usd,
    tiers,
    gap: null,
  };
}

/** Fills in gaps and kinds of the clusters of one side, nearest first. */
function describe(clusters: Cluster[], { price, step }: BandMap): void {
  for (let i = 0; i + 1 < clusters.length; i++) {
    const [near, far] = [clusters[i]!, clusters[i + 1]!];
    near.gap = Math.max(0, (near.side === 'long' ? near.low - far.high : far.low - near.high) / price);
  }
  for (let start = 0; start < clusters.length; ) {
    let end = start + 1;
    while (end < clusters.length && clusters[end - 1]!.gap! < chainGap) end++;
    const chain = clusters.slice(start, end);
    const kind = chain.length === 1 ? alone(chain[0]!) : isLadder(chain, step) ? 'ladder' : 'stack';
    for (const cluster of chain) cluster.kind = kind;
    start = end;
  }
}

const alone = (cluster: Cluster): ClusterKind =>
  Math.log(cluster.high / cluster.low) <= wallWidth + 1e-9 ? 'wall' : 'isolated';

function isLadder(chain: readonly Cluster[], step: number): boolean {
  if (chain.length < ladderSize) return false;
  for (let i = 1; i + 1 < chain.length; i++) {
    // One band more or less is the grid's rounding: still even.
    if (chain[i]!.gap! > chain[i - 1]!.gap! + step) return false;
  }
  return true;
}
