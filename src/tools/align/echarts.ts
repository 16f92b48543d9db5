import type { Library } from './api';
import { between, happens, priceRange, resize } from './random';

interface ECharts {
  setOption(option: object, replace?: boolean): void;
  resize(size?: object): void;
  convertToPixel(finder: object, value: number): number;
  convertFromPixel(finder: object, y: number): number;
}

/** ECharts, drawing on canvas or as SVG. */
export const echarts =
  (renderer: 'canvas' | 'svg'): Library =>
  (setup) => {
    const { container, bars, random, print, kind } = setup;
    resize(setup);
    const library = (
      window as unknown as { echarts: { init(target: HTMLElement, theme: null, options: object): ECharts } }
    ).echarts;
    const chart = library.init(container, null, { renderer });
    const volumePane = happens(random, 0.6);
    const grids = volumePane
      ? [
          { left: 20, right: 90, top: 20, height: '58%' },
          { left: 20, right: 90, top: '76%', height: '16%' },
        ]
      : [{ left: 20, right: 90, top: 20, bottom: 30 }];
    const times = bars.map((bar) => new Date(bar.time * 1000).toISOString().slice(5, 16));
    const yAxis = (log: boolean, range: { low: number; high: number } | undefined, inverse: boolean) => [
      {
        type: log ? 'log' : 'value',
        scale: true,
        position: 'right',
        inverse,
        axisLabel: { formatter: print },
        min: range?.low,
        max: range?.high,
      },
      ...(volumePane ? [{ gridIndex: 1, position: 'right', splitNumber: 2 }] : []),
    ];
    const option = (
      log: boolean,
      range: { low: number; high: number } | undefined,
      inverse: boolean,
      start: number,
      end: number,
    ) => ({
      animation: false,
      grid: grids,
      xAxis: grids.map((_, gridIndex) => ({ type: 'category', data: times, gridIndex })),
      yAxis: yAxis(log, range, inverse),
      dataZoom: [{ type: 'inside', xAxisIndex: grids.map((_, i) => i), start, end }],
      series: [
        {
          type: 'candlestick',
          data: bars.map((bar) => [bar.open, bar.close, bar.low, bar.high]),
          markLine: {
            symbol: 'none',
            // Two by default: lines of small coins would stand at other prices.
            precision: 12,
            label: {
              position: 'end',
              formatter: ({ value }: { value: number }) => print(value),
              ...(boxed ? { color: '#fff', backgroundColor: '#2962ff', padding: 3 } : {}),
            },
            data: marked.map((price) => ({ yAxis: price })),
          },
        },
        ...(volumePane
          ? [{ type: 'bar', xAxisIndex: 1, yAxisIndex: 1, data: bars.map((bar) => bar.volume) }]
          : []),
      ],
    });
    let marked: number[] = [];
    if (kind === 'ladder') marked = [bars.at(-1)!.close];
    const boxed = happens(random, 0.7);
    /** Who has lines on a chart has the last price among them. */
    const lastPrice = bars.at(-1)!.close;
    chart.setOption(option(false, undefined, false, 50, 100), true);
    const top = () => container.getBoundingClientRect().top;
    const finder = { yAxisIndex: 0 };
    let shown: Parameters<typeof option> = [false, undefined, false, 50, 100];
    return {
      lines(prices) {
        marked = [...prices, lastPrice];
        chart.setOption(option(...shown), true);
      },
      shuffle() {
        // Its log axis puts labels at powers of ten only: readable where the range holds several.
        const log = happens(random, 0.1);
        const inverse = happens(random, 0.15);
        const range = happens(random, 0.5) ? priceRange(setup) : undefined;
        const start = between(random, 0, 60);
        if (happens(random, 0.3)) {
          resize(setup);
          chart.resize();
        }
        shown = [log, range, inverse, start, start + between(random, 5, 40)];
        chart.setOption(option(...shown), true);
        return {
          scale: log ? 'log' : 'linear',
          note: `${log ? 'log' : 'linear'}${inverse ? ' inverted' : ''}${range ? ' zoomed' : ''}`,
        };
      },
      nudge(phase) {
        const middle = bars[150]!.close;
        chart.setOption(
          option(
            false,
            { low: middle * (0.94 + 0.03 * phase), high: middle * (1.03 + 0.05 * phase) },
            false,
            20,
            80,
          ),
          true,
        );
      },
      toY: (price) => top() + chart.convertToPixel(finder, price),
      toPrice: (y) => chart.convertFromPixel(finder, y - top()),
      plot() {
        const height = container.clientHeight;
        return { top: top() + 20, bottom: top() + (volumePane ? 20 + height * 0.58 : height - 30) };
      },
    };
  };
