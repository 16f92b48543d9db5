import { RestClientV2, RestClientV3, WebsocketClientV2 } from 'bitget-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

/** The venue's market is the recording with these factors. */
const [priceFactor, volumeFactor, interestFactor] = [1.0003, 0.35, 0.45];
const past = recordedRows('binance-BTCUSDT-5m-2024-09.csv').filter((row) => row.time! <= btcMoment);
const to = (value: number, decimals: number) => Number(value.toFixed(decimals));
const silent = { trace: () => {}, info: () => {}, error: console.error };
const product = { productType: 'USDT-FUTURES', symbol: 'BTCUSDT' } as const;

let replay: ReplayExchange;
let client: RestClientV2;
let wall = btcMoment;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => wall });
  client = new RestClientV2({}, { httpsAgent: replayAgent(replay.port) });
});
afterAll(() => replay.close());

describe('the bitget-api npm client, pointed at the replay', () => {
  it('reads candles', async () => {
    const { data } = await client.getFuturesCandles({ ...product, granularity: '5m', limit: '500' });
    expect(data).toHaveLength(500);
    expect(data.slice(0, -1).map((row) => row.slice(0, 6).map(Number))).toEqual(
      past
        .slice(-500, -1)
        .map((row) => [
          row.time,
          ...[row.open, row.high, row.low, row.close].map((value) => to(value! * priceFactor, 1)),
          to(row.volume! * volumeFactor, 3),
        ]),
    );
  });

  it('reads open interest now, and finds no history of it', async () => {
    const { data } = await client.getFuturesOpenInterest(product);
    const bar = past.at(-1)!;
    expect(Number(data.openInterestList[0]!.size)).toBeCloseTo(
      ((bar.open_interest! + bar.open_interest_close!) / 2) * interestFactor,
      -2,
    );
    const fetch = replayFetch(replay.port);
    expect((await fetch('https://api.bitget.com/api/v2/mix/market/open-interest-history')).status).toBe(404);
  });

  it('reads funding, tickers, contracts, tiers, books and trades', async () => {
    const rate = await client.getFuturesCurrentFundingRate(product);
    expect(rate.data[0]).toMatchObject({
      fundingRateInterval: '8',
      nextUpdate: String(Date.parse('2024-09-17T00:00:00Z')),
    });
    const history = await client.getFuturesHistoricFundingRates({ ...product, pageSize: '4', pageNo: '2' });
    expect(history.data).toHaveLength(4);
    const ticker = await client.getFuturesTicker(product);
    expect(ticker.data[0]!.bidPr).toBe(ticker.data[0]!.lastPr);
    const contracts = await client.getFuturesContractConfig({ productType: 'USDT-FUTURES' });
    const btc = contracts.data.find(({ symbol }) => symbol === 'BTCUSDT')!;
    expect(Number(btc.priceEndStep) * 10 ** -Number(btc.pricePlace)).toBeCloseTo(0.1, 12);
    const tiers = await client.getFuturesPositionTier(product);
    expect(tiers.data[0]).toEqual({
      symbol: 'BTCUSDT',
      level: '1',
      startUnit: '0',
      endUnit: '200000',
      leverage: '150',
      keepMarginRate: '0.004',
    });
    const book = await client.getFuturesMergeDepth({ ...product, limit: '15' });
    expect(book.data.bids[0]![0]).toBeLessThan(book.data.asks[0]![0]);
    expect((await client.getFuturesRecentTrades({ ...product, limit: '10' })).data).toHaveLength(10);
  });

  it('reads the last three days of liquidations by pages, newest first', async () => {
    const v3 = new RestClientV3({}, { httpsAgent: replayAgent(replay.port) });
    const first = await v3.getLiquidations({ category: 'USDT-FUTURES', symbol: 'BTCUSDT', limit: '100' });
    expect(first.data.list).toHaveLength(100);
    const second = await v3.getLiquidations({
      category: 'USDT-FUTURES',
      symbol: 'BTCUSDT',
      limit: '100',
      cursor: first.data.cursor!,
    });
    const times = [...first.data.list, ...second.data.list].map(({ ts }) => Number(ts));
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times.at(-1)).toBeGreaterThan(btcMoment - 3 * 86_400_000);
  });

  it('gets the venue’s error for an unknown symbol', async () => {
    const asked = client.getFuturesTicker({ ...product, symbol: 'NOPEUSDT' });
    await expect(asked).rejects.toMatchObject({ body: { code: '40034' } });
  });
});

it('allows one ratio request a second', async () => {
  wall += 60_000;
  const fetch = replayFetch(replay.port);
  const ask = () =>
    fetch('https://api.bitget.com/api/v2/mix/market/account-long-short?symbol=BTCUSDT&period=5m');
  expect((await ask()).status).toBe(200);
  expect((await ask()).status).toBe(429);
  wall += 1_000;
  const { data } = (await (await ask()).json()) as {
    data: { longAccountRatio: string; shortAccountRatio: string }[];
  };
  expect(Number(data[0]!.longAccountRatio) + Number(data[0]!.shortAccountRatio)).toBeCloseTo(1, 9);
});

describe('sockets', () => {
  it('acknowledge, answer the text ping, and send ticker, candles, book and trades', async () => {
    const channels = ['ticker', 'candle5m', 'books5', 'trade'];
    const args = channels.map((channel) => ({ instType: 'USDT-FUTURES', channel, instId: 'BTCUSDT' }));
    const line = await listen(replay, 'wss://ws.bitget.com/v2/ws/public', { op: 'subscribe', args }, 'ping');
    for (let n = 0; n < 5; n++) replay.advance(1000);
    await line.settle();
    line.close();
    expect(line.messages.filter(({ event }) => event === 'subscribe')).toHaveLength(4);
    expect(line.messages).toContain('pong');
    for (const channel of channels) {
      const [first] = line.messages.filter(({ action, arg }) => action && arg.channel === channel);
      expect(first).toMatchObject({ action: 'snapshot', arg: { channel } });
    }
  });

  it('push the largest forced order a second of each side, for the whole market', async () => {
    const line = await listen(replay, 'wss://ws.bitget.com/v3/ws/public', {
      op: 'subscribe',
      args: [{ instType: 'usdt-futures', topic: 'liquidation' }],
    });
    for (let n = 0; n < 600; n++) replay.advance(1000);
    await line.settle();
    line.close();
    const rows = line.messages.filter(({ action }) => action).flatMap(({ data }) => data);
    expect(rows.length).toBeGreaterThan(5);
    const keys = rows.map(({ symbol, side, ts }) => `${symbol}/${side}/${Math.floor(Number(ts) / 1000)}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(rows.every(({ side }) => side === 'buy' || side === 'sell')).toBe(true);
  });

  it('are understood by the bitget-api npm client', async () => {
    const live = new WebsocketClientV2({ wsOptions: { agent: replayAgent(replay.port) } }, silent);
    const seen = new Promise<{ arg: { channel: string }; data: { markPrice: string }[] }>((resolve) =>
      live.on('update', (event) =>
        resolve(event as { arg: { channel: string }; data: { markPrice: string }[] }),
      ),
    );
    live.subscribeTopic('USDT-FUTURES', 'ticker', 'BTCUSDT');
    const beat = setInterval(() => replay.advance(1000), 50);
    const { arg, data } = await seen;
    clearInterval(beat);
    live.closeAll(true);
    expect(arg.channel).toBe('ticker');
    expect(Number(data[0]!.markPrice)).toBeGreaterThan(50_000);
  });
});

it('sends no second snapshot of a book that is subscribed again', async () => {
  const ask = { op: 'subscribe', args: [{ instType: 'USDT-FUTURES', channel: 'books', instId: 'BTCUSDT' }] };
  const line = await listen(replay, 'wss://ws.bitget.com/v2/ws/public', ask);
  replay.advance(1000);
  await line.settle();
  line.say(ask);
  await line.settle();
  for (let n = 0; n < 3; n++) replay.advance(1000);
  await line.settle();
  line.close();
  expect(line.messages.filter(({ event }) => event === 'subscribe')).toHaveLength(2);
  expect(line.messages.filter(({ action }) => action === 'snapshot')).toHaveLength(1);
});

it('reads what kind of candles is asked for in small letters too', async () => {
  const rows = async (kind: string) => {
    const path = `candles?productType=USDT-FUTURES&symbol=BTCUSDT&granularity=1H&limit=2&kLineType=${kind}`;
    const answer = await replayFetch(replay.port)(`https://api.bitget.com/api/v2/mix/market/${path}`);
    return ((await answer.json()) as { data: string[][] }).data;
  };
  expect(await rows('mark')).toEqual(await rows('MARK'));
  expect(await rows('mark')).not.toEqual(await rows('index'));
  expect(await rows('other')).toBeNull();
});
