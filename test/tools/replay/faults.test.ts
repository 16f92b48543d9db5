import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createReplay, type Fault, type ReplayExchange, replayFetch } from '../../../src/tools/replay';
import { parseFaults } from '../../../src/tools/replay/faults';
import { listen } from './listen';
import { btcMoment } from './recorded';

let replay: ReplayExchange;
let fetch: typeof globalThis.fetch;
let wall = btcMoment;

beforeAll(async () => {
  replay = await createReplay({ speed: 0, startAt: btcMoment, now: () => wall });
  fetch = replayFetch(replay.port);
});
afterAll(() => replay.close());
beforeEach(() => {
  wall += 300_000;
  replay.setFaults([]);
});

const klines = 'https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=9';
const time = 'https://api.bybit.com/v5/market/time';
const rows = async (): Promise<unknown[][]> => (await fetch(klines)).json() as Promise<unknown[][]>;

describe('a script of faults', () => {
  it('is read from a list, or from an object that holds one', () => {
    expect(parseFaults([{ kind: 'hang', venue: 'okx' }])).toHaveLength(1);
    expect(parseFaults({ faults: [{ kind: 'skew', ms: -3000 }] })).toHaveLength(1);
  });

  it.each([
    ['nothing', 'expected an array'],
    [[{ kind: 'explode' }], 'faults[0].kind: expected one of'],
    [[{ kind: 'hang' }, { kind: 'latency' }], 'faults[1]: "latency" needs "ms"'],
    [[{ kind: 'hang', ms: 5 }], 'faults[0].ms: not known to "hang"'],
    [[{ kind: 'status', status: 200 }], 'faults[0].status: expected 400–599'],
    [[{ kind: 'latency', ms: 'soon' }], 'faults[0].ms: "soon"'],
  ])('that is wrong says where: %j', (script, message) => {
    expect(() => parseFaults(script)).toThrow(message as string);
  });
});

describe('answers', () => {
  it('come late', async () => {
    replay.setFaults([{ kind: 'latency', ms: 80, venue: 'binance' }]);
    const start = performance.now();
    await rows();
    expect(performance.now() - start).toBeGreaterThan(75);
  });

  it('come late by more or less, as jitter says', async () => {
    replay.setFaults([{ kind: 'latency', ms: 60, jitterMs: 50, venue: 'binance' }]);
    const took: number[] = [];
    for (let n = 0; n < 12; n++) {
      const start = performance.now();
      await rows();
      took.push(performance.now() - start);
    }
    expect(Math.min(...took)).toBeLessThan(50);
    expect(Math.max(...took)).toBeGreaterThan(85);
  });

  it.each([
    [429, { code: -1003 }],
    [418, { code: -1003 }],
    [451, { code: 0 }],
  ])('refuse with %i in the venue’s words, as often as asked', async (status, body) => {
    replay.setFaults([{ kind: 'status', status, retryAfter: 7, venue: 'binance', times: 2 }]);
    const first = await fetch(klines);
    expect(first.status).toBe(status);
    expect(await first.json()).toMatchObject(body);
    if (status !== 451) expect(first.headers.get('retry-after')).toBe('7');
    expect((await fetch(klines)).status).toBe(status);
    expect((await fetch(klines)).status).toBe(200);
  });

  it.each([403, 500, 502, 503])('refuse with %i and a web page', async (status) => {
    replay.setFaults([{ kind: 'status', status, path: '/fapi/v1/klines' }]);
    const answer = await fetch(klines);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect((await fetch('https://fapi.binance.com/fapi/v1/ping')).status).toBe(200);
  });

  it('never come', async () => {
    replay.setFaults([{ kind: 'hang', venue: 'binance' }]);
    await expect(fetch(klines, { signal: AbortSignal.timeout(150) })).rejects.toThrow();
    expect((await fetch(time)).status).toBe(200);
  });

  it('break off in the middle', async () => {
    replay.setFaults([{ kind: 'half', times: 1 }]);
    await expect(rows()).rejects.toThrow();
    expect(await rows()).toHaveLength(9);
  });

  it('are a web page, or nothing', async () => {
    replay.setFaults([{ kind: 'html', times: 1 }]);
    await expect(rows()).rejects.toThrow(SyntaxError);
    replay.setFaults([{ kind: 'nothing', times: 1 }]);
    await expect(rows()).rejects.toThrow(SyntaxError);
  });

  it('hold NaN, or empty strings, where numbers belong', async () => {
    replay.setFaults([{ kind: 'nan' }]);
    expect((await rows())[0]!.slice(1, 5)).toEqual(['NaN', 'NaN', 'NaN', 'NaN']);
    replay.setFaults([{ kind: 'empty' }]);
    expect((await rows())[0]!.slice(1, 5)).toEqual(['', '', '', '']);
  });

  it('have rows out of order, twice, or missing', async () => {
    const whole = await rows();
    replay.setFaults([{ kind: 'reorder' }]);
    const mixed = await rows();
    expect(mixed).not.toEqual(whole);
    expect(mixed.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual(whole);
    replay.setFaults([{ kind: 'duplicate' }]);
    expect(await rows()).toHaveLength(12);
    replay.setFaults([{ kind: 'gap' }]);
    expect(await rows()).toEqual([...whole.slice(0, 3), ...whole.slice(6)]);
  });

  it('strike a share of requests only', async () => {
    replay.setFaults([{ kind: 'status', status: 500, share: 0.5 }]);
    const codes = await Promise.all(Array.from({ length: 60 }, async () => (await fetch(time)).status));
    const struck = codes.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(15);
    expect(struck).toBeLessThan(45);
  });

  it('strike only in their time', async () => {
    replay.setFaults([{ kind: 'status', status: 503, afterMs: 1000, forMs: 2000 }]);
    expect((await fetch(time)).status).toBe(200);
    wall += 1000;
    expect((await fetch(time)).status).toBe(503);
    wall += 2000;
    expect((await fetch(time)).status).toBe(200);
  });

  it('tell the venue’s wrong time', async () => {
    replay.setFaults([{ kind: 'skew', ms: -60_000, venue: 'binance' }]);
    const { serverTime } = (await (await fetch('https://fapi.binance.com/fapi/v1/time')).json()) as {
      serverTime: number;
    };
    expect(serverTime).toBe(replay.now() - 60_000);
  });

  it('know a coin no more that has been taken off', async () => {
    replay.setFaults([{ kind: 'delist', coin: 'BTC', venue: 'binance' }]);
    const answer = await fetch(klines);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: -1121 });
    replay.setFaults([]);
    expect(await rows()).toHaveLength(9);
  });
});

describe('limits', () => {
  it('hold without any fault: 2,400 of weight a minute, then 429 with Retry-After until the next', async () => {
    const heavy = `${klines.replace('limit=9', 'limit=1500')}`;
    let answer = await fetch(heavy);
    for (let n = 0; n < 300 && answer.status === 200; n++) {
      await answer.arrayBuffer();
      answer = await fetch(heavy);
    }
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('x-mbx-used-weight-1m'))).toBe(2410);
    expect(await answer.json()).toMatchObject({ code: -1003 });
    const { limited, budgets } = replay.stats().venues.binance!;
    expect(limited).toBe(1);
    expect(budgets.weight!.peak).toBe(2400);
    wall += Number(answer.headers.get('retry-after')) * 1000;
    expect((await fetch(heavy)).status).toBe(200);
  });

  it('end in a ban of two minutes, 418, for who goes on asking', async () => {
    const heavy = `${klines.replace('limit=9', 'limit=1500')}`;
    const codes: number[] = [];
    for (let n = 0; n < 280 && codes.at(-1) !== 418; n++) {
      const answer = await fetch(heavy);
      await answer.arrayBuffer();
      codes.push(answer.status);
    }
    expect(codes.filter((status) => status === 429)).toHaveLength(21);
    wall += 60_000;
    const banned = await fetch('https://fapi.binance.com/fapi/v1/ping');
    expect(banned.status).toBe(418);
    expect(Number(banned.headers.get('retry-after'))).toBe(60);
    wall += 60_000;
    expect((await fetch('https://fapi.binance.com/fapi/v1/ping')).status).toBe(200);
  });
});

describe('sockets', () => {
  const address = 'wss://fstream.binance.com/market/ws/btcusdt@aggTrade';
  const collect = async (faults: Fault[]) => {
    replay.setFaults(faults);
    const line = await listen(replay, address);
    for (let n = 0; n < 6; n++) replay.advance(5000);
    await line.settle();
    line.close();
    return line.messages;
  };

  it('stay silent though open', async () => {
    expect(await collect([{ kind: 'silent', venue: 'binance' }])).toEqual([]);
  });

  it('send messages twice, without every third, in the wrong order, or in halves', async () => {
    const ids = (messages: { a: number }[]) => messages.map(({ a }) => a);
    const twice = ids(await collect([{ kind: 'duplicate' }]));
    expect(new Set(twice).size).toBe(twice.length / 2);
    const gaps = ids(await collect([{ kind: 'gap' }]));
    expect(gaps.filter((id, i) => i > 0 && id - gaps[i - 1]! === 2).length).toBeGreaterThan(gaps.length / 3);
    const mixed = ids(await collect([{ kind: 'reorder' }]));
    expect(mixed).not.toEqual(mixed.toSorted((a, b) => a - b));
    await expect(collect([{ kind: 'nan' }])).resolves.toSatisfy((list: { p: string }[]) =>
      list.every(({ p }) => p === 'NaN'),
    );
  });

  it('say everything late, in order', async () => {
    replay.setFaults([{ kind: 'latency', ms: 300 }]);
    const line = await listen(replay, address);
    for (let n = 0; n < 6; n++) replay.advance(5000);
    await line.settle();
    expect(line.messages).toEqual([]);
    await expect.poll(() => line.messages.length).toBeGreaterThan(20);
    line.close();
    const ids = line.messages.map(({ a }) => a);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  it('tell the venue’s wrong time', async () => {
    const [first] = await collect([{ kind: 'skew', ms: 3_600_000, venue: 'binance' }]);
    expect(first.E - replay.now()).toBeGreaterThan(3_500_000);
  });

  it('are cut every so often', async () => {
    replay.setFaults([{ kind: 'close', everyMs: 2000 }]);
    const line = await listen(replay, address);
    replay.advance(1000);
    expect(replay.stats().venues.binance!.sockets).toBe(1);
    wall += 2000;
    replay.advance(1000);
    await expect.poll(() => replay.stats().venues.binance!.sockets).toBe(0);
    line.close();
  });

  it('are refused', async () => {
    replay.setFaults([{ kind: 'status', status: 403, path: '/market/' }]);
    await expect(listen(replay, address)).rejects.toBeDefined();
  });

  it('are cut by the venue when nothing is heard for its time', async () => {
    const line = await listen(replay, 'wss://ws.okx.com:8443/ws/v5/public');
    wall += 31_000;
    replay.advance(1000);
    await expect.poll(() => replay.stats().venues.okx!.sockets).toBe(0);
    line.close();
  });
});

describe('the control routes', () => {
  const control = (path: string, body?: unknown) =>
    fetch(
      `https://localhost/__replay/${path}`,
      body === undefined ? undefined : { method: 'POST', body: JSON.stringify(body) },
    );

  it('tell what is replayed, what is derived, and what was used', async () => {
    const status = (await (await control('status')).json()) as {
      recordings: { coin: string }[];
      derived: Record<string, Record<string, string[]>>;
    };
    expect(status.recordings.map(({ coin }) => coin)).toContain('BTC');
    expect(status.derived.binance!.BTC).toContain('forced orders');
    expect(status.derived.binance!.ETH).not.toContain('forced orders');
    expect(status.derived.okx!.BTC!.join()).toContain('scaled from the Binance recording');
  });

  it('switch faults while running, and refuse wrong ones', async () => {
    expect((await control('faults', { faults: [{ kind: 'status', status: 500 }] })).status).toBe(200);
    expect((await fetch(time)).status).toBe(500);
    const wrong = await control('faults', [{ kind: 'explode' }]);
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: expect.stringContaining('faults[0].kind') });
    expect((await control('faults', [])).status).toBe(200);
    expect((await fetch(time)).status).toBe(200);
  });

  it('step the clock', async () => {
    const before = replay.now();
    expect(await (await control('clock', { advanceMs: 60_000 })).json()).toMatchObject({
      now: before + 60_000,
    });
    expect((await control('clock', { speed: 'fast' })).status).toBe(400);
  });
});
