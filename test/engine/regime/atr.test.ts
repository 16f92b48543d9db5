import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { averageTrueRange } from '../../../src/engine/regime/atr';
import { type Row, randomBars, toColumns } from '../random-bars';

const hour = 3_600_000;
const bar = (i: number, low: number, high: number, close: number, everyMs = hour): Row => ({
  time: 480_000 * hour + i * everyMs,
  open: close,
  high,
  low,
  close,
  volume: 1,
  openInterest: 1,
  openInterestClose: 1,
});

test('the true range counts the step from the close before', () => {
  // 104 − 100 within the bar; 106 − 101 from the close of 101 up.
  const bars = toColumns([bar(0, 99, 101, 100), bar(1, 100, 104, 101), bar(2, 105, 106, 105)]);
  expect(averageTrueRange(bars, { intervalMs: hour })).toBe((4 + 5) / 2);
  expect(averageTrueRange(bars, { intervalMs: hour, count: 1 })).toBe(5);
});

test('the newest fourteen intervals are averaged unless said otherwise', () => {
  // The first has none before it; of the fifteen others the oldest spans 30 and is left out.
  const bars = toColumns(
    Array.from({ length: 16 }, (_, i) => bar(i, 100, i === 1 ? 130 : 101 + (i % 2), 100)),
  );
  // Seven of 1, seven of 2.
  expect(averageTrueRange(bars, { intervalMs: hour })).toBeCloseTo(1.5, 12);
});

test('a step down counts as one up does', () => {
  const bars = toColumns([bar(0, 99, 101, 100), bar(1, 95, 96, 95)]);
  expect(averageTrueRange(bars, { intervalMs: hour })).toBe(5);
});

test('an interval whose last bars are missing has ended once another has begun', () => {
  const quarter = hour / 4;
  const at = (i: number, high = 100) => bar(i, 100, high, 100, quarter);
  const bars = toColumns([at(0), at(1), at(2), at(3), at(4, 107), at(8), at(9)]);
  expect(averageTrueRange(bars, { intervalMs: hour })).toBe(7);
});

test('shorter bars are joined, and an interval that has not ended is left out', () => {
  const quarter = hour / 4;
  const rows = [0, 1, 2, 3].map((i) => bar(i, 100, 100, 100, quarter));
  rows.push(bar(4, 98, 100, 99, quarter), bar(5, 99, 100, 99, quarter), bar(6, 99, 103, 99, quarter));
  expect(averageTrueRange(toColumns(rows), { intervalMs: hour })).toBeNull();
  rows.push(bar(7, 99, 99, 99, quarter));
  expect(averageTrueRange(toColumns(rows), { intervalMs: hour })).toBe(5);
});

test('it is finite and no larger than the whole range of price', () => {
  fc.assert(
    fc.property(randomBars, (rows) => {
      const atr = averageTrueRange(toColumns(rows), { intervalMs: hour });
      const most = Math.max(...rows.map((row) => row.high)) - Math.min(...rows.map((row) => row.low));
      if (atr !== null) {
        expect(atr).toBeGreaterThanOrEqual(0);
        expect(atr).toBeLessThanOrEqual(most * (1 + 1e-9));
      }
    }),
  );
});

test('bad input is refused', () => {
  const good = toColumns([bar(0, 99, 101, 100)]);
  expect(() => averageTrueRange(toColumns([]), { intervalMs: hour })).toThrow(/^averageTrueRange requires/);
  expect(() => averageTrueRange(toColumns([bar(0, 101, 99, 100)]), { intervalMs: hour })).toThrow(RangeError);
  expect(() => averageTrueRange(good, { intervalMs: 0 })).toThrow(/^averageTrueRange requires/);
  expect(() => averageTrueRange(good, { intervalMs: hour, count: 0 })).toThrow(/^averageTrueRange requires/);
});
