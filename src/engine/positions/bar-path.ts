/** Where in its sweep a long stretch turns back, as parts of each of its two halves: a pullback of 40 %. */
const pullback = 0.4;

/**
 * The way of price through a bar, as points in ln(price): straight, but for stretches longer than `straight`, which go in two
 * surges with a pullback of 40 % each. Reused from bar to bar: nothing is allocated.
 */
export class BarPath {
  /** Points 0 … `end`. */
  readonly points = new Float64Array(20);
  end = 0;

  /** @param straight longest stretch without a pullback, ln(price) */
  constructor(private readonly straight: number) {}

  /** Begins at a price, going nowhere yet. */
  from(ln: number): void {
    this.points[0] = ln;
    this.end = 0;
  }

  /** Goes on in one stretch, however long. */
  straightTo(ln: number): void {
    this.points[++this.end] = ln;
  }

  /** Goes on as price usually does. */
  to(target: number): void {
    const { points } = this;
    let { end } = this;
    const from = points[end]!;
    const half = (target - from) / 2;
    if (Math.abs(half) * 2 > this.straight) {
      points[end + 1] = from + half * (0.5 + pullback / 2);
      points[end + 2] = from + half * (0.5 - pullback / 2);
      points[end + 3] = from + half;
      points[end + 4] = from + half * (1.5 + pullback / 2);
      points[end + 5] = from + half * (1.5 - pullback / 2);
      end += 5;
    }
    points[end + 1] = target;
    this.end = end + 1;
  }

  /** Sum of the stretches, each counted `least` longer than it is. */
  length(least: number): number {
    let length = 0;
    for (let p = 1; p <= this.end; p++) length += Math.abs(this.points[p]! - this.points[p - 1]!) + least;
    return length;
  }
}
