import { expect, test } from 'vitest';
import { coarseView } from '../../src/paint/coarse-view';
import type { MapView } from '../../src/protocol/view';

/** Ten bands of 0.1 %, the price on the edge between the fifth and the sixth: longs below it, shorts above. */
const view = {
  symbol: 'BTC-USDT',
  price: 100,
  lnLow: Math.log(100) - 5 * 0.001,
  step: 0.001,
  long: [1, 2, 3, 4, 5, 0, 0, 0, 0, 0],
  short: [0, 0, 0, 0, 0, 10, 20, 30, 40, 50],
  longAge: [10, 10, 20, 40, 10, 0, 0, 0, 0, 0],
  shortAge: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
  longTiers: [1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  shortTiers: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 30, 40, 50],
  observed: {
    venue: 'hyperliquid',
    accounts: 2,
    coverage: 0.1,
    long: [
      [3, 5],
      [4, 7],
    ],
    short: [[6, 1]],
  },
} as unknown as MapView;

test('bands are joined from the price outwards: none is on both sides, and nothing is lost', () => {
  const coarse = coarseView(view, 0.002);
  expect(coarse.step).toBeCloseTo(0.002);
  expect(coarse.lnLow).toBeCloseTo(Math.log(100) - 6 * 0.001);
  expect(coarse.long).toEqual([1, 5, 9, 0, 0, 0]);
  expect(coarse.short).toEqual([0, 0, 0, 30, 70, 50]);
  expect(coarse.longTiers).toEqual([1, 5, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(coarse.shortTiers).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 70, 50]);
  expect(coarse.observed).toMatchObject({ long: [[2, 12]], short: [[3, 1]] });
});

test('ages are means by amount', () => {
  expect(coarseView(view, 0.002).longAge).toEqual([10, 16, (4 * 40 + 5 * 10) / 9, 0, 0, 0]);
});

test('a map as coarse as that comes back as it is', () => {
  expect(coarseView(view, 0)).toBe(view);
  expect(coarseView(view, 0.001)).toBe(view);
});
