import {
  CandlestickSeries,
  ColorType,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';
import { type ColorScheme, chartInk, fontFamily, ink } from '../paint/theme';
import type { Candle, WindowSnapshot } from '../protocol/snapshot';
import { price } from '../ui/format';
import { type BandsLook, BandsPrimitive } from './primitive';

/** Candles with bands behind them. */
export interface BandsChart {
  show(snapshot: WindowSnapshot, look: BandsLook): void;
  /** CSS pixels from the top of the chart; null where the price has no place on it. */
  priceToY(price: number): number | null;
}

/** Room right of the newest candle for the labels, CSS pixels. */
const labelRoom = 100;

/** Draws into the element, follows its size, and goes when the signal aborts. */
export function createBandsChart(element: HTMLElement, signal: AbortSignal): BandsChart {
  const chart: IChartApi = createChart(element, {
    autoSize: true,
    // Its logo is written as markup, which strict pages refuse, and is a link inside a picture: the footer names the maker.
    layout: { fontFamily, fontSize: 11, attributionLogo: false },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.02, bottom: 0.02 } },
    timeScale: {
      borderVisible: false,
      timeVisible: true,
      secondsVisible: false,
      rightOffsetPixels: labelRoom,
    },
    // The page scrolls under the wheel and a vertical swipe; the chart takes only what is meant for it.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  });
  // Whatever its size, the chart shows all there is.
  const resized = new ResizeObserver(() => chart.timeScale().fitContent());
  resized.observe(element);
  signal.addEventListener(
    'abort',
    () => {
      resized.disconnect();
      chart.remove();
    },
    { once: true },
  );
  let shown: { series: ISeriesApi<'Candlestick'>; bands: BandsPrimitive } | undefined;
  let last: { snapshot: WindowSnapshot; look: BandsLook } | undefined;

  return {
    show(snapshot, look) {
      const { view, candles } = snapshot;
      const loaded = last?.snapshot !== snapshot;
      const recoloured = last?.look.scheme !== look.scheme;
      if (!loaded && !recoloured && last?.look.freshness === look.freshness) return;
      last = { snapshot, look };
      if (!shown) {
        const minMove = 10 ** Math.floor(Math.log10(view.price) - 4);
        const series = chart.addSeries(CandlestickSeries, {
          priceFormat: { type: 'custom', formatter: price, minMove },
        });
        const bands = new BandsPrimitive(view, look);
        series.attachPrimitive(bands);
        shown = { series, bands };
      }
      const { series, bands } = shown;
      if (recoloured) {
        chart.applyOptions(chartColors(look.scheme));
        series.applyOptions(candleColors(look.scheme));
      }
      bands.set(view, look);
      if (!loaded) return;
      const first = series.data().length === 0;
      series.setData(candles.map(toBar));
      if (first) chart.timeScale().fitContent();
    },
    priceToY: (value) => shown?.series.priceToCoordinate(value) ?? null,
  };
}

function toBar([time, open, high, low, close]: Candle) {
  return { time: (time / 1000) as UTCTimestamp, open, high, low, close };
}

function chartColors(scheme: ColorScheme) {
  const { muted, line } = ink[scheme];
  const { background, grid } = chartInk[scheme];
  return {
    layout: { background: { type: ColorType.Solid, color: background }, textColor: muted },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: { vertLine: { color: line }, horzLine: { color: line } },
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
