import type { Library } from './api';
import { between, happens, priceRange, resize } from './random';

interface UPlot {
  setScale(name: string, range: { min: number; max: number }): void;
  setSize(size: { width: number; height: number }): void;
  valToPos(value: number, scale: string, canvas: boolean): number;
  posToVal(y: number, scale: string, canvas: boolean): number;
  destroy(): void;
  over: HTMLElement;
}

/** uPlot. */
export const uplot: Library = (setup) => {
  const { container, bars, random, print } = setup;
  const Plot = (
    window as unknown as { uPlot: new (options: object, data: unknown[], target: HTMLElement) => UPlot }
  ).uPlot;
  const data = [bars.map((bar) => bar.time), bars.map((bar) => bar.close)];
  let plot: UPlot | undefined;
  let direction: 1 | -1 = 1;
  let log = false;
  const build = () => {
    plot?.destroy();
    const axis = {
      size: 90,
      side: 1,
      values: (_: unknown, ticks: (number | null)[]) =>
        ticks.map((tick) => (tick === null ? '' : print(tick))),
    };
    plot = new Plot(
      {
        ...resize(setup),
        scales: { y: { distr: log ? 3 : 1, dir: direction } },
        axes: [{}, axis],
        series: [{}, { stroke: '#4488ff' }],
      },
      data,
      container,
    );
  };
  build();
  return {
    shuffle() {
      log = happens(random, 0.25);
      direction = happens(random, 0.15) ? -1 : 1;
      if (happens(random, 0.6)) build();
      else plot!.setSize(resize(setup));
      const range = priceRange(setup);
      plot!.setScale('y', { min: range.low, max: range.high });
      const from = Math.floor(between(random, 0, 200));
      plot!.setScale('x', { min: bars[from]!.time, max: bars[from + 60]!.time });
      return {
        scale: log ? 'log' : 'linear',
        note: `${log ? 'log' : 'linear'}${direction < 0 ? ' inverted' : ''}`,
      };
    },
    nudge(phase) {
      const middle = bars[150]!.close;
      plot!.setScale('y', { min: middle * (0.94 + 0.03 * phase), max: middle * (1.03 + 0.05 * phase) });
    },
    origin: () => plot!.over.getBoundingClientRect().top,
    toY: (price) => plot!.over.getBoundingClientRect().top + plot!.valToPos(price, 'y', false),
    toPrice: (y) => plot!.posToVal(y - plot!.over.getBoundingClientRect().top, 'y', false),
    plot: () => plot!.over.getBoundingClientRect(),
  };
};
