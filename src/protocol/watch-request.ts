import { flag, type Of, object, oneOf, optional, text } from './form';
import { mostNativeName } from './limits';
import { CanonicalSymbol, WindowId } from './names';
import { VenueId } from './settings';

/** What a page says on its port: read by the worker alone. */

/** Page → worker on the port. */
export const WatchRequest = object({
  type: oneOf('watch'),
  /** Canonical symbol such as `BTC-USDT`. */
  symbol: CanonicalSymbol,
  window: WindowId,
  /** The venue whose mark the page's own prices follow, where known, and the market's name there as the page has it. */
  venue: optional(VenueId),
  native: optional(text(mostNativeName)),
  /** Whether observed positions are wanted too; they cost requests. */
  observed: optional(flag),
  /** Whether the history of the estimate is wanted, for a heatmap; it is sent anew with each column. */
  history: optional(flag),
});
export type WatchRequest = Of<typeof WatchRequest>;
