import * as z from 'zod/mini';
import type { Side } from '../engine/records';
import { dayMs, hourMs, minuteMs } from '../engine/time';
import { hyperliquid as facts } from '../venues/hyperliquid';
import { withoutClashes } from '../venues/symbols';
import {
  amount,
  ascending,
  blank,
  decimal,
  quotedPrice,
  readAs,
  readJson,
  readRows,
  rows,
  time,
  toBar,
  toBars,
  toBase,
  toLevels,
  toTiers,
} from './border';
import {
  type Book as BookNow,
  type Call,
  topics as everyTopic,
  FeedError,
  type FeedEvent,
  type FundingPoint,
  type Instrument,
  type Interval,
  intervalMs,
  type MarkState,
  type Notes,
  type Range,
  type Topic,
  type Venue,
} from './feed';
import { accountsPool } from './hyperliquid-accounts';
import { instrumentOf } from './instrument';

/**
 * Hyperliquid perpetuals, margined in USDC, shown beside the other venues' USDT pairs.
 *
 * Source: https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api (read September 2026).
 * Everything is asked by POST to one address. Amounts are coins (thousands for kPEPE), one-sided as far as is known;
 * rows come oldest first; prices are text, times ms. Funding settles **every hour**. Only the newest 5000 candles exist.
 * There is no history of open interest, no ratio, and no public feed of forced orders: what the venue has instead is
 * every account's positions, see `positionsOf`.
 */

const rest = `https://${facts.rest}/info`;
const socket = `wss://${facts.socket}/ws`;
const fundingIntervalMs = hourMs;
const candleDepth = 5000;
const fundingPageSize = 500;

function post<T extends z.core.$ZodType, R>(
  body: object,
  weight: number,
  schema: T,
  make: (data: z.output<T>, now: number, notes?: Notes) => R,
): Call<R> {
  return {
    url: rest,
    body: JSON.stringify(body),
    weight,
    pool: 'address',
    parse: (json, now, notes) => {
      // A coin it does not know is answered with `null` on some routes (the book), with 500 on others (candles, fundings)
      // and elsewhere perhaps with nothing in a list. A 500 can be a passing trouble as well and stays one: whether a coin
      // is listed is told by the list of instruments and the contexts beside it. A body it cannot read gets 422 and a text.
      if (json === null) throw new FeedError('unlisted', 'hyperliquid', 'nothing under this name');
      return make(readAs('hyperliquid', schema, json), now, notes);
    },
  };
}

/**
 * Context of a coin: `{"funding":"0.0000125","openInterest":"688.11","markPx":"14.3161","oraclePx":"14.32",
 * "midPx":"14.314695","premium":"0.00031774","dayNtlVlm":"1169046.29406","prevDayPx":"15.322",
 * "impactPxs":["14.3047","14.3444"]}`: funding a fraction per hour, open interest coins, prices USDC. The venue dates
 * none of it.
 */
const Context = z.object({
  funding: decimal,
  openInterest: amount,
  markPx: quotedPrice,
  oraclePx: blank(quotedPrice),
});

/**
 * `{"type":"metaAndAssetCtxs"}`, two lists in the same order:
 * `[{"universe":[{"name":"BTC","szDecimals":5,"maxLeverage":40,"marginTableId":56}],
 *    "marginTables":[[56,{"description":"tiered 40x","marginTiers":[{"lowerBound":"0.0","maxLeverage":40},
 *    {"lowerBound":"150000000.0","maxLeverage":20}]}]],"collateralToken":0},[{…context…}]]`
 * Bounds in USD. An id below 50 is a flat table with that leverage. Maintenance is half the initial margin at the tier's
 * greatest leverage: 1 ÷ (2 × maxLeverage).
 */
const Coin = z.object({
  name: z.string(),
  szDecimals: z.int().check(z.minimum(0), z.maximum(15)),
  maxLeverage: z.number().check(z.minimum(1), z.maximum(1000)),
  marginTableId: z.nullish(z.number()),
  isDelisted: z.nullish(z.boolean()),
});
const MarginTable = z.tuple([z.number(), z.object({ marginTiers: rows })]);
const MarginStep = z.object({ lowerBound: amount, maxLeverage: z.number().check(z.minimum(1)) });
// Contexts of delisted coins hold nulls, and an odd coin must not hide the others: each is read only when it is wanted.
const Meta = z.tuple([z.object({ universe: rows, marginTables: z.nullish(rows) }), rows]);

/**
 * `{"type":"allPerpMetas"}`: the metas of all dexes, `[{"universe":[{"name":"BTC",…}]},{"universe":[{"name":"xyz:NVDA",…}]}]`.
 * Markets of third parties carry their dex in front, and are asked for with it: `{"type":"metaAndAssetCtxs","dex":"xyz"}`.
 */
const Universe = z.object({ universe: rows });

function dexOf(native: string): string | undefined {
  const colon = native.indexOf(':');
  return colon > 0 ? native.slice(0, colon) : undefined;
}

const meta = (dex?: string) => ({ type: 'metaAndAssetCtxs', ...(dex && { dex }) });

function toInstruments(universe: readonly unknown[], notes?: Notes): Instrument[] {
  const listed = readRows('hyperliquid', 'listing', Coin, universe, notes).filter(
    ({ isDelisted }) => !isDelisted,
  );
  return withoutClashes(
    listed.map(({ name, szDecimals, maxLeverage }) => {
      const dex = dexOf(name);
      return instrumentOf({
        ...(dex ? { base: name.slice(dex.length + 1), kind: 'thirdParty', dex } : { base: name }),
        native: name,
        // Prices have at most 6 − szDecimals decimals, and five significant figures.
        tick: 10 ** (szDecimals - 6),
        maxLeverage,
        fundingIntervalMs,
      });
    }),
  );
}

const nameOf = (coin: unknown): unknown => (coin as { name?: unknown } | null)?.name;

function contextOf(instrument: Instrument, [{ universe }, contexts]: z.output<typeof Meta>) {
  for (const [i, each] of universe.entries()) {
    // Of hundreds one is wanted.
    if (nameOf(each) !== instrument.native) continue;
    const coin = z.safeParse(Coin, each);
    if (coin.success && !coin.data.isDelisted)
      return { coin: coin.data, context: readAs('hyperliquid', Context, contexts[i]) };
  }
  throw new FeedError('unlisted', 'hyperliquid', `no coin ${instrument.native}`);
}

function toMark(instrument: Instrument, context: z.output<typeof Context>, now: number): MarkState {
  return {
    time: now,
    mark: context.markPx / instrument.multiplier,
    ...(context.oraclePx !== undefined && { index: context.oraclePx / instrument.multiplier }),
    fundingRate: context.funding,
    fundingIntervalMs,
    nextFundingTime: (Math.floor(now / fundingIntervalMs) + 1) * fundingIntervalMs,
  };
}

/**
 * `{"type":"candleSnapshot","req":{"coin":"BTC","interval":"5m","startTime":…,"endTime":…}}` and channel `candle`:
 * `{"t":1681923600000,"T":1681924499999,"s":"BTC","i":"15m","o":"29295.0","c":"29258.0","h":"29309.0","l":"29250.0",
 *   "v":"0.98639","n":189}`: t opens, T ends, v coins.
 */
const Candle = z.object({
  t: time,
  T: time,
  s: z.string(),
  i: z.string(),
  o: quotedPrice,
  h: quotedPrice,
  l: quotedPrice,
  c: quotedPrice,
  v: amount,
});

function toRaw(row: z.output<typeof Candle>) {
  return { time: row.t, open: row.o, high: row.h, low: row.l, close: row.c, volume: row.v };
}

/** `{"type":"fundingHistory","coin":"ETH","startTime":…}`: `{"coin":"ETH","fundingRate":"-0.00022196","premium":"-0.00052196","time":1683849600076}`, at most 500 */
const FundingRow = z.object({ fundingRate: decimal, time });

/**
 * `{"type":"l2Book","coin":"BTC"}` and channel `l2Book`, bids then asks, 20 each, coins; `"nSigFigs":4` merges prices to
 * four significant figures (bids down, asks up), so that 20 levels reach further:
 * `{"coin":"BTC","time":1761786491067,"levels":[[{"px":"110427.0","sz":"4.11882","n":4}],[{"px":"110428.0",…}]]}`
 */
const BookLevel = z.object({ px: quotedPrice, sz: amount });
const Book = z.object({ coin: z.string(), time, levels: z.tuple([rows, rows]) });

function toBook(instrument: Instrument, book: z.output<typeof Book>, notes?: Notes) {
  const side = (levels: unknown[], outward: 1 | -1) =>
    toLevels(
      'hyperliquid',
      instrument,
      readRows('hyperliquid', 'level', BookLevel, levels, notes).map(({ px, sz }) => [px, sz]),
    ).sort(([a], [b]) => outward * (a - b));
  return { time: book.time, bids: side(book.levels[0], -1), asks: side(book.levels[1], 1) };
}

/** A book at one grain after another, each asked for by the significant figures of its prices; joined to one. */
function bookPage(instrument: Instrument, [figures, ...coarser]: (number | undefined)[]): Call<BookNow> {
  return {
    ...post(
      { type: 'l2Book', coin: instrument.native, ...(figures && { nSigFigs: figures }) },
      2,
      Book,
      (book, _now, notes) => toBook(instrument, book, notes),
    ),
    ...(coarser.length > 0 && { next: () => bookPage(instrument, coarser) }),
    join: ([finest, ...others]) =>
      others.reduce(
        (book, coarse) => ({
          time: book.time,
          bids: further(book.bids, coarse.bids),
          asks: further(book.asks, coarse.asks),
        }),
        finest!,
      ),
  };
}

type Levels = BookNow['bids'];

/**
 * Levels continued by coarser ones. A coarse level holds what lies between it and the one nearer to the middle: of the one
 * in which the fine ones end, what they hold is taken off.
 */
function further(fine: Levels, coarse: Levels): Levels {
  const last = fine.at(-1)?.[0];
  if (last === undefined) return coarse;
  const isBids = (coarse[0]?.[0] ?? 0) > (coarse.at(-1)?.[0] ?? 0);
  const isBeyond = (at: number) => (isBids ? at < last : at > last);
  const beyond = coarse.filter(([at]) => isBeyond(at));
  const [cut, ...rest] = beyond;
  if (!cut) return fine;
  const inner = coarse[coarse.indexOf(cut) - 1]?.[0];
  const shared = fine
    .filter(([at]) => inner === undefined || (isBids ? at < inner : at > inner))
    .reduce((sum, [, base]) => sum + base, 0);
  const left = cut[1] - shared;
  return [...fine, ...(left > 0 ? [[cut[0], left] as Levels[number]] : []), ...rest];
}

/**
 * Channel `trades`; on subscribing the last ones come again. `side` is the taker's, B bought and A sold; `users` buyer
 * and seller:
 * `{"coin":"BTC","side":"A","px":"66653.0","sz":"0.001","time":1781528065899,"hash":"0x…","tid":745210434703679,
 *   "users":["0x…","0x…"]}`
 */
const Trade = z.object({
  coin: z.string(),
  side: z.enum(['A', 'B']),
  px: quotedPrice,
  sz: amount,
  time,
  tid: z.int(),
  users: z.nullish(z.tuple([z.string(), z.string()])),
});

/** Socket: `{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{…context…}}}`; `pong` and `subscriptionResponse` reply. */
const Message = z.object({ channel: z.string(), data: z.optional(z.unknown()) });
const ActiveContext = z.object({ coin: z.string(), ctx: Context });

/** What the venue says first on a connection, in place of a message. */
const greeting = 'Websocket connection established.';

type ByCoin = ReadonlyMap<string, Instrument>;

/** Whether a record is of a coin that others follow on the same connection: they read it. */
function isOthers(record: unknown, field: 'coin' | 's', byCoin: ByCoin): boolean {
  const coin = (record as Partial<Record<string, unknown>> | null | undefined)?.[field];
  return typeof coin === 'string' && !byCoin.has(coin);
}

function readContext(data: unknown, now: number, byCoin: ByCoin, topics: readonly Topic[]): FeedEvent[] {
  if (isOthers(data, 'coin', byCoin)) return [];
  const { coin, ctx } = readAs('hyperliquid', ActiveContext, data);
  const instrument = byCoin.get(coin);
  if (!instrument) return [];
  const { symbol } = instrument;
  const point = { time: now, base: toBase(instrument, ctx.openInterest) };
  return [
    { kind: 'mark', symbol, mark: toMark(instrument, ctx, now) },
    ...(topics.includes('openInterest') ? [{ kind: 'openInterest' as const, symbol, point }] : []),
  ];
}

function readCandle(data: unknown, byCoin: ByCoin, notes?: Notes): FeedEvent[] {
  if (isOthers(data, 's', byCoin)) return [];
  const row = readAs('hyperliquid', Candle, data);
  const instrument = byCoin.get(row.s);
  if (!instrument || !(row.i in intervalMs)) return [];
  return toBar(instrument, toRaw(row), notes).map((bar) => ({
    kind: 'bar',
    symbol: instrument.symbol,
    interval: row.i as Interval,
    bar,
    // The venue does not say that a bar is over, and what came late may not be the last word of it: it is asked for.
    closed: false,
  }));
}

function readTrades(data: unknown, byCoin: ByCoin, notes?: Notes): FeedEvent[] {
  const trades = readAs('hyperliquid', rows, data).filter((trade) => !isOthers(trade, 'coin', byCoin));
  return readRows('hyperliquid', 'trade', Trade, trades, notes).flatMap((row) => {
    const instrument = byCoin.get(row.coin);
    if (!instrument) return [];
    return [
      {
        kind: 'trade',
        symbol: instrument.symbol,
        id: String(row.tid),
        trade: {
          time: row.time,
          price: row.px / instrument.multiplier,
          base: toBase(instrument, row.sz),
          taker: row.side === 'B' ? 'buy' : 'sell',
          ...(row.users && { accounts: row.users }),
        },
      },
    ];
  });
}

/** The newest message: several symbols share a connection, and each looks into all that comes on it. */
let newest: { text: string; message: z.output<typeof Message> } | undefined;

function messageOf(text: string): z.output<typeof Message> {
  if (newest?.text !== text)
    newest = { text, message: readAs('hyperliquid', Message, readJson('hyperliquid', text)) };
  return newest.message;
}

function readMessage(
  text: string,
  now: number,
  byCoin: ByCoin,
  topics: readonly Topic[],
  notes?: Notes,
): FeedEvent[] | undefined {
  if (text === greeting) return undefined;
  const { channel, data } = messageOf(text);
  switch (channel) {
    case 'pong':
    case 'subscriptionResponse':
      return undefined;
    case 'error':
      throw new FeedError('unlisted', 'hyperliquid', `refused: ${String(data).slice(0, 200)}`);
    case 'activeAssetCtx':
      return readContext(data, now, byCoin, topics);
    case 'candle':
      return readCandle(data, byCoin, notes);
    case 'trades':
      return readTrades(data, byCoin, notes);
    case 'l2Book': {
      const book = readAs('hyperliquid', Book, data);
      const instrument = byCoin.get(book.coin);
      if (!instrument) return [];
      return [{ kind: 'book', symbol: instrument.symbol, book: toBook(instrument, book, notes) }];
    }
    default:
      return [];
  }
}

function fundingPage(instrument: Instrument, range: Range, from: number): Call<FundingPoint[]> {
  const expected = Math.min(
    fundingPageSize,
    range.to === undefined ? fundingPageSize : Math.ceil((range.to - from) / fundingIntervalMs) + 1,
  );
  return {
    ...post(
      {
        type: 'fundingHistory',
        coin: instrument.native,
        startTime: from,
        ...(range.to !== undefined && { endTime: range.to }),
      },
      20 + Math.ceil(Math.max(0, expected) / 20),
      rows,
      (list, _now, notes) =>
        ascending(
          readRows('hyperliquid', 'funding', FundingRow, list, notes).map((row) => ({
            time: row.time,
            rate: row.fundingRate,
          })),
          range,
        ),
    ),
    next: (json) => {
      const list = readAs('hyperliquid', rows, json);
      const last = Math.max(...readRows('hyperliquid', 'funding', FundingRow, list).map((row) => row.time));
      return list.length >= fundingPageSize && last < (range.to ?? Number.POSITIVE_INFINITY)
        ? fundingPage(instrument, range, last + 1)
        : undefined;
    },
    join: (pages) => ascending(pages.flat()),
  };
}

/** An open position as the venue itself states it. */
export interface ObservedPosition {
  symbol: string;
  side: Side;
  /** Coins. */
  base: number;
  entry: number;
  /** By the venue's own formula; null where the account cannot be liquidated at any price. */
  liquidationPrice: number | null;
  leverage: number;
  margin: 'isolated' | 'cross';
  /** Seen, not estimated. */
  quality: 'observed';
}

/**
 * `{"type":"clearinghouseState","user":"0x…"}`, weight 2:
 * `{"assetPositions":[{"type":"oneWay","position":{"coin":"ETH","szi":"0.0335","entryPx":"2986.3",
 *   "positionValue":"100.02765","leverage":{"type":"isolated","value":20,"rawUsd":"-95.059824"},
 *   "liquidationPx":"2866.26936529","marginUsed":"4.967826","maxLeverage":50,"unrealizedPnl":"-0.0134"}}],
 *   "marginSummary":{"accountValue":"13109.482328"},"time":1708622398623}`
 * `szi` coins, negative when short.
 */
const ClearinghouseState = z.object({
  assetPositions: rows,
  time,
});
const AssetPosition = z.object({
  position: z.object({
    coin: z.string(),
    szi: decimal,
    entryPx: blank(quotedPrice),
    leverage: z.object({ type: z.enum(['isolated', 'cross']), value: quotedPrice }),
    liquidationPx: blank(decimal),
  }),
});

/**
 * Open positions of one account in the instruments given. Addresses come from `trade` events (`accounts`).
 *
 * @example
 * await transport.run(hyperliquid, positionsOf('0x31ca8395cf837de08b24da3f660e77761dfb974b', instruments))
 */
export function positionsOf(
  account: string,
  instruments: readonly Instrument[],
): Call<{ time: number; positions: ObservedPosition[] }> {
  const byCoin = new Map(instruments.map((each) => [each.native, each]));
  return post(
    { type: 'clearinghouseState', user: account },
    2,
    ClearinghouseState,
    ({ assetPositions, time: at }, _now, notes) => ({
      time: at,
      positions: readRows('hyperliquid', 'position', AssetPosition, assetPositions, notes).flatMap(
        ({ position }) => {
          const instrument = byCoin.get(position.coin);
          if (!instrument || position.szi === 0 || position.entryPx === undefined) return [];
          const liquidation = position.liquidationPx ?? 0;
          return [
            {
              symbol: instrument.symbol,
              side: position.szi > 0 ? 'long' : 'short',
              base: toBase(instrument, Math.abs(position.szi)),
              entry: position.entryPx / instrument.multiplier,
              liquidationPrice: liquidation > 0 ? liquidation / instrument.multiplier : null,
              leverage: position.leverage.value,
              margin: position.leverage.type,
              quality: 'observed',
            } satisfies ObservedPosition,
          ];
        },
      ),
    }),
  );
}

export const hyperliquid: Venue = {
  id: facts.id,
  name: facts.name,
  hosts: [facts.rest],
  /** 1200 weight a minute by address. */
  pools: { address: { limit: 1200, perMs: minuteMs }, [accountsPool]: { limit: 10, perMs: dayMs } },
  concurrent: 2,
  pauseMs: 30_000,
  /** 10 connections and 30 new ones a minute by address, the user's own page among them: a third at most. */
  sharing: {
    most: 3,
    perMinute: 10,
    undo: (message) =>
      message.startsWith('{"method":"subscribe"')
        ? message.replace('{"method":"subscribe"', '{"method":"unsubscribe"')
        : undefined,
  },
  limits: { openInterestHistory: false, forcedOrders: 'none', unstampedMarks: true, rowsCost: true },

  // The second list is of markets that third parties run.
  instruments: () => [
    post(meta(), 20, Meta, ([{ universe }], _now, notes) => toInstruments(universe, notes)),
    post({ type: 'allPerpMetas' }, 20, rows, (metas, _now, notes) =>
      toInstruments(
        readRows('hyperliquid', 'meta', Universe, metas, notes).flatMap(({ universe }) => universe),
        notes,
      ).filter(({ kind }) => kind === 'thirdParty'),
    ),
  ],

  maxCandles: candleDepth,
  // Without a range all that there is comes, and is paid for, of which the newest are kept.
  candles: (instrument, interval, range, limit = candleDepth) => {
    const from = range?.from ?? 0;
    const expected =
      range?.to === undefined ? limit : Math.floor((range.to - from) / intervalMs[interval]) + 1;
    const most = range ? Math.min(candleDepth, expected) : candleDepth;
    return post(
      {
        type: 'candleSnapshot',
        req: {
          coin: instrument.native,
          interval,
          startTime: from,
          ...(range?.to !== undefined && { endTime: range.to }),
        },
      },
      20 + Math.ceil(most / 60),
      rows,
      (list, _now, notes) =>
        toBars(
          'hyperliquid',
          instrument,
          readRows('hyperliquid', 'candle', Candle, list, notes).map(toRaw),
          range,
          notes,
        ).slice(-limit),
    );
  },

  openInterest: (instrument) =>
    post(meta(dexOf(instrument.native)), 20, Meta, (reply, now) => ({
      time: now,
      base: toBase(instrument, contextOf(instrument, reply).context.openInterest),
    })),

  mark: (instrument) =>
    post(meta(dexOf(instrument.native)), 20, Meta, (reply, now) =>
      toMark(instrument, contextOf(instrument, reply).context, now),
    ),

  maxFunding: 10 * fundingPageSize,
  funding: (instrument, range) => fundingPage(instrument, range, range.from),

  ratioKinds: [],

  book: (instrument) => bookPage(instrument, [undefined, 4, 3]),

  tiers: (instrument) =>
    post(meta(dexOf(instrument.native)), 20, Meta, (reply, _now, notes) => {
      const { coin } = contextOf(instrument, reply);
      const tables = readRows('hyperliquid', 'margin table', MarginTable, reply[0].marginTables ?? [], notes);
      const table = tables.find(([id]) => id === coin.marginTableId)?.[1].marginTiers ?? [];
      const read = readRows('hyperliquid', 'tier', MarginStep, table, notes);
      const steps = read.length
        ? read.sort((a, b) => a.lowerBound - b.lowerBound)
        : [{ lowerBound: 0, maxLeverage: coin.maxLeverage }];
      return toTiers(
        'hyperliquid',
        steps.map((step, i) => ({
          cap: steps[i + 1]?.lowerBound ?? Number.MAX_SAFE_INTEGER,
          maintenanceRate: 1 / (2 * step.maxLeverage),
          maxLeverage: step.maxLeverage,
        })),
        notes,
      );
    }),

  sockets: (instruments, topics = everyTopic, interval = '5m') => {
    const byCoin = new Map(instruments.map((each) => [each.native, each]));
    const types: Partial<Record<Topic, object>> = {
      bar: { type: 'candle', interval },
      mark: { type: 'activeAssetCtx' },
      funding: { type: 'activeAssetCtx' },
      openInterest: { type: 'activeAssetCtx' },
      trade: { type: 'trades' },
      book: { type: 'l2Book' },
    };
    const wanted = new Set(topics.flatMap((topic) => (types[topic] ? [JSON.stringify(types[topic])] : [])));
    const subscribe = instruments.flatMap((each) =>
      [...wanted].map((type) =>
        JSON.stringify({ method: 'subscribe', subscription: { ...JSON.parse(type), coin: each.native } }),
      ),
    );
    return subscribe.length
      ? [
          {
            url: socket,
            topics: topics.filter((topic) => types[topic]),
            subscribe,
            // The venue closes a connection that it has sent nothing to for 60 s.
            ping: { message: '{"method":"ping"}', everyMs: 20_000 },
            read: (text, now, notes) => readMessage(text, now, byCoin, topics, notes),
          },
        ]
      : [];
  },
};
