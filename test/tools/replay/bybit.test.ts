import { RestClientV5, WebsocketClient } from 'bybit-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

/** The venue's market is the recording with these factors. */
const [priceFactor, volumeFactor, interestFactor] = [1.0001, 0.45, 0.65];
const past = recordedRows('binance-BTCUSDT-5m-2024-09.csv').filter((row) => row.time! <= btcMoment);
const to = (value: number, decimals: number) => Number(value.toFixed(decimals));
const silent = { trace: () => {}, info: () => {}, error: console.error };

let replay: ReplayExchange;
let client: RestClientV5;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => btcMoment });
  client = new RestClientV5({}, { httpsAgent: replayAgent(replay.port) });
});
afterAll(() => replay.close());

const linear = { category: 'linear', symbol: 'BTCUSDT' } as const;

describe('the bybit-api npm client, pointed at the replay', () => {
  it('reads candles newest first', async () => {
    const { result } = await client.getKline({ ...linear, interval: '5', limit: 400 });
    expect(result.list).toHaveLength(400);
    expect(result.list.slice(1).map((row) => row.slice(0, 6).map(Number))).toEqual(
      past
        .slice(-400, -1)
        .reverse()
        .map((row) => [
          row.time,
          ...[row.open, row.high, row.low, row.close].map((value) => to(value! * priceFactor, 1)),
          to(row.volume! * volumeFactor, 3),
        ]),
    );
  });

  it('reads open interest of both sides and of one, by pages', async () => {
    const rows: { openInterest: string; singleOpenInterest?: string; timestamp: string }[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 3; page++) {
      const { result } = await client.getOpenInterest({
        ...linear,
        intervalTime: '5min',
        limit: 200,
        ...(cursor ? { cursor } : {}),
      });
      rows.push(...result.list);
      cursor = result.nextPageCursor;
    }
    const expected = past.slice(-600).reverse();
    expect(rows.map(({ timestamp }) => Number(timestamp))).toEqual(expected.map(({ time }) => time));
    const single = expected.map((row) => to(row.open_interest! * interestFactor, 3));
    expect(rows.map((row) => Number(row.singleOpenInterest))).toEqual(single);
    expect(rows.map((row) => Number(row.openInterest))).toEqual(single.map((value) => to(value * 2, 3)));
  });

  it('reads funding, ratios, tickers, instruments, tiers, books and trades', async () => {
    const funding = await client.getFundingRateHistory(linear);
    expect(funding.result.list).toHaveLength(9);
    expect(Number(funding.result.list[0]!.fundingRateTimestamp)).toBe(Date.parse('2024-09-16T16:00:00Z'));
    const ratio = await client.getLongShortRatio({ ...linear, period: '5min', limit: 10 });
    expect(Number(ratio.result.list[0]!.buyRatio) + Number(ratio.result.list[0]!.sellRatio)).toBeCloseTo(
      1,
      9,
    );
    const { result: tickers } = await client.getTickers(linear);
    const ticker = tickers.list[0] as {
      lastPrice: string;
      bid1Price: string;
      ask1Price: string;
      nextFundingTime: string;
    };
    expect(ticker.bid1Price).toBe(ticker.lastPrice);
    expect(Number(ticker.nextFundingTime)).toBe(Date.parse('2024-09-17T00:00:00Z'));
    const { result: instruments } = await client.getInstrumentsInfo({ category: 'linear', limit: 1000 });
    expect(instruments.list.map(({ symbol }) => symbol)).toContain('SOLUSDT');
    const { result: tiers } = await client.getRiskLimit(linear);
    expect(tiers.list[0]).toMatchObject({
      id: 2,
      maintenanceMargin: '0.005',
      maxLeverage: '100.00',
      mmDeduction: '',
    });
    const { result: book } = await client.getOrderbook({ ...linear, limit: 50 });
    expect(book.b).toHaveLength(50);
    expect(Number(book.b[0]![0])).toBeLessThan(Number(book.a[0]![0]));
    const { result: trades } = await client.getPublicTradingHistory({ ...linear, limit: 20 });
    expect(trades.list).toHaveLength(20);
    expect(Number(trades.list[0]!.time)).toBeGreaterThan(Number(trades.list[19]!.time));
  });

  it('gets errors inside the envelope, with HTTP 200', async () => {
    const unknown = await client.getKline({ ...linear, symbol: 'NOPEUSDT', interval: '5' });
    expect(unknown).toMatchObject({ retCode: 10001, result: {} });
    const lone = await client.getFundingRateHistory({ ...linear, startTime: btcMoment - 86_400_000 });
    expect(lone.retCode).toBe(10001);
  });

  it('is cut off with 403 after 600 requests in five seconds', async () => {
    const fetch = replayFetch(replay.port);
    const ask = () => fetch('https://api.bybit.com/v5/market/time');
    let answer = await ask();
    for (let n = 0; n < 650 && answer.status === 200; n++) {
      await answer.text();
      answer = await ask();
    }
    expect(answer.status).toBe(403);
    expect(await answer.text()).toBe('access too frequent');
    expect(replay.stats().venues.bybit!.budgets.ip).toMatchObject({ peak: 600, refused: 1 });
  });
});

describe('sockets', () => {
  const address = 'wss://stream.bybit.com/v5/public/linear';

  it('acknowledge, answer ping, and refuse unknown topics', async () => {
    const line = await listen(
      replay,
      address,
      { op: 'subscribe', req_id: '1', args: ['publicTrade.BTCUSDT'] },
      { op: 'ping' },
      { op: 'subscribe', req_id: '2', args: ['liquidation.BTCUSDT'] },
    );
    line.close();
    expect(line.messages[0]).toMatchObject({ success: true, ret_msg: '', op: 'subscribe', req_id: '1' });
    expect(line.messages[1]).toMatchObject({ success: true, ret_msg: 'pong', op: 'ping' });
    expect(line.messages[2]).toMatchObject({ success: false, req_id: '2' });
  });

  it('send a book as a snapshot and changes that lead to the book from REST', async () => {
    const line = await listen(replay, address, { op: 'subscribe', args: ['orderbook.50.BTCUSDT'] });
    for (let n = 0; n < 20; n++) replay.advance(400);
    await line.settle();
    line.close();
    const [first, ...rest] = line.messages.filter(({ topic }) => topic);
    expect(first.type).toBe('snapshot');
    const bids = new Map<string, string>(first.data.b);
    for (const { type, data } of rest) {
      expect(type).toBe('delta');
      for (const [p, q] of data.b) q === '0' ? bids.delete(p) : bids.set(p, q);
    }
    const market = replay.market('bybit', 'BTC');
    expect(bids.size).toBe(50);
    expect(Math.max(...[...bids.keys()].map(Number))).toBe(
      market.price(Math.floor(replay.now() / 100) * 100),
    );
  });

  it('send tickers as a snapshot and then only what changed', async () => {
    const line = await listen(replay, address, { op: 'subscribe', args: ['tickers.BTCUSDT'] });
    for (let n = 0; n < 10; n++) replay.advance(1000);
    await line.settle();
    line.close();
    const [first, ...rest] = line.messages.filter(({ topic }) => topic);
    expect(first).toMatchObject({ type: 'snapshot', data: { fundingIntervalHour: '8' } });
    expect(rest.length).toBeGreaterThan(5);
    expect(rest.every(({ type, data }) => type === 'delta' && data.fundingIntervalHour === undefined)).toBe(
      true,
    );
  });

  it('name the position’s side of a forced order: Buy while price falls', async () => {
    const line = await listen(replay, address, { op: 'subscribe', args: ['allLiquidation.BTCUSDT'] });
    for (let n = 0; n < 12; n++) replay.advance(300_000);
    await line.settle();
    line.close();
    const orders = line.messages.filter(({ topic }) => topic).flatMap(({ data }) => data);
    expect(orders.length).toBeGreaterThan(20);
    const market = replay.market('bybit', 'BTC');
    for (const { T, S, p } of orders) {
      const second = Math.floor(T / 1000) * 1000;
      const move = market.price(second) - market.price(second - 1000);
      expect(S === 'Buy' ? move : -move).toBeLessThanOrEqual(0);
      // the bankruptcy price lies beyond the market, on the losing side
      expect(S === 'Buy' ? Number(p) < market.price(second) : Number(p) > market.price(second)).toBe(true);
    }
  });

  it('are understood by the bybit-api npm client', async () => {
    const live = new WebsocketClient(
      { market: 'v5', wsOptions: { agent: replayAgent(replay.port) } },
      silent,
    );
    const seen = new Promise<{ topic: string; data: { confirm: boolean }[] }>((resolve) =>
      live.on('update', resolve),
    );
    await live.subscribeV5('kline.1.BTCUSDT', 'linear');
    const beat = setInterval(() => replay.advance(5000), 50);
    const { topic, data } = await seen;
    clearInterval(beat);
    live.closeAll(true);
    expect(topic).toBe('kline.1.BTCUSDT');
    expect(typeof data[0]!.confirm).toBe('boolean');
  });
});

it('refuses a whole list of topics for one that is subscribed already', async () => {
  const line = await listen(
    replay,
    'wss://stream.bybit.com/v5/public/linear',
    { op: 'subscribe', req_id: 'a', args: ['publicTrade.BTCUSDT'] },
    { op: 'subscribe', req_id: 'b', args: ['publicTrade.BTCUSDT', 'publicTrade.ETHUSDT'] },
  );
  for (let n = 0; n < 5; n++) replay.advance(1000);
  await line.settle();
  line.close();
  expect(line.messages.slice(0, 2)).toMatchObject([
    { success: true, req_id: 'a' },
    { success: false, req_id: 'b', ret_msg: 'error:already subscribed,topic:publicTrade.BTCUSDT' },
  ]);
  expect(new Set(line.messages.slice(2).map(({ topic }) => topic))).toEqual(new Set(['publicTrade.BTCUSDT']));
});
