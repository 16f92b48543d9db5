import { otherSite } from './path-site';
import type { Example } from './site';

export const gate = otherSite(
  ['www.gate.com', 'www.gate.io'],
  '(?:futures(?:_trade)?/(?:usd[tc]|btc)|trade)',
);

export const examples: readonly Example[] = [
  { url: 'https://www.gate.com/futures/USDT/BTC_USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.gate.io/en/futures_trade/USDT/ETH_USDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1 },
  },
  { url: 'https://www.gate.com/trade/SOL_USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.gate.com/announcements', shows: undefined },
  { url: 'https://www.gate.com/futures/BTC/BTC_USD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.gate.com/trade/BTC_EUR', shows: undefined },
];
