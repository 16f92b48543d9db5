import { isAmount, isPositive, need } from '../need';
import { cellStep, Inventory, type InventoryOptions } from '../positions/inventory';
import { type BandMap, type BarColumns, tierLeverages, type WindowId, windowMs } from '../records';

/** What one venue contributes to a map. */
export interface VenueBars {
  venue: string;
  bars: BarColumns;
  /** The venue's own mark price now. */
  mark: number;
  /** One-sided open interest now, coins. */
  openInterest: number;
  /** Highest leverage the venue offers for the symbol. */
  maxLeverage: number;
  /** Maintenance rate of the smallest position, fraction of notional; without it that of `Inventory`. */
  maintenanceRate?: number;
}

/** Settings of the model that are the venue's own. */
export function marginOf({
  maxLeverage,
  maintenanceRate,
}: Pick<VenueBars, 'maxLeverage' | 'maintenanceRate'>): InventoryOptions {
  return maintenanceRate === undefined ? { maxLeverage } : { maxLeverage, maintenanceRate };
}

export interface MapOptions {
  /** Count positions opened within this window. */
  window: WindowId;
  /** Width of a band in ln(price), 0.0005–0.05; 0.001 is 0.1 %. */
  step: number;
  /** Price the bands are expressed at: the mark of the chart they are drawn on. */
  price: number;
  /** Settings of the model per venue; without it, its best. */
  model?: (venue: VenueBars) => Omit<InventoryOptions, 'maxLeverage'>;
}

/** How far a map reaches to both sides of price, in ln(price). */
export const mapReach = 0.35;

const hourMs = 3_600_000;

/**
 * The estimate now: USD at risk per price band, the sum over venues.
 *
 * Each venue's positions are kept relative to its own mark: a position whose liquidation price is 2 % below that
 * venue's mark appears 2 % below `price`. Coins become USD at `price`, so before the window is applied each side of
 * a venue sums to its open interest × price (what lies beyond ±35 % of price is counted but not shown). Bands start at
 * whole multiples of `step` in ln(price), so that maps built at different moments line up. Cells of the fine grid that
 * straddle two bands are split in proportion. Ages are counted to the close of the newest bar of any venue.
 *
 * @param venues bars ascending in time; a venue without bars contributes nothing
 * @throws RangeError when price, step, a mark or an open interest is out of range, or bars are unsorted or impossible
 * @example
 * const map = buildMap([{ venue: 'binance', bars, mark: 97_000, openInterest: 88_000, maxLeverage: 125 }],
 *   { window: '24h', step: 0.001, price: 97_000 });
 * map.long[i]; // USD of longs liquidated between exp(lnLow + i·step) and exp(lnLow + (i + 1)·step)
 */
export function buildMap(venues: readonly VenueBars[], options: MapOptions): BandMap {
  return buildMaps(venues, [options.window], options)[0]!;
}

/**
 * The same for several windows in one pass over the bars: the costly part is done once.
 *
 * @param windows any order
 * @returns a map per window, in the order asked for
 * @throws RangeError as buildMap
 */
export function buildMaps(
  venues: readonly VenueBars[],
  windows: readonly WindowId[],
  options: Omit<MapOptions, 'window'>,
): BandMap[] {
  const maps = windows.map(() => emptyMap(options.price, options.step));
  const present = venues.filter((venue) => venue.bars.length > 0);
  const end = Math.max(0, ...present.map(({ bars }) => bars.time[bars.length - 1]! + barLength(bars)));
  for (const venue of present) {
    const { bars, mark } = venue;
    need(isPositive(mark), 'buildMap', `a positive mark of ${venue.venue}`);
    need(isAmount(venue.openInterest), 'buildMap', `open interest of ${venue.venue} that is not negative`);
    const inventory = new Inventory({ ...marginOf(venue), ...options.model?.(venue) });
    const starts = windows.map((window) => firstAtOrAfter(bars, end - windowMs[window]));
    const opened = windows.map((): number | undefined => undefined);
    let added = 0;
    for (const start of [...new Set(starts)].sort((a, b) => a - b)) {
      inventory.addBars(bars, added, start);
      added = start;
      // What stood before the first bar was opened at an unknown time and counts in a window that long.
      if (start === 0) continue;
      const number = inventory.openWindow();
      starts.forEach((other, k) => {
        if (other === start) opened[k] = number;
      });
    }
    inventory.addBars(bars, added);
    inventory.moveTo(mark);
    maps.forEach((map, k) => {
      map.time = end;
      const before = { long: map.long.slice(), short: map.short.slice() };
      addTo(map, inventory, opened[k], venue);
      const added = (after: Float64Array, was: Float64Array) => after.map((usd, i) => usd - was[i]!);
      map.venues = [
        ...(map.venues ?? []),
        { venue: venue.venue, long: added(map.long, before.long), short: added(map.short, before.short) },
      ];
    });
  }
  for (const map of maps) finishAges(map);
  return maps;
}

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
 * Open interest for a venue that publishes only its current value: the shape of the others' summed curve, scaled so
 * that it ends at that value. Where a reference has no bar at a time, its nearest earlier value counts (its first one
 * before it began). The result is an estimate and is to be labelled as scaled.
 *
 * @param times opening times (ms, ascending) of the venue's own bars
 * @param current one-sided open interest now, coins
 * @param references bars of venues with history
 * @returns open interest at the open and at the close of each bar, coins
 * @throws RangeError without a reference, or when `current` is negative or `times` unsorted
 */
export function scaleOpenInterest(
  times: Float64Array,
  current: number,
  references: readonly BarColumns[],
): { openInterest: Float64Array; openInterestClose: Float64Array } {
  const known = references.filter((bars) => bars.length > 0);
  if (known.length === 0)
    throw new RangeError('scaleOpenInterest requires a venue with open-interest history');
  if (!(current >= 0 && Number.isFinite(current))) {
    throw new RangeError('scaleOpenInterest requires open interest that is not negative');
  }
  const openInterest = new Float64Array(times.length);
  const openInterestClose = new Float64Array(times.length);
  let end = 0;
  for (const bars of known) {
    end += bars.openInterestClose[bars.length - 1]!;
    let k = 0;
    for (let i = 0; i < times.length; i++) {
      if (i > 0 && !(times[i]! > times[i - 1]!)) {
        throw new RangeError('scaleOpenInterest requires times in ascending order');
      }
      while (k + 1 < bars.length && bars.time[k + 1]! <= times[i]!) k++;
      const same = bars.time[k] === times[i];
      const early = bars.time[k]! > times[i]!;
      openInterest[i]! += same || early ? bars.openInterest[k]! : bars.openInterestClose[k]!;
      openInterestClose[i]! += early ? bars.openInterest[k]! : bars.openInterestClose[k]!;
    }
  }
  const factor = end > 0 ? current / end : 0;
  for (let i = 0; i < times.length; i++) {
    openInterest[i]! *= factor;
    openInterestClose[i]! *= factor;
  }
  return { openInterest, openInterestClose };
}

function emptyMap(price: number, step: number): BandMap {
  need(isPositive(price), 'buildMap', 'a positive price');
  need(step >= cellStep && step <= 0.05, 'buildMap', `a step between ${cellStep} and 0.05`);
  const first = Math.floor((Math.log(price) - mapReach) / step);
  const count = Math.ceil((Math.log(price) + mapReach) / step) - first;
  return {
    time: 0,
    price,
    lnLow: first * step,
    step,
    count,
    long: new Float64Array(count),
    short: new Float64Array(count),
    longAge: new Float64Array(count),
    shortAge: new Float64Array(count),
    longTiers: new Float64Array(tierLeverages.length * count),
    shortTiers: new Float64Array(tierLeverages.length * count),
  };
}

/** Adds one venue's positions, shifted so that its mark lies at the map's price. */
function addTo(map: BandMap, inventory: Inventory, window: number | undefined, venue: VenueBars): void {
  if (!(inventory.openInterest > 0)) return;
  const usd = (venue.openInterest / inventory.openInterest) * map.price;
  const age = (map.time - inventory.epoch) / hourMs;
  // Lower edge of fine cell 0, in bands of the map, and the cells that reach into the map.
  const width = cellStep / map.step;
  const origin = (inventory.lnLow + Math.log(map.price / venue.mark) - map.lnLow) / map.step;
  const from = clamp(Math.floor(-origin / width), 0, inventory.count - 1);
  const to = clamp(Math.ceil((map.count - origin) / width), from + 1, inventory.count);
  const cells = inventory.read(window, from, to);
  const count = to - from;
  addSide(map.long, map.longTiers, map.longAge, cells.long, cells.longOpened);
  addSide(map.short, map.shortTiers, map.shortAge, cells.short, cells.shortOpened);

  function addSide(
    bands: Float64Array,
    bandTiers: Float64Array,
    ages: Float64Array,
    amounts: Float64Array,
    opened: Float64Array,
  ): void {
    for (let t = 0; t < tierLeverages.length; t++) {
      for (let i = 0; i < count; i++) {
        const amount = amounts[t * count + i]! * usd;
        if (amount === 0) continue;
        const moment = Math.max(0, amount * age - opened[t * count + i]! * usd);
        const start = origin + (from + i) * width;
        const band = Math.floor(start);
        // The part of the cell in `band`; the rest lies in the next one.
        const part = Math.min(1, (band + 1 - start) / width);
        if (band >= 0 && band < map.count) {
          bandTiers[t * map.count + band]! += amount * part;
          bands[band]! += amount * part;
          ages[band]! += moment * part;
        }
        if (part < 1 && band + 1 >= 0 && band + 1 < map.count) {
          bandTiers[t * map.count + band + 1]! += amount * (1 - part);
          bands[band + 1]! += amount * (1 - part);
          ages[band + 1]! += moment * (1 - part);
        }
      }
    }
  }
}

/** Turns moments (USD · hours) into mean ages in ms. */
function finishAges(map: BandMap): void {
  for (let i = 0; i < map.count; i++) {
    map.longAge[i] = map.long[i]! > 0 ? (map.longAge[i]! / map.long[i]!) * hourMs : 0;
    map.shortAge[i] = map.short[i]! > 0 ? (map.shortAge[i]! / map.short[i]!) * hourMs : 0;
  }
}

/** Smallest distance between two bars; 5 minutes for a single one. */
function barLength(bars: BarColumns): number {
  let length = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bars.length; i++) length = Math.min(length, bars.time[i]! - bars.time[i - 1]!);
  return Number.isFinite(length) ? length : 300_000;
}

/** Index of the first bar that opens at or after `time`; `bars.length` where there is none. */
function firstAtOrAfter(bars: BarColumns, time: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars.time[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
