import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measureOvershoots, overshootP80 } from '../../../src/engine/risk/overshoot';
import { findTurningPrices } from '../../../src/engine/risk/support-resistance';
import { quietBars, randomBars, toColumns } from '../random-bars';
import { embeddedBars, extraBars } from '../recorded-bars';

const time = 0;

describe('an overshoot', () => {
  test('is how far price ran past the edge before it closed back', () => {
    const bars = toColumns(quietBars([100, 99, 97, 96.5, 98.5]));
    // Down to 96.5 past 98.
    expect(measureOvershoots(bars, [{ side: 'long', price: 98, time }])[0]).toBeCloseTo(1.5 / 98, 12);
  });

  test('is measured for each edge since it was there', () => {
    const bars = toColumns(quietBars([100, 97, 99, 100, 96, 99]));
    const edge = (since: number) => ({ side: 'long' as const, price: 98, time: since });
    expect(measureOvershoots(bars, [edge(bars.time[2]! + 1), edge(time)])).toEqual([
      expect.closeTo(2 / 98, 12),
      expect.closeTo(1 / 98, 12),
    ]);
  });

  test('is mirrored for shorts', () => {
    const bars = toColumns(quietBars([100, 101, 103, 103.5, 101.5]));
    expect(measureOvershoots(bars, [{ side: 'short', price: 102, time }])[0]).toBeCloseTo(1.5 / 102, 12);
  });

  test('ends after an hour', () => {
    const falling = quietBars(Array.from({ length: 30 }, (_, i) => 100 - i));
    // Passed by the bar to 98 at its low; the following hour ends with the twelfth bar after it opened.
    const [found] = measureOvershoots(toColumns(falling), [{ side: 'long', price: 98.5, time }]);
    expect(found).toBeCloseTo((98.5 - 87) / 98.5, 12);
  });

  test('is not there where the edge was not reached, not there yet, or the run goes on', () => {
    const bars = toColumns(quietBars([100, 99, 97, 96.5]));
    expect(measureOvershoots(bars, [{ side: 'long', price: 95, time }])).toEqual([]);
    expect(measureOvershoots(bars, [{ side: 'long', price: 98, time: bars.time[3]! + 1 }])).toEqual([]);
    expect(measureOvershoots(bars, [{ side: 'long', price: 98, time }])).toEqual([]);
  });

  test('is never negative', () => {
    fc.assert(
      fc.property(randomBars, fc.double({ min: 50, max: 200, noNaN: true }), (rows, price) => {
        const edges = (['long', 'short'] as const).map((side) => ({ side, price, time }));
        for (const found of measureOvershoots(toColumns(rows), edges)) {
          expect(Number.isFinite(found) && found >= 0).toBe(true);
        }
      }),
    );
  });
});

describe('the 80th percentile', () => {
  test('is 0.8 % before anything is measured', () => {
    expect(overshootP80([])).toBe(0.008);
  });

  test('is drawn towards it by ten runs’ weight', () => {
    expect(overshootP80(Array(10).fill(0.004))).toBeCloseTo(0.006, 12);
    expect(overshootP80(Array(990).fill(0.004))).toBeCloseTo(0.00404, 12);
  });

  test('is the one that four of five runs stay within', () => {
    // 0, 0.001 … 0.01: the 80th percentile is 0.008, which is the prior; with a tenfold spread 0.08.
    expect(overshootP80(Array.from({ length: 11 }, (_, i) => i / 100))).toBeCloseTo(
      (11 * 0.08 + 10 * 0.008) / 21,
      12,
    );
  });

  test('of recorded swing levels lies in the range traders name', () => {
    for (const bars of [
      embeddedBars('binance-BTCUSDT-5m-2024-09'),
      extraBars('binance-BTCUSDT-5m-2025-12'),
    ]) {
      if (!bars) continue;
      const edges = findTurningPrices(bars).map(({ kind, price, time: since }) => ({
        side: kind === 'support' ? ('long' as const) : ('short' as const),
        price,
        time: since + 7_200_000,
      }));
      const measured = measureOvershoots(bars, edges);
      expect(measured.length).toBeGreaterThan(10);
      expect(overshootP80(measured)).toBeGreaterThan(0.001);
      expect(overshootP80(measured)).toBeLessThan(0.02);
    }
  });
});

test('bad input is refused', () => {
  const bars = toColumns(quietBars([100, 99]));
  expect(() => measureOvershoots(toColumns([]), [])).toThrow(/^measureOvershoots requires/);
  expect(() => measureOvershoots(bars, [{ side: 'long', price: 0, time }])).toThrow(
    /^measureOvershoots requires/,
  );
  expect(() => measureOvershoots(bars, [{ side: 'long', price: 1, time: Number.NaN }])).toThrow(RangeError);
  const tiny = [{ side: 'short' as const, price: Number.MIN_VALUE, time }];
  expect(() => measureOvershoots(bars, tiny)).toThrow(/^measureOvershoots requires edges at prices/);
  expect(overshootP80([1, 1, Number.MAX_VALUE])).toBeLessThan(Number.MAX_VALUE);
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => overshootP80([bad])).toThrow(/^overshootP80 requires/);
});
