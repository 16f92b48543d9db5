import * as z from 'zod/mini';
import type { Bar, OpenInterestPoint } from '../engine/records';
import { dayMs, hourMs, minuteMs } from '../engine/time';
import { binance as facts } from '../venues/binance';
import { withoutClashes } from '../venues/symbols';
import {
  amount,
  ascending,
  blank,
  decimal,
  query,
  quotedPrice,
  readAs,
  readIf,
  readJson,
  readListings,
  readRows,
  rows,
  shapeOf,
  share,
  time,
  toBar,
  toBars,
  toBase,
  toLevels,
  toTiers,
} from './border';
import {
  type AssetKind,
  type Call,
  eventsOnlyMs,
  topics as everyTopic,
  FeedError,
  type FeedEvent,
  type Instrument,
  type Interval,
  intervalMs,
  type Notes,
  type RatioKind,
  type SocketPlan,
  type Topic,
  type Venue,
} from './feed';
import { instrumentOf } from './instrument';

/**
 * Binance USDⓈ-M perpetuals, public endpoints.
 *
 * Source: https://developers.binance.com/docs/derivatives/usds-margined-futures (read September 2026).
 * Amounts are coins (of the listed unit: thousands for 1000PEPEUSDT), one-sided; rows come oldest first; times are ms.
 */

const rest = `https://${facts.rest}`;
/** Keyless substitute for the signed bracket route: what the venue's own trading-rules page asks. Undocumented. */
const website = `https://${facts.website}`;
const sockets = `wss://${facts.socket}`;

/**
 * `{"code":-1121,"msg":"Invalid symbol."}` in place of any reply. −1003 and −1015 count requests; −2014 and −2015 want
 * a key; −4108 is a symbol that is being settled or has ended; −1000 to −1008 are the venue's own trouble; others refuse this very request.
 */
const Refusal = z.object({ code: z.int().check(z.negative()), msg: z.string() });

function refuse(json: unknown): void {
  const refusal = readIf(Refusal, 'code', json);
  if (!refusal) return;
  const { code, msg } = refusal;
  const kind =
    code === -1121 || code === -1122 || code === -4108
      ? 'unlisted'
      : code === -1003 || code === -1015
        ? 'limited'
        : code <= -1000 && code >= -1008
          ? 'down'
          : 'unavailable';
  throw new FeedError(kind, 'binance', `${msg} (${code})`);
}

function read<T extends z.core.$ZodType>(schema: T, json: unknown): z.output<T> {
  refuse(json);
  return readAs('binance', schema, json);
}

/** A reply that is a list. */
function readList<T extends z.core.$ZodType>(what: string, row: T, json: unknown, notes?: Notes) {
  return readRows('binance', what, row, read(rows, json), notes);
}

/**
 * GET /fapi/v1/exchangeInfo, the part that matters:
 * `{"symbol":"BTCUSDT","pair":"BTCUSDT","contractType":"PERPETUAL","status":"TRADING","baseAsset":"BTC",
 *   "quoteAsset":"USDT","marginAsset":"USDT","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.10"}]}`
 * `contractType` can also be CURRENT_QUARTER or TRADIFI_PERPETUAL (shares, metals: markets of their own). The margin percentages in this
 * reply are not the real ones, and the greatest leverage is not told at all: see `leverage`.
 */
const Kind = z.object({
  contractType: z.enum(['PERPETUAL', 'TRADIFI_PERPETUAL']),
  status: z.literal('TRADING'),
  quoteAsset: z.literal('USDT'),
  marginAsset: z.literal('USDT'),
});
const PriceFilter = z.object({ filterType: z.literal('PRICE_FILTER'), tickSize: z.unknown() });
const Listing = z.object({
  symbol: z.string(),
  contractType: z.string(),
  underlyingType: z.nullish(z.string()),
  baseAsset: z.string(),
  /** The tick, USDT: of the filters only this one is read. */
  filters: z.pipe(
    z.pipe(
      rows,
      z.transform((list) => list.map((each) => z.safeParse(PriceFilter, each).data?.tickSize).find(Boolean)),
    ),
    quotedPrice,
  ),
});

/** Kinds of what no coin stands behind: `INDEX` is a basket (DEFIUSDT, BTCDOMUSDT), `COIN` and `PREMARKET` are coins. */
const kinds: Record<string, AssetKind> = {
  EQUITY: 'stock',
  KR_EQUITY: 'stock',
  COMMODITY: 'commodity',
  INDEX: 'other',
};

function kindOf({ contractType, underlyingType }: z.output<typeof Listing>): AssetKind {
  const kind = kinds[underlyingType ?? ''];
  return contractType === 'PERPETUAL' ? (kind ?? 'coin') : (kind ?? 'other');
}

const ExchangeInfo = z.object({ symbols: rows });

/**
 * Greatest leverage by symbol as recorded 2024-10-24 (freqtrade's tier snapshot), until the brackets have been read;
 * 75 is what the other listings of that record allowed.
 */
const leverage: Record<string, number> = { BTCUSDT: 125, ETHUSDT: 125, SOLUSDT: 100 };
const usualLeverage = 75;

/**
 * GET /fapi/v1/klines, rows of: open time ms, open, high, low, close (USDT), volume (coins), close time, volume (USDT),
 * trades, taker-bought volume (coins), the same in USDT, unused.
 * `[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,
 *   "2434.19055334",308,"1756.87402397","28.46694368","0"]`
 */
const KlineRow = z.tuple(
  [time, quotedPrice, quotedPrice, quotedPrice, quotedPrice, amount, time, amount, amount, amount],
  z.unknown(),
);

/** GET /fapi/v1/openInterest: `{"openInterest":"10659.509","symbol":"BTCUSDT","time":1589437530011}`, coins. */
const OpenInterestNow = z.object({ openInterest: amount, time });

/**
 * GET /futures/data/openInterestHist; `timestamp` was text in older captures.
 * `{"symbol":"BTCUSDT","sumOpenInterest":"20403.12345678","sumOpenInterestValue":"176196512.12345678",
 *   "timestamp":1591261042378}`: coins, then USDT.
 */
const OpenInterestRow = z.object({ sumOpenInterest: amount, timestamp: time });

/**
 * GET /fapi/v1/premiumIndex. Rates are fractions for the running interval.
 * `{"symbol":"BTCUSDT","markPrice":"11793.63104562","indexPrice":"11781.80495970",
 *   "estimatedSettlePrice":"11781.16138815","lastFundingRate":"0.00038246","interestRate":"0.00010000",
 *   "nextFundingTime":1597392000000,"time":1597370495002}`
 */
const PremiumIndex = z.object({
  markPrice: quotedPrice,
  indexPrice: blank(quotedPrice),
  lastFundingRate: blank(decimal),
  nextFundingTime: blank(amount),
  time,
});

/**
 * GET /fapi/v1/fundingRate; `fundingTime` runs a few ms past the hour.
 * `{"symbol":"BTCUSDT","fundingRate":"-0.03750000","fundingTime":1570608000000,"markPrice":"34287.54619963",
 *   "rateType":"Regular"}`: `rateType` since 2026-07-24; what is not regular (`Special`) settles beside the schedule.
 */
const FundingRow = z.object({
  fundingRate: decimal,
  fundingTime: time,
  rateType: z.nullish(z.string()),
});

/**
 * GET /fapi/v1/fundingInfo names only symbols whose interval or bounds were changed; all others settle every 8 h.
 * `{"symbol":"BLZUSDT","adjustedFundingRateCap":"0.02500000","adjustedFundingRateFloor":"-0.02500000",
 *   "fundingIntervalHours":8}`
 */
const FundingInfo = z.object({
  symbol: z.string(),
  fundingIntervalHours: z.number().check(z.positive(), z.maximum(24)),
});

/**
 * GET /futures/data/… : `{"symbol":"BTCUSDT","longShortRatio":"1.8105","longAccount":"0.6442",
 * "shortAccount":"0.3558","timestamp":1591261042378}`. The share comes from the two parts, because published samples
 * carry ratios that disagree with them. Takers: `{"buySellRatio":"1.5586","buyVol":"387.3300","sellVol":"248.5030",
 * "timestamp":1591261042378}`, coins.
 */
const AccountRow = z.object({ longAccount: share, shortAccount: share, timestamp: time });
const TakerRow = z.object({ buyVol: amount, sellVol: amount, timestamp: time });
const ratioPaths: Partial<Record<RatioKind, string>> = {
  account: 'globalLongShortAccountRatio',
  topAccount: 'topLongShortAccountRatio',
  topPosition: 'topLongShortPositionRatio',
  taker: 'takerlongshortRatio',
};

/**
 * GET /fapi/v1/depth: `{"lastUpdateId":600859605926,"E":1626992741264,"T":1626992741261,
 * "bids":[["7.6110","6"],["7.6080","161"]],"asks":[…]}`, price USDT and coins, best first.
 */
const Depth = z.object({ T: time, bids: rows, asks: rows });

/**
 * POST {website}/bapi/futures/v1/friendly/future/common/brackets, body {}. Undocumented; notional in USDT, rate a
 * fraction. A symbol may come several times: the newest `updateTime` holds.
 * `{"data":{"brackets":[{"symbol":"BTCUSDT","updateTime":1729771200000,"riskBrackets":[{"bracketSeq":1,
 *   "bracketNotionalFloor":0,"bracketNotionalCap":50000,"bracketMaintenanceMarginRate":0.004,
 *   "cumFastMaintenanceAmount":0,"minOpenPosLeverage":101,"maxOpenPosLeverage":125}]}]}}`
 */
const Brackets = z.object({
  data: z.object({
    brackets: rows,
  }),
});
const BracketsOfSymbol = z.object({ symbol: z.string(), updateTime: blank(amount), riskBrackets: rows });
const RiskBracket = z.object({
  bracketNotionalCap: amount,
  bracketMaintenanceMarginRate: share,
  maxOpenPosLeverage: z.pipe(quotedPrice, z.number().check(z.maximum(1000))),
});

/** `{"stream":"btcusdt@forceOrder","data":{…}}`; replies to commands have `result` or `error` instead. */
const Message = z.object({ data: z.object({ e: z.string() }) });
const Reply = z.object({ id: z.unknown() });

/**
 * `<s>@forceOrder`, at most one order a second and symbol: the newest of that second, so totals fall short.
 * `{"e":"forceOrder","E":1568014460893,"o":{"s":"BTCUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"0.014","p":"9910",
 *   "ap":"9910","X":"FILLED","l":"0.014","z":"0.014","T":1568014460893},"ps":"BTCUSDT","st":1}`
 * `S` is the side of the closing order: SELL closed a long. `z` filled coins at the average price `ap`.
 * `st` stands beside `o`: 2 is COIN-M, 1 or nothing is USDⓈ-M.
 */
const ForceOrder = z.object({
  o: z.object({ s: z.string(), S: z.enum(['BUY', 'SELL']), ap: amount, p: quotedPrice, z: amount, T: time }),
  st: z.nullish(z.number()),
});

/**
 * `<s>@markPrice@1s`: `{"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000",
 * "ap":"11794.15000000","i":"11784.62659091","P":"11784.25641265","r":"0.00038167","T":1562306400000,"st":1}`:
 * p mark, i index (USDT), r funding rate of the running interval (fraction), T next funding (ms).
 */
const MarkPriceUpdate = z.object({
  E: time,
  s: z.string(),
  p: quotedPrice,
  i: blank(quotedPrice),
  r: blank(decimal),
  T: blank(amount),
});

/**
 * `<s>@kline_5m`: `{"e":"kline","E":1626992741424,"s":"CTKUSDT","k":{"t":1626992700000,"T":1626992759999,
 * "s":"CTKUSDT","i":"1m","o":"1.01000","c":"1.01100","h":"1.01100","l":"1.01000","v":"3917","n":48,"x":false,
 * "q":"3957.89900","V":"1729","Q":"1748.01900"}}`: v coins, V taker-bought coins, x closed.
 */
const Kline = z.object({
  s: z.string(),
  k: z.object({
    t: time,
    i: z.string(),
    o: quotedPrice,
    h: quotedPrice,
    l: quotedPrice,
    c: quotedPrice,
    v: amount,
    V: amount,
    x: z.boolean(),
  }),
});

/**
 * `<s>@aggTrade`: `{"e":"aggTrade","E":1626992741575,"a":16599292,"s":"CTKUSDT","p":"1.01100","q":"10","f":23961322,
 * "l":23961322,"T":1626992741421,"m":false}`: q coins, m true when the buyer was the maker, so the taker sold.
 */
const AggTrade = z.object({ s: z.string(), a: z.int(), p: quotedPrice, q: amount, T: time, m: z.boolean() });

/**
 * `<s>@depth20@500ms` sends the best 20 whole, in the shape of a change:
 * `{"e":"depthUpdate","E":1626992741037,"T":1626992741024,"s":"SUSHIUSDT","U":600859599090,"u":600859600917,
 *   "pu":600859598061,"b":[["7.5040","813"]],"a":[["7.6150","1563"]]}`
 */
const DepthUpdate = z.object({ T: time, s: z.string(), b: rows, a: rows });

function optionalMark(fields: Record<'index' | 'rate' | 'next', number | undefined>, per: number) {
  return {
    ...(fields.index !== undefined && { index: fields.index / per }),
    ...(fields.rate !== undefined && { fundingRate: fields.rate }),
    // 0 where a contract has no funding.
    ...(fields.next !== undefined && fields.next > 1e12 && { nextFundingTime: fields.next }),
  };
}

type BySymbol = ReadonlyMap<string, Instrument>;

function readForceOrder(data: unknown, bySymbol: BySymbol): FeedEvent[] {
  const { o, st } = readAs('binance', ForceOrder, data);
  const instrument = bySymbol.get(o.s);
  if (!instrument || (st ?? 1) !== 1 || o.z === 0) return [];
  return [
    {
      kind: 'forcedOrder',
      symbol: instrument.symbol,
      id: `${o.T}:${o.S}:${o.p}:${o.z}`,
      order: {
        time: o.T,
        side: o.S === 'SELL' ? 'long' : 'short',
        base: toBase(instrument, o.z),
        // An average of 0 has been seen where nothing was averaged: the limit price is what is left.
        price: (o.ap || o.p) / instrument.multiplier,
        priceKind: 'fill',
      },
    },
  ];
}

function readMark(data: unknown, bySymbol: BySymbol): FeedEvent[] {
  const update = readAs('binance', MarkPriceUpdate, data);
  const instrument = bySymbol.get(update.s);
  if (!instrument) return [];
  const per = instrument.multiplier;
  const mark = {
    time: update.E,
    mark: update.p / per,
    ...optionalMark({ index: update.i, rate: update.r, next: update.T }, per),
  };
  return [{ kind: 'mark', symbol: instrument.symbol, mark }];
}

function readKline(data: unknown, bySymbol: BySymbol, notes?: Notes): FeedEvent[] {
  const { s, k } = readAs('binance', Kline, data);
  const instrument = bySymbol.get(s);
  if (!instrument || !(k.i in intervalMs)) return [];
  const raw = { time: k.t, open: k.o, high: k.h, low: k.l, close: k.c, volume: k.v, takerBuy: k.V };
  return toBar(instrument, raw, notes).map((bar) => ({
    kind: 'bar',
    symbol: instrument.symbol,
    interval: k.i as Interval,
    bar,
    closed: k.x,
  }));
}

function readTrade(data: unknown, bySymbol: BySymbol): FeedEvent[] {
  const trade = readAs('binance', AggTrade, data);
  const instrument = bySymbol.get(trade.s);
  if (!instrument) return [];
  return [
    {
      kind: 'trade',
      symbol: instrument.symbol,
      id: String(trade.a),
      trade: {
        time: trade.T,
        price: trade.p / instrument.multiplier,
        base: toBase(instrument, trade.q),
        taker: trade.m ? 'sell' : 'buy',
      },
    },
  ];
}

function readDepth(data: unknown, bySymbol: BySymbol, notes?: Notes): FeedEvent[] {
  const depth = readAs('binance', DepthUpdate, data);
  const instrument = bySymbol.get(depth.s);
  if (!instrument) return [];
  const book = {
    time: depth.T,
    bids: toLevels('binance', instrument, depth.b, notes),
    asks: toLevels('binance', instrument, depth.a, notes),
  };
  return [{ kind: 'book', symbol: instrument.symbol, book }];
}

const readers: Record<string, (data: unknown, bySymbol: BySymbol, notes?: Notes) => FeedEvent[]> = {
  forceOrder: readForceOrder,
  markPriceUpdate: readMark,
  kline: readKline,
  aggTrade: readTrade,
  depthUpdate: readDepth,
};

function readMessage(text: string, bySymbol: BySymbol, notes?: Notes): FeedEvent[] | undefined {
  const json = readJson('binance', text);
  refuse(json);
  const message = z.safeParse(Message, json);
  if (!message.success) {
    if (z.safeParse(Reply, json).success) return undefined;
    throw new FeedError('malformed', 'binance', 'neither data nor a reply', undefined, {
      shape: shapeOf(json),
    });
  }
  const { e } = message.data.data;
  if (!Object.hasOwn(readers, e)) return [];
  return readers[e]!((json as { data: unknown }).data, bySymbol, notes);
}

function klineWeight(limit: number): number {
  return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
}

export const binance: Venue = {
  id: facts.id,
  name: facts.name,
  // The brackets’ own host is left out: without leave to read it everything but `tiers` works.
  hosts: [facts.rest],
  /** By address: 2400 weight a minute; statistics 1000 and funding 500 requests in 5 minutes. */
  pools: {
    weight: { limit: 2400, perMs: minuteMs },
    statistics: { limit: 1000, perMs: 5 * minuteMs },
    funding: { limit: 500, perMs: 5 * minuteMs },
    website: { limit: 10, perMs: minuteMs },
  },
  concurrent: 6,
  pauseMs: 30_000,
  usedWeight: { header: 'x-mbx-used-weight-1m', pool: 'weight' },
  limits: { openInterestHistory: true, forcedOrders: 'sampled' },

  instruments: () => [
    {
      url: `${rest}/fapi/v1/exchangeInfo`,
      weight: 1,
      pool: 'weight',
      parse: (json, _now, notes) =>
        withoutClashes(
          readListings('binance', Kind, Listing, read(ExchangeInfo, json).symbols, notes).map((listing) =>
            instrumentOf({
              base: listing.baseAsset,
              native: listing.symbol,
              kind: kindOf(listing),
              tick: listing.filters,
              maxLeverage: leverage[listing.symbol] ?? usualLeverage,
            }),
          ),
        ),
    },
  ],

  maxCandles: 1500,
  candles: (instrument, interval, range, limit = 1500) => ({
    url: `${rest}/fapi/v1/klines${query({ symbol: instrument.native, interval, startTime: range?.from, endTime: range?.to, limit })}`,
    weight: klineWeight(limit),
    pool: 'weight',
    parse: (json, _now, notes): Bar[] =>
      toBars(
        'binance',
        instrument,
        readList('candle', KlineRow, json, notes).map(
          ([at, open, high, low, close, volume, , , , takerBuy]) => ({
            time: at,
            open,
            high,
            low,
            close,
            volume,
            takerBuy,
          }),
        ),
        range,
        notes,
      ),
  }),

  openInterest: (instrument): Call<OpenInterestPoint> => ({
    url: `${rest}/fapi/v1/openInterest${query({ symbol: instrument.native })}`,
    weight: 1,
    pool: 'weight',
    parse: (json) => {
      const now = read(OpenInterestNow, json);
      return { time: now.time, base: toBase(instrument, now.openInterest) };
    },
  }),

  maxOpenInterest: 500,
  // "Last month": asking for more is refused, so stay half an hour inside 30 days.
  openInterestDepthMs: () => 30 * dayMs - 30 * minuteMs,
  openInterestHistory: (instrument, period, range, limit = 500) => ({
    url: `${rest}/futures/data/openInterestHist${query({ symbol: instrument.native, period, startTime: range?.from, endTime: range?.to, limit })}`,
    weight: 1,
    pool: 'statistics',
    parse: (json, _now, notes) =>
      ascending(
        readList('open interest', OpenInterestRow, json, notes).map((row) => ({
          time: row.timestamp,
          base: toBase(instrument, row.sumOpenInterest),
        })),
        range,
      ),
  }),

  mark: (instrument) => ({
    url: `${rest}/fapi/v1/premiumIndex${query({ symbol: instrument.native })}`,
    weight: 1,
    pool: 'weight',
    parse: (json) => {
      const now = read(PremiumIndex, json);
      const per = instrument.multiplier;
      return {
        time: now.time,
        mark: now.markPrice / per,
        ...optionalMark({ index: now.indexPrice, rate: now.lastFundingRate, next: now.nextFundingTime }, per),
      };
    },
  }),

  maxFunding: 1000,
  // The row count without `limit` is documented as 100 in one place and 200 in another, so it is always sent.
  funding: (instrument, range) => ({
    url: `${rest}/fapi/v1/fundingRate${query({ symbol: instrument.native, startTime: range.from, endTime: range.to, limit: 1000 })}`,
    weight: 1,
    pool: 'funding',
    parse: (json, _now, notes) =>
      ascending(
        readList('funding', FundingRow, json, notes)
          .filter(({ rateType }) => (rateType ?? 'Regular') === 'Regular')
          .map((row) => ({ time: row.fundingTime, rate: row.fundingRate })),
        range,
      ),
  }),

  fundingIntervals: () => ({
    url: `${rest}/fapi/v1/fundingInfo`,
    weight: 1,
    pool: 'funding',
    parse: (json, _now, notes) =>
      Object.fromEntries(
        readList('funding interval', FundingInfo, json, notes).map((row) => [
          row.symbol,
          row.fundingIntervalHours * hourMs,
        ]),
      ),
  }),

  // The two `top…` routes are documented as wanting a key yet answer without: a refusal reads as `unavailable`.
  ratioKinds: ['account', 'topAccount', 'topPosition', 'taker'],
  maxRatios: 500,
  ratios: (instrument, kind, period, range, limit = 500) => ({
    url: `${rest}/futures/data/${ratioPaths[kind]}${query({ symbol: instrument.native, period, startTime: range?.from, endTime: range?.to, limit })}`,
    weight: 1,
    pool: 'statistics',
    parse: (json, _now, notes) => {
      const parts =
        kind === 'taker'
          ? readList('ratio', TakerRow, json, notes).map((row) => ({
              time: row.timestamp,
              long: row.buyVol,
              short: row.sellVol,
            }))
          : readList('ratio', AccountRow, json, notes).map((row) => ({
              time: row.timestamp,
              long: row.longAccount,
              short: row.shortAccount,
            }));
      return ascending(
        parts
          .filter(({ long, short }) => long + short > 0)
          .map(({ time: at, long, short }) => ({ time: at, share: long / (long + short) })),
        range,
      );
    },
  }),

  // No route gives more than 1,000 levels a side, some 0.4 % on Bitcoin.
  book: (instrument) => ({
    url: `${rest}/fapi/v1/depth${query({ symbol: instrument.native, limit: 1000 })}`,
    weight: 20,
    pool: 'weight',
    parse: (json, _now, notes) => {
      const depth = read(Depth, json);
      return {
        time: depth.T,
        bids: toLevels('binance', instrument, depth.bids, notes),
        asks: toLevels('binance', instrument, depth.asks, notes),
      };
    },
  }),

  tiers: (instrument) => ({
    url: `${website}/bapi/futures/v1/friendly/future/common/brackets`,
    body: '{}',
    weight: 1,
    pool: 'website',
    parse: (json, _now, notes) => {
      const { brackets } = read(Brackets, json).data;
      const mine = readRows('binance', 'bracket', BracketsOfSymbol, brackets, notes)
        .filter((entry) => entry.symbol === instrument.native)
        .sort((a, b) => (b.updateTime ?? 0) - (a.updateTime ?? 0))[0];
      if (!mine) throw new FeedError('unlisted', 'binance', `no brackets for ${instrument.native}`);
      return toTiers(
        'binance',
        readRows('binance', 'tier', RiskBracket, mine.riskBrackets, notes).map((row) => ({
          cap: row.bracketNotionalCap,
          maintenanceRate: row.bracketMaintenanceMarginRate,
          maxLeverage: row.maxOpenPosLeverage,
        })),
        notes,
      );
    },
  }),

  /**
   * Two addresses since 2026-04-23. The old `wss://fstream.binance.com/stream` still shakes hands and acknowledges, and
   * then stays silent.
   */
  sockets: (instruments, topics = everyTopic, interval = '5m') => {
    const bySymbol = new Map(instruments.map((each) => [each.native, each]));
    const streams = (names: Partial<Record<Topic, string>>) =>
      instruments.flatMap((each) =>
        topics.flatMap((topic) => (names[topic] ? [`${each.native.toLowerCase()}@${names[topic]}`] : [])),
      );
    const plan = (prefix: string, brought: readonly Topic[], names: string[]): SocketPlan[] =>
      names.length
        ? [
            {
              url: `${sockets}/${prefix}/stream?streams=${names.join('/')}`,
              topics: brought.filter((topic) => topics.includes(topic)),
              subscribe: [],
              // Nothing flows while nobody is liquidated.
              ...(names.every((name) => name.endsWith('@forceOrder')) && { quietMs: eventsOnlyMs }),
              read: (text, _now, notes) => readMessage(text, bySymbol, notes),
            },
          ]
        : [];
    return [
      ...plan(
        'market',
        ['bar', 'mark', 'funding', 'forcedOrder', 'trade'],
        streams({
          bar: `kline_${interval}`,
          mark: 'markPrice@1s',
          forcedOrder: 'forceOrder',
          trade: 'aggTrade',
        }),
      ),
      ...plan('public', ['book'], streams({ book: 'depth20@500ms' })),
    ];
  },
};
