import { barLength, firstAtOrAfter } from '../bar-columns';
import { isAmount, isPositive, need } from '../need';
import { cellStep } from '../positions/cells';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import {
  type BandMap,
  type BarColumns,
  type Side,
  sides,
  tierLeverages,
  type VenuePart,
  type WindowId,
  windowMs,
} from '../records';
import { hourMs } from '../time';
import { activity } from './activity';
import { shownHours } from './forward';
import { pour, pourAged } from './pour';
import { type Profile, priorProfile, typicalShares } from './profile';
import { cellsOf, type Reading, readingOf } from './reading';

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
  /** The venue's own typical map of the symbol; without it the shipped prior. */
  profile?: Profile;
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
  /** How far ahead the map looks, ms: 1 h unless given; 0 is what stands now. */
  horizonMs?: number;
  /** Settings of the model per venue; without it, its best. */
  model?: (venue: VenueBars) => Omit<InventoryOptions, 'maxLeverage'>;
}

/** How far a map reaches to both sides of price, in ln(price). */
export const mapReach = 0.35;

/**
 * The estimate as it will stand within the hour (see `forward`): USD at risk per price band, the sum over venues.
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
  const hours = (options.horizonMs ?? shownHours * hourMs) / hourMs;
  need(hours >= 0 && hours <= 48, 'buildMap', 'a horizon of 0 to 48 hours');
  if (maps.length === 0) return maps;
  const sums = emptySums(maps[0]!.count);
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
    const hour = (end - inventory.epoch) / hourMs;
    const reading = readingOf(maps[0]!, inventory, {
      ...venue,
      profile: venue.profile ?? priorProfile(marginOf(venue)),
    });
    if (!reading) continue;
    const whole = agedCells(reading, hour, hours);
    const busy = activity(bars);
    addSums(sums, reading, whole);
    maps.forEach((map, k) => {
      const cells = opened[k] === undefined ? whole : agedCells(reading, hour, hours, opened[k]);
      addTo(map, reading, cells, { venue: venue.venue, activity: busy });
    });
  }
  const times = timesOf(sums);
  for (const map of maps) {
    map.time = end;
    map.times = times;
    map.typical = sums.typical;
    finishAges(map);
  }
  return maps;
}

/**
 * The map of a single inventory as it stands, positions of all ages, `shownHours` ahead: what `buildMap` gives for one venue
 * whose mark is the price.
 *
 * @param reach to both sides of price, in ln(price)
 */
export function mapOfInventory(
  inventory: Inventory,
  profile: Profile,
  { step, reach }: { step: number; reach: number },
): BandMap {
  const { price, openInterest, time, epoch } = inventory;
  const map = emptyMap(price, step, reach);
  map.time = time;
  const reading = readingOf(map, inventory, { mark: price, openInterest, profile });
  if (!reading) return map;
  const hour = (time - epoch) / hourMs;
  const cells = agedCells(reading, hour, shownHours);
  const sums = emptySums(map.count);
  addSums(sums, reading, cells);
  addTo(map, reading, cells, { venue: '' });
  map.times = timesOf(sums);
  map.typical = sums.typical;
  finishAges(map);
  return map;
}

function emptyMap(price: number, step: number, reach = mapReach): BandMap {
  need(isPositive(price), 'buildMap', 'a positive price');
  need(step >= cellStep && step <= 0.05, 'buildMap', `a step between ${cellStep} and 0.05`);
  const first = Math.floor((Math.log(price) - reach) / step);
  const count = Math.ceil((Math.log(price) + reach) / step) - first;
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

/** Cells whose first moment counts from now: amount × age in hours. */
interface AgedCells {
  long: Float64Array;
  short: Float64Array;
  longAge: Float64Array;
  shortAge: Float64Array;
}

/** As `cellsOf`. */
function agedCells(reading: Reading, hour: number, hours: number, window?: number): AgedCells {
  const { long, short, longOpened, shortOpened } = cellsOf(reading, hour, hours, window);
  for (let k = 0; k < long.length; k++) {
    longOpened[k] = Math.max(0, long[k]! * hour - longOpened[k]!);
    shortOpened[k] = Math.max(0, short[k]! * hour - shortOpened[k]!);
  }
  return { long, short, longAge: longOpened, shortAge: shortOpened };
}

/** Adds one venue's positions of a window to a map; ages as USD · hours. */
function addTo(
  map: BandMap,
  { from, to, placement, usd }: Reading,
  cells: AgedCells,
  venue: Pick<VenuePart, 'venue' | 'activity'>,
): void {
  const { count } = map;
  const own = { ...venue, long: new Float64Array(count), short: new Float64Array(count) };
  const long = { amounts: cells.long, ages: cells.longAge };
  const short = { amounts: cells.short, ages: cells.shortAge };
  const longBands = { tiers: map.longTiers, own: own.long, ages: map.longAge };
  const shortBands = { tiers: map.shortTiers, own: own.short, ages: map.shortAge };
  for (let t = 0; t < tierLeverages.length; t++) {
    const at = t * (to - from);
    pourAged(placement, long, at, usd, longBands, t * count, count);
    pourAged(placement, short, at, usd, shortBands, t * count, count);
  }
  for (let i = 0; i < count; i++) {
    map.long[i]! += own.long[i]!;
    map.short[i]! += own.short[i]!;
  }
  map.venues = [...(map.venues ?? []), own];
}

/** USD per band of the whole map and of the typical one, by side: what `times` is made of. */
interface Sums {
  whole: Record<Side, Float64Array>;
  typical: Record<Side, Float64Array>;
}

function emptySums(count: number): Sums {
  const bands = () => ({ long: new Float64Array(count), short: new Float64Array(count) });
  return { whole: bands(), typical: bands() };
}

function addSums(
  sums: Sums,
  { inventory, profile, from, to, placement, usd }: Reading,
  cells: Record<Side, Float64Array>,
): void {
  const count = sums.whole.long.length;
  const shares = typicalShares(profile);
  const middle = inventory.priceCell - from;
  const row = new Float64Array(to - from);
  for (const side of sides) {
    for (let t = 0; t < tierLeverages.length; t++)
      pour(placement, cells[side], t * (to - from), usd, sums.whole[side], 0, count);
    row.fill(0);
    for (let j = 1; j <= shares.length; j++) {
      const i = middle + (side === 'long' ? -j : j);
      if (i >= 0 && i < row.length) row[i] = shares[j - 1]!;
    }
    pour(placement, row, 0, usd * inventory.openInterest, sums.typical[side], 0, count);
  }
}

/** Whole ÷ typical, 0 where nothing is typical. */
function timesOf({ whole, typical }: Sums): Record<Side, Float64Array> {
  const ratio = (side: Side) =>
    whole[side].map((usd, i) => (typical[side][i]! > 0 ? usd / typical[side][i]! : 0));
  return { long: ratio('long'), short: ratio('short') };
}

/** Turns moments (USD · hours) into mean ages in ms. */
function finishAges(map: BandMap): void {
  for (let i = 0; i < map.count; i++) {
    map.longAge[i] = map.long[i]! > 0 ? (map.longAge[i]! / map.long[i]!) * hourMs : 0;
    map.shortAge[i] = map.short[i]! > 0 ? (map.shortAge[i]! / map.short[i]!) * hourMs : 0;
  }
}
