import { clamp } from '../clamp';
import { need } from '../need';
import type { BarColumns } from '../records';
import { tierLeverages } from '../records';
import { dayMs, hourMs, minuteMs } from '../time';
import { BarPath } from './bar-path';
import { cellCount, cellStep, SideCells } from './cells';
import { checkedOptions, type InventoryOptions } from './inventory-options';
import { needBar } from './need-bar';
import { TierUnits } from './tier-units';

/** Leverages that a tier stands for; together they leave no gap between 4x and 125x. */
const tierRanges = [
  [4, 7.5],
  [7.5, 16],
  [16, 35],
  [35, 70],
  [70, 125],
] as const;

/** Amounts per cell, tier-major: tier t of the i-th of n cells is at t·n + i. `…Opened` is amount × opening hour. */
export interface Cells {
  long: Float64Array;
  short: Float64Array;
  longOpened: Float64Array;
  shortOpened: Float64Array;
}

const cellsPerLn = 1 / cellStep;
/** When price comes this close (in cells) to the end of the grid, the grid is moved under it. */
const margin = 3400;
const lowestReach = margin * cellStep;
const highestReach = (cellCount - margin) * cellStep;
/** A stretch counts this much longer than it is, so that one within a cell counts too. */
const leastStretch = cellStep;
/** Liquidation prices farther than this (in cells) from their entry, at leverage near 1, are kept here. */
const farthest = 2800;
/** Entries are spread at most this far (in cells). */
const widestSpread = 400;
const tiers = tierLeverages.length;
/** A stretch longer than this (ln price) is walked in two surges with a pullback. */
const straight = 12 * cellStep;

/**
 * Open positions of one venue by liquidation price: a reservoir whose content per side equals the venue's one-sided
 * open interest after every bar.
 *
 * For each bar, in coins:
 *
 *     opens  = max(kappa · volume, ΔOI, 0)
 *     closes = opens − ΔOI
 *
 * The bar's path O→L→H→C (rising) or O→H→L→C (falling) is walked stretch by stretch, long stretches with pullbacks.
 * Every long cell passed on the way down and every short cell passed on the way up is emptied; then the stretch's part
 * of `opens` enters both sides, entries spread evenly over it and a little beyond, split over the leverage tiers.
 * A tier covers a range of leverages, so each entry lies evenly between the liquidation prices
 * `E(1 − 1/L)/(1 − m)` (long) or `E(1 + 1/L)/(1 + m)` (short) of the range's ends. What would be liquidated at once is
 * not opened: the tier's amount goes to what survives. Standing positions of tier t shrink by
 * exp(−rate_t · closes/(OI + opens)).
 *
 * **Conservation.** Swept positions leave without waiting for open interest to fall, so amounts are kept in running
 * units and read in proportion: a cell holds `openInterest · cell / total` coins. Positions passed by price without a
 * fall of open interest thus count as moved (margin added, re-entered) in proportion to what stands. This scored
 * better than leaving them out.
 *
 * **Funding** moves every standing liquidation price by about `rate · mark`, longs and shorts the same way (up when
 * longs pay), which slides the whole grid by ln(1 + rate): no cell is touched, and later entries use the slid index.
 *
 * **Gaps.** Missing bars are bridged by one stretch from the last close to the next open, with the mean turnover of
 * the last day for its length (at most 24 h) and the change of open interest in between.
 *
 * **Cost.** See `SideCells`. No bar allocates memory.
 *
 * @example
 * const inventory = new Inventory();
 * inventory.addBars(bars);
 * inventory.forcedLong; // coins of long positions that price passed during the last bar
 */
export class Inventory {
  readonly count = cellCount;
  /** Price reached, and the close of the newest bar (ms). NaN before the first bar. */
  price = Number.NaN;
  time = Number.NaN;
  /** One-sided open interest, coins. */
  openInterest = 0;
  /** ln(price) of the lower edge of cell 0, funding included. */
  lnLow = Number.NaN;
  /** Opening hours count from here (ms). */
  epoch = Number.NaN;

  private readonly opening: Required<Pick<InventoryOptions, 'kappa' | 'widening' | 'wideningPerRange'>>;
  private readonly units: TierUnits;
  private readonly long: SideCells;
  private readonly short: SideCells;
  private readonly path = new BarPath(straight);
  private readonly standing = new Float64Array(tiers);
  private lnPrice = Number.NaN;
  private cell = 0;
  private barMs = 0;
  private bars = 0;
  /** Mean ln(high / low) of a bar over the last day. */
  private range = 0;
  /** Coins opened per ms, mean of the last day; bridges gaps. */
  private turnover = 0;

  constructor(options: InventoryOptions = {}) {
    const { maxLeverage, maintenance, kappa, widening, wideningPerRange, displacement, tierWeights } =
      checkedOptions(options);
    this.opening = { kappa, widening, wideningPerRange };
    this.units = new TierUnits(Float64Array.from(tierWeights));
    const moved = Math.round(displacement / cellStep);
    const ends = (end: 0 | 1, offset: typeof longOffset) =>
      Int32Array.from(tierRanges, (range) => offset(Math.min(range[end], maxLeverage), maintenance, moved));
    this.long = new SideCells(-1, ends(1, longOffset), ends(0, longOffset));
    this.short = new SideCells(1, ends(1, shortOffset), ends(0, shortOffset));
  }

  /** Coins at risk that price passed during the last bar, by side. */
  get forcedLong(): number {
    return this.long.forced;
  }

  get forcedShort(): number {
    return this.short.forced;
  }

  /** The same by tier; written over by the next bar. */
  get forcedLongTiers(): Float64Array {
    return this.long.forcedTiers;
  }

  get forcedShortTiers(): Float64Array {
    return this.short.forcedTiers;
  }

  /** Adds bars `from` (inclusive) to `to` (exclusive) in order. See `addBar`. */
  addBars(columns: BarColumns, from = 0, to = columns.length): void {
    for (let i = from; i < to; i++) this.addBar(columns, i);
  }

  /**
   * Adds bar `i`. Bars come in ascending time; a bar's length is the smallest distance seen between two.
   *
   * @throws RangeError unless prices are positive with low ≤ open, close ≤ high < 8·low, amounts are not negative, all
   * are finite and the bar opens after the one before
   */
  addBar(columns: BarColumns, i: number): void {
    needBar(columns, i);
    const time = columns.time[i]!;
    const before = columns.openInterest[i]!;
    const after = columns.openInterestClose[i]!;
    const funding = columns.funding ? columns.funding[i]! : 0;
    const open = columns.open[i]! === this.price ? this.lnPrice : Math.log(columns.open[i]!);
    const close = Math.log(columns.close[i]!);
    const high = close + lnRatio(columns.high[i]!, columns.close[i]!);
    const low = close + lnRatio(columns.low[i]!, columns.close[i]!);

    this.long.begin();
    this.short.begin();
    if (this.bars === 0) this.seed(columns, i);
    else this.measureStep(time);
    if (funding !== 0) this.lnLow += Math.log1p(funding);
    const hour = (time - this.epoch) / hourMs;
    this.keepInside(low, high, hour);
    this.long.weigh(this.openInterest);
    this.short.weigh(this.openInterest);

    const memory = Math.min(1, this.barMs / dayMs);
    this.range += (high - low - this.range) * (this.bars === 0 ? 1 : memory);
    const { kappa, widening, wideningPerRange } = this.opening;
    const widened = widening + wideningPerRange * this.range;
    const spread = Math.min(widestSpread, Math.round(widened * cellsPerLn));
    if (this.bars > 0) this.bridge(time, open, before, spread);

    const change = after - before;
    const opens = Math.max(kappa * columns.volume[i]!, change, 0);
    const { path } = this;
    path.from(open);
    path.to(close >= open ? low : high);
    path.to(close >= open ? high : low);
    path.to(close);
    this.follow(opens, spread, hour);
    this.shrink(opens - change, before + opens);

    this.openInterest = after;
    this.price = columns.close[i]!;
    this.lnPrice = close;
    this.time = time + this.barMs;
    this.turnover += (opens / this.barMs - this.turnover) * (this.bars === 0 ? 1 : memory);
    this.bars++;
    this.refill(hour);
  }

  /**
   * Moves the price to the mark without a bar: empties what lies between.
   *
   * @throws RangeError unless the price is positive and finite
   */
  moveTo(price: number): void {
    need(price > 0 && Number.isFinite(price), 'moveTo', 'a positive price');
    if (this.bars === 0) return;
    const ln = Math.log(price);
    const hour = (this.time - this.epoch) / hourMs;
    this.keepInside(ln, ln, hour);
    this.walk(this.cellAt(ln));
    this.price = price;
    this.lnPrice = ln;
    this.refill(hour);
  }

  /** Remembers what stands now. Returns a number with which `read` tells what was opened since. */
  openWindow(): number {
    this.long.remember();
    return this.short.remember();
  }

  /**
   * Coins per cell and tier, and their first moment in opening hours since `epoch`, of the cells `from` (inclusive) to
   * `to` (exclusive): tier t of cell i is at t·(to − from) + i − from. Over the whole grid each side sums to
   * `openInterest`, or with `window` to the part opened since that `openWindow`.
   *
   * @param into cells of an earlier reading of as many cells, to be written over; without it new ones are made
   */
  read(window?: number, from = 0, to = cellCount, into?: Cells): Cells {
    need(from >= 0 && from < to && to <= cellCount, 'read', 'a range of cells inside the grid');
    need(window === undefined || this.long.hasRemembered(window), 'read', 'a window that was opened');
    need(
      into === undefined || into.long.length === tiers * (to - from),
      'read',
      'cells of an earlier reading of as many',
    );
    const cells = into ?? emptyCells(to - from);
    if (into) for (const values of Object.values(into)) values.fill(0);
    const range = { from, to, price: this.cell };
    const { coins } = this.units;
    const long = { amounts: cells.long, moments: cells.longOpened };
    const short = { amounts: cells.short, moments: cells.shortOpened };
    this.long.read(long, range, this.openInterest, coins, window);
    this.short.read(short, range, this.openInterest, coins, window);
    return cells;
  }

  /**
   * Coins that stand in each tier of both sides, long then short: tier t of the shorts is at `tierLeverages.length + t`.
   * Each half sums to `openInterest`.
   */
  tierAmounts(): Float64Array {
    const amounts = new Float64Array(2 * tiers);
    amounts.set(this.long.tierAmounts(this.openInterest, this.units.coins));
    amounts.set(this.short.tierAmounts(this.openInterest, this.units.coins), tiers);
    return amounts;
  }

  /** The cell that price is in: longs lie in those below it, shorts in those above. */
  get priceCell(): number {
    return this.cell;
  }

  /** Coins opened an hour, mean of the last day. */
  get hourlyTurnover(): number {
    return this.turnover * hourMs;
  }

  /** The cell of a price, by its logarithm; may lie outside the grid. */
  cellAt(lnPrice: number): number {
    return Math.floor((lnPrice - this.lnLow) * cellsPerLn);
  }

  /** The positions that stood before the first bar, entered around its open. */
  private seed(columns: BarColumns, i: number): void {
    const time = columns.time[i]!;
    const next = i + 1 < columns.length ? columns.time[i + 1]! - time : 0;
    this.epoch = time;
    this.barMs = next > 0 ? next : 5 * minuteMs;
    this.price = columns.open[i]!;
    this.lnPrice = Math.log(this.price);
    this.openInterest = columns.openInterest[i]!;
    this.lnLow = this.lnPrice - (cellCount / 2) * cellStep;
    this.cell = this.cellAt(this.lnPrice);
    this.enterStanding(0, true, true);
  }

  /** Fills sides with the whole open interest, entered at the present price: what is known where nothing is. */
  private enterStanding(hour: number, fillsLong: boolean, fillsShort: boolean): void {
    const { long, short, cell } = this;
    const amount = Math.max(this.openInterest, 1);
    const standing = this.units.standing(this.standing);
    if (fillsLong) long.enterBelow(cell, cell, amount, hour, standing, cell);
    if (fillsShort) short.enterAbove(cell, cell, amount, hour, standing, cell);
    SideCells.reach(long, short, cell, cell);
    SideCells.count(long, short, this.units.coins);
  }

  private measureStep(time: number): void {
    const step = time - (this.time - this.barMs);
    need(step > 0, 'addBar', 'bars in ascending time');
    if (step >= this.barMs) return;
    this.time += step - this.barMs;
    this.barMs = step;
  }

  /** From the last close to this open: the missing bars, if any, as one stretch. */
  private bridge(time: number, open: number, openInterest: number, spread: number): void {
    const missing = Math.min(Math.max(0, time - this.time), dayMs);
    const change = openInterest - this.openInterest;
    const opens = Math.max(this.turnover * missing, change, 0);
    if (opens === 0) {
      this.walk(this.cellAt(open));
      return;
    }
    this.path.from(this.lnPrice);
    this.path.straightTo(open);
    this.follow(opens, spread, (time - missing / 2 - this.epoch) / hourMs);
    this.shrink(opens - change, this.openInterest + opens);
  }

  /** Walks the path and opens `opens` coins evenly along it. */
  private follow(opens: number, spread: number, hour: number): void {
    const { points, end } = this.path;
    const { long, short } = this;
    const { opened } = this.units;
    const perLength = opens / this.path.length(leastStretch);
    let start = this.cellAt(points[0]!);
    let lowest = start;
    let highest = start;
    for (let p = 1; p <= end; p++) {
      const target = this.cellAt(points[p]!);
      const amount = perLength * (Math.abs(points[p]! - points[p - 1]!) + leastStretch);
      this.walk(target);
      if (amount > 0) {
        const low = (start < target ? start : target) - spread;
        const high = (start < target ? target : start) + spread;
        long.enterBelow(low, high, amount, hour, opened, this.cell);
        short.enterAbove(low, high, amount, hour, opened, this.cell);
      }
      if (target < lowest) lowest = target;
      if (target > highest) highest = target;
      start = target;
    }
    SideCells.reach(long, short, lowest - spread, highest + spread);
  }

  /** Moves price to a cell and empties every cell on the way, both ends included. */
  private walk(cell: number): void {
    const from = this.cell;
    if (cell === from) return;
    this.cell = cell;
    (cell < from ? this.long : this.short).sweep(cell, this.units.coins);
  }

  private shrink(closes: number, stock: number): void {
    this.units.shrink(closes, stock, this.rescale);
  }

  private readonly rescale = (t: number, by: number): void => {
    this.long.rescale(t, by);
    this.short.rescale(t, by);
  };

  /** A side that price has emptied starts again around it: its open interest is there, its entries are not known. */
  private refill(hour: number): void {
    const { long, short, cell } = this;
    const { coins } = this.units;
    SideCells.count(long, short, coins);
    // Sums of which nearly everything was taken are mostly rounding.
    if (!(long.total > 1e-3 * long.before && short.total > 1e-3 * short.before)) {
      long.recount(cell);
      short.recount(cell);
      SideCells.count(long, short, coins);
    }
    const isLongGone = !(long.total > 1e-9 * long.before);
    const isShortGone = !(short.total > 1e-9 * short.before);
    if (!isLongGone && !isShortGone) return;
    if (isLongGone) long.clear();
    if (isShortGone) short.clear();
    this.enterStanding(hour, isLongGone, isShortGone);
  }

  /** Moves the grid when price nears its end. What falls off lies more than 57 % away. */
  private keepInside(low: number, high: number, hour: number): void {
    for (;;) {
      const { lnLow } = this;
      if (low - lnLow >= lowestReach && high - lnLow < highestReach) return;
      const aim = clamp(this.cellAt((low + high) / 2), 1, cellCount - 2);
      // The price goes along: cells between it and its positions must not fall off.
      const nearer = clamp(this.cell, aim - cellCount / 2 + margin, aim + cellCount / 2 - margin - 1);
      if (nearer !== this.cell) this.lnPrice = this.lnLow + (nearer + 0.5) * cellStep;
      this.walk(nearer);
      const shift = aim - cellCount / 2;
      this.long.slide(shift);
      this.short.slide(shift);
      this.lnLow += shift * cellStep;
      this.cell -= shift;
      this.long.recount(this.cell);
      this.short.recount(this.cell);
      this.refill(hour);
    }
  }
}

/** Cells from an entry down to the liquidation price of a long. */
function longOffset(leverage: number, maintenance: number, moved: number): number {
  const cells = Math.round(Math.log((1 - 1 / leverage) / (1 - maintenance)) / cellStep);
  return clamp(cells + moved, -farthest, -1);
}

/** Cells from an entry up to the liquidation price of a short. */
function shortOffset(leverage: number, maintenance: number, moved: number): number {
  const cells = Math.round(Math.log((1 + 1 / leverage) / (1 + maintenance)) / cellStep);
  return clamp(cells + moved, 1, farthest);
}

function emptyCells(count: number): Cells {
  const column = () => new Float64Array(tiers * count);
  return { long: column(), short: column(), longOpened: column(), shortOpened: column() };
}

/** ln(a / b); for prices within 1 % by its series, to 3e-11, in a fraction of the time. */
function lnRatio(a: number, b: number): number {
  const x = a / b - 1;
  if (x > 0.01 || x < -0.01) return Math.log(a / b);
  return x * (1 - x * (1 / 2 - x * (1 / 3 - x / 4)));
}
