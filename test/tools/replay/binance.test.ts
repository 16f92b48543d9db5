import { USDMClient, WebsocketClient } from 'binance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

const rows = recordedRows('binance-BTCUSDT-5m-2024-09.csv');
const past = rows.filter((row) => row.time! <= btcMoment);

/** The client prints every connection otherwise. */
const quiet = { trace: () => {}, info: () => {}, error: console.error };

let replay: ReplayExchange;
let client: USDMClient;
let fetch: typeof globalThis.fetch;

async function get(path: string): Promise<{ status: number; headers: Headers; json: unknown }> {
  const answer = await fetch(`https://fapi.binance.com${path}`);
  return { status: answer.status, headers: answer.headers, json: await answer.json() };
}

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => btcMoment });
  client = new USDMClient({}, { httpsAgent: replayAgent(replay.port) });
  fetch = replayFetch(replay.port);
});
afterAll(() => replay.close());

describe('the binance npm client, pointed at the replay', () => {
  it('reads the recorded candles', async () => {
    const klines = await client.getKlines({ symbol: 'BTCUSDT', interval: '5m', limit: 500 });
    expect(klines).toHaveLength(500);
    const closed = klines.slice(0, -1);
    const expected = past.slice(-500, -1);
    expect(
      closed.map(([time, open, high, low, close, volume]) =>
        [time, open, high, low, close, volume].map(Number),
      ),
    ).toEqual(expected.map((row) => [row.time, row.open, row.high, row.low, row.close, row.volume]));
    expect(closed.map((row) => Number(row[9]))).toEqual(expected.map((row) => row.taker_buy_volume));
    expect(closed.map((row) => row[6])).toEqual(expected.map((row) => row.time! + 299_999));
  });

  it('reads the recorded open interest, history and now', async () => {
    const history = await client.getOpenInterestStatistics({ symbol: 'BTCUSDT', period: '5m', limit: 500 });
    expect(history.map((row) => [row.timestamp, Number(row.sumOpenInterest)])).toEqual(
      past.slice(-500).map((row) => [row.time, row.open_interest]),
    );
    const { openInterest } = await client.getOpenInterest({ symbol: 'BTCUSDT' });
    const bar = past.at(-1)!;
    const between = [bar.open_interest!, bar.open_interest_close!].sort((a, b) => a - b);
    expect(Number(openInterest)).toBeGreaterThanOrEqual(between[0]!);
    expect(Number(openInterest)).toBeLessThanOrEqual(between[1]!);
  });

  it('reads the recorded share of long accounts', async () => {
    const ratios = (await client.getGlobalLongShortAccountRatio({
      symbol: 'BTCUSDT',
      period: '5m',
      limit: 300,
    })) as {
      timestamp: number;
      longAccount: string;
      shortAccount: string;
    }[];
    const known = past.filter((row) => Number.isFinite(row.long_share)).slice(-300);
    expect(ratios.map((row) => [row.timestamp, Number(row.longAccount)])).toEqual(
      known.map((row) => [row.time, row.long_share]),
    );
  });

  it('reads funding settled every eight hours, and when the next is due', async () => {
    const settled = await client.getFundingRateHistory({ symbol: 'BTCUSDT', limit: 1000 });
    expect(settled.length).toBe(9);
    expect(settled.every((row) => row.fundingTime % 28_800_000 === 0 && row.fundingTime <= btcMoment)).toBe(
      true,
    );
    const [now] = [await client.getMarkPrice({ symbol: 'BTCUSDT' })].flat();
    expect(Number(now!.lastFundingRate)).toBe(Number(settled.at(-1)!.fundingRate));
    expect(now!.nextFundingTime).toBe(Date.parse('2024-09-17T00:00:00Z'));
  });

  it('reads instruments, tickers, books and trades', async () => {
    const { symbols } = await client.getExchangeInfo();
    expect(symbols.map(({ symbol }) => symbol)).toEqual([
      '1000PEPEUSDT',
      'BTCUSDT',
      'DOGEUSDT',
      'ETHUSDT',
      'SOLUSDT',
      'XRPUSDT',
    ]);
    const day = await client.get24hrChangeStatistics({ symbol: 'BTCUSDT' });
    const window = past.slice(-289);
    expect(Number(day.highPrice)).toBe(Math.max(...window.slice(0, -1).map((row) => row.high!)));
    const book = await client.getOrderBook({ symbol: 'BTCUSDT', limit: 20 });
    expect(Number(book.bids[0]![0])).toBeLessThan(Number(book.asks[0]![0]));
    const { price } = [await client.getSymbolPriceTicker({ symbol: 'BTCUSDT' })].flat()[0]!;
    expect(Number(book.bids[0]![0])).toBe(Number(price));
    const trades = await client.getRecentTrades({ symbol: 'BTCUSDT', limit: 10 });
    expect(trades).toHaveLength(10);
    expect(trades.every(({ time }) => time <= btcMoment)).toBe(true);
  });

  it('gets the venue’s own error for an unknown symbol', async () => {
    await expect(client.getKlines({ symbol: 'NOPEUSDT', interval: '5m' })).rejects.toMatchObject({
      code: -1121,
    });
  });
});

describe('candles', () => {
  it('add up: an hour of 5m bars is the 1h bar, and of 1m bars the 5m bar', async () => {
    const read = async (interval: string) =>
      ((await get(`/fapi/v1/klines?symbol=BTCUSDT&interval=${interval}&limit=1500`)).json as string[][]).map(
        (row) => row.map(Number),
      );
    const [ones, fives, hours] = [await read('1m'), await read('5m'), await read('1h')];
    const join = (parts: number[][]) => ({
      open: parts[0]![1],
      high: Math.max(...parts.map((row) => row[2]!)),
      low: Math.min(...parts.map((row) => row[3]!)),
      close: parts.at(-1)![4],
      volume: Number(parts.reduce((sum, row) => sum + row[5]!, 0).toFixed(3)),
      taker: Number(parts.reduce((sum, row) => sum + row[9]!, 0).toFixed(3)),
    });
    const compare = (fine: number[][], coarse: number[][], length: number) => {
      const start = fine[0]![0]!;
      const whole = coarse.filter((row) => row[0]! > start && row[6]! < btcMoment);
      expect(whole.length).toBeGreaterThan(50);
      for (const row of whole) {
        const parts = fine.filter((part) => part[0]! >= row[0]! && part[0]! < row[0]! + length);
        expect(join(parts)).toEqual(join([row]));
      }
    };
    compare(fives, hours, 3_600_000);
    compare(ones, fives, 300_000);
  });

  it('start at startTime, oldest first, and never reach past now', async () => {
    const from = past[100]!.time!;
    const { json } = await get(`/fapi/v1/klines?symbol=BTCUSDT&interval=5m&startTime=${from}&limit=3`);
    expect((json as number[][]).map(([time]) => time)).toEqual([from, from + 300_000, from + 600_000]);
    const late = await get(
      `/fapi/v1/klines?symbol=BTCUSDT&interval=5m&endTime=${btcMoment + 86_400_000}&limit=1`,
    );
    expect((late.json as number[][])[0]![0]).toBe(past.at(-1)!.time);
  });

  it('of an hourly recording are cut into 5m bars that add up to the recorded hour', async () => {
    const hourly = recordedRows('binance-ETHUSDT-1h-2024.csv');
    const { shift } = replay.market('binance', 'ETH');
    for (const row of hourly.slice(100, 160)) {
      const from = row.time! + shift;
      const { json } = await get(
        `/fapi/v1/klines?symbol=ETHUSDT&interval=5m&startTime=${from}&endTime=${from + 3_599_999}`,
      );
      const parts = (json as string[][]).map((part) => part.map(Number));
      expect(parts).toHaveLength(12);
      expect(parts[0]![1]).toBe(row.open);
      expect(parts[11]![4]).toBe(row.close);
      expect(Math.max(...parts.map((part) => part[2]!))).toBe(row.high);
      expect(Math.min(...parts.map((part) => part[3]!))).toBe(row.low);
      expect(parts.reduce((sum, part) => sum + part[5]!, 0)).toBeCloseTo(row.volume!, 3);
    }
  });
});

describe('weights and errors', () => {
  it('counts used weight per minute in the header', async () => {
    const used = async (path: string) => Number((await get(path)).headers.get('x-mbx-used-weight-1m'));
    const before = await used('/fapi/v1/ping');
    expect(await used('/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=1500')).toBe(before + 10);
    expect(await used('/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=99')).toBe(before + 11);
    expect(await used('/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).toBe(before + 31);
  });

  it('refuses what the venue refuses', async () => {
    expect(await get('/fapi/v1/klines?symbol=BTCUSDT&interval=7m')).toMatchObject({
      status: 400,
      json: { code: -1120 },
    });
    expect(await get('/fapi/v1/klines?interval=5m')).toMatchObject({ status: 400, json: { code: -1102 } });
    expect(await get('/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=1501')).toMatchObject({
      json: { code: -1130 },
    });
    const old = btcMoment - 40 * 86_400_000;
    const path = `/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=${old}`;
    expect(await get(path)).toMatchObject({ status: 400, json: { code: -1130 } });
    expect(await get('/fapi/v1/leverageBracket')).toMatchObject({ status: 401, json: { code: -2014 } });
  });

  it('lets pages read fapi across origins, but not futures/data', async () => {
    expect((await get('/fapi/v1/ping')).headers.get('access-control-allow-origin')).toBe('*');
    const data = await get('/futures/data/openInterestHist?symbol=BTCUSDT&period=5m');
    expect(data.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lists tiers without a key at the website’s address', async () => {
    const answer = await fetch('https://www.binance.com/bapi/futures/v1/friendly/future/common/brackets', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { data } = (await answer.json()) as {
      data: { brackets: { symbol: string; riskBrackets: object[] }[] };
    };
    const btc = data.brackets.find(({ symbol }) => symbol === 'BTCUSDT')!;
    expect(btc.riskBrackets[4]).toMatchObject({
      bracketMaintenanceMarginRate: 0.02,
      cumFastMaintenanceAmount: 131450,
    });
  });
});

describe('sockets', () => {
  it('send every print, and the prints of a candle add up to its volume', async () => {
    const line = await listen(
      replay,
      'wss://fstream.binance.com/market/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m',
    );
    const start = Math.ceil(replay.now() / 60_000) * 60_000;
    replay.advance(start + 60_000 - replay.now());
    await line.settle();
    line.close();
    const data = line.messages.map((message) => message.data);
    const closed = data.find(({ e, k }) => e === 'kline' && k.x && k.t === start)!.k;
    const prints = data.filter(({ e, T }) => e === 'aggTrade' && T >= start);
    expect(prints.length).toBeGreaterThan(60);
    expect(prints.reduce((sum, { q }) => sum + Number(q), 0)).toBeCloseTo(Number(closed.v), 6);
    expect(prints.filter(({ m }) => !m).reduce((sum, { q }) => sum + Number(q), 0)).toBeCloseTo(
      Number(closed.V),
      6,
    );
    const { json } = await get(`/fapi/v1/klines?symbol=BTCUSDT&interval=1m&startTime=${start}&limit=1`);
    expect((json as string[][])[0]!.slice(1, 6)).toEqual([closed.o, closed.h, closed.l, closed.c, closed.v]);
  });

  it('acknowledge at the address without a prefix and then stay silent', async () => {
    const subscribe = { method: 'SUBSCRIBE', params: ['btcusdt@aggTrade', 'btcusdt@markPrice@1s'], id: 7 };
    const old = await listen(replay, 'wss://fstream.binance.com/ws', subscribe);
    const current = await listen(replay, 'wss://fstream.binance.com/market/ws', subscribe);
    replay.advance(10_000);
    await current.settle();
    expect(old.messages).toEqual([{ result: null, id: 7 }]);
    expect(current.messages.length).toBeGreaterThan(10);
    old.close();
    current.close();
  });

  it('tell and change whether messages name their stream, and refuse what is no request', async () => {
    const line = await listen(
      replay,
      'wss://fstream.binance.com/market/ws/btcusdt_perpetual@continuousKline_1m',
      { method: 'GET_PROPERTY', params: ['combined'], id: 1 },
      { method: 'SET_PROPERTY', params: ['combined', true], id: 2 },
      { method: 'GET_PROPERTY', params: ['combined'], id: 3 },
      { method: 'GET_PROPERTY', params: ['colour'], id: 4 },
      { method: 'SHOUT', id: 5 },
    );
    expect(line.messages).toMatchObject([
      { result: false, id: 1 },
      { result: null, id: 2 },
      { result: true, id: 3 },
      { error: { code: 0 }, id: 4 },
      { error: { code: 2 }, id: 5 },
    ]);
    replay.advance(1000);
    await line.settle();
    line.close();
    expect(line.messages[5]).toMatchObject({
      stream: 'btcusdt_perpetual@continuousKline_1m',
      data: { e: 'continuous_kline', ps: 'BTCUSDT', ct: 'PERPETUAL', k: { i: '1m' } },
    });
  });

  it('put an order book from REST and its changes together to the next book from REST', async () => {
    const line = await listen(replay, 'wss://fstream.binance.com/public/ws/btcusdt@depth@100ms');
    const book = async () =>
      (await get('/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).json as Record<'bids' | 'asks', string[][]> & {
        lastUpdateId: number;
      };
    replay.advance(1000);
    const first = await book();
    for (let i = 0; i < 20; i++) replay.advance(500);
    await line.settle();
    line.close();
    const last = await book();
    const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
    for (const side of ['bids', 'asks'] as const) for (const [p, q] of first[side]) sides[side].set(p!, q!);
    let id = first.lastUpdateId;
    const changes = line.messages as unknown as { u: number; pu: number; b: string[][]; a: string[][] }[];
    for (const { u, pu, b, a } of changes.filter((change) => change.u > first.lastUpdateId)) {
      expect(pu).toBe(id);
      id = u;
      for (const [side, list] of [
        ['bids', b],
        ['asks', a],
      ] as const) {
        for (const [p, q] of list) Number(q) === 0 ? sides[side].delete(p!) : sides[side].set(p!, q!);
      }
    }
    expect(id).toBe(last.lastUpdateId);
    for (const side of ['bids', 'asks'] as const) {
      expect([...sides[side]].sort((x, y) => Number(x[0]) - Number(y[0]))).toEqual(
        last[side].sort((x, y) => Number(x[0]) - Number(y[0])),
      );
    }
  });

  it('force longs out by selling while price falls, and mix coin-margined orders into the all-market stream', async () => {
    const line = await listen(replay, 'wss://fstream.binance.com/market/ws/!forceOrder@arr');
    for (let i = 0; i < 36; i++) replay.advance(300_000);
    await line.settle();
    line.close();
    const orders = line.messages as unknown as {
      st: number;
      ps: string;
      o: { s: string; S: string; ap: string; z: string; T: number };
    }[];
    expect(orders.some(({ st }) => st === 2)).toBe(true);
    const market = replay.market('binance', 'BTC');
    const own = orders.filter(({ o, st }) => st === 1 && o.s === 'BTCUSDT');
    expect(own.length).toBeGreaterThan(100);
    for (const { o } of own) {
      const second = Math.floor(o.T / 1000) * 1000;
      const move = market.price(second) - market.price(second - 1000);
      expect(o.S === 'SELL' ? move : -move).toBeLessThanOrEqual(0);
    }
  });

  it('are understood by the binance npm client', async () => {
    const live = new WebsocketClient(
      { wsOptions: { agent: replayAgent(replay.port) }, beautify: true },
      quiet,
    );
    const seen = new Promise<unknown>((resolve) => live.on('formattedMessage', resolve));
    await live.subscribe(['btcusdt@markPrice@1s'], 'usdmMarket');
    const beat = setInterval(() => replay.advance(1000), 50);
    const message = (await seen) as { eventType: string; symbol: string; markPrice: number };
    clearInterval(beat);
    live.closeAll(true);
    expect(message).toMatchObject({ eventType: 'markPriceUpdate', symbol: 'BTCUSDT' });
    expect(message.markPrice).toBeGreaterThan(50_000);
  });
});

it('opens the address of accounts, where nothing happens: the official client connects to all three', async () => {
  const line = await listen(replay, 'wss://fstream.binance.com/private/stream?streams=');
  replay.advance(5000);
  await line.settle();
  line.close();
  expect(line.messages).toEqual([]);
});

it('gives as many closed periods of takers’ volume as asked for', async () => {
  const path = '/futures/data/takerlongshortRatio?symbol=BTCUSDT&period=5m&limit=5';
  const answer = await replayFetch(replay.port)(`https://fapi.binance.com${path}`);
  const rows = (await answer.json()) as { timestamp: number }[];
  expect(rows).toHaveLength(5);
  expect(rows.at(-1)!.timestamp).toBe(Math.floor(replay.now() / 300_000) * 300_000 - 300_000);
});
