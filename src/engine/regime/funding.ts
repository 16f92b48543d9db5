import { isPositive, need } from '../need';
import { quantile } from '../quantile';
import { dayMs, hourMs } from '../time';

/** One settled or running funding. */
export interface FundingRate {
  /** ms. */
  time: number;
  /** Fraction of the notional, paid by longs to shorts when positive. */
  rate: number;
  /** Time the rate is for, ms. Venues settle every 8, 4 or 1 hours. */
  intervalMs: number;
}

const eightHoursMs = 8 * hourMs;
const monthMs = 30 * dayMs;
/** Fewer settlements than these (a week of 8 h) tell nothing of what is usual. */
const leastSettlements = 21;

/**
 * A funding rate as its equivalent for eight hours: rate · 8 h ÷ interval. Hyperliquid settles each hour, Binance some
 * symbols each four.
 *
 * @returns fraction per 8 h
 * @throws RangeError for a rate that is not finite or an interval that is not positive
 * @example
 * fundingPer8h({ time, rate: 0.0000125, intervalMs: 3_600_000 }); // 0.0001
 */
export function fundingPer8h({ rate, intervalMs }: FundingRate): number {
  need(Number.isFinite(rate), 'fundingPer8h', 'a finite rate');
  need(isPositive(intervalMs), 'fundingPer8h', 'a positive interval');
  const per8h = rate * (eightHoursMs / intervalMs);
  need(Number.isFinite(per8h), 'fundingPer8h', 'a rate that stays finite over 8 hours');
  return per8h;
}

/**
 * Settlements with the time each was for: that since the one before, in whole hours, as a venue may have changed how
 * often it settles. The oldest, and one after a hole of more than 8 h, take `intervalMs`.
 *
 * @param settled ascending in time
 * @example
 * withIntervals([{ time: 0, rate }, { time: 4 * hourMs + 6, rate }], 8 * hourMs)[1].intervalMs; // 4 h
 */
export function withIntervals(
  settled: readonly { time: number; rate: number }[],
  intervalMs: number,
): FundingRate[] {
  need(isPositive(intervalMs), 'withIntervals', 'a positive interval');
  return settled.map(({ time, rate }, i) => {
    const hours = Math.round((time - (settled[i - 1]?.time ?? Number.NaN)) / hourMs);
    return { time, rate, intervalMs: hours >= 1 && hours <= 8 ? hours * hourMs : intervalMs };
  });
}

/** What funding usually was, per 8 h. */
export interface FundingRange {
  p5: number;
  p95: number;
}

/**
 * The 5th and 95th percentile of the fundings settled within 30 days, each as per 8 h.
 *
 * @param settled any order
 * @param now ms; later and older ones are left out
 * @returns null with fewer than 21 settlements
 * @throws RangeError for a rate, interval or time that is not one
 * @example
 * fundingRange(settled, now); // { p5: -0.00004, p95: 0.0001 }
 */
export function fundingRange(settled: readonly FundingRate[], now: number): FundingRange | null {
  need(Number.isFinite(now), 'fundingRange', 'a time');
  const rates: number[] = [];
  for (const funding of settled) {
    need(Number.isFinite(funding.time), 'fundingRange', 'fundings with a time');
    if (funding.time <= now && funding.time > now - monthMs) rates.push(fundingPer8h(funding));
  }
  if (rates.length < leastSettlements) return null;
  return { p5: quantile(rates, 0.05), p95: quantile(rates, 0.95) };
}
