import { hyperliquid as venue } from '../../venues/hyperliquid';
import { spotName } from '../../venues/symbols';
import { venueSite } from './path-site';
import { type Example, pageOfCoin, pathOf } from './site';

export const hyperliquid = venueSite(venue.pages, venue.id, ({ url, title }) => {
  const path = pathOf(url);
  // Without a name in the address (`/trade`, `/trade/@107`) the title says it: "97,123 | BTC | Hyperliquid".
  const named = /^\/trade(?:\/(?:@\d+)?)?$/.test(path)
    ? /^[\d.,]+ \| (\S+) \| Hyperliquid$/.exec(title)?.[1]
    : /^\/trade\/(\S+?)\/?$/.exec(path)?.[1];
  // Markets of third parties carry their dex in front; what they are called is no coin's name.
  const [, dex, asset] = /^([a-z0-9]{1,12}):([A-Z0-9]+)$/.exec(named ?? '') ?? [];
  if (dex) return { symbol: `${dex}:${asset}-USDT`, multiplier: 1, native: `${dex}:${asset}` };
  // Case tells: kPEPE is a thousand PEPE, KAS is a coin.
  const [, coin = '', spot] = /^(k?[A-Z0-9]+)(\/USD[CHT0]+)?$/.exec(named ?? '') ?? [];
  // Coins that came over a bridge trade as UBTC, UETH, USOL on its spot market.
  const bare = spot ? coin.replace(/^U(?=(?:BTC|ETH|SOL)$)/, '') : coin;
  const market = coin ? pageOfCoin(bare) : undefined;
  return market && spot ? { ...market, native: spotName(bare) } : market;
});

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
  {
    url: 'https://app.hyperliquid.xyz/trade/xyz:TSLA',
    shows: { symbol: 'xyz:TSLA-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  { url: 'https://app.hyperliquid.xyz/trade/xyz:', shows: undefined },
  { url: 'https://app.hyperliquid.xyz/portfolio', shows: undefined },
  {
    url: 'https://app.hyperliquid.xyz/trade/UBTC/USDC',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  { url: 'https://app.hyperliquid.xyz/trade/@107', shows: undefined },
  { url: 'https://app.hyperliquid.xyz/trade', shows: undefined },
  {
    url: 'https://app.hyperliquid.xyz/trade',
    title: '0.0123 | kBONK | Hyperliquid',
    shows: { symbol: 'BONK-USDT', multiplier: 1000, venue: 'hyperliquid' },
  },
  {
    url: 'https://app.hyperliquid.xyz/trade/@107',
    title: '34.61 | HYPE/USDC | Hyperliquid',
    shows: { symbol: 'HYPE-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  {
    url: 'https://app.hyperliquid.xyz/trade',
    title: '231.5 | xyz:TSLA | Hyperliquid',
    shows: { symbol: 'xyz:TSLA-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
];
