import { needMap } from '../need';
import type { BandMap } from '../records';
import { sideRange } from './bands';

/** USD at risk between price and the far edge of each band, one value a band; 0 on the other side of price. */
export interface Curves {
  long: Float64Array;
  short: Float64Array;
}

/**
 * What price would pass in total on its way to each band: amounts summed from price outwards, longs downwards and
 * shorts upwards.
 *
 *     long[i] = Σ map.long[j], j ≥ i      short[i] = Σ map.short[j], j ≤ i
 *
 * @param map estimate at one moment
 * @returns never falls on the way out
 * @throws RangeError for a map with missing, negative or non-finite values
 * @example
 * cumulativeCurves(map).long[0]; // everything below price
 */
export function cumulativeCurves(map: BandMap): Curves {
  needMap(map, 'cumulativeCurves');
  const long = new Float64Array(map.count);
  const short = new Float64Array(map.count);
  let sum = 0;
  for (let i = sideRange(map, 'long')[1] - 1; i >= 0; i--) long[i] = sum += map.long[i]!;
  sum = 0;
  for (let i = sideRange(map, 'short')[0]; i < map.count; i++) short[i] = sum += map.short[i]!;
  return { long, short };
}
