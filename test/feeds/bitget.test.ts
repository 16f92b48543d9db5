import { describe, expect, it } from 'vitest';
import { bitget } from '../../src/feeds/bitget';
import { type Call, FeedError, type SocketPlan } from '../../src/feeds/feed';
import { changed, coin, events, fixture, parameters, readOn, way } from './fixture';

const now = 1_700_000_000_000;
const btc = coin('BTCUSDT', 'BTC-USDT');

function malformed(run: () => unknown) {
  expect(run).toThrow(FeedError);
  expect(run).toThrow(expect.objectContaining({ kind: 'malformed', venue: 'bitget' }));
}

/** What stands behind a call of the third version. */
const older = <T>(call: Call<T>) => way(call, '/v2/');

describe('Bitget replies of v3', () => {
  it('list perpetuals that are online, and say what is no coin', () => {
    const list = bitget.instruments()[0]!.parse(fixture('bitget', 'v3-instruments'), now);
    const listed = list.map(({ native, symbol, kind, multiplier, maxLeverage, fundingIntervalMs }) => [
      native,
      symbol,
      kind ?? 'coin',
      multiplier,
      maxLeverage,
      fundingIntervalMs,
    ]);
    expect(listed.filter(([, , kind]) => kind === 'coin')).toEqual([
      ['BTCUSDT', 'BTC-USDT', 'coin', 1, 125, 28_800_000],
      ['1000BONKUSDT', 'BONK-USDT', 'coin', 1000, 75, 14_400_000],
    ]);
    for (const share of ['NVDA', 'TSLA', 'XAU'])
      expect(list.some(({ symbol }) => symbol === `${share}-USDT`)).toBe(false);
    expect(list[0]!.tickSize).toBeCloseTo(0.1, 12);
    expect(list[1]!.tickSize).toBeCloseTo(5e-9, 15);
  });

  it('give figures as v2 gives them', () => {
    expect(bitget.openInterest(btc).parse(fixture('bitget', 'v3-open-interest'), now)).toEqual({
      time: 1751101220993,
      base: 18166.3583,
    });
    expect(bitget.mark(btc).parse(fixture('bitget', 'v3-tickers'), now)).toEqual({
      time: 1750332730472,
      mark: 104738,
      index: 104785.956168,
      fundingRate: -0.000007,
    });
    expect(bitget.fundingState!(btc).parse(fixture('bitget', 'v3-current-fund-rate'), now)).toEqual({
      time: now,
      rate: 0.00001,
      intervalMs: 28_800_000,
      nextTime: 1750924800000,
    });
    expect(bitget.tiers(btc, 1).parse(fixture('bitget', 'v3-position-tier'), now)).toEqual([
      { floor: 0, cap: 150_000, maintenanceRate: 0.004, maxLeverage: 125 },
      { floor: 150_000, cap: 900_000, maintenanceRate: 0.005, maxLeverage: 100 },
    ]);
    expect(bitget.book(btc).parse(fixture('bitget', 'v3-orderbook'), now)).toMatchObject({
      time: 1750329437763,
      bids: [
        [104927.4, 0.229914],
        [104927, 0.7],
      ],
    });
  });

  it('lead through the pages of fundings', () => {
    const page = fixture('bitget', 'v3-history-fund-rate');
    const call = bitget.funding(btc, { from: 1750300000000 });
    expect(call.parse(page, now).map(({ time }) => time)).toEqual([1750402800000, 1750431600000]);
    expect(call.next!(page)).toBeUndefined();
    page.data.resultList = Array.from({ length: 100 }, (_, i) => ({
      ...page.data.resultList[0],
      fundingRateTimestamp: String(1750431600000 - i * 28_800_000),
    }));
    expect(call.next!(page)).toBeUndefined();
    const longer = bitget.funding(btc, { from: 1740000000000 });
    expect(parameters(longer.next!(page)!.url)).toMatchObject({ cursor: '2', limit: '100' });
  });

  it('give candles a hundred at a time: long spans are asked of v2 first', () => {
    expect(bitget.candles(btc, '5m').url).toContain('/v2/');
    expect(bitget.candles(btc, '5m', undefined, 50).url).toContain('/v3/');
    const from = 1_650_000_000_000;
    const step = 300_000;
    const range = { from, to: from + 249 * step };
    const all = Array.from({ length: 250 }, (_, i) => [
      String(from + i * step),
      '2',
      '3',
      '1',
      '2',
      '5',
      '10',
    ]);
    let call: Call<unknown> | undefined = way(bitget.candles(btc, '5m', range, 250), '/v3/');
    const pages: unknown[] = [];
    for (let asked = 0; call && asked < 10; asked++) {
      const { startTime, endTime, limit } = parameters(call.url);
      const data = all
        .filter(([at]) => Number(at) >= Number(startTime) && Number(at) <= Number(endTime))
        .slice(-Number(limit));
      const reply = { code: '00000', msg: '', requestTime: now, data };
      pages.push(call.parse(reply, now));
      call = call.next!(reply);
    }
    expect(pages).toHaveLength(3);
    const join = way(bitget.candles(btc, '5m', range, 250), '/v3/').join!;
    expect(join(pages as never).map(({ time }) => time)).toEqual(all.map(([at]) => Number(at)));
  });

  it('merge the book as far as it takes to reach two percent, once the price is known', () => {
    const scale = (price?: number) => parameters(older(bitget.book(btc, price)).url).precision;
    expect(bitget.book(btc).url).toContain('/v3/');
    expect(bitget.book(btc, 100_000).url).toContain('/v2/');
    expect([scale(), scale(100), scale(1_000), scale(10_000), scale(100_000)]).toEqual([
      'scale0',
      'scale0',
      'scale1',
      'scale2',
      'scale3',
    ]);
  });
});

describe('Bitget replies of v2', () => {
  it('list normal perpetuals with a tick of priceEndStep × 10^−pricePlace', () => {
    const list = older(bitget.instruments()[0]!).parse(fixture('bitget', 'contracts'), now);
    expect(
      list.map((each) => [
        each.native,
        each.symbol,
        each.multiplier,
        each.maxLeverage,
        each.fundingIntervalMs,
      ]),
    ).toEqual([
      ['BTCUSDT', 'BTC-USDT', 1, 125, 28_800_000],
      ['PEPEUSDT', 'PEPE-USDT', 1, 75, 28_800_000],
      ['1000BONKUSDT', 'BONK-USDT', 1000, 125, 14_400_000],
    ]);
    expect(list[0]!.tickSize).toBeCloseTo(0.1, 12);
    expect(list[2]!.tickSize).toBeCloseTo(5e-9, 15);
  });

  it('give bars ascending, whichever way they come', () => {
    const reply = fixture('bitget', 'candles');
    const expected = [1645911960000, 1645912260000];
    expect(
      bitget
        .candles(btc, '5m')
        .parse(reply, now)
        .map((bar) => bar.time),
    ).toEqual(expected);
    reply.data.reverse();
    expect(
      bitget
        .candles(btc, '5m')
        .parse(reply, now)
        .map((bar) => bar.time),
    ).toEqual(expected);
    expect(bitget.candles(btc, '5m').parse(reply, now)[0]!.volume).toBe(35.526);
  });

  it('give open interest now, and offer no history of it', () => {
    expect(older(bitget.openInterest(btc)).parse(fixture('bitget', 'open-interest'), now)).toEqual({
      time: 1700866041023,
      base: 52234.134,
    });
    expect(bitget).not.toHaveProperty('openInterestHistory');
    expect(bitget.limits.openInterestHistory).toBe(false);
  });

  it('give mark, and the running funding with its interval from hours', () => {
    expect(older(bitget.mark(btc)).parse(fixture('bitget', 'ticker'), now)).toEqual({
      time: 1695794098184,
      mark: 27000,
      index: 25702.4,
      fundingRate: 0.000013,
    });
    expect(bitget.fundingState!(btc).parse(fixture('bitget', 'current-fund-rate'), now)).toEqual({
      time: now,
      rate: -0.000013,
      intervalMs: 28_800_000,
      nextTime: 1745510400000,
    });
  });

  it('lead through the pages of fundings until the range is covered', () => {
    const page = fixture('bitget', 'history-fund-rate');
    const call = older(bitget.funding(btc, { from: 1652300000000 }));
    expect(call.parse(page, now)).toEqual([
      { time: 1652367600000, rate: -0.0001 },
      { time: 1652396400000, rate: 0.0005 },
    ]);
    expect(call.next!(page)).toBeUndefined();
    page.data = Array.from({ length: 100 }, (_, i) => ({
      ...page.data[0],
      fundingTime: String(1652396400000 - i * 28_800_000),
    }));
    expect(call.next!(page)).toBeUndefined();
    const longer = older(bitget.funding(btc, { from: 1640000000000 }));
    expect(parameters(longer.next!(page)!.url)).toMatchObject({ pageNo: '2', pageSize: '100' });
  });

  it('give shares of accounts, positions and takers', () => {
    const read = (kind: 'account' | 'position' | 'taker', name: string) =>
      bitget.ratios!(btc, kind, '1h').parse(fixture('bitget', name), now)[0]!.share;
    expect(read('account', 'account-long-short')).toBeCloseTo(0.58, 12);
    expect(read('position', 'position-long-short')).toBeCloseTo(0.55, 12);
    expect(read('taker', 'taker-buy-sell')).toBeCloseTo(98.5 / 400, 12);
  });

  it('give tiers ascending and the book', () => {
    expect(older(bitget.tiers(btc, 1)).parse(fixture('bitget', 'query-position-lever'), now)).toEqual([
      { floor: 0, cap: 200_000, maintenanceRate: 0.004, maxLeverage: 150 },
      { floor: 200_000, cap: 1_000_000, maintenanceRate: 0.005, maxLeverage: 100 },
    ]);
    expect(older(bitget.book(btc)).parse(fixture('bitget', 'merge-depth'), now)).toEqual({
      time: 1695870968804,
      bids: [
        [26346.5, 0.16],
        [26346, 0.32],
      ],
      asks: [
        [26347.5, 0.25],
        [26348, 0.16],
      ],
    });
  });

  it('give forced orders of the last days in coins, and read an impossible amount as USDT', () => {
    const page = fixture('bitget', 'liquidations');
    const order = { time: 1736371332162, side: 'long', price: 89000, priceKind: 'bankruptcy' };
    expect(bitget.forcedOrders!(btc, 50_000).parse(page, now)).toEqual([
      { id: '1736371332162:buy:89000:37.722858', order: { ...order, base: 37.722858 } },
    ]);
    expect(bitget.forcedOrders!(btc, 30).parse(page, now)).toEqual([
      { id: '1736371332162:buy:89000:37.722858', order: { ...order, base: 37.722858 / 89000 } },
    ]);
    expect(bitget.forcedOrders!(btc).next!(page)).toBeUndefined();
    page.data.list = Array.from({ length: 100 }, () => page.data.list[0]);
    expect(parameters(bitget.forcedOrders!(btc).next!(page)!.url)).toMatchObject({ cursor: '1265' });
    let last = bitget.forcedOrders!(btc);
    let pages = 1;
    for (let next = last.next!(page); next && pages < 20; next = last.next!(page), pages++) last = next;
    expect(pages).toBe(10);
    const [order0] = bitget.forcedOrders!(btc).parse(page, now);
    expect(last.join!([[order0!], [order0!]])).toEqual([order0]);
  });

  it('name the reason of a refusal', () => {
    const refuse =
      (code: string, msg = '') =>
      () =>
        bitget.mark(btc).parse({ code, msg, requestTime: now, data: null }, now);
    expect(() => bitget.mark(btc).parse(fixture('bitget', 'error'), now)).toThrow(
      expect.objectContaining({ kind: 'limited' }),
    );
    expect(refuse('40034', 'Parameter BTCUSD does not exist')).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
    expect(refuse('45001')).toThrow(expect.objectContaining({ kind: 'down' }));
    expect(refuse('40017', 'Parameter verification failed')).toThrow(
      expect.objectContaining({ kind: 'unavailable' }),
    );
    expect(() => bitget.mark(btc).parse(changed(fixture('bitget', 'ticker'), 'data', []), now)).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
  });

  it('are refused when not as documented', () => {
    malformed(() => bitget.mark(btc).parse(null, now));
    malformed(() =>
      bitget.mark(btc).parse(changed(fixture('bitget', 'ticker'), 'data.0.markPrice', ''), now),
    );
    malformed(() => bitget.candles(btc, '5m').parse(changed(fixture('bitget', 'candles'), 'data', {}), now));
  });
});

describe('Bitget requests', () => {
  it('leave room for a start rounded down to a bar', () => {
    const call = older(bitget.candles(btc, '1h', { from: 3_600_000, to: 7_200_000 }, 2));
    expect(parameters(call.url)).toEqual({
      productType: 'USDT-FUTURES',
      symbol: 'BTCUSDT',
      granularity: '1H',
      startTime: '3599999',
      endTime: '7200001',
      limit: '3',
    });
    expect(parameters(bitget.candles(btc, '5m').url)).toMatchObject({ limit: '1000' });
    expect(bitget.maxCandles).toBe(999);
  });
});

describe('Bitget sockets', () => {
  const plans = bitget.sockets([btc]);
  const liquidation = fixture('bitget', 'socket-liquidation');

  const behind: SocketPlan[] = [plans[0]!.otherwise!];

  it('use v3, with v2 behind what is no forced order', () => {
    expect([...plans, ...behind].map((plan) => plan.url)).toEqual([
      'wss://ws.bitget.com/v3/ws/public',
      'wss://ws.bitget.com/v3/ws/public',
      'wss://ws.bitget.com/v2/ws/public',
    ]);
    const args = ({ subscribe }: SocketPlan) => JSON.parse(subscribe[0]!).args;
    const perpetual = { instType: 'usdt-futures', symbol: 'BTCUSDT' };
    expect(args(plans[0]!)).toEqual([
      { ...perpetual, topic: 'kline', interval: '5m' },
      { ...perpetual, topic: 'ticker' },
      { ...perpetual, topic: 'publicTrade' },
      { ...perpetual, topic: 'books50' },
    ]);
    expect(args(plans[1]!)).toEqual([{ instType: 'usdt-futures', topic: 'liquidation' }]);
    expect(args(behind[0]!).map((each: { channel: string }) => each.channel)).toEqual([
      'candle5m',
      'ticker',
      'trade',
      'books15',
    ]);
    expect(plans[1]!.otherwise).toBeUndefined();
    expect(readOn(plans, 'pong')).toBeUndefined();
    expect(readOn(behind, 'pong')).toBeUndefined();
  });

  it('read ticker, bars, trades, books of v3', () => {
    expect(events(plans, fixture('bitget', 'socket-v3-ticker'))).toEqual([
      {
        kind: 'mark',
        symbol: 'BTC-USDT',
        mark: { time: 1753230479687, mark: 104738, index: 104785.956168, fundingRate: -0.000007 },
      },
      { kind: 'openInterest', symbol: 'BTC-USDT', point: { time: 1753230479687, base: 7465.5938 } },
    ]);
    expect(
      events(plans, fixture('bitget', 'socket-v3-kline')).map(
        (event) => event.kind === 'bar' && [event.bar.time, event.bar.volume, event.closed],
      ),
    ).toEqual([
      [1755564300000, 12.5, true],
      [1755564600000, 39.7062, false],
    ]);
    expect(events(plans, fixture('bitget', 'socket-v3-trade'))).toMatchObject([
      {
        id: '1344534089797185549',
        trade: { time: 1756287827920, price: 110878.5, base: 0.07, taker: 'buy' },
      },
      { trade: { price: 110878.4, taker: 'sell' } },
    ]);
    expect(events(plans, fixture('bitget', 'socket-v3-book'))[0]).toMatchObject({
      book: {
        time: 1756287828000,
        asks: [
          [110879, 1.25],
          [110880, 0.5],
        ],
      },
    });
  });

  it('read buy as a liquidated long and sell as a liquidated short', () => {
    expect(events(plans, liquidation)).toEqual([
      {
        kind: 'forcedOrder',
        symbol: 'BTC-USDT',
        id: '1736371332162:buy:89000:37.722858',
        order: { time: 1736371332162, side: 'long', base: 37.722858, price: 89000, priceKind: 'bankruptcy' },
      },
    ]);
    expect(events(plans, changed(liquidation, 'data.0.side', 'sell'))[0]).toMatchObject({
      order: { side: 'short' },
    });
  });

  it('lose nothing to an odd record of a symbol that nobody watches', () => {
    const odd = { ...liquidation.data[0], symbol: 'OTHERUSDT', price: '' };
    const mixed = { ...liquidation, data: [odd, ...liquidation.data] };
    const left: string[] = [];
    const told = (message: unknown) =>
      plans[0]!.read(JSON.stringify(message), now, { leftOut: (reason) => void left.push(reason) });
    expect(told(mixed)).toHaveLength(1);
    expect(left).toEqual([]);
    expect(told(changed(mixed, 'data.0.symbol', 'BTCUSDT'))).toHaveLength(1);
    expect(left).toEqual([expect.stringMatching(/^forced order price: /)]);
  });

  it('read an amount above all open interest as USDT, once the ticker has told it', () => {
    const own = bitget.sockets([btc]);
    const large = changed(liquidation, 'data.0.amount', '8900000');
    expect(events(own, large)[0]).toMatchObject({ order: { base: 8_900_000 } });
    events([own[0]!.otherwise!], fixture('bitget', 'socket-ticker'));
    expect(events(own, large)[0]).toMatchObject({ order: { base: 100 } });
    expect(events(own, liquidation)[0]).toMatchObject({ order: { base: 37.722858 } });
  });

  it('read ticker, bars, trades, books of v2', () => {
    expect(events(behind, fixture('bitget', 'socket-ticker'))).toEqual([
      {
        kind: 'mark',
        symbol: 'BTC-USDT',
        mark: {
          time: 1695715383021,
          mark: 27000,
          index: 25702.4,
          fundingRate: 0.00001,
          nextFundingTime: 1695722400000,
        },
      },
      { kind: 'openInterest', symbol: 'BTC-USDT', point: { time: 1695715383021, base: 929.502 } },
    ]);
    const bars = events(behind, fixture('bitget', 'socket-candle'));
    expect(bars.map((event) => event.kind === 'bar' && [event.bar.time, event.closed])).toEqual([
      [1695685200000, true],
      [1695685500000, false],
    ]);
    expect(events(behind, fixture('bitget', 'socket-trade'))[1]).toEqual({
      kind: 'trade',
      symbol: 'BTC-USDT',
      id: '1111111110',
      trade: { time: 1695716759514, price: 27000, base: 0.001, taker: 'sell' },
    });
    expect(events(behind, fixture('bitget', 'socket-book'))[0]).toMatchObject({
      book: {
        time: 1695716059516,
        bids: [
          [27000, 2.71],
          [26999.5, 1.46],
        ],
      },
    });
  });

  it('tell a refused subscription from an accepted one', () => {
    expect(readOn(plans, fixture('bitget', 'socket-reply'))).toBeUndefined();
    expect(() => readOn(plans, { event: 'error', code: 30001, msg: 'instId does not exist' })).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
  });

  it('refuse what is not as documented', () => {
    malformed(() => events(plans, changed(liquidation, 'data.0.side', 'long')));
    malformed(() => events(plans, changed(fixture('bitget', 'socket-v3-ticker'), 'data.0.markPrice', 'NaN')));
    malformed(() => events(plans, { data: [] }));
  });
});
