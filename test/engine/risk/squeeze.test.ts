import { describe, expect, test } from 'vitest';
import { checkSqueeze } from '../../../src/engine/risk/squeeze';
import { clustersOf } from '../clusters-of';
import { mapWith } from '../random-map';

const funding = (rate: number) => ({ time: 1, rate, intervalMs: 28_800_000 });
const clusters = clustersOf(
  mapWith([
    [-0.02, 10],
    [0.02, 10],
    [0.025, 12],
    [0.2, 99],
  ]),
);
const squeezed = (rate: number, usual: Parameters<typeof checkSqueeze>[2] = null, of = clusters) =>
  checkSqueeze(of, funding(rate), usual).squeeze;

describe('a squeeze', () => {
  test('of shorts needs funding of −0.05 % per 8 h and a dense short cluster within 3 % above', () => {
    expect(squeezed(-0.0005)).toMatchObject({ side: 'short', funding: -0.0005, threshold: -0.0005 });
    expect(squeezed(-0.0005)!.cluster.distance).toBeLessThan(0.0205);
    expect(squeezed(-0.0004)).toBeNull();
    expect(squeezed(-0.0005, null, clustersOf(mapWith([[0.029, 10]])))).not.toBeNull();
    expect(squeezed(-0.0005, null, clustersOf(mapWith([[0.032, 10]])))).toBeNull();
    expect(squeezed(-0.0005, null, clustersOf(mapWith([[-0.02, 10]])))).toBeNull();
  });

  test('of longs is its mirror', () => {
    expect(squeezed(0.0005)).toMatchObject({ side: 'long', threshold: 0.0005 });
    expect(squeezed(0.0005)!.cluster.high).toBeLessThan(100);
    expect(squeezed(0.0004)).toBeNull();
  });

  test('also comes with funding at or beyond the 5th and 95th percentile of 30 days', () => {
    const usual = { p5: -0.0002, p95: 0.0002 };
    expect(squeezed(-0.0002, usual)).toMatchObject({ side: 'short', threshold: -0.0002 });
    expect(squeezed(0.0002, usual)).toMatchObject({ side: 'long', threshold: 0.0002 });
    expect(squeezed(-0.00019, usual)).toBeNull();
    expect(squeezed(0.00019, usual)).toBeNull();
    // Low for this symbol, though longs still pay.
    expect(squeezed(0.00002, { p5: 0.00003, p95: 0.0002 })).toMatchObject({ side: 'short' });
  });

  test('does not come with the rate at which venues rest, or one that never changes', () => {
    expect(squeezed(0.0001, { p5: -0.00009, p95: 0.0001 })).toBeNull();
    expect(squeezed(0.0003, { p5: 0.0003, p95: 0.0003 })).toBeNull();
  });

  test('goes by the fixed limits first', () => {
    expect(squeezed(0.0006, { p5: 0.0007, p95: 0.002 })).toMatchObject({ side: 'long' });
  });

  test('counts an hourly rate as its eightfold', () => {
    const check = checkSqueeze(clusters, { time: 1, rate: -0.0000625, intervalMs: 3_600_000 }, null);
    expect(check.squeeze).not.toBeNull();
    expect(check.funding).toBe(-0.0005);
  });

  test('is refused without a rate', () => {
    expect(() => squeezed(Number.NaN)).toThrow(RangeError);
  });
});

test('the answer says what is missing', () => {
  const sparse = clusters.map((cluster) => ({ ...cluster, times: cluster.distance < 0.021 ? 1.4 : 1.2 }));
  expect(checkSqueeze(clusters, funding(0), null)).toMatchObject({ missing: 'funding', times: null });
  expect(checkSqueeze([], funding(-0.001), null)).toMatchObject({ missing: 'cluster', times: null });
  expect(checkSqueeze(sparse, funding(-0.001), null)).toEqual({
    squeeze: null,
    missing: 'times',
    funding: -0.001,
    times: 1.4,
  });
  expect(checkSqueeze(clusters, funding(-0.001), null)).toMatchObject({ missing: null, times: 2 });
});
