import type { Library } from './api';
import { between, happens, priceRange, resize } from './random';

interface LwcSeries {
  createPriceLine(options: object): object;
  removePriceLine(line: object): void;
  setData(data: unknown[]): void;
  applyOptions(options: object): void;
  priceToCoordinate(price: number): number | null;
  coordinateToPrice(y: number): number | null;
}
interface LwcScale {
  applyOptions(options: object): void;
}
interface LwcChart {
  addSeries?(type: unknown, options: object): LwcSeries;
  addCandlestickSeries?(options: object): LwcSeries;
  priceScale(id: string): LwcScale;
  timeScale(): { setVisibleLogicalRange(range: { from: number; to: number }): void };
  applyOptions(options: object): void;
  resize(width: number, height: number): void;
}
interface LwcGlobal {
  createChart(container: HTMLElement, options: object): LwcChart;
  CandlestickSeries?: unknown;
}

/** lightweight-charts 3, 4 and 5. */
export const lightweight: Library = (setup) => {
  const { container, bars, decimals, random, print } = setup;
  const library = (window as unknown as { LightweightCharts: LwcGlobal }).LightweightCharts;
  const dark = happens(random, 0.5);
  const background = dark ? '#131722' : '#ffffff';
  const chart = library.createChart(container, {
    ...resize(setup),
    layout: {
      background: { type: 'solid', color: background },
      backgroundColor: background,
      // As often in the ink that tags have.
      textColor: happens(random, 0.3) ? (dark ? '#ffffff' : '#000000') : dark ? '#ddd' : '#222',
    },
    rightPriceScale: { visible: true },
    localization: { priceFormatter: print },
  });
  const options = { priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals } };
  const series = chart.addSeries
    ? chart.addSeries(library.CandlestickSeries, options)
    : chart.addCandlestickSeries!(options);
  series.setData(bars);
  let range: { low: number; high: number } | undefined;
  let lines: object[] = [];
  series.applyOptions({
    autoscaleInfoProvider: (original: () => unknown) =>
      range ? { priceRange: { minValue: range.low, maxValue: range.high } } : original(),
  });
  const paneTop = () => {
    let best: DOMRect | undefined;
    for (const canvas of container.querySelectorAll('canvas')) {
      const rect = canvas.getBoundingClientRect();
      if (!best || rect.width * rect.height > best.width * best.height) best = rect;
    }
    return best!;
  };
  const drag = (x0: number, y0: number, x1: number, y1: number) => {
    const target = document.elementFromPoint(x0, y0) ?? container;
    const fire = (type: string, on: EventTarget, x: number, y: number) =>
      on.dispatchEvent(
        new MouseEvent(type, {
          bubbles: true,
          cancelable: true,
          clientX: x,
          clientY: y,
          button: 0,
          buttons: 1,
          view: window,
        }),
      );
    fire('mousedown', target, x0, y0);
    fire('mousemove', document.documentElement, x1, y1);
    fire('mouseup', document.documentElement, x1, y1);
  };
  return {
    shuffle() {
      const mode = happens(random, 0.6) ? 0 : happens(random, 0.6) ? 1 : happens(random, 0.5) ? 2 : 3;
      const size = happens(random, 0.2) ? resize(setup) : undefined;
      if (size) chart.resize(size.width, size.height);
      range = happens(random, 0.5) ? priceRange(setup) : undefined;
      const from = between(random, -10, 220);
      chart.timeScale().setVisibleLogicalRange({ from, to: from + between(random, 12, 160) });
      const options = {
        mode,
        autoScale: true,
        invertScale: happens(random, 0.2),
        scaleMargins: { top: between(random, 0.02, 0.35), bottom: between(random, 0.02, 0.35) },
      };
      chart.priceScale('right').applyOptions(options);
      let dragged = false;
      if (happens(random, 0.3)) {
        const rect = paneTop();
        const x = rect.right + 20;
        dragged = true;
        drag(x, rect.top + rect.height / 2, x, rect.top + rect.height / 2 + between(random, -80, 80));
        if (happens(random, 0.5)) {
          const y = rect.top + rect.height / 2;
          drag(rect.left + 100, y, rect.left + 100 + between(random, -60, 60), y + between(random, -60, 60));
        }
      }
      if (happens(random, 0.2)) {
        const rect = paneTop();
        container.querySelector('canvas')!.dispatchEvent(
          new WheelEvent('wheel', {
            bubbles: true,
            deltaY: between(random, -200, 200),
            clientX: rect.left + 80,
            clientY: rect.top + 80,
          }),
        );
      }
      const scale = (['linear', 'log', 'percent', 'indexed'] as const)[mode]!;
      return {
        scale,
        note: `${scale}${options.invertScale ? ' inverted' : ''}${range ? ' zoomed' : ''}${dragged ? ' dragged' : ''}`,
      };
    },
    nudge(phase) {
      const middle = bars[150]!.close;
      range = { low: middle * (0.93 + 0.04 * phase), high: middle * (1.02 + 0.06 * phase) };
      chart.timeScale().setVisibleLogicalRange({ from: 100 + phase * 20, to: 180 + phase * 20 });
    },
    lines(prices) {
      for (const line of lines) series.removePriceLine(line);
      const colors = ['#26a69a', '#ef5350', '#2962ff', '#ffffff', '#000000', background];
      const inOneColor = happens(random, 0.5) ? colors[Math.floor(random() * colors.length)] : undefined;
      lines = prices.map((price) =>
        series.createPriceLine({
          price,
          color: inOneColor ?? colors[Math.floor(random() * colors.length)],
          axisLabelVisible: true,
          title: happens(random, 0.2) ? 'Buy' : '',
        }),
      );
    },
    toY(price) {
      const y = series.priceToCoordinate(price);
      return y === null ? null : paneTop().top + y;
    },
    toPrice: (y) => series.coordinateToPrice(y - paneTop().top),
    plot: paneTop,
  };
};
