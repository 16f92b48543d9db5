import { type Side, sides } from '../engine/records';
import type { MapView } from '../protocol/view';
import { paintPast } from './heatmap';
import { paintLabels } from './labels';
import { levelsOf } from './levels';
import { paintProfile } from './profile';
import { type Box, type PaintOptions, type PriceScale, shadeOf, shadePixels, visibleBands } from './surface';
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
  const { past } = options;
  if (options.mode === 'profile') paintProfile(context, view, scale, box, options);
  else if (past) {
    const now = Math.max(0, paintPast(context, past, scale, box, options));
    const present = { ...box, x: box.x + now, width: box.width - now };
    if (present.width > 0) paintStrips(context, view, scale, present, options);
  } else paintStrips(context, view, scale, box, options);
  if (options.label) paintLabels(context, view, scale, box, options, options.label);
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
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (const side of sides) {
    const shades = shadePixels(side, options);
    for (let row = 0; row < rows; row++) {
      const strength = strengths[side][row]!;
      if (strength === 0) continue;
      const shade = shadeOf(strength);
      for (let column = 0; column < columns; column++) {
        // Stale bands are hatched: diagonal gaps an old number cannot be mistaken through.
        const gap = isStale && (row + column) % columns < columns / 2;
        if (!gap) pixels[row * columns + column] = shades[shade]!;
      }
    }
  }
  const strip = textureOf(columns, rows);
  strip.putImageData(image, 0, 0);
  const x = Math.round(box.x * options.pixelRatio);
  const y = Math.round(box.y * options.pixelRatio);
  const width = Math.round(box.width * options.pixelRatio);
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
