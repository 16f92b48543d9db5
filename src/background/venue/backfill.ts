import type { Bar } from '../../engine/records';
import { dayMs, hourMs, minuteMs } from '../../engine/time';
import { slotMs, slotOf } from '../../estimate/day-cells';
import { historyMs } from '../../estimate/market';
import {
  FeedError,
  type Instrument,
  type Interval,
  intervalMs,
  type Period,
  type Range,
} from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import { finite, fits, type Of, object, text } from '../../protocol/form';
import type { Store } from '../storage/store';
import type { RecordedSeries } from './recorded-series';
import type { Requests } from './requests';
import { pagesOver, without } from './slot-ranges';
import type { VenueClock } from './venue-clock';

/** A hole that the venue itself has no data for is asked about again after this, its oldest data after a day. */
const answeredMs = hourMs;
/** Pages asked for at a time; the transport keeps the pace. */
const pagesAtOnce = 8;
const firstBars = 1000;
/** How much is fine of a history that is brief: what the first bars cover. */
const briefMs = 3 * dayMs;

const barLadder: Interval[] = ['5m', '15m', '1h'];
const openInterestLadder: Period[] = ['5m', '1h'];

/** A range of slots that the venue has been asked for, with `ladder` telling what and how fine; `at` by the user's clock. */
const Answered = object({ ladder: text(), from: finite, to: finite, at: finite });
type Answered = Of<typeof Answered>;

interface Arrivals {
  /** `until` is the newest time that the venue had sent when they were asked for: what the user's clock adds to it may be a jump. */
  bars(bars: readonly Bar[], interval: Interval, until: number): void;
  /** Open interest was added. */
  openInterest(): void;
}

/** Looks which slots of the history are empty, and asks the venue for those, the finest first. */
export class Backfill {
  private answered: Answered[] = [];

  constructor(
    private readonly symbol: string,
    private readonly requests: Requests,
    private readonly recorded: RecordedSeries,
    private readonly store: Store,
    private readonly clock: VenueClock,
    private readonly user: Clock,
    private readonly on: Arrivals,
    /** Only the last days are asked for finely, and what lies before by the hour. */
    private readonly isBrief = false,
  ) {}

  /** Takes over what an earlier run has asked for. */
  async load(): Promise<void> {
    const stored = await this.store.fact(this.fact);
    if (Array.isArray(stored)) this.answered = stored.filter((each) => fits(Answered, each));
  }

  /** The requests that a first map needs; they go out at once. `marked` resolves when the venue's time is known. */
  first(instrument: Instrument, marked: Promise<unknown>, signal: AbortSignal): Promise<unknown>[] {
    const { requests, recorded } = this;
    const { venue } = requests;
    const options = { signal, priority: 2 };
    const bars = async (interval: Interval, count: number) => {
      const limit = Math.min(count, venue.maxCandles);
      // By the user's clock, as the venue's is not known yet: what a wrong one leaves out is filled in later.
      const from = slotOf(this.user.now()) - limit * intervalMs[interval];
      const range = venue.limits.rowsCost && { from };
      const call = venue.candles(instrument, interval, range, limit);
      const until = this.clock.newest;
      const page = await requests.ask(call, options);
      await marked;
      this.on.bars(page, interval, until);
    };
    const first: Promise<unknown>[] = [bars('5m', firstBars), bars('1h', historyMs / intervalMs['1h'])];
    if (venue.openInterestHistory && venue.maxOpenInterest) {
      const call = venue.openInterestHistory(instrument, '1h', undefined, venue.maxOpenInterest);
      first.push(requests.ask(call, options).then((points) => recorded.series.addOpenInterest(points, 60)));
    }
    return first;
  }

  /** Asks for all that is missing. */
  async all(instrument: Instrument, signal: AbortSignal): Promise<void> {
    await allOf([this.bars(instrument, signal), this.openInterest(instrument, signal)]);
  }

  private async bars(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { requests } = this;
    const { venue } = requests;
    let to = slotOf(this.clock.now());
    for (const interval of barLadder) {
      const step = intervalMs[interval];
      const from = slotOf(this.clock.now()) - this.reachOf(interval);
      const gaps = this.recorded.series.missingBars(from, to, step / minuteMs);
      to = await this.fill(`bars ${interval}`, gaps, step, venue.maxCandles, async (range, limit) => {
        const call = venue.candles(instrument, interval, range, limit);
        const until = this.clock.newest;
        const bars = await requests.ask(call, { signal, priority: 1 });
        this.on.bars(bars, interval, until);
        return bars.map(({ time }) => time);
      });
    }
  }

  private async openInterest(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { requests, recorded } = this;
    const { venue } = requests;
    const { openInterestHistory, maxOpenInterest } = venue;
    if (!openInterestHistory || !maxOpenInterest) return;
    const to = slotOf(this.clock.now());
    for (const period of openInterestLadder) {
      const step = intervalMs[period];
      const reach = this.reachOf(period);
      const depth = Math.min(reach, venue.openInterestDepthMs?.(period) ?? reach);
      const gaps = recorded.series.missingOpenInterest(to - depth + step, to, step / minuteMs);
      await this.fill(`open interest ${period}`, gaps, step, maxOpenInterest, async (range, limit) => {
        const points = await requests.ask(openInterestHistory(instrument, period, range, limit), { signal });
        if (recorded.addOpenInterest(points, step)) this.on.openInterest();
        return points.map(({ time }) => time);
      });
    }
  }

  private reachOf(interval: Interval): number {
    return this.isBrief && interval !== '1h' ? briefMs : historyMs;
  }

  /**
   * Asks for the empty slots page by page, newest first, several pages at once. A whole page without a row means that
   * the venue goes no further back; resolves to that time, 0 where there is none.
   */
  private async fill(
    ladder: string,
    gaps: readonly Required<Range>[],
    step: number,
    count: number,
    /** Resolves to the times of the rows that came, ascending. */
    fetch: (range: Required<Range>, limit: number) => Promise<number[]>,
  ): Promise<number> {
    const now = this.user.now();
    this.answered = this.answered.filter(
      ({ from, at }) => Math.abs(now - at) < (from === 0 ? dayMs : answeredMs),
    );
    const known = this.answered.filter((range) => range.ladder === ladder);
    const open = gaps.flatMap((gap) => without(gap, known));
    const queue = pagesOver(open, step, count);
    if (queue.length === 0) return this.endOf(ladder);
    const settled = slotOf(this.clock.now()) - 6 * slotMs;
    let oldest = Number.POSITIVE_INFINITY;
    let emptyTo = 0;
    const worker = async () => {
      for (;;) {
        const page = queue.shift();
        if (!page || emptyTo > 0) return;
        const asked = Math.floor((page.to - page.from) / step) + 1;
        const times = await fetch(page, asked);
        oldest = Math.min(oldest, times[0] ?? oldest);
        if (times.length === 0 && asked >= count / 2) {
          emptyTo = Math.max(emptyTo, page.to + step);
        } else if (page.from < settled) {
          // What came in part may have been a passing trouble of the venue: it is asked again with the next figures.
          const at = times.length === 0 || times.length >= asked ? now : now - answeredMs + slotMs;
          this.answered.push({ ladder, from: page.from, to: Math.min(page.to + step, settled), at });
        }
      }
    };
    await allOf(Array.from({ length: pagesAtOnce }, worker));
    if (emptyTo > 0) {
      const to = Number.isFinite(oldest) ? Math.max(oldest, emptyTo) : emptyTo;
      this.answered = this.answered.filter((range) => range.ladder !== ladder || range.to > to);
      this.answered.push({ ladder, from: 0, to, at: now });
    }
    void this.store.saveFact(this.fact, this.answered);
    return this.endOf(ladder);
  }

  /** How far back the venue's data is known to go; 0 where that is not known. */
  private endOf(ladder: string): number {
    return this.answered.find((range) => range.ladder === ladder && range.from === 0)?.to ?? 0;
  }

  private get fact(): string {
    return `answered ${this.symbol} ${this.requests.venue.id}`;
  }
}

/** Waits for all and then fails with the first failure; what a venue does not offer is no failure. */
export async function allOf(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof FeedError) || result.reason.kind !== 'unavailable') throw result.reason;
  }
}
