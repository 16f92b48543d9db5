import * as z from 'zod/mini';
import type { ForcedOrder } from '../engine/records';
import { hourMs, secondMs } from '../engine/time';
import { bitget as facts } from '../venues/bitget';
import { withoutClashes } from '../venues/symbols';
import {
  AccountRow,
  BitgetCandle,
  type BySymbol,
  get,
  getRows,
  granularities,
  type Holdings,
  PositionRow,
  periods,
  product,
  read,
  readSocket,
  rest,
  socket,
  TakerRow,
  type TickerState,
  toBarEvents,
  toMark,
  toRaw,
  toShares,
  toTickerEvents,
} from './bitget-common';
import * as v2 from './bitget-v2';
import {
  amount,
  ascending,
  blank,
  decimal,
  only,
  query,
  quotedPrice,
  readListings,
  readRows,
  recordIds,
  rows,
  share,
  time,
  toBars,
  toBase,
  toLevels,
  toldOnce,
  toTiers,
} from './border';
import {
  type AssetKind,
  type Book,
  type Call,
  topics as everyTopic,
  type FeedEvent,
  type FundingPoint,
  type Instrument,
  type Interval,
  type Notes,
  type Range,
  type RatioKind,
  type SocketPlan,
  type Topic,
  type Venue,
} from './feed';
import { instrumentOf } from './instrument';

/**
 * Bitget USDT-FUTURES, public endpoints of v3, with v2 behind them (`bitget-v2.ts`).
 *
 * Source: https://www.bitget.com/api-doc (read August 2026), and the payloads that public clients of v3 note down (October
 * 2026; nothing of v3 but forced orders has been seen live).
 * Amounts are coins without a contract factor, numbers are text, times ms. There is no history of open interest.
 * Whether open interest counts one side is not written down; it is taken as one-sided.
 */

/**
 * GET /api/v3/market/instruments, entry:
 * `{"symbol":"BTCUSDT","category":"USDT-FUTURES","baseCoin":"BTC","quoteCoin":"USDT","type":"perpetual",
 *   "status":"online","pricePrecision":"1","priceMultiplier":"0.1","maxLeverage":"125","fundInterval":"8",
 *   "symbolType":"crypto","isRwa":"NO"}`:
 * `priceMultiplier` is the tick; `fundInterval` hours; `symbolType` (crypto, metal, stock, commodity) may be missing [?],
 * and `isRwa` YES marks what is no coin.
 */
const Kind = z.object({
  quoteCoin: z.literal('USDT'),
  type: z.literal('perpetual'),
  status: z.literal('online'),
});
const Listing = z.object({
  symbol: z.string(),
  baseCoin: z.string(),
  priceMultiplier: quotedPrice,
  maxLeverage: quotedPrice,
  fundInterval: blank(amount),
  symbolType: z.nullish(z.string()),
  isRwa: z.nullish(z.string()),
});

const kinds: Record<string, AssetKind> = {
  crypto: 'coin',
  stock: 'stock',
  metal: 'commodity',
  commodity: 'commodity',
};

function kindOf({ symbolType, isRwa }: z.output<typeof Listing>): AssetKind {
  if (symbolType && symbolType !== 'crypto') return kinds[symbolType] ?? 'other';
  return isRwa === 'YES' ? 'stock' : 'coin';
}

const instruments: Call<Instrument[]> = {
  ...get('v3', 'market', 'instruments', {}, rows, (list, _now, notes) =>
    withoutClashes(
      readListings('bitget', Kind, Listing, list, notes).map((listing) =>
        instrumentOf({
          base: listing.baseCoin,
          native: listing.symbol,
          kind: kindOf(listing),
          tick: listing.priceMultiplier,
          maxLeverage: listing.maxLeverage,
          fundingIntervalMs: listing.fundInterval && listing.fundInterval * hourMs,
        }),
      ),
    ),
  ),
  otherwise: v2.instruments(),
};

const instType = 'usdt-futures';

/** v3 gives a tenth of the candles that v2 gives at once. */
const candlePageSize = 100;

/** The newest `limit` bars within the range, page by page towards older ones. */
function candlePages(
  instrument: Instrument,
  interval: Interval,
  range: Range | undefined,
  limit: number,
): Call<ReturnType<typeof toBars>> {
  return {
    ...getRows(
      'v3',
      'candles',
      'candles',
      {
        symbol: instrument.native,
        interval: granularities[interval],
        ...v2.outside(range),
        limit: Math.min(candlePageSize, range ? limit + 1 : limit),
      },
      'candle',
      BitgetCandle,
      (list, _now, notes) => toBars('bitget', instrument, list.map(toRaw), range, notes),
    ),
    next: (json) => {
      const times = readRows('bitget', 'candle', BitgetCandle, read(rows, json)).map(([at]) => at);
      const oldest = Math.min(...times);
      const left = limit - times.length;
      const from = range?.from ?? 0;
      return times.length >= candlePageSize && left > 0 && oldest > from
        ? // The bound is asked for one ms beyond, see `outside`.
          candlePages(instrument, interval, { from, to: oldest - 2 }, left)
        : undefined;
    },
    join: (pages) => ascending(pages.flat()),
  };
}

/** GET /api/v3/market/open-interest: `{"list":[{"symbol":"BTCUSDT","openInterest":"18166.3583"}],"ts":"1751101220993"}` */
const OpenInterestNow = z.object({ list: rows, ts: time });
const OpenInterestRow = z.object({ symbol: z.string(), openInterest: amount });

/**
 * GET /api/v3/market/tickers, and topic `ticker`, which has neither `symbol` nor `ts` in its rows:
 * `{"category":"USDT-FUTURES","symbol":"BTCUSDT","ts":"1750332730472","lastPrice":"104738","indexPrice":"104785.956168",
 *   "markPrice":"104738","fundingRate":"-0.000007","openInterest":"7465.5938"}`: coins; the rate a fraction. Whether the
 * topic tells the next funding's time is not known [?].
 */
const Ticker = z.object({
  markPrice: quotedPrice,
  indexPrice: blank(quotedPrice),
  fundingRate: blank(decimal),
  nextFundingTime: blank(amount),
  openInterest: blank(amount),
  ts: blank(time),
});

const stateOf = (row: z.output<typeof Ticker>, at: number): TickerState => ({
  time: row.ts ?? at,
  mark: row.markPrice,
  index: row.indexPrice,
  fundingRate: row.fundingRate,
  nextFundingTime: row.nextFundingTime,
  openInterest: row.openInterest,
});

/**
 * GET /api/v3/market/history-fund-rate, newest first; `cursor` counts pages:
 * `{"resultList":[{"symbol":"BTCUSDT","fundingRate":"-0.000017","fundingRateTimestamp":"1750431600000"}]}`
 */
const FundingRows = z.object({ resultList: rows });
const FundingRow = z.object({ fundingRate: decimal, fundingRateTimestamp: time });

function fundingPage(instrument: Instrument, range: Range, page: number): Call<FundingPoint[]> {
  const readPage = (list: unknown[], notes?: Notes) =>
    readRows('bitget', 'funding', FundingRow, list, notes).map((row) => ({
      time: row.fundingRateTimestamp,
      rate: row.fundingRate,
    }));
  return {
    ...get(
      'v3',
      'funding',
      'history-fund-rate',
      { symbol: instrument.native, limit: v2.fundingPageSize, cursor: page },
      FundingRows,
      ({ resultList }, _now, notes) => ascending(readPage(resultList, notes), range),
    ),
    next: (json) => {
      const { resultList } = read(FundingRows, json);
      const oldest = Math.min(...readPage(resultList).map((row) => row.time));
      return resultList.length === v2.fundingPageSize && oldest > range.from && page < v2.fundingPages
        ? fundingPage(instrument, range, page + 1)
        : undefined;
    },
    // A settlement between two pages moves the rows on: the last of one page comes again on the next.
    join: (pages) => ascending(pages.flat()),
  };
}

/** GET /api/v3/market/orderbook and topic `books50`: `{"a":[[104992.6,0.018411]],"b":[[104927.4,0.229914]],"ts":"1750329437763"}`, coins. */
const BookNow = z.object({ a: rows, b: rows, ts: time });

function toBook(instrument: Instrument, data: z.output<typeof BookNow>, notes?: Notes): Book {
  return {
    time: data.ts,
    bids: toLevels('bitget', instrument, data.b, notes),
    asks: toLevels('bitget', instrument, data.a, notes),
  };
}

/**
 * GET /api/v3/market/position-tier, bounds in USDT, rate a fraction:
 * `{"tier":"1","minTierValue":"0","maxTierValue":"150000","leverage":"125","mmr":"0.004"}`
 */
const Tier = z.object({ maxTierValue: amount, leverage: quotedPrice, mmr: share });

/** Ratios: the routes take no range, so what they hold is asked for and cut to it. */
const ratioPaths = {
  account: { v3: 'futures-account-long-short', v2: 'account-long-short' },
  position: { v3: 'futures-position-long-short', v2: 'position-long-short' },
  taker: { v3: 'futures-active-buy-sell', v2: 'taker-buy-sell' },
} as const;

function ratios(
  version: 'v2' | 'v3',
  instrument: Instrument,
  kind: keyof typeof ratioPaths,
  period: string,
  range?: Range,
) {
  const path = ratioPaths[kind][version];
  // v3 names no product here: the routes are about futures alone.
  const parameters = { symbol: instrument.native, period, ...(version === 'v3' && { category: undefined }) };
  if (kind === 'taker')
    return getRows(version, kind, path, parameters, 'ratio', TakerRow, (list) =>
      toShares(
        list.map((row) => ({ time: row.ts, long: row.buyVolume, short: row.sellVolume })),
        range,
      ),
    );
  if (kind === 'position')
    return getRows(version, kind, path, parameters, 'ratio', PositionRow, (list) =>
      toShares(
        list.map((row) => ({ time: row.ts, long: row.longPositionRatio, short: row.shortPositionRatio })),
        range,
      ),
    );
  return getRows(version, kind, path, parameters, 'ratio', AccountRow, (list) =>
    toShares(
      list.map((row) => ({ time: row.ts, long: row.longAccountRatio, short: row.shortAccountRatio })),
      range,
    ),
  );
}

/**
 * Channel `liquidation` of v3, once a second the largest record of each side and symbol:
 * `{"data":[{"symbol":"BTCUSDT","side":"buy","price":"89000","amount":"37.722858","ts":"1736371332162"}],
 *   "arg":{"instType":"usdt-futures","topic":"liquidation"},"action":"update","ts":1736371332200}`
 * `side` is that of the **position**: buy was a long. `price` bankruptcy price. The unit of `amount` has been documented
 * as USDT while live data reads as coins: coins are taken, unless that were more than all open interest.
 *
 * GET /api/v3/market/liquidations gives the same records of the last three days, perhaps late, by pages:
 * `{"list":[…],"cursor":"1111"}`.
 */
const Liquidation = z.object({
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  price: quotedPrice,
  amount,
  ts: time,
});
const Named = z.object({ symbol: z.string() });
const Liquidations = z.object({
  list: z.nullish(rows),
  cursor: z.nullish(z.string()),
});

/** `openInterest` in the venue's own units. */
function toOrder(
  instrument: Instrument,
  row: z.output<typeof Liquidation>,
  openInterest: number | undefined,
): ForcedOrder {
  const raw = openInterest !== undefined && row.amount > openInterest ? row.amount / row.price : row.amount;
  return {
    time: row.ts,
    side: row.side === 'buy' ? 'long' : 'short',
    base: toBase(instrument, raw),
    price: row.price / instrument.multiplier,
    priceKind: 'bankruptcy',
  };
}

/** The id leaves the amount's unit as sent, so that both routes and any reading of it name a record alike. */
function orderId(id: ReturnType<typeof recordIds>, row: z.output<typeof Liquidation>): string {
  return id(row.ts, row.side, row.price, row.amount);
}

/** Of the newest records; a thousand of one symbol. */
const liquidationPages = 10;

function liquidationsPage(
  instrument: Instrument,
  openInterest: number | undefined,
  cursor?: string,
  number = 1,
): Call<{ order: ForcedOrder; id: string }[]> {
  return {
    url: `${rest}/api/v3/market/liquidations${query({ category: product, symbol: instrument.native, limit: 100, cursor })}`,
    weight: 1,
    pool: 'liquidations',
    parse: (json, _now, notes) => {
      const id = recordIds();
      const raw =
        openInterest === undefined
          ? undefined
          : openInterest / instrument.multiplier / instrument.contractSize;
      return readRows('bitget', 'forced order', Liquidation, read(Liquidations, json).list ?? [], notes)
        .filter((row) => row.symbol === instrument.native && row.amount > 0)
        .map((row) => ({ order: toOrder(instrument, row, raw), id: orderId(id, row) }));
    },
    next: (json) => {
      const page = read(Liquidations, json);
      return page.cursor && page.list?.length === 100 && number < liquidationPages
        ? liquidationsPage(instrument, openInterest, page.cursor, number + 1)
        : undefined;
    },
    join: (pages) => [...new Map(pages.flat().map((record) => [record.id, record])).values()],
  };
}

function readLiquidations(
  data: unknown[],
  bySymbol: BySymbol,
  holdings: Holdings,
  notes?: Notes,
): FeedEvent[] {
  const id = recordIds();
  notes?.heard?.('forcedOrder');
  // The whole market comes: an odd record of another symbol must not cost ours, nor be counted.
  const ours = data.filter((each) => {
    const named = z.safeParse(Named, each);
    return named.success && bySymbol.has(named.data.symbol);
  });
  return readRows('bitget', 'forced order', Liquidation, ours, toldOnce(notes))
    .filter((row) => row.amount > 0)
    .map((row) => {
      const instrument = bySymbol.get(row.symbol)!;
      const order = toOrder(instrument, row, holdings.get(row.symbol));
      return { kind: 'forcedOrder', symbol: instrument.symbol, order, id: orderId(id, row) };
    });
}

/** Topic `publicTrade`, side the taker's, coins; clients disagree on the name of the price: `{"i":"1344534089797185549","p":"110878.5","v":"0.07","S":"buy","T":"1756287827920"}` */
const Trade = z.object({
  i: z.string(),
  p: blank(quotedPrice),
  P: blank(quotedPrice),
  v: amount,
  S: z.enum(['buy', 'sell']),
  T: time,
});

function readTrades(instrument: Instrument, data: unknown[], notes?: Notes): FeedEvent[] {
  return readRows('bitget', 'trade', Trade, data, notes).flatMap((row): FeedEvent[] => {
    const at = row.p ?? row.P;
    if (at === undefined) {
      notes?.leftOut?.('trade p: missing');
      return [];
    }
    return [
      {
        kind: 'trade',
        symbol: instrument.symbol,
        id: row.i,
        trade: {
          time: row.T,
          price: at / instrument.multiplier,
          base: toBase(instrument, row.v),
          taker: row.S,
        },
      },
    ];
  });
}

/** Topic `kline`: `{"start":"1755564480000","open":"116286","close":"116256.2","high":"116310.2","low":"116232.8","volume":"39.7062","turnover":"4616746.46654"}` */
const Kline = z.object({
  start: time,
  open: quotedPrice,
  high: quotedPrice,
  low: quotedPrice,
  close: quotedPrice,
  volume: amount,
});

function readMessage(
  text: string,
  now: number,
  bySymbol: BySymbol,
  holdings: Holdings,
  notes?: Notes,
): FeedEvent[] | undefined {
  const message = readSocket(text);
  if (!message) return undefined;
  const { arg, data, ts } = message;
  if (arg.topic === 'liquidation') return readLiquidations(data, bySymbol, holdings, notes);
  const instrument = bySymbol.get(arg.symbol ?? '');
  if (!instrument) return [];
  switch (arg.topic) {
    case 'kline': {
      const interval = (Object.keys(granularities) as Interval[]).find(
        (each) => granularities[each] === arg.interval,
      );
      if (!interval) return [];
      const raw = readRows('bitget', 'candle', Kline, data, notes).map(({ start, ...row }) => ({
        ...row,
        time: start,
      }));
      return toBarEvents(instrument, interval, raw, ts, notes);
    }
    case 'ticker':
      return readRows('bitget', 'ticker', Ticker, data, notes).flatMap((row) =>
        toTickerEvents(instrument, holdings, stateOf(row, ts ?? now)),
      );
    case 'publicTrade':
      return readTrades(instrument, data, notes);
    case 'books50':
      return readRows('bitget', 'book', BookNow, data, notes).map((row) => ({
        kind: 'book',
        symbol: instrument.symbol,
        book: toBook(instrument, row, notes),
      }));
    default:
      return [];
  }
}

export const bitget: Venue = {
  id: facts.id,
  name: facts.name,
  hosts: [facts.rest],
  /** By address and route: 20 a second, 10 on tiers, 5 on forced orders, 1 on ratios. */
  pools: {
    candles: { limit: 20, perMs: 2_000 },
    market: { limit: 20, perMs: secondMs },
    funding: { limit: 20, perMs: secondMs },
    tiers: { limit: 10, perMs: secondMs },
    liquidations: { limit: 5, perMs: secondMs },
    account: { limit: 1, perMs: secondMs },
    position: { limit: 1, perMs: secondMs },
    taker: { limit: 1, perMs: secondMs },
  },
  concurrent: 8,
  pauseMs: 30_000,
  limits: { openInterestHistory: false, forcedOrders: 'sampled' },

  instruments: () => [instruments],

  // One less than a reply of v2 holds, see `limit` there.
  maxCandles: 999,
  candles: (instrument, interval, range, limit = 1000) => {
    const newer = candlePages(instrument, interval, range, limit);
    const older = v2.candles(instrument, interval, range, limit);
    return limit < candlePageSize ? { ...newer, otherwise: older } : { ...older, otherwise: newer };
  },

  openInterest: (instrument) => ({
    ...get(
      'v3',
      'market',
      'open-interest',
      { symbol: instrument.native },
      OpenInterestNow,
      (data, _now, notes) => {
        const list = readRows('bitget', 'open interest', OpenInterestRow, data.list, notes);
        const row = only(
          'bitget',
          list.filter((each) => each.symbol === instrument.native),
          instrument,
        );
        return { time: data.ts, base: toBase(instrument, row.openInterest) };
      },
    ),
    otherwise: v2.openInterest(instrument),
  }),

  mark: (instrument) => ({
    ...getRows('v3', 'market', 'tickers', { symbol: instrument.native }, 'ticker', Ticker, (list, now) =>
      toMark(instrument, stateOf(only('bitget', list, instrument), now)),
    ),
    otherwise: v2.mark(instrument),
  }),

  fundingState: (instrument) => ({
    ...getRows(
      'v3',
      'funding',
      'current-fund-rate',
      { symbol: instrument.native },
      'funding',
      v2.FundingNow,
      (list, now) => v2.toFundingState(only('bitget', list, instrument), now),
    ),
    otherwise: v2.fundingState(instrument),
  }),

  maxFunding: v2.fundingPageSize * v2.fundingPages,
  funding: (instrument, range) => ({
    ...fundingPage(instrument, range, 1),
    otherwise: v2.funding(instrument, range),
  }),

  ratioKinds: Object.keys(ratioPaths) as RatioKind[],
  maxRatios: 500,
  ratios: (instrument, kind, period, range) => {
    const known = kind as keyof typeof ratioPaths;
    return {
      ...ratios('v3', instrument, known, periods[period], range),
      otherwise: ratios('v2', instrument, known, periods[period], range),
    };
  },

  // v3 gives the nearest 200 levels alone: some 0.05 % on Bitcoin.
  book: (instrument, at) => {
    const newer = get(
      'v3',
      'market',
      'orderbook',
      { symbol: instrument.native, limit: 200 },
      BookNow,
      (data, _now, notes) => toBook(instrument, data, notes),
    );
    const merged = v2.book(instrument, at);
    return at === undefined ? { ...newer, otherwise: merged } : { ...merged, otherwise: newer };
  },

  tiers: (instrument) => ({
    ...getRows(
      'v3',
      'tiers',
      'position-tier',
      { symbol: instrument.native },
      'tier',
      Tier,
      (list, _now, notes) => {
        only('bitget', list, instrument);
        return toTiers(
          'bitget',
          list.map((row) => ({
            cap: row.maxTierValue,
            maintenanceRate: row.mmr,
            maxLeverage: row.leverage,
          })),
          notes,
        );
      },
    ),
    otherwise: v2.tiers(instrument),
  }),

  forcedOrders: (instrument, openInterest) => liquidationsPage(instrument, openInterest),

  sockets: (list, topics = everyTopic, interval = '5m') => {
    const bySymbol = new Map(list.map((each) => [each.native, each]));
    const holdings: Holdings = new Map();
    const names: Partial<Record<Topic, string>> = {
      bar: 'kline',
      mark: 'ticker',
      funding: 'ticker',
      openInterest: 'ticker',
      trade: 'publicTrade',
      book: 'books50',
    };
    const wanted = new Set(topics.flatMap((topic) => names[topic] ?? []));
    const args = list.flatMap((each) =>
      [...wanted].map((topic) => ({
        instType,
        topic,
        symbol: each.native,
        ...(topic === 'kline' && { interval: granularities[interval] }),
      })),
    );
    const plan = (brought: readonly Topic[], subscriptions: object[]): SocketPlan => ({
      url: `${socket}/v3/ws/public`,
      topics: brought,
      subscribe: [JSON.stringify({ op: 'subscribe', args: subscriptions })],
      // Dropped after 2 min without.
      ping: { message: 'ping', everyMs: 20_000 },
      read: (text, now, notes) => readMessage(text, now, bySymbol, holdings, notes),
    });
    const flowing = topics.filter((topic) => topic !== 'forcedOrder');
    return [
      ...(args.length
        ? [{ ...plan(flowing, args), otherwise: v2.socketPlan(list, flowing, interval, holdings) }]
        : []),
      // Of the whole market, where some minutes without a forced order are not unheard of.
      ...(topics.includes('forcedOrder') && list.length
        ? [{ ...plan(['forcedOrder'], [{ instType, topic: 'liquidation' }]), quietMs: 600_000 }]
        : []),
    ];
  },
};
