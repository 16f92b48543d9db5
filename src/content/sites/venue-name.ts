import type { VenueId } from '../../protocol/settings';

const ours: readonly string[] = ['binance', 'bybit', 'okx', 'bitget', 'hyperliquid'];

/** The venue a site calls by this name in whatever case, where it is one of ours. */
export function venueCalled(name: string | null | undefined): VenueId | undefined {
  const lower = name?.toLowerCase() ?? '';
  return ours.includes(lower) ? (lower as VenueId) : undefined;
}
