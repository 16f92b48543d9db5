import { okx as row } from '../../venues/okx';
import { type BookLevel, type BookSnapshot, bookAt, bookChanges, bookChecksum } from './book';
import { type Bucket, bucketOf } from './buckets';
import type { MarketTrade, ReplayCandle, ReplayMarket } from './market';
import { shares } from './shares';
import { atOnceAndEvery, candleStream, crosses, whileListed } from './streams';
import { okxTiers } from './tiers';
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

/** OKX v5, USDT swaps. Amounts are contracts. */

/** Coins per contract, as listed in 2026. */
export const contractSizes: Record<string, number> = {
  BTC: 0.01,
  ETH: 0.1,
  SOL: 1,
  XRP: 100,
  DOGE: 1000,
  PEPE: 10_000_000,
};
const hour = 3_600_000;

const bars = ['1m', '3m', '5m', '15m', '30m', '1H', '2H', '4H', '6H', '12H', '1D', '2D', '3D', '1W', '1M'];

/** Bars of six hours and more are cut at UTC+8 unless their name says utc. */
function bucketOfBar(bar: string): Bucket | undefined {
  const name = bar.replace(/utc$/, '');
  if (!bars.includes(name)) return undefined;
  return bucketOf(name, bar.endsWith('utc') ? 0 : -8 * hour);
}

export function createOkx(markets: ReplayMarket[]): ReplayVenue {
  const byId = new Map(markets.map((market) => [`${market.coin}-USDT-SWAP`, market]));
  const idOf = (market: ReplayMarket) => `${market.coin}-USDT-SWAP`;
  const family = (market: ReplayMarket) => `${market.coin}-USDT`;
  const price = (market: ReplayMarket, value: number) => value.toFixed(market.priceDecimals);
  const base = (market: ReplayMarket, value: number) => value.toFixed(market.baseDecimals);
  const sizeOf = (market: ReplayMarket) => contractSizes[market.coin] ?? 1;
  /** Contracts, as text without float noise. */
  const contracts = (market: ReplayMarket, value: number) =>
    String(Number((value / sizeOf(market)).toPrecision(12)));
  const listed = (now: number) => markets.filter((market) => market.isListed(now));

  const refuse = (code: string, msg: string, status = 200) =>
    new RequestRefusal(status, { code, data: [], msg });
  const done = (data: unknown[]) => ({ code: '0', data, msg: '' });

  function marketOf({ query, now }: RestRequest): ReplayMarket {
    const id = query.get('instId');
    if (!id) throw refuse('50014', 'Parameter instId cannot be empty', 400);
    const market = byId.get(id);
    if (!market?.isListed(now))
      throw refuse('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
    return market;
  }

  /** Swaps asked for by instId, instFamily or uly, or all of them. */
  function marketsOf(request: RestRequest): ReplayMarket[] {
    const { query, now } = request;
    const type = query.get('instType');
    if (type !== null && type !== 'SWAP') return [];
    if (query.get('instId')) return [marketOf(request)];
    const only = query.get('instFamily') ?? query.get('uly');
    return listed(now).filter((market) => !only || family(market) === only);
  }

  const limitOf = ({ query }: RestRequest, standard: number, most: number) =>
    Math.max(1, Math.min(most, queryNumber(query, 'limit') ?? standard));

  /** `after` asks for what is older, `before` for what is newer, both exclusive. */
  function cursors(
    { query }: RestRequest,
    newer = 'before',
    older = 'after',
  ): { from?: number; to?: number } {
    const from = queryNumber(query, newer);
    const to = queryNumber(query, older);
    return { ...(from === undefined ? {} : { from: from + 1 }), ...(to === undefined ? {} : { to: to - 1 }) };
  }

  function candles(
    request: RestRequest,
    market: ReplayMarket,
    most: number,
    limit = limitOf(request, 100, most),
  ): ReplayCandle[] {
    const bucket = bucketOfBar(request.query.get('bar') ?? '1m');
    if (!bucket) throw refuse('51000', 'Parameter bar error', 400);
    return market.candles(bucket, { ...cursors(request), limit, take: 'newest' }, request.now).reverse();
  }

  const candleRow = (market: ReplayMarket, candle: ReplayCandle) => [
    String(candle.time),
    price(market, candle.open),
    price(market, candle.high),
    price(market, candle.low),
    price(market, candle.close),
    contracts(market, candle.volume),
    base(market, candle.volume),
    candle.quote.toFixed(4),
    candle.closed ? '1' : '0',
  ];

  function derivedCandles(request: RestRequest, market: ReplayMarket, factor: (time: number) => number) {
    return candles(request, market, 100).map((candle) => {
      const first = factor(candle.time);
      const last = factor(Math.min(candle.end - 1, request.now));
      const cells = [
        candle.open * first,
        candle.high * Math.max(first, last),
        candle.low * Math.min(first, last),
        candle.close * last,
      ];
      return [String(candle.time), ...cells.map((value) => price(market, value)), candle.closed ? '1' : '0'];
    });
  }

  const markCandles: Route['answer'] = (request) => {
    const market = marketOf(request);
    return done(derivedCandles(request, market, (time) => market.markFactor(time)));
  };

  /** Asked for by the name of the index, BTC-USDT. */
  const indexCandles: Route['answer'] = (request) => {
    const market = byId.get(`${request.query.get('instId') ?? ''}-SWAP`);
    if (!market?.isListed(request.now))
      throw refuse('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
    return done(
      derivedCandles(request, market, (time) => market.markFactor(time) / (1 + market.fundingRate(time))),
    );
  };

  type Newest = { from?: number; to?: number; limit: number; take: 'newest' };

  /** Rows of a `rubik` route, newest first: at most 100 a call and 1,440 in all. */
  function history<T>(request: RestRequest, read: (bucket: Bucket, range: Newest) => T[]): T[] {
    const bucket = bucketOfBar(request.query.get('period') ?? '5m');
    if (!bucket) throw refuse('51000', 'Parameter period error', 400);
    let oldest = bucket.start(request.now);
    const length = bucket.next(oldest) - oldest;
    oldest -= 1439 * length;
    // begin and end are moments, both exclusive
    const range = cursors(request, 'begin', 'end');
    const from = Math.max(range.from ?? 0, oldest);
    return read(bucket, { ...range, from, limit: limitOf(request, 100, 100), take: 'newest' }).reverse();
  }

  /** The same for the instrument of the request. */
  function statistics<T>(
    request: RestRequest,
    read: (market: ReplayMarket, bucket: Bucket, range: Newest) => T[],
  ): T[] {
    const market = marketOf(request);
    return history(request, (bucket, range) => read(market, bucket, range));
  }

  /** The older routes ask by coin. */
  function ofCoin({ query, now }: RestRequest): ReplayMarket {
    const market = byId.get(`${query.get('ccy') ?? ''}-USDT-SWAP`);
    if (!market?.isListed(now)) throw refuse('51000', 'Parameter ccy error', 400);
    return market;
  }

  const ratio = (lean: number) => (request: RestRequest) =>
    done(
      statistics(request, (market, bucket, range) =>
        market.longShares(bucket, range, request.now).map(({ time, long }) => {
          const share = 0.5 + (long - 0.5) * lean;
          return [String(time), (share / (1 - share)).toFixed(4)];
        }),
      ),
    );

  function instrument(market: ReplayMarket) {
    const lot = contracts(market, market.step);
    return {
      alias: '',
      auctionEndTime: '',
      baseCcy: '',
      category: '1',
      ctMult: '1',
      ctType: 'linear',
      ctVal: String(sizeOf(market)),
      ctValCcy: market.coin,
      expTime: '',
      futureSettlement: false,
      instCategory: shares.has(market.coin) ? '3' : '1',
      instFamily: family(market),
      instId: idOf(market),
      instType: 'SWAP',
      lever: String(okxTiers(market.coin)[0]!.leverage),
      listTime: String(market.start),
      lotSz: lot,
      maxIcebergSz: '100000000',
      maxLmtAmt: '20000000',
      maxLmtSz: '100000000',
      maxMktAmt: '',
      maxMktSz: '10000',
      maxStopSz: '10000',
      maxTriggerSz: '100000000',
      maxTwapSz: '100000000',
      minSz: lot,
      openType: '',
      optType: '',
      quoteCcy: '',
      ruleType: 'normal',
      settleCcy: 'USDT',
      state: 'live',
      stk: '',
      tickSz: market.tick.toFixed(market.priceDecimals),
      uly: family(market),
    };
  }

  function ticker(market: ReplayMarket, now: number) {
    const { open, high, low, last, volume } = market.day(now);
    const { bids, asks } = bookAt(market, now, 1);
    const openOf = (offset: number) =>
      market.price(Math.max(market.start, bucketOf('1d', offset).start(now)));
    return {
      instType: 'SWAP',
      instId: idOf(market),
      last: price(market, last),
      lastSz: contracts(market, market.newestTrades(now, 1).at(-1)?.base ?? 0),
      askPx: price(market, asks[0]![0]),
      askSz: contracts(market, asks[0]![1]),
      bidPx: price(market, bids[0]![0]),
      bidSz: contracts(market, bids[0]![1]),
      open24h: price(market, open),
      high24h: price(market, high),
      low24h: price(market, low),
      volCcy24h: base(market, volume),
      vol24h: contracts(market, volume),
      ts: String(now),
      sodUtc0: price(market, openOf(0)),
      sodUtc8: price(market, openOf(-8 * hour)),
    };
  }

  function openInterest(market: ReplayMarket, now: number) {
    const coins = market.openInterest(now);
    return {
      instType: 'SWAP',
      instId: idOf(market),
      oi: contracts(market, coins),
      oiCcy: base(market, coins),
      oiUsd: (coins * market.mark(now)).toFixed(4),
      ts: String(now),
    };
  }

  function fundingRate(market: ReplayMarket, now: number) {
    const next = market.nextFundingTime(now);
    return {
      formulaType: 'withRate',
      fundingRate: market.fundingRate(now).toFixed(10),
      fundingTime: String(next),
      impactValue: '20000.0000000000000000',
      instId: idOf(market),
      instType: 'SWAP',
      interestRate: '0.0001000000000000',
      maxFundingRate: '0.00375',
      method: 'current_period',
      minFundingRate: '-0.00375',
      nextFundingRate: '',
      nextFundingTime: String(next + market.profile.fundingIntervalMs),
      premium: (market.mark(now) / market.index(now) - 1).toFixed(10),
      settFundingRate: market.fundingRate(now).toFixed(10),
      settState: 'settled',
      ts: String(now),
    };
  }

  const markPrice = (market: ReplayMarket, now: number) => ({
    instId: idOf(market),
    instType: 'SWAP',
    markPx: price(market, market.mark(now)),
    ts: String(now),
  });

  const levels = (market: ReplayMarket, side: BookLevel[]) =>
    side.map(([p, q]) => [price(market, p), contracts(market, q), '0', q === 0 ? '0' : '1']);

  const book = (market: ReplayMarket, now: number, depth: number) => {
    const { bids, asks, id } = bookAt(market, now, depth);
    return { asks: levels(market, asks), bids: levels(market, bids), ts: String(id * 100), seqId: id };
  };

  const tradeRow = (market: ReplayMarket, trade: MarketTrade) => ({
    instId: idOf(market),
    side: trade.taker,
    sz: contracts(market, trade.base),
    px: price(market, trade.price),
    source: '0',
    tradeId: String(trade.id),
    ts: String(trade.time),
  });

  function indexTicker(market: ReplayMarket, now: number) {
    const { open, high, low } = market.day(now);
    return {
      instId: family(market),
      idxPx: price(market, market.index(now)),
      high24h: price(market, high),
      low24h: price(market, low),
      open24h: price(market, open),
      sodUtc0: price(market, open),
      sodUtc8: price(market, open),
      ts: String(now),
    };
  }

  /** Every route has a budget of its own; those per instrument are kept apart by `key`. */
  const at = (
    pool: string,
    answer: Route['answer'],
    perInstrument = false,
  ): Omit<Route, 'key'> & { perInstrument: boolean } => ({
    pool,
    answer,
    perInstrument,
  });
  const perSwap = (pool: string, make: (market: ReplayMarket, now: number) => unknown) =>
    at(pool, (request) => done(marketsOf(request).map((market) => make(market, request.now))));

  const rubik = '/api/v5/rubik/stat/contracts';
  const table = {
    '/api/v5/public/time': at('10/2s', ({ now }) => done([{ ts: String(now) }])),
    '/api/v5/system/status': at('1/5s', () => done([])),
    '/api/v5/public/instruments': at('20/2s', (request) => {
      if (!request.query.get('instType')) throw refuse('50014', 'Parameter instType cannot be empty', 400);
      return done(marketsOf(request).map(instrument));
    }),
    '/api/v5/market/candles': at('40/2s', (request) => {
      const market = marketOf(request);
      const rows = candles(request, market, 300);
      const bucket = bucketOfBar(request.query.get('bar') ?? '1m')!;
      const start = bucket.start(request.now);
      const oldest = start - 1439 * (bucket.next(start) - start);
      return done(rows.filter(({ time }) => time >= oldest).map((candle) => candleRow(market, candle)));
    }),
    '/api/v5/market/history-candles': at('20/2s', (request) => {
      const market = marketOf(request);
      // closed bars only: the forming one must not use up the limit
      const limit = limitOf(request, 100, 300);
      const rows = candles(request, market, 300, limit + 1).filter(({ closed }) => closed);
      return done(rows.slice(0, limit).map((candle) => candleRow(market, candle)));
    }),
    '/api/v5/market/mark-price-candles': at('20/2s', markCandles),
    '/api/v5/market/history-mark-price-candles': at('20/2s', markCandles),
    '/api/v5/market/index-candles': at('20/2s', indexCandles),
    '/api/v5/market/history-index-candles': at('10/2s', indexCandles),
    '/api/v5/public/open-interest': perSwap('20/2s', openInterest),
    [`${rubik}/open-interest-history`]: at(
      '10/2s',
      (request) =>
        done(
          statistics(request, (market, bucket, range) =>
            market
              .openInterestHistory(bucket, range, request.now)
              .map((row) => [
                String(row.time),
                contracts(market, row.base),
                base(market, row.base),
                (row.base * row.price).toFixed(4),
              ]),
          ),
        ),
      true,
    ),
    [`${rubik}/open-interest-volume`]: at('5/2s', (request) => {
      const market = ofCoin(request);
      const rows = history(request, (bucket, range) =>
        market.openInterestHistory(bucket, range, request.now).map(({ time, base: coins, price: at }) => {
          const traded = market.candle(time, bucket.next(time), request.now)?.quote ?? 0;
          return [String(time), (coins * at).toFixed(4), traded.toFixed(4)];
        }),
      );
      return done(rows);
    }),
    [`${rubik}/long-short-account-ratio`]: at('5/2s', (request) => {
      const market = ofCoin(request);
      const rows = history(request, (bucket, range) =>
        market
          .longShares(bucket, range, request.now)
          .map(({ time, long }) => [String(time), (long / (1 - long)).toFixed(4)]),
      );
      return done(rows);
    }),
    [`${rubik}/long-short-account-ratio-contract`]: at('5/2s', ratio(1), true),
    [`${rubik}/long-short-account-ratio-contract-top-trader`]: at('5/2s', ratio(0.8), true),
    [`${rubik}/long-short-position-ratio-contract-top-trader`]: at('5/2s', ratio(0.4), true),
    '/api/v5/rubik/stat/taker-volume-contract': at(
      '5/2s',
      (request) => {
        const unit = request.query.get('unit') ?? '1';
        return done(
          statistics(request, (market, bucket, range) =>
            // closed periods only: the forming one must not use up the limit
            market
              .candles(bucket, { ...range, limit: range.limit + 1 }, request.now)
              .filter(({ closed }) => closed)
              .slice(-range.limit)
              .map((candle) => {
                const mean = candle.volume > 0 ? candle.quote / candle.volume : candle.close;
                const say = (value: number) =>
                  unit === '0'
                    ? base(market, value)
                    : unit === '2'
                      ? (value * mean).toFixed(4)
                      : contracts(market, value);
                return [String(candle.time), say(candle.volume - candle.takerBuy), say(candle.takerBuy)];
              }),
          ),
        );
      },
      true,
    ),
    '/api/v5/public/funding-rate': at(
      '10/2s',
      (request) => {
        const every = request.query.get('instId') === 'ANY';
        const asked = every ? listed(request.now) : [marketOf(request)];
        return done(asked.map((market) => fundingRate(market, request.now)));
      },
      true,
    ),
    '/api/v5/public/funding-rate-history': at(
      '10/2s',
      (request) => {
        const market = marketOf(request);
        const { from = 0, to = request.now } = cursors(request);
        const quarter = request.now - 92 * 24 * hour;
        return done(
          market
            .funding(Math.max(from, quarter), to, request.now)
            .slice(-limitOf(request, 400, 400))
            .reverse()
            .map(({ time, rate }) => ({
              formulaType: 'withRate',
              fundingRate: rate.toFixed(10),
              fundingTime: String(time),
              instId: idOf(market),
              instType: 'SWAP',
              method: 'current_period',
              realizedRate: rate.toFixed(10),
            })),
        );
      },
      true,
    ),
    '/api/v5/public/mark-price': perSwap('10/2s', markPrice),
    '/api/v5/public/price-limit': at('20/2s', (request) => {
      const market = marketOf(request);
      const mark = market.mark(request.now);
      return done([
        {
          instType: 'SWAP',
          instId: idOf(market),
          buyLmt: price(market, mark * 1.02),
          sellLmt: price(market, mark * 0.98),
          ts: String(request.now),
          enabled: true,
        },
      ]);
    }),
    '/api/v5/market/ticker': at('20/2s', (request) => done([ticker(marketOf(request), request.now)])),
    '/api/v5/market/tickers': perSwap('20/2s', ticker),
    '/api/v5/market/index-tickers': at('20/2s', (request) => {
      const id = request.query.get('instId');
      const found = listed(request.now).filter((market) => !id || family(market) === id);
      if (found.length === 0)
        throw refuse('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
      return done(found.map((market) => indexTicker(market, request.now)));
    }),
    '/api/v5/market/books-full': at('10/2s', (request) => {
      const depth = Math.min(5000, queryNumber(request.query, 'sz') ?? 1);
      const { seqId: _, ...whole } = book(marketOf(request), request.now, depth);
      // price, contracts, orders: the third cell of the other route is not in this one
      const side = (rows: (string | undefined)[][]) => rows.map(([at, size, , orders]) => [at, size, orders]);
      return done([{ ...whole, asks: side(whole.asks), bids: side(whole.bids) }]);
    }),
    '/api/v5/market/books': at('40/2s', (request) => {
      const depth = Math.min(400, queryNumber(request.query, 'sz') ?? 1);
      return done([book(marketOf(request), request.now, depth)]);
    }),
    '/api/v5/market/trades': at('100/2s', (request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 100, 500);
      const rows = market.newestTrades(request.now, limit).reverse();
      return done(rows.map((trade) => tradeRow(market, trade)));
    }),
    // pages by trade id (type 1) or by time (type 2); the newest come first
    '/api/v5/market/history-trades': at('20/2s', (request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 100, 100);
      const byTime = request.query.get('type') === '2';
      const older = queryNumber(request.query, 'after');
      const newer = byTime ? undefined : queryNumber(request.query, 'before');
      const until = older === undefined ? request.now : byTime ? older - 1 : market.tradeTime(older);
      // of the same millisecond there may be some that are newer
      const sameMoment = 100;
      const rows = market
        .newestTrades(Math.min(until, request.now), limit + sameMoment)
        .filter(
          ({ id }) => (byTime || older === undefined || id < older) && (newer === undefined || id > newer),
        )
        .slice(-limit)
        .reverse();
      return done(rows.map((trade) => tradeRow(market, trade)));
    }),
    '/api/v5/public/position-tiers': at('10/2s', (request) => {
      const only = request.query.get('instFamily') ?? request.query.get('uly');
      if (!only && !request.query.get('instId'))
        throw refuse('50014', 'Parameter instFamily cannot be empty', 400);
      return done(
        marketsOf(request).flatMap((market) => {
          let floor = 0;
          return okxTiers(market.coin).map(({ cap, rate, leverage }, i) => {
            const row = {
              baseMaxLoan: '',
              imr: (1 / leverage).toFixed(4),
              instFamily: family(market),
              instId: '',
              maxLever: String(leverage),
              maxSz: String(cap),
              minSz: String(floor),
              mmr: String(rate),
              optMgnFactor: '0',
              quoteMaxLoan: '',
              tier: String(i + 1),
              uly: family(market),
            };
            floor = cap;
            return row;
          });
        }),
      );
    }),
  };
  const routes = new Map<string, Route>(
    Object.entries(table).map(([path, { pool, answer, perInstrument }]) => [
      `GET ${path}`,
      { pool, answer, key: ({ query }) => (perInstrument ? `${path}/${query.get('instId')}` : path) },
    ]),
  );

  // ---- sockets ----

  interface Argument {
    channel?: string;
    instType?: string;
    instId?: string;
    instFamily?: string;
  }

  const bookDepths: Record<string, number> = {
    books5: 5,
    'bbo-tbt': 1,
    books: 400,
    'books50-l2-tbt': 50,
    'books-l2-tbt': 400,
  };

  /** A snapshot and then changes, or for `books5` and `bbo-tbt` always the whole. */
  function books(market: ReplayMarket, arg: Argument): Stream {
    const channel = arg.channel!;
    const depth = bookDepths[channel]!;
    const isWhole = channel === 'books5' || channel === 'bbo-tbt';
    let previous: BookSnapshot | undefined;
    return (from, to) => {
      if (previous && !crosses(100, from, to)) return [];
      const now = bookAt(market, to, depth);
      const before = previous;
      previous = now;
      const shared = { ts: String(now.id * 100), seqId: now.id };
      if (isWhole) {
        return [
          {
            arg,
            data: [
              {
                asks: levels(market, now.asks),
                bids: levels(market, now.bids),
                instId: idOf(market),
                ...shared,
              },
            ],
          },
        ];
      }
      const { bids, asks } = before ? bookChanges(before, now) : now;
      const data = {
        asks: levels(market, asks),
        bids: levels(market, bids),
        ...shared,
        prevSeqId: before?.id ?? -1,
        checksum: bookChecksum(levels(market, now.bids), levels(market, now.asks)),
      };
      return [{ arg, action: before ? 'update' : 'snapshot', data: [data] }];
    };
  }

  /** Forced orders of every swap; the details of one swap within a push share a row. */
  const liquidations =
    (arg: Argument): Stream =>
    (from, to) =>
      markets
        .filter((market) => market.isListed(to) && (!arg.instFamily || arg.instFamily === family(market)))
        .flatMap((market) => {
          const details = market.forcedOrders(from, to).map((order) => ({
            bkLoss: '0',
            bkPx: price(market, order.bankruptcy),
            ccy: '',
            // the position's side, and the order that closes it
            posSide: order.side,
            side: order.side === 'long' ? 'sell' : 'buy',
            sz: contracts(market, order.base),
            ts: String(order.time),
          }));
          if (details.length === 0) return [];
          const data = [
            {
              details,
              instFamily: family(market),
              instId: idOf(market),
              instType: 'SWAP',
              uly: family(market),
            },
          ];
          return [{ arg, data }];
        });

  function streamOf(arg: Argument, business: boolean): Stream | undefined {
    const { channel = '' } = arg;
    if (channel === 'liquidation-orders' && !business)
      return arg.instType === 'SWAP' ? liquidations(arg) : undefined;
    const index = channel === 'index-tickers';
    const market = byId.get(index ? `${arg.instId}-SWAP` : (arg.instId ?? ''));
    if (!market) return undefined;
    const stream = marketStream(market, arg, business);
    return stream && whileListed(market, stream);
  }

  function marketStream(market: ReplayMarket, arg: Argument, business: boolean): Stream | undefined {
    const { channel = '' } = arg;
    const state = (everyMs: number, make: (at: ReplayMarket, now: number) => unknown) =>
      atOnceAndEvery(everyMs, (now) => ({ arg, data: [make(market, now)] }));
    if (business) {
      const mark = channel.startsWith('mark-price-candle');
      const bar = channel.replace(/^(mark-price-)?candle/, '');
      const bucket = bar === channel ? undefined : bucketOfBar(bar);
      if (!bucket) return undefined;
      return candleStream(market, bucket, 500, (candle, now) => {
        const row = candleRow(market, candle);
        if (!mark) return { arg, data: [row] };
        const factor = market.markFactor(now);
        const cells = [candle.open, candle.high, candle.low, candle.close].map((value) =>
          price(market, value * factor),
        );
        return { arg, data: [[row[0], ...cells, row[8]]] };
      });
    }
    if (bookDepths[channel]) return books(market, arg);
    if (channel === 'mark-price') return state(200, markPrice);
    if (channel === 'index-tickers') return state(100, indexTicker);
    if (channel === 'open-interest') return state(3000, openInterest);
    if (channel === 'funding-rate') return state(30_000, fundingRate);
    if (channel === 'tickers') return state(100, ticker);
    if (channel === 'trades' || channel === 'trades-all') {
      return (from, to) =>
        market.trades(from, to).map((trade) => ({ arg, data: [{ ...tradeRow(market, trade), count: '1' }] }));
    }
    return undefined;
  }

  let connections = 0;

  function connect(path: string): SocketSession | undefined {
    const business = path === '/ws/v5/business';
    if (!business && path !== '/ws/v5/public') return undefined;
    const connId = (++connections).toString(16).padStart(8, '0');
    const streams = new Map<string, Stream>();
    const error = (code: string, msg: string, id?: string) =>
      JSON.stringify({ ...(id ? { id } : {}), event: 'error', code, msg, connId });
    return {
      idleMs: 30_000,
      receive(text) {
        if (text === 'ping') return ['pong'];
        let message: { op?: unknown; args?: unknown; id?: string };
        try {
          message = JSON.parse(text) as typeof message;
        } catch {
          return [error('60012', `Invalid request: ${text}`)];
        }
        const { op } = message;
        if ((op !== 'subscribe' && op !== 'unsubscribe') || !Array.isArray(message.args)) {
          return [error('60012', `Invalid request: ${text}`, message.id)];
        }
        return message.args.map((arg: Argument) => {
          const key = JSON.stringify(arg);
          if (op === 'unsubscribe') streams.delete(key);
          else {
            const stream = streamOf(arg, business);
            if (!stream) {
              const said = Object.entries(arg).map(([name, value]) => `${name}:${value}`);
              return error(
                '60018',
                `Wrong URL or ${said.join(',')} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`,
                message.id,
              );
            }
            // asked for again, it goes on as it was: a second snapshot would not fit the book a client holds
            if (!streams.has(key)) streams.set(key, stream);
          }
          return JSON.stringify({ ...(message.id ? { id: message.id } : {}), event: op, arg, connId });
        });
      },
      send: (from, to) =>
        [...streams.values()].flatMap((stream) => stream(from, to).map((message) => JSON.stringify(message))),
    };
  }

  const perTwoSeconds = (limit: number) => ({ limit, perMs: 2_000 });
  return {
    id: 'okx',
    hosts: hostsOf(row),
    pools: {
      '5/2s': perTwoSeconds(5),
      '10/2s': perTwoSeconds(10),
      '20/2s': perTwoSeconds(20),
      '40/2s': perTwoSeconds(40),
      '100/2s': perTwoSeconds(100),
      '1/5s': { limit: 1, perMs: 5_000 },
    },
    route: (method, path) => routes.get(`${method} ${path}`),
    unknown: (path) => new RequestRefusal(404, { code: '404', data: [], msg: `Not Found: ${path}` }),
    limited: () => new RequestRefusal(429, { code: '50011', data: [], msg: 'Too Many Requests' }),
    headers: () => ({}),
    // not known of the real address: what the page there needs is on its own host
    allowsAnyOrigin: () => false,
    connect,
  };
}
