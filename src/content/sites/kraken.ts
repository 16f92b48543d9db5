import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const kraken: Site = {
  hosts: ['futures.kraken.com', 'pro.kraken.com'],
  symbol({ url }) {
    const name =
      inPath(url, '/trade/futures/(P[FI]_[A-Z0-9]+USD)/?$') ??
      inPath(url, '/app/trade/(?:futures-)?([A-Z0-9]+-USD(?:-PERP)?)/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://futures.kraken.com/trade/futures/PF_XBTUSD',
    shows: { symbol: 'BTC-USDT', multiplier: 1 },
  },
  {
    url: 'https://pro.kraken.com/app/trade/futures-eth-usd-perp',
    shows: { symbol: 'ETH-USDT', multiplier: 1 },
  },
  { url: 'https://pro.kraken.com/app/trade/sol-usd', shows: { symbol: 'SOL-USDT', multiplier: 1 } },
  { url: 'https://pro.kraken.com/app/portfolio', shows: undefined },
];
