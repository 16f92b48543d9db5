import { Heatmap } from '../engine/history/heatmap';
import type { HeatmapWindow } from '../engine/history/heatmap-window';
import { recordHistory } from '../engine/history/history';
import { windowStep } from '../engine/map/bands';
import type { VenueBars } from '../engine/map/map';
import type { WindowId } from '../engine/records';
import { minuteMs } from '../engine/time';
import type { HistoryView } from '../protocol/view';

/** The finer the window, the finer its columns: each history spans about its window or a little more. */
export const historyColumns: Record<WindowId, { columnMs: number; columns: number; reach: number }> = {
  '12h': { columnMs: 5 * minuteMs, columns: 288, reach: 0.1 },
  '24h': { columnMs: 5 * minuteMs, columns: 576, reach: 0.1 },
  '7d': { columnMs: 30 * minuteMs, columns: 480, reach: 0.2 },
  '30d': { columnMs: 120 * minuteMs, columns: 360, reach: 0.4 },
};
/** A message stays below 200 kB. */
const mostCells = 145_000;
/** Dollars from 100 to 10 billion in 127 steps, each 16 % more: the scale is fixed, so that no column changes later. */
const usdFrom = 100;
const usdStep = Math.log(1e8) / 126;

/** An empty history of a window. */
export function newHeatmap(window: WindowId): Heatmap {
  return new Heatmap({ step: windowStep[window], ...historyColumns[window] });
}

/** The newest columns of a history as they cross to where they are drawn; undefined while there are none. */
export function historyView(
  symbol: string,
  window: WindowId,
  heatmap: Heatmap,
  most = historyColumns[window].columns,
): HistoryView | undefined {
  const last = heatmap.lastTime;
  if (last === undefined) return undefined;
  const { columnMs } = historyColumns[window];
  const newest = (columns: number) =>
    heatmap.read(last - (columns - 1) * columnMs, last, Number.MIN_VALUE, Number.MAX_VALUE);
  let read = newest(most);
  // A market that ran far needs more rows: the oldest columns give way.
  const fitting = Math.floor(mostCells / Math.max(1, read.rows));
  if (fitting < read.columns) read = newest(fitting);
  if (read.rows === 0 || read.columns === 0) return undefined;
  const { time, columns, rows, lnLow, step } = read;
  const cells = base64(packedCells(read));
  return { symbol, window, time, columnMs, columns, rows, lnLow, step, cells, usdFrom, usdStep };
}

/**
 * What the map said in the last `lengthMs`, computed at one go.
 *
 * @param bars ascending, the venue whose price leads first
 */
export function historyOf(
  symbol: string,
  window: WindowId,
  bars: readonly VenueBars[],
  lengthMs: number,
): HistoryView | undefined {
  const heatmap = newHeatmap(window);
  const { columnMs } = historyColumns[window];
  const { time, length } = bars[0]!.bars;
  if (length < 2) return undefined;
  const to = 2 * time[length - 1]! - time[length - 2]!;
  recordHistory(heatmap, bars, { from: to - lengthMs + columnMs, to });
  return historyView(symbol, window, heatmap, Math.ceil(lengthMs / columnMs));
}

/** One byte a cell, of the side that has more there. */
export function packedCells({ long, short }: Pick<HeatmapWindow, 'long' | 'short'>): Uint8Array {
  const cells = new Uint8Array(long.length);
  for (let i = 0; i < cells.length; i++) {
    const isLong = long[i]! >= short[i]!;
    const usd = isLong ? long[i]! : short[i]!;
    if (!(usd >= usdFrom)) continue;
    const k = Math.min(127, 1 + Math.round(Math.log(usd / usdFrom) / usdStep));
    cells[i] = isLong ? k : 128 + k;
  }
  return cells;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
