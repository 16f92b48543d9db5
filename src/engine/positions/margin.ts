import { isAmount, isPositive, need } from '../need';
import type { Side } from '../records';

/** One step of a maintenance-margin table, notional in USD. */
export interface MarginTier {
  /** Notional from which the step holds: the cap of the step before, 0 for the first. */
  floor: number;
  /** Infinity for the last step where the venue names none. */
  cap: number;
  /** Fraction of notional. */
  maintenanceRate: number;
  maxLeverage: number;
}

/** How a venue turns a tier table into a liquidation price. */
export interface MarginRule {
  /**
   * True where each step's rate holds for the notional inside it, so that a deduction is taken off; false where the
   * step of the whole position holds for all of it.
   */
  progressive: boolean;
  /** True where the fee of closing is part of the maintenance margin. */
  feeInMaintenance: boolean;
  /** Taker fee of the base level, fraction of notional. */
  takerFee: number;
  /** Ticks by which the venue shifts the price it shows towards the market. */
  shownTicks: number;
}

/** One isolated position. */
export interface IsolatedPosition {
  side: Side;
  /** Coins. */
  size: number;
  /** Mean entry price. */
  entry: number;
  /**
   * Wallet margin assigned to the position, USD, without unrealised profit: entry · size / leverage when opened;
   * negative where more than that was taken out of its profit.
   */
  margin: number;
}

/**
 * Checks a tier table: it starts at 0, each step begins where the one before ends, rates lie in (0, 1) and do not fall.
 *
 * @throws RangeError naming `caller`
 */
export function needTiers(tiers: readonly MarginTier[], caller: string): void {
  need(tiers.length > 0, caller, 'a tier table of at least one step');
  need(tiers[0]!.floor === 0, caller, 'a tier table that starts at 0');
  tiers.forEach((tier, k) => {
    need(tier.cap > tier.floor, caller, 'tiers whose cap is above their floor');
    need(tier.maintenanceRate > 0 && tier.maintenanceRate < 1, caller, 'maintenance rates between 0 and 1');
    const before = tiers[k - 1];
    if (!before) return;
    need(tier.floor === before.cap, caller, 'a tier table without holes or overlaps');
    need(tier.maintenanceRate >= before.maintenanceRate, caller, 'maintenance rates that do not fall');
  });
}

/**
 * What a map needs of a tier table: the greatest leverage of the smallest position, and its maintenance rate with the fee
 * where the venue counts it in. How large single positions are is not known, and most are small.
 *
 * @returns undefined for a table whose first step would liquidate at once
 * @throws RangeError for a bad table, see needTiers
 * @example
 * smallestPosition(recordedTiers('bitget', 'BTC-USDT'), bitget.margin); // { maxLeverage: 150, maintenanceRate: 0.0046 }
 */
export function smallestPosition(
  tiers: readonly MarginTier[],
  rule: MarginRule,
): { maxLeverage: number; maintenanceRate: number } | undefined {
  needTiers(tiers, 'smallestPosition');
  const { maxLeverage, maintenanceRate } = tiers[0]!;
  const rate = maintenanceRate + (rule.feeInMaintenance ? rule.takerFee : 0);
  if (!(maxLeverage >= 1 && maxLeverage <= 1000 && rate < 1 / maxLeverage)) return undefined;
  return { maxLeverage, maintenanceRate: rate };
}

/**
 * What each step of a progressive table takes off notional × rate, so that maintenance has no jumps:
 * `d_k = d_{k−1} + floor_k · (rate_k − rate_{k−1})`, `d_1 = 0`. USD.
 *
 * @throws RangeError for a bad table, see needTiers
 * @example
 * deductions(recordedTiers('binance', 'BTC-USDT'))[2]; // 950, Binance's own "maintenance amount" of the third step
 */
export function deductions(tiers: readonly MarginTier[]): number[] {
  needTiers(tiers, 'deductions');
  let deduction = 0;
  return tiers.map((tier, k) => {
    if (k > 0) deduction += tier.floor * (tier.maintenanceRate - tiers[k - 1]!.maintenanceRate);
    return deduction;
  });
}

/**
 * Margin below which a position is liquidated, USD: `notional · (rate + fee) − deduction`, the fee where the venue
 * counts it in, the deduction where the table is progressive. Notional above the last cap stays in the last step.
 *
 * @param notional size × mark, USD, ≥ 0
 * @throws RangeError for a bad table or notional
 * @example
 * // Bitget, 330,000 at 0.4 % up to 200,000 and 0.5 % above, fee 0.06 %
 * maintenanceMargin(330_000, tiers, bitget.margin); // 1648
 */
export function maintenanceMargin(notional: number, tiers: readonly MarginTier[], rule: MarginRule): number {
  need(isAmount(notional), 'maintenanceMargin', 'a notional that is not negative');
  const taken = deductions(tiers);
  const k = tierAt(notional, tiers);
  const fee = rule.feeInMaintenance ? rule.takerFee : 0;
  return notional * (tiers[k]!.maintenanceRate + fee) - (rule.progressive ? taken[k]! : 0);
}

/**
 * Mark price at which an isolated linear position is liquidated:
 *
 *     (margin + deduction − s·size·entry) / (size · (rate + fee − s)),   s = +1 long, −1 short
 *
 * with the rate and deduction of the step in which the notional lies **at that price**: the price is worked out for
 * every step and the one that agrees with itself is taken. Where no step does (possible only in tables that are not
 * progressive) it is the step that liquidates first. A short that no rise can hurt and a long that no fall can hurt
 * have none.
 *
 * @param tickSize the venue's price step; given, the price is the one the venue shows (OKX moves it by a tick)
 * @returns price > 0, or undefined where no price liquidates the position
 * @throws RangeError for a bad table, a size or entry that is not positive, or a margin that is not finite
 * @example
 * liquidationPrice({ side: 'long', size: 1, entry: 100_000, margin: 10_000 },
 *   [{ floor: 0, cap: Infinity, maintenanceRate: 0.004, maxLeverage: 150 }], bitget.margin); // 90415.913…
 */
export function liquidationPrice(
  position: IsolatedPosition,
  tiers: readonly MarginTier[],
  rule: MarginRule,
  tickSize = 0,
): number | undefined {
  const { side, size, entry, margin } = position;
  need(isPositive(size), 'liquidationPrice', 'a positive size');
  need(isPositive(entry), 'liquidationPrice', 'a positive entry price');
  need(Number.isFinite(margin), 'liquidationPrice', 'a finite margin');
  need(isAmount(tickSize), 'liquidationPrice', 'a tick size that is not negative');
  const taken = deductions(tiers);
  const s = side === 'long' ? 1 : -1;
  const fee = rule.feeInMaintenance ? rule.takerFee : 0;
  const prices = tiers.map((tier, k) => {
    const deduction = rule.progressive ? taken[k]! : 0;
    return (margin + deduction - s * size * entry) / (size * (tier.maintenanceRate + fee - s));
  });
  const agreeing = prices.filter((price, k) => price > 0 && tierAt(price * size, tiers) === k);
  const candidates = agreeing.length > 0 || rule.progressive ? agreeing : prices.filter((price) => price > 0);
  if (candidates.length === 0) return undefined;
  const price = side === 'long' ? Math.max(...candidates) : Math.min(...candidates);
  return price + s * rule.shownTicks * tickSize;
}

/**
 * The same for an inverse position (margined in the coin, contracts of a fixed USD value):
 * long `(1 + m + fee) / (1/entry + W/V)`, short `(1 − m − fee) / (1/entry − W/V)`, W margin in coins, V USD value.
 *
 * @param tickSize shifts the price by one tick towards the market, as OKX shows it
 * @returns price > 0, or undefined where no price liquidates the position
 * @throws RangeError unless value and entry are positive, margin and tick size not negative, rates in [0, 1)
 */
export function inverseLiquidationPrice(
  position: { side: Side; valueUsd: number; entry: number; marginCoins: number },
  maintenanceRate: number,
  takerFee: number,
  tickSize = 0,
): number | undefined {
  const { side, valueUsd, entry, marginCoins } = position;
  need(isPositive(valueUsd), 'inverseLiquidationPrice', 'a positive value');
  need(isPositive(entry), 'inverseLiquidationPrice', 'a positive entry price');
  need(isAmount(marginCoins), 'inverseLiquidationPrice', 'a margin that is not negative');
  need(isAmount(tickSize), 'inverseLiquidationPrice', 'a tick size that is not negative');
  const lost = maintenanceRate + takerFee;
  need(
    lost >= 0 && lost < 1,
    'inverseLiquidationPrice',
    'a maintenance rate and fee that sum to less than 1',
  );
  const s = side === 'long' ? 1 : -1;
  const perCoin = 1 / entry + (s * marginCoins) / valueUsd;
  return perCoin > 0 ? (1 + s * lost) / perCoin + s * tickSize : undefined;
}

/**
 * Price at which the margin is used up, which Bybit, OKX and Bitget print for a liquidation: `entry · (1 − s/L)`.
 *
 * @throws RangeError unless entry is positive and leverage at least 1
 * @example
 * bankruptcyPrice('long', 60_000, 50); // 58800
 */
export function bankruptcyPrice(side: Side, entry: number, leverage: number): number {
  need(isPositive(entry), 'bankruptcyPrice', 'a positive entry price');
  need(leverage >= 1 && leverage < Number.POSITIVE_INFINITY, 'bankruptcyPrice', 'a leverage of at least 1');
  return entry * (1 - (side === 'long' ? 1 : -1) / leverage);
}

/**
 * Liquidation price after a funding payment: longs pay `rate · mark` per coin out of their margin when the rate is
 * positive, shorts get it, so `price + rate · mark / (1 − s·m)`: nearer for the side that pays, farther for the other.
 *
 * @param rate settled rate, fraction, may be negative
 * @throws RangeError unless prices are positive, the rate within ±10 % and the maintenance rate in [0, 1)
 * @example
 * afterFunding(90_000, 'long', 0.0001, 100_000, 0.004); // 90010.04…
 */
export function afterFunding(
  price: number,
  side: Side,
  rate: number,
  mark: number,
  maintenanceRate: number,
): number {
  need(isPositive(price) && isPositive(mark), 'afterFunding', 'positive prices');
  need(Math.abs(rate) < 0.1, 'afterFunding', 'a rate within ±10 %');
  need(maintenanceRate >= 0 && maintenanceRate < 1, 'afterFunding', 'a maintenance rate between 0 and 1');
  return price + (rate * mark) / (side === 'long' ? 1 - maintenanceRate : 1 + maintenanceRate);
}

/** Index of the step that holds a notional; the last one above all caps. A cap belongs to the step it ends. */
function tierAt(notional: number, tiers: readonly MarginTier[]): number {
  const k = tiers.findIndex((tier) => notional <= tier.cap);
  return k < 0 ? tiers.length - 1 : k;
}
