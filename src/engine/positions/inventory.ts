import { isAmount, need } from '../need';
import type { BarColumns } from '../records';
import { tierLeverages } from '../records';

/** How positions are assumed to be opened and closed. The defaults are measured: docs/model.md. */
export interface InventoryOptions {
  /** Highest leverage the venue offers for the symbol; higher tiers are opened at it. Default 125. */
  maxLeverage?: number;
  /** Maintenance rate as a fraction of notional. Default 1 / (2 · maxLeverage), the rule of every venue's first tier. */
  maintenanceRate?: number;
  /** Share of the traded volume that opens positions: each contract replaces an old entry by a new one. */
  kappa?: number;
  /** How far, as a fraction of price, entries are spread beyond the stretch the bar walked: at least this … */
  widening?: number;
  /** … plus this many times the bars' mean range, because the path inside a bar is not known. */
  wideningPerRange?: number;
  /** Moves every liquidation price by this much in ln(price): a placebo for the accuracy report. */
  displacement?: number;
  /** Share of the positions opened in each of `tierLeverages`; sums to 1. */
  tierWeights?: readonly number[];
}

const defaults = {
  maxLeverage: 125,
  kappa: 0.6,
  widening: 0.0005,
  wideningPerRange: 0.35,
  tierWeights: [0.05, 0.1, 0.2, 0.3, 0.35],
} as const;

/** Leverages that a tier stands for; together they leave no gap between 4x and 125x. */
const tierRanges = [
  [4, 7.5],
  [7.5, 16],
  [16, 35],
  [35, 70],
  [70, 125],
] as const;

/**
 * How fast a tier turns over, against the mean. Highly leveraged positions live short, so they are a large part of what
 * is opened and a small part of what stands.
 */
export const tierRates = [0.5, 0.75, 1, 1.5, 2.5] as const;

/** Amounts per cell, tier-major: tier t of the i-th of n cells is at t·n + i. `…Opened` is amount × opening hour. */
export interface Cells {
  long: Float64Array;
  short: Float64Array;
  longOpened: Float64Array;
  shortOpened: Float64Array;
}

/**
 * Differences between neighbouring cells, as the amounts of `Cells`, each amount followed by its moment: both are wanted
 * at the same time, so they lie in the same line of the processor's cache.
 */
interface Differences {
  long: Float64Array;
  short: Float64Array;
}

/** Width of a fine cell in ln(price). */
export const cellStep = 0.00025;
const cellCount = 16000;
const cellsPerLn = 1 / cellStep;
/** When price comes this close (in cells) to the end of the grid, the grid is moved under it. */
const margin = 3400;
/** Liquidation prices farther than this (in cells) from their entry, at leverage near 1, are kept here. */
const farthest = 2800;
/** Entries are spread at most this far (in cells). */
const widestSpread = 400;
const tiers = tierLeverages.length;
/** 1 / n for every width in cells that an entry can have: a division costs as much as the rest of an entry. */
const inverse = Float64Array.from({ length: cellCount }, (_, n) => 1 / n);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A stretch longer than this (ln price) is walked in two surges, each with a pullback of 40 % of its length. */
const straight = 12 * cellStep;
const pullback = 0.4;

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
 * **Cost.** Cells are stored as differences, so that an even deposit is two additions however wide it is. The amount
 * in long cell i is the sum of the differences from i up to the price, in short cell i from the price up to i;
 * sweeping carries the running sum along. No bar allocates memory.
 *
 * @example
 * const inventory = new Inventory();
 * inventory.addBars(bars);
 * inventory.forcedLong; // coins of long positions that price passed during the last bar
 */
export class Inventory {
  readonly count = cellCount;
  /** Coins at risk that price passed during the last bar, by side. */
  forcedLong = 0;
  forcedShort = 0;
  /** The same by tier. */
  readonly forcedLongTiers = new Float64Array(tiers);
  readonly forcedShortTiers = new Float64Array(tiers);
  /** Price reached, and the close of the newest bar (ms). NaN before the first bar. */
  price = Number.NaN;
  time = Number.NaN;
  /** One-sided open interest, coins. */
  openInterest = 0;
  /** ln(price) of the lower edge of cell 0, funding included. */
  lnLow = Number.NaN;
  /** Opening hours count from here (ms). */
  epoch = Number.NaN;

  private readonly kappa: number;
  private readonly widening: number;
  private readonly wideningPerRange: number;
  private readonly weights: Float64Array;
  /** Cells between an entry and the far (from price) and near end of a tier's liquidation prices. */
  private readonly longFar = new Int32Array(tiers);
  private readonly longNear = new Int32Array(tiers);
  private readonly shortNear = new Int32Array(tiers);
  private readonly shortFar = new Int32Array(tiers);

  private readonly differences: Differences = {
    long: new Float64Array(2 * tiers * cellCount),
    short: new Float64Array(2 * tiers * cellCount),
  };
  /** What stood at each `openWindow` and still stands; `differences` itself comes first. */
  private readonly stores: Differences[] = [this.differences];
  /** Nearest cell to price that may hold a difference, per tier: most sweeps need not look further. */
  private readonly longTop = new Int32Array(tiers).fill(-1);
  private readonly shortBottom = new Int32Array(tiers).fill(cellCount);
  /** Sums per tier in running units, and running units per coin: they grow as older positions shrink. */
  private readonly longSums = new Float64Array(tiers);
  private readonly shortSums = new Float64Array(tiers);
  private readonly growth = new Float64Array(tiers).fill(1);
  /** 1 / growth: coins per running unit, but for the common factor that makes a side sum to the open interest. */
  private readonly coins = new Float64Array(tiers).fill(1);
  /** weights · growth: running units that one opened coin adds to a tier. */
  private readonly units = new Float64Array(tiers);
  /** Sums over the tiers, each brought to the same unit: what stands for the whole open interest. */
  private longTotal = 0;
  private shortTotal = 0;
  /** The totals, and coins per their unit, at the start of the bar: what the map showed before it. */
  private longBefore = 0;
  private shortBefore = 0;
  private longScale = 0;
  private shortScale = 0;

  private readonly path = new Float64Array(20);
  private lnPrice = Number.NaN;
  private cell = 0;
  private barMs = 0;
  private bars = 0;
  /** Mean ln(high / low) of a bar over the last day. */
  private range = 0;
  /** Coins opened per ms, mean of the last day; bridges gaps. */
  private turnover = 0;

  constructor(options: InventoryOptions = {}) {
    const maxLeverage = options.maxLeverage ?? defaults.maxLeverage;
    const maintenance = options.maintenanceRate ?? 1 / (2 * maxLeverage);
    const tierWeights = options.tierWeights ?? defaults.tierWeights;
    this.kappa = options.kappa ?? defaults.kappa;
    this.widening = options.widening ?? defaults.widening;
    this.wideningPerRange = options.wideningPerRange ?? defaults.wideningPerRange;
    need(maxLeverage >= 1 && maxLeverage <= 1000, 'Inventory', 'a maximum leverage between 1 and 1000');
    need(
      maintenance >= 0 && maintenance < 1 / maxLeverage,
      'Inventory',
      'a maintenance rate from 0 to below 1 / maxLeverage',
    );
    need(this.kappa >= 0 && this.kappa <= 10, 'Inventory', 'kappa between 0 and 10');
    need(this.widening >= 0 && this.widening <= 0.1, 'Inventory', 'a widening between 0 and 0.1');
    need(
      this.wideningPerRange >= 0 && this.wideningPerRange <= 10,
      'Inventory',
      'a widening per range between 0 and 10',
    );
    const displacement = options.displacement ?? 0;
    need(Math.abs(displacement) <= 0.1, 'Inventory', 'a displacement within ±0.1');
    need(tierWeights.length === tiers, 'Inventory', `${tiers} tier weights`);
    const sum = tierWeights.reduce((total, weight) => total + weight, 0);
    need(
      tierWeights.every((weight) => weight >= 0) && Math.abs(sum - 1) < 1e-6,
      'Inventory',
      'tier weights that are not negative and sum to 1',
    );
    this.weights = Float64Array.from(tierWeights);
    this.units.set(this.weights);
    const moved = Math.round(displacement / cellStep);
    for (let t = 0; t < tiers; t++) {
      const low = Math.min(tierRanges[t]![0], maxLeverage);
      const high = Math.min(tierRanges[t]![1], maxLeverage);
      this.longFar[t] = longOffset(low, maintenance, moved);
      this.longNear[t] = longOffset(high, maintenance, moved);
      this.shortNear[t] = shortOffset(high, maintenance, moved);
      this.shortFar[t] = shortOffset(low, maintenance, moved);
    }
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

    this.forcedLong = 0;
    this.forcedShort = 0;
    for (let t = 0; t < tiers; t++) {
      this.forcedLongTiers[t] = 0;
      this.forcedShortTiers[t] = 0;
    }
    if (this.bars === 0) this.seed(columns, i);
    else this.measureStep(time);
    if (funding !== 0) this.lnLow += Math.log1p(funding);
    const hour = (time - this.epoch) / hourMs;
    this.keepInside(low, high, hour);
    this.longBefore = this.longTotal;
    this.shortBefore = this.shortTotal;
    this.longScale = this.openInterest / this.longTotal;
    this.shortScale = this.openInterest / this.shortTotal;

    const memory = Math.min(1, this.barMs / dayMs);
    this.range += (high - low - this.range) * (this.bars === 0 ? 1 : memory);
    const widened = this.widening + this.wideningPerRange * this.range;
    const spread = Math.min(widestSpread, Math.round(widened / cellStep));
    if (this.bars > 0) this.bridge(time, open, before, spread);

    const change = after - before;
    const opens = Math.max(this.kappa * columns.volume[i]!, change, 0);
    const path = this.path;
    const first = close >= open ? low : high;
    const second = close >= open ? high : low;
    path[0] = open;
    let end = this.plan(0, first);
    end = this.plan(end, second);
    end = this.plan(end, close);
    this.follow(end, opens, spread, hour);
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
    this.walk(this.cellOf(ln));
    this.price = price;
    this.lnPrice = ln;
    this.refill(hour);
  }

  /** Remembers what stands now. Returns a number with which `read` tells what was opened since. */
  openWindow(): number {
    const { long, short } = this.differences;
    return this.stores.push({ long: long.slice(), short: short.slice() }) - 1;
  }

  /**
   * Coins per cell and tier, and their first moment in opening hours since `epoch`, of the cells `from` (inclusive) to
   * `to` (exclusive): tier t of cell i is at t·(to − from) + i − from. Over the whole grid each side sums to
   * `openInterest`, or with `window` to the part opened since that `openWindow`.
   *
   * @param into cells of an earlier reading of as many cells, to be written over; without it new ones are made
   */
  read(window?: number, from = 0, to = cellCount, into?: Cells): Cells {
    const { stores } = this;
    need(from >= 0 && from < to && to <= cellCount, 'read', 'a range of cells inside the grid');
    need(window === undefined || stores[window] !== undefined, 'read', 'a window that was opened');
    const older = window === undefined ? undefined : stores[window];
    need(
      into === undefined || into.long.length === tiers * (to - from),
      'read',
      'cells of an earlier reading of as many',
    );
    const cells = into ?? emptyCells(to - from);
    if (into) for (const values of Object.values(into)) values.fill(0);
    const now = this.differences;
    this.readSide(this.longTotal, now.long, older?.long, cells.long, cells.longOpened, -1, from, to);
    this.readSide(this.shortTotal, now.short, older?.short, cells.short, cells.shortOpened, 1, from, to);
    return cells;
  }

  private readSide(
    total: number,
    row: Float64Array,
    olderRow: Float64Array | undefined,
    amounts: Float64Array,
    moments: Float64Array,
    direction: 1 | -1,
    from: number,
    to: number,
  ): void {
    if (!(total > 0)) return;
    const coins = this.openInterest / total;
    // Differences carry rounding of about 1e-17 of the total; what is below this was never opened.
    const nothing = total * 1e-15;
    const end = direction < 0 ? from - 1 : to;
    for (let t = 0; t < tiers; t++) {
      const base = t * cellCount;
      const into = t * (to - from) - from;
      const unit = this.coins[t]!;
      let amount = 0;
      let moment = 0;
      for (let i = this.cell + direction; i !== end && i >= 0 && i < cellCount; i += direction) {
        const k = 2 * (base + i);
        amount += row[k]!;
        moment += row[k + 1]!;
        if (olderRow) {
          amount -= olderRow[k]!;
          moment -= olderRow[k + 1]!;
        }
        const standing = amount * unit;
        if (standing < nothing || i < from || i >= to) continue;
        amounts[into + i] = standing * coins;
        moments[into + i] = Math.max(0, moment * unit) * coins;
      }
    }
  }

  /**
   * Coins that stand in each tier of both sides, long then short: tier t of the shorts is at `tierLeverages.length + t`.
   * Each half sums to `openInterest`.
   */
  tierAmounts(): Float64Array {
    const amounts = new Float64Array(2 * tiers);
    for (let t = 0; t < tiers; t++) {
      const unit = this.coins[t]! * this.openInterest;
      amounts[t] = this.longTotal > 0 ? (this.longSums[t]! * unit) / this.longTotal : 0;
      amounts[tiers + t] = this.shortTotal > 0 ? (this.shortSums[t]! * unit) / this.shortTotal : 0;
    }
    return amounts;
  }

  /** The cell that price is in: longs lie in those below it, shorts in those above. */
  get priceCell(): number {
    return this.cell;
  }

  /** The cell of a price, by its logarithm. */
  cellAt(lnPrice: number): number {
    return this.cellOf(lnPrice);
  }

  /** Coins opened an hour, mean of the last day. */
  get hourlyTurnover(): number {
    return this.turnover * hourMs;
  }

  private cellOf(ln: number): number {
    return Math.floor((ln - this.lnLow) * cellsPerLn);
  }

  /** Brings the totals up to date with sums and growth. */
  private total(): void {
    const { coins, longSums, shortSums } = this;
    let long = 0;
    let short = 0;
    for (let t = 0; t < tiers; t++) {
      long += longSums[t]! * coins[t]!;
      short += shortSums[t]! * coins[t]!;
    }
    this.longTotal = long;
    this.shortTotal = short;
  }

  /** The positions that stood before the first bar, entered around its open. */
  private seed(columns: BarColumns, i: number): void {
    const time = columns.time[i]!;
    const next = i + 1 < columns.length ? columns.time[i + 1]! - time : 0;
    this.epoch = time;
    this.barMs = next > 0 ? next : 300_000;
    this.price = columns.open[i]!;
    this.lnPrice = Math.log(this.price);
    this.openInterest = columns.openInterest[i]!;
    this.lnLow = this.lnPrice - (cellCount / 2) * cellStep;
    this.cell = this.cellOf(this.lnPrice);
    this.enterStanding(0, true, true);
  }

  /**
   * Fills a side with the whole open interest, entered at the present price: what is known where nothing is. The tiers
   * get their shares of what stands in the long run, opened ÷ turned over.
   */
  private enterStanding(hour: number, long: boolean, short: boolean): void {
    const amount = Math.max(this.openInterest, 1);
    for (let t = 0; t < tiers; t++) this.units[t]! /= tierRates[t]!;
    if (long) this.enterLongs(this.cell, this.cell, amount, hour);
    if (short) this.enterShorts(this.cell, this.cell, amount, hour);
    for (let t = 0; t < tiers; t++) this.units[t]! *= tierRates[t]!;
    this.total();
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
      this.walk(this.cellOf(open));
      return;
    }
    this.path[0] = this.lnPrice;
    this.path[1] = open;
    this.follow(1, opens, spread, (time - missing / 2 - this.epoch) / hourMs);
    this.shrink(opens - change, this.openInterest + opens);
  }

  /** Appends the way to `target` after path point `end`; returns the new last point. */
  private plan(end: number, target: number): number {
    const { path } = this;
    const from = path[end]!;
    const half = (target - from) / 2;
    if (Math.abs(half) * 2 > straight) {
      path[end + 1] = from + half * (0.5 + pullback / 2);
      path[end + 2] = from + half * (0.5 - pullback / 2);
      path[end + 3] = from + half;
      path[end + 4] = from + half * (1.5 + pullback / 2);
      path[end + 5] = from + half * (1.5 - pullback / 2);
      end += 5;
    }
    path[end + 1] = target;
    return end + 1;
  }

  /** Walks the path up to point `end` and opens `opens` coins evenly along it. */
  private follow(end: number, opens: number, spread: number, hour: number): void {
    const { path } = this;
    let length = 0;
    for (let p = 1; p <= end; p++) length += Math.abs(path[p]! - path[p - 1]!) + cellStep;
    const perLength = opens / length;
    let start = this.cellOf(path[0]!);
    for (let p = 1; p <= end; p++) {
      const target = this.cellOf(path[p]!);
      const amount = perLength * (Math.abs(path[p]! - path[p - 1]!) + cellStep);
      this.walk(target);
      if (amount > 0) {
        const low = start < target ? start : target;
        const high = start < target ? target : start;
        this.enter(low - spread, high + spread, amount, hour);
      }
      start = target;
    }
  }

  /** Moves price to a cell and empties every cell on the way, both ends included. */
  private walk(cell: number): void {
    const from = this.cell;
    if (cell === from) return;
    this.cell = cell;
    if (cell < from) this.sweepLongs(cell);
    else this.sweepShorts(cell);
  }

  private sweepLongs(cell: number): void {
    const { stores, longTop } = this;
    for (let t = 0; t < tiers; t++) {
      const top = longTop[t]!;
      if (top < cell) continue;
      longTop[t] = cell - 1;
      for (let k = 0; k < stores.length; k++) {
        const swept = carryDown(stores[k]!.long, t * cellCount, top, cell);
        if (k > 0) continue;
        const coins = swept * this.coins[t]! * this.longScale;
        this.longSums[t]! -= swept;
        this.forcedLongTiers[t]! += coins;
        this.forcedLong += coins;
      }
    }
  }

  private sweepShorts(cell: number): void {
    const { stores, shortBottom } = this;
    for (let t = 0; t < tiers; t++) {
      const bottom = shortBottom[t]!;
      if (bottom > cell) continue;
      shortBottom[t] = cell + 1;
      for (let k = 0; k < stores.length; k++) {
        const swept = carryUp(stores[k]!.short, t * cellCount, bottom, cell);
        if (k > 0) continue;
        const coins = swept * this.coins[t]! * this.shortScale;
        this.shortSums[t]! -= swept;
        this.forcedShortTiers[t]! += coins;
        this.forcedShort += coins;
      }
    }
  }

  /** Opens `amount` coins on both sides with entries even over the cells `low`…`high`. */
  private enter(low: number, high: number, amount: number, hour: number): void {
    this.enterLongs(low, high, amount, hour);
    this.enterShorts(low, high, amount, hour);
  }

  private enterLongs(low: number, high: number, amount: number, hour: number): void {
    const { longFar, longNear, longSums, longTop, units } = this;
    const { long } = this.differences;
    const below = this.cell - 1;
    for (let t = 0; t < tiers; t++) {
      const share = amount * units[t]!;
      const bottom = low + longFar[t]!;
      const near = high + longNear[t]!;
      const top = near < below ? near : below;
      const each = share * inverse[top - bottom + 1]!;
      const moment = each * hour;
      const first = 2 * (t * cellCount + top);
      const past = 2 * (t * cellCount + bottom - 1);
      long[first]! += each;
      long[first + 1]! += moment;
      long[past]! -= each;
      long[past + 1]! -= moment;
      longSums[t]! += share;
      if (top > longTop[t]!) longTop[t] = top;
    }
  }

  private enterShorts(low: number, high: number, amount: number, hour: number): void {
    const { shortFar, shortNear, shortSums, shortBottom, units } = this;
    const { short } = this.differences;
    const above = this.cell + 1;
    for (let t = 0; t < tiers; t++) {
      const share = amount * units[t]!;
      const near = low + shortNear[t]!;
      const bottom = near > above ? near : above;
      const top = high + shortFar[t]!;
      const each = share * inverse[top - bottom + 1]!;
      const moment = each * hour;
      const first = 2 * (t * cellCount + bottom);
      const past = 2 * (t * cellCount + top + 1);
      short[first]! += each;
      short[first + 1]! += moment;
      short[past]! -= each;
      short[past + 1]! -= moment;
      shortSums[t]! += share;
      if (bottom < shortBottom[t]!) shortBottom[t] = bottom;
    }
  }

  /**
   * Everything standing shrinks by exp(−rate · closes / stock); done by letting later deposits count for more. The rates
   * of `tierRates` are whole quarters, so one exponential does for all.
   */
  private shrink(closes: number, stock: number): void {
    if (!(closes > 0)) return;
    const quarter = Math.exp(closes / stock / 4);
    const half = quarter * quarter;
    const one = half * half;
    this.growth[0]! *= half;
    this.growth[1]! *= half * quarter;
    this.growth[2]! *= one;
    this.growth[3]! *= one * half;
    this.growth[4]! *= one * one * half;
    for (let t = 0; t < tiers; t++) {
      if (this.growth[t]! > 1e100) this.rescale(t);
      this.coins[t] = 1 / this.growth[t]!;
      this.units[t] = this.weights[t]! * this.growth[t]!;
    }
  }

  private rescale(t: number): void {
    const by = this.growth[t]!;
    for (const store of this.stores) divide(store, t, by);
    this.longSums[t]! /= by;
    this.shortSums[t]! /= by;
    this.growth[t] = 1;
  }

  /** A side that price has emptied starts again around it: its open interest is there, its entries are not known. */
  private refill(hour: number): void {
    this.total();
    // Sums of which nearly everything was taken are mostly rounding.
    if (!(this.longTotal > 1e-3 * this.longBefore && this.shortTotal > 1e-3 * this.shortBefore)) this.resum();
    if (!(this.longTotal > 1e-9 * this.longBefore)) {
      for (const store of this.stores) store.long.fill(0);
      this.longSums.fill(0);
      this.enterStanding(hour, true, false);
    }
    if (!(this.shortTotal > 1e-9 * this.shortBefore)) {
      for (const store of this.stores) store.short.fill(0);
      this.shortSums.fill(0);
      this.enterStanding(hour, false, true);
    }
  }

  private resum(): void {
    for (let t = 0; t < tiers; t++) {
      this.longSums[t] = weigh(this.differences.long, t, this.cell - 1, -1);
      this.shortSums[t] = weigh(this.differences.short, t, this.cell + 1, 1);
    }
    this.total();
  }

  /** Moves the grid when price nears its end. What falls off lies more than 57 % away. */
  private keepInside(low: number, high: number, hour: number): void {
    for (;;) {
      const { lnLow } = this;
      if (low - lnLow >= margin * cellStep && high - lnLow < (cellCount - margin) * cellStep) return;
      const aim = clamp(this.cellOf((low + high) / 2), 1, cellCount - 2);
      // The price goes along: cells between it and its positions must not fall off.
      const nearer = clamp(this.cell, aim - cellCount / 2 + margin, aim + cellCount / 2 - margin - 1);
      if (nearer !== this.cell) this.lnPrice = this.lnLow + (nearer + 0.5) * cellStep;
      this.walk(nearer);
      const shift = aim - cellCount / 2;
      for (const store of this.stores) slide(store, shift);
      for (let t = 0; t < tiers; t++) {
        this.longTop[t] = Math.max(-1, this.longTop[t]! - shift);
        this.shortBottom[t] = Math.min(cellCount, this.shortBottom[t]! - shift);
      }
      this.lnLow += shift * cellStep;
      this.cell -= shift;
      this.resum();
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
  return {
    long: new Float64Array(tiers * count),
    short: new Float64Array(tiers * count),
    longOpened: new Float64Array(tiers * count),
    shortOpened: new Float64Array(tiers * count),
  };
}

/** Empties a tier of a long row from cell `top` down to `bottom`; returns what was there. */
function carryDown(row: Float64Array, base: number, top: number, bottom: number): number {
  let amount = 0;
  let moment = 0;
  let swept = 0;
  const end = 2 * (base + bottom);
  for (let k = 2 * (base + top); k >= end; k -= 2) {
    amount += row[k]!;
    moment += row[k + 1]!;
    swept += amount;
    row[k] = 0;
    row[k + 1] = 0;
  }
  row[end - 2]! += amount;
  row[end - 1]! += moment;
  return swept;
}

/** Empties a tier of a short row from cell `bottom` up to `top`; returns what was there. */
function carryUp(row: Float64Array, base: number, bottom: number, top: number): number {
  let amount = 0;
  let moment = 0;
  let swept = 0;
  const end = 2 * (base + top);
  for (let k = 2 * (base + bottom); k <= end; k += 2) {
    amount += row[k]!;
    moment += row[k + 1]!;
    swept += amount;
    row[k] = 0;
    row[k + 1] = 0;
  }
  row[end + 2]! += amount;
  row[end + 3]! += moment;
  return swept;
}

/** Sum of the amounts of tier t over the cells from `start` to the end of the grid in the given direction. */
function weigh(row: Float64Array, t: number, start: number, direction: 1 | -1): number {
  const end = direction < 0 ? -1 : cellCount;
  let amount = 0;
  let sum = 0;
  for (let i = start; i !== end; i += direction) {
    amount += row[2 * (t * cellCount + i)]!;
    if (amount > 0) sum += amount;
  }
  return sum;
}

function divide({ long, short }: Differences, t: number, by: number): void {
  for (let k = 2 * t * cellCount; k < 2 * (t + 1) * cellCount; k++) {
    long[k]! /= by;
    short[k]! /= by;
  }
}

/** Moves every cell down by `shift`. Amounts end where the grid ends: the difference that closes them may have gone. */
function slide({ long, short }: Differences, shift: number): void {
  for (let t = 0; t < tiers; t++) {
    const start = 2 * t * cellCount;
    const end = 2 * (t + 1) * cellCount;
    slideTier(long.subarray(start, end), 2 * shift, 0);
    slideTier(short.subarray(start, end), 2 * shift, 2 * (cellCount - 1));
  }
}

function slideTier(tier: Float64Array, shift: number, last: number): void {
  if (Math.abs(shift) >= tier.length) tier.fill(0);
  else if (shift > 0) {
    tier.copyWithin(0, shift);
    tier.fill(0, tier.length - shift);
  } else {
    tier.copyWithin(-shift, 0);
    tier.fill(0, 0, -shift);
  }
  let amount = 0;
  let moment = 0;
  for (let k = 0; k < tier.length; k += 2) {
    amount += tier[k]!;
    moment += tier[k + 1]!;
  }
  tier[last]! -= amount;
  tier[last + 1]! -= moment;
}

function needBar(columns: BarColumns, i: number): void {
  need(i >= 0 && i < columns.length && Number.isInteger(i), 'addBar', 'the index of a bar');
  const open = columns.open[i]!;
  const high = columns.high[i]!;
  const low = columns.low[i]!;
  const close = columns.close[i]!;
  const funding = columns.funding ? columns.funding[i]! : 0;
  need(Number.isFinite(columns.time[i]!), 'addBar', 'a finite time');
  need(low > 0 && high < Number.POSITIVE_INFINITY, 'addBar', 'positive finite prices');
  need(low <= open && open <= high && low <= close && close <= high, 'addBar', 'low ≤ open, close ≤ high');
  need(high < 8 * low, 'addBar', 'a high less than 8 times the low');
  need(isAmount(columns.volume[i]!), 'addBar', 'a volume that is not negative');
  need(isAmount(columns.openInterest[i]!), 'addBar', 'open interest that is not negative');
  need(isAmount(columns.openInterestClose[i]!), 'addBar', 'open interest that is not negative');
  need(Math.abs(funding) < 0.1, 'addBar', 'a funding rate within ±10 %');
}

/** ln(a / b); for prices within 1 % by its series, to 3e-11, in a fraction of the time. */
function lnRatio(a: number, b: number): number {
  const x = a / b - 1;
  if (x > 0.01 || x < -0.01) return Math.log(a / b);
  return x * (1 - x * (1 / 2 - x * (1 / 3 - x / 4)));
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
