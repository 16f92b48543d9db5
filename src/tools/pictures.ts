import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import type { Settings } from '../protocol/settings';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { overlayText } from './overlay-text';
import { createReplay, replayFetch } from './replay';

/**
 * `npm run pictures`: every chart library, mode and part of the extension, light and dark, as docs/pictures shows them.
 * The production build on recorded bars; each library draws the same bars in its own way.
 */

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const address = 'https://www.binance.com/en/futures/BTCUSDT';
const size = { width: 640, height: 400 };
const mapped = english.map_amounts.message.split('$2')[1]!;
const loading = english.map_provisional.message;

interface Library {
  title: string;
  /** Bundles under node_modules, in loading order. */
  bundles: string[];
  /** Draws `bars` into `box`, in the colours `back`, `ink`, `line`, `up` and `down`. */
  script: string;
}

const lightweight = `
const chart = LightweightCharts.createChart(box, { width: 640, height: 400,
  layout: { background: { type: 'solid', color: back }, backgroundColor: back, textColor: ink, attributionLogo: false },
  grid: { vertLines: { color: line }, horzLines: { color: line } },
  timeScale: { timeVisible: true, rightOffset: 12 },
  rightPriceScale: { scaleMargins: { top: 0.2, bottom: 0.2 } } });
const colours = { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false,
  priceFormat: { type: 'price', precision: 1, minMove: 0.1 } };
const series = chart.addSeries
  ? chart.addSeries(LightweightCharts.CandlestickSeries, colours) : chart.addCandlestickSeries(colours);
series.setData(bars);`;

const kline = `
const chart = klinecharts.init(box, { styles: dark ? 'dark' : 'light' });
const data = bars.map(({ time, ...rest }) => ({ timestamp: time * 1000, ...rest }));
chart.setStyles({ candle: { tooltip: { showRule: 'none' } } });
if (chart.applyNewData) { chart.setPriceVolumePrecision(1, 0); chart.applyNewData(data); }
else {
  chart.setSymbol({ ticker: 'BTCUSDT', pricePrecision: 1, volumePrecision: 0 });
  chart.setPeriod({ span: 15, type: 'minute' });
  chart.setDataLoader({ getBars: ({ callback }) => callback(data, false) });
}
chart.setBarSpace(5);`;

const echarts = (renderer: string) => `
const chart = echarts.init(box, null, { renderer: '${renderer}' });
const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } };
chart.setOption({ animation: false, backgroundColor: back, grid: { left: 16, right: 76, top: 14, bottom: 30 },
  xAxis: { ...axis, type: 'category', splitLine: { show: false },
    data: bars.map((bar) => new Date(bar.time * 1000).toISOString().slice(11, 16)) },
  yAxis: { ...axis, scale: true, position: 'right', min: low, max: high,
    axisLabel: { color: ink, formatter: (v) => v.toFixed(1), showMinLabel: false, showMaxLabel: false } },
  series: [{ type: 'candlestick', data: bars.map((bar) => [bar.open, bar.close, bar.low, bar.high]),
    itemStyle: { color: up, color0: down, borderColor: up, borderColor0: down } }] });`;

const libraries: Record<string, Library> = {
  'lightweight-charts-5': {
    title: 'lightweight-charts 5',
    bundles: ['lightweight-charts/dist/lightweight-charts.standalone.production.js'],
    script: lightweight,
  },
  'lightweight-charts-4': {
    title: 'lightweight-charts 4',
    bundles: ['lwc4/dist/lightweight-charts.standalone.production.js'],
    script: lightweight,
  },
  'lightweight-charts-3': {
    title: 'lightweight-charts 3',
    bundles: ['lwc3/dist/lightweight-charts.standalone.production.js'],
    script: lightweight,
  },
  'klinecharts-10': {
    title: 'KLineChart 10',
    bundles: ['klinecharts/dist/umd/klinecharts.min.js'],
    script: kline,
  },
  'klinecharts-9': {
    title: 'KLineChart 9',
    bundles: ['klinecharts9/dist/umd/klinecharts.min.js'],
    script: kline,
  },
  uplot: {
    title: 'uPlot',
    bundles: ['uplot/dist/uPlot.iife.min.js'],
    script: `
const side = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } };
new uPlot({ width: 640, height: 400, legend: { show: false }, scales: { y: { range: [low, high] } },
  axes: [side, { ...side, side: 1, size: 76, values: (_, all) => all.map((v) => v.toFixed(1)) }],
  series: [{}, { stroke: up, width: 1.5 }] }, [bars.map((b) => b.time), bars.map((b) => b.close)], box);`,
  },
  'chart-js': {
    title: 'Chart.js, financial plugin',
    bundles: [
      'luxon/build/global/luxon.min.js',
      'chart.js/dist/chart.umd.min.js',
      'chartjs-adapter-luxon/dist/chartjs-adapter-luxon.umd.min.js',
      'chartjs-chart-financial/dist/chartjs-chart-financial.min.js',
    ],
    script: `
const canvas = box.appendChild(document.createElement('canvas'));
const grid = { color: line };
new Chart(canvas, { type: 'candlestick', data: { datasets: [{ label: 'BTCUSDT',
    backgroundColors: { up, down, unchanged: ink }, borderColors: { up, down, unchanged: ink },
    data: bars.map((b) => ({ x: b.time * 1000, o: b.open, h: b.high, l: b.low, c: b.close })) }] },
  options: { animation: false, maintainAspectRatio: false, plugins: { legend: { display: false } },
    scales: { x: { grid, ticks: { color: ink, maxRotation: 0 } }, y: { position: 'right', grid, min: low, max: high,
      ticks: { color: ink, callback: (v) => v.toFixed(1) } } } } });`,
  },
  'echarts-canvas': {
    title: 'ECharts, canvas',
    bundles: ['echarts/dist/echarts.min.js'],
    script: echarts('canvas'),
  },
  'echarts-svg': {
    title: 'ECharts, SVG',
    bundles: ['echarts/dist/echarts.min.js'],
    script: echarts('svg'),
  },
};

type Theme = 'dark' | 'light';
const themes: Theme[] = ['dark', 'light'];
const modes: Settings['mode'][] = ['levels', 'bands', 'profile', 'heatmap'];
const first = 'lightweight-charts-5';

interface Bar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

async function recordedBars(port: number): Promise<Bar[]> {
  const answer = await replayFetch(port)(
    'https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=15m&limit=90',
  );
  const rows = (await answer.json()) as [number, string, string, string, string][];
  return rows.map(([time, open, high, low, close]) => ({
    time: time / 1000,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
  }));
}

function chartPage(name: string, theme: Theme, bars: Bar[]): string {
  const dark = theme === 'dark';
  const back = dark ? '#131722' : '#ffffff';
  const head = `const dark = ${dark}, back = '${back}', ink = '${dark ? '#b2b5be' : '#42454d'}',
line = '${dark ? '#22262f' : '#eceef2'}', up = '#26a69a', down = '#ef5350', bars = ${JSON.stringify(bars)};
const box = document.getElementById('box'), last = bars.at(-1).close;
const low = Math.min(...bars.map((b) => b.low), last * 0.97), high = Math.max(...bars.map((b) => b.high), last * 1.03);`;
  const { bundles, script } = libraries[name]!;
  const scripts = bundles.map((path) => `<script src="/__modules/${path}"></script>`).join('');
  return `<!doctype html><meta charset="utf-8"><title>BTCUSDT</title>
<link rel="stylesheet" href="/__modules/uplot/dist/uPlot.min.css">
<style>html{color-scheme:${theme}}body{margin:0;background:${back};overflow:hidden}#box{position:relative;width:640px;height:400px}</style>
${scripts}<body><div id="box"></div><script>{${head}${script}}</script></body>`;
}

/** A scale in percent, which cannot be drawn on: the panel stands in. */
const percentPage = (
  theme: Theme,
) => `<!doctype html><meta charset="utf-8"><title>BTCUSDT</title><style>html{color-scheme:${theme}}</style>
<body style="margin:0;background:${theme === 'dark' ? '#131722' : '#fff'}">
<canvas width="580" height="400" style="position:absolute"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:580px"></canvas><script>
const axis = document.getElementById('axis').getContext('2d');
axis.font = '12px sans-serif'; axis.textBaseline = 'middle'; axis.fillStyle = '${theme === 'dark' ? '#b2b5be' : '#42454d'}';
for (let i = -3; i <= 3; i++) axis.fillText((-i).toFixed(2) + '%', 4, 200 + 50 * i);
</script></body>`;

const [extensionDir] = ensureBuilt('chrome');
const replay = await createReplay({ speed: 1 });
const bars = await recordedBars(replay.port);
const browser = await launchChromium({ extensionDir, resolverPort: replay.port, viewport: size });
const { context } = browser;
await mkdir(folder, { recursive: true });
await context.route('https://www.binance.com/**', (route) => {
  const url = new URL(route.request().url());
  if (url.pathname.startsWith('/__modules/'))
    return route.fulfill({ path: modules + url.pathname.slice('/__modules/'.length) });
  // The worker asks this host as well.
  if (!url.pathname.startsWith('/en/futures/')) return route.fallback();
  const theme = url.searchParams.get('theme') === 'light' ? 'light' : 'dark';
  const name = url.searchParams.get('library') ?? first;
  const body = name === 'percent' ? percentPage(theme) : chartPage(name, theme, bars);
  return route.fulfill({ contentType: 'text/html', body });
});

const popup = await context.newPage();
const popupAddress = `chrome-extension://${browser.extensionId}/src/popup/index.html`;
await popup.goto(popupAddress);
const page = await context.newPage();

let mode: Settings['mode'] = 'levels';
const choose = (chosen: Settings['mode']) => {
  mode = chosen;
  return popup.evaluate((stored) => chrome.storage.local.set({ settings: { mode: stored } }), chosen);
};

/** Waits until the map of the full history is on the chart. */
async function complete(): Promise<boolean> {
  const end = Date.now() + 30_000;
  for (let quiet = 0; Date.now() < end; ) {
    const words = await overlayText(page);
    quiet = words.includes(mapped) && !words.includes(loading) ? quiet + 1 : 0;
    if (quiet === 2) return true;
    await page.waitForTimeout(250);
  }
  return false;
}

const sections: { title: string; files: { name: string; says: string }[] }[] = [];
const missing: string[] = [];

async function shoot(from: Page, name: string): Promise<void> {
  await from.screenshot({ path: `${folder}${name}.png`, scale: 'css' });
  console.log(`${name}.png`);
}

async function onChart(library: string, theme: Theme): Promise<boolean> {
  await page.emulateMedia({ colorScheme: theme });
  await page.mouse.move(0, 0);
  await page.goto(`${address}?library=${library}&theme=${theme}`);
  await page.bringToFront();
  const done = await complete();
  if (mode === 'heatmap') {
    await page.locator('[data-liqbands][data-axis*=time]').waitFor({ state: 'attached', timeout: 15_000 });
    // The history comes after the map it belongs to.
    await page.waitForTimeout(6000);
  }
  await page.waitForTimeout(300);
  return done;
}

/** One section of the gallery: the same thing dark and light. */
async function pair(
  title: string,
  name: string,
  take: (theme: Theme) => Promise<boolean>,
  from: Page = page,
): Promise<void> {
  const files: { name: string; says: string }[] = [];
  for (const theme of themes) {
    const file = `${name}-${theme}`;
    if (await take(theme)) files.push({ name: file, says: `${title}, ${theme}` });
    else missing.push(file);
    await shoot(from, file);
  }
  if (files.length) sections.push({ title, files });
}

await choose('levels');
for (const [name, { title }] of Object.entries(libraries))
  await pair(`Levels on ${title}`, name, (theme) => onChart(name, theme));
for (const each of modes.slice(1)) {
  await choose(each);
  await pair(`Mode: ${each}`, each, (theme) => onChart(first, theme));
}
await choose('levels');
await pair('Tooltip', 'tooltip', async (theme) => {
  const done = await onChart(first, theme);
  await page.mouse.move(330, 130);
  await page.waitForTimeout(400);
  return done;
});
await pair('Badge, opened', 'badge', async (theme) => {
  const done = await onChart(first, theme);
  const at = await page.evaluate(() => {
    for (let y = 4; y < 400; y += 4)
      if (document.elementFromPoint(40, y)?.matches('[data-liqbands-badge]')) return y;
    return undefined;
  });
  if (at === undefined) return false;
  await page.mouse.click(40, at + 12);
  await page.waitForTimeout(500);
  return done;
});
await pair('Panel where a scale cannot be drawn on', 'panel', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${address}?library=percent&theme=${theme}`);
  await page.locator('[data-liqbands-panel]').waitFor({ state: 'attached', timeout: 15_000 });
  await page.waitForTimeout(2500);
  return true;
});
await popup.setViewportSize({ width: 360, height: 600 });
const popupTaken = async (theme: Theme) => {
  await onChart(first, theme);
  await popup.emulateMedia({ colorScheme: theme });
  await popup.waitForTimeout(1500);
  return true;
};
await pair('Popup', 'popup', popupTaken, popup);

/** The extension's other pages: what shows that they are complete, and the room they are taken in. */
const mark = bars.at(-1)!.close;
const typed = `long BTC ${Math.round(mark * 0.995)} 25x 0.5 stop ${Math.round(mark * 0.985)} tp ${Math.round(mark * 1.03)}`;
const ownPages = [
  { title: 'Desk', path: 'desk', query: '', ready: '.pushes tbody tr', width: 1440, height: 960 },
  { title: 'Desk on a phone', path: 'desk', query: '', ready: '.pushes tbody tr', width: 360, height: 1600 },
  {
    title: 'Position',
    path: 'position',
    query: `?text=${encodeURIComponent(typed)}`,
    ready: '.four',
    width: 760,
    height: 900,
  },
  { title: 'Settings', path: 'options', query: '', ready: '.grid', width: 800, height: 1100 },
  { title: 'First steps', path: 'welcome', query: '', ready: '.steps', width: 1024, height: 700 },
];
for (const { title, path, query, ready, width, height } of ownPages) {
  const taken = async (theme: Theme) => {
    await popup.setViewportSize({ width, height });
    await popup.emulateMedia({ colorScheme: theme });
    await popup.goto(`chrome-extension://${browser.extensionId}/src/${path}/index.html${query}`);
    await popup.bringToFront();
    await popup.locator(ready).first().waitFor({ timeout: 60_000 });
    await popup.waitForTimeout(2000);
    return true;
  };
  await pair(title, title.toLowerCase().replaceAll(' ', '-'), taken, popup);
}

const gallery = sections.map(({ title, files }) => {
  const pictures = files.map(({ name, says }) => `![${says}](${name}.png)`);
  return `## ${title}\n\n${pictures.join('\n')}\n`;
});
await writeFile(
  `${folder}README.md`,
  `# Pictures\n\nTaken by \`npm run pictures\` from the production build on recorded BTCUSDT trading (2024, moved to the present).\nEvery amount in them is an estimate. Lightweight Charts™ is made by [TradingView](https://www.tradingview.com/).\n\n${gallery.join('\n')}`,
);
await browser.close();
await replay.close();
if (missing.length) {
  console.error(`Not complete: ${missing.join(', ')}`);
  process.exitCode = 1;
}
