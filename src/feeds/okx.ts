import * as z from 'zod/mini';
import { minuteMs } from '../engine/time';
import { okx as facts } from '../venues/okx';
import { withoutClashes } from '../venues/symbols';
import {
  amount,
  ascending,
  blank,
  decimal,
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
  type Book,
  type Call,
  topics as everyTopic,
  FeedError,
  type FeedEvent,
  type FundingState,
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
import { instrumentOf } from './instrument';

/**
 * OKX v5, linear USDT swaps, public endpoints.
 *
 * Source: https://www.okx.com/docs-v5/en/ (read July 2026).
 * Amounts are **contracts**: coins = contracts × ctVal × ctMult, for volume, open interest, books, trades, forced
 * orders and tiers alike. Rows come newest first, numbers are text, times ms. Whether open interest counts one side is
 * not written down; it is taken as one-sided, as the value in USD beside it agrees with contracts × mark.
 */

const rest = `https://${facts.rest}`;
const socket = `wss://${facts.socket}/ws/v5`;

/**
 * `{"code":"0","msg":"","data":[…]}`. 50011 and 50061 count requests; 51001 and 51000 name an unknown instrument or
 * parameter, 51022, 51027 and 51028 one that is suspended, expired or being settled; 50001, 50004, 50013 and 50026 are the venue's own trouble.
 */
const Envelope = z.object({
  code: z.string().check(z.regex(/^\d+$/)),
  msg: z.string(),
  data: z.nullish(z.array(z.unknown())),
});

function read(json: unknown): unknown[] {
  const { code, msg, data } = readAs('okx', Envelope, json);
  if (code !== '0') {
    const kind = ['50011', '50061'].includes(code)
      ? 'limited'
      : ['51001', '51022', '51027', '51028'].includes(code) || (code === '51000' && /inst/i.test(msg))
        ? 'unlisted'
        : ['50001', '50004', '50013', '50026'].includes(code)
          ? 'down'
          : 'unavailable';
    throw new FeedError(kind, 'okx', `${msg} (${code})`);
  }
  return data ?? [];
}

/**
 * GET /api/v5/public/instruments?instType=SWAP, entry:
 * `{"instId":"BTC-USDT-SWAP","ctVal":"0.01","ctMult":"1","ctType":"linear","lotSz":"0.01","tickSz":"0.1",
 *   "lever":"100","settleCcy":"USDT","instFamily":"BTC-USDT","uly":"BTC-USDT","baseCcy":"","state":"live"}`:
 * `ctVal` coins a contract; `baseCcy` is empty for swaps, so the coin is read from `uly`.
 */
const Kind = z.object({
  ctType: z.literal('linear'),
  settleCcy: z.literal('USDT'),
  state: z.literal('live'),
});
const Listing = z.object({
  instId: z.string(),
  instCategory: z.nullish(z.string()),
  ctVal: quotedPrice,
  ctMult: quotedPrice,
  tickSz: quotedPrice,
  lever: quotedPrice,
  uly: z.string(),
});

/** Of `instCategory`, where there is one. */
const kinds: Record<string, AssetKind> = {
  '': 'coin',
  '1': 'coin',
  '3': 'stock',
  '4': 'commodity',
  '5': 'forex',
};

/**
 * GET /api/v5/market/candles and /history-candles, row newest first: open time ms, open, high, low, close (USDT),
 * volume in contracts, in coins, in USDT, "1" when closed:
 * `["1597026383085","3.721","3.743","3.677","3.708","8422410","22698348.04828491","12698348.04828491","0"]`
 */
const Candle = z.tuple(
  [time, quotedPrice, quotedPrice, quotedPrice, quotedPrice, amount, amount, amount, z.enum(['0', '1'])],
  z.unknown(),
);

/**
 * GET /api/v5/public/open-interest and channel `open-interest`; `oi` contracts, `oiCcy` coins:
 * `{"instType":"SWAP","instId":"BTC-USDT-SWAP","oi":"2216113.01000000309","oiCcy":"22161.1301000000309",
 *   "oiUsd":"1939251795.54769270396321","ts":"1743041250440"}`
 */
const OpenInterestNow = z.object({ instId: z.string(), oi: amount, oiCcy: blank(amount), ts: time });

/**
 * GET /api/v5/rubik/stat/contracts/open-interest-history, row: ms, contracts, coins, USD. The page's own sample has
 * filler in the last two: `["1701417600000","731377.57500501","111","8888888"]`.
 */
const OpenInterestRow = z.tuple([time, amount, amount], z.unknown());

/** GET /api/v5/public/mark-price: `{"instType":"SWAP","instId":"BTC-USDT-SWAP","markPx":"42310.6","ts":"1630049139746"}` */
const MarkPrice = z.object({ instId: z.string(), markPx: quotedPrice, ts: time });

/**
 * GET /api/v5/public/funding-rate and channel `funding-rate`: `fundingTime` ends the running interval and
 * `nextFundingTime` the one after, so their distance is the interval (8 h, 4 h, …).
 * `{"instId":"BTC-USDT-SWAP","fundingRate":"0.0001515","fundingTime":"1622822400000","nextFundingRate":"",
 *   "nextFundingTime":"1622851200000","ts":"1622811000000"}`
 */
const FundingRate = z.object({
  instId: z.string(),
  fundingRate: decimal,
  fundingTime: time,
  nextFundingTime: z.optional(z.unknown()),
  ts: z.optional(z.unknown()),
});

/** GET /api/v5/public/funding-rate-history: `{"fundingRate":"0.0000746604960499","realizedRate":"0.00007","fundingTime":"1703059200000"}` */
const FundingRow = z.object({ fundingRate: decimal, fundingTime: time });

/** GET /api/v5/rubik/stat/contracts/long-short-…: ms, long ÷ short: `["1701417600000","1.1739"]` */
const RatioRow = z.tuple([time, amount], z.unknown());
/** GET /api/v5/rubik/stat/taker-volume-contract, unit=0: ms, **sold**, bought, coins: `["1701417600000","200","380"]` */
const TakerRow = z.tuple([time, amount, amount], z.unknown());
const ratioPaths: Partial<Record<RatioKind, string>> = {
  account: 'contracts/long-short-account-ratio-contract',
  topAccount: 'contracts/long-short-account-ratio-contract-top-trader',
  topPosition: 'contracts/long-short-position-ratio-contract-top-trader',
  taker: 'taker-volume-contract',
};

/**
 * GET /api/v5/market/books-full, /books and channel `books5`; levels are price, contracts, "0", orders (the first route
 * leaves the "0" out):
 * `{"asks":[["8476.98","415","0","13"]],"bids":[["8476.97","256","0","12"]],"ts":"1597026383085"}`
 */
const BookNow = z.object({ asks: rows, bids: rows, ts: time });

/**
 * GET /api/v5/public/position-tiers, entry, sizes in contracts, rates fractions, isolated:
 * `{"tier":"1","minSz":"0","maxSz":"1000","mmr":"0.004","imr":"0.01","maxLever":"100"}`
 */
const Tier = z.object({ maxSz: amount, mmr: share, maxLever: quotedPrice });

/**
 * Socket: `{"arg":{"channel":"…","instId":"…"},"data":[…]}`; replies, errors and notices carry `event`:
 * `{"event":"error","code":"60012","msg":"…"}`; the text `pong` answers `ping`.
 */
const Message = z.object({
  arg: z.object({ channel: z.string(), instId: z.nullish(z.string()) }),
  data: z.array(z.unknown()),
});
const Reply = z.object({
  event: z.string(),
  code: z.nullish(z.string()),
  msg: z.nullish(z.string()),
});

/**
 * Channel `liquidation-orders` for all swaps at once, "not the total", perhaps out of order:
 * `{"arg":{"channel":"liquidation-orders","instType":"SWAP"},"data":[{"details":[{"bkLoss":"0","bkPx":"0.007831",
 *   "ccy":"","posSide":"short","side":"buy","sz":"13","ts":"1692266434010"}],"instFamily":"IOST-USDT",
 *   "instId":"IOST-USDT-SWAP","instType":"SWAP","uly":"IOST-USDT"}]}`
 * `posSide` is the position that was hit; when it is `net` or missing, the closing order's `side` tells: a sell closed a
 * long. `sz` contracts, `bkPx` bankruptcy price.
 */
const Named = z.object({ instId: z.string() });
const Liquidation = z.object({ details: rows });
const Detail = z.object({
  posSide: z.nullish(z.enum(['long', 'short', 'net', ''])),
  side: z.enum(['buy', 'sell']),
  sz: amount,
  bkPx: quotedPrice,
  ts: time,
});

/**
 * Channel `trades`, `side` the taker's, `sz` contracts:
 * `{"instId":"BTC-USDT-SWAP","tradeId":"130639474","px":"42219.9","sz":"12","side":"buy","ts":"1630048897897"}`
 */
const Trade = z.object({
  instId: z.string(),
  tradeId: z.string(),
  px: quotedPrice,
  sz: amount,
  side: z.enum(['buy', 'sell']),
  ts: time,
});

/** Hours are written with a capital H; bars of 6 h and more would need `utc` behind. */
const bars: Record<Interval, string> = { '1m': '1m', '5m': '5m', '15m': '15m', '30m': '30m', '1h': '1H' };
const periods: Record<Period, string> = { '5m': '5m', '15m': '15m', '30m': '30m', '1h': '1H' };

function get<T extends z.core.$ZodType, R>(
  pool: string,
  path: string,
  parameters: Record<string, string | number | undefined>,
  what: string,
  row: T,
  make: (rows: z.output<T>[], now: number, notes?: Notes) => R,
): Call<R> {
  return {
    url: `${rest}/api/v5/${path}${query(parameters)}`,
    weight: 1,
    pool,
    parse: (json, now, notes) => make(readRows('okx', what, row, read(json), notes), now, notes),
  };
}

/** The venue's `after` and `before` leave their own value out. */
function outside(range: Range | undefined) {
  return {
    before: range && range.from - 1,
    after: range?.to === undefined ? undefined : range.to + 1,
  };
}

/** One statistic more than the range holds, should the venue round its beginning down to a point. */
function atMost(range: Range | undefined, limit: number): number {
  return range ? Math.min(100, limit + 1) : limit;
}

/**
 * Coins, where the venue gives them beside contracts: a contract may once have held another number of coins. Contracts are
 * counted where the two are so far apart (more than fiftyfold) that the coins are filler.
 */
function coinsOf(instrument: Instrument, contracts: number, coins: number | undefined): number {
  const counted = toBase(instrument, contracts);
  const told = (coins ?? 0) * instrument.multiplier;
  return told > counted / 50 && told < counted * 50 ? told : counted;
}

/** Volume in contracts of today's size, for `toBar`. */
function toRaw(instrument: Instrument, row: z.output<typeof Candle>) {
  const [at, open, high, low, close, contracts, coins] = row;
  const volume = coinsOf(instrument, contracts, coins) / toBase(instrument, 1);
  return { time: at, open, high, low, close, volume };
}

function toFunding(row: z.output<typeof FundingRate>, now: number): FundingState {
  const next = z.safeParse(time, row.nextFundingTime);
  const at = z.safeParse(time, row.ts);
  const intervalLength = next.success ? next.data - row.fundingTime : 0;
  return {
    time: at.success ? at.data : now,
    rate: row.fundingRate,
    nextTime: row.fundingTime,
    ...(intervalLength > 0 && { intervalMs: intervalLength }),
  };
}

type BySymbol = ReadonlyMap<string, Instrument>;

function readLiquidations(data: unknown[], bySymbol: BySymbol, notes?: Notes): FeedEvent[] {
  const id = recordIds();
  notes?.heard?.('forcedOrder');
  // All swaps come: an odd record of another one must not cost ours, nor be counted.
  return data.flatMap((each) => {
    const named = z.safeParse(Named, each);
    const instrument = named.success ? bySymbol.get(named.data.instId) : undefined;
    if (!instrument) return [];
    return readRows('okx', 'forced order', Detail, readAs('okx', Liquidation, each).details, toldOnce(notes))
      .filter((detail) => detail.sz > 0)
      .map((detail): FeedEvent => {
        const side =
          detail.posSide === 'long' || detail.posSide === 'short'
            ? detail.posSide
            : detail.side === 'sell'
              ? 'long'
              : 'short';
        return {
          kind: 'forcedOrder',
          symbol: instrument.symbol,
          id: id(detail.ts, side, detail.bkPx, detail.sz),
          order: {
            time: detail.ts,
            side,
            base: toBase(instrument, detail.sz),
            price: detail.bkPx / instrument.multiplier,
            priceKind: 'bankruptcy',
          },
        };
      });
  });
}

function readCandles(
  instrument: Instrument,
  interval: Interval,
  data: unknown[],
  notes?: Notes,
): FeedEvent[] {
  return readRows('okx', 'candle', Candle, data, notes).flatMap((row) =>
    toBar(instrument, toRaw(instrument, row), notes).map((bar) => ({
      kind: 'bar',
      symbol: instrument.symbol,
      interval,
      bar,
      closed: row[8] === '1',
    })),
  );
}

function readTrades(instrument: Instrument, data: unknown[], notes?: Notes): FeedEvent[] {
  return readRows('okx', 'trade', Trade, data, notes).map((row) => ({
    kind: 'trade',
    symbol: instrument.symbol,
    id: row.tradeId,
    trade: {
      time: row.ts,
      price: row.px / instrument.multiplier,
      base: toBase(instrument, row.sz),
      taker: row.side,
    },
  }));
}

function toBook(instrument: Instrument, row: z.output<typeof BookNow>, notes?: Notes) {
  return {
    time: row.ts,
    bids: toLevels('okx', instrument, row.bids, notes),
    asks: toLevels('okx', instrument, row.asks, notes),
  };
}

function bookOf(pool: string, path: string, instrument: Instrument, levels: number): Call<Book> {
  return get(pool, path, { instId: instrument.native, sz: levels }, 'book', BookNow, (list, _now, notes) =>
    toBook(instrument, only('okx', list, instrument), notes),
  );
}

function readMessage(text: string, now: number, bySymbol: BySymbol, notes?: Notes): FeedEvent[] | undefined {
  if (text === 'pong') return undefined;
  const json = readJson('okx', text);
  const reply = readIf(Reply, 'event', json);
  if (reply) {
    if (reply.event === 'error')
      throw new FeedError('unlisted', 'okx', `refused: ${reply.msg ?? ''} (${reply.code ?? ''})`);
    return undefined;
  }
  const { arg, data } = readAs('okx', Message, json);
  if (arg.channel === 'liquidation-orders') return readLiquidations(data, bySymbol, notes);
  const instrument = bySymbol.get(arg.instId ?? '');
  if (!instrument) return [];
  const { symbol, multiplier } = instrument;
  const interval = (Object.keys(bars) as Interval[]).find((each) => `candle${bars[each]}` === arg.channel);
  if (interval) return readCandles(instrument, interval, data, notes);
  switch (arg.channel) {
    case 'mark-price':
      return readRows('okx', 'mark', MarkPrice, data, notes).map((row) => ({
        kind: 'mark',
        symbol,
        mark: { time: row.ts, mark: row.markPx / multiplier },
      }));
    case 'funding-rate':
      return readRows('okx', 'funding', FundingRate, data, notes).map((row) => ({
        kind: 'funding',
        symbol,
        funding: toFunding(row, now),
      }));
    case 'open-interest':
      return readRows('okx', 'open interest', OpenInterestNow, data, notes).map((row) => ({
        kind: 'openInterest',
        symbol,
        point: { time: row.ts, base: coinsOf(instrument, row.oi, row.oiCcy) },
      }));
    case 'trades':
      return readTrades(instrument, data, notes);
    case 'books5':
      return readRows('okx', 'book', BookNow, data, notes).map((row) => ({
        kind: 'book',
        symbol,
        book: toBook(instrument, row, notes),
      }));
    default:
      return [];
  }
}

export const okx: Venue = {
  id: facts.id,
  name: facts.name,
  hosts: [facts.rest],
  /** By address and route, in 2 s; the statistics count by instrument as well, which is wider than this. */
  pools: {
    candles: { limit: 40, perMs: 2_000 },
    booksFull: { limit: 10, perMs: 2_000 },
    history: { limit: 20, perMs: 2_000 },
    public: { limit: 10, perMs: 2_000 },
    openInterest: { limit: 10, perMs: 2_000 },
    ratios: { limit: 5, perMs: 2_000 },
  },
  concurrent: 8,
  pauseMs: 2_000,
  limits: { openInterestHistory: true, forcedOrders: 'partial' },

  instruments: () => [
    {
      url: `${rest}/api/v5/public/instruments?instType=SWAP`,
      weight: 1,
      pool: 'public',
      parse: (json, _now, notes) =>
        withoutClashes(
          readListings('okx', Kind, Listing, read(json), notes).map((listing) =>
            instrumentOf({
              base: listing.uly.split('-')[0] ?? '',
              native: listing.instId,
              kind: kinds[listing.instCategory ?? ''] ?? 'other',
              tick: listing.tickSz,
              maxLeverage: listing.lever,
              contractSize: listing.ctVal * listing.ctMult,
            }),
          ),
        ),
    },
  ],

  maxCandles: 300,
  // The first route holds the newest 1440 bars; a range with an end is asked of the archive, which holds years.
  candles: (instrument, interval, range, limit = 300) =>
    get(
      range?.to === undefined ? 'candles' : 'history',
      range?.to === undefined ? 'market/candles' : 'market/history-candles',
      { instId: instrument.native, bar: bars[interval], ...outside(range), limit },
      'candle',
      Candle,
      (list, _now, notes) =>
        toBars(
          'okx',
          instrument,
          list.map((row) => toRaw(instrument, row)),
          range,
          notes,
        ),
    ),

  openInterest: (instrument) =>
    get(
      'public',
      'public/open-interest',
      { instType: 'SWAP', instId: instrument.native },
      'open interest',
      OpenInterestNow,
      (list) => {
        const row = only('okx', list, instrument);
        return { time: row.ts, base: coinsOf(instrument, row.oi, row.oiCcy) };
      },
    ),

  // One less than a reply holds, see `atMost`.
  maxOpenInterest: 99,
  // 1440 points of any period: 5 days of 5m, 30 days of 30m, 60 days of 1h.
  openInterestDepthMs: (period) => 1440 * intervalMs[period],
  openInterestHistory: (instrument, period, range, limit = 100) =>
    get(
      'openInterest',
      'rubik/stat/contracts/open-interest-history',
      {
        instId: instrument.native,
        period: periods[period],
        // Whether the bounds are included is not written down; one ms outside asks for the same either way.
        begin: outside(range).before,
        end: outside(range).after,
        limit: atMost(range, limit),
      },
      'open interest',
      OpenInterestRow,
      (list) =>
        ascending(
          list.map(([at, contracts, coins]) => ({
            time: at,
            base: coinsOf(instrument, contracts, coins),
          })),
          range,
        ),
    ),

  mark: (instrument) =>
    get(
      'public',
      'public/mark-price',
      { instType: 'SWAP', instId: instrument.native },
      'mark',
      MarkPrice,
      (list) => {
        const row = only('okx', list, instrument);
        return { time: row.ts, mark: row.markPx / instrument.multiplier };
      },
    ),

  fundingState: (instrument) =>
    get('public', 'public/funding-rate', { instId: instrument.native }, 'funding', FundingRate, (list, now) =>
      toFunding(only('okx', list, instrument), now),
    ),

  maxFunding: 400,
  funding: (instrument, range) =>
    get(
      'public',
      'public/funding-rate-history',
      { instId: instrument.native, ...outside(range), limit: 400 },
      'funding',
      FundingRow,
      (list) =>
        ascending(
          list.map((row) => ({ time: row.fundingTime, rate: row.fundingRate })),
          range,
        ),
    ),

  ratioKinds: ['account', 'topAccount', 'topPosition', 'taker'],
  maxRatios: 99,
  ratios: (instrument, kind, period, range, limit = 100) => {
    const path = `rubik/stat/${ratioPaths[kind]}`;
    const parameters = {
      instId: instrument.native,
      period: periods[period],
      begin: outside(range).before,
      end: outside(range).after,
      limit: atMost(range, limit),
    };
    return kind === 'taker'
      ? get('ratios', path, { ...parameters, unit: 0 }, 'ratio', TakerRow, (list) =>
          ascending(
            list
              .filter(([, sold, bought]) => sold + bought > 0)
              .map(([at, sold, bought]) => ({ time: at, share: bought / (sold + bought) })),
            range,
          ),
        )
      : get('ratios', path, parameters, 'ratio', RatioRow, (list) =>
          ascending(
            list.map(([at, ratio]) => ({ time: at, share: ratio / (1 + ratio) })),
            range,
          ),
        );
  },

  // 5,000 levels a side, some 400 kB; the other route has 400, some 0.1 % on Bitcoin.
  bookEveryMs: 30_000,
  book: (instrument) => ({
    ...bookOf('booksFull', 'market/books-full', instrument, 5000),
    otherwise: bookOf('candles', 'market/books', instrument, 400),
  }),

  tiers: (instrument, at) =>
    get(
      'public',
      'public/position-tiers',
      {
        instType: 'SWAP',
        tdMode: 'isolated',
        instFamily: instrument.native.replace(/-SWAP$/, ''),
      },
      'tier',
      Tier,
      (list, _now, notes) => {
        only('okx', list, instrument);
        const usd = toBase(instrument, 1) * at;
        return toTiers(
          'okx',
          list.map((row) => ({
            cap: row.maxSz * usd,
            maintenanceRate: row.mmr,
            maxLeverage: row.maxLever,
          })),
          notes,
        );
      },
    ),

  sockets: (instruments, topics = everyTopic, interval = '5m') => {
    const bySymbol = new Map(instruments.map((each) => [each.native, each]));
    const wants = (topic: Topic) => topics.includes(topic);
    const perInstrument = (channel: string, topic: Topic) =>
      wants(topic) ? instruments.map((each) => ({ channel, instId: each.native })) : [];
    const plan = (path: string, brought: readonly Topic[], args: object[], quietMs?: number): SocketPlan[] =>
      args.length && instruments.length
        ? [
            {
              url: `${socket}/${path}`,
              topics: brought,
              subscribe: [JSON.stringify({ op: 'subscribe', args })],
              // Dropped after 30 s without any message.
              ping: { message: 'ping', everyMs: 20_000 },
              ...(quietMs && { quietMs }),
              read: (text, now, notes) => readMessage(text, now, bySymbol, notes),
            },
          ]
        : [];
    return [
      ...plan(
        'public',
        topics.filter((topic) => topic !== 'bar'),
        [
          ...(wants('forcedOrder') ? [{ channel: 'liquidation-orders', instType: 'SWAP' }] : []),
          ...perInstrument('mark-price', 'mark'),
          ...perInstrument('funding-rate', 'funding'),
          ...perInstrument('open-interest', 'openInterest'),
          ...perInstrument('trades', 'trade'),
          ...perInstrument('books5', 'book'),
        ],
        // Of all swaps, and yet some minutes without a forced order are not unheard of.
        topics.every((topic) => topic === 'forcedOrder') ? 600_000 : undefined,
      ),
      // Bars come only with trades, so a quiet market is no silence.
      ...plan('business', ['bar'], perInstrument(`candle${bars[interval]}`, 'bar'), 5 * minuteMs),
    ];
  },
};
