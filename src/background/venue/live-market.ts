import type { Bar, OpenInterestPoint } from '../../engine/records';
import type { FundingState, MarkState, Trade } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import type { FeedActivity } from './feed-health';
import { staleMs, type VenueClock } from './venue-clock';

/** How long it is remembered what open interest the venue reported. */
const reportedMs = 2 * 3_600_000;

/** What one venue says of a symbol now: mark, open interest, funding, and the bar that is forming. */
export class LiveMarket {
  mark: MarkState | undefined;
  funding: FundingState | undefined;
  openInterest: OpenInterestPoint | undefined;
  /** Open interest as the venue reported it, by the user's clock, over the last two hours. */
  reportedOpenInterest: OpenInterestPoint[] = [];
  /** Highest and lowest price since the newest closed bar. */
  high = 0;
  low = Number.POSITIVE_INFINITY;
  /** Since when bars show trades that have not come as trades, by the user's clock. */
  missingTradesSince: number | undefined;
  /** Volume of the newest bar as last sent. */
  private volume = 0;

  constructor(
    private readonly user: Clock,
    private readonly clock: VenueClock,
    private readonly activity: FeedActivity,
  ) {}

  setMark(mark: MarkState): void {
    if (this.mark && mark.time < this.mark.time && this.mark.time - mark.time < staleMs) return;
    const differs = this.mark?.mark !== mark.mark || this.mark.index !== mark.index;
    this.activity.hear('mark', this.user.now());
    this.mark = { ...this.mark, ...mark };
    this.high = Math.max(this.high, mark.mark);
    this.low = Math.min(this.low, mark.mark);
    this.clock.arrive(mark.time, differs);
  }

  setFunding(funding: FundingState): void {
    this.funding = funding;
    this.clock.advance(funding.time);
  }

  /** @returns false where the point is older than the one known */
  setOpenInterest(point: OpenInterestPoint): boolean {
    if (this.openInterest && point.time < this.openInterest.time) return false;
    const differs = this.openInterest?.base !== point.base;
    this.openInterest = point;
    const now = this.user.now();
    this.activity.hear('openInterest', now);
    const last = this.reportedOpenInterest.at(-1);
    if (!last || last.base !== point.base || now - last.time > staleMs) {
      this.reportedOpenInterest.push({ time: Math.max(now, (last?.time ?? 0) + 1), base: point.base });
      if (this.reportedOpenInterest[0]!.time < now - reportedMs)
        this.reportedOpenInterest = this.reportedOpenInterest.filter(({ time }) => time >= now - reportedMs);
    }
    this.clock.arrive(point.time, differs);
    return true;
  }

  /** The newest bar, closed or forming, as the stream sends it. */
  seeBar({ volume }: Bar): void {
    this.activity.hear('bars', this.user.now());
    if (volume !== this.volume) {
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

  /** A bar that has not closed yet. */
  form(bar: Bar): void {
    this.high = Math.max(this.high, bar.high);
    this.low = Math.min(this.low, bar.low);
  }

  /** A bar has closed: the extremes begin anew. */
  beginBar(): void {
    this.high = this.mark?.mark ?? 0;
    this.low = this.mark?.mark ?? Number.POSITIVE_INFINITY;
  }
}
