import * as z from 'zod/mini';
import { Candles, Forced } from './detail';
import { MapView } from './view';
import { zodOf } from './zod-of';

/** What the map said before, and what came of it. Prices per coin on the reference venue, amounts USD, times ms since 1970. */

const amount = z.number().check(z.minimum(0));
const price = z.number().check(z.positive());

/** A level that stood at an earlier moment. */
export const StoodLevel = z.object({
  side: z.enum(['long', 'short']),
  low: price,
  high: price,
  /** The nearer of the two from the price of then. */
  edge: price,
  usd: amount,
  forced: z.object({ p10: amount, p50: amount, p90: amount }),
  stoodAt: z.number(),
  /** When price went through it; null where it has not. */
  sweptAt: z.nullable(z.number()),
});
export type StoodLevel = z.infer<typeof StoodLevel>;

export const Replayed = z.object({
  /** The map as it stood, built from the bars that had closed by then. */
  view: zodOf(MapView),
  /** Bars before that moment and after it. */
  candles: Candles,
  /** Forced orders recorded after it, largest first. */
  orders: Forced.shape.orders,
  /** Their sums, and up to when. */
  followed: z.object({ until: z.number(), long: amount, short: amount }),
  /** Opening time of the oldest bar known. */
  historyFrom: z.number(),
});
export type Replayed = z.infer<typeof Replayed>;

/** A pinned market as it was when it was looked at last. */
export const WatchedSymbol = z.object({
  symbol: z.string(),
  /** When that was; null where it never was, and all else with it. */
  time: z.nullable(z.number()),
  price: z.nullable(price),
  /** Long-side ÷ short-side USD within 5 %. */
  ratio: z.nullable(amount),
  /** Nearer edges of the nearest levels. */
  longsBelow: z.nullable(price),
  shortsAbove: z.nullable(price),
});
export type WatchedSymbol = z.infer<typeof WatchedSymbol>;
