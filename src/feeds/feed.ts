import type { MarginTier } from '../engine/positions/margin';
import type { Bar, ForcedOrder, OpenInterestPoint } from '../engine/records';
import { hourMs, minuteMs } from '../engine/time';
import type { VenueId } from '../venues';

/**
 * The one shape of a venue: a value with pure functions. It says what to ask and how to read the answer; the network
 * belongs to `net/`.
 */

export type { VenueId };

export type Interval = '1m' | '5m' | '15m' | '30m' | '1h';
export const intervalMs: Record<Interval, number> = {
  '1m': minuteMs,
  '5m': 5 * minuteMs,
  '15m': 15 * minuteMs,
  '30m': 30 * minuteMs,
  '1h': hourMs,
};

/** Spacings in which venues keep open interest and ratios. */
export type Period = Exclude<Interval, '1m'>;

/**
 * What a contract is about: a coin; a share, currency or commodity listed beside coins; or a market that a third party
 * runs on a venue, whatever it is about.
 */
export type AssetKind = 'coin' | 'stock' | 'forex' | 'commodity' | 'other' | 'thirdParty';

/** One listed linear perpetual. */
export interface Instrument {
  /** Canonical name, for example `BTC-USDT` or `PEPE-USDT`. */
  symbol: string;
  /** The venue's own name, for example `1000PEPEUSDT`. */
  native: string;
  /** Coins per unit of the venue's price quote: 1000 for 1000PEPEUSDT. Prices are divided by it, amounts multiplied. */
  multiplier: number;
  /** Coins (after `multiplier`) per contract where the venue counts contracts, otherwise 1. */
  contractSize: number;
  /** What is traded; absent: a coin. Anything else is a market of its own, never a coin's under the same letters. */
  kind?: Exclude<AssetKind, 'coin'> | undefined;
  tickSize: number;
  /** Highest leverage offered on the smallest position; an assumption where the venue tells it only with its tiers. */
  maxLeverage: number;
  /** Time between two fundings, where the list of instruments says so. */
  fundingIntervalMs?: number | undefined;
}

/** What is marked now; a field that is absent was not told. */
export interface MarkState {
  time: number;
  mark: number;
  index?: number;
  /** Rate of the running funding interval, as a fraction. */
  fundingRate?: number;
  fundingIntervalMs?: number;
  nextFundingTime?: number;
}

/** A settled funding: `rate` is a fraction of the notional, paid by longs to shorts when positive. */
export interface FundingPoint {
  time: number;
  rate: number;
}

/** The running funding, where a socket tells it apart from the mark price. */
export interface FundingState {
  time: number;
  rate: number;
  intervalMs?: number;
  nextTime?: number;
}

/**
 * What a ratio counts: `account` all accounts by their net side, `position` what they hold, `topAccount` and
 * `topPosition` the same for the largest accounts, `taker` volume by the taker's side.
 */
export type RatioKind = 'account' | 'position' | 'topAccount' | 'topPosition' | 'taker';

export interface RatioPoint {
  time: number;
  /** Long (or taker-buying) part of the whole, 0 to 1. */
  share: number;
}

/** Resting orders, best price first, price per coin and coins. */
export interface Book {
  time: number;
  bids: [price: number, base: number][];
  asks: [price: number, base: number][];
}

/**
 * How far a book reaches from its middle on the side where it reaches less, as a fraction of the price: what lies further
 * away is not in it. 0 for a book without orders on a side.
 */
export function reachOf({ bids, asks }: Pick<Book, 'bids' | 'asks'>): number {
  if (bids.length === 0 || asks.length === 0) return 0;
  // Whatever order they came in.
  const [lowest, bid] = rangeOf(bids);
  const [ask, highest] = rangeOf(asks);
  const middle = (bid + ask) / 2;
  return Math.max(0, Math.min(1 - lowest / middle, highest / middle - 1));
}

function rangeOf(levels: Book['bids']): [lowest: number, highest: number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = 0;
  for (const [at] of levels) {
    lowest = Math.min(lowest, at);
    highest = Math.max(highest, at);
  }
  return [lowest, highest];
}

export interface Trade {
  time: number;
  price: number;
  base: number;
  /** Which side the taker was on. */
  taker: 'buy' | 'sell';
  /** Who traded, buyer first, on venues that publish it. */
  accounts?: [buyer: string, seller: string];
}

/** Everything a socket can tell, for one canonical symbol. */
export type FeedEvent =
  | { kind: 'bar'; symbol: string; interval: Interval; bar: Bar; closed: boolean }
  | { kind: 'mark'; symbol: string; mark: MarkState }
  | { kind: 'funding'; symbol: string; funding: FundingState }
  | { kind: 'openInterest'; symbol: string; point: OpenInterestPoint }
  /** `id` is the same for the same record however often it is sent. */
  | { kind: 'forcedOrder'; symbol: string; order: ForcedOrder; id: string }
  | { kind: 'trade'; symbol: string; trade: Trade; id: string }
  | { kind: 'book'; symbol: string; book: Book };

export type Topic = FeedEvent['kind'];
export const topics: readonly Topic[] = [
  'bar',
  'mark',
  'funding',
  'openInterest',
  'forcedOrder',
  'trade',
  'book',
];

/** Where a reader says what it met beside what it returns. */
export interface Notes {
  /** A row was left out, with the reason; never with a value of it. */
  leftOut?(reason: string): void;
  /** A row was left out that the venue tells once alone: it is missing. */
  lost?(): void;
  /** A stream flows that brought nothing of what was asked for: the whole market's, about others. */
  heard?(topic: Topic): void;
}

/** A request a venue wants made, and how to read the reply. */
export interface Call<T> {
  url: string;
  /** POST body; its presence makes it a POST of JSON. */
  body?: string;
  /** Cost against `pool` in the venue's own units. */
  weight: number;
  /** Rate-limit pool of the venue, see `Venue.pools`. */
  pool: string;
  /** Longest reply that is read; default 8 MB. */
  mostBytes?: number;
  /**
   * Takes a reply that is too long to be held piece by piece, and ends with what `parse` gets in place of its JSON. Absent: the
   * reply is read whole.
   */
  condense?(): { add(text: string): void; end(): unknown };
  /** The decoded JSON as records; `now` (ms) dates replies that bear no time. Throws FeedError. */
  parse(json: unknown, now: number, notes?: Notes): T;
  /** The call for the page after this reply, where the venue pages by cursor. */
  next?(json: unknown): Call<T> | undefined;
  /** All pages as one reply, in the order they were asked; present where `next` is. */
  join?(pages: T[]): T;
  /** The same asked in another way, for when this one is no longer offered, or no longer what it was. */
  otherwise?: Call<T>;
}

/** A budget the venue enforces: `limit` units of weight in every `perMs`. */
export interface WeightPool {
  limit: number;
  perMs: number;
}

/** Times from `from` to `to`, both included. Without `to`: until now. */
export interface Range {
  from: number;
  to?: number;
}

/**
 * Cuts a range into pieces of at most `count` points `stepMs` apart, newest first: what to ask for, page by page.
 *
 * @example
 * pages({ from: 0, to: 900_000 }, 300_000, 2) // [{ from: 600_000, to: 900_000 }, { from: 0, to: 300_000 }]
 */
export function pages(range: Required<Range>, stepMs: number, count: number): Required<Range>[] {
  const list: Required<Range>[] = [];
  const first = Math.ceil(range.from / stepMs) * stepMs;
  for (let to = Math.floor(range.to / stepMs) * stepMs; to >= first; to -= count * stepMs)
    list.push({ from: Math.max(first, to - (count - 1) * stepMs), to });
  return list;
}

/** `SocketPlan.quietMs` where only forced orders of single symbols are heard: on a quiet market none may come for hours. */
export const eventsOnlyMs = 12 * hourMs;

/** One socket address with what to send on it. */
export interface SocketPlan {
  url: string;
  /** What it brings. */
  topics: readonly Topic[];
  /** Messages sent once open. */
  subscribe: string[];
  /** What to send to keep the connection; absent where the browser answers protocol pings. */
  ping?: { message: string; everyMs: number };
  /** Reconnect before the venue cuts the connection; default 23 h. */
  rotateMs?: number;
  /** A healthy connection never stays without data this long; default 60 s. */
  quietMs?: number;
  /** What brings the same in another way, to be tried where this one, or a topic of it, brings nothing. */
  otherwise?: SocketPlan;
  /**
   * Records of one text message: an empty list for data that is not asked for here, `undefined` for acknowledgements
   * and pongs, which do not show that data flows. `now` (ms) dates messages that bear no time. Throws FeedError.
   */
  read(text: string, now: number, notes?: Notes): FeedEvent[] | undefined;
}

/** How many connections a venue allows an address, as far as we take part in them. */
export interface SocketSharing {
  /** At once. */
  most: number;
  perMinute: number;
  /** The message that takes back a subscription; undefined for messages that subscribe to nothing. */
  undo(message: string): string | undefined;
}

/** Who is asked, and how often it may be. */
export interface Provider {
  id: VenueId | 'sentiment';
  name: string;
  /** REST hosts, for host permissions. */
  hosts: string[];
  pools: Record<string, WeightPool>;
  /** Requests in flight to one host. */
  concurrent: number;
  /** How long to leave a host alone that said "too many requests" without saying for how long. */
  pauseMs: number;
  /** Reply header with the weight used in the pool's running period, by anyone at this address. */
  usedWeight?: { header: string; pool: string };
}

export interface Venue extends Provider {
  id: VenueId;
  /** Where connections are counted by address; absent: as many as it takes. */
  sharing?: SocketSharing;
  /** What this venue cannot tell; shown to the user. */
  limits: {
    openInterestHistory: boolean;
    forcedOrders: 'complete' | 'sampled' | 'partial' | 'none';
    /** Marks and open interest come without a time, and get that of their arrival by the user's clock. */
    unstampedMarks?: true;
    /** Each row that comes costs of the limit, and without a range all there are come. */
    rowsCost?: true;
  };
  /** Lists of instruments, to be joined. */
  instruments(): Call<Instrument[]>[];
  /**
   * Bars that open within the range, ascending, the last perhaps still forming; without a range the newest `limit`.
   * The caller keeps a range to `maxCandles` bars (`pages`); of more, venues differ in which they leave out.
   */
  candles(instrument: Instrument, interval: Interval, range?: Range, limit?: number): Call<Bar[]>;
  maxCandles: number;
  openInterest(instrument: Instrument): Call<OpenInterestPoint>;
  /** As `candles`, with at most `maxOpenInterest` points. */
  openInterestHistory?(
    instrument: Instrument,
    period: Period,
    range?: Range,
    limit?: number,
  ): Call<OpenInterestPoint[]>;
  maxOpenInterest?: number;
  /** How far back open interest of an interval goes, ms. */
  openInterestDepthMs?(period: Period): number;
  mark(instrument: Instrument): Call<MarkState>;
  /** The running funding, where `mark` does not tell all of it. */
  fundingState?(instrument: Instrument): Call<FundingState>;
  /** Settled fundings within the range, ascending; of more than `maxFunding` some may be left out. */
  funding(instrument: Instrument, range: Range): Call<FundingPoint[]>;
  maxFunding: number;
  /** Funding intervals by native name, of symbols that differ from the venue's usual 8 h. */
  fundingIntervals?(): Call<Record<string, number>>;
  ratioKinds: readonly RatioKind[];
  /** As `candles`, with at most `maxRatios` points. Only for the kinds in `ratioKinds`. */
  ratios?(
    instrument: Instrument,
    kind: RatioKind,
    period: Period,
    range?: Range,
    limit?: number,
  ): Call<RatioPoint[]>;
  maxRatios?: number;
  /** How often the book is asked for, ms, where its size asks for longer than is usual. */
  bookEveryMs?: number;
  /** The book as far as the venue gives it; `price` (quote per coin) lets a venue that merges levels reach further. */
  book(instrument: Instrument, price?: number): Call<Book>;
  /** Maintenance-margin table, ascending without holes. `price` turns a table in contracts into USD. */
  tiers(instrument: Instrument, price: number): Call<MarginTier[]>;
  /** Forced orders of the last days, where they can be asked for. `openInterest` (coins) tells odd units. */
  forcedOrders?(instrument: Instrument, openInterest?: number): Call<{ order: ForcedOrder; id: string }[]>;
  /** Sockets for these instruments; bars of `interval`. */
  sockets(instruments: Instrument[], topics?: readonly Topic[], interval?: Interval): SocketPlan[];
}

export type FeedErrorKind =
  /** The reply is not what the venue documents (HTML, NaN, a missing field). */
  | 'malformed'
  /** 429, 418, 403 "too frequent", 50011, 10006: slow down. */
  | 'limited'
  /** 451, regional 403: this address may not ask. */
  | 'blocked'
  /** No such symbol here. */
  | 'unlisted'
  /** Not offered to this request: needs a key, lies too far back. Asking again does not help. */
  | 'unavailable'
  /** No answer, 5xx, timeout, connection lost. */
  | 'down';

/** The only error that leaves the feeds. */
export class FeedError extends Error {
  /** What came where it does not fit: names and types, never values. */
  readonly shape: string | undefined;

  constructor(
    readonly kind: FeedErrorKind,
    readonly venue: Provider['id'],
    message: string,
    readonly retryAfterMs?: number,
    { shape, ...options }: { cause?: unknown; shape?: string } = {},
  ) {
    super(message, options);
    this.name = 'FeedError';
    this.shape = shape;
  }
}
