import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type MouseEventParams,
  TrackingModeExitMode,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Heat } from '../paint/heatmap';
import { type ColorScheme, chartInk, fontFamily, ink } from '../paint/theme';
import type { Candle, WindowSnapshot } from '../protocol/snapshot';
import { price } from '../ui/format';
import { keepFitted } from '../ui/keep-fitted';
import type { Language } from '../ui/languages';
import { type BandsLook, BandsPrimitive } from './primitive';

/** Where the reader points. */
export interface Point {
  /** CSS pixels from the top left of the chart. */
  x: number;
  y: number;
  price: number;
  /** ms since 1970. */
  time: number;
}

/** Candles with the estimate behind them. */
export interface BandsChart {
  show(snapshot: WindowSnapshot, heat: Heat | undefined, look: BandsLook): void;
  /** CSS pixels from the top of the chart; null where the price has no place on it. */
  priceToY(price: number): number | null;
}

/** Room right of the newest candle for bars and labels, CSS pixels. */
const labelRoom = (width: number): number => (width > 760 ? 236 : width > 480 ? 150 : width > 260 ? 84 : 40);

/** Gaps in the candles up to this many are left free on the axis of times. */
const mostSteps = 3000;

/**
 * Draws into the element, follows its size, and goes when the signal aborts.
 *
 * @param onPoint told where the reader points or touches; undefined once it is nowhere
 */
export function createBandsChart(
  element: HTMLElement,
  language: Language,
  signal: AbortSignal,
  onPoint: (point: Point | undefined) => void,
): BandsChart {
  const chart = chartIn(element, language);
  // Whatever its size, the chart shows all there is.
  const showAll = () => {
    chart.timeScale().applyOptions({ rightOffsetPixels: labelRoom(element.clientWidth) });
    chart.timeScale().fitContent();
  };
  keepFitted(chart, element, showAll, signal);
  let shown: { series: ISeriesApi<'Candlestick'>; bands: BandsPrimitive } | undefined;
  let last: { snapshot: WindowSnapshot; look: BandsLook } | undefined;
  let steps: Steps = { from: 0, ms: 1 };
  const xOf = (time: number) =>
    chart.timeScale().logicalToCoordinate(((time - steps.from) / steps.ms) as never) ?? Number.NaN;
  const point = ({ point: at }: MouseEventParams) => {
    const value = at && shown?.series.coordinateToPrice(at.y);
    const step = at && chart.timeScale().coordinateToLogical(at.x);
    if (!at || value == null || step == null) onPoint(undefined);
    else onPoint({ x: at.x, y: at.y, price: value, time: steps.from + step * steps.ms });
  };
  chart.subscribeCrosshairMove(point);
  // A finger that only taps moves no crosshair.
  chart.subscribeClick(point);

  return {
    show(snapshot, heat, look) {
      const { view, candles } = snapshot;
      const loaded = last?.snapshot !== snapshot;
      const recoloured = last?.look.scheme !== look.scheme;
      if (!loaded && !recoloured && last?.look.freshness === look.freshness) return;
      last = { snapshot, look };
      if (loaded) steps = stepsOf(candles);
      const scene = { view, heat, look, language, xOf };
      shown ??= addSeries(chart, new BandsPrimitive(scene), view.price);
      const { series, bands } = shown;
      if (recoloured) {
        chart.applyOptions(chartColors(look.scheme));
        series.applyOptions(candleColors(look.scheme));
      }
      bands.set(scene);
      if (!loaded) return;
      const first = series.data().length === 0;
      series.setData(toBars(candles, steps));
      if (first) chart.timeScale().fitContent();
    },
    priceToY: (value) => shown?.series.priceToCoordinate(value) ?? null,
  };
}

function chartIn(element: HTMLElement, { tag }: Language): IChartApi {
  return createChart(element, {
    autoSize: true,
    localization: { locale: tag },
    // Its logo is written as markup, which strict pages refuse, and is a link inside a picture: the footer names the maker.
    layout: { fontFamily, fontSize: 11, attributionLogo: false },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.02, bottom: 0.02 } },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false },
    // The page scrolls under the wheel and a vertical swipe; the chart takes only what is meant for it.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
    crosshair: { mode: CrosshairMode.Normal },
    trackingMode: { exitMode: TrackingModeExitMode.OnTouchEnd },
  });
}

function addSeries(chart: IChartApi, bands: BandsPrimitive, around: number) {
  const minMove = 10 ** Math.floor(Math.log10(around) - 4);
  const series = chart.addSeries(CandlestickSeries, {
    priceFormat: { type: 'custom', formatter: price, minMove },
  });
  series.attachPrimitive(bands);
  return { series, bands };
}

/** The axis of times: one place each `ms`. */
interface Steps {
  from: number;
  ms: number;
}

function stepsOf(candles: readonly Candle[]): Steps {
  let ms = Number.POSITIVE_INFINITY;
  for (let i = 1; i < candles.length; i++) ms = Math.min(ms, candles[i]![0] - candles[i - 1]![0]);
  return { from: candles[0]![0], ms: Number.isFinite(ms) ? ms : 1 };
}

/** Bars at even steps, free places where there is no candle. */
function toBars(candles: readonly Candle[], { from, ms }: Steps) {
  const end = candles.at(-1)![0];
  const isEven = (end - from) / ms < mostSteps && candles.every(([time]) => (time - from) % ms === 0);
  return candles.flatMap(([time, open, high, low, close], i) => {
    const free: { time: UTCTimestamp }[] = [];
    const before = candles[i - 1]?.[0];
    if (isEven && before !== undefined)
      for (let at = before + ms; at < time; at += ms) free.push({ time: (at / 1000) as UTCTimestamp });
    return [...free, { time: (time / 1000) as UTCTimestamp, open, high, low, close }];
  });
}

function chartColors(scheme: ColorScheme) {
  const { muted, line } = ink[scheme];
  const { background, grid } = chartInk[scheme];
  return {
    layout: { background: { type: ColorType.Solid, color: background }, textColor: muted },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: {
      vertLine: { color: muted, labelBackgroundColor: line },
      horzLine: { color: muted, labelBackgroundColor: line },
    },
  };
}

function candleColors(scheme: ColorScheme) {
  const { rise, fall } = chartInk[scheme];
  return {
    upColor: rise,
    wickUpColor: rise,
    downColor: fall,
    wickDownColor: fall,
    borderVisible: false,
    priceLineColor: ink[scheme].muted,
  };
}
