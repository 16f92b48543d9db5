import { isAmount, need } from '../need';

/** What is believed of the weights before any data. */
export interface PoissonPrior {
  /** The weights expected, one per regressor. */
  weights: readonly number[];
  /** How much data it is worth: an amount per regressor, in the unit of the actual amounts. */
  strength: number;
}

/**
 * Rates of a Poisson model with non-negative weights, `E[actual_i] = Σ_k w_k · regressors[k]_i`, by expectation
 * maximisation (multiplicative updates, so weights never turn negative).
 *
 * With a prior the weights of highest posterior density are found under a gamma density per weight, which is a
 * Dirichlet density on their mix: `w_k = (share_k + strength) / (Σ_i regressors[k]_i + strength / prior_k)`, where
 * share_k is the part of the actual amounts that regressor k explains.
 *
 * Source: Shepp and Vardi (1982) for the update, Gelman et al., Bayesian Data Analysis, §2.6 for the prior.
 *
 * @param actual amounts, ≥ 0
 * @param regressors columns as long as `actual`, ≥ 0; without a prior, one without any amount gets weight 0
 * @returns one weight per regressor, ≥ 0
 * @throws RangeError on unequal lengths, no regressor, or values that are negative or not finite
 * @example
 * fitPoisson([2, 4, 6], [[1, 2, 3]]); // [2]
 */
export function fitPoisson(
  actual: ArrayLike<number>,
  regressors: readonly ArrayLike<number>[],
  prior?: PoissonPrior,
): number[] {
  need(regressors.length > 0, 'fitPoisson', 'at least one regressor');
  const matching = !prior || (isAmount(prior.strength) && prior.weights.length === regressors.length);
  need(matching, 'fitPoisson', 'a prior weight per regressor');
  let total = 0;
  for (let i = 0; i < actual.length; i++) total += amount(actual[i]!);
  const pseudo = regressors.map((_, k) => (prior && prior.weights[k]! > 0 ? prior.strength : 0));
  const exposure = regressors.map((column, k) => {
    need(column.length === actual.length, 'fitPoisson', 'columns of equal length');
    let sum = pseudo[k]! > 0 ? pseudo[k]! / prior!.weights[k]! : 0;
    for (let i = 0; i < column.length; i++) sum += amount(column[i]!);
    need(isAmount(sum), 'fitPoisson', 'amounts within what double precision can add up');
    return sum;
  });
  need(isAmount(total), 'fitPoisson', 'amounts within what double precision can add up');
  const used = exposure.filter((sum) => sum > 0).length;
  const weights = exposure.map((sum, k) => (sum > 0 ? (total / used + pseudo[k]!) / sum : 0));
  const shares = new Float64Array(regressors.length);
  for (let round = 0; round < 400; round++) {
    shares.fill(0);
    for (let i = 0; i < actual.length; i++) {
      if (actual[i] === 0) continue;
      let expected = 0;
      for (let k = 0; k < weights.length; k++) expected += weights[k]! * regressors[k]![i]!;
      if (expected === 0) continue;
      for (let k = 0; k < weights.length; k++) {
        shares[k]! += ((weights[k]! * regressors[k]![i]!) / expected) * actual[i]!;
      }
    }
    let moved = 0;
    for (let k = 0; k < weights.length; k++) {
      if (exposure[k] === 0) continue;
      const weight = (shares[k]! + pseudo[k]!) / exposure[k]!;
      moved = Math.max(moved, Math.abs(weight - weights[k]!) / (weight + Number.MIN_VALUE));
      weights[k] = weight;
    }
    if (moved < 1e-9) break;
  }
  need(weights.every(isAmount), 'fitPoisson', 'amounts whose ratio double precision can hold');
  return weights;
}

function amount(value: number): number {
  need(isAmount(value), 'fitPoisson', 'finite amounts that are not negative');
  return value;
}
