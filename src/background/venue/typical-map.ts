import { learnProfile, type Profile, restoreProfile } from '../../engine/map/profile';
import type { BarColumns } from '../../engine/records';
import { hourMs } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import type { MarginTerms } from '../../estimate/margin-terms';
import type { Store } from '../storage/store';

/**
 * How the map of one symbol on one venue usually looks: learned hour by hour, and kept across the worker's lives. What was
 * learned under other margin terms is of no use, since positions stood elsewhere.
 */
export class TypicalMap {
  private profile: Profile | undefined;
  /** The terms it was learned under. */
  private margin: MarginTerms | undefined;
  private readonly name: string;
  /** Close of the newest bar when it was learned last, ms. */
  private learnedTo = Number.NEGATIVE_INFINITY;

  constructor(
    symbol: string,
    venue: string,
    private readonly store: Pick<Store, 'fact' | 'saveFact'>,
  ) {
    this.name = `profile ${symbol} ${venue}`;
  }

  /** Takes over what an earlier run learned; `now` by the user's clock, ms. */
  async load(now: number): Promise<void> {
    const { margin, profile } = ((await this.store.fact(this.name)) ?? {}) as Partial<Kept>;
    // Its time is the venue's, whose clock may be ahead of the user's.
    this.profile = restoreProfile(profile, now + hourMs);
    this.margin = margin;
    this.learnedTo = this.profile?.time ?? this.learnedTo;
  }

  /** Undefined until anything was learned under these terms. */
  under(margin: MarginTerms): Profile | undefined {
    return this.profile && isSame(margin, this.margin) ? this.profile : undefined;
  }

  /** Learns from the bars once an hour of them is new; true when there is a new profile. */
  learn(bars: BarColumns, margin: MarginTerms): boolean {
    if (bars.length === 0) return false;
    const known = this.under(margin);
    const end = bars.time[bars.length - 1]! + slotMs;
    if (end - this.learnedTo < hourMs && isSame(margin, this.margin)) return false;
    this.learnedTo = end;
    this.margin = margin;
    const learned = learnProfile(bars, margin, known);
    if (learned.hours === (known?.hours ?? 0)) return false;
    this.profile = learned;
    const kept: Kept = { margin, profile: learned };
    void this.store.saveFact(this.name, kept);
    return true;
  }
}

interface Kept {
  margin: MarginTerms;
  profile: Profile;
}

const isSame = (one: MarginTerms, other: MarginTerms | undefined) =>
  one.maxLeverage === other?.maxLeverage && one.maintenanceRate === other.maintenanceRate;
