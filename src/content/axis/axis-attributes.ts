import type { PaneAxis } from './chart';

/**
 * What the overlay's host element says about itself, so that its alignment can be measured from outside: `data-pane`
 * is `x,y,width,height` of the pane in CSS pixels of its frame; `data-axis` maps the chart's prices to y from its top, and
 * under a heatmap minutes since 1970 to x from its left, by `time`.
 */

export const paneAttribute = ({ x, y, width, height }: DOMRect): string => [x, y, width, height].join();

/** @param zoom CSS pixels of the frame per CSS pixel of the pane's layout. */
export const axisAttribute = (
  { scale, a, b }: PaneAxis,
  zoom: number,
  time: { a: number; b: number } | undefined,
): string =>
  JSON.stringify({ scale, a: a * zoom, b: b * zoom, time: time && { a: time.a * zoom, b: time.b * zoom } });
