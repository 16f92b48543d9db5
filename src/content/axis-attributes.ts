import type { PaneAxis } from './chart';

/**
 * What the overlay's host element says about itself, so that its alignment can be measured from outside: `data-pane`
 * is `x,y,width,height` of the pane in CSS pixels of its frame; `data-axis` maps the chart's prices to y from its top.
 */

const exact = (value: number): number => Number(value.toPrecision(15));

export function paneAttribute({ x, y, width, height }: DOMRect): string {
  return [x, y, width, height].map((value) => Number(value.toFixed(3))).join(',');
}

/** @param zoom CSS pixels of the frame per CSS pixel of the pane's layout. */
export function axisAttribute({ scale, a, b }: PaneAxis, zoom: number): string {
  return JSON.stringify({ scale, a: exact(a * zoom), b: exact(b * zoom) });
}
