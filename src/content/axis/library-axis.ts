import type { AxisMessage, LibraryRange } from './axis-message';
import { difference, priceAt, type Scale, yOf } from './fit';
import { type AxisLabel, byLook, edges, type LabelOptions, lookAlike, readLabels } from './labels';
import { isPlausible, plausible } from './plausible';
import type { ColumnOptions, PriceColumn, Refusal } from './price-axis';

/**
 * A charting library's own word on its price axis. It places a price exactly where labels leave up to a pixel or two
 * of doubt, and it knows prices where the labels show percentages. But it is the page's word, and may be that of another
 * chart on the page: without labels that bear it out it is not used.
 */

interface Axis {
  scale: Scale;
  a: number;
  b: number;
}

/** How far a label may be from where the library puts its price, px; what was rounded off its number comes on top. */
const tolerance = 1.5;
/** Labels rounded further than this, px, bear nothing out. */
const coarsest = 8;
/** Labels of one look that must bear the library out, where they are prices and where they are percentages; and how many of them. */
const least = { prices: 2, shares: 3 };
const share = 2 / 3;
/** Where labels bear a library out, its price may yet be this far off at an end of the pane, px: that is too much for a range that may be the next paint's. */
const firm = 3;
/** Ticks too coarse to place a price tell a library's range by the round steps they stand at: so many of them. */
const leastSteps = 4;

/** y = (g(to) − g(p)) / (g(to) − g(from)) · (height − 1). An upside-down axis has its lower price at the top. */
function axisOf({ height, from, to, mode }: LibraryRange): Axis {
  const isLog = mode === 1;
  const top = isLog ? Math.log(to) : to;
  const b = (height - 1) / ((isLog ? Math.log(from) : from) - top);
  return { scale: isLog ? 'log' : 'linear', a: -b * top, b };
}

/** Whether a label of `value ± half` stands where the axis has it. */
function bears(axis: Axis, y: number, value: number, half: number, most = coarsest): boolean {
  const one = yOf(axis, value - half);
  const other = yOf(axis, value + half);
  const [top, bottom] = [Math.min(one, other), Math.max(one, other)];
  return bottom - top <= most && y >= top - tolerance && y <= bottom + tolerance;
}

/**
 * Labels that bear an axis out. Percentages and an index count from a price unknown to us, the same for all labels:
 * the one that most of them agree on.
 */
function witnesses(axis: Axis, labels: AxisLabel[], mode: LibraryRange['mode']): AxisLabel[] {
  if (mode < 2) return labels.filter(({ y, value, half }) => bears(axis, y, value, half));
  const base = baseOf(axis, labels, mode);
  return labels.filter(({ y, value, half }) => bears(axis, y, (value + zeroOf(mode)) * base, half * base));
}

/** What stands for the price that percentages or an index count from. */
const zeroOf = (mode: LibraryRange['mode']): number => (mode === 2 ? 100 : 0);

/** Price for each per cent, or for each point of an index. */
function baseOf(axis: Axis, labels: AxisLabel[], mode: LibraryRange['mode']): number {
  const bases = labels.map(({ y, value }) => priceAt(axis, y) / (value + zeroOf(mode))).sort((a, b) => a - b);
  return bases[Math.floor(bases.length / 2)]!;
}

/** Prices that stand among the labels in another look than those that bear the axis out. */
function tagsAmong(
  axis: Axis,
  labels: AxisLabel[],
  marks: AxisLabel[],
  mode: LibraryRange['mode'],
): number[] {
  const tags = labels.filter(
    (label) => label.percent === (mode === 2) && !marks.some((mark) => lookAlike(mark, label)),
  );
  const base = mode < 2 ? 1 : baseOf(axis, marks, mode);
  const zero = mode < 2 ? 0 : zeroOf(mode);
  return tags.map(({ value }) => (value + zero) * base).filter((price) => price > 0);
}

/** Coarse ticks at even distances, where the library has round prices that round to what they say. */
function areSteps(axis: Axis, labels: AxisLabel[]): boolean {
  if (axis.scale !== 'linear' || labels.length < leastSteps) return false;
  if (!labels.every(({ y, value, half }) => bears(axis, y, value, half, Number.POSITIVE_INFINITY)))
    return false;
  const sorted = labels.toSorted((one, other) => one.y - other.y);
  const prices = sorted.map(({ y }) => priceAt(axis, y));
  const step = Math.min(...prices.slice(1).map((price, i) => Math.abs(price - prices[i]!)));
  const doubt = tolerance / Math.abs(axis.b);
  const round = roundest(step, doubt);
  return (
    round !== undefined &&
    prices.every((price) => Math.abs(price - Math.round(price / round) * round) <= doubt)
  );
}

/** The one step that is round and within `doubt` of `step`. */
function roundest(step: number, doubt: number): number | undefined {
  const power = 10 ** Math.floor(Math.log10(step));
  const near = [1, 2, 2.5, 4, 5, 10]
    .map((nice) => nice * power)
    .filter((nice) => Math.abs(nice - step) <= doubt);
  return near.length === 1 ? near[0] : undefined;
}

/** The first look whose labels, most of them, bear the axis out; ticks are painted before tags. */
function borneOut(axis: Axis, labels: AxisLabel[], mode: LibraryRange['mode']): AxisLabel[] | undefined {
  const looks = byLook(labels.filter(({ percent }) => percent === (mode === 2)));
  for (const look of looks.toSorted((one, other) => Number(one[0]!.boxed) - Number(other[0]!.boxed))) {
    const agreeing = witnesses(axis, look, mode);
    const enough = agreeing.length >= (mode < 2 ? least.prices : least.shares);
    if (enough && agreeing.length >= share * look.length) return agreeing;
    if (mode < 2 && areSteps(axis, look)) return look;
  }
  return undefined;
}

/**
 * Where all labels are tags that pushed each other aside, the middle one still stands where it should, and the others
 * in the order of their prices.
 */
function isStackOf(axis: Axis, labels: AxisLabel[]): boolean {
  const sorted = labels.filter(({ percent }) => !percent).sort((one, other) => one.y - other.y);
  const isOrdered = sorted.every(
    ({ value, half }, i) => i === 0 || (value - sorted[i - 1]!.value) * Math.sign(axis.b) >= -half,
  );
  return isOrdered && sorted.some(({ y, value, half }) => bears(axis, y, value, half));
}

/**
 * The range that is told of the chart whose axis stands on a canvas: of several as high as it is, the one that most of its
 * labels bear out.
 *
 * @param height of the canvas, CSS pixels
 */
export function ownRange(
  message: AxisMessage,
  options: LabelOptions,
  height: number,
): LibraryRange | undefined {
  const { library, layout } = message;
  const ranges = (layout ?? [library]).filter(
    (range): range is LibraryRange => range !== undefined && Math.abs(range.height - height) <= 1,
  );
  if (!layout || ranges.length === 0) return ranges[0];
  const readings = [false, true].map((dotGroups) => readLabels(message, options, dotGroups));
  const countOf = (range: LibraryRange): number =>
    Math.max(...readings.map((labels) => borneOut(axisOf(range), labels, range.mode)?.length ?? 0));
  const counts = ranges.map(countOf);
  const most = Math.max(...counts);
  return most > 0 ? ranges[counts.indexOf(most)] : undefined;
}

/** The furthest that a price may be off at an end of the pane, px, for all that these labels say. */
function doubtAt(axis: Axis, labels: AxisLabel[], height: number): number {
  const first = labels[0]!;
  const last = labels.at(-1)!;
  const span = last.y - first.y;
  const beyond = Math.max(first.y, height - last.y);
  const loose = Math.max(
    ...labels.map(({ value, half }) =>
      Math.min(coarsest, Math.abs(yOf(axis, value + half) - yOf(axis, value))),
    ),
  );
  return span > 0 ? (tolerance + loose) * (1 + (2 * beyond) / span) : Number.POSITIVE_INFINITY;
}

/**
 * The price column by the library's word where the labels bear it out; otherwise what the labels alone gave. Labels that
 * may be tags do not overrule it.
 *
 * @param found What the labels alone gave.
 * @param library What `ownRange` found.
 */
export function withLibrary(
  found: PriceColumn | Refusal,
  message: AxisMessage,
  library: LibraryRange | undefined,
  options: ColumnOptions,
): PriceColumn | Refusal {
  if (!library) return found;
  const { mode, height } = library;
  const axis = axisOf(library);
  if (typeof found === 'object') {
    const { fit } = found;
    const agrees =
      fit.marks.every(({ y, value, half }) => bears(axis, y, value, half)) &&
      difference(fit, axis, { top: 0, bottom: height }) <= tolerance + fit.spread;
    if (agrees) return { ...found, told: 'firmly', fit: { ...fit, ...axis, ambiguous: false, spread: 0 } };
    // An index can read like prices: where the library says that it is one, the labels are no longer believed.
    if (found.certain) return mode < 2 ? found : 'indexed';
  }
  // Prices that the labels place well enough to tell that they are not the symbol's.
  if (found === 'converted' || (mode < 2 && (found === 'implausible' || found === 'percent'))) return found;
  return (
    byLibrary(message, library, options, axis, found === 'tags') ??
    (typeof found === 'object' ? 'tags' : found)
  );
}

/** The column as the library has it, where its labels do not gainsay it. */
function byLibrary(
  message: AxisMessage,
  library: LibraryRange,
  options: ColumnOptions,
  axis: Axis,
  mayBeStack: boolean,
): PriceColumn | Refusal | undefined {
  const { mode, from, to, height } = library;
  let marks: AxisLabel[] | undefined;
  let tags: number[] = [];
  for (const dotGroups of [false, true]) {
    if (marks) break;
    const labels = readLabels(message, options, dotGroups);
    marks = borneOut(axis, labels, mode);
    if (marks) tags = tagsAmong(axis, labels, marks, mode);
    else if (mayBeStack && mode < 2 && isStackOf(axis, labels)) {
      marks = labels;
      tags = labels.map(({ value }) => value);
    }
  }
  if (!marks) return undefined;
  marks = marks.toSorted((one, other) => one.y - other.y);
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const { reference, trusted } = options;
  const times = trusted && mode < 2 ? plausible.later : plausible.first;
  if (reference !== undefined && !isPlausible(low, high, reference, times)) return 'implausible';
  return {
    fit: { ...axis, marks, ambiguous: false, spread: 0 },
    labels: marks,
    low,
    high,
    checked: reference !== undefined,
    certain: true,
    told: doubtAt(axis, marks, height) <= firm ? 'firmly' : 'loosely',
    tags,
    ...edges(marks),
    plot: undefined,
  };
}
