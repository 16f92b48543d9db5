import { bitget as venue } from '../../venues/bitget';
import { pathSite } from './path-site';
import type { Example } from './site';

export const bitget = pathSite(venue.pages, 'futures/usd[tc]?', venue.id, venue.optionalPages, 'spot');

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
  {
    url: 'https://www.bitget.com/futures/usdc/BTCPERP',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bitget' },
  },
  {
    url: 'https://www.bitget.com/de/futures/usd/BTCUSD',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'bitget' },
  },
  { url: 'https://www.bitget.com/futures/usd/BTCUSDH26', shows: undefined },
  { url: 'https://www.bitget.com/spot/BTCEUR', shows: undefined },
];
