import { learnProfile, type Profile, restoreProfile } from '../../engine/map/profile';
import type { BarColumns } from '../../engine/records';
import { slotMs } from '../../estimate/day-cells';
import type { MarginTerms } from '../../estimate/margin-terms';
import type { Store } from '../storage/store';

const hourMs = 3_600_000;

/** How the map of one symbol on one venue usually looks: learned hour by hour, and kept across the worker's lives. */
export class TypicalMap {
  /** Undefined until anything was learned. */
  profile: Profile | undefined;
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
    // Its time is the venue's, whose clock may be ahead of the user's.
    this.profile = restoreProfile(await this.store.fact(this.name), now + hourMs);
    this.learnedTo = this.profile?.time ?? this.learnedTo;
  }

  /** Learns from the bars once an hour of them is new; true when there is a new profile. */
  learn(bars: BarColumns, margin: MarginTerms): boolean {
    if (bars.length === 0) return false;
    const end = bars.time[bars.length - 1]! + slotMs;
    if (end - this.learnedTo < hourMs) return false;
    this.learnedTo = end;
    const learned = learnProfile(bars, margin, this.profile);
    if (learned.hours === (this.profile?.hours ?? 0)) return false;
    this.profile = learned;
    void this.store.saveFact(this.name, learned);
    return true;
  }
}
