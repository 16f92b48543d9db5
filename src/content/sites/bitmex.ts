import { otherSite } from './path-site';
import type { Example } from './site';

export const bitmex = otherSite(['www.bitmex.com'], 'app/trade');

export const examples: readonly Example[] = [
  { url: 'https://www.bitmex.com/app/trade/XBTUSD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.bitmex.com/app/trade/ETHUSDT', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://www.bitmex.com/app/trade/XBTH26', shows: undefined },
  { url: 'https://www.bitmex.com/app/wallet', shows: undefined },
  { url: 'https://www.bitmex.com/app/trade/SOL_USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.bitmex.com/app/trade/ETHXBT', shows: undefined },
];
