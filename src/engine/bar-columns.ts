import { need } from './need';
import type { BarColumns } from './records';
import { minuteMs } from './time';

/**
 * Bars `from` (inclusive) to `to` (exclusive), sharing their numbers. Funding is left out.
 *
 * @throws RangeError unless both are whole numbers
 */
export function sliceBars(bars: BarColumns, from: number, to = bars.length): BarColumns {
  need(Number.isInteger(from) && Number.isInteger(to), 'sliceBars', 'whole numbers of bars');
  const start = Math.max(0, from);
  const end = Math.max(start, Math.min(to, bars.length));
  const cut = (values: Float64Array) => values.subarray(start, end);
  return {
    length: end - start,
    time: cut(bars.time),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    volume: cut(bars.volume),
    openInterest: cut(bars.openInterest),
    openInterestClose: cut(bars.openInterestClose),
  };
}

/** Bars before number `end` whose opening is at most so long before that of the last of them. */
export function newestBars(bars: BarColumns, end: number, ms: number): BarColumns {
  let from = end - 1;
  while (from > 0 && bars.time[from - 1]! >= bars.time[end - 1]! - ms) from--;
  return sliceBars(bars, from, end);
}

/** Smallest distance between two bars, ms; five minutes for a single one. */
export function barLength(bars: BarColumns): number {
  let length = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bars.length; i++) length = Math.min(length, bars.time[i]! - bars.time[i - 1]!);
  return Number.isFinite(length) ? length : 5 * minuteMs;
}

/** Index of the first bar that opens at or after `time`; `bars.length` where there is none. */
export function firstAtOrAfter(bars: BarColumns, time: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bars.time[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
