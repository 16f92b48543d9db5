import type { Bar, OpenInterestPoint } from '../../engine/records';
import { dayMs, minuteMs } from '../../engine/time';
import { Series } from '../../estimate/bar-series';
import { slotMs } from '../../estimate/day-cells';
import { historyMs } from '../../estimate/market';
import { type Interval, intervalMs, type Venue } from '../../feeds/feed';
import type { Store } from '../storage/store';
import { TypicalMap } from './typical-map';
import type { VenueClock } from './venue-clock';

/** Bars and open interest of one symbol on one venue, kept in the store as they come. */
export class RecordedSeries {
  readonly series = new Series();
  readonly typical: TypicalMap;
  /** What was left out of the newest map as it cannot be true. */
  leftOut = { bars: 0, openInterest: 0 };
  /** Share of the history that is known at five minutes, until bars are added. */
  private fine: number | undefined;

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly store: Store,
    private readonly clock: VenueClock,
  ) {
    this.typical = new TypicalMap(symbol, venue.id, store);
  }

  /** Takes over what earlier runs stored; `now` by the user's clock, ms. */
  async load(now: number): Promise<void> {
    await this.typical.load(now);
    const days = await this.store.days(this.symbol, this.venue.id, historyMs / dayMs + 1);
    for (const [day, cells] of days) this.series.addDay(day, cells);
  }

  /**
   * Adds those bars that have closed.
   *
   * @param bars ascending
   * @param until the venue's time when they were told, ms: what ends later was still forming then, whenever it came here; 0 where
   *   that is not known, when the last one was forming
   * @returns whether anything changed, and the last bar where it is still forming
   */
  addBars(
    bars: readonly Bar[],
    interval: Interval,
    until: number,
  ): { changed: boolean; forming: Bar | undefined } {
    const now = this.clock.now();
    const closed = bars.filter(({ time }, i) => {
      const end = time + intervalMs[interval];
      // A bar that lies ahead of the venue's own clock is no bar.
      const hasEnded = until > 0 ? end <= until : i < bars.length - 1 && (now === 0 || end <= now);
      return hasEnded && time % slotMs === 0;
    });
    const changed = this.series.addBars(closed, intervalMs[interval] / minuteMs);
    if (changed) {
      this.fine = undefined;
      this.save();
    }
    const last = bars.at(-1);
    return { changed, forming: last === closed.at(-1) ? undefined : last };
  }

  /** Adds open-interest history; true when anything changed. */
  addOpenInterest(points: readonly OpenInterestPoint[], stepMs: number): boolean {
    if (!this.series.addOpenInterest(points, stepMs / minuteMs)) return false;
    this.save();
    return true;
  }

  /** Notes the open interest told live, where it is known of which five minutes it is. */
  noteOpenInterest({ time, base }: OpenInterestPoint): void {
    const { unstampedMarks } = this.venue.limits;
    if (this.clock.newest === 0 || (unstampedMarks && !this.clock.isFresh())) return;
    const at = unstampedMarks ? this.clock.now() : time;
    if (this.series.noteOpenInterest({ time: at, base })) this.save();
  }

  /** Whether nearly all of the history is known at five minutes. */
  isFine(): boolean {
    this.fine ??= this.series.share(historyMs, 5);
    return this.fine > 0.98;
  }

  /** Stores changed days; the store joins what comes while it is writing. */
  private save(): void {
    const { series } = this;
    const days = [...series.changed].flatMap((day) => {
      const cells = series.days.get(day);
      return cells ? [[day, cells] as [number, Float64Array]] : [];
    });
    series.changed.clear();
    if (days.length === 0) return;
    void this.store.saveDays(this.symbol, this.venue.id, days).then((stored) => {
      // What did not fit goes along with the next bar.
      if (!stored) for (const [day] of days) series.changed.add(day);
    });
  }
}
