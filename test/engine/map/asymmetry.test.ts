import { describe, expect, test } from 'vitest';
import { asymmetry } from '../../../src/engine/map/asymmetry';
import { buildMap } from '../../../src/engine/map/map';

describe('asymmetry', () => {
  const map = buildMap([], { window: '24h', step: 0.01, price: 100 });
  const band = (price: number) => Math.floor((Math.log(price) - map.lnLow) / map.step);
  map.long[band(97)] = 340e6;
  map.short[band(103)] = 180e6;
  map.short[band(108)] = 1e9;

  test('340M below against 180M above within 5 % is 1.89', () => {
    expect(asymmetry(map, 0.05).ratio).toBeCloseTo(1.8889, 4);
    expect(asymmetry(map, 0.1).shortUsd).toBeCloseTo(1.18e9, -3);
  });

  test('without shorts there is no ratio', () => {
    expect(asymmetry(buildMap([], { window: '24h', step: 0.01, price: 100 }), 0.05).ratio).toBeNull();
  });

  test('refuses a distance outside 0–1', () => {
    for (const within of [0, 1, Number.NaN]) expect(() => asymmetry(map, within)).toThrow(RangeError);
  });
});
