/** Margin steps as the venues published them, for the routes that list them. Facts, dated; amounts in USDT. */

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

const alt: [number, number, number][] = [
  [10_000, 0.005, 75],
  [50_000, 0.007, 50],
  [750_000, 0.01, 40],
  [800_000, 0.02, 25],
  [1_600_000, 0.025, 20],
  [8_000_000, 0.05, 10],
  [16_000_000, 0.1, 5],
  [20_000_000, 0.125, 4],
  [40_000_000, 0.25, 2],
  [80_000_000, 0.5, 1],
];

/** Binance, 2024-10-24, by coin. */
const binanceSteps: Record<string, [number, number, number][]> = {
  BTC: [
    [50_000, 0.004, 125],
    [600_000, 0.005, 100],
    [3_000_000, 0.0065, 75],
    [12_000_000, 0.01, 50],
    [70_000_000, 0.02, 25],
    [100_000_000, 0.025, 20],
    [230_000_000, 0.05, 10],
    [480_000_000, 0.1, 5],
    [600_000_000, 0.125, 4],
    [800_000_000, 0.15, 3],
    [1_200_000_000, 0.25, 2],
    [1_800_000_000, 0.5, 1],
  ],
  ETH: [
    [50_000, 0.004, 125],
    [600_000, 0.005, 100],
    [3_000_000, 0.0065, 75],
    [12_000_000, 0.01, 50],
    [50_000_000, 0.02, 25],
    [65_000_000, 0.025, 20],
    [150_000_000, 0.05, 10],
    [320_000_000, 0.1, 5],
    [400_000_000, 0.125, 4],
    [530_000_000, 0.15, 3],
    [800_000_000, 0.25, 2],
    [1_200_000_000, 0.5, 1],
  ],
  SOL: [
    [20_000, 0.005, 100],
    [100_000, 0.0065, 75],
    [800_000, 0.01, 50],
    [4_000_000, 0.02, 25],
    [8_000_000, 0.025, 20],
    [40_000_000, 0.05, 10],
    [80_000_000, 0.1, 5],
    [100_000_000, 0.125, 4],
    [200_000_000, 0.25, 2],
    [400_000_000, 0.5, 1],
  ],
  XRP: [
    [10_000, 0.005, 75],
    [20_000, 0.0065, 50],
    [160_000, 0.01, 40],
    [800_000, 0.02, 25],
    [1_600_000, 0.025, 20],
    [8_000_000, 0.05, 10],
    [16_000_000, 0.1, 5],
    [20_000_000, 0.125, 4],
    [40_000_000, 0.25, 2],
    [80_000_000, 0.5, 1],
  ],
};

/** Coins without a table of their own get the one published for DOGE. */
export function binanceTiers(coin: string): Step[] {
  return steps(binanceSteps[coin] ?? alt);
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

/** Bitget BTC, 2026-08-11; other coins as Binance. */
export function bitgetTiers(coin: string): Step[] {
  if (coin !== 'BTC') return binanceTiers(coin);
  return steps([
    [200_000, 0.004, 150],
    [1_000_000, 0.005, 100],
    [5_000_000, 0.007, 75],
    [15_000_000, 0.01, 50],
    [50_000_000, 0.02, 25],
    [100_000_000, 0.03, 20],
    [150_000_000, 0.06, 10],
    [300_000_000, 0.12, 5],
    [500_000_000, 0.15, 4],
    [700_000_000, 0.2, 3],
    [900_000_000, 0.3, 2],
    [1_200_000_000, 0.6, 1],
  ]);
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
