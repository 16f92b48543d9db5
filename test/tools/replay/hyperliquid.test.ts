import { HttpTransport, InfoClient, SubscriptionClient, WebSocketTransport } from '@nktkas/hyperliquid';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createReplay, type ReplayExchange, replayFetch, replayWebSocket } from '../../../src/tools/replay';
import { listen } from './listen';
import { btcMoment, recordedRows } from './recorded';

/** The venue's market is the recording with these factors; prices have five digits. */
const [priceFactor, volumeFactor, interestFactor] = [0.9995, 0.2, 0.3];
const past = recordedRows('binance-BTCUSDT-5m-2024-09.csv').filter((row) => row.time! <= btcMoment);
const to = (value: number, decimals: number) => Number(value.toFixed(decimals));

let replay: ReplayExchange;
let info: InfoClient;
let wall = btcMoment;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => wall });
  vi.stubGlobal('fetch', replayFetch(replay.port));
  vi.stubGlobal('WebSocket', replayWebSocket(replay.port));
  info = new InfoClient({ transport: new HttpTransport() });
});
afterAll(async () => {
  vi.unstubAllGlobals();
  await replay.close();
});

async function post(body: unknown): Promise<Response> {
  return replayFetch(replay.port)('https://api.hyperliquid.xyz/info', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('the @nktkas/hyperliquid npm client, pointed at the replay', () => {
  it('reads candles, prices of five digits', async () => {
    const startTime = past.at(-200)!.time!;
    const candles = await info.candleSnapshot({ coin: 'BTC', interval: '5m', startTime });
    expect(candles).toHaveLength(200);
    expect(candles.slice(0, -1).map(({ t, o, h, l, c, v }) => [t, ...[o, h, l, c, v].map(Number)])).toEqual(
      past
        .slice(-200, -1)
        .map((row) => [
          row.time,
          ...[row.open, row.high, row.low, row.close].map((value) => to(value! * priceFactor, 0)),
          to(row.volume! * volumeFactor, 3),
        ]),
    );
    expect(candles[0]!.o).toMatch(/^\d{5}\.0$/);
  });

  it('reads contexts in the order of the universe, delisted coins included', async () => {
    const [meta, contexts] = await info.metaAndAssetCtxs();
    expect(contexts).toHaveLength(meta.universe.length);
    const at = meta.universe.findIndex(({ name }) => name === 'BTC');
    expect(meta.universe[at]).toMatchObject({ maxLeverage: 40, marginTableId: 56 });
    const bar = past.at(-1)!;
    expect(Number(contexts[at]!.openInterest)).toBeCloseTo(
      ((bar.open_interest! + bar.open_interest_close!) / 2) * interestFactor,
      -2,
    );
    expect(meta.universe.filter(({ isDelisted }) => isDelisted)).toHaveLength(1);
  });

  it('reads hourly funding, oldest first', async () => {
    const history = await info.fundingHistory({ coin: 'BTC', startTime: btcMoment - 12 * 3_600_000 });
    expect(history).toHaveLength(12);
    const hours = history.map(({ time }) => Math.floor(time / 3_600_000));
    expect(hours).toEqual(Array.from({ length: 12 }, (_, n) => hours[0]! + n));
  });

  it('reads books, mids, trades and predicted funding', async () => {
    const book = await info.l2Book({ coin: 'BTC' });
    expect(book!.levels.map(({ length }) => length)).toEqual([20, 20]);
    const mids = await info.allMids();
    const [bid, ask] = [Number(book!.levels[0][0]!.px), Number(book!.levels[1][0]!.px)];
    expect(Number(mids.BTC)).toBe((bid + ask) / 2);
    const trades = await info.recentTrades({ coin: 'BTC' });
    expect(trades[0]!.users[0]).toMatch(/^0x[0-9a-f]{40}$/);
    const predicted = await info.predictedFundings();
    const [, venues] = predicted.find(([coin]) => coin === 'BTC')!;
    expect(venues.find(([name]) => name === 'HlPerp')![1]).toMatchObject({ fundingIntervalHours: 1 });
  });

  it('reads a position of an account seen in trades, with the venue’s own liquidation price', async () => {
    const trades = await info.recentTrades({ coin: 'BTC' });
    const users = [...new Set(trades.flatMap((trade) => trade.users))];
    const states = await Promise.all(users.map((user) => info.clearinghouseState({ user })));
    const positions = states.flatMap(({ assetPositions }) => assetPositions.map(({ position }) => position));
    expect(positions.length).toBeGreaterThan(0);
    for (const { szi, positionValue, liquidationPx, marginUsed, maxLeverage } of positions) {
      const side = Math.sign(Number(szi));
      const mark = Number(positionValue) / Math.abs(Number(szi));
      const l = 1 / (2 * maxLeverage);
      // P − s·(margin − maintenance)/Q/(1 − s·m), as the venue documents it
      const left = Number(marginUsed) - l * Number(positionValue);
      const expected = mark - (side * left) / Math.abs(Number(szi)) / (1 - l * side);
      expect(Number(liquidationPx)).toBeCloseTo(expected, 3);
      expect(side * (mark - Number(liquidationPx))).toBeGreaterThan(0);
    }
  });

  it('follows live over the socket', async () => {
    const transport = new WebSocketTransport({ reconnect: { WebSocket: replayWebSocket(replay.port) } });
    const live = new SubscriptionClient({ transport });
    const seen = new Promise<{ coin: string; ctx: { markPx: string } }>((resolve) => {
      void live.activeAssetCtx({ coin: 'BTC' }, resolve);
    });
    const beat = setInterval(() => replay.advance(1000), 50);
    const { coin, ctx } = await seen;
    const viaSocket = await new InfoClient({ transport }).allMids();
    clearInterval(beat);
    await transport.close();
    expect(coin).toBe('BTC');
    expect(Number(ctx.markPx)).toBeGreaterThan(50_000);
    expect(Object.keys(viaSocket)).toContain('ETH');
  });
});

it('keeps only the newest 5,000 candles', async () => {
  const rows = (await (
    await post({ type: 'candleSnapshot', req: { coin: 'ETH', interval: '5m', startTime: 0 } })
  ).json()) as { t: number }[];
  expect(rows).toHaveLength(5000);
  expect(rows.at(-1)!.t).toBe(Math.floor(replay.now() / 300_000) * 300_000);
});

it('answers 422 to what it cannot read', async () => {
  expect((await post({ type: 'nonsense' })).status).toBe(422);
  expect(
    (await post({ type: 'candleSnapshot', req: { coin: 'BTC', interval: '7m', startTime: 0 } })).status,
  ).toBe(422);
});

it('charges rows on top of a request, and answers 429 over 1,200 a minute', async () => {
  wall += 120_000;
  const used = () => replay.stats().venues.hyperliquid!.budgets.weight!.total;
  const before = used();
  const startTime = replay.now() - 600 * 300_000;
  await (await post({ type: 'candleSnapshot', req: { coin: 'BTC', interval: '5m', startTime } })).json();
  expect(used() - before).toBe(20 + 10);
  let status = 200;
  let asked = 0;
  for (; status === 200; asked++) ({ status } = await post({ type: 'metaAndAssetCtxs' }));
  expect(status).toBe(429);
  expect(asked).toBe(59);
});

it('pushes candles, trades and books, and refuses a second subscription of the same', async () => {
  const subscribe = (subscription: object) => ({ method: 'subscribe', subscription });
  const line = await listen(
    replay,
    'wss://api.hyperliquid.xyz/ws',
    subscribe({ type: 'candle', coin: 'BTC', interval: '5m' }),
    subscribe({ type: 'trades', coin: 'BTC' }),
    subscribe({ type: 'l2Book', coin: 'BTC' }),
    subscribe({ type: 'l2Book', coin: 'BTC' }),
    { method: 'ping' },
  );
  for (let n = 0; n < 5; n++) replay.advance(1000);
  await line.settle();
  line.close();
  const channels = line.messages.map(({ channel }) => channel);
  expect(channels.slice(0, 5)).toEqual([
    'subscriptionResponse',
    'subscriptionResponse',
    'subscriptionResponse',
    'error',
    'pong',
  ]);
  for (const channel of ['candle', 'trades', 'l2Book']) expect(channels).toContain(channel);
});

it('pushes books of merged prices, and the nearest levels more often', async () => {
  const subscribe = (subscription: object) => ({ method: 'subscribe', subscription });
  const whole = { type: 'l2Book', coin: 'BTC' };
  const [usual, coarse, fast] = await Promise.all(
    [whole, { ...whole, nSigFigs: 5, mantissa: 5 }, { ...whole, fast: true }].map((wanted) =>
      listen(replay, 'wss://api.hyperliquid.xyz/ws', subscribe(wanted)),
    ),
  );
  const refused = await listen(replay, 'wss://api.hyperliquid.xyz/ws', subscribe({ ...whole, nSigFigs: 7 }));
  for (let n = 0; n < 20; n++) replay.advance(500);
  const booksOf = async (line: typeof usual) => {
    await line!.settle();
    line!.close();
    return line!.messages.filter(({ channel }) => channel === 'l2Book').map(({ data }) => data.levels[0]);
  };
  const [wholes, merged, nearest] = await Promise.all([usual, coarse, fast].map(booksOf));
  expect(wholes!.map(({ length }) => length)).toEqual([20, 20, 20]);
  expect(nearest!.length).toBeGreaterThan(15);
  expect(nearest!.every(({ length }) => length === 5)).toBe(true);
  for (const { px } of merged!.flat()) expect(Number(px) % 5).toBe(0);
  expect(Number(merged![0]!.at(-1).px)).toBeLessThan(Number(wholes![0]!.at(-1).px));
  await refused.settle();
  refused.close();
  expect(refused.messages).toMatchObject([{ channel: 'error' }]);
});

it('knows of no orders and fills of an account, and wants its address', async () => {
  wall += 120_000;
  const user = '0x0000000000000000000000000000000000000001';
  expect(await (await post({ type: 'userFills', user })).json()).toEqual([]);
  expect((await post({ type: 'userFills', user: 'me' })).status).toBe(422);
});
