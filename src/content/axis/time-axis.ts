import type { AxisMessage } from './axis-message';
import type { FitAxis } from './fit';

/**
 * What a chart's own time labels say. They tell the time of day on the chart's clock and nothing of the day or of its
 * time zone: minutes here count from some midnight.
 */

/** x = a + b·minutes, CSS pixels. */
export interface TimeLine {
  a: number;
  b: number;
  /** Minutes since midnight of one of the labels. */
  label: number;
  /** Times of day that the labels name are whole multiples of this apart, minutes; 0 where fewer than two do. */
  grid: number;
  /** Where a date stands, px, and its day of the month. */
  date: { x: number; day?: number } | undefined;
}

export const dayMinutes = 1440;

/** `12:30`, `09-15 12:30`, `2:30 PM`, `2 PM`. */
const clock = /(\d+)(?::(\d\d)|(?=\s*[ap]\.?m))(?:\s*([ap])\.?m)?/i;

interface Moment {
  /** Minutes since midnight. A date alone (`15`, `15 Sep`, `2024-09-15`) stands at the midnight it begins with. */
  minute: number;
  /** Of the month, where it is a date alone. */
  day?: number;
}

/** Most labels of a chart being panned were there in the frame before. */
const known = new Map<string, Moment | false>();
const mostKnown = 300;

function momentOf(text: string): Moment | false {
  if (known.size > mostKnown) known.clear();
  const moment = known.get(text) ?? readMoment(text);
  known.set(text, moment);
  return moment;
}

function readMoment(text: string): Moment | false {
  const [, hour, minute = '0', half] = clock.exec(text) ?? [];
  if (hour !== undefined) {
    const hours = half ? (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hour);
    return { minute: hours * 60 + Number(minute) };
  }
  const day = Number(/(\d+)\D*$/.exec(text)?.[1]);
  return day > 0 && day < 32 && { minute: 0, day };
}

/** Distance of two dates of one month, px a day; the usual one. */
function widthOfDay(labels: { x: number; day?: number }[]): number {
  const widths = labels
    .slice(1)
    .flatMap(({ x, day }, i) => {
      const before = labels[i]!;
      return day && before.day && day > before.day ? [(x - before.x) / (day - before.day)] : [];
    })
    .sort((one, other) => one - other);
  return widths[widths.length >> 1] ?? Number.NaN;
}

/** Two dates are enough where they stand at fractions of a pixel, and so where they say. */
function throughTwoDates(labels: { x: number; day?: number }[]): { a: number; b: number } | undefined {
  const [first, second, third] = labels;
  const b = widthOfDay(labels) / dayMinutes;
  if (third || !(b > 0) || second!.x - first!.x < 20) return;
  if (labels.every(({ x }) => Math.abs(x * 2 - Math.round(x * 2)) < 0.02)) return;
  return { a: first!.x - b * longAgo, b };
}

/** From one day of a month to another of the same or the next, whose lengths differ: the one nearest to `about`. */
function daysBetween(from: number, to: number, about: number): number {
  if (to >= from) return to - from;
  const lengths = [31, 30, 29, 28].map((length) => to - from + length);
  return lengths.reduce((best, each) => (Math.abs(each - about) < Math.abs(best - about) ? each : best));
}

const commonDivisor = (one: number, other: number): number =>
  other === 0 ? one : commonDivisor(other, one % other);

/** Labels of one axis share their height within this many px. */
const sameRow = 1.5;
/** Labels stand where they say, all of them, or on the nearest whole pixel, three in four at least. */
const slacks = [
  [0.05, 1],
  [0.5, 0.75],
] as const;
/** Times are counted from long ago, so that none of them is positive and could be read as a logarithmic scale. */
const longAgo = -14_400_000;

/**
 * The line through the time labels of a canvas, or undefined where they are none or do not lie on one.
 *
 * @param fitAxis handed in: whoever reads times reads prices too, and has it
 * @param kx CSS pixels per bitmap pixel
 * @param shift added to each x, CSS pixels
 */
export function fitTime(fitAxis: FitAxis, message: AxisMessage, kx: number, shift = 0): TimeLine | undefined {
  const all: (Moment & { x: number; y: number })[] = [];
  for (const { text, x, y, align, width } of message.labels) {
    const moment = momentOf(text);
    if (moment) all.push({ ...moment, x: (x + (width * (1 - align)) / 2) * kx + shift, y: y * kx });
  }
  const { y: row } = all.find(({ day }) => !day) ?? all[0] ?? { y: 0 };
  const labels = all.filter(({ y }) => Math.abs(y - row) < sameRow).sort((one, other) => one.x - other.x);
  let before: Moment & { x: number } = { minute: 0, x: 0 };
  let passed = longAgo;
  let grid = 0;
  let first: number | undefined;
  const marks = labels.map((label) => {
    // Two dates tell how far apart they are. Times of day stand closer than a day, but for the same time on two days.
    const days =
      label.day && before.day
        ? daysBetween(before.day, label.day, (label.x - before.x) / widthOfDay(labels))
        : 1;
    passed += (days === 1 && (label.minute - before.minute + dayMinutes) % dayMinutes) || days * dayMinutes;
    before = label;
    if (!label.day) {
      first ??= label.minute;
      grid = commonDivisor(grid, Math.abs(label.minute - first));
    }
    return { value: passed, half: 0, y: label.x };
  });
  const told = { label: labels[0]?.minute ?? 0, grid, date: labels.find(({ day }) => day) };
  const dates = throughTwoDates(labels);
  if (dates) return { ...dates, ...told };
  // A date stands at the first bar of its day, which need not be midnight: a few labels may be off.
  for (const [slack, share] of slacks) {
    const fit = fitAxis(marks, { slack, top: shift, bottom: shift + message.width * kx });
    if (fit && fit.marks.length >= Math.max(3, marks.length * share) && fit.spread <= 0.6)
      return { a: fit.a, b: fit.b, ...told };
  }
  return undefined;
}
