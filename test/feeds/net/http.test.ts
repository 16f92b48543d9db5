import { beforeEach, describe, expect, it } from 'vitest';
import { venueFeeds } from '../../../src/feeds';
import { type Call, FeedError, type Venue } from '../../../src/feeds/feed';
import { createTransport, type Pause, type RequestRecord, type Transport } from '../../../src/feeds/net/http';
import { type Spent, sleep } from '../../../src/feeds/net/pacing';
import { SteppedClock, settle } from '../clock';
import { coin, fixture, way } from '../fixture';
import { heldBy } from './held-by';

const [binance, bybit, okx, bitget, hyperliquid] = venueFeeds as [Venue, Venue, Venue, Venue, Venue];
const btc = coin('BTCUSDT', 'BTC-USDT');
const good = () => Response.json(fixture('binance', 'premiumIndex'));
const latencyMs = 80;

let clock: SteppedClock;
let asked: { url: string; at: number; init: RequestInit }[];
let records: RequestRecord[];
let inFlight: number;
let mostInFlight: number;
let transport: Transport;
let answer: (url: string, count: number) => Response | Promise<Response>;

beforeEach(() => {
  clock = new SteppedClock();
  asked = [];
  records = [];
  inFlight = 0;
  mostInFlight = 0;
  answer = good;
  transport = createTransport({
    clock,
    random: () => 0.5,
    onRequest: (record) => records.push(record),
    fetch: (input: unknown, init = {}) =>
      new Promise<Response>((resolve, reject) => {
        asked.push({ url: String(input), at: clock.now(), init });
        const count = asked.length;
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        let open = true;
        const done = () => {
          if (open) inFlight -= 1;
          open = false;
        };
        init.signal?.addEventListener('abort', () => {
          done();
          reject(init.signal?.reason);
        });
        clock.after(latencyMs, () => {
          if (init.signal?.aborted) return;
          Promise.resolve()
            .then(() => answer(String(input), count))
            .then(resolve, reject)
            .finally(done);
        });
      }),
  });
});

const status = (code: number, body: string | object = '', headers: Record<string, string> = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status: code, headers });
const failure = (promise: Promise<unknown>) =>
  clock.until(
    promise.then(
      () => undefined,
      (error: unknown) => error,
    ),
  ) as Promise<FeedError>;

/** One request of many that are not asked in the same words. */
const nth = <T>(call: Call<T>, i: number): Call<T> => ({ ...call, url: `${call.url}&n=${i}` });

describe('a run that was killed', () => {
  it('has booked each request before it went out, and the next run waits for room', async () => {
    const kept = new Map<string, readonly Spent[]>();
    const sent: { at: number; booked: boolean }[] = [];
    const run = () =>
      createTransport({
        clock,
        random: () => 0.5,
        headroom: 1,
        spending: {
          load: async () => ({ spent: new Map(kept), pauses: new Map() }),
          // Keeping takes its time: no request may overtake it.
          save: async (pool, spent) => {
            await settle();
            kept.set(pool, spent);
          },
          pause: async () => undefined,
        },
        fetch: () => {
          const spent = kept.get('bitget/liquidations') ?? [];
          sent.push({ at: clock.now(), booked: spent.some(({ until }) => until === null) });
          return new Promise<Response>(() => undefined);
        },
      });
    const call = bitget.forcedOrders!(btc);
    const { limit, perMs } = bitget.pools[call.pool]!;
    expect(call.pool).toBe('liquidations');
    const start = clock.now();
    const killed = new AbortController();
    const first = run();
    const asked = Array.from({ length: limit }, (_, i) =>
      first.run(bitget, nth(call, i), { signal: killed.signal }),
    );
    for (const each of asked) each.catch(() => undefined);
    for (let i = 0; i < 3; i++) await settle();
    expect(sent).toHaveLength(Math.min(limit, bitget.concurrent));
    expect(sent.every(({ booked }) => booked)).toBe(true);

    const second = run();
    const left = new AbortController();
    for (let i = 0; i <= limit; i++)
      second.run(bitget, nth(call, i), { signal: left.signal }).catch(() => undefined);
    await clock.until(sleep(clock, perMs + 10));
    const times = sent.map(({ at }) => at - start);
    for (const from of times) {
      expect(times.filter((at) => at >= from && at < from + perMs).length).toBeLessThanOrEqual(limit);
    }
    expect(times.at(-1)).toBeGreaterThanOrEqual(perMs);
    killed.abort();
    left.abort();
  });

  it('leaves a host alone for as long as it asked the run before', async () => {
    const pauses = new Map<string, Pause>();
    const sent: number[] = [];
    const run = () =>
      createTransport({
        clock,
        random: () => 0.5,
        spending: {
          load: async () => ({ spent: new Map(), pauses: new Map(pauses) }),
          save: async () => undefined,
          pause: async (host, pause) => void pauses.set(host, pause),
        },
        fetch: async () => {
          sent.push(clock.now());
          return status(418, '', { 'retry-after': '300' });
        },
      });
    const first = await failure(run().run(binance, binance.mark(btc)));
    expect(first.kind).toBe('limited');
    expect(sent).toHaveLength(1);

    const second = await failure(run().run(binance, binance.mark(btc)));
    expect(second).toMatchObject({ kind: 'limited', message: first.message });
    expect(second.retryAfterMs).toBeGreaterThan(290_000);
    expect(sent).toHaveLength(1);

    await clock.until(sleep(clock, 301_000));
    await failure(run().run(binance, binance.mark(btc)));
    expect(sent).toHaveLength(2);
  });
});

describe('a call that can be asked in two ways', () => {
  const newer = 'https://api.bitget.com/api/v3/market/thing?symbol=A';
  const older = 'https://api.bitget.com/api/v2/market/thing?symbol=A';
  const call: Call<string> = {
    url: newer,
    weight: 1,
    pool: 'market',
    parse: (json) => {
      const { code, data } = json as { code: string; data?: string };
      if (code !== '00000') throw new FeedError('unavailable', 'bitget', `no such route (${code})`);
      if (data === undefined) throw new FeedError('malformed', 'bitget', 'data: missing');
      return data;
    },
  };
  const both: Call<string> = { ...call, otherwise: { ...call, url: older } };
  const ways = () => asked.map(({ url }) => url);

  it('is asked in the first, as long as that answers', async () => {
    answer = (url) => Response.json({ code: '00000', data: url });
    expect(await clock.until(transport.run(bitget, both))).toBe(newer);
    expect(ways()).toEqual([newer]);
  });

  it.each([
    ['is no longer there', { code: '40404' }],
    ['is no longer what it was', { code: '00000' }],
  ])(
    'is asked in the second where the first %s, which is tried again after an hour',
    async (_name, reply) => {
      answer = (url) => (url === newer ? Response.json(reply) : Response.json({ code: '00000', data: url }));
      expect(await clock.until(transport.run(bitget, both))).toBe(older);
      asked = [];
      expect(await clock.until(transport.run(bitget, both))).toBe(older);
      expect(ways()).toEqual([older]);
      await clock.advance(3_600_001);
      asked = [];
      expect(await clock.until(transport.run(bitget, both))).toBe(older);
      expect(ways()).toContain(newer);
    },
  );

  it('fails as the first where neither brings it, and is not asked in the second by one who is told to slow down', async () => {
    answer = () => Response.json({ code: '40404' });
    expect((await failure(transport.run(bitget, both))).message).toBe('no such route (40404)');
    asked = [];
    answer = () => status(429, '', { 'retry-after': '3600' });
    expect(await failure(transport.run(bitget, both))).toMatchObject({ kind: 'limited' });
    expect(ways()).toEqual([newer]);
  });
});

describe('a request', () => {
  it('is sent without the user’s cookies or referrer and comes back checked', async () => {
    const mark = await clock.until(transport.run(binance, binance.mark(btc)));
    expect(mark.mark).toBe(11793.63104562);
    expect(asked[0]!.init).toMatchObject({
      method: 'GET',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    });
    expect(records).toEqual([
      { venue: 'binance', url: binance.mark(btc).url, pool: 'weight', weight: 1, status: 200, ms: latencyMs },
    ]);
  });

  it('never follows a redirect: a body asked of one host is not sent on to another', async () => {
    await clock.until(transport.run(binance, binance.mark(btc)));
    expect(asked[0]!.init.redirect).toBe('error');
  });

  it.each([
    [1, { ...binance.mark(btc), mostBytes: 2 ** 20 }],
    [8, binance.mark(btc)],
  ])(
    'reads no more than %d MB of a reply, as the call allows, and leaves the rest unread',
    async (most, call) => {
      let pulled = 0;
      const piece = new TextEncoder().encode(' '.repeat(64 * 1024));
      answer = () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled += piece.byteLength;
              if (pulled > 4 * most * 2 ** 20) controller.close();
              else controller.enqueue(piece);
            },
          }),
        );
      expect(await failure(transport.run(binance, call))).toMatchObject({
        kind: 'malformed',
        message: `the reply is longer than ${most} MB`,
      });
      expect(pulled / asked.length).toBeLessThan(1.5 * most * 2 ** 20);
    },
  );

  it('ends with its time where a reply goes on for ever', async () => {
    let ended = 0;
    answer = () => new Response(new ReadableStream({ cancel: () => void ended++ }));
    const error = await failure(transport.run(binance, binance.mark(btc), { timeoutMs: 1000 }));
    expect(error).toMatchObject({ kind: 'down', message: 'no answer within 1 s' });
    expect(ended).toBe(asked.length);
  });

  it('reads letters that a reply cuts in two', async () => {
    const bytes = new TextEncoder().encode('{"coin":"币安"}');
    answer = () =>
      new Response(
        new ReadableStream({
          start(controller) {
            for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
            controller.close();
          },
        }),
      );
    const call: Call<unknown> = { ...binance.mark(btc), parse: (json) => json };
    expect(await clock.until(transport.run(binance, call))).toEqual({ coin: '币安' });
  });

  it('is a POST of JSON where the call has a body', async () => {
    answer = () => Response.json(fixture('hyperliquid', 'metaAndAssetCtxs'));
    await clock.until(transport.run(hyperliquid, hyperliquid.mark(coin('BTC', 'BTC-USDT'))));
    expect(asked[0]!.init).toMatchObject({
      method: 'POST',
      body: '{"type":"metaAndAssetCtxs"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('joins the pages that a call leads to', async () => {
    const page = (from: number, next?: number): Call<number[]> => ({
      url: `https://fapi.binance.com/page/${from}`,
      weight: 1,
      pool: 'weight',
      parse: () => [from, from + 1],
      next: () => (next === undefined ? undefined : page(next, next < 4 ? next + 2 : undefined)),
      join: (pages) => pages.flat(),
    });
    answer = () => Response.json({});
    expect(await clock.until(transport.run(binance, page(0, 2)))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('follows pages that only the body tells apart: thirty days of hourly fundings, each once', async () => {
    const start = 1_769_904_000_000;
    const rows = Array.from({ length: 720 }, (_, i) => ({
      coin: 'BTC',
      fundingRate: '0.0000125',
      time: start + i * 3_600_000,
    }));
    answer = (_url, count) => {
      const { startTime } = JSON.parse(String(asked[count - 1]!.init.body));
      return Response.json(rows.filter((row) => row.time >= startTime).slice(0, 500));
    };
    const fundings = await clock.until(
      transport.run(hyperliquid, hyperliquid.funding(coin('BTC', 'BTC-USDT'), { from: start })),
    );
    expect(fundings.map((each) => each.time)).toEqual(rows.map((row) => row.time));
    expect(asked).toHaveLength(2);
  });

  it('leaves fundings ascending and single where pages lead back in time and a settlement falls between', async () => {
    const newest = 1_769_904_000_000;
    const rows = Array.from({ length: 250 }, (_, i) => ({
      symbol: 'BTCUSDT',
      fundingRate: '0.0001',
      fundingTime: String(newest - i * 3_600_000),
    }));
    answer = (url, count) => {
      // From the second page on there is one row more before the others.
      const at = (Number(new URL(url).searchParams.get('pageNo')) - 1) * 100 - (count > 1 ? 1 : 0);
      return Response.json({
        code: '00000',
        msg: 'success',
        requestTime: newest,
        data: rows.slice(at, at + 100),
      });
    };
    const fundings = await clock.until(
      transport.run(bitget, way(bitget.funding(btc, { from: newest - 249 * 3_600_000 }), '/v2/')),
    );
    expect(fundings.map((each) => each.time)).toEqual(rows.map((row) => Number(row.fundingTime)).reverse());
  });

  it('stops where a venue leads in a circle or never ends', async () => {
    let pages = 0;
    const endless = (url: string): Call<number[]> => ({
      url,
      weight: 1,
      pool: 'weight',
      parse: () => [pages++],
      next: () => endless(url.length > 60 ? 'https://fapi.binance.com/' : `${url}x`),
      join: (lists) => lists.flat(),
    });
    answer = () => Response.json({});
    expect(
      (await clock.until(transport.run(binance, endless('https://fapi.binance.com/')))).length,
    ).toBeLessThan(60);
    const counting = (n: number): Call<number[]> => ({
      ...endless(`https://fapi.binance.com/${n}`),
      next: () => counting(n + 1),
    });
    expect(await clock.until(transport.run(binance, counting(0)))).toHaveLength(100);
  });

  it('rejects with the signal’s reason when aborted, waiting or under way', async () => {
    const controller = new AbortController();
    const running = transport.run(binance, binance.mark(btc), { signal: controller.signal });
    await clock.advance(latencyMs / 2);
    controller.abort(new Error('symbol changed'));
    await expect(running).rejects.toThrow('symbol changed');
    await expect(transport.run(binance, binance.mark(btc), { signal: controller.signal })).rejects.toThrow(
      'symbol changed',
    );
    expect(asked).toHaveLength(1);
  });
});

describe('what goes wrong is told apart', () => {
  const cases: [string, () => Response | Promise<Response>, FeedError['kind'], string][] = [
    ['a page instead of JSON', () => status(200, '<!doctype html>'), 'malformed', 'HTML'],
    ['half a message', () => status(200, '{"symbol":"BTC'), 'malformed', 'not JSON'],
    ['NaN in JSON', () => status(200, '{"markPrice":NaN}'), 'malformed', 'not JSON'],
    ['an empty answer', () => status(200, ''), 'malformed', 'not JSON'],
    ['a missing field', () => Response.json({ time: 1 }), 'malformed', 'markPrice'],
    [
      'an unknown symbol',
      () => status(400, { code: -1121, msg: 'Invalid symbol.' }),
      'unlisted',
      'Invalid symbol',
    ],
    [
      'a wish for a key',
      () => status(401, { code: -2014, msg: 'API-key format invalid.' }),
      'unavailable',
      '401',
    ],
    ['a region', () => status(451, ''), 'blocked', '451'],
    [
      'a firewall',
      () => status(403, 'The distribution is configured to block access from your country.'),
      'blocked',
      '403',
    ],
    ['a server error', () => status(502, '<html>'), 'down', '502'],
    ['a broken connection', () => Promise.reject(new TypeError('Failed to fetch')), 'down', 'no connection'],
    ['data under an error status', () => status(404, fixture('binance', 'premiumIndex')), 'malformed', '404'],
  ];

  it.each(cases)('%s', async (_name, reply, kind, text) => {
    answer = reply;
    const error = await failure(transport.run(binance, binance.mark(btc)));
    expect(error).toBeInstanceOf(FeedError);
    expect(error).toMatchObject({ kind, venue: 'binance' });
    expect(error.message).toContain(text);
  });

  it('silence is a timeout', async () => {
    answer = () => new Promise(() => {});
    const error = await failure(transport.run(binance, binance.mark(btc), { timeoutMs: 1_500 }));
    expect(error).toMatchObject({ kind: 'down', message: 'no answer within 1.5 s' });
    expect(asked).toHaveLength(3);
    expect(inFlight).toBe(0);
  });

  it('what may pass is tried three times, with pauses that grow', async () => {
    answer = () => status(503);
    await failure(transport.run(binance, binance.mark(btc)));
    const gaps = asked.slice(1).map((each, i) => each.at - asked[i]!.at - latencyMs);
    expect(gaps).toEqual([375, 750]);
  });

  it('what repeating does not cure is asked once', async () => {
    answer = () => status(400, { code: -1121, msg: 'Invalid symbol.' });
    await failure(transport.run(binance, binance.mark(btc)));
    expect(asked).toHaveLength(1);
  });

  it('one good answer after two bad ones is a good answer', async () => {
    answer = (_url, count) => (count < 3 ? status(500) : good());
    expect((await clock.until(transport.run(binance, binance.mark(btc)))).mark).toBeGreaterThan(0);
  });
});

describe('a host that refuses is left alone', () => {
  it('for as long as Retry-After says, when that is worth waiting for', async () => {
    answer = (_url, count) => (count === 1 ? status(429, '', { 'retry-after': '3' }) : good());
    await clock.until(transport.run(binance, binance.mark(btc)));
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(3_000 + latencyMs);
  });

  it('until an HTTP date, by the venue’s clock when the reply bears it, else by ours', async () => {
    const date = (ms: number) => new Date(ms).toUTCString();
    // The user's clock is an hour ahead of the venue's.
    const theirs = clock.now() - 3_600_000;
    answer = () => status(418, '', { 'retry-after': date(theirs + 90_000), date: date(theirs) });
    expect(await failure(transport.run(binance, binance.mark(btc)))).toMatchObject({ retryAfterMs: 90_000 });
    answer = () => status(418, '', { 'retry-after': date(clock.now() + 90_000) });
    const error = await failure(transport.run(bybit, bybit.mark(btc)));
    expect(Math.abs(error.retryAfterMs! - 90_000)).toBeLessThan(1_000);
  });

  it.each(['0', '-5', 'soon', '', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'for its own pause when Retry-After is %j, and never without one',
    async (header) => {
      answer = () => status(429, '', { 'retry-after': header });
      expect(await failure(transport.run(binance, binance.mark(btc)))).toMatchObject({
        kind: 'limited',
        retryAfterMs: 30_000,
      });
      expect(transport.pausedUntil('fapi.binance.com') - clock.now()).toBe(30_000);
      expect(asked).toHaveLength(1);
    },
  );

  it('for three days at most', async () => {
    answer = () => status(418, '', { 'retry-after': '99999999999' });
    expect(await failure(transport.run(binance, binance.mark(btc)))).toMatchObject({
      retryAfterMs: 3 * 86_400_000,
    });
  });

  it('for the longest of what replies to requests already sent say, and no answer among them ends the pause', async () => {
    answer = (_url, count) =>
      count === 1
        ? status(429, '', { 'retry-after': '10' })
        : count === 2
          ? status(418, '', { 'retry-after': '120' })
          : good();
    const first = [failure(transport.run(binance, binance.mark(btc)))];
    await clock.advance(1);
    first.push(
      ...Array.from({ length: 3 }, (_, i) => failure(transport.run(binance, nth(binance.mark(btc), i)))),
    );
    const [limited, banned, ...fine] = await Promise.all(first);
    expect(limited).toMatchObject({ kind: 'limited' });
    expect(banned).toMatchObject({ kind: 'limited', retryAfterMs: 120_000 });
    expect(fine).toEqual([undefined, undefined]);
    expect(transport.pausedUntil('fapi.binance.com') - clock.now()).toBeGreaterThan(119_000);
    await clock.advance(120_000);
    asked = [];
    answer = good;
    await clock.until(
      Promise.all(Array.from({ length: 6 }, (_, i) => transport.run(binance, nth(binance.mark(btc), i)))),
    );
    // One goes ahead of the others.
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(latencyMs);
  });

  it('in the middle of a backfill, of which every page then comes once, none asked during the pause', async () => {
    let refusedAt = 0;
    answer = (_url, count) => {
      if (count !== 9) return Response.json([]);
      refusedAt = clock.now();
      return status(429, '', { 'retry-after': '3' });
    };
    const page = (i: number) =>
      binance.candles(btc, '5m', { from: i * 3e8, to: i * 3e8 + 299_700_000 }, 1000);
    const pages = Array.from({ length: 40 }, (_, i) => page(i));
    await clock.until(Promise.all(pages.map((call) => transport.run(binance, call))));
    expect(asked).toHaveLength(41);
    expect(new Set(asked.map((each) => each.url)).size).toBe(40);
    for (const { at } of asked) expect(at <= refusedAt || at >= refusedAt + 3_000).toBe(true);
  });

  it('and other calls fail at once, unsent, while the pause is long', async () => {
    answer = () => status(418, '', { 'retry-after': '120' });
    expect(await failure(transport.run(binance, binance.mark(btc)))).toMatchObject({
      kind: 'limited',
      retryAfterMs: 120_000,
    });
    const error = await failure(transport.run(binance, binance.openInterest(btc)));
    expect(error).toMatchObject({ kind: 'limited', retryAfterMs: 120_000 });
    expect(asked).toHaveLength(1);
    expect(transport.pausedUntil('fapi.binance.com')).toBe(clock.now() + 120_000);
    answer = good;
    await clock.advance(120_000);
    await clock.until(transport.run(binance, binance.mark(btc)));
    expect(asked).toHaveLength(2);
    expect(transport.pausedUntil('fapi.binance.com')).toBe(0);
  });

  it('doubling where the venue does not say how long', async () => {
    answer = () => status(429);
    const pauses: number[] = [];
    for (let i = 0; i < 4; i++) {
      await failure(transport.run(binance, binance.mark(btc)));
      const pause = transport.pausedUntil('fapi.binance.com') - clock.now();
      pauses.push(pause);
      await clock.advance(pause);
    }
    expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000]);
  });

  it('ten minutes after Bybit’s 403 "too frequent", half a minute after a region is refused, and ever longer', async () => {
    answer = () => status(403, 'access too frequent');
    expect(await failure(transport.run(bybit, bybit.mark(btc)))).toMatchObject({ kind: 'limited' });
    expect(transport.pausedUntil('api.bybit.com') - clock.now()).toBe(600_000);
    answer = () => status(451);
    for (const pauseMs of [30_000, 60_000, 120_000]) {
      await failure(transport.run(binance, binance.mark(btc)));
      expect(transport.pausedUntil('fapi.binance.com') - clock.now()).toBe(pauseMs);
      await clock.advance(pauseMs);
    }
  });

  it('two seconds after OKX’s 50011, which the call waits out, and half a minute after Bybit’s 10006', async () => {
    const swap = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 });
    answer = (_url, count) =>
      count === 1 ? status(429, fixture('okx', 'error')) : Response.json(fixture('okx', 'mark-price'));
    await clock.until(transport.run(okx, okx.mark(swap)));
    expect(asked[1]!.at - asked[0]!.at).toBeGreaterThanOrEqual(2_000);
    answer = (_url, count) =>
      count === 3 ? Response.json(fixture('bybit', 'error')) : Response.json(fixture('bybit', 'tickers'));
    expect(await failure(transport.run(bybit, bybit.mark(btc)))).toMatchObject({
      kind: 'limited',
      retryAfterMs: 30_000,
    });
    await clock.advance(30_000);
    await clock.until(transport.run(bybit, bybit.mark(btc)));
    expect(asked).toHaveLength(4);
  });

  it('and six refusals of one moment count once', async () => {
    answer = () => status(429);
    const all = Array.from({ length: 6 }, (_, i) =>
      failure(transport.run(binance, nth(binance.mark(btc), i))),
    );
    await Promise.all(all);
    expect(asked).toHaveLength(6);
    expect(transport.pausedUntil('fapi.binance.com') - clock.now()).toBe(30_000);
  });

  it('while the other hosts go on', async () => {
    answer = (url) => (url.includes('binance') ? status(418) : Response.json(fixture('bybit', 'tickers')));
    await failure(transport.run(binance, binance.mark(btc)));
    expect((await clock.until(transport.run(bybit, bybit.mark(btc)))).mark).toBe(66666.6);
  });
});

it('an abort in the middle of everything leaves no timer and no request, and gives the weight back', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  answer = (_url, count) => (count % 3 === 0 ? status(503) : good());
  const all = Array.from({ length: 300 }, (_, i) =>
    transport.run(binance, nth(binance.book(btc), i % 100), { signal }).catch((error: unknown) => error),
  );
  await clock.advance(100);
  controller.abort(new Error('closed'));
  for (const error of await Promise.all(all)) if (error instanceof Error) expect(error.message).not.toBe('');
  const sent = asked.length;
  await clock.advance(latencyMs);
  expect(clock.waiting).toBe(0);
  expect(inFlight).toBe(0);
  expect(asked).toHaveLength(sent);
  answer = () => Response.json(fixture('binance', 'depth'));
  await clock.until(
    Promise.all(Array.from({ length: 40 }, (_, i) => transport.run(binance, nth(binance.book(btc), i)))),
    5_000,
  );
});

describe('who asks in the same words while the answer is awaited', () => {
  it('shares it, reads it by itself, and spends nothing', async () => {
    const reading = (part: string): Call<unknown> => ({
      ...binance.mark(btc),
      parse: (json) => (json as Record<string, unknown>)[part],
    });
    const parts = ['markPrice', 'indexPrice', 'time'];
    const told: string[] = [];
    const run = (part: string) =>
      transport.run(binance, reading(part), { onRequest: ({ url }) => told.push(`${part} ${url}`) });
    const all = Promise.all(parts.map(run));
    const whole = fixture('binance', 'premiumIndex') as Record<string, unknown>;
    expect(await clock.until(all)).toEqual(parts.map((part) => whole[part]));
    expect(asked).toHaveLength(1);
    expect(told).toEqual(parts.map((part) => `${part} ${binance.mark(btc).url}`));
    await clock.until(transport.run(binance, binance.mark(btc)));
    expect(asked).toHaveLength(2);
  });

  it('loses nothing when the other leaves', async () => {
    const other = new AbortController();
    const left = failure(transport.run(binance, binance.mark(btc), { signal: other.signal }));
    const kept = transport.run(binance, binance.mark(btc));
    await clock.advance(latencyMs / 2);
    expect(asked).toHaveLength(1);
    other.abort(new Error('closed'));
    expect((await clock.until(kept)).mark).toBe(11793.63104562);
    expect((await left).message).toBe('closed');
    expect(asked).toHaveLength(2);
  });

  it('may leave without the other', async () => {
    const kept = transport.run(binance, binance.mark(btc));
    const leaving = new AbortController();
    const left = failure(transport.run(binance, binance.mark(btc), { signal: leaving.signal }));
    await clock.advance(latencyMs / 2);
    leaving.abort(new Error('closed'));
    expect((await left).message).toBe('closed');
    expect((await clock.until(kept)).mark).toBe(11793.63104562);
    expect(asked).toHaveLength(1);
  });

  it('hears of a refusal as the other does, which counts once', async () => {
    answer = () => status(429);
    const all = Array.from({ length: 3 }, () => failure(transport.run(binance, binance.mark(btc))));
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(['limited', 'limited', 'limited']);
    expect(asked).toHaveLength(1);
    expect(transport.pausedUntil('fapi.binance.com') - clock.now()).toBe(30_000);
  });

  it('does not wait for one that is less urgent', async () => {
    const slow = transport.run(binance, binance.mark(btc), { priority: -1 });
    const urgent = transport.run(binance, binance.mark(btc), { priority: 1 });
    await clock.until(Promise.all([slow, urgent]));
    expect(asked).toHaveLength(2);
  });
});

describe('pacing', () => {
  const run = (count: number, call: () => Call<unknown>, venue: Venue) =>
    clock.until(Promise.all(Array.from({ length: count }, (_, i) => transport.run(venue, nth(call(), i)))));

  it('keeps to the ceiling of requests in flight', async () => {
    await run(40, () => binance.mark(btc), binance);
    expect(mostInFlight).toBe(6);
  });

  it('keeps every pool within 80 % of its limit in every window', async () => {
    const swap = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 });
    answer = () => Response.json(fixture('okx', 'open-interest-history'));
    await run(40, () => okx.openInterestHistory!(swap, '5m'), okx);
    const times = asked.map((each) => each.at);
    for (let i = 8; i < times.length; i++) expect(times[i]! - times[i - 8]!).toBeGreaterThanOrEqual(2_000);
    expect(times.at(-1)! - times[0]!).toBeLessThan(4 * (2_000 + latencyMs) + 1);
  });

  it('counts weight, not requests', async () => {
    answer = () => Response.json(fixture('binance', 'depth'));
    await run(100, () => binance.book(btc), binance);
    // 20 a request, 1920 a minute: 96 and then the rest.
    const first = asked[0]!.at;
    expect(asked.filter((each) => each.at - first < 60_000)).toHaveLength(96);
  });

  it('makes room for what others at this address have used', async () => {
    answer = () => {
      const reply = good();
      reply.headers.set('X-MBX-USED-WEIGHT-1M', '1915');
      return reply;
    };
    await run(1, () => binance.mark(btc), binance);
    answer = good;
    await run(10, () => binance.mark(btc), binance);
    const first = asked[0]!.at;
    expect(asked.filter((each) => each.at - first < 60_000)).toHaveLength(6);
  });

  it('leaves nothing behind with the signal that it is asked under, which lives as long as a page is watched', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 20; i++) await clock.until(transport.run(binance, binance.mark(btc), { signal }));
    expect(asked).toHaveLength(20);
    expect(heldBy(signal)).toBe(0);
  });

  it('lets the more urgent go first', async () => {
    const order: string[] = [];
    const call = (name: string): Call<string> => ({
      url: `https://fapi.binance.com/${name}`,
      weight: 1,
      pool: 'weight',
      parse: () => name,
    });
    answer = () => Response.json({});
    const all = Array.from({ length: 12 }, (_, i) => transport.run(binance, call(`history${i}`)));
    await settle();
    all.push(transport.run(binance, call('now'), { priority: 1 }));
    await clock.until(Promise.all(all.map((each) => each.then((name) => order.push(name)))));
    expect(order.indexOf('now')).toBeLessThan(8);
  });
});
