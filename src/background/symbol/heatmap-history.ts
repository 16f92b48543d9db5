import type { Heatmap } from '../../engine/history/heatmap';
import { historySteps } from '../../engine/history/history';
import type { VenueBars } from '../../engine/map/map';
import type { WindowId } from '../../engine/records';
import { historyColumns, historyView, newHeatmap } from '../../estimate/history-view';
import type { VenueId } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import type { HistoryView } from '../../protocol/view';

/** Work at a stretch; the worker answers pages in between. */
const sliceMs = 15;

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
      const { columnMs, columns } = historyColumns[window];
      const kept = this.kept.get(window) ?? {
        heatmap: newHeatmap(window),
        view: undefined,
      };
      this.kept.set(window, kept);
      const { lastTime } = kept.heatmap;
      const from = lastTime === undefined ? closed - (columns - 1) * columnMs : lastTime + columnMs;
      if (from > closed) continue;
      this.work(historySteps(kept.heatmap, ordered, { from, to: closed }), () => {
        kept.view = historyView(this.symbol, window, kept.heatmap);
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
}
