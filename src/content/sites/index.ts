import { type ForeignContract, foreignContract } from '../../venues/symbols';
import { binance } from './binance';
import { bingx } from './bingx';
import { bitget } from './bitget';
import { bitmex } from './bitmex';
import { bybit } from './bybit';
import { coinglass } from './coinglass';
import { deribit } from './deribit';
import { dydx } from './dydx';
import { gate } from './gate';
import { htx } from './htx';
import { hyperliquid } from './hyperliquid';
import { kraken } from './kraken';
import { kucoin } from './kucoin';
import { mexc } from './mexc';
import { okx } from './okx';
import { type PageClues, type PageSymbol, pathOf, type Site } from './site';
import { tradingview } from './tradingview';

export const sites: readonly Site[] = [
  binance,
  bybit,
  okx,
  bitget,
  hyperliquid,
  tradingview,
  coinglass,
  gate,
  kucoin,
  mexc,
  htx,
  bingx,
  bitmex,
  deribit,
  dydx,
  kraken,
];

/** A page's host stands for its whole domain. */
const isAt = ({ pages, optionalPages = [] }: Site, host: string): boolean =>
  [...pages, ...optionalPages].some((page) => `.${host}`.endsWith(page.replace(/^(?:www|\*)?\.?/, '.')));

/** A page asks for its own site each time that its title changes. */
const known = new Map<string, Site | undefined>();

/** The site an address belongs to. */
export function siteAt({ protocol, hostname }: URL): Site | undefined {
  if (protocol !== 'https:') return undefined;
  if (!known.has(hostname)) {
    known.clear();
    known.set(
      hostname,
      sites.find((site) => isAt(site, hostname)),
    );
  }
  return known.get(hostname);
}

/** The last price that a page's title tells of its chart, as it is written there. */
export const titlePrice = ({ url, title }: PageClues): string | undefined => siteAt(url)?.price?.(title);

/** What a page shows, as far as its site can tell. */
export function symbolAt(clues: PageClues): PageSymbol | undefined {
  const site = siteAt(clues.url);
  const shown = site?.symbol(clues);
  return shown && site?.venue ? { ...shown, venue: site.venue } : shown;
}

/** On a page of a site that shows no symbol of ours: what its address names instead, where it names a contract. */
export function foreignAt({ url }: PageClues): ForeignContract | undefined {
  if (!siteAt(url)) return undefined;
  const path = pathOf(url);
  if (/\/e?options?(?:\/|$)/i.test(path)) return 'option';
  const parts = path.split('/').filter(Boolean);
  const names = [
    url.searchParams.get('symbol')?.split(':').pop(),
    parts.slice(-2).join('/'),
    ...parts.slice(-2),
  ];
  return names.map((name) => (name ? foreignContract(name) : undefined)).find(Boolean);
}
