import type { AxisMessage, LibraryRange } from './axis-message';
import { difference, priceAt, type Scale, yOf } from './fit';
import { type AxisLabel, edges, readLabels } from './labels';
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

/** y = (g(to) − g(p)) / (g(to) − g(from)) · (height − 1). An upside-down axis has its lower price at the top. */
function axisOf({ height, from, to, mode }: LibraryRange): Axis {
  const isLog = mode === 1;
  const top = isLog ? Math.log(to) : to;
  const b = (height - 1) / ((isLog ? Math.log(from) : from) - top);
  return { scale: isLog ? 'log' : 'linear', a: -b * top, b };
}

/** Whether a label of `value ± half` stands where the axis has it. */
function bears(axis: Axis, y: number, value: number, half: number): boolean {
  const one = yOf(axis, value - half);
  const other = yOf(axis, value + half);
  const [top, bottom] = [Math.min(one, other), Math.max(one, other)];
  return bottom - top <= coarsest && y >= top - tolerance && y <= bottom + tolerance;
}

/**
 * Labels that bear an axis out. Percentages and an index count from a price unknown to us, the same for all labels:
 * the one that most of them agree on.
 */
function witnesses(axis: Axis, labels: AxisLabel[], mode: LibraryRange['mode']): AxisLabel[] {
  if (mode < 2) return labels.filter(({ y, value, half }) => bears(axis, y, value, half));
  const zero = mode === 2 ? 100 : 0;
  const bases = labels.map(({ y, value }) => priceAt(axis, y) / (value + zero)).sort((a, b) => a - b);
  const base = bases[Math.floor(bases.length / 2)]!;
  return labels.filter(({ y, value, half }) => bears(axis, y, (value + zero) * base, half * base));
}

/**
 * The price column by the library's word where the labels bear it out; otherwise what the labels alone gave.
 *
 * @param found What the labels alone gave.
 * @param height Of the canvas, CSS pixels.
 */
export function withLibrary(
  found: PriceColumn | Refusal,
  message: AxisMessage,
  options: ColumnOptions,
  height: number,
): PriceColumn | Refusal {
  const { library } = message;
  if (!library || Math.abs(library.height - height) > 1) return found;
  const { mode } = library;
  const axis = axisOf(library);
  if (typeof found === 'object') {
    const { fit } = found;
    const agrees =
      fit.marks.every(({ y, value, half }) => bears(axis, y, value, half)) &&
      difference(fit, axis, { top: 0, bottom: height }) <= tolerance + fit.spread;
    if (agrees) return { ...found, fit: { ...fit, ...axis, ambiguous: false, spread: 0 } };
    // An index can read like prices: where the library says that it is one, the labels are no longer believed.
    return mode < 2 ? found : 'indexed';
  }
  // Prices that the labels place well enough to tell that they are not the symbol's.
  if (mode < 2 && (found === 'implausible' || found === 'percent')) return found;
  const labels = readLabels(message, options, false).filter(({ percent }) => percent === (mode === 2));
  const agreeing = witnesses(axis, labels, mode).sort((a, b) => a.y - b.y);
  if (agreeing.length < (mode < 2 ? 2 : 3) || agreeing.length * 3 < labels.length * 2) return found;
  const low = Math.min(library.from, library.to);
  const high = Math.max(library.from, library.to);
  const { reference, trusted } = options;
  const times = trusted && mode < 2 ? plausible.later : plausible.first;
  if (reference !== undefined && !isPlausible(low, high, reference, times)) return 'implausible';
  return {
    fit: { ...axis, marks: agreeing, ambiguous: false, spread: 0 },
    labels: agreeing,
    low,
    high,
    checked: reference !== undefined,
    certain: true,
    sole: true,
    ...edges(agreeing),
    plot: undefined,
  };
}
