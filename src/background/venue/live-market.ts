import type { Bar, OpenInterestPoint } from '../../engine/records';
import { isWithin } from '../../engine/time';
import { slotMs, slotOf } from '../../estimate/day-cells';
import { leaps } from '../../estimate/plausible';
import type { FundingState, MarkState, Trade } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import type { FeedActivity } from './feed-health';
import { staleMs, type VenueClock } from './venue-clock';

/** Open interest that moved further than was traded is believed when it is still there with the figures of the next five minutes. */
const doubtMs = 0.9 * slotMs;
/** What was told longer ago than this says nothing about what can be true now: some venues tell every five minutes. */
const recentMs = 2.5 * slotMs;
/** A mark this many times the one of a moment ago, or that part of it, is believed when it has stayed for so long. */
const mostLeap = 1.2;
const strayMs = 5000;
/** Two readings of one state lie within this factor. */
const mostDrift = 1.1;

const noMarks = { slot: 0, high: 0, low: Number.POSITIVE_INFINITY, areAll: false };

/** What one venue says of a symbol now: mark, open interest, funding, and the bar that is forming. */
export class LiveMarket {
  mark: MarkState | undefined;
  funding: FundingState | undefined;
  openInterest: OpenInterestPoint | undefined;
  /** Open interest when it last changed, by the user's clock. */
  changedOpenInterest: OpenInterestPoint | undefined;
  /** Highest and lowest mark since the newest closed bar; of what was not heard of it, price. */
  high = 0;
  low = Number.POSITIVE_INFINITY;
  /** Since when bars show trades that have not come as trades, by the user's clock. */
  missingTradesSince: number | undefined;
  /** Volume of the newest bar as last sent. */
  private volume = 0;
  /** Coins traded since open interest was last taken, as far as bars tell. */
  private traded = 0;
  private isHeard = false;
  /** Marks of the five minutes that the venue is in; `areAll` where none was missed since they began. */
  private marks = noMarks;
  /** Marks were missed since the last one. */
  private hasMissed = true;
  private markedAt = Number.NEGATIVE_INFINITY;
  private strayMark: { mark: number; since: number } | undefined;
  private takenAt = Number.NEGATIVE_INFINITY;
  private doubted: { base: number; since: number } | undefined;

  constructor(
    private readonly user: Clock,
    private readonly clock: VenueClock,
    private readonly activity: FeedActivity,
  ) {}

  /** What was told before means something else from now on. */
  forget(): void {
    this.mark = undefined;
    this.funding = undefined;
    this.openInterest = undefined;
    this.doubted = undefined;
    this.changedOpenInterest = undefined;
    this.marks = noMarks;
    this.miss();
    this.beginBar(0, false);
  }

  setMark(mark: MarkState): void {
    if (this.mark && mark.time < this.mark.time && this.mark.time - mark.time < staleMs) return;
    const differs = this.mark?.mark !== mark.mark || this.mark.index !== mark.index;
    const now = this.user.now();
    this.activity.hear('mark', now);
    if (this.isStray(mark, now)) return;
    this.strayMark = undefined;
    this.markedAt = now;
    this.mark = { ...this.mark, ...mark };
    this.high = Math.max(this.high, mark.mark);
    this.low = Math.min(this.low, mark.mark);
    this.clock.arrive(mark.time, differs);
    this.noteMark(mark.mark);
  }

  private noteMark(mark: number): void {
    const slot = slotOf(this.clock.newest);
    const { marks, hasMissed } = this;
    this.hasMissed = false;
    this.marks =
      slot === marks.slot
        ? { ...marks, high: Math.max(marks.high, mark), low: Math.min(marks.low, mark) }
        : { slot, high: mark, low: mark, areAll: slot === marks.slot + slotMs && !hasMissed };
  }

  /** A mark far from the one of a moment ago counts once it has stayed there. */
  private isStray({ mark }: MarkState, now: number): boolean {
    const known = this.mark?.mark;
    if (known === undefined || Math.abs(now - this.markedAt) > staleMs || factor(mark, known) < mostLeap)
      return false;
    const { strayMark } = this;
    const isSame = strayMark !== undefined && factor(mark, strayMark.mark) < mostDrift;
    if (!isSame) this.strayMark = { mark, since: now };
    return !isSame || isWithin(strayMs, strayMark.since, now);
  }

  setFunding(funding: FundingState): void {
    this.funding = funding;
    this.clock.advance(funding.time);
  }

  /** `old` where a newer one is known; `doubted`, told once, where it cannot be what it was a moment ago: it has to stay. */
  setOpenInterest(point: OpenInterestPoint): 'taken' | 'old' | 'doubted' {
    if (this.openInterest && point.time < this.openInterest.time) return 'old';
    const now = this.user.now();
    this.activity.hear('openInterest', now);
    const doubt = this.doubt(point, now);
    if (doubt) return doubt;
    const differs = this.openInterest?.base !== point.base;
    this.openInterest = point;
    this.takenAt = now;
    this.traded = 0;
    this.doubted = undefined;
    if (differs) this.changedOpenInterest = { time: now, base: point.base };
    this.clock.arrive(point.time, differs);
    return 'taken';
  }

  /** Holds back what cannot be true yet; what is known from before a pause says nothing about now. */
  private doubt({ base }: OpenInterestPoint, now: number): 'old' | 'doubted' | undefined {
    const known = this.openInterest?.base;
    const isRecent = Math.abs(now - this.takenAt) < recentMs || this.doubted !== undefined;
    if (known === undefined || !isRecent || !leaps(known, base, this.traded)) return undefined;
    const { doubted } = this;
    const isSame = doubted && factor(base, doubted.base) < mostDrift;
    if (isSame && !isWithin(doubtMs, doubted.since, now)) return undefined;
    if (isSame || base === doubted?.base) return 'old';
    this.doubted = { base, since: now };
    return doubted ? 'old' : 'doubted';
  }

  /** The newest bar, closed or forming, as the stream sends it. */
  seeBar({ volume }: Bar): void {
    this.activity.hear('bars', this.user.now());
    if (volume !== this.volume) {
      this.traded += volume > this.volume ? volume - this.volume : volume;
      this.clock.change();
      if (volume > 0) this.missingTradesSince ??= this.user.now();
    }
    this.volume = volume;
  }

  seeTrade(trade: Trade): void {
    this.clock.change();
    this.activity.hear('trades', this.user.now());
    this.missingTradesSince = undefined;
    this.clock.advance(trade.time);
  }

  /** Marks were missed: of what the forming bar has been through, its own prices tell. */
  miss(): void {
    this.isHeard = false;
    this.hasMissed = true;
    this.marks = { ...this.marks, areAll: false };
  }

  /** A bar that has not closed yet. What liquidates is the mark: a wick of the last price alone does not. */
  form(bar: Bar): void {
    if (this.isHeard) return;
    this.high = Math.max(this.high, bar.high);
    this.low = Math.min(this.low, bar.low);
  }

  /**
   * The bar before `time` has closed: the extremes begin anew with what has been heard since then, which may be a while ago.
   * `isHeard` says that marks are heard from now on, where none has come since.
   */
  beginBar(time: number, isHeard: boolean): void {
    const { marks, mark } = this;
    const isUnderWay = marks.slot === time;
    this.isHeard = isUnderWay ? marks.areAll : isHeard;
    this.high = isUnderWay ? marks.high : (mark?.mark ?? 0);
    this.low = isUnderWay ? marks.low : (mark?.mark ?? Number.POSITIVE_INFINITY);
  }
}

/** How many times one is the other, at least 1. */
const factor = (one: number, other: number): number => Math.max(one / other, other / one);
