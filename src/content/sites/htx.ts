import { type Example, inPath, pageOfPair, type Site } from './site';

export const htx: Site = {
  pages: [],
  optionalPages: ['www.htx.com'],
  symbol({ url }) {
    // The contract is in the fragment: #contract_code=BTC-USDT&…
    const spot = inPath(url, '/trade/([a-z0-9]+_[a-z]+)/?$');
    if (spot) return pageOfPair(spot);
    if (!inPath(url, '(/futures/(?:linear_)?swap/exchange)')) return undefined;
    const name = new URLSearchParams(url.hash.slice(1)).get('contract_code') ?? undefined;
    return pageOfPair(name);
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.htx.com/futures/linear_swap/exchange#contract_code=BTC-USDT&contract_type=swap',
    shows: { symbol: 'BTC-USDT', multiplier: 1 },
  },
  {
    url: 'https://www.htx.com/en-us/futures/linear_swap/exchange#contract_code=ETH-USDT',
    shows: { symbol: 'ETH-USDT', multiplier: 1 },
  },
  { url: 'https://www.htx.com/futures/linear_swap/exchange', shows: undefined },
  { url: 'https://www.htx.com/de-de/trade/btc_usdt?type=spot', shows: { symbol: 'BTC-USDT', multiplier: 1 } },
  {
    url: 'https://www.htx.com/futures/swap/exchange#contract_code=BTC-USD',
    shows: { symbol: 'BTC-USDT', multiplier: 1 },
  },
  {
    url: 'https://www.htx.com/futures/linear_swap/exchange#contract_code=BTC-USDT-260327',
    shows: undefined,
  },
];
