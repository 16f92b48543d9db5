import type { Rgb } from '../../paint/theme';
import { backgroundUnder, medianOf, schemeOf } from './chart-scheme';
import type { ElementParts } from './elements';

/** Where a chart has drawn candles, lines or words, in cells, so that ours can keep off them. */
export interface InkMap {
  /** Share of a rectangle of the pane that the chart has drawn on, 0–1. CSS pixels from the pane's corner. */
  shareOf(left: number, top: number, width: number, height: number): number;
  /** What lies under the candles: what the chart is filled with, or else what it stands on. */
  ground: Rgb;
  /** The chart is filled with it, and nothing lies on the far side of its background: darker on a dark chart, lighter on a light one. */
  isPlain: boolean;
}

/** CSS pixels; as wide as a candle usually is. */
const cell = 4;
/** Sum of the differences of the three channels from the background; gridlines stay below it. */
const stands = 48;

/** Rows whose background is looked at. */
const groundRows = 9;

/** Share of the cells, and how far they are off, from which on something is on the far side of the background. */
const leastFar = 0.002;
const far = 10;

/** Reused: canvases are not free. */
let probe: OffscreenCanvasRenderingContext2D | undefined;

/**
 * Looks at what a canvas or SVG shows right now. Reading it back takes a moment: not in every frame.
 *
 * @param pane the part of it that is meant, CSS pixels of its layout
 * @param paintShapes where charts are elements
 */
export function lookAtInk(
  chart: Element,
  pane: { x: number; y: number; width: number; height: number },
  paintShapes?: ElementParts['paintShapes'],
): InkMap {
  const nothing = (): InkMap => ({ shareOf: () => 0, ground: backgroundUnder(chart), isPlain: false });
  if (pane.width < cell || pane.height < cell) return nothing();
  const columns = Math.ceil(pane.width / cell);
  const rows = Math.ceil(pane.height / cell);
  let pixels: Uint8ClampedArray;
  let filled: Rgb | undefined;
  try {
    probe ??= new OffscreenCanvas(columns, rows).getContext('2d', { willReadFrequently: true })!;
    // Setting a size empties it as well.
    probe.canvas.width = columns;
    probe.canvas.height = rows;
    probe.imageSmoothingQuality = 'high';
    if (chart instanceof HTMLCanvasElement) {
      const k = chart.width / chart.clientWidth;
      probe.drawImage(chart, pane.x * k, pane.y * k, pane.width * k, pane.height * k, 0, 0, columns, rows);
    } else paintShapes?.(probe, chart as SVGSVGElement, pane, 1 / cell);
    pixels = probe.getImageData(0, 0, columns, rows).data;
    filled = groundOf(pixels, columns, rows);
    if (!filled) {
      // On nothing the faintest gridline would stand out.
      probe.globalCompositeOperation = 'destination-over';
      probe.fillStyle = `rgb(${backgroundUnder(chart)})`;
      probe.fillRect(0, 0, columns, rows);
      pixels = probe.getImageData(0, 0, columns, rows).data;
    }
  } catch {
    return nothing(); // without a size, or with foreign images on it
  }
  const sums = inkSums(pixels, columns, rows);
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value / cell)));
  return {
    ground: filled ?? groundOf(pixels, columns, rows)!,
    isPlain: filled !== undefined && isPlain(pixels, filled),
    shareOf(left, top, width, height) {
      const x0 = clamp(left, columns);
      const x1 = clamp(left + width, columns);
      const y0 = clamp(top, rows);
      const y1 = clamp(top + height, rows);
      if (x1 <= x0 || y1 <= y0) return 0;
      const at = (x: number, y: number) => sums[y * (columns + 1) + x]!;
      return (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / ((x1 - x0) * (y1 - y0));
    },
  };
}

/** What most of a few rows have as their background. */
function groundOf(pixels: Uint8ClampedArray, columns: number, rows: number): Rgb | undefined {
  const filled: Rgb[] = [];
  for (let i = 0; i < groundRows; i++) {
    const at = backgroundOf(pixels, columns, Math.floor(((i + 0.5) * rows) / groundRows));
    if (pixels[at + 3]! >= 128) filled.push([pixels[at]!, pixels[at + 1]!, pixels[at + 2]!]);
  }
  return 2 * filled.length > groundRows ? medianOf(filled) : undefined;
}

/** Green is most of what the eye sees. */
function isPlain(pixels: Uint8ClampedArray, ground: Rgb): boolean {
  const away = schemeOf(ground) === 'dark' ? -1 : 1;
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4)
    if (away * (pixels[i + 1]! - ground[1]) > far && pixels[i + 3]! >= 128) count++;
  return 4 * count < leastFar * pixels.length;
}

/** Cells with ink, summed from the top left corner, so that any rectangle is four look-ups. */
function inkSums(pixels: Uint8ClampedArray, columns: number, rows: number): Uint32Array {
  const sums = new Uint32Array((columns + 1) * (rows + 1));
  for (let row = 0; row < rows; row++) {
    const back = backgroundOf(pixels, columns, row);
    let inRow = 0;
    for (let column = 0; column < columns; column++) {
      const i = 4 * (row * columns + column);
      const off =
        Math.abs(pixels[i]! - pixels[back]!) +
        Math.abs(pixels[i + 1]! - pixels[back + 1]!) +
        Math.abs(pixels[i + 2]! - pixels[back + 2]!) +
        Math.abs(pixels[i + 3]! - pixels[back + 3]!);
      if (off > stands) inRow++;
      sums[(row + 1) * (columns + 1) + column + 1] = sums[row * (columns + 1) + column + 1]! + inRow;
    }
  }
  return sums;
}

/** Index of a pixel with the row's background: of five places the one that most of the others are like. */
function backgroundOf(pixels: Uint8ClampedArray, columns: number, row: number): number {
  const places = [0.02, 0.25, 0.5, 0.75, 0.98].map(
    (share) => 4 * (row * columns + Math.floor(share * (columns - 1))),
  );
  const unlike = (one: number) =>
    places.reduce(
      (sum, other) =>
        sum + Math.abs(pixels[one + 1]! - pixels[other + 1]!) + Math.abs(pixels[one]! - pixels[other]!),
      0,
    );
  return places.reduce((best, place) => (unlike(place) < unlike(best) ? place : best));
}
