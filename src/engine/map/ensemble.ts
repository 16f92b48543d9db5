import { need } from '../need';
import type { InventoryOptions } from '../positions/inventory-options';
import { quantile } from '../quantile';
import { buildMap, type MapOptions, type VenueBars } from './map';

/** At risk per band over the members of the ensemble, USD: 10th, 50th and 90th percentile. */
export interface BandSpread {
  p10: Float64Array;
  p50: Float64Array;
  p90: Float64Array;
}

const kappas = [0.3, 0.6, 1.2];
const widenings = [0.2, 0.35, 0.7];
/** Share of new positions per tier: lower, measured and higher leverage. */
const mixes = [
  [0.1, 0.2, 0.25, 0.25, 0.2],
  [0.05, 0.1, 0.2, 0.3, 0.35],
  [0.02, 0.08, 0.15, 0.3, 0.45],
];
const maintenanceFactors = [0.8, 1, 1.2];

/**
 * Models that data cannot tell apart well: turnover, widening, leverage mix and maintenance rate at three values each.
 * Nine members in an orthogonal array (L9) show every pair of values once, where all combinations would be 81.
 */
export function ensembleModels(maxLeverage: number): Omit<InventoryOptions, 'maxLeverage'>[] {
  need(maxLeverage >= 1 && maxLeverage <= 1000, 'ensembleModels', 'a maximum leverage between 1 and 1000');
  return [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => ({
      kappa: kappas[a]!,
      wideningPerRange: widenings[b]!,
      tierWeights: mixes[(a + b) % 3]!,
      maintenanceRate: maintenanceFactors[(a + 2 * b) % 3]! / (2 * maxLeverage),
    })),
  );
}

/**
 * How much each band could hold: nine maps, one per member of the ensemble, and their percentiles band by band.
 *
 * Costs nine times buildMap. Bands line up with those of buildMap for the same price and step.
 *
 * @throws RangeError as buildMap
 * @example
 * const { long } = buildEnsemble(venues, { window: '24h', step: 0.001, price });
 * long.p90[i]; // one model in ten puts more than this into band i
 */
export function buildEnsemble(
  venues: readonly VenueBars[],
  options: Omit<MapOptions, 'model'>,
): { long: BandSpread; short: BandSpread } {
  const leverage = Math.max(1, ...venues.map((venue) => venue.maxLeverage));
  const maps = ensembleModels(leverage).map((_, k) =>
    buildMap(venues, { ...options, model: (venue) => ensembleModels(venue.maxLeverage)[k]! }),
  );
  return { long: spreadOf(maps.map((map) => map.long)), short: spreadOf(maps.map((map) => map.short)) };
}

function spreadOf(members: Float64Array[]): BandSpread {
  const at = (share: number) =>
    members[0]!.map((_, i) =>
      quantile(
        members.map((bands) => bands[i]!),
        share,
      ),
    );
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** Median and 80 % interval of an amount. */
export interface Expected {
  p10: number;
  p50: number;
  p90: number;
}

/**
 * What would be force-closed if price traded through: q × at risk, with both uncertainties. They are independent, so
 * their logarithmic half-widths add in squares: `ln(p90/p50)² = ln(q90/q50)² + ln(a90/a50)²`, likewise below.
 *
 * @param atRisk spread of the amount at risk over the ensemble, USD or coins, p10 ≤ p50 ≤ p90
 * @param q force-closed ÷ at risk
 * @returns all 0 where the median at risk is 0; a p10 at risk of 0 gives a p10 of 0
 * @throws RangeError for percentiles out of order, negative or not finite
 * @example
 * expectedForced({ p10: 80e6, p50: 100e6, p90: 130e6 }, { p10: 0.001, p50: 0.002, p90: 0.005 }).p50; // 200,000
 */
export function expectedForced(atRisk: Expected, q: Expected): Expected {
  for (const { p10, p50, p90 } of [atRisk, q]) {
    const ordered = p10 >= 0 && p10 <= p50 && p50 <= p90 && p90 < Number.POSITIVE_INFINITY;
    need(ordered, 'expectedForced', 'percentiles in ascending order that are not negative');
  }
  const p50 = atRisk.p50 * q.p50;
  if (p50 === 0) return { p10: 0, p50: 0, p90: 0 };
  const below = Math.hypot(lnRatio(atRisk.p50, atRisk.p10), lnRatio(q.p50, q.p10));
  const above = Math.hypot(lnRatio(atRisk.p90, atRisk.p50), lnRatio(q.p90, q.p50));
  const p90 = Math.exp(Math.log(p50) + above);
  need(p90 < Number.POSITIVE_INFINITY, 'expectedForced', 'amounts that double precision can hold');
  return { p10: Math.exp(Math.log(p50) - below), p50, p90 };
}

/** ln(a / b), infinite where b is 0. */
function lnRatio(a: number, b: number): number {
  return b > 0 ? Math.log(a) - Math.log(b) : Number.POSITIVE_INFINITY;
}
