import type { BrowserContext, Page } from 'playwright-core';
import { type PageBar, recordedBars } from './library-pages';

/** What is panned while the cost of the overlay is measured. Each page says how: `__pan(turn)`, 0–1, there and back. */
export interface BenchScene {
  address: string;
  mode: 'levels' | 'heatmap';
  /** There once the estimate is on the chart. */
  drawn: string;
  /** Puts the page in place and gives it `__pan`, where it does not bring that itself. */
  prepare(context: BrowserContext, port: number): Promise<void>;
  open(page: Page): Promise<void>;
}

const exchange = 'https://www.binance.com/en/futures/BTCUSDT';

/** The replay's own page: lightweight-charts with an autoscaled axis. */
const lightweight = (mode: BenchScene['mode']): BenchScene => ({
  address: exchange,
  mode,
  drawn: mode === 'heatmap' ? '[data-liqbands][data-axis*=time]' : '[data-liqbands][data-axis]',
  prepare: async () => {},
  async open(page) {
    await page.goto(exchange);
    await page.waitForSelector('html[data-ready="chart"]', { timeout: 30_000 });
    await page.evaluate(() => {
      const { __chart: chart } = window as unknown as {
        __chart: { timeScale(): { setVisibleLogicalRange(range: { from: number; to: number }): void } };
      };
      const span = 180;
      Object.assign(window, {
        __pan(turn: number) {
          const from = 600 + 200 * Math.sin(2 * Math.PI * turn);
          chart.timeScale().setVisibleLogicalRange({ from, to: from + span });
        },
      });
    });
  },
});

/**
 * A chart drawn by hand, with as much on its canvas as the busiest of real ones: 900 candles of a path each, three averages,
 * two thousand cells of an order book's past, 120 values written beside them, and a plot that is clipped.
 */
const heavyPage = (bars: readonly PageBar[]): string => `<!doctype html><title>BTCUSDT</title>
<body style="margin:0;background:#131722"><div style="position:relative;width:1200px;height:700px">
<canvas id="pane" width="1130" height="700" style="position:absolute;left:0;top:0"></canvas>
<canvas id="axis" width="70" height="700" style="position:absolute;left:1130px;top:0"></canvas></div>
<script>
const bars = ${JSON.stringify(bars)};
const pane = document.getElementById('pane').getContext('2d'), axis = document.getElementById('axis').getContext('2d');
const last = bars.at(-1).close, count = 900, step = 1130 / count;
function __pan(turn) {
  const middle = last * (1 + 0.004 * Math.sin(2 * Math.PI * turn)), half = last * 0.04;
  const y = (price) => 350 - (price - middle) / half * 350;
  const shift = Math.round(40 * Math.sin(2 * Math.PI * turn));
  pane.fillStyle = '#131722';
  pane.clearRect(0, 0, 1130, 700); pane.fillRect(0, 0, 1130, 700);
  pane.save(); pane.beginPath(); pane.rect(0, 0, 1130, 700); pane.clip();
  for (let i = 0; i < 2000; i++) {
    pane.fillStyle = i % 2 ? '#16202c' : '#1a1c2a';
    pane.fillRect((i % 100) * 11.3, Math.floor(i / 100) * 35, 11, 34);
  }
  for (let i = 0; i < count; i++) {
    const bar = bars[(i + shift + 90) % bars.length];
    const rise = bar.close >= bar.open, top = y(Math.max(bar.open, bar.close)), bottom = y(Math.min(bar.open, bar.close));
    pane.fillStyle = pane.strokeStyle = rise ? '#26a69a' : '#ef5350';
    pane.beginPath(); pane.rect(i * step, top, 1, Math.max(1, bottom - top)); pane.fill();
    pane.beginPath(); pane.moveTo(i * step + 0.5, y(bar.high)); pane.lineTo(i * step + 0.5, y(bar.low)); pane.stroke();
  }
  for (let line = 0; line < 3; line++) {
    pane.strokeStyle = ['#f5c542', '#5b9cf6', '#c678dd'][line];
    pane.beginPath();
    for (let i = 0; i < count; i++) pane.lineTo(i * step, y(bars[(i + shift + 90) % bars.length].close) + 8 * line);
    pane.stroke();
  }
  pane.font = '10px sans-serif'; pane.fillStyle = '#b2b5be';
  for (let i = 0; i < 120; i++) pane.fillText((1.5 + i / 40).toFixed(2) + 'K', i * 9.4, 690 - (i % 7) * 12);
  pane.restore();
  axis.clearRect(0, 0, 70, 700);
  axis.font = '12px sans-serif'; axis.textBaseline = 'middle'; axis.fillStyle = '#b2b5be';
  const unit = 10 ** Math.floor(Math.log10(last * 0.02));
  for (let price = Math.ceil((middle - half) / unit) * unit; price < middle + half; price += unit)
    if (y(price) > 10 && y(price) < 690) axis.fillText(price.toFixed(1), 6, y(price));
}
__pan(0);
</script></body>`;

const heavyAddress = `${exchange}?heavy`;
const heavy: BenchScene = {
  address: heavyAddress,
  mode: 'levels',
  drawn: '[data-liqbands][data-axis]',
  async prepare(context, port) {
    const body = heavyPage(await recordedBars(port));
    await context.route(heavyAddress, (route) => route.fulfill({ contentType: 'text/html', body }));
  },
  async open(page) {
    await page.goto(heavyAddress);
  },
};

export const scenes = { chart: lightweight('levels'), heavy, heatmap: lightweight('heatmap') };

/** A page of an exchange that has no chart. */
export const chartlessPage = 'https://www.binance.com/en/my/dashboard';
