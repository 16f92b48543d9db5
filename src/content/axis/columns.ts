import type { Rectangle } from '../page-world/records';
import type { AxisMessage } from './axis-message';
import { applyRuler, type Ruler } from './calibrate';
import { type AxisFit, difference, fitAxis, type Mark, type Scale, yOf } from './fit';
import { type PrintedNumber, parseNumber } from './parse-number';

/** Finds the price axis among all labels of one canvas. Positions here are CSS pixels from the canvas's top left. */

export interface AxisLabel extends PrintedNumber, Mark {
  /** Middle of the ink, and the point the text was drawn at; `y` is one of them. */
  centre: number;
  anchor: number;
  x: number;
  align: number;
  width: number;
}

export interface PriceColumn {
  fit: AxisFit;
  /** Labels the fit goes through, by ascending y. */
  labels: AxisLabel[];
  /** Lowest and highest price among them. */
  low: number;
  high: number;
  /** The symbol's price was known when it was read. */
  checked: boolean;
  /** No other numbers on the chart look like a scale of prices. */
  sole: boolean;
  /** Left and right edge of the text. */
  left: number;
  right: number;
  /** Clip rectangle of the plot, where the page has one around these labels. */
  plot: Rectangle | undefined;
}

export type Refusal =
  /** No column of numbers on a line. */
  | 'none'
  /** The axis shows percentages. */
  | 'percent'
  /** Too few digits or labels to place a price within a pixel or two. */
  | 'coarse'
  /** Prices on it are nowhere near the symbol's. */
  | 'implausible'
  /** Could be an index that starts at 100 instead of prices. */
  | 'indexed';

export interface ColumnOptions {
  /** CSS pixels per bitmap pixel. */
  kx: number;
  ky: number;
  /** The symbol's price in the chart's own unit, where known. */
  reference: number | undefined;
  previous: Scale | undefined;
  /** Where an axis was read before, with the symbol's price known. */
  trusted: { left: number; right: number } | undefined;
  /** Which point of a label marks its price. */
  ruler: Ruler;
}

/** Labels of one axis share their alignment edge within this many px. */
const sameEdge = 2.5;
/** A fit that can be further off than this anywhere in the pane is not drawn. */
const maxSpread = 2.6;
/**
 * A chart may show prices this many times away from the last one: history is long. Not at first, when ratios and rates
 * on a page can look like the prices of a coin.
 */
export const plausible = { first: 1.5, later: 4 };
const minSpan = 40;
/** A plot lower than this share of the tallest shows an indicator. */
const tallEnough = 0.6;
/** Labels put on whole pixels are half a pixel off at most; others are where they say, but for font metrics. */
const slack = { whole: 0.5, exact: 0.15 };
/** Tags that would cover each other are moved aside by less than this, px. */
const aside = 20;
/** With two labels nothing tells a log scale from a linear one: they must agree this well, px. */
const maxDoubtOfTwo = 1;

function byEdge(labels: AxisLabel[]): AxisLabel[][] {
  const columns: AxisLabel[][] = [];
  for (const label of labels) {
    const column = columns.find(
      ([first]) => first!.align === label.align && Math.abs(first!.x - label.x) <= sameEdge,
    );
    if (column) column.push(label);
    else columns.push([label]);
  }
  return columns;
}

/** Clip rectangles that could be plots, one for each stacked pane, newest first. */
function plots(message: AxisMessage, { kx, ky }: ColumnOptions): Rectangle[] {
  const found: Rectangle[] = [];
  for (const [x, y, width, height] of message.clips.toReversed()) {
    const plot: Rectangle = [x * kx, y * ky, width * kx, height * ky];
    if (plot[2] < message.width * kx * 0.3 || plot[3] < minSpan) continue;
    const overlaps = found.some(
      (other) => plot[1] < other[1] + other[3] - 2 && plot[1] + plot[3] > other[1] + 2,
    );
    if (!overlaps) found.push(plot);
  }
  return found;
}

/** Whether an axis from `low` to `high` can show a symbol that trades at `reference`. */
export const isPlausible = (low: number, high: number, reference: number, times: number): boolean =>
  reference <= times * high && low <= times * reference && high <= 20 * reference;

/**
 * An axis "indexed to 100" is linear, prints two decimals and runs somewhere around 100. It is told from prices by the
 * last price in view and 100 out of it, or by a tag that repeats the last price: a label between the ticks.
 */
function mayBeIndexed(
  column: AxisLabel[],
  fit: AxisFit,
  low: number,
  high: number,
  reference: number | undefined,
): boolean {
  if ((fit.scale === 'log' && !fit.ambiguous) || column.some((label) => label.half < 0.004)) return false;
  const values = fit.marks.map((mark) => mark.value);
  const margin = (high - low) * 0.5;
  const isInView = (price: number) => price >= low - margin && price <= high + margin;
  if (reference === undefined) return isInView(100);
  if (high < 100 / plausible.later || low > 100 * plausible.later) return false;
  // The tag is among the values and halves one step: the usual step is that of the ticks.
  const steps = values.slice(1).map((value, i) => Math.abs(value - values[i]!));
  const step = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  const tags = column.filter(({ value, half }) => offGrid(value, step) > half);
  const isTold = (within: number) => tags.some(({ value }) => Math.abs(value / reference - 1) < within);
  // The last price in view and 100 out of it says a lot already, unless a tag says otherwise.
  if (isInView(reference) && !isInView(100)) return tags.length > 0 && !isTold(0.05);
  return !isTold(0.005);
}

/** Distance of a value from the nearest multiple of a step. */
const offGrid = (value: number, step: number): number => Math.abs(value - Math.round(value / step) * step);

/** Whether labels stand at any fraction of a pixel: libraries that round give all of them the same. */
function areExact(labels: AxisLabel[], ky: number): boolean {
  const first = labels[0]!.centre / ky;
  const anyFraction = (unit: number) =>
    labels.some((label) => {
      const steps = (label.centre / ky - first) / unit;
      return Math.abs(steps - Math.round(steps)) * unit > 0.1;
    });
  // Whole device pixels, or whole CSS pixels.
  return labels.length >= 3 && anyFraction(1) && anyFraction(1 / ky);
}

interface Candidate {
  column: AxisLabel[];
  plot: Rectangle | undefined;
}

/** A column of a canvas with several stacked panes is cut at the panes' plot rectangles. */
function cut(column: AxisLabel[], rectangles: Rectangle[]): Candidate[] {
  const pieces = rectangles
    .map((plot) => ({
      column: column.filter((label) => label.y >= plot[1] - 10 && label.y <= plot[1] + plot[3] + 10),
      plot,
    }))
    .filter((piece) => piece.column.length >= 2);
  return pieces.length > 0 ? pieces : [{ column, plot: undefined }];
}

/**
 * Two labels are too few to read an axis from, yet enough to gainsay another one: both look like its prices, and both
 * stand far from where it has them.
 */
function gainsays({ column, plot }: Candidate, best: PriceColumn): boolean {
  return (
    plot === best.plot &&
    column.every(
      ({ value, y }) =>
        value <= plausible.first * best.high &&
        best.low <= plausible.first * value &&
        Math.abs(yOf(best.fit, value) - y) > aside,
    )
  );
}

/** All numbers on a canvas. */
export function readLabels(message: AxisMessage, options: ColumnOptions, dotGroups: boolean): AxisLabel[] {
  const found: AxisLabel[] = [];
  for (const label of message.labels) {
    const number = parseNumber(label.text, dotGroups);
    if (!number || label.y < -2 || label.y > message.height + 2) continue;
    found.push({
      ...number,
      x: label.x * options.kx,
      y: applyRuler(options.ruler, label.y * options.ky, label.anchor * options.ky),
      centre: label.y * options.ky,
      anchor: label.anchor * options.ky,
      align: label.align,
      width: label.width * options.kx,
    });
  }
  return found;
}

/** The price column of a canvas, or why there is none. */
export function findPriceColumn(message: AxisMessage, options: ColumnOptions): PriceColumn | Refusal {
  const first = search(message, options, false);
  if (typeof first === 'object' || !message.labels.some((label) => /[.,]\d{3}\b/.test(label.text)))
    return first;
  const second = search(message, options, true);
  return typeof second === 'object' ? second : first;
}

/** A column that reads as prices. */
interface Possible extends Candidate {
  fit: AxisFit;
  low: number;
  high: number;
  /** Well within reach of the last price. */
  near: boolean;
}

/**
 * Two axes over one plot whose numbers could both be the symbol's prices, and disagree: a comparison, or a second coin.
 * Nothing on them says which is which.
 */
function areRivals(one: Possible, other: Possible): boolean {
  // Old prices and their comparison may both be far from the last price: then they are near each other.
  const alike = one.low <= plausible.first * other.high && other.low <= plausible.first * one.high;
  if (!alike && !(one.near && other.near)) return false;
  const marks = [one.fit.marks, other.fit.marks];
  if (one.plot !== other.plot || marks.some(({ length }) => length < 3)) return false;
  const top = Math.max(...marks.map((own) => own[0]!.y));
  const bottom = Math.min(...marks.map((own) => own.at(-1)!.y));
  if (top >= bottom) return false;
  return difference(one.fit, other.fit, { top, bottom }) > maxSpread + one.fit.spread + other.fit.spread;
}

function search(message: AxisMessage, options: ColumnOptions, dotGroups: boolean): PriceColumn | Refusal {
  const { reference } = options;
  const rectangles = plots(message, options);
  const tallest = Math.max(0, ...rectangles.map((plot) => plot[3]));
  const height = message.height * options.ky;
  let refusal: Refusal | '' = '';
  // Their names happen to sort by how much they tell.
  const refuse = (why: Refusal) => {
    if (why > refusal) refusal = why;
  };
  let best: PriceColumn | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  let lastPrice: number | undefined;
  const seen: Possible[] = [];
  const pairs: Candidate[] = [];

  for (const whole of byEdge(readLabels(message, options, dotGroups))) {
    if (whole.length < 2) continue;
    for (const { column, plot } of cut(whole, rectangles)) {
      if (plot && plot[3] < tallEnough * tallest) continue;
      if (column.filter((label) => label.percent).length * 2 > column.length) {
        if (column.length >= 3) refuse('percent');
        continue;
      }
      const sorted = column.filter((label) => !label.percent).sort((a, b) => a.y - b.y);
      if (sorted.length < 2) continue;
      // `0 500 1,000` are no decimals: those are printed alike.
      if (dotGroups && sorted.some(({ half }) => half !== sorted[0]!.half)) continue;
      const span = sorted.at(-1)!.y - sorted[0]!.y;
      if (span < Math.min(minSpan, 0.12 * height)) continue;
      if (sorted.length === 2) pairs.push({ column: sorted, plot });
      const extent = {
        top: plot ? plot[1] : 0,
        bottom: plot ? plot[1] + plot[3] : height,
        previous: options.previous,
      };
      const exact = areExact(sorted, options.ky)
        ? fitAxis(sorted, { ...extent, slack: slack.exact })
        : undefined;
      const whole =
        exact?.marks.length === sorted.length
          ? undefined
          : fitAxis(sorted, { ...extent, slack: slack.whole });
      const fit = (exact?.marks.length ?? 0) >= (whole?.marks.length ?? 0) ? exact : whole;
      if (!fit) continue;
      const values = fit.marks.map((mark) => mark.value);
      const low = Math.min(...values);
      const high = Math.max(...values);
      if (!(high > low)) continue;
      const times = options.trusted ? plausible.later : plausible.first;
      // Rates, changes and volumes run through zero, prices do not.
      if (low <= 0 || (reference !== undefined && !isPlausible(low, high, reference, times))) {
        refuse('implausible');
        continue;
      }
      const near = reference !== undefined && isPlausible(low, high, reference, plausible.first);
      const candidate = { column, plot, fit, low, high, near };
      if (seen.some((other) => areRivals(candidate, other))) return 'implausible';
      seen.push(candidate);
      // What was trusted is that one column, not whatever else is written on the chart.
      const { left, right } = edges(sorted);
      const { trusted } = options;
      if (trusted && !near && !(left < trusted.right && right > trusted.left)) {
        refuse('implausible');
        continue;
      }
      if (mayBeIndexed(sorted, fit, low, high, reference)) {
        refuse('indexed');
        continue;
      }
      if (fit.spread > (fit.marks.length === 2 ? maxDoubtOfTwo : maxSpread)) {
        refuse('coarse');
        continue;
      }
      let inView = 0;
      if (reference !== undefined && reference >= low && reference <= high) {
        const y = yOf(fit, reference);
        // Two axes that put the last price in two places: one of them shows another coin, or no prices at all.
        if (Math.abs(y - (lastPrice ?? y)) > maxSpread) return 'implausible';
        lastPrice = y;
        inView = 100;
      }
      const first = fit.marks[0]!.y;
      const last = fit.marks.at(-1)!.y;
      const labels = sorted.filter((label) => label.y >= first && label.y <= last);
      const score =
        inView +
        fit.marks.length * 10 +
        ((last - first) / height) * 50 -
        (labels.some((label) => label.abbreviated) ? 30 : 0);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { fit, labels, low, high, checked: reference !== undefined, sole: true, ...edges(labels), plot };
    }
  }
  if (best && pairs.some((two) => gainsays(two, best))) return 'implausible';
  return best ? { ...best, sole: seen.length + pairs.length === 1 } : refusal || 'none';
}

export function edges(labels: AxisLabel[]): { left: number; right: number } {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (const { x, align, width } of labels) {
    const start = x - (width * align) / 2;
    left = Math.min(left, start);
    right = Math.max(right, start + width);
  }
  return { left, right };
}
