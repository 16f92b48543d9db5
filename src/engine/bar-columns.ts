import type { BarColumns } from './records';

/** Bars `from` (inclusive) to `to` (exclusive), sharing their numbers. Funding is left out. */
export function sliceBars(bars: BarColumns, from: number, to = bars.length): BarColumns {
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
