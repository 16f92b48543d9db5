import { describe, expect, it } from 'vitest';
import { bybit } from '../../src/feeds/bybit';
import { FeedError } from '../../src/feeds/feed';
import { changed, coin, events, fixture, parameters, readOn } from './fixture';

const now = 1_700_000_000_000;
const btc = coin('BTCUSDT', 'BTC-USDT');

function malformed(run: () => unknown) {
  expect(run).toThrow(FeedError);
  expect(run).toThrow(expect.objectContaining({ kind: 'malformed', venue: 'bybit' }));
}

describe('Bybit replies', () => {
  it('list USDT perpetuals with thousands before and behind the coin, and the funding interval from minutes', () => {
    const [call] = bybit.instruments();
    const list = call!.parse(fixture('bybit', 'instruments'), now);
    expect(
      list.map(({ native, symbol, multiplier, fundingIntervalMs }) => [
        native,
        symbol,
        multiplier,
        fundingIntervalMs,
      ]),
    ).toEqual([
      ['BTCUSDT', 'BTC-USDT', 1, 28_800_000],
      ['1000PEPEUSDT', 'PEPE-USDT', 1000, 14_400_000],
      ['SHIB1000USDT', 'SHIB-USDT', 1000, 28_800_000],
    ]);
  });

  it('lead to the next page of instruments by cursor', () => {
    const [call] = bybit.instruments();
    const page = changed(fixture('bybit', 'instruments'), 'result.nextPageCursor', 'page%3D2');
    expect(parameters(call!.next!(page)!.url)).toMatchObject({ limit: '1000', cursor: 'page%3D2' });
    expect(call!.next!(fixture('bybit', 'instruments'))).toBeUndefined();
    const thousands = coin('1000XUSDT', 'X-USDT', { multiplier: 1000 });
    expect(call!.join!([[thousands], [coin('XUSDT', 'X-USDT')]]).map((each) => each.symbol)).toEqual([
      '1000X-USDT',
      'X-USDT',
    ]);
  });

  it('come newest first and leave oldest first', () => {
    const bars = bybit.candles(btc, '5m').parse(fixture('bybit', 'kline'), now);
    expect(bars.map((bar) => bar.time)).toEqual([1672324800000, 1672325100000]);
    expect(bars[0]).toEqual({
      time: 1672324800000,
      open: 16649.5,
      high: 16677,
      low: 16608,
      close: 16677,
      volume: 2.081,
    });
  });

  it('count open interest on one side: the single field, or half of both sides', () => {
    const history = bybit.openInterestHistory!(btc, '5m').parse(fixture('bybit', 'open-interest'), now);
    expect(history).toEqual([
      { time: 1780962900000, base: 31955300 },
      { time: 1780963200000, base: 31955346 },
    ]);
    expect(bybit.openInterest(btc).parse(fixture('bybit', 'tickers'), now)).toEqual({
      time: 1760325052630,
      base: 246186.86,
    });
  });

  it('give mark, index and funding with its interval', () => {
    expect(bybit.mark(btc).parse(fixture('bybit', 'tickers'), now)).toEqual({
      time: 1760325052630,
      mark: 66666.6,
      index: 115418.19,
      fundingRate: -0.005,
      fundingIntervalMs: 28_800_000,
      nextFundingTime: 1760342400000,
    });
  });

  it('give fundings, account shares and the book', () => {
    expect(bybit.funding(btc, { from: 0 }).parse(fixture('bybit', 'funding'), now)).toEqual([
      { time: 1672041600000, rate: 0.0001 },
    ]);
    expect(bybit.ratios!(btc, 'account', '1h').parse(fixture('bybit', 'account-ratio'), now)).toEqual([
      { time: 1696262400000, share: 0.49 },
    ]);
    expect(bybit.book(btc).parse(fixture('bybit', 'orderbook'), now)).toEqual({
      time: 1672765737733,
      bids: [[16638.27, 0.305749]],
      asks: [[16638.64, 0.008096]],
    });
  });

  it('give the whole book where there is one, and leave it to the other route where there is none', () => {
    const [whole, behind] = [bybit.book(btc), bybit.book(btc).otherwise!];
    expect([whole.url, behind.url].map((url) => new URL(url).pathname)).toEqual([
      '/v5/market/full_orderbook',
      '/v5/market/orderbook',
    ]);
    const book = fixture('bybit', 'orderbook');
    const refusedAs = (reply: unknown) => {
      try {
        whole.parse(reply, now);
      } catch (error) {
        return error instanceof FeedError && error.kind;
      }
    };
    // Left to the other route are what is unavailable or malformed, not what is unlisted.
    expect(refusedAs(changed(book, 'result.b', []))).toBe('unavailable');
    expect(refusedAs({ ...book, retCode: 10001, retMsg: 'params error: symbol invalid' })).toBe(
      'unavailable',
    );
    expect(refusedAs({ ret_code: 404, ret_msg: 'no route' })).toBe('malformed');
  });

  it('give tiers sorted, whether rates come as fractions or as percentages', () => {
    const expected = [
      { floor: 0, cap: 300_000, maintenanceRate: 0.0033, maxLeverage: 150 },
      { floor: 300_000, cap: 2_000_000, maintenanceRate: 0.005, maxLeverage: 100 },
    ];
    const fractions = fixture('bybit', 'risk-limit');
    expect(bybit.tiers(btc, 1).parse(fractions, now)).toEqual(expected);
    const percentages = structuredClone(fractions);
    for (const row of percentages.result.list) {
      row.maintenanceMargin = String(Number(row.maintenanceMargin) * 100);
      row.initialMargin = String(Number(row.initialMargin) * 100);
    }
    expect(bybit.tiers(btc, 1).parse(percentages, now)).toEqual(expected);
    // One row that is neither costs itself; more of them, and the table is none.
    const left: string[] = [];
    const odd = changed(fractions, 'result.list.0.initialMargin', '0.1');
    const kept = bybit.tiers(btc, 1).parse(odd, now, { leftOut: (reason) => void left.push(reason) });
    expect(kept).toHaveLength(1);
    expect(left).toEqual(['tier: initialMargin is neither a fraction nor a percentage']);
    malformed(() => bybit.tiers(btc, 1).parse(changed(odd, 'result.list.1.initialMargin', '0.2'), now));
  });

  it('name the reason of a refusal', () => {
    const refuse = (retCode: number, retMsg: string) => () =>
      bybit.mark(btc).parse({ retCode, retMsg, result: {}, time: now }, now);
    expect(() => bybit.mark(btc).parse(fixture('bybit', 'error'), now)).toThrow(
      expect.objectContaining({ kind: 'limited' }),
    );
    expect(refuse(10001, 'params error: Symbol Is Invalid')).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
    expect(refuse(10001, 'params error: limit')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
    expect(refuse(10024, 'Compliance rules triggered')).toThrow(expect.objectContaining({ kind: 'blocked' }));
    expect(refuse(10016, 'Server error')).toThrow(expect.objectContaining({ kind: 'down' }));
    expect(() => bybit.mark(btc).parse(changed(fixture('bybit', 'tickers'), 'result.list', []), now)).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
  });

  it('are refused when not as documented', () => {
    malformed(() => bybit.candles(btc, '5m').parse([], now));
    malformed(() =>
      bybit.candles(btc, '5m').parse(changed(fixture('bybit', 'kline'), 'result.list', 'NaN'), now),
    );
    malformed(() =>
      bybit
        .openInterest(btc)
        .parse(changed(fixture('bybit', 'tickers'), 'result.list.0.openInterest', ''), now),
    );
  });
});

describe('Bybit requests', () => {
  it('never send a start of fundings without an end', () => {
    expect(parameters(bybit.funding(btc, { from: 5 }).url)).not.toHaveProperty('startTime');
    expect(parameters(bybit.funding(btc, { from: 5, to: 9 }).url)).toMatchObject({
      startTime: '5',
      endTime: '9',
    });
  });

  it('use the names of each route for the interval', () => {
    expect(parameters(bybit.candles(btc, '1h').url)).toMatchObject({ category: 'linear', interval: '60' });
    expect(parameters(bybit.openInterestHistory!(btc, '5m').url)).toMatchObject({ intervalTime: '5min' });
    expect(parameters(bybit.ratios!(btc, 'account', '1h').url)).toMatchObject({ period: '1h' });
  });
});

describe('Bybit socket', () => {
  const rose = coin('ROSEUSDT', 'ROSE-USDT');
  const plans = bybit.sockets([btc, rose]);
  const liquidation = fixture('bybit', 'socket-liquidation');

  it('subscribes each topic once a symbol and pings every 20 s', () => {
    expect(plans).toHaveLength(1);
    expect(JSON.parse(plans[0]!.subscribe[0]!).args).toEqual([
      'kline.5.BTCUSDT',
      'tickers.BTCUSDT',
      'allLiquidation.BTCUSDT',
      'publicTrade.BTCUSDT',
      'orderbook.200.BTCUSDT',
      'kline.5.ROSEUSDT',
      'tickers.ROSEUSDT',
      'allLiquidation.ROSEUSDT',
      'publicTrade.ROSEUSDT',
      'orderbook.200.ROSEUSDT',
    ]);
    expect(plans[0]!.ping).toEqual({ message: '{"op":"ping"}', everyMs: 20_000 });
  });

  it('reads the side as that of the position: Sell is a liquidated short, Buy a liquidated long', () => {
    expect(events(plans, liquidation)).toEqual([
      {
        kind: 'forcedOrder',
        symbol: 'ROSE-USDT',
        id: '1739502302929:Sell:0.04499:20000',
        order: { time: 1739502302929, side: 'short', base: 20000, price: 0.04499, priceKind: 'bankruptcy' },
      },
    ]);
    expect(events(plans, changed(liquidation, 'data.0.S', 'Buy'))[0]).toMatchObject({
      order: { side: 'long' },
    });
  });

  it('keeps two equal records of one message apart', () => {
    const [row] = liquidation.data;
    const ids = events(plans, { ...liquidation, data: [row, row] }).map((event) => 'id' in event && event.id);
    expect(new Set(ids).size).toBe(2);
  });

  it('reads a whole ticker, then only what changed', () => {
    const whole = events(plans, fixture('bybit', 'socket-tickers'));
    expect(whole).toEqual([
      { kind: 'mark', symbol: 'BTC-USDT', mark: { time: 1673272861686, mark: 17217.33, index: 17227.36 } },
      {
        kind: 'funding',
        symbol: 'BTC-USDT',
        funding: { time: 1673272861686, rate: -0.000212, nextTime: 1673280000000 },
      },
      { kind: 'openInterest', symbol: 'BTC-USDT', point: { time: 1673272861686, base: 34372.3805 } },
    ]);
    expect(events(plans, fixture('bybit', 'socket-tickers-delta'))).toEqual([
      { kind: 'openInterest', symbol: 'BTC-USDT', point: { time: 1673272861786, base: 34372.5005 } },
    ]);
  });

  it('reads bars and trades', () => {
    expect(events(plans, fixture('bybit', 'socket-kline'))).toEqual([
      {
        kind: 'bar',
        symbol: 'BTC-USDT',
        interval: '5m',
        closed: false,
        bar: { time: 1672324800000, open: 16649.5, high: 16677, low: 16608, close: 16677, volume: 2.081 },
      },
    ]);
    expect(events(plans, fixture('bybit', 'socket-trade'))).toEqual([
      {
        kind: 'trade',
        symbol: 'BTC-USDT',
        id: '20f43950-d8dd-5b31-9112-a178eb6023af',
        trade: { time: 1672304486865, price: 16578.5, base: 0.001, taker: 'buy' },
      },
    ]);
  });

  it('keeps the book: whole, then with its changes, until it comes whole again', () => {
    const own = bybit.sockets([btc]);
    const change = fixture('bybit', 'socket-book');
    const whole = fixture('bybit', 'socket-book-snapshot');
    malformed(() => events(own, change));
    events(own, whole);
    expect(events(own, change)).toEqual([
      {
        kind: 'book',
        symbol: 'BTC-USDT',
        book: {
          time: 1687940967466,
          bids: [
            [30247.2, 30.028],
            [30245, 0.4],
          ],
          asks: [[30249, 2.75]],
        },
      },
    ]);
    const [restarted] = events(own, changed(change, 'data.u', 1));
    expect(restarted?.kind === 'book' && restarted.book.bids).toEqual([[30247.2, 30.028]]);
    expect(events(own, whole)[0]).toMatchObject({ book: { bids: { length: 3 }, asks: { length: 2 } } });
  });

  it('tells pongs from data and a refused subscription from both', () => {
    expect(readOn(plans, fixture('bybit', 'socket-pong'))).toBeUndefined();
    expect(() =>
      readOn(plans, { success: false, ret_msg: 'error:handler not found', op: 'subscribe' }),
    ).toThrow(expect.objectContaining({ kind: 'unlisted' }));
  });

  it('refuses what is not as documented', () => {
    malformed(() => events(plans, 'NaN'));
    malformed(() => events(plans, changed(liquidation, 'data.0.S', 'long')));
    malformed(() => events(plans, changed(liquidation, 'data.0.v', null)));
    malformed(() => events(plans, changed(fixture('bybit', 'socket-kline'), 'data.0.low', '')));
  });
});
