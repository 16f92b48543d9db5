import { barLength } from '../bar-columns';
import { shownHours } from '../map/forward';
import { marginOf, type VenueBars } from '../map/map';
import { pour } from '../map/pour';
import { ProfileLearner, priorProfile } from '../map/profile';
import { cellsOf, readingOf } from '../map/reading';
import { isPositive, need, needBars } from '../need';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { type BandMap, type BarColumns, sides, tierLeverages } from '../records';
import { hourMs } from '../time';
import type { Heatmap } from './heatmap';

export interface HistoryOptions {
  /** Time of the first column, ms. Bars from before fill the inventory. */
  from: number;
  /** Last moment looked at, ms. */
  to: number;
  /** Settings of the model; without them, its best. */
  model?: Omit<InventoryOptions, 'maxLeverage'>;
}

/**
 * Fills a heatmap with what the map would have said at each of its columns, from bars that had closed by then: no
 * column knows anything of later bars.
 *
 * Columns count positions of all ages, unlike a map of a window, because then one pass over the bars suffices. Prices
 * are those of the first venue; the others are taken relative to their own close.
 *
 * @param heatmap new, or ending before `from`
 * @param venues bars ascending in time, the venue whose chart is drawn on first; venues without bars are left out
 * @returns how many columns were written
 * @throws RangeError for a range that is not one, no venue with bars, or bad bars
 * @example
 * const heatmap = new Heatmap({ step: 0.002, columnMs: 1_800_000, columns: 336, reach: 0.15 });
 * recordHistory(heatmap, venues, { from: weekAgo, to: now });
 */
export function recordHistory(
  heatmap: Heatmap,
  venues: readonly Pick<VenueBars, 'bars' | 'maxLeverage' | 'maintenanceRate'>[],
  options: HistoryOptions,
): number {
  const steps = historySteps(heatmap, venues, options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

interface Walk {
  bars: BarColumns;
  barMs: number;
  /** The next bar to take in. */
  next: number;
  inventory: Inventory;
  learner: ProfileLearner;
}

/** Bars taken in between two pauses: a fraction of a millisecond of work. */
const barsPerStep = 16;

/**
 * `recordHistory` in small steps, for callers that have other work to do in between. Finished when done; what it yields
 * says nothing.
 */
export function* historySteps(
  heatmap: Heatmap,
  venues: readonly Pick<VenueBars, 'bars' | 'maxLeverage' | 'maintenanceRate'>[],
  { from, to, model }: HistoryOptions,
): Generator<undefined, number> {
  need(Number.isFinite(from) && Number.isFinite(to) && from <= to, 'recordHistory', 'a time from ≤ to');
  const present = venues.filter(({ bars }) => bars.length > 0);
  need(present.length > 0, 'recordHistory', 'a venue with bars');
  const { step, columnMs, reach } = heatmap;
  const walks = present.map((venue): Walk => {
    const { bars, maxLeverage } = venue;
    needBars(bars, 'recordHistory');
    need(isPositive(maxLeverage), 'recordHistory', 'a positive highest leverage');
    return {
      bars,
      barMs: barLength(bars),
      next: 0,
      inventory: new Inventory({ ...marginOf(venue), ...model }),
      learner: new ProfileLearner(priorProfile(marginOf(venue))),
    };
  });
  const lead = walks[0]!;
  let written = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  const end = Math.min(to, lead.bars.time[lead.bars.length - 1]! + lead.barMs);
  for (let time = Math.ceil(from / columnMs) * columnMs; time <= end; time += columnMs) {
    for (const walk of walks) {
      const { bars, barMs, inventory, learner } = walk;
      for (; walk.next < bars.length && bars.time[walk.next]! + barMs <= time; walk.next++) {
        inventory.addBar(bars, walk.next);
        learner.observe(inventory);
        if (walk.next % barsPerStep === 0) yield;
        if (walk !== lead || bars.time[walk.next]! < time - columnMs) continue;
        low = Math.min(low, bars.low[walk.next]!);
        high = Math.max(high, bars.high[walk.next]!);
      }
    }
    const { price } = lead.inventory;
    // Without a bar of the first venue since the last column there is nothing new to say: a gap.
    if (high === 0) continue;
    const map = emptyMap(time, price, step, reach);
    for (const walk of walks) add(map, walk);
    if (heatmap.append(map, low, high)) written++;
    yield;
    low = Number.POSITIVE_INFINITY;
    high = 0;
  }
  return written;
}

/** Adds a venue's positions, all tiers together, relative to its own price, as they will stand within the hour. */
function add(map: BandMap, { inventory, learner }: Walk): void {
  const { price, openInterest, time, epoch } = inventory;
  const reading = readingOf(map, inventory, { mark: price, openInterest, profile: learner.profile() });
  if (!reading) return;
  const cells = cellsOf(reading, (time - epoch) / hourMs, shownHours);
  const { placement, usd, from, to } = reading;
  for (const side of sides) {
    for (let t = 0; t < tierLeverages.length; t++)
      pour(placement, cells[side], t * (to - from), usd, map[side], 0, map.count);
  }
}

function emptyMap(time: number, price: number, step: number, reach: number): BandMap {
  const first = Math.floor((Math.log(price) - reach) / step);
  const count = Math.ceil((Math.log(price) + reach) / step) - first;
  const none = new Float64Array(count);
  const noTiers = new Float64Array(count * tierLeverages.length);
  return {
    time,
    price,
    lnLow: first * step,
    step,
    count,
    long: new Float64Array(count),
    short: new Float64Array(count),
    longAge: none,
    shortAge: none,
    longTiers: noTiers,
    shortTiers: noTiers,
  };
}
