import * as z from 'zod/mini';
import { VenueId, WindowId } from './settings';

/** What the worker tells a page. Amounts are USD, times ms since 1970 by the user's own clock. */

const amount = z.number().check(z.minimum(0));
const finite = z.number();

/** What is followed of each venue. */
export const feedIds = [
  'mark',
  'bars',
  'openInterest',
  'book',
  'trades',
  'forcedOrders',
  'funding',
  'tiers',
] as const;
export type FeedId = (typeof feedIds)[number];

/** A feed that does not bring what it should. */
export const FeedState = z.object({
  feed: z.enum(feedIds),
  /** `none`: the venue does not offer it. */
  state: z.enum(['late', 'limited', 'blocked', 'down', 'none']),
  /** Since when: its last data, or the first failure. */
  since: finite,
  /** One sentence for the user. */
  reason: z.string(),
});
export type FeedState = z.infer<typeof FeedState>;

export const FeedHealth = z.object({
  venue: VenueId,
  state: z.enum([
    'ok',
    'starting',
    'late',
    'limited',
    'blocked',
    'down',
    'unlisted',
    'odd',
    'off',
    'permission',
  ]),
  /** Since when it is in this state. */
  since: finite,
  /** One sentence for the user; empty when ok. */
  reason: z.string(),
  /** How good the venue's part of the map is. */
  quality: z.enum(['full', 'coarse', 'scaled', 'stale', 'unavailable']),
  openInterestUsd: z.optional(amount),
  /** The feeds of a venue that is followed which are not ok. */
  feeds: z.optional(z.array(FeedState)),
  /** Messages of the venue that were left out since the worker started, by reason, most frequent first. */
  dropped: z.optional(z.array(z.object({ reason: z.string(), count: z.int().check(z.positive()) }))),
  /** The venue as it is called on screen. */
  name: z.optional(z.string()),
});
export type FeedHealth = z.infer<typeof FeedHealth>;

/** The bands around a level, down to the valleys beside it. */
const ClusterView = z.object({
  side: z.enum(['long', 'short']),
  low: z.number().check(z.positive()),
  high: z.number().check(z.positive()),
  peak: z.number().check(z.positive()),
  usd: amount,
  /** Distance of the nearer edge from the mark, fraction ≥ 0. */
  distance: finite,
  /** USD at risk, and expected to be forced, ÷ USD resting in the books between price and the far edge. */
  depth: z.optional(
    z.object({
      atRisk: amount,
      expected: amount,
      /** Some book ends before the far edge, and is taken to go on as it is. */
      extrapolated: z.boolean(),
    }),
  ),
});
export type ClusterView = z.infer<typeof ClusterView>;

/**
 * A price that stands out for a reason: a swing that price has not gone through since, or a peak of the map over what is
 * typical at its distance. Prices are absolute, on the scale of the view.
 */
export const LevelView = z.object({
  side: z.enum(['long', 'short']),
  low: z.number().check(z.positive()),
  high: z.number().check(z.positive()),
  /** The nearer of the two from the mark. */
  edge: z.number().check(z.positive()),
  kind: z.enum(['swing', 'excess']),
  /** The swing is the highest or lowest price of that long, and not passed since. */
  extreme: z.optional(z.enum(['24h', '7d'])),
  /** When the swing was made, or since when the excess stands. */
  since: finite,
  /** At risk ÷ what is typical at this distance; absent where no typical map is known. */
  times: z.optional(amount),
  /** At risk in its cluster: the bands around it down to the valley. */
  usd: amount,
  /** What of it would be closed by force: median and 80 % interval, USD. */
  forced: z.object({ p10: amount, p50: amount, p90: amount }),
  /** `usd` as a fraction of all open interest of the venues counted. */
  share: z.number().check(z.minimum(0), z.maximum(1)),
  /** Mass-weighted mean age of the positions in its cluster, ms. */
  ageMs: amount,
  /** When price last was on the other side of it; absent where it never was in the history known. */
  crossedAt: z.optional(finite),
});
export type LevelView = z.infer<typeof LevelView>;

/** Levels of one side at most. */
const mostLevels = 6;

/**
 * Positions of accounts that traded while we watched, on a venue where positions are public: seen, not estimated, and
 * never part of the estimate. Amounts are USD by the index of the band their liquidation price lies in.
 */
export const ObservedView = z.object({
  venue: VenueId,
  accounts: z.int().check(z.minimum(0)),
  /** Part of the venue's open interest that these positions make up, 0–1. */
  coverage: z.number().check(z.minimum(0), z.maximum(1)),
  long: z.array(z.tuple([z.int(), amount])),
  short: z.array(z.tuple([z.int(), amount])),
});
export type ObservedView = z.infer<typeof ObservedView>;

/**
 * Closing prices per coin at even steps, whole multiples of them since 1970: price k closes at from + (k + 1)·stepMs, the
 * last one is the newest. A gap repeats the price before it.
 */
export const Closes = z.object({
  from: finite,
  stepMs: z.number().check(z.positive()),
  prices: z.array(z.number().check(z.positive())).check(z.maxLength(720)),
});
export type Closes = z.infer<typeof Closes>;

/**
 * The map as pages draw it. Band i covers [exp(lnLow + i·step), exp(lnLow + (i+1)·step)), prices per coin; a page
 * whose chart shows a multiple of the coin (1000PEPE) multiplies.
 */
export const MapView = z.object({
  symbol: z.string(),
  window: WindowId,
  price: z.number().check(z.positive()),
  lnLow: finite,
  step: z.number().check(z.positive()),
  long: z.array(amount),
  short: z.array(amount),
  /** At risk of all ages ÷ what is typical at its distance, one value a band. Absent: not known. */
  times: z.optional(z.object({ long: z.array(amount), short: z.array(amount) })),
  /** What is typical is known from too few hours of this market, or from others alone. */
  isTypicalYoung: z.optional(z.boolean()),
  /** Mean age in minutes, one value a band. */
  longAge: z.array(amount),
  shortAge: z.array(amount),
  /** Tier-major at-risk USD: tier t of band i at t·count + i. */
  longTiers: z.array(amount),
  shortTiers: z.array(amount),
  /** Expected forced = q × at risk: median and the 80 % interval of q. */
  q: z.object({ p10: amount, p50: amount, p90: amount }),
  ratio: z.object({
    within5: z.nullable(finite),
    within10: z.nullable(finite),
    longUsd5: amount,
    shortUsd5: amount,
  }),
  clusters: z.array(ClusterView),
  /** Nearest first on each side, `mostLevels` a side. Absent: not known, which is not the same as none. */
  levels: z.optional(z.array(LevelView).check(z.maxLength(2 * mostLevels))),
  observed: z.optional(ObservedView),
  /** Whole percent of each band's amount by venue, 0 where a band is empty; venues as they are called on screen. */
  venues: z.optional(z.array(z.object({ name: z.string(), long: z.array(amount), short: z.array(amount) }))),
  /** Price over the window, for where no chart can be drawn on. */
  closes: z.optional(Closes),
  /** True while history is still being fetched. */
  provisional: z.boolean(),
  /** Opening time of the oldest bar counted. */
  historyFrom: finite,
  /** Half of the open interest in it is known as of then or later. */
  asOf: finite,
});
export type MapView = z.infer<typeof MapView>;

/**
 * What the map said at each moment, one column per step of time; a column once sent never changes. Columns count
 * positions of all ages. Prices are per coin, on the leading venue.
 */
export const HistoryView = z.object({
  symbol: z.string(),
  window: WindowId,
  /** Opening time of the first column, and the time between two, ms. */
  time: finite,
  columnMs: z.number().check(z.positive()),
  columns: z.int().check(z.minimum(1), z.maximum(1000)),
  rows: z.int().check(z.minimum(1), z.maximum(2000)),
  /** Band i covers [exp(lnLow + i·step), exp(lnLow + (i+1)·step)). */
  lnLow: finite,
  step: z.number().check(z.positive()),
  /**
   * One byte a cell in base64, band i of column c at c·rows + i: 0 nothing, 1–127 longs, 129–255 shorts; the low seven
   * bits k stand for about exp((k − 1)·usdStep) · usdFrom dollars at risk.
   */
  cells: z.string().check(z.maxLength(270_000)),
  usdFrom: z.number().check(z.positive()),
  usdStep: z.number().check(z.positive()),
});
export type HistoryView = z.infer<typeof HistoryView>;

/** The market around the map, over all venues that are on. */
export const MarketContext = z.object({
  openInterestUsd: amount,
  volume24hUsd: amount,
  /** Change of price over 24 h, as a fraction; null with less history. */
  change24h: z.nullable(finite),
  /** Running funding of the leading venue, as a fraction per 8 h. */
  fundingPer8h: z.nullable(finite),
  /** Fear & Greed index of the whole market, 0–100, and the publisher's word for it. */
  fearAndGreed: z.nullable(z.object({ value: amount, word: z.string(), time: finite })),
});
export type MarketContext = z.infer<typeof MarketContext>;

/** Sent about once a second: what changes without the map changing. */
export const Tick = z.object({
  symbol: z.string(),
  price: z.nullable(z.number().check(z.positive())),
  /** Half of the open interest shown is known as of then or later. */
  asOf: z.nullable(finite),
  /** How much of what is shown is live: venues of all that are followed, and their part of open interest, 0–1. */
  live: z.optional(
    z.object({
      venues: z.int().check(z.minimum(0)),
      of: z.int().check(z.minimum(0)),
      share: z.number().check(z.minimum(0), z.maximum(1)),
    }),
  ),
  health: z.array(FeedHealth),
  /** Why nothing may be drawn on this page, in words. */
  refused: z.optional(z.string()),
  /** Sentences for banners, most important first. */
  banners: z.array(z.object({ kind: z.string(), text: z.string() })),
  context: z.optional(MarketContext),
  /** What was really force-closed lately, as far as it was heard: pairs of a name and words. */
  facts: z.optional(z.array(z.tuple([z.string(), z.string()]))),
});
export type Tick = z.infer<typeof Tick>;
