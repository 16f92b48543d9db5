import { type Depth, type DepthRatio, depthRatio } from '../flow/depth';
import { need } from '../need';
import type { Side } from '../records';
import { type Cluster, nearestClusters } from './clusters';

/** A share with its 80 % interval, as it is learned from forced orders. */
export interface RealisedShare {
  p10: number;
  p50: number;
  p90: number;
}

export interface ClusterRow {
  cluster: Cluster;
  /** What would really be closed by force if price went through it, USD: median and 80 % interval. */
  expected: RealisedShare;
  /** Against resting orders; null without books. */
  depth: DepthRatio | null;
}

/**
 * The three nearest clusters of a side with what is to be told of each: at risk (`cluster.usd`) and expected USD, which
 * are two different amounts, and the depth ratio.
 *
 *     expected = q · at risk
 *
 * @param clusters as `clustersAt` returns them
 * @param q share of the at-risk amount that is force-closed, 0 ≤ p10 ≤ p50 ≤ p90 ≤ 2
 * @param depth joined books; null without
 * @throws RangeError for shares out of order or range
 * @example
 * clusterTable(clusters, 'long', { p10: 0.005, p50: 0.01, p90: 0.03 }, depth)[0]!.expected.p50; // 410e3 of 41M at risk
 */
export function clusterTable(
  clusters: readonly Cluster[],
  side: Side,
  q: RealisedShare,
  depth: Depth | null,
): ClusterRow[] {
  need(
    q.p10 >= 0 && q.p10 <= q.p50 && q.p50 <= q.p90 && q.p90 <= 2,
    'clusterTable',
    'shares 0 ≤ p10 ≤ p50 ≤ p90 ≤ 2',
  );
  return nearestClusters(clusters, side).map((cluster) => ({
    cluster,
    expected: { p10: q.p10 * cluster.usd, p50: q.p50 * cluster.usd, p90: q.p90 * cluster.usd },
    depth: depth && depthRatio(cluster, depth, q.p50),
  }));
}
