import { usualPrior } from './prior';
import type { VenueRow } from './venue';

/** The REST host since 2026-05-20; OKX keeps www.okx.com beside it. OKX counts its margin steps in contracts and is asked live. */
export const okx = {
  id: 'okx',
  name: 'OKX',
  rest: 'openapi.okx.com',
  restFallbacks: ['www.okx.com'],
  socket: 'ws.okx.com:8443',
  socketRegions: { 'my.okx.com': 'wseea.okx.com:8443', 'app.okx.com': 'wsus.okx.com:8443' },
  pages: ['www.okx.com'],
  chart: '/trade-swap/btc-usdt-swap',
  optionalPages: ['my.okx.com', 'app.okx.com'],
  regions: { 'my.okx.com': 'eea.okx.com', 'app.okx.com': 'us.okx.com' },
  /** OKX help "Calculating futures margin", read 2026. */
  margin: { progressive: false, feeInMaintenance: true, takerFee: 0.0005, shownTicks: 1 },
  prior: usualPrior,
  tiers: {},
  publicPositions: false,
} as const satisfies VenueRow;
