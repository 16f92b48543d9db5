import type { Instrument, Trade } from '../../feeds/feed';
import { hyperliquid } from '../../feeds/hyperliquid';
import type { ObservedView, Tick } from '../../protocol/view';
import { texts } from '../browser/texts';
import type { VenueServices } from '../venue/services';
import type { Listings } from './listings';
import type { BuiltMap } from './map-builder';
import { ObservedPositions } from './observed-positions';

/** Observed positions of one symbol while a page wants them, and their venue is on and lists the symbol. */
export class ObservedLayer {
  private running: { positions: ObservedPositions; stop: AbortController } | undefined;

  constructor(
    private readonly listings: Listings,
    private readonly services: Pick<VenueServices, 'transport' | 'clock'>,
  ) {}

  /** Begins or ends looking at accounts. */
  follow(isWanted: boolean): void {
    const instrument = this.listings.of(hyperliquid.id)?.instrument;
    if (!isWanted || !instrument) {
      this.running?.stop.abort();
      this.running = undefined;
    } else this.running ??= this.begin(instrument);
  }

  private begin(instrument: Instrument) {
    const { transport, clock } = this.services;
    const running = {
      positions: new ObservedPositions(instrument, transport, clock),
      stop: new AbortController(),
    };
    void running.positions.run(running.stop.signal);
    return running;
  }

  /** A public trade: its accounts are worth asking for. */
  see(trade: Trade): void {
    this.running?.positions.see(trade);
  }

  /** What is known, on the bands of a map; undefined where nothing is looked at. */
  view({ map, marks }: BuiltMap): ObservedView | undefined {
    const listing = this.listings.of(hyperliquid.id);
    const builtMark = marks.get(hyperliquid.id);
    if (!this.running || !builtMark || !listing?.mark || !listing.openInterest) return undefined;
    return this.running.positions.view(map, builtMark, listing.mark.mark, listing.openInterest.base);
  }

  /** How much has been seen, as pairs of a name and words. */
  facts(): NonNullable<Tick['facts']> {
    const listing = this.listings.of(hyperliquid.id);
    if (!this.running || !listing?.openInterest) return [];
    const { accounts, coverage } = this.running.positions.extent(listing.openInterest.base);
    return [texts.observed(listing.venue, accounts, coverage)];
  }
}
