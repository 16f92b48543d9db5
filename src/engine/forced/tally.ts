import { newestBars } from '../bar-columns';
import { findLevels, levelReach, levelStep } from '../map/levels';
import { mapOfInventory } from '../map/map';
import type { PathCells } from '../map/passed';
import { type Profile, profileReach, typicalShares } from '../map/profile';
import { isAmount } from '../need';
import type { Cells, Inventory } from '../positions/inventory';
import { type BarColumns, type Side, sides, tierLeverages } from '../records';
import { dayMs } from '../time';

/**
 * Where the forced orders of one hour and side lay on the way that price took from the hour's start, by the map as it stood
 * then. Orders elsewhere (price first went the other way) are not counted: the map of that moment had them on the other side.
 */
export interface Tally {
  /** Orders on the way. */
  orders: number;
  /** Those in the tenth of the way at which the map was densest; part of one where a cell belongs to it in part. */
  dense: number;
  /** The same by distance only: in the tenth at which a map typically is densest. */
  denseTypical: number;
  /** Those in levels. */
  inLevels: number;
  /** Part of what typically lies on the way that lies in levels, 0–1. */
  levelShare: number;
  /** What typically lies on the way, with what is passed on the way back, coins: at risk by distance only. */
  typical: number;
}

/** A shorter way has less than a cell to its tenth, and tells nothing of where. */
const shortestCells = 10;
const densest = 0.1;
const levelBarsMs = 15 * dayMs;
const tiers = tierLeverages.length;
const noQ = { p10: 0, p50: 0, p90: 0 };

/** The map as it stood, read for a path: the forward cells on both sides of price, as `cellsAround` gives them. */
export interface Ahead {
  cells: Cells;
  reach: PathCells;
  inventory: Inventory;
  profile: Profile;
}

/**
 * @param orders prices of the hour's forced orders by side, each inside what price reached when it came
 * @param end bars before this one are known
 */
export function tallyOf(
  { cells, reach, inventory, profile }: Ahead,
  orders: Record<Side, readonly number[]>,
  bars: BarColumns,
  end: number,
): Record<Side, Tally> {
  const shares = typicalShares(profile);
  const levels = sides.some((side) => orders[side].length > 0) ? levelsAt(inventory, profile, bars, end) : [];
  const of = (side: Side): Tally => {
    const count = side === 'long' ? reach.below : reach.above;
    const density = densityOf(cells, side, count);
    const typical = shares.subarray(0, count);
    const tally = { orders: 0, dense: 0, denseTypical: 0, inLevels: 0, levelShare: 0, typical: 0 };
    for (const share of typical) tally.typical += share * inventory.openInterest;
    if (count < shortestCells) return tally;
    const dense = weightsOf(density);
    const denseTypical = weightsOf(typical);
    const isLevel = cellsIn(levels, side, count, inventory);
    let inside = 0;
    for (let j = 0; j < count; j++) if (isLevel[j]) inside += typical[j]!;
    tally.levelShare = tally.typical > 0 ? (inside * inventory.openInterest) / tally.typical : 0;
    for (const price of orders[side]) {
      const cell = inventory.cellAt(Math.log(price));
      const j = (side === 'long' ? inventory.priceCell - cell : cell - inventory.priceCell) - 1;
      if (j < 0 || j >= count) continue;
      tally.orders++;
      tally.dense += dense[j]!;
      tally.denseTypical += denseTypical[j]!;
      tally.inLevels += isLevel[j]!;
    }
    return tally;
  };
  return { long: of('long'), short: of('short') };
}

/** Whether a stored value is a tally. */
export function isTally(value: unknown): value is Tally {
  const { orders, dense, denseTypical, inLevels, levelShare, typical } = (value ?? {}) as Partial<Tally>;
  return (
    [orders, dense, denseTypical, inLevels, levelShare, typical].every((each) => isAmount(each ?? -1)) &&
    dense! <= orders! + 1e-6 &&
    denseTypical! <= orders! + 1e-6 &&
    inLevels! <= orders! &&
    levelShare! <= 1 + 1e-6
  );
}

/** Coins in the cells outwards from price. */
function densityOf({ long, short }: Cells, side: Side, count: number): Float64Array {
  const row = long.length / tiers;
  const middle = (row - 1) / 2;
  const amounts = side === 'long' ? long : short;
  const sign = side === 'long' ? -1 : 1;
  const density = new Float64Array(count);
  for (let t = 0; t < tiers; t++)
    for (let j = 0; j < count; j++) density[j]! += amounts[t * row + middle + sign * (j + 1)]!;
  return density;
}

/** How much of each cell belongs to the densest tenth; equal cells share. */
function weightsOf(density: Float64Array): Float64Array {
  const order = Array.from(density.keys()).sort((a, b) => density[b]! - density[a]!);
  const weights = new Float64Array(density.length);
  let left = densest * density.length;
  for (let from = 0; from < order.length && left > 0; ) {
    let to = from + 1;
    while (to < order.length && density[order[to]!] === density[order[from]!]) to++;
    const part = Math.min(1, left / (to - from));
    for (let k = from; k < to; k++) weights[order[k]!] = part;
    left -= part * (to - from);
    from = to;
  }
  return weights;
}

function levelsAt(inventory: Inventory, profile: Profile, bars: BarColumns, end: number) {
  const map = mapOfInventory(inventory, profile, { step: levelStep, reach: levelReach + 0.01 });
  return findLevels({ map, bars: newestBars(bars, end, levelBarsMs), q: noQ, openInterest: 0 });
}

/** 1 for each cell outwards from price whose middle lies in a level of the side. */
function cellsIn(
  levels: readonly { side: Side; low: number; high: number }[],
  side: Side,
  count: number,
  inventory: Inventory,
): Uint8Array {
  const cells = new Uint8Array(Math.min(count, profileReach));
  for (const level of levels) {
    if (level.side !== side) continue;
    const ends = [level.low, level.high].map((price) => {
      const cell = inventory.cellAt(Math.log(price));
      return (side === 'long' ? inventory.priceCell - cell : cell - inventory.priceCell) - 1;
    });
    const from = Math.max(0, Math.min(...ends));
    cells.fill(1, from, Math.max(from, Math.min(count, Math.max(...ends) + 1)));
  }
  return cells;
}
