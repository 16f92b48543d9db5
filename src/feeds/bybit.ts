import * as z from 'zod/mini';
import { hourMs, minuteMs } from '../engine/time';
import { bybit as facts } from '../venues/bybit';
import { withoutClashes } from '../venues/symbols';
import {
  amount,
  ascending,
  blank,
  decimal,
  level,
  only,
  query,
  quotedPrice,
  readAs,
  readIf,
  readJson,
  readListings,
  readRows,
  recordIds,
  rows,
  share,
  time,
  toBar,
  toBars,
  toBase,
  toLevels,
  toldOnce,
  toTiers,
} from './border';
import {
  type AssetKind,
  type Book as BookState,
  type Call,
  eventsOnlyMs,
  topics as everyTopic,
  FeedError,
  type FeedEvent,
  type Instrument,
  type Interval,
  type Notes,
  type Period,
  type SocketPlan,
  type Topic,
  type Venue,
} from './feed';
import { instrumentOf } from './instrument';

/**
 * Bybit v5, linear USDT perpetuals, public endpoints.
 *
 * Source: https://bybit-exchange.github.io/docs/v5/intro (read July 2026).
 * Amounts are coins (of the listed unit), rows come newest first, numbers are text, times ms. Open interest counts the
 * long and the short of every contract, twice what the other venues print.
 */

const rest = `https://${facts.rest}`;
const socket = `wss://${facts.socket}/v5/public/linear`;

/**
 * `{"retCode":0,"retMsg":"OK","result":{…},"retExtInfo":{},"time":1672304486868}`. 10006 and 10018 count requests,
 * 10009 and 10024 refuse the address, 10000 and 10016 are the venue's own trouble; 10001 is any wrong parameter, an
 * unknown symbol among them.
 */
const Envelope = z.object({ retCode: z.number(), retMsg: z.string(), result: z.unknown(), time });

function read<T extends z.core.$ZodType>(schema: T, json: unknown): z.output<T> & { at: number } {
  const { retCode, retMsg, result, time: at } = readAs('bybit', Envelope, json);
  if (retCode !== 0) {
    const kind =
      retCode === 10006 || retCode === 10018
        ? 'limited'
        : retCode === 10009 || retCode === 10024
          ? 'blocked'
          : retCode === 10000 || retCode === 10016
            ? 'down'
            : retCode === 10001 && /symbol/i.test(retMsg)
              ? 'unlisted'
              : 'unavailable';
    throw new FeedError(kind, 'bybit', `${retMsg} (${retCode})`);
  }
  return Object.assign(readAs('bybit', schema, result) as object, { at }) as z.output<T> & { at: number };
}

/**
 * GET /v5/market/instruments-info, list entry:
 * `{"symbol":"BTCUSDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"BTC","quoteCoin":"USDT",
 *   "leverageFilter":{"minLeverage":"1","maxLeverage":"100.00","leverageStep":"0.01"},
 *   "priceFilter":{"minPrice":"0.10","maxPrice":"1999999.80","tickSize":"0.10"},"fundingInterval":480}`:
 * `fundingInterval` in minutes. Thousands are written in front (1000PEPE) and, for SHIB1000, behind.
 */
const Kind = z.object({
  contractType: z.literal('LinearPerpetual'),
  status: z.literal('Trading'),
  quoteCoin: z.literal('USDT'),
});
const Listing = z.object({
  symbol: z.string(),
  symbolType: z.nullish(z.string()),
  baseCoin: z.string(),
  leverageFilter: z.object({ maxLeverage: quotedPrice }),
  priceFilter: z.object({ tickSize: quotedPrice }),
  fundingInterval: blank(amount),
});

/** Of `symbolType`, in the linear list since 2026-04-21; `innovation` and `adventure` are zones of coins. */
const kinds: Record<string, AssetKind> = {
  '': 'coin',
  innovation: 'coin',
  adventure: 'coin',
  stock: 'stock',
  xstocks: 'stock',
  forex: 'forex',
  commodity: 'commodity',
};
const Instruments = z.object({ list: rows, nextPageCursor: z.nullish(z.string()) });

/**
 * GET /v5/market/kline, rows newest first of: start ms, open, high, low, close (USDT), volume (coins), turnover (USDT):
 * `["1672324800000","16649.5","16677","16608","16677","2.081","34666.4005"]`
 * (the inverse example on the page has the last two the other way round).
 */
const KlineRow = z.tuple([time, quotedPrice, quotedPrice, quotedPrice, quotedPrice, amount], z.unknown());

/**
 * GET /v5/market/open-interest, entry, coins on linear contracts:
 * `{"openInterest":"63910691.00000000","singleOpenInterest":"31955346","timestamp":"1780963200000"}`.
 * `singleOpenInterest` exists since 2026-06-11; half of the other is the same.
 */
const OpenInterestRow = z.object({
  openInterest: amount,
  singleOpenInterest: blank(amount),
  timestamp: time,
});

/**
 * GET /v5/market/tickers, entry:
 * `{"symbol":"BTCUSDT","lastPrice":"66666.60","markPrice":"66666.60","indexPrice":"115418.19",
 *   "openInterest":"492373.72","openInterestValue":"32824881841.75","fundingIntervalHour":"8",
 *   "nextFundingTime":"1760342400000","fundingRate":"-0.005"}`: both-sided coins; rate a fraction per interval.
 */
const Ticker = z.object({
  markPrice: quotedPrice,
  indexPrice: blank(quotedPrice),
  openInterest: amount,
  singleOpenInterest: blank(amount),
  fundingIntervalHour: blank(amount),
  nextFundingTime: blank(amount),
  fundingRate: blank(decimal),
});

/**
 * GET /v5/market/account-ratio, entry:
 * `{"symbol":"BTCUSDT","buyRatio":"0.49","sellRatio":"0.51","timestamp":"1696262400000"}`: parts of all accounts.
 */
const RatioRow = z.object({ buyRatio: share, sellRatio: share, timestamp: time });

/**
 * GET /v5/market/funding/history, entry; a `startTime` without `endTime` is an error:
 * `{"symbol":"ETHPERP","fundingRate":"0.0001","fundingRateTimestamp":"1672041600000"}`
 */
const FundingRow = z.object({ fundingRate: decimal, fundingRateTimestamp: time });

/**
 * GET /v5/market/risk-limit, entries in no order, `riskLimitValue` the cap in USDT:
 * `{"id":1,"symbol":"BTCUSDT","riskLimitValue":"300000","maintenanceMargin":"0.0033","initialMargin":"0.0066",
 *   "isLowestRisk":1,"maxLeverage":"150.00","mmDeduction":""}`
 * Linear contracts have been seen with fractions (testnet, September 2026), the page shows percentages ("0.5"). Which
 * one it is follows from initialMargin × maxLeverage, 1 or 100.
 */
const RiskLimit = z.object({
  symbol: z.string(),
  riskLimitValue: amount,
  maintenanceMargin: amount,
  initialMargin: amount,
  maxLeverage: quotedPrice,
});

/**
 * GET /v5/market/full_orderbook, at most 10,000 levels a side, and /v5/market/orderbook, at most 1,000:
 * `{"s":"BTCUSDT","b":[["16493.50","0.006"]],"a":[["16611.00","0.029"]],"ts":1672304484978,"u":18521288}`: USDT and coins,
 * best first.
 */
const Book = z.object({ b: rows, a: rows, ts: time });

/**
 * Socket: `{"topic":"…","type":"snapshot"|"delta","ts":1672304484978,"data":…}`; replies and pongs have `op`:
 * `{"success":true,"ret_msg":"pong","conn_id":"…","op":"ping"}`.
 */
const Message = z.object({ topic: z.string(), type: z.nullish(z.string()), ts: time, data: z.unknown() });
const Reply = z.object({ op: z.string(), success: z.nullish(z.boolean()), ret_msg: z.nullish(z.string()) });

/**
 * `allLiquidation.{symbol}`, all of them, every 500 ms:
 * `{"topic":"allLiquidation.ROSEUSDT","type":"snapshot","ts":1739502303204,"data":[{"T":1739502302929,
 *   "s":"ROSEUSDT","S":"Sell","v":"20000","p":"0.04499"}]}`
 * `S` is the side of the **position**: Buy was a long. `v` coins, `p` bankruptcy price.
 */
const Liquidation = z.object({
  T: time,
  s: z.string(),
  S: z.enum(['Buy', 'Sell']),
  v: amount,
  p: quotedPrice,
});

/** `tickers.{symbol}`: the ticker above once, then only fields that changed. */
const TickerChange = z.object({
  symbol: z.string(),
  markPrice: blank(quotedPrice),
  indexPrice: blank(quotedPrice),
  openInterest: blank(amount),
  singleOpenInterest: blank(amount),
  fundingIntervalHour: blank(amount),
  nextFundingTime: blank(amount),
  fundingRate: blank(decimal),
});

/**
 * `kline.5.{symbol}`: `{"topic":"kline.5.BTCUSDT","type":"snapshot","ts":1672324988882,"data":[{"start":1672324800000,
 * "end":1672325099999,"interval":"5","open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081",
 * "turnover":"34666.4005","confirm":false,"timestamp":1672324988882}]}`: coins; confirm: closed.
 */
const KlineChange = z.object({
  start: time,
  interval: z.string(),
  open: quotedPrice,
  high: quotedPrice,
  low: quotedPrice,
  close: quotedPrice,
  volume: amount,
  confirm: z.boolean(),
});

/**
 * `publicTrade.{symbol}`: `{"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1672304486868,
 * "data":[{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick",
 * "i":"20f43950-d8dd-5b31-9112-a178eb6023af","BT":false}]}`: S the taker's side, v coins.
 */
const Trade = z.object({
  T: time,
  s: z.string(),
  S: z.enum(['Buy', 'Sell']),
  v: amount,
  p: quotedPrice,
  i: z.string(),
});

/**
 * `orderbook.200.{symbol}` every 100 ms: whole once, then changed levels, where an amount of 0 removes one; whole again
 * after a restart of the service, then with u = 1:
 * `{"topic":"orderbook.200.BTCUSDT","type":"delta","ts":1687940967466,"data":{"s":"BTCUSDT","b":[["30247.20","30.028"],
 *   ["30245.40","0"]],"a":[["30248.70","0"]],"u":177400507,"seq":66544703342}}`
 */
const BookChange = z.object({ s: z.string(), b: rows, a: rows, u: z.number() });

const bookDepth = 200;
const intervals: Record<Interval, string> = { '1m': '1', '5m': '5', '15m': '15', '30m': '30', '1h': '60' };
const periods: Record<Period, string> = { '5m': '5min', '15m': '15min', '30m': '30min', '1h': '1h' };
const topicNames: Partial<Record<Topic, (interval: Interval) => string>> = {
  bar: (interval) => `kline.${intervals[interval]}`,
  mark: () => 'tickers',
  funding: () => 'tickers',
  openInterest: () => 'tickers',
  forcedOrder: () => 'allLiquidation',
  trade: () => 'publicTrade',
  book: () => `orderbook.${bookDepth}`,
};

/** One side's open interest in coins. */
function oneSided(instrument: Instrument, both: number, single: number | undefined): number {
  return toBase(instrument, single ?? both / 2);
}

function get<T extends z.core.$ZodType, R>(
  path: string,
  parameters: Record<string, string | number | undefined>,
  schema: T,
  make: (result: z.output<T> & { at: number }, notes?: Notes) => R,
): Call<R> {
  return {
    url: `${rest}/v5/market/${path}${query({ category: 'linear', ...parameters })}`,
    weight: 1,
    pool: 'address',
    parse: (json, _now, notes) => make(read(schema, json), notes),
  };
}

const List = z.object({ list: rows });

function bookOf(
  path: string,
  instrument: Instrument,
  parameters: Record<string, number> = {},
): Call<BookState> {
  return get(path, { symbol: instrument.native, ...parameters }, Book, (book, notes) => ({
    time: book.ts,
    bids: toLevels('bybit', instrument, book.b, notes),
    asks: toLevels('bybit', instrument, book.a, notes),
  }));
}

/**
 * The book to its end. On the spot market since July 2026, announced for contracts without a date: a route that does not know
 * the symbol, or has nothing of it, says nothing about the symbol.
 */
function wholeBook(instrument: Instrument): Call<BookState> {
  const call = bookOf('full_orderbook', instrument);
  return {
    ...call,
    parse: (json, now, notes) => {
      try {
        const book = call.parse(json, now, notes);
        if (book.bids.length > 0 && book.asks.length > 0) return book;
      } catch (error) {
        if (!(error instanceof FeedError) || error.kind !== 'unlisted') throw error;
      }
      throw new FeedError('unavailable', 'bybit', `no whole book of ${instrument.native}`);
    },
  };
}

/** A call for a list, row by row. */
function getRows<T extends z.core.$ZodType, R>(
  path: string,
  parameters: Record<string, string | number | undefined>,
  what: string,
  row: T,
  make: (rows: z.output<T>[], at: number, notes?: Notes) => R,
): Call<R> {
  return get(path, parameters, List, ({ list, at }, notes) =>
    make(readRows('bybit', what, row, list, notes), at, notes),
  );
}

function instrumentsPage(cursor?: string): Call<Instrument[]> {
  return {
    ...get('instruments-info', { limit: 1000, cursor }, Instruments, ({ list }, notes) =>
      withoutClashes(
        readListings('bybit', Kind, Listing, list, notes).map((listing) =>
          instrumentOf({
            base: listing.baseCoin,
            native: listing.symbol,
            kind: kinds[listing.symbolType ?? ''] ?? 'other',
            tick: listing.priceFilter.tickSize,
            maxLeverage: listing.leverageFilter.maxLeverage,
            fundingIntervalMs: listing.fundingInterval && listing.fundingInterval * minuteMs,
          }),
        ),
      ),
    ),
    next: (json) => {
      const { nextPageCursor, list } = read(Instruments, json);
      return nextPageCursor && list.length ? instrumentsPage(nextPageCursor) : undefined;
    },
    join: (pages) => withoutClashes(pages.flat()),
  };
}

/** Undefined where the margin is neither a fraction nor a percentage. */
function toTierOf(row: z.output<typeof RiskLimit>) {
  const product = row.initialMargin * row.maxLeverage;
  const unit = product > 0.5 && product < 2 ? 1 : product > 50 && product < 200 ? 100 : undefined;
  return (
    unit && {
      cap: row.riskLimitValue,
      maintenanceRate: row.maintenanceMargin / unit,
      maxLeverage: row.maxLeverage,
    }
  );
}

function readTicker(data: unknown, ts: number, bySymbol: Map<string, Instrument>): FeedEvent[] {
  const change = readAs('bybit', TickerChange, data);
  const instrument = bySymbol.get(change.symbol);
  if (!instrument) return [];
  const { symbol, multiplier } = instrument;
  const events: FeedEvent[] = [];
  if (change.markPrice !== undefined)
    events.push({
      kind: 'mark',
      symbol,
      mark: {
        time: ts,
        mark: change.markPrice / multiplier,
        ...(change.indexPrice !== undefined && { index: change.indexPrice / multiplier }),
      },
    });
  if (change.fundingRate !== undefined)
    events.push({
      kind: 'funding',
      symbol,
      funding: {
        time: ts,
        rate: change.fundingRate,
        ...(change.fundingIntervalHour && { intervalMs: change.fundingIntervalHour * hourMs }),
        ...(change.nextFundingTime && { nextTime: change.nextFundingTime }),
      },
    });
  // A change that brings one of the two fields says that one; either gives the one-sided amount.
  const base =
    change.singleOpenInterest ?? (change.openInterest !== undefined ? change.openInterest / 2 : undefined);
  if (base !== undefined)
    events.push({ kind: 'openInterest', symbol, point: { time: ts, base: toBase(instrument, base) } });
  return events;
}

/** Amounts by price of one side, in the venue's units. */
type Levels = Map<number, number>;
interface Ladder {
  bids: Levels;
  asks: Levels;
}

function apply(levels: Levels, changes: readonly unknown[], notes?: Notes): void {
  for (const [at, size] of readRows('bybit', 'level', level, changes, notes)) {
    if (size === 0) levels.delete(at);
    else levels.set(at, size);
  }
}

/** The whole book after a message; changes before the first whole book have nothing to change. */
function readBook(
  instrument: Instrument,
  type: string | null | undefined,
  data: unknown,
  ts: number,
  ladders: Map<string, Ladder>,
  notes?: Notes,
): FeedEvent[] {
  const change = readAs('bybit', BookChange, data);
  const known =
    type === 'delta' && change.u !== 1
      ? ladders.get(instrument.native)
      : { bids: new Map(), asks: new Map() };
  if (!known) throw new FeedError('malformed', 'bybit', 'changes of a book that has not come');
  apply(known.bids, change.b, notes);
  apply(known.asks, change.a, notes);
  ladders.set(instrument.native, known);
  const bids = [...known.bids].sort(([a], [b]) => b - a).slice(0, bookDepth);
  const asks = [...known.asks].sort(([a], [b]) => a - b).slice(0, bookDepth);
  const book = {
    time: ts,
    bids: toLevels('bybit', instrument, bids),
    asks: toLevels('bybit', instrument, asks),
  };
  return [{ kind: 'book', symbol: instrument.symbol, book }];
}

function readLiquidations(instrument: Instrument, data: unknown, notes?: Notes): FeedEvent[] {
  const id = recordIds();
  return readRows('bybit', 'forced order', Liquidation, readAs('bybit', rows, data), toldOnce(notes))
    .filter((row) => row.s === instrument.native && row.v > 0)
    .map((row) => ({
      kind: 'forcedOrder',
      symbol: instrument.symbol,
      id: id(row.T, row.S, row.p, row.v),
      order: {
        time: row.T,
        side: row.S === 'Buy' ? 'long' : 'short',
        base: toBase(instrument, row.v),
        price: row.p / instrument.multiplier,
        priceKind: 'bankruptcy',
      },
    }));
}

function readKlines(instrument: Instrument, data: unknown, notes?: Notes): FeedEvent[] {
  return readRows('bybit', 'candle', KlineChange, readAs('bybit', rows, data), notes).flatMap((row) => {
    const interval = (Object.keys(intervals) as Interval[]).find((each) => intervals[each] === row.interval);
    if (!interval) return [];
    return toBar(instrument, { ...row, time: row.start }, notes).map((bar) => ({
      kind: 'bar',
      symbol: instrument.symbol,
      interval,
      bar,
      closed: row.confirm,
    }));
  });
}

function readTrades(instrument: Instrument, data: unknown, notes?: Notes): FeedEvent[] {
  return readRows('bybit', 'trade', Trade, readAs('bybit', rows, data), notes)
    .filter((row) => row.s === instrument.native)
    .map((row) => ({
      kind: 'trade',
      symbol: instrument.symbol,
      id: row.i,
      trade: {
        time: row.T,
        price: row.p / instrument.multiplier,
        base: toBase(instrument, row.v),
        taker: row.S === 'Buy' ? 'buy' : 'sell',
      },
    }));
}

function readMessage(
  text: string,
  bySymbol: Map<string, Instrument>,
  ladders: Map<string, Ladder>,
  notes?: Notes,
): FeedEvent[] | undefined {
  const json = readJson('bybit', text);
  const reply = readIf(Reply, 'op', json);
  if (reply) {
    if (reply.success === false)
      throw new FeedError('unlisted', 'bybit', `refused: ${reply.ret_msg ?? reply.op}`);
    return undefined;
  }
  const { topic, type, ts, data } = readAs('bybit', Message, json);
  const name = topic.slice(0, topic.indexOf('.'));
  const instrument = bySymbol.get(topic.slice(topic.lastIndexOf('.') + 1));
  if (name === 'tickers') return readTicker(data, ts, bySymbol);
  if (!instrument) return [];
  switch (name) {
    case 'allLiquidation':
      return readLiquidations(instrument, data, notes);
    case 'kline':
      return readKlines(instrument, data, notes);
    case 'publicTrade':
      return readTrades(instrument, data, notes);
    case 'orderbook':
      return readBook(instrument, type, data, ts, ladders, notes);
    default:
      return [];
  }
}

export const bybit: Venue = {
  id: facts.id,
  name: facts.name,
  hosts: [facts.rest],
  /** 600 requests in 5 s by address; more is answered with 403 for ten minutes. */
  pools: { address: { limit: 600, perMs: 5_000 } },
  concurrent: 10,
  pauseMs: 30_000,
  limits: { openInterestHistory: true, forcedOrders: 'complete' },

  instruments: () => [instrumentsPage()],

  maxCandles: 1000,
  candles: (instrument, interval, range, limit = 1000) =>
    getRows(
      'kline',
      {
        symbol: instrument.native,
        interval: intervals[interval],
        start: range?.from,
        end: range?.to,
        limit,
      },
      'candle',
      KlineRow,
      (list, _at, notes) =>
        toBars(
          'bybit',
          instrument,
          list.map(([at, open, high, low, close, volume]) => ({ time: at, open, high, low, close, volume })),
          range,
          notes,
        ),
    ),

  openInterest: (instrument) =>
    getRows('tickers', { symbol: instrument.native }, 'ticker', Ticker, (list, at) => {
      const ticker = only('bybit', list, instrument);
      return { time: at, base: oneSided(instrument, ticker.openInterest, ticker.singleOpenInterest) };
    }),

  maxOpenInterest: 200,
  openInterestHistory: (instrument, period, range, limit = 200) =>
    getRows(
      'open-interest',
      {
        symbol: instrument.native,
        intervalTime: periods[period],
        startTime: range?.from,
        endTime: range?.to,
        limit,
      },
      'open interest',
      OpenInterestRow,
      (list) =>
        ascending(
          list.map((row) => ({
            time: row.timestamp,
            base: oneSided(instrument, row.openInterest, row.singleOpenInterest),
          })),
          range,
        ),
    ),

  mark: (instrument) =>
    getRows('tickers', { symbol: instrument.native }, 'ticker', Ticker, (list, at) => {
      const ticker = only('bybit', list, instrument);
      return {
        time: at,
        mark: ticker.markPrice / instrument.multiplier,
        ...(ticker.indexPrice !== undefined && { index: ticker.indexPrice / instrument.multiplier }),
        ...(ticker.fundingRate !== undefined && { fundingRate: ticker.fundingRate }),
        ...(ticker.fundingIntervalHour && { fundingIntervalMs: ticker.fundingIntervalHour * hourMs }),
        ...(ticker.nextFundingTime && { nextFundingTime: ticker.nextFundingTime }),
      };
    }),

  maxFunding: 200,
  funding: (instrument, range) =>
    getRows(
      'funding/history',
      {
        symbol: instrument.native,
        // Alone it is refused; without both the newest 200 come, which a range without an end asks for.
        startTime: range.to === undefined ? undefined : range.from,
        endTime: range.to,
        limit: 200,
      },
      'funding',
      FundingRow,
      (list) =>
        ascending(
          list.map((row) => ({ time: row.fundingRateTimestamp, rate: row.fundingRate })),
          range,
        ),
    ),

  ratioKinds: ['account'],
  maxRatios: 500,
  ratios: (instrument, _kind, period, range, limit = 500) =>
    getRows(
      'account-ratio',
      {
        symbol: instrument.native,
        period: periods[period],
        startTime: range?.from,
        endTime: range?.to,
        limit,
      },
      'ratio',
      RatioRow,
      (list) =>
        ascending(
          list
            .filter((row) => row.buyRatio + row.sellRatio > 0)
            .map((row) => ({ time: row.timestamp, share: row.buyRatio / (row.buyRatio + row.sellRatio) })),
          range,
        ),
    ),

  // Some 500 kB; the route behind it gives 1,000 levels a side, some 0.2 % on Bitcoin.
  bookEveryMs: 30_000,
  book: (instrument) => ({
    ...wholeBook(instrument),
    otherwise: bookOf('orderbook', instrument, { limit: 1000 }),
  }),

  tiers: (instrument) =>
    getRows('risk-limit', { symbol: instrument.native }, 'tier', RiskLimit, (list, _at, notes) => {
      const mine = list.filter((row) => row.symbol === instrument.native);
      only('bybit', mine, instrument);
      const tiers = mine.flatMap((row) => toTierOf(row) ?? []);
      const odd = mine.length - tiers.length;
      const reason = 'tier: initialMargin is neither a fraction nor a percentage';
      if (tiers.length === 0 || odd > Math.max(1, mine.length / 5))
        throw new FeedError('malformed', 'bybit', reason);
      for (let i = 0; i < odd; i++) notes?.leftOut?.(reason);
      return toTiers('bybit', tiers, notes);
    }),

  sockets: (instruments, topics = everyTopic, interval = '5m'): SocketPlan[] => {
    const bySymbol = new Map(instruments.map((each) => [each.native, each]));
    const ladders = new Map<string, Ladder>();
    const names = new Set(topics.flatMap((topic) => topicNames[topic]?.(interval) ?? []));
    const args = instruments.flatMap((each) => [...names].map((name) => `${name}.${each.native}`));
    if (!args.length) return [];
    // At most 21 000 characters a connection; one frame holds ten symbols of all topics with ease.
    const subscribe: string[] = [];
    for (let i = 0; i < args.length; i += 50)
      subscribe.push(
        JSON.stringify({ op: 'subscribe', req_id: String(i / 50 + 1), args: args.slice(i, i + 50) }),
      );
    return [
      {
        url: socket,
        topics,
        subscribe,
        ping: { message: '{"op":"ping"}', everyMs: 20_000 },
        // Nothing flows while nobody is liquidated.
        ...(args.every((name) => name.startsWith('allLiquidation.')) && { quietMs: eventsOnlyMs }),
        read: (text, _now, notes) => readMessage(text, bySymbol, ladders, notes),
      },
    ];
  },
};
