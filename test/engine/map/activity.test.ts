import { describe, expect, test } from 'vitest';
import { activity } from '../../../src/engine/map/activity';
import { quietBars, toColumns } from '../random-bars';

/** Days of 5m bars with these volumes an hour, one value an hour. */
const withVolumes = (hours: readonly number[]) =>
  toColumns(
    quietBars(Array.from({ length: hours.length * 12 }, () => 100)).map((row, i) => ({
      ...row,
      volume: hours[Math.floor(i / 12)]! / 12,
    })),
  );

describe('activity', () => {
  test('is the fourth root of the last hour’s volume over the mean', () => {
    const hours = [...Array.from({ length: 47 }, () => 100), 1600];
    const mean = (47 * 100 + 1600) / 48;
    expect(activity(withVolumes(hours))).toBeCloseTo((1600 / mean) ** 0.25, 9);
    expect(activity(withVolumes(hours), 47 * 12)).toBeCloseTo(1, 9);
  });

  test('forgets what is older than thirty days', () => {
    const hours = [...Array.from({ length: 100 }, () => 1e6), ...Array.from({ length: 720 }, () => 5)];
    expect(activity(withVolumes(hours))).toBeCloseTo(1, 9);
  });

  test('is 1 where nothing is known, and stays between a quarter and four', () => {
    expect(activity(withVolumes([]))).toBe(1);
    expect(activity(withVolumes([0, 0]))).toBe(1);
    expect(activity(withVolumes([100, 0]))).toBe(0.25);
    expect(activity(withVolumes([...Array.from({ length: 719 }, () => 1e-9), 1e9]))).toBe(4);
  });

  test('refuses an end beyond the bars', () => {
    expect(() => activity(withVolumes([1]), 13)).toThrow('activity requires an end among the bars');
    expect(() => activity(withVolumes([1]), -1)).toThrow(RangeError);
  });
});
