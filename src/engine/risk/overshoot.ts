import { isAmount, isPositive, need, needBars } from '../need';
import { quantile } from '../quantile';
import type { BarColumns, Side } from '../records';
import { hourMs } from '../time';

/** A far edge that price could run through: of a cluster, or of the run a cluster is chained to. */
export interface Edge {
  /** `long`: passed on the way down. */
  side: Side;
  price: number;
  /** Since when it was there, ms: earlier bars do not count. */
  time: number;
}

/** 80th percentile assumed before anything was measured, fraction of price. */
const priorOvershoot = 0.008;
/** How many measured runs the assumption weighs as much as. */
const priorWeight = 10;
/** A run that has not come back within this time was a move, not an overshoot of the edge. */
const followMs = hourMs;

/**
 * How far price ran past each edge before it closed back on the other side of it, within an hour of passing it.
 *
 *     overshoot of a long edge = (edge − lowest low) / edge
 *
 * Edges that were not reached, and runs that had not ended when the bars did, are left out.
 *
 * @param bars ascending in time
 * @param edges in any order
 * @returns fraction of price, one for each edge passed, in the order of `edges`
 * @throws RangeError for bad bars or edges
 * @example
 * measureOvershoots(bars, [{ side: 'long', price: 95_000, time }]); // [0.004]: down to 94,620 and back
 */
export function measureOvershoots(bars: BarColumns, edges: readonly Edge[]): number[] {
  needBars(bars, 'measureOvershoots');
  const found: number[] = [];
  for (const { side, price, time } of edges) {
    need(
      isPositive(price) && Number.isFinite(time),
      'measureOvershoots',
      'edges with a positive price and a time',
    );
    const sign = side === 'long' ? -1 : 1;
    /** How far beyond the edge, as a fraction of it; negative before it. */
    const beyond = (at: number) => sign * (at / price - 1);
    const extremes = side === 'long' ? bars.low : bars.high;
    let i = 0;
    while (i < bars.length && (bars.time[i]! < time || beyond(extremes[i]!) <= 0)) i++;
    if (i === bars.length) continue;
    const until = bars.time[i]! + followMs;
    let farthest = 0;
    let ended = false;
    for (; i < bars.length && !ended; i++) {
      if (bars.time[i]! >= until) ended = true;
      else {
        farthest = Math.max(farthest, beyond(extremes[i]!));
        ended = beyond(bars.close[i]!) < 0;
      }
    }
    need(Number.isFinite(farthest), 'measureOvershoots', 'edges at prices that the bars come near');
    if (ended) found.push(farthest);
  }
  return found;
}

/**
 * The overshoot that four of five runs stay within: the measured 80th percentile, drawn towards the prior of 0.8 %
 * while little has been measured.
 *
 *     w · p80 + (1 − w) · 0.8 %, w = n / (n + 10)
 *
 * @param measured as `measureOvershoots` returns them; may be empty
 * @returns fraction of price
 * @throws RangeError for a negative or non-finite overshoot
 * @example
 * overshootP80([]); // 0.008
 */
export function overshootP80(measured: readonly number[]): number {
  need(measured.every(isAmount), 'overshootP80', 'overshoots that are not negative');
  const n = measured.length;
  if (n === 0) return priorOvershoot;
  const weight = n / (n + priorWeight);
  return weight * quantile(measured, 0.8) + (1 - weight) * priorOvershoot;
}
