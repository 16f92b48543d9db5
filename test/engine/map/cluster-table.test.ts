import { expect, test } from 'vitest';
import { joinBooks } from '../../../src/engine/flow/depth';
import { clusterTable } from '../../../src/engine/map/cluster-table';
import { clustersOf } from '../clusters-of';
import { evenBook } from '../random-book';
import { type Filled, mapWith } from '../random-map';

const clusters = clustersOf(mapWith([0.02, 0.05, 0.08, 0.11].map((d): Filled => [-d, 1e6])));
const q = { p10: 0.005, p50: 0.01, p90: 0.03 };

test('the table lists the three nearest of a side with at-risk and expected USD', () => {
  const rows = clusterTable(clusters, 'long', q, null);
  expect(rows.map(({ cluster }) => Math.round(cluster.distance * 100))).toEqual([2, 5, 8]);
  expect(rows[0]).toMatchObject({ expected: { p10: 5000, p50: 10_000, p90: 30_000 }, depth: null });
  expect(rows[0]!.cluster.usd).toBe(1e6);
  expect(clusterTable(clusters, 'short', q, null)).toEqual([]);
});

test('the table has depth ratios where there are books', () => {
  const [row] = clusterTable(clusters, 'long', q, joinBooks([evenBook(100, 1000, 0.1)], 100));
  // 1M against about 200 cells of 1,000 USD.
  expect(row!.depth!.atRisk).toBeCloseTo(1e6 / row!.depth!.usd, 9);
  expect(row!.depth!.usd).toBeCloseTo(Math.log(100 / row!.cluster.low) * 1e7, 0);
});

test('shares out of order are refused', () => {
  for (const bad of [{ p10: -1 }, { p50: 0.001 }, { p90: Number.NaN }, { p90: 3 }])
    expect(() => clusterTable(clusters, 'long', { ...q, ...bad }, null)).toThrow(/^clusterTable requires/);
});
