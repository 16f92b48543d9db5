import { fromInstrument } from './instrument';
import { type Example, inPath, type PageSymbol, type Site } from './site';
import { venueCalled } from './venue-name';

/** `BINANCE:BTCUSDT.P` as the site writes symbols in addresses. */
function fromPrefixed(symbol: string): PageSymbol | undefined {
  const [exchange, name] = symbol.split(':');
  return name ? fromInstrument(name, venueCalled(exchange!)) : undefined;
}

export const tradingview: Site = {
  hosts: ['tradingview.com'],
  symbol({ url, title }) {
    const named = url.searchParams.get('symbol');
    if (inPath(url, '(/chart)(?:/|$)')) {
      // The address often leaves the symbol out. The title then begins with it: "BTCUSDT.P 97,123.4 ▲ +1.2% …".
      const written = /^([A-Z0-9]{2,}USD[TC]?(?:\.P)?) [\d.,]/.exec(title)?.[1];
      if (written) return fromInstrument(written, venueCalled(named?.split(':')[0] ?? ''));
      return named ? fromPrefixed(named) : undefined;
    }
    const symbol = inPath(url, '/symbols/([A-Z0-9.]+)/?$');
    if (!symbol) return undefined;
    return fromInstrument(symbol, venueCalled(url.searchParams.get('exchange') ?? ''));
  },
};

export const examples: readonly Example[] = [
  {
    url: 'https://www.tradingview.com/chart/AbCd1234/?symbol=BINANCE%3ABTCUSDT.P',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://de.tradingview.com/chart/?symbol=BYBIT%3A1000PEPEUSDT.P',
    shows: { symbol: 'PEPE-USDT', multiplier: 1000, venue: 'bybit' },
  },
  {
    url: 'https://www.tradingview.com/chart/',
    title: 'ETHUSDT.P 3,412.5 ▲ +1.25% Unnamed',
    shows: { symbol: 'ETH-USDT', multiplier: 1 },
  },
  {
    // The title follows a change of symbol that the address does not.
    url: 'https://www.tradingview.com/chart/?symbol=OKX%3ABTCUSDT.P',
    title: 'SOLUSDT.P 139.87 ▼ −0.4% Unnamed',
    shows: { symbol: 'SOL-USDT', multiplier: 1, venue: 'okx' },
  },
  {
    url: 'https://www.tradingview.com/symbols/BTCUSDT.P/?exchange=BINANCE',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  { url: 'https://www.tradingview.com/chart/?symbol=NASDAQ%3AAAPL', shows: undefined },
  { url: 'https://www.tradingview.com/ideas/', shows: undefined },
];
