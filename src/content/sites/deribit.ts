import { otherSite } from './path-site';
import type { Example } from './site';

export const deribit = otherSite(['www.deribit.com'], '(?:futures|spot)');

export const examples: readonly Example[] = [
  { url: 'https://www.deribit.com/futures/BTC-PERPETUAL', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.deribit.com/futures/SOL_USDC-PERPETUAL',
    shows: { symbol: 'SOL-USDT', multiplier: 1 },
  },
  { url: 'https://www.deribit.com/futures/BTC-27MAR26', shows: undefined },
  { url: 'https://www.deribit.com/options/BTC', shows: undefined },
  { url: 'https://www.deribit.com/spot/ETH_USDC', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://www.deribit.com/spot/ETH_BTC', shows: undefined },
];
