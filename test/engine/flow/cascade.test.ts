import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cascadeTable, walkCascade } from '../../../src/engine/flow/cascade';
import { joinBooks } from '../../../src/engine/flow/depth';
import { sides } from '../../../src/engine/records';
import { clustersOf } from '../clusters-of';
import { evenBook, randomBook } from '../random-book';
import { emptyMap, fillBand, mapWith, randomMap, spoiledMaps } from '../random-map';

/** Price e^4.6, so that bands end at whole multiples of their width; one filled band 2 % below, another 2.5 %. */
function twoBands(first: number, second: number) {
  const map = emptyMap(Math.exp(4.6), 0.001, 0.1);
  const band = Math.round((4.58 - map.lnLow) / map.step);
  fillBand(map, 'long', band - 1, first);
  fillBand(map, 'long', band - 6, second);
  return map;
}

const depthOf = (price: number) => joinBooks([evenBook(price, 1000, 0.1)], price);

describe('a cascade', () => {
  const map = twoBands(20e6, 50e6);
  const clusters = clustersOf(map);
  const depth = depthOf(map.price);

  test('stops where the book has eaten what the nearest cluster forces', () => {
    // 20M · 0.1 % = 20,000 USD eat 20 cells of 1,000 beyond the cluster's far edge at 2.1 %.
    const walk = walkCascade(map, clusters, depth, { side: 'long', q: 0.001 })!;
    expect(walk.pushedTo).toBeCloseTo(map.price * Math.exp(-0.021), 9);
    expect(walk.stop).toBeCloseTo(map.price * Math.exp(-0.023), 6);
    expect(walk.forcedUsd).toBeCloseTo(20_000, 3);
    expect(walk.pushUsd).toBeCloseTo(210_000, 0);
    expect(walk.reached).toHaveLength(1);
    expect(walk.extrapolated).toBe(false);
  });

  test('goes on where it reaches the next cluster', () => {
    // 50,000 USD reach 2.6 %, through the second band, which adds 125,000: 175 cells beyond 2.1 %.
    const walk = walkCascade(map, clusters, depth, { side: 'long', q: 0.0025 })!;
    expect(walk.reached).toHaveLength(2);
    expect(walk.atRiskUsd).toBeCloseTo(70e6, 0);
    expect(walk.stop).toBeCloseTo(map.price * Math.exp(-0.0385), 6);
  });

  test('counts a cluster as reached from its near edge on', () => {
    const [far, near] = clusters;
    const reached = (to: number) => walkCascade(map, clusters, depth, { side: 'long', q: 0, to })!.reached;
    expect(reached(near!.high * 1.0001)).toEqual([]);
    expect(reached(near!.peak)).toEqual([near]);
    expect(reached(far!.peak)).toEqual([near, far]);
  });

  test('without forced orders stops where the push ends', () => {
    const walk = walkCascade(map, clusters, depth, { side: 'long', q: 0 })!;
    expect(walk.stop).toBeCloseTo(walk.pushedTo, 9);
    expect(walk.forcedUsd).toBe(0);
  });

  test('does not exist on a side without clusters', () => {
    expect(walkCascade(map, clusters, depth, { side: 'short', q: 0.01 })).toBeNull();
  });

  test('says where it left the recorded book', () => {
    const short = joinBooks([evenBook(map.price, 1000, 0.01)], map.price);
    expect(walkCascade(map, clusters, short, { side: 'long', q: 0.001 })!.extrapolated).toBe(true);
  });
});

test('the table has moves of 1, 2, 3, 5 and 10 % to both sides', () => {
  const map = twoBands(20e6, 50e6);
  const rows = cascadeTable(map, clustersOf(map), depthOf(map.price), 0.001);
  expect(rows.map((row) => row.move)).toEqual([
    -0.01, -0.02, -0.03, -0.05, -0.1, 0.01, 0.02, 0.03, 0.05, 0.1,
  ]);
  expect(rows.map((row) => row.side)).toEqual([...Array(5).fill('long'), ...Array(5).fill('short')]);
  expect(rows[0]!.forcedUsd).toBe(0);
  expect(rows[2]!.forcedUsd).toBeGreaterThanOrEqual(70_000 * (1 - 1e-9));
  expect(rows[5]!.stop).toBeCloseTo(map.price * 1.01, 9);
});

test('a farther push and a larger share never stop earlier or force less', () => {
  const scene = randomMap.chain((map) => fc.record({ map: fc.constant(map), book: randomBook(map.price) }));
  fc.assert(
    fc.property(
      scene,
      fc.constantFrom(...sides),
      fc.tuple(fc.double({ min: 0, max: 0.3, noNaN: true }), fc.double({ min: 0, max: 0.3, noNaN: true })),
      fc.tuple(fc.double({ min: 0, max: 0.1, noNaN: true }), fc.double({ min: 0, max: 0.1, noNaN: true })),
      ({ map, book }, side, pushes, shares) => {
        const depth = joinBooks([book], map.price);
        const clusters = clustersOf(map);
        const [near, far] = pushes.sort((a, b) => a - b) as [number, number];
        const [small, large] = shares.sort((a, b) => a - b) as [number, number];
        const walk = (push: number, q: number) => {
          const to = map.price * (side === 'long' ? 1 - push : 1 + push);
          const result = walkCascade(map, clusters, depth, { side, q, to })!;
          const { stop, distance, atRiskUsd, forcedUsd, pushUsd } = result;
          for (const value of [stop, distance, atRiskUsd, forcedUsd, pushUsd])
            expect(Number.isFinite(value) && value >= 0).toBe(true);
          return result;
        };
        const slack = 1e-9;
        expect(walk(far, small).distance).toBeGreaterThanOrEqual(walk(near, small).distance - slack);
        expect(walk(near, large).distance).toBeGreaterThanOrEqual(walk(near, small).distance - slack);
        expect(walk(near, large).forcedUsd).toBeGreaterThanOrEqual(walk(near, small).forcedUsd * (1 - 1e-6));
        expect(walk(far, small).reached.length).toBeGreaterThanOrEqual(walk(near, small).reached.length);
      },
    ),
  );
});

test('bad input is refused by name', () => {
  const map = mapWith([[-0.02, 10]]);
  const clusters = clustersOf(map);
  const depth = depthOf(100);
  const good = { side: 'long', q: 0.01 } as const;
  for (const bad of [
    { q: -1 },
    { q: Number.NaN },
    { to: 0 },
    { to: 101 },
    { to: Number.NaN },
    { side: 'short', to: 99 } as const,
    { side: 'short', to: 10_001 } as const,
  ])
    expect(() => walkCascade(map, clusters, depth, { ...good, ...bad })).toThrow(/^walkCascade requires/);
  expect(() => walkCascade(map, clusters, depthOf(90), good)).toThrow(/^walkCascade requires books/);
  for (const [, bad] of spoiledMaps(map)) {
    expect(() => walkCascade(bad, clusters, depth, good)).toThrow(/^walkCascade requires/);
    expect(() => cascadeTable(bad, clusters, depth, 0.01)).toThrow(/^cascadeTable requires/);
  }
});
