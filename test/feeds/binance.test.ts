import { describe, expect, it } from 'vitest';
import { binance } from '../../src/feeds/binance';
import { FeedError } from '../../src/feeds/feed';
import { changed, coin, events, fixture, parameters, readOn } from './fixture';

const now = 1_700_000_000_000;
const btc = coin('BTCUSDT', 'BTC-USDT');
const pepe = coin('1000PEPEUSDT', 'PEPE-USDT', { multiplier: 1000 });

function malformed(run: () => unknown) {
  expect(run).toThrow(FeedError);
  expect(run).toThrow(expect.objectContaining({ kind: 'malformed', venue: 'binance' }));
}

describe('Binance replies', () => {
  it('list trading USDT perpetuals with the factor of 1000PEPE, shares beside them, and neither quarterlies, settling nor USDC', () => {
    const [call] = binance.instruments();
    expect(call!.parse(fixture('binance', 'exchangeInfo'), now)).toEqual([
      {
        symbol: 'BTC-USDT',
        native: 'BTCUSDT',
        multiplier: 1,
        contractSize: 1,
        tickSize: 0.1,
        maxLeverage: 125,
      },
      {
        symbol: 'PEPE-USDT',
        native: '1000PEPEUSDT',
        multiplier: 1000,
        contractSize: 1,
        tickSize: expect.closeTo(1e-10, 20),
        maxLeverage: 75,
      },
      {
        symbol: '1INCH-USDT',
        native: '1INCHUSDT',
        multiplier: 1,
        contractSize: 1,
        tickSize: 0.0001,
        maxLeverage: 75,
      },
      expect.objectContaining({ symbol: 'other:TSLA-USDT', native: 'TSLAUSDT', kind: 'other' }),
    ]);
  });

  it('give bars with the volume that takers bought', () => {
    expect(binance.candles(btc, '5m').parse(fixture('binance', 'klines'), now)).toEqual([
      {
        time: 1499040000000,
        open: 0.0163479,
        high: 0.8,
        low: 0.015758,
        close: 0.015771,
        volume: 148976.11427815,
        takerBuy: 1756.87402397,
      },
    ]);
  });

  it('are per coin for a symbol listed by the thousand', () => {
    const [bar] = binance.candles(pepe, '5m').parse(fixture('binance', 'klines'), now);
    expect(bar!.high).toBeCloseTo(0.0008, 12);
    expect(bar!.volume).toBeCloseTo(148976114.27815, 6);
    expect(binance.openInterest(pepe).parse(fixture('binance', 'openInterest'), now).base).toBe(10659509);
  });

  it('refuse a bar whose low is above its close', () => {
    const broken = changed(fixture('binance', 'klines'), '0.3', '0.5');
    malformed(() => binance.candles(btc, '5m').parse(broken, now));
  });

  it('refuse an empty text where a number belongs', () => {
    malformed(() => binance.candles(btc, '5m').parse(changed(fixture('binance', 'klines'), '0.1', ''), now));
    malformed(() =>
      binance
        .openInterest(btc)
        .parse(changed(fixture('binance', 'openInterest'), 'openInterest', 'NaN'), now),
    );
  });

  it('give open interest in coins, now and before, with times as numbers or text', () => {
    expect(binance.openInterest(btc).parse(fixture('binance', 'openInterest'), now)).toEqual({
      time: 1589437530011,
      base: 10659.509,
    });
    const history = fixture('binance', 'openInterestHist');
    const expected = [
      { time: 1591261042378, base: 20403.12345678 },
      { time: 1591261342378, base: 20401.367 },
    ];
    expect(binance.openInterestHistory!(btc, '5m').parse(history, now)).toEqual(expected);
    const asText = changed(history, '0.timestamp', '1591261042378');
    expect(binance.openInterestHistory!(btc, '5m').parse(asText, now)).toEqual(expected);
  });

  it('give mark, index and the running funding', () => {
    expect(binance.mark(btc).parse(fixture('binance', 'premiumIndex'), now)).toEqual({
      time: 1597370495002,
      mark: 11793.63104562,
      index: 11781.8049597,
      fundingRate: 0.00038246,
      nextFundingTime: 1597392000000,
    });
    const without = changed(fixture('binance', 'premiumIndex'), 'lastFundingRate', '');
    expect(binance.mark(btc).parse(without, now)).not.toHaveProperty('fundingRate');
  });

  it('give settled fundings, and the intervals that differ from 8 h', () => {
    expect(binance.funding(btc, { from: 0 }).parse(fixture('binance', 'fundingRate'), now)).toEqual([
      { time: 1570608000000, rate: -0.0375 },
      { time: 1570636800000, rate: 0.0001 },
    ]);
    expect(binance.fundingIntervals!().parse(fixture('binance', 'fundingInfo'), now)).toEqual({
      BLZUSDT: 14_400_000,
    });
  });

  it('give ratios from the parts, not from the ratio field', () => {
    const lying = changed(fixture('binance', 'ratio'), '0.longShortRatio', '99');
    expect(binance.ratios!(btc, 'account', '1h').parse(lying, now)).toEqual([
      { time: 1591261042378, share: 0.6442 },
    ]);
    expect(binance.ratios!(btc, 'taker', '1h').parse(fixture('binance', 'taker'), now)[0]!.share).toBeCloseTo(
      387.33 / 635.833,
      12,
    );
  });

  it('give the book best price first', () => {
    const book = binance.book(coin('SUSHIUSDT', 'SUSHI-USDT')).parse(fixture('binance', 'depth'), now);
    expect(book.time).toBe(1626992741261);
    expect(book.bids[0]).toEqual([7.611, 6]);
    expect(book.asks[0]).toEqual([7.612, 297]);
  });

  it('give the newest brackets ascending', () => {
    expect(binance.tiers(btc, 60_000).parse(fixture('binance', 'brackets'), now)).toEqual([
      { floor: 0, cap: 50_000, maintenanceRate: 0.004, maxLeverage: 125 },
      { floor: 50_000, cap: 600_000, maintenanceRate: 0.005, maxLeverage: 100 },
    ]);
  });

  it('name the reason of a refusal', () => {
    const parse = (code: number) => () => binance.mark(btc).parse({ code, msg: 'refused' }, now);
    expect(() => binance.mark(btc).parse(fixture('binance', 'error'), now)).toThrow(
      'Invalid symbol. (-1121)',
    );
    expect(parse(-1121)).toThrow(expect.objectContaining({ kind: 'unlisted' }));
    expect(parse(-4108)).toThrow(expect.objectContaining({ kind: 'unlisted' }));
    expect(parse(-1003)).toThrow(expect.objectContaining({ kind: 'limited' }));
    expect(parse(-1001)).toThrow(expect.objectContaining({ kind: 'down' }));
    expect(parse(-2014)).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  });
});

it('Binance lists nothing quoted in another coin, and asks tiers of a host of which it needs no permission', () => {
  const [call] = binance.instruments();
  const quoted = changed(fixture('binance', 'exchangeInfo'), 'symbols.0.quoteAsset', 'BTC');
  expect(
    call!
      .parse(quoted, now)
      .filter(({ kind }) => !kind)
      .map((each) => each.symbol),
  ).toEqual(['PEPE-USDT', '1INCH-USDT']);
  expect(binance.hosts).toEqual(['fapi.binance.com']);
  expect(new URL(binance.tiers(btc, 1).url).host).toBe('www.binance.com');
});

describe('Binance requests', () => {
  it('name the symbol, interval and range, and weigh what the venue counts', () => {
    const call = binance.candles(btc, '5m', { from: 300_000, to: 900_000 }, 3);
    expect(call.url).toMatch(/^https:\/\/fapi\.binance\.com\/fapi\/v1\/klines\?/);
    expect(parameters(call.url)).toEqual({
      symbol: 'BTCUSDT',
      interval: '5m',
      startTime: '300000',
      endTime: '900000',
      limit: '3',
    });
    const weights = [99, 100, 499, 500, 1000, 1001].map(
      (limit) => binance.candles(btc, '5m', undefined, limit).weight,
    );
    expect(weights).toEqual([1, 2, 2, 5, 5, 10]);
    expect(binance.openInterestHistory!(btc, '5m').pool).toBe('statistics');
    expect(binance.funding(btc, { from: 0 }).pool).toBe('funding');
  });
});

describe('Binance sockets', () => {
  const plans = binance.sockets([btc]);
  const order = fixture('binance', 'socket-forceOrder');

  it('use the two addresses that deliver since April 2026, never the old one', () => {
    expect(plans.map((plan) => plan.url)).toEqual([
      'wss://fstream.binance.com/market/stream?streams=btcusdt@kline_5m/btcusdt@markPrice@1s/btcusdt@forceOrder/btcusdt@aggTrade',
      'wss://fstream.binance.com/public/stream?streams=btcusdt@depth20@500ms',
    ]);
    expect(binance.sockets([btc], ['forcedOrder']).map((plan) => plan.url)).toEqual([
      'wss://fstream.binance.com/market/stream?streams=btcusdt@forceOrder',
    ]);
    expect(binance.sockets([])).toEqual([]);
  });

  it('read SELL as a liquidated long and BUY as a liquidated short', () => {
    expect(events(plans, order)).toEqual([
      {
        kind: 'forcedOrder',
        symbol: 'BTC-USDT',
        id: '1568014460893:SELL:9910:0.014',
        order: { time: 1568014460893, side: 'long', base: 0.014, price: 9910, priceKind: 'fill' },
      },
    ]);
    const [bought] = events(plans, changed(order, 'data.o.S', 'BUY'));
    expect(bought).toMatchObject({ order: { side: 'short' } });
  });

  it('take the filled amount at the average price', () => {
    const partly = changed(changed(order, 'data.o.z', '0.010'), 'data.o.ap', '9905');
    expect(events(plans, partly)[0]).toMatchObject({ order: { base: 0.01, price: 9905 } });
    expect(events(plans, changed(order, 'data.o.ap', '0'))[0]).toMatchObject({ order: { price: 9910 } });
  });

  it('leave out COIN-M orders, told by `st` beside `o`; a missing `st` is USDⓈ-M', () => {
    expect(events(plans, changed(order, 'data.st', 2))).toEqual([]);
    expect(events(plans, changed(order, 'data.st', undefined))).toHaveLength(1);
    const misplaced = structuredClone(order);
    misplaced.data.o.st = 2;
    expect(events(plans, misplaced)).toHaveLength(1);
  });

  it('read mark price with index and funding', () => {
    expect(events(plans, fixture('binance', 'socket-markPrice'))).toEqual([
      {
        kind: 'mark',
        symbol: 'BTC-USDT',
        mark: {
          time: 1562305380000,
          mark: 11794.15,
          index: 11784.62659091,
          fundingRate: 0.00038167,
          nextFundingTime: 1562306400000,
        },
      },
    ]);
  });

  it('read bars, trades and books of their own symbols', () => {
    const own = binance.sockets([coin('CTKUSDT', 'CTK-USDT'), coin('SUSHIUSDT', 'SUSHI-USDT')]);
    expect(events(own, fixture('binance', 'socket-kline'))).toEqual([
      {
        kind: 'bar',
        symbol: 'CTK-USDT',
        interval: '1m',
        closed: false,
        bar: {
          time: 1626992700000,
          open: 1.01,
          high: 1.011,
          low: 1.01,
          close: 1.011,
          volume: 3917,
          takerBuy: 1729,
        },
      },
    ]);
    expect(events(own, fixture('binance', 'socket-aggTrade'))).toEqual([
      {
        kind: 'trade',
        symbol: 'CTK-USDT',
        id: '16599292',
        trade: { time: 1626992741421, price: 1.011, base: 10, taker: 'buy' },
      },
    ]);
    expect(events(own, fixture('binance', 'socket-depth'))[0]).toMatchObject({
      kind: 'book',
      symbol: 'SUSHI-USDT',
      book: {
        time: 1626992741024,
        asks: [
          [7.615, 1563],
          [7.622, 3284],
        ],
      },
    });
    expect(events(plans, fixture('binance', 'socket-kline'))).toEqual([]);
  });

  it('tell acknowledgements from data', () => {
    expect(readOn(plans, fixture('binance', 'socket-reply'))).toBeUndefined();
    expect(events(plans, { stream: 'x', data: { e: '24hrTicker' } })).toEqual([]);
  });

  it('refuse what is not as documented', () => {
    malformed(() => events(plans, '<html>'));
    malformed(() => events(plans, '{"stream":'));
    malformed(() => events(plans, { hello: 1 }));
    malformed(() => events(plans, changed(order, 'data.o.z', '-1')));
    malformed(() => events(plans, changed(order, 'data.o.S', 'LONG')));
    malformed(() => events(plans, changed(order, 'data.o.T', 1568014460)));
  });
});
