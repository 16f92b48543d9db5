import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayFetch } from '../../src/tools/replay';
import { openStage, overlayText, type Stage } from './stage';

/** The heatmap's columns against the library's own word on where a time is, over pans and zooms. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const modules = dirname(dirname(createRequire(import.meta.url).resolve('klinecharts/package.json')));

interface Library {
  /** Share of states that must be drawn: labels on whole pixels leave more doubt. */
  least: number;
  bundle: string;
  /** Leaves `place(time)`, `pan(bars)` and `zoom(factor)` at the window. */
  script: string;
}

const libraries: Record<string, Library> = {
  'lightweight-charts 5': {
    least: 0.9,
    bundle: 'lightweight-charts/dist/lightweight-charts.standalone.production.js',
    script: `
const chart = LightweightCharts.createChart(box, { width: 900, height: 480, timeScale: { timeVisible: true, rightOffset: 8 } });
const series = chart.addSeries(LightweightCharts.CandlestickSeries, { priceFormat: { type: 'price', precision: 1, minMove: 0.1 } });
series.setData(bars);
const scale = chart.timeScale();
window.place = (time) => scale.timeToCoordinate(time);
window.pan = (by) => scale.scrollToPosition(scale.scrollPosition() + by, false);
window.zoom = (spacing) => scale.applyOptions({ barSpacing: spacing });`,
  },
  'KLineChart 10': {
    least: 0.6,
    bundle: 'klinecharts/dist/umd/klinecharts.min.js',
    script: `
const chart = klinecharts.init(box, { timezone: 'UTC' });
const data = bars.map(({ time, ...rest }) => ({ timestamp: time * 1000, ...rest }));
chart.setSymbol({ ticker: 'BTCUSDT', pricePrecision: 1, volumePrecision: 0 });
chart.setPeriod({ span: 15, type: 'minute' });
chart.setDataLoader({ getBars: ({ callback }) => callback(data, false) });
window.place = (time) => chart.convertToPixel({ timestamp: time * 1000 }, { paneId: 'candle_pane', absolute: false }).x;
let spacing = 8;
window.pan = (by) => chart.scrollByDistance(-by * spacing, 0);
window.zoom = (to) => chart.setBarSpace(spacing = to);`,
  },
};

interface ChartWindow {
  bars: { time: number }[];
  place(time: number): number | null;
  pan(bars: number): void;
  zoom(spacing: number): void;
}

/** Until the chart has painted no text for two frames: some libraries paint in several steps. */
const rested = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>((done) => {
        const { painted } = window as unknown as { painted: { texts: number } };
        let seen = -1;
        let still = 0;
        const look = () => {
          still = painted.texts === seen ? still + 1 : 0;
          seen = painted.texts;
          if (still === 2) done();
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
  );
/** Counts what a page writes on its canvases, for `rested`. */
const counting = `window.painted = { texts: 0 };
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...args) { painted.texts++; return write.apply(this, args); };`;

const twoFrames = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe.each([1, 2])('the heatmap at %d device pixels a CSS pixel', (deviceScaleFactor) => {
  let stage: Stage;
  let rows: string[][];
  beforeAll(async () => {
    stage = await openStage({}, { deviceScaleFactor });
    const { context, extensionId } = stage.browser;
    const popup = await context.newPage();
    await popup.goto(`chrome-extension://${extensionId}/src/popup/index.html`);
    await popup.evaluate(() => chrome.storage.local.set({ settings: { mode: 'heatmap' } }));
    await popup.close();
    const candles = 'https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=15m&limit=300';
    rows = (await (await replayFetch(stage.replay.port)(candles)).json()) as string[][];
  });
  afterAll(() => stage?.close());

  /** @param shift of the chart's clock from world time, hours; a chart of other prices where `scale` is not 1 */
  async function open(library: Library, shift: number, jumble = false, framed = false): Promise<Page> {
    const bars = rows.map(([time, open, high, low, close]) => ({
      time: Number(time) / 1000 + shift * 3600,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
    }));
    // The same prices in another order are no history of ours, but for the last one.
    const shown = jumble
      ? bars.map((bar, i) => ({ ...bars[i === 299 ? 299 : 298 - i]!, time: bar.time }))
      : bars;
    const html = `<!doctype html><meta charset="utf-8"><title>BTCUSDT</title><style>body{margin:0;background:#fff}#box{width:900px;height:480px}</style>
<script>${readFileSync(join(modules, library.bundle), 'utf8').replaceAll('</script', '<\\/script')}</script>
<body><div id="box"></div><script>${counting}const bars = window.bars = ${JSON.stringify(shown)};${library.script}</script></body>`;
    const frame = `<!doctype html><title>BTCUSDT</title><body><script>
const frame = document.createElement('iframe');
frame.style.cssText = 'width:920px;height:500px;border:0';
frame.src = URL.createObjectURL(new Blob([${JSON.stringify(html).replaceAll('</script', '<\\/script')}], { type: 'text/html' }));
document.body.append(frame);</script></body>`;
    const page = await stage.browser.context.newPage();
    const body = framed ? frame : html;
    await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto(address);
    return page;
  }

  /** Distance in px between overlay and library for bars in sight; undefined where no times are claimed. */
  const errors = (page: Pick<Page, 'evaluate'>, shift: number) =>
    page.evaluate((hours) => {
      const told = document.querySelector('[data-liqbands][data-axis]')?.getAttribute('data-axis');
      const time = told && (JSON.parse(told) as { time?: { a: number; b: number } }).time;
      if (!time) return undefined;
      const { bars, place } = window as unknown as ChartWindow;
      return bars.flatMap((bar) => {
        const x = place(bar.time);
        if (x === null || x < 0 || x > 820) return [];
        return Math.abs(time.a + time.b * (bar.time / 60 - hours * 60) - x);
      });
    }, shift);

  it.each(Object.entries(libraries).map(([name, library]) => ({ name, library })))(
    '$name: columns within 1 px of its own coordinates, whatever its time zone',
    async ({ name, library }) => {
      const { least } = library;
      const worst: number[] = [];
      let states = 0;
      let drawn = 0;
      for (const shift of [0, 5.5, -8]) {
        const page = await open(library, shift);
        await expect.poll(() => errors(page, shift)).toBeDefined();
        let seed = 11 + shift;
        const random = () => {
          seed = (seed * 16_807) % 2_147_483_647;
          return Math.abs(seed % 1000) / 1000;
        };
        let at = 0;
        for (let i = 0; i < 20; i++) {
          const by = Math.round((random() - 0.6) * 40);
          const to = Math.max(-160, Math.min(0, at + by));
          await page.evaluate(
            ([bars, spacing]) => {
              const { pan, zoom } = window as unknown as ChartWindow;
              if (spacing) zoom(spacing);
              else pan(bars!);
            },
            [to - at, random() < 0.3 ? 5 + 4 * random() : 0],
          );
          at = to;
          await rested(page);
          const found = await errors(page, shift);
          states++;
          if (!found) continue;
          drawn++;
          worst.push(Math.max(...found));
        }
        await page.close();
      }
      const most = Math.max(...worst);
      console.log(
        `heatmap ${name} @${deviceScaleFactor}: ${drawn} of ${states} states drawn, at most ${most.toFixed(3)} px off`,
      );
      expect(most).toBeLessThanOrEqual(1);
      expect(drawn / states).toBeGreaterThan(least);
    },
  );

  it('reaches a chart in a frame that a charting library makes of a blob', async () => {
    const page = await open(libraries['lightweight-charts 5']!, 0, false, true);
    await expect.poll(() => page.frames().length).toBe(2);
    await expect.poll(() => errors(page.frames()[1]!, 0)).toBeDefined();
    expect(Math.max(...(await errors(page.frames()[1]!, 0))!)).toBeLessThanOrEqual(1);
    await page.close();
  });

  it('is not drawn on bars that are not the market’s own, and the badge says so', async () => {
    const page = await open(libraries['lightweight-charts 5']!, 0, true);
    await page.locator('[data-liqbands][data-axis]').first().waitFor({ state: 'attached' });
    await expect.poll(() => overlayText(page)).toMatch(/time axis is not certain/);
    for (let i = 0; i < 20; i++) {
      expect(await errors(page, 0)).toBeUndefined();
      await page.waitForTimeout(150);
    }
    await page.close();
  });
});

/** Ways to draw a price, on lightweight-charts: `swap(bars)` at the window puts other bars on the chart. */
const drawings: Record<string, { type: string; options?: object; certain?: boolean; heikin?: boolean }> = {
  candles: { type: 'Candlestick', certain: true },
  'hollow candles': { type: 'Candlestick', options: { upColor: 'rgba(0,0,0,0)' }, certain: true },
  bars: { type: 'Bar', certain: true },
  line: { type: 'Line' },
  area: { type: 'Area' },
  'heikin ashi': { type: 'Candlestick', heikin: true },
};

describe('the heatmap on charts of every kind and interval', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    const { context, extensionId } = stage.browser;
    const popup = await context.newPage();
    await popup.goto(`chrome-extension://${extensionId}/src/popup/index.html`);
    await popup.evaluate(() => chrome.storage.local.set({ settings: { mode: 'heatmap', window: '30d' } }));
    await popup.close();
  });
  afterAll(() => stage?.close());

  const rowsOf = async (interval: string): Promise<object[]> => {
    const candles = `https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=${interval}&limit=300`;
    const rows = (await (await replayFetch(stage.replay.port)(candles)).json()) as string[][];
    return rows.map(([time, open, high, low, close]) => ({
      time: Number(time) / 1000,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
    }));
  };

  async function open(drawing: (typeof drawings)[string], interval: string): Promise<Page> {
    const bundle = readFileSync(join(modules, libraries['lightweight-charts 5']!.bundle), 'utf8');
    const html = `<!doctype html><meta charset="utf-8"><title>BTCUSDT</title><style>body{margin:0;background:#fff}#box{width:900px;height:480px}</style>
<script>${bundle.replaceAll('</script', '<\\/script')}</script><body><div id="box"></div><script>
const { type, options, heikin } = ${JSON.stringify(drawing)};
const chart = LightweightCharts.createChart(box, { width: 900, height: 480, timeScale: { timeVisible: true, rightOffset: 8 } });
const series = chart.addSeries(LightweightCharts[type + 'Series'], { ...options, priceFormat: { type: 'price', precision: 1, minMove: 0.1 } });
const averaged = (bars) => {
  let last;
  return bars.map(({ time, open, high, low, close }) => {
    const to = (open + high + low + close) / 4;
    const from = last ? (last.open + last.close) / 2 : (open + close) / 2;
    return (last = { time, open: from, close: to, high: Math.max(high, from, to), low: Math.min(low, from, to) });
  });
};
window.swap = (bars) => {
  window.bars = bars;
  series.setData((heikin ? averaged(bars) : bars).map((bar) => type === 'Line' || type === 'Area' ? { time: bar.time, value: bar.close } : bar));
  chart.timeScale().setVisibleLogicalRange({ from: bars.length - 110, to: bars.length + 8 });
};
window.place = (time) => chart.timeScale().timeToCoordinate(time);
swap(${JSON.stringify(await rowsOf(interval))});
</script></body>`;
    const page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await page.goto(address);
    return page;
  }

  /** Largest distance in px between overlay and library for bars in sight; undefined where no times are claimed. */
  const miss = (page: Page) =>
    page.evaluate(() => {
      const told = document.querySelector('[data-liqbands][data-axis]')?.getAttribute('data-axis');
      const time = told && (JSON.parse(told) as { time?: { a: number; b: number } }).time;
      if (!time) return undefined;
      const { bars, place } = window as unknown as ChartWindow;
      const misses = bars.flatMap((bar) => {
        const x = place(bar.time);
        return x === null || x < 0 || x > 820 ? [] : Math.abs(time.a + (time.b * bar.time) / 60 - x);
      });
      return Math.max(...misses);
    });

  for (const [name, drawing] of Object.entries(drawings)) {
    for (const interval of ['15m', '1h']) {
      it(`${name} of ${interval}: right, or bands instead`, async () => {
        const page = await open(drawing, interval);
        await page.locator('[data-liqbands][data-axis]').first().waitFor({ state: 'attached' });
        // Lines and areas bear less out than bars do, and averages nothing: bands instead are right as well.
        const isDecided = async () =>
          (await miss(page)) !== undefined ||
          (!drawing.certain && /time axis is not certain/.test(await overlayText(page)));
        await expect.poll(isDecided).toBe(true);
        for (let i = 0; i < 10; i++) {
          expect((await miss(page)) ?? 0).toBeLessThanOrEqual(1);
          await page.waitForTimeout(100);
        }
        await page.close();
      });
    }
  }

  it('comes soon after a jump to another interval', async () => {
    const page = await open(drawings.candles!, '15m');
    await expect.poll(() => miss(page)).toBeDefined();
    const took: Record<string, number> = {};
    for (const interval of ['1h', '4h', '15m']) {
      await page.evaluate(
        (bars) => (globalThis as unknown as { swap(bars: object[]): void }).swap(bars),
        await rowsOf(interval),
      );
      const start = Date.now();
      await twoFrames(page);
      // What was borne out on the bars of before must not stay.
      await expect
        .poll(async () => ((await miss(page)) ?? 99) <= 1, {
          message: interval,
        })
        .toBe(true);
      took[interval] = Date.now() - start;
    }
    console.log('first picture after a jump, ms:', JSON.stringify(took));
    await page.close();
  });
});
