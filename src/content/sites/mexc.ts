import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const mexc: Site = {
  hosts: ['www.mexc.com', 'futures.mexc.com'],
  symbol({ url }) {
    const name = inPath(url, '/(?:futures|exchange)/([A-Z0-9]+_USD[TC])/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://www.mexc.com/futures/BTC_USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://futures.mexc.com/en-US/exchange/PEPE_USDT',
    shows: { symbol: 'PEPE-USDT', multiplier: 1 },
  },
  { url: 'https://www.mexc.com/markets', shows: undefined },
];
