import { crc32 } from 'node:zlib';
import { RestClient, WebsocketClient } from 'okx-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

/** The venue's market is the recording with these factors; a contract is 0.01 BTC. */
const [priceFactor, volumeFactor, interestFactor] = [0.9998, 0.4, 0.35];
const past = recordedRows('binance-BTCUSDT-5m-2024-09.csv').filter((row) => row.time! <= btcMoment);
const to = (value: number, decimals: number) => Number(value.toFixed(decimals));
const silent = { trace: () => {}, info: () => {}, error: console.error };
const instId = 'BTC-USDT-SWAP';
const rubik = '/api/v5/rubik/stat/contracts';

let replay: ReplayExchange;
let client: RestClient;
let wall = btcMoment;

async function get(path: string): Promise<{ status: number; json: { code: string; data: string[][] } }> {
  const answer = await replayFetch(replay.port)(`https://openapi.okx.com${path}`);
  return { status: answer.status, json: (await answer.json()) as { code: string; data: string[][] } };
}

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => wall });
  client = new RestClient({}, { httpsAgent: replayAgent(replay.port) });
});
afterAll(() => replay.close());

describe('the okx-api npm client, pointed at the replay', () => {
  it('reads candles newest first, in contracts and in coins', async () => {
    const rows = (await client.getCandles({ instId, bar: '5m', limit: '300' })) as unknown as string[][];
    expect(rows).toHaveLength(300);
    expect(rows[0]![8]).toBe('0');
    const expected = past.slice(-300, -1).reverse();
    expect(rows.slice(1).map((row) => row.slice(0, 5).map(Number))).toEqual(
      expected.map((row) => [
        row.time,
        ...[row.open, row.high, row.low, row.close].map((value) => to(value! * priceFactor, 1)),
      ]),
    );
    for (const [i, row] of rows.slice(1).entries()) {
      const coins = to(expected[i]!.volume! * volumeFactor, 3);
      expect(Number(row[6])).toBe(coins);
      expect(Number(row[5])).toBeCloseTo(coins / 0.01, 6);
      expect(row[8]).toBe('1');
    }
  });

  it('pages back with after, exclusively', async () => {
    const after = String(past.at(-100)!.time);
    const rows = (await client.getCandles({ instId, bar: '5m', after, limit: '2' })) as unknown as string[][];
    expect(rows.map(([time]) => Number(time))).toEqual([past.at(-101)!.time, past.at(-102)!.time]);
  });

  it('reads open interest in contracts, coins and USD', async () => {
    const [now] = await client.getOpenInterest({ instType: 'SWAP', instId });
    expect(Number(now.oi) * 0.01).toBeCloseTo(Number(now.oiCcy), 6);
    const { json } = await get(`${rubik}/open-interest-history?instId=${instId}&period=5m&limit=100`);
    const expected = past.slice(-100).reverse();
    expect(json.data.map((row) => [Number(row[0]), Number(row[2])])).toEqual(
      expected.map((row) => [row.time, to(row.open_interest! * interestFactor, 3)]),
    );
    expect(json.data.every((row) => Math.abs(Number(row[1]) * 0.01 - Number(row[2])) < 1e-6)).toBe(true);
  });

  it('reads funding, tickers, instruments, tiers, books and trades', async () => {
    const [instrument] = await client.getInstruments({ instType: 'SWAP', instId });
    expect(instrument).toMatchObject({
      ctVal: '0.01',
      ctMult: '1',
      baseCcy: '',
      uly: 'BTC-USDT',
      tickSz: '0.1',
    });
    const [funding] = await client.getFundingRate({ instId });
    expect(Number(funding!.nextFundingTime) - Number(funding!.fundingTime)).toBe(28_800_000);
    const history = await client.getFundingRateHistory({ instId });
    expect(history).toHaveLength(9);
    expect(Number(history[0]!.fundingTime)).toBeGreaterThan(Number(history[8]!.fundingTime));
    const [ticker] = await client.getTicker({ instId });
    expect(ticker!.bidPx).toBe(ticker!.last);
    const { json } = await get(
      '/api/v5/public/position-tiers?instType=SWAP&tdMode=isolated&instFamily=BTC-USDT',
    );
    expect(json.data[0]).toMatchObject({ minSz: '0', maxSz: '1000', mmr: '0.004', maxLever: '100' });
    const [book] = await client.getOrderBook({ instId, sz: '20' });
    expect(book!.bids).toHaveLength(20);
    expect(Number(book!.bids[0]![0])).toBeLessThan(Number(book!.asks[0]![0]));
    expect(await client.getTrades({ instId, limit: 10 })).toHaveLength(10);
  });

  it('gets the venue’s errors', async () => {
    expect(await get('/api/v5/market/ticker?instId=NOPE-USDT-SWAP')).toMatchObject({
      status: 200,
      json: { code: '51001' },
    });
    expect(await get('/api/v5/market/candles?bar=5m')).toMatchObject({
      status: 400,
      json: { code: '50014' },
    });
    expect(await get(`/api/v5/market/candles?instId=${instId}&bar=7m`)).toMatchObject({
      json: { code: '51000' },
    });
  });
});

it('cuts bars of six hours and more at UTC+8 unless their name says utc', async () => {
  const open = async (bar: string) =>
    Number(
      (await get(`/api/v5/market/history-candles?instId=${instId}&bar=${bar}&limit=1`)).json.data[0]![0],
    );
  expect((await open('1D')) % 86_400_000).toBe(16 * 3_600_000);
  expect((await open('1Dutc')) % 86_400_000).toBe(0);
});

it('refuses the sixth ratio of one instrument within two seconds, and only of that instrument', async () => {
  wall += 10_000;
  const ask = (id: string) => get(`${rubik}/long-short-account-ratio-contract?instId=${id}&period=1H`);
  for (let n = 0; n < 5; n++) expect((await ask(instId)).status).toBe(200);
  expect(await ask(instId)).toMatchObject({ status: 429, json: { code: '50011' } });
  expect((await ask('ETH-USDT-SWAP')).status).toBe(200);
  wall += 2_000;
  expect((await ask(instId)).status).toBe(200);
});

describe('sockets', () => {
  const address = 'wss://ws.okx.com:8443/ws/v5/public';

  it('acknowledge each argument, answer the text ping, and refuse channels of the other address', async () => {
    const line = await listen(
      replay,
      address,
      {
        op: 'subscribe',
        args: [
          { channel: 'mark-price', instId },
          { channel: 'open-interest', instId },
        ],
      },
      'ping',
      { id: '1512', op: 'subscribe', args: [{ channel: 'candle5m', instId }] },
    );
    line.close();
    expect(line.messages).toContain('pong');
    const events = line.messages.filter((message) => message.event);
    expect(events.map(({ event, code }) => code ?? event)).toEqual(['subscribe', 'subscribe', '60018']);
    expect(events.map(({ id }) => id)).toEqual([undefined, undefined, '1512']);
  });

  it('send a book whose changes keep the check sum', async () => {
    const line = await listen(replay, address, { op: 'subscribe', args: [{ channel: 'books', instId }] });
    for (let n = 0; n < 20; n++) replay.advance(300);
    await line.settle();
    line.close();
    const book = { bids: new Map<string, string>(), asks: new Map<string, string>() };
    const pushes = line.messages.filter(({ action }) => action);
    expect(pushes.map(({ action }) => action)).toEqual(['snapshot', ...pushes.slice(1).map(() => 'update')]);
    expect(pushes.length).toBeGreaterThan(15);
    for (const [i, { data }] of pushes.entries()) {
      const [{ bids, asks, checksum, prevSeqId }] = data;
      expect(prevSeqId).toBe(i ? pushes[i - 1].data[0].seqId : -1);
      for (const [side, levels] of [
        ['bids', bids],
        ['asks', asks],
      ] as const) {
        for (const [p, q] of levels) q === '0' ? book[side].delete(p) : book[side].set(p, q);
      }
      const best = (side: 'bids' | 'asks', sign: number) =>
        [...book[side]].sort((a, b) => sign * (Number(a[0]) - Number(b[0]))).slice(0, 25);
      const [down, up] = [best('bids', -1), best('asks', 1)];
      const text = down.flatMap((bid, n) => [...bid, ...up[n]!]).join(':');
      expect(checksum).toBe(crc32(text) | 0);
    }
  });

  it('send forced orders of every swap, in contracts, with the position’s side', async () => {
    const line = await listen(replay, address, {
      op: 'subscribe',
      args: [{ channel: 'liquidation-orders', instType: 'SWAP' }],
    });
    for (let n = 0; n < 12; n++) replay.advance(300_000);
    await line.settle();
    line.close();
    const rows = line.messages.filter(({ data }) => data).flatMap(({ data }) => data);
    expect(new Set(rows.map((row) => row.instId)).size).toBeGreaterThan(2);
    const details = rows.flatMap((row) => row.details);
    expect(details.every(({ posSide, side }) => (posSide === 'long') === (side === 'sell'))).toBe(true);
    const sold = rows.filter((row) => row.instId === instId).flatMap((row) => row.details);
    const coins = sold.reduce((sum, { sz }) => sum + Number(sz) * 0.01, 0);
    const market = replay.market('okx', 'BTC');
    const forced = market.forcedOrders(replay.now() - 3_600_000, replay.now());
    expect(coins).toBeCloseTo(
      forced.reduce((sum, { base }) => sum + base, 0),
      6,
    );
  });

  it('are understood by the okx-api npm client, candles at the business address', async () => {
    const live = new WebsocketClient(
      { market: 'prod', wsOptions: { agent: replayAgent(replay.port) } },
      silent,
    );
    const seen = new Promise<{ arg: { channel: string }; data: string[][] }>((resolve) =>
      live.on('update', (event) =>
        resolve(event as unknown as { arg: { channel: string }; data: string[][] }),
      ),
    );
    void live.subscribe({ channel: 'candle1m', instId });
    const beat = setInterval(() => replay.advance(5000), 50);
    const { arg, data } = await seen;
    clearInterval(beat);
    live.closeAll(true);
    expect(arg.channel).toBe('candle1m');
    expect(data[0]).toHaveLength(9);
  });
});

it('sends no second snapshot of a book that is subscribed again', async () => {
  const ask = { op: 'subscribe', args: [{ channel: 'books', instId }] };
  const line = await listen(replay, 'wss://ws.okx.com:8443/ws/v5/public', ask);
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

it('tells the funding of every swap at once', async () => {
  const { json } = await get('/api/v5/public/funding-rate?instId=ANY');
  const rows = json.data as unknown as { instId: string }[];
  expect(rows.map((row) => row.instId)).toEqual(expect.arrayContaining([instId, 'PEPE-USDT-SWAP']));
});
