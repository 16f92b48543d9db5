import type { Candles } from '../protocol/detail';

export interface LiveBar {
  /** When it begins, ms since 1970. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
}

/**
 * The newest bar with the price of now in it: bars are told every few seconds, and the last one is the last that closed.
 *
 * @param before the bar of now as it was last reckoned: its extremes stay while it lasts
 * @param at when `price` was the price, ms since 1970; undefined where that is not known
 * @returns undefined where there is nothing to add to
 */
export function liveBar(
  { time, open, high, low, close, stepMs }: Candles,
  before: LiveBar | undefined,
  price: number,
  at: number | undefined,
): LiveBar | undefined {
  const last = time.length - 1;
  if (at === undefined || last < 0) return undefined;
  const slot = Math.floor(at / stepMs) * stepMs;
  if (slot < time[last]!) return undefined;
  // What is known may be of a little earlier than it was before; a chart does not go back.
  if (before && slot < before.time) return before;
  const told: LiveBar =
    slot === time[last]
      ? { time: slot, open: open[last]!, high: high[last]!, low: low[last]!, close: price }
      : { time: slot, open: close[last]!, high: close[last]!, low: close[last]!, close: price };
  const seen = before?.time === slot ? [before.high, before.low] : [];
  return { ...told, high: Math.max(told.high, price, ...seen), low: Math.min(told.low, price, ...seen) };
}
