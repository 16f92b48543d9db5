import { isAmount, isPositive, need } from '../need';

/** A position whose liquidation price is known, relative to the mark at that moment. */
export interface SeenPosition {
  /** ln(liquidation price / mark): below 0 for longs. */
  distance: number;
  /** Notional, USD. */
  usd: number;
}

/** Where liquidation prices of large, slow accounts usually lie. Seen, not estimated; no part of the map. */
export interface LargeAccounts {
  /** Width of a row in ln(price). */
  step: number;
  /** Part of what was seen whose liquidation lies `i · step` to `(i + 1) · step` from price, both sides together. */
  shares: Float64Array;
  /** Part of what was seen that lies farther out, or can hardly be liquidated. */
  beyond: number;
  positions: number;
  /** What was seen ÷ the open interest of both sides, 0–1. */
  coverage: number;
}

/**
 * Typical distances of large accounts' liquidation prices. They hold far lower leverage than the flow that is liquidated, so
 * that the map hardly finds them (docs/accuracy.md has both). There is no expected forced amount to it, and it is never
 * added to the map.
 *
 * @param positions of accounts that were seen, all symbols alike
 * @param openInterestUsd one-sided, of the symbols they are of
 * @param rows how many, and how wide in ln(price)
 * @returns shares of 0 where nothing was seen
 * @throws RangeError for a step or number of rows out of range, or positions with bad values
 * @example
 * largeAccounts(seen, 4e9).shares[3]; // 0.021: of what was seen, 2.1 % is liquidated 3 to 4 % from price
 */
export function largeAccounts(
  positions: readonly SeenPosition[],
  openInterestUsd: number,
  { step, count }: { step: number; count: number } = { step: 0.01, count: 35 },
): LargeAccounts {
  need(isPositive(step) && step <= 0.1, 'largeAccounts', 'a step above 0 and at most 0.1');
  need(Number.isInteger(count) && count >= 1 && count <= 1000, 'largeAccounts', '1 to 1,000 rows');
  need(isAmount(openInterestUsd), 'largeAccounts', 'open interest that is not negative');
  const shares = new Float64Array(count);
  let beyond = 0;
  let seen = 0;
  for (const { distance, usd } of positions) {
    need(
      Number.isFinite(distance) && isAmount(usd),
      'largeAccounts',
      'positions at a distance, with amounts that are not negative',
    );
    const row = Math.floor(Math.abs(distance) / step);
    if (row < count) shares[row]! += usd;
    else beyond += usd;
    seen += usd;
  }
  if (seen > 0) for (let i = 0; i < count; i++) shares[i]! /= seen;
  return {
    step,
    shares,
    beyond: seen > 0 ? beyond / seen : 0,
    positions: positions.length,
    coverage: openInterestUsd > 0 ? Math.min(1, seen / (2 * openInterestUsd)) : 0,
  };
}

/** Share of what was seen per unit of ln(price) at a signed distance from price. */
export function densityAt({ shares, step }: LargeAccounts, distance: number): number {
  return (shares[Math.floor(Math.abs(distance) / step)] ?? 0) / step;
}
