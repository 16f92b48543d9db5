import { expect, test } from 'vitest';
import { shareInDensestTenth } from '../../../src/engine/evaluation/observed';
import { buildMap } from '../../../src/engine/map/map';
import { spoiledMaps } from '../random-map';

const map = buildMap([], { window: '24h', step: 0.01, price: 100 });
const density = map.long.map((_, i) => (i < map.count / 10 ? 1 : 0));
const middleOf = (band: number) => map.lnLow + (band + 0.5) * map.step - Math.log(100);

test('positions in the densest bands count by their size, those outside the map not at all', () => {
  const { share, positions } = shareInDensestTenth(
    map,
    density,
    [
      { distance: middleOf(0), usd: 30 },
      { distance: middleOf(map.count - 1), usd: 70 },
      { distance: -3, usd: 1000 },
    ],
    1,
  );
  expect(share).toBeCloseTo(0.3, 12);
  expect(positions).toBe(2);
});

test('no positions give 0, a density of another length is refused', () => {
  expect(shareInDensestTenth(map, density, [], 1)).toEqual({ share: 0, positions: 0 });
  expect(() => shareInDensestTenth(map, [1], [], 1)).toThrow(RangeError);
  expect(() => shareInDensestTenth(map, density, [], 0)).toThrow(RangeError);
});

test('a tenth of the bands is the densest, no more', () => {
  const ranked = map.long.map((_, i) => -i);
  const tenth = Math.round(map.count / 10);
  const at = (band: number) =>
    shareInDensestTenth(map, ranked, [{ distance: middleOf(band), usd: 1 }], 1).share;
  expect([at(0), at(tenth - 1), at(tenth), at(map.count - 1)]).toEqual([1, 1, 0, 0]);
});

test('maps, densities and positions with bad values are refused', () => {
  const at = (distance: number, usd: number) => () =>
    shareInDensestTenth(map, density, [{ distance, usd }], 1);
  for (const call of [at(0, Number.NaN), at(0, -1), at(Number.NaN, 1)])
    expect(call).toThrow(/^shareInDensestTenth requires positions/);
  expect(() => shareInDensestTenth(map, density.with(3, Number.NaN), [], 1)).toThrow(
    /^shareInDensestTenth requires finite densities/,
  );
  for (const [, bad] of spoiledMaps(map))
    expect(() => shareInDensestTenth(bad, density, [], 1)).toThrow(/^shareInDensestTenth requires/);
});

test('only what lies within reach of price counts', () => {
  const near = density.map((_, i) => -Math.abs(middleOf(i)));
  const positions = [
    { distance: middleOf(Math.floor(map.count / 2)), usd: 1 },
    { distance: 0.08, usd: 1 },
    { distance: 0.2, usd: 5 },
  ];
  expect(shareInDensestTenth(map, near, positions, 0.1)).toEqual({ share: 0.5, positions: 2 });
});
