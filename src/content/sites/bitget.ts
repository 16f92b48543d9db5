import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const bitget: Site = {
  hosts: ['www.bitget.com'],
  symbol({ url }) {
    const name = inPath(url, '/futures/usd[tc]/([A-Z0-9]+)/?$') ?? inPath(url, '/spot/([A-Z0-9]+USD[TC])/?$');
    return fromInstrument(name, 'bitget');
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.bitget.com/futures/usdt/BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bitget' },
  },
  {
    url: 'https://www.bitget.com/en/futures/usdt/PEPEUSDT',
    shows: { symbol: 'PEPE-USDT', multiplier: 1, venue: 'bitget' },
  },
  {
    url: 'https://www.bitget.com/spot/ETHUSDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'bitget' },
  },
  { url: 'https://www.bitget.com/en/events', shows: undefined },
];
