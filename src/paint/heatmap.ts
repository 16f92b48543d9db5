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

/** The cells of the newest column. */
const newestOf = ({ cells, columns, rows }: Heat): Uint8Array => cells.subarray((columns - 1) * rows);

/** A picture of some columns, one pixel a cell. */
interface Texture {
  canvas: OffscreenCanvas;
  /** Columns of the history in one of the picture's. */
  perColumn: number;
}

/** Pictures of a history as they are used again from frame to frame. */
interface Textures {
  look: string;
  /** The finest first, each of half as many columns as the one before. */
  history: Texture[];
  freshness: PaintOptions['freshness'];
  /** The newest column alone, as old as the data is. */
  now: OffscreenCanvas;
}
const textures = new WeakMap<Heat, Textures>();

/** So few columns are hardly ever so narrow that some would be lost between two pixels. */
const fewColumns = 256;

function texturesOf(heat: Heat, options: PaintOptions): Textures {
  const look = [options.palette, options.scheme, options.opacity, options.threshold].join();
  const { freshness } = options;
  const known = textures.get(heat);
  if (known?.look === look && known.freshness === freshness) return known;
  const made = {
    look,
    freshness,
    // The past does not grow old.
    history: known?.look === look ? known.history : pyramidOf(heat, { ...options, freshness: 'fresh' }),
    now: textureOf(newestOf(heat), heat, options),
  };
  textures.set(heat, made);
  return made;
}

function pyramidOf(heat: Heat, options: PaintOptions): Texture[] {
  const made: Texture[] = [];
  for (let { cells } = heat, perColumn = 1; ; perColumn *= 2) {
    made.push({ canvas: textureOf(cells, heat, options), perColumn });
    if (cells.length / heat.rows <= fewColumns) return made;
    cells = halved(cells, heat);
  }
}

/** Two columns as one: of each two cells the stronger, so that a narrow picture shows all that a wide one does. */
function halved(cells: Uint8Array, { rows, strengths }: Heat): Uint8Array {
  const columns = Math.ceil(cells.length / rows / 2);
  const half = new Uint8Array(columns * rows);
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < rows; row++) {
      const i = 2 * c * rows + row;
      const one = cells[i]!;
      const other = cells[i + rows] ?? 0;
      half[c * rows + row] = strengths[other]! > strengths[one]! ? other : one;
    }
  }
  return half;
}

function textureOf(cells: Uint8Array, heat: Heat, options: PaintOptions): OffscreenCanvas {
  const { rows, strengths } = heat;
  // Drawn are amounts of no less than a part of the largest that stands now.
  const most = newestOf(heat).reduce((one, cell) => Math.max(one, cell & 127), 0);
  const least = most + Math.log(options.threshold ?? 0) / heat.usdStep;
  const width = cells.length / rows;
  const image = new ImageData(width, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const ofCell = new Uint32Array(256);
  const shades = sides.map((side) => sideShades(side, options).pixels);
  strengths.forEach((strength, cell) => {
    if (strength > 0.1 && (cell & 127) >= least) ofCell[cell] = shades[cell >> 7]![shadeOf(strength)]!;
  });
  let i = 0;
  for (let column = 0; column < width; column++)
    for (let row = 0; row < rows; row++) pixels[row * width + column] = ofCell[cells[i++]!]!;
  const canvas = new OffscreenCanvas(width, rows);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

/** Where the lower edge of a row is, device pixels from the box's top. */
const yOfRow =
  ({ lnLow, step }: Heat, scale: PriceScale, { multiplier, pixelRatio }: PaintOptions) =>
  (row: number): number =>
    scale.priceToY(Math.exp(lnLow + row * step) * multiplier) * pixelRatio;

/** Rows are drawn together while they stand evenly to within this, device pixels. */
const evenTo = 0.25;

/** How many rows of the texture stand evenly on the chart: all on a log scale, some on a linear one. */
function evenRows({ rows }: Heat, y: (row: number) => number): number {
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
  const { time, columnMs, columns, rows } = heat;
  const left = (box.x + xOf(time)) * k;
  const end = (box.x + Math.max(0, xOf(time + columns * columnMs))) * k;
  const right = (box.x + box.width) * k;
  const y = yOfRow(heat, scale, options);
  const edgeOf = (row: number) => Math.round(box.y * k + y(row));
  const { history, now } = texturesOf(heat, options);
  // The finest picture of which no column is much narrower than a pixel.
  const narrow = (0.7 * columns) / Math.max(1, end - left);
  const { canvas, perColumn } = history.find((each) => each.perColumn >= narrow) ?? history.at(-1)!;
  // Of the past only what is in sight.
  const columnWidth = ((end - left) / columns) * perColumn;
  const from = Math.max(0, Math.floor((box.x * k - left) / columnWidth));
  const until = Math.min(canvas.width, Math.ceil((right - left) / columnWidth));
  const x = left + from * columnWidth;
  // The last column of a coarse picture may stand for fewer than the others.
  const shown = Math.min(until - from, (end - x) / columnWidth);
  const bottom = (box.y + box.height) * k;
  const count = evenRows(heat, y);
  context.imageSmoothingEnabled = false;
  for (let row = 0, edge = edgeOf(0); row < rows; row += count) {
    const some = Math.min(count, rows - row);
    const next = edgeOf(row + some);
    const isInSight = Math.max(edge, next) > box.y * k && Math.min(edge, next) < bottom;
    if (isInSight) {
      if (shown > 0)
        context.drawImage(canvas, from, row, shown, some, x, edge, shown * columnWidth, next - edge);
      if (right > end) context.drawImage(now, 0, row, 1, some, end, edge, right - end, next - edge);
    }
    edge = next;
  }
  if (right > end) clearSpent(context, heat, y, { left: end, right }, options.price);
}

/** What price has gone through since the newest column began is none of the present's. */
function clearSpent(
  context: CanvasRenderingContext2D,
  heat: Heat,
  yOf: (row: number) => number,
  { left, right }: { left: number; right: number },
  price: number,
): void {
  const { lnLow, step } = heat;
  const newest = newestOf(heat);
  const now = (Math.log(price) - lnLow) / step;
  const lowestShort = newest.findIndex((cell) => cell > 128);
  const highestLong = newest.findLastIndex((cell) => cell > 0 && cell < 128);
  const bottom = yOf(lowestShort < 0 ? now : Math.min(now, lowestShort));
  const top = yOf(Math.max(now, highestLong + 1));
  context.clearRect(left, top, right - left, bottom - top);
}
