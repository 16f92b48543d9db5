/**
 * Where a label's price really lies: libraries that correct for the shape of digits put the middle of the ink on it,
 * the others the point they draw the text at, a pixel or two away. A number is px below the middle of the ink, for
 * libraries with a habit of their own.
 */
export type Ruler = 'centre' | 'anchor' | number;

export function applyRuler(ruler: Ruler, centre: number, anchor: number): number {
  return ruler === 'centre' ? centre : ruler === 'anchor' ? anchor : centre + ruler;
}

/**
 * A first guess from the labels alone. Text drawn at whole pixels was not corrected for its ink. Otherwise charts with
 * a canvas of its own for the axis are of the family that corrects.
 */
export function guessRuler(labels: { anchor: number }[], ownCanvas: boolean): Ruler {
  const whole = labels.every((label) => Math.abs(label.anchor * 2 - Math.round(label.anchor * 2)) < 0.02);
  return ownCanvas && !whole ? 'centre' : 'anchor';
}

/** Labels and gridlines of one paint, CSS pixels from a common origin. */
export interface Paint {
  centres: number[];
  anchors: number[];
  lines: number[];
}

/**
 * Lines are drawn on the pixel nearest to the price, or the one below its upper edge: a quarter of a pixel too low on
 * average of both habits.
 */
const lineHabit = 0.25;
const reach = 1.3;
const farthest = 8;
const enoughPairs = 12;
/** Neither ink nor anchor is this far from the lines in the libraries that aim with one of them. */
const odd = 0.7;

interface Pairs {
  count: number;
  /** Sum of line − centre, of its square, and of anchor − centre. */
  offsets: number;
  squares: number;
  gaps: number;
}

/** Pairs each label with the one gridline within reach of its ink and anchor. */
function pair({ centres, anchors, lines }: Paint, within: number): Pairs {
  const pairs = { count: 0, offsets: 0, squares: 0, gaps: 0 };
  centres.forEach((centre, i) => {
    const gap = anchors[i]! - centre;
    const from = centre + Math.min(0, gap) - within;
    const to = centre + Math.max(0, gap) + within;
    const beside = lines.filter((line) => line > from && line < to);
    if (new Set(beside.map(Math.round)).size !== 1) return;
    const offset = beside[0]! - centre;
    pairs.count++;
    pairs.offsets += offset;
    pairs.squares += offset * offset;
    pairs.gaps += gap;
  });
  return pairs;
}

/** Compares labels with gridlines over some paints, until it is clear which part of a label marks the price. */
export class Calibration {
  readonly #near: Pairs = { count: 0, offsets: 0, squares: 0, gaps: 0 };
  readonly #far: Pairs = { count: 0, offsets: 0, squares: 0, gaps: 0 };

  get settled(): boolean {
    return this.#near.count >= enoughPairs || this.#far.count >= enoughPairs;
  }

  /** @returns What all paints so far say, or undefined while they say nothing. */
  add(paint: Paint): Ruler | undefined {
    // Lines of something else than this axis's prices match by chance only.
    const enough = Math.max(3, paint.centres.length * 0.6);
    const near = pair(paint, reach);
    if (near.count >= enough) {
      accumulate(this.#near, near);
      const offset = this.#near.offsets / this.#near.count - lineHabit;
      const gap = this.#near.gaps / this.#near.count;
      const [centreMiss, anchorMiss] = [Math.abs(offset), Math.abs(offset - gap)];
      if (Math.min(centreMiss, anchorMiss) > odd) return offset;
      return centreMiss <= anchorMiss ? 'centre' : 'anchor';
    }
    const far = pair(paint, farthest);
    const mean = far.offsets / far.count;
    const alike = far.count >= enough && far.squares / far.count - mean * mean < 0.4;
    if (!alike || this.#near.count > 0) return undefined;
    accumulate(this.#far, far);
    return this.#far.offsets / this.#far.count - lineHabit;
  }
}

function accumulate(sum: Pairs, more: Pairs): void {
  sum.count += more.count;
  sum.offsets += more.offsets;
  sum.squares += more.squares;
  sum.gaps += more.gaps;
}
