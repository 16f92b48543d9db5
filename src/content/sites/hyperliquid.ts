import { fromCoin } from './instrument';
import { type Example, pathOf, type Site } from './site';

export const hyperliquid: Site = {
  hosts: ['app.hyperliquid.xyz'],
  symbol({ url }) {
    // Case tells: kPEPE is a thousand PEPE, KAS is a coin.
    const [, coin = '', spot] = /^\/trade\/(k?[A-Z0-9]+)(\/USD[CHT0]+)?\/?$/.exec(pathOf(url)) ?? [];
    // Coins that came over a bridge trade as UBTC, UETH, USOL on its spot market.
    const bare = spot ? coin.replace(/^U(?=(?:BTC|ETH|SOL)$)/, '') : coin;
    return fromCoin(bare.replace(/^k(?=[A-Z]{2,})/, '1000'), 'hyperliquid');
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
  {
    url: 'https://app.hyperliquid.xyz/trade/UBTC/USDC',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  { url: 'https://app.hyperliquid.xyz/trade/@107', shows: undefined },
  { url: 'https://app.hyperliquid.xyz/trade', shows: undefined },
];
