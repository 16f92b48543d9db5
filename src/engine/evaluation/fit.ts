import { fitPoisson } from '../forced/poisson';
import { need } from '../need';
import { quantile } from '../quantile';
import { dayMs } from '../time';
import type { Pool } from './pool';
import { devianceExplained, spearman } from './scores';

const resamples = 200;

export interface Score {
  /** Spearman's rank correlation of predicted and actual. */
  rho: number;
  /** Share of Poisson deviance explained against the constant of the first half. */
  deviance: number;
  /** Predicted ÷ actual total. */
  total: number;
}

export type ConfidenceInterval = [low: number, high: number];

/** What a model says of the second half, fitted on the first. */
export interface Fit {
  /** One per regressor, then the constant background. */
  weights: number[];
  /** Predictions for the whole time. */
  all: Float64Array;
  /** Those of the second half. */
  predicted: Float64Array;
  score: Score;
}

/** A pool with the point at which its second half begins, and the mean of the first, the rival of all. */
export interface Halves {
  pool: Pool;
  half: number;
  constant: number;
}

/** @throws RangeError where nothing was force-closed in the first half */
export function halvesOf(pool: Pool): Halves {
  const half = (pool.actual.length >> 2) * 2;
  const constant = sum(pool.actual.subarray(0, half)) / half;
  need(constant > 0, 'evaluate', 'forced liquidations in the first half');
  return { pool, half, constant };
}

/**
 * Non-negative weights of the regressors and of a constant background, fitted on the first half and scored on the second.
 */
export function fitAndScore(halves: Halves, regressors: readonly Float64Array[]): Fit {
  const { pool, half } = halves;
  const columns = [...regressors, new Float64Array(pool.actual.length).fill(1)];
  const weights = fitPoisson(
    pool.actual.subarray(0, half),
    columns.map((column) => column.subarray(0, half)),
  );
  const all = pool.actual.map((_, i) =>
    columns.reduce((total, column, k) => total + weights[k]! * column[i]!, 0),
  );
  const predicted = all.slice(half);
  return { weights, all, predicted, score: scoreOf(halves, predicted) };
}

/** @param predicted of the second half */
export function scoreOf({ pool, half, constant }: Halves, predicted: Float64Array): Score {
  return compare(pool.actual.subarray(half), predicted, constant);
}

function compare(actual: Float64Array, predicted: Float64Array, constant: number): Score {
  const total = sum(actual);
  return {
    rho: spearman(predicted, actual),
    deviance: devianceExplained(actual, predicted, constant),
    total: total > 0 ? sum(predicted) / total : 0,
  };
}

/**
 * Days of the second half drawn with replacement, as often as there are: whole, because hours of one day resemble each
 * other. Each draw is a list of points, counted from the beginning.
 */
export function drawDays(pool: Pool, from: number, random: () => number): number[][] {
  const days = new Map<number, number[]>();
  for (let i = from; i < pool.actual.length; i++) {
    const day = Math.floor(pool.time[i]! / dayMs);
    const members = days.get(day);
    if (members) members.push(i);
    else days.set(day, [i]);
  }
  const blocks = [...days.values()];
  return Array.from({ length: resamples }, () =>
    blocks.flatMap(() => blocks[Math.floor(random() * blocks.length)]!),
  );
}

/** Scores of predictions over drawn days. */
export function scoresOver(
  { pool, half, constant }: Halves,
  predicted: Float64Array,
  draws: number[][],
): Score[] {
  return draws.map((drawn) =>
    compare(
      Float64Array.from(drawn, (i) => pool.actual[i]!),
      Float64Array.from(drawn, (i) => predicted[i - half]!),
      constant,
    ),
  );
}

/** The 95 % interval of resampled values. */
export const confidenceInterval = (values: number[]): ConfidenceInterval => [
  quantile(values, 0.025),
  quantile(values, 0.975),
];

export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
