import { type Depth, depthRatio } from '../engine/flow/depth';
import { asymmetry } from '../engine/map/asymmetry';
import type { Cluster } from '../engine/map/clusters';
import type { Level } from '../engine/map/levels';
import { sweepMap } from '../engine/map/sweep';
import { type BandMap, type BarColumns, type Side, sides } from '../engine/records';
import { mapView, type ViewFacts } from '../protocol/map-view';
import type { Closes, ClusterView, LevelView, MapView } from '../protocol/view';

/** Where and against what a map is shown. */
export interface Place {
  /** Bands lie at absolute prices, this many times those of the map: one venue's mark ÷ another's. */
  ratio: number;
  /** The mark now on that scale, from which distances count. */
  price: number;
  /** What rests in the books at `price`. */
  depth?: Depth | undefined;
}

/** A map and its levels as pages draw them. */
export function viewOf(
  built: BandMap,
  levels: readonly Level[],
  { ratio, price, depth }: Place,
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
  const moved = levels.flatMap((level) => levelAt(level, ratio, price) ?? []);
  return mapView(map, {
    ...facts,
    ratio: {
      within5: within5.ratio,
      within10: within10.ratio,
      longUsd5: within5.longUsd,
      shortUsd5: within5.shortUsd,
    },
    clusters: moved.map(({ cluster }) => clusterView(cluster, facts.q.p50, depth)),
    levels: sides.flatMap((side) =>
      moved
        .filter((level) => level.side === side)
        .sort((a, b) => Math.abs(a.edge - price) - Math.abs(b.edge - price))
        .map(levelView),
    ),
  });
}

/** A level on another scale, cut at price; undefined once price has gone through its middle. */
function levelAt(level: Level, ratio: number, price: number): Level | undefined {
  const isLong = level.side === 'long';
  const cut = (zone: { low: number; high: number }) => {
    const [low, high] = [zone.low * ratio, zone.high * ratio];
    return isLong ? { low, high: Math.min(high, price) } : { low: Math.max(low, price), high };
  };
  const middle = Math.sqrt(level.low * level.high) * ratio;
  if (isLong ? middle >= price : middle <= price) return undefined;
  const { low, high } = cut(level);
  const cluster = { ...level.cluster, ...cut(level.cluster) };
  const { low: from, high: to } = cluster;
  return {
    ...level,
    low,
    high,
    edge: isLong ? high : low,
    cluster: {
      ...cluster,
      peak: Math.min(to, Math.max(from, cluster.peak * ratio)),
      distance: Math.max(0, isLong ? 1 - to / price : from / price - 1),
    },
  };
}

function levelView(level: Level): LevelView {
  const { side, low, high, edge, kind, extreme, since, times, expected, share, crossedAt, cluster } = level;
  return {
    side,
    low,
    high,
    edge,
    kind,
    since,
    times,
    usd: cluster.usd,
    forced: expected,
    share,
    ageMs: cluster.age,
    ...(extreme && { extreme }),
    ...(crossedAt !== undefined && { crossedAt }),
  };
}

function clusterView(cluster: Cluster, q: number, depth: Depth | undefined): ClusterView {
  const { side, low, high, peak, usd, distance } = cluster;
  const resting = depth && depthRatio(cluster, depth, q);
  return {
    side,
    low,
    high,
    peak,
    usd,
    distance,
    ...(resting?.atRisk != null && {
      depth: {
        atRisk: resting.atRisk,
        expected: resting.expected!,
        extrapolated: resting.extrapolated,
        reach: Math.abs(Math.expm1(side === 'long' ? -depth![side].covered : depth![side].covered)),
      },
    }),
  };
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
