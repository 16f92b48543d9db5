import * as z from 'zod/mini';

/**
 * How the map of a symbol did on the forced orders that this browser itself heard in the last 30 days. Each order is looked
 * for on the way that price took in its hour, by the map as it stood when the hour began. null: not known yet.
 */

const share = z.number().check(z.minimum(0), z.maximum(1));

const Standing = z.object({
  /** Part of the orders that lay in the densest tenth of the way; by chance it is `chance`. */
  share: z.nullable(share),
  /** Lower end of its 95 % interval (Wilson). */
  shareLow: z.nullable(share),
  /** Part of the hours (those above the median) whose amount lay in the 80 % interval shown for it. */
  coverage: z.nullable(share),
});

export const Ledger = z.object({
  symbol: z.string(),
  /** Beginning of the oldest hour that counts, ms since 1970. */
  since: z.nullable(z.number()),
  /** Whole hours that were heard, those of several venues added up. */
  hours: z.number().check(z.minimum(0)),
  orders: z.int().check(z.minimum(0)),
  /** So many orders are needed before anything is said. */
  needed: z.int().check(z.positive()),
  /** Whether there are as many: else shares and lift are not to be shown. */
  isEnough: z.boolean(),
  chance: share,
  map: Standing,
  /** What one gets who knows only how far from price maps usually hold how much. */
  distanceOnly: Standing,
  /** Forced orders in levels ÷ elsewhere, per typical amount on the way; 1 is no better than any price. Of distance only it is 1. */
  lift: z.nullable(z.number().check(z.minimum(0))),
  /** Force-closed ÷ expected over the last twelve hours heard, against the hours before; 1 is no drift. */
  drift: z.nullable(z.number().check(z.minimum(0))),
  /** For a week the lower end of `map.share` has been under chance: bands are dimmed. */
  isDoubtful: z.boolean(),
});
export type Ledger = z.infer<typeof Ledger>;
