import { replayFetch } from './replay';

/** The same bars drawn by each chart library, on a page of one chart. */

interface Library {
  title: string;
  /** Bundles under node_modules, in loading order. */
  bundles: string[];
  /** Draws `bars` into `box`, in the colours `back`, `ink`, `line`, `up` and `down`. */
  script: string;
}

/** Colours of the candles on every page. */
export const candle = { up: '#26a69a', down: '#ef5350' } as const;

/** Price digits that a market has. */
const digits = `const digits = Math.max(1, Math.min(8, 4 - Math.floor(Math.log10(bars.at(-1).close))));`;

const lightweight = `
const chart = LightweightCharts.createChart(box, { width: 640, height: 400,
  layout: { background: { type: 'solid', color: back }, backgroundColor: back, textColor: ink, attributionLogo: false },
  grid: { vertLines: { color: line }, horzLines: { color: line } },
  timeScale: { timeVisible: true, rightOffset: 12 },
  rightPriceScale: { scaleMargins: { top: 0.2, bottom: 0.2 } } });
const colours = { upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false,
  priceFormat: { type: 'price', precision: digits, minMove: 10 ** -digits } };
const series = chart.addSeries
  ? chart.addSeries(LightweightCharts.CandlestickSeries, colours) : chart.addCandlestickSeries(colours);
series.setData(bars);`;

const kline = `
const chart = klinecharts.init(box, { styles: dark ? 'dark' : 'light' });
const data = bars.map(({ time, ...rest }) => ({ timestamp: time * 1000, ...rest }));
chart.setStyles({ candle: { tooltip: { showRule: 'none' } } });
if (chart.applyNewData) { chart.setPriceVolumePrecision(digits, 0); chart.applyNewData(data); }
else {
  chart.setSymbol({ ticker: 'BTCUSDT', pricePrecision: digits, volumePrecision: 0 });
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
    axisLabel: { color: ink, formatter: (v) => v.toFixed(digits), showMinLabel: false, showMaxLabel: false } },
  series: [{ type: 'candlestick', data: bars.map((bar) => [bar.open, bar.close, bar.low, bar.high]),
    itemStyle: { color: up, color0: down, borderColor: up, borderColor0: down } }] });`;

export const libraries: Record<string, Library> = {
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
  axes: [side, { ...side, side: 1, size: 76, values: (_, all) => all.map((v) => v.toFixed(digits)) }],
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
      ticks: { color: ink, callback: (v) => v.toFixed(digits) } } } } });`,
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

export type Theme = 'dark' | 'light';

export interface PageBar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

/** The newest bars of a market of the replay, times in seconds. */
export async function recordedBars(port: number, symbol = 'BTCUSDT'): Promise<PageBar[]> {
  const answer = await replayFetch(port)(
    `https://fapi.binance.com/fapi/v1/klines?symbol=${symbol}&interval=15m&limit=90`,
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

/** @param over HTML that stands over the chart, as exchanges have it */
export function chartPage(name: string, theme: Theme, bars: PageBar[], over = ''): string {
  const dark = theme === 'dark';
  const back = dark ? '#131722' : '#ffffff';
  const head = `const dark = ${dark}, back = '${back}', ink = '${dark ? '#b2b5be' : '#42454d'}',
line = '${dark ? '#22262f' : '#eceef2'}', up = '${candle.up}', down = '${candle.down}', bars = ${JSON.stringify(bars)};
const box = document.getElementById('box'), last = bars.at(-1).close;
const low = Math.min(...bars.map((b) => b.low), last * 0.97), high = Math.max(...bars.map((b) => b.high), last * 1.03);`;
  const { bundles, script } = libraries[name]!;
  const scripts = bundles.map((path) => `<script src="/__modules/${path}"></script>`).join('');
  return `<!doctype html><meta charset="utf-8"><title>chart</title>
<link rel="stylesheet" href="/__modules/uplot/dist/uPlot.min.css">
<style>html{color-scheme:${theme}}body{margin:0;background:${back};overflow:hidden}#box{position:relative;width:640px;height:400px}</style>
${scripts}<body><div id="box"></div>${over}<script>{${head}${digits}${script}}</script></body>`;
}
