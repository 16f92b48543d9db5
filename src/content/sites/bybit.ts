import { bybit as venue } from '../../venues/bybit';
import { pathSite } from './path-site';
import type { Example } from './site';

export const bybit = pathSite(
  venue.pages,
  'trade/(?:usdt|usdc|inverse)',
  venue.id,
  venue.optionalPages,
  'trade/spot',
);

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
  {
    url: 'https://www.bybit.com/trade/usdc/BTC-PERP',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.com/trade/usdc/ETHPERP',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.com/trade/inverse/BTCUSD',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bybit' },
  },
  {
    url: 'https://www.bybit.eu/en-EU/trade/spot/BTC/USDC',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bybit' },
  },
  { url: 'https://www.bybit.com/trade/usdc/BTC-27MAR26', shows: undefined },
  { url: 'https://www.bybit.com/trade/inverse/BTCUSDH26', shows: undefined },
  { url: 'https://www.bybit.com/trade/spot/BTC/EUR', shows: undefined },
];
