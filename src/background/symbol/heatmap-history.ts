import { Heatmap, type HeatmapWindow } from '../../engine/history/heatmap';
import { historySteps } from '../../engine/history/history';
import { windowStep } from '../../engine/map/bands';
import type { VenueBars } from '../../engine/map/map';
import type { WindowId } from '../../engine/records';
import { minuteMs } from '../../engine/time';
import type { VenueId } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import type { HistoryView } from '../../protocol/view';

/** The finer the window, the finer its columns: each history spans about its window or a little more. */
const columnsOf: Record<WindowId, { columnMs: number; columns: number; reach: number }> = {
  '12h': { columnMs: 5 * minuteMs, columns: 288, reach: 0.1 },
  '24h': { columnMs: 5 * minuteMs, columns: 576, reach: 0.1 },
  '7d': { columnMs: 30 * minuteMs, columns: 480, reach: 0.2 },
  '30d': { columnMs: 120 * minuteMs, columns: 360, reach: 0.4 },
};
/** Work at a stretch; the worker answers pages in between. */
const sliceMs = 15;
/** A message stays below 200 kB. */
const mostCells = 145_000;
/** Dollars from 100 to 10 billion in 127 steps, each 16 % more: the scale is fixed, so that no column changes later. */
const usdFrom = 100;
const usdStep = Math.log(1e8) / 126;

interface Kept {
  heatmap: Heatmap;
  view: HistoryView | undefined;
}

/**
 * The history of one symbol's estimate, for each window that a page shows as a heatmap. Columns are computed from bars
 * that had closed by then; what has been written stays as it is, whatever arrives later.
 */
export class HeatmapHistory {
  private readonly kept = new Map<WindowId, Kept>();
  /** Prices of all columns are this venue's. */
  private lead: VenueId | undefined;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly symbol: string,
    private readonly clock: Clock,
  ) {}

  /** What there is to show; the same object until a column is added. */
  view(window: WindowId): HistoryView | undefined {
    return this.kept.get(window)?.view;
  }

  /** Adds the columns that are due, in slices. Without effect while it is at work or nothing is due. */
  update(venues: readonly VenueBars[], reference: VenueId, windows: ReadonlySet<WindowId>): void {
    for (const window of this.kept.keys()) if (!windows.has(window)) this.kept.delete(window);
    if (this.cancel || windows.size === 0) return;
    if (!venues.some(({ venue }) => venue === this.lead)) {
      this.lead = reference;
      this.kept.clear();
    }
    const isLead = (each: VenueBars) => each.venue === this.lead;
    const ordered = [...venues.filter(isLead), ...venues.filter((each) => !isLead(each))];
    const { bars } = ordered[0]!;
    if (bars.length < 2) return;
    const last = bars.length - 1;
    const closed = Math.min(2 * bars.time[last]! - bars.time[last - 1]!, this.clock.now());
    for (const window of windows) {
      const { columnMs, columns, reach } = columnsOf[window];
      const kept = this.kept.get(window) ?? {
        heatmap: new Heatmap({ step: windowStep[window], columnMs, columns, reach }),
        view: undefined,
      };
      this.kept.set(window, kept);
      const { lastTime } = kept.heatmap;
      const from = lastTime === undefined ? closed - (columns - 1) * columnMs : lastTime + columnMs;
      if (from > closed) continue;
      this.work(historySteps(kept.heatmap, ordered, { from, to: closed }), () => {
        kept.view = this.encoded(window, kept.heatmap);
      });
      return; // the next window with the next map
    }
  }

  /** Stops what is being computed; columns that were written stay. */
  pause(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private work(steps: Iterator<undefined, number>, done: () => void): void {
    this.cancel = this.clock.after(0, () => {
      this.cancel = undefined;
      const until = performance.now() + sliceMs;
      try {
        do {
          if (!steps.next().done) continue;
          done();
          return;
        } while (performance.now() < until);
      } catch (cause) {
        // Bands are drawn all the same; the next map brings another try.
        console.warn(`${this.symbol}, history:`, cause);
        return;
      }
      this.work(steps, done);
    });
  }

  private encoded(window: WindowId, heatmap: Heatmap): HistoryView | undefined {
    const last = heatmap.lastTime;
    if (last === undefined) return undefined;
    const { columnMs, columns } = columnsOf[window];
    let read = heatmap.read(last - columns * columnMs, last, Number.MIN_VALUE, Number.MAX_VALUE);
    // A market that ran far needs more rows: the oldest columns give way.
    const fitting = Math.floor(mostCells / Math.max(1, read.rows));
    if (fitting < read.columns)
      read = heatmap.read(last - (fitting - 1) * columnMs, last, Number.MIN_VALUE, Number.MAX_VALUE);
    if (read.rows === 0 || read.columns === 0) return undefined;
    return {
      symbol: this.symbol,
      window,
      time: read.time,
      columnMs,
      columns: read.columns,
      rows: read.rows,
      lnLow: read.lnLow,
      step: read.step,
      cells: base64(cellsOf(read)),
      usdFrom,
      usdStep,
    };
  }
}

/** One byte a cell, of the side that has more there. */
export function cellsOf({ long, short }: Pick<HeatmapWindow, 'long' | 'short'>): Uint8Array {
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
