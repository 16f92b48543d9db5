import type { Closes } from '../../protocol/view';
import { dayMinutes, type TimeLine } from './time-axis';

/**
 * Which time it is where the chart's labels say 12:00. Neither day nor time zone is written on an axis, but the price is
 * drawn on the chart: only one reading of the axis puts our own closing prices where the chart has its bars.
 */
export interface Anchor {
  /** Minutes to add to a time since 1970 for the minutes of the chart's labels. */
  offset: number;
  /** Length of the chart's bars, minutes. */
  bar: number;
}

/** Whether the chart has drawn something at a place of the pane, beside its background and grid. CSS pixels. */
export type Ink = (x: number, y: number) => boolean;

/** Minutes; each divides a day. */
const barLengths = [1, 3, 5, 15, 30, 60, 120, 240, 360, 720, 1440];
/** Time zones differ by these, minutes. */
const zoneStep = 15;
/** Fewer bars in sight prove nothing. */
const least = 12;
/** Any other reading must stay below this share of the best one's score. */
const lead = 0.7;

/**
 * Finds the anchor of a pane.
 *
 * @param yOf price per coin → y in the pane
 * @param before kept where too little is in sight: older bars than the prices at hand bear out nothing and gainsay nothing
 * @returns undefined where the chart's ink bears no reading out, or several
 */
export function findAnchor(
  ink: Ink,
  { a, b, label }: TimeLine,
  { width, height }: { width: number; height: number },
  { from, stepMs, prices }: Closes,
  yOf: (price: number) => number,
  before?: Anchor,
): Anchor | undefined {
  const marks = prices
    .map((price, k) => ({ y: yOf(price), minute: (from + (k + 1) * stepMs) / 60_000 }))
    .filter(({ y }) => y > 1 && y < height - 1);
  let isInSight = false;
  const found: (Anchor & { score: number })[] = [];
  for (const bar of barLengths) {
    // Closing prices further apart than bars tell such bars from no others; below a zone's step they cannot be mistaken.
    if (bar % (stepMs / 60_000) !== 0 && stepMs > 300_000) continue;
    const closing = marks.filter(({ minute }) => minute % bar === 0);
    if (closing.length < least) continue;
    // A label stands at the opening of a bar, and bars open at whole multiples of their length by world time.
    const step = Math.max(bar, zoneStep);
    const start = -a / b - closing.at(-1)!.minute;
    const end = (width - a) / b - closing[0]!.minute;
    for (let offset = label - Math.floor((label - start) / step) * step; offset < end; offset += step) {
      let seen = 0;
      let hits = 0;
      for (const [i, { y, minute }] of closing.entries()) {
        // A bar stands at the time it opened.
        const x = a + b * (minute - bar + offset);
        if (!(x > 0 && x < width)) continue;
        const isInk = (at: number) => ink(x, at - 1) || ink(x, at) || ink(x, at + 1);
        // It opened where the one before closed, and the one after opens where it closed: both prices tell it from those.
        const before = closing[i - 1]?.minute === minute - bar ? closing[i - 1] : undefined;
        const told = before ? 2 : 1;
        seen += told;
        if (isInk(y) && (!before || isInk(before.y))) hits += told;
      }
      if (offset === before?.offset && seen >= least) isInSight = true;
      // A chance hit is common, a bar missing from where it should be is not.
      const score = hits - 4 * (seen - hits);
      if (seen >= 2 * least && score > 0) found.push({ offset, bar, score });
    }
  }
  found.sort((one, other) => other.score - one.score);
  const [best] = found;
  if (!best) return isInSight ? undefined : before;
  const alike = found.filter(({ score }) => score > lead * best.score);
  if (alike.some(({ offset }) => offset !== best.offset)) return undefined;
  // Bars open where the one before closed, so that shorter ones seem to fit as well.
  return { offset: best.offset, bar: Math.max(...alike.map(({ bar }) => bar)) };
}

/** What is drawn on a canvas right now; undefined where it cannot be read. */
export function inkOf(canvas: HTMLCanvasElement): Ink | undefined {
  const { width, height } = canvas;
  const kx = width / canvas.clientWidth;
  const ky = height / canvas.clientHeight;
  let pixels: Uint32Array;
  try {
    const probe = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    probe.drawImage(canvas, 0, 0);
    pixels = new Uint32Array(probe.getImageData(0, 0, width, height).data.buffer);
  } catch {
    return undefined; // without a size, or with foreign images on it
  }
  const at = (x: number, row: number): number => pixels[row * width + Math.floor(x)]!;
  return (x, y) => {
    const row = Math.min(height - 1, Math.floor(y * ky));
    // Background or a gridline, told by two of three places of the row.
    const [left, middle, right] = [2, width / 2, width - 3].map((place) => at(place, row));
    return at(x * kx, row) !== (middle === right ? middle : left);
  };
}

/** The same line, by whole days, that puts the time at x nearest to where it was. */
export function continued(line: TimeLine, before: TimeLine, x: number): TimeLine {
  const days = Math.round(((x - before.a) / before.b - (x - line.a) / line.b) / dayMinutes);
  return { ...line, a: line.a - days * dayMinutes * line.b };
}
