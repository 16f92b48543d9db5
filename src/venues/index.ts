import type { MarginTier } from '../engine/positions/margin';
import { binance } from './binance';
import { bitget } from './bitget';
import { bybit } from './bybit';
import { hyperliquid } from './hyperliquid';
import { okx } from './okx';
import type { RecordedTiers, VenueRow } from './venue';

/** The ids alone, written so that a page's script carries nothing else of the rows. */
export const venueIds = [binance.id, bybit.id, okx.id, bitget.id, hyperliquid.id] as const;

export type VenueId = (typeof venueIds)[number];

/** Every venue, in the order shown to the user. The first one's mark leads where a page follows none of them. */
export const venues: readonly (VenueRow & { id: VenueId })[] = [binance, bybit, okx, bitget, hyperliquid];

/** The row of a venue. */
export const venueOf = (id: VenueId): VenueRow & { id: VenueId } => venues.find((row) => row.id === id)!;

/** The recorded margin steps of a symbol such as BTC-USDT; undefined where there are none. */
export function recordedTiers(id: VenueId, symbol: string): MarginTier[] | undefined {
  const table: RecordedTiers | undefined = venueOf(id).tiers[symbol.replace(/-USDT?$/, '')];
  return table?.steps.map(([cap, maintenanceRate, maxLeverage], k) => ({
    floor: table.steps[k - 1]?.[0] ?? 0,
    cap: cap ?? Number.POSITIVE_INFINITY,
    maintenanceRate,
    maxLeverage,
  }));
}
