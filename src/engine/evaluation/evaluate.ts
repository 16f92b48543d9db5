import { learnQ } from '../forced/learn';
import { fitPoisson } from '../forced/poisson';
import { type Expected, ensembleModels, expectedForced } from '../map/ensemble';
import { Inventory, type InventoryOptions } from '../positions/inventory';
import { quantile } from '../quantile';
import type { BarColumns } from '../records';
import { devianceExplained, lift, spearman } from './scores';

/** Recorded bars with what was really force-closed. */
export interface EvaluationSet {
  name: string;
  /** Bars of any interval not longer than `bucketMs`. */
  bars: BarColumns;
  /** Unit of the amounts; bars are in coins and are turned into USD at the close. */
  unit: 'coins' | 'usd';
  /** Opening times (ms) of the recorded amounts, ascending, and the amounts by side. NaN where not known. */
  times: Float64Array;
  longForced: Float64Array;
  shortForced: Float64Array;
  /** Amounts are compared per bucket of this length, aligned to whole multiples of it. */
  bucketMs: number;
  /** Bars at the start that fill the reservoir and are not scored. */
  warmupMs: number;
}

export interface Score {
  /** Spearman's rank correlation of predicted and actual. */
  rho: number;
  /** Share of Poisson deviance explained against the constant of the first half. */
  deviance: number;
  /** Predicted ÷ actual total. */
  total: number;
}

export type Interval = [low: number, high: number];

export interface Evaluation extends Score {
  name: string;
  /** Points scored: buckets × sides in the second half. */
  n: number;
  lift: number;
  /** Force-closed ÷ at risk, fitted on the first half. */
  q: number;
  /** Force-closed without price reaching a band, amount per bucket and side, fitted on the first half. */
  background: number;
  /** 95 % intervals from resampling whole days of the second half. */
  intervals: { rho: Interval; deviance: Interval; total: Interval };
  /** How often the amount of the second half fell into the 80 % interval learned on the first. */
  coverage: { share: number; n: number };
  baselines: Record<string, Score>;
  /** The same model with bands that are wrong on purpose; each must score worse. */
  placebos: Record<string, Score>;
  /** Scored points in time order, long then short of each bucket. */
  points: { time: Float64Array; predicted: Float64Array; actual: Float64Array };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const territoryHours = [1, 4, 12, 24, 72, 168];
const resamples = 200;

/** The columns that every model and baseline is built from: long, then short, of each bucket. */
interface Pool {
  time: Float64Array;
  actual: Float64Array;
  move: Float64Array;
  /** Open interest at the bucket's open, in the unit of the amounts. */
  openInterest: Float64Array;
  /** Per entry of `territoryHours`. */
  territory: Float64Array[];
  /** Buckets by their number, to pool what a model predicts. */
  index: Map<number, number>;
}

/**
 * How well the model knows what is force-closed, given the price path: fitted on the first half of the time, scored on
 * the second, next to its baselines. Long and short sides are pooled.
 *
 * The model and every baseline get the same two fitted numbers: a scale and a constant background per bucket, because
 * some positions are closed by force without price moving at all.
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
export function evaluate(set: EvaluationSet, random: () => number, model: InventoryOptions = {}): Evaluation {
  const pool = poolBuckets(set);
  const half = (pool.actual.length >> 2) * 2;
  const buckets = pool.actual.length / 2;
  if (buckets < 40) {
    throw new RangeError(
      `evaluate requires at least 40 buckets after the warm-up, ${set.name} has ${buckets}`,
    );
  }
  const run = (options: InventoryOptions) => predict(set, pool, { ...model, ...options });
  const score = (regressors: Float64Array[]) => fitAndScore(pool, half, regressors);

  const atRisk = run({});
  const best = score([atRisk]);
  const scaled = (column: Float64Array, power: number) =>
    column.map((value, i) => value ** power * pool.openInterest[i]!);
  const swapped = atRisk.map((_, i) => atRisk[i ^ 1]!);
  const tested = pool.actual.subarray(half);

  return {
    name: set.name,
    n: tested.length,
    ...best.score,
    lift: lift(tested, atRisk.subarray(half), pool.move.subarray(half)),
    q: best.weights[0]!,
    background: best.weights[1]!,
    intervals: resampleDays(pool, half, best.predicted, best.constant, random),
    coverage: measureCoverage(pool, half, ensembleModels(model.maxLeverage ?? 125).map(run)),
    baselines: {
      move: score([scaled(pool.move, 1.5)]).score,
      territory: score(pool.territory).score,
      openInterestOnly: score([run({ kappa: 0, widening: 0, wideningPerRange: 0 })]).score,
      uniform: score([scaled(pool.move, 1)]).score,
    },
    placebos: {
      onePercentHigher: score([run({ displacement: 0.01 })]).score,
      onePercentLower: score([run({ displacement: -0.01 })]).score,
      sidesSwapped: score([swapped]).score,
    },
    points: { time: pool.time.slice(half), predicted: best.predicted, actual: tested.slice() },
  };
}

/** Buckets whose amounts are known and whose bars are all there. */
function poolBuckets(set: EvaluationSet): Pool {
  const { bars, bucketMs } = set;
  if (bars.length < 2) throw new RangeError(`evaluate requires bars, ${set.name} has ${bars.length}`);
  let barMs = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bars.length; i++) barMs = Math.min(barMs, bars.time[i]! - bars.time[i - 1]!);
  if (!(barMs > 0)) throw new RangeError('evaluate requires bars in ascending time');
  if (!(bucketMs >= barMs)) throw new RangeError('evaluate requires a bucket at least as long as a bar');
  if (!(set.warmupMs >= 0)) throw new RangeError('evaluate requires a warm-up that is not negative');

  const forced = new Map<number, [long: number, short: number]>();
  for (let i = 0; i < set.times.length; i++) {
    const bucket = Math.floor(set.times[i]! / bucketMs);
    const sums = forced.get(bucket) ?? [0, 0];
    forced.set(bucket, [sums[0] + set.longForced[i]!, sums[1] + set.shortForced[i]!]);
  }

  const numbers: number[] = [];
  const rows: {
    open: number;
    high: number;
    low: number;
    openInterest: number;
    first: number;
    bars: number;
  }[] = [];
  for (let i = 0; i < bars.length; i++) {
    const bucket = Math.floor(bars.time[i]! / bucketMs);
    const row = rows[rows.length - 1];
    if (row && numbers[numbers.length - 1] === bucket) {
      row.high = Math.max(row.high, bars.high[i]!);
      row.low = Math.min(row.low, bars.low[i]!);
      row.bars++;
      continue;
    }
    numbers.push(bucket);
    rows.push({
      open: bars.open[i]!,
      high: bars.high[i]!,
      low: bars.low[i]!,
      openInterest: bars.openInterest[i]! * (set.unit === 'usd' ? bars.open[i]! : 1),
      first: i,
      bars: 1,
    });
  }

  const full = Math.floor(bucketMs / barMs + 1e-9);
  const start = bars.time[0]! + set.warmupMs;
  const scored = rows.flatMap((row, k) => {
    const bucket = numbers[k]!;
    const amounts = forced.get(bucket);
    const known = amounts !== undefined && amounts[0] >= 0 && amounts[1] >= 0;
    return known && row.bars >= full && bucket * bucketMs >= start ? [{ row, bucket, amounts }] : [];
  });
  const pool: Pool = {
    time: new Float64Array(scored.length * 2),
    actual: new Float64Array(scored.length * 2),
    move: new Float64Array(scored.length * 2),
    openInterest: new Float64Array(scored.length * 2),
    territory: territoryHours.map(() => new Float64Array(scored.length * 2)),
    index: new Map(scored.map(({ bucket }, k) => [bucket, k])),
  };
  scored.forEach(({ row, bucket, amounts }, k) => {
    pool.time.fill(bucket * bucketMs, 2 * k, 2 * k + 2);
    pool.actual.set(amounts, 2 * k);
    pool.move.set([Math.log(row.open / row.low), Math.log(row.high / row.open)], 2 * k);
    pool.openInterest.fill(row.openInterest, 2 * k, 2 * k + 2);
    territoryHours.forEach((hours, h) => {
      let lowest = row.open;
      let highest = row.open;
      for (let i = row.first - 1; i >= 0 && bars.time[i]! >= bucket * bucketMs - hours * hourMs; i--) {
        lowest = Math.min(lowest, bars.low[i]!);
        highest = Math.max(highest, bars.high[i]!);
      }
      const beyond = [Math.log(lowest / row.low), Math.log(row.high / highest)];
      pool.territory[h]!.set(
        beyond.map((move) => Math.max(0, move) * row.openInterest),
        2 * k,
      );
    });
  });
  return pool;
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

function fitAndScore(pool: Pool, half: number, regressors: Float64Array[]) {
  const train = pool.actual.subarray(0, half);
  const columns = [...regressors, new Float64Array(pool.actual.length).fill(1)];
  const weights = fitPoisson(
    train,
    columns.map((column) => column.subarray(0, half)),
  );
  const all = pool.actual.map((_, i) =>
    columns.reduce((sum, column, k) => sum + weights[k]! * column[i]!, 0),
  );
  const constant = sum(train) / train.length;
  if (!(constant > 0)) throw new RangeError('evaluate requires forced liquidations in the first half');
  const predicted = all.slice(half);
  return {
    weights,
    constant,
    predicted,
    score: scoreOf(pool.actual.subarray(half), predicted, constant),
  };
}

function scoreOf(actual: Float64Array, predicted: Float64Array, constant: number): Score {
  const total = sum(actual);
  return {
    rho: spearman(predicted, actual),
    deviance: devianceExplained(actual, predicted, constant),
    total: total > 0 ? sum(predicted) / total : 0,
  };
}

/** Days are drawn whole because hours of one day resemble each other. */
function resampleDays(
  pool: Pool,
  half: number,
  predicted: Float64Array,
  constant: number,
  random: () => number,
): Evaluation['intervals'] {
  const days = new Map<number, number[]>();
  for (let i = half; i < pool.actual.length; i++) {
    const day = Math.floor(pool.time[i]! / dayMs);
    const members = days.get(day);
    if (members) members.push(i);
    else days.set(day, [i]);
  }
  const blocks = [...days.values()];
  const scores = Array.from({ length: resamples }, () => {
    const drawn = blocks.flatMap(() => blocks[Math.floor(random() * blocks.length)]!);
    return scoreOf(
      Float64Array.from(drawn, (i) => pool.actual[i]!),
      Float64Array.from(drawn, (i) => predicted[i - half]!),
      constant,
    );
  });
  const interval = (values: number[]): Interval => [quantile(values, 0.025), quantile(values, 0.975)];
  return {
    rho: interval(scores.map((score) => score.rho)),
    deviance: interval(scores.map((score) => score.deviance)),
    total: interval(scores.map((score) => score.total)),
  };
}

/**
 * Whether the interval shown beside an amount is right: q learned from the first half, at risk from the ensemble, each
 * member scaled to force-close as much as was in the first half. Amounts of next to nothing are left out: only at-risk
 * amounts above the first half's median count.
 */
function measureCoverage(pool: Pool, half: number, members: Float64Array[]): Evaluation['coverage'] {
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
  const lessons = first.map(({ p50 }, i) => ({ atRisk: [p50, 0, 0, 0, 0], forced: pool.actual[i]! }));
  // Amounts are already scaled to what is forced, so q is about 1 here: only its spread is to be learned.
  const q = learnQ(lessons, { median: 0.7, p10: 0.7 / 2.45, p90: 0.7 * 2.45 });
  const least = quantile(
    first.map(({ p50 }) => p50).filter((value) => value > 0),
    0.5,
  );
  const tested = spreads.slice(half).flatMap((atRisk, k) => {
    if (atRisk.p50 < least) return [];
    const { p10, p90 } = expectedForced(atRisk, q);
    const actual = pool.actual[half + k]!;
    return [actual >= p10 && actual <= p90];
  });
  const inside = tested.filter((held) => held).length;
  return { share: tested.length > 0 ? inside / tested.length : 0, n: tested.length };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
