import { isPositive, need, needBars } from '../need';
import type { BarColumns } from '../records';

/** A price at which the market has turned before. */
export interface TurningPrice {
  /** Mean of the turning prices. */
  price: number;
  /** What most of its turns were: lows hold a fall, highs a rise. */
  kind: 'support' | 'resistance';
  /** How often price has turned there. */
  touches: number;
  /** Opening time of the newest turn's bar. */
  time: number;
}

/** Turns closer than this, as a fraction of price, are one level. */
const sameLevel = 0.002;

/**
 * Support and resistance from swing highs and lows. A bar is a swing high when no bar within `span` bars to either side
 * is higher, a swing low when none is lower; turns within 0.2 % of one another make a level.
 *
 * The newest `span` bars cannot be turns yet, so no level depends on bars to come.
 *
 * @param bars at least one
 * @param span bars to each side, whole, ≥ 1; 12 on 5m bars is an hour
 * @returns ascending in price
 * @throws RangeError for bad bars or span
 * @example
 * findTurningPrices(bars); // [{ price: 94_980, kind: 'support', touches: 3, time }, …]
 */
export function findTurningPrices(bars: BarColumns, span = 12): TurningPrice[] {
  needBars(bars, 'findTurningPrices');
  need(Number.isInteger(span) && span >= 1, 'findTurningPrices', 'a whole number of bars to each side');
  const turns: { price: number; isLow: boolean; time: number }[] = [];
  for (let i = span; i < bars.length - span; i++) {
    let isHigh = true;
    let isLow = true;
    for (let j = i - span; j <= i + span && (isHigh || isLow); j++) {
      // Of equal bars the first is the turn.
      if (bars.high[j]! > bars.high[i]! || (j < i && bars.high[j] === bars.high[i])) isHigh = false;
      if (bars.low[j]! < bars.low[i]! || (j < i && bars.low[j] === bars.low[i])) isLow = false;
    }
    if (isHigh) turns.push({ price: bars.high[i]!, isLow: false, time: bars.time[i]! });
    if (isLow) turns.push({ price: bars.low[i]!, isLow: true, time: bars.time[i]! });
  }
  turns.sort((a, b) => a.price - b.price);
  const levels: TurningPrice[] = [];
  for (let begin = 0; begin < turns.length; ) {
    let end = begin + 1;
    while (end < turns.length && turns[end]!.price <= turns[begin]!.price * (1 + sameLevel)) end++;
    const group = turns.slice(begin, end);
    const lows = group.filter((turn) => turn.isLow).length;
    levels.push({
      // Each weighted before adding, so that no sum exceeds the prices.
      price: group.reduce((sum, turn) => sum + turn.price / group.length, 0),
      kind: 2 * lows >= group.length ? 'support' : 'resistance',
      touches: group.length,
      time: Math.max(...group.map((turn) => turn.time)),
    });
    begin = end;
  }
  return levels;
}

/**
 * The round number nearest to a price: a whole multiple of a tenth of its power of ten, 97,000 and 98,000 for Bitcoin
 * near 97,412, 0.38 and 0.39 for a coin near 0.3847.
 *
 * @param price positive
 * @throws RangeError for a price that is not positive, or too small to have digits
 * @example
 * roundNumber(97_412); // 97_000
 */
export function roundNumber(price: number): number {
  need(isPositive(price) && price > 1e-15, 'roundNumber', 'a positive price');
  const power = Math.floor(Math.log10(price)) - 1;
  // Dividing by a whole power of ten keeps 0.38 free of the noise of 38 · 0.01.
  const rounded =
    power >= 0
      ? Math.round(price / 10 ** power) * 10 ** power
      : Math.round(price * 10 ** -power) / 10 ** -power;
  return Number.isFinite(rounded) ? rounded : price;
}
