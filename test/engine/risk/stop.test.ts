import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sides } from '../../../src/engine/records';
import { chainedStop, sizeForBudget } from '../../../src/engine/risk/stop';
import { clustersOf } from '../clusters-of';
import { mapWith, randomMap } from '../random-map';

const base = { side: 'long', entry: 100, overshoot: 0.008, atr1h: null } as const;
// Two chained longs near 98 and 97.2, one more far below; a short above.
const clusters = clustersOf(
  mapWith([
    [-0.02, 10],
    [-0.028, 10],
    [-0.05, 10],
    [0.02, 10],
    [0.027, 10],
  ]),
);

describe('a chained stop', () => {
  test('lies beyond the far edge of the whole run by the measured overshoot', () => {
    const stop = chainedStop(clusters, base)!;
    const second = clusters.filter((cluster) => cluster.side === 'long')[1]!;
    expect(stop.run).toHaveLength(2);
    expect(stop.edge).toBe(second.low);
    expect(stop).toMatchObject({ buffer: 0.008, reason: 'overshoot' });
    expect(stop.price).toBeCloseTo(second.low * 0.992, 12);
    expect(stop.distance).toBeCloseTo(1 - (second.low * 0.992) / 100, 12);
  });

  test('of a short lies above', () => {
    const stop = chainedStop(clusters, { ...base, side: 'short' })!;
    expect(stop.run.map((cluster) => cluster.side)).toEqual(['short', 'short']);
    expect(stop.price).toBeCloseTo(stop.run[1]!.high * 1.008, 12);
  });

  test('keeps at least 0.5 %, and half the hourly ATR', () => {
    expect(chainedStop(clusters, { ...base, overshoot: 0.001 })).toMatchObject({
      buffer: 0.005,
      reason: 'least',
    });
    expect(chainedStop(clusters, { ...base, atr1h: 2.4 })).toMatchObject({ buffer: 0.012, reason: 'atr' });
  });

  test('has nothing to stand behind without a cluster within 5 %', () => {
    expect(chainedStop([], base)).toBeNull();
    expect(chainedStop(clustersOf(mapWith([[-0.052, 10]])), base)).toBeNull();
    expect(chainedStop(clustersOf(mapWith([[-0.049, 10]])), base)).not.toBeNull();
  });

  test('always lies beyond every cluster of its run', () => {
    fc.assert(
      fc.property(
        randomMap,
        fc.constantFrom(...sides),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        (map, side, overshoot) => {
          const stop = chainedStop(clustersOf(map), {
            side,
            entry: map.price,
            overshoot,
            atr1h: map.price / 100,
          });
          if (stop === null) return;
          expect(Number.isFinite(stop.price) && stop.price > 0).toBe(true);
          for (const { low, high } of stop.run) {
            if (side === 'long') expect(stop.price).toBeLessThan(low);
            else expect(stop.price).toBeGreaterThan(high);
          }
        },
      ),
    );
  });

  test('asks for sensible numbers', () => {
    for (const bad of [
      { entry: 0 },
      { entry: Number.NaN },
      { overshoot: -1 },
      { overshoot: 0.5 },
      { atr1h: -1 },
      { atr1h: 300 },
    ])
      expect(() => chainedStop(clusters, { ...base, ...bad })).toThrow(/^chainedStop requires/);
  });
});

describe('the size', () => {
  test('is the budget over the stop distance', () => {
    expect(sizeForBudget(500, 97_000, 94_500)).toEqual({ base: 0.2, usd: 19_400 });
    expect(sizeForBudget(500, 94_500, 97_000).base).toBe(0.2);
    expect(sizeForBudget(0, 100, 99)).toEqual({ base: 0, usd: 0 });
  });

  test('does not exist for a stop at the entry or a negative budget', () => {
    expect(() => sizeForBudget(500, 100, 100)).toThrow(/^sizeForBudget requires a stop away/);
    expect(() => sizeForBudget(-1, 100, 99)).toThrow(/^sizeForBudget requires/);
    expect(() => sizeForBudget(1, 0, 99)).toThrow(/^sizeForBudget requires/);
  });
});
