import {
  CandlestickSeries,
  type CustomSeriesPricePlotValues,
  type CustomSeriesWhitespaceData,
  createChart,
  customSeriesDefaultOptions,
  type IChartApi,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Heat } from '../../paint/heatmap';
import type { MapView } from '../../protocol/view';
import { languageOf } from '../../ui/languages';
import { BandsPrimitive } from '../../widget/primitive';

/**
 * A month of five-minute columns as a heatmap, twice: by the widget's painter under as many candles as it shows of a month,
 * and by a custom series that fills one rectangle a cell, as the heatmap among the examples of lightweight-charts is described to. Runs in a browser, for
 * `npm run bench -- widget`.
 */

const columns = 8640;
const rows = 400;
const columnMs = 300_000;
/** A month's candles in the widget are of an hour. */
const perCandle = 12;
const step = 0.0005;
const middle = 60_000;
const lnLow = Math.log(middle) - (rows / 2) * step;
const from = Date.UTC(2026, 0, 1);

/** The same in both: price on a walk, amounts that swell and fade around it. */
function history(): { heat: Heat; closes: Float64Array } {
  let seed = 1;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const cells = new Uint8Array(columns * rows);
  const closes = new Float64Array(columns);
  let at = rows / 2;
  for (let c = 0; c < columns; c++) {
    at = Math.min(rows - 40, Math.max(40, at + (random() - 0.5) * 4));
    closes[c] = Math.exp(lnLow + at * step);
    for (let row = 0; row < rows; row++) {
      const wave = Math.sin(row / 7 + c / 400) + Math.sin(row / 23 - c / 900);
      const k = Math.round(70 + 25 * wave + 6 * random());
      cells[c * rows + row] = row < at ? k : 128 + k;
    }
  }
  const strengths = new Float32Array(256);
  for (let k = 1; k < 128; k++) strengths[k] = strengths[128 + k] = 5 * (k / 127) ** 5;
  const shape = {
    symbol: 'BTC-USDT',
    window: '30d',
    time: from,
    columnMs,
    columns,
    rows,
    lnLow,
    step,
  } as const;
  return { heat: { ...shape, cells, strengths, usdFrom: 100, usdStep: 0.146 }, closes };
}

const data = history();

const timeOf = (c: number): UTCTimestamp => ((from + c * columnMs) / 1000) as UTCTimestamp;

function chartIn(name: string): IChartApi {
  const element = document.createElement('div');
  element.id = name;
  element.style.cssText = 'width:900px;height:440px';
  document.body.replaceChildren(element);
  const chart = createChart(element, { width: 900, height: 440 });
  // A month is to be seen at once, its candles joined where they are narrower than a pixel.
  chart.timeScale().applyOptions({
    minBarSpacing: 0.01,
    enableConflation: true,
    precomputeConflationOnInit: true,
  });
  return chart;
}

function widgetChart(): IChartApi {
  const chart = chartIn('widget');
  const series = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const { heat, closes } = data;
  const empty = new Array<number>(2).fill(0);
  const view = {
    symbol: heat.symbol,
    window: '30d',
    price: closes.at(-1)!,
    lnLow,
    step,
    long: empty,
    short: empty,
    longAge: empty,
    shortAge: empty,
    longTiers: new Array<number>(10).fill(0),
    shortTiers: new Array<number>(10).fill(0),
    q: { p10: 0, p50: 0, p90: 0 },
    ratio: { within5: null, within10: null, longUsd5: 0, shortUsd5: 0 },
    clusters: [],
    levels: [],
    provisional: false,
    historyFrom: from,
    asOf: from + columns * columnMs,
  } satisfies MapView;
  const xOf = (time: number) =>
    chart.timeScale().logicalToCoordinate(((time - from) / columnMs / perCandle) as never) ?? Number.NaN;
  const look = {
    palette: 'viridis',
    scheme: 'light',
    opacity: 0.6,
    freshness: 'fresh',
    mode: 'heatmap',
  } as const;
  series.attachPrimitive(new BandsPrimitive({ view, heat, look, language: languageOf(['en']), xOf }));
  series.setData(
    Array.from({ length: columns / perCandle }, (_, i) => {
      const walked = closes.subarray(i * perCandle, (i + 1) * perCandle);
      return {
        time: timeOf(i * perCandle),
        open: walked[0]!,
        close: walked.at(-1)!,
        high: Math.max(...walked) * 1.0003,
        low: Math.min(...walked) * 0.9997,
      };
    }),
  );
  return chart;
}

interface Cell {
  low: number;
  high: number;
  amount: number;
}

interface Column extends CustomSeriesWhitespaceData<Time> {
  cells: Cell[];
}

/** One rectangle a cell: its colour by its amount, a line of air between two. */
class CellSeries implements ICustomSeriesPaneView<Time, Column> {
  private shown: PaneRendererCustomData<Time, Column> | undefined;

  renderer() {
    return {
      draw: (
        target: Parameters<ReturnType<ICustomSeriesPaneView<Time, Column>['renderer']>['draw']>[0],
        priceToY: PriceToCoordinateConverter,
      ) =>
        target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio }) => {
          const { bars, visibleRange, barSpacing } = this.shown ?? {};
          if (!bars || !visibleRange) return;
          const width = Math.max(1, Math.round(barSpacing! * horizontalPixelRatio));
          for (let i = visibleRange.from; i < visibleRange.to; i++) {
            const bar = bars[i]!;
            const left = Math.round(bar.x * horizontalPixelRatio - width / 2);
            for (const { low, high, amount } of bar.originalData.cells) {
              const top = Math.round(priceToY(high)! * verticalPixelRatio);
              const bottom = Math.round(priceToY(low)! * verticalPixelRatio);
              const shade = Math.round(Math.min(100, amount));
              context.fillStyle = `rgba(0, ${100 + shade * 1.55}, ${shade}, ${0.2 + shade * 0.008})`;
              context.fillRect(left, top, width, Math.max(1, bottom - top));
            }
          }
        }),
    };
  }

  update(shown: PaneRendererCustomData<Time, Column>): void {
    this.shown = shown;
  }

  priceValueBuilder({ cells }: Column): CustomSeriesPricePlotValues {
    return [cells[0]!.low, cells.at(-1)!.high, (cells[0]!.low + cells.at(-1)!.high) / 2];
  }

  isWhitespace(
    column: Column | CustomSeriesWhitespaceData<Time>,
  ): column is CustomSeriesWhitespaceData<Time> {
    return !('cells' in column);
  }

  defaultOptions() {
    return customSeriesDefaultOptions;
  }
}

function exampleChart(): IChartApi {
  const chart = chartIn('example');
  const series = chart.addCustomSeries(new CellSeries());
  const { cells } = data.heat;
  series.setData(
    Array.from({ length: columns }, (_, c) => ({
      time: timeOf(c),
      cells: Array.from({ length: rows }, (_, row) => ({
        low: Math.exp(lnLow + row * step),
        high: Math.exp(lnLow + (row + 1) * step),
        amount: cells[c * rows + row]! & 127,
      })),
    })),
  );
  return chart;
}

let chart: IChartApi | undefined;
/** Columns for each place of the chart's time scale. */
let perBar = 1;

/** Shows so many columns from one on, and is done once the frame is drawn. */
async function show(width: number, at: number): Promise<void> {
  chart!.timeScale().setVisibleLogicalRange({ from: at / perBar, to: (at + width) / perBar });
  await new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
}

Object.assign(window, {
  bench: {
    /** Draws all of it once: what prepares is not measured. */
    open: async (which: 'widget' | 'example') => {
      chart = which === 'widget' ? widgetChart() : exampleChart();
      perBar = which === 'widget' ? perCandle : 1;
      await show(columns, 0);
    },
    /** One frame of many: in and out between a day and a month, panned all the while. */
    step: (k: number, count: number) => {
      const width = columns / 2 ** (2.5 - 2.5 * Math.cos((k / Math.max(60, count)) * 4 * Math.PI));
      return show(width, (columns - width) * (0.5 + 0.5 * Math.sin(k / 9)));
    },
  },
});
