import { minuteMs } from '../../engine/time';
import { paintLevels } from '../../paint/levels';
import type { PaintOptions, PriceScale } from '../../paint/surface';
import { blending, type ColorScheme } from '../../paint/theme';
import { axisAttribute, paneAttribute } from '../axis/axis-attributes';
import type { Chart, PaneAxis } from '../axis/chart';
import type { AxisMessages, ChartClock } from '../axis/clock';
import { fitAxis, priceAt, yOf } from '../axis/fit';
import { isSamePlace, type Pane, scaleOf } from '../axis/pane';
import type { Area } from './area';
import { elementsHere, extrasHere, heatPartsHere, wantTimes, withExtras } from './brought';
import { schemeOf } from './chart-scheme';
import { type EstimateState, priceOf } from './estimate-state';
import { lookAtInk } from './ink-map';
import { LabelLayer } from './label-layer';
import { obstaclesOver } from './obstacles';
import { createPaneLayer } from './pane-layer';
import type { Seen } from './seen';

/** The page is looked at this often, ms: its colours, candles and words come and go without a word to us. */
const lookMs = 2000;
/** While a chart moves looks, and what else is done about once a second, are so many times as far apart: what was seen is elsewhere a frame later. */
export const seldom = 3;
/** A chart rests that long after it has moved, ms. */
export const restMs = 250;
/** One that moves in more paints, without a rest, is being panned: a price that moves it now and then is no pan. */
const panPaints = 5;

type TimeScale = ReturnType<ChartClock['read']>;

/** Setting a size empties a canvas as well, but takes its time. */
function empty(context: CanvasRenderingContext2D, width: number, height: number): void {
  const { canvas } = context;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
}

const priceScaleOf = (axis: PaneAxis): PriceScale => ({
  priceToY: (price) => yOf(axis, price),
  yToPrice: (y) => priceAt(axis, y),
});

/**
 * The estimate on one chart, blended into it so that candles keep their colour, and the labels of its levels above.
 */
export class EstimateLayer {
  readonly #layer = createPaneLayer('data-liqbands', 'pane');
  readonly #labels = new LabelLayer();
  readonly #context: CanvasRenderingContext2D;
  #placedFor: Pane | undefined;
  #zoom = 1;
  #scheme: ColorScheme = 'dark';
  /** Put under what lets the chart through, so that candles keep their colour there too; none where it would hide something. */
  #ground = '';
  #seen: Seen | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #drawn:
    | { estimate: EstimateState; pixelRatio: number; a: number | undefined; b: number | undefined }
    | undefined;
  #movedAt = Number.NEGATIVE_INFINITY;
  /** Paints in which it moved, without a rest. */
  #moves = 0;
  /** What the host says of the axis. */
  #axis = '';
  #isTimeless = false;
  #hasTimes = false;
  #clock: ChartClock | undefined;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
    this.#layer.root.append(canvas);
    // A ground of the system's colour would hide the chart.
    this.#layer.host.style.forcedColorAdjust = 'none';
    this.#context = canvas.getContext('2d')!;
  }

  /** Dark or light, as the chart's background is. */
  get scheme(): ColorScheme {
    return this.#scheme;
  }

  get seen(): Seen | undefined {
    return this.#seen;
  }

  /** A heatmap is wanted, and no time axis can be read for it. */
  get isTimeless(): boolean {
    return this.#isTimeless;
  }

  /** Times are told on the chart, and what is drawn stands by them. */
  get hasTimes(): boolean {
    return this.#hasTimes;
  }

  /** Where labels stand in the pane. */
  get labelAreas(): Area[] {
    return this.#labels.areas;
  }

  /** Draws the estimate on the chart as it is now; does nothing where neither changed. */
  draw(chart: Chart, estimate: EstimateState, messages: AxisMessages): void {
    const pane = chart.pane!;
    this.#place(pane);
    const price = priceOf(estimate);
    // Only the symbol's price tells whether the chart is its own.
    if (price === undefined) {
      this.hide();
      return;
    }
    const time = this.#timeScale(chart, estimate, messages);
    const isHeatmap = estimate.settings.mode === 'heatmap';
    const told = axisAttribute(chart.axis!, this.#zoom, isHeatmap ? time : undefined);
    const { a, b } = time ?? {};
    const drawn = this.#drawn;
    const isElsewhere = told !== this.#axis || drawn?.a !== a || drawn?.b !== b;
    if (isElsewhere) {
      if (drawn) {
        this.#moves = this.isMoving ? this.#moves + 1 : 0;
        this.#movedAt = performance.now();
      }
      this.#axis = told;
      this.#layer.host.setAttribute('data-axis', told);
    }
    const pixelRatio = devicePixelRatio * this.#zoom;
    if (!isElsewhere && drawn?.estimate === estimate && drawn.pixelRatio === pixelRatio) return;
    this.#drawn = { estimate, pixelRatio, a, b };
    const scale = priceScaleOf(chart.axis!);
    this.#paint(estimate, price, scale, pixelRatio, time);
    this.#labels.draw(estimate, scale, { scheme: this.#scheme, pixelRatio }, this.isMoving);
  }

  /** The chart is being panned, or was a moment ago. */
  get isMoving(): boolean {
    return performance.now() - this.#movedAt < restMs;
  }

  #place(pane: Pane): void {
    const isThere = this.#layer.isMounted(pane) && this.#labels.isMounted(pane);
    if (isThere && isSamePlace(this.#placedFor, pane)) return;
    this.#placedFor = pane;
    this.#zoom = scaleOf(pane.element);
    this.#labels.place(pane);
    this.#look(pane);
    this.#layer.host.setAttribute('data-pane', paneAttribute(this.#layer.place(pane)));
    this.#drawn = undefined;
  }

  #timeScale(chart: Chart, { settings, view, symbol }: EstimateState, messages: AxisMessages): TimeScale {
    const isHeatmap = settings.mode === 'heatmap';
    if (!isHeatmap && settings.mode !== 'levels') return undefined;
    const parts = heatPartsHere();
    if (parts) this.#clock ??= new parts.ChartClock(fitAxis);
    const prices = { closes: view?.closes, multiplier: symbol.multiplier };
    const time = parts && this.#clock!.read(chart, prices, messages, !isHeatmap);
    this.#isTimeless = isHeatmap && !time;
    this.#hasTimes = time !== undefined;
    return time;
  }

  #paint(
    estimate: EstimateState,
    price: number,
    scale: PriceScale,
    pixelRatio: number,
    time: TimeScale,
  ): void {
    const { width, height } = this.#placedFor!;
    const { view, settings, symbol, freshness, heat } = estimate;
    const mode = settings.mode === 'heatmap' ? 'bands' : settings.mode;
    // Blending makes the browser lay the page together a second time in each frame, which takes three times as long where no
    // GPU does it: while a chart is panned its candles shine through instead.
    const isSeeThrough = mode === 'levels' && this.#moves > panPaints;
    const { style } = this.#layer.host;
    style.backgroundColor = mode === 'levels' ? '' : this.#ground;
    style.mixBlendMode = isSeeThrough ? '' : blending[this.#scheme];
    // A bar is drawn around the time it opened: its column begins at its left edge.
    const xOf = (at: number) => time!.a + time!.b * (at / minuteMs - time!.bar / 2);
    const history: PaintOptions['history'] =
      time && heat && settings.mode === 'heatmap'
        ? (to, on, box, options) => {
            heatPartsHere()!.paintHistory(to, { heat, xOf }, on, box, options);
            extrasHere()?.paintForced(to, heat.forced ?? [], (at) => xOf(at) * pixelRatio, on, box, options);
          }
        : undefined;
    // Bands lie straight across: a canvas one pixel wide, stretched, spares the page from painting the whole pane.
    const isStrip = mode === 'bands' && !history && freshness !== 'stale';
    empty(this.#context, isStrip ? 1 : Math.round(width * pixelRatio), Math.round(height * pixelRatio));
    if (!view) return;
    const box = { x: 0, y: 0, width: isStrip ? 1 / pixelRatio : width, height };
    const paint = mode === 'levels' ? paintLevels : extrasHere()?.paintEstimate;
    if (!paint) {
      withExtras(() => {
        this.#drawn = undefined;
      });
      return;
    }
    paint(this.#context, view, scale, box, {
      ...settings,
      pixelRatio,
      scheme: this.#scheme,
      mode,
      isSeeThrough,
      history,
      // Without a time axis zones come in from the left edge.
      startOf: time && (({ crossedAt }) => (crossedAt === undefined ? undefined : xOf(crossedAt))),
      drawn: this.#seen!.ink,
      freshness,
      multiplier: symbol.multiplier,
      price,
    });
  }

  /** Once a second: pages switch their theme without a word, and candles come to stand where a label is. */
  look(): void {
    if (this.#placedFor) wantTimes();
    if (this.#moves > panPaints && !this.isMoving) {
      this.#moves = 0;
      this.#drawn = undefined;
    }
    const pause = lookMs * (this.isMoving ? seldom : 1);
    if (this.#placedFor && performance.now() - this.#lookedAt >= pause) this.#look(this.#placedFor);
  }

  /** Reading a canvas back takes its time: one look serves colours, labels and badge. */
  #look(pane: Pane): void {
    this.#lookedAt = performance.now();
    const ink = lookAtInk(pane.element, pane, elementsHere()?.paintShapes);
    this.#seen = { ink, obstacles: obstaclesOver(pane) };
    const scheme = schemeOf(ink.ground);
    this.#ground = ink.isPlain ? `rgb(${ink.ground})` : '';
    this.#scheme = scheme;
    this.#labels.look(this.#seen);
    this.#drawn = undefined;
  }

  /** The chart moved on the page: tells where it is now. */
  moved(): void {
    const pane = this.#placedFor;
    if (!pane?.element.isConnected || !this.#layer.isMounted(pane)) return;
    this.#layer.host.setAttribute('data-pane', paneAttribute(this.#layer.place(pane)));
    if (this.#labels.isMounted(pane)) this.#labels.moved();
  }

  hide(): void {
    if (this.#axis === '') return;
    // Both go: whoever looks from outside sees at once that nothing is claimed.
    this.#layer.host.removeAttribute('data-axis');
    this.#layer.host.removeAttribute('data-pane');
    this.#layer.hide();
    this.#labels.hide();
    this.#axis = '';
    this.#placedFor = undefined;
    this.#drawn = undefined;
  }

  remove(): void {
    this.#layer.remove();
    this.#labels.remove();
  }
}
