import * as z from 'zod/mini';
import type { MarginTier } from '../engine/positions/margin';
import { hourMs } from '../engine/time';
import { withoutClashes } from '../venues/symbols';
import {
  BitgetCandle,
  type BySymbol,
  get,
  getRows,
  granularities,
  type Holdings,
  product,
  read,
  readSocket,
  socket,
  type TickerState,
  toBarEvents,
  toMark,
  toRaw,
  toTickerEvents,
} from './bitget-common';
import {
  amount,
  ascending,
  blank,
  decimal,
  only,
  quotedPrice,
  readListings,
  readRows,
  rows,
  share,
  time,
  toBars,
  toBase,
  toLevels,
  toTiers,
} from './border';
import type {
  Book,
  Call,
  FeedEvent,
  FundingPoint,
  FundingState,
  Instrument,
  Interval,
  MarkState,
  Notes,
  Range,
  SocketPlan,
  Topic,
} from './feed';
import { instrumentOf } from './instrument';

/**
 * Bitget v2, "in maintenance mode" since May 2026 without a date for its end: what stands behind v3, and what v3 has no
 * like of (a thousand candles at once, a book merged by price).
 */

/**
 * GET /api/v2/mix/market/contracts, entry:
 * `{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","symbolType":"perpetual","symbolStatus":"normal",
 *   "pricePlace":"1","priceEndStep":"1","maxLever":"125","fundInterval":"8","isRwa":"NO"}`:
 * tick = priceEndStep × 10^−pricePlace; `fundInterval` hours; `isRwa` YES marks tokenised shares.
 */
const Kind = z.object({
  quoteCoin: z.literal('USDT'),
  symbolType: z.literal('perpetual'),
  symbolStatus: z.literal('normal'),
});
const Listing = z.object({
  symbol: z.string(),
  baseCoin: z.string(),
  pricePlace: z.pipe(amount, z.number().check(z.maximum(15))),
  priceEndStep: quotedPrice,
  maxLever: quotedPrice,
  fundInterval: blank(amount),
  isRwa: z.nullish(z.string()),
});

export function instruments(): Call<Instrument[]> {
  return get('v2', 'market', 'contracts', {}, rows, (list, _now, notes) =>
    withoutClashes(
      readListings('bitget', Kind, Listing, list, notes).map((listing) =>
        instrumentOf({
          base: listing.baseCoin,
          native: listing.symbol,
          kind: listing.isRwa === 'YES' ? 'stock' : 'coin',
          tick: listing.priceEndStep * 10 ** -listing.pricePlace,
          maxLeverage: listing.maxLever,
          fundingIntervalMs: listing.fundInterval && listing.fundInterval * hourMs,
        }),
      ),
    ),
  );
}

/** Whether the bounds are included is not written down: one ms outside asks for the same either way. */
export function outside(range: Range | undefined) {
  return {
    startTime: range && range.from - 1,
    endTime: range?.to === undefined ? undefined : range.to + 1,
  };
}

/** Oldest first as far as is known; sorted here in any case. */
export function candles(instrument: Instrument, interval: Interval, range: Range | undefined, limit: number) {
  return getRows(
    'v2',
    'candles',
    'candles',
    {
      symbol: instrument.native,
      granularity: granularities[interval],
      ...outside(range),
      // One more than there are, should the venue round the start down to a bar.
      limit: range ? Math.min(1000, limit + 1) : limit,
    },
    'candle',
    BitgetCandle,
    (list, _now, notes) => toBars('bitget', instrument, list.map(toRaw), range, notes),
  );
}

/** GET /api/v2/mix/market/open-interest: `{"openInterestList":[{"symbol":"BTCUSDT","size":"52234.134"}],"ts":"1700866041023"}` */
const OpenInterestNow = z.object({ openInterestList: rows, ts: time });
const OpenInterestRow = z.object({ symbol: z.string(), size: amount });

export function openInterest(instrument: Instrument) {
  return get(
    'v2',
    'market',
    'open-interest',
    { symbol: instrument.native },
    OpenInterestNow,
    (data, _now, notes) => {
      const list = readRows('bitget', 'open interest', OpenInterestRow, data.openInterestList, notes);
      const row = only(
        'bitget',
        list.filter((each) => each.symbol === instrument.native),
        instrument,
      );
      return { time: data.ts, base: toBase(instrument, row.size) };
    },
  );
}

/**
 * GET /api/v2/mix/market/ticker and channel `ticker` (there with `instId`):
 * `{"symbol":"BTCUSDT","lastPr":"27000.5","markPrice":"27000","indexPrice":"25702.4","fundingRate":"0.000013",
 *   "holdingAmount":"7543.2","ts":"1695794098184"}`: `holdingAmount` open interest in coins, rate a fraction.
 */
const Ticker = z.object({
  markPrice: quotedPrice,
  indexPrice: blank(quotedPrice),
  fundingRate: blank(decimal),
  nextFundingTime: blank(amount),
  holdingAmount: blank(amount),
  ts: time,
});

const stateOf = (row: z.output<typeof Ticker>): TickerState => ({
  time: row.ts,
  mark: row.markPrice,
  index: row.indexPrice,
  fundingRate: row.fundingRate,
  nextFundingTime: row.nextFundingTime,
  openInterest: row.holdingAmount,
});

export function mark(instrument: Instrument): Call<MarkState> {
  return getRows('v2', 'market', 'ticker', { symbol: instrument.native }, 'ticker', Ticker, (list) =>
    toMark(instrument, stateOf(only('bitget', list, instrument))),
  );
}

/** GET /api/v2/mix/market/current-fund-rate: as in v3. */
export const FundingNow = z.object({
  fundingRate: decimal,
  fundingRateInterval: blank(amount),
  nextUpdate: blank(amount),
});

export function toFundingState(row: z.output<typeof FundingNow>, now: number): FundingState {
  return {
    time: now,
    rate: row.fundingRate,
    ...(row.fundingRateInterval && { intervalMs: row.fundingRateInterval * hourMs }),
    ...(row.nextUpdate && { nextTime: row.nextUpdate }),
  };
}

export function fundingState(instrument: Instrument): Call<FundingState> {
  return getRows(
    'v2',
    'funding',
    'current-fund-rate',
    { symbol: instrument.native },
    'funding',
    FundingNow,
    (list, now) => toFundingState(only('bitget', list, instrument), now),
  );
}

/** GET /api/v2/mix/market/history-fund-rate, newest first: `{"symbol":"BTCUSDT","fundingRate":"0.0005","fundingTime":"1652396400000"}` */
const FundingRow = z.object({ fundingRate: decimal, fundingTime: time });

export const fundingPageSize = 100;
/** Enough for 30 days of hourly funding. */
export const fundingPages = 8;

export function funding(instrument: Instrument, range: Range, page = 1): Call<FundingPoint[]> {
  return {
    ...getRows(
      'v2',
      'funding',
      'history-fund-rate',
      { symbol: instrument.native, pageSize: fundingPageSize, pageNo: page },
      'funding',
      FundingRow,
      (list) =>
        ascending(
          list.map((row) => ({ time: row.fundingTime, rate: row.fundingRate })),
          range,
        ),
    ),
    next: (json) => {
      const list = read(rows, json);
      const oldest = Math.min(
        ...readRows('bitget', 'funding', FundingRow, list).map((row) => row.fundingTime),
      );
      return list.length === fundingPageSize && oldest > range.from && page < fundingPages
        ? funding(instrument, range, page + 1)
        : undefined;
    },
    // A settlement between two pages moves the rows on: the last of one page comes again on the next.
    join: (pages) => ascending(pages.flat()),
  };
}

/**
 * GET /api/v2/mix/market/merge-depth: `{"asks":[[26347.5,0.25]],"bids":[[26346.5,0.16]],"ts":"1695870968804"}`, coins.
 * `precision` scale0 is as quoted, scale1 to scale3 merge prices in steps of 10, 100 and 1000 ticks.
 */
const MergedBook = z.object({ asks: rows, bids: rows, ts: time });
/** What a book should reach, and how many levels `limit=max` has at least as far as is known. */
const wantedReach = 0.02;
const sureLevels = 50;

/** `price` per coin: levels are merged as far as it takes to reach 2 % with them. */
export function book(instrument: Instrument, at?: number): Call<Book> {
  const needed = ((at ?? 0) * wantedReach) / sureLevels / instrument.tickSize;
  const scale = needed > 1 ? Math.min(3, Math.ceil(Math.log10(needed))) : 0;
  return get(
    'v2',
    'market',
    'merge-depth',
    { symbol: instrument.native, limit: 'max', precision: `scale${scale}` },
    MergedBook,
    (data, _now, notes) => toBook(instrument, data, notes),
  );
}

function toBook(instrument: Instrument, data: z.output<typeof MergedBook>, notes?: Notes): Book {
  return {
    time: data.ts,
    bids: toLevels('bitget', instrument, data.bids, notes),
    asks: toLevels('bitget', instrument, data.asks, notes),
  };
}

/**
 * GET /api/v2/mix/market/query-position-lever, bounds in USDT, rate a fraction:
 * `{"symbol":"BTCUSDT","level":"1","startUnit":"0","endUnit":"200000","leverage":"150","keepMarginRate":"0.004"}`
 */
const Tier = z.object({ endUnit: amount, leverage: quotedPrice, keepMarginRate: share });

export function tiers(instrument: Instrument): Call<MarginTier[]> {
  return getRows(
    'v2',
    'tiers',
    'query-position-lever',
    { symbol: instrument.native },
    'tier',
    Tier,
    (list, _now, notes) => {
      only('bitget', list, instrument);
      return toTiers(
        'bitget',
        list.map((row) => ({
          cap: row.endUnit,
          maintenanceRate: row.keepMarginRate,
          maxLeverage: row.leverage,
        })),
        notes,
      );
    },
  );
}

/** Channel `trade`, side the taker's, coins: `{"ts":"1695709835822","price":"26293.4","size":"0.0013","side":"buy","tradeId":"1"}` */
const Trade = z.object({
  ts: time,
  price: quotedPrice,
  size: amount,
  side: z.enum(['buy', 'sell']),
  tradeId: z.string(),
});

function readTrades(instrument: Instrument, data: unknown[], notes?: Notes): FeedEvent[] {
  return readRows('bitget', 'trade', Trade, data, notes).map((row) => ({
    kind: 'trade',
    symbol: instrument.symbol,
    id: row.tradeId,
    trade: {
      time: row.ts,
      price: row.price / instrument.multiplier,
      base: toBase(instrument, row.size),
      taker: row.side,
    },
  }));
}

function readMessage(
  text: string,
  bySymbol: BySymbol,
  holdings: Holdings,
  notes?: Notes,
): FeedEvent[] | undefined {
  const message = readSocket(text);
  if (!message) return undefined;
  const { arg, data, ts } = message;
  const instrument = bySymbol.get(arg.instId ?? '');
  if (!instrument) return [];
  const interval = (Object.keys(granularities) as Interval[]).find(
    (each) => `candle${granularities[each]}` === arg.channel,
  );
  if (interval) {
    const raw = readRows('bitget', 'candle', BitgetCandle, data, notes).map(toRaw);
    return toBarEvents(instrument, interval, raw, ts, notes);
  }
  switch (arg.channel) {
    case 'ticker':
      return readRows('bitget', 'ticker', Ticker, data, notes).flatMap((row) =>
        toTickerEvents(instrument, holdings, stateOf(row)),
      );
    case 'trade':
      return readTrades(instrument, data, notes);
    case 'books15':
      return readRows('bitget', 'book', MergedBook, data, notes).map((row) => ({
        kind: 'book',
        symbol: instrument.symbol,
        book: toBook(instrument, row, notes),
      }));
    default:
      return [];
  }
}

/** All but forced orders, which v2 has not. */
export function socketPlan(
  list: Instrument[],
  topics: readonly Topic[],
  interval: Interval,
  holdings: Holdings,
): SocketPlan {
  const bySymbol = new Map(list.map((each) => [each.native, each]));
  const channels: Partial<Record<Topic, string>> = {
    bar: `candle${granularities[interval]}`,
    mark: 'ticker',
    funding: 'ticker',
    openInterest: 'ticker',
    trade: 'trade',
    book: 'books15',
  };
  const wanted = new Set(topics.flatMap((topic) => channels[topic] ?? []));
  const args = list.flatMap((each) =>
    [...wanted].map((channel) => ({ instType: product, channel, instId: each.native })),
  );
  return {
    url: `${socket}/v2/ws/public`,
    topics,
    subscribe: [JSON.stringify({ op: 'subscribe', args })],
    // Dropped after 2 min without.
    ping: { message: 'ping', everyMs: 20_000 },
    read: (text, _now, notes) => readMessage(text, bySymbol, holdings, notes),
  };
}
