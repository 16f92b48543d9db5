import { isAmount, isPositive, need, needMap } from '../need';
import { type BandMap, type Side, sides, tierLeverages } from '../records';
import type { Asymmetry } from './asymmetry';
import { denseAt, density, intensityClasses, sideRange } from './bands';

/**
 * What surrounds a cluster on its side: `isolated` nothing within 1 %; `wall` the same and at most 0.3 % wide; `stack`
 * another one less than 1 % away, so that one may set off the next; `ladder` a chain of three or more whose gaps stay
 * even or shrink on the way out.
 */
export type ClusterKind = 'wall' | 'ladder' | 'stack' | 'isolated';

/** A run of bands that stands out on its side. Amounts in USD at risk, an estimate. */
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
  /** Density of the fullest band, see `density`. */
  density: number;
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
 * Finds the runs of bands that stand out on each side of a map as it is displayed.
 *
 * A run begins at a local peak that is drawn and is either dense (≥ 3 times its neighbourhood) or in its side's top
 * class, and extends both ways up to the first band that is not above half its height. Higher peaks are taken first and
 * runs never overlap. Edges are clipped at price, since no position of the side lies beyond it.
 *
 * @param map estimate at one moment, at display resolution
 * @returns ascending in price: long clusters, outermost first, then short clusters, nearest first
 * @throws RangeError for a map with missing, negative or non-finite values
 * @example
 * findClusters(map); // [{ side: 'long', kind: 'stack', low: 94_900, high: 95_300, usd: 41e6, … }, …]
 */
export function findClusters(map: BandMap): Cluster[] {
  needMap(map, 'findClusters');
  const clusters: Cluster[] = [];
  for (const side of sides) {
    const found = findSide(map, side);
    describe(found, map);
    // From nearest first to ascending in price.
    clusters.push(...(side === 'long' ? found.reverse() : found));
  }
  return clusters;
}

/**
 * The clusters of a side from the nearest to price outwards.
 *
 * @param clusters as `findClusters` returns them
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

/** A stretch of price without any cluster. */
export interface AirGap {
  low: number;
  high: number;
  /** (high − low) / price. */
  width: number;
}

/**
 * Stretches of at least 3 % without a cluster of either side: nothing there pulls or pushes, and price tends to settle.
 *
 * @param clusters as `findClusters` returns them
 * @param price of the map, positive
 * @param reach how far from price to look, fraction of price, in (0, 1)
 * @returns ascending in price
 * @throws RangeError for a price or reach out of range
 * @example
 * airGaps(clusters, 100); // [{ low: 101, high: 110, width: 0.09 }]: free above 101
 */
export function airGaps(clusters: readonly Cluster[], price: number, reach = 0.1): AirGap[] {
  need(reach > 0 && reach < 1, 'airGaps', 'a reach between 0 and 1');
  const end = price * (1 + reach);
  need(isPositive(price) && isPositive(end), 'airGaps', 'a positive price');
  const gaps: AirGap[] = [];
  let low = price * (1 - reach);
  const add = (high: number) => {
    // A hair of tolerance, so that 97 to 100 counts as three percent of 100.
    if ((high - low) / price >= 0.03 - 1e-9) gaps.push({ low, high, width: (high - low) / price });
  };
  for (const cluster of clusters.toSorted((a, b) => a.low - b.low)) {
    add(Math.min(cluster.low, end));
    low = Math.max(low, cluster.high);
  }
  add(end);
  return gaps;
}

/**
 * Whether the two sides of a map weigh about the same: their ratio lies within 1/1.5 to 1.5.
 *
 * @param weights USD of both sides, as `asymmetry` returns them; two empty sides are symmetric
 * @throws RangeError for negative or non-finite amounts
 * @example
 * mapShape({ longUsd: 340e6, shortUsd: 180e6 }); // 'asymmetric'
 */
export function mapShape(weights: Pick<Asymmetry, 'longUsd' | 'shortUsd'>): 'symmetric' | 'asymmetric' {
  const { longUsd, shortUsd } = weights;
  need(isAmount(longUsd) && isAmount(shortUsd), 'mapShape', 'finite amounts that are not negative');
  return longUsd <= 1.5 * shortUsd && shortUsd <= 1.5 * longUsd ? 'symmetric' : 'asymmetric';
}

/** Clusters of one side, nearest first, without kind and gap. */
function findSide(map: BandMap, side: Side): Cluster[] {
  const amounts = map[side];
  const [from, to] = sideRange(map, side);
  const densities = density(map, side);
  const classes = intensityClasses(amounts);
  const peaks: number[] = [];
  // Whether the last change was a rise: the end of a level stretch on the way down is no peak.
  let rises = true;
  for (let i = from; i < to; i++) {
    if (i > from && amounts[i] !== amounts[i - 1]) rises = amounts[i]! > amounts[i - 1]!;
    const isTop = rises && (i === to - 1 || amounts[i]! > amounts[i + 1]!);
    // A side of equal bands is all top class and has no peak.
    const standsOut = densities[i]! >= denseAt || (classes[i] === 5 && densities[i]! > 1);
    if (isTop && classes[i]! > 0 && standsOut) peaks.push(i);
  }
  peaks.sort((a, b) => amounts[b]! - amounts[a]!);
  const taken = new Uint8Array(map.count);
  const found: Cluster[] = [];
  for (const peak of peaks) {
    if (taken[peak]) continue;
    const belongs = (i: number) => i >= from && i < to && !taken[i] && amounts[i]! > amounts[peak]! / 2;
    let low = peak;
    while (belongs(low - 1)) low--;
    let high = peak + 1;
    while (belongs(high)) high++;
    taken.fill(1, low, high);
    found.push(measure(map, side, low, high, peak, densities[peak]!));
  }
  return found.sort((a, b) => a.distance - b.distance || (side === 'long' ? b.low - a.low : a.low - b.low));
}

/** A cluster ends where its side falls to this part of the lower of the two heights beside the valley. */
const valley = 0.75;
/** A valley farther than this from the level, in ln(price), is none of its own. */
const farthest = 0.005;

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
    const low = Math.max(first, valleyBeside(amounts, band, -1, reach) ?? band - 1);
    const high = Math.min(end, (valleyBeside(amounts, band, 1, reach) ?? band + 1) + 1);
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

/** The valley next to a level on one side of it; undefined where there is none within `reach` bands. */
function valleyBeside(
  amounts: Float64Array,
  band: number,
  direction: 1 | -1,
  reach: number,
): number | undefined {
  const height = Math.max(amounts[band]!, amounts[band + direction] ?? 0);
  let lowest = band + direction;
  for (let k = 1; k <= reach; k++) {
    const here = amounts[band + direction * k];
    if (here === undefined) return undefined;
    if (here < amounts[lowest]!) lowest = band + direction * k;
    if (amounts[lowest]! <= valley * Math.min(here, height)) return lowest;
  }
  return undefined;
}

/** F ÷ P of a band, 0 where nothing typical is known. */
const timesAt = (map: BandMap, side: Side, band: number) => map.times?.[side][band] ?? 0;

/** Sums up bands `[from, to)`. */
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
    density: dense,
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
