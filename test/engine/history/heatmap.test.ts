import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Heatmap } from '../../../src/engine/history/heatmap';
import { isSwept } from '../../../src/engine/history/heatmap-window';
import type { BandMap } from '../../../src/engine/records';
import { type Filled, mapWith, spoiledMaps } from '../random-map';

const minute = 60_000;
const sizes = { step: 0.001, columnMs: 5 * minute, columns: 6, reach: 0.05 };
const start = 1_700_000_100_000;

function mapAt(minutes: number, bands: readonly Filled[], price = 100): BandMap {
  return { ...mapWith(bands, { price }), time: start + minutes * minute };
}

/** Amount at a price in the column that opened `minutes` after the start. */
function amountAt(heatmap: Heatmap, side: 'long' | 'short', minutes: number, price: number): number {
  const window = heatmap.read(start, start + 1e9, 50, 200);
  const column = (start + minutes * minute - window.time) / window.columnMs;
  const row = Math.floor((Math.log(price) - window.lnLow) / window.step);
  return window[side][column * window.rows + row]!;
}

describe('a heatmap', () => {
  test('keeps one column for each step of time: the first map in it', () => {
    const heatmap = new Heatmap(sizes);
    expect(heatmap.append(mapAt(0, [[-0.02, 10]]), 100, 100)).toBe(true);
    expect(heatmap.append(mapAt(3, [[-0.02, 99]]), 100, 100)).toBe(false);
    expect(heatmap.append(mapAt(5, [[-0.02, 20]]), 100, 100)).toBe(true);
    expect(amountAt(heatmap, 'long', 0, 98)).toBe(10);
    expect(amountAt(heatmap, 'long', 5, 98)).toBe(20);
    expect(heatmap.length).toBe(2);
    expect(heatmap.lastTime).toBe(start + 5 * minute);
  });

  test('ends a band where price took it, and tells that from one that faded', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(
      mapAt(0, [
        [-0.02, 10],
        [-0.04, 10],
        [0.02, 10],
      ]),
      100,
      100,
    );
    // Price falls through the first band; the others are gone for reasons of their own.
    heatmap.append(mapAt(5, [], 98.5), 97.5, 100);
    const window = heatmap.read(start, start + 10 * minute, 90, 110);
    const row = (price: number) => Math.floor((Math.log(price) - window.lnLow) / window.step);
    expect(amountAt(heatmap, 'long', 5, 98)).toBe(0);
    expect(isSwept(window, 'long', 0, row(98))).toBe(true);
    expect(isSwept(window, 'long', 0, row(96))).toBe(false);
    expect(isSwept(window, 'short', 0, row(102))).toBe(false);
    expect(isSwept(window, 'long', 1, row(98))).toBe(false);
    expect(isSwept(window, 'long', -1, row(98))).toBe(false);
  });

  test('remembers extremes of price between columns', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(0, []), 100, 100);
    heatmap.append(mapAt(1, []), 97, 100);
    heatmap.append(mapAt(2, []), 99, 103);
    heatmap.append(mapAt(6, []), 100, 101);
    // The price of the map itself counts, should it lie outside.
    heatmap.append(mapAt(10, []), 100.5, 101);
    heatmap.append(mapAt(15, []), 99, 99.5);
    const window = heatmap.read(start, start + 15 * minute, 99, 101);
    expect([window.low[1], window.high[1]]).toEqual([97, 103]);
    expect([window.low[2], window.high[3]]).toEqual([100, 100]);
  });

  test('marks a pause as unknown, not as empty', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(0, [[-0.02, 10]]), 100, 100);
    heatmap.append(mapAt(15, [[-0.02, 10]]), 100, 100);
    expect(Array.from(heatmap.read(start, start + 15 * minute, 90, 110).known)).toEqual([1, 0, 0, 1]);
  });

  test('forgets the oldest columns once it is full', () => {
    const heatmap = new Heatmap(sizes);
    for (let k = 0; k < 10; k++) heatmap.append(mapAt(5 * k, [[-0.02, k + 1]]), 100, 100);
    const window = heatmap.read(0, start + 1e9, 90, 110);
    expect([window.columns, window.time]).toEqual([6, start + 20 * minute]);
    expect(amountAt(heatmap, 'long', 20, 98)).toBe(5);
  });

  test('has nothing to read where nothing was recorded', () => {
    const heatmap = new Heatmap(sizes);
    expect(heatmap.read(0, start, 90, 110)).toMatchObject({ columns: 0, rows: 0 });
    heatmap.append(mapAt(0, [[-0.02, 10]]), 100, 100);
    expect(heatmap.read(0, start - 1, 90, 110)).toMatchObject({ columns: 0 });
    expect(heatmap.read(start, start, 500, 600)).toMatchObject({ columns: 1, rows: 0 });
  });

  test('follows price: a column reaches as far from its own price as any other', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(0, [[-0.03, 10]]), 100, 100);
    heatmap.append(mapAt(5, [[-0.03, 20]], 150), 100, 150);
    expect(amountAt(heatmap, 'long', 0, 97)).toBe(10);
    expect(amountAt(heatmap, 'long', 5, 145.5)).toBe(20);
  });

  test('goes on from where it was stored', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(0, [[-0.02, 10]]), 100, 100);
    const restored = new Heatmap(structuredClone(heatmap.stored()));
    expect(restored.append(mapAt(2, [[-0.02, 99]]), 100, 100)).toBe(false);
    expect(restored.append(mapAt(5, [[-0.02, 20]]), 100, 100)).toBe(true);
    expect(amountAt(restored, 'long', 0, 98)).toBe(10);
    expect(heatmap.length).toBe(1);
  });

  test('never changes a column that is written', () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 12 }),
      move: fc.double({ min: -0.03, max: 0.03, noNaN: true }),
      usd: fc.double({ min: 0, max: 1e12, noNaN: true }),
      distance: fc.double({ min: 0.0015, max: 0.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const heatmap = new Heatmap({ ...sizes, columns: 100 });
        let price = 100;
        let minutes = 0;
        /** What a column shows: its bands by their price, and its own prices. */
        const shown = (time: number): string => {
          const {
            long,
            short,
            lnLow,
            step: width,
            price: prices,
            low,
            high,
          } = heatmap.read(time, time, 1, 1e4);
          const filled = (values: Float32Array) =>
            Array.from(values.entries(), ([row, usd]) => [(lnLow + row * width).toFixed(6), usd]).filter(
              ([, usd]) => usd !== 0,
            );
          return JSON.stringify([filled(long), filled(short), ...prices, ...low, ...high]);
        };
        const seen = new Map<number, string>();
        for (const { minutes: pause, move, usd, distance } of steps) {
          const before = price;
          price *= Math.exp(move);
          minutes += pause;
          const map = mapAt(
            minutes,
            [
              [-distance, usd],
              [distance, usd],
            ],
            price,
          );
          const isNew = heatmap.append(map, Math.min(before, price), Math.max(before, price));
          if (isNew) seen.set(heatmap.lastTime!, shown(heatmap.lastTime!));
        }
        for (const [time, text] of seen) {
          expect(shown(time)).toBe(text);
          // JSON writes NaN and endless numbers as null.
          expect(text).not.toMatch(/null|[[,]-/);
        }
        expect(heatmap.length).toBe(seen.size);
      }),
      { numRuns: 30 },
    );
  });
});

describe('refused', () => {
  test.each([
    { step: 0 },
    { step: 0.06 },
    { columnMs: 0 },
    { columns: 0 },
    { columns: 1.5 },
    { columns: 20_000 },
    { reach: 0 },
    { reach: Number.NaN },
    { step: 1e-9 },
  ])('sizes with %j', (bad) => {
    expect(() => new Heatmap({ ...sizes, ...bad })).toThrow(/^Heatmap requires/);
  });

  test('maps that are spoiled, of another step, off the grid or out of order', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(5, []), 100, 100);
    for (const [, bad] of spoiledMaps(mapAt(10, [[-0.02, 10]])))
      expect(() => heatmap.append(bad, 100, 100)).toThrow(/^Heatmap.append requires/);
    expect(() => heatmap.append(mapAt(4, []), 100, 100)).toThrow(/ascending/);
    expect(() => heatmap.append({ ...mapWith([], { step: 0.002 }), time: start + 1e6 }, 100, 100)).toThrow(
      /step/,
    );
    const map = mapAt(10, []);
    expect(() => heatmap.append({ ...map, lnLow: map.lnLow + 0.0005 }, 100, 100)).toThrow(/whole multiples/);
    for (const [low, high] of [
      [0, 1],
      [2, 1],
      [Number.NaN, 1],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      expect(() => heatmap.append(map, low, high)).toThrow(/^Heatmap.append requires/);
  });

  test('windows that are none', () => {
    const heatmap = new Heatmap(sizes);
    expect(() => heatmap.read(2, 1, 1, 2)).toThrow(/^Heatmap.read requires/);
    expect(() => heatmap.read(Number.NaN, 1, 1, 2)).toThrow(/^Heatmap.read requires/);
    expect(() => heatmap.read(1, 2, 0, 2)).toThrow(/^Heatmap.read requires/);
    expect(() => heatmap.read(1, 2, 3, 2)).toThrow(/^Heatmap.read requires/);
  });

  test('stored states that do not fit together', () => {
    const heatmap = new Heatmap(sizes);
    heatmap.append(mapAt(0, [[-0.02, 10]]), 100, 100);
    heatmap.append(mapAt(5, [[-0.02, 10]]), 100, 100);
    const good = heatmap.stored();
    const bad = [
      { ...good, written: -1 },
      { ...good, columns: 5 },
      { ...good, long: good.long.subarray(1) },
      { ...good, short: good.short.map(() => Number.NaN) },
      { ...good, time: good.time.toReversed() },
      { ...good, price: new Float64Array(good.columns) },
    ];
    for (const state of bad) expect(() => new Heatmap(state)).toThrow(/^Heatmap requires/);
  });
});
