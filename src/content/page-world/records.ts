import { sizeOf } from './canvas';
import {
  abs,
  bareList,
  emit,
  isConnected,
  isFiniteNumber,
  isNumber,
  microtask,
  now,
  round,
  weakGet,
  weakSet,
} from './primordials';
import { libraryRanges } from './tradingview';

/**
 * What is written on each canvas right now: number-like labels, the rectangles the page clips to and, while asked for,
 * its horizontal gridlines. All in device pixels of the canvas.
 */

export interface Label {
  text: string;
  x: number;
  /** Middle of the visible ink. */
  y: number;
  /** Middle of the line of text, by the point it was drawn at. */
  anchor: number;
  /** 0 start, 1 centre, 2 end: which part of the text x names. */
  align: number;
  width: number;
  height: number;
  /** Labels of one ink and font share a number. */
  style: number;
  /** In a box of its own, as tags of orders and of the last price are. */
  boxed: boolean;
  /** There are lines beside it, and which of them is its own is not clear. */
  adrift?: boolean;
}

export type Rectangle = [x: number, y: number, width: number, height: number];

/** Of the arguments of a call, where all four are plain numbers: asking others for theirs would run the page's code. */
export function rectangleOf(args: ArrayLike<unknown>): Rectangle | undefined {
  const x = args[0];
  const y = args[1];
  const width = args[2];
  const height = args[3];
  return isNumber(x) && isNumber(y) && isNumber(width) && isNumber(height)
    ? [x, y, width, height]
    : undefined;
}

export interface Sheet {
  labels: Label[];
  clips: Rectangle[];
  lines: number[];
  /** Changed since it was last told. */
  dirty: boolean;
  /** Part of the sheet was wiped in this batch, so that what is left is still on the canvas. */
  wiped: boolean;
  /** Labels written in this batch, to stop counting a flood. */
  written: number;
  /** What the overlay was last told. */
  told: string;
  /** How often in a row the overlay had no use for that, and until when it is not told for it; ms. */
  useless: number;
  restsUntil: number;
  /** Paints that were the same as the one before. */
  repeats: number;
  /** This paint is left out. */
  idle: boolean;
}

const maxLabels = 160;
const maxWrites = 400;
const maxClips = 6;
const maxLines = 64;
/** What has been of no use for so many paints, longer than charts take to appear, is looked at this often, ms. */
const patience = 120;
const restMs = 250;

const sheets = new WeakMap<object, Sheet>();
let queue = bareList<object>();
export let batch = 0;
/** What was asked of the look of labels counts from this batch on: it is asked anew this often, ms, and where a canvas was emptied. */
export let looksFrom = 0;
const lookMs = 250;
let nextLook = 0;
let channel: string | undefined;

/** From here on changed sheets are told under this event name. */
export function openChannel(name: string): void {
  channel = name;
}

export function sheetOf(surface: object): Sheet {
  let sheet = weakGet(sheets, surface);
  if (!sheet) {
    sheet = {
      labels: bareList(),
      clips: bareList(),
      lines: bareList(),
      dirty: false,
      wiped: false,
      written: 0,
      told: '',
      useless: 0,
      repeats: 0,
      restsUntil: 0,
      idle: false,
    };
    weakSet(sheets, surface, sheet);
  }
  return sheet;
}

export const knownSheet = (surface: object): Sheet | undefined => weakGet(sheets, surface);

/** Marks a sheet as changed; all changed sheets are told in one microtask, before the frame is presented. */
export function touch(surface: object, sheet: Sheet): void {
  if (sheet.dirty) return;
  sheet.dirty = true;
  if (queue.length === 0) microtask(flush);
  queue[queue.length] = surface;
}

/** Whether a number on a surface need not be looked at: there are such on panes and in games, and no axis among them. */
export function isIdle(surface: object): boolean {
  const sheet = weakGet(sheets, surface);
  if (!sheet || sheet.useless < patience) return false;
  if (!sheet.dirty) sheet.idle = now() < sheet.restsUntil;
  if (sheet.idle) touch(surface, sheet);
  return sheet.idle;
}

const onPage = (surface: object): boolean => {
  try {
    return isConnected(surface) === true;
  } catch {
    return false; // an offscreen canvas is no node
  }
};

/** The first label of a new paint replaces the old set, unless the page wiped the canvas itself. */
function beginWriting(surface: object, sheet: Sheet): void {
  if (sheet.written === 0 && !sheet.wiped && onPage(surface)) sheet.labels = bareList();
  sheet.written++;
}

/** Some libraries repaint the old layout once after a canvas shrank: what falls beside it nobody sees or wipes. */
function isInside(surface: object, { x, y }: Label): boolean {
  const size = sizeOf(surface);
  return size !== undefined && x >= -2 && x <= size[0] + 2 && y >= -2 && y <= size[1] + 2;
}

export function write(surface: object, label: Label): void {
  if (!(isFiniteNumber(label.x) && isFiniteNumber(label.y) && isFiniteNumber(label.anchor))) return;
  const sheet = sheetOf(surface);
  beginWriting(surface, sheet);
  touch(surface, sheet);
  if (sheet.written > maxWrites || !isInside(surface, label)) return;
  const { labels } = sheet;
  for (let i = labels.length - 1; i >= 0; i--) {
    const other = labels[i]!;
    // Outline and fill, or a repaint in place.
    if (abs(other.x - label.x) < 1 && abs(other.y - label.y) < 0.01) {
      labels[i] = label;
      return;
    }
  }
  if (labels.length < maxLabels) labels[labels.length] = label;
}

/** Forgets the labels inside a wiped rectangle: half of the ink of one that stands on its edge is gone with it. */
export function wipe(surface: object, x0: number, y0: number, x1: number, y1: number): void {
  const sheet = weakGet(sheets, surface);
  if (!sheet || sheet.labels.length === 0) return;
  /** Whichever end comes first: distances from the middle, doubled. */
  const isBetween = (at: number, one: number, other: number, beyond: number) =>
    abs(2 * at - one - other) <= abs(one - other) + 2 * beyond;
  const kept = bareList<Label>();
  for (let i = 0; i < sheet.labels.length; i++) {
    const label = sheet.labels[i]!;
    const inside = isBetween(label.x, x0, x1, 1) && isBetween(label.y, y0, y1, 2);
    if (!inside) kept[kept.length] = label;
  }
  sheet.labels = kept;
  // A paint from scratch clips anew, and its layout may be another one.
  if (kept.length === 0) sheet.clips = bareList();
  sheet.wiped = true;
  touch(surface, sheet);
}

/** Forgets everything: setting a canvas's size empties it. */
export function reset(surface: object): void {
  const sheet = weakGet(sheets, surface);
  if (!sheet) return;
  looksFrom = batch + 1;
  sheet.labels = bareList();
  sheet.clips = bareList();
  sheet.wiped = true;
  touch(surface, sheet);
}

/** Keeps the last few distinct clip rectangles, newest last. */
export function addClip(surface: object, clip: Rectangle): void {
  const { clips } = sheetOf(surface);
  let to = 0;
  for (let i = 0; i < clips.length; i++) {
    const old = clips[i]!;
    const same = old[0] === clip[0] && old[1] === clip[1] && old[2] === clip[2] && old[3] === clip[3];
    if (!same) clips[to++] = old;
  }
  clips.length = to;
  if (to >= maxClips) {
    for (let i = 1; i < to; i++) clips[i - 1] = clips[i]!;
    clips.length = to - 1;
  }
  clips[clips.length] = clip;
}

export function addLine(surface: object, y: number): void {
  const sheet = sheetOf(surface);
  if (sheet.lines.length >= maxLines) return;
  sheet.lines[sheet.lines.length] = y;
  touch(surface, sheet);
}

const hundredth = (value: number): number => round(value * 100) / 100;

/** Written by hand: a page's `toJSON` on a built-in prototype would change what JSON.stringify says. */
function serialize(size: [number, number], sheet: Sheet): string {
  let out = `[${size[0]},${size[1]},[`;
  for (let i = 0; i < sheet.labels.length; i++) {
    const l = sheet.labels[i]!;
    out += `${i ? ',' : ''}"${l.text}",${hundredth(l.x)},${hundredth(l.y)},${hundredth(l.anchor)},${round(l.width)},${round(l.height)},${l.style},${l.align + (l.boxed ? 3 : 0)}`;
  }
  out += '],[';
  for (let i = 0; i < sheet.clips.length; i++) {
    const clip = sheet.clips[i]!;
    out += `${i ? ',' : ''}[${clip[0]},${clip[1]},${clip[2]},${clip[3]}]`;
  }
  out += '],[';
  for (let i = 0; i < sheet.lines.length; i++) out += `${i ? ',' : ''}${hundredth(sheet.lines[i]!)}`;
  return `${out}]`;
}

/** Told after each batch in which gridlines were seen. */
let onLines: () => void = () => {};
export function afterLines(then: () => void): void {
  onLines = then;
}

function tell(surface: object, sheet: Sheet, library: string): void {
  const worthTelling = sheet.labels.length >= 2 || sheet.lines.length > 0 || sheet.told !== '';
  // Not the canvas's own `width`: a page can put another in its place.
  const size = sizeOf(surface);
  if (!worthTelling || channel === undefined || !size || !onPage(surface)) return;
  const labels = serialize(size, sheet);
  const told = labels + library;
  // What is the same as before is of as much use, unless another has come to listen.
  const isUseful =
    told === sheet.told && ++sheet.repeats % patience > 0
      ? sheet.useless === 0
      : emit(surface as HTMLCanvasElement, channel, `${labels},${batch}${library}]`);
  sheet.told = told;
  sheet.useless = isUseful ? 0 : sheet.useless + 1;
  if (sheet.useless < patience) return;
  sheet.restsUntil = now() + restMs;
  sheet.labels = bareList();
}

function flush(): void {
  // Before the queue is taken: what the page may draw when asked belongs to this batch, and asks for no other one.
  const time = now();
  const isLookDue = time > nextLook;
  // Libraries are there before a page has painted so often.
  const library = channel === undefined ? '' : libraryRanges(isLookDue || batch < patience);
  const surfaces = queue;
  queue = bareList();
  if (isLookDue) {
    looksFrom = batch;
    nextLook = time + lookMs;
  }
  batch++;
  let lines = false;
  for (let i = 0; i < surfaces.length; i++) {
    const sheet = weakGet(sheets, surfaces[i]!)!;
    sheet.dirty = false;
    sheet.wiped = false;
    sheet.written = 0;
    try {
      if (!sheet.idle || sheet.lines.length > 0) tell(surfaces[i]!, sheet, library);
    } catch {
      // Our trouble, or the overlay's, is not the page's.
    }
    if (sheet.lines.length > 0) {
      lines = true;
      sheet.lines = bareList();
    }
  }
  if (lines) onLines();
}
