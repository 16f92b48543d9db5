import * as fc from 'fast-check';
import { sideRange } from '../../src/engine/map/bands';
import { type BandMap, type Side, tierLeverages } from '../../src/engine/records';

/** One filled band: its middle as a signed fraction of price (below zero for longs), USD, and mean age in hours. */
export type Filled = [distance: number, usd: number, ageHours?: number];

/** A map of empty bands around `price`, `reach` wide on both sides in ln(price), bands at whole multiples of `step`. */
export function emptyMap(price = 100, step = 0.001, reach = 0.35): BandMap {
  const first = Math.floor((Math.log(price) - reach) / step);
  const count = Math.ceil((Math.log(price) + reach) / step) - first;
  return {
    time: 1_700_000_000_000,
    price,
    lnLow: first * step,
    step,
    count,
    long: new Float64Array(count),
    short: new Float64Array(count),
    longAge: new Float64Array(count),
    shortAge: new Float64Array(count),
    longTiers: new Float64Array(count * tierLeverages.length),
    shortTiers: new Float64Array(count * tierLeverages.length),
  };
}

/** Puts an amount into one band, all of it in the 10x tier. */
export function fillBand(map: BandMap, side: Side, band: number, usd: number, ageHours = 1): void {
  map[side][band] = usd;
  map[`${side}Age`][band] = usd > 0 ? ageHours * 3_600_000 : 0;
  map[`${side}Tiers`][map.count + band] = usd;
}

/** A map with these bands filled and a floor of `background` USD in every other band of its side. */
export function mapWith(
  bands: readonly Filled[],
  { price = 100, step = 0.001, background = 0 }: { price?: number; step?: number; background?: number } = {},
): BandMap {
  const map = emptyMap(price, step);
  for (const side of ['long', 'short'] as const) {
    const [from, to] = sideRange(map, side);
    if (background > 0) for (let i = from; i < to; i++) fillBand(map, side, i, background);
  }
  for (const [distance, usd, age] of bands) {
    const band = Math.floor((Math.log(price * (1 + distance)) - map.lnLow) / step);
    fillBand(map, distance < 0 ? 'long' : 'short', band, usd, age);
  }
  return map;
}

const amount = fc
  .oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 6, arbitrary: fc.double({ min: 0, max: 1e7, noNaN: true }) },
    { weight: 1, arbitrary: fc.double({ min: 0, max: 1e12, noNaN: true }) },
  )
  .map((usd) => Math.round(usd * 100) / 100); // whole cents: a subnormal amount has no share of 1e-9

/** Any map the engine may produce: price anywhere in its band, sparse or full, tiers that add up. */
export const randomMap: fc.Arbitrary<BandMap> = fc
  .record({
    lnPrice: fc.double({ min: Math.log(1e-6), max: Math.log(1e6), noNaN: true }),
    step: fc.constantFrom(0.0005, 0.001, 0.002, 0.0025, 0.005, 0.01),
    below: fc.array(amount, { minLength: 1, maxLength: 80 }),
    above: fc.array(amount, { minLength: 1, maxLength: 80 }),
    split: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 5 }),
    ageMs: fc.integer({ min: 0, max: 30 * 24 * 3_600_000 }),
  })
  .map(({ lnPrice, step, below, above, split, ageMs }) => {
    const at = Math.floor(lnPrice / step);
    const count = below.length + above.length;
    const map = {
      ...emptyMap(1, step, step),
      price: Math.exp(lnPrice),
      lnLow: (at - below.length) * step,
      count,
    };
    for (const side of ['long', 'short'] as const) {
      map[side] = new Float64Array(count);
      map[`${side}Age`] = new Float64Array(count);
      map[`${side}Tiers`] = new Float64Array(count * tierLeverages.length);
      const total = split.reduce((sum, part) => sum + part, 0);
      const [from, to] = sideRange(map, side);
      for (let i = from; i < to; i++) {
        const usd = (side === 'long' ? below[i] : above[i - below.length]) ?? 0;
        map[side][i] = usd;
        map[`${side}Age`][i] = usd > 0 ? ageMs : 0;
        for (let t = 0; t < tierLeverages.length; t++) {
          map[`${side}Tiers`][t * count + i] = usd * (total > 0 ? split[t]! / total : 0.2);
        }
      }
    }
    return map;
  });

/** The same map with one value spoiled, for tests of what is refused. */
export const spoiledMaps = (map: BandMap): [what: string, map: BandMap][] => {
  const spoil = (change: (copy: BandMap) => void): BandMap => {
    const copy = structuredClone(map);
    change(copy);
    return copy;
  };
  return [
    ['a price of zero', spoil((copy) => (copy.price = 0))],
    ['a price that is not a number', spoil((copy) => (copy.price = Number.NaN))],
    ['a price beyond its bands', spoil((copy) => (copy.price *= 1e6))],
    ['bands without width', spoil((copy) => (copy.step = 0))],
    ['no bands', spoil((copy) => (copy.count = 0))],
    ['a column too short', spoil((copy) => (copy.long = copy.long.subarray(1)))],
    ['an amount that is not a number', spoil((copy) => (copy.short[0] = Number.NaN))],
    ['a negative amount', spoil((copy) => (copy.long[0] = -1))],
    ['an endless amount', spoil((copy) => (copy.longTiers[0] = Number.POSITIVE_INFINITY))],
    ['a negative age', spoil((copy) => (copy.shortAge[0] = -1))],
  ];
};
