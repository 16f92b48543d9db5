import { isPositive, need } from '../need';
import { type Side, sides } from '../records';
import type { Cluster } from './clusters';

/** How far from price the largest cluster is looked for, fraction of price. */
const maxPainReach = 0.1;

/**
 * The largest cluster of each side within ±10 % of price: where most of that side would be closed by force at once. Its
 * price is the cluster's `peak`.
 *
 * @param clusters as `clustersAt` returns them
 * @param price of the map, positive
 * @returns null for a side without a cluster that near
 * @throws RangeError for a price that is not positive
 * @example
 * maxPain(clusters, 97_000).long?.peak; // 93_150
 */
export function maxPain(clusters: readonly Cluster[], price: number): Record<Side, Cluster | null> {
  need(isPositive(price), 'maxPain', 'a positive price');
  const largest: Record<Side, Cluster | null> = { long: null, short: null };
  for (const side of sides) {
    for (const cluster of clusters) {
      if (cluster.side !== side || Math.abs(cluster.peak / price - 1) > maxPainReach) continue;
      if (cluster.usd > (largest[side]?.usd ?? 0)) largest[side] = cluster;
    }
  }
  return largest;
}
