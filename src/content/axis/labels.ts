import type { Label } from '../page-world/records';
import type { AxisMessage } from './axis-message';
import { applyRuler, type Ruler } from './calibrate';
import type { Mark } from './fit';
import { type PrintedNumber, parseNumber } from './parse-number';

/** The numbers written on one canvas. Positions are CSS pixels from its top left. */

export interface AxisLabel extends PrintedNumber, Mark {
  /** Middle of the ink, and the point the text was drawn at; `y` is one of them. */
  centre: number;
  anchor: number;
  x: number;
  align: number;
  width: number;
  /** Height of the ink. */
  tall: number;
  style: number;
  boxed: boolean;
  adrift?: boolean | undefined;
  /** Place in the order of painting. */
  order: number;
}

export interface LabelOptions {
  /** CSS pixels per bitmap pixel. */
  kx: number;
  ky: number;
  /** Which point of a label marks its price. */
  ruler: Ruler;
}

/** All numbers on a canvas, in the order they were painted in. */
export function readLabels(
  { labels, height }: AxisMessage,
  options: LabelOptions,
  dotGroups: boolean,
): AxisLabel[] {
  const areBoxed = areTagsBoxed(labels);
  return labels.flatMap((label, order) => {
    const number = parseNumber(label.text, dotGroups);
    if (!number || label.y < -2 || label.y > height + 2) return [];
    const at = labelAt(label, number, order, options);
    at.boxed &&= areBoxed;
    return at;
  });
}

/**
 * Whether boxes tell of tags: some libraries draw one, seen or not, for each text, and then a row of times has them as well.
 */
const areTagsBoxed = (labels: Label[]): boolean =>
  labels.some(({ boxed }) => !boxed) ||
  labels.every(({ y }) => labels.filter((other) => other.y === y).length < 3);

export function labelAt(
  { x, y, anchor, align, width, height, style, boxed, adrift }: Label,
  number: PrintedNumber,
  order: number,
  { kx, ky, ruler }: LabelOptions,
): AxisLabel {
  return {
    ...number,
    x: x * kx,
    y: applyRuler(ruler, y * ky, anchor * ky),
    centre: y * ky,
    anchor: anchor * ky,
    align,
    width: width * kx,
    tall: height * ky,
    style,
    boxed,
    adrift,
    order,
  };
}

/** Labels of one axis share their alignment edge within this many px. */
const sameEdge = 2.5;

/** Labels that are like the first of their group. */
function grouped(
  labels: AxisLabel[],
  areAlike: (one: AxisLabel, other: AxisLabel) => boolean,
): AxisLabel[][] {
  const groups: AxisLabel[][] = [];
  for (const label of labels) {
    const group = groups.find(([first]) => areAlike(first!, label));
    if (group) group.push(label);
    else groups.push([label]);
  }
  return groups;
}

/** Labels that stand in one line from top to bottom belong together. */
export const byEdge = (labels: AxisLabel[]): AxisLabel[][] =>
  grouped(labels, (one, other) => one.align === other.align && Math.abs(one.x - other.x) <= sameEdge);

/** Labels of one ink and font, boxed or not. */
export const lookAlike = (one: AxisLabel, other: AxisLabel): boolean =>
  one.style === other.style && one.boxed === other.boxed;
export const byLook = (labels: AxisLabel[]): AxisLabel[][] => grouped(labels, lookAlike);

/** Left and right end of the texts. */
export function edges(labels: AxisLabel[]): { left: number; right: number } {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (const { x, align, width } of labels) {
    const start = x - (width * align) / 2;
    left = Math.min(left, start);
    right = Math.max(right, start + width);
  }
  return { left, right };
}
