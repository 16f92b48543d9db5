import { isAmount, isPositive, need, needMap } from '../need';
import type { BandMap, Side } from '../records';

/** How a liquidation fuel ratio reads: below 1 against the position, from 1.5 favourable, from 2 strong. */
export type FuelVerdict = 'against' | 'neutral' | 'favourable' | 'strong';

/** Descriptive, not a forecast. */
export interface Fuel {
  /** At-risk USD of the other side, on the side of the profit. */
  fuelUsd: number;
  /** At-risk USD of the own side, on the side of the loss. */
  riskUsd: number;
  /** fuelUsd / riskUsd; null ("n/a") where the risk side holds less than 0.1 % of open interest. */
  ratio: number | null;
  /** The same with each amount weighted by nearness: fully at the entry, falling evenly to nothing at the reach. */
  weighted: number | null;
  /** Of `ratio`. */
  verdict: FuelVerdict | null;
}

export interface FuelOptions {
  /** Side of the intended position. */
  side: Side;
  /** Price it is entered at. */
  entry: number;
  /** Open interest of the map's venues together, USD. */
  openInterestUsd: number;
  /** How far from the entry amounts count, fraction of it, in (0, 1). */
  within?: number;
}

/** A risk side below this share of open interest gives no ratio. */
const leastRisk = 0.001;

/**
 * Liquidation Fuel Ratio of an intended position: what would be bought by force in its favour ÷ what would be sold by
 * force against it.
 *
 *     long:  short-side USD in (entry, entry · 1.1] ÷ long-side USD in [entry · 0.9, entry)
 *     short: the inverse
 *
 * A band that straddles an end counts in proportion; what lies beyond the map counts as nothing.
 *
 * @param map estimate at one moment
 * @throws RangeError for an entry that is not positive, a reach or open interest out of range, or a map with bad values
 * @example
 * fuelRatio(map, { side: 'long', entry: 97_000, openInterestUsd: 8.5e9 });
 * // 340M above ÷ 180M below: { ratio: 1.89, verdict: 'favourable', … }
 */
export function fuelRatio(map: BandMap, options: FuelOptions): Fuel {
  const { side, entry, openInterestUsd, within = 0.1 } = options;
  needMap(map, 'fuelRatio');
  need(isPositive(entry), 'fuelRatio', 'a positive entry price');
  need(isAmount(openInterestUsd), 'fuelRatio', 'open interest that is not negative');
  need(within > 0 && within < 1, 'fuelRatio', 'a reach between 0 and 1');
  const above = weigh(map, 'short', entry, within);
  const below = weigh(map, 'long', entry, within);
  const [fuel, risk] = side === 'long' ? [above, below] : [below, above];
  const known = risk.usd > 0 && risk.usd >= leastRisk * openInterestUsd;
  const ratio = known ? quotient(fuel.usd, risk.usd) : null;
  return {
    fuelUsd: fuel.usd,
    riskUsd: risk.usd,
    ratio,
    weighted: known ? quotient(fuel.near, risk.near) : null,
    verdict: ratio === null ? null : fuelVerdict(ratio),
  };
}

/**
 * Reads a ratio: < 1 against, 1–1.5 neutral, ≥ 1.5 favourable, ≥ 2 strong.
 *
 * @param ratio ≥ 0
 * @throws RangeError for a ratio that is negative or not finite
 * @example
 * fuelVerdict(340 / 180); // 'favourable'
 */
export function fuelVerdict(ratio: number): FuelVerdict {
  need(isAmount(ratio), 'fuelVerdict', 'a ratio that is not negative');
  if (ratio < 1) return 'against';
  if (ratio < 1.5) return 'neutral';
  return ratio < 2 ? 'favourable' : 'strong';
}

/** Amounts of a side beyond the entry: plain, and weighted by nearness at each band's middle. */
function weigh(map: BandMap, side: Side, entry: number, within: number): { usd: number; near: number } {
  const from = (Math.log(side === 'long' ? entry * (1 - within) : entry) - map.lnLow) / map.step;
  const to = (Math.log(side === 'long' ? entry : entry * (1 + within)) - map.lnLow) / map.step;
  let usd = 0;
  let near = 0;
  for (let i = Math.max(0, Math.floor(from)); i < Math.min(map.count, Math.ceil(to)); i++) {
    const begin = Math.max(from, i);
    const end = Math.min(to, i + 1);
    const part = map[side][i]! * Math.max(0, end - begin);
    const middle = Math.exp(map.lnLow + ((begin + end) / 2) * map.step);
    usd += part;
    near += part * Math.max(0, 1 - Math.abs(middle / entry - 1) / within);
  }
  return { usd, near };
}

function quotient(a: number, b: number): number | null {
  const ratio = a / b;
  return Number.isFinite(ratio) ? ratio : null;
}
