import { isAmount, need, needMap } from '../need';
import { type BandMap, type Side, tierLeverages, type WindowId } from '../records';
import { hourMs } from '../time';

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

/** The 50th, 75th, 90th and 97th percentile of a side's bands: where classes 2, 3, 4 and 5 begin. */
const classShares = [0.5, 0.75, 0.9, 0.97] as const;

/**
 * Sorts a side's bands into five classes of intensity by that side's own amounts.
 *
 * Percentiles are of the bands that are not empty, by the nearest rank (`floor(share · n)` of the ascending amounts).
 * Class 5 begins at the 97th, 4 at the 90th, 3 at the 75th, 2 at the 50th; class 1 lies below, down to a quarter of the
 * 50th. What is below that is class 0 and is not drawn.
 *
 * @param amounts USD of one side, one value a band, finite and ≥ 0
 * @returns class of each band, 0–5
 * @throws RangeError for a negative or non-finite amount
 * @example
 * intensityClasses(Float64Array.of(0, 1, 10, 20, 40)); // [0, 0, 1, 2, 5]
 */
export function intensityClasses(amounts: Float64Array): Uint8Array {
  const classes = new Uint8Array(amounts.length);
  let filled = 0;
  for (let i = 0; i < amounts.length; i++) {
    need(isAmount(amounts[i]!), 'intensityClasses', 'finite amounts that are not negative');
    if (amounts[i]! > 0) filled++;
  }
  if (filled === 0) return classes;
  const ascending = amounts.filter((amount) => amount > 0).sort();
  const starts = classShares.map((share) => ascending[Math.min(filled - 1, Math.floor(share * filled))]!);
  for (let i = 0; i < amounts.length; i++) {
    const amount = amounts[i]!;
    if (!(amount > 0 && amount >= starts[0]! / 4)) continue;
    let level = 1;
    while (level < 5 && amount >= starts[level - 1]!) level++;
    classes[i] = level;
  }
  return classes;
}

/** What a distance from price means to a trader. */
export type DistanceClass = 'inPlay' | 'actionable' | 'imminent' | 'watch' | 'context';

/**
 * Class of a distance from price: below 0.5 % in play, 0.5–3 % actionable (and from 1 % on imminent), 3–5 % to watch,
 * above 5 % context only.
 *
 * @param distance fraction of price, ≥ 0
 * @throws RangeError for a negative or non-finite distance
 * @example
 * distanceClass(0.02); // 'imminent'
 */
export function distanceClass(distance: number): DistanceClass {
  need(isAmount(distance), 'distanceClass', 'a distance that is not negative');
  if (distance < 0.005) return 'inPlay';
  if (distance < 0.01) return 'actionable';
  if (distance <= 0.03) return 'imminent';
  return distance <= 0.05 ? 'watch' : 'context';
}

/** What the age of positions means to a trader. */
export type AgeClass = 'fresh' | 'active' | 'valid' | 'dimmed' | 'context';

/**
 * Class of an age: up to 6 h fresh, 24 h active, 48 h valid; older is dimmed, and after 7 days context only.
 *
 * @param age mass-weighted mean age of the positions, ms, ≥ 0
 * @throws RangeError for a negative or non-finite age
 * @example
 * ageClass(30 * 3_600_000); // 'valid'
 */
export function ageClass(age: number): AgeClass {
  need(isAmount(age), 'ageClass', 'an age that is not negative');
  if (age <= 6 * hourMs) return 'fresh';
  if (age <= 24 * hourMs) return 'active';
  if (age <= 48 * hourMs) return 'valid';
  return age <= 168 * hourMs ? 'dimmed' : 'context';
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
