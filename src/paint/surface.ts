import type { Side } from '../engine/records';
import type { HistoryView, MapView } from '../protocol/view';
import {
  type ColorScheme,
  classAlpha,
  type Freshness,
  lateSaturation,
  type Palette,
  ramps,
  staleGrey,
  staleSaturation,
} from './theme';

/** What every drawing of the estimate shares: where prices are, what is visible, and its colours. */

/** Where prices are on the chart. Prices are the chart's own; y in CSS pixels from the top of the box. */
export interface PriceScale {
  priceToY(price: number): number;
  yToPrice(y: number): number;
}

/** CSS pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A history of the estimate, ready to be drawn. */
export interface Heat extends Omit<HistoryView, 'cells'> {
  cells: Uint8Array;
  /** How strongly each of the 256 values of a cell is drawn. */
  strengths: Float32Array;
}

export interface PaintOptions {
  /** Device pixels per CSS pixel. The context has no transform of its own. */
  pixelRatio: number;
  palette: Palette;
  scheme: ColorScheme;
  /** Opacity of the strongest band, 0–1. */
  opacity: number;
  mode: 'bands' | 'profile';
  /** Drawn with bands: what they were at each moment, up to the present; x in CSS pixels from the box's left. */
  past?: { heat: Heat; xOf(time: number): number } | undefined;
  /** Leverage tiers shown, in the order of `tierLeverages`. */
  tiers: readonly boolean[];
  /** Look of the data's age. */
  freshness: Freshness;
  /** What the chart's prices are multiplied by, for symbols such as 1000PEPE; 1 otherwise. */
  multiplier: number;
  /** Price per coin now. Bands it has passed since the map was made are spent. */
  price: number;
  /** Text of a cluster's label; no labels where absent. */
  label?: (cluster: MapView['clusters'][number]) => string;
}

/** First and last band (exclusive) that the box and the price leave visible on a side. */
export function visibleBands(
  view: MapView,
  side: Side,
  scale: PriceScale,
  box: Box,
  options: Pick<PaintOptions, 'multiplier' | 'price'>,
): [from: number, to: number] {
  const count = view.long.length;
  const ends = [scale.yToPrice(0), scale.yToPrice(box.height)];
  const bandAt = (price: number) => (Math.log(price / options.multiplier) - view.lnLow) / view.step;
  const low = Math.min(ends[0]!, ends[1]!);
  const high = Math.max(ends[0]!, ends[1]!);
  let from = low > 0 ? Math.floor(bandAt(low)) : 0;
  let to = high > 0 ? Math.ceil(bandAt(high)) : 0;
  // The band the price is in belongs to the side that has an amount there.
  const now = (Math.log(options.price) - view.lnLow) / view.step;
  if (side === 'long') to = Math.min(to, Math.ceil(now));
  else from = Math.max(from, Math.floor(now));
  from = Math.min(Math.max(from, 0), count);
  return [from, Math.max(from, Math.min(to, count))];
}

/** Shades between the weakest and the strongest band of a side, for smooth steps from band to band. */
const shadeCount = 40;

/** Shade of a band by its strength, 0–39. Classes have their colour in their middle. */
export const shadeOf = (strength: number): number =>
  Math.round((Math.min(Math.max(strength - 0.5, 0), 4) / 4) * (shadeCount - 1));

/** Colours of one side by shade, as bytes red, green, blue, alpha. */
export function sideShades(side: Side, options: PaintOptions): Uint8ClampedArray[] {
  const grey = staleGrey[options.scheme];
  const keep = { fresh: 1, late: lateSaturation, stale: staleSaturation }[options.freshness];
  const ramp = ramps[options.palette][options.scheme][side];
  return Array.from({ length: shadeCount }, (_, shade) => {
    const place = (shade / (shadeCount - 1)) * 4;
    const low = Math.min(3, Math.floor(place));
    const part = place - low;
    const mix = (from: number, to: number) => from + (to - from) * part;
    const [red, green, blue] = [0, 1, 2].map(
      (k) => mix(ramp[low]![k]!, ramp[low + 1]![k]!) * keep + grey[k]! * (1 - keep),
    );
    return Uint8ClampedArray.of(
      red!,
      green!,
      blue!,
      255 * options.opacity * mix(classAlpha[low]!, classAlpha[low + 1]!),
    );
  });
}

/** The colour of a shade for a context's styles. */
export const css = ([red, green, blue, alpha]: Uint8ClampedArray): string =>
  `rgba(${red},${green},${blue},${alpha! / 255})`;
