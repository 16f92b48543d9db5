import { type Side, sides } from '../engine/records';
import type { MapView } from '../protocol/view';
import { levelsOf } from './levels';
import { paintProfile } from './profile';
import { type Box, type PaintOptions, type PriceScale, shadeOf, sideShades, visibleBands } from './surface';
import { size } from './theme';

export type { Box, PaintOptions, PriceScale };

/**
 * Draws the estimate across the box, one strip for each price band, longs below the price and shorts above it.
 * Everything lies on whole device pixels.
 */
export function paintBands(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  if (options.mode === 'profile') paintProfile(context, view, scale, box, options);
  else paintStrips(context, view, scale, box, options);
}

/** One texture is enough: strips are drawn and used at once. */
let texture: OffscreenCanvasRenderingContext2D | undefined;

function textureOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  texture ??= new OffscreenCanvas(width, height).getContext('2d')!;
  const { canvas } = texture;
  if (canvas.width !== width) canvas.width = width;
  // Grown only, so that a chart being resized does not allocate for every pixel.
  if (canvas.height < height) canvas.height = height;
  return texture;
}

/**
 * Strength of every device row of the box, shared by all columns: bands are horizontal, so one pixel column says it
 * all. A row that several bands fall into shows the strongest.
 */
export function rowStrengths(
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): Record<Side, Float32Array> {
  const rows = Math.round(box.height * options.pixelRatio);
  const found = { long: new Float32Array(rows), short: new Float32Array(rows) };
  const lowPrice = Math.exp(view.lnLow) * options.multiplier;
  const ratio = Math.exp(view.step);
  for (const side of sides) {
    const { strength } = levelsOf(view, side, options.tiers);
    const target = found[side];
    const [from, to] = visibleBands(view, side, scale, box, options);
    let edge = scale.priceToY(lowPrice * Math.exp(from * view.step)) * options.pixelRatio;
    let price = lowPrice * Math.exp(from * view.step);
    for (let i = from; i < to; i++) {
      price *= ratio;
      const next = scale.priceToY(price) * options.pixelRatio;
      const level = strength[i]!;
      if (level > 0) {
        let first = Math.round(Math.min(edge, next));
        const last = Math.max(first + 1, Math.round(Math.max(edge, next)));
        if (first < 0) first = 0;
        for (let row = first; row < last && row < rows; row++) if (target[row]! < level) target[row] = level;
      }
      edge = next;
    }
  }
  return found;
}

/** Reused from paint to paint: a chart being panned paints in every frame. */
let image: ImageData | undefined;

function imageOf(columns: number, rows: number): ImageData {
  if (image?.width !== columns || image.height !== rows) image = new ImageData(columns, rows);
  else new Uint32Array(image.data.buffer).fill(0);
  return image;
}

function paintStrips(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const rows = Math.round(box.height * options.pixelRatio);
  if (rows < 1) return;
  const isStale = options.freshness === 'stale';
  const columns = isStale ? size.hatch : 1;
  const strengths = rowStrengths(view, scale, box, options);
  const image = imageOf(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (const side of sides) {
    const { pixels: colors } = sideShades(side, options);
    const levels = strengths[side];
    for (let row = 0; row < rows; row++) {
      const strength = levels[row]!;
      if (strength === 0) continue;
      const color = colors[shadeOf(strength)]!;
      for (let column = 0; column < columns; column++) {
        // Stale bands are hatched: diagonal gaps an old number cannot be mistaken through.
        const gap = isStale && (row + column) % columns < columns / 2;
        if (!gap) pixels[row * columns + column] = color;
      }
    }
  }
  const x = Math.round(box.x * options.pixelRatio);
  const y = Math.round(box.y * options.pixelRatio);
  const width = Math.round(box.width * options.pixelRatio);
  // A canvas one pixel wide, stretched over the pane by the page's own layout, takes the pixels as they are.
  if (width === 1 && !isStale) {
    context.putImageData(image, x, y);
    return;
  }
  const strip = textureOf(columns, rows);
  strip.putImageData(image, 0, 0);
  context.save();
  if (isStale) {
    context.translate(x, y);
    context.fillStyle = context.createPattern(strip.canvas, 'repeat-x')!;
    context.fillRect(0, 0, width, rows);
  } else {
    context.drawImage(strip.canvas, 0, 0, 1, rows, x, y, width, rows);
  }
  context.restore();
}
