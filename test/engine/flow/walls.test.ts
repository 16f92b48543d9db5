import { describe, expect, test } from 'vitest';
import { type Depth, joinBooks } from '../../../src/engine/flow/depth';
import { WallWatch } from '../../../src/engine/flow/walls';
import { clustersOf } from '../clusters-of';
import { evenBook } from '../random-book';
import { mapWith } from '../random-map';

const second = 1000;
const start = 1_700_000_000_000;
const clusters = clustersOf(mapWith([[-0.01, 10]]));
const wallPrice = 100 * Math.exp(-0.01025);

/** The joined book with or without a wall of bids at `price`. */
function book(wall: boolean, { price = wallPrice, mark = 100 } = {}): Depth {
  const even = evenBook(mark, 1000, 0.03);
  const bids = wall ? [...even.bids, [price, 50_000 / price] as const] : even.bids;
  return joinBooks([{ ...even, bids }], mark);
}

/** Shows the books one every `everyMs`; the last answer. */
function watch(books: readonly Depth[], everyMs = 20 * second, near = clusters) {
  const walls = new WallWatch();
  return books.map((depth, i) => walls.observe(start + i * everyMs, depth, near)).at(-1)!;
}

describe('an unstable wall', () => {
  const [off, on] = [book(false), book(true)];

  test('appears and vanishes within a minute, three times in ten minutes', () => {
    const [wall, ...others] = watch([off, on, off, on, off, on, off]);
    expect(others).toEqual([]);
    expect(wall).toMatchObject({ side: 'long', count: 3, since: start + 40 * second });
    expect(wall!.price).toBeCloseTo(wallPrice, 1);
    expect(wall!.usd).toBeGreaterThan(50_000);
  });

  test('is not one that did so twice, or three times in more than ten minutes', () => {
    expect(watch([off, on, off, on, off])).toEqual([]);
    const rest = Array(14).fill(off);
    expect(watch([off, on, off, ...rest, on, off, ...rest, on, off])).toEqual([]);
  });

  test('is not one that stayed longer than a minute', () => {
    const stay = Array(4).fill(on);
    expect(watch([off, ...stay, off, ...stay, off, ...stay, off])).toEqual([]);
  });

  test('is not one that was there when watching began, or began anew after a pause', () => {
    expect(watch([on, off, on, off, on, off])).toEqual([]);
    expect(watch([off, on, off, on, off, on, off], 61 * second)).toEqual([]);
  });

  test('is not one that price has reached: that one was traded with', () => {
    const through = book(false, { mark: 98.9 });
    expect(watch([off, on, through, off, on, through, off, on, through])).toEqual([]);
  });

  test('is not one far from every cluster of its side', () => {
    const above = clustersOf(mapWith([[0.01, 10]]));
    expect(watch([off, on, off, on, off, on, off], 20 * second, above)).toEqual([]);
    expect(watch([off, on, off, on, off, on, off], 20 * second, [])).toEqual([]);
    const shorts = clusters.map((cluster) => ({ ...cluster, side: 'short' as const }));
    expect(watch([off, on, off, on, off, on, off], 20 * second, shorts)).toEqual([]);
  });

  test('lies within 0.5 % of the cluster’s range', () => {
    const at = (far: number) => {
      const [cluster] = clusters;
      const price = cluster!.low * (1 - far);
      const books = [off, book(true, { price }), off, book(true, { price }), off, book(true, { price }), off];
      return watch(books).length;
    };
    expect([at(0.004), at(0.006)]).toEqual([1, 0]);
  });

  test('may have stood for 60 s', () => {
    expect(watch([off, on, off, on, off, on, off], 60 * second)).toHaveLength(1);
  });

  test('is the same one while price moves a little under it', () => {
    const books = [off, on, off, on, off, on, off].map((_, i) => book(i % 2 === 1, { mark: 100 + i * 0.01 }));
    expect(watch(books)).toMatchObject([{ side: 'long', count: 3 }]);
  });

  test('is watched in order of time', () => {
    const walls = new WallWatch();
    walls.observe(start, off, clusters);
    expect(() => walls.observe(start, off, clusters)).toThrow(/^WallWatch.observe requires/);
    expect(() => walls.observe(Number.NaN, off, clusters)).toThrow(/^WallWatch.observe requires/);
  });
});
