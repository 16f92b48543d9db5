import * as z from 'zod/mini';
import type { Depth } from '../engine/flow/depth';
import type { BarColumns } from '../engine/records';
import { VenueId } from './settings';
import { zodOf } from './zod-of';

/**
 * What the extension's own pages are told of a market beside its map. Amounts are USD unless a name says otherwise, times
 * ms since 1970, prices per coin on the venue named.
 */

const amount = z.number().check(z.minimum(0));
const price = z.number().check(z.positive());
const side = z.enum(['long', 'short']);

/** Bars as columns of equal length, ascending in time. */
export const Candles = z.object({
  stepMs: z.number().check(z.positive()),
  /** Opening times. */
  time: z.array(z.number()).check(z.maxLength(1000)),
  open: z.array(price),
  high: z.array(price),
  low: z.array(price),
  close: z.array(price),
  /** Coins. */
  volume: z.array(amount),
});
export type Candles = z.infer<typeof Candles>;

/**
 * Resting orders within 20 % of a price: USD from it to the end of each hundredth of a percent, beginning with 0. `books` says
 * how far each venue's own book reaches, as a fraction of the price.
 */
export const DepthView = z.object({
  price,
  books: z.array(z.object({ name: z.string(), reach: amount })),
  long: z.object({ usd: z.array(amount).check(z.maxLength(2001)), covered: amount }),
  short: z.object({ usd: z.array(amount).check(z.maxLength(2001)), covered: amount }),
});
export type DepthView = z.infer<typeof DepthView>;

/** A funding rate as a fraction, and how long it is paid for. */
const Funding = z.object({ time: z.number(), rate: z.number(), intervalMs: z.number().check(z.positive()) });

/** A venue as its users are liquidated on it. */
export const VenueTerms = z.object({
  venue: zodOf(VenueId),
  name: z.string(),
  mark: price,
  openInterestUsd: amount,
  /** Per coin. */
  tickSize: amount,
  /** Coins a contract; 1 where the venue counts coins. */
  contractSize: price,
  /** Notional in USD; the last step has no cap where the venue names none. Empty where the venue does not tell. */
  tiers: z.array(
    z.object({ floor: amount, cap: z.nullable(price), maintenanceRate: amount, maxLeverage: amount }),
  ),
});
export type VenueTerms = z.infer<typeof VenueTerms>;

/** Real forced orders as far as this browser heard them. */
export const Forced = z.object({
  /** Newest first. */
  orders: z.array(z.object({ time: z.number(), side, venue: zodOf(VenueId), price, usd: amount })),
  /** Over the last hours, of all venues and of each. */
  totals: z.array(
    z.object({ hours: z.number(), venue: z.nullable(zodOf(VenueId)), long: amount, short: amount }),
  ),
  /** Since when orders have been recorded, of those kept; null without any. */
  since: z.nullable(z.number()),
});
export type Forced = z.infer<typeof Forced>;

/** How the map leaned, hour by hour, as it was shown then. */
export const Leaning = z.object({
  time: z.number(),
  price,
  /** Long-side ÷ short-side USD within 5 %; null where it could not be told. */
  ratio: z.nullable(amount),
  /** Liquidation fuel ratios of a long and a short at that price. */
  fuelLong: z.nullable(amount),
  fuelShort: z.nullable(amount),
});
export type Leaning = z.infer<typeof Leaning>;

export const Detail = z.object({
  symbol: z.string(),
  /** Whose bars, funding and prices these are. */
  venue: zodOf(VenueId),
  candles: Candles,
  /** Average true range of an hour, quote currency. */
  atr1h: z.nullable(amount),
  /** Price ran this far past the edges of clusters, fraction of price, in four of five cases. */
  overshoot: amount,
  /** How many runs that was measured on; with none it is an assumption. */
  overshootRuns: amount,
  /** Prices at which the market turned before, ascending. */
  turns: z.array(
    z.object({ price, kind: z.enum(['support', 'resistance']), touches: amount, time: z.number() }),
  ),
  depth: z.nullable(DepthView),
  funding: z.object({
    running: z.nullable(Funding),
    settled: z.array(Funding),
    /** The usual range of 30 days, per 8 h. */
    usual: z.nullable(z.object({ p5: z.number(), p95: z.number() })),
  }),
  venues: z.array(VenueTerms),
  forced: Forced,
  /** Ascending in time, at most 720. */
  leaning: z.array(Leaning).check(z.maxLength(720)),
});
export type Detail = z.infer<typeof Detail>;

/** Bars as the engine reads them; open interest is not known. */
export function barColumns({ time, open, high, low, close, volume }: Candles): BarColumns {
  return {
    length: time.length,
    time: Float64Array.from(time),
    open: Float64Array.from(open),
    high: Float64Array.from(high),
    low: Float64Array.from(low),
    close: Float64Array.from(close),
    volume: Float64Array.from(volume),
    openInterest: new Float64Array(time.length),
    openInterestClose: new Float64Array(time.length),
  };
}

const sentCells = 2000;

/** What is sent of a joined book. */
export function depthView({ price: at, long, short }: Depth, books: DepthView['books']): DepthView {
  const cut = ({ usd, covered }: Depth['long']) => ({
    usd: Array.from(usd.subarray(0, sentCells + 1), Math.round),
    covered,
  });
  return { price: at, books, long: cut(long), short: cut(short) };
}
