import * as z from 'zod/mini';
import { CanonicalSymbol } from './names';
import { VenueId } from './settings';
import type { PositionLines } from './view';
import { zodOf } from './zod-of';

/** A position that the user keeps an eye on. It stays in the extension's own database, out of reach of pages. */

const price = z.number().check(z.positive());
const amount = z.number().check(z.minimum(0));

/** What the market looked like at one moment, as far as it could be told. */
export const PositionFigures = z.object({
  time: z.number(),
  price,
  /** Liquidation fuel ratio of the position. */
  fuel: z.nullable(amount),
  /** Long-side ÷ short-side USD within 5 %. */
  ratio: z.nullable(amount),
  /** Nearer edges of the nearest levels. */
  longsBelow: z.nullable(price),
  shortsAbove: z.nullable(price),
  fundingPer8h: z.nullable(z.number()),
  openInterestUsd: amount,
});
export type PositionFigures = z.infer<typeof PositionFigures>;

export const KeptPosition = z.object({
  id: z.string().check(z.minLength(1), z.maxLength(64)),
  symbol: zodOf(CanonicalSymbol),
  venue: zodOf(VenueId),
  margin: z.enum(['isolated', 'cross']),
  side: z.enum(['long', 'short']),
  entry: price,
  leverage: z.number().check(z.minimum(1), z.maximum(1000)),
  /** Coins. */
  base: price,
  stop: z.nullable(price),
  target: z.nullable(price),
  /** What may be lost, USD. */
  budgetUsd: z.nullable(amount),
  liquidation: z.nullable(amount),
  /** The stop that the rule gave. */
  ruledStop: z.nullable(price),
  /** Whether it is drawn on charts: pages that show its market are then told its prices. */
  drawn: z.catch(z.boolean(), false),
  keptAt: z.number(),
  atEntry: PositionFigures,
  /** The map as it was: USD at risk of band i, [exp(lnLow + i·step), exp(lnLow + (i+1)·step)). */
  map: z.object({
    lnLow: z.number(),
    step: price,
    long: z.array(amount).check(z.maxLength(2000)),
    short: z.array(amount).check(z.maxLength(2000)),
  }),
});
export type KeptPosition = z.infer<typeof KeptPosition>;

/** What of a position is drawn. */
export const positionLinesOf = ({
  side,
  entry,
  stop,
  liquidation,
  ruledStop,
}: KeptPosition): PositionLines => ({
  side,
  entry,
  stop,
  liquidation: liquidation || null,
  ruledStop,
});
