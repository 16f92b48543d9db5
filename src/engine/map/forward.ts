import { need } from '../need';
import type { Cells, Inventory } from '../positions/inventory';
import { tierRates } from '../positions/tier-units';
import { type Side, tierLeverages } from '../records';
import { type Profile, profileReach, profileRow } from './profile';

const tiers = tierLeverages.length;

/** How far ahead a map that is shown looks, hours. */
export const shownHours = 1;

/**
 * Share of each tier's positions that will still stand after some hours, at the inventory's own turnover:
 * `exp(−2 · rate · x)` with x = what is opened in that time ÷ (open interest + the same).
 *
 * @param hours ≥ 0
 */
export function survivors(inventory: Inventory, hours: number): Float64Array {
  need(hours >= 0 && hours <= 48, 'survivors', 'a time ahead of 0 to 48 hours');
  const opened = inventory.hourlyTurnover * hours;
  const turned = opened > 0 ? opened / (inventory.openInterest + opened) : 0;
  return Float64Array.from(tierRates, (rate) => Math.exp(-2 * rate * turned));
}

/** What is turned over in the time ahead. */
interface Turnover {
  /** Share of each tier that stays. */
  stays: Float64Array;
  /** Coins of each tier that come back, by side, for each unit of its typical share: `R · (1 − s_t) / Σ (1 − s_t) · P_t`. */
  comes: Record<Side, Float64Array>;
}

/** @param hours as `survivors` */
export function turnoverAhead(inventory: Inventory, profile: Profile, hours: number): Turnover {
  const stays = survivors(inventory, hours);
  const amounts = inventory.tierAmounts();
  let typical = 0;
  let long = 0;
  let short = 0;
  for (let t = 0; t < tiers; t++) {
    const leaves = 1 - stays[t]!;
    let share = 0;
    for (let k = t * profileRow; k < (t + 1) * profileRow; k++) share += profile.shares[k]!;
    typical += leaves * share;
    long += leaves * amounts[t]!;
    short += leaves * amounts[tiers + t]!;
  }
  const comes = (leaving: number) =>
    stays.map((stay) => (typical > 0 ? (leaving * (1 - stay)) / typical : 0));
  return { stays, comes: { long: comes(long), short: comes(short) } };
}

/**
 * The forward map: what stands now, less what will be turned over by then, which comes back where positions typically are.
 *
 *     F_t(d) = s_t · M_t(d) + R · (1 − s_t) · P_t(d) / Σ (1 − s_t) · P_t        R = Σ (1 − s_t) · M_t
 *
 * Each side keeps its sum: what leaves comes back. Of a map of a window the same comes back as of the whole, since it is
 * newly opened: windows stay nested. What stands keeps its opening time; where nothing stands it is now.
 *
 * @param cells as `inventory.read` returned them for cells `from` …; turned into the forward map
 * @param hour now, in opening hours of the inventory
 */
export function forward(
  cells: Cells,
  inventory: Inventory,
  profile: Profile,
  hours: number,
  from: number,
  hour: number,
): void {
  const { stays, comes } = turnoverAhead(inventory, profile, hours);
  const count = cells.long.length / tiers;
  const middle = inventory.priceCell - from;
  for (let t = 0; t < tiers; t++) {
    const row = t * profileRow - 1;
    const rows = { shares: profile.shares, row, at: t * count + middle };
    replace(cells.long, cells.longOpened, rows, -1, middle, stays[t]!, comes.long[t]!, hour);
    replace(cells.short, cells.shortOpened, rows, 1, count - 1 - middle, stays[t]!, comes.short[t]!, hour);
  }
}

/** One tier of one side, from price outwards: `last` cells in a direction. */
function replace(
  side: Float64Array,
  opened: Float64Array,
  { shares, row, at }: { shares: Float32Array; row: number; at: number },
  direction: 1 | -1,
  last: number,
  stay: number,
  amount: number,
  hour: number,
): void {
  for (let j = 1; j <= last; j++) {
    const i = at + direction * j;
    const stands = side[i]!;
    const coming = j <= profileReach ? amount * shares[row + j]! : 0;
    const ahead = stay * stands + coming;
    side[i] = ahead;
    opened[i] = stands > 0 ? opened[i]! * (ahead / stands) : ahead * hour;
  }
}
