import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cumulativeCurves } from '../../../src/engine/map/curves';
import { mapWith, randomMap, spoiledMaps } from '../random-map';

test('curves add up amounts from price outwards', () => {
  const map = mapWith([
    [-0.02, 5],
    [-0.05, 7],
    [0.03, 11],
  ]);
  const { long, short } = cumulativeCurves(map);
  const at = (price: number) => Math.floor((Math.log(price) - map.lnLow) / map.step);
  expect([long[at(99)], long[at(97)], long[at(94)], long[0]]).toEqual([0, 5, 12, 12]);
  expect([short[at(101)], short[at(104)], short[map.count - 1]]).toEqual([0, 11, 11]);
  expect([long[at(101)], short[at(99)]]).toEqual([0, 0]);
});

test('curves never fall on the way out and end at the total of their side', () => {
  fc.assert(
    fc.property(randomMap, (map) => {
      const { long, short } = cumulativeCurves(map);
      for (let i = 1; i < map.count; i++) {
        if (long[i]! > 0) expect(long[i - 1]).toBeGreaterThanOrEqual(long[i]!);
        expect(short[i]).toBeGreaterThanOrEqual(short[i - 1]!);
      }
      const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
      expect(long[0]).toBeCloseTo(sum(map.long), 0);
      expect(short[map.count - 1]).toBeCloseTo(sum(map.short), 0);
    }),
  );
});

test.each(spoiledMaps(mapWith([[-0.05, 30]])))('a map with %s is refused', (_, map) => {
  expect(() => cumulativeCurves(map)).toThrow(/^cumulativeCurves requires/);
});
