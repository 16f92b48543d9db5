import type { SeenPosition } from '../map/large-accounts';
import { isAmount, isPositive, need, needMap } from '../need';
import type { BandMap } from '../records';

/**
 * Share of observed liquidation prices (by USD) that lies in the densest tenth of a map's bands: 0.1 if the map knew
 * nothing. Only bands and positions within `reach` of price count.
 *
 * @param density USD per band, both sides together, or any other ranking of the bands of `map`
 * @param reach in ln(price), above 0
 * @param positions of the same symbol
 * @returns the share and how many positions counted; 0 of 0 where none lies within reach
 * @throws RangeError unless there is one finite density per band and the reach is positive, or for a map or positions
 * with bad values
 * @example
 * shareInDensestTenth(map, bothSides, positions, 0.1); // { share: 0.34, positions: 812 }
 */
export function shareInDensestTenth(
  map: BandMap,
  density: ArrayLike<number>,
  positions: readonly SeenPosition[],
  reach: number,
): { share: number; positions: number } {
  needMap(map, 'shareInDensestTenth');
  need(density.length === map.count, 'shareInDensestTenth', 'one density per band');
  for (let i = 0; i < map.count; i++)
    need(Number.isFinite(density[i]), 'shareInDensestTenth', 'finite densities');
  need(isPositive(reach), 'shareInDensestTenth', 'a positive reach');
  const ln = Math.log(map.price);
  const bands = Array.from(density, (_, i) => i).filter(
    (i) => Math.abs(map.lnLow + (i + 0.5) * map.step - ln) < reach,
  );
  const order = bands.toSorted((i, j) => density[j]! - density[i]!);
  const densest = new Set(order.slice(0, Math.round(order.length / 10)));
  const within = new Set(bands);
  let inside = 0;
  let all = 0;
  let counted = 0;
  for (const { distance, usd } of positions) {
    need(
      Number.isFinite(distance) && isAmount(usd),
      'shareInDensestTenth',
      'positions at a distance, with amounts that are not negative',
    );
    const band = Math.floor((ln + distance - map.lnLow) / map.step);
    if (!within.has(band)) continue;
    counted++;
    all += usd;
    if (densest.has(band)) inside += usd;
  }
  return { share: all > 0 ? inside / all : 0, positions: counted };
}
