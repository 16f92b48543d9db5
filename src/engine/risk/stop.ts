import { type Cluster, chainGap } from '../map/clusters';
import { isAmount, isPositive, need } from '../need';
import type { Side } from '../records';

export interface StopInput {
  /** Side of the position. */
  side: Side;
  entry: number;
  /** Measured 80th percentile overshoot, fraction of price, as `overshootP80` returns it. */
  overshoot: number;
  /** Average true range of an hour, in quote currency; null where bars are missing. */
  atr1h: number | null;
}

export interface Stop {
  price: number;
  /** From the entry, fraction of it. */
  distance: number;
  /** The chained run it stands behind, nearest cluster first. */
  run: Cluster[];
  /** Far edge of the run. */
  edge: number;
  /** Room beyond the edge, fraction of price, and what decided it. */
  buffer: number;
  reason: 'least' | 'overshoot' | 'atr';
}

const leastBuffer = 0.005;
/** Clusters farther from the entry than this are context; no stop is placed behind them. */
const stopReach = 0.05;

/**
 * Where a stop stands behind the clusters against a position: beyond the far edge of the whole chained run (gaps below
 * 1 %), by the largest of 0.5 %, the measured overshoot and half the hourly ATR.
 *
 *     long:  stop = lowest price of the run · (1 − buffer)        short: highest price · (1 + buffer)
 *
 * @param clusters of the map, as `clustersAt` returns them
 * @returns null where no cluster lies within 5 % against the position: there is nothing to stand behind
 * @throws RangeError for prices, overshoot or ATR out of range
 * @example
 * chainedStop(clusters, { side: 'long', entry: 97_000, overshoot: 0.008, atr1h: 400 });
 * // run 96,100–95,200: { price: 94_438.4, distance: 0.0264, buffer: 0.008, reason: 'overshoot', … }
 */
export function chainedStop(clusters: readonly Cluster[], input: StopInput): Stop | null {
  const { side, entry, overshoot, atr1h } = input;
  need(isPositive(entry), 'chainedStop', 'a positive entry price');
  need(isAmount(overshoot) && overshoot < 0.5, 'chainedStop', 'an overshoot from 0 to below 0.5');
  need(atr1h === null || isAmount(atr1h), 'chainedStop', 'an ATR that is not negative');
  const run = runAgainst(clusters, side, entry);
  if (run.length === 0) return null;
  const last = run[run.length - 1]!;
  const edge = side === 'long' ? last.low : last.high;
  const halfAtr = (atr1h ?? 0) / 2 / entry;
  const buffer = Math.max(leastBuffer, overshoot, halfAtr);
  need(buffer < 1, 'chainedStop', 'an ATR below twice the price');
  const price = side === 'long' ? edge * (1 - buffer) : edge * (1 + buffer);
  return {
    price,
    distance: Math.abs(price / entry - 1),
    run,
    edge,
    buffer,
    reason: buffer === leastBuffer ? 'least' : buffer === overshoot ? 'overshoot' : 'atr',
  };
}

/** The cluster of the own side nearest against the position, and those chained to it outwards. */
function runAgainst(clusters: readonly Cluster[], side: Side, entry: number): Cluster[] {
  const against = clusters
    .filter(
      (cluster) => cluster.side === side && (side === 'long' ? cluster.low < entry : cluster.high > entry),
    )
    .sort((a, b) => (side === 'long' ? b.high - a.high : a.low - b.low));
  const run: Cluster[] = [];
  for (const cluster of against) {
    const before = run[run.length - 1];
    const gap = before
      ? (side === 'long' ? before.low - cluster.high : cluster.low - before.high) / entry
      : (side === 'long' ? entry - cluster.high : cluster.low - entry) / entry;
    if (before ? gap >= chainGap : gap > stopReach) break;
    run.push(cluster);
  }
  return run;
}

export interface Size {
  /** Coins and USD at entry that lose the budget when the stop is hit. */
  base: number;
  usd: number;
}

/**
 * Position size from a risk budget: budget ÷ stop distance. A wide stop asks for a smaller position, never for a
 * tighter stop.
 *
 * @param budgetUsd what may be lost, USD, ≥ 0
 * @param entry and `stop` prices, positive and different
 * @throws RangeError for amounts out of range or a stop at the entry
 * @example
 * sizeForBudget(500, 97_000, 94_500); // { base: 0.2, usd: 19_400 }
 */
export function sizeForBudget(budgetUsd: number, entry: number, stop: number): Size {
  need(isAmount(budgetUsd), 'sizeForBudget', 'a budget that is not negative');
  need(isPositive(entry) && isPositive(stop), 'sizeForBudget', 'positive prices');
  const base = budgetUsd / Math.abs(entry - stop);
  need(Number.isFinite(base) && Number.isFinite(base * entry), 'sizeForBudget', 'a stop away from the entry');
  return { base, usd: base * entry };
}
