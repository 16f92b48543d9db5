import type { Side } from '../records';
import { type HeatmapState, rowsOf } from './heatmap-state';

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

/** What a state holds of a rectangle; see `Heatmap.read`. */
export function windowOf(
  state: HeatmapState,
  from: number,
  to: number,
  low: number,
  high: number,
): HeatmapWindow {
  const rows = rowsOf(state);
  const { step, columnMs, written } = state;
  const oldest = written - Math.min(written, state.columns);
  let firstTime = Number.POSITIVE_INFINITY;
  let lastTime = Number.NEGATIVE_INFINITY;
  let bottom = Number.POSITIVE_INFINITY;
  let top = Number.NEGATIVE_INFINITY;
  for (let k = oldest; k < written; k++) {
    const slot = k % state.columns;
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
  for (let k = oldest; k < written; k++) {
    const slot = k % state.columns;
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
