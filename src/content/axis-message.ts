import type { Label, Rectangle } from './page-world/records';

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
  /** What the page's charting library says of its main pane, where it says anything sound. */
  library?: LibraryRange | undefined;
}

/** Prices at the bottom and the top of a pane. */
export interface LibraryRange {
  /** CSS pixels. */
  height: number;
  from: number;
  to: number;
  /** 0 linear, 1 log, 2 percent, 3 indexed to 100; the range is in prices in each of them. */
  mode: 0 | 1 | 2 | 3;
}

const longest = 24_000;
const maxSide = 32_768;
const most = { labels: 160, clips: 6, lines: 64, characters: 24 };

const isSide = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= maxSide && Number.isInteger(value);
// Plain comparisons and indices in what follows: a chart being panned sends this in every frame.
const isPlace = (value: unknown): value is number =>
  typeof value === 'number' && value <= 4 * maxSide && value >= -4 * maxSide;
const isList = (value: unknown, longest: number): value is unknown[] =>
  Array.isArray(value) && value.length <= longest;

function label(given: unknown): Label | undefined {
  if (!isList(given, 7) || given.length !== 7) return undefined;
  const text = given[0];
  if (typeof text !== 'string' || text.length === 0 || text.length > most.characters) return undefined;
  for (let i = 1; i < 7; i++) if (!isPlace(given[i])) return undefined;
  const [x, y, anchor, align, width, height] = given.slice(1) as number[];
  if (align !== 0 && align !== 1 && align !== 2) return undefined;
  return { text, x: x!, y: y!, anchor: anchor!, align, width: width!, height: height! };
}

function rectangle(given: unknown): Rectangle | undefined {
  return isList(given, 4) && given.length === 4 && given.every(isPlace) ? (given as Rectangle) : undefined;
}

function all<T>(given: unknown[], read: (value: unknown) => T | undefined): T[] | undefined {
  const found: T[] = [];
  for (const value of given) {
    const item = read(value);
    if (item === undefined) return undefined;
    found.push(item);
  }
  return found;
}

/** A library without data may say anything: that alone does not make the labels wrong. */
function libraryRange(given: unknown): LibraryRange | undefined {
  if (!isList(given, 4) || given.length !== 4 || !given.every(Number.isFinite)) return undefined;
  const [height, from, to, mode] = given as number[];
  if (height! < 20 || height! > maxSide || ![0, 1, 2, 3].includes(mode!)) return undefined;
  const [low, high] = [Math.min(from!, to!), Math.max(from!, to!)];
  // Both ends so close that their difference drowns in rounding, or prices no market has.
  if (!(high - low > high * 1e-9) || high > 1e15 || (mode === 1 ? low < 1e-15 : low < -1e3 * high))
    return undefined;
  return { height, from, to, mode } as LibraryRange;
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
  if (!isList(given, 7) || given.length < 6) return undefined;
  const [width, height, labelList, clipList, lineList, batch, library] = given;
  if (!isSide(width) || !isSide(height) || !Number.isSafeInteger(batch)) return undefined;
  if (!isList(labelList, most.labels) || !isList(clipList, most.clips) || !isList(lineList, most.lines)) {
    return undefined;
  }
  const labels = all(labelList, label);
  const clips = all(clipList, rectangle);
  if (!labels || !clips || !lineList.every(isPlace)) return undefined;
  return {
    width,
    height,
    labels,
    clips,
    lines: lineList as number[],
    batch: batch as number,
    library: libraryRange(library),
  };
}
