import { usualPrior } from './prior';
import type { VenueRow } from './venue';

/** Regional hosts as of October 2026; the EU, the Netherlands and the UAE keep the global socket. */
export const bybit = {
  id: 'bybit',
  name: 'Bybit',
  rest: 'api.bybit.com',
  restFallbacks: ['api.bytick.com'],
  socket: 'stream.bybit.com',
  socketRegions: {
    'www.bybit.tr': 'stream.bybit.tr',
    'www.bybit.kz': 'stream.bybit.kz',
    'www.bybit.id': 'stream.bybit.id',
    'www.bybitgeorgia.ge': 'stream.bybitgeorgia.ge',
  },
  socketsKeepToRegion: true,
  pages: ['www.bybit.com'],
  chart: '/trade/usdt/BTCUSDT',
  optionalPages: [
    'www.bybit.eu',
    'www.bybitglobal.com',
    'www.bybit.nl',
    'www.bybit.tr',
    'www.bybit.kz',
    'www.bybit.ae',
    'www.bybit.id',
    'www.bybitgeorgia.ge',
  ],
  regions: {
    'www.bybit.eu': 'api.bybit.eu',
    'www.bybit.nl': 'api.bybit.nl',
    'www.bybit.tr': 'api.bybit.tr',
    'www.bybit.kz': 'api.bybit.kz',
    'www.bybit.ae': 'api.bybit.ae',
    'www.bybit.id': 'api.bybit.id',
    'www.bybitgeorgia.ge': 'api.bybitgeorgia.ge',
  },
  /** Bybit help "Liquidation price (USDT contract)", read 2026. */
  margin: { progressive: true, feeInMaintenance: false, takerFee: 0.00055, shownTicks: 0 },
  prior: usualPrior,
  tiers: {},
  publicPositions: false,
} as const satisfies VenueRow;
