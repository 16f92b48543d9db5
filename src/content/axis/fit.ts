/**
 * Finds the line through an axis's labels: y = a + b·g(value), g the identity (linear scale) or ln (log scale).
 *
 * Every label bounds the line: it was printed at most `half` from the value it stands for, and drawn at most `slack`
 * pixels from its place. All lines that respect all bounds form a set; the fit is its middle, and `spread` says how far
 * the truth can be from the fit anywhere in the pane. That one number decides whether to draw.
 */

export type Scale = 'linear' | 'log';

export interface Mark {
  value: number;
  /** Half of the last printed digit's unit. */
  half: number;
  y: number;
}

export interface AxisFit {
  scale: Scale;
  a: number;
  b: number;
  /** The labels the line goes through, by ascending y. */
  marks: Mark[];
  /** The labels would fit the other scale nearly as well. */
  ambiguous: boolean;
  /** Worst distance in px between the fit and any line the labels allow, over the pane. */
  spread: number;
}

export interface FitOptions {
  /** How far from its place a label may be drawn, px: half a pixel where libraries round. */
  slack: number;
  /** Extent of the pane, px. */
  top: number;
  bottom: number;
  /** Scale this axis had before: kept where both fit equally well. */
  previous?: Scale | undefined;
}

type AnyAxis = Pick<AxisFit, 'scale' | 'a' | 'b'>;

interface Line {
  a: number;
  b: number;
}

const transforms: Record<Scale, (value: number) => number> = { linear: (value) => value, log: Math.log };

/** Width of g around a printed value. */
const halfOf = (scale: Scale, mark: Mark): number => (scale === 'log' ? mark.half / mark.value : mark.half);

export const yOf = (axis: AnyAxis, value: number): number => axis.a + axis.b * transforms[axis.scale](value);

export function priceAt(axis: AnyAxis, y: number): number {
  const u = (y - axis.a) / axis.b;
  return axis.scale === 'log' ? Math.exp(u) : u;
}

/** Least squares through (u, y). Undefined where all u are equal. */
function leastSquares(us: number[], ys: number[]): Line | undefined {
  const n = us.length;
  let meanU = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanU += us[i]! / n;
    meanY += ys[i]! / n;
  }
  let uu = 0;
  let uy = 0;
  for (let i = 0; i < n; i++) {
    const du = us[i]! - meanU;
    uu += du * du;
    uy += du * (ys[i]! - meanY);
  }
  if (!(uu > 0)) return undefined;
  const b = uy / uu;
  return b === 0 ? undefined : { a: meanY - b * meanU, b };
}

/** Marks no further from the line than their bounds allow. */
export function inliers(marks: Mark[], scale: Scale, line: Line, slack: number): Mark[] {
  const g = transforms[scale];
  return marks.filter(
    (mark) =>
      Math.abs(line.a + line.b * g(mark.value) - mark.y) <= slack + Math.abs(line.b) * halfOf(scale, mark),
  );
}

export const lineThrough = (marks: Mark[], scale: Scale): Line | undefined =>
  leastSquares(
    marks.map((mark) => transforms[scale](mark.value)),
    marks.map((mark) => mark.y),
  );

/** The search costs the cube of the number of labels. */
const mostSearched = 64;

/** Whether one line goes through all labels. */
function isLine(marks: Mark[], scale: Scale, slack: number): boolean {
  const line = marks.every(({ value }) => scale === 'linear' || value > 0) && lineThrough(marks, scale);
  return line ? inliers(marks, scale, line, slack).length === marks.length : false;
}

/**
 * The largest set of labels that one line explains. Tags of the last price moved aside, or labels of a neighbouring
 * pane, stay out. The set must be dense: between its first and last label at most a third may be strangers.
 */
function consensus(marks: Mark[], scale: Scale, slack: number): Mark[] | undefined {
  if (marks.length > mostSearched) return undefined;
  const us = marks.map((mark) => transforms[scale](mark.value));
  const halves = marks.map((mark) => halfOf(scale, mark));
  let best = { count: 0, from: 0, to: 0, a: 0, b: 0 };
  for (let i = 0; i < marks.length; i++) {
    for (let j = marks.length - 1; j > i; j--) {
      const rise = marks[j]!.y - marks[i]!.y;
      if (j - i + 1 <= best.count || rise < 8) break;
      const du = us[j]! - us[i]!;
      if (du === 0) continue;
      const b = rise / du;
      const a = marks[i]!.y - b * us[i]!;
      let count = 0;
      // Twice the slack: both ends of this line carry an error of their own.
      for (let k = i; k <= j; k++) {
        if (Math.abs(a + b * us[k]! - marks[k]!.y) <= 2 * slack + Math.abs(b) * halves[k]!) count++;
      }
      if (count > best.count && count * 3 >= (j - i + 1) * 2) best = { count, from: i, to: j + 1, a, b };
    }
  }
  return best.count >= 3 ? inliers(marks.slice(best.from, best.to), scale, best, 2 * slack) : undefined;
}

/** Lowest and highest y at u of all lines inside the labels' bounds; low > high where there is none. */
function boundsAt(u: number, us: number[], lows: number[], highs: number[]): [low: number, high: number] {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < us.length; i++) {
    for (let j = 0; j < us.length; j++) {
      const du = us[j]! - us[i]!;
      if (i === j || du === 0) continue;
      const t = (u - us[i]!) / du;
      if (t >= 1) {
        // u lies beyond j, seen from i: the line swings about the two.
        high = Math.min(high, lows[i]! + (highs[j]! - lows[i]!) * t);
        low = Math.max(low, highs[i]! + (lows[j]! - highs[i]!) * t);
      } else if (t >= 0) {
        high = Math.min(high, highs[i]! + (highs[j]! - highs[i]!) * t);
        low = Math.max(low, lows[i]! + (lows[j]! - lows[i]!) * t);
      }
    }
  }
  return [low, high];
}

const mostBounds = 14;

/** Evenly picked, first and last always among them: bounds cost the square of their number. */
function thin(marks: Mark[]): Mark[] {
  if (marks.length <= mostBounds) return marks;
  return Array.from(
    { length: mostBounds },
    (_, i) => marks[Math.round((i * (marks.length - 1)) / (mostBounds - 1))]!,
  );
}

function solve(agreeing: Mark[] | undefined, scale: Scale, options: FitOptions): AxisFit | undefined {
  if (!agreeing) return undefined;
  const squares = lineThrough(agreeing, scale);
  if (!squares) return undefined;
  const g = transforms[scale];
  const few = thin(agreeing);
  const us = few.map((mark) => g(mark.value));
  const reach = few.map((mark) => options.slack * 1.05 + Math.abs(squares.b) * halfOf(scale, mark));
  const lows = few.map((mark, i) => mark.y - reach[i]!);
  const highs = few.map((mark, i) => mark.y + reach[i]!);
  // The ends of the pane, or of the labels where those reach further out.
  const top = Math.min(options.top, agreeing[0]!.y);
  const bottom = Math.max(options.bottom, agreeing.at(-1)!.y);
  const uTop = (top - squares.a) / squares.b;
  const uBottom = (bottom - squares.a) / squares.b;
  const [lowTop, highTop] = boundsAt(uTop, us, lows, highs);
  const [lowBottom, highBottom] = boundsAt(uBottom, us, lows, highs);
  if (!(lowTop <= highTop && lowBottom <= highBottom)) return undefined;
  const yTop = (lowTop + highTop) / 2;
  const yBottom = (lowBottom + highBottom) / 2;
  const b = (yBottom - yTop) / (uBottom - uTop);
  if (!Number.isFinite(b) || b === 0) return undefined;
  return {
    scale,
    a: yTop - b * uTop,
    b,
    marks: agreeing,
    ambiguous: false,
    spread: Math.max(highTop - lowTop, highBottom - lowBottom) / 2,
  };
}

/** Root mean square distance of the labels from the line, px. */
function misfit(fit: AxisFit): number {
  let sum = 0;
  for (const mark of fit.marks) sum += (yOf(fit, mark.value) - mark.y) ** 2;
  return Math.sqrt(sum / fit.marks.length);
}

/** Largest distance between two axes over the pane, px. */
export function difference(
  one: AnyAxis,
  other: AnyAxis,
  { top, bottom }: { top: number; bottom: number },
): number {
  let worst = 0;
  for (let i = 0; i <= 8; i++) {
    const y = top + ((bottom - top) * i) / 8;
    const value = priceAt(one, y);
    if (other.scale === 'log' && !(value > 0)) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, Math.abs(yOf(other, value) - y));
  }
  return worst;
}

const niceSteps = [1, 2, 2.5, 3, 4, 5, 6, 8];

/**
 * Labels of a linear axis sit on round multiples of a step; where few digits are printed the step can still be told
 * from their spacing, and with it the exact values. Undefined unless exactly one round step explains what is printed.
 */
export function unround(marks: Mark[], slack: number): Mark[] | undefined {
  if (marks.length < 3) return undefined;
  let spacing = Number.POSITIVE_INFINITY;
  for (let i = 1; i < marks.length; i++) spacing = Math.min(spacing, marks[i]!.y - marks[i - 1]!.y);
  if (!(spacing > 4)) return undefined;
  const rows = marks.map((mark) => Math.round((mark.y - marks[0]!.y) / spacing));
  const grid = leastSquares(
    rows,
    marks.map((mark) => mark.y),
  );
  if (!grid || marks.some((mark, i) => Math.abs(grid.a + grid.b * rows[i]! - mark.y) > slack + 0.1))
    return undefined;

  const explanations: number[][] = [];
  const first = marks[0]!;
  const last = marks.at(-1)!;
  const count = rows.at(-1)!;
  const rough = Math.abs((last.value - first.value) / count);
  const width = (first.half + last.half) / count;
  const sign = Math.sign(last.value - first.value);
  if (!(rough > 0)) return undefined;
  const power = Math.floor(Math.log10(rough));
  for (const e of [power - 1, power, power + 1]) {
    for (const nice of niceSteps) {
      const step = nice * 10 ** e;
      if (Math.abs(step - rough) > width * 1.01) continue;
      // Tick values are multiples of the step: the first one is fixed up to a whole number of steps.
      const from = Math.ceil((first.value - first.half * 1.01) / step);
      const to = Math.floor((first.value + first.half * 1.01) / step);
      for (let k = from; k <= to && explanations.length < 2; k++) {
        const values = rows.map((row) => (k + sign * row) * step);
        if (values.every((value, i) => Math.abs(value - marks[i]!.value) <= marks[i]!.half * 1.01)) {
          explanations.push(values);
        }
      }
    }
  }
  const [values, ...others] = explanations;
  if (!values || others.length > 0) return undefined;
  return marks.map((mark, i) => ({ value: values[i]!, half: 0, y: mark.y }));
}

/**
 * Fits an axis to labels of one column, given by ascending y.
 *
 * @returns undefined where no line explains at least three of them (two, where the range is so narrow that linear and
 *   log agree). A fit with a large `spread` is correct but imprecise: the caller decides.
 */
export function fitAxis(marks: Mark[], options: FitOptions): AxisFit | undefined {
  if (marks.length < 2) return undefined;
  const { slack } = options;
  const isLinear = isLine(marks, 'linear', slack);
  const isLog = isLine(marks, 'log', slack);
  // What is the most on one scale need not be searched for on the other.
  const isNone = !isLinear && !isLog;
  const positive = isNone ? marks.filter(({ value }) => value > 0) : marks;
  const linear = solve(
    isLinear ? marks : isNone ? consensus(marks, 'linear', slack) : undefined,
    'linear',
    options,
  );
  const log = solve(isLog ? marks : isNone ? consensus(positive, 'log', slack) : undefined, 'log', options);
  let best = linear ?? log;
  if (linear && log) {
    const previousFirst = options.previous === 'log' ? 0.9 : 1.5;
    const preferLog =
      log.marks.length !== linear.marks.length
        ? log.marks.length > linear.marks.length
        : misfit(log) < misfit(linear) / previousFirst && misfit(linear) > 0.02;
    best = preferLog ? log : linear;
    // Where the labels allow both scales, the fit is no surer than their difference.
    if (log.marks.length === linear.marks.length) {
      const doubt = difference(linear, log, options);
      const told = misfit(preferLog ? linear : log) > 2 * misfit(best) + 0.25;
      if (!told) best = { ...best, ambiguous: true, spread: Math.max(best.spread, doubt) };
    }
  } else if (marks.length === 2) {
    return undefined;
  }
  if (best?.scale === 'linear' && best.spread > 1) {
    const exact = unround(best.marks, options.slack);
    const sharper = exact && isLine(exact, 'linear', slack) && solve(exact, 'linear', options);
    if (sharper && sharper.spread < best.spread) return sharper;
  }
  return best;
}

/** Tells labels that a line goes through. */
export const isOn =
  ({ marks }: AxisFit) =>
  ({ y }: Mark): boolean =>
    marks.some((mark) => mark.y === y);

export type FitAxis = typeof fitAxis;
