/**
 * Runs inside the pages that `align` opens: one adapter a chart library, each able to put its chart into a random state
 * and to say where the library itself places a price. Served to the page as it is, without imports.
 */

export interface AlignState {
  /** The price scale shows prices (not percentages, not an index) with labels enough to read. */
  drawable: boolean;
  /** What the chart was put into, for reports. */
  note: string;
  drawn: boolean;
  /** Distance in CSS px between overlay and library for nine prices, where both are there. */
  errors: number[];
}

export interface AlignApi {
  ready: Promise<void>;
  /** Whether bands are drawn on the chart as it was opened; `due` where they could be and are not yet. */
  opening(): 'drawn' | 'due' | 'none';
  /** Puts the chart into its next random state, lets it settle and compares. */
  next(): Promise<AlignState>;
  /** Pans for `frames` frames; counts those presented with overlay and chart apart by more than 1.5 px. */
  pan(frames: number): Promise<{ frames: number; late: number }>;
}

interface Bar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** `other`: prices, but of another coin or in another currency. */
type Scale = 'linear' | 'log' | 'percent' | 'indexed' | 'other';

export interface Shuffled {
  scale: Scale;
  note: string;
}

/** A chart under test. */
interface Subject {
  /** Puts the chart into a random state and says which, once the chart shows it. */
  shuffle(): Shuffled | Promise<Shuffled>;
  /** The smallest change that repaints with another price range; `phase` runs from 0 to 1. */
  nudge(phase: number): void | Promise<void>;
  /** CSS px from the top of the frame, by the library's own reckoning. */
  toY(price: number): number | null;
  toPrice(y: number): number | null;
  /** Plot area in CSS px of the frame. */
  plot(): { top: number; bottom: number };
  /** CSS px from the top of the frame to where the library's own pixels count from; the container's top where it does not say. */
  origin?(): number;
  /** Takes the lines of before off the chart and puts lines with labels on the axis at these prices. */
  lines?(prices: number[]): void;
}

export interface Setup {
  container: HTMLElement;
  bars: Bar[];
  decimals: number;
  random: () => number;
  kind: Kind;
  /** Prints a price for the axis, for libraries that can be told how. */
  print(price: number): string;
  /** Where the library's folders are served, with a slash at its end. */
  files: string;
}

/**
 * What is on the page beside a chart: nothing; ladders of price lines with labels; a second chart with prices somewhat
 * above; or the one chart alone, in another currency.
 */
type Kind = '' | 'ladder' | 'second' | 'converted';

export type Library = (setup: Setup) => Subject | Promise<Subject>;

const between = (random: () => number, low: number, high: number): number => low + (high - low) * random();
const chance = (random: () => number, share: number): boolean => random() < share;

/** mulberry32: small, seeded, good enough to shuffle charts. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function walk(level: number, random: () => number): Bar[] {
  const bars: Bar[] = [];
  let price = level;
  for (let i = 0; i < 300; i++) {
    const open = price;
    price = Math.max(level * 0.7, Math.min(level * 1.4, price * (1 + between(random, -0.008, 0.008))));
    bars.push({
      time: 1_725_000_000 + i * 3600,
      open,
      close: price,
      high: Math.max(open, price) * (1 + 0.004 * random()),
      low: Math.min(open, price) * (1 - 0.004 * random()),
      volume: between(random, 100, 5000),
    });
  }
  // The last bar closes at the symbol's price, as on a live chart.
  const factor = level / price;
  return bars.map(({ time, volume, ...prices }) => ({
    time,
    volume,
    open: prices.open * factor,
    high: prices.high * factor,
    low: prices.low * factor,
    close: prices.close * factor,
  }));
}

// ---- how prices are printed ----

/** Locales with signs, groups and digits of their own. */
const locales = [
  ...['en-US', 'de-DE', 'fr-FR', 'es-ES', 'de-CH', 'en-IN', 'pl-PL', 'nb-NO', 'pt-BR'],
  ...[
    'ar-EG',
    'fa-IR',
    'hi-IN-u-nu-deva',
    'bn-BD',
    'th-TH-u-nu-thai',
    'my-MM-u-nu-mymr',
    'ja-JP-u-nu-fullwide',
  ],
];

interface Format {
  note: string;
  print(price: number): string;
  /** Unit of the last printed digit. */
  unit(price: number): number;
}

const magnitude = (price: number): number => Math.floor(Math.log10(Math.abs(price)));

/** `0.0₅1234`: the zeros after the point as their count. */
function foldZeros(text: string): string {
  const [, zeros, rest] = /^0\.0(0+)([1-9]\d*)$/.exec(text) ?? [];
  if (!zeros) return text;
  const count = [...String(zeros.length + 1)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
  return `0.0${count}${rest}`;
}

/** Half of all charts print plain digits, the others in any way that charts are known to. */
function formatOf(decimals: number, random: () => number): Format {
  const unit = () => 10 ** -decimals;
  const plain: Format = { note: '', print: (price) => price.toFixed(decimals), unit };
  if (chance(random, 0.5)) return plain;
  if (chance(random, 0.6)) {
    const locale = locales[Math.floor(random() * locales.length)]!;
    const { format } = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    return { note: locale, print: (price) => format(price), unit };
  }
  const digits = 6 + Math.floor(random() * 3);
  const significant = (price: number) => 10 ** (magnitude(price) - digits + 1);
  const ways: Format[] = [
    { note: 'dollar', print: (price) => `$${plain.print(price)}`, unit },
    { note: 'folded', print: (price) => foldZeros(plain.print(price)), unit },
    {
      note: `${digits} digits`,
      print: (price) =>
        Number(price.toPrecision(digits))
          .toFixed(12)
          .replace(/\.?0+$/, ''),
      unit: significant,
    },
    { note: 'exponent', print: (price) => price.toExponential(digits - 1), unit: significant },
  ];
  return ways[Math.floor(random() * ways.length)]!;
}

/** Prices by what was printed for them, since the last state. */
const printed = new Map<string, number>();

/** A random price range: from a tight zoom to several times what the bars cover. */
function priceRange({ bars, random }: Setup): { low: number; high: number } {
  const middle = bars[Math.floor(random() * bars.length)]!.close;
  const half = 10 ** between(random, -2.3, -0.45);
  return { low: middle * (1 - half), high: middle * (1 + half) };
}

/**
 * One to sixty prices of orders or lines: a trader's grid at even steps of price or of percent, round or not, or prices
 * here and there.
 */
function ladder({ bars, decimals, random }: Setup): number[] {
  const count = Math.ceil(60 * random() ** 1.5);
  const middle = bars[Math.floor(between(random, 0.3, 1) * (bars.length - 1))]!.close;
  const share = 10 ** between(random, -4.3, -1.7);
  const kind = Math.floor(random() * 4);
  const step = kind === 0 ? 10 ** Math.round(Math.log10(middle * share)) : middle * share;
  const from = kind === 0 ? Math.round(middle / step) * step : middle;
  const prices: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = i - Math.floor(count / 2);
    if (kind < 2) prices.push(from + at * step);
    else if (kind === 2) prices.push(from * (1 + share) ** at);
    else prices.push(from * (1 + between(random, -15, 15) * share));
  }
  return prices.map((price) => Number(price.toFixed(decimals))).filter((price) => price > 0);
}

function resize({ container, random }: Setup): { width: number; height: number } {
  const width = Math.round(between(random, 480, 1100));
  const height = Math.round(between(random, 260, 620));
  container.style.width = `${width}px`;
  container.style.height = `${height}px`;
  return { width, height };
}

// ---- lightweight-charts 3, 4 and 5 ----

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

const lightweight: Library = (setup) => {
  const { container, bars, decimals, random, print } = setup;
  const library = (window as unknown as { LightweightCharts: LwcGlobal }).LightweightCharts;
  const dark = chance(random, 0.5);
  const background = dark ? '#131722' : '#ffffff';
  const chart = library.createChart(container, {
    ...resize(setup),
    layout: {
      background: { type: 'solid', color: background },
      backgroundColor: background,
      // As often in the ink that tags have.
      textColor: chance(random, 0.3) ? (dark ? '#ffffff' : '#000000') : dark ? '#ddd' : '#222',
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
      const mode = chance(random, 0.6) ? 0 : chance(random, 0.6) ? 1 : chance(random, 0.5) ? 2 : 3;
      const size = chance(random, 0.2) ? resize(setup) : undefined;
      if (size) chart.resize(size.width, size.height);
      range = chance(random, 0.5) ? priceRange(setup) : undefined;
      const from = between(random, -10, 220);
      chart.timeScale().setVisibleLogicalRange({ from, to: from + between(random, 12, 160) });
      const options = {
        mode,
        autoScale: true,
        invertScale: chance(random, 0.2),
        scaleMargins: { top: between(random, 0.02, 0.35), bottom: between(random, 0.02, 0.35) },
      };
      chart.priceScale('right').applyOptions(options);
      let dragged = false;
      if (chance(random, 0.3)) {
        const rect = paneTop();
        const x = rect.right + 20;
        dragged = true;
        drag(x, rect.top + rect.height / 2, x, rect.top + rect.height / 2 + between(random, -80, 80));
        if (chance(random, 0.5)) {
          const y = rect.top + rect.height / 2;
          drag(rect.left + 100, y, rect.left + 100 + between(random, -60, 60), y + between(random, -60, 60));
        }
      }
      if (chance(random, 0.2)) {
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
      const inOneColor = chance(random, 0.5) ? colors[Math.floor(random() * colors.length)] : undefined;
      lines = prices.map((price) =>
        series.createPriceLine({
          price,
          color: inOneColor ?? colors[Math.floor(random() * colors.length)],
          axisLabelVisible: true,
          title: chance(random, 0.2) ? 'Buy' : '',
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

// ---- KLineChart 9 and 10 ----

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

const kline =
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
    if (chance(random, 0.6)) chart.createIndicator('VOL');
    const finder = { paneId: 'candle_pane', absolute: true };
    const top = () => container.getBoundingClientRect().top;
    const axisName = { linear: 'normal', log: version === 9 ? 'log' : 'logarithm', percent: 'percentage' };
    return {
      shuffle() {
        const scale = chance(random, 0.65) ? 'linear' : chance(random, 0.7) ? 'log' : 'percent';
        const inverted = chance(random, 0.2);
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
        if (chance(random, 0.3)) {
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
        return y === undefined || !Number.isFinite(y) ? null : top() + y;
      },
      toPrice(y) {
        const value = chart.convertFromPixel([{ x: 50, y: y - top() }], finder)[0]?.value;
        return value === undefined || !Number.isFinite(value) ? null : value;
      },
      plot() {
        const size = chart.getSize('candle_pane', 'main')!;
        return { top: top() + size.top, bottom: top() + size.top + size.height };
      },
    };
  };

// ---- uPlot ----

interface UPlot {
  setScale(name: string, range: { min: number; max: number }): void;
  setSize(size: { width: number; height: number }): void;
  valToPos(value: number, scale: string, canvas: boolean): number;
  posToVal(y: number, scale: string, canvas: boolean): number;
  destroy(): void;
  over: HTMLElement;
}

const uplot: Library = (setup) => {
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
      log = chance(random, 0.25);
      direction = chance(random, 0.15) ? -1 : 1;
      if (chance(random, 0.6)) build();
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

// ---- Chart.js with its financial plugin ----

interface ChartJs {
  options: { scales: { x: { min?: number; max?: number }; y: Record<string, unknown> } };
  scales: { y: { getPixelForValue(value: number): number; getValueForPixel(y: number): number } };
  chartArea: { top: number; bottom: number };
  canvas: HTMLCanvasElement;
  resize(width: number, height: number): void;
  update(mode?: string): void;
}

const chartJs: Library = (setup) => {
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
      const log = chance(random, 0.25);
      const range = priceRange(setup);
      const reverse = chance(random, 0.15);
      chart.options.scales.y = {
        type: log ? 'logarithmic' : 'linear',
        position: chance(random, 0.7) ? 'right' : 'left',
        reverse,
        ticks,
        min: range.low,
        max: range.high,
      };
      const from = Math.floor(between(random, 0, 200));
      chart.options.scales.x = { min: bars[from]!.time * 1000, max: bars[from + 60]!.time * 1000 };
      if (chance(random, 0.3)) {
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

// ---- ECharts, drawing on canvas or as SVG ----

interface ECharts {
  setOption(option: object, replace?: boolean): void;
  resize(size?: object): void;
  convertToPixel(finder: object, value: number): number;
  convertFromPixel(finder: object, y: number): number;
}

const echarts =
  (renderer: 'canvas' | 'svg'): Library =>
  (setup) => {
    const { container, bars, random, print, kind } = setup;
    resize(setup);
    const library = (
      window as unknown as { echarts: { init(target: HTMLElement, theme: null, options: object): ECharts } }
    ).echarts;
    const chart = library.init(container, null, { renderer });
    const volumePane = chance(random, 0.6);
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
    const boxed = chance(random, 0.7);
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
        const log = chance(random, 0.1);
        const inverse = chance(random, 0.15);
        const range = chance(random, 0.5) ? priceRange(setup) : undefined;
        const start = between(random, 0, 60);
        if (chance(random, 0.3)) {
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

const libraries: Record<string, Library> = {
  'lightweight-charts': lightweight,
  lwc4: lightweight,
  lwc3: lightweight,
  klinecharts: kline(10),
  klinecharts9: kline(9),
  uplot,
  'chart.js': chartJs,
  'echarts-canvas': echarts('canvas'),
  'echarts-svg': echarts('svg'),
};

/** A library known here, or one that a script from outside put beside them. */
const libraryOf = (name: string): Library =>
  libraries[name] ?? (window as unknown as { extraLibraries: Record<string, Library> }).extraLibraries[name]!;

// ---- comparing ----

/** Numbers written on any canvas since the last state, to judge whether a scale can be read at all. */
const written = new Map<HTMLCanvasElement, string[]>();
/** Whether anything was copied onto a canvas since: labels may have been painted before. */
let copied = false;

function watchWriting({ CanvasRenderingContext2D: { prototype } }: typeof globalThis): void {
  const original = prototype.fillText;
  prototype.fillText = function (this: CanvasRenderingContext2D, ...args) {
    const texts = written.get(this.canvas) ?? [];
    texts.push(String(args[0]));
    written.set(this.canvas, texts);
    original.apply(this, args);
  };
  // What is painted over can be read no more: some libraries paint twice before they come to rest.
  const clear = prototype.clearRect;
  prototype.clearRect = function (this: CanvasRenderingContext2D, ...args) {
    const [left, top, width, height] = args;
    const { clientWidth, clientHeight } = this.canvas;
    if (left <= 0 && top <= 0 && width >= clientWidth && height >= clientHeight) written.delete(this.canvas);
    clear.apply(this, args);
  };
  const copy = prototype.drawImage as (...args: unknown[]) => void;
  prototype.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    copied = true;
    copy.apply(this, args);
  };
}

/** A chart on a part of the page that is scaled: its library knows nothing of that. */
function rescaled(subject: Subject, container: HTMLElement, scale: number): Subject {
  if (scale === 1) return subject;
  const origin = () => subject.origin?.() ?? container.getBoundingClientRect().top;
  return {
    ...subject,
    toY(price) {
      const y = subject.toY(price);
      return y === null ? null : origin() + (y - origin()) * scale;
    },
    toPrice: (y) => subject.toPrice(origin() + (y - origin()) / scale),
  };
}

/** How much larger than by its own reckoning a chart is shown, where its place scales it. */
const scales = [0.8, 1.25, 1.5, 2];

const frame = () => new Promise<void>((done) => requestAnimationFrame(() => done()));
/** After the frame that is being made has been presented. */
const presented = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      channel.port2.postMessage(0);
    });
  });

interface Shown {
  toY(price: number): number;
}

/** A document, or a shadow root, of this frame or of one inside it that can be looked into. */
interface Root {
  node: ParentNode;
  /** CSS px from the top of this frame to its own. */
  top: number;
}

/** The place of the chart, and all frames inside it: libraries bring frames of their own. */
function rootsIn(node: ParentNode, top = 0): Root[] {
  const inner = [...node.querySelectorAll('iframe')].flatMap((frame) => {
    const document = frame.contentDocument;
    return document ? rootsIn(document, top + frame.getBoundingClientRect().top + frame.clientTop) : [];
  });
  return [{ node, top }, ...inner];
}

const watched = new WeakSet<object>();
function watchAll(roots: Root[]): void {
  for (const { node } of roots) {
    const own = (node.ownerDocument ?? (node as Document)).defaultView as typeof globalThis | null;
    if (!own || watched.has(own)) continue;
    watched.add(own);
    watchWriting(own);
  }
}

interface Overlay extends Shown {
  top: number;
  bottom: number;
}

const overlays = (root: ParentNode): Overlay[] =>
  rootsIn(root).flatMap(({ node, top }) =>
    [...node.querySelectorAll<HTMLElement>('[data-liqbands][data-axis][data-pane]')].flatMap((host) => {
      if (getComputedStyle(host).display === 'none') return [];
      const [, y, , height] = host.dataset.pane!.split(',').map(Number) as [number, number, number, number];
      const { scale, a, b } = JSON.parse(host.dataset.axis!) as {
        scale: 'linear' | 'log';
        a: number;
        b: number;
      };
      return {
        top: top + y,
        bottom: top + y + height,
        toY: (price: number) => top + y + a + b * (scale === 'log' ? Math.log(price) : price),
      };
    }),
  );

/** Whether an overlay lies over a pane of a chart. */
function liesOver({ top, bottom }: Overlay, subject: Subject): boolean {
  const plot = subject.plot();
  return top < plot.bottom - 5 && bottom > plot.top + 5;
}

/** Prices of a second chart on the page, and rates between currencies, as multiples of the symbol's price. */
const seconds = [1.01, 1.03, 1.06, 1.12, 1.2, 1.35, 1.5, 0.97, 0.9, 0.75];
const rates = [0.86, 0.75, 1.53, 3.67, 0.92, 1.36, 1.08, 0.97];

/** An overlay lies over something else than the chart. */
const isElsewhere = (root: ParentNode, subject: Subject): boolean =>
  overlays(root).some((overlay) => !liesOver(overlay, subject));

const overlayOf = (root: ParentNode, subject: Subject): Shown | undefined =>
  overlays(root).find((overlay) => liesOver(overlay, subject));

/** Whether nine prices could be placed within two px by anyone who only sees the labels. */
function readable(subject: Subject, setup: Setup, { unit }: Format): boolean {
  const { top, bottom } = subject.plot();
  const high = subject.toPrice(top);
  const low = subject.toPrice(bottom);
  if (high === null || low === null || !(high > 0) || !(low > 0)) return false;
  // With two decimals, and 100 in reach or the last price out of it, nobody can tell prices from an index.
  const last = setup.bars.at(-1)!.close;
  const isFarFromHundred = Math.max(low, high) < 25 || Math.min(low, high) > 400;
  const margin = Math.abs(high - low) / 2;
  const isNear = (price: number, by: number) =>
    Math.min(low, high) - by < price && Math.max(low, high) + by > price;
  if (unit(last) > 0.008 && !isFarFromHundred && (isNear(100, margin) || !isNear(last, 0))) return false;
  // Half a unit of the last digit, in px.
  return (0.5 * unit(Math.max(low, high)) * (bottom - top)) / Math.abs(high - low) <= 1.5;
}

/** Between overlay and library, px, for nine prices over the pane, or of bars where the library knows none of its pixels' prices. */
function distances(shown: Shown, subject: Subject, bars: readonly Bar[]): number[] {
  const { top, bottom } = subject.plot();
  const distanceAt = (price: number | null): number[] => {
    const own = price !== null && price > 0 ? subject.toY(price) : null;
    return own === null ? [] : [Math.abs(shown.toY(price!) - own)];
  };
  const nine = Array.from({ length: 9 }, (_, i) => (i + 0.5) / 9);
  const errors = nine.flatMap((share) => distanceAt(subject.toPrice(top + (bottom - top) * share)));
  if (errors.length > 0) return errors;
  return nine.flatMap((share) => distanceAt(bars[Math.floor(share * bars.length)]!.close));
}

/** What a label may say: commas group thousands, or are decimal. */
function readings(text: string): number[] {
  const plain = [...text]
    .map((char) => (/\p{Nd}/u.test(char) && char > '9' ? String(digitOf(char)) : char))
    .join('')
    .replace(/0\.0\{(\d+)\}/, (_, zeros) => `0.${'0'.repeat(Number(zeros))}`);
  return [plain.replace(/,/g, ''), plain.replace(',', '.')].map(Number).filter((value) => value > 0);
}

/** The digits of a script stand side by side, nought first. */
function digitOf(char: string): number {
  let code = char.codePointAt(0)!;
  let digit = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(--code))) digit++;
  return digit;
}

/** At least three different numbers stand between the ends of the pane, beside those of lines. */
function labelled(subject: Subject, root: ParentNode, lines: number[]): boolean {
  const { top, bottom } = subject.plot();
  const prices = [subject.toPrice(top), subject.toPrice(bottom)];
  if (prices[0] === null || prices[1] === null) return false;
  const low = Math.min(prices[0]!, prices[1]!);
  const high = Math.max(prices[0]!, prices[1]!);
  const texts = new Set<string>();
  for (const list of written.values()) for (const text of list) texts.add(text);
  for (const { node } of rootsIn(root))
    for (const text of node.querySelectorAll('svg text, svg tspan, div:not(:has(*))'))
      if (/\p{Nd}/u.test(text.textContent) && getComputedStyle(text).visibility === 'visible')
        texts.add(text.textContent.trim());
  if (texts.size === 0) return copied; // labels painted before, or an axis without any
  let count = 0;
  for (const text of texts) {
    const value = printed.get(text);
    const values = value === undefined ? readings(text) : [value];
    if (values.some((value) => value >= low && value <= high && !lines.includes(value))) count++;
  }
  return count >= 3;
}

function start(): AlignApi {
  const parameters = new URLSearchParams(document.currentScript!.dataset.options);
  const seed = Number(parameters.get('seed'));
  const random = seeded(seed);
  const level = Number(parameters.get('level'));
  const decimals = Number(parameters.get('decimals'));
  const container = document.createElement('div');
  container.style.cssText = 'position:relative;width:800px;height:420px';
  let root: ParentNode = document;
  if (parameters.get('shadow')) {
    const host = document.createElement('chart-box');
    document.body.append(host);
    const shadow = host.attachShadow({ mode: parameters.get('shadow') as ShadowRootMode });
    for (const style of document.querySelectorAll('link, style')) shadow.append(style.cloneNode(true));
    shadow.append(container);
    root = shadow;
  } else {
    document.body.append(container);
  }
  const kind = (parameters.get('kind') ?? '') as Kind;
  const place = parameters.get('place');
  const isScaled = place === 'zoomed' || place === 'scaled';
  const shownScale = isScaled ? scales[seed % scales.length]! : 1;
  if (place === 'zoomed') container.style.zoom = String(shownScale);
  if (place === 'scaled') container.style.cssText += `transform:scale(${shownScale});transform-origin:0 0`;
  if (place === 'rtl') document.documentElement.dir = 'rtl';
  const rate = kind === 'converted' ? rates[seed % rates.length]! : 1;
  const bars = walk(level * rate, random);
  const format = formatOf(decimals, random);
  const print = (price: number): string => {
    const text = format.print(price);
    printed.set(text, price);
    return text;
  };
  const files = parameters.get('files') ?? '';
  const setup: Setup = { container, bars, decimals, random, kind, print, files };
  let subject: Subject;
  let second: Subject | undefined;
  const make = libraryOf(parameters.get('library')!);
  watchAll(rootsIn(root));
  const ready = Promise.resolve(make(setup)).then(async (made) => {
    subject = rescaled(made, container, shownScale);
    if (kind === 'second') {
      const other = document.createElement('div');
      container[chance(random, 0.5) ? 'before' : 'after'](other);
      const bars = walk(level * seconds[seed % seconds.length]!, random);
      second = await make({ ...setup, container: other, bars });
    }
    await frame();
    await presented();
  });
  /** Whether anyone who sees the labels could draw bands here. */
  const isDrawable = (scale: string, lines: number[]): boolean =>
    (scale === 'linear' || scale === 'log') &&
    readable(subject, setup, format) &&
    labelled(subject, root, lines);
  return {
    ready,
    opening: () =>
      overlayOf(root, subject) !== undefined
        ? 'drawn'
        : kind !== 'converted' && isDrawable('linear', [])
          ? 'due'
          : 'none',
    async next() {
      watchAll(rootsIn(root));
      written.clear();
      printed.clear();
      copied = false;
      const { scale: ownScale, note } = await subject.shuffle();
      const scale = kind === 'converted' ? 'other' : ownScale;
      await second?.shuffle();
      // The page's layout moved.
      if (second) window.dispatchEvent(new Event('resize'));
      const lines = kind === 'ladder' ? ladder(setup) : [];
      if (kind === 'ladder') subject.lines?.(lines);
      await frame();
      await frame();
      await presented();
      const shown = overlayOf(root, subject);
      const stray = isElsewhere(root, subject);
      const drawable = isDrawable(scale, lines);
      const errors = shown && scale !== 'other' ? distances(shown, subject, setup.bars) : [];
      const size = `${container.clientWidth}×${container.clientHeight}`;
      const told = [note, format.note, size, lines.length ? `${lines.length} lines` : '']
        .filter(Boolean)
        .join(' ');
      if (stray) return { drawable, note: `${told} stray`, drawn: true, errors: [] };
      return { drawable, note: told, drawn: shown !== undefined, errors };
    },
    async pan(frames) {
      let late = 0;
      let counted = 0;
      for (let i = 0; i < frames; i++) {
        await subject.nudge(i / frames);
        await presented();
        const shown = overlayOf(root, subject);
        const { top, bottom } = subject.plot();
        const price = subject.toPrice((top + bottom) / 2);
        const own = price !== null ? subject.toY(price) : null;
        if (!shown || own === null) continue;
        counted++;
        if (Math.abs(shown.toY(price!) - own) > 1.5) late++;
      }
      return { frames: counted, late };
    },
  };
}

(window as unknown as { align: AlignApi }).align = start();
