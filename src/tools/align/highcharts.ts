import type { Library, Shuffled } from './api';

/**
 * Runs inside the pages that `align` opens, Highcharts as SVG, with `plotLines`. Its licence keeps
 * the library out of this repository and out of its dependencies: `align` loads it where it is installed.
 */

interface Axis {
  update(options: object, redraw?: boolean): void;
  addPlotLine(options: object): void;
  removePlotLine(id: string): void;
  setExtremes(min?: number, max?: number, redraw?: boolean, animation?: boolean): void;
  toPixels(value: number): number;
  toValue(pixel: number): number;
}

interface HighchartsChart {
  yAxis: Axis[];
  xAxis: Axis[];
  plotTop: number;
  plotHeight: number;
  container: HTMLElement;
  setSize(width: number, height: number, animation: boolean): void;
  redraw(animation: boolean): void;
}

/** Where charts of the field have their labels: outside the plot, or inside it on top of the gridline. */
const labelPlaces = [
  { align: 'left', x: 8 },
  { align: 'left', x: 8, y: 4 },
  { align: 'right', x: -4, y: -3 },
];

export const highcharts: Library = ({ container, bars, random, print, kind }) => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const resize = () => {
    const size = { width: Math.round(480 + 620 * random()), height: Math.round(260 + 360 * random()) };
    Object.assign(container.style, { width: `${size.width}px`, height: `${size.height}px` });
    return size;
  };
  resize();
  const library = (
    window as unknown as {
      Highcharts: { stockChart(target: HTMLElement, options: object): HighchartsChart };
    }
  ).Highcharts;
  const labels = {
    ...pick(labelPlaces),
    formatter(this: { value: number }) {
      return print(this.value);
    },
  };
  const chart = library.stockChart(container, {
    chart: { animation: false, marginRight: 96 },
    credits: { enabled: false },
    rangeSelector: { enabled: false },
    navigator: { enabled: false },
    scrollbar: { enabled: false },
    yAxis: { opposite: true, labels, startOnTick: false, endOnTick: false },
    series: [
      {
        type: 'candlestick',
        animation: false,
        dataGrouping: { enabled: false },
        data: bars.map((bar) => [bar.time * 1000, bar.open, bar.high, bar.low, bar.close]),
      },
    ],
  });
  const [y] = chart.yAxis as [Axis];
  const [x] = chart.xAxis as [Axis];
  const last = bars.at(-1)!.close;
  const isBoxed = random() < 0.7;
  let lines: string[] = [];
  const show = (prices: number[]) => {
    for (const id of lines) y.removePlotLine(id);
    lines = prices.map((value, i) => {
      const id = `line ${i}`;
      const style = isBoxed ? { color: '#fff' } : {};
      const text = isBoxed ? `<span style="background-color:#2962ff">${print(value)}</span>` : print(value);
      const label = { text, useHTML: isBoxed, align: 'right', x: 70, y: 4, style };
      y.addPlotLine({ id, value, color: '#2962ff', width: 1, zIndex: 5, label });
      return id;
    });
  };
  // Who has lines on a chart has the last price among them.
  if (kind === 'ladder') show([last]);
  const top = () => chart.container.getBoundingClientRect().top;
  const view = (from: number, count: number) =>
    x.setExtremes(
      bars[from]!.time * 1000,
      bars[Math.min(bars.length - 1, from + count)]!.time * 1000,
      false,
      false,
    );
  return {
    shuffle(): Shuffled {
      const type = random() < 0.25 ? 'logarithmic' : 'linear';
      const reversed = random() < 0.15;
      if (random() < 0.3) {
        const { width, height } = resize();
        chart.setSize(width, height, false);
      }
      y.update({ type, reversed }, false);
      const isZoomed = random() < 0.5;
      const middle = pick(bars).close;
      const half = 10 ** (-2.3 + 1.85 * random());
      if (isZoomed) y.setExtremes(middle * (1 - half), middle * (1 + half), false, false);
      else y.setExtremes(undefined, undefined, false, false);
      view(Math.floor(random() * 200), 12 + Math.floor(random() * 140));
      chart.redraw(false);
      const scale = type === 'linear' ? 'linear' : 'log';
      return { scale, note: `${scale}${reversed ? ' inverted' : ''}${isZoomed ? ' zoomed' : ''}` };
    },
    nudge(phase) {
      const middle = bars[150]!.close;
      y.setExtremes(middle * (0.93 + 0.04 * phase), middle * (1.02 + 0.06 * phase), false, false);
      view(Math.floor(100 + phase * 20), 80);
      chart.redraw(false);
    },
    lines: (prices) => show([...prices, last]),
    toY: (price) => top() + y.toPixels(price),
    toPrice: (pixel) => y.toValue(pixel - top()),
    plot: () => ({ top: top() + chart.plotTop, bottom: top() + chart.plotTop + chart.plotHeight }),
  };
};
