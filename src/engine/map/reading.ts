import { clamp } from '../clamp';
import { cellStep } from '../positions/cells';
import type { Cells, Inventory } from '../positions/inventory';
import type { BandMap } from '../records';
import { forward } from './forward';
import { type Placement, place } from './pour';
import type { Profile } from './profile';

/** A venue's cells that reach into a map, where they lie in it, and what one coin of them is worth. */
export interface Reading {
  inventory: Inventory;
  profile: Profile;
  from: number;
  to: number;
  placement: Placement;
  usd: number;
}

/**
 * How a venue's positions are read into a map: shifted so that the venue's mark lies at the map's price, and scaled to its
 * open interest. Undefined where the venue has nothing open.
 *
 * @param venue its mark, one-sided open interest now (coins) and typical map
 */
export function readingOf(
  map: Pick<BandMap, 'price' | 'lnLow' | 'step' | 'count'>,
  inventory: Inventory,
  venue: { mark: number; openInterest: number; profile: Profile },
): Reading | undefined {
  if (!(inventory.openInterest > 0)) return undefined;
  const lnLow = inventory.lnLow + Math.log(map.price / venue.mark);
  const lnEnd = map.lnLow + map.count * map.step;
  const from = clamp(Math.floor((map.lnLow - lnLow) / cellStep), 0, inventory.count - 1);
  const to = clamp(Math.ceil((lnEnd - lnLow) / cellStep), from + 1, inventory.count);
  const edges = new Float64Array(to - from + 1);
  for (let i = 0; i < edges.length; i++) edges[i] = lnLow + (from + i) * cellStep;
  return {
    inventory,
    profile: venue.profile,
    from,
    to,
    placement: place(edges, map),
    usd: (venue.openInterest / inventory.openInterest) * map.price,
  };
}

/**
 * The venue's positions opened since `window` was, as they will stand `hours` ahead.
 *
 * @param hour now, in opening hours of the inventory
 */
export function cellsOf(
  { inventory, profile, from, to }: Reading,
  hour: number,
  hours: number,
  window?: number,
): Cells {
  const cells = inventory.read(window, from, to);
  if (hours > 0) forward(cells, inventory, profile, hours, from, hour);
  return cells;
}
