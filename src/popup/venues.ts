import type { VenueId } from '../protocol/settings';

/** The venues as the popup shows them, with the hosts whose answers the extension needs the user's leave to read. */
export const venues: readonly { id: VenueId; name: string; origins: string[] }[] = [
  { id: 'binance', name: 'Binance', origins: ['https://fapi.binance.com/*'] },
  { id: 'bybit', name: 'Bybit', origins: ['https://api.bybit.com/*'] },
  { id: 'okx', name: 'OKX', origins: ['https://openapi.okx.com/*'] },
  { id: 'bitget', name: 'Bitget', origins: ['https://api.bitget.com/*'] },
  { id: 'hyperliquid', name: 'Hyperliquid', origins: ['https://api.hyperliquid.xyz/*'] },
];
