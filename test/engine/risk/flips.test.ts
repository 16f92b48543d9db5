import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findFlips } from '../../../src/engine/risk/flips';

const minute = 60_000;
const at = (...rows: [minutes: number, ratio: number | null][]) =>
  rows.map(([minutes, ratio]) => ({ time: minutes * minute, ratio }));

test('a ratio that crosses 1 and stays across for 30 minutes has flipped', () => {
  expect(findFlips(at([0, 0.8], [10, 1.1], [30, 1.2], [40, 1.3]))).toEqual([
    { time: 10 * minute, confirmed: 40 * minute, heavier: 'long', from: 0.8, to: 1.3 },
  ]);
});

test('29 minutes are not enough', () => {
  expect(findFlips(at([0, 0.8], [10, 1.1], [39, 1.2]))).toEqual([]);
});

test('a return within the 30 minutes, or to exactly 1, starts the wait anew', () => {
  expect(findFlips(at([0, 0.8], [10, 1.1], [20, 0.9], [30, 1.1], [45, 1.2]))).toEqual([]);
  expect(findFlips(at([0, 0.8], [10, 1.1], [20, 1], [30, 1.1], [45, 1.2]))).toEqual([]);
});

test('exactly 1 is on neither side', () => {
  expect(findFlips(at([0, 1.2], [10, 1], [45, 1]))).toEqual([]);
  expect(findFlips(at([0, 0.8], [10, 1], [45, 1]))).toEqual([]);
  expect(findFlips(at([0, 1], [10, 1.1], [45, 1.1]))).toEqual([]);
});

test('flips there and back are two', () => {
  const flips = findFlips(at([0, 1.5], [10, 0.9], [40, 0.9], [50, 1.1], [80, 1.1]));
  expect(flips.map((flip) => flip.heavier)).toEqual(['short', 'long']);
});

test('unknown ratios are passed over', () => {
  expect(findFlips(at([0, 0.8], [10, 1.1], [20, null], [40, 1.2]))).toHaveLength(1);
});

test('a change that nobody watched for more than a day is no flip', () => {
  expect(findFlips(at([0, 0.8], [1441, 1.1], [1480, 1.1]))).toEqual([]);
  expect(findFlips(at([0, 0.8], [1440, 1.1], [1480, 1.1]))).toHaveLength(1);
});

test('flips alternate, in order, and are confirmed no sooner than 30 minutes after they began', () => {
  const ratios = fc.array(fc.oneof(fc.constantFrom(null, 1), fc.double({ min: 0, max: 5, noNaN: true })), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(ratios, (list) => {
      const flips = findFlips(list.map((ratio, i) => ({ time: i * 7 * minute, ratio })));
      flips.forEach((flip, i) => {
        expect(flip.confirmed - flip.time).toBeGreaterThanOrEqual(30 * minute);
        expect(flip.from > 1).toBe(flip.heavier === 'short');
        if (i > 0) expect(flip.heavier).not.toBe(flips[i - 1]!.heavier);
      });
    }),
  );
});

test('disorder and impossible ratios are refused', () => {
  for (const rows of [at([1, 1.2], [1, 1.2]), at([2, 1.2], [1, 1.2]), at([Number.NaN, 1])])
    expect(() => findFlips(rows)).toThrow(/^findFlips requires samples in ascending order/);
  for (const ratio of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => findFlips(at([1, ratio]))).toThrow(/^findFlips requires ratios/);
});
