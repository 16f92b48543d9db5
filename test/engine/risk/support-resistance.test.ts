import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findTurningPrices, roundNumber } from '../../../src/engine/risk/support-resistance';
import { quietBars, randomBars, toColumns } from '../random-bars';
import { embeddedBars } from '../recorded-bars';

describe('levels', () => {
  test('are where price has turned: two lows near 98 are one support', () => {
    const rows = quietBars([100, 99, 98, 99, 100, 101, 100, 99, 98.1, 99, 100, 101]);
    const levels = findTurningPrices(toColumns(rows), 2);
    expect(levels.map(({ kind, touches }) => [kind, touches])).toEqual([
      ['support', 2],
      ['resistance', 1],
    ]);
    expect(levels[0]!.price).toBeCloseTo(98.05, 9);
    expect(levels[1]!.price).toBe(101);
    // The second low's bar goes down to it, the first of two equal ones.
    expect(levels[0]!.time).toBe(rows[8]!.time);
  });

  test('are not seen before as many bars have passed after the turn', () => {
    const falling = toColumns(quietBars([100, 99, 98, 99]));
    expect(findTurningPrices(falling, 2)).toEqual([]);
  });

  test('need twelve bars to each side unless said otherwise', () => {
    const turn = (bars: number) => {
      const falling = Array.from({ length: bars }, (_, k) => 100 + bars - k);
      return findTurningPrices(toColumns(quietBars([...falling, 100, ...falling.toReversed()]))).length;
    };
    expect([turn(11), turn(12)]).toEqual([0, 1]);
  });

  test('of recorded bars hold: each is a high or low that was traded, in order', () => {
    const bars = embeddedBars('binance-BTCUSDT-5m-2024-09');
    const levels = findTurningPrices(bars);
    expect(levels.length).toBeGreaterThan(20);
    levels.forEach((level, i) => {
      expect(level.price).toBeGreaterThanOrEqual(Math.min(...bars.low));
      expect(level.price).toBeLessThanOrEqual(Math.max(...bars.high));
      if (i > 0) expect(level.price).toBeGreaterThan(levels[i - 1]!.price);
    });
  });

  test('do not depend on bars to come', () => {
    fc.assert(
      fc.property(randomBars, fc.integer({ min: 1, max: 5 }), (rows, span) => {
        const part = findTurningPrices(toColumns(rows.slice(0, Math.ceil(rows.length / 2))), span);
        const whole = findTurningPrices(toColumns(rows), span);
        const touches = (levels: typeof whole) => levels.reduce((sum, level) => sum + level.touches, 0);
        expect(touches(whole)).toBeGreaterThanOrEqual(touches(part));
        for (const { price } of whole) expect(Number.isFinite(price) && price > 0).toBe(true);
      }),
    );
  });

  test('are refused for bad bars and spans', () => {
    const good = quietBars([100, 99, 98, 99, 100]);
    const change = (name: 'time' | 'low' | 'high' | 'close' | 'volume', value: number) =>
      toColumns(good.map((row, i) => (i === 2 ? { ...row, [name]: value } : row)));
    const bad = [
      toColumns([]),
      change('time', good[1]!.time),
      change('low', 0),
      change('low', 99.5),
      change('high', 98),
      change('close', Number.NaN),
      change('volume', -1),
    ];
    for (const bars of bad) expect(() => findTurningPrices(bars, 1)).toThrow(/^findTurningPrices requires/);
    for (const span of [0, 1.5, Number.NaN])
      expect(() => findTurningPrices(toColumns(good), span)).toThrow(/^findTurningPrices/);
  });
});

test.each([
  [97_412, 97_000],
  [97_600, 98_000],
  [3_449, 3_400],
  [0.3847, 0.38],
  [0.00001234, 0.000012],
  [1, 1],
])('the round number nearest to %s is %s', (price, round) => {
  expect(roundNumber(price)).toBeCloseTo(round, 12);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a price of %s has no round number', (price) => {
  expect(() => roundNumber(price)).toThrow(/^roundNumber requires/);
});
