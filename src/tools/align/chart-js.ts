import type { Library } from './api';
import { between, happens, priceRange, resize } from './random';

interface ChartJs {
  options: { scales: { x: { min?: number; max?: number }; y: Record<string, unknown> } };
  scales: { y: { getPixelForValue(value: number): number; getValueForPixel(y: number): number } };
  chartArea: { top: number; bottom: number };
  canvas: HTMLCanvasElement;
  resize(width: number, height: number): void;
  update(mode?: string): void;
}

/** Chart.js with its financial plugin. */
export const chartJs: Library = (setup) => {
  const { container, bars, random, print } = setup;
  const canvas = document.createElement('canvas');
  container.append(canvas);
  resize(setup);
  const ticks = { callback: print };
  const Chart = (window as unknown as { Chart: new (canvas: HTMLCanvasElement, config: object) => ChartJs })
    .Chart;
  const chart = new Chart(canvas, {
    type: 'candlestick',
    data: {
      datasets: [
        {
          label: 'Price',
          data: bars.map((bar) => ({
            x: bar.time * 1000,
            o: bar.open,
            h: bar.high,
            l: bar.low,
            c: bar.close,
          })),
        },
      ],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: { y: { type: 'linear', position: 'right', ticks } },
    },
  });
  const top = () => canvas.getBoundingClientRect().top;
  return {
    shuffle() {
      const log = happens(random, 0.25);
      const range = priceRange(setup);
      const reverse = happens(random, 0.15);
      chart.options.scales.y = {
        type: log ? 'logarithmic' : 'linear',
        position: happens(random, 0.7) ? 'right' : 'left',
        reverse,
        ticks,
        min: range.low,
        max: range.high,
      };
      const from = Math.floor(between(random, 0, 200));
      chart.options.scales.x = { min: bars[from]!.time * 1000, max: bars[from + 60]!.time * 1000 };
      if (happens(random, 0.3)) {
        const { width, height } = resize(setup);
        chart.resize(width, height);
      }
      chart.update('none');
      return {
        scale: log ? 'log' : 'linear',
        note: `${log ? 'log' : 'linear'}${reverse ? ' inverted' : ''}`,
      };
    },
    nudge(phase) {
      const middle = bars[150]!.close;
      chart.options.scales.y.min = middle * (0.94 + 0.03 * phase);
      chart.options.scales.y.max = middle * (1.03 + 0.05 * phase);
      chart.update('none');
    },
    toY: (price) => top() + chart.scales.y.getPixelForValue(price),
    toPrice: (y) => chart.scales.y.getValueForPixel(y - top()),
    plot: () => ({ top: top() + chart.chartArea.top, bottom: top() + chart.chartArea.bottom }),
  };
};
