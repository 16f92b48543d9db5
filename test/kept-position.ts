import type { KeptPosition } from '../src/protocol/kept-position';

/** A long of half a bitcoin as it is kept: entered at `entry`, and of the market it knows the price alone. */
export const keptPosition = (entry: number, own: Partial<KeptPosition> = {}): KeptPosition => ({
  id: 'own',
  symbol: 'BTC-USDT',
  venue: 'binance',
  margin: 'isolated',
  side: 'long',
  entry,
  leverage: 25,
  base: 0.5,
  stop: null,
  target: null,
  budgetUsd: null,
  liquidation: entry * 0.97,
  ruledStop: null,
  drawn: false,
  keptAt: 0,
  atEntry: {
    time: 0,
    price: entry,
    fuel: null,
    ratio: null,
    longsBelow: null,
    shortsAbove: null,
    fundingPer8h: null,
    openInterestUsd: 0,
  },
  map: { lnLow: Math.log(entry), step: 0.001, long: [], short: [] },
  ...own,
});
