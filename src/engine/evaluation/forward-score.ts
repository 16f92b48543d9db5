import type { InventoryOptions } from '../positions/inventory-options';
import {
  confidenceInterval,
  drawDays,
  type Fit,
  fitAndScore,
  type Halves,
  halvesOf,
  type Score,
  scoreOf,
  scoresOver,
  sum,
} from './fit';
import { inUse } from './in-use';
import { type EvaluationSet, poolBuckets } from './pool';
import { type Standing, standingOf } from './standing';

/** [low, mid, high]: a difference with its 95 % interval, days resampled in pairs. */
export type Difference = [low: number, mid: number, high: number];

/** The map as it stood when a bucket began, against what was force-closed in the buckets from it on. */
export interface ForwardScore extends Score {
  buckets: number;
  /** Points scored: buckets × sides in the second half. */
  n: number;
  /** How often the amount lay within the 80 % interval shown beside it, among points above the median prediction. */
  coverage: number;
  distanceOnly: Score;
  /** Of the map less distance only. */
  deltaRho: Difference;
  deltaDeviance: Difference;
  /** All that is used beside the map (the way back, how busy it is) with distance only in the map's place, and the map less that. */
  mapless: Score & { deltaRho: Difference; deltaDeviance: Difference };
  /** What else a map has to beat, as it could be known when the bucket began but for where price went. */
  baselines: Record<string, Score>;
  placebos: Record<string, Score>;
  /** Predicted ÷ actual by decile of the prediction, lowest first; and in the hundredth with the largest predictions. */
  deciles: number[];
  topHundredth: number;
  /** Force-closed ÷ at risk, fitted on the first half. */
  q: number;
}

/**
 * Scores the forward map one or more buckets ahead. Amounts are `A · q · (at risk + passed on the way back) + b`, q and b from
 * the first half. What the map itself adds is told against the same with what is typical in its place. Totals and intervals are those of use: in the second half the scale moves with what the buckets before taught,
 * as `learnQ` has it.
 *
 * @param random uniform numbers in [0, 1)
 * @throws RangeError as `poolBuckets`, or where nothing was force-closed in the first half
 */
export function scoreForward(
  set: EvaluationSet,
  buckets: number,
  random: () => number,
  model: InventoryOptions = {},
): ForwardScore {
  const pool = poolBuckets(set, buckets);
  const halves = halvesOf(pool);
  const standing = standingOf(set, pool, model);
  const fit = fitAndScore(halves, [expectedOn(standing, standing.forward)]);
  const distance = fitAndScore(halves, [standing.typical]);
  const mapless = fitAndScore(halves, [expectedOn(standing, standing.typical)]);
  const used = inUse(halves, fit);
  const draws = drawDays(pool, halves.half, random);
  const ours = scoresOver(halves, fit.predicted, draws);
  const score = { ...fit.score, total: scoreOf(halves, used.predicted).total };
  const over = (rival: Fit) => {
    const theirs = scoresOver(halves, rival.predicted, draws);
    const difference = (key: 'rho' | 'deviance'): Difference => {
      const [low, high] = confidenceInterval(ours.map((one, d) => one[key] - theirs[d]![key]));
      return [low, score[key] - rival.score[key], high];
    };
    return { deltaRho: difference('rho'), deltaDeviance: difference('deviance') };
  };
  const actual = pool.actual.subarray(halves.half);
  return {
    buckets,
    n: actual.length,
    ...score,
    coverage: used.coverage,
    distanceOnly: distance.score,
    ...over(distance),
    mapless: { ...mapless.score, ...over(mapless) },
    baselines: baselinesOf(halves, standing),
    placebos: placebosOf(set, halves, standing, model),
    ...calibrationOf(used.predicted, actual),
    q: fit.weights[0]!,
  };
}

/** At risk there and back, times how busy the market is. */
function expectedOn({ back, activity }: Standing, there: Float64Array): Float64Array {
  return there.map((amount, i) => (amount + back[i]!) * activity[i]!);
}

function baselinesOf(halves: Halves, standing: Standing): Record<string, Score> {
  const { pool } = halves;
  const perCoin = (column: Float64Array, by: Float64Array) =>
    column.map((value, i) => (pool.openInterest[i]! > 0 ? (value / pool.openInterest[i]!) * by[i]! : 0));
  const score = (columns: Float64Array[]) => fitAndScore(halves, columns).score;
  return {
    bandsAlone: score([standing.forward.map((value, i) => value * standing.activity[i]!)]),
    standsNow: score([standing.stands]),
    moveTimesVolume: score([pool.move.map((move, i) => move * standing.volume[i]!)]),
    extremesTimesVolume: score(pool.territory.map((column) => perCoin(column, standing.volume))),
    unpassedExtremes: score([standing.extremes, standing.typical]),
    move: score([pool.move.map((move, i) => move ** 1.5 * pool.openInterest[i]!)]),
    territory: score(pool.territory),
    uniform: score([pool.move.map((move, i) => move * pool.openInterest[i]!)]),
  };
}

/** The same map with bands that are wrong on purpose; each must score worse. */
function placebosOf(
  set: EvaluationSet,
  halves: Halves,
  standing: Standing,
  model: InventoryOptions,
): Record<string, Score> {
  const score = (column: Float64Array) => fitAndScore(halves, [expectedOn(standing, column)]).score;
  const moved = (displacement: number) =>
    score(standingOf(set, halves.pool, { ...model, displacement }).forward);
  return {
    onePercentHigher: moved(0.01),
    onePercentLower: moved(-0.01),
    sidesSwapped: score(standing.forward.map((_, i) => standing.forward[i ^ 1]!)),
  };
}

function calibrationOf(
  predicted: Float64Array,
  actual: Float64Array,
): Pick<ForwardScore, 'deciles' | 'topHundredth'> {
  const order = Array.from(predicted.keys()).sort((i, j) => predicted[i]! - predicted[j]!);
  const ratio = (points: number[]) =>
    sum(points.map((i) => predicted[i]!)) / sum(points.map((i) => actual[i]!));
  const cut = (part: number) => Math.round((order.length * part) / 10);
  return {
    deciles: Array.from({ length: 10 }, (_, d) => ratio(order.slice(cut(d), cut(d + 1)))),
    topHundredth: ratio(order.slice(-Math.max(1, Math.round(order.length / 100)))),
  };
}
