import type { Tick } from '../../protocol/view';
import type { VenueServices } from '../venue/services';
import type { FearAndGreedIndex } from './fear-and-greed';
import type { ObservedAccounts } from './observed-accounts';

/** What a symbol's market needs of the world, passed in. */
export interface MarketServices extends VenueServices {
  fearAndGreed: FearAndGreedIndex;
  /** Accounts whose positions are public. */
  accounts: ObservedAccounts;
  /** What the browser does not tell of what the user chose and kept, as banners. */
  withheld(): Tick['banners'];
}
