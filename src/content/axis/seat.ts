import type { Label } from '../page-world/records';
import type { LinesOf } from './calibrate';

/** Where the texts of a drawing stand beside its lines. */

/**
 * Puts labels on the lines they belong to. Ticks may stand on their lines and tags beside theirs, or the other way round:
 * each column of one look tells by itself. What does not tell is marked as adrift.
 *
 * @param looks the drawing's lines, those of one ink together: gridlines, and lines of orders
 * @param width of the drawing
 * @param k px of the drawing per px that it is shown with
 * @param offsets how far below its labels each column's lines were last seen
 */
export function seat(
  labels: Label[],
  looks: number[][],
  width: number,
  k: number,
  offsets: Map<string, number>,
  linesOf: LinesOf,
): void {
  const columns = new Map<string, Label[]>();
  for (const label of labels) {
    const { x, align, style, boxed } = label;
    // An axis on either side stays as far from that side when the chart changes its width.
    const edge = Math.floor((x < width / 2 ? x : x - width) + 0.37);
    const key = `${align} ${style} ${boxed} ${edge}`;
    if (!columns.get(key)?.push(label)) columns.set(key, [label]);
  }
  for (const [key, column] of columns) {
    if (column.length < 2) continue;
    const centres = column.map(({ y }) => y * k);
    const anchors = column.map(({ anchor }) => anchor * k);
    let found: ReturnType<LinesOf>;
    for (const look of looks) {
      const one = linesOf({ centres, anchors, lines: look.map((y) => y * k) }, offsets.get(key));
      if (one && one.share > (found?.share ?? 0)) found = one;
    }
    if (found) offsets.set(key, found.offset);
    for (const [i, label] of column.entries()) {
      if (found) label.anchor = found.ys[i]! / k;
      else label.adrift = true;
    }
  }
}
