import type { Cluster } from '../map/clusters';
import { isPositive, need } from '../need';
import type { Side } from '../records';
import { type Confluence, confluenceNeeds } from './confluence';

/** What a cluster is to a position, in the three ways it can be one. */
export interface Setups {
  /**
   * The position's own side is closed by force there, within 3 % against it: price may run through and come back, which
   * takes out stops that stand before it.
   */
  sweep: boolean;
  /** At least two others lie in the same place; null: cannot be told, since it could still be so with what is missing. */
  confluence: boolean | null;
  /** It lies between price and the target. */
  inTheWay: boolean;
}

const sweepReach = 0.03;

/**
 * Which set-ups a cluster makes for a position.
 *
 * @param price of the map, positive
 * @param found as `confluence` returns it for this cluster
 * @throws RangeError for a price that is not positive
 * @example
 * setupsAt(cluster, { side: 'long', target: 61_800 }, 59_805, found); // { sweep: true, confluence: null, inTheWay: false }
 */
export function setupsAt(
  cluster: Pick<Cluster, 'side' | 'low' | 'high'>,
  position: { side: Side; target: number | null },
  price: number,
  found: Pick<Confluence, 'evidence' | 'enough' | 'count'>,
): Setups {
  need(isPositive(price), 'setupsAt', 'a positive price');
  const { side, target } = position;
  const near = cluster.side === 'long' ? cluster.high : cluster.low;
  const distance = Math.abs(near / price - 1);
  const unread = found.evidence.filter(({ present }) => present === null).length;
  const ahead = side === 'long' ? near > price : near < price;
  return {
    sweep: cluster.side === side && distance <= sweepReach,
    confluence: found.enough ? true : found.count + unread >= confluenceNeeds ? null : false,
    inTheWay: target !== null && ahead && (side === 'long' ? near < target : near > target),
  };
}
