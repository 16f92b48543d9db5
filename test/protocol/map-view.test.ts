import { expect, test } from 'vitest';
import type { BandMap } from '../../src/engine/records';
import { mapView } from '../../src/protocol/map-view';
import { MapView } from '../../src/protocol/view';

const map: BandMap = {
  time: 1_700_000_000_000,
  price: 100,
  lnLow: Math.log(98),
  step: 0.01,
  count: 4,
  long: Float64Array.of(1234.5, 10.4, 0, 0),
  short: Float64Array.of(0, 0, 0.4, 99_999.6),
  longAge: Float64Array.of(90_000, 29_000, 0, 0),
  shortAge: Float64Array.of(0, 0, 0, 3_600_000),
  longTiers: Float64Array.from({ length: 20 }, (_, i) => i + 0.25),
  shortTiers: new Float64Array(20),
};

const view = mapView(map, {
  symbol: 'ETH-USDT',
  window: '24h',
  provisional: false,
  historyFrom: 1_699_900_000_000,
  asOf: 1_700_000_000_000,
  q: { p10: 0.001, p50: 0.002, p90: 0.005 },
  ratio: { within5: 0.01, within10: 0.01, longUsd5: 1245, shortUsd5: 100_000 },
  clusters: [],
});

test('a view passes the border it is made for', () => {
  expect(MapView(JSON.parse(JSON.stringify(view)))).toBeUndefined();
});

test('amounts are whole dollars, ages whole minutes, tiers keep their order', () => {
  expect(view.long).toEqual([1235, 10, 0, 0]);
  expect(view.short).toEqual([0, 0, 0, 100_000]);
  expect(view.longAge).toEqual([2, 0, 0, 0]);
  expect(view.shortAge).toEqual([0, 0, 0, 60]);
  expect(view.longTiers).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('bands stay where they are', () => {
  expect(view).toMatchObject({ price: 100, lnLow: map.lnLow, step: map.step });
});
