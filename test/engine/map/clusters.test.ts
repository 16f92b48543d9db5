import { describe, expect, test } from 'vitest';
import { clustersAt, nearestClusters, type Zone } from '../../../src/engine/map/clusters';
import type { BandMap, Side } from '../../../src/engine/records';
import { type Filled, mapWith, spoiledMaps } from '../random-map';

/** Zones of 0.3 % around these signed distances from 100. */
const at = (...distances: number[]): Zone[] =>
  distances.map((distance) => ({
    side: distance < 0 ? 'long' : 'short',
    low: 100 * (1 + distance) * Math.exp(-0.0015),
    high: 100 * (1 + distance) * Math.exp(0.0015),
  }));

/** Amounts of neighbouring bands of 0.1 %, the first 5 % below price and the others outwards. */
const outwards = (...usd: number[]): Filled[] =>
  usd.map((amount, k): Filled => [-0.0505 - k * 0.001, amount]);

describe('the cluster of a level', () => {
  const bandsOf = (map: BandMap, zones: readonly Zone[]) =>
    clustersAt(map, zones).map(({ low, high }) => Math.round(Math.log(high / low) / map.step));

  test('is its band and those beside it where the side goes on alike', () => {
    const map = mapWith([], { background: 10 });
    const [cluster, ...others] = clustersAt(map, at(-0.05));
    expect(others).toEqual([]);
    expect(cluster).toMatchObject({ side: 'long', kind: 'wall', usd: 30, peakUsd: 10, gap: null });
    expect(cluster!.high / cluster!.low).toBeCloseTo(Math.exp(0.003), 9);
    expect(cluster!.distance).toBeCloseTo(1 - cluster!.high / 100, 12);
    expect(cluster!.peak).toBeCloseTo(95, 0);
  });

  test('reaches down to the valley on each side: where it rises again to 4/3', () => {
    // From price outwards; the level is at 30.
    const map = mapWith(outwards(18, 10, 20, 30, 22, 12, 17), { background: 10 });
    expect(bandsOf(map, at(-0.0535))).toEqual([5]);
    const [cluster] = clustersAt(map, at(-0.0535));
    expect(cluster!.usd).toBe(10 + 20 + 30 + 22 + 12);
  });

  test('does not end in a dent that is no valley', () => {
    const dent = mapWith(outwards(10, 30, 25, 28, 12, 18), { background: 10 });
    expect(bandsOf(dent, at(-0.0515))).toEqual([5]);
  });

  test('has half a percent to each side at most', () => {
    const slope = mapWith(outwards(40, 36, 32, 29, 26, 23, 21, 19, 17, 30), { background: 40 });
    expect(bandsOf(slope, at(-0.0505))).toEqual([3]);
  });

  test('ends between two levels at the lowest band', () => {
    const map = mapWith(outwards(20, 30, 24, 22, 24, 30, 20), { background: 20 });
    const [far, near] = clustersAt(map, at(-0.0515, -0.0555));
    expect(far!.high).toBeLessThanOrEqual(near!.low * (1 + 1e-12));
    expect(far!.side).toBe('long');
  });

  test('has the ages, tiers and times of its level', () => {
    const map = mapWith([[-0.05, 10, 3]]);
    const [cluster] = clustersAt(map, [{ ...at(-0.05)[0]!, times: 2.1 }]);
    expect(cluster).toMatchObject({ usd: 10, age: 3 * 3_600_000, tiers: [0, 10, 0, 0, 0], times: 2.1 });
    expect(clustersAt(map, at(-0.05))[0]!.times).toBe(0);
  });

  test('ends at price', () => {
    const map = mapWith([], { background: 10 });
    const [long, short] = clustersAt(map, [
      { side: 'long', low: 99.8, high: 100 },
      { side: 'short', low: 100, high: 100.2 },
    ]);
    expect([long!.high, long!.distance]).toEqual([100, 0]);
    expect([short!.low, short!.distance]).toEqual([100, 0]);
  });

  test('is one for two levels in the same band, and none for a level off the map or on the wrong side', () => {
    const coarse = mapWith([], { background: 10, step: 0.01 });
    expect(clustersAt(coarse, at(-0.05, -0.0503))).toHaveLength(1);
    const wrong: Side = 'short';
    expect(clustersAt(coarse, [{ side: wrong, low: 90, high: 90.3 }])).toEqual([]);
    expect(clustersAt(coarse, [{ side: 'long', low: 9, high: 9.1 }])).toEqual([]);
  });

  test('refuses zones without prices', () => {
    const map = mapWith([], { background: 10 });
    for (const low of [0, -1, Number.NaN, 98])
      expect(() => clustersAt(map, [{ side: 'long', low, high: 97 }])).toThrow('clustersAt requires levels');
  });
});

describe('kinds', () => {
  const kinds = (...distances: number[]) =>
    clustersAt(mapWith([], { background: 10 }), at(...distances)).map(({ kind }) => kind);

  test('a narrow one alone is a wall, a wide one alone is isolated', () => {
    expect(kinds(-0.05)).toEqual(['wall']);
    const wide = mapWith(outwards(18, 10, 20, 30, 22, 12, 17), { background: 10 });
    expect(clustersAt(wide, at(-0.0535)).map(({ kind }) => kind)).toEqual(['isolated']);
  });

  test('two less than 1 % apart are a stack, two further apart are not', () => {
    expect(kinds(-0.04, -0.05)).toEqual(['stack', 'stack']);
    expect(kinds(-0.04, -0.055)).toEqual(['wall', 'wall']);
  });

  test('three with even or shrinking gaps are a ladder, with growing gaps a stack', () => {
    expect(kinds(0.03, 0.038, 0.046)).toEqual(['ladder', 'ladder', 'ladder']);
    expect(kinds(0.03, 0.04, 0.047)).toEqual(['ladder', 'ladder', 'ladder']);
    expect(kinds(0.03, 0.036, 0.047)).toEqual(['stack', 'stack', 'stack']);
  });

  test('a chain on one side does not make the other side a stack', () => {
    expect(kinds(-0.003, 0.003)).toEqual(['wall', 'wall']);
  });
});

test('the nearest clusters of a side come first, with the gap to the next', () => {
  const clusters = clustersAt(mapWith([], { background: 10 }), at(-0.02, -0.05, -0.08, -0.11));
  const near = nearestClusters(clusters, 'long', 3);
  expect(near).toHaveLength(3);
  expect(near.map((c) => Math.round(c.distance * 100))).toEqual([2, 5, 8]);
  expect(near[0]!.gap).toBeCloseTo((near[0]!.low - near[1]!.high) / 100, 12);
  expect(nearestClusters(clusters, 'short')).toEqual([]);
  for (const count of [-1, 0.5, Number.NaN])
    expect(() => nearestClusters(clusters, 'long', count)).toThrow(RangeError);
});

test.each(spoiledMaps(mapWith([[-0.05, 30]])))('a map with %s is refused', (_, map) => {
  expect(() => clustersAt(map, at(-0.05))).toThrow(/^clustersAt requires/);
});
