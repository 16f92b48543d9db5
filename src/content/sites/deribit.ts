import { fromInstrument } from './instrument';
import { type Example, inPath, type Site } from './site';

export const deribit: Site = {
  hosts: ['www.deribit.com'],
  symbol({ url }) {
    const name = inPath(url, '/futures/([A-Z0-9_]+-PERPETUAL)/?$');
    return fromInstrument(name);
  },
};

export const examples: readonly Example[] = [
  { url: 'https://www.deribit.com/futures/BTC-PERPETUAL', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.deribit.com/futures/SOL_USDC-PERPETUAL',
    shows: { symbol: 'SOL-USDT', multiplier: 1 },
  },
  { url: 'https://www.deribit.com/futures/BTC-27MAR26', shows: undefined },
  { url: 'https://www.deribit.com/options/BTC', shows: undefined },
];
