import * as z from 'zod/mini';
import type { ForcedOrder } from '../engine/records';
import { bitget as facts } from '../venues/bitget';
import { splitMultiplier, withoutClashes } from '../venues/symbols';
import {
  amount,
  ascending,
  blank,
  decimal,
  price,
  query,
  readAs,
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
  toTiers,
} from './border';
import {
  type Call,
  topics as everyTopic,
  FeedError,
  type FeedEvent,
  type FundingPoint,
  type Instrument,
  type Interval,
  intervalMs,
  type Notes,
  type Period,
  type Range,
  type RatioKind,
  type SocketPlan,
  type Topic,
  type Venue,
} from './feed';

/**
 * Bitget USDT-FUTURES, public endpoints of v2, and of v3 for forced orders.
 *
 * Source: https://www.bitget.com/api-doc (read August 2026).
 * Amounts are coins without a contract factor, numbers are text, times ms. There is no history of open interest.
 * Whether open interest counts one side is not written down; it is taken as one-sided.
 */

const rest = `https://${facts.rest}`;
const socket = `wss://${facts.socket}`;
const product = 'USDT-FUTURES';

/**
 * `{"code":"00000","msg":"success","requestTime":1695793701269,"data":…}`. 429 counts requests; 45001, 40725, 40808,
 * 40010 and 40015 are the venue's own trouble; 40034 and 40309 name a parameter or contract that does not exist.
 */
const Envelope = z.object({
  code: z.string().check(z.regex(/^\d+$/)),
  msg: z.string(),
  requestTime: blank(amount),
  data: z.unknown(),
});

function read<T extends z.core.$ZodType>(schema: T, json: unknown): z.output<T> {
  const { code, msg, data } = readAs('bitget', Envelope, json);
  if (code !== '00000') {
    const kind =
      code === '429'
        ? 'limited'
        : ['45001', '40725', '40808', '40010', '40015'].includes(code)
          ? 'down'
          : code === '40309' || (code === '40034' && !/time|period|granularity/i.test(msg))
            ? 'unlisted'
            : 'unavailable';
    throw new FeedError(kind, 'bitget', `${msg} (${code})`);
  }
  return readAs('bitget', schema, data);
}

/** The one row of a list that was asked for by symbol. */
function only<T>(rows: T[], instrument: Instrument): T {
  const [row] = rows;
  if (row === undefined) throw new FeedError('unlisted', 'bitget', `nothing for ${instrument.native}`);
  return row;
}

/**
 * GET /api/v2/mix/market/contracts, entry:
 * `{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","symbolType":"perpetual","symbolStatus":"normal",
 *   "pricePlace":"1","priceEndStep":"1","maxLever":"125","fundInterval":"8"}`:
 * tick = priceEndStep × 10^−pricePlace; `fundInterval` hours.
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
  priceEndStep: price,
  maxLever: price,
  fundInterval: blank(amount),
});

/**
 * GET /api/v2/mix/market/candles, row: open time ms, open, high, low, close (USDT), volume coins, USDT:
 * `["1645911960000","39406","39407","39374.5","39379","35.526","1399132.341"]`. Oldest first as far as is known; sorted
 * here in any case.
 */
const Candle = z.tuple([time, price, price, price, price, amount], z.unknown());

/** GET /api/v2/mix/market/open-interest: `{"openInterestList":[{"symbol":"BTCUSDT","size":"52234.134"}],"ts":"1700866041023"}` */
const OpenInterestNow = z.object({ openInterestList: rows, ts: time });
const OpenInterestRow = z.object({ symbol: z.string(), size: amount });

/**
 * GET /api/v2/mix/market/ticker and channel `ticker` (there with `instId`):
 * `{"symbol":"BTCUSDT","lastPr":"27000.5","markPrice":"27000","indexPrice":"25702.4","fundingRate":"0.000013",
 *   "holdingAmount":"7543.2","ts":"1695794098184"}`: `holdingAmount` open interest in coins, rate a fraction.
 */
const Ticker = z.object({
  markPrice: price,
  indexPrice: blank(price),
  fundingRate: blank(decimal),
  nextFundingTime: blank(amount),
  holdingAmount: blank(amount),
  ts: time,
});

/**
 * GET /api/v2/mix/market/current-fund-rate; interval in hours, `nextUpdate` the next settlement:
 * `{"symbol":"BTCUSDT","fundingRate":"-0.000013","fundingRateInterval":"8","nextUpdate":"1745510400000",
 *   "minFundingRate":"-0.003","maxFundingRate":"0.003"}`
 */
const FundingNow = z.object({
  fundingRate: decimal,
  fundingRateInterval: blank(amount),
  nextUpdate: blank(amount),
});

/** GET /api/v2/mix/market/history-fund-rate, newest first: `{"symbol":"BTCUSDT","fundingRate":"0.0005","fundingTime":"1652396400000"}` */
const FundingRow = z.object({ fundingRate: decimal, fundingTime: time });

/**
 * Ratios. Parts of the whole; the ratio field beside them has been seen to disagree and is not used. How many rows come
 * is not written down. Takers in coins.
 * `{"longAccountRatio":"0.58","shortAccountRatio":"0.42","longShortAccountRatio":"0.0138","ts":"1729312200000"}`
 * `{"longPositionRatio":"0.58","shortPositionRatio":"0.42","longShortPositionRatio":"0.0138","ts":"1729312200000"}`
 * `{"buyVolume":"1","sellVolume":"2","ts":"1729312200000"}`
 */
const AccountRow = z.object({ longAccountRatio: amount, shortAccountRatio: amount, ts: time });
const PositionRow = z.object({ longPositionRatio: amount, shortPositionRatio: amount, ts: time });
const TakerRow = z.object({ buyVolume: amount, sellVolume: amount, ts: time });

/** GET /api/v2/mix/market/merge-depth: `{"asks":[[26347.5,0.25]],"bids":[[26346.5,0.16]],"ts":"1695870968804"}`, coins. */
const Book = z.object({ asks: rows, bids: rows, ts: time });

/**
 * GET /api/v2/mix/market/query-position-lever, bounds in USDT, rate a fraction:
 * `{"symbol":"BTCUSDT","level":"1","startUnit":"0","endUnit":"200000","leverage":"150","keepMarginRate":"0.004"}`
 */
const Tier = z.object({ endUnit: amount, leverage: price, keepMarginRate: share });

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
  price,
  amount,
  ts: time,
});
const Named = z.object({ symbol: z.string() });
const Liquidations = z.object({
  list: z.optional(z.nullable(rows)),
  cursor: z.optional(z.nullable(z.string())),
});

/**
 * Socket data: `{"action":"snapshot"|"update","arg":{"instType":"USDT-FUTURES","channel":"ticker","instId":"BTCUSDT"},
 * "data":[…],"ts":1695716059516}`; replies `{"event":"subscribe","arg":{…}}`; the text `pong` answers `ping`.
 */
const Message = z.object({
  action: z.optional(z.string()),
  arg: z.object({
    channel: z.optional(z.string()),
    topic: z.optional(z.string()),
    instId: z.optional(z.string()),
  }),
  data: z.array(z.unknown()),
  ts: blank(amount),
});
const Reply = z.object({
  event: z.string(),
  code: z.optional(z.union([z.string(), z.number()])),
  msg: z.optional(z.string()),
});

/** Channel `trade`, side the taker's, coins: `{"ts":"1695709835822","price":"26293.4","size":"0.0013","side":"buy","tradeId":"1"}` */
const Trade = z.object({ ts: time, price, size: amount, side: z.enum(['buy', 'sell']), tradeId: z.string() });

const granularities: Record<Interval, string> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1H',
};
const periods: Record<Period, string> = { '5m': '5m', '15m': '15m', '30m': '30m', '1h': '1h' };

function get<T extends z.core.$ZodType, R>(
  pool: string,
  path: string,
  parameters: Record<string, string | number | undefined>,
  schema: T,
  make: (data: z.output<T>, now: number, notes?: Notes) => R,
): Call<R> {
  return {
    url: `${rest}/api/v2/mix/market/${path}${query({ productType: product, ...parameters })}`,
    weight: 1,
    pool,
    parse: (json, now, notes) => make(read(schema, json), now, notes),
  };
}

/** A call for a list, row by row. */
function getRows<T extends z.core.$ZodType, R>(
  pool: string,
  path: string,
  parameters: Record<string, string | number | undefined>,
  what: string,
  row: T,
  make: (rows: z.output<T>[], now: number, notes?: Notes) => R,
): Call<R> {
  return get(pool, path, parameters, rows, (list, now, notes) =>
    make(readRows('bitget', what, row, list, notes), now, notes),
  );
}

function toRaw([at, open, high, low, close, volume]: z.output<typeof Candle>) {
  return { time: at, open, high, low, close, volume };
}

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

const fundingPageSize = 100;
/** Enough for 30 days of hourly funding. */
const fundingPages = 8;

function fundingPage(instrument: Instrument, range: Range, page: number): Call<FundingPoint[]> {
  return {
    ...getRows(
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
        ? fundingPage(instrument, range, page + 1)
        : undefined;
    },
    // A settlement between two pages moves the rows on: the last of one page comes again on the next.
    join: (pages) => ascending(pages.flat()),
  };
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

/** Raw open interest by native name, as the ticker of the same plan last told it. */
type Holdings = Map<string, number>;

function readTicker(instrument: Instrument, holdings: Holdings, row: z.output<typeof Ticker>): FeedEvent[] {
  const { symbol, multiplier } = instrument;
  const events: FeedEvent[] = [
    {
      kind: 'mark',
      symbol,
      mark: {
        time: row.ts,
        mark: row.markPrice / multiplier,
        ...(row.indexPrice !== undefined && { index: row.indexPrice / multiplier }),
        ...(row.fundingRate !== undefined && { fundingRate: row.fundingRate }),
        ...(row.nextFundingTime && { nextFundingTime: row.nextFundingTime }),
      },
    },
  ];
  if (row.holdingAmount !== undefined) {
    holdings.set(instrument.native, row.holdingAmount);
    events.push({
      kind: 'openInterest',
      symbol,
      point: { time: row.ts, base: toBase(instrument, row.holdingAmount) },
    });
  }
  return events;
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
  return readRows('bitget', 'forced order', Liquidation, ours, notes)
    .filter((row) => row.amount > 0)
    .map((row) => {
      const instrument = bySymbol.get(row.symbol)!;
      const order = toOrder(instrument, row, holdings.get(row.symbol));
      return { kind: 'forcedOrder', symbol: instrument.symbol, order, id: orderId(id, row) };
    });
}

function readCandles(
  instrument: Instrument,
  interval: Interval,
  data: unknown[],
  ts: number | undefined,
  notes?: Notes,
): FeedEvent[] {
  const raw = readRows('bitget', 'candle', Candle, data, notes).map(toRaw);
  const bars = ascending(raw.flatMap((row) => toBar(instrument, row, notes)));
  const newest = bars.at(-1)?.time ?? 0;
  return bars.map((bar) => ({
    kind: 'bar',
    symbol: instrument.symbol,
    interval,
    bar,
    // The venue does not say; a bar is over once another follows or the push is dated after its end.
    closed: bar.time < newest || (ts ?? 0) >= bar.time + intervalMs[interval],
  }));
}

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

function toBook(instrument: Instrument, row: z.output<typeof Book>, notes?: Notes) {
  return {
    time: row.ts,
    bids: toLevels('bitget', instrument, row.bids, notes),
    asks: toLevels('bitget', instrument, row.asks, notes),
  };
}

type BySymbol = ReadonlyMap<string, Instrument>;

function readMessage(
  text: string,
  bySymbol: BySymbol,
  holdings: Holdings,
  notes?: Notes,
): FeedEvent[] | undefined {
  if (text === 'pong') return undefined;
  const json = readJson('bitget', text);
  const reply = z.safeParse(Reply, json);
  if (reply.success) {
    if (reply.data.event === 'error')
      throw new FeedError(
        'unlisted',
        'bitget',
        `refused: ${reply.data.msg ?? ''} (${reply.data.code ?? ''})`,
      );
    return undefined;
  }
  const { arg, data, ts } = readAs('bitget', Message, json);
  if (arg.topic === 'liquidation') return readLiquidations(data, bySymbol, holdings, notes);
  const instrument = bySymbol.get(arg.instId ?? '');
  if (!instrument) return [];
  const interval = (Object.keys(granularities) as Interval[]).find(
    (each) => `candle${granularities[each]}` === arg.channel,
  );
  if (interval) return readCandles(instrument, interval, data, ts, notes);
  switch (arg.channel) {
    case 'ticker':
      return readRows('bitget', 'ticker', Ticker, data, notes).flatMap((row) =>
        readTicker(instrument, holdings, row),
      );
    case 'trade':
      return readTrades(instrument, data, notes);
    case 'books15':
      return readRows('bitget', 'book', Book, data, notes).map((row) => ({
        kind: 'book',
        symbol: instrument.symbol,
        book: toBook(instrument, row, notes),
      }));
    default:
      return [];
  }
}

const ratioPaths: Partial<Record<RatioKind, string>> = {
  account: 'account-long-short',
  position: 'position-long-short',
  taker: 'taker-buy-sell',
};

/** Long part of pairs that may be fractions or percentages. */
function toShares(pairs: { time: number; long: number; short: number }[], range?: Range) {
  return ascending(
    pairs
      .filter(({ long, short }) => long + short > 0)
      .map(({ time: at, long, short }) => ({ time: at, share: long / (long + short) })),
    range,
  );
}

export const bitget: Venue = {
  id: facts.id,
  name: facts.name,
  hosts: [facts.rest],
  /** By address and route: 20 a second, 10 on tiers, 5 on forced orders, 1 on ratios. */
  pools: {
    candles: { limit: 20, perMs: 2_000 },
    market: { limit: 20, perMs: 1_000 },
    funding: { limit: 20, perMs: 1_000 },
    tiers: { limit: 10, perMs: 1_000 },
    liquidations: { limit: 5, perMs: 1_000 },
    account: { limit: 1, perMs: 1_000 },
    position: { limit: 1, perMs: 1_000 },
    taker: { limit: 1, perMs: 1_000 },
  },
  concurrent: 8,
  pauseMs: 30_000,
  limits: { openInterestHistory: false, forcedOrders: 'sampled' },

  instruments: () => [
    get('market', 'contracts', {}, rows, (list, _now, notes) =>
      withoutClashes(
        readListings('bitget', Kind, Listing, list, notes).map((listing) => {
          const { coin, multiplier } = splitMultiplier(listing.baseCoin);
          return {
            symbol: `${coin}-USDT`,
            native: listing.symbol,
            multiplier,
            contractSize: 1,
            tickSize: (listing.priceEndStep * 10 ** -listing.pricePlace) / multiplier,
            maxLeverage: listing.maxLever,
            ...(listing.fundInterval && { fundingIntervalMs: listing.fundInterval * 3_600_000 }),
          };
        }),
      ),
    ),
  ],

  // One less than a reply holds, see `limit` below.
  maxCandles: 999,
  candles: (instrument, interval, range, limit = 1000) =>
    getRows(
      'candles',
      'candles',
      {
        symbol: instrument.native,
        granularity: granularities[interval],
        // Whether the bounds are included is not written down: one ms outside asks for the same either way.
        startTime: range && range.from - 1,
        endTime: range?.to === undefined ? undefined : range.to + 1,
        // One more than there are, should the venue round the start down to a bar.
        limit: range ? Math.min(1000, limit + 1) : limit,
      },
      'candle',
      Candle,
      (list, _now, notes) => toBars('bitget', instrument, list.map(toRaw), range, notes),
    ),

  openInterest: (instrument) =>
    get('market', 'open-interest', { symbol: instrument.native }, OpenInterestNow, (data, _now, notes) => {
      const list = readRows('bitget', 'open interest', OpenInterestRow, data.openInterestList, notes);
      const row = only(
        list.filter((each) => each.symbol === instrument.native),
        instrument,
      );
      return { time: data.ts, base: toBase(instrument, row.size) };
    }),

  mark: (instrument) =>
    getRows('market', 'ticker', { symbol: instrument.native }, 'ticker', Ticker, (list) => {
      const row = only(list, instrument);
      return {
        time: row.ts,
        mark: row.markPrice / instrument.multiplier,
        ...(row.indexPrice !== undefined && { index: row.indexPrice / instrument.multiplier }),
        ...(row.fundingRate !== undefined && { fundingRate: row.fundingRate }),
      };
    }),

  fundingState: (instrument) =>
    getRows(
      'funding',
      'current-fund-rate',
      { symbol: instrument.native },
      'funding',
      FundingNow,
      (list, now) => {
        const row = only(list, instrument);
        return {
          time: now,
          rate: row.fundingRate,
          ...(row.fundingRateInterval && { intervalMs: row.fundingRateInterval * 3_600_000 }),
          ...(row.nextUpdate && { nextTime: row.nextUpdate }),
        };
      },
    ),

  maxFunding: fundingPageSize * fundingPages,
  funding: (instrument, range) => fundingPage(instrument, range, 1),

  ratioKinds: ['account', 'position', 'taker'],
  maxRatios: 500,
  // The routes take no range: what they hold is asked for and cut to it.
  ratios: (instrument, kind, period, range) => {
    const path = ratioPaths[kind] ?? '';
    const parameters = { symbol: instrument.native, period: periods[period] };
    if (kind === 'taker')
      return getRows(kind, path, parameters, 'ratio', TakerRow, (list) =>
        toShares(
          list.map((row) => ({ time: row.ts, long: row.buyVolume, short: row.sellVolume })),
          range,
        ),
      );
    if (kind === 'position')
      return getRows(kind, path, parameters, 'ratio', PositionRow, (list) =>
        toShares(
          list.map((row) => ({ time: row.ts, long: row.longPositionRatio, short: row.shortPositionRatio })),
          range,
        ),
      );
    return getRows('account', path, parameters, 'ratio', AccountRow, (list) =>
      toShares(
        list.map((row) => ({ time: row.ts, long: row.longAccountRatio, short: row.shortAccountRatio })),
        range,
      ),
    );
  },

  book: (instrument) =>
    get('market', 'merge-depth', { symbol: instrument.native, limit: 'max' }, Book, (book, _now, notes) =>
      toBook(instrument, book, notes),
    ),

  tiers: (instrument) =>
    getRows(
      'tiers',
      'query-position-lever',
      { symbol: instrument.native },
      'tier',
      Tier,
      (list, _now, notes) => {
        only(list, instrument);
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
    ),

  forcedOrders: (instrument, openInterest) => liquidationsPage(instrument, openInterest),

  sockets: (instruments, topics = everyTopic, interval = '5m') => {
    const bySymbol = new Map(instruments.map((each) => [each.native, each]));
    const holdings: Holdings = new Map();
    const channels: Partial<Record<Topic, string>> = {
      bar: `candle${granularities[interval]}`,
      mark: 'ticker',
      funding: 'ticker',
      openInterest: 'ticker',
      trade: 'trade',
      book: 'books15',
    };
    const wanted = new Set(topics.flatMap((topic) => channels[topic] ?? []));
    const args = instruments.flatMap((each) =>
      [...wanted].map((channel) => ({ instType: product, channel, instId: each.native })),
    );
    const plan = (
      path: string,
      brought: readonly Topic[],
      subscriptions: object[],
      quietMs?: number,
    ): SocketPlan[] =>
      subscriptions.length
        ? [
            {
              url: `${socket}/${path}`,
              topics: brought,
              subscribe: [JSON.stringify({ op: 'subscribe', args: subscriptions })],
              // Dropped after 2 min without.
              ping: { message: 'ping', everyMs: 20_000 },
              ...(quietMs && { quietMs }),
              read: (text, _now, notes) => readMessage(text, bySymbol, holdings, notes),
            },
          ]
        : [];
    return [
      ...plan(
        'v2/ws/public',
        topics.filter((topic) => topic !== 'forcedOrder'),
        args,
      ),
      // Of the whole market, where some minutes without a forced order are not unheard of.
      ...plan(
        'v3/ws/public',
        ['forcedOrder'],
        topics.includes('forcedOrder') && instruments.length
          ? [{ instType: 'usdt-futures', topic: 'liquidation' }]
          : [],
        600_000,
      ),
    ];
  },
};
