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

/** Where an axis is drawn: on a canvas of its own, or on the one of the whole chart. */
export type AxisPlace = 'strip' | 'canvas';

/**
 * How far below its price a line is drawn. Charts with a canvas of its own for the axis name pixels, and a pixel's middle
 * is half a pixel below its upper edge. Other canvases do so, or draw on the nearest pixel: in between on average.
 */
const lineHabit = { strip: 0.5, canvas: 0.25 };
/** Lines on the canvas's own pixels stand on the middle of one, or where two meet: as many as make a CSS pixel are drawn. */
const pixelHabit = (pixel: number): number => (Math.floor(1 / pixel + 1e-6) % 2 === 1 ? pixel / 2 : 0);
/** Labels stand at most this far from their lines, px. */
export const farthest = 10;
/** Lines stand on whole pixels, each paint's in a similar way: several different paints average that out. */
const enough = { pairs: 24, paints: 3 };
/** A chart that never moves is not watched for ever. */
const mostPaints = 30;
/** Neither ink nor anchor is this far from the lines in the libraries that aim with one of them, px. */
export const odd = { strip: 0.4, canvas: 0.7 };
/** The guess from the labels stands unless the lines speak this much more for the other point, px. */
const doubt = 0.3;

/** Lines that belong to their labels stand this much alike from them, px: both may be on whole pixels. */
export const alike = 1.1;

/** What another place scores, so that it is clear which one the lines are in: at most this share. */
const lead = 0.8;

export interface Pairs {
  count: number;
  /** Sum of line − centre, and of anchor − centre. */
  offsets: number;
  gaps: number;
}

/** Pairs labels with the lines that stand `offset` below their ink. `score` says how well they do. */
function pairsAt({ centres, anchors, lines }: Paint, offset: number): Pairs & { score: number } {
  const pairs = { count: 0, offsets: 0, gaps: 0, score: 0 };
  centres.forEach((centre, i) => {
    let off = alike;
    for (const line of lines) {
      const other = line - centre - offset;
      if (Math.abs(other) < Math.abs(off)) off = other;
    }
    if (off === alike) return;
    pairs.count++;
    pairs.offsets += offset + off;
    pairs.gaps += anchors[i]! - centre;
    pairs.score += 1 - (off / alike) ** 2;
  });
  return pairs;
}

export const meanOf = ({ offsets, count }: Pairs): number => offsets / count;

/**
 * Each label has its gridline in the same place beside it; lines of orders and such stand beside some by chance.
 *
 * @param known Offset that these labels had before.
 */
export function pairLines(paint: Paint, known = Number.NaN): Pairs | undefined {
  const [best, ...others] = paint.centres
    .flatMap((centre) => paint.lines.map((line) => line - centre))
    .filter((offset) => Math.abs(offset) < farthest)
    .map((offset) => pairsAt(paint, meanOf(pairsAt(paint, offset))))
    .sort((one, other) => other.score - one.score);
  if (!best) return undefined;
  const most = paint.centres.length * 0.6;
  const again = pairsAt(paint, known);
  if (again.count > 1 && again.count >= most && again.score > lead * best.score) return again;
  if (best.count < Math.max(3, most)) return undefined;
  const rival = others.find((other) => Math.abs(meanOf(other) - meanOf(best)) > 2 * alike);
  return rival && rival.score > lead * best.score ? undefined : best;
}

export type PairLines = typeof pairLines;

/** Compares labels with gridlines over some paints, until it is clear which part of a label marks the price. */
export class Calibration {
  #count = 0;
  /** Sum of line − centre, and of anchor − centre. */
  #offsets = 0;
  #gaps = 0;
  #votes = 0;
  #paints = 0;
  #changes = 0;
  #last = '';

  /**
   * @param guess What the labels alone let expect.
   * @param pixel CSS pixels per pixel of the canvas.
   */
  constructor(
    readonly guess: Ruler,
    readonly place: AxisPlace,
    readonly pixel = 1,
  ) {}

  get settled(): boolean {
    return (this.#count >= enough.pairs && this.#changes >= enough.paints) || this.#paints >= mostPaints;
  }

  /** @returns What all paints so far say, or undefined while they say nothing new. */
  add(paint: Paint): Ruler | undefined {
    this.#paints++;
    const places = paint.centres.join();
    if (places === this.#last) return undefined;
    const found = pairLines(paint);
    if (!found) return undefined;
    this.#last = places;
    this.#changes++;
    // What most paints say counts: lines may be in another place by chance.
    const isOther = this.#count > 0 && Math.abs(meanOf(found) - this.#offsets / this.#count) > 2 * alike;
    if (isOther && --this.#votes > 0) return undefined;
    if (isOther) this.#count = this.#offsets = this.#gaps = 0;
    this.#votes++;
    this.#count += found.count;
    this.#offsets += found.offsets;
    this.#gaps += found.gaps;
    const habit = lineHabit[this.place];
    const offset = this.#offsets / this.#count - habit;
    const gap = this.#gaps / this.#count;
    const finer = this.place === 'strip' ? habit - pixelHabit(this.pixel) : 0;
    const missOf = (off: number) => Math.min(Math.abs(off), Math.abs(off + finer));
    const [centreMiss, anchorMiss] = [missOf(offset), missOf(offset - gap)];
    const limit = this.settled ? odd[this.place] : odd.canvas;
    if (Math.min(centreMiss, anchorMiss) > limit) return offset;
    if (Math.abs(centreMiss - anchorMiss) < doubt) return this.guess;
    return centreMiss < anchorMiss ? 'centre' : 'anchor';
  }
}
