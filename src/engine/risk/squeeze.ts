import { denseAt } from '../map/bands';
import type { Cluster } from '../map/clusters';
import type { Side } from '../records';
import { type FundingRange, type FundingRate, fundingPer8h } from '../regime/funding';

/** Funding, per 8 h, from which the paying side is crowded. */
const crowded = 0.0005;
/** What venues settle per 8 h while nothing presses. Often the highest of a month, but never a sign of anything. */
const baseRate = 0.0001;
const reach = 0.03;

export interface Squeeze {
  /** Who would be squeezed: `short` on the way up, `long` on the way down. */
  side: Side;
  /** The dense cluster ahead. */
  cluster: Cluster;
  /** Funding now, per 8 h, and what it was measured against. */
  funding: number;
  threshold: number;
}

export interface SqueezeCheck {
  /** null where there is no set-up. */
  squeeze: Squeeze | null;
  /**
   * What one lacks: `funding` is within the usual; no `cluster` of the crowded side lies within 3 %; or none of those has
   * enough `times` the typical. null where there is a set-up.
   */
  missing: 'funding' | 'cluster' | 'times' | null;
  /** Funding now, per 8 h. */
  funding: number;
  /** The most of what is typical among the crowded side's clusters within 3 %: 1.5 times is needed. null without one. */
  times: number | null;
}

/**
 * Whether a squeeze is set up: funding says that one side is crowded, and a dense cluster of its liquidations lies within
 * 3 % of price.
 *
 *     shorts: funding ≤ −0.05 % per 8 h or ≤ the 5th percentile of 30 days; dense short cluster above
 *     longs:  funding ≥ +0.05 % per 8 h or ≥ the 95th percentile of 30 days; dense long cluster below
 *
 * The fixed limits come first. A rate of exactly 0.01 % per 8 h, at which venues rest, is never unusual. Dense means 1.5
 * times what is typical at that distance (`denseAt`); the answer says what is missing.
 *
 * @param clusters of the map, as `clustersAt` returns them
 * @param funding running rate of the venue that leads, or a mean weighted by open interest
 * @param usual as `fundingRange` returns it; null where history is too short
 * @returns of several such clusters the nearest
 * @throws RangeError for a rate or interval that is not one
 * @example
 * checkSqueeze(clusters, { time, rate: -0.0006, intervalMs: 28_800_000 }, null);
 * // { squeeze: null, missing: 'times', funding: -0.0006, times: 1.2 }
 */
export function checkSqueeze(
  clusters: readonly Cluster[],
  funding: FundingRate,
  usual: FundingRange | null,
): SqueezeCheck {
  const rate = fundingPer8h(funding);
  const crowd = crowdedSide(rate, usual);
  if (crowd === null) return { squeeze: null, missing: 'funding', funding: rate, times: null };
  const { side, threshold } = crowd;
  let times: number | null = null;
  let nearest: Cluster | null = null;
  for (const cluster of clusters) {
    if (cluster.side !== side || cluster.distance > reach) continue;
    times = Math.max(times ?? 0, cluster.times);
    if (cluster.times < denseAt) continue;
    if (nearest === null || cluster.distance < nearest.distance) nearest = cluster;
  }
  return {
    squeeze: nearest && { side, cluster: nearest, funding: rate, threshold },
    missing: nearest ? null : times === null ? 'cluster' : 'times',
    funding: rate,
    times,
  };
}

/** Whom funding shows to be crowded, and by which limit. */
function crowdedSide(rate: number, usual: FundingRange | null): Pick<Squeeze, 'side' | 'threshold'> | null {
  if (rate <= -crowded) return { side: 'short', threshold: -crowded };
  if (rate >= crowded) return { side: 'long', threshold: crowded };
  // Rates that never change have no ends.
  if (usual === null || usual.p5 === usual.p95 || Math.abs(rate - baseRate) < 1e-12) return null;
  if (rate <= usual.p5) return { side: 'short', threshold: usual.p5 };
  return rate >= usual.p95 ? { side: 'long', threshold: usual.p95 } : null;
}
