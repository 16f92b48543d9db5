import type { BandMap, Side } from '../records';

/** A local maximum of an excess. */
export interface Peak {
  /** Number of its band in the map. */
  band: number;
  /** How far the excess falls, at least, before it rises above the peak: on the higher of the two sides. */
  prominence: number;
  /** Bands above half its prominence. */
  width: number;
}

/** ln(excess) by band, for the bands `from` … of a map. */
interface Excess {
  from: number;
  values: Float64Array;
}

/** Smoothing, in bands: what is a peak, and what its surroundings. */
const sharp = 0.6;
const broad = 6;
/** Added to both, as a share of the side's mean: where next to nothing is, nothing stands out. */
const floor = 0.03;

/**
 * How much more a side of a map stands out than it typically does, band by band outwards from price:
 * `ln[(G_.6 f + ε)/(G_6 f + ε)] − ln[(G_.6 p + ε′)/(G_6 p + ε′)]`, f the map, p the typical map, G_σ a Gaussian of σ bands,
 * ε 3 % of the side's mean.
 *
 * @param map with `typical` and `times`
 * @param reach bands from price
 */
export function excessOf(map: BandMap, side: Side, reach: number): Excess {
  const at = Math.floor((Math.log(map.price) - map.lnLow) / map.step);
  const from = Math.max(0, side === 'long' ? at - reach : at);
  const to = Math.min(map.count, side === 'long' ? at + 1 : at + reach + 1);
  const typical = map.typical![side].subarray(from, to);
  const holds = typical.map((usd, i) => usd * map.times![side][from + i]!);
  const own = standing(holds);
  const usual = standing(typical);
  return { from, values: own.map((value, i) => value - usual[i]!) };
}

/** ln of what is there ÷ what is around it. */
function standing(amounts: Float64Array): Float64Array {
  let mean = 0;
  for (const amount of amounts) mean += amount / amounts.length;
  const least = floor * mean;
  if (!(least > 0)) return new Float64Array(amounts.length);
  const here = smooth(amounts, sharp);
  const around = smooth(amounts, broad);
  return here.map((value, i) => Math.log((value + least) / (around[i]! + least)));
}

/** Weighted means with a Gaussian of `sigma` bands; at the ends only what is there counts. */
function smooth(values: Float64Array, sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-(k * k) / (2 * sigma * sigma)));
  return values.map((_, i) => {
    let sum = 0;
    let weights = 0;
    for (let k = Math.max(0, i - reach); k <= Math.min(values.length - 1, i + reach); k++) {
      const weight = kernel[Math.abs(k - i)]!;
      sum += weight * values[k]!;
      weights += weight;
    }
    return sum / weights;
  });
}

/**
 * The local maxima whose prominence is at least `least`, in order of their bands. An end of the row counts as a fall to
 * nothing, unless it is the maximum itself.
 */
export function peaksOf({ from, values }: Excess, least: number): Peak[] {
  const peaks: Peak[] = [];
  for (let i = 1; i + 1 < values.length; i++) {
    const top = values[i]!;
    if (!(top > values[i - 1]! && top >= values[i + 1]!)) continue;
    const prominence = top - Math.max(lowestBefore(values, i, -1), lowestBefore(values, i, 1));
    if (prominence < least) continue;
    const half = top - prominence / 2;
    let low = i;
    let high = i;
    while (low > 0 && values[low - 1]! > half) low--;
    while (high + 1 < values.length && values[high + 1]! > half) high++;
    peaks.push({ band: from + i, prominence, width: high - low + 1 });
  }
  return peaks;
}

/** The lowest value on the way from a peak to the next value above it, or to the end. */
function lowestBefore(values: Float64Array, peak: number, direction: 1 | -1): number {
  let lowest = values[peak]!;
  for (let i = peak + direction; i >= 0 && i < values.length && values[i]! <= values[peak]!; i += direction)
    lowest = Math.min(lowest, values[i]!);
  return lowest;
}
