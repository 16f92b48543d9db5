import {
  amount,
  and,
  finite,
  flag,
  list,
  nullable,
  type Of,
  object,
  oneOf,
  optional,
  pair,
  positive,
  text,
  whole,
  within,
} from './form';
import { VenueName, WindowId } from './names';

/** What the worker tells a page. Amounts are USD, times ms since 1970 by the user's own clock. */

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
export const FeedState = object({
  feed: oneOf(...feedIds),
  /** `none`: the venue does not offer it. */
  state: oneOf('late', 'limited', 'blocked', 'down', 'none'),
  /** Since when: its last data, or the first failure. */
  since: finite,
  /** One sentence for the user. */
  reason: text(),
});
export type FeedState = Of<typeof FeedState>;

export const FeedHealth = object({
  venue: VenueName,
  state: oneOf(
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
  ),
  /** Since when it is in this state. */
  since: finite,
  /** One sentence for the user; empty when ok. */
  reason: text(),
  /** How good the venue's part of the map is. */
  quality: oneOf('full', 'coarse', 'scaled', 'stale', 'unavailable'),
  openInterestUsd: optional(amount),
  /** The feeds of a venue that is followed which are not ok. */
  feeds: optional(list(FeedState)),
  /** Messages of the venue that were left out since the worker started, by reason, most frequent first. */
  dropped: optional(list(object({ reason: text(), count: whole(1, 1e9) }))),
  /** Hosts that could answer in place of one that does not, were the extension allowed to read them. */
  standIns: optional(list(text())),
  /** The venue as it is called on screen. */
  name: optional(text()),
});
export type FeedHealth = Of<typeof FeedHealth>;

/** The bands around a level, down to the valleys beside it. */
const ClusterView = object({
  side: oneOf('long', 'short'),
  low: positive,
  high: positive,
  peak: positive,
  usd: amount,
  /** Distance of the nearer edge from the mark, fraction ≥ 0. */
  distance: finite,
  /** USD at risk, and expected to be forced, ÷ USD resting in the books between price and the far edge. */
  depth: optional(
    object({
      atRisk: amount,
      expected: amount,
      /** Some book ends before the far edge, and is taken to go on as it is. */
      extrapolated: flag,
      /** How far every book reaches on this side, as a fraction of the price. */
      reach: amount,
    }),
  ),
});
export type ClusterView = Of<typeof ClusterView>;

/**
 * A price that stands out for a reason: a swing that price has not gone through since, or a peak of the map over what is
 * typical at its distance. Prices are absolute, on the scale of the view.
 */
export const LevelView = object({
  side: oneOf('long', 'short'),
  low: positive,
  high: positive,
  /** The nearer of the two from the mark. */
  edge: positive,
  kind: oneOf('swing', 'excess'),
  /** The swing is the highest or lowest price of that long, and not passed since. */
  extreme: optional(oneOf('24h', '7d')),
  /** When the swing was made, or since when the excess stands. */
  since: finite,
  /** At risk ÷ what is typical at this distance; absent where no typical map is known. */
  times: optional(amount),
  /** At risk in its cluster: the bands around it down to the valley. */
  usd: amount,
  /** What of it would be closed by force: median and 80 % interval, USD. */
  forced: object({ p10: amount, p50: amount, p90: amount }),
  /** `usd` as a fraction of all open interest of the venues counted. */
  share: within(0, 1),
  /** Mass-weighted mean age of the positions in its cluster, ms. */
  ageMs: amount,
  /** When price last was on the other side of it; absent where it never was in the history known. */
  crossedAt: optional(finite),
});
export type LevelView = Of<typeof LevelView>;

/**
 * A position that the user wants drawn: prices per coin. A page is told what is drawn and nothing else, neither size nor
 * leverage nor venue.
 */
export const PositionLines = object({
  side: oneOf('long', 'short'),
  entry: positive,
  stop: nullable(positive),
  /** Where the venue's rule would liquidate it. */
  liquidation: nullable(positive),
  /** The stop that the rule gave when it was kept. */
  ruledStop: nullable(positive),
});
export type PositionLines = Of<typeof PositionLines>;

/** Levels of one side at most. */
const mostLevels = 6;

/**
 * Positions of accounts that traded while we watched, on a venue where positions are public: seen, not estimated, and
 * never part of the estimate. Amounts are USD by the index of the band their liquidation price lies in.
 */
export const ObservedView = object({
  venue: VenueName,
  accounts: whole(0, 1e9),
  /** Part of the venue's open interest that these positions make up, 0–1. */
  coverage: within(0, 1),
  long: list(pair(whole(0, 1e6), amount)),
  short: list(pair(whole(0, 1e6), amount)),
  /**
   * Where liquidation prices of large, slow accounts usually lie, both sides together: part of what was seen, by distance
   * from the mark in rows of `step` (a fraction of ln(price)), and farther out. Absent where too few were seen.
   */
  distances: optional(
    object({
      step: positive,
      shares: list(within(0, 1), 100),
      beyond: within(0, 1),
      positions: whole(1, 1e9),
    }),
  ),
  /** The host whose public list of the largest accounts could be read, were the extension allowed to. */
  askable: optional(text(100)),
});
export type ObservedView = Of<typeof ObservedView>;

/**
 * Closing prices per coin at even steps, whole multiples of them since 1970: price k closes at from + (k + 1)·stepMs, the
 * last one is the newest. A gap repeats the price before it.
 */
export const Closes = object({
  from: finite,
  stepMs: positive,
  prices: list(positive, 720),
});
export type Closes = Of<typeof Closes>;

/**
 * The map as pages draw it. Band i covers [exp(lnLow + i·step), exp(lnLow + (i+1)·step)), prices per coin; a page
 * whose chart shows a multiple of the coin (1000PEPE) multiplies.
 */
export const MapView = and(
  object({
    symbol: text(),
    window: WindowId,
    price: positive,
    lnLow: finite,
    step: positive,
    long: list(amount),
    short: list(amount),
    /** At risk of all ages ÷ what is typical at its distance, one value a band. Absent: not known. */
    times: optional(object({ long: list(amount), short: list(amount) })),
    /** What is typical is known from too few hours of this market, or from others alone. */
    isTypicalYoung: optional(flag),
    /** Mean age in minutes, one value a band. */
    longAge: list(amount),
    shortAge: list(amount),
    /** Tier-major at-risk USD: tier t of band i at t·count + i. */
    longTiers: list(amount),
    shortTiers: list(amount),
    /** Expected forced = q × at risk: median and the 80 % interval of q. */
    q: object({ p10: amount, p50: amount, p90: amount }),
    ratio: object({
      within5: nullable(finite),
      within10: nullable(finite),
      longUsd5: amount,
      shortUsd5: amount,
    }),
    clusters: list(ClusterView),
    /** Nearest first on each side, `mostLevels` a side. Absent: not known, which is not the same as none. */
    levels: optional(list(LevelView, 2 * mostLevels)),
    observed: optional(ObservedView),
    /** Whole percent of each band's amount by venue, 0 where a band is empty; venues as they are called on screen. */
    venues: optional(list(object({ name: text(), long: list(amount), short: list(amount) }))),
    /** Price over the window, for where no chart can be drawn on. */
    closes: optional(Closes),
    /** True while history is still being fetched. */
    provisional: flag,
    /** Opening time of the oldest bar counted. */
    historyFrom: finite,
    /** Half of the open interest in it is known as of then or later. */
    asOf: finite,
  }),
  'as many longs as shorts',
  ({ long, short }) => long.length === short.length,
);
export type MapView = Of<typeof MapView>;

/** An order by which a position was really closed by force. */
const ForcedMark = object({ time: finite, side: oneOf('long', 'short'), price: positive, usd: amount });

/**
 * What the map said at each moment, one column per step of time; a column once sent never changes. Columns count
 * positions of all ages. Prices are per coin, on the leading venue.
 */
export const HistoryView = and(
  object({
    symbol: text(),
    window: WindowId,
    /** Opening time of the first column, and the time between two, ms. */
    time: finite,
    columnMs: positive,
    columns: whole(1, 1000),
    rows: whole(1, 2000),
    /** Band i covers [exp(lnLow + i·step), exp(lnLow + (i+1)·step)). */
    lnLow: finite,
    step: positive,
    /**
     * One byte a cell in base64, band i of column c at c·rows + i: 0 nothing, 1–127 longs, 129–255 shorts; the low seven
     * bits k stand for about exp((k − 1)·usdStep) · usdFrom dollars at risk.
     */
    cells: text(270_000),
    usdFrom: positive,
    usdStep: positive,
    /** The largest orders that were really forced meanwhile, as far as this browser heard of them. */
    forced: optional(list(ForcedMark, 10_000)),
  }),
  'as many cells as columns and rows make',
  ({ columns, rows, cells }) => cells.length === 4 * Math.ceil((columns * rows) / 3),
);
export type HistoryView = Of<typeof HistoryView>;

/** The market around the map, over all venues that are on. */
export const MarketContext = object({
  openInterestUsd: amount,
  volume24hUsd: amount,
  /** Change of price over 24 h, as a fraction; null with less history. */
  change24h: nullable(finite),
  /** Running funding of the leading venue, as a fraction per 8 h. */
  fundingPer8h: nullable(finite),
  /** Fear & Greed index of the whole market, 0–100, and the publisher's word for it. */
  fearAndGreed: nullable(object({ value: amount, word: text(), time: finite })),
});
export type MarketContext = Of<typeof MarketContext>;

/** Sent about once a second: what changes without the map changing. */
export const Tick = object({
  symbol: text(),
  price: nullable(positive),
  /** Half of the open interest shown is known as of then or later. */
  asOf: nullable(finite),
  /** How much of what is shown is live: venues of all that are followed, and their part of open interest, 0–1. */
  live: optional(object({ venues: whole(0, 1e9), of: whole(0, 1e9), share: within(0, 1) })),
  health: list(FeedHealth),
  /** Why nothing may be drawn on this page, in words. */
  refused: optional(text()),
  /** On the forced orders that were heard the map has done no better than chance for a week: what is drawn is to look faint. */
  isDoubtful: optional(flag),
  /** Sentences for banners, most important first. */
  banners: list(object({ kind: text(), text: text() })),
  context: optional(MarketContext),
  /** What was really force-closed lately, as far as it was heard: pairs of a name and words. */
  facts: optional(list(pair(text(), text()))),
});
export type Tick = Of<typeof Tick>;
