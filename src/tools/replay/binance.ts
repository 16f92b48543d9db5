import { binance as row } from '../../venues/binance';
import { type BookLevel, bookAt, bookChanges, bookId } from './book';
import { bucketOf } from './buckets';
import type { MarketForcedOrder, ReplayCandle, ReplayMarket } from './market';
import { seeded } from './random';
import { shares } from './shares';
import { candleStream, crosses, every, whileListed } from './streams';
import { binanceTiers } from './tiers';
import {
  hostsOf,
  queryNumber,
  type ReplayVenue,
  RequestRefusal,
  type RestRequest,
  type Route,
  type SocketSession,
  type Stream,
} from './venue';

/** Binance USD-M futures: fapi, futures/data, the website's bracket list, and the sockets of fstream. */

const day = 86_400_000;
const intervals = [
  '1m',
  '3m',
  '5m',
  '15m',
  '30m',
  '1h',
  '2h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '3d',
  '1w',
  '1M',
];
const periods = ['5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d'];

function refuse(code: number, msg: string, status = 400): RequestRefusal {
  return new RequestRefusal(status, { code, msg });
}

const malformed = (name: string) =>
  refuse(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

/** Weight of a request for `limit` candles. */
function candleWeight({ query }: RestRequest): number {
  const limit = queryNumber(query, 'limit') ?? 500;
  return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
}

function depthWeight({ query }: RestRequest): number {
  const limit = queryNumber(query, 'limit') ?? 500;
  return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

export function createBinance(markets: ReplayMarket[]): ReplayVenue {
  const bySymbol = new Map(markets.map((market) => [`${market.coin}USDT`, market]));
  const price = (market: ReplayMarket, value: number) => value.toFixed(market.priceDecimals);
  const amount = (market: ReplayMarket, value: number) => value.toFixed(market.baseDecimals);
  const symbolOf = (market: ReplayMarket) => `${market.coin}USDT`;
  const listed = (now: number) => markets.filter((market) => market.isListed(now));

  function marketOf({ query, now }: RestRequest, name = 'symbol'): ReplayMarket {
    const symbol = query.get(name);
    if (!symbol) throw malformed(name);
    const market = bySymbol.get(symbol.toUpperCase());
    if (!market?.isListed(now)) throw refuse(-1121, 'Invalid symbol.');
    return market;
  }

  /** One object for a named symbol, an array of all without. */
  function oneOrAll(request: RestRequest, make: (market: ReplayMarket) => unknown): unknown {
    return request.query.get('symbol') ? make(marketOf(request)) : listed(request.now).map(make);
  }

  function limitOf({ query }: RestRequest, standard: number, most: number): number {
    const text = query.get('limit');
    if (text === null) return standard;
    const limit = Number(text);
    if (!Number.isInteger(limit)) throw refuse(-1102, "Mandatory parameter 'limit' was malformed.");
    if (limit < 1 || limit > most) throw refuse(-1130, "Data sent for parameter 'limit' is not valid.");
    return limit;
  }

  function rangeOf({ query }: RestRequest): { from?: number; to?: number } {
    const from = queryNumber(query, 'startTime');
    const to = queryNumber(query, 'endTime');
    if (query.has('startTime') && from === undefined) throw malformed('startTime');
    if (query.has('endTime') && to === undefined) throw malformed('endTime');
    if (from !== undefined && to !== undefined && from > to) {
      throw refuse(-1023, 'Start time is greater than end time.');
    }
    return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  }

  /** Candles of a request: from the start time upwards where one is given, otherwise the newest. */
  function candles(request: RestRequest, market: ReplayMarket): ReplayCandle[] {
    const interval = request.query.get('interval');
    if (!interval) throw malformed('interval');
    if (!intervals.includes(interval)) throw refuse(-1120, 'Invalid interval.');
    const range = rangeOf(request);
    const take = range.from === undefined ? 'newest' : 'oldest';
    return market.candles(
      bucketOf(interval),
      { ...range, limit: limitOf(request, 500, 1500), take },
      request.now,
    );
  }

  const klineRow = (market: ReplayMarket, candle: ReplayCandle) => [
    candle.time,
    price(market, candle.open),
    price(market, candle.high),
    price(market, candle.low),
    price(market, candle.close),
    amount(market, candle.volume),
    candle.end - 1,
    candle.quote.toFixed(5),
    candle.trades,
    amount(market, candle.takerBuy),
    candle.takerBuyQuote.toFixed(5),
    '0',
  ];

  /** Mark, index and premium candles: the last price's candle with the factor at its open and close. */
  function derivedRow(
    market: ReplayMarket,
    candle: ReplayCandle,
    now: number,
    factor: (time: number) => number,
    decimals: number,
  ) {
    const first = factor(candle.time);
    const last = factor(Math.min(candle.end - 1, now));
    const cells = [
      candle.open * first,
      candle.high * Math.max(first, last),
      candle.low * Math.min(first, last),
      candle.close * last,
    ];
    const text = cells.map((value) => value.toFixed(decimals));
    return [
      candle.time,
      ...text,
      '0',
      candle.end - 1,
      '0',
      market.profile.id === 'binance' ? 300 : 0,
      '0',
      '0',
      '0',
    ];
  }

  function premiumRow(market: ReplayMarket, candle: ReplayCandle, now: number) {
    const at = (time: number) => market.mark(time) / market.index(time) - 1;
    const first = at(candle.time);
    const last = at(Math.min(candle.end - 1, now));
    const text = [first, Math.max(first, last), Math.min(first, last), last].map((value) => value.toFixed(8));
    return [candle.time, ...text, '0', candle.end - 1, '0', 12, '0', '0', '0'];
  }

  const indexFactor = (market: ReplayMarket) => (time: number) =>
    market.markFactor(time) / (1 + market.fundingRate(time));

  /** Rows of a `futures/data` route: the newest within the range, at most 30 days back. */
  function statistics<T>(
    request: RestRequest,
    read: (market: ReplayMarket, range: { from?: number; to?: number; limit: number; take: 'newest' }) => T[],
  ): T[] {
    const market = marketOf(request, request.query.has('pair') ? 'pair' : 'symbol');
    const period = request.query.get('period');
    if (!period) throw malformed('period');
    if (!periods.includes(period)) throw refuse(-1130, "Data sent for parameter 'period' is not valid.");
    const range = rangeOf(request);
    if (range.from !== undefined && range.from < request.now - 31 * day) {
      throw refuse(-1130, "parameter 'startTime' is invalid.");
    }
    const from = Math.max(range.from ?? 0, request.now - 30 * day);
    return read(market, { ...range, from, limit: limitOf(request, 30, 500), take: 'newest' });
  }

  const period = (request: RestRequest) => bucketOf(request.query.get('period')!);

  function ratio(lean: number) {
    return (request: RestRequest) =>
      statistics(request, (market, range) =>
        market.longShares(period(request), range, request.now).map(({ time, long }) => {
          const share = 0.5 + (long - 0.5) * lean;
          return {
            symbol: symbolOf(market),
            longAccount: share.toFixed(4),
            longShortRatio: (share / (1 - share)).toFixed(4),
            shortAccount: (1 - share).toFixed(4),
            timestamp: time,
          };
        }),
      );
  }

  function ticker24h(market: ReplayMarket, now: number) {
    const { open, high, low, last, volume, quote, trades } = market.day(now);
    return {
      symbol: symbolOf(market),
      priceChange: price(market, last - open),
      priceChangePercent: ((last / open - 1) * 100).toFixed(3),
      weightedAvgPrice: price(market, volume > 0 ? quote / volume : last),
      lastPrice: price(market, last),
      lastQty: amount(market, market.newestTrades(now, 1).at(-1)?.base ?? 0),
      openPrice: price(market, open),
      highPrice: price(market, high),
      lowPrice: price(market, low),
      volume: amount(market, volume),
      quoteVolume: quote.toFixed(2),
      openTime: Math.floor((now - day) / 60_000) * 60_000,
      closeTime: now,
      firstId: 0,
      lastId: trades,
      count: trades,
    };
  }

  const levels = (market: ReplayMarket, side: BookLevel[]) =>
    side.map(([p, q]) => [price(market, p), amount(market, q)]);

  function symbolInfo(market: ReplayMarket) {
    const tick = (10 ** -market.priceDecimals).toFixed(market.priceDecimals);
    const step = (10 ** -market.baseDecimals).toFixed(market.baseDecimals);
    return {
      symbol: symbolOf(market),
      pair: symbolOf(market),
      contractType: shares.has(market.coin) ? 'TRADIFI_PERPETUAL' : 'PERPETUAL',
      deliveryDate: 4133404800000,
      onboardDate: market.start,
      status: 'TRADING',
      maintMarginPercent: '2.5000',
      requiredMarginPercent: '5.0000',
      baseAsset: market.coin,
      quoteAsset: 'USDT',
      marginAsset: 'USDT',
      pricePrecision: market.priceDecimals,
      quantityPrecision: market.baseDecimals,
      baseAssetPrecision: 8,
      quotePrecision: 8,
      underlyingType: shares.has(market.coin) ? 'EQUITY' : 'COIN',
      underlyingSubType: [],
      triggerProtect: '0.0500',
      liquidationFee: '0.010000',
      marketTakeBound: '0.05',
      maxMoveOrderLimit: 10000,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: tick, maxPrice: '4529764', tickSize: tick },
        { filterType: 'LOT_SIZE', minQty: step, maxQty: '1000000', stepSize: step },
        { filterType: 'MARKET_LOT_SIZE', minQty: step, maxQty: '100000', stepSize: step },
        { filterType: 'MAX_NUM_ORDERS', limit: 200 },
        { filterType: 'MIN_NOTIONAL', notional: '5' },
        {
          filterType: 'PERCENT_PRICE',
          multiplierUp: '1.0500',
          multiplierDown: '0.9500',
          multiplierDecimal: '4',
        },
      ],
      orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET', 'TAKE_PROFIT', 'TAKE_PROFIT_MARKET'],
      timeInForce: ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'],
    };
  }

  function premiumIndex(market: ReplayMarket, now: number) {
    return {
      symbol: symbolOf(market),
      markPrice: market.mark(now).toFixed(8),
      indexPrice: market.index(now).toFixed(8),
      estimatedSettlePrice: market.index(now).toFixed(8),
      lastFundingRate: market.fundingRate(now).toFixed(8),
      interestRate: '0.00010000',
      nextFundingTime: market.nextFundingTime(now),
      time: now,
    };
  }

  function depth(request: RestRequest, limits: number[], standard: number) {
    const market = marketOf(request);
    const limit = queryNumber(request.query, 'limit') ?? standard;
    if (!limits.includes(limit)) throw refuse(-4021, `${limit} is not valid depth limit.`);
    const book = bookAt(market, request.now, limit);
    return {
      lastUpdateId: book.id,
      E: request.now,
      T: book.id * 100,
      bids: levels(market, book.bids),
      asks: levels(market, book.asks),
    };
  }

  function aggregateTrades(request: RestRequest) {
    const market = marketOf(request);
    const limit = limitOf(request, 500, 1000);
    const range = rangeOf(request);
    const fromId = queryNumber(request.query, 'fromId');
    const row = (trade: { id: number; time: number; price: number; base: number; taker: string }) => ({
      a: trade.id,
      p: price(market, trade.price),
      q: amount(market, trade.base),
      f: trade.id,
      l: trade.id,
      T: trade.time,
      m: trade.taker === 'sell',
    });
    const to = Math.min(range.to ?? request.now, request.now);
    if (fromId !== undefined) {
      const sameMoment = 100;
      const since = market.trades(market.tradeTime(fromId) - 1, to, limit + sameMoment);
      return since
        .filter(({ id }) => id >= fromId)
        .slice(0, limit)
        .map(row);
    }
    if (range.from !== undefined) return market.trades(range.from - 1, to, limit).map(row);
    return market.newestTrades(to, limit).map(row);
  }

  function brackets(now: number) {
    return {
      code: '000000',
      message: null,
      messageDetail: null,
      data: {
        brackets: listed(now).map((market) => ({
          symbol: symbolOf(market),
          updateTime: market.start,
          notionalLimit: binanceTiers(market.coin).at(-1)!.cap,
          riskBrackets: binanceTiers(market.coin).map((step, i) => ({
            bracketSeq: i + 1,
            bracketNotionalFloor: step.floor,
            bracketNotionalCap: step.cap,
            bracketMaintenanceMarginRate: step.rate,
            cumFastMaintenanceAmount: step.deduction,
            minOpenPosLeverage: 1,
            maxOpenPosLeverage: step.leverage,
          })),
        })),
      },
      success: true,
    };
  }

  const weighing = (
    weight: number | ((request: RestRequest) => number),
    answer: Route['answer'],
    pool = 'weight',
  ): Route => ({ pool, weight: typeof weight === 'number' ? () => weight : weight, answer });

  const needsKey: Route = weighing(1, () => {
    throw refuse(-2014, 'API-key format invalid.', 401);
  });

  const routes: Record<string, Route> = {
    'GET /fapi/v1/ping': weighing(1, () => ({})),
    'GET /fapi/v1/time': weighing(1, ({ now }) => ({ serverTime: now })),
    'GET /fapi/v1/exchangeInfo': weighing(1, ({ now }) => ({
      timezone: 'UTC',
      serverTime: now,
      futuresType: 'U_MARGINED',
      rateLimits: [
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 2400 },
        { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: 1200 },
      ],
      exchangeFilters: [],
      assets: [{ asset: 'USDT', marginAvailable: true, autoAssetExchange: '-10000' }],
      symbols: listed(now).map(symbolInfo),
    })),
    'GET /fapi/v1/depth': weighing(depthWeight, (request) =>
      depth(request, [5, 10, 20, 50, 100, 500, 1000], 500),
    ),
    // no retail price improvement here: the same book
    'GET /fapi/v1/rpiDepth': weighing(20, (request) => depth(request, [1000], 1000)),
    'GET /fapi/v1/trades': weighing(5, (request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 500, 1000);
      return market.newestTrades(request.now, limit).map((trade) => ({
        id: trade.id,
        price: price(market, trade.price),
        qty: amount(market, trade.base),
        quoteQty: (trade.price * trade.base).toFixed(2),
        time: trade.time,
        isBuyerMaker: trade.taker === 'sell',
      }));
    }),
    'GET /fapi/v1/historicalTrades': needsKey,
    'GET /fapi/v1/aggTrades': weighing(20, aggregateTrades),
    'GET /fapi/v1/klines': weighing(candleWeight, (request) => {
      const market = marketOf(request);
      return candles(request, market).map((candle) => klineRow(market, candle));
    }),
    'GET /fapi/v1/continuousKlines': weighing(candleWeight, (request) => {
      const market = marketOf(request, 'pair');
      if (request.query.get('contractType') !== 'PERPETUAL') throw malformed('contractType');
      return candles(request, market).map((candle) => klineRow(market, candle));
    }),
    'GET /fapi/v1/markPriceKlines': weighing(candleWeight, (request) => {
      const market = marketOf(request);
      const factor = (time: number) => market.markFactor(time);
      return candles(request, market).map((candle) => derivedRow(market, candle, request.now, factor, 8));
    }),
    'GET /fapi/v1/indexPriceKlines': weighing(candleWeight, (request) => {
      const market = marketOf(request, 'pair');
      return candles(request, market).map((candle) =>
        derivedRow(market, candle, request.now, indexFactor(market), 8),
      );
    }),
    'GET /fapi/v1/premiumIndexKlines': weighing(candleWeight, (request) => {
      const market = marketOf(request);
      return candles(request, market).map((candle) => premiumRow(market, candle, request.now));
    }),
    'GET /fapi/v1/premiumIndex': weighing(
      ({ query }) => (query.get('symbol') ? 1 : 10),
      (request) => oneOrAll(request, (market) => premiumIndex(market, request.now)),
    ),
    'GET /fapi/v1/fundingRate': weighing(
      1,
      (request) => {
        const range = rangeOf(request);
        const limit = limitOf(request, 100, 1000);
        const asked = request.query.get('symbol') ? [marketOf(request)] : listed(request.now);
        const rows = asked.flatMap((market) =>
          market
            .funding(range.from ?? 0, range.to ?? request.now, request.now)
            .map(({ time, rate, mark }) => ({
              symbol: symbolOf(market),
              fundingTime: time,
              fundingRate: rate.toFixed(8),
              markPrice: mark.toFixed(8),
              rateType: 'Regular',
            })),
        );
        rows.sort((a, b) => a.fundingTime - b.fundingTime);
        return range.from === undefined ? rows.slice(-limit) : rows.slice(0, limit);
      },
      'funding',
    ),
    // every market here settles every 8 hours, and the list holds only those that do not
    'GET /fapi/v1/fundingInfo': weighing(1, () => [], 'funding'),
    'GET /fapi/v1/ticker/24hr': weighing(
      ({ query }) => (query.get('symbol') ? 1 : 40),
      (request) => oneOrAll(request, (market) => ticker24h(market, request.now)),
    ),
    'GET /fapi/v1/ticker/price': weighing(
      ({ query }) => (query.get('symbol') ? 1 : 2),
      (request) =>
        oneOrAll(request, (market) => ({
          symbol: symbolOf(market),
          price: price(market, market.price(request.now)),
          time: request.now,
        })),
    ),
    'GET /fapi/v1/ticker/bookTicker': weighing(
      ({ query }) => (query.get('symbol') ? 2 : 5),
      (request) =>
        oneOrAll(request, (market) => {
          const { bids, asks, id } = bookAt(market, request.now, 1);
          return {
            symbol: symbolOf(market),
            bidPrice: price(market, bids[0]![0]),
            bidQty: amount(market, bids[0]![1]),
            askPrice: price(market, asks[0]![0]),
            askQty: amount(market, asks[0]![1]),
            time: request.now,
            lastUpdateId: id,
          };
        }),
    ),
    'GET /fapi/v1/openInterest': weighing(1, (request) => {
      const market = marketOf(request);
      return {
        symbol: symbolOf(market),
        openInterest: amount(market, market.openInterest(request.now)),
        time: request.now,
      };
    }),
    'GET /fapi/v1/leverageBracket': needsKey,
    // of composite indices, multi-assets margin and dated contracts there are none here
    'GET /fapi/v1/indexInfo': weighing(1, () => []),
    'GET /fapi/v1/assetIndex': weighing(10, () => []),
    'GET /futures/data/delivery-price': weighing(1, () => [], 'data'),
    'GET /fapi/v1/symbolAdlRisk': weighing(1, (request) =>
      oneOrAll(request, (market) => ({
        symbol: symbolOf(market),
        adlRisk: 'low',
        updateTime: Math.floor(request.now / 1_800_000) * 1_800_000,
      })),
    ),
    'GET /fapi/v1/constituents': weighing(2, (request) => {
      const market = marketOf(request);
      return {
        symbol: symbolOf(market),
        time: request.now,
        constituents: [
          { exchange: 'binance', symbol: symbolOf(market), price: price(market, market.price(request.now)) },
        ],
      };
    }),
    'GET /futures/data/openInterestHist': weighing(
      1,
      (request) =>
        statistics(request, (market, range) =>
          market
            .openInterestHistory(period(request), range, request.now)
            .map(({ time, base, price: at }) => ({
              symbol: symbolOf(market),
              sumOpenInterest: base.toFixed(8),
              sumOpenInterestValue: (base * at).toFixed(8),
              CMCCirculatingSupply: '0.00000000',
              timestamp: time,
            })),
        ),
      'data',
    ),
    'GET /futures/data/globalLongShortAccountRatio': weighing(1, ratio(1), 'data'),
    // accounts with the largest balances lean less than the crowd, and their positions less again
    'GET /futures/data/topLongShortAccountRatio': weighing(1, ratio(0.8), 'data'),
    'GET /futures/data/topLongShortPositionRatio': weighing(1, ratio(0.4), 'data'),
    'GET /futures/data/takerlongshortRatio': weighing(
      1,
      (request) =>
        statistics(request, (market, range) =>
          // closed periods only: the forming one must not use up the limit
          market
            .candles(period(request), { ...range, limit: range.limit + 1 }, request.now)
            .filter((candle) => candle.closed)
            .slice(-range.limit)
            .map((candle) => {
              const sold = candle.volume - candle.takerBuy;
              return {
                buySellRatio: (sold > 0 ? candle.takerBuy / sold : 1).toFixed(4),
                sellVol: sold.toFixed(4),
                buyVol: candle.takerBuy.toFixed(4),
                timestamp: candle.time,
              };
            }),
        ),
      'data',
    ),
    'GET /futures/data/basis': weighing(
      1,
      (request) =>
        statistics(request, (market, range) =>
          market.openInterestHistory(period(request), range, request.now).map(({ time }) => ({
            indexPrice: market.index(time).toFixed(8),
            contractType: 'PERPETUAL',
            basisRate: (market.price(time) / market.index(time) - 1).toFixed(4),
            futuresPrice: price(market, market.price(time)),
            annualizedBasisRate: '',
            basis: (market.price(time) - market.index(time)).toFixed(8),
            pair: symbolOf(market),
            timestamp: time,
          })),
        ),
      'data',
    ),
    'GET /bapi/futures/v1/friendly/future/common/brackets': weighing(
      1,
      ({ now }) => brackets(now),
      'website',
    ),
    'POST /bapi/futures/v1/friendly/future/common/brackets': weighing(
      1,
      ({ now }) => brackets(now),
      'website',
    ),
  };
  for (const name of ['price', 'bookTicker']) {
    routes[`GET /fapi/v2/ticker/${name}`] = routes[`GET /fapi/v1/ticker/${name}`]!;
  }

  // ---- sockets ----

  /** `isContinuous`: named by pair and kind of contract in place of the symbol. */
  function klineEvent(
    market: ReplayMarket,
    interval: string,
    candle: ReplayCandle,
    now: number,
    isContinuous: boolean,
  ) {
    return {
      e: isContinuous ? 'continuous_kline' : 'kline',
      E: now,
      ...(isContinuous ? { ps: symbolOf(market), ct: 'PERPETUAL' } : { s: symbolOf(market) }),
      k: {
        t: candle.time,
        T: candle.end - 1,
        ...(isContinuous ? {} : { s: symbolOf(market) }),
        i: interval,
        f: 100,
        L: 100 + candle.trades,
        o: price(market, candle.open),
        c: price(market, candle.close),
        h: price(market, candle.high),
        l: price(market, candle.low),
        v: amount(market, candle.volume),
        n: candle.trades,
        x: candle.closed,
        q: candle.quote.toFixed(4),
        V: amount(market, candle.takerBuy),
        Q: candle.takerBuyQuote.toFixed(4),
        B: '0',
      },
    };
  }

  function forceOrder(market: ReplayMarket, order: MarketForcedOrder) {
    return {
      e: 'forceOrder',
      E: order.time,
      o: {
        s: symbolOf(market),
        // the side of the order that closes the position: a long is closed by selling
        S: order.side === 'long' ? 'SELL' : 'BUY',
        o: 'LIMIT',
        f: 'IOC',
        q: amount(market, order.base),
        p: price(market, order.bankruptcy),
        ap: price(market, order.price),
        X: 'FILLED',
        l: amount(market, order.base),
        z: amount(market, order.base),
        T: order.time,
      },
      ps: symbolOf(market),
      st: 1,
    };
  }

  const forceOrders =
    (market: ReplayMarket): Stream =>
    (from, to) =>
      market.forcedOrders(from, to).map((order) => forceOrder(market, order));

  /** The all-market stream also carries coin-margined contracts (`st: 2`, amounts in contracts): here one for every eighth order. */
  const allForceOrders: Stream = (from, to) =>
    markets
      .flatMap((market) =>
        market.forcedOrders(from, to).flatMap((order) => {
          const own = { time: order.time, event: forceOrder(market, order) };
          if (seeded('coin-margined', order.time) > 0.125) return [own];
          const name = `${market.coin}USD_PERP`;
          const contracts = String(Math.max(1, Math.round((order.base * order.price) / 100)));
          const { o } = own.event;
          const coin = {
            ...own.event,
            o: { ...o, s: name, q: contracts, l: contracts, z: contracts },
            ps: `${market.coin}USD`,
            st: 2,
          };
          return [own, { time: order.time, event: coin }];
        }),
      )
      .sort((a, b) => a.time - b.time)
      .map(({ event }) => event);

  function markEvent(market: ReplayMarket, now: number) {
    return {
      e: 'markPriceUpdate',
      E: now,
      s: symbolOf(market),
      p: market.mark(now).toFixed(8),
      ap: market.mark(now).toFixed(8),
      i: market.index(now).toFixed(8),
      P: market.index(now).toFixed(8),
      r: market.fundingRate(now).toFixed(8),
      T: market.nextFundingTime(now),
      st: 1,
    };
  }

  function tickerEvent(market: ReplayMarket, now: number) {
    const row = ticker24h(market, now);
    return {
      e: '24hrTicker',
      E: now,
      s: row.symbol,
      p: row.priceChange,
      P: row.priceChangePercent,
      w: row.weightedAvgPrice,
      c: row.lastPrice,
      Q: row.lastQty,
      o: row.openPrice,
      h: row.highPrice,
      l: row.lowPrice,
      v: row.volume,
      q: row.quoteVolume,
      O: row.openTime,
      C: row.closeTime,
      F: row.firstId,
      L: row.lastId,
      n: row.count,
      st: 1,
    };
  }

  function miniTickerEvent(market: ReplayMarket, now: number) {
    const { c, o, h, l, v, q } = tickerEvent(market, now);
    return { e: '24hrMiniTicker', E: now, s: symbolOf(market), c, o, h, l, v, q, st: 1 };
  }

  const aggTrades =
    (market: ReplayMarket): Stream =>
    (from, to) =>
      market.trades(from, to).map((trade) => ({
        e: 'aggTrade',
        E: trade.time + 1,
        a: trade.id,
        s: symbolOf(market),
        p: price(market, trade.price),
        q: amount(market, trade.base),
        nq: amount(market, trade.base),
        f: trade.id,
        l: trade.id,
        T: trade.time,
        m: trade.taker === 'sell',
        st: 1,
      }));

  const trades =
    (market: ReplayMarket): Stream =>
    (from, to) =>
      market.trades(from, to).map((trade) => ({
        e: 'trade',
        E: trade.time + 1,
        T: trade.time,
        s: symbolOf(market),
        t: trade.id,
        p: price(market, trade.price),
        q: amount(market, trade.base),
        X: 'MARKET',
        m: trade.taker === 'sell',
        st: 1,
      }));

  function bookTickerEvent(market: ReplayMarket, now: number) {
    const { bids, asks, id } = bookAt(market, now, 1);
    return {
      e: 'bookTicker',
      u: id,
      s: symbolOf(market),
      b: price(market, bids[0]![0]),
      B: amount(market, bids[0]![1]),
      a: price(market, asks[0]![0]),
      A: amount(market, asks[0]![1]),
      T: id * 100,
      E: now,
      st: 1,
    };
  }

  /** Changes of the whole book since the event before; `pu` is that event's `u`. */
  function depthChanges(market: ReplayMarket, everyMs: number): Stream {
    let previous: ReturnType<typeof bookAt> | undefined;
    return (from, to) => {
      if (!crosses(everyMs, from, to)) return [];
      const before = previous ?? bookAt(market, from, 1000);
      const after = bookAt(market, to, 1000);
      previous = after;
      const { bids, asks } = bookChanges(before, after);
      return [
        {
          e: 'depthUpdate',
          E: to,
          T: after.id * 100,
          s: symbolOf(market),
          U: before.id + 1,
          u: after.id,
          pu: before.id,
          b: levels(market, bids),
          a: levels(market, asks),
          st: 1,
        },
      ];
    };
  }

  const depthTop =
    (market: ReplayMarket, depth: number, everyMs: number): Stream =>
    (from, to) => {
      if (!crosses(everyMs, from, to)) return [];
      const book = bookAt(market, to, depth);
      return [
        {
          e: 'depthUpdate',
          E: to,
          T: book.id * 100,
          s: symbolOf(market),
          U: bookId(from) + 1,
          u: book.id,
          pu: bookId(from),
          b: levels(market, book.bids),
          a: levels(market, book.asks),
          st: 1,
        },
      ];
    };

  const active = (make: (market: ReplayMarket, now: number) => unknown) => (now: number) =>
    listed(now).map((market) => make(market, now));

  /** The stream of a name under `/market`, `undefined` for names that stream nothing there. */
  function marketStream(name: string): Stream | undefined {
    if (name === '!forceOrder@arr') return allForceOrders;
    if (name === '!markPrice@arr' || name === '!markPrice@arr@1s') {
      return every(name.endsWith('@1s') ? 1000 : 3000, active(markEvent));
    }
    if (name === '!ticker@arr') return every(1000, active(tickerEvent));
    if (name === '!miniTicker@arr') return every(1000, active(miniTickerEvent));
    const [symbol = '', kind = '', speed] = name.split('@');
    const market = bySymbol.get(symbol.replace(/_perpetual$/, '').toUpperCase());
    if (!market || symbol !== symbol.toLowerCase()) return undefined;
    const stream = marketStreamOf(market, kind, speed);
    return stream && whileListed(market, stream);
  }

  function marketStreamOf(market: ReplayMarket, kind: string, speed: string | undefined): Stream | undefined {
    const [, name, interval] = /^(kline|continuousKline)_(.+)$/.exec(kind) ?? [];
    if (interval)
      return intervals.includes(interval)
        ? candleStream(market, bucketOf(interval), 250, (candle, now) =>
            klineEvent(market, interval, candle, now, name === 'continuousKline'),
          )
        : undefined;
    if (kind === 'aggTrade') return aggTrades(market);
    if (kind === 'markPrice') return every(speed === '1s' ? 1000 : 3000, (now) => markEvent(market, now));
    if (kind === 'ticker') return every(1000, (now) => tickerEvent(market, now));
    if (kind === 'miniTicker') return every(1000, (now) => miniTickerEvent(market, now));
    if (kind === 'forceOrder') return forceOrders(market);
    return undefined;
  }

  /** The same for `/public`. */
  function publicStream(name: string): Stream | undefined {
    if (name === '!bookTicker') return every(5000, active(bookTickerEvent));
    const [symbol = '', kind = '', speed] = name.split('@');
    const market = bySymbol.get(symbol.toUpperCase());
    if (!market || symbol !== symbol.toLowerCase()) return undefined;
    const stream = publicStreamOf(market, kind, speed);
    return stream && whileListed(market, stream);
  }

  function publicStreamOf(market: ReplayMarket, kind: string, speed: string | undefined): Stream | undefined {
    const depth = /^(?:rpiD|d)epth(5|10|20)?$/.exec(kind);
    if (depth) {
      const everyMs = speed ? Number.parseInt(speed, 10) : 250;
      return depth[1] ? depthTop(market, Number(depth[1]), everyMs) : depthChanges(market, everyMs);
    }
    if (kind === 'bookTicker') return every(100, (now) => bookTickerEvent(market, now));
    if (kind === 'trade') return trades(market);
    return undefined;
  }

  function connect(path: string, query: URLSearchParams): SocketSession | undefined {
    const parts = /^(?:\/(market|public|private))?\/(ws|stream)(?:\/(.*))?$/.exec(path);
    if (!parts) return undefined;
    const [, prefix, mode, direct] = parts;
    // since April 2026 the address without a prefix acknowledges everything and sends nothing; nothing happens to
    // accounts either, whose address the official client always opens
    const find = prefix === 'market' ? marketStream : prefix === 'public' ? publicStream : () => undefined;
    let wrapped = mode === 'stream';
    const streams = new Map<string, Stream | undefined>();
    const add = (name: string) => {
      if (!streams.has(name)) streams.set(name, find(name));
    };
    for (const name of (query.get('streams') ?? direct ?? '').split('/')) if (name) add(name);
    return {
      pingMs: 180_000,
      idleMs: 600_000,
      receive(text) {
        let message: { method?: unknown; params?: unknown; id?: unknown };
        try {
          message = JSON.parse(text) as typeof message;
        } catch {
          return [
            JSON.stringify({ error: { code: 3, msg: 'Invalid JSON: expected value at line 1 column 1' } }),
          ];
        }
        const { method, params, id } = message ?? {};
        const names = Array.isArray(params) ? params.filter((name) => typeof name === 'string') : [];
        if (method === 'SUBSCRIBE') for (const name of names) add(name);
        else if (method === 'UNSUBSCRIBE') for (const name of names) streams.delete(name);
        else if (method === 'LIST_SUBSCRIPTIONS')
          return [JSON.stringify({ result: [...streams.keys()], id })];
        else if (method === 'GET_PROPERTY' || method === 'SET_PROPERTY') {
          const refused = (code: number, msg: string) => [JSON.stringify({ error: { code, msg }, id })];
          const [property, value] = Array.isArray(params) ? params : [];
          if (property !== 'combined') return refused(0, 'Unknown property');
          if (method === 'GET_PROPERTY') return [JSON.stringify({ result: wrapped, id })];
          if (typeof value !== 'boolean') return refused(1, 'Invalid value type: expected Boolean');
          wrapped = value;
        } else {
          const msg = `Invalid request: unknown variant ${String(method)}, expected one of SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS, SET_PROPERTY, GET_PROPERTY`;
          return [JSON.stringify({ error: { code: 2, msg }, id })];
        }
        return [JSON.stringify({ result: null, id })];
      },
      send(from, to) {
        return [...streams].flatMap(([stream, events]) =>
          (events?.(from, to) ?? []).map((data) => JSON.stringify(wrapped ? { stream, data } : data)),
        );
      },
    };
  }

  return {
    id: 'binance',
    hosts: hostsOf(row),
    pools: {
      weight: { limit: 2400, perMs: 60_000, ban: { afterRefusals: 20, forMs: 120_000 } },
      data: { limit: 1000, perMs: 300_000 },
      funding: { limit: 500, perMs: 300_000 },
      website: { limit: 600, perMs: 60_000 },
    },
    route: (method, path) => routes[`${method} ${path}`],
    unknown: (path) => new RequestRefusal(404, { code: -5000, msg: `Path ${path}, Method GET is invalid` }),
    limited: (pool, retryAfterMs) =>
      new RequestRefusal(
        429,
        {
          code: -1003,
          msg:
            pool === 'weight'
              ? 'Too many requests; current limit of IP(127.0.0.1) is 2400 requests per minute. Please use the websocket for live updates to avoid polling the API.'
              : 'Too many requests; please use the websocket for live updates.',
        },
        { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) },
      ),
    banned: (retryAfterMs) =>
      new RequestRefusal(
        418,
        {
          code: -1003,
          msg: 'Way too many requests; IP(127.0.0.1) banned. Please use the websocket for live updates to avoid bans.',
        },
        { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) },
      ),
    headers: ({ pool, weight }): Record<string, string> =>
      pool === 'weight' ? { 'X-MBX-USED-WEIGHT-1M': String(weight) } : {},
    // futures/data and the website's bapi are reported to answer without the header
    allowsAnyOrigin: (path) => path.startsWith('/fapi/'),
    connect,
  };
}
