import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type Fault, faultKinds } from '../../src/tools/replay';

const root = resolve(import.meta.dirname, '../..');
const program = [join(root, 'node_modules/tsx/dist/cli.mjs'), 'src/tools/replay-server.ts'];

/** One of every kind, each kept to what nothing else here asks for. */
const script: Fault[] = [
  { kind: 'latency', ms: 200, jitterMs: 50, path: '/fapi/v1/ping' },
  { kind: 'status', status: 429, retryAfter: 5, path: '/fapi/v1/depth' },
  { kind: 'status', status: 418, retryAfter: 60, path: '/fapi/v1/trades' },
  { kind: 'status', status: 403, path: '/fapi/v1/premiumIndex' },
  { kind: 'status', status: 451, path: '/fapi/v1/openInterest' },
  { kind: 'status', status: 503, path: '/fapi/v1/exchangeInfo' },
  { kind: 'hang', path: '/fapi/v1/time' },
  { kind: 'half', path: '/fapi/v1/aggTrades' },
  { kind: 'html', path: '/fapi/v1/ticker/price' },
  { kind: 'nothing', path: '/fapi/v1/ticker/bookTicker' },
  { kind: 'nan', path: '/fapi/v1/klines' },
  { kind: 'empty', path: '/fapi/v1/markPriceKlines' },
  { kind: 'reorder', path: '/fapi/v1/indexPriceKlines' },
  { kind: 'duplicate', path: '/fapi/v1/continuousKlines' },
  { kind: 'gap', path: '/v5/market/kline' },
  { kind: 'skew', ms: 3_600_000, venue: 'okx' },
  { kind: 'silent', venue: 'bitget' },
  { kind: 'close', everyMs: 300, venue: 'hyperliquid' },
  { kind: 'delist', coin: 'DOGE', venue: 'bybit' },
  { kind: 'odd', as: 'tick', path: '/v5/market/mark-price-kline' },
  { kind: 'shape', path: '/v5/market/open-interest' },
  { kind: 'redirect', to: 'example.com', path: '/v5/market/funding' },
  { kind: 'large', bytes: 300_000, path: '/v5/market/account-ratio' },
  { kind: 'endless', path: '/v5/market/risk-limit' },
  { kind: 'mute', text: 'tickers', venue: 'bybit' },
];

describe('npm run replay --faults FILE', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'liqbands-faults-'));
  let child: ChildProcess;
  let origin: string;

  beforeAll(async () => {
    const file = join(folder, 'faults.json');
    writeFileSync(file, JSON.stringify({ faults: script }));
    child = spawn(process.execPath, [...program, '--port', '0', '--faults', file], { cwd: root });
    origin = await new Promise<string>((found, lost) => {
      let said = '';
      child.stdout!.on('data', (part) => {
        said += part;
        const port = /127\.0\.0\.1:(\d+),/.exec(said)?.[1];
        if (port) found(`http://127.0.0.1:${port}`);
      });
      child.once('exit', () => lost(new Error(`replay ended: ${said}`)));
    });
  }, 60_000);
  afterAll(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });

  const get = (path: string) => fetch(origin + path);
  const times = async (path: string) => {
    const rows = (await (await get(`${path}&interval=5m&limit=9`)).json()) as [number, string][];
    return rows.map(([time]) => time);
  };
  /** What a socket says, and when it was closed, within some time. */
  const hear = async (path: string, subscribe: object, ms: number) => {
    const socket = new WebSocket(origin.replace('http', 'ws') + path);
    const said: string[] = [];
    let closed = false;
    socket.on('message', (data) => said.push(String(data)));
    socket.on('close', () => {
      closed = true;
    });
    await new Promise((open) => socket.once('open', open));
    socket.send(JSON.stringify(subscribe));
    await new Promise((passed) => setTimeout(passed, ms));
    const wasClosed = closed;
    socket.terminate();
    return { said, wasClosed };
  };

  test('has one of every kind', () => {
    expect(new Set(script.map(({ kind }) => kind))).toEqual(new Set(faultKinds));
  });

  test('delays, and refuses with 429, 418, 403, 451 and 503', async () => {
    const start = performance.now();
    await get('/fapi/v1/ping');
    expect(performance.now() - start).toBeGreaterThan(140);
    const symbol = '?symbol=BTCUSDT';
    const answers = await Promise.all(
      ['depth', 'trades', 'premiumIndex', 'openInterest', 'exchangeInfo'].map((name) =>
        get(`/fapi/v1/${name}${symbol}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([429, 418, 403, 451, 503]);
    expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['5', '60', null, null, null]);
  });

  test('hangs, breaks off, and answers with a web page or nothing', async () => {
    const symbol = '?symbol=BTCUSDT';
    await expect(fetch(`${origin}/fapi/v1/time`, { signal: AbortSignal.timeout(300) })).rejects.toThrow();
    const half = await get(`/fapi/v1/aggTrades${symbol}`);
    await expect(half.text()).rejects.toThrow();
    expect(await (await get(`/fapi/v1/ticker/price${symbol}`)).text()).toContain('<html>');
    expect(await (await get(`/fapi/v1/ticker/bookTicker${symbol}`)).text()).toBe('');
  });

  test('spoils numbers, and orders, repeats and leaves out rows', async () => {
    const spoilt = (path: string) =>
      get(`${path}?symbol=BTCUSDT&interval=5m&limit=3`).then((answer) => answer.json());
    expect(((await spoilt('/fapi/v1/klines')) as unknown[][])[0]![1]).toBe('NaN');
    expect(((await spoilt('/fapi/v1/markPriceKlines')) as unknown[][])[0]![1]).toBe('');
    const mixed = await times('/fapi/v1/indexPriceKlines?pair=BTCUSDT');
    expect(mixed).not.toEqual(mixed.toSorted((a, b) => a - b));
    const twice = await times('/fapi/v1/continuousKlines?pair=BTCUSDT&contractType=PERPETUAL');
    expect(twice.length).toBeGreaterThan(new Set(twice).size);
    const gap = await get('/v5/market/kline?category=linear&symbol=BTCUSDT&interval=5&limit=9');
    expect(((await gap.json()) as { result: { list: unknown[] } }).result.list).toHaveLength(6);
  });

  test('damages one row, renames fields, sends on, and answers with too much or without an end', async () => {
    const list = async (path: string) => {
      const answer = await get(`${path}&category=linear&symbol=BTCUSDT&limit=9`);
      return ((await answer.json()) as { result: { list: object[] } }).result.list;
    };
    const rows = (await list('/v5/market/mark-price-kline?interval=5')) as string[][];
    const odd = rows.filter((row) => Number(row[4]) > Number(row[2]));
    expect(odd).toHaveLength(1);
    const [renamed] = await list('/v5/market/open-interest?intervalTime=5min');
    expect(renamed).not.toHaveProperty('openInterest');
    const path = '/v5/market/funding/history?category=linear&symbol=BTCUSDT';
    const sent = await fetch(`${origin}${path}`, { redirect: 'manual' });
    expect([sent.status, new URL(sent.headers.get('location')!).host]).toEqual([307, 'example.com']);
    const large = await get('/v5/market/account-ratio?category=linear&symbol=BTCUSDT&period=1h');
    expect((await large.arrayBuffer()).byteLength).toBeGreaterThanOrEqual(300_000);
    const endless = await fetch(`${origin}/v5/market/risk-limit?category=linear&symbol=BTCUSDT`, {
      signal: AbortSignal.timeout(1500),
    });
    expect(endless.status).toBe(200);
    await expect(endless.text()).rejects.toThrow();
  });

  test('keeps one topic of a socket back and lets its neighbours through', async () => {
    const args = ['tickers.BTCUSDT', 'orderbook.50.BTCUSDT'];
    const { said } = await hear('/v5/public/linear', { op: 'subscribe', args }, 1500);
    expect(said.some((text) => text.includes('orderbook.50'))).toBe(true);
    expect(said.some((text) => text.includes('"topic":"tickers'))).toBe(false);
  });

  test('sets a clock wrong, silences and cuts sockets, and takes a listing away', async () => {
    const time = (await (await get('/api/v5/public/time')).json()) as { data: { ts: string }[] };
    expect(Number(time.data[0]!.ts) - Date.now()).toBeGreaterThan(3_500_000);
    const args = [{ instType: 'USDT-FUTURES', channel: 'ticker', instId: 'BTCUSDT' }];
    const silent = await hear('/v2/ws/public', { op: 'subscribe', args }, 1000);
    expect(silent.said).toHaveLength(1);
    expect(silent.wasClosed).toBe(false);
    const cut = await hear('/ws', { method: 'ping' }, 1000);
    expect(cut.wasClosed).toBe(true);
    const listed = await get('/v5/market/tickers?category=linear');
    const { list } = ((await listed.json()) as { result: { list: { symbol: string }[] } }).result;
    expect(list.map(({ symbol }) => symbol)).toContain('BTCUSDT');
    expect(list.map(({ symbol }) => symbol)).not.toContain('DOGEUSDT');
  });
});

test('npm run replay -- --help explains every kind of fault', { timeout: 60_000 }, () => {
  const { stdout, status } = spawnSync(process.execPath, [...program, '--help'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  for (const kind of faultKinds) expect(stdout).toMatch(new RegExp(`^ {2}${kind}\\b.* {2,}\\S`, 'm'));
});
