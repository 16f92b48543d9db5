import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const binance: Site = {
  hosts: ['www.binance.com'],
  symbol({ url }) {
    // Perpetuals, and the spot page of the same coin: /futures/BTCUSDT, /trade/BTC_USDT.
    const name =
      inPath(url, '/futures/([A-Z0-9]+USD[TC])/?$') ?? inPath(url, '/trade/([A-Z0-9]+_USD[TC])/?$');
    return fromInstrument(name, 'binance');
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.binance.com/en/futures/BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/futures/ethusdt',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/zh-CN/futures/1000PEPEUSDT?type=perpetual',
    shows: { symbol: 'PEPE-USDT', multiplier: 1000, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/en/trade/SOL_USDT?type=spot',
    shows: { symbol: 'SOL-USDT', multiplier: 1, venue: 'binance' },
  },
  { url: 'https://www.binance.com/en/futures/my/orders', shows: undefined },
  { url: 'https://www.binance.com/en/futures/home', shows: undefined },
  { url: 'https://www.binance.com/en/markets/overview', shows: undefined },
];
