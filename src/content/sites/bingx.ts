import { otherSite } from './path-site';
import type { Example } from './site';

export const bingx = otherSite(['bingx.com'], '(?:perpetual|futures|spot)');

export const examples: readonly Example[] = [
  { url: 'https://bingx.com/perpetual/BTC-USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://bingx.com/en/perpetual/SOL-USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://bingx.com/en/market', shows: undefined },
  { url: 'https://bingx.com/en-us/spot/BTCUSDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://bingx.com/en/spot/ETHBTC', shows: undefined },
];
