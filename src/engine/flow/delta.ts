import type { Cluster } from '../map/clusters';
import { isAmount, isPositive, isTime, need } from '../need';
import type { Side } from '../records';
import { minuteMs } from '../time';

/** Minutes kept: the quarter of an hour that is looked at, the same five minutes earlier, and the one being filled. */
const kept = 21;

/**
 * Taker buying and selling of one symbol by the minute, over all venues whose trades are told. Adding allocates nothing.
 *
 * @example
 * const flow = new TakerFlow();
 * flow.add(trade.time, trade.price * trade.base, trade.taker);
 * flow.delta(now, 15); // USD bought minus USD sold by takers in the last 15 minutes
 */
export class TakerFlow {
  private readonly net = new Float64Array(kept);
  /** Which minute since 1970 a slot holds. */
  private readonly minute = new Float64Array(kept).fill(-1);
  private first = Number.POSITIVE_INFINITY;

  /**
   * Adds a trade. Trades may come a little out of order; what is older than the minutes kept is dropped.
   *
   * @param time ms, positive
   * @param usd ≥ 0
   * @param taker side of the one who crossed the spread
   * @throws RangeError for a time or an amount out of range
   */
  add(time: number, usd: number, taker: 'buy' | 'sell'): void {
    need(isTime(time), 'TakerFlow.add', 'a positive time');
    need(isAmount(usd), 'TakerFlow.add', 'an amount that is not negative');
    const minute = Math.floor(time / minuteMs);
    const slot = minute % kept;
    if (minute < this.minute[slot]!) return;
    if (minute > this.minute[slot]!) {
      this.minute[slot] = minute;
      this.net[slot] = 0;
    }
    this.net[slot]! += taker === 'buy' ? usd : -usd;
    this.first = Math.min(this.first, minute);
  }

  /**
   * USD bought minus USD sold by takers in the minutes that ended by `now`, the running one included.
   *
   * @param now ms, positive
   * @param minutes 1–20
   * @param ago minutes by which the span ends earlier, 0–5
   * @returns null where trades have not been watched for that long
   * @throws RangeError for a span that is not kept
   */
  delta(now: number, minutes: number, ago = 0): number | null {
    need(isTime(now), 'TakerFlow.delta', 'a positive time');
    need(
      Number.isInteger(minutes) && Number.isInteger(ago) && minutes >= 1 && ago >= 0 && minutes + ago < kept,
      'TakerFlow.delta',
      `whole minutes, fewer than ${kept} together`,
    );
    const last = Math.floor(now / minuteMs) - ago;
    if (this.first > last - minutes + 1) return null;
    let sum = 0;
    for (let minute = last - minutes + 1; minute <= last; minute++) {
      if (this.minute[minute % kept] === minute) sum += this.net[minute % kept]!;
    }
    return sum;
  }
}

export interface DeltaDivergence {
  side: Side;
  cluster: Cluster;
  /** Taker buying minus selling over 15 minutes, USD, and the same five minutes earlier. */
  delta: number;
  before: number;
}

const nearness = 0.005;

/**
 * Takers leaning against a cluster that price has come close to: within 0.5 % of a long cluster while taker buying minus
 * selling over 15 minutes is positive and higher than five minutes ago (the fall is absorbed); mirrored at short
 * clusters.
 *
 * @param clusters of the map, as `clustersAt` returns them
 * @param price now, positive
 * @param now ms
 * @returns null where there is none, or trades have not been watched for 20 minutes
 * @throws RangeError for a price or time that is not positive
 * @example
 * deltaDivergence(clusters, 95_400, flow, now); // { side: 'long', delta: 2.1e6, before: 0.4e6, cluster }
 */
export function deltaDivergence(
  clusters: readonly Cluster[],
  price: number,
  flow: TakerFlow,
  now: number,
): DeltaDivergence | null {
  need(isPositive(price), 'deltaDivergence', 'a positive price');
  need(isTime(now), 'deltaDivergence', 'a positive time');
  const delta = flow.delta(now, 15);
  const before = flow.delta(now, 15, 5);
  if (delta === null || before === null) return null;
  const side = delta > 0 && delta > before ? 'long' : delta < 0 && delta < before ? 'short' : null;
  let nearest: Cluster | null = null;
  let least = nearness;
  for (const cluster of clusters) {
    if (cluster.side !== side) continue;
    const distance = Math.max(0, side === 'long' ? 1 - cluster.high / price : cluster.low / price - 1);
    // A cluster that price has left behind entirely is no longer in its way.
    const behind = side === 'long' ? cluster.low > price : cluster.high < price;
    if (behind || distance > least) continue;
    least = distance;
    nearest = cluster;
  }
  return side !== null && nearest !== null ? { side, cluster: nearest, delta, before } : null;
}
