import type { Cells, Inventory } from '../positions/inventory';
import { type Side, tierLeverages } from '../records';
import { turnoverAhead } from './forward';
import { type Profile, profileReach, profileRow } from './profile';

const tiers = tierLeverages.length;

/** How far a path goes from an inventory's price, in cells: 0 where it does not go to that side. */
export interface PathCells {
  below: number;
  above: number;
}

/** @param path lowest and highest price, positive */
export function pathCells(inventory: Inventory, path: { low: number; high: number }): PathCells {
  const price = inventory.priceCell;
  const reach = (cells: number) => Math.min(profileReach, Math.max(0, cells));
  return {
    below: reach(price - inventory.cellAt(Math.log(path.low))),
    above: reach(inventory.cellAt(Math.log(path.high)) - price),
  };
}

/** The cells that reach as far as a path to both sides, with the number of the first. */
export function cellsAround(
  inventory: Inventory,
  { below, above }: PathCells,
): { cells: Cells; from: number } {
  const reach = Math.max(below, above, 1);
  const from = inventory.priceCell - reach;
  return { cells: inventory.read(undefined, from, from + 2 * reach + 1), from };
}

/** Coins on a path by tier: longs on the way down, shorts on the way up. `cells` as `cellsAround` returns them. */
export function passedTiers(
  { long, short }: Cells,
  { below, above }: PathCells,
): { long: Float64Array; short: Float64Array } {
  const passed = { long: new Float64Array(tiers), short: new Float64Array(tiers) };
  const count = long.length / tiers;
  for (let t = 0; t < tiers; t++) {
    const middle = t * count + (count - 1) / 2;
    for (let j = 1; j <= below; j++) passed.long[t]! += long[middle - j]!;
    for (let j = 1; j <= above; j++) passed.short[t]! += short[middle + j]!;
  }
  return passed;
}

/**
 * Part of what comes back that price passes coming from the other side: one time in two it was there first, and by then half of
 * the time is over.
 */
const onTheWayBack = 0.25;

/**
 * Coins by tier that are opened in the time ahead and passed on the way back: longs by a price that comes down from its highest,
 * shorts by one that comes up from its lowest. They lie where positions typically are, seen from there.
 *
 * @param hours as `survivors`
 */
export function passedBack(
  inventory: Inventory,
  profile: Profile,
  hours: number,
  { below, above }: PathCells,
): Record<Side, Float64Array> {
  const { comes } = turnoverAhead(inventory, profile, hours);
  const within = (t: number, cells: number) => {
    let share = 0;
    for (let k = t * profileRow; k < t * profileRow + cells; k++) share += profile.shares[k]!;
    return share;
  };
  return {
    long: comes.long.map((coins, t) => onTheWayBack * coins * within(t, above)),
    short: comes.short.map((coins, t) => onTheWayBack * coins * within(t, below)),
  };
}
