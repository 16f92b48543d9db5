import { need, needMap } from '../need';
import { type BandMap, type Side, tierLeverages, type WindowId } from '../records';

/** Widths of a band, in ln(price), that a map may be shown with: 0.1, 0.2, 0.25, 0.5 and 1 %. */
export const displaySteps = [0.001, 0.002, 0.0025, 0.005, 0.01] as const;

/** The width a window is shown with unless the user picks another. */
export const windowStep: Record<WindowId, (typeof displaySteps)[number]> = {
  '12h': 0.001,
  '24h': 0.001,
  '7d': 0.002,
  '30d': 0.005,
};

/** A band that holds this many times what is typical at its distance is dense. */
export const denseAt = 1.5;

/**
 * The bands that can hold amounts of a side, `[from, to)`: longs up to the band price is in, shorts from it on.
 *
 * @param map estimate at one moment; not checked
 */
export function sideRange(map: BandMap, side: Side): [from: number, to: number] {
  const at = (Math.log(map.price) - map.lnLow) / map.step;
  return side === 'long'
    ? [0, Math.min(map.count, Math.max(0, Math.ceil(at - 1e-9)))]
    : [Math.min(map.count, Math.max(0, Math.floor(at + 1e-9))), map.count];
}

/**
 * The same map with bands of another width. Every dollar of the map is kept, also by tier.
 *
 * Bands begin at whole multiples of `step` in ln(price). A band that straddles two new ones is split in proportion to
 * what lies in each; where price stands inside a band, its longs are taken to lie below price and its shorts above.
 * Ages stay mass-weighted means.
 *
 * @param map estimate at one moment
 * @param step new width in ln(price), from the map's own up to 0.05; `displaySteps` are those offered to the user
 * @throws RangeError for a finer or impossible step, or a map with bad values
 * @example
 * rebin(map, 0.0025); // bands of 0.25 %
 */
export function rebin(map: BandMap, step: number): BandMap {
  needMap(map, 'rebin');
  need(step >= map.step * (1 - 1e-9) && step <= 0.05, 'rebin', "a step between the map's own and 0.05");
  const first = Math.floor(map.lnLow / step + 1e-6);
  const count = Math.ceil((map.lnLow + map.count * map.step) / step - 1e-6) - first;
  const result: BandMap = {
    time: map.time,
    price: map.price,
    lnLow: first * step,
    step,
    count,
    long: new Float64Array(count),
    short: new Float64Array(count),
    longAge: new Float64Array(count),
    shortAge: new Float64Array(count),
    longTiers: new Float64Array(count * tierLeverages.length),
    shortTiers: new Float64Array(count * tierLeverages.length),
  };
  const at = Math.log(map.price);
  for (let i = 0; i < map.count; i++) {
    const low = map.lnLow + i * map.step;
    const high = low + map.step;
    const inside = at > low && at < high;
    pour(map, result, 'long', i, low, inside ? at : high);
    pour(map, result, 'short', i, inside ? at : low, high);
  }
  for (let i = 0; i < count; i++) {
    result.longAge[i] = result.long[i]! > 0 ? result.longAge[i]! / result.long[i]! : 0;
    result.shortAge[i] = result.short[i]! > 0 ? result.shortAge[i]! / result.short[i]! : 0;
  }
  return result;
}

/** Adds band `i` of a side, which lies from `low` to `high` in ln(price), to the new bands; ages as USD · ms. */
function pour(from: BandMap, to: BandMap, side: Side, i: number, low: number, high: number): void {
  if (!(from[side][i]! > 0)) return;
  const ages = side === 'long' ? 'longAge' : 'shortAge';
  const tiers = side === 'long' ? 'longTiers' : 'shortTiers';
  const last = to.count - 1;
  const begin = Math.min(last, Math.max(0, Math.floor((low - to.lnLow) / to.step + 1e-6)));
  const end = Math.min(last, Math.max(begin, Math.ceil((high - to.lnLow) / to.step - 1e-6) - 1));
  let left = 1;
  for (let band = begin; band <= end; band++) {
    // The last one takes what is left, so that rounding loses nothing.
    const edge = to.lnLow + (band + 1) * to.step;
    const share = band === end ? left : Math.min(left, (edge - Math.max(low, edge - to.step)) / (high - low));
    left -= share;
    to[side][band]! += from[side][i]! * share;
    to[ages][band]! += from[ages][i]! * from[side][i]! * share;
    for (let t = 0; t < tierLeverages.length; t++) {
      to[tiers][t * to.count + band]! += from[tiers][t * from.count + i]! * share;
    }
  }
}
