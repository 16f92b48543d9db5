import type { Instrument, Trade } from '../../feeds/feed';
import { hyperliquid } from '../../feeds/hyperliquid';
import type { ObservedView, Tick } from '../../protocol/view';
import { texts } from '../browser/texts';
import type { Listings } from './listings';
import type { BuiltMap } from './map-builder';
import type { ObservedAccounts } from './observed-accounts';
import { observedExtent, observedView } from './observed-positions';

/** Observed positions of one symbol while a page wants them, and their venue is on and lists the symbol. */
export class ObservedLayer {
  private followed: Instrument | undefined;

  constructor(
    private readonly listings: Listings,
    private readonly accounts: ObservedAccounts,
  ) {}

  /** Begins or ends looking at accounts. */
  follow(isWanted: boolean): void {
    const instrument = this.listings.of(hyperliquid.id)?.instrument;
    const wanted = isWanted ? instrument : undefined;
    if (wanted?.symbol === this.followed?.symbol) return;
    if (this.followed) this.accounts.leave(this.followed);
    if (wanted) this.accounts.follow(wanted);
    this.followed = wanted;
  }

  /** A public trade: its accounts are worth asking for. */
  see(trade: Trade): void {
    if (this.followed) this.accounts.see(trade);
  }

  /** What is known, on the bands of a map; undefined where nothing is looked at. */
  view({ map, marks }: BuiltMap): ObservedView | undefined {
    const listing = this.listings.of(hyperliquid.id);
    const builtMark = marks.get(hyperliquid.id);
    if (!this.followed || !builtMark || !listing?.mark || !listing.openInterest) return undefined;
    const { askable } = this.accounts;
    return {
      ...observedView(this.followed.symbol, this.accounts.all, map, {
        builtMark,
        mark: listing.mark.mark,
        openInterest: listing.openInterest.base,
      }),
      ...(askable && { askable }),
    };
  }

  /** How much has been seen, as pairs of a name and words. */
  facts(): NonNullable<Tick['facts']> {
    const listing = this.listings.of(hyperliquid.id);
    if (!this.followed || !listing?.openInterest) return [];
    const { accounts, coverage } = observedExtent(
      this.followed.symbol,
      this.accounts.all,
      listing.openInterest.base,
    );
    return [texts.observed(listing.venue, accounts, coverage)];
  }
}
