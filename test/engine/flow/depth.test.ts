import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookWalls, depthRatio, depthTo, joinBooks, type OrderBook } from '../../../src/engine/flow/depth';
import { clustersOf } from '../clusters-of';
import { evenBook, randomBook } from '../random-book';
import { mapWith } from '../random-map';

describe('joined books', () => {
  test('tell what rests between price and another price', () => {
    const depth = joinBooks([evenBook(100, 1000)], 100);
    expect(depthTo(depth, 100 * Math.exp(-0.01))).toEqual({
      usd: expect.closeTo(100_000, 3),
      extrapolated: false,
    });
    expect(depthTo(depth, 100 * Math.exp(0.005)).usd).toBeCloseTo(50_000, 3);
    expect(depthTo(depth, 100).usd).toBe(0);
  });

  test('add venues up relative to each one’s own mark', () => {
    const depth = joinBooks([evenBook(100, 1000), evenBook(101, 500)], 100);
    // The second venue's coins are worth 100/101 of its own quote at the joined price.
    expect(depthTo(depth, 100 * Math.exp(-0.01)).usd).toBeCloseTo(100_000 + 50_000 * (100 / 101), 3);
  });

  test('go on with their mean density beyond their end, and say so', () => {
    const depth = joinBooks([evenBook(100, 1000, 0.01)], 100);
    const far = depthTo(depth, 100 * Math.exp(-0.03));
    expect(far.extrapolated).toBe(true);
    expect(far.usd / 300_000).toBeCloseTo(1, 2);
  });

  test('go on from the cell after the one they end in', () => {
    const depth = joinBooks([evenBook(100, 1000, 0.01)], 100);
    // The last order is half a cell before the end: 100,000 USD over 0.00995.
    const perCell = 100_000 * (0.0001 / 0.00995);
    expect(depth.long.usd[100]).toBeCloseTo(100_000, 3);
    expect(depth.long.usd[101]! - depth.long.usd[100]!).toBeCloseTo(perCell, 3);
    expect(depth.long.usd[5000]).toBeCloseTo(100_000 + 4900 * perCell, 2);
  });

  test('are the sum of each alone, wherever each ends and in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(randomBook(100), { minLength: 2, maxLength: 5 }), (books) => {
        const all = joinBooks(books, 100);
        const alone = books.map((book) => joinBooks([book], 100));
        for (const side of ['long', 'short'] as const)
          for (let k = 0; k <= 5000; k += 25) {
            const sum = alone.reduce((usd, depth) => usd + depth[side].usd[k]!, 0);
            expect(Math.abs(all[side].usd[k]! - sum)).toBeLessThanOrEqual(1e-9 * sum);
          }
      }),
    );
  });

  test('hold orders on the wrong side of the mark, which are the first to be eaten', () => {
    const even = evenBook(100, 1000);
    const crossed = joinBooks([{ ...even, bids: [...even.bids, [100.5, 50] as const] }], 100);
    expect(depthTo(crossed, 100 * Math.exp(-0.0001)).usd).toBeCloseTo(1000 + 5025, 6);
  });

  test('reach as far as the shortest of them', () => {
    const [long, short] = [evenBook(100, 1000, 0.02), evenBook(100, 1000, 0.01)];
    const at = 100 * Math.exp(-0.015);
    expect(depthTo(joinBooks([long, short], 100), at).extrapolated).toBe(true);
    expect(depthTo(joinBooks([short, long], 100), at).extrapolated).toBe(true);
    expect(depthTo(joinBooks([long, long], 100), at).extrapolated).toBe(false);
  });

  test('never fall with distance', () => {
    fc.assert(
      fc.property(randomBook(100), randomBook(99), (a, b) => {
        const depth = joinBooks([a, b], 100);
        let last = 0;
        for (let k = 0; k <= 40; k++) {
          const { usd } = depthTo(depth, 100 * Math.exp(-0.01 * k));
          expect(usd).toBeGreaterThanOrEqual(last);
          last = usd;
        }
      }),
    );
  });

  test('are refused when empty or impossible', () => {
    const good = evenBook(100, 1000);
    const bad: OrderBook[][] = [
      [],
      [{ ...good, mark: 0 }],
      [{ ...good, bids: [] }],
      [{ ...good, asks: [[101, Number.NaN]] }],
      [{ ...good, asks: [[101, -1]] }],
      [{ ...good, bids: [[0, 1]] }],
      [{ ...good, bids: [[99, 0]] }],
    ];
    for (const books of bad) expect(() => joinBooks(books, 100)).toThrow(/^joinBooks requires/);
    expect(() => joinBooks([good], 0)).toThrow(/^joinBooks requires/);
    expect(() => depthTo(joinBooks([good], 100), Number.NaN)).toThrow(/^depthTo requires/);
  });
});

describe('the depth ratio', () => {
  const depth = joinBooks([evenBook(100, 1000, 0.05)], 100);
  const cluster = (usd: number) => ({
    ...clustersOf(mapWith([[-0.02, 1]]))[0]!,
    low: 100 * Math.exp(-0.02),
    usd,
  });

  test('is the cluster’s USD over what rests up to its far edge', () => {
    // 200 cells of 1,000 USD.
    expect(depthRatio(cluster(600_000), depth, 0.01)).toMatchObject({
      usd: expect.closeTo(200_000, 3),
      atRisk: expect.closeTo(3, 9),
      expected: expect.closeTo(0.03, 9),
      marked: false,
    });
  });

  test('is marked from 5', () => {
    expect(depthRatio(cluster(1_000_001), depth, 0.01).marked).toBe(true);
    expect(depthRatio(cluster(999_000), depth, 0.01).marked).toBe(false);
  });

  test('asks for a share that can be', () => {
    for (const q of [-0.1, 2.1, Number.NaN])
      expect(() => depthRatio(cluster(1), depth, q)).toThrow(/^depthRatio requires/);
  });
});

describe('walls', () => {
  test('hold three times what the bins around them hold', () => {
    const book = evenBook(100, 1000, 0.02);
    const wall: OrderBook = { ...book, bids: [...book.bids, [100 * Math.exp(-0.00975), 11_000 / 99]] };
    const [found, ...others] = bookWalls(joinBooks([wall], 100));
    expect(others).toEqual([]);
    // Five cells of 1,000 and 11,000 · (e^−0.00975 · 100 / 99) against 5,000.
    expect(found).toMatchObject({ side: 'long', times: expect.closeTo(3.2, 2) });
    expect(found!.price).toBeCloseTo(100 * Math.exp(-0.00975), 9);
  });

  test('are compared with ten bins to each side', () => {
    // Bins of 0.05 %, five cells of 1,000 USD each.
    const book = evenBook(100, 1000, 0.02);
    const at = (bin: number, usd: number) => {
      const price = 100 * Math.exp(-(bin + 0.5) * 0.0005);
      return [price, usd / price] as const;
    };
    const wall = (usd: number) => [...book.bids, at(19, usd)];
    const times = (usd: number) =>
      bookWalls(joinBooks([{ ...book, bids: wall(usd) }], 100)).map((found) => found.times);
    expect(times(9990)).toEqual([]);
    expect(times(10_010)).toEqual([expect.closeTo(3.002, 3)]);
    // Four bins next to it on each side are ten times as full: of ten to a side the median is still that of the rest.
    const crowd = [1, 2, 3, 4].flatMap((k) => [at(19 - k, 45_000), at(19 + k, 45_000)]);
    const found = bookWalls(joinBooks([{ ...book, bids: [...wall(20_000), ...crowd] }], 100));
    expect(found.map((one) => Math.round(one.times))).toEqual([10, 10, 10, 10, 5, 10, 10, 10, 10]);
  });

  test('may have nothing in half of the bins around them', () => {
    const at = (bin: number, usd: number) => {
      const price = 100 * Math.exp(-(bin + 0.5) * 0.0005);
      return [price, usd / price] as const;
    };
    // Every other bin is empty, but for the wall and for the bins beside it where `full`.
    const book = (full: number[]): OrderBook => ({
      ...evenBook(100, 1000),
      bids: [
        at(20, 10_000),
        ...Array.from({ length: 21 }, (_, k) => at(2 * k + 1, 1000)),
        ...full.map((bin) => at(bin, 1000)),
      ],
    });
    const times = (full: number[]) => bookWalls(joinBooks([book(full)], 100)).map((found) => found.times);
    // The median of ten empty bins and ten of 1,000 lies between both.
    expect(times([])).toEqual([expect.closeTo(20, 6)]);
    expect(times([22])).toEqual([expect.closeTo(10, 6)]);
  });

  test('are not seen where nothing rests around them', () => {
    const bids = [0.00525, 0.015].map((far) => [100 * Math.exp(-far), 1] as const);
    expect(bookWalls(joinBooks([{ ...evenBook(100, 1000), bids }], 100))).toEqual([]);
  });

  test('are looked for no farther than depth is kept', () => {
    const book = evenBook(100, 1000);
    const stray = joinBooks([{ ...book, bids: [...book.bids, [Number.MIN_VALUE, 1]] }], 100);
    expect(bookWalls(stray)).toEqual([]);
  });

  test('are not seen in an even book or beyond its end', () => {
    expect(bookWalls(joinBooks([evenBook(100, 1000)], 100))).toEqual([]);
  });
});
