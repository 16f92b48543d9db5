import { isAmount, isPositive, need } from '../need';

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

/** Bands of a column. */
export const rowsOf = ({ reach, step }: HeatmapOptions): number => 2 * Math.ceil(reach / step) + 1;

/** @throws RangeError for a stored state that does not fit together */
export function needState(state: HeatmapState): void {
  const rows = rowsOf(state);
  const { written, columns } = state;
  const oldest = written - Math.min(written, columns);
  need(Number.isInteger(written) && written >= 0, 'Heatmap', 'a whole number of columns written');
  for (const values of [state.time, state.price, state.low, state.high, state.first])
    need(values.length === columns, 'Heatmap', 'stored values for each column');
  for (const values of [state.long, state.short]) {
    need(values.length === columns * rows, 'Heatmap', 'stored amounts for each band of each column');
    need(values.every(isAmount), 'Heatmap', 'stored amounts that are finite and not negative');
  }
  for (let k = oldest; k < written; k++) {
    const slot = k % columns;
    const time = state.time[slot]!;
    need(Number.isFinite(time), 'Heatmap', 'stored columns with a time');
    need(
      k === oldest || time > state.time[(k - 1) % columns]!,
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

export function copyState(state: HeatmapState): HeatmapState {
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
