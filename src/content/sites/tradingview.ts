import { spotName } from '../../venues/symbols';
import { type Example, inPath, type PageSymbol, pageOfPair, type Site } from './site';
import { venueCalled } from './venue-name';

/** "BTCUSDT.P 97,123.4 ▲ +1.2% …" */
const titled = /^(\S+) ([\p{Nd}.,'٫٬’\s]+?)\s*[▲▼−+-]/u;

/** A venue's market: perpetuals end in `.P`, older names in `PERP`; the others are of its spot market. */
function onVenue(name: string | undefined, exchange: string | null | undefined): PageSymbol | undefined {
  const page = pageOfPair(name, venueCalled(exchange));
  const isSpot = page?.venue !== undefined && !/(?:\.P|PERP)$/i.test(name!);
  return isSpot ? { ...page, native: spotName(name!) } : page;
}

export const tradingview: Site = {
  pages: ['*.tradingview.com'],
  symbol({ url, title }) {
    const named = url.searchParams.get('symbol');
    if (inPath(url, '(/chart)(?:/|$)')) {
      // The address often leaves the symbol out. The title then begins with it.
      // It follows a change of symbol that the address does not, so where both speak the title is right.
      const written = titled.exec(title)?.[1]?.split(':').pop();
      const [exchange, name] = named?.split(':') ?? [];
      if (written && written !== name) return pageOfPair(written);
      return onVenue(name, exchange);
    }
    const symbol = inPath(url, '/symbols/([\\p{L}\\p{N}.]+)/?$');
    return onVenue(symbol, url.searchParams.get('exchange'));
  },
  // The chart may be converted to another currency, which nothing else on the page says.
  price: (title) => titled.exec(title)?.[2],
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
    shows: { symbol: 'SOL-USDT', multiplier: 1 },
  },
  {
    url: 'https://www.tradingview.com/symbols/BTCUSDT.P/?exchange=BINANCE',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.tradingview.com/chart/?symbol=BINANCE%3AARBUSD.P',
    shows: { symbol: 'ARB-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    // Capitals alone do not tell kPEPE: the venue's list does.
    url: 'https://www.tradingview.com/chart/?symbol=HYPERLIQUID%3AKPEPEUSDC.P',
    shows: { symbol: 'KPEPE-USDT', multiplier: 1, venue: 'hyperliquid' },
  },
  { url: 'https://www.tradingview.com/chart/?symbol=NASDAQ%3AAAPL', shows: undefined },
  { url: 'https://www.tradingview.com/ideas/', shows: undefined },
  {
    url: 'https://www.tradingview.com/chart/?symbol=BINANCE%3ABTCUSDT.P',
    title: 'AAPL 230.12 ▲ +0.3% Unnamed',
    shows: undefined,
  },
  {
    url: 'https://www.tradingview.com/chart/?symbol=BINANCE%3AETHUSDT%2FBINANCE%3ABTCUSDT',
    shows: undefined,
  },
  { url: 'https://www.tradingview.com/chart/?symbol=CME%3ABTC1!', shows: undefined },
];
