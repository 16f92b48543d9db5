import { type FundingRate, withIntervals } from '../../engine/regime/funding';
import { hourMs, isWithin } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import { historyMs } from '../../estimate/market';
import type { Instrument } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import type { LiveMarket } from './live-market';
import type { Requests } from './requests';
import type { VenueClock } from './venue-clock';

/** How old settled fundings are when they are asked for again. */
const renewMs = 4 * hourMs;
/** Venues settle this often where they do not say otherwise. */
const usualIntervalMs = 8 * hourMs;

/** Settled and running funding of one symbol on one venue. */
export class FundingRates {
  /** Fundings of the past, ascending, as far as one page goes. */
  settled: FundingRate[] = [];
  private askedAt = Number.NEGATIVE_INFINITY;
  /** From the venue's list of symbols that settle at other times than usual, where it has one. */
  private listedIntervalMs: number | undefined;

  constructor(
    private readonly requests: Requests,
    private readonly live: LiveMarket,
    private readonly clock: VenueClock,
    private readonly user: Clock,
  ) {}

  /** The running funding; null where the venue has not told it. */
  running(instrument: Instrument | undefined): FundingRate | null {
    const rate = this.live.funding?.rate ?? this.live.mark?.fundingRate;
    if (rate === undefined) return null;
    return { time: this.clock.newest, rate, intervalMs: this.intervalMs(instrument) };
  }

  /** Asks for the fundings of the past when they are old. */
  async renew(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const now = this.user.now();
    if (isWithin(renewMs, this.askedAt, now)) return;
    this.askedAt = now;
    const { requests } = this;
    const { venue } = requests;
    const options = { signal, priority: -1 };
    if (venue.fundingIntervals) {
      const listed = await requests.askAside('funding', venue.fundingIntervals(), options);
      if (listed) this.listedIntervalMs = listed[instrument.native] ?? usualIntervalMs;
    }
    const intervalMs = this.intervalMs(instrument);
    const reach = Math.min(historyMs, (venue.maxFunding - 1) * intervalMs);
    const call = venue.funding(instrument, { from: this.clock.now() - reach });
    const settled = await requests.askAside('funding', call, options);
    // What failed is asked again with the next figures.
    if (!settled) this.askedAt += slotMs - renewMs;
    else this.settled = withIntervals(settled, intervalMs);
  }

  private intervalMs(instrument: Instrument | undefined): number {
    return (
      this.live.funding?.intervalMs ??
      this.live.mark?.fundingIntervalMs ??
      this.listedIntervalMs ??
      instrument?.fundingIntervalMs ??
      usualIntervalMs
    );
  }
}
