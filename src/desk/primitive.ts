import type { UTCTimestamp } from 'lightweight-charts';
import type { Side } from '../engine/records';
import { paintEstimate } from '../paint/estimate';
import { type Heat, paintHistory } from '../paint/heatmap';
import { paintLabels } from '../paint/level-labels';
import { bandsOf } from '../paint/side-bands';
import type { Box, PaintOptions, PriceScale } from '../paint/surface';
import type { MapView } from '../protocol/view';
import { levelText } from '../ui/level-text';
import { PanePrimitive, type PaneSurface } from '../widget/pane-primitive';

export type DeskMode = 'levels' | 'bands' | 'heatmap' | 'curves';

/** A real forced order, where it happened. */
export interface Ring {
  time: number;
  price: number;
  side: Side;
  usd: number;
}

export interface DeskLook
  extends Pick<
    PaintOptions,
    'palette' | 'scheme' | 'opacity' | 'freshness' | 'tiers' | 'threshold' | 'levelsPerSide'
  > {
  mode: DeskMode;
  price: number;
  /** When the price was told, ms since 1970. */
  pricedAt?: number | undefined;
  /** Words on the chart are larger by this much than on small screens. */
  zoom: number;
  rings: readonly Ring[];
  /** The moment whose map it is, where that is not now; what came later lies right of it. */
  moment?: number | undefined;
  heat: Heat | undefined;
  colors: { long: string; short: string; text: string };
}

/** Widest that the curves may get, of the pane. */
const curveShare = 0.3;

/** Everything that is drawn of the estimate on the desk's chart, and the forced orders that were real. */
export class DeskPrimitive extends PanePrimitive {
  private pointed: number | undefined;

  constructor(
    private view: MapView,
    private look: DeskLook,
  ) {
    super();
  }

  set(view: MapView, look: DeskLook): void {
    this.view = view;
    this.look = look;
    this.chart?.requestUpdate();
  }

  /** The price that is pointed at: curves are marked there. */
  pointAt(price: number | undefined): void {
    this.pointed = price;
    if (this.look.mode === 'curves') this.chart?.requestUpdate();
  }

  protected get price(): number {
    return this.look.price;
  }

  protected paintBelow(surface: PaneSurface): void {
    const { view } = this;
    const { mode, heat, colors } = this.look;
    const { context, scale, box, pixelRatio } = zoomed(surface, this.look.zoom);
    const xOf = this.xOf();
    const options = this.options(pixelRatio, xOf);
    if (mode === 'heatmap' && heat && xOf) paintHistory(context, { heat, xOf }, scale, box, options);
    else paintEstimate(context, view, scale, box, options);
    if (mode === 'curves') paintCurves(context, view, scale, box, options, colors, this.pointed);
  }

  protected paintAbove(surface: PaneSurface): void {
    const { view, look } = this;
    const { text } = look.colors;
    const { context, scale, box, pixelRatio } = zoomed(surface, look.zoom);
    const xOf = this.xOf();
    if (xOf) paintRings(context, look, scale, xOf, pixelRatio);
    if (xOf && look.moment !== undefined) paintThen(context, xOf(look.moment), box, pixelRatio, text);
    if (view.observed) paintObserved(context, view, scale, box, pixelRatio, text);
    if (look.mode === 'levels')
      paintLabels(context, view, scale, box, this.options(pixelRatio, xOf), (level, pinned) =>
        levelText(level, look.price, 1, box.width > 420, pinned),
      );
  }

  private options(pixelRatio: number, xOf: ReturnType<DeskPrimitive['xOf']>): PaintOptions {
    const { mode, palette, scheme, opacity, freshness, tiers, price, threshold, levelsPerSide } = this.look;
    return {
      palette,
      scheme,
      opacity,
      freshness,
      tiers,
      ...(threshold !== undefined && { threshold }),
      ...(levelsPerSide !== undefined && { levelsPerSide }),
      price,
      // Under the curves stand the bars alone.
      ...(mode === 'curves' && { levelsPerSide: 0 }),
      mode: mode === 'levels' || mode === 'curves' ? 'levels' : 'bands',
      multiplier: 1,
      pixelRatio,
      ...(xOf && {
        startOf: ({ crossedAt }) => (crossedAt === undefined ? undefined : Math.max(0, xOf(crossedAt))),
      }),
    };
  }

  /** From a time in ms to CSS pixels, between and beyond bars too; undefined while there are none. */
  private xOf(): ((time: number) => number) | undefined {
    const { chart, series } = this.chart ?? {};
    const data = series?.data();
    const first = data?.[0]?.time as UTCTimestamp | undefined;
    const last = data?.at(-1)?.time as UTCTimestamp | undefined;
    if (!chart || first === undefined || last === undefined || first === last) return undefined;
    const scale = chart.timeScale();
    const from = scale.timeToCoordinate(first);
    const to = scale.timeToCoordinate(last);
    if (from === null || to === null) return undefined;
    return (time) => (from + ((time / 1000 - first) / (last - first)) * (to - from)) / this.look.zoom;
  }
}

/** The same surface in larger pixels. */
function zoomed({ context, scale, box, pixelRatio }: PaneSurface, by: number): PaneSurface {
  return {
    context,
    scale: {
      priceToY: (price) => scale.priceToY(price) / by,
      yToPrice: (y) => scale.yToPrice(y * by),
    },
    box: { x: box.x / by, y: box.y / by, width: box.width / by, height: box.height / by },
    pixelRatio: pixelRatio * by,
  };
}

/** What price would pass in total on its way to each band, from price outwards: a line a side, from the right edge. */
function paintCurves(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
  colors: DeskLook['colors'],
  pointed: number | undefined,
): void {
  const { price, pixelRatio: k } = options;
  const middle = Math.floor((Math.log(price) - view.lnLow) / view.step);
  const inSight = (i: number) => {
    const y = scale.priceToY(Math.exp(view.lnLow + (i + 0.5) * view.step));
    return y >= 0 && y <= box.height;
  };
  const walk = (side: Side) => {
    const { usd } = bandsOf(view, side, options);
    const points: [number, number][] = [];
    let sum = 0;
    for (
      let i = middle;
      i >= 0 && i < usd.length && (inSight(i) || i === middle);
      i += side === 'long' ? -1 : 1
    ) {
      sum += usd[i]!;
      points.push([sum, scale.priceToY(Math.exp(view.lnLow + (i + 0.5) * view.step))]);
    }
    return points;
  };
  const lines = { long: walk('long'), short: walk('short') };
  const most = Math.max(1, ...Object.values(lines).map((points) => points.at(-1)?.[0] ?? 0));
  const xOf = (sum: number) => box.width - (sum / most) * box.width * curveShare;
  context.lineWidth = 2 * k;
  for (const side of ['long', 'short'] as const) {
    context.strokeStyle = colors[side];
    context.beginPath();
    for (const [sum, y] of lines[side]) {
      context.lineTo(xOf(sum) * k, y * k);
    }
    context.stroke();
  }
  if (pointed === undefined) return;
  const side = pointed < price ? 'long' : 'short';
  const away = Math.abs(Math.floor((Math.log(pointed) - view.lnLow) / view.step) - middle);
  const [sum, y] = lines[side][Math.min(away, lines[side].length - 1)] ?? [0, Number.NaN];
  if (!Number.isFinite(y)) return;
  context.fillStyle = colors[side];
  context.beginPath();
  context.arc(xOf(sum) * k, y * k, 4 * k, 0, 2 * Math.PI);
  context.fill();
}

/** Real forced orders as hollow rings, the larger the more was closed. */
function paintRings(
  context: CanvasRenderingContext2D,
  { rings, colors }: DeskLook,
  scale: PriceScale,
  xOf: (time: number) => number,
  k: number,
): void {
  const most = Math.max(1, ...rings.map(({ usd }) => usd));
  context.lineWidth = 1.5 * k;
  for (const { time, price, side, usd } of rings) {
    const y = scale.priceToY(price);
    if (!Number.isFinite(y)) continue;
    context.strokeStyle = colors[side];
    context.beginPath();
    context.arc(xOf(time) * k, y * k, (2 + 4 * Math.sqrt(usd / most)) * k, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A line at the moment whose map is shown. */
function paintThen(context: CanvasRenderingContext2D, x: number, box: Box, k: number, color: string): void {
  context.save();
  context.strokeStyle = color;
  context.lineWidth = k;
  context.setLineDash([4 * k, 3 * k]);
  context.beginPath();
  context.moveTo(Math.round(x * k) + 0.5, 0);
  context.lineTo(Math.round(x * k) + 0.5, box.height * k);
  context.stroke();
  context.restore();
}

/** The largest observed positions that are drawn, and how far from the right edge, CSS pixels. */
const mostObserved = 12;
const diamondInset = 8;

/** Positions that were seen rather than estimated: hollow diamonds at the axis, the larger the more is held there. */
function paintObserved(
  context: CanvasRenderingContext2D,
  { observed, lnLow, step }: MapView,
  scale: PriceScale,
  box: Box,
  k: number,
  color: string,
): void {
  const seen = [...observed!.long, ...observed!.short]
    .map(([band, usd]) => ({ usd, y: scale.priceToY(Math.exp(lnLow + (band + 0.5) * step)) }))
    .filter(({ usd, y }) => usd > 0 && y >= 0 && y <= box.height)
    .sort((a, b) => b.usd - a.usd)
    .slice(0, mostObserved);
  const most = seen[0]?.usd ?? 1;
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1.5 * k;
  for (const { usd, y } of seen) {
    const size = (2.5 + 3.5 * Math.sqrt(usd / most)) * k;
    const [cx, cy] = [(box.width - diamondInset) * k, y * k];
    context.beginPath();
    context.moveTo(cx, cy - size);
    context.lineTo(cx + size, cy);
    context.lineTo(cx, cy + size);
    context.lineTo(cx - size, cy);
    context.closePath();
    context.stroke();
  }
  context.restore();
}
