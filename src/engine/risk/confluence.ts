import { bookWalls, type Depth } from '../flow/depth';
import type { Cluster } from '../map/clusters';
import { isPositive, need, needBars } from '../need';
import { quantile } from '../quantile';
import type { BarColumns } from '../records';
import { type FundingRate, fundingPer8h } from '../regime/funding';
import { dayMs, hourMs } from '../time';
import { roundNumber, type TurningPrice } from './support-resistance';

/** What else may speak for a cluster's place. */
export type ConfluenceKind = 'level' | 'roundNumber' | 'fundingFlip' | 'bookWall' | 'volumeSpike';

export interface Evidence {
  kind: ConfluenceKind;
  /** null: cannot be told, for want of data. */
  present: boolean | null;
  /**
   * What was found, or the nearest to it: price of the level or round number, time of the funding flip (ms), the wall as
   * a multiple of its neighbours, the highest volume as a multiple of the median. null where there is nothing to show.
   */
  value: number | null;
}

export interface ConfluenceInput {
  now: number;
  /** As `findTurningPrices` returns them. */
  levels: readonly TurningPrice[];
  /** Settled fundings of the last days, any order. */
  funding: readonly FundingRate[];
  /** Joined books; null without any. */
  depth: Depth | null;
  /** Bars of the last day and more. */
  bars: BarColumns;
}

export interface Confluence {
  evidence: Evidence[];
  /** How many are present. */
  count: number;
  /** At least two. */
  enough: boolean;
}

/** So many others make a confluence. */
export const confluenceNeeds = 2;

/** How far outside a cluster something still belongs to it, fraction of price. */
const nearness = 0.002;
/** Round numbers lie close together, so they have to be met more closely. */
const roundNearness = 0.001;
const spikeTimes = 3;
const leastBars = 24;

/**
 * What else lies where a cluster lies: a support or resistance level, a round number, a wall in the book (≥ 3 times its
 * neighbours), each within 0.2 % of it (0.1 % for round numbers); and of the market as a whole, funding that changed
 * its sign within a day, and a bar of the last hour with three times the median volume of the day before.
 *
 * @param cluster as `clustersAt` returns it
 * @returns one piece of evidence of each kind, in the order of `ConfluenceKind`
 * @throws RangeError for a time, bars or fundings that are none
 * @example
 * confluence(cluster, input); // { count: 2, enough: true, evidence: [{ kind: 'level', present: true, value: 95_020 }, …] }
 */
export function confluence(cluster: Cluster, input: ConfluenceInput): Confluence {
  const { now, levels, funding, depth, bars } = input;
  need(Number.isFinite(now), 'confluence', 'a time');
  need(
    isPositive(cluster.low) && cluster.low <= cluster.high,
    'confluence',
    'a cluster with positive prices',
  );
  const evidence: Evidence[] = [
    nearLevel(cluster, levels),
    nearRoundNumber(cluster),
    fundingFlip(funding, now),
    nearWall(cluster, depth),
    volumeSpike(bars, now),
  ];
  const count = evidence.filter((item) => item.present === true).length;
  return { evidence, count, enough: count >= confluenceNeeds };
}

const around = (cluster: Cluster, price: number, near: number): boolean =>
  price >= cluster.low * (1 - near) && price <= cluster.high * (1 + near);

function nearLevel(cluster: Cluster, levels: readonly TurningPrice[]): Evidence {
  let nearest: number | null = null;
  for (const { price } of levels) {
    if (nearest === null || Math.abs(price - cluster.peak) < Math.abs(nearest - cluster.peak))
      nearest = price;
  }
  const present = levels.some((level) => around(cluster, level.price, nearness));
  return { kind: 'level', present: levels.length > 0 ? present : null, value: nearest };
}

function nearRoundNumber(cluster: Cluster): Evidence {
  const value = roundNumber(cluster.peak);
  return { kind: 'roundNumber', present: around(cluster, value, roundNearness), value };
}

function fundingFlip(funding: readonly FundingRate[], now: number): Evidence {
  const known = funding
    .filter(({ time }) => time <= now)
    .map((one) => ({ time: one.time, rate: fundingPer8h(one) }))
    .sort((a, b) => a.time - b.time);
  let flip: number | null = null;
  let sign = 0;
  for (const { time, rate } of known) {
    if (rate === 0) continue;
    if (sign !== 0 && Math.sign(rate) !== sign) flip = time;
    sign = Math.sign(rate);
  }
  const present = flip !== null && flip > now - dayMs;
  return { kind: 'fundingFlip', present: known.length >= 2 ? present : null, value: flip };
}

function nearWall(cluster: Cluster, depth: Depth | null): Evidence {
  const kind = 'bookWall';
  if (depth === null) return { kind, present: null, value: null };
  const walls = bookWalls(depth).filter(
    (wall) => wall.side === cluster.side && around(cluster, wall.price, nearness),
  );
  if (walls.length > 0) return { kind, present: true, value: Math.max(...walls.map((wall) => wall.times)) };
  // Where some book ends before the cluster, no wall having been seen says nothing.
  const far = Math.abs(Math.log((cluster.side === 'long' ? cluster.low : cluster.high) / depth.price));
  return { kind, present: far <= depth[cluster.side].covered ? false : null, value: null };
}

function volumeSpike(bars: BarColumns, now: number): Evidence {
  needBars(bars, 'confluence');
  const kind = 'volumeSpike';
  const before: number[] = [];
  let highest = 0;
  for (let i = 0; i < bars.length; i++) {
    const age = now - bars.time[i]!;
    if (age < 0 || age > dayMs) continue;
    if (age > hourMs) before.push(bars.volume[i]!);
    else highest = Math.max(highest, bars.volume[i]!);
  }
  if (before.length < leastBars) return { kind, present: null, value: null };
  const times = highest / quantile(before, 0.5);
  if (!Number.isFinite(times)) return { kind, present: null, value: null };
  return { kind, present: times >= spikeTimes, value: times };
}
