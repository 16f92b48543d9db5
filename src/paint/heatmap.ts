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

interface Textures {
  key: string;
  /** One pixel a cell. */
  history: OffscreenCanvas;
  /** The newest column alone, as old as the data is. */
  now: OffscreenCanvas;
}
const textures = new WeakMap<Heat, Textures>();

function texturesOf(heat: Heat, options: PaintOptions): Textures {
  const { columns } = heat;
  const key = [options.palette, options.scheme, options.opacity, options.freshness].join();
  const known = textures.get(heat);
  if (known?.key === key) return known;
  // The past does not grow old.
  const history = textureOf(heat, 0, { ...options, freshness: 'fresh' });
  const made = { key, history, now: textureOf(heat, columns - 1, options) };
  textures.set(heat, made);
  return made;
}

function textureOf(heat: Heat, fromColumn: number, options: PaintOptions): OffscreenCanvas {
  const { cells, columns, rows, strengths } = heat;
  const width = columns - fromColumn;
  const image = new ImageData(width, rows);
  const shades = sides.map((side) => sideShades(side, options));
  for (let i = fromColumn * rows; i < cells.length; i++) {
    const cell = cells[i]!;
    const strength = strengths[cell]!;
    if (strength > 0.1)
      image.data.set(
        shades[cell >> 7]!.bytes[shadeOf(strength)]!,
        4 * ((i % rows) * width + Math.floor(i / rows) - fromColumn),
      );
  }
  const canvas = new OffscreenCanvas(width, rows);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** Rows are drawn together while they stand evenly to within this, device pixels. */
const evenTo = 0.25;

/** How many rows of the texture stand evenly on the chart: all on a log scale, some on a linear one. */
function evenRows(
  { lnLow, step, rows }: Heat,
  scale: PriceScale,
  { multiplier, pixelRatio }: PaintOptions,
): number {
  const y = (row: number) => scale.priceToY(Math.exp(lnLow + row * step) * multiplier) * pixelRatio;
  // The sag of a chord grows with the square of its length; it is largest at the top.
  const sag = Math.abs(y(rows - 1) - (y(rows) + y(rows - 2)) / 2);
  return Math.max(1, Math.min(rows, Math.floor(Math.sqrt(evenTo / Math.max(sag, 1e-9)))));
}

/**
 * Draws what the estimate said at each moment, a column for each step of time, and the newest column on to the right edge:
 * one population on one scale, up to now. A band ends where price took it.
 */
export function paintHistory(
  context: CanvasRenderingContext2D,
  { heat, xOf }: { heat: Heat; xOf(time: number): number },
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const k = options.pixelRatio;
  const { time, columnMs, columns, rows, lnLow, step } = heat;
  const left = (box.x + xOf(time)) * k;
  const end = (box.x + Math.max(0, xOf(time + columns * columnMs))) * k;
  const right = (box.x + box.width) * k;
  const edgeOf = (row: number) =>
    Math.round((box.y + scale.priceToY(Math.exp(lnLow + row * step) * options.multiplier)) * k);
  const { history, now } = texturesOf(heat, options);
  const bottom = (box.y + box.height) * k;
  const count = evenRows(heat, scale, options);
  context.imageSmoothingEnabled = false;
  for (let row = 0, edge = edgeOf(0); row < rows; row += count) {
    const some = Math.min(count, rows - row);
    const next = edgeOf(row + some);
    const isInSight = Math.max(edge, next) > box.y * k && Math.min(edge, next) < bottom;
    if (isInSight) {
      context.drawImage(history, 0, row, columns, some, left, edge, end - left, next - edge);
      if (right > end) context.drawImage(now, 0, row, 1, some, end, edge, right - end, next - edge);
    }
    edge = next;
  }
  if (right > end) clearSpent(context, heat, scale, { left: end, right }, options);
}

/** What price has gone through since the newest column began is none of the present's. */
function clearSpent(
  context: CanvasRenderingContext2D,
  { cells, columns, rows, lnLow, step }: Heat,
  scale: PriceScale,
  { left, right }: { left: number; right: number },
  { price, multiplier, pixelRatio }: PaintOptions,
): void {
  const newest = cells.subarray((columns - 1) * rows);
  const now = (Math.log(price) - lnLow) / step;
  const highestLong = newest.findLastIndex((cell) => cell > 0 && cell < 128) + 1;
  const lowestShort = newest.findIndex((cell) => cell > 128);
  const [from, to] =
    highestLong > now
      ? [now, highestLong]
      : lowestShort >= 0 && lowestShort < now
        ? [lowestShort, now]
        : [0, 0];
  if (from >= to) return;
  const y = (row: number) => scale.priceToY(Math.exp(lnLow + row * step) * multiplier) * pixelRatio;
  const top = Math.min(y(from), y(to));
  context.clearRect(left, top, right - left, Math.abs(y(to) - y(from)));
}
