import { isPositive, need, needBars } from '../need';
import type { BarColumns } from '../records';

/**
 * Average true range: how far price moves in an interval, the step from the close before included.
 *
 *     true range = max(high, close before) − min(low, close before)        ATR = mean of the newest `count`
 *
 * Shorter bars are joined to the interval first; intervals that have not ended are left out. (J. W. Wilder, "New
 * Concepts in Technical Trading Systems", 1978; with a plain mean in place of his running one, so that the result
 * does not depend on where history begins.)
 *
 * @param bars ascending in time
 * @param options.intervalMs length of an interval, ms, no shorter than a bar
 * @param options.count intervals averaged, whole, ≥ 1
 * @returns in quote currency; null without one whole interval that has another before it
 * @throws RangeError for bad bars or options
 * @example
 * averageTrueRange(bars, { intervalMs: 3_600_000 }); // 412.5: an hour of Bitcoin spans about 412 dollars
 */
export function averageTrueRange(
  bars: BarColumns,
  { intervalMs, count = 14 }: { intervalMs: number; count?: number },
): number | null {
  needBars(bars, 'averageTrueRange');
  need(isPositive(intervalMs), 'averageTrueRange', 'a positive interval');
  need(Number.isInteger(count) && count >= 1, 'averageTrueRange', 'a whole number of intervals');
  let barMs = intervalMs;
  for (let i = 1; i < bars.length; i++) barMs = Math.min(barMs, bars.time[i]! - bars.time[i - 1]!);
  const ranges: number[] = [];
  let closeBefore: number | null = null;
  for (let begin = 0; begin < bars.length; ) {
    const interval = Math.floor(bars.time[begin]! / intervalMs);
    let high = closeBefore ?? bars.high[begin]!;
    let low = closeBefore ?? bars.low[begin]!;
    let end = begin;
    for (; end < bars.length && Math.floor(bars.time[end]! / intervalMs) === interval; end++) {
      high = Math.max(high, bars.high[end]!);
      low = Math.min(low, bars.low[end]!);
    }
    const ended = bars.time[end - 1]! + barMs >= (interval + 1) * intervalMs || end < bars.length;
    if (closeBefore !== null && ended) ranges.push(high - low);
    closeBefore = bars.close[end - 1]!;
    begin = end;
  }
  const newest = ranges.slice(-count);
  return newest.length > 0 ? newest.reduce((sum, range) => sum + range / newest.length, 0) : null;
}
