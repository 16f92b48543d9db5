import { sides } from '../engine/records';
import type { HistoryView } from '../protocol/view';
import { type Box, type PaintOptions, type PriceScale, shadeOf, sideShades } from './surface';

/** A history of the estimate, ready to be drawn. */
export interface Heat extends Omit<HistoryView, 'cells'> {
  cells: Uint8Array;
  /** How strongly each of the 256 values of a cell is drawn. */
  strengths: Float32Array;
}

/** Unpacks a history; it keeps the shades of the same market's one before it, so that what was drawn once stays as it is. */
export function readHeat(view: HistoryView, before?: Heat): Heat {
  const cells = Uint8Array.from(atob(view.cells), (char) => char.charCodeAt(0));
  if (before) return { ...view, cells, strengths: before.strengths };
  const strengths = new Float32Array(256);
  for (const cell of cells) if (cell & 127) strengths[cell]!++;
  // By the share of its side's cells that hold less: half of them are hardly seen, as in the bands of the present.
  for (const side of [strengths.subarray(0, 128), strengths.subarray(128)]) {
    let below = 0;
    const total = side.reduce((sum, count) => sum + count, 0) || 1;
    side.forEach((count, i) => {
      side[i] = 5 * (below / total) ** 5;
      below += count;
    });
  }
  return { ...view, cells, strengths };
}

const textures = new WeakMap<Heat, { key: string; canvas: OffscreenCanvas }>();

/** One pixel a cell. */
function textureOf(heat: Heat, options: PaintOptions): OffscreenCanvas {
  const { cells, columns, rows, strengths } = heat;
  const key = [options.palette, options.scheme, options.opacity].join();
  const known = textures.get(heat);
  if (known?.key === key) return known.canvas;
  const image = new ImageData(columns, rows);
  // The past does not grow old.
  const shades = sides.map((side) => sideShades(side, { ...options, freshness: 'fresh' }));
  cells.forEach((cell, i) => {
    const strength = strengths[cell]!;
    if (strength > 0.1)
      image.data.set(
        shades[cell >> 7]!.bytes[shadeOf(strength)]!,
        4 * ((i % rows) * columns + Math.floor(i / rows)),
      );
  });
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  textures.set(heat, { key, canvas });
  return canvas;
}

/**
 * Draws what the estimate said at each moment, a column for each step of time: a band ends where price took it.
 *
 * @returns where the present begins, in CSS pixels from the box's left
 */
export function paintPast(
  context: CanvasRenderingContext2D,
  { heat, xOf }: { heat: Heat; xOf(time: number): number },
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): number {
  const k = options.pixelRatio;
  const { time, columnMs, columns, rows, lnLow, step } = heat;
  const left = xOf(time);
  const end = xOf(time + columns * columnMs);
  const edgeOf = (row: number) =>
    Math.round((box.y + scale.priceToY(Math.exp(lnLow + row * step) * options.multiplier)) * k);
  const texture = textureOf(heat, options);
  context.imageSmoothingEnabled = false;
  for (let row = 0, edge = edgeOf(0); row < rows; row++) {
    const next = edgeOf(row + 1);
    const place = [(box.x + left) * k, edge, (end - left) * k, next - edge] as const;
    context.drawImage(texture, 0, row, columns, 1, ...place);
    edge = next;
  }
  return end;
}
