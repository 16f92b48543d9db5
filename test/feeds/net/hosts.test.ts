import { beforeEach, describe, expect, it } from 'vitest';
import { hostFamilies, venueFeeds } from '../../../src/feeds';
import { bybit } from '../../../src/feeds/bybit';
import type { FeedError } from '../../../src/feeds/feed';
import { type HostChoice, Hosts } from '../../../src/feeds/net/hosts';
import { createTransport } from '../../../src/feeds/net/http';
import { SteppedClock } from '../clock';
import { coin, fixture } from '../fixture';

const btc = coin('BTCUSDT', 'BTC-USDT');
const mark = bybit.mark(btc);
const hour = 3_600_000;

let clock: SteppedClock;
let asked: string[];
let kept: Map<string, HostChoice>;
let allowed: (host: string) => boolean;
/** Hosts that cannot be reached, and those that refuse. */
let unreachable: Set<string>;
let refusing: Set<string>;

beforeEach(() => {
  clock = new SteppedClock();
  asked = [];
  kept = new Map();
  allowed = () => true;
  unreachable = new Set();
  refusing = new Set();
});

function start() {
  const hosts = new Hosts(hostFamilies, {
    clock,
    permitted: async (host) => allowed(host),
    memory: {
      load: async () => new Map(kept),
      save: async (main, choice) => void (choice ? kept.set(main, choice) : kept.delete(main)),
    },
  });
  const transport = createTransport({
    clock,
    random: () => 0.5,
    hosts,
    fetch: async (input) => {
      const { host } = new URL(String(input));
      asked.push(host);
      if (unreachable.has(host)) throw new TypeError('Failed to fetch');
      if (refusing.has(host)) return new Response('not in your country', { status: 403 });
      return Response.json(fixture('bybit', 'tickers'));
    },
  });
  return { hosts, run: () => clock.until(transport.run(bybit, mark)) };
}

describe('hosts that answer alike', () => {
  it('are asked in order, the main one alone as long as it answers', async () => {
    const { run } = start();
    await run();
    expect(asked).toEqual(['api.bybit.com']);
    expect(kept.size).toBe(0);
  });

  it.each([
    ['cannot be reached', () => unreachable.add('api.bybit.com')],
    ['refuses the address', () => refusing.add('api.bybit.com')],
  ])('stand in for the main one where it %s, and are remembered for a day', async (_name, spoil) => {
    spoil();
    const first = start();
    await first.run();
    expect(asked).toEqual(['api.bybit.com', 'api.bytick.com']);
    asked = [];
    await first.run();
    expect(asked).toEqual(['api.bytick.com']);

    asked = [];
    const restarted = start();
    await restarted.run();
    expect(asked).toEqual(['api.bytick.com']);
    expect([...kept.keys()]).toEqual(['api.bybit.com']);

    unreachable.clear();
    refusing.clear();
    await clock.advance(25 * hour);
    asked = [];
    await restarted.run();
    expect(asked).toEqual(['api.bybit.com']);
    expect(kept.size).toBe(0);
  });

  it.each(['evil.example', 'fapi.binance.com'])(
    'are the venue’s own, whatever is kept: never %s',
    async (host) => {
      kept.set('api.bybit.com', { host, at: clock.now() });
      await start().run();
      expect(asked).toEqual(['api.bybit.com']);
    },
  );

  it('are never hammered: what failed goes behind the others', async () => {
    for (const host of hostFamilies[2]!.hosts) unreachable.add(host);
    const { run } = start();
    await run();
    const before = asked.filter((host) => unreachable.has(host)).length;
    await run();
    await run();
    expect(asked.filter((host) => unreachable.has(host))).toHaveLength(before);
    expect(before).toBeLessThanOrEqual(hostFamilies[2]!.hosts.length);
  });

  it('are left out where the user does not let us read them, and named', async () => {
    unreachable.add('api.bybit.com');
    allowed = (host) => host === 'api.bybit.com';
    const { hosts, run } = start();
    expect(((await run().catch((error: unknown) => error)) as FeedError).kind).toBe('down');
    expect(new Set(asked)).toEqual(new Set(['api.bybit.com']));
    expect(hosts.lackingFor('api.bybit.com')).toContain('api.bytick.com');
    allowed = () => true;
    await run();
    expect(asked.at(-1)).toBe('api.bytick.com');
  });

  it('begin with that of the region whose page is open, where it may be read', async () => {
    const { hosts, run } = start();
    hosts.visit('www.bybit.eu');
    await run();
    expect(asked).toEqual(['api.bybit.eu']);
    allowed = (host) => !host.endsWith('.eu');
    await run();
    expect(asked.at(-1)).toBe('api.bybit.com');
    // A page of no region, or of another venue, changes nothing.
    hosts.visit('www.tradingview.com');
    allowed = () => true;
    await run();
    expect(asked.at(-1)).toBe('api.bybit.eu');
  });

  it('keep the path, and the port that a socket needs', () => {
    const { hosts } = start();
    hosts.visit('my.okx.com');
    expect(hosts.of('wss://ws.okx.com:8443/ws/v5/public').slice(0, 2)).toEqual([
      'wss://wseea.okx.com:8443/ws/v5/public',
      'wss://ws.okx.com:8443/ws/v5/public',
    ]);
    expect(hosts.of('https://openapi.okx.com/api/v5/public/time?a=1')[0]).toBe(
      'https://eea.okx.com/api/v5/public/time?a=1',
    );
    expect(hosts.of('https://api.alternative.me/fng/')).toEqual(['https://api.alternative.me/fng/']);
  });

  it('are known of every address that is asked', () => {
    const { hosts } = start();
    for (const venue of venueFeeds)
      for (const plan of venue.sockets([btc])) expect(hosts.of(plan.url)[0]).toBe(plan.url);
  });

  it('of a region that may have less are connected to by who has its page open, and by nobody else', () => {
    const { hosts } = start();
    const socket = 'wss://stream.bybit.com/v5/public/linear';
    expect(hosts.of(socket)).toEqual([socket]);
    hosts.failed(socket);
    expect(hosts.of(socket)).toEqual([socket]);
    hosts.visit('www.bybit.tr');
    expect(hosts.of(socket)).toEqual(['wss://stream.bybit.tr/v5/public/linear', socket]);
    hosts.visit('www.bybit.eu');
    expect(hosts.of(socket)).toEqual([socket]);
  });
});
