import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPoisson } from '../../../src/engine/forced/poisson';

describe('fitPoisson', () => {
  test('one regressor: the ratio of sums', () => {
    expect(fitPoisson([2, 4, 7], [[1, 2, 3]])[0]).toBeCloseTo(13 / 6, 12);
  });

  test('finds the weights that made the amounts', () => {
    const a = [1, 2, 3, 4, 5, 6];
    const b = [6, 1, 4, 0, 3, 9];
    const actual = a.map((value, i) => 0.5 * value + 2 * b[i]!);
    const [wa, wb] = fitPoisson(actual, [a, b]);
    expect(wa).toBeCloseTo(0.5, 4);
    expect(wb).toBeCloseTo(2, 4);
  });

  test('a regressor that never helps gets nothing, one without amounts exactly 0', () => {
    const weights = fitPoisson(
      [4, 0, 8, 0],
      [
        [1, 0, 2, 0],
        [0, 5, 0, 5],
        [0, 0, 0, 0],
      ],
    );
    expect(weights[0]).toBeCloseTo(4, 6);
    expect(weights[1]).toBeCloseTo(0, 9);
    expect(weights[2]).toBe(0);
  });

  test('a prior decides where data do not, and gives way where they do', () => {
    const same = [1, 1, 1, 1];
    const prior = { weights: [3, 1], strength: 1e6 };
    const [strongA, strongB] = fitPoisson([8, 8, 8, 8], [same, same], prior);
    expect(strongA! / strongB!).toBeCloseTo(3, 3);
    const [weak] = fitPoisson([2, 4, 7], [[1, 2, 3]], { weights: [100], strength: 1e-6 });
    expect(weak).toBeCloseTo(13 / 6, 5);
  });

  test('fitted amounts sum to the actual ones, no weight is negative (seed 22)', () => {
    const amounts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(amounts, amounts, amounts, (actual, a, b) => {
        const weights = fitPoisson(actual, [a, b]);
        expect(weights.every((weight) => weight >= 0 && Number.isFinite(weight))).toBe(true);
        const explainable = actual.reduce((sum, value, i) => sum + (a[i]! + b[i]! > 0 ? value : 0), 0);
        const fitted = a.reduce((sum, value, i) => sum + weights[0]! * value + weights[1]! * b[i]!, 0);
        expect(Math.abs(fitted - explainable)).toBeLessThanOrEqual(explainable * 1e-6 + 1e-9);
      }),
      { seed: 22, numRuns: 100 },
    );
  });

  test('refuses no regressor, unequal lengths, and amounts that are negative or not finite', () => {
    expect(() => fitPoisson([1], [])).toThrow(RangeError);
    expect(() => fitPoisson([1, 2], [[1]])).toThrow(RangeError);
    expect(() => fitPoisson([-1], [[1]])).toThrow(RangeError);
    expect(() => fitPoisson([1], [[Number.NaN]])).toThrow(RangeError);
    expect(() => fitPoisson([1], [[1]], { weights: [1, 2], strength: 1 })).toThrow(RangeError);
  });
});
