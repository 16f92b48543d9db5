import { expect, it } from 'vitest';
import { examine } from '../../src/cli/doctor';
import { hostFamilies, venueFeeds } from '../../src/feeds';
import { Hosts } from '../../src/feeds/net/hosts';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import { selfTest } from '../../src/feeds/self-test';
import { type Check, reportText, type VenueReport } from '../../src/feeds/self-test/report';
import { createReplay, type Fault, replayFetch, replayWebSocket } from '../../src/tools/replay';

/** Every kind of fault that the replay knows, on one venue each, and what the doctor has to say of it. */

type Part = Omit<Fault, 'venue'>;
interface Case {
  fault: Part[];
  /** The check that must not be well, or undefined for one that is well and has something to say. */
  named: RegExp;
  on?: RegExp;
  isWell?: true;
}

const rounds: Record<string, Case>[] = [
  {
    binance: { fault: [{ kind: 'status', status: 451 }], named: /^blocked: not served in this region/ },
    bybit: { fault: [{ kind: 'html' }], named: /HTML instead of JSON/ },
    okx: { fault: [{ kind: 'nothing' }], named: /not JSON/ },
    bitget: { fault: [{ kind: 'half' }], named: /no connection|not JSON/ },
    hyperliquid: { fault: [{ kind: 'hang' }], named: /no answer within 20 s/ },
  },
  {
    binance: { fault: [{ kind: 'nan' }], named: /came as .*text/ },
    bybit: { fault: [{ kind: 'empty' }], named: /came as .*empty text/ },
    okx: { fault: [{ kind: 'reorder' }], named: /not in the order of time/, on: /candles/ },
    bitget: { fault: [{ kind: 'duplicate' }], named: /rows come twice/, on: /candles/ },
    hyperliquid: { fault: [{ kind: 'gap' }], named: /\d+ of \d+ missing/, on: /candles/ },
  },
  {
    binance: {
      fault: [{ kind: 'skew', ms: 3_600_000 }],
      named: /clock is 3[56]\d\d\.\d s ahead/,
      on: /^clock$/,
    },
    bybit: { fault: [{ kind: 'silent' }], named: /nothing in/, on: /^stream mark$/ },
    okx: { fault: [{ kind: 'close', everyMs: 100 }], named: /closed by the venue/, on: /^stream/ },
    bitget: { fault: [{ kind: 'delist', coin: 'BTC' }], named: /unlisted: BTC-USDT is not in the list/ },
    hyperliquid: { fault: [{ kind: 'latency', ms: 3000 }], named: /slow/, on: /^mark$/, isWell: true },
  },
  {
    binance: {
      fault: [{ kind: 'odd', as: 'tick', path: '/klines' }],
      named: /left out 1: candle/,
      on: /candles/,
    },
    bybit: { fault: [{ kind: 'shape', path: '/tickers' }], named: /came as .*new_markPrice/, on: /^mark$/ },
    okx: { fault: [{ kind: 'redirect', to: 'elsewhere.test' }], named: /sent on to another address/ },
    bitget: { fault: [{ kind: 'large', bytes: 9e6, path: '/open-interest' }], named: /longer than 8 MB/ },
    hyperliquid: { fault: [{ kind: 'endless' }], named: /no answer within/ },
  },
  {
    binance: { fault: [{ kind: 'mute', text: 'markPriceUpdate' }], named: /nothing in/, on: /^stream mark$/ },
    bybit: {
      fault: [{ kind: 'status', status: 403, path: 'api.bybit.com/' }],
      named: /api\.bytick\.com serves in its place/,
      on: /^mark$/,
      isWell: true,
    },
    okx: { fault: [{ kind: 'status', status: 429, retryAfter: 30 }], named: /limited: .*wait (29|30) s/ },
    bitget: {
      fault: [{ kind: 'status', status: 404, path: '/api/v3/market/tickers' }],
      named: /\/api\/v2\/mix\/market\/ticker serves in its place/,
      on: /^mark$/,
      isWell: true,
    },
    hyperliquid: { fault: [{ kind: 'status', status: 503 }], named: /down: server error \(503\)/ },
  },
];

/** What an answer may take where five venues and who asks them share one process on a busy machine. */
const busyMs = 20_000;

async function examined(faults: Fault[]): Promise<VenueReport[]> {
  const replay = await createReplay({ faults });
  const hosts = new Hosts(hostFamilies, { clock: systemClock });
  const world = { clock: systemClock, random: Math.random, hosts };
  try {
    return await selfTest({
      ...world,
      venues: venueFeeds,
      transport: createTransport({ ...world, fetch: replayFetch(replay.port) }),
      WebSocket: replayWebSocket(replay.port),
      listenMs: 8_000,
      answerMs: busyMs,
    });
  } finally {
    await replay.close();
  }
}

it.concurrent.each(
  rounds.map(
    (cases) =>
      [
        Object.values(cases)
          .map(({ fault }) => fault[0]!.kind)
          .join(', '),
        cases,
      ] as const,
  ),
)(
  'names what goes wrong: %s',
  async (_kinds, cases) => {
    const entries = Object.entries(cases);
    const reports = await examined(
      entries.flatMap(([venue, { fault }]) => fault.map((part) => ({ ...part, venue }))),
    );
    for (const { id, checks } of reports) {
      const { named, on = /./, isWell = false } = cases[id]!;
      const telling = checks.filter(({ name, note }) => on.test(name) && named.test(note));
      expect(
        telling.map(({ ok }) => ok),
        `${id}: ${reportText([{ id, checks }])}`,
      ).toContain(isWell);
      // No value of what came, nor an address of this machine.
      for (const { note } of checks) expect(note).not.toMatch(/127\.0\.0\.1|\/work|\/home|BTCUSDT/);
    }
  },
  90_000,
);

// By itself: what five others ask at the same time would make it slow.
it('finds all well where nothing is wrong, in less than a minute', async () => {
  const startedAt = Date.now();
  const reports = await examine({ replay: true });
  expect(Date.now() - startedAt).toBeLessThan(60_000);
  expect(reports.map(({ id }) => id)).toEqual(venueFeeds.map(({ id }) => id));
  const bad = (checks: Check[]) => checks.filter(({ ok }) => !ok).map(({ name, note }) => `${name}: ${note}`);
  expect(reports.flatMap(({ id, checks }) => bad(checks).map((each) => `${id} ${each}`))).toEqual([]);
  for (const { checks } of reports) {
    expect(checks.length).toBeGreaterThan(12);
    // Every address and stream by host and path, every field that is read of a reply by name; nothing of who asks for what.
    for (const { name, address, fields } of checks) {
      expect(address, name).toMatch(/^[a-z.]+(?::\d+)?\/[\w/.-]+/);
      expect(address, name).not.toMatch(/BTC|\?|127\.0\.0\.1/i);
      // Candles of some venues are rows without names, and no funding interval differs on the replay.
      if (!/^stream|candles|intervals/.test(name)) expect(fields.length, name).toBeGreaterThan(0);
    }
  }
  expect(reports[0]!.checks.find(({ name }) => name === 'mark')!.fields).toContain('markPrice');
  expect(reportText(reports)).toMatch(/^binance: all well$/m);
}, 90_000);
