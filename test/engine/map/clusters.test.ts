import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebin } from '../../../src/engine/map/bands';
import { airGaps, findClusters, mapShape, nearestClusters } from '../../../src/engine/map/clusters';
import { buildMap } from '../../../src/engine/map/map';
import { maxPain } from '../../../src/engine/map/max-pain';
import { sides, tierLeverages } from '../../../src/engine/records';
import { type Filled, mapWith, randomMap, spoiledMaps } from '../random-map';
import { embeddedBars, extraBars, firstBars } from '../recorded-bars';

const kinds = (bands: readonly Filled[], background = 1) =>
  findClusters(mapWith(bands, { background })).map((cluster) => cluster.kind);

describe('a cluster', () => {
  test('is a dense peak with its bands above half its height', () => {
    const map = mapWith(
      [
        [-0.0495, 4],
        [-0.0505, 10, 3],
        [-0.0515, 6, 1],
        [-0.0525, 5],
      ],
      { background: 1 },
    );
    const [cluster, ...others] = findClusters(map);
    expect(others).toEqual([]);
    expect(cluster).toMatchObject({ side: 'long', usd: 16, peakUsd: 10, density: 10, gap: null });
    // Two bands of 0.1 %; 10 · 3 h and 6 · 1 h.
    expect(cluster!.high / cluster!.low).toBeCloseTo(Math.exp(0.002), 9);
    expect(cluster!.age).toBeCloseTo((36 / 16) * 3_600_000, 3);
    expect(cluster!.tiers).toEqual([0, 16, 0, 0, 0]);
    expect(cluster!.peak).toBeGreaterThan(100 * (1 - 0.0515));
    expect(cluster!.peak).toBeLessThan(100 * (1 - 0.0495));
    expect(cluster!.distance).toBeCloseTo(1 - cluster!.high / 100, 12);
  });

  test('ends on each side at the first band that is not above half its height', () => {
    const at = (...usd: number[]) =>
      findClusters(
        mapWith(
          usd.map((amount, k): Filled => [-0.0505 - k * 0.001, amount]),
          { background: 1 },
        ),
      ).map((cluster) => cluster.usd);
    expect(at(6, 10, 5.1, 9, 5.1)).toEqual([35.2]);
    // From the outermost: 9.5 stands alone behind a band of exactly half the height of ten.
    expect(at(6, 10, 5, 9.5, 4)).toEqual([14.5, 16]);
  });

  test('does not begin at the end of a level stretch on the way down', () => {
    const slope = [30, 10, 10, 10, 1].map((amount, k): Filled => [-0.0505 - k * 0.001, amount]);
    expect(findClusters(mapWith(slope, { background: 1 })).map((cluster) => cluster.usd)).toEqual([30]);
  });

  test('outside the top class needs three times its neighbourhood', () => {
    // Twenty bands of 100 fill the top class.
    const far = Array.from({ length: 20 }, (_, k): Filled => [-0.2 - k * 0.001, 100 + k]);
    const at = (usd: number) => findClusters(mapWith([...far, [-0.0505, usd]], { background: 1 }));
    expect(at(3).map((cluster) => cluster.density)).toContain(3);
    expect(at(2.99)).toHaveLength(at(1).length);
    expect(at(3)).toHaveLength(at(1).length + 1);
  });

  test('is drawn: what is too faint for it is none, however dense', () => {
    const level = Array.from({ length: 250 }, (_, k): Filled => [-0.001 - k * 0.001, 100 + (k % 2)]);
    const at = (usd: number) =>
      findClusters(mapWith([...level, [-0.28, usd]], { background: 1 })).filter(({ peak }) => peak < 75);
    expect(at(24)).toEqual([]);
    expect(at(26)).toHaveLength(1);
  });

  test('has the ages and tiers of its own side', () => {
    const map = mapWith([
      [-0.0505, 10, 3],
      [0.0505, 20, 5],
    ]);
    expect(findClusters(map).map(({ age, tiers }) => [age / 3_600_000, tiers])).toEqual([
      [3, [0, 10, 0, 0, 0]],
      [5, [0, 20, 0, 0, 0]],
    ]);
  });

  test('needs three times its neighbourhood, or its side’s top class', () => {
    const ripple = Array.from({ length: 40 }, (_, i): Filled => [-0.02 - i * 0.003, 2]);
    expect(findClusters(mapWith(ripple, { background: 1 })).every((c) => c.density < 3)).toBe(true);
    expect(kinds([[-0.0505, 2.9]], 1)).toHaveLength(1);
    const [cluster] = findClusters(mapWith([[-0.0505, 2.9]], { background: 1 }));
    expect(cluster!.density).toBeCloseTo(2.9, 9);
  });

  test('lies below price for longs and above it for shorts', () => {
    const clusters = findClusters(
      mapWith([
        [-0.01, 5],
        [0.01, 5],
      ]),
    );
    expect(clusters.map((c) => [c.side, Math.sign(c.peak - 100)])).toEqual([
      ['long', -1],
      ['short', 1],
    ]);
  });

  test('around price has no distance and ends at price', () => {
    const map = mapWith([[-0.0001, 5]], { price: 100 });
    const [cluster] = findClusters(map);
    expect(cluster!.high).toBe(100);
    expect(cluster!.distance).toBe(0);
    // 100 lies inside its band, not at its edge.
    const [above] = findClusters(mapWith([[0.0001, 5]]));
    expect([above!.side, above!.low, above!.distance]).toEqual(['short', 100, 0]);
  });
});

describe('kinds', () => {
  test('a narrow one alone is a wall, a wide one alone is isolated', () => {
    expect(kinds([[-0.0505, 10]])).toEqual(['wall']);
    expect(kinds([0, 1, 2].map((k): Filled => [-0.05 - k * 0.001, 10]))).toEqual(['wall']);
    expect(kinds([0, 1, 2, 3].map((k): Filled => [-0.05 - k * 0.001, 10 + k]))).toEqual(['isolated']);
  });

  test('two less than 1 % apart are a stack, two further apart are not', () => {
    const near: Filled[] = [
      [-0.0405, 10],
      [-0.0505, 10],
    ];
    const far: Filled[] = [
      [-0.0405, 10],
      [-0.0525, 10],
    ];
    expect(kinds(near)).toEqual(['stack', 'stack']);
    expect(kinds(far)).toEqual(['wall', 'wall']);
  });

  test('three with even or shrinking gaps are a ladder, with growing gaps a stack', () => {
    const at = (...distances: number[]) => kinds(distances.map((d): Filled => [-d, 10]));
    expect(at(0.03, 0.037, 0.044)).toEqual(['ladder', 'ladder', 'ladder']);
    expect(at(0.03, 0.038, 0.043)).toEqual(['ladder', 'ladder', 'ladder']);
    expect(at(0.03, 0.034, 0.042)).toEqual(['stack', 'stack', 'stack']);
  });

  test('a chain on one side does not make the other side a stack', () => {
    expect(
      kinds([
        [-0.003, 10],
        [0.003, 10],
      ]),
    ).toEqual(['wall', 'wall']);
  });
});

test('the nearest clusters of a side come first, with the gap to the next', () => {
  const clusters = findClusters(
    mapWith(
      [0.02, 0.05, 0.08, 0.11].map((d): Filled => [-d, 10]),
      { background: 1 },
    ),
  );
  const near = nearestClusters(clusters, 'long', 3);
  expect(near).toHaveLength(3);
  expect(near.map((c) => Math.round(c.distance * 100))).toEqual([2, 5, 8]);
  expect(near[0]!.gap).toBeCloseTo((near[0]!.low - near[1]!.high) / 100, 12);
  expect(nearestClusters(clusters, 'short')).toEqual([]);
  for (const count of [-1, 0.5, Number.NaN])
    expect(() => nearestClusters(clusters, 'long', count)).toThrow(RangeError);
});

describe('air', () => {
  test('is 3 % and more without a cluster of either side', () => {
    const clusters = findClusters(
      mapWith([
        [-0.02, 10],
        [0.005, 10],
        [0.09, 10],
      ]),
    );
    const [below, above, ...others] = airGaps(clusters, 100);
    expect(others).toEqual([]);
    expect(below!.low).toBeCloseTo(90, 9);
    expect(below!.high).toBe(clusters[0]!.low);
    expect([above!.low, above!.high]).toEqual([clusters[1]!.high, clusters[2]!.low]);
    expect(above!.width).toBeCloseTo((above!.high - above!.low) / 100, 12);
  });

  test('counts exactly 3 %', () => {
    expect(airGaps([], 100, 0.015)).toHaveLength(1);
    expect(airGaps([], 100, 0.0149)).toHaveLength(0);
  });

  test('refuses impossible prices and reaches', () => {
    for (const price of [0, -1, Number.NaN]) expect(() => airGaps([], price)).toThrow(RangeError);
    for (const reach of [0, 1, Number.NaN]) expect(() => airGaps([], 100, reach)).toThrow(RangeError);
  });
});

test('a map is symmetric while its sides are within 1.5 of each other', () => {
  expect(mapShape({ longUsd: 340e6, shortUsd: 180e6 })).toBe('asymmetric');
  expect(mapShape({ longUsd: 150, shortUsd: 100 })).toBe('symmetric');
  expect(mapShape({ longUsd: 100, shortUsd: 150 })).toBe('symmetric');
  expect(mapShape({ longUsd: 100, shortUsd: 151 })).toBe('asymmetric');
  expect(mapShape({ longUsd: 151, shortUsd: 100 })).toBe('asymmetric');
  expect(mapShape({ longUsd: 1, shortUsd: 0 })).toBe('asymmetric');
  expect(mapShape({ longUsd: 0, shortUsd: 0 })).toBe('symmetric');
  expect(() => mapShape({ longUsd: Number.NaN, shortUsd: 0 })).toThrow(RangeError);
});

test('clusters never overlap, hold no more than the map, and have only finite numbers', () => {
  fc.assert(
    fc.property(randomMap, (map) => {
      const clusters = findClusters(map);
      for (const side of sides) {
        const own = clusters.filter((cluster) => cluster.side === side);
        const total = map[side].reduce((a, b) => a + b, 0);
        const held = own.reduce((a, cluster) => a + cluster.usd, 0);
        expect(held).toBeLessThanOrEqual(total * (1 + 1e-9));
        own.forEach((cluster, i) => {
          if (i > 0) expect(cluster.low).toBeGreaterThanOrEqual(own[i - 1]!.high * (1 - 1e-12));
          expect(cluster.low).toBeLessThan(cluster.high);
          expect(cluster.peak).toBeGreaterThanOrEqual(cluster.low);
          expect(cluster.peak).toBeLessThanOrEqual(cluster.high);
          expect(cluster.tiers).toHaveLength(tierLeverages.length);
          const { side: _side, kind: _kind, tiers, gap, ...numbers } = cluster;
          for (const value of [...Object.values(numbers), ...tiers, gap ?? 0]) {
            expect(Number.isFinite(value) && value >= 0).toBe(true);
          }
        });
      }
    }),
  );
});

test.each(spoiledMaps(mapWith([[-0.05, 30]])))('a map with %s is refused', (_, map) => {
  expect(() => findClusters(map)).toThrow(/^findClusters requires/);
});

const recordings = [
  'binance-BTCUSDT-5m-2024-09',
  'binance-DOGEUSDT-5m-2024-09',
  'binance-XRPUSDT-5m-2024-09',
  'binance-BTCUSDT-5m-2025-12',
  'binance-SOLUSDT-5m-2025-12',
].map((name) => ({ name, bars: name.endsWith('2024-09') ? embeddedBars(name) : extraBars(name) }));

describe.each(recordings)('on recorded bars of $name', ({ bars }) => {
  const moments = bars ? [0.5, 0.7, 0.9, 1].map((part) => Math.floor(bars.length * part)) : [];
  const maps = moments.map((count) => {
    const known = firstBars(bars!, count);
    const price = known.close[count - 1]!;
    const openInterest = known.openInterestClose[count - 1]!;
    return buildMap([{ venue: 'binance', bars: known, mark: price, openInterest, maxLeverage: 100 }], {
      window: '24h',
      step: 0.001,
      price,
    });
  });

  test.skipIf(!bars)('both sides have a cluster within 5 %, longs below price and shorts above', () => {
    for (const map of maps) {
      const clusters = findClusters(map);
      for (const side of sides) expect(nearestClusters(clusters, side)[0]!.distance).toBeLessThan(0.05);
      for (const { side, low, high } of clusters) {
        if (side === 'long') expect(high).toBeLessThanOrEqual(map.price);
        else expect(low).toBeGreaterThanOrEqual(map.price);
      }
    }
  });

  test.skipIf(!bars)(
    'a coarser step keeps every dollar and still has a cluster where the largest was',
    () => {
      for (const map of maps) {
        const coarse = rebin(map, 0.0025);
        const total = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
        for (const side of sides) {
          expect(total(coarse[side]) / total(map[side])).toBeCloseTo(1, 9);
          const { low, high } = maxPain(findClusters(map), map.price)[side]!;
          const isMet = findClusters(coarse).some(
            (other) => other.side === side && other.low < high && other.high > low,
          );
          expect(isMet).toBe(true);
        }
      }
    },
  );
});
