import { bitget as row } from '../../venues/bitget';
import {
  type BookLevel,
  type BookSnapshot,
  bookAt,
  bookChanges,
  bookChecksum,
  levelsWithin,
  merged,
} from './book';
import { type Bucket, bucketOf } from './buckets';
import type { MarketTrade, ReplayCandle, ReplayMarket } from './market';
import { shares } from './shares';
import { atOnceAndEvery, candleStream, crosses, whileListed } from './streams';
import { bitgetTiers } from './tiers';
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

/** Bitget USDT-FUTURES: REST v2 and the parts of v3 that have no v2 route, sockets v2 and v3. */

const hour = 3_600_000;
const day = 24 * hour;
const granularities = ['1m', '3m', '5m', '15m', '30m', '1H', '2H', '4H', '6H', '12H', '1D', '3D', '1W', '1M'];
const periods = ['5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1Dutc'];

/** Bars of six hours and more are cut at UTC+8 unless their name says utc. */
function bucketOfBar(name: string): Bucket | undefined {
  const bar = name.replace(/utc$/, '');
  return granularities.includes(bar) ? bucketOf(bar, name.endsWith('utc') ? 0 : -8 * hour) : undefined;
}

export function createBitget(markets: ReplayMarket[]): ReplayVenue {
  const bySymbol = new Map(markets.map((market) => [`${market.coin}USDT`, market]));
  const symbolOf = (market: ReplayMarket) => `${market.coin}USDT`;
  const price = (market: ReplayMarket, value: number) => value.toFixed(market.priceDecimals);
  const amount = (market: ReplayMarket, value: number) => value.toFixed(market.baseDecimals);
  const listed = (now: number) => markets.filter((market) => market.isListed(now));

  const refuse = (code: string, msg: string, now: number, status = 400) =>
    new RequestRefusal(status, { code, msg, requestTime: now, data: null });
  const done = (data: unknown, now: number) => ({ code: '00000', msg: 'success', requestTime: now, data });

  function checkProduct({ query, now }: RestRequest): void {
    const product = query.get('productType') ?? query.get('category');
    if (!product) throw refuse('400172', 'Parameter verification failed', now);
    if (product.toUpperCase() !== 'USDT-FUTURES') throw refuse('40020', 'Parameter productType error', now);
  }

  /** The ratio routes know symbols without a product. */
  function marketOf(request: RestRequest, needsProduct = true): ReplayMarket {
    if (needsProduct) checkProduct(request);
    const market = bySymbol.get((request.query.get('symbol') ?? '').toUpperCase());
    if (!market?.isListed(request.now)) throw refuse('40034', 'Parameter symbol does not exist', request.now);
    return market;
  }

  /** The named market, or all; of the other products there are none. */
  function marketsOf(request: RestRequest): ReplayMarket[] {
    const product = (request.query.get('productType') ?? request.query.get('category') ?? '').toUpperCase();
    if (/^(S?COIN-FUTURES|S?USDC-FUTURES|SUSDT-FUTURES|SPOT|MARGIN)$/.test(product)) return [];
    checkProduct(request);
    return request.query.get('symbol') ? [marketOf(request)] : listed(request.now);
  }

  const limitOf = ({ query }: RestRequest, standard: number, most: number) =>
    Math.max(1, Math.min(most, queryNumber(query, 'limit') ?? standard));

  /** How far back each interval goes, days. */
  const depths: Record<string, number> = {
    '1m': 30,
    '3m': 30,
    '5m': 30,
    '15m': 52,
    '30m': 62,
    '1H': 83,
    '2H': 120,
    '4H': 240,
  };

  function candles(
    request: RestRequest,
    market: ReplayMarket,
    most: number,
    isHistory: boolean,
  ): ReplayCandle[] {
    const name = request.query.get('granularity') ?? request.query.get('interval') ?? '';
    const bucket = bucketOfBar(name);
    if (!bucket) throw refuse('400171', 'Parameter verification failed granularity', request.now);
    const to = queryNumber(request.query, 'endTime');
    const start = queryNumber(request.query, 'startTime');
    if (start !== undefined && to !== undefined && to - start > 90 * day) {
      throw refuse('00001', 'startTime and endTime interval cannot be greater than 90 days', request.now);
    }
    const reach = isHistory ? 0 : request.now - (depths[name] ?? 3650) * day;
    const from = Math.max(start ?? 0, reach);
    const take = start !== undefined && to === undefined ? 'oldest' : 'newest';
    const range = {
      from,
      ...(to === undefined ? {} : { to: to - 1 }),
      limit: limitOf(request, 100, most),
      take,
    } as const;
    return market.candles(bucket, range, request.now);
  }

  const candleRow = (market: ReplayMarket, candle: ReplayCandle) => [
    String(candle.time),
    price(market, candle.open),
    price(market, candle.high),
    price(market, candle.low),
    price(market, candle.close),
    amount(market, candle.volume),
    candle.quote.toFixed(4),
  ];

  /** What candles are asked for, in small or capital letters. */
  function kindOf({ query, now }: RestRequest, name: string): string {
    const kind = (query.get(name) ?? 'MARKET').toUpperCase();
    if (!['MARKET', 'MARK', 'INDEX'].includes(kind))
      throw refuse('400172', 'Parameter verification failed', now);
    return kind;
  }

  /** MARKET, MARK or INDEX candles. */
  function candleRows(request: RestRequest, most: number, isHistory: boolean, kind: string) {
    const market = marketOf(request);
    return candles(request, market, most, isHistory).map((candle) => {
      const row = candleRow(market, candle);
      if (kind === 'MARKET') return row;
      const factor = (time: number) =>
        market.markFactor(time) / (kind === 'INDEX' ? 1 + market.fundingRate(time) : 1);
      const first = factor(candle.time);
      const last = factor(Math.min(candle.end - 1, request.now));
      const cells = [
        candle.open * first,
        candle.high * Math.max(first, last),
        candle.low * Math.min(first, last),
        candle.close * last,
      ];
      return [row[0], ...cells.map((value) => price(market, value)), '0', '0'];
    });
  }

  function ticker(market: ReplayMarket, now: number) {
    const { open, high, low, last, volume, quote } = market.day(now);
    const { bids, asks } = bookAt(market, now, 1);
    const utc = market.price(Math.max(market.start, bucketOf('1d').start(now)));
    return {
      symbol: symbolOf(market),
      lastPr: price(market, last),
      askPr: price(market, asks[0]![0]),
      bidPr: price(market, bids[0]![0]),
      bidSz: amount(market, bids[0]![1]),
      askSz: amount(market, asks[0]![1]),
      high24h: price(market, high),
      low24h: price(market, low),
      ts: String(now),
      change24h: (last / open - 1).toFixed(5),
      baseVolume: amount(market, volume),
      quoteVolume: quote.toFixed(4),
      usdtVolume: quote.toFixed(4),
      openUtc: price(market, utc),
      changeUtc24h: (last / utc - 1).toFixed(5),
      indexPrice: price(market, market.index(now)),
      fundingRate: market.fundingRate(now).toFixed(6),
      holdingAmount: amount(market, market.openInterest(now)),
      deliveryStartTime: null,
      deliveryTime: null,
      deliveryStatus: '',
      open24h: price(market, open),
      markPrice: price(market, market.mark(now)),
    };
  }

  /** The same in the words of the third version. */
  function tickerV3(market: ReplayMarket, now: number) {
    const row = ticker(market, now);
    return {
      symbol: row.symbol,
      ts: row.ts,
      lastPrice: row.lastPr,
      openPrice24h: row.open24h,
      highPrice24h: row.high24h,
      lowPrice24h: row.low24h,
      ask1Price: row.askPr,
      bid1Price: row.bidPr,
      bid1Size: row.bidSz,
      ask1Size: row.askSz,
      price24hPcnt: row.change24h,
      volume24h: row.baseVolume,
      turnover24h: row.quoteVolume,
      indexPrice: row.indexPrice,
      markPrice: row.markPrice,
      fundingRate: row.fundingRate,
      openInterest: row.holdingAmount,
      deliveryStartTime: '',
      deliveryTime: '',
      deliveryStatus: '',
    };
  }

  function contract(market: ReplayMarket) {
    const step = market.step.toFixed(market.baseDecimals);
    return {
      symbol: symbolOf(market),
      baseCoin: market.coin,
      quoteCoin: 'USDT',
      buyLimitPriceRatio: '0.05',
      sellLimitPriceRatio: '0.05',
      feeRateUpRatio: '0.005',
      makerFeeRate: '0.0002',
      takerFeeRate: '0.0006',
      openCostUpRatio: '0.01',
      supportMarginCoins: ['USDT'],
      minTradeNum: step,
      priceEndStep: '1',
      volumePlace: String(market.baseDecimals),
      pricePlace: String(market.priceDecimals),
      sizeMultiplier: step,
      symbolType: 'perpetual',
      minTradeUSDT: '5',
      maxSymbolOrderNum: '200',
      maxProductOrderNum: '1000',
      maxPositionNum: '150',
      symbolStatus: 'normal',
      offTime: '-1',
      limitOpenTime: '-1',
      deliveryTime: '',
      deliveryStartTime: '',
      deliveryPeriod: '',
      launchTime: String(market.start),
      fundInterval: '8',
      minLever: '1',
      maxLever: String(bitgetTiers(market.coin)[0]!.leverage),
      posLimit: '0.1',
      maintainTime: '',
      openTime: '',
      isRwa: shares.has(market.coin) ? 'YES' : 'NO',
    };
  }

  /** Ratio rows, ascending; how many the venue sends is not documented, here 500. */
  function ratios(request: RestRequest, make: (long: number, time: number) => unknown) {
    const market = marketOf(request, false);
    const period = request.query.get('period') ?? '5m';
    if (!periods.includes(period))
      throw refuse('400171', 'Parameter verification failed period', request.now);
    const bucket = bucketOf(period.replace('utc', ''));
    const rows = market.longShares(bucket, { limit: 500, take: 'newest' }, request.now);
    return done(
      rows.map(({ time, long }) => make(long, time)),
      request.now,
    );
  }

  const forcedRow = (market: ReplayMarket, order: ReturnType<ReplayMarket['forcedOrders']>[number]) => ({
    symbol: symbolOf(market),
    // the side of the position: a buy position is a long
    side: order.side === 'long' ? 'buy' : 'sell',
    price: price(market, order.bankruptcy),
    amount: amount(market, order.base),
    ts: String(order.time),
  });

  /** One push a second holds the largest record of each side: the same sampling as the socket's. */
  function sampled(market: ReplayMarket, from: number, to: number) {
    const largest = new Map<string, ReturnType<ReplayMarket['forcedOrders']>[number]>();
    for (const order of market.forcedOrders(from, to)) {
      const key = `${Math.floor(order.time / 1000)}/${order.side}`;
      const known = largest.get(key);
      if (!known || order.base > known.base) largest.set(key, order);
    }
    return [...largest.values()].map((order) => forcedRow(market, order));
  }

  const levels = (market: ReplayMarket, side: BookLevel[]) =>
    side.map(([p, q]) => [price(market, p), amount(market, q)]);

  const fillRow = (market: ReplayMarket, trade: MarketTrade) => ({
    tradeId: String(trade.id),
    price: price(market, trade.price),
    size: amount(market, trade.base),
    side: trade.taker,
    ts: String(trade.time),
    symbol: symbolOf(market),
  });
  const fills = (market: ReplayMarket, now: number, limit: number) =>
    market
      .newestTrades(now, limit)
      .reverse()
      .map((trade) => fillRow(market, trade));

  const at = (answer: Route['answer'], pool = '20/s') => ({ answer, pool });
  const mix = '/api/v2/mix/market';
  // alike in both versions
  const account = (request: RestRequest) =>
    ratios(request, (long, time) => ({
      longAccountRatio: long.toFixed(4),
      shortAccountRatio: (1 - long).toFixed(4),
      // the published field disagrees with the two shares, so it does here
      longShortAccountRatio: (long / (1 - long) / 100).toFixed(4),
      ts: String(time),
    }));
  const position = (request: RestRequest) =>
    ratios(request, (long, time) => {
      const share = 0.5 + (long - 0.5) * 0.4;
      return {
        longPositionRatio: share.toFixed(4),
        shortPositionRatio: (1 - share).toFixed(4),
        longShortPositionRatio: (share / (1 - share) / 100).toFixed(4),
        ts: String(time),
      };
    });
  const takers = (request: RestRequest) => {
    const market = marketOf(request, false);
    const period = request.query.get('period') ?? '5m';
    if (!periods.includes(period))
      throw refuse('400171', 'Parameter verification failed period', request.now);
    const rows = market.candles(
      bucketOf(period.replace('utc', '')),
      { limit: 501, take: 'newest' },
      request.now,
    );
    return done(
      rows
        .filter(({ closed }) => closed)
        .slice(-500)
        .map((candle) => ({
          buyVolume: amount(market, candle.takerBuy),
          sellVolume: amount(market, candle.volume - candle.takerBuy),
          ts: String(candle.time),
        })),
      request.now,
    );
  };

  const table: Record<string, { answer: Route['answer']; pool: string }> = {
    // clients that load every market ask for these first; there is nothing but futures here
    '/api/v2/spot/public/coins': at(({ now }) => done([], now)),
    '/api/v2/spot/public/symbols': at(({ now }) => done([], now)),
    '/api/v2/margin/currencies': at(({ now }) => done([], now)),
    '/api/v2/public/time': at(({ now }) => done({ serverTime: String(now) }, now)),
    [`${mix}/candles`]: at((request) =>
      done(candleRows(request, 1000, false, kindOf(request, 'kLineType')), request.now),
    ),
    [`${mix}/history-candles`]: at((request) => done(candleRows(request, 200, true, 'MARKET'), request.now)),
    [`${mix}/history-mark-candles`]: at((request) =>
      done(candleRows(request, 200, true, 'MARK'), request.now),
    ),
    [`${mix}/history-index-candles`]: at((request) =>
      done(candleRows(request, 200, true, 'INDEX'), request.now),
    ),
    [`${mix}/open-interest`]: at((request) => {
      const market = marketOf(request);
      const size = amount(market, market.openInterest(request.now));
      return done(
        { openInterestList: [{ symbol: symbolOf(market), size }], ts: String(request.now) },
        request.now,
      );
    }),
    [`${mix}/ticker`]: at((request) => done([ticker(marketOf(request), request.now)], request.now)),
    [`${mix}/tickers`]: at((request) => {
      return done(
        marketsOf(request).map((market) => ticker(market, request.now)),
        request.now,
      );
    }),
    [`${mix}/symbol-price`]: at((request) => {
      const market = marketOf(request);
      const row = {
        symbol: symbolOf(market),
        price: price(market, market.price(request.now)),
        indexPrice: price(market, market.index(request.now)),
        markPrice: price(market, market.mark(request.now)),
        ts: String(request.now),
      };
      return done([row], request.now);
    }),
    [`${mix}/funding-time`]: at((request) => {
      const market = marketOf(request);
      const row = {
        symbol: symbolOf(market),
        nextFundingTime: String(market.nextFundingTime(request.now)),
        ratePeriod: '8',
      };
      return done([row], request.now);
    }),
    [`${mix}/current-fund-rate`]: at((request) =>
      done(
        marketsOf(request).map((market) => ({
          symbol: symbolOf(market),
          fundingRate: market.fundingRate(request.now).toFixed(6),
          fundingRateInterval: '8',
          nextUpdate: String(market.nextFundingTime(request.now)),
          minFundingRate: '-0.003',
          maxFundingRate: '0.003',
        })),
        request.now,
      ),
    ),
    [`${mix}/history-fund-rate`]: at((request) => {
      const market = marketOf(request);
      const size = Math.min(100, queryNumber(request.query, 'pageSize') ?? 20);
      const page = Math.max(1, queryNumber(request.query, 'pageNo') ?? 1);
      const rows = market
        .funding(0, request.now, request.now)
        .reverse()
        .slice((page - 1) * size, page * size);
      return done(
        rows.map(({ time, rate }) => ({
          symbol: symbolOf(market),
          fundingRate: rate.toFixed(6),
          fundingTime: String(time),
        })),
        request.now,
      );
    }),
    [`${mix}/account-long-short`]: at(account, '1/s'),
    [`${mix}/position-long-short`]: at(position, '1/s'),
    [`${mix}/long-short`]: at(
      (request) =>
        ratios(request, (long, time) => ({
          longRatio: long.toFixed(4),
          shortRatio: (1 - long).toFixed(4),
          longShortRatio: (long / (1 - long) / 100).toFixed(4),
          ts: String(time),
        })),
      '1/s',
    ),
    [`${mix}/taker-buy-sell`]: at(takers, '1/s'),
    [`${mix}/contracts`]: at((request) => done(marketsOf(request).map(contract), request.now)),
    [`${mix}/query-position-lever`]: at((request) => {
      const market = marketOf(request);
      return done(
        bitgetTiers(market.coin).map((step, i) => ({
          symbol: symbolOf(market),
          level: String(i + 1),
          startUnit: String(step.floor),
          endUnit: String(step.cap),
          leverage: String(step.leverage),
          keepMarginRate: String(step.rate),
        })),
        request.now,
      );
    }, '10/s'),
    [`${mix}/merge-depth`]: at((request) => {
      const market = marketOf(request);
      const asked = request.query.get('limit') ?? '100';
      const depth = asked === 'max' ? 500 : Number(asked) || 100;
      const scale = /^scale([0-3])$/.exec(request.query.get('precision') ?? 'scale0')?.[1];
      if (scale === undefined) throw refuse('400172', 'Parameter verification failed', request.now);
      const step = market.tick * 10 ** Number(scale);
      const within = levelsWithin(market, market.price(request.now), depth * step);
      const fine = bookAt(market, request.now, scale === '0' ? depth : Math.min(5000, depth + within));
      const merge = (side: BookLevel[], round: (value: number) => number) =>
        scale === '0' ? side : merged(side, step, round, depth);
      const bids = merge(fine.bids, (value) => Math.floor(value + 1e-9));
      const asks = merge(fine.asks, (value) => Math.ceil(value - 1e-9));
      const numbers = (side: BookLevel[]) => levels(market, side).map((level) => level.map(Number));
      return done(
        {
          asks: numbers(asks),
          bids: numbers(bids),
          ts: String(fine.id * 100),
          scale: step.toFixed(market.priceDecimals),
          precision: `scale${scale}`,
          isMaxPrecision: 'NO',
        },
        request.now,
      );
    }),
    [`${mix}/fills`]: at((request) =>
      done(fills(marketOf(request), request.now, limitOf(request, 100, 100)), request.now),
    ),
    [`${mix}/fills-history`]: at((request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 500, 1000);
      const before = queryNumber(request.query, 'idLessThan');
      const until = before === undefined ? request.now : Math.min(request.now, market.tradeTime(before));
      const to = Math.min(queryNumber(request.query, 'endTime') ?? until, until);
      const from = queryNumber(request.query, 'startTime') ?? 0;
      // of the same millisecond there may be some that are newer
      const sameMoment = 100;
      const rows = market
        .newestTrades(to, limit + sameMoment)
        .filter(({ id, time }) => time >= from && (before === undefined || id < before))
        .slice(-limit)
        .reverse();
      return done(
        rows.map((trade) => fillRow(market, trade)),
        request.now,
      );
    }, '10/s'),
    '/api/v3/market/futures-account-long-short': at(account, '1/s'),
    '/api/v3/market/futures-position-long-short': at(position, '1/s'),
    '/api/v3/market/futures-active-buy-sell': at(takers, '1/s'),
    '/api/v3/public/time': at(({ now }) => done({ serverTime: String(now) }, now)),
    '/api/v3/market/tickers': at((request) =>
      done(
        marketsOf(request).map((market) => {
          const { symbol, ...row } = tickerV3(market, request.now);
          return { category: 'USDT-FUTURES', symbol, ...row };
        }),
        request.now,
      ),
    ),
    '/api/v3/market/candles': at((request) =>
      done(candleRows(request, 100, false, kindOf(request, 'type')), request.now),
    ),
    '/api/v3/market/history-candles': at((request) =>
      done(candleRows(request, 100, true, kindOf(request, 'type')), request.now),
    ),
    '/api/v3/market/instruments': at((request) =>
      done(
        marketsOf(request).map((market) => {
          const row = contract(market);
          return {
            symbol: row.symbol,
            category: 'USDT-FUTURES',
            baseCoin: row.baseCoin,
            quoteCoin: row.quoteCoin,
            buyLimitPriceRatio: row.buyLimitPriceRatio,
            sellLimitPriceRatio: row.sellLimitPriceRatio,
            feeRateUpRatio: row.feeRateUpRatio,
            makerFeeRate: row.makerFeeRate,
            takerFeeRate: row.takerFeeRate,
            openCostUpRatio: row.openCostUpRatio,
            minOrderQty: row.minTradeNum,
            maxOrderQty: '',
            pricePrecision: row.pricePlace,
            quantityPrecision: row.volumePlace,
            quotePrecision: null,
            priceMultiplier: market.tick.toFixed(market.priceDecimals),
            quantityMultiplier: row.sizeMultiplier,
            type: row.symbolType,
            symbolType: shares.has(market.coin) ? 'stock' : 'crypto',
            isRwa: row.isRwa,
            minOrderAmount: row.minTradeUSDT,
            maxSymbolOrderNum: row.maxSymbolOrderNum,
            maxProductOrderNum: row.maxProductOrderNum,
            maxPositionNum: row.maxPositionNum,
            status: 'online',
            offTime: row.offTime,
            limitOpenTime: row.limitOpenTime,
            deliveryTime: '',
            deliveryStartTime: '',
            deliveryPeriod: '',
            launchTime: row.launchTime,
            fundInterval: row.fundInterval,
            minLeverage: row.minLever,
            maxLeverage: row.maxLever,
            maintainTime: '',
          };
        }),
        request.now,
      ),
    ),
    '/api/v3/market/orderbook': at((request) => {
      const market = marketOf(request);
      const { bids, asks, id } = bookAt(market, request.now, limitOf(request, 5, 200));
      const data = { a: levels(market, asks), b: levels(market, bids), ts: String(id * 100) };
      return done(data, request.now);
    }),
    '/api/v3/market/fills': at((request) =>
      done(
        fills(marketOf(request), request.now, limitOf(request, 100, 100)).map(
          ({ tradeId, price: p, size, side, ts }) => ({ execId: tradeId, price: p, size, side, ts }),
        ),
        request.now,
      ),
    ),
    '/api/v3/market/history-fund-rate': at((request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 100, 100);
      const page = Math.max(1, queryNumber(request.query, 'cursor') ?? 1);
      const resultList = market
        .funding(0, request.now, request.now)
        .reverse()
        .slice((page - 1) * limit, page * limit)
        .map(({ time, rate }) => ({
          symbol: symbolOf(market),
          fundingRate: rate.toFixed(6),
          fundingRateTimestamp: String(time),
        }));
      return done({ resultList }, request.now);
    }),
    '/api/v3/market/position-tier': at((request) => {
      const market = marketOf(request);
      return done(
        bitgetTiers(market.coin).map((step, i) => ({
          tier: String(i + 1),
          minTierValue: String(step.floor),
          maxTierValue: String(step.cap),
          leverage: String(step.leverage),
          mmr: String(step.rate),
        })),
        request.now,
      );
    }, '10/s'),
    '/api/v3/market/open-interest': at((request) =>
      done(
        {
          list: marketsOf(request).map((market) => ({
            symbol: symbolOf(market),
            openInterest: amount(market, market.openInterest(request.now)),
          })),
          ts: String(request.now),
        },
        request.now,
      ),
    ),
    '/api/v3/market/current-fund-rate': at((request) => {
      const market = marketOf(request, false);
      const row = {
        symbol: symbolOf(market),
        fundingRate: market.fundingRate(request.now).toFixed(6),
        fundingRateInterval: '8',
        nextUpdate: String(market.nextFundingTime(request.now)),
        minFundingRate: '-0.003',
        maxFundingRate: '0.003',
      };
      return done([row], request.now);
    }),
    '/api/v3/market/liquidations': at((request) => {
      const limit = limitOf(request, 100, 100);
      const cursor = queryNumber(request.query, 'cursor') ?? 0;
      const from = Math.max(queryNumber(request.query, 'startTime') ?? 0, request.now - 3 * day);
      const to = Math.min(queryNumber(request.query, 'endTime') ?? request.now, request.now);
      const all = marketsOf(request)
        .flatMap((market) => sampled(market, from, to))
        .sort((a, b) => Number(b.ts) - Number(a.ts));
      const list = all.slice(cursor, cursor + limit);
      return done({ list, cursor: cursor + limit < all.length ? String(cursor + limit) : '' }, request.now);
    }, '5/s'),
  };
  const routes = new Map<string, Route>(
    Object.entries(table).map(([path, { pool, answer }]) => [
      `GET ${path}`,
      { pool, answer, key: () => path },
    ]),
  );

  // ---- sockets ----

  interface Argument {
    instType?: string;
    channel?: string;
    instId?: string;
    topic?: string;
    symbol?: string;
    interval?: string;
  }

  const wholeBooks: Record<string, number> = { books1: 1, books5: 5, books15: 15 };

  function streamV2(market: ReplayMarket, arg: Argument): Stream | undefined {
    const { channel = '' } = arg;
    const say = (action: string, data: unknown[], ts: number) => ({ action, arg, data, ts });
    if (channel === 'ticker') {
      return atOnceAndEvery(300, (now) => {
        const row = ticker(market, now);
        const data = {
          symbol: row.symbol,
          lastPr: row.lastPr,
          askPr: row.askPr,
          bidPr: row.bidPr,
          bidSz: row.bidSz,
          askSz: row.askSz,
          open24h: row.open24h,
          high24h: row.high24h,
          low24h: row.low24h,
          change24h: row.change24h,
          baseVolume: row.baseVolume,
          quoteVolume: row.quoteVolume,
          openUtc: row.openUtc,
          indexPrice: row.indexPrice,
          markPrice: row.markPrice,
          fundingRate: row.fundingRate,
          holdingAmount: row.holdingAmount,
          ts: row.ts,
          instId: symbolOf(market),
          nextFundingTime: String(market.nextFundingTime(now)),
          symbolType: '1',
          deliveryPrice: '0',
        };
        return say('snapshot', [data], now);
      });
    }
    if (channel.startsWith('candle')) {
      const bucket = bucketOfBar(channel.slice('candle'.length));
      if (!bucket) return undefined;
      const row = (candle: ReplayCandle) => [...candleRow(market, candle), candle.quote.toFixed(4)];
      const live = candleStream(market, bucket, 500, (candle, now) => say('update', [row(candle)], now));
      let started = false;
      return (from, to) => {
        if (started) return live(from, to);
        started = true;
        const past = market.candles(bucket, { limit: 500, take: 'newest' }, to).map(row);
        return [say('snapshot', past, to)];
      };
    }
    if (wholeBooks[channel]) {
      return atOnceAndEvery(channel === 'books1' ? 100 : 150, (now) => {
        const { bids, asks, id } = bookAt(market, now, wholeBooks[channel]!);
        const data = {
          asks: levels(market, asks),
          bids: levels(market, bids),
          checksum: bookChecksum(levels(market, bids), levels(market, asks)),
          seq: id,
          ts: String(id * 100),
        };
        return say('snapshot', [data], now);
      });
    }
    if (channel === 'books') {
      let previous: BookSnapshot | undefined;
      return (from, to) => {
        if (previous && !crosses(150, from, to)) return [];
        const book = bookAt(market, to, 200);
        const { bids, asks } = previous ? bookChanges(previous, book) : book;
        const action = previous ? 'update' : 'snapshot';
        previous = book;
        const data = {
          asks: levels(market, asks),
          bids: levels(market, bids),
          checksum: bookChecksum(levels(market, book.bids), levels(market, book.asks)),
          seq: book.id,
          ts: String(book.id * 100),
        };
        return [say(action, [data], to)];
      };
    }
    if (channel === 'trade') {
      let started = false;
      return (from, to) => {
        const fresh = started
          ? market
              .trades(from, to)
              .reverse()
              .map((trade) => fillRow(market, trade))
          : fills(market, to, 50);
        const action = started ? 'update' : 'snapshot';
        started = true;
        const rows = fresh.map(({ symbol: _, ...row }) => row);
        return rows.length ? [say(action, rows, to)] : [];
      };
    }
    return undefined;
  }

  /** Pushed once a second: the largest record of each side and symbol. */
  function liquidations(arg: Argument): Stream {
    let since: number | undefined;
    return (from, to) => {
      since ??= from;
      if (!crosses(1000, from, to)) return [];
      const until = Math.floor(to / 1000) * 1000 - 1;
      const data = listed(to)
        .filter((market) => !arg.symbol || arg.symbol === symbolOf(market))
        .flatMap((market) => sampled(market, since!, until));
      since = until;
      return data.length ? [{ data, arg, action: 'update', ts: to }] : [];
    };
  }

  function streamV3(arg: Argument): Stream | undefined {
    if (arg.topic === 'liquidation') return liquidations(arg);
    const market = bySymbol.get(arg.symbol ?? '');
    const stream = market && marketV3(market, arg);
    return stream && whileListed(market, stream);
  }

  function marketV3(market: ReplayMarket, arg: Argument): Stream | undefined {
    const { topic = '', interval = '' } = arg;
    const say = (action: string, data: unknown[], ts: number) => ({ action, arg, data, ts });
    if (topic === 'ticker') {
      return atOnceAndEvery(300, (now) => {
        const { symbol: _, ts: __, ...row } = tickerV3(market, now);
        return say('snapshot', [row], now);
      });
    }
    if (topic === 'kline') {
      const bucket = bucketOfBar(interval);
      if (!bucket) return undefined;
      const names = ['start', 'open', 'high', 'low', 'close', 'volume', 'turnover'];
      const row = (candle: ReplayCandle) =>
        Object.fromEntries(candleRow(market, candle).map((cell, i) => [names[i], cell]));
      return candleStream(market, bucket, 500, (candle, now) => say('update', [row(candle)], now));
    }
    const depth = /^books(1|5|50)?$/.exec(topic);
    if (depth) {
      let previous: BookSnapshot | undefined;
      return (from, to) => {
        if (previous && !crosses(150, from, to)) return [];
        const book = bookAt(market, to, Number(depth[1] ?? 200));
        // the shallow ones always come whole
        const before = depth[1] ? undefined : previous;
        const { bids, asks } = before ? bookChanges(before, book) : book;
        previous = book;
        const data = {
          a: levels(market, asks),
          b: levels(market, bids),
          // what links a change to the one before it, in place of a check sum
          pseq: before?.id ?? 0,
          seq: book.id,
          ts: String(book.id * 100),
        };
        return [say(before ? 'update' : 'snapshot', [data], to)];
      };
    }
    if (topic !== 'publicTrade') return undefined;
    return (from, to) => {
      const data = market.trades(from, to).map((trade) => ({
        i: String(trade.id),
        p: price(market, trade.price),
        v: amount(market, trade.base),
        S: trade.taker,
        T: String(trade.time),
      }));
      return data.length ? [say('update', data, to)] : [];
    };
  }

  function connect(path: string): SocketSession | undefined {
    const isV3 = path === '/v3/ws/public';
    if (!isV3 && path !== '/v2/ws/public') return undefined;
    const streams = new Map<string, Stream>();
    const find = (arg: Argument) => {
      if (arg.instType?.toLowerCase() !== 'usdt-futures') return undefined;
      if (isV3) return streamV3(arg);
      const market = bySymbol.get(arg.instId ?? '');
      const stream = market && streamV2(market, arg);
      return stream && whileListed(market, stream);
    };
    return {
      idleMs: 120_000,
      receive(text) {
        if (text === 'ping') return ['pong'];
        let message: { op?: unknown; args?: unknown };
        try {
          message = JSON.parse(text) as typeof message;
        } catch {
          return [JSON.stringify({ event: 'error', code: 30003, msg: 'Invalid request' })];
        }
        const { op } = message;
        if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(message.args)) {
          return [JSON.stringify({ event: 'error', code: 30003, msg: 'Invalid op' })];
        }
        return message.args.map((arg: Argument) => {
          const key = JSON.stringify(arg);
          if (op === 'unsubscribe') streams.delete(key);
          else {
            const stream = find(arg);
            if (!stream) {
              const msg = `instType:${arg.instType},channel:${arg.channel ?? arg.topic},instId:${arg.instId ?? arg.symbol} doesn't exist`;
              return JSON.stringify({ event: 'error', arg, code: 30001, msg, op });
            }
            // asked for again, it goes on as it was: a second snapshot would not fit the book a client holds
            if (!streams.has(key)) streams.set(key, stream);
          }
          return JSON.stringify({ event: op, arg });
        });
      },
      send: (from, to) =>
        [...streams.values()].flatMap((stream) => stream(from, to).map((message) => JSON.stringify(message))),
    };
  }

  const perSecond = (limit: number) => ({ limit, perMs: 1_000 });
  return {
    id: 'bitget',
    hosts: hostsOf(row, 'www.bitget.com'),
    pools: { '20/s': perSecond(20), '10/s': perSecond(10), '5/s': perSecond(5), '1/s': perSecond(1) },
    route: (method, path) => routes.get(`${method} ${path}`),
    unknown: (path) =>
      new RequestRefusal(404, { code: '40404', msg: 'Request URL NOT FOUND', requestTime: 0, data: path }),
    limited: () =>
      new RequestRefusal(429, { code: '429', msg: 'Too Many Requests', requestTime: 0, data: null }),
    headers: () => ({}),
    allowsAnyOrigin: () => false,
    connect,
  };
}
