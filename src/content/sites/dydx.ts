import { otherSite } from './path-site';
import type { Example } from './site';

export const dydx = otherSite(['dydx.trade'], 'trade');

export const examples: readonly Example[] = [
  { url: 'https://dydx.trade/trade/BTC-USD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://dydx.trade/trade/ETH-USD', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://dydx.trade/portfolio/overview', shows: undefined },
  { url: 'https://dydx.trade/trade/BTC-EUR', shows: undefined },
];
