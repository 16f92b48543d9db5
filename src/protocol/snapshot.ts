import * as z from 'zod/mini';
import { FeedHealth, MapView } from './view';
import { zodOf } from './zod-of';

/** What `liqbands snapshot` writes and the widget reads: one market at one moment, as JSON. */

const price = z.number().check(z.positive());

/** Opening time (ms since 1970), open, high, low, close; prices per coin. */
const Candle = z.tuple([z.number(), price, price, price, price]);
export type Candle = z.infer<typeof Candle>;

/** Candles ascending in time, and the bands estimated after the last of them. */
const WindowSnapshot = z.object({ view: zodOf(MapView), candles: z.array(Candle).check(z.minLength(1)) });
export type WindowSnapshot = z.infer<typeof WindowSnapshot>;

export const Snapshot = z.object({
  format: z.literal('liqbands'),
  version: z.literal(1),
  /** Canonical, for example `ETH-USDT`. */
  symbol: z.string(),
  /** When it was made, ms since 1970. */
  time: z.number(),
  /** Every venue asked, also those that did not answer. */
  health: z.array(zodOf(FeedHealth)),
  windows: z.object({
    '12h': z.optional(WindowSnapshot),
    '24h': z.optional(WindowSnapshot),
    '7d': z.optional(WindowSnapshot),
    '30d': z.optional(WindowSnapshot),
  }),
});
export type Snapshot = z.infer<typeof Snapshot>;
