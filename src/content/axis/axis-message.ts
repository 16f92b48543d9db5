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

const isList = (value: unknown, most: number, least = 0): value is unknown[] =>
  Array.isArray(value) && value.length <= most && value.length >= least;

const arePlaces = (value: unknown, most: number, least = 0): boolean =>
  isList(value, most, least) && value.every(isPlace);

/** Of a label: text, x, y, anchor, width, height, style, and its alignment, plus 3 where it is boxed. */
const fields = 8;

/** All labels one after the other, field by field: read in one go, as a chart being panned sends dozens in each frame. */
function labelsOf(value: unknown): Label[] | undefined {
  if (!isList(value, most.labels * fields) || value.length % fields > 0) return undefined;
  const read: Label[] = [];
  for (let at = 0; at < value.length; at += fields) {
    const text = value[at];
    if (typeof text !== 'string' || !text || text.length > most.characters) return undefined;
    for (let i = 1; i < fields; i++) if (!isPlace(value[at + i])) return undefined;
    const numbers = value as number[];
    const kind = numbers[at + 7]!;
    if (kind >>> 0 !== kind || kind > 5) return undefined;
    read.push({
      text,
      x: numbers[at + 1]!,
      y: numbers[at + 2]!,
      anchor: numbers[at + 3]!,
      align: kind % 3,
      width: numbers[at + 4]!,
      height: numbers[at + 5]!,
      style: numbers[at + 6]!,
      boxed: kind > 2,
    });
  }
  return read;
}

/** A library without data may say anything: that alone does not make the labels wrong. */
function libraryRange(given: unknown): LibraryRange | undefined {
  if (!isList(given, 5, 4)) return undefined;
  const [height, from, to, mode, symbol] = given as [number, number, number, number, unknown];
  if (![height, from, to, mode].every(Number.isFinite)) return undefined;
  if (height < 20 || height > maxSide || ![0, 1, 2, 3].includes(mode)) return undefined;
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  // Both ends so close that their difference drowns in rounding, or prices no market has.
  if (!(high - low > high * 1e-9) || high > 1e15 || (mode === 1 ? low < 1e-15 : low < -1e3 * high))
    return undefined;
  const isName = typeof symbol === 'string' && symbol.length <= most.name;
  return { height, from, to, mode, symbol: isName ? symbol : undefined } as LibraryRange;
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
  if (!isList(given, 7 + most.charts, 6)) return undefined;
  const [width, height, labels, clips, lines, batch, library, ...layout] = given as unknown[];
  const read = labelsOf(labels);
  const isSound =
    read &&
    isSide(width) &&
    isSide(height) &&
    Number.isSafeInteger(batch) &&
    isList(clips, most.clips) &&
    clips.every((clip) => arePlaces(clip, 4, 4)) &&
    arePlaces(lines, most.lines);
  if (!isSound) return undefined;
  return {
    width,
    height,
    labels: read,
    clips,
    lines,
    batch,
    library: libraryRange(library),
    layout: layout.length > 0 ? layout.flatMap((each) => libraryRange(each) ?? []) : undefined,
  } as AxisMessage;
}
