import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookWalls, joinBooks } from '../../../src/engine/flow/depth';
import { type ConfluenceInput, type ConfluenceKind, confluence } from '../../../src/engine/risk/confluence';
import { findTurningPrices } from '../../../src/engine/risk/support-resistance';
import { clustersOf } from '../clusters-of';
import { quietBars, randomBars, toColumns } from '../random-bars';
import { evenBook, randomBook } from '../random-book';
import { mapWith, randomMap } from '../random-map';

const hour = 3_600_000;
/** A cluster around 98.5, price 100: between round numbers. */
const [cluster] = clustersOf(mapWith([[-0.015, 10]]));
const rows = quietBars(Array.from({ length: 100 }, () => 100)).map((row) => ({ ...row, volume: 10 }));
const now = rows[99]!.time + 300_000;
const bare: ConfluenceInput = { now, levels: [], funding: [], depth: null, bars: toColumns(rows) };

function present(kind: ConfluenceKind, change: Partial<ConfluenceInput>, of = cluster!): boolean | null {
  return confluence(of, { ...bare, ...change }).evidence.find((item) => item.kind === kind)!.present;
}

describe('evidence', () => {
  test('of a level is one within 0.2 %', () => {
    const level = (price: number) => ({ levels: [{ price, kind: 'support' as const, touches: 2, time: 0 }] });
    expect(present('level', level(cluster!.low * 0.9985))).toBe(true);
    expect(present('level', level(cluster!.low * 0.9975))).toBe(false);
    expect(present('level', {})).toBeNull();
  });

  test('of a round number is one within 0.1 %', () => {
    const [round] = clustersOf(mapWith([[-0.0201, 10]]));
    const near = (far: number) => ({ ...cluster!, low: 98 * (1 + far), high: 98.3, peak: 98.2 });
    expect(present('roundNumber', {}, near(0.0009))).toBe(true);
    expect(present('roundNumber', {}, near(0.0011))).toBe(false);
    expect(present('roundNumber', {}, round)).toBe(true);
    expect(present('roundNumber', {})).toBe(false);
  });

  test('of a funding flip is a change of sign within a day', () => {
    const funding = (rates: number[], last = now) => ({
      funding: rates.map((rate, i) => ({
        time: last - (rates.length - 1 - i) * 8 * hour,
        rate,
        intervalMs: 8 * hour,
      })),
    });
    expect(present('fundingFlip', funding([0.0001, 0.0001, -0.0001]))).toBe(true);
    expect(present('fundingFlip', funding([0.0001, 0, -0.0001]))).toBe(true);
    expect(present('fundingFlip', funding([0.0001, 0.0001, 0.0001]))).toBe(false);
    expect(present('fundingFlip', funding([0.0001, 0, 0.0001]))).toBe(false);
    expect(present('fundingFlip', funding([0.0001, -0.0001, -0.0001, -0.0001, -0.0001]))).toBe(false);
    expect(present('fundingFlip', funding([0.0001]))).toBeNull();
  });

  test('of a wall is one of its side within 0.2 %', () => {
    const wallAt = (price: number) => {
      const book = evenBook(100, 1000, 0.03);
      return joinBooks([{ ...book, bids: [...book.bids, [price, 200_000 / price] as const] }], 100);
    };
    expect(present('bookWall', { depth: wallAt(cluster!.peak) })).toBe(true);
    expect(present('bookWall', { depth: wallAt(99.5) })).toBe(false);
    expect(present('bookWall', { depth: joinBooks([evenBook(100, 1000, 0.005)], 100) })).toBeNull();
    expect(present('bookWall', {})).toBeNull();
    // Longs right below price are not held by asks right above it.
    const touching = { ...cluster!, low: 99.9, high: 100, peak: 99.95 };
    const even = evenBook(100, 1000, 0.03);
    const asks = joinBooks([{ ...even, asks: [...even.asks, [100.1, 2000] as const] }], 100);
    expect(bookWalls(asks)).toMatchObject([{ side: 'short' }]);
    expect(present('bookWall', { depth: asks }, touching)).toBe(false);
  });

  test('of volume is a bar of the last hour with three times the median of the day before', () => {
    const withLast = (volume: number) => ({
      bars: toColumns(rows.map((row, i) => (i === 95 ? { ...row, volume } : row))),
    });
    expect(present('volumeSpike', withLast(30))).toBe(true);
    expect(present('volumeSpike', withLast(29))).toBe(false);
    expect(present('volumeSpike', { bars: toColumns(rows.slice(80)) })).toBeNull();
    expect(
      present('volumeSpike', { bars: toColumns(rows.map((row) => ({ ...row, volume: 0 }))) }),
    ).toBeNull();
  });
});

test('two others make a confluence', () => {
  const levels = [{ price: cluster!.peak, kind: 'support' as const, touches: 2, time: 0 }];
  expect(confluence(cluster!, { ...bare, levels })).toMatchObject({ count: 1, enough: false });
  const bars = toColumns(rows.map((row, i) => (i === 95 ? { ...row, volume: 99 } : row)));
  expect(confluence(cluster!, { ...bare, levels, bars })).toMatchObject({ count: 2, enough: true });
  expect(confluence(cluster!, bare).evidence.map((item) => item.kind)).toEqual([
    'level',
    'roundNumber',
    'fundingFlip',
    'bookWall',
    'volumeSpike',
  ]);
});

test('bad input is refused', () => {
  expect(() => confluence(cluster!, { ...bare, now: Number.NaN })).toThrow(/^confluence requires a time/);
  expect(() => confluence(cluster!, { ...bare, bars: toColumns([]) })).toThrow(
    /^confluence requires at least one bar/,
  );
  expect(() => confluence({ ...cluster!, low: 0 }, bare)).toThrow(/^confluence requires a cluster/);
});

test('evidence is finite or absent for any market', () => {
  const scene = randomMap.chain((map) => fc.record({ map: fc.constant(map), book: randomBook(map.price) }));
  const rates = fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { maxLength: 40 });
  fc.assert(
    fc.property(scene, randomBars, rates, ({ map, book }, random, list) => {
      const bars = toColumns(random);
      const time = random.at(-1)!.time;
      const depth = joinBooks([book], map.price);
      for (const wall of bookWalls(depth)) {
        expect([wall.price, wall.usd, wall.times].every((value) => Number.isFinite(value) && value > 0)).toBe(
          true,
        );
        expect(wall.price < map.price).toBe(wall.side === 'long');
      }
      const funding = list.map((rate, i) => ({ time: time - i * hour, rate, intervalMs: hour }));
      for (const one of clustersOf(map)) {
        const { evidence, count, enough } = confluence(one, {
          now: time,
          levels: findTurningPrices(bars),
          funding,
          depth,
          bars,
        });
        expect(count).toBe(evidence.filter((item) => item.present).length);
        expect(enough).toBe(count >= 2);
        for (const { value } of evidence) expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});
