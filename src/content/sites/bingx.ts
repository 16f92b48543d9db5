import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const bingx: Site = {
  hosts: ['bingx.com'],
  symbol({ url }) {
    const name =
      inPath(url, '/(?:perpetual|futures)/([A-Z0-9]+-USD[TC])/?$') ??
      inPath(url, '/spot/([A-Z0-9]+USD[TC])/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://bingx.com/perpetual/BTC-USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://bingx.com/en/perpetual/SOL-USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://bingx.com/en/market', shows: undefined },
];
