import { okx as venue } from '../../venues/okx';
import { pathSite } from './path-site';
import type { Example } from './site';

export const okx = pathSite(
  venue.pages,
  'trade-swap',
  venue.id,
  venue.optionalPages,
  'trade-(?:spot|margin)',
);

export const examples: readonly Example[] = [
  {
    url: 'https://www.okx.com/trade-swap/btc-usdt-swap',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'okx' },
  },
  {
    url: 'https://my.okx.com/en-eu/trade-swap/pepe-usdt-swap',
    shows: { symbol: 'PEPE-USDT', multiplier: 1, venue: 'okx' },
  },
  {
    url: 'https://www.okx.com/zh-hans/trade-spot/sol-usdt',
    shows: { symbol: 'SOL-USDT', multiplier: 1, venue: 'okx' },
  },
  { url: 'https://www.okx.com/trade-futures/btc-usdt-250328', shows: undefined },
  { url: 'https://www.okx.com/markets/prices', shows: undefined },
  {
    url: 'https://www.okx.com/trade-swap/btc-usd-swap',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'okx' },
  },
  {
    url: 'https://www.okx.com/de/trade-margin/eth-usdc',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'okx' },
  },
  { url: 'https://www.okx.com/trade-spot/btc-eur', shows: undefined },
];
