import * as z from 'zod/mini';
import { tierLeverages } from '../engine/records';
import { FeedHealth, MapView } from './view';
import { zodOf } from './zod-of';

/**
 * What `liqbands snapshot` writes and the widget reads: one market at one moment, as JSON. Files come from anywhere, so the
 * bounds here are those of what a page can draw.
 */

/** Bands of a map, and candles of a window, at most. */
const mostBands = 2000;
const mostCandles = 1000;

const price = z.number().check(z.positive());

/** Opening time (ms since 1970), open, high, low, close; prices per coin. */
const Candle = z
  .tuple([z.number().check(z.minimum(0), z.maximum(8.64e15)), price, price, price, price])
  .check(
    z.refine(([, open, high, low, close]) => low <= Math.min(open, close) && high >= Math.max(open, close), {
      error: 'low ≤ open, close ≤ high',
    }),
  );
export type Candle = z.infer<typeof Candle>;

/** As `MapView`, every list as long as the bands are many. */
const BoundedView = zodOf(MapView).check(
  z.refine(
    ({ lnLow, step, long, short, longAge, shortAge, longTiers, shortTiers, times, venues = [] }) => {
      const count = long.length;
      const tiers = count * tierLeverages.length;
      const even = [short, longAge, shortAge, times?.long, times?.short];
      for (const venue of venues) even.push(venue.long, venue.short);
      return (
        count > 0 &&
        count <= mostBands &&
        even.every((list) => !list || list.length === count) &&
        longTiers.length === tiers &&
        shortTiers.length === tiers &&
        Math.abs(lnLow) < 100 &&
        count * step < 10
      );
    },
    { error: 'as many values as bands' },
  ),
);

/** Candles ascending in time, and the bands estimated after the last of them. */
const WindowSnapshot = z.object({
  view: BoundedView,
  candles: z.array(Candle).check(
    z.minLength(1),
    z.maxLength(mostCandles),
    z.refine((candles) => candles.every(([time], i) => i === 0 || time - candles[i - 1]![0] >= 1000), {
      error: 'ascending in time',
    }),
  ),
});
export type WindowSnapshot = z.infer<typeof WindowSnapshot>;

export const Snapshot = z.object({
  format: z.literal('liqbands'),
  version: z.literal(1),
  /** Canonical, for example `ETH-USDT`. */
  symbol: z.string(),
  /** When it was made, ms since 1970. */
  time: z.number(),
  /** Every venue asked, also those that did not answer. */
  health: z.array(zodOf(FeedHealth)).check(z.maxLength(50)),
  windows: z.object({
    '12h': z.optional(WindowSnapshot),
    '24h': z.optional(WindowSnapshot),
    '7d': z.optional(WindowSnapshot),
    '30d': z.optional(WindowSnapshot),
  }),
});
export type Snapshot = z.infer<typeof Snapshot>;
