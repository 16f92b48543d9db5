import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { devianceExplained, lift, spearman } from '../../../src/engine/evaluation/scores';

describe('spearman', () => {
  test('the worked example of Wikipedia: IQ against hours of television, −29/165', () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  test('ties share their mean rank: scipy.stats.spearmanr([1,2,2,3],[1,3,2,4]) is 0.9487', () => {
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  });

  test('a constant column has no correlation', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
  });

  test('only the order counts, and it stays within ±1 (seed 21)', () => {
    const column = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(column, (values) => {
        const other = values.map((_, i) => Math.sin(i * 7));
        const rho = spearman(values, other);
        expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-12);
        expect(
          spearman(
            values.map((value) => 3 * value + 1),
            other,
          ),
        ).toBeCloseTo(rho, 9);
      }),
      { seed: 21, numRuns: 100 },
    );
  });

  test('needs two columns of equal length', () => {
    expect(() => spearman([1], [1])).toThrow(RangeError);
    expect(() => spearman([1, 2], [1, 2, 3])).toThrow(RangeError);
  });
});

describe('devianceExplained', () => {
  test('1 for the truth, 0 for the constant', () => {
    expect(devianceExplained([1, 3], [1, 3], 2)).toBeCloseTo(1, 12);
    expect(devianceExplained([1, 3], [2, 2], 2)).toBeCloseTo(0, 12);
  });

  test('by hand: actual 0 and 4 against 1 and 3, constant 2', () => {
    // left: 2·(1) + 2·(4 ln(4/3) − 1), right: 2·(2) + 2·(4 ln 2 − 2)
    const left = 2 + 2 * (4 * Math.log(4 / 3) - 1);
    const right = 4 + 2 * (4 * Math.log(2) - 2);
    expect(devianceExplained([0, 4], [1, 3], 2)).toBeCloseTo(1 - left / right, 12);
  });

  test('predicting nothing where something happened is punished, not infinite', () => {
    const score = devianceExplained([0, 4], [0, 0], 2);
    expect(score).toBeLessThan(-5);
    expect(Number.isFinite(score)).toBe(true);
  });

  test('needs equal lengths and a positive constant', () => {
    expect(() => devianceExplained([1], [1, 2], 1)).toThrow(RangeError);
    expect(() => devianceExplained([1], [1], 0)).toThrow(RangeError);
    expect(() => devianceExplained([], [], 1)).toThrow(RangeError);
  });
});

describe('lift', () => {
  const move = Array.from({ length: 200 }, (_, i) => 1 + i / 1000);
  const fuelled = move.map((_, i) => i % 2 === 0);

  test('three times as much after moves with fuel gives 3', () => {
    const actual = fuelled.map((is) => (is ? 3 : 1));
    const predicted = fuelled.map((is) => (is ? 2 : 1));
    expect(lift(actual, predicted, move)).toBeCloseTo(3, 6);
  });

  test('fuel that tells nothing gives 1', () => {
    const actual = move.map(() => 5);
    expect(
      lift(
        actual,
        move.map((_, i) => i % 7),
        move,
      ),
    ).toBeCloseTo(1, 6);
  });

  test('too few points give 0, unequal columns are refused', () => {
    expect(lift([1], [1], [1])).toBe(0);
    expect(() => lift([1, 2], [1], [1])).toThrow(RangeError);
  });
});
