import { dayMs, hourMs } from './time';

/**
 * The records every layer shares. Plain numbers, no behaviour.
 *
 * Units throughout: time in milliseconds since 1970 UTC, prices in quote currency per coin (per ONE coin: a venue
 * that lists 1000PEPE has been divided by its factor), amounts in coins ("base") unless a name says `usd`.
 */

/** Who is liquidated. Longs are liquidated below the market (forced selling), shorts above it (forced buying). */
export type Side = 'long' | 'short';

export const sides: readonly Side[] = ['long', 'short'];

/** Leverage tiers that the map keeps apart. */
export const tierLeverages = [5, 10, 25, 50, 100] as const;

/** How far back positions are counted. */
export const windowMs = {
  '12h': 12 * hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
} as const;

export type WindowId = keyof typeof windowMs;

/** Shortest first. */
export const windowIds = /* @__PURE__ */ Object.keys(windowMs) as readonly WindowId[];

/** One interval of trading on one venue. `time` is the opening time. */
export interface Bar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  /** Coins traded, both sides of a trade counted once. */
  volume: number;
  /** Coins bought by takers, where the venue says. */
  takerBuy?: number;
}

/** Open interest of one venue at one moment, counted on one side (every contract has one long and one short). */
export interface OpenInterestPoint {
  time: number;
  /** Coins. */
  base: number;
}

/**
 * Bars of one venue as columns of equal length, ascending in time, evenly spaced except for gaps.
 * `openInterest` is the state at the bar's open, `openInterestClose` at its close.
 */
export interface BarColumns {
  length: number;
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  openInterest: Float64Array;
  openInterestClose: Float64Array;
  /** Funding rate settled at the bar's open, as a fraction; 0 where none was. Absent: not known. */
  funding?: Float64Array;
}

/** One order by which a venue closed a position by force. */
export interface ForcedOrder {
  time: number;
  side: Side;
  /** Coins. */
  base: number;
  /** The price the venue prints: the fill on Binance, the bankruptcy price on Bybit, OKX and Bitget. */
  price: number;
  priceKind: 'fill' | 'bankruptcy';
}

/**
 * The estimate at one moment: notional of open positions whose liquidation price lies in each price band.
 *
 * Band i covers the prices [exp(lnLow + i·step), exp(lnLow + (i+1)·step)). `price` lies inside the range; every
 * `long` amount above it and every `short` amount below it is zero.
 */
export interface BandMap {
  /** Opening time of the first instant not yet counted (the close of the newest bar). */
  time: number;
  /** Mark price the bands are relative to. */
  price: number;
  lnLow: number;
  /** Width of a band in ln(price). */
  step: number;
  count: number;
  /** At risk, USD, one value a band. */
  long: Float64Array;
  short: Float64Array;
  /** Mass-weighted age of the positions in a band, ms; 0 where the band is empty. */
  longAge: Float64Array;
  shortAge: Float64Array;
  /** At risk by leverage tier, tier-major: tier t of band i is at t·count + i. */
  longTiers: Float64Array;
  shortTiers: Float64Array;
  /**
   * What positions of all ages amount to in a band ÷ what is typical at its distance from price, whatever the window; 0
   * where nothing is typical. Absent: not known.
   */
  times?: Record<Side, Float64Array>;
  /** USD that positions of all ages typically amount to in a band. Absent: not known. */
  typical?: Record<Side, Float64Array>;
  /** What each venue added to `long` and `short` when the map was built, less what its own price passed. Absent: not known. */
  venues?: readonly VenuePart[];
}

/** What one venue added to each band of a map, USD. */
export interface VenuePart {
  venue: string;
  long: Float64Array;
  short: Float64Array;
  /** How busy the venue was when the map was built, see `activity`: its expected amounts are that many times q. */
  activity?: number;
}

/** What a user can be told of, most important first. */
export const alertKinds = [
  'cascade',
  'openInterestDrop',
  'swept',
  'fuel',
  'edge',
  'flip',
  'squeeze',
  'move',
  'reminder',
] as const;
export type AlertKind = (typeof alertKinds)[number];
