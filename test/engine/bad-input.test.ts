import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { devianceExplained, lift, spearman } from '../../src/engine/evaluation/scores';
import { fitPoisson } from '../../src/engine/forced/poisson';
import { asymmetry } from '../../src/engine/map/asymmetry';
import { buildEnsemble, ensembleModels, expectedForced } from '../../src/engine/map/ensemble';
import { buildMap } from '../../src/engine/map/map';
import { scaleOpenInterest } from '../../src/engine/map/scale-open-interest';
import { sweepMap } from '../../src/engine/map/sweep';
import { Inventory } from '../../src/engine/positions/inventory';
import { quietBars, toColumns } from './random-bars';

/** Ordinary and impossible numbers alike. */
const anything = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1000 }),
  fc.constantFrom(
    0,
    -0,
    -1,
    1,
    100,
    1e308,
    5e-324,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
);

/** A RangeError is a fine answer; without one every number that comes out must be finite. */
function finiteOrRefused(run: () => Iterable<number>): void {
  let numbers: Iterable<number>;
  try {
    numbers = run();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/^\w+ requires /);
    return;
  }
  for (const number of numbers) {
    if (!Number.isFinite(number)) throw new Error(`${number} came out`);
  }
}

const good = quietBars([100, 101, 99, 100]);

describe('whatever goes in, nothing but finite numbers or a RangeError that names the function comes out (seed 31)', () => {
  test('Inventory', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(good[0]!) as (keyof (typeof good)[number])[]), 'funding' as const),
        fc.integer({ min: 0, max: 3 }),
        anything,
        (column, at, value) =>
          finiteOrRefused(() => {
            const rows = good.map((row, i) => (i === at ? { ...row, [column]: value } : row));
            const inventory = new Inventory();
            inventory.addBars(toColumns(rows));
            inventory.moveTo(100);
            return [
              ...inventory.read(undefined, 0, inventory.count).long,
              inventory.forcedLong,
              inventory.forcedShort,
            ];
          }),
      ),
      { seed: 31, numRuns: 60 },
    );
  });

  test('Inventory options, moveTo and read', () => {
    fc.assert(
      fc.property(anything, anything, anything, anything, anything, (a, b, c, d, e) =>
        finiteOrRefused(() => {
          const inventory = new Inventory({ maxLeverage: a, kappa: b, widening: c, wideningPerRange: d });
          inventory.addBars(toColumns(good));
          inventory.moveTo(e);
          return inventory.read(undefined, a, b).long;
        }),
      ),
      { seed: 31, numRuns: 300 },
    );
  });

  test('buildMap, buildEnsemble and ensembleModels', () => {
    const bars = toColumns(good);
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        anything,
        (mark, openInterest, maxLeverage, step, price) => {
          const venue = { venue: 'x', bars, mark, openInterest, maxLeverage };
          finiteOrRefused(() => buildMap([venue], { window: '24h', step, price }).long);
          finiteOrRefused(
            () => buildMap([{ ...venue, mark: 100 }], { window: '24h', step: 0.01, price }).shortAge,
          );
          finiteOrRefused(() => ensembleModels(maxLeverage).map((model) => model.maintenanceRate!));
        },
      ),
      { seed: 31, numRuns: 150 },
    );
    const venue = { venue: 'x', bars, mark: Number.NaN, openInterest: 1, maxLeverage: 100 };
    expect(() => buildEnsemble([venue], { window: '24h', step: 0.01, price: 100 })).toThrow(RangeError);
  });

  test('sweepMap, asymmetry and scaleOpenInterest', () => {
    const bars = toColumns(good);
    const venue = { venue: 'x', bars, mark: 100, openInterest: 1000, maxLeverage: 100 };
    const map = buildMap([venue], { window: '24h', step: 0.01, price: 100 });
    fc.assert(
      fc.property(anything, anything, (a, b) => {
        finiteOrRefused(() => {
          const swept = structuredClone(map);
          sweepMap(swept, a, b);
          return swept.long;
        });
        finiteOrRefused(() => {
          const { longUsd, shortUsd, ratio } = asymmetry(map, a);
          return [longUsd, shortUsd, ratio ?? 0];
        });
        finiteOrRefused(() => scaleOpenInterest(Float64Array.of(a, b), 10, [bars]).openInterest);
        finiteOrRefused(() => scaleOpenInterest(bars.time, a, [bars]).openInterestClose);
      }),
      { seed: 31, numRuns: 300 },
    );
  });

  test('scores, fits and expected amounts', () => {
    const column = fc.array(anything, { maxLength: 6 });
    fc.assert(
      fc.property(column, column, column, anything, (x, y, z, value) => {
        finiteOrRefused(() => fitPoisson(x, [y, z]));
        finiteOrRefused(() => [spearman(x, y)]);
        finiteOrRefused(() => [lift(x, y, z)]);
        finiteOrRefused(() => [devianceExplained(x, y, value)]);
        finiteOrRefused(() => {
          const [p10 = 0, p50 = 1, p90 = 2] = x;
          return Object.values(expectedForced({ p10, p50, p90 }, { p10: 0.1, p50: 0.2, p90: 0.3 }));
        });
      }),
      { seed: 31, numRuns: 500 },
    );
  });
});
