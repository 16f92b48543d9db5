import { expect, test } from 'vitest';
import { maxPain } from '../../../src/engine/map/max-pain';
import { clustersOf } from '../clusters-of';
import { type Filled, mapWith } from '../random-map';

const clusters = clustersOf(
  mapWith([
    [-0.03, 10],
    [-0.06, 30],
    [-0.12, 90],
    [0.04, 20],
  ]),
);

test('max pain is the price of the largest cluster of a side within 10 %', () => {
  const { long, short } = maxPain(clusters, 100);
  expect(long!.usd).toBe(30);
  expect(long!.peak).toBeCloseTo(94, 0);
  expect(short!.usd).toBe(20);
});

test('the largest is the one with the most USD in all, not the one with the fullest band', () => {
  const wide = [0, 1, 2].map((k): Filled => [-0.02 - k * 0.001, 9]);
  const { long } = maxPain(clustersOf(mapWith([[-0.05, 10], ...wide])), 100);
  expect(long!.usd).toBe(27);
});

test('a side without a cluster that near has none', () => {
  expect(maxPain([], 100)).toEqual({ long: null, short: null });
  expect(
    maxPain(
      clusters.filter((c) => c.usd === 90),
      100,
    ).long,
  ).toBeNull();
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a price of %s is refused', (price) => {
  expect(() => maxPain(clusters, price)).toThrow(/^maxPain requires a positive price/);
});
