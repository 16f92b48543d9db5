import type { MarginTier } from './margin';

/** A venue's table for one symbol, as it stood at a date. */
export interface TierTable {
  tiers: MarginTier[];
  /** When the venue had these figures. */
  date: string;
  source: string;
}

/** Steps from [cap in USD, maintenance rate, highest leverage]; each begins where the one before ends. */
function table(
  date: string,
  source: string,
  steps: readonly (readonly [number, number, number])[],
): TierTable {
  const tiers = steps.map(([cap, maintenanceRate, maxLeverage], k) => ({
    floor: k > 0 ? steps[k - 1]![0] : 0,
    cap,
    maintenanceRate,
    maxLeverage,
  }));
  return { tiers, date, source };
}

const binance = 'Binance USDⓈ-M leverage and margin figures, as recorded by the freqtrade project';
const bitget = 'Bitget /api/v2/mix/market/query-position-lever';
const hyperliquid = 'Hyperliquid meta, margin table 56: rate 1 / (2 · max leverage)';

/**
 * Maintenance tables by venue and coin, for use until the venue's own answer has arrived. They age: show the date
 * where a number rests on one. OKX counts its steps in contracts, not USD, and is asked live, as is Bybit.
 */
export const tierTables = {
  binance: {
    BTC: table('2024-10-24', binance, [
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
    ]),
    ETH: table('2024-10-24', binance, [
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
    ]),
    SOL: table('2024-10-24', binance, [
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
    ]),
    XRP: table('2024-10-24', binance, [
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
    ]),
    DOGE: table('2024-10-24', binance, [
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
    ]),
  },
  bitget: {
    BTC: table('2026-08-11', bitget, [
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
    ]),
  },
  hyperliquid: {
    BTC: table('2026-02-03', hyperliquid, [
      [150_000_000, 1 / 80, 40],
      [Number.POSITIVE_INFINITY, 1 / 40, 20],
    ]),
  },
} as const;

/** The recorded steps of a venue's symbol such as BTC-USDT; undefined where there are none. */
export function recordedTiers(venue: string, symbol: string): readonly MarginTier[] | undefined {
  const tables: Record<string, Record<string, TierTable>> = tierTables;
  return tables[venue]?.[symbol.replace(/-USDT?$/, '')]?.tiers;
}
