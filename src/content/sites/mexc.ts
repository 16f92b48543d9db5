import { otherSite } from './path-site';
import type { Example } from './site';

export const mexc = otherSite(['www.mexc.com', 'futures.mexc.com'], '(?:futures|exchange)');

export const examples: readonly Example[] = [
  { url: 'https://www.mexc.com/futures/BTC_USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://futures.mexc.com/en-US/exchange/PEPE_USDT',
    shows: { symbol: 'PEPE-USDT', multiplier: 1 },
  },
  { url: 'https://www.mexc.com/markets', shows: undefined },
  { url: 'https://www.mexc.com/de-DE/futures/BTC_USD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.mexc.com/exchange/ETH_BTC', shows: undefined },
];
