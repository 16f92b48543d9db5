import { hyperliquid as row } from '../../venues/hyperliquid';
import { type BookLevel, bookAt, bookId, levelsWithin, merged } from './book';
import { bucketOf } from './buckets';
import type { MarketTrade, ReplayCandle, ReplayMarket } from './market';
import { seeded } from './random';
import { shares } from './shares';
import { atOnceAndEvery, candleStream, whileListed } from './streams';
import {
  hostsOf,
  type ReplayVenue,
  RequestRefusal,
  type RestRequest,
  type Route,
  type SocketSession,
  type Stream,
} from './venue';

/** Hyperliquid: POST /info and one socket address. */

const hour = 3_600_000;
const intervals = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '8h', '12h', '1d', '3d', '1w', '1M'];

/** Listed coins' highest leverage and margin table; ids under 50 are flat tables of that leverage. */
const listings: Record<string, { leverage: number; table: number }> = {
  BTC: { leverage: 40, table: 56 },
  ETH: { leverage: 25, table: 55 },
  SOL: { leverage: 20, table: 20 },
  XRP: { leverage: 20, table: 20 },
  DOGE: { leverage: 10, table: 10 },
  kPEPE: { leverage: 10, table: 10 },
};
const listingOf = (coin: string) => listings[coin] ?? { leverage: 5, table: 5 };

const tieredTables: [
  number,
  { description: string; marginTiers: { lowerBound: string; maxLeverage: number }[] },
][] = [
  [
    55,
    {
      description: 'tiered 25x',
      marginTiers: [
        { lowerBound: '0.0', maxLeverage: 25 },
        { lowerBound: '100000000.0', maxLeverage: 15 },
      ],
    },
  ],
  [
    56,
    {
      description: 'tiered 40x',
      marginTiers: [
        { lowerBound: '0.0', maxLeverage: 40 },
        { lowerBound: '150000000.0', maxLeverage: 20 },
      ],
    },
  ],
];

/** A coin that is listed no more but still in the universe, as on the venue. */
const gone = { szDecimals: 1, name: 'MATIC', maxLeverage: 20, marginTableId: 20, isDelisted: true as const };

/** Who runs the markets of shares. */
const dex = 'xyz';

/**
 * Accounts: derived. Positions are as large as those recorded of large accounts on BTC (February 2026): that of rank r is some
 * 1.5 % · r^−0.75 of both sides' open interest, and of the large ones two in three hold a given coin. Together they make up
 * all open interest.
 */
const accountCount = 92_000;
const largestShare = 0.015;
const rankPower = 0.75;
const holding = 0.64;
/** The venue's list of the largest is cut to these. */
const listedCount = 6000;
/** Those of a smaller rank hold with less leverage. */
const slowCount = 1000;

/** Numbers as the venue writes them: no superfluous zeros, but always a decimal. */
function text(value: number): string {
  const plain = String(Number(value.toPrecision(12)));
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

export function createHyperliquid(markets: ReplayMarket[]): ReplayVenue {
  /** Shares are markets of a third party here. */
  const nameOf = (market: ReplayMarket) => (shares.has(market.coin) ? `${dex}:${market.coin}` : market.coin);
  const byCoin = new Map(markets.map((market) => [nameOf(market), market]));
  const price = (market: ReplayMarket, value: number) => text(Number(value.toFixed(market.priceDecimals)));
  const amount = (market: ReplayMarket, value: number) => text(Number(value.toFixed(market.baseDecimals)));
  const listed = (now: number) => markets.filter((market) => market.isListed(now));

  const unreadable = () =>
    new RequestRefusal(422, 'Failed to deserialize the JSON body into the target type');

  function bodyOf(request: RestRequest): Record<string, unknown> {
    return request.body as Record<string, unknown>;
  }

  function marketOf(name: unknown, now: number): ReplayMarket | undefined {
    if (typeof name !== 'string') throw unreadable();
    const market = byCoin.get(name);
    return market?.isListed(now) ? market : undefined;
  }

  function numberOf(value: unknown): number {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw unreadable();
    return value;
  }

  function userOf(request: RestRequest): string {
    const { user } = bodyOf(request);
    if (typeof user !== 'string' || !/^0x[0-9a-f]{40}$/i.test(user)) throw unreadable();
    return user.toLowerCase();
  }

  /** The venue's own markets, or those of a third party. */
  const listedOn = (now: number, of: unknown) => {
    if (of !== undefined && of !== '' && of !== dex) throw unreadable();
    return listed(now).filter((market) => shares.has(market.coin) === (of === dex));
  };

  function meta(now: number, of?: unknown) {
    const universe = listedOn(now, of).map((market) => ({
      szDecimals: market.baseDecimals,
      name: nameOf(market),
      maxLeverage: listingOf(market.coin).leverage,
      marginTableId: listingOf(market.coin).table,
    }));
    const flat = [5, 10, 20].map(
      (leverage) =>
        [leverage, { description: '', marginTiers: [{ lowerBound: '0.0', maxLeverage: leverage }] }] as const,
    );
    return {
      universe: of === dex ? universe : [...universe, gone],
      marginTables: [...flat, ...tieredTables],
      collateralToken: 0,
    };
  }

  function context(market: ReplayMarket, now: number) {
    const { open, volume, quote } = market.day(now);
    const { bids, asks } = bookAt(market, now, 3);
    const mark = market.mark(now);
    const oracle = market.index(now);
    return {
      funding: text(market.fundingRate(now)),
      openInterest: amount(market, market.openInterest(now)),
      prevDayPx: price(market, open),
      dayNtlVlm: text(quote),
      premium: text(Number((mark / oracle - 1).toFixed(10))),
      oraclePx: price(market, oracle),
      markPx: price(market, mark),
      midPx: mid(market, now),
      impactPxs: [price(market, bids.at(-1)![0]), price(market, asks.at(-1)![0])],
      dayBaseVlm: amount(market, volume),
    };
  }

  function mid(market: ReplayMarket, now: number): string {
    const { bids, asks } = bookAt(market, now, 1);
    return text(Number(((bids[0]![0] + asks[0]![0]) / 2).toFixed(market.priceDecimals + 1)));
  }

  const goneContext = {
    funding: '0.0',
    openInterest: '0.0',
    prevDayPx: '0.37621',
    dayNtlVlm: '0.0',
    premium: null,
    oraclePx: '0.37621',
    markPx: '0.37621',
    midPx: null,
    impactPxs: null,
    dayBaseVlm: '0.0',
  };

  const candleRow = (market: ReplayMarket, interval: string, candle: ReplayCandle) => ({
    t: candle.time,
    T: candle.end - 1,
    s: nameOf(market),
    i: interval,
    o: price(market, candle.open),
    c: price(market, candle.close),
    h: price(market, candle.high),
    l: price(market, candle.low),
    v: amount(market, candle.volume),
    n: candle.trades,
  });

  function candleSnapshot(request: RestRequest) {
    const asked = bodyOf(request).req as Record<string, unknown> | undefined;
    if (typeof asked !== 'object' || asked === null || !intervals.includes(String(asked.interval)))
      throw unreadable();
    const market = marketOf(asked.coin, request.now);
    if (!market) throw new RequestRefusal(500, null);
    const interval = String(asked.interval);
    const bucket = bucketOf(interval);
    const from = numberOf(asked.startTime);
    const to = asked.endTime === undefined || asked.endTime === null ? request.now : numberOf(asked.endTime);
    const newest = market.candles(bucket, { limit: 5000, take: 'newest' }, request.now);
    return newest
      .filter(({ time, end }) => end - 1 >= from && time <= to)
      .map((candle) => candleRow(market, interval, candle));
  }

  function fundingHistory(request: RestRequest) {
    const body = bodyOf(request);
    const market = marketOf(body.coin, request.now);
    if (!market) throw new RequestRefusal(500, null);
    const from = numberOf(body.startTime);
    const to = body.endTime === undefined || body.endTime === null ? request.now : numberOf(body.endTime);
    return market
      .funding(0, request.now, request.now)
      .map(({ time, rate }) => ({
        coin: nameOf(market),
        fundingRate: text(rate),
        premium: text(Number((rate * 8 - 1e-4).toFixed(10))),
        // settled some milliseconds after the hour
        time: time + Math.floor(seeded('settled', market.coin, time - market.shift) * 90),
      }))
      .filter(({ time }) => time >= from && time <= Math.min(to, request.now))
      .slice(0, 500);
  }

  /** How prices of a book are merged: to so many significant figures, of five of them in steps of 2 or 5. */
  interface Grain {
    nSigFigs?: unknown;
    mantissa?: unknown;
  }

  function isGrain({ nSigFigs = null, mantissa = null }: Grain): boolean {
    return (
      (nSigFigs === null || [2, 3, 4, 5].includes(nSigFigs as number)) &&
      (mantissa === null || (nSigFigs === 5 && [1, 2, 5].includes(mantissa as number)))
    );
  }

  /** Twenty levels a side; with significant figures, of merged prices: bids down, asks up. */
  function l2Book(market: ReplayMarket, now: number, merging: Grain = {}, depth = 20) {
    const { nSigFigs: figures, mantissa } = merging;
    if (!isGrain(merging)) throw unreadable();
    const touch = market.price(bookId(now) * 100);
    const unit = figures ? 10 ** (Math.floor(Math.log10(touch)) + 1 - Number(figures)) : 0;
    const step = unit * Number(mantissa ?? 1);
    const within = levelsWithin(market, touch, depth * step);
    const { bids, asks, id } = bookAt(market, now, Math.min(5000, depth + within));
    const grain = (levels: BookLevel[], round: (value: number) => number) =>
      step > market.tick ? merged(levels, step, round, depth) : levels.slice(0, depth);
    const side = (levels: BookLevel[]) =>
      levels.map(([p, q]) => ({
        px: price(market, p),
        sz: amount(market, q),
        n: 1 + Math.floor(seeded('orders', market.coin, Math.round(p / market.tick)) * 12),
      }));
    return {
      coin: nameOf(market),
      time: id * 100,
      levels: [
        side(grain(bids, (value) => Math.floor(value + 1e-9))),
        side(grain(asks, (value) => Math.ceil(value - 1e-9))),
      ],
    };
  }

  // ---- derived accounts ----

  /** Ends with the account's number, so that it can be told again. */
  const address = (account: number) => {
    const part = (n: number) =>
      Math.floor(seeded('account', account, n) * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0');
    return `0x${[0, 1, 2, 3].map(part).join('')}${account.toString(16).padStart(8, '0')}`;
  };
  const accountOf = (user: string): number | undefined => {
    const account = Number.parseInt(user.slice(-8), 16);
    return account < accountCount && address(account) === user ? account : undefined;
  };
  /** Size of the account of a rank, as a part of the largest. */
  const sizeOf = (account: number) => (account + 1) ** -rankPower;

  function leaderboard() {
    const leaderboardRows = Array.from({ length: listedCount }, (_, account) => {
      const performance = (window: string) => [
        window,
        {
          pnl: text(1e4 * (seeded('pnl', window, account) - 0.5)),
          roi: '0.01',
          vlm: text(1e6 * seeded('vlm', account)),
        },
      ];
      return {
        ethAddress: address(account),
        // What an account is worth tells how much it holds only roughly.
        accountValue: text(5e7 * sizeOf(account) * Math.exp(1.4 * (seeded('worth', account) - 0.5))),
        windowPerformances: ['day', 'week', 'month', 'allTime'].map(performance),
        prize: 0,
        displayName: null,
      };
    });
    return { leaderboardRows };
  }

  const tradeRow = (market: ReplayMarket, trade: MarketTrade) => {
    // Each trades as much as it holds: of the ranks up to r the part is (r ÷ all)^0.25.
    const pick = (who: string) =>
      Math.floor(seeded(who, market.coin, trade.id) ** (1 / (1 - rankPower)) * accountCount);
    const hash = Array.from({ length: 8 }, (_, n) =>
      Math.floor(seeded('hash', market.coin, trade.id, n) * 0x1_0000_0000)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return {
      coin: nameOf(market),
      side: trade.taker === 'buy' ? 'B' : 'A',
      px: price(market, trade.price),
      sz: amount(market, trade.base),
      time: trade.time,
      hash: `0x${hash}`,
      tid: trade.id,
      users: [address(pick('buyer')), address(pick('seller'))],
    };
  };

  /**
   * The position of a derived account in a market: opened at the turn of some past half day with 5–40x, isolated, a share of the
   * venue's open interest; gone once price has passed its liquidation price.
   */
  function clearinghouseState(request: RestRequest) {
    const account = accountOf(userOf(request));
    const { now } = request;
    const positions =
      account === undefined ? [] : markets.flatMap((market) => positionOf(market, account, now) ?? []);
    const sum = (of: 'marginUsed' | 'positionValue') =>
      positions.reduce((total, position) => total + Number(position[of]), 0);
    const worth = sum('marginUsed');
    const summary = {
      accountValue: text(worth),
      totalNtlPos: text(sum('positionValue')),
      totalRawUsd: text(worth),
      totalMarginUsed: text(worth),
    };
    const none = { accountValue: '0.0', totalNtlPos: '0.0', totalRawUsd: '0.0', totalMarginUsed: '0.0' };
    return {
      marginSummary: summary,
      crossMarginSummary: none,
      crossMaintenanceMarginUsed: '0.0',
      withdrawable: '0.0',
      assetPositions: positions.map((position) => ({ type: 'oneWay', position })),
      time: now,
    };
  }

  function positionOf(market: ReplayMarket, n: number, now: number) {
    if (!market.isListed(now) || shares.has(market.coin)) return undefined;
    if (seeded('holds', market.coin, n) >= holding) return undefined;
    const draw = (what: string) => seeded(what, market.coin, n);
    const opened = Math.floor(now / (12 * hour)) * 12 * hour - Math.floor(draw('age') * 4) * 12 * hour;
    if (opened < market.start) return undefined;
    const entry = market.price(opened);
    const highest = listingOf(market.coin).leverage;
    const leverages = n < slowCount ? [2, 3, 5, 10] : [5, 10, 20, 40];
    const leverage = Math.min(highest, leverages[Math.floor(draw('leverage') * 4)]!);
    const isLong = draw('side') < 0.5;
    const sign = isLong ? 1 : -1;
    const size = Number(
      (
        ((2 * market.openInterest(opened) * largestShare) / holding) *
        sizeOf(n) *
        (0.5 + draw('size'))
      ).toFixed(market.baseDecimals),
    );
    if (size <= 0) return undefined;
    const maintenance = 1 / (2 * highest);
    const liquidation = (entry * (1 - sign / leverage)) / (1 - sign * maintenance);
    const since = market.candle(opened, now + 1, now);
    if (since && (isLong ? since.low <= liquidation : since.high >= liquidation)) return undefined;
    const mark = market.mark(now);
    const pnl = sign * size * (mark - entry);
    const margin = (entry * size) / leverage + pnl;
    return {
      coin: nameOf(market),
      szi: text(sign * size),
      leverage: { type: 'isolated', value: leverage, rawUsd: text(margin - sign * size * mark) },
      entryPx: price(market, entry),
      positionValue: text(size * mark),
      unrealizedPnl: text(pnl),
      returnOnEquity: text(pnl / ((entry * size) / leverage)),
      liquidationPx: text(Number(liquidation.toPrecision(10))),
      marginUsed: text(margin),
      maxLeverage: highest,
      cumFunding: { allTime: '0.0', sinceOpen: '0.0', sinceChange: '0.0' },
    };
  }

  // ---- routes ----

  const rowsOf = (answer: unknown) => (Array.isArray(answer) ? answer.length : 0);
  const light = (answer: Route['answer']): Route => ({ pool: 'weight', weight: () => 2, answer });
  const heavy = (answer: Route['answer'], rowsPerUnit?: number): Route => ({
    pool: 'weight',
    weight: () => 20,
    answer,
    ...(rowsPerUnit ? { extra: (rows) => Math.floor(rowsOf(rows) / rowsPerUnit) } : {}),
  });

  const mids = (now: number) =>
    Object.fromEntries(listedOn(now, undefined).map((market) => [market.coin, mid(market, now)]));

  /** Of an account's orders, fills and payments nothing is derived. */
  const nothingOf = (answer: unknown = []) =>
    heavy((request) => {
      userOf(request);
      return answer;
    });

  const types: Record<string, Route> = {
    meta: heavy((request) => meta(request.now, bodyOf(request).dex)),
    metaAndAssetCtxs: heavy((request) => {
      const { now } = request;
      const { dex: of } = bodyOf(request);
      const contexts = listedOn(now, of).map((market) => context(market, now));
      return [meta(now, of), of === dex ? contexts : [...contexts, goneContext]];
    }),
    allPerpMetas: heavy(({ now }) => [meta(now), meta(now, dex)]),
    allMids: light(({ now }) => mids(now)),
    candleSnapshot: heavy(candleSnapshot, 60),
    fundingHistory: heavy(fundingHistory, 20),
    l2Book: light((request) => {
      const market = marketOf(bodyOf(request).coin, request.now);
      return market ? l2Book(market, request.now, bodyOf(request)) : null;
    }),
    recentTrades: heavy((request) => {
      const market = marketOf(bodyOf(request).coin, request.now);
      if (!market) throw new RequestRefusal(500, null);
      return market
        .newestTrades(request.now, 10)
        .reverse()
        .map((trade) => tradeRow(market, trade));
    }, 20),
    predictedFundings: heavy(({ now }) =>
      listedOn(now, undefined).map((market) => {
        const eightHours = {
          fundingRate: text(market.fundingRate(now) * 8),
          nextFundingTime: Math.ceil((now + 1) / (8 * hour)) * 8 * hour,
        };
        return [
          market.coin,
          [
            ['BinPerp', { ...eightHours, fundingIntervalHours: 8 }],
            [
              'HlPerp',
              {
                fundingRate: text(market.fundingRate(now)),
                nextFundingTime: market.nextFundingTime(now),
                fundingIntervalHours: 1,
              },
            ],
            ['BybitPerp', { ...eightHours, fundingIntervalHours: 8 }],
          ],
        ];
      }),
    ),
    clearinghouseState: light(clearinghouseState),
    openOrders: nothingOf(),
    frontendOpenOrders: nothingOf(),
    historicalOrders: nothingOf(),
    userFills: nothingOf(),
    userFillsByTime: nothingOf(),
    userFunding: nothingOf(),
    spotClearinghouseState: { ...nothingOf({ balances: [] }), weight: () => 2 },
    spotMeta: heavy(() => ({ tokens: [], universe: [] })),
    spotMetaAndAssetCtxs: heavy(() => [{ tokens: [], universe: [] }, []]),
    exchangeStatus: light(({ now }) => ({ specialStatuses: null, time: now })),
    perpDexs: heavy(() => [null, { name: dex, fullName: 'third party' }]),
    perpsAtOpenInterestCap: heavy(() => []),
    maxMarketOrderNtls: heavy(() => []),
  };
  const unknownType: Route = {
    pool: 'weight',
    answer: () => {
      throw unreadable();
    },
  };

  function route(method: string, path: string, body: unknown): Route | undefined {
    if (method === 'GET' && path === '/Mainnet/leaderboard') return { pool: 'list', answer: leaderboard };
    if (method !== 'POST' || path !== '/info') return undefined;
    if (typeof body !== 'object' || body === null || !('type' in body)) return unknownType;
    const { type } = body as { type: unknown };
    return typeof type === 'string' && Object.hasOwn(types, type) ? types[type]! : unknownType;
  }

  // ---- sockets ----

  interface Subscription extends Grain {
    type?: string;
    coin?: string;
    interval?: string;
    fast?: unknown;
  }

  function streamOf({ type, coin, interval, fast, ...merging }: Subscription): Stream | undefined {
    const say = (channel: string, data: unknown) => ({ channel, data });
    if (type === 'allMids') return atOnceAndEvery(1000, (now) => say('allMids', { mids: mids(now) }));
    const market = byCoin.get(coin ?? '');
    if (!market) return undefined;
    const stream = ((): Stream | undefined => {
      if (type === 'activeAssetCtx') {
        return atOnceAndEvery(1000, (now) => say('activeAssetCtx', { coin, ctx: context(market, now) }));
      }
      if (type === 'candle' && intervals.includes(interval ?? '')) {
        return candleStream(market, bucketOf(interval!), 500, (candle) =>
          say('candle', candleRow(market, interval!, candle)),
        );
      }
      // a whole book now and then, or the nearest levels more often
      if (type === 'l2Book' && isGrain(merging))
        return atOnceAndEvery(fast === true ? 500 : 5000, (now) =>
          say('l2Book', l2Book(market, now, merging, fast === true ? 5 : 20)),
        );
      if (type === 'bbo') {
        return atOnceAndEvery(100, (now) => {
          const { levels, time } = l2Book(market, now);
          return say('bbo', { coin, time, bbo: [levels[0]![0], levels[1]![0]] });
        });
      }
      if (type === 'trades') {
        return (from, to) => {
          const rows = market.trades(from, to).map((trade) => tradeRow(market, trade));
          return rows.length ? [say('trades', rows)] : [];
        };
      }
      return undefined;
    })();
    return stream && whileListed(market, stream);
  }

  /** An info request sent over the socket. */
  function posted(payload: { type?: unknown } | undefined, now: number) {
    const found = route('POST', '/info', payload) ?? unknownType;
    try {
      const data = found.answer({ query: new URLSearchParams(), body: payload, now });
      return { type: 'info', payload: { type: payload?.type, data } };
    } catch (error) {
      if (error instanceof RequestRefusal)
        return { type: 'error', payload: `${error.status}: ${String(error.body)}` };
      throw error;
    }
  }

  function connect(path: string): SocketSession | undefined {
    if (path !== '/ws') return undefined;
    const streams = new Map<string, Stream>();
    const error = (data: string) => [JSON.stringify({ channel: 'error', data })];
    return {
      idleMs: 60_000,
      receive(textOf, now) {
        let message: {
          method?: unknown;
          subscription?: Subscription;
          id?: unknown;
          request?: { payload?: unknown };
        };
        try {
          message = JSON.parse(textOf) as typeof message;
        } catch {
          return error(`Error parsing JSON into valid websocket request: ${textOf}`);
        }
        const { method, subscription } = message;
        if (method === 'ping') return [JSON.stringify({ channel: 'pong' })];
        if (method === 'post') {
          const payload = message.request?.payload as { type?: unknown } | undefined;
          const response = posted(payload, now);
          return [JSON.stringify({ channel: 'post', data: { id: message.id, response } })];
        }
        if ((method !== 'subscribe' && method !== 'unsubscribe') || typeof subscription !== 'object') {
          return error(`Error parsing JSON into valid websocket request: ${textOf}`);
        }
        const key = JSON.stringify(subscription);
        if (method === 'unsubscribe') {
          if (!streams.delete(key)) return error(`Already unsubscribed: ${key}`);
        } else {
          if (streams.has(key)) return error(`Already subscribed: ${key}`);
          const stream = streamOf(subscription);
          if (!stream) return error(`Invalid subscription ${key}`);
          streams.set(key, stream);
        }
        return [JSON.stringify({ channel: 'subscriptionResponse', data: { method, subscription } })];
      },
      send: (from, to) =>
        [...streams.values()].flatMap((stream) => stream(from, to).map((message) => JSON.stringify(message))),
    };
  }

  return {
    id: 'hyperliquid',
    hosts: hostsOf(row),
    pools: { weight: { limit: 1200, perMs: 60_000 }, list: { limit: 10, perMs: 24 * hour } },
    route,
    unknown: () => new RequestRefusal(404, ''),
    limited: () => new RequestRefusal(429, null),
    headers: () => ({}),
    // the venue's own page reads it from another host
    allowsAnyOrigin: () => true,
    connect,
  };
}
