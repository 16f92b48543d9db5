import { hourMs, minuteMs } from '../../engine/time';
import type { Instrument, Venue } from '../../feeds/feed';
import type { VenueServices } from './services';

/** The venue's list is asked for again this often, and this often while there is reason to doubt it. */
const renewMs = hourMs;
const renewDoubtedMs = minuteMs;

/** How a venue lists a symbol, looked up again while it is followed: contracts change their size, and markets end. */
export class ListedInstrument {
  current: Instrument | undefined;
  private askedAt = Number.NEGATIVE_INFINITY;
  private isDoubted = false;

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly services: Pick<VenueServices, 'instrument' | 'clock'>,
  ) {}

  /** Something the venue sent does not go with what its list said: it is asked again with the next look. */
  doubt(): void {
    this.isDoubted = true;
  }

  /**
   * Looks the symbol up, where that is due. A list that cannot be had leaves what is known.
   *
   * @returns `changed` where amounts or prices mean something else from now on
   */
  async renew(signal: AbortSignal): Promise<'same' | 'changed' | 'gone'> {
    const maxAgeMs = this.isDoubted ? renewDoubtedMs : renewMs;
    const now = this.services.clock.now();
    if (this.current && Math.abs(now - this.askedAt) < maxAgeMs) return 'same';
    this.askedAt = now;
    let found: Instrument | undefined;
    try {
      found = await this.services.instrument(this.venue, this.symbol, signal, maxAgeMs);
    } catch (error) {
      signal.throwIfAborted();
      if (!this.current) throw error;
      return 'same';
    }
    this.isDoubted = false;
    const before = this.current;
    this.current = found;
    if (!found) return 'gone';
    return !before || isAlike(before, found) ? 'same' : 'changed';
  }

  /** The venue refuses the symbol, whatever its list says. */
  drop(): void {
    this.current = undefined;
    this.isDoubted = true;
  }
}

const isAlike = (one: Instrument, other: Instrument): boolean =>
  one.native === other.native &&
  one.multiplier === other.multiplier &&
  one.contractSize === other.contractSize;
