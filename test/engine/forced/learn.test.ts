import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Lesson, learnQ, learnTierWeights, lessonsOf, qDrift } from '../../../src/engine/forced/learn';
import { activity } from '../../../src/engine/map/activity';
import type { ForcedOrder } from '../../../src/engine/records';
import { venueOf } from '../../../src/venues';
import { quietBars, toColumns } from '../random-bars';

const lesson = (atRisk: number, forced: number): Lesson => ({ atRisk: [0, 0, 0, 0, atRisk], forced });

describe('learnQ', () => {
  test('is the prior before anything was seen', () => {
    const { median, p10, p90 } = venueOf('binance').prior;
    const q = learnQ([], venueOf('binance').prior);
    expect(q.p50).toBeCloseTo(median, 12);
    expect(q.p10).toBeCloseTo(p10, 12);
    expect(q.p90).toBeCloseTo(p90, 12);
    expect(q.lessons).toBe(0);
  });

  test('comes to what was forced of all that was passed, in four days', () => {
    const prior = venueOf('binance').prior;
    const days = Array.from({ length: 192 }, (_, i) =>
      lesson(i % 2 === 0 ? 1e6 : 3e6, i % 2 === 0 ? 5e3 : 35e3),
    );
    // 1 %, and an eighth of the weight is the prior's.
    expect(learnQ(days, prior).p50).toBeCloseTo((0.01 + prior.median / 8) / (1 + 1 / 8), 9);
    const older = Array.from({ length: 400 }, () => lesson(1e6, 9e5));
    expect(learnQ([...older, ...days], prior).p50).toBe(learnQ(days, prior).p50);
  });

  test('has the interval of the next lesson: log-normal with a factor of 3', () => {
    // Quantiles of the standard normal distribution at even steps, so that nothing is random.
    const normal = Array.from({ length: 191 }, (_, i) => probit((((i * 97) % 191) + 1) / 192));
    // A normal number lies below −1.372 with a chance of 8.5 %.
    const lessons = normal.map((z) => lesson(1e6, 1e6 * 0.01 * 3 ** (z / 1.372)));
    const q = learnQ(lessons, venueOf('binance').prior);
    expect(q.lessons).toBe(191);
    expect(q.p90 / 0.03).toBeCloseTo(1, 1);
    expect(q.p10 / (0.01 / 3)).toBeCloseTo(1, 1);
    expect(q.p50 / 0.01).toBeGreaterThan(1);
  });

  test('twelve hours weigh as much as the prior', () => {
    const { median } = venueOf('okx').prior;
    const lessons = Array.from({ length: 24 }, () => lesson(1000, 1000 * median * 3));
    expect(learnQ(lessons, venueOf('okx').prior).p50).toBeCloseTo(median * 2, 9);
  });

  test('a crash or a quiet hour moves its ends no farther than 20 times and a fiftieth', () => {
    const { prior } = venueOf('bybit');
    const common = Array.from({ length: 200 }, () => lesson(1000, 1000 * prior.median));
    const crash = Array.from({ length: 30 }, () => lesson(1000, 1000));
    const quiet = Array.from({ length: 30 }, () => lesson(1000, 0));
    const q = learnQ([...common, ...crash, ...quiet], prior);
    expect(q.p90 / q.p50).toBeLessThanOrEqual(20);
    expect(q.p10 / q.p50).toBeGreaterThanOrEqual(1 / 50);
  });

  test('lessons with little at risk do not widen it', () => {
    const lessons = [lesson(1, 1), lesson(2, 2), lesson(1000, 5), lesson(1000, 5)];
    expect(learnQ(lessons, venueOf('bybit').prior).lessons).toBe(2);
  });

  test('refuses a prior out of order and negative amounts', () => {
    expect(() => learnQ([], { median: 1, p10: 2, p90: 3 })).toThrow(RangeError);
    expect(() => learnQ([], { median: Number.NaN, p10: 1, p90: 3 })).toThrow(RangeError);
    expect(() => learnQ([lesson(-1, 0)], venueOf('okx').prior)).toThrow('learnQ requires');
    expect(() => learnQ([{ atRisk: [1], forced: 0 }], venueOf('okx').prior)).toThrow(RangeError);
  });
});

describe('lessonsOf', () => {
  // Quiet for an hour, then 6 % down within the next.
  const start = Math.ceil(1_700_000_000_000 / 3_600_000) * 3_600_000;
  const closes = [
    ...Array.from({ length: 12 }, () => 100),
    ...Array.from({ length: 12 }, (_, i) => 99.5 - i / 2),
  ];
  const bars = toColumns(quietBars(closes).map((row, i) => ({ ...row, time: start + i * 300_000 })));
  const order = (minutes: number, side: 'long' | 'short', base: number): ForcedOrder => ({
    time: start + minutes * 60_000,
    side,
    base,
    price: 95,
    priceKind: 'bankruptcy',
  });
  const heard = { from: start, to: start + 2 * 3_600_000 };

  test('one per hour and side: what price passed, and what was forced', () => {
    const lessons = lessonsOf(
      bars,
      [order(70, 'long', 2), order(119, 'long', 3), order(10, 'short', 1)],
      heard,
    );
    expect(lessons.map(({ forced }) => forced)).toEqual([0, 1, 5, 0]);
    const passed = lessons.map(({ atRisk }) => Array.from(atRisk).reduce((sum, coins) => sum + coins, 0));
    expect(passed.map((coins) => coins > 0)).toEqual([false, false, true, false]);
    expect(passed[2]!).toBeGreaterThan(300);
  });

  test('at risk is what stood when the hour began: what is traded in it counts for nothing', () => {
    const traded = {
      ...bars,
      volume: bars.volume.map((_, i) => (i > 12 ? 500 : 0)),
      openInterestClose: bars.openInterestClose.map((coins, i) => (i > 12 ? coins * 1.5 : coins)),
    };
    const [, , fallen] = lessonsOf(bars, [], heard);
    const [, , busy] = lessonsOf(traded, [], heard);
    expect(busy!.atRisk).toEqual(fallen!.atRisk);
  });

  test('counts more at risk where the market was busier before the hour than usual', () => {
    // Without turnover nothing but the volume itself tells the two apart.
    const at = (volumes: number[]) =>
      lessonsOf({ ...bars, volume: Float64Array.from(volumes) }, [], heard, { kappa: 0 })[2]!.atRisk;
    const later = Array.from({ length: 18 }, () => 0);
    const calm = at([1, 1, 1, 1, 1, 1, ...later]);
    // A bar from before the hour: it lowers the mean by an eighth.
    const early = { ...bars, time: bars.time.map((time, i) => (i === 0 ? time - 3_600_000 : time)) };
    const volume = Float64Array.from([0, 1, 1, 1, 1, 1, ...later]);
    const busy = lessonsOf({ ...early, volume }, [], heard, { kappa: 0 })[2]!.atRisk;
    const ratio = busy[4]! / calm[4]!;
    expect(ratio).toBeCloseTo(
      activity({ ...early, volume }, 12) /
        activity({ ...bars, volume: Float64Array.from([1, 1, 1, 1, 1, 1, ...later]) }, 12),
      6,
    );
    expect(ratio).toBeGreaterThan(1);
  });

  test('only whole hours in which the venue was listened to', () => {
    const late = { from: start + 60_000, to: heard.to + 60_000 };
    expect(
      lessonsOf(bars, [order(0, 'long', 1), order(70, 'long', 2)], late).map(({ forced }) => forced),
    ).toEqual([2, 0]);
  });

  test('refuses a time that ends before it began and orders without an amount', () => {
    expect(() => lessonsOf(bars, [], { from: 2, to: 1 })).toThrow(RangeError);
    expect(() => lessonsOf(bars, [], { from: Number.NaN, to: 1 })).toThrow(RangeError);
    expect(() => lessonsOf(bars, [order(0, 'long', Number.NaN)], heard)).toThrow(RangeError);
  });
});

describe('learnTierWeights', () => {
  const even = [0.2, 0.2, 0.2, 0.2, 0.2];
  /** Hours in which each tier is passed in turn, and only the given share of it is forced. */
  const hours = (rates: readonly number[], count: number): Lesson[] =>
    Array.from({ length: count }, (_, i) => ({
      atRisk: even.map((_, t) => (i % 5 === t ? 1000 : 10)),
      forced: 1000 * rates[i % 5]! + 10 * rates.reduce((sum, rate) => sum + rate, 0),
    }));

  test('keeps the weights in use until there is evidence enough', () => {
    expect(learnTierWeights(hours([0, 0, 0, 0, 0.1], 199), even)).toEqual(even);
  });

  test('moves towards the tiers that are really forced', () => {
    const weights = learnTierWeights(hours([0.001, 0.001, 0.001, 0.001, 0.01], 400), even);
    expect(weights[4]!).toBeGreaterThan(0.3);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  test('a strong prior holds the mix, a weak one lets it go', () => {
    const lessons = hours([0.001, 0.001, 0.001, 0.001, 0.01], 400);
    const held = learnTierWeights(lessons, even, 100)[4]!;
    const free = learnTierWeights(lessons, even, 0.001)[4]!;
    expect(held).toBeLessThan(0.25);
    expect(free).toBeGreaterThan(0.65);
  });

  test('refuses weights that do not sum to 1', () => {
    expect(() => learnTierWeights([], [1, 1, 0, 0, 0])).toThrow(RangeError);
    expect(() => learnTierWeights([], [1])).toThrow(RangeError);
  });
});

describe('qDrift', () => {
  test('twice as much forced lately is 2', () => {
    const lessons = [...Array.from({ length: 10 }, () => lesson(100, 1)), lesson(100, 2), lesson(100, 2)];
    expect(qDrift(lessons, 2)).toBeCloseTo(2, 12);
  });

  test('is not known without anything before', () => {
    expect(qDrift([lesson(100, 1)], 1)).toBeUndefined();
    expect(() => qDrift([], 0)).toThrow(RangeError);
  });
});

test('any lessons give ordered positive finite percentiles (seed 23)', () => {
  const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(amount, amount), { maxLength: 50 }), (rows) => {
      const lessons = rows.map(([atRisk, forced]) => lesson(atRisk, forced));
      const q = learnQ(lessons, venueOf('binance').prior);
      expect(q.p10 > 0 && q.p10 <= q.p50 && q.p50 <= q.p90 && Number.isFinite(q.p90)).toBe(true);
      const drift = qDrift(lessons, 5);
      if (drift !== undefined) expect(drift > 0).toBe(true);
    }),
    { seed: 23, numRuns: 200 },
  );
});

/** Quantile of the standard normal distribution by bisection of its distribution function's series. */
function probit(p: number): number {
  const cdf = (z: number) => {
    let sum = z;
    let term = z;
    for (let k = 1; k < 100; k++) {
      term *= (z * z) / (2 * k + 1);
      sum += term;
    }
    return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
  };
  let low = -4;
  let high = 4;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
