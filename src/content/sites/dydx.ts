import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const dydx: Site = {
  hosts: ['dydx.trade'],
  symbol({ url }) {
    const name = inPath(url, '/trade/([A-Z0-9]+-USD)/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://dydx.trade/trade/BTC-USD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://dydx.trade/trade/ETH-USD', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://dydx.trade/portfolio/overview', shows: undefined },
];
