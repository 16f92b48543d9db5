import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellStep } from '../../../src/engine/positions/cells';
import { Inventory } from '../../../src/engine/positions/inventory';
import { quietBars, type Row, randomBars, toColumns } from '../random-bars';

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const cellPrice = (inventory: Inventory, cell: number) => Math.exp(inventory.lnLow + cell * cellStep);

describe('after any sequence of bars', () => {
  test('each side sums to the open interest within 1e-9 (seed 1)', () => {
    fc.assert(
      fc.property(randomBars, (rows) => {
        const inventory = new Inventory();
        const bars = toColumns(rows);
        for (let i = 0; i < bars.length; i++) {
          inventory.addBar(bars, i);
          const { long, short } = inventory.read();
          const coins = bars.openInterestClose[i]!;
          for (const side of [long, short]) {
            const error = Math.abs(sum(side) - coins) / coins;
            if (error > 1e-9) throw new Error(`bar ${i}: off by ${error}`);
          }
        }
      }),
      { seed: 1, numRuns: 15 },
    );
  });

  test('no amount is negative and no side lies on the wrong side of price (seed 2)', () => {
    fc.assert(
      fc.property(randomBars, (rows) => {
        const inventory = new Inventory();
        inventory.addBars(toColumns(rows));
        const { long, short } = inventory.read();
        for (let k = 0; k < long.length; k++) {
          const cell = k % inventory.count;
          if (long[k]! < 0 || short[k]! < 0) throw new Error('negative');
          if (long[k]! > 0 && cellPrice(inventory, cell) > inventory.price)
            throw new Error('long above price');
          if (short[k]! > 0)
            expect(cellPrice(inventory, cell + 1)).toBeGreaterThanOrEqual(inventory.price * 0.9999);
        }
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  test('bars added one by one or in two parts give the same cells (seed 3)', () => {
    fc.assert(
      fc.property(randomBars, fc.nat(), (rows, cut) => {
        const bars = toColumns(rows);
        const whole = new Inventory();
        const parts = new Inventory();
        whole.addBars(bars);
        parts.addBars(bars, 0, cut % bars.length);
        parts.addBars(bars, cut % bars.length);
        const [a, b] = [parts.read(), whole.read()];
        for (const side of ['long', 'short', 'longOpened', 'shortOpened'] as const) {
          expect(Buffer.compare(Buffer.from(a[side].buffer), Buffer.from(b[side].buffer))).toBe(0);
        }
      }),
      { seed: 3, numRuns: 8 },
    );
  });
});

/** Prices of the nearest and farthest cell of a side that holds anything. */
function extent(inventory: Inventory, side: 'long' | 'short'): [low: number, high: number] {
  const cells = inventory.read()[side];
  let low = inventory.count;
  let high = 0;
  cells.forEach((coins, k) => {
    if (coins === 0) return;
    low = Math.min(low, k % inventory.count);
    high = Math.max(high, k % inventory.count);
  });
  return [cellPrice(inventory, low), cellPrice(inventory, high + 1)];
}

describe('positions opened at 100 in the 10x tier (7.5x to 16x, maintenance 0.4 %)', () => {
  const only10x = { widening: 0, wideningPerRange: 0, kappa: 0, tierWeights: [0, 1, 0, 0, 0] };

  test('wait between 87.02 and 94.13 as longs, between 105.83 and 112.88 as shorts', () => {
    const inventory = new Inventory(only10x);
    inventory.addBars(toColumns(quietBars([100])));
    const [longLow, longHigh] = extent(inventory, 'long');
    const [shortLow, shortHigh] = extent(inventory, 'short');
    // 100·(1 − 1/7.5)/0.996, 100·(1 − 1/16)/0.996, 100·(1 + 1/16)/1.004, 100·(1 + 1/7.5)/1.004
    expect(Math.abs(longLow / 87.0147 - 1)).toBeLessThan(0.001);
    expect(Math.abs(longHigh / 94.1265 - 1)).toBeLessThan(0.001);
    expect(Math.abs(shortLow / 105.8267 - 1)).toBeLessThan(0.001);
    expect(Math.abs(shortHigh / 112.8818 - 1)).toBeLessThan(0.001);
  });

  test('are forced when price passes them, and not before', () => {
    const inventory = new Inventory(only10x);
    const bars = toColumns(quietBars([100, 95, 94.5, 86.5]));
    inventory.addBars(bars, 0, 3);
    expect(inventory.forcedLong).toBe(0);
    inventory.addBar(bars, 3);
    expect(inventory.forcedLong).toBeCloseTo(1000, 6);
    expect(inventory.forcedShort).toBe(0);
  });

  test('half of the way forces about half of them', () => {
    const inventory = new Inventory(only10x);
    inventory.addBars(toColumns(quietBars([100, Math.sqrt(87.0147 * 94.1265)])));
    expect(inventory.forcedLong / 1000).toBeCloseTo(0.5, 1);
  });

  test('move with funding: a positive rate brings longs nearer and takes shorts away', () => {
    const rows = quietBars([100, 100]);
    rows[1]!.funding = 0.01;
    const still = new Inventory(only10x);
    const paid = new Inventory(only10x);
    still.addBars(toColumns(quietBars([100, 100])));
    paid.addBars(toColumns(rows));
    for (const side of ['long', 'short'] as const) {
      expect(extent(paid, side)[0] / extent(still, side)[0]).toBeCloseTo(1.01, 6);
      expect(extent(paid, side)[1] / extent(still, side)[1]).toBeCloseTo(1.01, 6);
    }
  });
});

test('a venue limited to 20x has no position nearer than a 20x one', () => {
  const inventory = new Inventory({ maxLeverage: 20, widening: 0, wideningPerRange: 0 });
  inventory.addBars(toColumns(quietBars([100])));
  // 100·(1 − 1/20)/(1 − 1/40) and 100·(1 + 1/20)/(1 + 1/40)
  expect(Math.abs(extent(inventory, 'long')[1] / 97.4359 - 1)).toBeLessThan(0.001);
  expect(Math.abs(extent(inventory, 'short')[0] / 102.439 - 1)).toBeLessThan(0.001);
});

test('both sides are entered alike: a market that goes nowhere is symmetric', () => {
  const inventory = new Inventory();
  inventory.addBars(toColumns(quietBars([100, 100, 100]).map((row) => ({ ...row, volume: 100 }))));
  const { long, short } = inventory.read();
  const tier = (cells: Float64Array, t: number) =>
    sum(cells.subarray(t * inventory.count, (t + 1) * inventory.count));
  for (let t = 0; t < 5; t++) expect(tier(long, t)).toBeCloseTo(tier(short, t), 6);
});

test('price that leaves the grid by far takes the grid along', () => {
  for (const target of [100 * 40, 100 / 40]) {
    const inventory = new Inventory();
    const path = [100, 100, 100].concat(
      Array.from({ length: 200 }, (_, i) => 100 * (target / 100) ** ((i + 1) / 200)),
    );
    inventory.addBars(toColumns(quietBars(path)));
    const jump = quietBars([target, target]).map((row, i) => ({
      ...row,
      time: row.time + (path.length + i) * 300_000,
    }));
    inventory.addBars(toColumns(jump));
    const { long, short } = inventory.read();
    expect(sum(long)).toBeCloseTo(1000, 6);
    expect(sum(short)).toBeCloseTo(1000, 6);
    expect(extent(inventory, 'long')[1]).toBeLessThanOrEqual(target);
    expect(extent(inventory, 'short')[0]).toBeGreaterThan(target * 0.999);
  }
});

test('a gap over which price went a thousandfold up or down keeps the sums and the sides', () => {
  for (const factor of [1000, 1 / 1000, 12, 1 / 12]) {
    const before = quietBars([100, 101, 100]).map((row) => ({ ...row, volume: 100 }));
    const after = quietBars([100 * factor, 100 * factor, 100 * factor]).map((row, i) => ({
      ...row,
      volume: 100,
      openInterest: 1500,
      openInterestClose: 1500,
      time: row.time + (before.length + 20 + i) * 300_000,
    }));
    const inventory = new Inventory();
    const bars = toColumns([...before, ...after]);
    for (let i = 0; i < bars.length; i++) {
      inventory.addBar(bars, i);
      expect(inventory.forcedLong + inventory.forcedShort).toBeLessThan(10_000);
    }
    const { long, short } = inventory.read();
    expect(sum(long)).toBeCloseTo(1500, 6);
    expect(sum(short)).toBeCloseTo(1500, 6);
    expect(extent(inventory, 'long')[1]).toBeLessThanOrEqual(100 * factor * 1.0001);
    expect(extent(inventory, 'short')[0]).toBeGreaterThanOrEqual(100 * factor * 0.9999);
    for (const cells of [long, short]) for (const coins of cells) if (coins < 0) throw new Error('negative');
  }
});

describe('missing bars', () => {
  const day = quietBars(Array.from({ length: 288 }, () => 100)).map((row) => ({ ...row, volume: 2 }));
  const end = day[day.length - 1]!;
  /** Share of the positions of the first day that is still open. */
  const left = (rows: Row[]) => {
    const inventory = new Inventory();
    const before = new Inventory();
    const bars = toColumns([...day, ...rows]);
    inventory.addBars(bars, 0, day.length);
    const window = inventory.openWindow();
    inventory.addBars(bars, day.length);
    before.addBars(bars);
    return 1 - sum(inventory.read(window).long) / sum(before.read().long);
  };

  test('are bridged with the turnover seen before them', () => {
    const bridged = left([{ ...end, time: end.time + 86_400_000 }]);
    const whole = left(day.map((row) => ({ ...row, time: row.time + 86_400_000 })));
    expect(bridged).toBeLessThan(0.8);
    expect(Math.abs(bridged / whole - 1)).toBeLessThan(0.15);
  });

  test('for weeks count as one day', () => {
    const weeks = left([{ ...end, time: end.time + 30 * 86_400_000 }]);
    const oneDay = left([{ ...end, time: end.time + 86_400_000 + 300_000 }]);
    expect(weeks).toBeCloseTo(oneDay, 2);
  });

  test('empty what price passed meanwhile', () => {
    const inventory = new Inventory();
    const crash = quietBars([60]).map((row) => ({ ...row, time: end.time + 7_200_000 }));
    inventory.addBars(toColumns([...day, ...crash]));
    expect(inventory.forcedLong).toBeGreaterThan(900);
    expect(extent(inventory, 'long')[1]).toBeLessThanOrEqual(60);
  });
});

describe('bad input throws a RangeError that names what is needed', () => {
  const good = quietBars([100, 101]);
  const broken: [string, Partial<(typeof good)[number]>, string][] = [
    ['high below low', { high: 90, low: 95 }, 'low ≤ open'],
    ['zero price', { low: 0 }, 'positive finite prices'],
    ['NaN close', { close: Number.NaN }, 'low ≤ open'],
    ['negative volume', { volume: -1 }, 'volume'],
    ['negative open interest', { openInterestClose: -1 }, 'open interest'],
    ['NaN open interest', { openInterest: Number.NaN }, 'open interest'],
    ['unsorted time', { time: 0 }, 'ascending time'],
    ['a rate of 50 %', { funding: 0.5 }, 'funding'],
  ];
  test.each(broken)('%s', (_, change, what) => {
    const inventory = new Inventory();
    const bars = toColumns([good[0]!, { ...good[1]!, ...change }]);
    expect(() => inventory.addBars(bars)).toThrow(RangeError);
    expect(() => new Inventory().addBars(bars)).toThrow(what);
  });

  test('options out of range', () => {
    expect(() => new Inventory({ maxLeverage: Number.NaN })).toThrow(RangeError);
    expect(() => new Inventory({ kappa: -1 })).toThrow(RangeError);
    expect(() => new Inventory({ tierWeights: [1, 1, 0, 0, 0] })).toThrow(RangeError);
  });
});
