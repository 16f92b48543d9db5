import {
  type CandlestickData,
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { ColorScheme } from '../paint/theme';
import type { Candles } from '../protocol/detail';
import type { MapView } from '../protocol/view';
import { price } from '../ui/format';
import { keepFitted } from '../ui/keep-fitted';
import { readScheme, token } from '../ui/use-scheme';
import { type LiveBar, liveBar } from './live-bar';
import { type DeskLook, DeskPrimitive } from './primitive';

/** Room right of the newest candle for bars and labels, CSS pixels. */
const roomWide = 180;
const roomNarrow = 88;

/** What is chosen; the colours are the page's. */
type Look = Omit<DeskLook, 'colors' | 'scheme'>;

export interface DeskChart {
  show(view: MapView, candles: Candles, look: Look): void;
  /** A picture of the chart as it is. */
  picture(): HTMLCanvasElement;
}

/**
 * Candles with the estimate behind them. Draws into the element, follows its size, and goes when the signal aborts.
 *
 * @param onPoint the price under the pointer; undefined when it has left
 */
export function createDeskChart(
  element: HTMLElement,
  signal: AbortSignal,
  onPoint: (price: number | undefined) => void,
): DeskChart {
  const chart = emptyChart(element);
  // Whatever its size, the chart shows all bars, until the user chooses which.
  let isFitted = true;
  for (const kind of ['wheel', 'pointerdown', 'touchstart'] as const)
    element.addEventListener(kind, () => (isFitted = false), { passive: true, signal });
  const showAll = () => {
    const isWide = element.clientWidth > 640;
    chart.timeScale().applyOptions({ rightOffsetPixels: isWide ? roomWide : roomNarrow });
    chart.timeScale().fitContent();
    isFitted = true;
  };
  const follow = () => {
    chart.applyOptions({ layout: { fontSize: fontSizeOf(element) } });
    if (isFitted) showAll();
  };
  keepFitted(chart, element, follow, signal);
  let live: LiveBar | undefined;
  let shown: { series: ISeriesApi<'Candlestick'>; primitive: DeskPrimitive } | undefined;
  let last: { candles?: Candles; scheme?: ColorScheme; view?: MapView; look?: Look } = {};
  const paint = (view: MapView, look: Look) => {
    if (!shown) return;
    const scheme = readScheme();
    if (last.scheme !== scheme) {
      colour(chart);
      colourCandles(shown.series);
    }
    shown.primitive.set(view, withColors(look));
    last = { ...last, scheme, view, look };
  };
  const repaint = () => {
    if (last.view && last.look) paint(last.view, last.look);
  };
  printPicture(element, repaint, () => chart.takeScreenshot(true), signal);
  chart.subscribeCrosshairMove(({ point }) => {
    const at = point && shown?.series.coordinateToPrice(point.y);
    shown?.primitive.pointAt(at ?? undefined);
    onPoint(at ?? undefined);
  });
  return {
    show(view, candles, look) {
      if (!shown) {
        const minMove = 10 ** Math.floor(Math.log10(view.price) - 4);
        const series = chart.addSeries(CandlestickSeries, {
          priceFormat: { type: 'custom', formatter: price, minMove },
          borderVisible: false,
        });
        const primitive = new DeskPrimitive(view, withColors(look));
        series.attachPrimitive(primitive);
        shown = { series, primitive };
      }
      const { series } = shown;
      const before = last;
      if (before.look?.mode !== look.mode) {
        // On a heatmap its lines would look like cells.
        const visible = look.mode !== 'heatmap';
        chart.applyOptions({ grid: { vertLines: { visible }, horzLines: { visible } } });
      }
      paint(view, look);
      if (before.candles !== candles) {
        series.setData(dataOf(candles));
        const moved = Math.abs((candles.time[0] ?? 0) - (before.candles?.time[0] ?? 0));
        const isOther = moved > 2 * candles.stepMs || before.view?.symbol !== view.symbol;
        if (isOther) {
          showAll();
          live = undefined;
        }
      }
      live = look.moment === undefined ? liveBar(candles, live, look.price, look.pricedAt) : undefined;
      if (live) series.update({ ...live, time: (live.time / 1000) as UTCTimestamp });
      last.candles = candles;
    },
    picture: () => chart.takeScreenshot(true),
  };
}

const fontSizeOf = (element: HTMLElement): number => Number.parseFloat(getComputedStyle(element).fontSize);

/**
 * Prints a picture in place of the chart, which would be laid out anew on paper and not painted in time; light, since
 * paper is white whatever the screen is.
 */
function printPicture(
  element: HTMLElement,
  repaint: () => void,
  picture: () => HTMLCanvasElement,
  signal: AbortSignal,
): void {
  const { dataset } = document.documentElement;
  let theme: string | undefined;
  let printed: HTMLCanvasElement | undefined;
  const start = () => {
    ({ theme } = dataset);
    dataset.theme = 'light';
    repaint();
    printed = picture();
    printed.className = 'printed';
    element.after(printed);
    // It stays as it is, behind its picture.
    element.style.width = `${element.clientWidth}px`;
  };
  const end = () => {
    printed?.remove();
    element.style.width = '';
    if (theme) dataset.theme = theme;
    else delete dataset.theme;
    repaint();
  };
  addEventListener('beforeprint', start, { signal });
  addEventListener('afterprint', end, { signal });
}

/** A chart without candles, in the page's colours already: a white one on a dark page would dazzle. */
function emptyChart(element: HTMLElement): IChartApi {
  const chart = createChart(element, {
    autoSize: true,
    layout: {
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: fontSizeOf(element),
      attributionLogo: false,
    },
    // What is pointed at is a price, not the candle beside it.
    crosshair: { mode: CrosshairMode.Normal },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.02, bottom: 0.02 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false },
  });
  colour(chart);
  return chart;
}

const withColors = (look: Look): DeskLook => ({
  ...look,
  scheme: readScheme(),
  colors: { long: token('long'), short: token('short'), text: token('text') },
});

const dataOf = ({ time, open, high, low, close }: Candles): CandlestickData<UTCTimestamp>[] =>
  Array.from(time, (at, i) => ({
    time: (at / 1000) as UTCTimestamp,
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
  }));

function colour(chart: IChartApi): void {
  chart.applyOptions({
    layout: {
      background: { type: ColorType.Solid, color: token('panel') },
      textColor: token('muted'),
    },
    grid: { vertLines: { color: token('raised') }, horzLines: { color: token('raised') } },
    crosshair: { vertLine: { color: token('quiet') }, horzLine: { color: token('quiet') } },
  });
}

function colourCandles(series: ISeriesApi<'Candlestick'>): void {
  series.applyOptions({
    upColor: token('up'),
    wickUpColor: token('up'),
    downColor: token('down'),
    wickDownColor: token('down'),
    priceLineColor: token('text'),
  });
}
