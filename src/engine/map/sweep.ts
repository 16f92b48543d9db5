import { clamp } from '../clamp';
import { need } from '../need';
import { type BandMap, tierLeverages, type VenuePart } from '../records';

/**
 * Empties the bands that price has passed since the map was built: every long band at or above `low` and every short
 * band at or below `high`. Bands that price is still inside stay. Changes `map`.
 *
 * @param low lowest and `high` highest mark price since then
 * @throws RangeError unless 0 < low ≤ high
 */
export function sweepMap(map: BandMap, low: number, high: number): void {
  if (!(low > 0 && low <= high && high < Number.POSITIVE_INFINITY)) {
    throw new RangeError('sweepMap requires 0 < low ≤ high');
  }
  const { count } = map;
  const firstLong = clamp(Math.ceil((Math.log(low) - map.lnLow) / map.step - 1e-9), 0, count);
  const endShort = clamp(Math.floor((Math.log(high) - map.lnLow) / map.step + 1e-9), 0, count);
  map.long.fill(0, firstLong);
  map.longAge.fill(0, firstLong);
  map.short.fill(0, 0, endShort);
  map.shortAge.fill(0, 0, endShort);
  for (let t = 0; t < tierLeverages.length; t++) {
    map.longTiers.fill(0, t * count + firstLong, (t + 1) * count);
    map.shortTiers.fill(0, t * count, t * count + endShort);
  }
}

/**
 * The same for what one venue added to the map: what its own price has not passed stays, whatever the others' did.
 * Changes `map` and the venue's part of it.
 *
 * @param low lowest and `high` highest mark price of this venue since then, on the scale of the map
 * @returns USD taken out of the map, both sides
 * @throws RangeError unless 0 < low ≤ high
 */
export function sweepVenue(map: BandMap, venue: VenuePart, low: number, high: number): number {
  need(low > 0 && low <= high && high < Number.POSITIVE_INFINITY, 'sweepVenue', '0 < low ≤ high');
  const { count, lnLow, step } = map;
  const firstLong = clamp(Math.ceil((Math.log(low) - lnLow) / step - 1e-9), 0, count);
  const endShort = clamp(Math.floor((Math.log(high) - lnLow) / step + 1e-9), 0, count);
  return (
    takeOut(map.long, map.longTiers, map.longAge, venue.long, firstLong, count) +
    takeOut(map.short, map.shortTiers, map.shortAge, venue.short, 0, endShort)
  );
}

/** Takes the parts of bands `from` to `end` (excluded) out of them. */
function takeOut(
  bands: Float64Array,
  tiers: Float64Array,
  ages: Float64Array,
  parts: Float64Array,
  from: number,
  end: number,
): number {
  const count = bands.length;
  let taken = 0;
  for (let i = from; i < end; i++) {
    const part = Math.min(parts[i]!, bands[i]!);
    if (part <= 0) continue;
    parts[i] = 0;
    taken += part;
    // What rounding leaves of a band that was all this venue's is nothing.
    const left = bands[i]! - part > 1e-9 * bands[i]! ? 1 - part / bands[i]! : 0;
    bands[i]! *= left;
    for (let t = 0; t < tierLeverages.length; t++) tiers[t * count + i]! *= left;
    if (left === 0) ages[i] = 0;
  }
  return taken;
}
