import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage';

/**
 * TradingView's charting library is not free to ship: a chart of another library stands in, with an interface of the same
 * shape on top whose range comes from that chart's own coordinates.
 */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
/** The market moves: what is told between a tick and its paint is off for a moment. */
const host = '[data-liqbands][data-axis]';

interface Lie {
  /** Prices told are this many times the true ones. */
  times?: number;
  /** And so much of the range higher. */
  shift?: number;
  /** The range told is so much wider. */
  stretch?: number;
  mode?: number;
  /** As versions of 2021 have it: no `activeChart`, no main source's scale. */
  old?: boolean;
  symbol?: string;
  /** The page keeps the widget that its documentation names. */
  widget?: boolean;
  /** The user has moved the main pane below another, which is as high and tells other prices. */
  moved?: boolean;
  /** Another chart of the same height stands beside this one, and is the one in use where it is so named. */
  beside?: { symbol: string; used: boolean };
}

interface ChartWindow {
  __chart: {
    panes(): { getHeight(): number }[];
    priceScale(id: string): { applyOptions(options: object): void; options(): { mode: number } };
  };
  __series: {
    createPriceLine(options: object): object;
    removePriceLine(line: object): void;
    priceToCoordinate(price: number): number;
    coordinateToPrice(y: number): number;
  };
  tradingViewApi?: unknown;
  tvWidget?: unknown;
}

/** Runs in the page: exposes the interface, true or not. */
function expose({ times = 1, shift = 0, stretch = 0, mode, old, symbol, widget, moved, beside }: Lie): void {
  const page = window as unknown as ChartWindow;
  const { __chart: chart, __series: series } = page;
  const [pane] = chart.panes();
  const scale = {
    getVisiblePriceRange() {
      const from = series.coordinateToPrice(pane!.getHeight() - 1);
      const to = series.coordinateToPrice(0);
      const [down, up] = [(shift - stretch) * (to - from), (shift + stretch) * (to - from)];
      return { from: from * times + down, to: to * times + up };
    },
    getMode: () => mode ?? chart.priceScale('right').options().mode,
  };
  const height = { getHeight: () => pane!.getHeight() };
  const panes = [
    old
      ? { ...height, getRightPriceScales: () => [scale] }
      : { ...height, getMainSourcePriceScale: () => scale, hasMainSeries: () => true },
  ];
  const strange = { getVisiblePriceRange: () => ({ from: 100, to: 200 }), getMode: () => 0 };
  const strangePane = { ...height, getMainSourcePriceScale: () => strange };
  if (moved) panes.unshift({ ...strangePane, hasMainSeries: () => false });
  const shown = { getPanes: () => panes, ...(symbol ? { symbolExt: () => ({ symbol }) } : {}) };
  const other = { getPanes: () => [strangePane], symbolExt: () => ({ symbol: beside?.symbol }) };
  const charts = beside ? [other, shown] : [shown];
  const inUse = beside?.used ? other : shown;
  const api = old
    ? { chart: () => shown }
    : {
        activeChart: () => inUse,
        ...(beside ? { chartsCount: () => charts.length, chart: (i: number) => charts[i] } : {}),
      };
  delete page.tradingViewApi;
  delete page.tvWidget;
  if (widget) page.tvWidget = api;
  else page.tradingViewApi = api;
}

describe('on a page that exposes TradingView’s interface', () => {
  let stage: Stage;
  let page: Page;
  const errors: Error[] = [];

  /** Sets the price scale, which paints it anew, and waits for the picture. */
  const paint = (options: { mode?: number; invertScale?: boolean }, low = 0.1) =>
    page.evaluate(
      async ([options, low]) => {
        const scale = (window as unknown as ChartWindow).__chart.priceScale('right');
        const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const bare = { mode: 0, invertScale: false, ...options };
        // Another margin first: a paint that shows what was there before tells nothing.
        scale.applyOptions({ ...bare, scaleMargins: { top: 0.25, bottom: 0.25 } });
        await frames();
        scale.applyOptions({ ...bare, scaleMargins: { top: 0.1, bottom: low } });
        await frames();
      },
      [options, low] as const,
    );

  /** Largest distance between overlay and chart over the pane, px; undefined where nothing is drawn. */
  const offset = () =>
    page.evaluate((selector) => {
      const element = document.querySelector<HTMLElement>(selector);
      if (!element || getComputedStyle(element).display === 'none') return undefined;
      const { a, b, scale } = JSON.parse(element.dataset.axis!);
      const [, top, , height] = element.dataset.pane!.split(',').map(Number);
      const chartTop = document.querySelector('#chart canvas')!.getBoundingClientRect().top;
      const { __series: series } = window as unknown as ChartWindow;
      return Math.max(
        ...Array.from({ length: 9 }, (_, i) => {
          const price = series.coordinateToPrice(((i + 0.5) * height!) / 9);
          const own = series.priceToCoordinate(price) + chartTop;
          return Math.abs(top! + a + b * (scale === 'log' ? Math.log(price) : price) - own);
        }),
      );
    }, host);

  const remove = () =>
    page.evaluate(() => {
      delete (window as unknown as ChartWindow).tradingViewApi;
      delete (window as unknown as ChartWindow).tvWidget;
    });

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(address);
    await page.locator(host).first().waitFor({ state: 'attached' });
  });
  afterAll(() => stage?.close());

  for (const [name, options] of [
    ['linear', {}],
    ['log', { mode: 1 }],
    ['inverted', { invertScale: true }],
    ['inverted log', { mode: 1, invertScale: true }],
  ] as const) {
    it(`${name}: the axis is followed to a hundredth of a pixel`, async () => {
      await page.evaluate(expose, {});
      for (const low of [0.1, 0.17, 0.4]) {
        await paint(options, low);
        await expect.poll(offset).toBeLessThan(0.02);
      }
    });
  }

  for (const [name, mode] of [
    ['percentages', 2],
    ['an index', 3],
  ] as const) {
    it(`${name} on the labels: bands by the library’s word, none without it`, async () => {
      await remove();
      await paint({ mode });
      expect(await offset()).toBeUndefined();
      await page.evaluate(expose, {});
      for (const low of [0.1, 0.3]) {
        await paint({ mode }, low);
        await expect.poll(offset).toBeLessThan(0.02);
      }
      // A range the labels do not bear out, and one that they cannot disprove but the market does.
      for (const lie of [
        { stretch: 0.03 },
        { stretch: -0.03 },
        { times: 3 },
        { times: 1 / 3 },
        { mode: 0 },
        { mode: 1 },
      ]) {
        await page.evaluate(expose, lie);
        await paint({ mode });
        expect(await offset(), JSON.stringify(lie)).toBeUndefined();
      }
    });
  }

  it('an old library, whose mode and range stand elsewhere, is read as well', async () => {
    await page.evaluate(expose, { old: true });
    for (const mode of [0, 1, 2]) {
      await paint({ mode }, 0.2);
      await expect.poll(offset, { message: String(mode) }).toBeLessThan(0.02);
    }
  });

  it('the widget that a page keeps is asked as well, and the main pane wherever it was moved', async () => {
    for (const way of [{ widget: true }, { moved: true }]) {
      await page.evaluate(expose, way);
      await paint({ mode: 2 }, 0.2);
      await expect.poll(offset, { message: JSON.stringify(way) }).toBeLessThan(0.02);
    }
  });

  it('of several charts in a frame each is read by its own range, and drawn on where its symbol is the one in use', async () => {
    const beside = (used: boolean) => ({ symbol: 'BTCUSDT', beside: { symbol: 'BTC INDEX', used } });
    await page.evaluate(expose, beside(false));
    await paint({ mode: 2 }, 0.2);
    await expect.poll(offset).toBeLessThan(0.02);
    for (const mode of [0, 2]) {
      await page.evaluate(expose, beside(true));
      await paint({ mode }, 0.3);
      await expect.poll(offset).toBeUndefined();
    }
    await page.evaluate(expose, beside(false));
    await paint({}, 0.2);
    await expect.poll(offset).toBeLessThan(0.02);
  });

  for (const count of [12, 30, 60]) {
    it(`${count} lines with labels on the axis do not overrule it`, async () => {
      await page.evaluate(expose, {});
      for (const step of [0.0005, 0.002]) {
        const remove = await page.evaluateHandle(
          ([count, step]) => {
            const { __series: series } = window as unknown as ChartWindow;
            const middle = series.coordinateToPrice(200);
            const lines = Array.from({ length: count! }, (_, i) =>
              series.createPriceLine({
                price: middle * (1 + (i - count! / 2) * step!),
                color: '#2962ff',
                axisLabelVisible: true,
              }),
            );
            return () => {
              for (const line of lines) series.removePriceLine(line);
            };
          },
          [count, step] as const,
        );
        for (const mode of [0, 1]) {
          await paint({ mode }, 0.2);
          await expect.poll(offset, { message: `${step} ${mode}` }).toBeLessThan(0.02);
        }
        await remove.evaluate((take) => take());
      }
    });
  }

  it('in percent, a range that is that of the paint to come is not drawn by; once it rests it is', async () => {
    await page.evaluate(expose, {});
    await paint({ mode: 2 }, 0.2);
    await expect.poll(offset).toBeLessThan(0.02);
    // The library is a paint ahead: what it tells is off by a step in every frame of the pan.
    const seen = await page.evaluate(async () => {
      const { tradingViewApi } = window as unknown as {
        tradingViewApi: {
          activeChart(): {
            getPanes(): {
              getMainSourcePriceScale(): { getVisiblePriceRange(): { from: number; to: number } };
            }[];
          };
        };
      };
      const scale = tradingViewApi.activeChart().getPanes()[0]!.getMainSourcePriceScale();
      const own = scale.getVisiblePriceRange.bind(scale);
      let ahead = 0;
      scale.getVisiblePriceRange = () => {
        const { from, to } = own();
        return { from: from * (1 + ahead), to: to * (1 + ahead) };
      };
      const { __chart: chart } = window as unknown as ChartWindow;
      const seen: boolean[] = [];
      for (let i = 1; i <= 40; i++) {
        const begin = performance.now();
        ahead = i * 0.0005;
        chart.priceScale('right').applyOptions({ scaleMargins: { top: 0.1, bottom: 0.1 + (i % 2) * 0.02 } });
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const element = document.querySelector<HTMLElement>('[data-liqbands][data-axis]');
        const isDrawn = element !== null && getComputedStyle(element).display !== 'none';
        // What has stayed for longer than 120 ms counts as at rest, as on a machine that is slower than that.
        if (performance.now() - begin < 100) seen.push(isDrawn);
      }
      scale.getVisiblePriceRange = own;
      chart.priceScale('right').applyOptions({ scaleMargins: { top: 0.1, bottom: 0.15 } });
      return seen;
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).not.toContain(true);
    await expect.poll(offset).toBeLessThan(0.02);
  });

  it('a chart that its library says is another coin’s is not drawn on', async () => {
    await paint({});
    await page.evaluate(expose, { symbol: 'ETHUSDT' });
    await paint({}, 0.2);
    await expect.poll(offset).toBeUndefined();
    await page.evaluate(expose, { symbol: 'BINANCE:BTCUSDT.P' });
    await paint({}, 0.3);
    await expect.poll(offset).toBeLessThan(0.02);
  });

  it('labels win over an interface that says otherwise', async () => {
    for (const mode of [0, 1]) {
      for (const lie of [
        { shift: 0.02 },
        { stretch: 0.02 },
        { shift: -3 },
        { times: 1.01 },
        { times: 1e300 },
        { times: -1 },
      ]) {
        await page.evaluate(expose, lie);
        await paint({ mode });
        await expect.poll(offset, { message: JSON.stringify({ mode, ...lie }) }).toBeLessThan(1.5);
      }
    }
    // Whether the labels are prices is in doubt here: nothing rather than something wrong.
    for (const mode of [2, 3]) {
      await page.evaluate(expose, { mode, times: 1.01 });
      await paint({});
      expect(await offset()).toBeUndefined();
    }
  });

  it('an interface that throws, or is something else, leaves the labels', async () => {
    await page.evaluate(expose, {});
    await paint({});
    for (const kind of ['getter', 'method', 'element', 'nonsense', 'painter']) {
      await page.evaluate((kind) => {
        delete (window as unknown as ChartWindow).tradingViewApi;
        const fail = () => {
          throw new Error('planted');
        };
        const context = document.createElement('canvas').getContext('2d')!;
        const scale = {
          getVisiblePriceRange: () => ({ from: { valueOf: fail }, to: '1' }),
          getMode: () => Symbol('mode'),
        };
        const paneOf = (scale: object) => ({ getHeight: () => 1n, getMainSourcePriceScale: () => scale });
        const draws = () => {
          context.fillText('1', 2, 3);
          return [paneOf(scale)];
        };
        const values: Record<string, PropertyDescriptor> = {
          getter: { get: fail },
          method: { value: { activeChart: fail } },
          element: { value: document.body },
          nonsense: { value: { activeChart: () => ({ getPanes: () => [paneOf(scale)] }) } },
          // Drawing while being asked must not lead to being asked again.
          painter: { value: { activeChart: () => ({ getPanes: draws }) } },
        };
        Object.defineProperty(window, 'tradingViewApi', { configurable: true, ...values[kind]! });
      }, kind);
      await paint({}, 0.2);
      await expect.poll(offset, { message: kind }).toBeLessThan(1.5);
    }
    await remove();
    expect(errors).toEqual([]);
  });
});
