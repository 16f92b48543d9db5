import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const bitmex: Site = {
  hosts: ['www.bitmex.com'],
  symbol({ url }) {
    const name = inPath(url, '/app/trade/([A-Z0-9]+USDT?)/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://www.bitmex.com/app/trade/XBTUSD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://www.bitmex.com/app/trade/ETHUSDT', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://www.bitmex.com/app/trade/XBTH26', shows: undefined },
  { url: 'https://www.bitmex.com/app/wallet', shows: undefined },
];
