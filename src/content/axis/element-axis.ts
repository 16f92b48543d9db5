import type { Label, Rectangle } from '../page-world/records';
import type { AxisMessage } from './axis-message';
import type { PairLines } from './calibrate';
import { everySecond } from './every-second';
import { oncePerFrame } from './once-per-frame';
import { rootsOf, type Source } from './roots';
import { type ColumnSeat, seat } from './seat';

/**
 * Labels that are elements, readable without any help from the page's world: the texts of charts drawn as SVG, and HTML
 * that a chart lays over its canvas.
 */

const most = { texts: 160, characters: 24, clips: 6, lines: 64, leaves: 400 };
/** In any script. */
const digit = /\p{Nd}/u;
const smallest = { width: 150, height: 100 };
/** Smaller canvases with numbers over them are meters, sparklines and order books. */
const smallestUnderHtml = { width: 300, height: 150 };
const aligned: Record<string, number> = { middle: 1, center: 1, end: 2, right: 2 };

/** Which part of a text stays where it is when it gets longer: 0 its left end, 1 the middle, 2 its right end. */
function alignOf(side: string, direction: string): number {
  const isTurned = direction === 'rtl' && (side === 'start' || side === 'end');
  return isTurned ? 2 - (aligned[side] ?? 0) : (aligned[side] ?? 0);
}
const watched = ['x', 'y', 'd', 'transform', 'width', 'height', 'style', 'visibility', 'opacity'];
/** Rows of an axis lie further apart than this many times their text's height, those of a table do not. */
const airy = 2.6;
/** Height of digits in a line of text. */
const inkShare = 0.62;

function labelOf(
  content: string,
  rect: DOMRect,
  frame: DOMRect,
  align: number,
  look: Pick<Label, 'style' | 'boxed'>,
): Label | undefined {
  const text = content.trim();
  if (text.length === 0 || text.length > most.characters || !digit.test(text) || rect.width === 0) return;
  const y = (rect.top + rect.bottom) / 2 - frame.top;
  const { width } = rect;
  const height = inkShare * rect.height;
  const x = rect.left + (width * align) / 2 - frame.left;
  return { text, x, y, anchor: y, align, width, height, ...look };
}

const styles = new Map<string, number>();

/** A number for each ink and height of text. */
function styleOf(ink: string, height: number): number {
  const key = `${ink} ${Math.round(height)}`;
  let style = styles.get(key);
  if (style === undefined) {
    if (styles.size >= 200) styles.clear();
    style = styles.size;
    styles.set(key, style);
  }
  return style;
}

/** Whether an element, or the one that holds it alone, has a background of its own. */
function isFilled(leaf: Element): boolean {
  const parent = leaf.parentElement;
  const holders = parent?.childElementCount === 1 ? [leaf, parent] : [leaf];
  return holders.some(
    (each) => !/^(?:transparent|rgba\(.*, 0\))$/.test(getComputedStyle(each).backgroundColor),
  );
}

/** Whether the shape drawn right before a text lies under it and is not much larger. */
function isOverBox(text: SVGTextElement, box: DOMRect): boolean {
  const shape = text.previousElementSibling;
  if (!shape || (shape.nodeName !== 'rect' && shape.nodeName !== 'path')) return false;
  const { left, right, top, bottom, height } = shape.getBoundingClientRect();
  return (
    left <= box.left + 1 &&
    right >= box.right - 1 &&
    top <= box.top + 3 &&
    bottom >= box.bottom - 3 &&
    height < 4 * box.height
  );
}

/** What a text shows: tooltips and descriptions inside it are not drawn. */
function shownIn(text: Element): string {
  let shown = '';
  for (const node of text.childNodes) {
    if (node.nodeType === 3) shown += node.nodeValue;
    else if (node.nodeName !== 'title' && node.nodeName !== 'desc') shown += shownIn(node as Element);
  }
  return shown;
}

/** A text that hangs by its middle has its anchor at the y it was given. */
function readText(text: SVGTextElement, frame: DOMRect): Label | undefined {
  const { textAnchor, direction, dominantBaseline, fill, visibility, opacity } = getComputedStyle(text);
  // Kept for later by charts that take them off the axis, at the place of before or at none.
  if (visibility !== 'visible' || opacity === '0') return undefined;
  const box = text.getBoundingClientRect();
  const look = { style: styleOf(fill, box.height), boxed: isOverBox(text, box) };
  const label = labelOf(shownIn(text), box, frame, alignOf(textAnchor, direction), look);
  const hangs = dominantBaseline === 'central' || dominantBaseline === 'middle';
  const matrix = label && hangs && !text.hasAttribute('dy') ? text.getScreenCTM() : null;
  if (matrix) {
    const [x, y] = [Number(text.getAttribute('x')), Number(text.getAttribute('y'))];
    label!.anchor = matrix.b * x + matrix.d * y + matrix.f - frame.top;
  }
  return label;
}

/** Rectangles that parts of the drawing are clipped to: a clip path counts in the space of what it is used on. */
function readClips(svg: SVGSVGElement, frame: DOMRect): Rectangle[] {
  const clips: Rectangle[] = [];
  for (const clipped of svg.querySelectorAll<SVGGraphicsElement>('[clip-path]')) {
    const id = /#([^"')]+)/.exec(clipped.getAttribute('clip-path')!)?.[1];
    const shape = id && svg.querySelector<SVGGraphicsElement>(`#${CSS.escape(id)} > *`);
    const matrix = clipped.getScreenCTM();
    if (!shape || !matrix) continue;
    const { x, y, width, height } = shape.getBBox();
    const clip: Rectangle = [
      matrix.a * x + matrix.e - frame.left,
      matrix.d * y + matrix.f - frame.top,
      matrix.a * width,
      matrix.d * height,
    ];
    if (clip[2] < frame.width * 0.3 || clips.some((other) => `${other}` === `${clip}`)) continue;
    if (clips.push(clip) >= most.clips) break;
  }
  return clips;
}

/**
 * What an SVG says, in the form that canvases are told of; no labels where it is no chart.
 *
 * @param seats of the columns of labels that it had before, see `seat`
 */
function readSvg(
  svg: SVGSVGElement,
  batch: number,
  seats: Map<string, ColumnSeat>,
  pairLines: PairLines,
): AxisMessage {
  const frame = svg.getBoundingClientRect();
  const { width, height } = frame;
  const nothing: AxisMessage = { width, height, labels: [], clips: [], lines: [], batch };
  const texts = [...svg.querySelectorAll('text')];
  if (width < smallest.width || height < smallest.height || texts.length > most.texts) return nothing;
  const labels = texts.flatMap((text) => readText(text, frame) ?? []);
  const lines: number[] = [];
  const looks = new Map<string, number[]>();
  for (const line of svg.querySelectorAll<SVGGraphicsElement>('line, path')) {
    if (lines.length >= most.lines) break;
    const { width, height } = line.getBBox();
    if (height !== 0 || width < frame.width * 0.25) continue;
    const rect = line.getBoundingClientRect();
    const y = (rect.top + rect.bottom) / 2 - frame.top;
    lines.push(y);
    const { stroke } = getComputedStyle(line);
    if (!looks.get(stroke)?.push(y)) looks.set(stroke, [y]);
  }
  seat(labels, [...looks.values()], width, svg.clientHeight / height, seats, pairLines);
  return { ...nothing, labels, clips: readClips(svg, frame), lines };
}

/** The element that holds a canvas and what is laid over it. */
function boxOf(canvas: Element): Element | undefined {
  let box = canvas.parentElement;
  while (box?.childElementCount === 1) box = box.parentElement;
  return box ?? undefined;
}

/** Numbers in lines as close as text are rows of a table. */
function isTable(labels: Label[]): boolean {
  const ys = labels.map(({ y }) => y).sort((one, other) => one - other);
  const rows = ys.filter((y, i) => i === 0 || y - ys[i - 1]! > 1);
  const height = Math.max(...labels.map((label) => label.height));
  return rows.length > 3 && rows.at(-1)! - rows[0]! < airy * height * (rows.length - 1);
}

/**
 * What HTML over a canvas says: elements with nothing but a number in them, each put in its place by itself, at the
 * left or right edge. Tables, order books and tickers have rows, or numbers in the middle as well.
 */
function readHtml(canvas: HTMLCanvasElement, box: Element, batch: number): AxisMessage {
  const frame = canvas.getBoundingClientRect();
  const { width, height } = frame;
  const nothing: AxisMessage = { width, height, labels: [], clips: [], lines: [], batch };
  if (width < smallestUnderHtml.width || height < smallestUnderHtml.height) return nothing;
  const leaves = box.querySelectorAll(':is(div, span):not(:has(*))');
  if (leaves.length > most.leaves) return nothing;
  const range = document.createRange();
  const sides: [left: Label[], middle: Label[], right: Label[]] = [[], [], []];
  for (const leaf of leaves) {
    if (!digit.test(leaf.textContent) || leaf.closest('table, li, a, button, [role=row]')) continue;
    range.selectNodeContents(leaf);
    const { textAlign, direction, position, color, visibility, opacity } = getComputedStyle(leaf);
    if (visibility !== 'visible' || opacity === '0') continue;
    const rect = range.getBoundingClientRect();
    const isPut = position === 'absolute' || getComputedStyle(leaf.parentElement!).position === 'absolute';
    const look = { style: styleOf(color, rect.height), boxed: isFilled(leaf) };
    const label = labelOf(leaf.textContent, rect, frame, alignOf(textAlign, direction), look);
    if (!label || !isPut || label.y < 0 || label.y > height) continue;
    const middle = label.x + (label.width * (1 - label.align)) / 2;
    if (middle > 0 && middle < width)
      sides[middle < width / 4 ? 0 : middle > (width * 3) / 4 ? 2 : 1].push(label);
  }
  const rows = new Set(sides[1].map(({ y }) => Math.round(y)));
  if (rows.size > 2) return nothing;
  return { ...nothing, labels: [sides[0], sides[2]].filter((side) => !isTable(side)).flat() };
}

/**
 * Calls back with what labels that are elements say, within the frame that shows them.
 *
 * @param pairLines tells which lines labels belong to
 * @returns What HTML says over a canvas that was found to have such labels.
 */
export function followElements(
  tell: (source: Source, message: AxisMessage) => void,
  signal: AbortSignal,
  pairLines: PairLines,
): (canvas: Source) => AxisMessage | undefined {
  const known = new WeakSet<Element>();
  const boxes = new WeakMap<Source, Element>();
  let batch = 0;
  // A chart that leaves the page often makes room for its successor.
  const leaving = new ResizeObserver((entries) => {
    if (entries.some(({ target }) => !target.isConnected)) requestAnimationFrame(sweep);
  });

  function follow(source: Source, root: Element, ask: () => AxisMessage): void {
    known.add(root);
    const read = () => {
      tell(source, ask());
      // Our own layers lie in the same box.
      changes.takeRecords();
    };
    const changes = new MutationObserver(oncePerFrame(read, signal));
    changes.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: watched,
    });
    leaving.observe(root);
    signal.addEventListener('abort', () => changes.disconnect());
    read();
  }

  const over = (source: Source) => {
    const box = boxes.get(source);
    return box && readHtml(source as HTMLCanvasElement, box, --batch);
  };
  const sweep = () => {
    for (const root of rootsOf(document)) {
      for (const svg of root.querySelectorAll('svg')) {
        if (known.has(svg) || svg.querySelectorAll('text').length < 3) continue;
        const seats = new Map<string, ColumnSeat>();
        follow(svg, svg, () => readSvg(svg, --batch, seats, pairLines));
      }
      for (const canvas of root.querySelectorAll('canvas')) {
        const box = boxOf(canvas);
        if (!box || known.has(box) || readHtml(canvas, box, 0).labels.length < 3) continue;
        boxes.set(canvas, box);
        follow(canvas, box, () => readHtml(canvas, box, --batch));
      }
    }
  };
  everySecond(sweep, signal);
  document.addEventListener('DOMContentLoaded', sweep, { signal });
  signal.addEventListener('abort', () => leaving.disconnect());
  return over;
}

export type FollowElements = typeof followElements;
