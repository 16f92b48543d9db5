import { expect, test } from 'vitest';
import { airsOf } from '../../src/desk/clusters-panel';
import type { Cluster } from '../../src/engine/map/clusters';

const cluster = (side: Cluster['side'], low: number, high: number) => ({ side, low, high }) as Cluster;

test('three percent and more without a cluster are air, also where price stands in it', () => {
  const clusters = [cluster('short', 105, 106), cluster('long', 90, 91), cluster('long', 97, 98)];
  expect(airsOf(clusters, 100)).toEqual([
    [91, 97],
    [98, 105],
  ]);
});

test('less is none, and beyond the outermost nothing is said', () => {
  expect(airsOf([cluster('long', 98, 99), cluster('short', 101, 102)], 100)).toEqual([]);
  expect(airsOf([cluster('long', 98, 99)], 100)).toEqual([]);
});
