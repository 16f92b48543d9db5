import type { MarginTier } from '../../engine/positions/margin';
import { dayMs, hourMs } from '../../engine/time';
import { type MarginTerms, marginTerms } from '../../estimate/margin-terms';
import type { Instrument } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import {
  amount,
  amountOrEndless,
  and,
  type Form,
  finite,
  fits,
  list,
  type Of,
  object,
  within,
} from '../../protocol/form';
import { recordedTiers } from '../../venues';
import type { Store } from '../storage/store';
import type { Requests } from './requests';

/** A table that could not be had is asked for again after this. */
const retryMs = hourMs;

const Step: Form<MarginTier> = and(
  object({
    floor: amount,
    cap: amountOrEndless,
    maintenanceRate: within(Number.MIN_VALUE, 1 - Number.EPSILON),
    maxLeverage: within(1, 1e6),
  }),
  'floor < cap',
  ({ floor, cap }) => floor < cap,
);

/** A table with when it was asked for, by the user's clock. Each step begins where the one before ends, and asks no less. */
const DatedTiers = object({
  time: finite,
  steps: and(list(Step, Number.POSITIVE_INFINITY, 1), 'steps that follow each other', (steps) =>
    steps.every(
      ({ floor, maintenanceRate }, i) =>
        floor === (steps[i - 1]?.cap ?? 0) && maintenanceRate >= (steps[i - 1]?.maintenanceRate ?? 0),
    ),
  ),
});
type DatedTiers = Of<typeof DatedTiers>;

/** The margin table of one symbol on one venue, asked for once a day. */
export class MarginTable {
  private tiers: DatedTiers | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly symbol: string,
    private readonly requests: Requests,
    private readonly store: Store,
    private readonly user: Clock,
  ) {}

  /** What the venue asks of the smallest position. */
  terms(instrument: Instrument | undefined): MarginTerms {
    return marginTerms(this.requests.venue.id, this.symbol, this.tiers?.steps, instrument?.maxLeverage);
  }

  /** The table of the day, else a recorded one; empty where neither is known. */
  get steps(): readonly MarginTier[] {
    return this.tiers?.steps ?? recordedTiers(this.requests.venue.id, this.symbol) ?? [];
  }

  /** Takes over the table that an earlier run stored. */
  async load(): Promise<void> {
    const stored = await this.store.fact(this.fact);
    if (fits(DatedTiers, stored)) this.tiers = stored;
  }

  /**
   * Asks for the table when it is a day old.
   *
   * @param price mark, by which tables in contracts become USD
   * @returns whether the terms changed
   */
  async renew(instrument: Instrument, price: number, signal: AbortSignal): Promise<boolean> {
    const now = this.user.now();
    if (Math.abs(now - (this.tiers?.time ?? 0)) < dayMs || now - this.askedAt < retryMs) return false;
    this.askedAt = now;
    const call = this.requests.venue.tiers(instrument, price);
    const steps = await this.requests.askAside('tiers', call, { signal, priority: -1 });
    const tiers = { time: now, steps };
    if (!fits(DatedTiers, tiers)) return false;
    const before = this.terms(instrument);
    this.tiers = tiers;
    void this.store.saveFact(this.fact, tiers);
    const { maxLeverage, maintenanceRate } = this.terms(instrument);
    return maxLeverage !== before.maxLeverage || maintenanceRate !== before.maintenanceRate;
  }

  private get fact(): string {
    return `tiers ${this.symbol} ${this.requests.venue.id}`;
  }
}
