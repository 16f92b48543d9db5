import type { MarginTier } from '../../engine/positions/margin';
import { dayMs, hourMs } from '../../engine/time';
import { type MarginTerms, marginTerms } from '../../estimate/margin-terms';
import type { Instrument } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import { recordedTiers } from '../../venues';
import type { Store } from '../storage/store';
import type { Requests } from './requests';

/** A table that could not be had is asked for again after this. */
const retryMs = hourMs;

interface DatedTiers {
  /** When it was asked for, by the user's clock. */
  time: number;
  steps: MarginTier[];
}

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
    if (isDatedTiers(stored)) this.tiers = stored;
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
    if (!isDatedTiers(tiers)) return false;
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

function isDatedTiers(value: unknown): value is DatedTiers {
  const { time, steps } = (value ?? {}) as Partial<DatedTiers>;
  if (!Number.isFinite(time) || !Array.isArray(steps) || steps.length === 0) return false;
  return steps.every((step: Partial<MarginTier> | null, i) => {
    const { floor, cap = 0, maintenanceRate = 0, maxLeverage = 0 } = step ?? {};
    return (
      floor === (steps[i - 1]?.cap ?? 0) &&
      cap > floor! &&
      maintenanceRate >= (steps[i - 1]?.maintenanceRate ?? 0) &&
      maintenanceRate > 0 &&
      maintenanceRate < 1 &&
      maxLeverage >= 1
    );
  });
}
