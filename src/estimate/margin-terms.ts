import type { VenueBars } from '../engine/map/map';
import { type MarginTier, smallestPosition } from '../engine/positions/margin';
import type { VenueId } from '../feeds/feed';
import { recordedTiers, venueOf } from '../venues';

/** What a venue asks of the smallest position. */
export type MarginTerms = Pick<VenueBars, 'maxLeverage' | 'maintenanceRate'>;

/** Where neither a table nor a list of instruments says how far leverage goes. */
const usualLeverage = 100;

/**
 * The terms of a symbol on a venue: by the venue's own table, else a recorded one, else the usual rule at the leverage
 * that its list of instruments names.
 *
 * @param tiers the venue's own table, where it has been asked for
 * @param maxLeverage as its list of instruments has it
 */
export function marginTerms(
  venue: VenueId,
  symbol: string,
  tiers?: readonly MarginTier[],
  maxLeverage = usualLeverage,
): MarginTerms {
  const table = tiers ?? recordedTiers(venue, symbol);
  return (table && smallestPosition(table, venueOf(venue).margin)) ?? { maxLeverage };
}
