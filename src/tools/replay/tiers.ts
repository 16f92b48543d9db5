import { binance } from '../../venues/binance';
import { bitget } from '../../venues/bitget';
import type { RecordedTiers } from '../../venues/venue';

/** Margin steps for the routes that list them: those that the venues' rows have, and what stands in where they have none. Amounts in USDT. */

export interface Step {
  floor: number;
  cap: number;
  rate: number;
  leverage: number;
  /** What is taken off notional × rate so that maintenance runs on smoothly from step to step. */
  deduction: number;
}

/**
 * Steps from [cap, maintenance rate, highest leverage] rows: each begins where the one before ends, and
 * deduction_k = deduction_{k−1} + floor_k × (rate_k − rate_{k−1}).
 */
function steps(rows: readonly (readonly [cap: number, rate: number, leverage: number])[]): Step[] {
  let floor = 0;
  let rate = 0;
  let deduction = 0;
  return rows.map(([cap, nextRate, leverage], i) => {
    if (i > 0) deduction += floor * (nextRate - rate);
    const step = { floor, cap, rate: nextRate, leverage, deduction: Math.round(deduction * 100) / 100 };
    floor = cap;
    rate = nextRate;
    return step;
  });
}

type Rows = Readonly<Record<string, RecordedTiers>>;

/** The recorded rows of a coin; undefined where the venue's have none of it. */
const recorded = (tiers: Rows, coin: string): Step[] | undefined =>
  tiers[coin] &&
  steps(tiers[coin].steps.map(([cap, rate, leverage]) => [cap ?? Number.MAX_SAFE_INTEGER, rate, leverage]));

/** Coins without a table of their own get the one published for DOGE. */
export function binanceTiers(coin: string): Step[] {
  return recorded(binance.tiers, coin) ?? recorded(binance.tiers, 'DOGE')!;
}

/** Bybit: the first two BTC steps as measured in September 2026; the rest continues them by the shape of Binance's table. */
export function bybitTiers(coin: string): Step[] {
  if (coin !== 'BTC') return binanceTiers(coin);
  return steps([
    [300_000, 0.0033, 150],
    [2_000_000, 0.005, 100],
    [10_000_000, 0.01, 50],
    [60_000_000, 0.02, 25],
    [150_000_000, 0.05, 10],
  ]);
}

/** Coins that Bitget's rows do not have: as Binance. */
export function bitgetTiers(coin: string): Step[] {
  return recorded(bitget.tiers, coin) ?? binanceTiers(coin);
}

/**
 * OKX, caps in contracts. The first five BTC rows are the published ones; the rest, and other coins, continue them by
 * the same shape.
 */
export function okxTiers(coin: string): { cap: number; rate: number; leverage: number }[] {
  const btc = [
    { cap: 1_000, rate: 0.004, leverage: 100 },
    { cap: 5_000, rate: 0.005, leverage: 66.66 },
    { cap: 20_000, rate: 0.0075, leverage: 50 },
    { cap: 40_000, rate: 0.0125, leverage: 40 },
    { cap: 60_000, rate: 0.0175, leverage: 33.33 },
    { cap: 100_000, rate: 0.0275, leverage: 20 },
    { cap: 200_000, rate: 0.0525, leverage: 10 },
    { cap: 400_000, rate: 0.1025, leverage: 5 },
  ];
  return coin === 'BTC'
    ? btc
    : btc.map(({ cap, rate, leverage }) => ({ cap, rate: rate * 2, leverage: leverage / 2 }));
}
