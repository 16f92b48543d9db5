import { need, needMap } from '../need';
import type { BandMap } from '../records';

export interface Asymmetry {
  /** USD at risk below price, within the distance. */
  longUsd: number;
  /** USD at risk above price, within the distance. */
  shortUsd: number;
  /** longUsd / shortUsd; null where the short side is empty. */
  ratio: number | null;
}

/**
 * How much heavier one side of the map is near price: long-side ÷ short-side at-risk USD within a distance of it.
 *
 * Above 1 the map is fragile to the downside, below 1 to the upside. It says nothing about direction: on recorded data
 * the heavier side was reached first in 50–55 % of cases. A band that straddles the distance counts in proportion.
 *
 * @param map estimate at one moment
 * @param within distance from price as a fraction of it, in (0, 1): 0.05 counts prices from −5 % to +5 %
 * @throws RangeError unless 0 < within < 1 and the map is one
 * @example
 * asymmetry(map, 0.05); // { longUsd: 340e6, shortUsd: 180e6, ratio: 1.89 }
 */
export function asymmetry(map: BandMap, within: number): Asymmetry {
  needMap(map, 'asymmetry');
  need(within > 0 && within < 1, 'asymmetry', 'a distance between 0 and 1');
  const low = (Math.log(map.price * (1 - within)) - map.lnLow) / map.step;
  const high = (Math.log(map.price * (1 + within)) - map.lnLow) / map.step;
  let longUsd = 0;
  let shortUsd = 0;
  for (let i = Math.max(0, Math.floor(low)); i < Math.min(map.count, Math.ceil(high)); i++) {
    longUsd += map.long[i]! * Math.min(1, i + 1 - low);
    shortUsd += map.short[i]! * Math.min(1, high - i);
  }
  const ratio = longUsd / shortUsd;
  return { longUsd, shortUsd, ratio: Number.isFinite(ratio) ? ratio : null };
}
