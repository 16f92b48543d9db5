import ccxt, { type Exchange } from 'ccxt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';

/** One client for all five venues that we had no hand in: what it makes of the replay is what other programs make of it. */

const clients = {
  binance: { id: 'binanceusdm', symbol: 'BTC/USDT:USDT', other: 'ETH/USDT:USDT' },
  bybit: { id: 'bybit', symbol: 'BTC/USDT:USDT', other: 'ETH/USDT:USDT' },
  okx: { id: 'okx', symbol: 'BTC/USDT:USDT', other: 'ETH/USDT:USDT' },
  bitget: { id: 'bitget', symbol: 'BTC/USDT:USDT', other: 'ETH/USDT:USDT' },
  hyperliquid: { id: 'hyperliquid', symbol: 'BTC/USDC:USDC', other: 'ETH/USDC:USDC' },
} as const;
const slot = 300_000;

let replay: ReplayExchange;
beforeAll(async () => {
  replay = await createReplay({ speed: 5 });
});
afterAll(() => replay.close());

/** A client led to the replay. */
function connectTo(id: (typeof clients)[keyof typeof clients]['id'], options = {}): Exchange {
  const client = new ccxt.pro[id]({ enableRateLimit: false, options: { defaultType: 'swap', ...options } });
  client.fetchImplementation = replayFetch(replay.port);
  client.agent = replayAgent(replay.port);
  return client;
}

describe.each(Object.entries(clients))('ccxt on %s', (venue, { id, symbol, other }) => {
  let client: Exchange;
  afterEach(() => client.close());

  const connect = () => {
    client = connectTo(id);
  };

  it('reads markets, candles by page, open interest, funding, books and tiers', async () => {
    connect();
    expect(Object.keys(await client.loadMarkets())).toEqual(expect.arrayContaining([symbol, other]));
    const market = replay.market(venue, 'BTC');

    const since = Math.ceil((replay.now() - 2 * 86_400_000) / slot) * slot;
    const page = await client.fetchOHLCV(symbol, '5m', since, 50);
    expect(page.map(([time]) => time)).toEqual(Array.from({ length: 50 }, (_, n) => since + n * slot));
    const { open, high, low, close, volume } = market.candle(since, since + slot, replay.now())!;
    expect(page[0]!.slice(1)).toEqual([open, high, low, close, volume]);
    const newest = await client.fetchOHLCV(symbol, '5m', undefined, 3);
    expect(replay.now() - newest.at(-1)![0]!).toBeLessThan(2 * slot);

    // of Bybit it asks for the hour's, both sides summed
    if (venue !== 'bybit') {
      const { openInterestAmount } = await client.fetchOpenInterest(symbol);
      const contract = client.market(symbol).contractSize!;
      expect(openInterestAmount! * contract).toBeCloseTo(market.openInterest(replay.now()), -2);
    }
    const funding = await client.fetchFundingRate(symbol);
    expect(funding.fundingRate).toBeCloseTo(market.fundingRate(replay.now()), 6);
    expect(funding.fundingTimestamp).toBe(market.nextFundingTime(replay.now()));
    const rates = await client.fetchFundingRateHistory(symbol, replay.now() - 2 * 86_400_000, 4);
    expect(rates).toHaveLength(4);

    const book = await client.fetchOrderBook(symbol, 20);
    expect(book.bids).toHaveLength(20);
    expect(book.bids[0]![0]).toBeLessThan(book.asks[0]![0]!);
    if (client.has.fetchMarketLeverageTiers === true) {
      const tiers = await client.fetchMarketLeverageTiers(symbol);
      expect(tiers.length).toBeGreaterThan(3);
    }
  });

  it('is told of a symbol that is none in the venue’s words', async () => {
    connect();
    await client.loadMarkets();
    const known = client.market(symbol);
    client.markets!['NO/USDT:USDT'] = {
      ...known,
      id: known.id!.replace('BTC', 'NO'),
      symbol: 'NO/USDT:USDT',
      base: 'NO',
      baseName: 'NO',
    };
    await expect(client.fetchOHLCV('NO/USDT:USDT', '5m')).rejects.toBeInstanceOf(ccxt.BaseError);
  });

  it('follows trades, books (whose check sums it checks), candles and tickers', async () => {
    connect();
    await client.loadMarkets();
    const [trade] = await client.watchTrades(symbol);
    expect(Math.abs(trade!.price! / replay.market(venue, 'BTC').price(replay.now()) - 1)).toBeLessThan(0.02);
    // Hyperliquid sends a whole book every five seconds
    for (let n = 0; n < (venue === 'hyperliquid' ? 2 : 20); n++) {
      const book = await client.watchOrderBook(symbol);
      expect(book.bids[0]![0]).toBeLessThan(book.asks[0]![0]!);
    }
    // asks for the first symbol again, beside the second
    if (venue === 'okx' || venue === 'bitget' || venue === 'binance') {
      const seen = new Set<string>();
      for (let n = 0; n < 20; n++) seen.add((await client.watchOrderBookForSymbols([symbol, other])).symbol!);
      expect(seen).toContain(symbol);
    }
    const candles = await client.watchOHLCV(symbol, '5m');
    expect(replay.now() - candles.at(-1)![0]!).toBeLessThan(2 * slot);
    const ticker = await client.watchTicker(symbol);
    expect(ticker.last).toBeGreaterThan(0);
  });
});

it('reads Bitget’s third version of the same', async () => {
  const client = connectTo('bitget', { uta: true });
  const symbol = 'BTC/USDT:USDT';
  expect(Object.keys(await client.loadMarkets())).toContain(symbol);
  expect(await client.fetchOHLCV(symbol, '5m', undefined, 5, { uta: true })).toHaveLength(5);
  const book = await client.fetchOrderBook(symbol, 5, { uta: true });
  expect(book.bids[0]![0]).toBeLessThan(book.asks[0]![0]!);
  expect(await client.fetchTrades(symbol, undefined, 5, { uta: true })).toHaveLength(5);
  expect(await client.fetchFundingRateHistory(symbol, undefined, 5, { uta: true })).toHaveLength(5);
  const [first] = await client.fetchMarketLeverageTiers(symbol, { uta: true });
  expect(first).toMatchObject({ minNotional: 0, maintenanceMarginRate: 0.004, maxLeverage: 150 });

  for (let n = 0; n < 10; n++) {
    const { bids, asks } = await client.watchOrderBook(symbol, undefined, { uta: true });
    expect(bids[0]![0]).toBeLessThan(asks[0]![0]!);
    expect(bids).toHaveLength(200);
  }
  const candles = await client.watchOHLCV(symbol, '5m', undefined, undefined, { uta: true });
  expect(replay.now() - candles.at(-1)![0]!).toBeLessThan(2 * slot);
  expect((await client.watchTicker(symbol, { uta: true })).last).toBeGreaterThan(0);
  expect((await client.watchTrades(symbol, undefined, undefined, { uta: true })).length).toBeGreaterThan(0);
  await client.close();
});

it('pages OKX’s trades back without a gap or a double', async () => {
  const client = connectTo('okx');
  await client.loadMarkets();
  const method = 'publicGetMarketHistoryTrades';
  const page = async (after?: string) => {
    const trades = await client.fetchTrades('BTC/USDT:USDT', undefined, 50, {
      method,
      ...(after && { after }),
    });
    return trades.map(({ id }) => Number(id));
  };
  const newer = await page();
  const older = await page(String(newer[0]));
  const ids = [...older, ...newer];
  expect(ids).toHaveLength(100);
  // amounts too small for a contract leave an id out now and then
  expect(ids.every((id, i) => i === 0 || (id > ids[i - 1]! && id - ids[i - 1]! < 5))).toBe(true);
});
