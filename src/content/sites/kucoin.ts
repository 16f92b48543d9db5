import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const kucoin: Site = {
  hosts: ['www.kucoin.com'],
  symbol({ url }) {
    const name =
      inPath(url, '/(?:futures/trade|trade/futures)/([A-Z0-9]+USD[TC]?M)/?$') ??
      inPath(url, '/trade/([A-Z0-9]+-USD[TC])/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://www.kucoin.com/futures/trade/XBTUSDTM', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/en/futures/trade/ETHUSDTM', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/trade/SOL-USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.kucoin.com/futures', shows: undefined },
];
