import type { Setup, Subject } from './api';
import type { Format } from './formats';
import { type Root, rootsIn } from './overlays';

/** What the labels on the page say, to judge whether anyone could read the scale. */

/** Prices by what was printed for them, since the last state. */
export const printed = new Map<string, number>();

/** Numbers written on any canvas since the last state, to judge whether a scale can be read at all. */
const written = new Map<HTMLCanvasElement, string[]>();
/** Whether anything was copied onto a canvas since: labels may have been painted before. */
let copied = false;

function watchWriting({ CanvasRenderingContext2D: { prototype } }: typeof globalThis): void {
  const original = prototype.fillText;
  prototype.fillText = function (this: CanvasRenderingContext2D, ...args) {
    const texts = written.get(this.canvas) ?? [];
    texts.push(String(args[0]));
    written.set(this.canvas, texts);
    original.apply(this, args);
  };
  // What is painted over can be read no more: some libraries paint twice before they come to rest.
  const clear = prototype.clearRect;
  prototype.clearRect = function (this: CanvasRenderingContext2D, ...args) {
    const [left, top, width, height] = args;
    const { clientWidth, clientHeight } = this.canvas;
    if (left <= 0 && top <= 0 && width >= clientWidth && height >= clientHeight) written.delete(this.canvas);
    clear.apply(this, args);
  };
  const copy = prototype.drawImage as (...args: unknown[]) => void;
  prototype.drawImage = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    copied = true;
    copy.apply(this, args);
  };
}

const watched = new WeakSet<object>();
/** Notes what is written in all of them from now on. */
export function watchAll(roots: Root[]): void {
  for (const { node } of roots) {
    const own = (node.ownerDocument ?? (node as Document)).defaultView as typeof globalThis | null;
    if (!own || watched.has(own)) continue;
    watched.add(own);
    watchWriting(own);
  }
}

/** Whether nine prices could be placed within two px by anyone who only sees the labels. */
export function readable(subject: Subject, setup: Setup, { unit }: Format): boolean {
  const { top, bottom } = subject.plot();
  const high = subject.toPrice(top);
  const low = subject.toPrice(bottom);
  if (high === null || low === null || !(high > 0) || !(low > 0)) return false;
  // With two decimals, and 100 in reach or the last price out of it, nobody can tell prices from an index.
  const last = setup.bars.at(-1)!.close;
  const isFarFromHundred = Math.max(low, high) < 25 || Math.min(low, high) > 400;
  const margin = Math.abs(high - low) / 2;
  const isNear = (price: number, by: number) =>
    Math.min(low, high) - by < price && Math.max(low, high) + by > price;
  if (unit(last) > 0.008 && !isFarFromHundred && (isNear(100, margin) || !isNear(last, 0))) return false;
  // Half a unit of the last digit, in px.
  return (0.5 * unit(Math.max(low, high)) * (bottom - top)) / Math.abs(high - low) <= 1.5;
}

/** What a label may say: commas group thousands, or are decimal. */
function readings(text: string): number[] {
  const plain = [...text]
    .map((char) => (/\p{Nd}/u.test(char) && char > '9' ? String(digitOf(char)) : char))
    .join('')
    .replace(/0\.0\{(\d+)\}/, (_, zeros) => `0.${'0'.repeat(Number(zeros))}`);
  return [plain.replace(/,/g, ''), plain.replace(',', '.')].map(Number).filter((value) => value > 0);
}

/** The digits of a script stand side by side, nought first. */
function digitOf(char: string): number {
  let code = char.codePointAt(0)!;
  let digit = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(--code))) digit++;
  return digit;
}

/** At least three different numbers stand between the ends of the pane, beside those of lines. */
export function labelled(subject: Subject, root: ParentNode, lines: number[]): boolean {
  const { top, bottom } = subject.plot();
  const prices = [subject.toPrice(top), subject.toPrice(bottom)];
  if (prices[0] === null || prices[1] === null) return false;
  const low = Math.min(prices[0]!, prices[1]!);
  const high = Math.max(prices[0]!, prices[1]!);
  const texts = new Set<string>();
  for (const list of written.values()) for (const text of list) texts.add(text);
  for (const { node } of rootsIn(root))
    for (const text of node.querySelectorAll('svg text, svg tspan, div:not(:has(*))'))
      if (/\p{Nd}/u.test(text.textContent) && getComputedStyle(text).visibility === 'visible')
        texts.add(text.textContent.trim());
  if (texts.size === 0) return copied; // labels painted before, or an axis without any
  let count = 0;
  for (const text of texts) {
    const value = printed.get(text);
    const values = value === undefined ? readings(text) : [value];
    if (values.some((value) => value >= low && value <= high && !lines.includes(value))) count++;
  }
  return count >= 3;
}

/** A new state begins: what was written and printed before counts no more. */
export function forgetLabels(): void {
  written.clear();
  printed.clear();
  copied = false;
}
