import { type Side, sides } from '../engine/records';
import type { MapView } from '../protocol/view';
import { bandsOf } from './side-bands';
import { type Box, type PaintOptions, type PriceScale, shadeOf, sideShades, visibleBands } from './surface';
import { size } from './theme';

export type { Box, PaintOptions, PriceScale };

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
    const { strength } = bandsOf(view, side, options);
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
let column: { image: ImageData; strip: OffscreenCanvasRenderingContext2D } | undefined;

function columnOf(rows: number): NonNullable<typeof column> {
  if (column?.image.height !== rows) {
    column = { image: new ImageData(1, rows), strip: new OffscreenCanvas(1, rows).getContext('2d')! };
  }
  return column;
}

/** Draws one strip for each price band across the box, on whole device pixels. */
export function paintBands(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const k = options.pixelRatio;
  const x = Math.round(box.x * k);
  const y = Math.round(box.y * k);
  const width = Math.round((box.x + box.width) * k) - x;
  const rows = Math.round(box.height * k);
  if (rows < 1) return;
  const strengths = rowStrengths(view, scale, box, options);
  const { image, strip } = columnOf(rows);
  const pixels = new Uint32Array(image.data.buffer).fill(0);
  for (const side of sides) {
    const { pixels: colors } = sideShades(side, options);
    const levels = strengths[side];
    for (let row = 0; row < rows; row++) {
      if (levels[row]! > 0) pixels[row] = colors[shadeOf(levels[row]!)]!;
    }
  }
  // A canvas one pixel wide, stretched over the pane by the page's own layout, takes the pixels as they are.
  if (width === 1) {
    context.putImageData(image, x, y);
    return;
  }
  strip.putImageData(image, 0, 0);
  // Stale bands are broken up: an old number cannot be mistaken through the gaps.
  const part = options.freshness === 'stale' ? size.hatch / 2 : width;
  for (let at = 0; at < width; at += 2 * part) {
    context.drawImage(strip.canvas, 0, 0, 1, rows, x + at, y, Math.min(part, width - at), rows);
  }
}
