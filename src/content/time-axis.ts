import type { AxisMessage } from './axis-message';
import { leastSquares } from './fit';

/**
 * What a chart's own time labels say. They tell the time of day on the chart's clock and nothing of the day or of its
 * time zone: minutes here count from a midnight before the first label.
 */

/** x = a + b·minutes, CSS pixels. */
export interface TimeLine {
  a: number;
  b: number;
  /** Minutes since midnight of one of the labels. */
  label: number;
  /** Where a date stands, px, and its day of the month; NaN without a date. */
  date: { x: number; day: number };
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

function momentOf(text: string): Moment | undefined {
  const [, hour, minute = '0', half] = clock.exec(text) ?? [];
  if (hour !== undefined) {
    const hours = half ? (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hour);
    return { minute: hours * 60 + Number(minute) };
  }
  const day = Number(/(\d+)\D*$/.exec(text)?.[1]);
  return day > 0 && day < 32 ? { minute: 0, day } : undefined;
}

/** Labels of one axis share their height within this many px. */
const sameRow = 1.5;
/** A label further than this from the line is not on it, px: some libraries put labels on whole pixels. */
const farOff = 1;

/**
 * The line through the time labels of a canvas, or undefined where they are none or do not lie on one.
 *
 * @param kx CSS pixels per bitmap pixel
 * @param shift added to each x, CSS pixels
 */
export function fitTime(message: AxisMessage, kx: number, shift = 0): TimeLine | undefined {
  const all = message.labels.flatMap(({ text, x, y, align, width }) => {
    const moment = momentOf(text);
    return moment ? [{ ...moment, x: (x + (width * (1 - align)) / 2) * kx + shift, y: y * kx }] : [];
  });
  const { y: row } = all.find(({ day }) => !day) ?? all[0] ?? { y: 0 };
  const labels = all.filter(({ y }) => Math.abs(y - row) < sameRow).sort((one, other) => one.x - other.x);
  const { x = Number.NaN, day = Number.NaN } = labels.find((label) => label.day) ?? {};
  let before: Moment = { minute: 0 };
  let passed = 0;
  const marks = labels.map((label) => {
    // Two dates tell how far apart they are. Times of day stand closer than a day, but for the same time on two days.
    const days = label.day && before.day ? (label.day - before.day + 31) % 31 : 1;
    passed += (days === 1 && (label.minute - before.minute + dayMinutes) % dayMinutes) || days * dayMinutes;
    before = label;
    return { x: label.x, minute: passed };
  });
  // A date stands at the first bar of its day, which need not be midnight: a few labels may be off.
  for (let spare = Math.floor(marks.length / 4); marks.length >= 3; spare--) {
    const line = leastSquares(
      marks.map(({ minute }) => minute),
      marks.map(({ x }) => x),
    );
    if (!line || line.b <= 0) return undefined;
    const offs = marks.map(({ x, minute }) => Math.abs(line.a + line.b * minute - x));
    const worst = Math.max(...offs);
    if (worst <= farOff) return { ...line, label: labels[0]!.minute, date: { x, day } };
    if (spare === 0) return undefined;
    marks.splice(offs.indexOf(worst), 1);
  }
  return undefined;
}
