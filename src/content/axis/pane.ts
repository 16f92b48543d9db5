import type { PriceColumn } from './price-axis';

/** The rectangle of the price pane that an axis belongs to. CSS pixels, before any transform of the page. */
export interface Pane {
  /** The bands go over this element: the pane's own canvas, or the canvas or SVG that holds pane and axis. */
  element: HTMLElement | SVGElement;
  /** Box within the element. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** Adds to a y of the axis to give a y from the box's top. */
  shift: number;
}

export const isSamePlace = (one: Pane | undefined, other: Pane): boolean =>
  one?.element === other.element &&
  (['x', 'y', 'width', 'height'] as const).every((side) => one[side] === other[side]);

/** CSS pixels on screen per CSS pixel of the element's own layout: 1 unless the page scales it. */
export function scaleOf(element: Element): number {
  const layout = (element as HTMLElement).offsetWidth || element.clientWidth;
  const shown = element.getBoundingClientRect().width;
  return layout > 0 && shown > 0 ? shown / layout : 1;
}

/** Charts with a canvas for each part put the axis on a strip of its own. */
export const isAxisStrip = (rect: DOMRect): boolean => rect.width < 220 && rect.height > 0.6 * rect.width;

/** While a chart adapts its axis to longer numbers, strip and pane are apart for a moment. */
const maxGap = 40;

/** The canvas beside an axis strip that has the same top and bottom; the nearest one, and of a pile the lowest. */
function paneBeside(axis: Element, rect: DOMRect): HTMLCanvasElement | undefined {
  let best: HTMLCanvasElement | undefined;
  let bestGap = Number.POSITIVE_INFINITY;
  for (const canvas of (axis.getRootNode() as ParentNode).querySelectorAll('canvas')) {
    const other = canvas.getBoundingClientRect();
    if (canvas === axis || other.width < rect.width * 1.5 || other.height < 10) continue;
    if (Math.abs(other.top - rect.top) > 3 || Math.abs(other.bottom - rect.bottom) > 3) continue;
    const beside = Math.min(Math.abs(other.right - rect.left), Math.abs(other.left - rect.right));
    const under = rect.left >= other.left - 2 && rect.right <= other.right + 2;
    const gap = under ? 0 : beside;
    if (gap <= maxGap && gap < bestGap - 0.5) {
      best = canvas;
      bestGap = gap;
    }
  }
  return best;
}

/** The pane of an axis read from `source`, or undefined where none has a size. */
export function findPane(source: HTMLElement | SVGElement, column: PriceColumn): Pane | undefined {
  const rect = source.getBoundingClientRect();
  if (rect.width < 2 || rect.height < 2) return undefined;
  const beside =
    source instanceof HTMLCanvasElement && isAxisStrip(rect) ? paneBeside(source, rect) : undefined;
  if (beside) {
    const scale = scaleOf(beside);
    return {
      element: beside,
      x: 0,
      y: 0,
      width: beside.clientWidth,
      height: beside.clientHeight,
      shift: (rect.top - beside.getBoundingClientRect().top) / scale,
    };
  }
  const box = column.plot ? plotBox(column.plot, column) : textBox(source, column);
  return box.width > 0 && box.height > 0 ? { element: source, ...box, shift: -box.y } : undefined;
}

type Box = Pick<Pane, 'x' | 'y' | 'width' | 'height'>;

/** The clip rectangle, cut where labels stand inside it. */
function plotBox([x, y, width, height]: NonNullable<PriceColumn['plot']>, { left, right }: PriceColumn): Box {
  const middle = (left + right) / 2;
  if (middle <= x || middle >= x + width) return { x, y, width, height };
  const isRight = middle > x + width / 2;
  const from = isRight ? x : right + 5;
  return { x: from, y, width: (isRight ? left - 5 : x + width) - from, height };
}

/** No rectangle to go by: from half a step above the first label to half a step below the last. */
function textBox(source: Element, column: PriceColumn): Box {
  const { labels } = column;
  const first = labels[0]!.y;
  const last = labels.at(-1)!.y;
  const half = (last - first) / Math.max(1, labels.length - 1) / 2;
  const y = Math.max(0, first - half);
  const height = Math.min(source.clientHeight, last + half) - y;
  return plotBox([0, y, source.clientWidth, height], column);
}
