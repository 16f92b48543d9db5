import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const gate: Site = {
  hosts: ['www.gate.com', 'www.gate.io'],
  symbol({ url }) {
    const name =
      inPath(url, '/futures(?:_trade)?/USD[TC]/([A-Z0-9]+_USD[TC])/?$') ??
      inPath(url, '/trade/([A-Z0-9]+_USD[TC])/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://www.gate.com/futures/USDT/BTC_USDT', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.gate.io/en/futures_trade/USDT/ETH_USDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1 },
  },
  { url: 'https://www.gate.com/trade/SOL_USDT', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://www.gate.com/announcements', shows: undefined },
];
