import { minuteMs } from '../../engine/time';
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
/** Beside whole hours, how many quarters of an hour the clocks of IANA's time zones are ahead of world time, of a day's 96. */
const partHours = [14, 18, 22, 23, 26, 35, 38, 42, 51, 55, 58, 82, 86];
const isZone = (offset: number): boolean =>
  // Offsets reach some thousand years back.
  offset % 60 === 0 || partHours.includes((offset / zoneStep + 96e6) % 96);
/** Fewer places where ink must be prove nothing, nor do fewer bars unless they are all. */
const least = 20;
/** A chance hit is common, ink missing from where it should be is not. */
const missCosts = 4;
/** Any other reading must stay below this share of how well the best one is borne out. */
const lead = 0.7;
/** Ink is where it must be in more than nine places of ten. */
const leastQuality = 0.5;
/** A line or an area bears out less than bars do: to be believed it needs more, to make another reading doubtful not. */
const leastOfLine = 0.8;
/** Of places where nothing should be drawn, so many may be, as other things are drawn as well. */
const mostDirt = 0.35;
/** Bars closer to each other than this cannot be told apart, px. */
const narrowest = 2.5;
/** Closes on a line or an area, px. */
const narrowestLine = 1.2;
/** Half of a line's thickness, px. */
const thin = 4;
/** A price beyond both ends of a bar by less, as the product of both distances in px, is no place of its own. */
const apart = 9;

/** How prices are drawn. A bar runs from where the one before closed to where it closes; a line joins closes. */
type Style = 'bars' | 'line' | 'area';
const styles: Style[] = ['bars', 'line', 'area'];

/** A price known at a time: a bar closes there, and the next one opens. */
interface Mark {
  minute: number;
  y: number;
  /** Where the bar that closes here opened, and both its ends, as far as its prices are known; px. */
  opened: number;
  top: number;
  bottom: number;
  /** Distance in y to the close before and to the one after, the larger; px. */
  stride: number;
}

/**
 * Finds the anchor of a pane.
 *
 * @param yOf price per coin → y in the pane
 * @param before kept where too little is in sight: older bars than the prices at hand bear out nothing and gainsay nothing
 * @returns undefined where the chart's ink bears no reading out, or several
 */
export function findAnchor(
  ink: Ink,
  line: TimeLine,
  size: { width: number; height: number },
  closes: Closes,
  yOf: (price: number) => number,
  before?: Anchor,
): Anchor | undefined {
  const ys = closes.prices.map(yOf);
  const isBefore = (one: Anchor) => one.offset === before?.offset && one.bar === before.bar;
  let isInSight = false;
  const all: Reading[] = [];
  for (const bar of barLengths) {
    // Labels stand at openings of bars.
    if (bar * line.b < narrowestLine || line.grid % bar !== 0) continue;
    const marks = marksOf(closes, ys, bar, size.height);
    for (const offset of offsetsOf(line, bar, marks, size.width)) {
      // The edge of what is known fits by chance at many places.
      const inSight = marks.filter(({ minute }) =>
        isIn(line.a + line.b * (minute - bar + offset), size.width),
      );
      if (inSight.length < Math.min(least, marks.length - 2)) continue;
      isInSight ||= inSight.length >= least && isBefore({ offset, bar });
      for (const style of styles) {
        if (style === 'bars' && bar * line.b < narrowest) continue;
        const quality = qualityOf(ink, line, size, marks, { bar, offset }, style);
        if (Math.abs(quality) > leastQuality) all.push({ offset, bar, quality, style });
      }
    }
  }
  if (before && !isInSight) return before;
  const clean = all.filter(({ quality, style }) => quality > (style === 'bars' ? 0 : leastOfLine));
  // The ends of bars look like a line's places where bars are hollow, and nothing but an area is filled below every close.
  const isBars = clean.some(({ style }) => style === 'bars');
  const readings = isBars ? clean.filter(({ style }) => style !== 'line') : all;
  // Those that are borne out nearly as well as the best of all, and the one of the longest bars among them.
  const enough = isBars ? lead * Math.max(...all.map(({ quality }) => Math.abs(quality))) : 0;
  const alike = readings.filter(({ quality }) => Math.abs(quality) > enough);
  if (!clean[0] || !alike[0]) return undefined;
  const { offset, bar } = alike.reduce((one, other) => (other.bar > one.bar ? other : one));
  // Shorter bars seem to fit as well where both their ends fall into the two of the chart's that meet at a close. A line
  // tells where bars close and not how long they are: where several lengths fit, it is not certain when they open.
  const isClear = alike.every(({ offset: other, bar: length }) =>
    isBars
      ? Math.abs(2 * (other - offset) + bar - length) <= 2 * bar - length
      : other === offset && length === bar,
  );
  if (isClear) return { offset, bar };
  // What was clear before and is borne out still remains so, where the ink in sight now fits other readings too.
  return alike.some(isBefore) ? before : undefined;
}

interface Reading extends Anchor {
  quality: number;
  style: Style;
}

const isIn = (at: number, length: number): boolean => at > 1 && at < length - 1;

/** Closes of bars of some length, in sight. */
function marksOf({ from, stepMs }: Closes, ys: number[], bar: number, height: number): Mark[] {
  const minuteOf = (k: number) => (from + (k + 1) * stepMs) / minuteMs;
  const marks: Mark[] = [];
  let path: number[] = [];
  ys.forEach((y, k) => {
    path.push(y);
    if (minuteOf(k) % bar !== 0) return;
    const last = marks.at(-1);
    const opened = last?.y ?? y;
    const stride = Math.abs(opened - y);
    if (last) last.stride = Math.max(last.stride, stride);
    marks.push({ minute: minuteOf(k), y, opened, top: Math.min(...path), bottom: Math.max(...path), stride });
    path = [y];
  });
  return marks.filter(({ y }) => isIn(y, height));
}

/** A label stands at the opening of a bar, and bars open at whole multiples of their length by world time. */
function* offsetsOf({ a, b, label }: TimeLine, bar: number, marks: Mark[], width: number): Generator<number> {
  if (marks.length === 0) return;
  const step = Math.max(bar, zoneStep);
  const start = -a / b - marks.at(-1)!.minute;
  const end = (width - a) / b - marks[0]!.minute;
  for (let offset = label - Math.floor((label - start) / step) * step; offset < end; offset += step)
    if (isZone(offset)) yield offset;
}

/** How well the ink bears out one reading of the axis, up to 1; 0 where it does not, negative where ink is beside it too. */
function qualityOf(
  ink: Ink,
  { a, b }: TimeLine,
  { width, height }: { width: number; height: number },
  marks: Mark[],
  { bar, offset }: Anchor,
  style: Style,
): number {
  // A wick may be a pixel wide, and stand on either side of where it should.
  const isInk = (x: number, y: number) =>
    ink(x - 0.5, y) || ink(x + 0.5, y) || ink(x, y - 1) || ink(x, y + 1);
  const clear = Math.min(1.5 * medianStride(marks) + 10, height / 3);
  let seen = 0;
  let hits = 0;
  let looksAbove = 0;
  let looksBelow = 0;
  let above = 0;
  let below = 0;
  const look = (x: number, y: number) => {
    seen++;
    if (isInk(x, y)) hits++;
  };
  for (const { minute, y, opened, top, bottom, stride } of marks) {
    // A bar stands at the time it opened.
    const x = a + b * (minute - bar + offset);
    const next = x + b * bar;
    if (!(x > 0 && next < width)) continue;
    // A close is seen in two bars; on a line once, for two.
    look(x, y);
    look(style === 'bars' ? next : x, y);
    if (style === 'bars')
      for (const at of [top, bottom]) if ((at - y) * (at - opened) > apart && isIn(at, height)) look(x, at);
    if (missCosts * (seen - hits) > least + hits) return 0;
    const gap = thin + Math.min(clear, 1.5 * (stride / (b * bar)));
    const [over, under] = style === 'bars' ? [top - clear, bottom + clear] : [y - gap, y + gap];
    if (isIn(over, height)) {
      looksAbove++;
      if (ink(x, over)) above++;
    }
    if (isIn(under, height)) {
      looksBelow++;
      if (ink(x, under)) below++;
    }
  }
  const net = hits - missCosts * (seen - hits);
  // Inside of what is filled ink is everywhere.
  if (net < least || 2 * above > looksAbove) return 0;
  const isStyle =
    above <= mostDirt * looksAbove &&
    (style === 'area' ? 2 * (looksBelow - below) : below) <= mostDirt * looksBelow;
  return isStyle && 6 * (looksAbove + looksBelow) >= seen ? net / seen : -net / seen;
}

const medianStride = (marks: Mark[]): number =>
  Float64Array.from(marks, ({ stride }) => stride).sort()[marks.length >> 1] ?? 0;

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
  const at = (x: number, row: number) => pixels[row * width + (x | 0)];
  return (x, y) => {
    const row = (y * ky) | 0;
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
