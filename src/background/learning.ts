import { type Lesson, learnQ, lessonsOf, type QEstimate, qDrift, qPriors } from '../engine/learn';
import { type BarColumns, tierLeverages } from '../engine/records';
import type { Venue } from '../feeds/feed';
import { dayMs, slotMs } from './series';
import type { Hour, Store } from './store';

const hourMs = 3_600_000;
/** An hour counts once orders that come late have come. */
const settleMs = 60_000;
/** Lessons older than maps go back are forgotten. */
const keptMs = 30 * dayMs;
/** Newest lessons whose q is set against that of those before: twelve hours, two sides. */
const recentLessons = 24;
/** Fewer lessons before them than this say nothing about drift. */
const enoughLessons = 72;

/**
 * What one venue's own forced orders say about q on one symbol: one lesson for each whole hour in which its stream was
 * heard without a break, kept across the worker's lives. An hour not heard is no hour without forced orders.
 */
export class Learning {
  /** q, as far as it is learned: the venue's prior at first. */
  q: QEstimate;
  /** q of the last twelve hours heard ÷ q before; undefined where too little was heard. */
  drift: number | undefined;

  private hours: Hour[] = [];
  private heardFrom: number | undefined;
  private loading: Promise<void> | undefined;
  private busy = false;

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly store: Pick<Store, 'lessons' | 'saveLessons' | 'forcedOrders'>,
  ) {
    this.q = learnQ([], qPriors[venue.id]);
  }

  /** Whether the stream of forced orders is open at this moment, ms by the venue's clock. */
  hear(open: boolean, time: number): void {
    if (!open) this.heardFrom = undefined;
    else if (time > 0) this.heardFrom ??= time;
  }

  /**
   * Learns the hours that are over and were heard whole; most calls find none. `bars` are those of the newest map, `now`
   * is the venue's clock.
   */
  async learn(bars: BarColumns, now: number): Promise<void> {
    if (this.venue.limits.forcedOrders === 'none' || this.busy || bars.length === 0) return;
    this.busy = true;
    try {
      this.loading ??= this.load(now - keptMs);
      await this.loading;
      const known = this.hours.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
      const from = Math.max(Math.ceil((this.heardFrom ?? now) / hourMs) * hourMs, known + hourMs);
      const barsEnd = bars.time[bars.length - 1]! + slotMs;
      const to = Math.floor(Math.min(now - settleMs, barsEnd) / hourMs) * hourMs;
      if (from >= to) return;
      const told = await this.store.forcedOrders(this.symbol, from, to);
      const orders = told.filter(({ venue }) => venue === this.venue.id);
      const lessons = lessonsOf(bars, orders, { from, to });
      const news: Hour[] = [];
      for (let i = 0; i + 1 < lessons.length; i += 2) {
        news.push({ time: from + (i / 2) * hourMs, sides: [lessons[i]!, lessons[i + 1]!] });
      }
      this.hours = [...this.hours, ...news].filter(({ time }) => time >= to - keptMs);
      await this.store.saveLessons(this.symbol, this.venue.id, news);
      this.estimate();
    } finally {
      this.busy = false;
    }
  }

  private async load(from: number): Promise<void> {
    this.hours = (await this.store.lessons(this.symbol, this.venue.id, from)).filter(isHour);
    this.estimate();
  }

  private estimate(): void {
    const lessons = this.hours.flatMap(({ sides }) => sides);
    // A stream that never told of one order may not work at all: that is no proof that nothing was forced.
    const hasHeard = lessons.some(({ forced }) => forced > 0);
    this.q = learnQ(hasHeard ? lessons : [], qPriors[this.venue.id]);
    const enough = lessons.length >= recentLessons + enoughLessons;
    this.drift = enough ? qDrift(lessons, recentLessons) : undefined;
  }
}

const isAmount = (value: unknown) =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

function isLesson(value: unknown): value is Lesson {
  const { atRisk, forced } = (value ?? {}) as Partial<Lesson>;
  return (
    Array.isArray(atRisk) &&
    atRisk.length === tierLeverages.length &&
    atRisk.every(isAmount) &&
    isAmount(forced)
  );
}

function isHour(value: unknown): value is Hour {
  const { time, sides } = (value ?? {}) as Partial<Hour>;
  return Number.isFinite(time) && Array.isArray(sides) && sides.length === 2 && sides.every(isLesson);
}
