import { usualPrior } from './prior';
import type { VenueRow } from './venue';

const source = 'Hyperliquid meta, margin table 56: rate 1 / (2 · max leverage)';

export const hyperliquid = {
  id: 'hyperliquid',
  name: 'Hyperliquid',
  rest: 'api.hyperliquid.xyz',
  restFallbacks: [],
  socket: 'api.hyperliquid.xyz',
  pages: ['app.hyperliquid.xyz'],
  chart: '/trade/BTC',
  optionalPages: [],
  regions: {},
  /** Hyperliquid docs "Liquidations" and "Margin tiers", read 2026. */
  margin: { progressive: true, feeInMaintenance: false, takerFee: 0.00045, shownTicks: 0 },
  prior: usualPrior,
  tiers: {
    BTC: {
      date: '2026-02-03',
      source,
      steps: [
        [150_000_000, 1 / 80, 40],
        [null, 1 / 40, 20],
      ],
    },
  },
  publicPositions: true,
  accountsHost: 'stats-data.hyperliquid.xyz',
} as const satisfies VenueRow;
