import { isAmount, need } from '../need';

/**
 * Spearman's rank correlation; ties share their mean rank.
 *
 * @throws RangeError unless both have the same length of at least two and no NaN
 * @example
 * spearman([1, 2, 3], [10, 30, 20]); // 0.5
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  need(x.length === y.length && x.length >= 2, 'spearman', 'two columns of equal length, at least 2');
  const a = ranks(x);
  const b = ranks(y);
  const mean = (x.length - 1) / 2;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - mean) * (b[i]! - mean);
    aa += (a[i]! - mean) ** 2;
    bb += (b[i]! - mean) ** 2;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

function ranks(values: ArrayLike<number>): Float64Array {
  for (let i = 0; i < values.length; i++) need(!Number.isNaN(values[i]), 'spearman', 'values, not NaN');
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => values[i]! - values[j]!,
  );
  const result = new Float64Array(values.length);
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[i]!]) end++;
    for (let k = i; k <= end; k++) result[order[k]!] = (i + end) / 2;
    i = end + 1;
  }
  return result;
}

/**
 * Share of the Poisson deviance that a prediction explains against a constant:
 * `1 − D(actual, predicted) / D(actual, constant)` with `D = 2 Σ [y ln(y/μ) − (y − μ)]`. 1 is perfect, 0 as good as the
 * constant, negative worse. A prediction of zero counts as a billionth of the constant.
 *
 * @param constant the rival: the mean of the data the prediction was fitted on
 * @throws RangeError unless the columns have equal length, amounts are not negative and the constant is positive
 * @example
 * devianceExplained([1, 3], [1, 3], 2); // 1
 */
export function devianceExplained(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  constant: number,
): number {
  const same = actual.length === predicted.length && actual.length > 0;
  need(same, 'devianceExplained', 'two columns of equal length');
  need(constant > 0 && isAmount(constant), 'devianceExplained', 'a positive constant');
  let left = 0;
  let right = 0;
  for (let i = 0; i < actual.length; i++) {
    const known = isAmount(actual[i]!) && isAmount(predicted[i]!);
    need(known, 'devianceExplained', 'finite amounts that are not negative');
    left += deviance(actual[i]!, Math.max(predicted[i]!, constant * 1e-9));
    right += deviance(actual[i]!, constant);
  }
  const explained = right > 0 ? 1 - left / right : 0;
  need(Number.isFinite(explained), 'devianceExplained', 'amounts within what double precision can add up');
  return explained;
}

function deviance(y: number, mu: number): number {
  return 2 * ((y > 0 ? y * Math.log(y / mu) : 0) - (y - mu));
}

/**
 * Among moves of equal size, how much more is force-closed where more was predicted: in each decile of `move` from the
 * third to the tenth the points are split in halves by predicted ÷ move; the mean actual amount of the upper halves
 * over that of the lower halves. 1 means the prediction knows nothing beyond the size of the move. 0 where the lower
 * halves hold nothing or there are fewer than 40 points.
 *
 * @throws RangeError unless the columns have equal length and hold amounts
 */
export function lift(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  move: ArrayLike<number>,
): number {
  const same = actual.length === predicted.length && actual.length === move.length;
  need(same, 'lift', 'three columns of equal length');
  for (let i = 0; i < actual.length; i++) {
    const known = isAmount(actual[i]!) && isAmount(predicted[i]!) && isAmount(move[i]!);
    need(known, 'lift', 'finite amounts that are not negative');
  }
  if (actual.length < 40) return 0;
  const order = Array.from(actual, (_, i) => i).sort((i, j) => move[i]! - move[j]!);
  const fuel = (i: number) => (move[i]! > 0 ? predicted[i]! / move[i]! : 0);
  let upper = 0;
  let lower = 0;
  for (let decile = 2; decile < 10; decile++) {
    const from = Math.floor((order.length * decile) / 10);
    const to = Math.floor((order.length * (decile + 1)) / 10);
    const members = order.slice(from, to).sort((i, j) => fuel(i) - fuel(j));
    const half = members.length >> 1;
    for (let k = 0; k < half; k++) {
      lower += actual[members[k]!]!;
      upper += actual[members[members.length - 1 - k]!]!;
    }
  }
  const ratio = lower > 0 ? upper / lower : 0;
  need(Number.isFinite(ratio), 'lift', 'amounts within what double precision can add up');
  return ratio;
}
