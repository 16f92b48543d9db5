import { bybit as row } from '../../venues/bybit';
import { type BookLevel, type BookSnapshot, bookAt, bookChanges } from './book';
import { bucketOf } from './buckets';
import type { ReplayCandle, ReplayMarket } from './market';
import { shares } from './shares';
import { candleStream, crosses, whileListed } from './streams';
import { bybitTiers } from './tiers';
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

/** Bybit v5, category linear. */

const intervals: Record<string, string> = {
  1: '1m',
  3: '3m',
  5: '5m',
  15: '15m',
  30: '30m',
  60: '1h',
  120: '2h',
  240: '4h',
  360: '6h',
  720: '12h',
  D: '1d',
  W: '1w',
  M: '1M',
};
const periods: Record<string, string> = {
  '5min': '5m',
  '15min': '15m',
  '30min': '30m',
  '1h': '1h',
  '4h': '4h',
  '1d': '1d',
};

export function createBybit(markets: ReplayMarket[]): ReplayVenue {
  const bySymbol = new Map(markets.map((market) => [`${market.coin}USDT`, market]));
  const price = (market: ReplayMarket, value: number) => value.toFixed(market.priceDecimals);
  const amount = (market: ReplayMarket, value: number) => value.toFixed(market.baseDecimals);
  const symbolOf = (market: ReplayMarket) => `${market.coin}USDT`;
  const listed = (now: number) => markets.filter((market) => market.isListed(now));

  /** Business errors come with HTTP 200. */
  const refuse = (retCode: number, retMsg: string, now: number) =>
    new RequestRefusal(200, { retCode, retMsg, result: {}, retExtInfo: {}, time: now });
  const done = (result: unknown, now: number) => ({
    retCode: 0,
    retMsg: 'OK',
    result,
    retExtInfo: {},
    time: now,
  });

  function checkCategory({ query, now }: RestRequest): void {
    const category = query.get('category') ?? 'linear';
    if (category !== 'linear') throw refuse(10001, `params error: Category is invalid`, now);
  }

  function marketOf(request: RestRequest): ReplayMarket {
    checkCategory(request);
    const market = bySymbol.get(request.query.get('symbol') ?? '');
    if (!market?.isListed(request.now)) throw refuse(10001, 'params error: symbol invalid', request.now);
    return market;
  }

  /** The named market, or all; of the other categories there are none. */
  function marketsOf(request: RestRequest): ReplayMarket[] {
    if (['spot', 'inverse', 'option'].includes(request.query.get('category') ?? '')) return [];
    checkCategory(request);
    return request.query.get('symbol') ? [marketOf(request)] : listed(request.now);
  }

  /** A limit over the maximum is cut to it. */
  const limitOf = ({ query }: RestRequest, standard: number, most: number) =>
    Math.max(1, Math.min(most, queryNumber(query, 'limit') ?? standard));

  function candles(request: RestRequest, market: ReplayMarket): ReplayCandle[] {
    const interval = intervals[request.query.get('interval') ?? ''];
    if (!interval) throw refuse(10001, 'params error: Invalid interval', request.now);
    const from = queryNumber(request.query, 'start');
    const to = queryNumber(request.query, 'end');
    const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    // a start alone counts upwards from it; with an end the newest rows win
    const take = from !== undefined && to === undefined ? 'oldest' : 'newest';
    return market.candles(
      bucketOf(interval),
      { ...range, limit: limitOf(request, 200, 1000), take },
      request.now,
    );
  }

  const listing = (request: RestRequest, list: unknown[]) =>
    done({ category: 'linear', symbol: request.query.get('symbol') ?? '', list }, request.now);

  function derivedCandles(request: RestRequest, factor: (market: ReplayMarket, time: number) => number) {
    const market = marketOf(request);
    const rows = candles(request, market).map((candle) => {
      const first = factor(market, candle.time);
      const last = factor(market, Math.min(candle.end - 1, request.now));
      const cells = [
        candle.open * first,
        candle.high * Math.max(first, last),
        candle.low * Math.min(first, last),
        candle.close * last,
      ];
      return [String(candle.time), ...cells.map((value) => price(market, value))];
    });
    return listing(request, rows.reverse());
  }

  /** Rows before the cursor, the newest first, and the cursor of the next page. */
  function paged<T extends { time: number }>(
    request: RestRequest,
    rows: T[],
    limit: number,
  ): { page: T[]; cursor: string } {
    const cursor = decodeURIComponent(decodeURIComponent(request.query.get('cursor') ?? ''));
    const before = /lasttime=(\d+)/.exec(cursor)?.[1];
    const left = before ? rows.filter(({ time }) => time < Number(before) * 1000) : rows;
    const page = left.slice(-limit).reverse();
    const oldest = page.at(-1)?.time;
    const next =
      oldest !== undefined && left.length > limit ? `lastid=0&lasttime=${Math.floor(oldest / 1000)}` : '';
    return { page, cursor: encodeURIComponent(next) };
  }

  function ticker(market: ReplayMarket, now: number) {
    const { open, high, low, last, volume, quote } = market.day(now);
    const { bids, asks } = bookAt(market, now, 1);
    const single = market.openInterest(now);
    return {
      symbol: symbolOf(market),
      lastPrice: price(market, last),
      indexPrice: price(market, market.index(now)),
      markPrice: price(market, market.mark(now)),
      prevPrice24h: price(market, open),
      price24hPcnt: (last / open - 1).toFixed(6),
      highPrice24h: price(market, high),
      lowPrice24h: price(market, low),
      prevPrice1h: price(market, market.price(Math.max(market.start, now - 3_600_000))),
      openInterest: amount(market, single * 2),
      openInterestValue: (single * 2 * market.mark(now)).toFixed(2),
      singleOpenInterest: amount(market, single),
      singleOpenInterestValue: (single * market.mark(now)).toFixed(2),
      turnover24h: quote.toFixed(4),
      volume24h: amount(market, volume),
      fundingRate: market.fundingRate(now).toFixed(8),
      nextFundingTime: String(market.nextFundingTime(now)),
      predictedDeliveryPrice: '',
      basisRate: '',
      deliveryFeeRate: '',
      deliveryTime: '0',
      ask1Size: amount(market, asks[0]![1]),
      bid1Price: price(market, bids[0]![0]),
      ask1Price: price(market, asks[0]![0]),
      bid1Size: amount(market, bids[0]![1]),
      basis: '',
      preOpenPrice: '',
      preQty: '',
      curPreListingPhase: '',
      fundingIntervalHour: '8',
      fundingCap: '0.005',
      basisRateYear: '',
    };
  }

  function instrument(market: ReplayMarket) {
    const steps = bybitTiers(market.coin);
    const tick = market.tick.toFixed(market.priceDecimals);
    const step = (10 ** -market.baseDecimals).toFixed(market.baseDecimals);
    return {
      symbol: symbolOf(market),
      contractType: 'LinearPerpetual',
      status: 'Trading',
      baseCoin: market.coin,
      quoteCoin: 'USDT',
      launchTime: String(market.start),
      deliveryTime: '0',
      deliveryFeeRate: '',
      priceScale: String(market.priceDecimals),
      leverageFilter: { minLeverage: '1', maxLeverage: steps[0]!.leverage.toFixed(2), leverageStep: '0.01' },
      priceFilter: { minPrice: tick, maxPrice: '1999999.80', tickSize: tick },
      lotSizeFilter: {
        maxOrderQty: '1190.000',
        minOrderQty: step,
        qtyStep: step,
        postOnlyMaxOrderQty: '1190.000',
        maxMktOrderQty: '500.000',
        minNotionalValue: '5',
      },
      unifiedMarginTrade: true,
      fundingInterval: 480,
      settleCoin: 'USDT',
      copyTrading: 'both',
      upperFundingRate: '0.005',
      lowerFundingRate: '-0.005',
      isPreListing: false,
      preListingInfo: null,
      symbolType: shares.has(market.coin) ? 'stock' : '',
    };
  }

  const levels = (market: ReplayMarket, side: BookLevel[]) =>
    side.map(([p, q]) => [price(market, p), q === 0 ? '0' : amount(market, q)]);

  function bookReply(request: RestRequest, depth: number) {
    const market = marketOf(request);
    const { bids, asks, id } = bookAt(market, request.now, depth);
    return {
      s: symbolOf(market),
      a: levels(market, asks),
      b: levels(market, bids),
      ts: request.now,
      u: id,
      seq: id * 7,
      cts: id * 100,
    };
  }

  /** Every route shares the address's 600 requests in 5 seconds. */
  const at = (answer: Route['answer']): Route => ({ pool: 'ip', answer });

  const routes: Record<string, Route> = {
    'GET /v5/market/time': at(({ now }) =>
      done({ timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` }, now),
    ),
    'GET /v5/system/status': at(({ now }) => done({ list: [] }, now)),
    // perpetuals are never delivered
    'GET /v5/market/delivery-price': at((request) => {
      marketsOf(request);
      return done({ category: 'linear', list: [], nextPageCursor: '' }, request.now);
    }),
    'GET /v5/market/kline': at((request) => {
      const market = marketOf(request);
      const rows = candles(request, market).map((candle) => [
        String(candle.time),
        price(market, candle.open),
        price(market, candle.high),
        price(market, candle.low),
        price(market, candle.close),
        amount(market, candle.volume),
        candle.quote.toFixed(4),
      ]);
      return listing(request, rows.reverse());
    }),
    'GET /v5/market/mark-price-kline': at((request) =>
      derivedCandles(request, (market, time) => market.markFactor(time)),
    ),
    'GET /v5/market/index-price-kline': at((request) =>
      derivedCandles(request, (market, time) => market.markFactor(time) / (1 + market.fundingRate(time))),
    ),
    'GET /v5/market/premium-index-price-kline': at((request) => {
      const market = marketOf(request);
      const premium = (time: number) => market.mark(time) / market.index(time) - 1;
      const rows = candles(request, market).map((candle) => {
        const first = premium(candle.time);
        const last = premium(Math.min(candle.end - 1, request.now));
        const cells = [first, Math.max(first, last), Math.min(first, last), last];
        return [String(candle.time), ...cells.map((value) => value.toFixed(6))];
      });
      return listing(request, rows.reverse());
    }),
    'GET /v5/market/open-interest': at((request) => {
      const market = marketOf(request);
      const period = periods[request.query.get('intervalTime') ?? ''];
      if (!period) throw refuse(10001, 'params error: intervalTime invalid', request.now);
      const limit = limitOf(request, 50, 200);
      const to = queryNumber(request.query, 'endTime');
      // a start time without an end time is ignored
      const from = to === undefined ? undefined : queryNumber(request.query, 'startTime');
      const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const all = market.openInterestHistory(
        bucketOf(period),
        { ...range, limit: Number.POSITIVE_INFINITY, take: 'oldest' },
        request.now,
      );
      const { page, cursor } = paged(request, all, limit);
      const list = page.map(({ time, base }) => ({
        openInterest: (base * 2).toFixed(8),
        singleOpenInterest: amount(market, base),
        timestamp: String(time),
      }));
      return done(
        { symbol: symbolOf(market), category: 'linear', list, nextPageCursor: cursor },
        request.now,
      );
    }),
    'GET /v5/market/account-ratio': at((request) => {
      const market = marketOf(request);
      const period = periods[request.query.get('period') ?? ''];
      if (!period) throw refuse(10001, 'params error: period invalid', request.now);
      const from = queryNumber(request.query, 'startTime');
      const to = queryNumber(request.query, 'endTime');
      const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const all = market.longShares(
        bucketOf(period),
        { ...range, limit: Number.POSITIVE_INFINITY, take: 'oldest' },
        request.now,
      );
      const { page, cursor } = paged(request, all, limitOf(request, 50, 500));
      const list = page.map(({ time, long }) => ({
        symbol: symbolOf(market),
        buyRatio: long.toFixed(4),
        sellRatio: (1 - long).toFixed(4),
        timestamp: String(time),
      }));
      return done({ list, nextPageCursor: cursor }, request.now);
    }),
    'GET /v5/market/funding/history': at((request) => {
      const market = marketOf(request);
      const from = queryNumber(request.query, 'startTime');
      const to = queryNumber(request.query, 'endTime');
      if (from !== undefined && to === undefined) {
        throw refuse(10001, 'params error: endTime is required with startTime', request.now);
      }
      const list = market
        .funding(from ?? 0, to ?? request.now, request.now)
        .slice(-limitOf(request, 200, 200))
        .reverse()
        .map(({ time, rate }) => ({
          symbol: symbolOf(market),
          fundingRate: rate.toFixed(8),
          fundingRateTimestamp: String(time),
        }));
      return done({ category: 'linear', list }, request.now);
    }),
    'GET /v5/market/tickers': at((request) =>
      done(
        { category: 'linear', list: marketsOf(request).map((market) => ticker(market, request.now)) },
        request.now,
      ),
    ),
    'GET /v5/market/instruments-info': at((request) => {
      const status = request.query.get('status') ?? 'Trading';
      const all = status === 'Trading' ? marketsOf(request).map(instrument) : [];
      const from = Number(/^start=(\d+)$/.exec(request.query.get('cursor') ?? '')?.[1] ?? 0);
      const limit = limitOf(request, 500, 1000);
      const nextPageCursor = from + limit < all.length ? `start=${from + limit}` : '';
      return done({ category: 'linear', list: all.slice(from, from + limit), nextPageCursor }, request.now);
    }),
    'GET /v5/market/risk-limit': at((request) => {
      const list = marketsOf(request).flatMap((market) => {
        const rows = bybitTiers(market.coin).map((step, i) => ({
          id: i + 1,
          symbol: symbolOf(market),
          riskLimitValue: String(step.cap),
          maintenanceMargin: String(step.rate),
          initialMargin: (1 / step.leverage).toFixed(4),
          isLowestRisk: i === 0 ? 1 : 0,
          maxLeverage: step.leverage.toFixed(2),
          mmDeduction: '',
        }));
        // the venue's rows are not in order
        return rows.length > 1 ? [rows[1], rows[0], ...rows.slice(2)] : rows;
      });
      return done({ category: 'linear', list, nextPageCursor: '' }, request.now);
    }),
    'GET /v5/market/orderbook': at((request) =>
      done(bookReply(request, limitOf(request, 25, 1000)), request.now),
    ),
    // announced for contracts; there are no more levels here than reach an eighth of the price
    'GET /v5/market/full_orderbook': at((request) => done(bookReply(request, 2500), request.now)),
    'GET /v5/market/recent-trade': at((request) => {
      const market = marketOf(request);
      const limit = limitOf(request, 500, 1000);
      const list = market
        .newestTrades(request.now, limit)
        .reverse()
        .map((trade) => ({
          execId: execId(market, trade.id),
          symbol: symbolOf(market),
          price: price(market, trade.price),
          size: amount(market, trade.base),
          side: trade.taker === 'buy' ? 'Buy' : 'Sell',
          time: String(trade.time),
          isBlockTrade: false,
          isRPITrade: false,
          seq: String(trade.id),
        }));
      return done({ category: 'linear', list }, request.now);
    }),
  };

  const execId = (market: ReplayMarket, id: number) =>
    `${market.coin.toLowerCase()}-${id.toString(16).padStart(12, '0')}`;

  // ---- sockets ----

  const bookSpeeds: Record<string, number> = { 1: 10, 50: 20, 200: 100, 1000: 200 };

  function orderbook(market: ReplayMarket, depth: number, topic: string): Stream {
    let previous: BookSnapshot | undefined;
    const everyMs = Math.max(100, bookSpeeds[depth]!);
    return (from, to) => {
      if (previous && !crosses(everyMs, from, to)) return [];
      const book = bookAt(market, to, depth);
      const { bids, asks } = previous ? bookChanges(previous, book) : book;
      const type = previous ? 'delta' : 'snapshot';
      previous = book;
      if (bids.length + asks.length === 0) return [];
      const data = {
        s: symbolOf(market),
        b: levels(market, bids),
        a: levels(market, asks),
        u: book.id,
        seq: book.id * 7,
      };
      return [{ topic, type, ts: to, data, cts: book.id * 100 }];
    };
  }

  /** A snapshot, then only the fields that changed. */
  function tickers(market: ReplayMarket, topic: string): Stream {
    let previous: Record<string, string> | undefined;
    let cs = 0;
    return (from, to) => {
      if (previous && !crosses(100, from, to)) return [];
      const now: Record<string, string> = ticker(market, to);
      const before = previous;
      previous = now;
      const changed = before
        ? Object.entries(now).filter(([key, value]) => before[key] !== value)
        : Object.entries(now);
      if (changed.length === 0) return [];
      const data = { symbol: symbolOf(market), ...Object.fromEntries(changed) };
      return [{ topic, type: before ? 'delta' : 'snapshot', data, cs: cs++, ts: to }];
    };
  }

  function streamOf(topic: string): Stream | undefined {
    const parts = topic.split('.');
    const market = bySymbol.get(parts.at(-1)!);
    if (!market) return undefined;
    const [kind, argument = ''] = parts;
    if (kind === 'orderbook' && bookSpeeds[argument]) return orderbook(market, Number(argument), topic);
    if (kind === 'tickers') return tickers(market, topic);
    if (kind === 'kline' && intervals[argument]) {
      return candleStream(market, bucketOf(intervals[argument]), 1000, (candle, now) => ({
        topic,
        data: [
          {
            start: candle.time,
            end: candle.end - 1,
            interval: argument,
            open: price(market, candle.open),
            close: price(market, candle.close),
            high: price(market, candle.high),
            low: price(market, candle.low),
            volume: amount(market, candle.volume),
            turnover: candle.quote.toFixed(4),
            confirm: candle.closed,
            timestamp: now,
          },
        ],
        ts: now,
        type: 'snapshot',
      }));
    }
    if (kind === 'publicTrade') {
      let last = market.price(market.start);
      return (from, to) => {
        const data = market.trades(from, to).map((trade) => {
          const direction =
            trade.price > last ? 'PlusTick' : trade.price < last ? 'MinusTick' : 'ZeroPlusTick';
          last = trade.price;
          return {
            T: trade.time,
            s: symbolOf(market),
            S: trade.taker === 'buy' ? 'Buy' : 'Sell',
            v: amount(market, trade.base),
            p: price(market, trade.price),
            L: direction,
            i: execId(market, trade.id),
            BT: false,
            RPI: false,
            seq: trade.id,
          };
        });
        return data.length ? [{ topic, type: 'snapshot', ts: to, data }] : [];
      };
    }
    if (kind === 'allLiquidation') {
      let pending: unknown[] = [];
      return (from, to) => {
        for (const order of market.forcedOrders(from, to)) {
          pending.push({
            T: order.time,
            s: symbolOf(market),
            // the side of the position: a Buy position is a long
            S: order.side === 'long' ? 'Buy' : 'Sell',
            v: amount(market, order.base),
            p: price(market, order.bankruptcy),
          });
        }
        if (pending.length === 0 || !crosses(500, from, to)) return [];
        const data = pending;
        pending = [];
        return [{ topic, type: 'snapshot', ts: to, data }];
      };
    }
    return undefined;
  }

  let connections = 0;

  function connect(path: string): SocketSession | undefined {
    if (path !== '/v5/public/linear') return undefined;
    const conn_id = `replay-${++connections}`;
    const streams = new Map<string, Stream>();
    return {
      idleMs: 600_000,
      receive(text, now) {
        let message: { op?: unknown; req_id?: unknown; args?: unknown };
        try {
          message = JSON.parse(text) as typeof message;
        } catch {
          return [JSON.stringify({ success: false, ret_msg: 'error:json decode', conn_id, op: '' })];
        }
        const { op, args } = message;
        const req_id = message.req_id ?? '';
        if (op === 'ping')
          return [JSON.stringify({ success: true, ret_msg: 'pong', conn_id, req_id, op: 'ping' })];
        const topics = Array.isArray(args) ? args.filter((topic) => typeof topic === 'string') : [];
        if (op === 'subscribe') {
          // one topic that cannot be had refuses the whole list
          const refused = (problem: string, topic: string) => [
            JSON.stringify({
              success: false,
              ret_msg: `error:${problem},topic:${topic}`,
              conn_id,
              req_id,
              op,
            }),
          ];
          const added = new Map<string, Stream>();
          for (const topic of topics) {
            const stream = streamOf(topic);
            const market = bySymbol.get(topic.split('.').at(-1)!);
            if (!stream || !market?.isListed(now)) return refused('handler not found', topic);
            if (streams.has(topic)) return refused('already subscribed', topic);
            added.set(topic, whileListed(market, stream));
          }
          for (const [topic, stream] of added) streams.set(topic, stream);
        } else if (op === 'unsubscribe') {
          for (const topic of topics) streams.delete(topic);
        } else {
          return [
            JSON.stringify({ success: false, ret_msg: 'error:unknown op', conn_id, req_id, op: String(op) }),
          ];
        }
        return [
          JSON.stringify({
            success: true,
            ret_msg: '',
            conn_id,
            req_id,
            op,
          }),
        ];
      },
      send: (from, to) =>
        [...streams.values()].flatMap((stream) => stream(from, to).map((message) => JSON.stringify(message))),
    };
  }

  return {
    id: 'bybit',
    hosts: hostsOf(row, 'stream.bytick.com'),
    pools: { ip: { limit: 600, perMs: 5_000 } },
    route: (method, path) => routes[`${method} ${path}`],
    unknown: (path) => new RequestRefusal(404, { ret_code: 404, ret_msg: `no route for ${path}` }),
    limited: () => new RequestRefusal(403, 'access too frequent'),
    headers: () => ({}),
    allowsAnyOrigin: () => true,
    connect,
  };
}
