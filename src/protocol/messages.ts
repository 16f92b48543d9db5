import * as z from 'zod/mini';
import { symbolPattern } from '../venues/symbols';
import { VenueId, WindowId } from './settings';
import { HistoryView, MapView, Tick } from './view';

/**
 * Everything that crosses a context. Pages keep one port named `watchPort` open while they show a chart; the worker
 * answers on it. A port that closes means the worker went away: connect again.
 */

export const watchPort = 'watch';

const CanonicalSymbol = z.string().check(z.regex(symbolPattern));

/** Page → worker on the port. */
export const WatchRequest = z.object({
  type: z.literal('watch'),
  /** Canonical symbol such as `BTC-USDT`. */
  symbol: CanonicalSymbol,
  window: WindowId,
  /** The venue whose mark the page's own prices follow, where known, and the market's name there as the page has it. */
  venue: z.optional(VenueId),
  native: z.optional(z.string().check(z.minLength(1), z.maxLength(60))),
  /** Whether observed positions are wanted too; they cost requests. */
  observed: z.optional(z.boolean()),
  /** Whether the history of the estimate is wanted, for a heatmap; it is sent anew with each column. */
  history: z.optional(z.boolean()),
});
export type WatchRequest = z.infer<typeof WatchRequest>;

/** Worker → page on the port. */
export const WatchReply = z.discriminatedUnion('type', [
  /** By the venue's own list the page shows another market than it asked for; what follows is of this one. */
  z.object({
    type: z.literal('market'),
    symbol: CanonicalSymbol,
    multiplier: z.number().check(z.positive()),
  }),
  z.object({ type: z.literal('map'), view: MapView }),
  z.object({ type: z.literal('tick'), tick: Tick }),
  z.object({ type: z.literal('history'), history: HistoryView }),
  /** The symbol is listed nowhere: nothing to draw. */
  z.object({ type: z.literal('unknown'), symbol: z.string() }),
]);
export type WatchReply = z.infer<typeof WatchReply>;

/** One-shot requests: name → request and reply. `who` says which contexts may send it. */
export const requests = {
  /** Popup → content script of the active tab, through the worker or tabs.sendMessage. */
  pageStatus: {
    request: z.object({ type: z.literal('pageStatus') }),
    reply: z.object({
      host: z.string(),
      symbol: z.nullable(z.string()),
      /** What the page itself says it shows, whatever the user picked. */
      told: z.nullable(z.string()),
      /** Why nothing is drawn, in words; empty while drawing. */
      note: z.string(),
      drawing: z.boolean(),
      tick: z.nullable(Tick),
    }),
  },
  /** Popup → worker: the symbols that the venues' lists at hand name, in order. */
  symbols: {
    request: z.object({ type: z.literal('symbols') }),
    reply: z.object({ symbols: z.array(z.string()) }),
  },
} as const;

export type RequestName = keyof typeof requests;
export type Reply<N extends RequestName> = z.infer<(typeof requests)[N]['reply']>;
