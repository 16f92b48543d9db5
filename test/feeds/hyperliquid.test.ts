import { describe, expect, it } from 'vitest';
import { FeedError, reachOf } from '../../src/feeds/feed';
import { hyperliquid, positionsOf } from '../../src/feeds/hyperliquid';
import { largestAccounts } from '../../src/feeds/hyperliquid-accounts';
import { changed, coin, events, fixture, readOn } from './fixture';

const now = 1_700_000_100_000;
const btc = coin('BTC', 'BTC-USDT');
const pepe = coin('kPEPE', 'PEPE-USDT', { multiplier: 1000 });

function malformed(run: () => unknown) {
  expect(run).toThrow(FeedError);
  expect(run).toThrow(expect.objectContaining({ kind: 'malformed', venue: 'hyperliquid' }));
}

describe('Hyperliquid replies', () => {
  const meta = fixture('hyperliquid', 'metaAndAssetCtxs');

  it('list coins that are not delisted, kPEPE as thousands of PEPE', () => {
    const list = hyperliquid.instruments()[0]!.parse(meta, now);
    expect(list.map((each) => [each.native, each.symbol, each.multiplier, each.maxLeverage])).toEqual([
      ['BTC', 'BTC-USDT', 1, 40],
      ['kPEPE', 'PEPE-USDT', 1000, 10],
    ]);
    expect(list[0]!.tickSize).toBeCloseTo(0.1, 12);
    expect(list.every((each) => each.fundingIntervalMs === 3_600_000)).toBe(true);
  });

  it('lose no coin to an odd one among them', () => {
    const odd = changed(meta, '0.universe.1', { name: 'NEW', szDecimals: null });
    expect(
      hyperliquid
        .instruments()[0]!
        .parse(odd, now)
        .map((each) => each.native),
    ).toEqual(['BTC', 'kPEPE']);
    expect(hyperliquid.openInterest(pepe).parse(odd, now).base).toBe(2_000_000_000);
  });

  it('pair contexts with coins by position, and date them on arrival', () => {
    expect(hyperliquid.openInterest(btc).parse(meta, now)).toEqual({ time: now, base: 27353.17682 });
    expect(hyperliquid.openInterest(pepe).parse(meta, now)).toEqual({ time: now, base: 2_000_000_000 });
    expect(hyperliquid.mark(btc).parse(meta, now)).toEqual({
      time: now,
      mark: 77562,
      index: 77605,
      fundingRate: -0.0000015186,
      fundingIntervalMs: 3_600_000,
      nextFundingTime: Date.UTC(2023, 10, 14, 23),
    });
    expect(hyperliquid.mark(pepe).parse(meta, now).mark).toBeCloseTo(0.0000043, 12);
    expect(() => hyperliquid.mark(coin('MATIC', 'MATIC-USDT')).parse(meta, now)).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
  });

  it('give tiers with half the initial margin as maintenance, flat where there is no table', () => {
    expect(hyperliquid.tiers(btc, 1).parse(meta, now)).toEqual([
      { floor: 0, cap: 150_000_000, maintenanceRate: 0.0125, maxLeverage: 40 },
      { floor: 150_000_000, cap: Number.MAX_SAFE_INTEGER, maintenanceRate: 0.025, maxLeverage: 20 },
    ]);
    expect(hyperliquid.tiers(pepe, 1).parse(meta, now)).toEqual([
      { floor: 0, cap: Number.MAX_SAFE_INTEGER, maintenanceRate: 0.05, maxLeverage: 10 },
    ]);
  });

  it('give bars, hourly fundings and the recorded book', () => {
    expect(hyperliquid.candles(btc, '15m').parse(fixture('hyperliquid', 'candleSnapshot'), now)).toEqual([
      { time: 1681923600000, open: 29295, high: 29309, low: 29250, close: 29258, volume: 0.98639 },
    ]);
    expect(
      hyperliquid.funding(btc, { from: 0 }).parse(fixture('hyperliquid', 'fundingHistory'), now),
    ).toEqual([
      { time: 1769908800000, rate: 0.0000125 },
      { time: 1769912400000, rate: -0.0000081 },
      { time: 1769916000000, rate: 0.0000033 },
    ]);
    const book = hyperliquid.book(btc).parse(fixture('hyperliquid', 'l2Book'), now);
    expect(book.bids[0]).toEqual([110427, 4.11882]);
    expect(book.asks[0]).toEqual([110428, 3.72573]);
  });

  it('lead to the next page of fundings by the last time', () => {
    const [row] = fixture('hyperliquid', 'fundingHistory');
    const page = Array.from({ length: 500 }, (_, i) => ({ ...row, time: row.time + i * 3_600_000 }));
    const call = hyperliquid.funding(btc, { from: row.time });
    expect(JSON.parse(call.next!(page)!.body!)).toMatchObject({ startTime: row.time + 499 * 3_600_000 + 1 });
    expect(call.next!(page.slice(1))).toBeUndefined();
  });

  it('show an account’s positions with the venue’s own liquidation price', () => {
    const eth = coin('ETH', 'ETH-USDT');
    const read = positionsOf('0x31ca8395cf837de08b24da3f660e77761dfb974b', [eth, btc]);
    expect(JSON.parse(read.body!)).toEqual({
      type: 'clearinghouseState',
      user: '0x31ca8395cf837de08b24da3f660e77761dfb974b',
    });
    expect(read.weight).toBe(2);
    expect(read.parse(fixture('hyperliquid', 'clearinghouseState'), now)).toEqual({
      time: 1708622398623,
      positions: [
        {
          symbol: 'ETH-USDT',
          side: 'long',
          base: 0.0335,
          entry: 2986.3,
          liquidationPrice: 2866.26936529,
          leverage: 20,
          margin: 'isolated',
          quality: 'observed',
        },
        {
          symbol: 'BTC-USDT',
          side: 'short',
          base: 0.01,
          entry: 77000,
          liquidationPrice: null,
          leverage: 10,
          margin: 'cross',
          quality: 'observed',
        },
      ],
    });
  });

  it('take the largest accounts out of a list of 39 MB as it comes, and hold no more than they keep', () => {
    const call = largestAccounts(100);
    const condensed = call.condense!();
    const row = (n: number) =>
      `{"ethAddress":"0x${n.toString(16).toUpperCase().padStart(40, '0')}","accountValue":"${(n * 7919) % 47_000}.5","windowPerformances":${'['.padEnd(700, 'x')}],"prize":0,"displayName":null},`;
    // Pieces end anywhere, also within an address.
    let left = '{"leaderboardRows":[';
    for (let n = 0; n < 47_000; n++) {
      left += row(n);
      while (left.length >= 16_384) {
        condensed.add(left.slice(0, 16_384));
        left = left.slice(16_384);
      }
    }
    condensed.add(left);
    const largest = call.parse(condensed.end(), now);
    expect(largest.map(({ value }) => value)).toEqual(Array.from({ length: 100 }, (_, i) => 46_999.5 - i));
    expect(largest[0]!.address).toMatch(/^0x[0-9a-f]{40}$/);
    expect(call).toMatchObject({ url: 'https://stats-data.hyperliquid.xyz/Mainnet/leaderboard', weight: 1 });
    expect(hyperliquid.pools[call.pool]).toBeDefined();

    const other = call.condense!();
    other.add('<html>Forbidden</html>');
    expect(() => call.parse(other.end(), now)).toThrow(expect.objectContaining({ kind: 'malformed' }));
  });

  it('know no coin: null, an empty list, or a coin without a context', () => {
    expect(() => hyperliquid.book(coin('NONE', 'NONE-USDT')).parse(null, now)).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
    expect(hyperliquid.candles(coin('NONE', 'NONE-USDT'), '5m').parse([], now)).toEqual([]);
    expect(hyperliquid.funding(coin('NONE', 'NONE-USDT'), { from: 0 }).parse([], now)).toEqual([]);
    for (const call of [hyperliquid.openInterest, hyperliquid.mark])
      expect(() => call(coin('NONE', 'NONE-USDT')).parse(meta, now)).toThrow(
        expect.objectContaining({ kind: 'unlisted' }),
      );
  });

  it('are refused when not as documented', () => {
    expect(() => hyperliquid.candles(btc, '5m').parse(null, now)).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
    malformed(() => hyperliquid.candles(btc, '5m').parse({}, now));
    malformed(() => hyperliquid.openInterest(btc).parse(changed(meta, '1.0.openInterest', 'NaN'), now));
    malformed(() =>
      hyperliquid.book(btc).parse(changed(fixture('hyperliquid', 'l2Book'), 'levels', []), now),
    );
  });
});

describe('Hyperliquid requests', () => {
  it('are posts to one address, weighed by the rows they bring', () => {
    const call = hyperliquid.candles(btc, '5m', {
      from: 1_700_000_000_000,
      to: 1_700_000_000_000 + 999 * 300_000,
    });
    expect(call.url).toBe('https://api.hyperliquid.xyz/info');
    expect(JSON.parse(call.body!)).toEqual({
      type: 'candleSnapshot',
      req: { coin: 'BTC', interval: '5m', startTime: 1_700_000_000_000, endTime: 1_700_299_700_000 },
    });
    expect(call.weight).toBe(20 + 17);
    expect(hyperliquid.candles(btc, '5m').weight).toBe(20 + 84);
    expect(hyperliquid.book(btc).weight).toBe(2);
  });
});

describe('Hyperliquid socket', () => {
  const plans = hyperliquid.sockets([btc]);

  it('subscribes one message a feed and pings', () => {
    expect(plans[0]!.subscribe.map((message) => JSON.parse(message).subscription)).toEqual([
      { type: 'candle', interval: '5m', coin: 'BTC' },
      { type: 'activeAssetCtx', coin: 'BTC' },
      { type: 'trades', coin: 'BTC' },
      { type: 'l2Book', coin: 'BTC' },
    ]);
    expect(plans[0]!.ping).toEqual({ message: '{"method":"ping"}', everyMs: 20_000 });
    expect(hyperliquid.sockets([btc], ['forcedOrder'])).toEqual([]);
    expect(hyperliquid.limits.forcedOrders).toBe('none');
  });

  it('reads the context as mark, hourly funding and open interest', () => {
    expect(events(plans, fixture('hyperliquid', 'socket-activeAssetCtx'), now)).toEqual([
      {
        kind: 'mark',
        symbol: 'BTC-USDT',
        mark: {
          time: now,
          mark: 77562,
          index: 77605,
          fundingRate: -0.0000015186,
          fundingIntervalMs: 3_600_000,
          nextFundingTime: Date.UTC(2023, 10, 14, 23),
        },
      },
      { kind: 'openInterest', symbol: 'BTC-USDT', point: { time: now, base: 27353.17682 } },
    ]);
  });

  it('reads trades with who traded: side A means that the taker sold', () => {
    expect(events(plans, fixture('hyperliquid', 'socket-trades'))).toEqual([
      {
        kind: 'trade',
        symbol: 'BTC-USDT',
        id: '745210434703679',
        trade: {
          time: 1781528065899,
          price: 66653,
          base: 0.001,
          taker: 'sell',
          accounts: [
            '0x0000000000000000000000000000000000000001',
            '0x0000000000000000000000000000000000000002',
          ],
        },
      },
    ]);
  });

  it('never takes a bar as closed: a word of it that came late may not be the last', () => {
    const candle = fixture('hyperliquid', 'socket-candle');
    for (const now of [candle.data.T, candle.data.T + 1, candle.data.T + 60_000])
      expect(events(plans, candle, now)[0]).toMatchObject({ kind: 'bar', interval: '15m', closed: false });
  });

  it('reads the recorded book', () => {
    const [book] = events(plans, fixture('hyperliquid', 'socket-l2Book'));
    expect(book).toMatchObject({ kind: 'book', book: { time: 1761786491067 } });
  });

  it('tells replies from data, and refuses what is not as documented', () => {
    expect(readOn(plans, fixture('hyperliquid', 'socket-reply'))).toBeUndefined();
    expect(readOn(plans, { channel: 'pong' })).toBeUndefined();
    // What public clients say comes before anything else.
    expect(readOn(plans, 'Websocket connection established.')).toBeUndefined();
    expect(() => readOn(plans, { channel: 'error', data: 'Invalid subscription' })).toThrow(
      expect.objectContaining({ kind: 'unlisted' }),
    );
    malformed(() => events(plans, changed(fixture('hyperliquid', 'socket-trades'), 'data.0.side', 'buy')));
    malformed(() =>
      events(plans, changed(fixture('hyperliquid', 'socket-activeAssetCtx'), 'data.ctx.markPx', null)),
    );
  });
});

describe('a Hyperliquid book', () => {
  const start = hyperliquid.book(coin('BTC', 'BTC-USDT'));
  /** Twenty levels a side around `middle`, `step` apart, of the size given. */
  const grain = (middle: number, step: number, size: number) => {
    const side = (sign: number) =>
      Array.from({ length: 20 }, (_, i) => ({
        px: String(middle + sign * (i + 1) * step),
        sz: String(size),
        n: 1,
      }));
    return { coin: 'BTC', time: 1_761_786_491_067, levels: [side(-1), side(1)] };
  };

  it('is asked for at three grains, and joined to one that reaches further', () => {
    const pages = [grain(100_000, 1, 1), grain(100_000, 100, 50), grain(100_000, 1000, 500)];
    const bodies: unknown[] = [];
    const books = [];
    for (let call: typeof start | undefined = start, i = 0; call; call = call.next?.(pages[i]), i++) {
      bodies.push(JSON.parse(call.body!));
      books.push(call.parse(pages[i], now));
    }
    expect(bodies).toEqual([
      { type: 'l2Book', coin: 'BTC' },
      { type: 'l2Book', coin: 'BTC', nSigFigs: 4 },
      { type: 'l2Book', coin: 'BTC', nSigFigs: 3 },
    ]);
    expect(reachOf(books[0]!)).toBeCloseTo(0.0002, 9);
    const whole = start.join!(books);
    expect(reachOf(whole)).toBeCloseTo(0.2, 9);
    // Each side ascends away from the middle, and nothing is counted twice: a coarse level holds what the finer ones do.
    for (const [sign, side] of [
      [-1, whole.bids],
      [1, whole.asks],
    ] as const) {
      const away = side.map(([at]) => sign * (at - 100_000));
      expect(away).toEqual([...away].sort((a, b) => a - b));
      const within = (distance: number) =>
        side.filter(([at]) => Math.abs(at - 100_000) <= distance).reduce((sum, [, base]) => sum + base, 0);
      expect(within(20)).toBe(20);
      expect(within(100)).toBe(50);
      expect(within(2000)).toBe(1000);
      expect(within(3000)).toBe(1500);
    }
  });
});
