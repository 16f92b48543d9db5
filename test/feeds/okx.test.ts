import { describe, expect, it } from 'vitest';
import { FeedError } from '../../src/feeds/feed';
import { okx } from '../../src/feeds/okx';
import { changed, coin, events, fixture, parameters, readOn } from './fixture';

const now = 1_700_000_000_000;
const btc = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 });

function malformed(run: () => unknown) {
  expect(run).toThrow(FeedError);
  expect(run).toThrow(expect.objectContaining({ kind: 'malformed', venue: 'okx' }));
}

describe('OKX replies', () => {
  it('list live linear swaps with the coins of a contract and the coin read from the underlying', () => {
    const list = okx.instruments()[0]!.parse(fixture('okx', 'instruments'), now);
    expect(list).toEqual([
      {
        symbol: 'BTC-USDT',
        native: 'BTC-USDT-SWAP',
        multiplier: 1,
        contractSize: 0.01,
        tickSize: 0.1,
        maxLeverage: 100,
      },
      {
        symbol: 'PEPE-USDT',
        native: 'PEPE-USDT-SWAP',
        multiplier: 1,
        contractSize: 10_000_000,
        tickSize: 1e-9,
        maxLeverage: 50,
      },
    ]);
  });

  it('turn contracts into coins by ctVal × ctMult', () => {
    const doubled = changed(fixture('okx', 'instruments'), 'data.0.ctMult', '2');
    expect(okx.instruments()[0]!.parse(doubled, now)[0]!.contractSize).toBe(0.02);
    const bars = okx.candles(btc, '5m').parse(fixture('okx', 'candles'), now);
    expect(bars).toEqual([
      { time: 1597026383085, open: 3.721, high: 3.743, low: 3.677, close: 3.708, volume: 84224.1 },
      { time: 1597026683085, open: 3.708, high: 3.799, low: 3.494, close: 3.72, volume: 249124.03 },
    ]);
    expect(okx.openInterest(btc).parse(fixture('okx', 'open-interest'), now).base).toBeCloseTo(22161.1301, 4);
  });

  it('give open-interest history from contracts, not from the filler beside them', () => {
    expect(okx.openInterestHistory!(btc, '5m').parse(fixture('okx', 'open-interest-history'), now)).toEqual([
      { time: 1701417300000, base: 7313 },
      { time: 1701417600000, base: expect.closeTo(7313.7757505, 6) },
    ]);
  });

  it('give the funding interval as the distance of the next two settlements', () => {
    expect(okx.fundingState!(btc).parse(fixture('okx', 'funding-rate'), now)).toEqual({
      time: 1622811000000,
      rate: 0.0001515,
      nextTime: 1622822400000,
      intervalMs: 28_800_000,
    });
    const unknown = changed(fixture('okx', 'funding-rate'), 'data.0.nextFundingTime', '');
    expect(okx.fundingState!(btc).parse(unknown, now)).not.toHaveProperty('intervalMs');
  });

  it('give mark, fundings, book', () => {
    expect(okx.mark(btc).parse(fixture('okx', 'mark-price'), now)).toEqual({
      time: 1630049139746,
      mark: 42310.6,
    });
    expect(okx.funding(btc, { from: 0 }).parse(fixture('okx', 'funding-rate-history'), now)).toEqual([
      { time: 1703030400000, rate: 0.000227985782722 },
      { time: 1703059200000, rate: 0.0000746604960499 },
    ]);
    const book = okx.book(btc).parse(fixture('okx', 'books'), now);
    expect(book.bids[0]![1]).toBeCloseTo(0.0030178218, 12);
  });

  it('give the long share of a ratio, and the bought share of taker volume that names sold first', () => {
    const [, newer] = okx.ratios!(btc, 'account', '1h').parse(fixture('okx', 'ratio'), now);
    expect(newer!.share).toBeCloseTo(1.1739 / 2.1739, 12);
    expect(okx.ratios!(btc, 'taker', '1h').parse(fixture('okx', 'taker'), now)).toEqual([
      { time: 1701417300000, share: 0.75 },
      { time: 1701417600000, share: 380 / 580 },
    ]);
  });

  it('give tiers in USD at the price given, without the lot between two of them', () => {
    expect(okx.tiers(btc, 50_000).parse(fixture('okx', 'position-tiers'), now)).toEqual([
      { floor: 0, cap: 500_000, maintenanceRate: 0.004, maxLeverage: 100 },
      { floor: 500_000, cap: 2_500_000, maintenanceRate: 0.005, maxLeverage: 66.66 },
    ]);
  });

  it('name the reason of a refusal', () => {
    const refuse =
      (code: string, msg = '') =>
      () =>
        okx.mark(btc).parse({ code, msg, data: [] }, now);
    expect(() => okx.mark(btc).parse(fixture('okx', 'error'), now)).toThrow(
      expect.objectContaining({ kind: 'limited' }),
    );
    expect(refuse('51001')).toThrow(expect.objectContaining({ kind: 'unlisted' }));
    expect(refuse('50026')).toThrow(expect.objectContaining({ kind: 'down' }));
    expect(refuse('50014')).toThrow(expect.objectContaining({ kind: 'unavailable' }));
    expect(refuse('0')).toThrow(expect.objectContaining({ kind: 'unlisted' }));
  });

  it('are refused when not as documented', () => {
    malformed(() => okx.candles(btc, '5m').parse({ code: 0, data: [] }, now));
    malformed(() => okx.candles(btc, '5m').parse(changed(fixture('okx', 'candles'), 'data', [[]]), now));
    malformed(() => okx.mark(btc).parse(changed(fixture('okx', 'mark-price'), 'data.0.markPx', '0'), now));
  });
});

describe('OKX requests', () => {
  it('ask the newest bars of the live route and older ones of the archive, with bounds that leave themselves out', () => {
    expect(okx.candles(btc, '1h').url).toContain('/api/v5/market/candles?');
    const old = okx.candles(btc, '1h', { from: 3_600_000, to: 7_200_000 });
    expect(old.url).toContain('/api/v5/market/history-candles?');
    expect(parameters(old.url)).toEqual({
      instId: 'BTC-USDT-SWAP',
      bar: '1H',
      before: '3599999',
      after: '7200001',
      limit: '300',
    });
    expect(old.pool).toBe('history');
  });

  it('know that 5m open interest goes back five days and 30m thirty', () => {
    expect(okx.openInterestDepthMs!('5m')).toBe(5 * 86_400_000);
    expect(okx.openInterestDepthMs!('30m')).toBe(30 * 86_400_000);
  });

  it('leave room for a beginning of statistics rounded down', () => {
    const range = { from: 1_700_000_000_000, to: 1_700_003_600_000 };
    for (const call of [
      okx.openInterestHistory!(btc, '1h', range, 2),
      okx.ratios!(btc, 'account', '1h', range, 2),
    ])
      expect(parameters(call.url)).toMatchObject({
        begin: '1699999999999',
        end: '1700003600001',
        limit: '3',
      });
    expect(okx.maxOpenInterest).toBe(99);
  });

  it('ask taker volume in coins', () => {
    expect(parameters(okx.ratios!(btc, 'taker', '1h').url)).toMatchObject({ unit: '0', period: '1H' });
  });
});

describe('OKX sockets', () => {
  const iost = coin('IOST-USDT-SWAP', 'IOST-USDT', { contractSize: 1000 });
  const plans = okx.sockets([btc, iost]);

  it('subscribe bars on the business address and the rest on the public one, pinging in text', () => {
    expect(plans.map((plan) => plan.url)).toEqual([
      'wss://ws.okx.com:8443/ws/v5/public',
      'wss://ws.okx.com:8443/ws/v5/business',
    ]);
    expect(JSON.parse(plans[0]!.subscribe[0]!).args).toContainEqual({
      channel: 'liquidation-orders',
      instType: 'SWAP',
    });
    expect(JSON.parse(plans[1]!.subscribe[0]!).args).toEqual([
      { channel: 'candle5m', instId: 'BTC-USDT-SWAP' },
      { channel: 'candle5m', instId: 'IOST-USDT-SWAP' },
    ]);
    expect(plans[0]!.ping?.message).toBe('ping');
    expect(readOn(plans, 'pong')).toBeUndefined();
  });

  it('read posSide as the side that was hit, in coins', () => {
    expect(events(plans, fixture('okx', 'socket-liquidation'))).toEqual([
      {
        kind: 'forcedOrder',
        symbol: 'IOST-USDT',
        id: '1692266434010:short:0.007831:13',
        order: { time: 1692266434010, side: 'short', base: 13_000, price: 0.007831, priceKind: 'bankruptcy' },
      },
    ]);
  });

  it('read the closing order where posSide is net or missing: a sell closed a long', () => {
    const net = fixture('okx', 'socket-liquidation-net');
    expect(events(plans, net)[0]).toMatchObject({ order: { side: 'long' } });
    expect(events(plans, changed(net, 'data.0.details.0.posSide', undefined))[0]).toMatchObject({
      order: { side: 'long' },
    });
    expect(events(plans, changed(net, 'data.0.details.0.side', 'buy'))[0]).toMatchObject({
      order: { side: 'short' },
    });
  });

  it('leave out forced orders of swaps that nobody watches, and lose nothing to an odd one among them', () => {
    const message = fixture('okx', 'socket-liquidation');
    const odd = { instId: 'BTC-USD-SWAP', details: [{ ...message.data[0].details[0], bkPx: '' }] };
    expect(events(plans, { ...message, data: [odd, ...message.data] })).toHaveLength(1);
    expect(events(okx.sockets([btc]), fixture('okx', 'socket-liquidation'))).toEqual([]);
  });

  it('read mark, funding, open interest, bars', () => {
    expect(events(plans, fixture('okx', 'socket-mark-price'))).toEqual([
      { kind: 'mark', symbol: 'BTC-USDT', mark: { time: 1630049139746, mark: 42310.6 } },
    ]);
    expect(events(plans, fixture('okx', 'socket-funding-rate'))).toEqual([
      {
        kind: 'funding',
        symbol: 'BTC-USDT',
        funding: { time: 1622811000000, rate: 0.0001515, nextTime: 1622822400000, intervalMs: 14_400_000 },
      },
    ]);
    const [interest] = events(plans, fixture('okx', 'socket-open-interest'));
    expect(interest).toMatchObject({ kind: 'openInterest', point: { time: 1743041250440 } });
    expect(events(plans, fixture('okx', 'socket-candle'))).toEqual([
      {
        kind: 'bar',
        symbol: 'BTC-USDT',
        interval: '5m',
        closed: false,
        bar: {
          time: 1597026383085,
          open: 8533.02,
          high: 8553.74,
          low: 8527.17,
          close: 8548.26,
          // Coins as the venue gives them; the contracts of then were of another size.
          volume: expect.closeTo(529.5858061, 9),
        },
      },
    ]);
  });

  it('read recorded trades and books', () => {
    const uni = okx.sockets([coin('UNI-USD-SWAP', 'UNI-USDT', { contractSize: 10 })]);
    expect(events(uni, fixture('okx', 'socket-trades'))).toEqual([
      {
        kind: 'trade',
        symbol: 'UNI-USDT',
        id: '12883020',
        trade: { time: 1652459215150, price: 5.123, base: 1000, taker: 'sell' },
      },
    ]);
    const [book] = events(uni, fixture('okx', 'socket-books5'));
    expect(book).toMatchObject({ kind: 'book' });
    expect(book?.kind === 'book' && book.book.asks[0]).toEqual([5.148, 600]);
  });

  it('tell a refused subscription from an accepted one', () => {
    expect(readOn(plans, fixture('okx', 'socket-reply'))).toBeUndefined();
    expect(() => readOn(plans, { event: 'error', code: '60012', msg: 'Invalid request' })).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
  });

  it('refuse what is not as documented', () => {
    malformed(() => events(plans, 'pon'));
    malformed(() =>
      events(plans, changed(fixture('okx', 'socket-liquidation'), 'data.0.details.0.posSide', 'up')),
    );
    malformed(() => events(plans, changed(fixture('okx', 'socket-mark-price'), 'data.0.ts', '1630049139')));
  });
});

describe('amounts that OKX gives in coins', () => {
  it('are taken, so that a contract that changed its size changes nothing', () => {
    // A tenth of what a contract held when these rows were written.
    const shrunk = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.001 });
    const row = (contracts: string, coins: string) => ['1701417600000', contracts, coins, '8888888'];
    const history = (...rows: string[][]) =>
      okx.openInterestHistory!(shrunk, '1h')
        .parse({ code: '0', msg: '', data: rows }, now)
        .map(({ base }) => base);
    expect(history(row('731377.5', '7313.775'))).toEqual([7313.775]);
    // Filler, and a venue that leaves the coins out.
    expect(history(row('731377.5', '1'))[0]).toBeCloseTo(731.3775, 9);
    const told = { ...fixture('okx', 'open-interest').data[0], oi: '731377.5', oiCcy: '7313.775' };
    const read = (data: object) => okx.openInterest(shrunk).parse({ code: '0', msg: '', data: [data] }, now);
    expect(read(told).base).toBe(7313.775);
    expect(read({ ...told, oiCcy: '' }).base).toBeCloseTo(731.3775, 9);
  });
});
