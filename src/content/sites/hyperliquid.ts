import { fromCoin } from './instrument';
import type { Example, Site } from './site';

export const hyperliquid: Site = {
  hosts: ['app.hyperliquid.xyz'],
  symbol({ url }) {
    // Case tells: kPEPE is a thousand PEPE, KAS is a coin.
    const coin = /^\/trade\/(k?[A-Z0-9]+)(?:\/USDC)?\/?$/.exec(decodeURIComponent(url.pathname))?.[1];
    return coin ? fromCoin(coin.replace(/^k(?=[A-Z]{2,})/, '1000'), 'hyperliquid') : undefined;
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://app.hyperliquid.xyz/trade/BTC',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  {
    url: 'https://app.hyperliquid.xyz/trade/kPEPE',
    shows: { symbol: 'PEPE-USDT', multiplier: 1000, venue: 'hyperliquid' },
  },
  {
    url: 'https://app.hyperliquid.xyz/trade/KAS',
    shows: { symbol: 'KAS-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  {
    url: 'https://app.hyperliquid.xyz/trade/HYPE/USDC',
    shows: { symbol: 'HYPE-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  { url: 'https://app.hyperliquid.xyz/trade/xyz:TSLA', shows: undefined },
  { url: 'https://app.hyperliquid.xyz/portfolio', shows: undefined },
];
