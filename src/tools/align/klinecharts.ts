import type { Library } from './api';
import { between, happens, resize } from './random';

interface KlineChart {
  applyNewData?(data: unknown[]): void;
  setPriceVolumePrecision?(price: number, volume: number): void;
  setSymbol?(symbol: object): void;
  setPeriod?(period: object): void;
  setDataLoader?(loader: object): void;
  setStyles(styles: object): void;
  overrideYAxis?(options: object): void;
  createIndicator(name: string, stack?: boolean, pane?: object): void;
  convertToPixel(point: object, finder: object): { y?: number };
  convertFromPixel(points: object[], finder: object): { value?: number }[];
  getSize(pane: string, position: string): { top: number; height: number } | null;
  setBarSpace(space: number): void;
  scrollByDistance(distance: number): void;
  scrollToDataIndex(index: number): void;
  resize(): void;
  createOverlay(overlay: object): string;
  removeOverlay(overlay?: object | string): void;
}

/** KLineChart 9 and 10. */
export const kline =
  (version: 9 | 10): Library =>
  async (setup) => {
    const { container, bars, decimals, random } = setup;
    resize(setup);
    const library = (window as unknown as { klinecharts: { init(target: HTMLElement): KlineChart } })
      .klinecharts;
    const chart = library.init(container);
    const data = bars.map(({ time, ...rest }) => ({ timestamp: time * 1000, ...rest }));
    if (version === 9) {
      chart.setPriceVolumePrecision!(decimals, 0);
      chart.applyNewData!(data);
    } else {
      chart.setSymbol!({ ticker: 'X', pricePrecision: decimals, volumePrecision: 0 });
      chart.setPeriod!({ span: 1, type: 'hour' });
      chart.setDataLoader!({
        getBars: ({ callback }: { callback(data: unknown[], more?: boolean): void }) => callback(data, false),
      });
    }
    if (happens(random, 0.6)) chart.createIndicator('VOL');
    const finder = { paneId: 'candle_pane', absolute: true };
    const top = () => container.getBoundingClientRect().top;
    const priceAt = (y: number): number | null => {
      const value = chart.convertFromPixel([{ x: 50, y }], finder)[0]?.value;
      return value === undefined || !Number.isFinite(value) ? null : value;
    };
    const axisName = { linear: 'normal', log: version === 9 ? 'log' : 'logarithm', percent: 'percentage' };
    return {
      shuffle() {
        const scale = happens(random, 0.65) ? 'linear' : happens(random, 0.7) ? 'log' : 'percent';
        const inverted = happens(random, 0.2);
        if (version === 9) {
          chart.setStyles({ yAxis: { type: axisName[scale], reverse: inverted } });
        } else {
          chart.overrideYAxis!({
            paneId: 'candle_pane',
            name: axisName[scale],
            reverse: inverted,
            gap: { top: between(random, 0.05, 0.3), bottom: between(random, 0.05, 0.3) },
          });
        }
        if (happens(random, 0.3)) {
          resize(setup);
          chart.resize();
        }
        chart.setBarSpace(between(random, 3, 40));
        chart.scrollToDataIndex(Math.floor(between(random, 60, 299)));
        return { scale, note: `${scale}${inverted ? ' inverted' : ''}` };
      },
      lines(prices) {
        chart.removeOverlay(version === 9 ? undefined : { name: 'simpleTag' });
        const color = ['#1677ff', '#26a69a', '#76808f'][Math.floor(random() * 3)];
        for (const value of prices) {
          chart.createOverlay({
            name: 'simpleTag',
            points: [{ value }],
            extendData: value.toFixed(decimals),
            styles: { text: { backgroundColor: color } },
          });
        }
      },
      nudge() {
        chart.scrollByDistance(9);
      },
      toY(price) {
        const { y } = chart.convertToPixel({ value: price }, finder);
        if (y === undefined || !Number.isFinite(y)) return null;
        // To a whole pixel, while the way back knows parts of one.
        const [above, below] = [priceAt(y - 0.5), priceAt(y + 0.5)];
        return above === null || below === null ? null : top() + y - 0.5 + (price - above) / (below - above);
      },
      toPrice: (y) => priceAt(y - top()),
      plot() {
        const size = chart.getSize('candle_pane', 'main')!;
        return { top: top() + size.top, bottom: top() + size.top + size.height };
      },
    };
  };
