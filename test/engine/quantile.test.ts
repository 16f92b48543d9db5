import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../src/engine/quantile';

test.each([
  // NumPy 1.26: np.quantile(values, share)
  [[1, 2, 3, 10], 0.5, 2.5],
  [[15, 20, 35, 40, 50], 0.4, 29],
  [[15, 20, 35, 40, 50], 0.05, 16],
  [[7], 0.9, 7],
  [[3, 1, 2], 1, 3],
])('of %j at %s is %s', (values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected, 12);
});

test('lies between the least and the greatest value and leaves its input alone', () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
      const value = quantile(Object.freeze(list) as number[], share);
      expect(value).toBeGreaterThanOrEqual(Math.min(...list) - 1e-6);
      expect(value).toBeLessThanOrEqual(Math.max(...list) + 1e-6);
    }),
  );
});

test.each([
  [[], 0.5],
  [[1, Number.NaN], 0.5],
  [[1, Number.POSITIVE_INFINITY], 0.5],
  [[1], -0.1],
  [[1], 1.1],
  [[1], Number.NaN],
])('refuses %j at %s', (values, share) => {
  expect(() => quantile(values, share)).toThrow(/^quantile requires/);
});
