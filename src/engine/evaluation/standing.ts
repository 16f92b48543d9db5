import { activity } from '../map/activity';
import { forward } from '../map/forward';
import { cellsAround, passedBack, passedTiers, pathCells } from '../map/passed';
import { type Profile, ProfileLearner, priorProfile, typicalShares } from '../map/profile';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { hourMs } from '../time';
import { sum } from './fit';
import type { EvaluationSet, Pool } from './pool';

/** What a map as it stood at the bucket's start says of the path that followed. Columns: long, then short. */
export interface Standing {
  /** At risk on the path in the forward map. */
  forward: Float64Array;
  /** What is opened in the meantime and passed on the way back from the other side. */
  back: Float64Array;
  /** In the map of what stood. */
  stands: Float64Array;
  /** In the mean of all earlier maps at the same distances × open interest. */
  typical: Float64Array;
  /** Open interest × how many of the extremes of the last day and week the path goes beyond. */
  extremes: Float64Array;
  /** How busy the market was before the bucket. */
  activity: Float64Array;
  /** Volume an hour over the 24 h before, in the unit of the amounts. */
  volume: Float64Array;
}

/**
 * Walks the bars and reads the map before each bucket of the pool, as it was then: nothing of the bucket is known but where
 * price went. What lies between the price at its start and the farthest price reached counts as passed.
 */
export function standingOf(set: EvaluationSet, pool: Pool, model: InventoryOptions): Standing {
  const { bars } = set;
  const columns = () => new Float64Array(pool.actual.length);
  const standing: Standing = {
    forward: columns(),
    back: columns(),
    stands: columns(),
    typical: columns(),
    extremes: columns(),
    activity: columns(),
    volume: columns(),
  };
  const hours = (pool.ahead * set.bucketMs) / hourMs;
  const inventory = new Inventory(model);
  const learner = new ProfileLearner(priorProfile(model));
  let k = 0;
  for (let i = 0; i < bars.length && k < pool.first.length; i++) {
    if (pool.first[k] === i) {
      const unit = set.unit === 'usd' ? inventory.price : 1;
      const path = { low: pool.low[k]!, high: pool.high[k]! };
      const passed = passedOn(path, inventory, learner.profile(), hours);
      for (const side of [0, 1]) {
        const at = 2 * k + side;
        standing.forward[at] = passed.forward[side]! * unit;
        standing.back[at] = passed.back[side]! * unit;
        standing.stands[at] = passed.stands[side]! * unit;
        standing.typical[at] = passed.typical[side]! * unit;
        standing.extremes[at] = passedExtremes(set, i, side, path, inventory) * unit;
        standing.activity[at] = activity(bars, i);
        standing.volume[at] = volumeBefore(set, i) * unit;
      }
      k++;
    }
    inventory.addBar(bars, i);
    learner.observe(inventory);
  }
  return standing;
}

type Sides = [long: number, short: number];

/** Coins between price and the ends of a path. */
function passedOn(
  path: { low: number; high: number },
  inventory: Inventory,
  profile: Profile,
  hours: number,
): Record<'forward' | 'back' | 'stands' | 'typical', Sides> {
  const reach = pathCells(inventory, path);
  const { cells, from } = cellsAround(inventory, reach);
  const sums = (): Sides => {
    const { long, short } = passedTiers(cells, reach);
    return [sum(long), sum(short)];
  };
  const stands = sums();
  forward(cells, inventory, profile, hours, from, 0);
  const shares = typicalShares(profile);
  const typical = (end: number) => sum(shares.subarray(0, end)) * inventory.openInterest;
  const back = passedBack(inventory, profile, hours, reach);
  return {
    stands,
    forward: sums(),
    back: [sum(back.long), sum(back.short)],
    typical: [typical(reach.below), typical(reach.above)],
  };
}

/** Open interest × how many of the extremes of the last day and of the last week the path goes beyond. */
function passedExtremes(
  { bars }: EvaluationSet,
  end: number,
  side: number,
  path: { low: number; high: number },
  inventory: Inventory,
): number {
  let passed = 0;
  for (const hours of [24, 168]) {
    let low = Number.POSITIVE_INFINITY;
    let high = 0;
    for (let i = end - 1; i >= 0 && bars.time[i]! >= bars.time[end]! - hours * hourMs; i--) {
      low = Math.min(low, bars.low[i]!);
      high = Math.max(high, bars.high[i]!);
    }
    if (side === 0 ? path.low < low : path.high > high) passed++;
  }
  return passed * inventory.openInterest;
}

/** Mean coins traded an hour in the 24 h before a bar. */
function volumeBefore({ bars }: EvaluationSet, end: number): number {
  const from = bars.time[end]! - 24 * hourMs;
  let volume = 0;
  for (let i = end - 1; i >= 0 && bars.time[i]! >= from; i--) volume += bars.volume[i]!;
  return volume / 24;
}
