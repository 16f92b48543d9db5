import { get } from 'node:http';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { createReplay, type ReplayExchange, replayFetch } from '../../../src/tools/replay';
import { btcMoment } from './recorded';

let replay: ReplayExchange;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => btcMoment });
});
afterAll(() => replay.close());

/** Over plain HTTP, naming this machine, as a client does that only lets its base address be changed. */
function plain(path: string): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    get(`http://127.0.0.1:${replay.port}${path}`, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, json: JSON.parse(text) }));
    }).on('error', reject);
  });
}

describe('one port', () => {
  it.each([
    ['/fapi/v1/time', { serverTime: btcMoment }],
    ['/v5/market/time', { retCode: 0 }],
    ['/api/v5/public/time', { code: '0', data: [{ ts: String(btcMoment) }] }],
    ['/api/v2/public/time', { code: '00000' }],
    ['/fng/?limit=2', { metadata: { error: null } }],
  ])('answers %s over plain HTTP by its path', async (path, json) => {
    expect(await plain(path)).toMatchObject({ status: 200, json });
  });

  it('serves each venue’s sockets of this machine by their paths, Hyperliquid on a bare /ws', async () => {
    const first = (path: string, text?: string) =>
      new Promise<unknown>((resolve, reject) => {
        const socket = new WebSocket(`ws://127.0.0.1:${replay.port}${path}`);
        socket.on('error', reject);
        socket.on('open', () => text && socket.send(text));
        socket.on('message', (data) => {
          const said = (data as Buffer).toString();
          resolve(said.startsWith('{') ? JSON.parse(said) : said);
          socket.close();
        });
      });
    expect(await first('/ws', '{"method":"ping"}')).toEqual({ channel: 'pong' });
    const list = '{"method":"LIST_SUBSCRIPTIONS","id":3}';
    expect(await first('/market/ws/btcusdt@aggTrade', list)).toEqual({ result: ['btcusdt@aggTrade'], id: 3 });
    expect(await first('/v5/public/linear', '{"op":"ping"}')).toMatchObject({ ret_msg: 'pong' });
    for (const path of ['/ws/v5/public', '/ws/v5/business', '/v2/ws/public', '/v3/ws/public'])
      expect(await first(path, 'ping'), path).toBe('pong');
  });

  it('shows a certificate good for every venue’s names, for a hundred years', async () => {
    for (const servername of ['fapi.binance.com', 'ws.okx.com', 'app.hyperliquid.xyz']) {
      const certificate = await new Promise<{ subjectaltname?: string; valid_to: string }>(
        (resolve, reject) => {
          const socket = connect(
            { host: '127.0.0.1', port: replay.port, servername, rejectUnauthorized: false },
            () => {
              resolve(socket.getPeerCertificate());
              socket.destroy();
            },
          );
          socket.on('error', reject);
        },
      );
      expect(certificate.subjectaltname).toContain(`DNS:*.${servername.split('.').slice(1).join('.')}`);
      expect(new Date(certificate.valid_to).getUTCFullYear()).toBeGreaterThan(2120);
    }
  });

  it('knows no other hosts, and no other paths', async () => {
    const fetch = replayFetch(replay.port);
    expect((await fetch('https://www.tradingview.com/chart/')).status).toBe(404);
    // reached although its name is not in the certificate, as a venue's is that came later
    expect((await fetch('https://api.venue.example/')).status).toBe(404);
    expect((await fetch('https://fapi.binance.com/fapi/v1/nonsense')).status).toBe(404);
    // a page's host does not answer a wrong API path with a page
    expect((await fetch('https://www.okx.com/api/v5/nonsense')).status).toBe(404);
  });
});

describe('time', () => {
  it('moves a recording by whole hours so that the chosen moment is now', async () => {
    const later = btcMoment + 400 * 86_400_000 + 1_234_567;
    const moved = await createReplay({ speed: 0, startAt: btcMoment, now: () => later });
    const { shift } = moved.market('binance', 'BTC');
    expect(shift % 3_600_000).toBe(0);
    expect(later - shift - btcMoment).toBeGreaterThanOrEqual(0);
    expect(later - shift - btcMoment).toBeLessThan(3_600_000);
    await moved.close();
  });

  it('leaves a day to run, or a quarter, and keeps funding at its hours', async () => {
    const moved = await createReplay({ speed: 0 });
    for (const coin of ['BTC', 'ETH']) {
      const market = moved.market('binance', coin);
      expect(market.end - moved.now()).toBeGreaterThan(16 * 3_600_000);
      expect(market.end - moved.now()).toBeLessThan(34 * 3_600_000);
      expect(market.shift % 28_800_000).toBe(0);
      expect(market.nextFundingTime(moved.now()) % 28_800_000).toBe(0);
    }
    await moved.close();
  });

  it('runs as fast as it is told', async () => {
    let wall = btcMoment;
    const fast = await createReplay({ speed: 60, startAt: btcMoment, now: () => wall });
    const start = fast.now();
    wall += 10_000;
    expect(fast.now() - start).toBe(600_000);
    fast.setSpeed(0);
    wall += 10_000;
    expect(fast.now() - start).toBe(600_000);
    fast.advance(1000);
    expect(fast.now() - start).toBe(601_000);
    expect(() => fast.setSpeed(-1)).toThrow(RangeError);
    await fast.close();
  });

  it('stands still at the end of a recording', async () => {
    const done = await createReplay({ speed: 0, startAt: 1, now: () => btcMoment });
    done.advance(2 * 86_400_000);
    const market = done.market('binance', 'BTC');
    const fetch = replayFetch(done.port);
    const klines = (await (
      await fetch('https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=1')
    ).json()) as number[][];
    expect(klines[0]![0]).toBe(market.end - 300_000);
    expect(market.trades(market.end, done.now())).toEqual([]);
    await done.close();
  });
});

it('is the same in every run', async () => {
  const read = async () => {
    const run = await createReplay({ speed: 0, startAt: btcMoment, now: () => btcMoment });
    const market = run.market('bybit', 'ETH');
    const now = run.now();
    const seen = [
      market.forcedOrders(now - 7_200_000, now),
      market.trades(now - 60_000, now),
      market.mark(now),
    ];
    await run.close();
    return JSON.stringify(seen);
  };
  expect(await read()).toBe(await read());
});

it('says which file it cannot read', async () => {
  await expect(createReplay({ data: 'test/tools/replay/recorded.ts' })).rejects.toThrow('recorded.ts');
  await expect(createReplay({ data: 'test/tools/replay' })).rejects.toThrow('No recorded bars');
});
