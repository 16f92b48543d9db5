import type { Label } from '../page-world/records';
import { alike, meanOf, odd, type Paint, type PairLines } from './calibrate';

/** Where the texts of a drawing stand beside its lines. */

/** A drawing with lines at fewer heights has no gridlines: an edge, the price. Its texts stand where they are. */
const fewestLines = 3;
/** Lines of one ink are those of labels where so many of them have one: a grid of orders stands beside some by chance. */
const leastShare = 0.5;

/** What a column of labels has shown of its lines so far. */
export interface ColumnSeat {
  /** How far below the middle of the ink they stand, px: the mean of the last paints. */
  offset: number;
  /** Labels and lines were each put on whole pixels, so that both together tell more than either. */
  isRounded: boolean;
}
/** Each paint's offset counts this much beside those of before. */
const newest = 0.25;
/** Labels on whole pixels are this much alike, px, but for so many: the end of an axis, the last price. */
const whole = 0.1;
const mostStrays = 1;

/**
 * Where the prices of a column's labels lie by the lines of the same paint: at the labels' own anchors where these
 * are on the lines but for rounding of the lines alone, otherwise by the lines. Undefined where it is not clear which line
 * belongs to which.
 *
 * @param known what these labels showed before
 * @returns with the share of lines beside the labels that are theirs
 */
function linesOf(
  paint: Paint,
  known: ColumnSeat | undefined,
  pairLines: PairLines,
): (ColumnSeat & { share: number; ys: number[] }) | undefined {
  const found = pairLines(paint, known?.offset);
  if (!found) return undefined;
  const { centres, anchors, lines } = paint;
  const mean = meanOf(found);
  const isSame = known && Math.abs(known.offset - mean) < alike;
  const offset = isSame ? known.offset + newest * (mean - known.offset) : mean;
  const top = Math.min(...centres) + offset - alike;
  const bottom = Math.max(...centres) + offset + alike;
  const share = found.count / lines.filter((line) => line > top && line < bottom).length;
  if (share < leastShare) return undefined;
  const offs = centres.map((centre) =>
    lines.reduce((best, line) => {
      const off = line - centre - offset;
      return Math.abs(off) < Math.abs(best) ? off : best;
    }, alike),
  );
  const strays = straysOf(centres);
  const isRounded = known?.isRounded || (strays === 0 && areUneven(offs));
  const areOnTheirOwn = !isRounded && Math.abs(offset - found.gaps / found.count) < odd.canvas;
  const ys = areOnTheirOwn
    ? anchors
    : centres.map((centre, i) => {
        // Where labels were rounded as well as lines, each in either direction, the truth is between them.
        const off = isRounded || strays <= mostStrays ? offs[i]! : 0;
        return centre + offset + (off < alike ? off / 2 : 0);
      });
  return { offset, isRounded, share, ys };
}

/** How many labels are not a whole number of pixels away from the others. */
const straysOf = (centres: number[]): number =>
  Math.min(
    ...centres.map((one) => centres.filter((y) => Math.abs(y - one - Math.round(y - one)) >= whole).length),
  );

/** Lines that are not all as far from their labels. */
function areUneven(offs: number[]): boolean {
  const near = offs.filter((off) => off < alike);
  return Math.max(...near) - Math.min(...near) > 0.9;
}

/**
 * Puts labels on the lines they belong to. Ticks may stand on their lines and tags beside theirs, or the other way round:
 * each column of one look tells by itself. What does not tell is marked as adrift.
 *
 * @param looks the drawing's lines, those of one ink together: gridlines, and lines of orders
 * @param width of the drawing
 * @param k px of the drawing per px that it is shown with
 * @param seats what each column showed before
 * @param pairLines tells which line belongs to which label
 */
export function seat(
  labels: Label[],
  looks: number[][],
  width: number,
  k: number,
  seats: Map<string, ColumnSeat>,
  pairLines: PairLines,
): void {
  const heights = new Set(looks.flat().filter((y) => y >= 0));
  if (heights.size < fewestLines) return;
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
    let found: ReturnType<typeof linesOf>;
    for (const look of looks) {
      const one = linesOf({ centres, anchors, lines: look.map((y) => y * k) }, seats.get(key), pairLines);
      if (one && one.share > (found?.share ?? 0)) found = one;
    }
    if (found) seats.set(key, found);
    for (const [i, label] of column.entries()) {
      if (found) label.anchor = found.ys[i]! / k;
      else label.adrift = true;
    }
  }
}
