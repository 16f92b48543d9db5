import type { VenueId } from '../../venues';
import { marketOfCoin, marketOfPair, type NamedMarket } from '../../venues/symbols';

/** What a page shows, in the project's own names; the chart's prices are the coin's times `multiplier`. */
export interface PageSymbol extends NamedMarket {
  /** The name as the page has it, for the venue's own list to tell what it means. */
  native?: string;
  /** The venue whose prices the chart shows, where it is one of ours. */
  venue?: VenueId;
}

/** Where a page may say what it shows. */
export interface PageClues {
  url: URL;
  title: string;
}

/** One site that shows price charts. */
export interface Site {
  /** Hosts of its pages with charts, such as `www.gate.com` or `*.tradingview.com`; the extension runs there from the start. */
  pages: readonly string[];
  /** Hosts on which the user may allow it to run. */
  optionalPages?: readonly string[] | undefined;
  /** The venue whose prices all its charts show, where it is one of ours. */
  venue?: VenueId | undefined;
  /** The symbol, or undefined on pages without a chart of a coin we can map. */
  symbol(clues: PageClues): PageSymbol | undefined;
  /** The number in the title that is the last price of its chart, as it is written there. */
  price?(title: string): string | undefined;
}

/**
 * An address of a site (with a title where it matters) and what it shows. Every site's file lists some at its foot,
 * apart from the site itself so that they stay out of the page; tests run all sites on all of them.
 */
export interface Example {
  url: string;
  title?: string;
  shows: PageSymbol | undefined;
}

/** Optional language part of an address: `/en`, `/zh-CN`, `/en-us`, `/es-419`. */
export const locale = '(?:/[a-z]{2,3}(?:-[a-z0-9]{2,4})?)?';

/** Path of an address with its escapes undone; empty where they are no text. */
export function pathOf(url: URL): string {
  try {
    return decodeURIComponent(url.pathname);
  } catch {
    return '';
  }
}

/** The first group of a path pattern, matched without regard to case and with an optional locale in front. */
export const inPath = (url: URL, pattern: string): string | undefined =>
  new RegExp(`^${locale}${pattern}`, 'iu').exec(pathOf(url))?.[1];

/** What a pair's name means, with the venue whose prices the chart shows where it is one of ours. */
export function pageOfPair(native = '', venue?: VenueId): PageSymbol | undefined {
  const market = marketOfPair(native);
  return market && { ...market, native, ...(venue && { venue }) };
}

/** The same from a coin's name alone. */
export function pageOfCoin(native: string): PageSymbol | undefined {
  const market = marketOfCoin(native);
  return market && { ...market, native };
}
