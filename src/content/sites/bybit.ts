import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const bybit: Site = {
  hosts: ['www.bybit.com'],
  symbol({ url }) {
    const name =
      inPath(url, '/trade/(?:usdt|usdc|inverse)/([A-Z0-9]+)/?$') ??
      inPath(url, '/trade/spot/([A-Z0-9]+/USD[TC])/?$');
    return fromInstrument(name, 'bybit');
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.bybit.com/trade/usdt/BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.com/en/trade/usdt/1000PEPEUSDT',
    shows: { symbol: 'PEPE-USDT', multiplier: 1000, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.com/trade/usdt/SHIB1000USDT',
    shows: { symbol: 'SHIB-USDT', multiplier: 1000, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.com/en/trade/spot/ETH/USDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'bybit' },
  },
  { url: 'https://www.bybit.com/en/markets/overview', shows: undefined },
];
