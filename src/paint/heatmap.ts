import { sides } from '../engine/records';
import type { HistoryView } from '../protocol/view';
import { edgesOf, strengthOf } from './levels';
import { type Box, type PaintOptions, type PriceScale, shadeOf, sideShades } from './surface';

/** A history of the estimate, ready to be drawn. */
export interface Heat extends Omit<HistoryView, 'cells'> {
  cells: Uint8Array;
  /** How strongly each of the 256 values of a cell is drawn. */
  strengths: Float32Array;
}

/** Unpacks a history; it keeps the shades of the one before it, so that what was drawn once stays as it is. */
export function readHeat(view: HistoryView, before?: Heat): Heat {
  const cells = Uint8Array.from(atob(view.cells), (char) => char.charCodeAt(0));
  if (before?.symbol === view.symbol && before.window === view.window)
    return { ...view, cells, strengths: before.strengths };
  const strengths = new Float32Array(256);
  const usd = (cell: number) => Math.exp(((cell & 127) - 1) * view.usdStep) * view.usdFrom;
  for (const side of [0, 128]) {
    const edges = edgesOf(
      Array.from(cells.filter((cell) => (cell & 127) > 0 && (cell & 128) === side).sort(), usd),
    );
    for (let k = 1; edges && k < 128; k++) strengths[side + k] = strengthOf(usd(k), edges);
  }
  return { ...view, cells, strengths };
}

interface Texture {
  key: string;
  canvas: OffscreenCanvas;
}
const textures = new WeakMap<Uint8Array, Texture>();

/** One pixel a cell; where rows are finer than the screen's, `pool` of them share the strongest of each column. */
function textureOf(heat: Heat, pool: number, options: PaintOptions): OffscreenCanvas {
  const { cells, columns, rows, strengths } = heat;
  const key = [pool, options.palette, options.scheme, options.opacity].join();
  const known = textures.get(cells);
  if (known?.key === key) return known.canvas;
  const height = Math.ceil(rows / pool);
  const image = new ImageData(columns, height);
  const pixels = new Uint32Array(image.data.buffer);
  // The past does not grow old.
  const shades = sides.map((side) =>
    sideShades(side, { ...options, freshness: 'fresh' }).map((color) => new Uint32Array(color.buffer)[0]!),
  );
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < height; row++) {
      let cell = 0;
      for (let i = row * pool; i < (row + 1) * pool && i < rows; i++) {
        const other = cells[c * rows + i]!;
        if (strengths[other]! > strengths[cell]!) cell = other;
      }
      const strength = strengths[cell]!;
      if (strength > 0) pixels[row * columns + c] = shades[cell >> 7]![shadeOf(strength)]!;
    }
  }
  const canvas = new OffscreenCanvas(columns, height);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  textures.set(cells, { key, canvas });
  return canvas;
}

/**
 * Draws what the estimate said at each moment, a column for each step of time: a band ends where price took it.
 *
 * @returns where the present begins, in CSS pixels from the box's left
 */
export function paintPast(
  context: CanvasRenderingContext2D,
  { heat, xOf }: NonNullable<PaintOptions['past']>,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): number {
  const k = options.pixelRatio;
  const { time, columnMs, columns, rows, lnLow, step } = heat;
  const left = xOf(time);
  const width = xOf(time + columnMs) - left;
  const from = Math.max(0, Math.floor(-left / width));
  const to = Math.min(columns, Math.ceil((box.width - left) / width));
  const end = left + columns * width;
  if (to <= from) return end;
  const edgeOf = (row: number) => scale.priceToY(Math.exp(lnLow + row * step) * options.multiplier) * k;
  const fine = Math.abs(edgeOf(rows) - edgeOf(0)) / rows;
  const pool = 2 ** Math.max(0, Math.ceil(-Math.log2(fine)));
  const texture = textureOf(heat, pool, options);
  const x = Math.round((box.x + left + from * width) * k);
  const reach = Math.round((box.x + left + to * width) * k) - x;
  context.save();
  context.imageSmoothingEnabled = false;
  for (let row = 0; row < texture.height; row++) {
    const one = Math.round(edgeOf(row * pool));
    const other = Math.round(edgeOf(Math.min(rows, (row + 1) * pool)));
    const y = Math.min(one, other);
    if (y > box.height * k || one + other - y < 0 || !Number.isFinite(y)) continue;
    context.drawImage(
      texture,
      from,
      row,
      to - from,
      1,
      x,
      Math.round(box.y * k) + y,
      reach,
      Math.abs(one - other),
    );
  }
  context.restore();
  return end;
}
