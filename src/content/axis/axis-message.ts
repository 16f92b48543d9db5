import type { Label, Rectangle } from '../page-world/records';

/** What the page-world reader says about one canvas. Everything in it may be forged by the page. */
export interface AxisMessage {
  /** Size of the canvas's bitmap; all positions are in its pixels. */
  width: number;
  height: number;
  labels: Label[];
  /** Rectangles the page clips its drawing to, newest last. */
  clips: Rectangle[];
  /** Vertical positions of gridlines drawn in the same paint, while they are watched. */
  lines: number[];
  /** Messages of one paint share a number. */
  batch: number;
  /** What the page's charting library says of the chart in use, where it says anything sound. */
  library?: LibraryRange | undefined;
  /** And of all charts, in a layout of several. */
  layout?: LibraryRange[] | undefined;
}

/** Prices at the bottom and the top of a pane. */
export interface LibraryRange {
  /** CSS pixels. */
  height: number;
  from: number;
  to: number;
  /** 0 linear, 1 log, 2 percent, 3 indexed to 100; the range is in prices in each of them. */
  mode: 0 | 1 | 2 | 3;
  /** What the library calls its main symbol. */
  symbol?: string | undefined;
}

const longest = 24_000;
const maxSide = 32_768;
const most = { labels: 160, clips: 6, lines: 64, characters: 24, name: 40, charts: 8 };

const isSide = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxSide;
const isPlace = (value: unknown): boolean =>
  Number.isFinite(value) && Math.abs(value as number) <= 4 * maxSide;

/** A list of `count` such values, or of fewer where `least` says so. */
const isList = (
  value: unknown,
  check: (each: unknown) => boolean,
  count: number,
  least = count,
): value is unknown[] =>
  Array.isArray(value) && value.length <= count && value.length >= least && value.every(check);

const isRectangle = (value: unknown): boolean => isList(value, isPlace, 4);

function labelOf(value: unknown): Label | undefined {
  if (!Array.isArray(value) || value.length !== 9) return undefined;
  const text: unknown = value[0];
  if (typeof text !== 'string' || text.length === 0 || text.length > most.characters) return undefined;
  for (let i = 1; i < 9; i++) if (!isPlace(value[i])) return undefined;
  const align = value[4];
  const boxed = value[8] === 1;
  if (!(align === 0 || align === 1 || align === 2) || !(boxed || value[8] === 0)) return undefined;
  return {
    text,
    x: value[1],
    y: value[2],
    anchor: value[3],
    align,
    width: value[5],
    height: value[6],
    style: value[7],
    boxed,
  };
}

/** A library without data may say anything: that alone does not make the labels wrong. */
function libraryRange(given: unknown): LibraryRange | undefined {
  if (!isList(given, () => true, 5, 4)) return undefined;
  const [height, from, to, mode, symbol] = given as [number, number, number, number, unknown];
  if (![height, from, to, mode].every(Number.isFinite)) return undefined;
  if (height < 20 || height > maxSide || ![0, 1, 2, 3].includes(mode)) return undefined;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  // Both ends so close that their difference drowns in rounding, or prices no market has.
  if (!(high - low > high * 1e-9) || high > 1e15 || (mode === 1 ? low < 1e-15 : low < -1e3 * high))
    return undefined;
  const isName = typeof symbol === 'string' && symbol.length <= most.name;
  return { height, from, to, mode, ...(isName ? { symbol } : {}) } as LibraryRange;
}

/** Reads a message, or returns undefined where anything about it is out of shape or bounds. */
export function readAxisMessage(detail: unknown): AxisMessage | undefined {
  if (typeof detail !== 'string' || detail.length > longest) return undefined;
  let given: unknown;
  try {
    given = JSON.parse(detail);
  } catch {
    return undefined;
  }
  if (!isList(given, () => true, 7 + most.charts, 6)) return undefined;
  const [width, height, labels, clips, lines, batch, library, ...layout] = given as unknown[];
  const isSound =
    isSide(width) &&
    isSide(height) &&
    Number.isSafeInteger(batch) &&
    isList(labels, () => true, most.labels, 0) &&
    isList(clips, isRectangle, most.clips, 0) &&
    isList(lines, isPlace, most.lines, 0);
  if (!isSound) return undefined;
  const read = labels.map(labelOf);
  if (read.includes(undefined)) return undefined;
  return {
    width,
    height,
    labels: read,
    clips,
    lines,
    batch,
    library: libraryRange(library),
    ...(layout.length > 0 ? { layout: layout.flatMap((each) => libraryRange(each) ?? []) } : {}),
  } as AxisMessage;
}
