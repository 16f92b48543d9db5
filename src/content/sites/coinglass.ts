import { type Example, locale, pageOfPair, pathOf, type Site } from './site';
import { venueCalled } from './venue-name';

export const coinglass: Site = {
  pages: [],
  optionalPages: ['www.coinglass.com'],
  symbol({ url }) {
    const [, venue, name] =
      new RegExp(`^/tv${locale}/([a-z]+)_([A-Z0-9_-]+)/?$`, 'i').exec(pathOf(url)) ?? [];
    return pageOfPair(name, venueCalled(venue));
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.coinglass.com/tv/Binance_BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.coinglass.com/tv/zh/Bybit_ETHUSDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'bybit' },
  },
  {
    url: 'https://www.coinglass.com/tv/Hyperliquid_BTC-USD',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  {
    url: 'https://www.coinglass.com/tv/Deribit_BTC-PERPETUAL',
    shows: { symbol: 'BTC-USDT', multiplier: 1 },
  },
  { url: 'https://www.coinglass.com/LiquidationData', shows: undefined },
];
