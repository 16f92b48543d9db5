import type { Bar, BarColumns } from '../engine/records';
import type { Candle } from '../protocol/snapshot';
import { slotMs } from './day-cells';

/** Candles of a window at most; longer windows have coarser ones. */
const mostCandles = 720;

/**
 * The last `lengthMs` of bars as at most 720 candles, with even steps that are whole multiples of a slot; a step without
 * a bar has no candle.
 *
 * @param bars five-minute bars, ascending
 * @param forming the bar that has not closed
 */
export function candlesOf(
  { length, time, open, high, low, close }: BarColumns,
  forming: Bar | undefined,
  lengthMs: number,
): Candle[] {
  const all: Candle[] = [];
  for (let i = 0; i < length; i++) all.push([time[i]!, open[i]!, high[i]!, low[i]!, close[i]!]);
  if (forming) all.push([forming.time, forming.open, forming.high, forming.low, forming.close]);
  const end = all.at(-1);
  if (!end) return [];
  const stepMs = Math.ceil(lengthMs / slotMs / mostCandles) * slotMs;
  const last = Math.floor(end[0] / stepMs) * stepMs;
  const first = last - (Math.floor(lengthMs / stepMs) - 1) * stepMs;
  const candles: Candle[] = [];
  for (const [at, opened, top, bottom, closed] of all) {
    const start = Math.floor(at / stepMs) * stepMs;
    if (start < first) continue;
    const candle = candles.at(-1);
    if (candle?.[0] !== start) {
      candles.push([start, opened, top, bottom, closed]);
      continue;
    }
    candle[2] = Math.max(candle[2], top);
    candle[3] = Math.min(candle[3], bottom);
    candle[4] = closed;
  }
  return candles;
}
