import { describe, expect, test } from 'vitest';
import { scaleOpenInterest } from '../../../src/engine/map/scale-open-interest';
import { quietBars, toColumns } from '../random-bars';

describe('scaleOpenInterest', () => {
  test('takes the shape of the others and ends at the current value', () => {
    const rows = quietBars([100, 100, 100]).map((row, i) => ({
      ...row,
      openInterest: [100, 200, 400][i]!,
      openInterestClose: [200, 400, 300][i]!,
    }));
    const bars = toColumns(rows);
    const scaled = scaleOpenInterest(bars.time, 30, [bars]);
    expect([...scaled.openInterest]).toEqual([10, 20, 40]);
    expect([...scaled.openInterestClose]).toEqual([20, 40, 30]);
  });

  test('needs a reference and sorted times', () => {
    expect(() => scaleOpenInterest(new Float64Array(1), 1, [])).toThrow(RangeError);
    const bars = toColumns(quietBars([100, 100]));
    expect(() => scaleOpenInterest(bars.time.slice().reverse(), 1, [bars])).toThrow(RangeError);
    expect(() => scaleOpenInterest(bars.time, Number.NaN, [bars])).toThrow(RangeError);
  });
});
