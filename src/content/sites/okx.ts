import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const okx: Site = {
  hosts: ['www.okx.com', 'my.okx.com'],
  symbol({ url }) {
    const name = inPath(url, '/trade-(?:swap|spot|futures)/([a-z0-9]+-usd[tc]?(?:-swap)?)/?$');
    return fromInstrument(name, 'okx');
  },
};

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
];
