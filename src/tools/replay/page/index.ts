import { readFileSync } from 'node:fs';
import type { ReplayMarket } from '../market';
import { contractSizes } from '../okx';
import { runPage } from './script';

/** Trading pages at the venues' own addresses: a plain page of our own design with a real chart on it, fed by the replay. */

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export interface PageServer {
  /** The page at an address, `undefined` where the host has none. */
  page(host: string, url: URL, now: number): Answer | undefined;
  /** Script, style and chart library, under /__replay. */
  asset(path: string, query: URLSearchParams): Answer | undefined;
}

interface PageSite {
  venue: string;
  host: string;
  /** Finds the symbol in a path. */
  path: RegExp;
  /** Symbol as the venue's own feeds spell it, from the coin. */
  symbol(coin: string): string;
}

const sites: PageSite[] = [
  {
    venue: 'binance',
    host: 'www.binance.com',
    path: /^\/(?:[\w-]+\/)?futures\/([A-Z0-9]+)$/i,
    symbol: (coin) => `${coin}USDT`,
  },
  {
    venue: 'bybit',
    host: 'www.bybit.com',
    path: /^\/(?:[\w-]+\/)?trade\/usdt\/([A-Z0-9]+)$/i,
    symbol: (coin) => `${coin}USDT`,
  },
  {
    venue: 'okx',
    host: 'www.okx.com',
    path: /^\/(?:[\w-]+\/)?trade-swap\/([A-Z0-9-]+)$/i,
    symbol: (coin) => `${coin}-USDT-SWAP`,
  },
  {
    venue: 'bitget',
    host: 'www.bitget.com',
    path: /^\/(?:[\w-]+\/)?futures\/usdt\/([A-Z0-9]+)$/i,
    symbol: (coin) => `${coin}USDT`,
  },
  {
    venue: 'hyperliquid',
    host: 'app.hyperliquid.xyz',
    path: /^\/trade\/([A-Z0-9]+)$/i,
    symbol: (coin) => coin,
  },
];

const style = readFileSync(new URL('./style.css', import.meta.url));

/** Served from the installed package, as the page would load it from the site's own servers. */
const chartLibrary = new URL(
  '../../../../node_modules/lightweight-charts/dist/lightweight-charts.standalone.production.js',
  import.meta.url,
);

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => escapes[char]!);

const head = (title: string, theme: string) => `<!doctype html>
<html lang="en" data-theme="${theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/__replay/page.css">
</head>`;

interface View {
  venue: string;
  symbol: string;
  market: ReplayMarket;
  theme: string;
  frame: string;
  /** `''` for the whole page, `'1'` for a document that holds the chart alone. */
  bare: string;
  interval: string;
}

function data({ venue, symbol, market, theme, frame, bare, interval }: View): string {
  const values: Record<string, string> = {
    venue,
    symbol,
    theme,
    frame,
    bare,
    interval,
    coin: market.coin,
    price: String(market.priceDecimals),
    base: String(market.baseDecimals),
    contract: String(contractSizes[market.coin] ?? 1),
  };
  return Object.entries(values)
    .map(([name, value]) => `data-${name}="${escaped(value)}"`)
    .join(' ');
}

function wholePage(view: View): string {
  const { symbol, market } = view;
  const stat = (id: string, label: string) =>
    `<div class="stat"><dt>${label}</dt><dd id="${id}">–</dd></div>`;
  return `${head(`${symbol} perpetual`, view.theme)}
<body ${data(view)}>
<header>
  <div class="pair"><span class="coin">${escaped(market.coin.slice(0, 1))}</span><div><h1>${escaped(symbol)}</h1><span>Perpetual</span></div></div>
  <output id="last">–</output>
  <dl>${stat('mark', 'Mark')}${stat('change', '24h change')}${view.venue === 'hyperliquid' ? '' : stat('high', '24h high') + stat('low', '24h low')}${stat('volume', `24h volume (${escaped(market.coin)})`)}${stat('interest', `Open interest (${escaped(market.coin)})`)}</dl>
  <span class="replay" title="Recorded bars played back on this machine">Replayed market</span>
</header>
<main>
  <section class="chart">
    <nav id="intervals" aria-label="Interval"></nav>
    <div id="pane">${view.frame ? '<iframe id="frame" title="Chart"></iframe>' : '<div id="chart"></div>'}</div>
  </section>
  <section class="book" aria-label="Order book">
    <h2>Order book</h2>
    <div class="row headings"><span>Price</span><span>Amount</span><span>Sum</span></div>
    <div id="asks"></div><div id="middle">–</div><div id="bids"></div>
  </section>
  <section class="trades" aria-label="Trades">
    <h2>Trades</h2>
    <div class="row headings"><span>Price</span><span>Amount</span><span>Time</span></div>
    <div id="trades"></div>
  </section>
</main>
<script src="/__replay/lightweight-charts.js"></script>
<script src="/__replay/page.js"></script>
</body>
</html>`;
}

/** A document with the chart and nothing else, for frames. Addresses are absolute: a blob: document has no base. */
function barePage(view: View, origin: string): string {
  return `${head('Chart', view.theme).replaceAll('"/__replay', `"${origin}/__replay`)}
<body class="bare" ${data(view)}>
<div id="chart"></div>
<script src="${origin}/__replay/lightweight-charts.js"></script>
<script src="${origin}/__replay/page.js"></script>
</body>
</html>`;
}

const emptyPage = (text: string, theme: string) =>
  `${head('Replayed market', theme)}<body><main class="empty"><p>${escaped(text)}</p></main></body></html>`;

/** What the strict variant (`?csp=strict`) allows: the page's own files and the venues' data, nothing inline, no eval. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src https: wss:; img-src data:; frame-src 'self' blob:";

/** @param markets by venue id. */
export function createPages(markets: Map<string, ReplayMarket[]>): PageServer {
  const script = `'use strict';const __name = (f) => f;(${runPage.toString()})();`;
  let library: Buffer | undefined;

  function view(site: PageSite, symbol: string, query: URLSearchParams): View | undefined {
    const market = markets
      .get(site.venue)
      ?.find(({ coin }) => site.symbol(coin).toUpperCase() === symbol.toUpperCase());
    if (!market) return undefined;
    const frame = query.get('frame') ?? '';
    return {
      venue: site.venue,
      symbol: site.symbol(market.coin),
      market,
      theme: query.get('theme') === 'light' ? 'light' : 'dark',
      frame: ['iframe', 'blob', 'srcdoc'].includes(frame) ? frame : '',
      bare: query.get('bare') === '1' ? '1' : '',
      interval: query.get('interval') ?? '5m',
    };
  }

  return {
    page(host, url) {
      const site = sites.find((candidate) => candidate.host === host);
      if (!site || /^\/[bf]?api\//.test(url.pathname)) return undefined;
      const query = url.searchParams;
      const headers: Record<string, string> = { 'Content-Type': 'text/html; charset=utf-8' };
      if (query.get('csp') === 'strict') headers['Content-Security-Policy'] = strictPolicy;
      const theme = query.get('theme') === 'light' ? 'light' : 'dark';
      const symbol = site.path.exec(url.pathname)?.[1];
      if (!symbol) return { status: 200, headers, body: emptyPage('There is no chart on this page.', theme) };
      const found = view(site, symbol, query);
      if (!found) return { status: 404, headers, body: emptyPage(`${symbol} is not listed here.`, theme) };
      return { status: 200, headers, body: found.bare ? barePage(found, url.origin) : wholePage(found) };
    },
    asset(path) {
      const answer = (type: string, body: string | Buffer): Answer => ({
        status: 200,
        headers: { 'Content-Type': type, 'Access-Control-Allow-Origin': '*' },
        body,
      });
      if (path === '/__replay/page.js') return answer('text/javascript; charset=utf-8', script);
      if (path === '/__replay/page.css') return answer('text/css; charset=utf-8', style);
      if (path === '/__replay/lightweight-charts.js') {
        library ??= readFileSync(chartLibrary);
        return answer('text/javascript; charset=utf-8', library);
      }
      return undefined;
    },
  };
}
