import type { Rectangle } from '../page-world/records';
import type { AxisMessage } from './axis-message';
import { farthest } from './calibrate';
import { type AxisFit, difference, type FitOptions, fitAxis, isOn, type Scale, yOf } from './fit';
import { type AxisLabel, byEdge, edges, type LabelOptions, lookAlike, readLabels } from './labels';
import { isInReach, isPlausible, plausible } from './plausible';
import { findTicks } from './ticks';

/** Finds the price axis among all labels of one canvas. Positions here are CSS pixels from the canvas's top left. */

export interface PriceColumn {
  fit: AxisFit;
  /** The labels are ticks for certain, and no tags of orders. */
  certain: boolean;
  /** The page's charting library tells it, and labels bear it out: all over the pane, or only where they stand. */
  told?: 'firmly' | 'loosely';
  /** Labels the fit goes through, by ascending y. */
  labels: AxisLabel[];
  /** Lowest and highest price among them. */
  low: number;
  high: number;
  /** The symbol's price was known when it was read. */
  checked: boolean;
  /** Left and right edge of the text. */
  left: number;
  right: number;
  /** Prices beside the ticks, in another look: of the last trade, orders, lines. */
  tags: number[];
  /** Clip rectangle of the plot, where the page has one around these labels. */
  plot: Rectangle | undefined;
}

/** Why there is no price axis on a canvas, from what tells least to what tells most. */
const refusals = [
  /** No column of numbers on a line. */
  'none',
  /** Ticks cannot be told from the tags among them. */
  'tags',
  /** Too few digits or labels to place a price within a pixel or two. */
  'coarse',
  /** Prices on it are nowhere near the symbol's. */
  'implausible',
  /** They are in another currency. */
  'converted',
  /** Could be an index that starts at 100 instead of prices. */
  'indexed',
  /** The axis shows percentages. */
  'percent',
] as const;
export type Refusal = (typeof refusals)[number];

const moreTelling = (one: Refusal, other: Refusal): Refusal =>
  refusals.indexOf(one) > refusals.indexOf(other) ? one : other;

export interface ColumnOptions extends LabelOptions {
  /** The symbol's price in the chart's own unit, where known. */
  reference: number | undefined;
  previous: Scale | undefined;
  /** Hears of tags that are not the symbol's price, where a column is refused for them. */
  gainsaid?: (tags: readonly number[]) => void;
  /** Where an axis was read before, with the symbol's price known. */
  trusted: { left: number; right: number } | undefined;
}

/** A fit that can be further off than this anywhere in the pane is not drawn. */
const maxSpread = 2.6;
/** With two labels nothing tells a log scale from a linear one: they must agree this well, px. */
const maxDoubtOfTwo = 1;
const minSpan = 40;
/** A plot lower than this share of the tallest shows an indicator. */
const tallEnough = 0.6;
/** Labels put on whole pixels are half a pixel off at most; others are where they say, but for font metrics. */
export const slack = { whole: 0.5, exact: 0.15 };
/** Tags that would cover each other are moved aside by less than this, px. */
const aside = 20;

/** What speaks for a column where several could be the price axis: the last price most, then labels, then height. */
const weights = {
  /** The last price is among its prices. */
  lastPrice: 100,
  /** Each label on its line. */
  label: 10,
  /** Its labels reach from end to end of the canvas. */
  height: 50,
  /** Written with K, M or B, as volumes are. */
  abbreviated: -30,
};

/** Labels in one line, in one plot; by ascending y. */
interface Candidate {
  column: AxisLabel[];
  plot: Rectangle | undefined;
}

/** A column that reads as prices. */
interface Possible extends Candidate {
  fit: AxisFit;
  certain: boolean;
  low: number;
  high: number;
  /** Well within reach of the last price. */
  near: boolean;
}

/** The price column of a canvas, or why there is none. */
export function findPriceColumn(message: AxisMessage, options: ColumnOptions): PriceColumn | Refusal {
  const first = search(message, options, false);
  if (typeof first === 'object' || !message.labels.some((label) => /[.,]\d{3}\b/.test(label.text)))
    return first;
  const second = search(message, options, true);
  return typeof second === 'object' ? second : first;
}

function search(message: AxisMessage, options: ColumnOptions, dotGroups: boolean): PriceColumn | Refusal {
  const height = message.height * options.ky;
  const labels = readLabels(message, options, dotGroups);
  const candidates = candidatesOf(labels, message, options, dotGroups);
  const seen: Possible[] = [];
  let refusal: Refusal = 'none';
  let best: Possible | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  let lastPriceY: number | undefined;
  for (const candidate of candidates) {
    const possible = asPrices(candidate, height, options);
    if (typeof possible === 'string') {
      refusal = moreTelling(possible, refusal);
      continue;
    }
    if (seen.some((other) => areRivals(possible, other))) return 'implausible';
    seen.push(possible);
    const refused = doubtOf(possible, options);
    if (refused) {
      refusal = moreTelling(refused, refusal);
      continue;
    }
    const y = yOfLastPrice(possible, options.reference);
    // Two axes that put the last price in two places: one of them shows another coin, or no prices at all.
    if (y !== undefined && Math.abs(y - (lastPriceY ?? y)) > maxSpread) return 'implausible';
    lastPriceY = y ?? lastPriceY;
    const score = scoreOf(possible, height, y !== undefined);
    if (score > bestScore) {
      bestScore = score;
      best = possible;
    }
  }
  if (!best) return refusal;
  const found = columnOf(best, options.reference !== undefined, labels);
  return candidates.some((each) => gainsays(each, found)) ? 'implausible' : found;
}

function columnOf(
  { column, fit, certain, low, high, plot }: Possible,
  checked: boolean,
  all: AxisLabel[],
): PriceColumn {
  const labels = column.filter(isOn(fit));
  const tags = tagsOf(column, labels, plot ? all.filter(isIn(plot)) : all).filter((value) =>
    isInReach(low, high, value, plausible.first),
  );
  return { fit, certain, labels, low, high, checked, ...edges(between(column, fit)), tags, plot };
}

/** Prices over the same strip as the ticks, in another ink or in boxes. */
function tagsOf(column: AxisLabel[], ticks: AxisLabel[], labels: AxisLabel[]): number[] {
  const { left, right } = edges(column);
  const late = ticks.length > 4 && paintedLate(ticks);
  const isTick = (label: AxisLabel) => label !== late && ticks.some((tick) => lookAlike(tick, label));
  const isBeside = (label: AxisLabel) => {
    const own = edges([label]);
    return own.left < right && own.right > left;
  };
  return labels
    .filter((label) => !label.percent && isBeside(label) && !isTick(label))
    .map(({ value }) => value);
}

/** A tag in the ticks' own ink is painted after them and stands between them; labels of the pane's ends stand at its ends. */
function paintedLate(ticks: AxisLabel[]): AxisLabel | false {
  const painted = ticks.toSorted((one, other) => one.order - other.order);
  const last = painted.pop()!;
  const way = painted[1]!.y - painted[0]!.y;
  const isRow = painted.every(({ y }, i) => i === 0 || (y - painted[i - 1]!.y) * way > 0);
  return isRow && ticks.slice(2, -2).includes(last) && last;
}

/** Labels from the first to the last that the line goes through. */
function between(column: AxisLabel[], { marks }: AxisFit): AxisLabel[] {
  const first = marks[0]!.y;
  const last = marks.at(-1)!.y;
  return column.filter(({ y }) => y >= first && y <= last);
}

/** Columns worth a look, cut at the plots of stacked panes. */
function candidatesOf(
  labels: AxisLabel[],
  message: AxisMessage,
  options: ColumnOptions,
  dotGroups: boolean,
): Candidate[] {
  const rectangles = plots(message, options);
  const tallest = Math.max(0, ...rectangles.map((plot) => plot[3]));
  const least = Math.min(minSpan, 0.12 * message.height * options.ky);
  const columns = byEdge(labels);
  return columns
    .filter((column) => column.length >= 2 && !areTagsOf(column, columns))
    .flatMap((column) => cut(column, rectangles))
    .flatMap(({ column, plot }) => {
      if (plot && plot[3] < tallEnough * tallest) return [];
      if (isPercent(column)) return column.length >= 3 ? [{ column, plot }] : [];
      const sorted = column.filter(({ percent }) => !percent).sort((a, b) => a.y - b.y);
      if (sorted.length < 2 || sorted.at(-1)!.y - sorted[0]!.y < least) return [];
      // `0 500 1,000` are no decimals: those are printed alike.
      if (dotGroups && sorted.some(({ half }) => half !== sorted[0]!.half)) return [];
      return [{ column: sorted, plot }];
    });
}

/** Boxes over the strip of another column are tags on its axis, and no axis of their own. */
function areTagsOf(column: AxisLabel[], columns: AxisLabel[][]): boolean {
  if (!column.every(({ boxed }) => boxed)) return false;
  const { left, right } = edges(column);
  return columns.some((other) => {
    const strip = edges(other);
    return other.some(({ boxed }) => !boxed) && strip.left < right && strip.right > left;
  });
}

/** Most labels are percentages, or those in the ink of the first, which are the ticks: tags may tell prices beside them. */
function isPercent(column: AxisLabel[]): boolean {
  const areMost = (labels: AxisLabel[]) => labels.filter(({ percent }) => percent).length * 2 > labels.length;
  const first = column.reduce((one, other) => (other.order < one.order ? other : one));
  const ticks = column.filter((label) => lookAlike(first, label));
  return areMost(column) || (ticks.length >= 3 && areMost(ticks));
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

/** Labels of the ends of a plot stand half outside of it. */
const isIn =
  ([, top, , height]: Rectangle) =>
  ({ y }: AxisLabel): boolean =>
    y >= top - 10 && y <= top + height + 10;

/** A column of a canvas with several stacked panes is cut at the panes' plot rectangles. */
function cut(column: AxisLabel[], rectangles: Rectangle[]): Candidate[] {
  const pieces = rectangles
    .map((plot) => ({
      column: column.filter(isIn(plot)),
      plot,
    }))
    .filter((piece) => piece.column.length >= 2);
  return pieces.length > 0 ? pieces : [{ column, plot: undefined }];
}

/** The line through a column, where its numbers can be the symbol's prices. */
function asPrices({ column, plot }: Candidate, height: number, options: ColumnOptions): Possible | Refusal {
  if (isPercent(column)) return 'percent';
  if (column.filter(({ foreign }) => foreign).length * 2 > column.length) return 'converted';
  const { reference, trusted, previous, ky } = options;
  const top = plot ? plot[1] : 0;
  const extent = { top, bottom: top + (plot ? plot[3] : height), previous };
  const ticks = findTicks(column, (labels) => fitColumn(labels, ky, extent));
  if (typeof ticks !== 'object') return ticks ?? 'none';
  const { fit, certain } = ticks;
  if (column[0]!.adrift) fit.spread += farthest;
  const values = fit.marks.map((mark) => mark.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high > low)) return 'none';
  const isNear = (times: number) => reference === undefined || isPlausible(low, high, reference, times);
  // Rates, changes and volumes run through zero, prices do not.
  if (low <= 0 || !isNear(trusted ? plausible.later : plausible.first)) return 'implausible';
  return { column, plot, fit, certain, low, high, near: reference !== undefined && isNear(plausible.first) };
}

function fitColumn(column: AxisLabel[], ky: number, extent: Omit<FitOptions, 'slack'>): AxisFit | undefined {
  const exact = areExact(column, ky) ? fitAxis(column, { ...extent, slack: slack.exact }) : undefined;
  if (exact?.marks.length === column.length) return exact;
  const whole = fitAxis(column, { ...extent, slack: slack.whole });
  return (exact?.marks.length ?? 0) >= (whole?.marks.length ?? 0) ? exact : whole;
}

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

/** Why a column that reads as prices is not believed all the same; undefined where it is. */
function doubtOf(possible: Possible, { trusted, reference, gainsaid }: ColumnOptions): Refusal | undefined {
  const { column, fit, near } = possible;
  // What was trusted is that one column, not whatever else is written on the chart.
  const { left, right } = edges(column);
  if (trusted && !near && !(left < trusted.right && right > trusted.left)) return 'implausible';
  if (mayBeIndexed(possible, reference)) {
    // But for those of the pane's ends.
    const tags = offGrid(column.slice(2, -2), fit);
    if (tags.length > 0) gainsaid?.(tags);
    return 'indexed';
  }
  return fit.spread > (fit.marks.length === 2 ? maxDoubtOfTwo : maxSpread) ? 'coarse' : undefined;
}

/**
 * An axis "indexed to 100" is linear, prints two decimals and runs somewhere around 100. It is told from prices by the
 * last price in view and 100 out of it, or by a tag that repeats the last price: a label between the ticks.
 */
export function mayBeIndexed(
  { column, fit, low, high }: Pick<Possible, 'column' | 'fit' | 'low' | 'high'>,
  reference: number | undefined,
): boolean {
  if ((fit.scale === 'log' && !fit.ambiguous) || column.some((label) => label.half < 0.004)) return false;
  const margin = (high - low) * 0.5;
  const isInView = (price: number) => price >= low - margin && price <= high + margin;
  if (reference === undefined) return isInView(100);
  if (high < 100 / plausible.later || low > 100 * plausible.later) return false;
  // Some libraries print both ends of the pane, wherever they are, as they print ticks: no tags.
  const ends = [column[0]!, column.at(-1)!];
  const areTicks = ends.every((end) => !end.boxed && lookAlike(end, column[1]!));
  const inner = areTicks && offGrid(ends, fit).length > 1 ? column.slice(1, -1) : column;
  const tags = offGrid(inner, fit);
  // Each of many tags is an occasion to match by chance.
  const shared = Math.min(1, 3 / tags.length);
  const isTold = (within: number) =>
    tags.some((value) => Math.abs(value / reference - 1) < Math.max(0.002, within * shared));
  // The last price in view and 100 out of it says a lot already, unless a tag says otherwise.
  if (isInView(reference) && !isInView(100)) return tags.length > 0 && !isTold(0.05);
  return !isTold(0.005);
}

/** Values between the ticks. A tag may be among the marks and halve one step: the usual step is that of the ticks. */
function offGrid(column: AxisLabel[], { marks }: AxisFit): number[] {
  const steps = marks.slice(1).map(({ value }, i) => Math.abs(value - marks[i]!.value));
  const step = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]!;
  return column
    .filter(({ value, half }) => Math.abs(value - Math.round(value / step) * step) > half)
    .map(({ value }) => value);
}

const yOfLastPrice = ({ fit, low, high }: Possible, reference: number | undefined): number | undefined =>
  reference !== undefined && reference >= low && reference <= high ? yOf(fit, reference) : undefined;

function scoreOf({ column, fit }: Possible, height: number, hasLastPrice: boolean): number {
  const { marks } = fit;
  const isAbbreviated = between(column, fit).some((label) => label.abbreviated);
  return (
    (hasLastPrice ? weights.lastPrice : 0) +
    marks.length * weights.label +
    ((marks.at(-1)!.y - marks[0]!.y) / height) * weights.height +
    (isAbbreviated ? weights.abbreviated : 0)
  );
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

/**
 * A column that no axis can be read from is enough to gainsay another one, where it looks like its prices and stands far
 * from where that has them: two labels, or most of a column with some in the ink of the ticks.
 */
function gainsays({ column, plot }: Candidate, { fit, high, low, labels, plot: own }: PriceColumn): boolean {
  const far = column.filter(
    ({ value, y }) => isInReach(low, high, value, plausible.first) && Math.abs(yOf(fit, value) - y) > aside,
  );
  const isAlike = ({ style, boxed }: AxisLabel) => style === labels[0]!.style && !boxed;
  return plot === own && far.length * 2 > column.length && (column.length === 2 || far.some(isAlike));
}
