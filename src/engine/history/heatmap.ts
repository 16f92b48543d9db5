import { isPositive, need, needMap } from '../need';
import type { BandMap } from '../records';
import { copyState, type HeatmapOptions, type HeatmapState, needState, rowsOf } from './heatmap-state';
import { type HeatmapWindow, windowOf } from './heatmap-window';

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
    this.rows = rowsOf(from);
    need(this.rows * columns <= 20e6, 'Heatmap', 'at most 20 million cells');
    if ('written' in from) {
      this.state = copyState(from);
      needState(this.state);
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
    return windowOf(this.state, from, to, low, high);
  }

  /** A copy of everything, for storage; `new Heatmap(stored)` goes on from it. */
  stored(): HeatmapState {
    return copyState(this.state);
  }

  private slot(column: number): number {
    return column % this.state.columns;
  }
}

/** More than any amount of money, and well within single precision. */
const most = 1e30;
