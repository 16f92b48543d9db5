import { usualPrior } from './prior';
import type { VenueRow } from './venue';

const source = 'Bitget /api/v2/mix/market/query-position-lever';

export const bitget = {
  id: 'bitget',
  name: 'Bitget',
  rest: 'api.bitget.com',
  restFallbacks: [],
  socket: 'ws.bitget.com',
  pages: ['www.bitget.com'],
  chart: '/futures/usdt/BTCUSDT',
  optionalPages: [],
  regions: {},
  /** Bitget support 12560603808759, positions opened since 2025-11-10. */
  margin: { progressive: true, feeInMaintenance: true, takerFee: 0.0006, shownTicks: 0 },
  prior: usualPrior,
  tiers: {
    BTC: {
      date: '2026-08-11',
      source,
      steps: [
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
      ],
    },
  },
  publicPositions: false,
} as const satisfies VenueRow;
