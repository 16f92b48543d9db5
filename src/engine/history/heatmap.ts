import { isAmount, isPositive, need, needMap } from '../need';
import type { BandMap, Side } from '../records';

export interface HeatmapOptions {
  /** Width of a band in ln(price); that of the maps that are appended. */
  step: number;
  /** Time between two columns, ms. */
  columnMs: number;
  /** How many columns are kept, 1–10,000; the oldest give way. */
  columns: number;
  /** How far a column reaches to both sides of price, in ln(price); amounts farther out are left away. */
  reach: number;
}

/** Everything a heatmap holds, as plain columns that can be stored and copied. */
export interface HeatmapState extends HeatmapOptions {
  /** Columns written since the beginning; column k lies in slot k modulo `columns`. */
  written: number;
  /** Per slot: opening time, price, lowest and highest price since the column before. */
  time: Float64Array;
  price: Float64Array;
  low: Float64Array;
  high: Float64Array;
  /** Per slot: number of its lowest band, counted from price 1. */
  first: Int32Array;
  /** USD at risk: band i of a slot is at slot · rows + i. */
  long: Float32Array;
  short: Float32Array;
}

/** A rectangle of the history, columns evenly spaced and ascending in time. */
export interface HeatmapWindow {
  columns: number;
  rows: number;
  /** Opening time of the first column, and the time between two. */
  time: number;
  columnMs: number;
  lnLow: number;
  step: number;
  /** USD at risk: band i of column c is at c · rows + i. 0 where nothing was or nothing is known. */
  long: Float32Array;
  short: Float32Array;
  /** 1 where a column was recorded, 0 in gaps. */
  known: Uint8Array;
  /** Price at each column, and the lowest and highest since the column before; 0 in gaps. */
  price: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

/**
 * History of the **estimate**: what the map said at each moment, one column per step of time. A column that is written
 * is never changed, so that the picture of the past shows what could be known then.
 *
 * A band that price takes is in the columns up to then and not in the next: it ends where it was swept (`isSwept` tells
 * it from one that faded). Columns hold single-precision USD in a ring of fixed size; appending allocates nothing.
 *
 * @example
 * const heatmap = new Heatmap({ step: 0.001, columnMs: 300_000, columns: 288, reach: 0.1 });
 * heatmap.append(map, lowest, highest); // with every new map; one column each five minutes
 * const { columns, rows, long } = heatmap.read(dayAgo, now, 90_000, 100_000);
 */
export class Heatmap {
  private readonly state: HeatmapState;
  private readonly rows: number;
  /** Extremes of price since the last column, and the time of the newest map. */
  private low = Number.POSITIVE_INFINITY;
  private high = 0;
  private newest = Number.NEGATIVE_INFINITY;

  /**
   * @param from sizes of a new heatmap, or the `stored` state of an earlier one
   * @throws RangeError for sizes out of range or a state whose columns do not fit them
   */
  constructor(from: HeatmapOptions | HeatmapState) {
    const { step, columnMs, columns, reach } = from;
    need(isPositive(step) && step <= 0.05, 'Heatmap', 'a step above 0 and at most 0.05');
    need(isPositive(columnMs), 'Heatmap', 'a positive time between columns');
    need(Number.isInteger(columns) && columns >= 1 && columns <= 10_000, 'Heatmap', '1 to 10,000 columns');
    need(reach >= step && reach <= 2, 'Heatmap', 'a reach from one step to 2 in ln(price)');
    this.rows = 2 * Math.ceil(reach / step) + 1;
    need(this.rows * columns <= 20e6, 'Heatmap', 'at most 20 million cells');
    if ('written' in from) {
      this.state = copy(from);
      this.check();
      if (from.written > 0) this.newest = this.state.time[this.slot(from.written - 1)]!;
    } else {
      this.state = {
        ...from,
        written: 0,
        time: new Float64Array(columns),
        price: new Float64Array(columns),
        low: new Float64Array(columns),
        high: new Float64Array(columns),
        first: new Int32Array(columns),
        long: new Float32Array(columns * this.rows),
        short: new Float32Array(columns * this.rows),
      };
    }
  }

  /** Width of a band in ln(price). */
  get step(): number {
    return this.state.step;
  }

  /** Time between columns, ms. */
  get columnMs(): number {
    return this.state.columnMs;
  }

  /** How far a column reaches to both sides of price, in ln(price). */
  get reach(): number {
    return this.state.reach;
  }

  /** How many columns can be read. */
  get length(): number {
    return Math.min(this.state.written, this.state.columns);
  }

  /** Opening time of the newest column; undefined while there is none. */
  get lastTime(): number | undefined {
    const { written, time } = this.state;
    return written > 0 ? time[this.slot(written - 1)] : undefined;
  }

  /**
   * Takes in a new map. It becomes a column when it is the first of its step of time; otherwise only the range of price
   * is kept for the next column.
   *
   * @param map at display resolution, its bands at whole multiples of `step`, no older than the one before
   * @param low lowest and `high` highest price since the call before
   * @returns whether a column was written
   * @throws RangeError for a map of another step, out of order or with bad values, or an impossible range of price
   */
  append(map: BandMap, low: number, high: number): boolean {
    needMap(map, 'Heatmap.append');
    const { state, rows } = this;
    const start = map.lnLow / state.step;
    need(Math.abs(map.step / state.step - 1) < 1e-9, 'Heatmap.append', "maps of the heatmap's own step");
    need(
      Math.abs(start - Math.round(start)) < 1e-3,
      'Heatmap.append',
      'bands at whole multiples of the step',
    );
    need(isPositive(low) && low <= high && isPositive(high), 'Heatmap.append', '0 < low ≤ high');
    need(map.time >= this.newest, 'Heatmap.append', 'maps in ascending order of time');
    this.newest = map.time;
    this.low = Math.min(this.low, low);
    this.high = Math.max(this.high, high);
    const time = Math.floor(map.time / state.columnMs) * state.columnMs;
    if (this.lastTime !== undefined && time <= this.lastTime) return false;

    const slot = this.slot(state.written);
    const first = Math.floor(Math.log(map.price) / state.step) - (rows - 1) / 2;
    state.time[slot] = time;
    state.price[slot] = map.price;
    state.low[slot] = Math.min(this.low, map.price);
    state.high[slot] = Math.max(this.high, map.price);
    state.first[slot] = first;
    const shift = first - Math.round(start);
    for (let i = 0; i < rows; i++) {
      const band = i + shift;
      const inside = band >= 0 && band < map.count;
      state.long[slot * rows + i] = inside ? Math.min(map.long[band]!, most) : 0;
      state.short[slot * rows + i] = inside ? Math.min(map.short[band]!, most) : 0;
    }
    state.written++;
    this.low = Number.POSITIVE_INFINITY;
    this.high = 0;
    return true;
  }

  /**
   * A rectangle of the history, as arrays of its own.
   *
   * @param from first and `to` last time wanted, ms; columns that opened outside are left away
   * @param low lowest and `high` highest price wanted; rows reach no farther than what is stored
   * @returns without columns or rows where nothing was recorded there
   * @throws RangeError unless from ≤ to and 0 < low ≤ high, all finite
   */
  read(from: number, to: number, low: number, high: number): HeatmapWindow {
    need(Number.isFinite(from) && Number.isFinite(to) && from <= to, 'Heatmap.read', 'a time from ≤ to');
    need(isPositive(low) && low <= high && isPositive(high), 'Heatmap.read', '0 < low ≤ high');
    const { state, rows } = this;
    const { step, columnMs, written } = state;
    let firstTime = Number.POSITIVE_INFINITY;
    let lastTime = Number.NEGATIVE_INFINITY;
    let bottom = Number.POSITIVE_INFINITY;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = written - this.length; k < written; k++) {
      const slot = this.slot(k);
      const time = state.time[slot]!;
      if (time < from || time > to) continue;
      firstTime = Math.min(firstTime, time);
      lastTime = Math.max(lastTime, time);
      bottom = Math.min(bottom, state.first[slot]!);
      top = Math.max(top, state.first[slot]! + rows);
    }
    if (firstTime > lastTime) [firstTime, lastTime, bottom, top] = [from, from - columnMs, 0, 0];
    bottom = Math.max(bottom, Math.floor(Math.log(low) / step));
    top = Math.max(bottom, Math.min(top, Math.ceil(Math.log(high) / step)));
    // The ring may hold columns from long before a pause: no more of them are handed out than it has slots.
    const columns = Math.min(state.columns, Math.round((lastTime - firstTime) / columnMs) + 1);
    firstTime = lastTime - (columns - 1) * columnMs;
    const height = top - bottom;
    const window: HeatmapWindow = {
      columns,
      rows: height,
      time: firstTime,
      columnMs,
      lnLow: bottom * step,
      step,
      long: new Float32Array(columns * height),
      short: new Float32Array(columns * height),
      known: new Uint8Array(columns),
      price: new Float64Array(columns),
      low: new Float64Array(columns),
      high: new Float64Array(columns),
    };
    for (let k = written - this.length; k < written; k++) {
      const slot = this.slot(k);
      const time = state.time[slot]!;
      if (time < firstTime || time > lastTime) continue;
      const column = Math.round((time - firstTime) / columnMs);
      window.known[column] = 1;
      window.price[column] = state.price[slot]!;
      window.low[column] = state.low[slot]!;
      window.high[column] = state.high[slot]!;
      const begin = Math.max(bottom, state.first[slot]!);
      const end = Math.min(top, state.first[slot]! + rows);
      if (begin >= end) continue;
      const source = slot * rows + begin - state.first[slot]!;
      const target = column * height + begin - bottom;
      window.long.set(state.long.subarray(source, source + end - begin), target);
      window.short.set(state.short.subarray(source, source + end - begin), target);
    }
    return window;
  }

  /** A copy of everything, for storage; `new Heatmap(stored)` goes on from it. */
  stored(): HeatmapState {
    return copy(this.state);
  }

  private slot(column: number): number {
    return column % this.state.columns;
  }

  /** Refuses a stored state that does not fit together. */
  private check(): void {
    const { state, rows } = this;
    const { written, columns } = state;
    need(Number.isInteger(written) && written >= 0, 'Heatmap', 'a whole number of columns written');
    for (const values of [state.time, state.price, state.low, state.high, state.first])
      need(values.length === columns, 'Heatmap', 'stored values for each column');
    for (const values of [state.long, state.short]) {
      need(values.length === columns * rows, 'Heatmap', 'stored amounts for each band of each column');
      need(values.every(isAmount), 'Heatmap', 'stored amounts that are finite and not negative');
    }
    for (let k = written - this.length; k < written; k++) {
      const slot = this.slot(k);
      const time = state.time[slot]!;
      need(Number.isFinite(time), 'Heatmap', 'stored columns with a time');
      need(
        k === written - this.length || time > state.time[this.slot(k - 1)]!,
        'Heatmap',
        'stored columns in ascending order of time',
      );
      need(
        [state.price, state.low, state.high].every((values) => isPositive(values[slot]!)),
        'Heatmap',
        'stored columns with positive prices',
      );
    }
  }
}

/**
 * Whether a band of a heatmap ended because price took it: it holds an amount in this column, and price passed it before
 * the next one was recorded.
 *
 * @param window as `Heatmap.read` returns it
 * @param column,row of the band; a cell outside the window was not swept
 * @example
 * isSwept(window, 'long', column, row); // true: draw the band's end here
 */
export function isSwept(window: HeatmapWindow, side: Side, column: number, row: number): boolean {
  const { columns, rows, lnLow, step } = window;
  if (!(column >= 0 && column < columns - 1 && row >= 0 && row < rows)) return false;
  if (!(window[side][column * rows + row]! > 0)) return false;
  let next = column + 1;
  while (next < columns && !window.known[next]) next++;
  if (next === columns) return false;
  const middle = Math.exp(lnLow + (row + 0.5) * step);
  return side === 'long' ? window.low[next]! <= middle : window.high[next]! >= middle;
}

/** More than any amount of money, and well within single precision. */
const most = 1e30;

function copy(state: HeatmapState): HeatmapState {
  return {
    step: state.step,
    columnMs: state.columnMs,
    columns: state.columns,
    reach: state.reach,
    written: state.written,
    time: state.time.slice(),
    price: state.price.slice(),
    low: state.low.slice(),
    high: state.high.slice(),
    first: state.first.slice(),
    long: state.long.slice(),
    short: state.short.slice(),
  };
}
