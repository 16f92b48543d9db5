import { otherSite } from './path-site';
import type { Example } from './site';

export const kraken = otherSite(['futures.kraken.com', 'pro.kraken.com'], '(?:app/trade|trade(?:/futures)?)');

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
  { url: 'https://pro.kraken.com/app/trade/xbt-usd', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://futures.kraken.com/trade/PI_XBTUSD', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  { url: 'https://futures.kraken.com/trade/settings/api', shows: undefined },
  { url: 'https://pro.kraken.com/app/portfolio', shows: undefined },
  { url: 'https://futures.kraken.com/trade/futures/PI_ETHUSD', shows: { symbol: 'ETH-USDT', multiplier: 1 } },
  { url: 'https://futures.kraken.com/trade/futures/FI_XBTUSD_260327', shows: undefined },
  { url: 'https://pro.kraken.com/app/trade/btc-eur', shows: undefined },
];
