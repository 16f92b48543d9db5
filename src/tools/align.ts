import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { BrowserContext, Frame, Page, Route } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import type { AlignApi, AlignState } from './align/api';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay, replayFetch } from './replay';

/**
 * `npm run align`: how far the overlay's prices lie from the chart library's own, over random states of each library in
 * each kind of page, with the production build of the extension at a real address.
 */

const packageFile = (name: string, path: string): string => {
  // Some packages do not export their bundles: go by folder.
  const folder = dirname(fileURLToPath(import.meta.url));
  return join(folder, '../../node_modules', name, path);
};

/** Bundles of each library, in loading order. */
const bundles: Record<string, string[]> = {
  'lightweight-charts': [
    packageFile('lightweight-charts', 'dist/lightweight-charts.standalone.production.js'),
  ],
  lwc4: [packageFile('lwc4', 'dist/lightweight-charts.standalone.production.js')],
  lwc3: [packageFile('lwc3', 'dist/lightweight-charts.standalone.production.js')],
  klinecharts: [packageFile('klinecharts', 'dist/umd/klinecharts.min.js')],
  klinecharts9: [packageFile('klinecharts9', 'dist/umd/klinecharts.min.js')],
  uplot: [packageFile('uplot', 'dist/uPlot.iife.min.js')],
  'chart.js': [
    packageFile('luxon', 'build/global/luxon.min.js'),
    packageFile('chart.js', 'dist/chart.umd.min.js'),
    packageFile('chartjs-adapter-luxon', 'dist/chartjs-adapter-luxon.umd.min.js'),
    packageFile('chartjs-chart-financial', 'dist/chartjs-chart-financial.min.js'),
  ],
  'echarts-canvas': [packageFile('echarts', 'dist/echarts.min.js')],
  'echarts-svg': [packageFile('echarts', 'dist/echarts.min.js')],
  'hand-drawn': [],
};

/** Symbols of every price level, with the digits exchanges print. */
const symbols = [
  { name: 'BTCUSDT', decimals: 1 },
  { name: 'ETHUSDT', decimals: 2 },
  { name: 'SOLUSDT', decimals: 2 },
  { name: 'DOGEUSDT', decimals: 5 },
  { name: 'XRPUSDT', decimals: 4 },
  { name: '1000PEPEUSDT', decimals: 7 },
];

type Market = (typeof symbols)[number];

/** What a symbol costs on the replayed exchange right now: the overlay refuses charts whose last price is another. */
async function markPrice(port: number, { name }: Market): Promise<number> {
  const answer = await replayFetch(port)(`https://fapi.binance.com/fapi/v1/premiumIndex?symbol=${name}`);
  const { markPrice } = (await answer.json()) as { markPrice?: string };
  return Number(markPrice ?? 0);
}

/** The symbols that the replayed exchange lists. */
async function listed(port: number): Promise<Market[]> {
  const prices = await Promise.all(symbols.map((market) => markPrice(port, market)));
  return symbols.filter((_, i) => prices[i]! > 0);
}

/** What else the pages show, by the part of a library's name behind the slash. */
const kinds = ['ladder', 'second', 'converted'];
const variants = [
  ...[
    'lightweight-charts',
    'lwc4',
    'klinecharts',
    'klinecharts9',
    'echarts-canvas',
    'echarts-svg',
    'hand-drawn',
  ].map((name) => `${name}/ladder`),
  ...['lightweight-charts', 'klinecharts', 'hand-drawn'].flatMap((name) => [
    `${name}/second`,
    `${name}/converted`,
  ]),
];
const partsOf = (name: string): [library: string, kind: string] => {
  const [, library, kind = ''] = /^(.*?)(?:\/([a-z]+))?$/.exec(name) as unknown as [string, string, string?];
  return [library, kind];
};

/** Libraries whose licence lets them be neither here nor among the dependencies: measured where someone has installed them. */
const bring = {
  highcharts: 'npm i --no-save --no-package-lock highcharts (its licence is its own: read it first)',
};

const origin = 'https://www.binance.com';
const places = [
  ...(['plain', 'iframe', 'blob-iframe', 'shadow', 'closed-shadow'] as const),
  ...(['zoomed', 'scaled', 'rtl'] as const),
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    states: { type: 'string', default: '250' },
    library: { type: 'string', multiple: true },
    dpr: { type: 'string', multiple: true },
    seed: { type: 'string', default: '1' },
    extension: { type: 'string' },
    /** The folder of Highcharts' package, where it is not beside the others. */
    highcharts: { type: 'string' },
    /** A module with more libraries, see `Extra`. */
    extra: { type: 'string' },
    /** Prints every state further off than this. */
    worst: { type: 'string' },
  },
});
/** Libraries from outside this repository, in the form that `align/page.ts` has for its own. */
interface Extra {
  /** Bundles of each library, in loading order. */
  bundles: Record<string, string[]>;
  /** A page script that sets `window.extraLibraries`. */
  script: string;
  /** Folders of what each library loads by itself, the first one first: pages of frames, workers, styles. */
  folders?: Record<string, string[]>;
}
const extra: Extra | undefined = values.extra && (await import(pathToFileURL(values.extra).href));
for (const [name, files] of Object.entries(extra?.bundles ?? {})) bundles[name] = [...files, extra!.script];
const stock = resolve(values.highcharts ?? packageFile('highcharts', ''), 'highstock.js');
if (existsSync(stock)) bundles.highcharts = [stock];
else if (values.highcharts) throw new Error(`--highcharts: there is no ${stock}`);

/** Where a library's folder is served. */
const filesOf = (library: string): string => `${origin}/__align/files/${library}/`;

const names = values.library ?? [
  ...Object.keys(bundles),
  ...variants,
  ...(bundles.highcharts ? ['highcharts/ladder'] : []),
];
const ratios = (values.dpr ?? ['1', '1.5', '2', '3']).map(Number);
const wantedStates = Number(values.states);
const statesPerPage = 25;
for (const [name, kind] of names.map(partsOf)) {
  if (name in bring && !bundles[name])
    throw new Error(`to measure ${name}: ${bring[name as keyof typeof bring]}`);
  if (!bundles[name] || (kind && !kinds.includes(kind)))
    throw new Error(`--library knows ${Object.keys(bundles).join(', ')}`);
}

interface Row {
  name: string;
  dpr: number;
  states: number;
  drawable: number;
  drawn: number;
  wronglyDrawn: number;
  median: number | null;
  p99: number | null;
  max: number | null;
  framesLate: number;
}

const quantile = (ascending: number[], share: number): number | null =>
  ascending.length ? ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]! : null;
const thousandth = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000;

/** The script that runs in the pages. */
async function pageScript(): Promise<string> {
  const [built] = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('./align/page.ts', import.meta.url)),
        formats: ['iife'],
        name: 'alignPage',
      },
    },
  })) as Rolldown.RolldownOutput[];
  return built!.output[0].code;
}

function chartPage(library: string, options: string): string {
  const scripts = bundles[library]!.map(
    (_, i) => `<script src="${origin}/__align/${library}/${i}.js"></script>`,
  );
  return `<!doctype html><meta charset="utf-8"><style>body{margin:8px;background:#fff}</style>${scripts.join('')}
<link rel="stylesheet" href="${origin}/__align/uPlot.css"><body>
<script src="${origin}/__align/charts.js" data-options="${options.replaceAll('&', '&amp;')}"></script></body>`;
}

const framed: Record<string, (inner: string) => string> = {
  iframe: (inner) => `<iframe src="${inner}" style="width:1180px;height:700px;border:0"></iframe>`,
  'blob-iframe': (inner) => `<script>
    fetch(${JSON.stringify(inner)}).then((answer) => answer.text()).then((text) => {
      const frame = document.createElement('iframe');
      frame.style.cssText = 'width:1180px;height:700px;border:0';
      frame.src = URL.createObjectURL(new Blob([text], { type: 'text/html' }));
      document.body.append(frame);
    });</script>`,
};

/** A file of a library's folders, and of no other. */
function serveFile(route: Route, library: string, path: string): Promise<void> {
  const asked = decodeURIComponent(path.slice(new URL(filesOf(library)).pathname.length));
  for (const folder of extra?.folders?.[library] ?? []) {
    const file = join(folder, asked);
    const isIn = file.startsWith(join(folder, '/'));
    if (isIn && statSync(file, { throwIfNoEntry: false })?.isFile()) return route.fulfill({ path: file });
  }
  return route.fulfill({ status: 404, body: '' });
}

async function serve(context: BrowserContext, script: string): Promise<void> {
  await context.route(`${origin}/**`, async (route) => {
    const url = new URL(route.request().url());
    const [, prefix, library, file] = url.pathname.split('/');
    if (prefix === '__align') {
      if (library === 'charts.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (library === 'uPlot.css') return route.fulfill({ path: packageFile('uplot', 'dist/uPlot.min.css') });
      if (library === 'page') {
        return route.fulfill({
          contentType: 'text/html',
          body: chartPage(url.searchParams.get('library')!, url.searchParams.toString()),
        });
      }
      if (library === 'files') return serveFile(route, file!, url.pathname);
      return route.fulfill({ path: bundles[library!]![Number.parseInt(file!, 10)]! });
    }
    // The worker asks this host as well.
    if (!url.searchParams.has('library')) return route.fallback();
    const place = url.searchParams.get('place') ?? '';
    const inner = `${origin}/__align/page?${url.searchParams}`;
    const body = framed[place]
      ? `<!doctype html><body>${framed[place](inner)}</body>`
      : chartPage(url.searchParams.get('library')!, url.searchParams.toString());
    return route.fulfill({ contentType: 'text/html', body });
  });
}

async function chartFrame(frames: () => Frame[]): Promise<Frame> {
  for (let attempt = 0; attempt < 100; attempt++) {
    for (const frame of frames()) {
      if (await frame.evaluate(() => 'align' in window).catch(() => false)) return frame;
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the chart page did not start');
}

/** How long a first drawing may take: the first chart brings the worker too, and a machine may be slow. */
const openingMs = 60_000;
/** What is not to be drawn on is given this long to be drawn on all the same. */
const temptationMs = 3000;

/** Waits until bands are drawn on the chart as it was opened, where they can be: what follows is about following it. */
async function opened(page: Page, frame: Frame): Promise<void> {
  const begin = performance.now();
  for (;;) {
    const passed = performance.now() - begin;
    const opening = await frame.evaluate(() => (window as unknown as PageWindow).align.opening());
    if (opening === 'drawn' || passed > (opening === 'due' ? openingMs : temptationMs)) return;
    await page.waitForTimeout(50);
  }
}

/** Bands farther off than this are wrong, as are all on a scale that has no prices, which have no errors. */
const mostPx = 3;

type PageWindow = typeof globalThis & { align: AlignApi };

async function measure(context: BrowserContext, name: string, dpr: number): Promise<Row> {
  const errors: number[] = [];
  const row: Row = {
    name,
    dpr,
    states: 0,
    drawable: 0,
    drawn: 0,
    wronglyDrawn: 0,
    median: null,
    p99: null,
    max: null,
    framesLate: 0,
  };
  const note = (market: string, place: string, state: AlignState) => {
    const worst = state.errors.length ? Math.max(...state.errors) : 0;
    const missed = state.drawable && !state.drawn;
    if (
      values.worst &&
      (worst > Number(values.worst) || missed || (state.drawn && state.errors.length === 0))
    ) {
      const what = missed ? 'not drawn' : state.errors.length ? `${worst.toFixed(2)} px` : 'wrongly drawn';
      console.error(`${name} @${dpr} ${market} ${place}: ${state.note}: ${what}`);
    }
  };
  for (let block = 0; row.states < wantedStates; block++) {
    const market = markets[block % markets.length]!;
    const place = places[block % places.length]!;
    const options = new URLSearchParams({
      library: partsOf(name)[0],
      kind: partsOf(name)[1],
      place,
      seed: String(Number(values.seed) * 1000 + block),
      level: String(await markPrice(replay.port, market)),
      decimals: String(market.decimals),
      files: filesOf(partsOf(name)[0]),
      ...(place.endsWith('shadow') ? { shadow: place === 'shadow' ? 'open' : 'closed' } : {}),
    });
    const page = await context.newPage();
    await page.goto(`${origin}/en/futures/${market.name}?${options}`);
    const frame = await chartFrame(() => page.frames());
    await frame.evaluate(() => (window as unknown as PageWindow).align.ready);
    await opened(page, frame);
    const count = Math.min(statesPerPage, wantedStates - row.states);
    const states = await frame.evaluate(async (wanted) => {
      const { align } = window as unknown as PageWindow;
      const found: AlignState[] = [];
      for (let i = 0; i < wanted; i++) found.push(await align.next());
      return found;
    }, count);
    for (const state of states) {
      note(market.name, place, state);
      row.states++;
      if (state.drawable) row.drawable++;
      if (state.drawable && state.drawn) row.drawn++;
      const { drawn, errors: off } = state;
      if (drawn && (off.length === 0 || Math.max(...off) > mostPx)) row.wronglyDrawn++;
      errors.push(...state.errors);
    }
    if (block < places.length) {
      const { late } = await frame.evaluate(() => (window as unknown as PageWindow).align.pan(30));
      row.framesLate += late;
    }
    await page.close();
  }
  errors.sort((one, other) => one - other);
  row.median = thousandth(quantile(errors, 0.5));
  row.p99 = thousandth(quantile(errors, 0.99));
  row.max = thousandth(errors.at(-1) ?? null);
  return row;
}

const extensionDir = values.extension ?? ensureBuilt('chrome')[0]!;
const script = await pageScript();
const replay = await createReplay();
const markets = await listed(replay.port);
if (markets.length === 0) throw new Error('the replayed exchange lists none of the symbols');
const rows: Row[] = [];
for (const dpr of ratios) {
  const browser = await launchChromium({
    extensionDir,
    resolverPort: replay.port,
    deviceScaleFactor: dpr,
    viewport: { width: 1240, height: 760 },
  });
  await serve(browser.context, script);
  for (const name of names) {
    const row = await measure(browser.context, name, dpr);
    rows.push(row);
    if (!values.json) console.log(JSON.stringify(row));
  }
  await browser.close();
}
await replay.close();
if (values.json) console.log(JSON.stringify({ libraries: rows }));
