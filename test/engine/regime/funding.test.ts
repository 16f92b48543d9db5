import { expect, test } from 'vitest';
import { fundingPer8h, fundingRange, withIntervals } from '../../../src/engine/regime/funding';

const hour = 3_600_000;
const now = 1_700_000_000_000;
const history = (rates: readonly number[], intervalMs = 8 * hour) =>
  rates.map((rate, i) => ({ time: now - i * intervalMs, rate, intervalMs }));

test('rates of any interval are compared per 8 hours', () => {
  expect(fundingPer8h({ time: 0, rate: 0.0001, intervalMs: 8 * hour })).toBeCloseTo(0.0001, 12);
  expect(fundingPer8h({ time: 0, rate: 0.0000125, intervalMs: hour })).toBeCloseTo(0.0001, 12);
  expect(fundingPer8h({ time: 0, rate: -0.0003, intervalMs: 4 * hour })).toBeCloseTo(-0.0006, 12);
});

test('the usual range is the 5th to 95th percentile of 30 days', () => {
  // 0 … 20 in ten-thousandths: type 7 puts p5 at 1 and p95 at 19.
  const rates = Array.from({ length: 21 }, (_, i) => i / 1e4);
  const range = fundingRange(history(rates), now)!;
  expect(range.p5).toBeCloseTo(1e-4, 12);
  expect(range.p95).toBeCloseTo(19e-4, 12);
});

test('the usual range is unknown with fewer than 21 settlements within 30 days', () => {
  expect(fundingRange(history(Array(20).fill(0)), now)).toBeNull();
  expect(fundingRange(history(Array(21).fill(0)), now)).toEqual({ p5: 0, p95: 0 });
  expect(fundingRange(history(Array(21).fill(0)), now + 30 * 24 * hour)).toBeNull();
  expect(fundingRange(history(Array(21).fill(0)), now - 1)).toBeNull();
});

test('each settlement is for the time since the one before, where the venue changed its interval too', () => {
  const times = [0, 8, 16, 20, 24, 48].map((hours) => now + hours * hour + 7);
  const dated = withIntervals(
    times.map((time) => ({ time, rate: 0.0001 })),
    8 * hour,
  );
  expect(dated.map(({ intervalMs }) => intervalMs / hour)).toEqual([8, 8, 8, 4, 4, 8]);
  expect(fundingPer8h(dated[3]!)).toBeCloseTo(0.0002, 12);
});

test('bad rates are refused', () => {
  expect(() => fundingPer8h({ time: 0, rate: Number.NaN, intervalMs: hour })).toThrow(
    /^fundingPer8h requires/,
  );
  expect(() => fundingPer8h({ time: 0, rate: 0, intervalMs: 0 })).toThrow(/^fundingPer8h requires/);
  expect(() => fundingRange([], Number.NaN)).toThrow(/^fundingRange requires/);
  expect(() => fundingRange([{ time: Number.NaN, rate: 0, intervalMs: hour }], now)).toThrow(/^fundingRange/);
});
