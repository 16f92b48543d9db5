import { learnQ } from '../forced/learn';
import { type Expected, ensembleModels, expectedForced } from '../map/ensemble';
import { need } from '../need';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { quantile } from '../quantile';
import {
  type ConfidenceInterval,
  confidenceInterval,
  drawDays,
  fitAndScore,
  halvesOf,
  type Score,
  scoreOf,
  scoresOver,
  sum,
} from './fit';
import { inUse } from './in-use';
import { type EvaluationSet, type Pool, poolBuckets } from './pool';
import { lift } from './scores';

/** How the engine does when it is walked through the scored buckets themselves. */
export interface NowcastScore extends Score {
  name: string;
  /** Points scored: buckets × sides in the second half. */
  n: number;
  lift: number;
  /** Force-closed ÷ at risk, fitted on the first half. */
  q: number;
  /** Force-closed without price reaching a band, amount per bucket and side, fitted on the first half. */
  background: number;
  /** 95 % intervals from resampling whole days of the second half. */
  intervals: { rho: ConfidenceInterval; deviance: ConfidenceInterval; total: ConfidenceInterval };
  /** How often the amount of the second half fell into the 80 % interval learned from the buckets before. */
  coverage: { share: number; n: number };
  baselines: Record<string, Score>;
  /** The same model with bands that are wrong on purpose; each must score worse. */
  placebos: Record<string, Score>;
  /** Scored points in time order, long then short of each bucket. */
  points: { time: Float64Array; predicted: Float64Array; actual: Float64Array };
}

/**
 * How well the model knows what is force-closed, given the price path **and the bucket's own volume and open interest**: the
 * engine is walked through each bucket. Fitted on the first half of the time, scored on
 * the second, next to its baselines. Long and short sides are pooled.
 *
 * The model and every baseline get the same two fitted numbers: a scale and a constant background per bucket, because
 * some positions are closed by force without price moving at all. Its own total is that of use, where the scale moves with what
 * the buckets before taught.
 *
 * - `move`: size of the move to the power of 1.5 × open interest
 * - `territory`: move into prices not visited for 1, 4, 12, 24, 72, 168 h × open interest, one weight each
 * - `openInterestOnly`: the same reservoir fed by rises of open interest alone (κ = 0, no widening)
 * - `uniform`: the same amount at every price: size of the move × open interest
 * - placebos: the model's bands 1 % higher, 1 % lower, sides swapped
 *
 * @param random uniform numbers in [0, 1) for the bootstrap
 * @throws RangeError when bars are bad (see Inventory), the bucket is shorter than a bar, or fewer than 40 buckets are
 * left after the warm-up
 */
export function scoreNowcast(
  set: EvaluationSet,
  random: () => number,
  model: InventoryOptions = {},
): NowcastScore {
  const pool = poolBuckets(set);
  const buckets = pool.actual.length / 2;
  need(buckets >= 40, 'evaluate', `at least 40 buckets after the warm-up, ${set.name} has ${buckets}`);
  const halves = halvesOf(pool);
  const { half } = halves;
  const run = (options: InventoryOptions) => predict(set, pool, { ...model, ...options });
  const score = (regressors: Float64Array[]) => fitAndScore(halves, regressors).score;

  const atRisk = run({});
  const best = fitAndScore(halves, [atRisk]);
  const scaled = (column: Float64Array, power: number) =>
    column.map((value, i) => value ** power * pool.openInterest[i]!);
  const swapped = atRisk.map((_, i) => atRisk[i ^ 1]!);
  const tested = pool.actual.subarray(half);
  const draws = drawDays(pool, half, random);
  const drawn = scoresOver(halves, best.predicted, draws);
  const used = inUse(halves, best).predicted;
  const coverage = measureCoverage(pool, half, ensembleModels(model.maxLeverage ?? 125).map(run));

  return {
    name: set.name,
    n: tested.length,
    ...best.score,
    total: scoreOf(halves, used).total,
    lift: lift(tested, atRisk.subarray(half), pool.move.subarray(half)),
    q: best.weights[0]!,
    background: best.weights[1]!,
    intervals: {
      rho: confidenceInterval(drawn.map(({ rho }) => rho)),
      deviance: confidenceInterval(drawn.map(({ deviance }) => deviance)),
      total: confidenceInterval(scoresOver(halves, used, draws).map(({ total }) => total)),
    },
    coverage,
    baselines: {
      move: score([scaled(pool.move, 1.5)]),
      territory: score(pool.territory),
      openInterestOnly: score([run({ kappa: 0, widening: 0, wideningPerRange: 0 })]),
      uniform: score([scaled(pool.move, 1)]),
    },
    placebos: {
      onePercentHigher: score([run({ displacement: 0.01 })]),
      onePercentLower: score([run({ displacement: -0.01 })]),
      sidesSwapped: score([swapped]),
    },
    points: { time: pool.time.slice(half), predicted: best.predicted, actual: tested.slice() },
  };
}

/** At-risk amount that price passed in each bucket: long, then short. */
function predict(set: EvaluationSet, pool: Pool, options: InventoryOptions): Float64Array {
  const inventory = new Inventory(options);
  const predicted = new Float64Array(pool.actual.length);
  for (let i = 0; i < set.bars.length; i++) {
    inventory.addBar(set.bars, i);
    const k = pool.index.get(Math.floor(set.bars.time[i]! / set.bucketMs));
    if (k === undefined) continue;
    const unit = set.unit === 'usd' ? set.bars.close[i]! : 1;
    predicted[2 * k]! += inventory.forcedLong * unit;
    predicted[2 * k + 1]! += inventory.forcedShort * unit;
  }
  return predicted;
}

/** As many lessons as are looked at, and more. */
const remembered = 2 * 168;
const prior = { median: 0.7, p10: 0.7 / 2.45, p90: 0.7 * 2.45 };

/**
 * Whether the interval shown beside an amount is right: q learned from the buckets before, at risk from the ensemble, each
 * member scaled to force-close as much as was in the first half. Amounts of next to nothing are left out: only at-risk
 * amounts above the first half's median count.
 */
function measureCoverage(pool: Pool, half: number, members: Float64Array[]): NowcastScore['coverage'] {
  const forced = sum(pool.actual.subarray(0, half));
  const scaled = members.map((member) => {
    const passed = sum(member.subarray(0, half));
    return member.map((value) => (passed > 0 ? (value * forced) / passed : 0));
  });
  const spread = (i: number): Expected => {
    const values = scaled.map((member) => member[i]!);
    return { p10: quantile(values, 0.1), p50: quantile(values, 0.5), p90: quantile(values, 0.9) };
  };
  const spreads = Array.from(pool.actual, (_, i) => spread(i));
  const first = spreads.slice(0, half);
  const lessons = spreads.map(({ p50 }, i) => ({ atRisk: [p50, 0, 0, 0, 0], forced: pool.actual[i]! }));
  const least = quantile(
    first.map(({ p50 }) => p50).filter((value) => value > 0),
    0.5,
  );
  const tested = spreads.slice(half).flatMap((atRisk, k) => {
    if (atRisk.p50 < least) return [];
    // Of both sides of the buckets before. Amounts are already scaled to what is forced, so q is about 1 here.
    const over = half + k - (k % 2);
    const q = learnQ(lessons.slice(Math.max(0, over - remembered), over), prior);
    const { p10, p90 } = expectedForced(atRisk, q);
    const actual = pool.actual[half + k]!;
    return [actual >= p10 && actual <= p90];
  });
  const inside = tested.filter((held) => held).length;
  return { share: tested.length > 0 ? inside / tested.length : 0, n: tested.length };
}
