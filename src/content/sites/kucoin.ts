import { otherSite } from './path-site';
import type { Example } from './site';

export const kucoin = otherSite(['www.kucoin.com'], '(?:futures/trade|trade/(?:futures|ext)|trade)');

export const examples: readonly Example[] = [
  { url: 'https://www.kucoin.com/futures/trade/XBTUSDTM', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/en/futures/trade/ETHUSDTM', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/trade/SOL-USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/futures', shows: undefined },
  { url: 'https://www.kucoin.com/de/trade/futures/XBTUSDM', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.kucoin.com/futures/trade/10000CATUSDTM',
    shows: { symbol: 'CAT-USDT', multiplier: 10000 },
  },
  { url: 'https://www.kucoin.com/trade/ext/SOLUSDTM', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/futures/trade/XBTMH26', shows: undefined },
  { url: 'https://www.kucoin.com/trade/ETH-BTC', shows: undefined },
];
