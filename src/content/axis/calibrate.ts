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
 *
 * @param pixel CSS pixels per pixel of the canvas: on fine screens labels at its pixels are not at whole CSS pixels.
 */
export function guessRuler(labels: { anchor: number }[], ownCanvas: boolean, pixel: number): Ruler {
  const parts = pixel > 0.5 ? 2 : 1;
  const whole = labels.every(
    ({ anchor }) => Math.abs(anchor * parts - Math.round(anchor * parts)) < 0.01 * parts,
  );
  return ownCanvas && !whole ? 'centre' : 'anchor';
}

/** Labels and gridlines of one paint, CSS pixels from a common origin. */
export interface Paint {
  centres: number[];
  anchors: number[];
  lines: number[];
}

/**
 * How far below its price a line is drawn. Charts with a canvas of its own for the axis name pixels, and a pixel's middle
 * is half a pixel below its upper edge. Others do so, or draw on the nearest pixel: in between on average.
 */
const lineHabit = { strip: 0.5, other: 0.25 };
/** Lines on the canvas's own pixels stand on the middle of one, or where two meet: as many as make a CSS pixel are drawn. */
const pixelHabit = (pixel: number): number => (Math.floor(1 / pixel + 1e-6) % 2 === 1 ? pixel / 2 : 0);
const reach = 1.3;
const farthest = 8;
/** Lines stand on whole pixels, each paint's in a similar way: several different paints average that out. */
const enough = { pairs: 24, paints: 3 };
/** A chart that never moves is not watched for ever. */
const mostPaints = 30;
/** Neither ink nor anchor is this far from the lines in the libraries that aim with one of them, px. */
const odd = { strip: 0.4, other: 0.7 };
/** The guess from the labels stands unless the lines speak this much more for the other point, px. */
const doubt = 0.3;

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
  #paints = 0;
  #changes = 0;
  #last = '';

  /**
   * @param guess What the labels alone let expect.
   * @param strip The axis has a canvas of its own.
   * @param pixel CSS pixels per pixel of the canvas.
   */
  constructor(
    readonly guess: Ruler,
    readonly strip: boolean,
    readonly pixel = 1,
  ) {}

  get settled(): boolean {
    const known = Math.max(this.#near.count, this.#far.count) >= enough.pairs;
    return (known && this.#changes >= enough.paints) || this.#paints >= mostPaints;
  }

  /** @returns What all paints so far say, or undefined while they say nothing new. */
  add(paint: Paint): Ruler | undefined {
    this.#paints++;
    const places = paint.centres.join();
    if (places === this.#last) return undefined;
    // Lines of something else than this axis's prices match by chance only.
    const most = Math.max(3, paint.centres.length * 0.6);
    const kind = this.strip ? 'strip' : 'other';
    const near = pair(paint, reach);
    if (near.count >= most) {
      this.#count(places, this.#near, near);
      const offset = this.#near.offsets / this.#near.count - lineHabit[kind];
      const gap = this.#near.gaps / this.#near.count;
      const finer = this.strip ? lineHabit.strip - pixelHabit(this.pixel) : 0;
      const missOf = (off: number) => Math.min(Math.abs(off), Math.abs(off + finer));
      const [centreMiss, anchorMiss] = [missOf(offset), missOf(offset - gap)];
      const limit = this.settled ? odd[kind] : odd.other;
      if (Math.min(centreMiss, anchorMiss) > limit) return offset;
      if (Math.abs(centreMiss - anchorMiss) < doubt) return this.guess;
      return centreMiss < anchorMiss ? 'centre' : 'anchor';
    }
    const far = pair(paint, farthest);
    const mean = far.offsets / far.count;
    const alike = far.count >= most && far.squares / far.count - mean * mean < 0.4;
    if (!alike || this.#near.count > 0) return undefined;
    this.#count(places, this.#far, far);
    return this.#far.offsets / this.#far.count - lineHabit[kind];
  }

  #count(places: string, sum: Pairs, more: Pairs): void {
    this.#last = places;
    this.#changes++;
    sum.count += more.count;
    sum.offsets += more.offsets;
    sum.squares += more.squares;
    sum.gaps += more.gaps;
  }
}
