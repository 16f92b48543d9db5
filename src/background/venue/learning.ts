import { learnQ, lessonsOf, type QEstimate } from '../../engine/forced/learn';
import type { LedgerEntry } from '../../engine/forced/ledger';
import type { InventoryOptions } from '../../engine/positions/inventory-options';
import type { BarColumns } from '../../engine/records';
import { dayMs, hourMs, minuteMs } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import type { Venue } from '../../feeds/feed';
import { venueOf } from '../../venues';
import type { Hour, Store } from '../storage/store';
import { HeardSpans } from './heard-spans';
import { driftOf, ledgerEntries, readHours, typicalLessons } from './lesson-hours';

/** An hour counts once orders that come late have come. */
const settleMs = minuteMs;
/** How long after an hour its last orders may come: it has to have been heard until then. */
export const lateMs = 10_000;
/** How long was heard is kept this often. */
const saveMs = 30_000;
/** Lessons older than maps go back are forgotten. */
const keptMs = 30 * dayMs;

/**
 * What one venue's own forced orders say about q on one symbol: one lesson for each whole hour in which its stream was
 * heard without a break. Both what was heard and what it taught are kept across the worker's lives: an hour counts that
 * an earlier life heard to its end, and none in which the worker was away. An hour not heard is no hour without forced
 * orders.
 */
export class Learning {
  /** q, as far as it is learned: the venue's prior at first. */
  q: QEstimate;
  /** q of the last twelve hours heard ÷ q before; undefined where too little was heard. */
  drift: number | undefined;

  /** The same of what typically lies where price went. */
  private typicalQ: QEstimate;
  private hours: Hour[] = [];
  private told: readonly LedgerEntry[] = [];
  private readonly heard = new HeardSpans();
  private savedAt = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;
  private busy = false;

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly store: Pick<Store, 'lessons' | 'saveLessons' | 'forcedOrders' | 'fact' | 'saveFact'>,
    /** Gives the store all orders that have come. */
    private readonly storeOrders: () => void = () => undefined,
  ) {
    this.q = learnQ([], venueOf(venue.id).prior);
    this.typicalQ = this.q;
  }

  /** How the map did, hour by hour; a new list when there is more to tell. */
  get entries(): readonly LedgerEntry[] {
    return this.told;
  }

  /** The connection that brings forced orders lives at this moment, ms by the venue's clock. */
  hear(time: number): void {
    if (!(time > 0) || this.venue.limits.forcedOrders === 'none') return;
    this.heard.hear(time);
    if (Math.abs(time - this.savedAt) < saveMs) return;
    this.savedAt = time;
    void this.save(time);
  }

  /** How long of [from, to] was heard without a break, ms, as far as it is remembered; times by the venue's clock. */
  heardMs(from: number, to: number): number {
    const learned = this.hours
      .map(({ time }): [number, number] => [time, time + hourMs])
      .filter(([start, end]) => end > from && start < to);
    let known = from;
    let heard = 0;
    for (const [start, end] of [...learned, ...this.heard.all].sort((a, b) => a[0]! - b[0]!)) {
      const begin = Math.max(known, start!);
      const until = Math.min(to, end!);
      if (until <= begin) continue;
      heard += until - begin;
      known = until;
    }
    return heard;
  }

  /** The connection broke. */
  cut(): void {
    this.heard.cut();
  }

  /** Nothing can have been heard since this time, ms by the venue's clock. */
  deafSince(time: number): void {
    this.heard.loseFrom(time);
  }

  /** An order of this time could not be stored. */
  lose(time: number): void {
    this.heard.lose(time);
  }

  /**
   * Learns the hours that are over and were heard whole; most calls find none. `bars` are those of the newest map, `now`
   * is the venue's clock, `margin` its terms as the map has them.
   */
  async learn(bars: BarColumns, now: number, margin?: InventoryOptions): Promise<void> {
    if (this.venue.limits.forcedOrders === 'none' || this.busy || bars.length === 0) return;
    this.busy = true;
    try {
      await this.load(now);
      const known = this.hours.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
      const oldest = Math.max(known + hourMs, (this.heard.all[0]?.[0] ?? now) - hourMs);
      const barsEnd = bars.time[bars.length - 1]! + slotMs;
      const end = Math.floor(Math.min(now - settleMs, barsEnd) / hourMs) * hourMs;
      const due: number[] = [];
      for (let hour = Math.ceil(oldest / hourMs) * hourMs; hour < end; hour += hourMs)
        if (this.heard.covers(hour, hour + hourMs + lateMs)) due.push(hour);
      if (due.length === 0) return;
      const [from, to] = [due[0]!, due.at(-1)! + hourMs];
      const told = await this.store.forcedOrders(this.symbol, from, to);
      const orders = told.filter(({ venue }) => venue === this.venue.id);
      const lessons = lessonsOf(bars, orders, { from, to }, margin);
      const believed = { map: this.q, typical: this.typicalQ };
      const news = due.map((time): Hour => {
        const i = (2 * (time - from)) / hourMs;
        return { time, sides: [lessons[i]!, lessons[i + 1]!], believed };
      });
      this.hours = [...this.hours, ...news].filter(({ time }) => time >= to - keptMs);
      await this.store.saveLessons(this.symbol, this.venue.id, news);
      this.heard.forget(to);
      this.estimate();
    } finally {
      this.busy = false;
    }
  }

  private load(now: number): Promise<void> {
    this.loading ??= this.recall(now - keptMs);
    return this.loading;
  }

  private async recall(from: number): Promise<void> {
    const [hours, heard] = await Promise.all([
      this.store.lessons(this.symbol, this.venue.id, from),
      this.store.fact(this.heardFact),
    ]);
    this.hours = readHours(hours);
    this.heard.recall(heard);
    this.heard.forget(from);
    this.estimate();
  }

  /** Orders that came before are stored before: the store keeps the order of what it is given. */
  private async save(now: number): Promise<void> {
    await this.load(now);
    this.storeOrders();
    await this.store.saveFact(this.heardFact, structuredClone(this.heard.all));
  }

  private get heardFact(): string {
    return `heard ${this.symbol} ${this.venue.id}`;
  }

  private estimate(): void {
    const lessons = this.hours.flatMap(({ sides }) => sides);
    // A stream that never told of one order may not work at all: that is no proof that nothing was forced.
    const hasHeard = lessons.some(({ forced }) => forced > 0);
    const { prior } = venueOf(this.venue.id);
    this.q = learnQ(hasHeard ? lessons : [], prior);
    this.typicalQ = learnQ(hasHeard ? typicalLessons(lessons) : [], prior);
    this.told = ledgerEntries(this.hours);
    this.drift = driftOf(this.hours);
  }
}
