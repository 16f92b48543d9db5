import type { Side } from '../engine/records';
import type { LevelView, MapView } from '../protocol/view';
import type { Shown } from './side-bands';
import {
  type ColorScheme,
  classAlpha,
  type Freshness,
  lateSaturation,
  type Palette,
  ramps,
  size,
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

export interface PaintOptions extends Shown {
  /** Device pixels per CSS pixel. The context has no transform of its own. */
  pixelRatio: number;
  palette: Palette;
  scheme: ColorScheme;
  /** Opacity of the strongest band, 0–1. */
  opacity: number;
  mode: 'levels' | 'bands' | 'profile';
  /** Drawn in place of bands: what they were at each moment, up to now. */
  history?:
    | ((context: CanvasRenderingContext2D, scale: PriceScale, box: Box, options: PaintOptions) => void)
    | undefined;
  /** Where a level's zone begins, CSS pixels from the box's left; from the left edge where that is not known. */
  startOf?: ((level: LevelView) => number | undefined) | undefined;
  /** What the chart has drawn: the share of a rectangle, CSS pixels of the box. */
  drawn?: { shareOf(left: number, top: number, width: number, height: number): number } | undefined;
  /** Levels lie over candles without being blended with them: what is opaque otherwise lets them through. */
  isSeeThrough?: boolean;
  /** Look of the data's age. */
  freshness: Freshness;
  /** What the chart's prices are multiplied by, for symbols such as 1000PEPE; 1 otherwise. */
  multiplier: number;
  /** Price per coin now. Bands it has passed since the map was made are spent. */
  price: number;
}

/** Length of the profile's longest bar in a box of this width. */
export const profileWidth = (width: number): number => Math.min(size.profileMax, width * size.profileShare);

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

/** Colours of one side by shade: as bytes red, green, blue, alpha, and as the pixels of an image. */
export interface Shades {
  bytes: Uint8ClampedArray[];
  pixels: Uint32Array;
}

const known = new Map<Side, Shades & { key: string }>();

/** The same until a setting changes, so that a chart being panned does not mix them anew in every frame. */
export function sideShades(side: Side, options: PaintOptions): Shades {
  const { palette, scheme, opacity, freshness } = options;
  const key = `${palette} ${scheme} ${opacity} ${freshness}`;
  let shades = known.get(side);
  if (shades?.key !== key) {
    shades = { key, ...mixShades(side, options) };
    known.set(side, shades);
  }
  return shades;
}

function mixShades(side: Side, options: PaintOptions): Shades {
  const grey = staleGrey[options.scheme];
  const keep = { fresh: 1, late: lateSaturation, stale: staleSaturation }[options.freshness];
  const ramp = ramps[options.palette][options.scheme][side];
  const pixels = new Uint32Array(shadeCount);
  const bytes = Array.from(pixels, (_, shade) => {
    const place = (shade / (shadeCount - 1)) * 4;
    const low = Math.min(3, Math.floor(place));
    const part = place - low;
    const mix = (from: number, to: number) => from + (to - from) * part;
    const color = new Uint8ClampedArray(pixels.buffer, 4 * shade, 4);
    for (let k = 0; k < 3; k++) {
      color[k] = mix(ramp[low]![k]!, ramp[low + 1]![k]!) * keep + grey[k]! * (1 - keep);
    }
    color[3] = 255 * options.opacity * mix(classAlpha[low]!, classAlpha[low + 1]!);
    return color;
  });
  return { bytes, pixels };
}
