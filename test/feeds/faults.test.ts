import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import type {
  FeedError,
  FeedErrorKind,
  FeedEvent,
  Instrument,
  Range,
  Topic,
  Venue,
} from '../../src/feeds/feed';
import { createTransport, type Transport } from '../../src/feeds/net/http';
import { openSocket, type SocketState } from '../../src/feeds/net/socket';
import {
  createReplay,
  type Fault,
  type ReplayExchange,
  replayFetch,
  replayWebSocket,
} from '../../src/tools/replay';
import { hurriedClock } from './clock';

/**
 * The five feeds against a replayed exchange that misbehaves, over real connections. Both follow one clock that runs ten
 * times as fast as the wall, so that pauses, timeouts and limits pass in a tenth of the time.
 */

vi.setConfig({ testTimeout: 30_000 });

let replay: ReplayExchange;
let transport: Transport;
let lastHours: Required<Range>;
const instruments = new Map<Venue, Instrument>();

const clock = hurriedClock(10);
const fresh = () => createTransport({ fetch: replayFetch(replay.port), clock, random: () => 0 });
const everywhere = (fault: Omit<Fault, 'venue'>) =>
  replay.setFaults(venueFeeds.map((venue) => ({ ...fault, venue: venue.id })));
const bars = (venue: Venue) =>
  transport.run(venue, venue.candles(instruments.get(venue)!, '5m', lastHours, 100), {
    timeoutMs: 20_000,
    patienceMs: 1_500,
  });
const kinds = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map((each) => (each.status === 'rejected' ? (each.reason as FeedError).kind : 'fine'));

/** A new exchange for each part, as it remembers what an address has spent. */
function startExchange() {
  beforeAll(async () => {
    replay = await createReplay({ speed: 0, now: clock.now });
    transport = fresh();
    for (const venue of venueFeeds) {
      const list = await transport.run(venue, venue.instruments()[0]!);
      instruments.set(venue, list.find((each) => each.symbol === 'BTC-USDT')!);
    }
  });
  beforeEach(() => {
    replay.setFaults([]);
    lastHours = { from: replay.now() - 99 * 300_000, to: replay.now() };
    transport = fresh();
  });
  afterAll(() => replay.close());
}

describe('a fault that strikes once is overcome', () => {
  startExchange();

  it.each<Omit<Fault, 'venue'>>([
    { kind: 'html' },
    { kind: 'half' },
    { kind: 'nothing' },
    { kind: 'nan' },
    { kind: 'empty' },
    { kind: 'hang' },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 429, retryAfter: 1 },
  ])('%j', async (fault) => {
    const before = await Promise.all(venueFeeds.map(bars));
    everywhere({ ...fault, times: 1 });
    expect(await Promise.all(venueFeeds.map(bars))).toEqual(before);
  });
});

describe('a fault that stays is told by its kind', () => {
  startExchange();

  it.each<[Omit<Fault, 'venue'>, FeedErrorKind]>([
    [{ kind: 'html' }, 'malformed'],
    [{ kind: 'nothing' }, 'malformed'],
    [{ kind: 'nan' }, 'malformed'],
    [{ kind: 'empty' }, 'malformed'],
    [{ kind: 'hang' }, 'down'],
    [{ kind: 'status', status: 500 }, 'down'],
    [{ kind: 'status', status: 429, retryAfter: 60 }, 'limited'],
    [{ kind: 'status', status: 418, retryAfter: 60 }, 'limited'],
    [{ kind: 'status', status: 451 }, 'blocked'],
  ])('%j is %s', async (fault, kind) => {
    everywhere(fault);
    expect(kinds(await Promise.allSettled(venueFeeds.map(bars)))).toEqual(venueFeeds.map(() => kind));
  });

  it('a 403 closes the host, whether it counts requests or refuses the address', async () => {
    everywhere({ kind: 'status', status: 403 });
    for (const kind of kinds(await Promise.allSettled(venueFeeds.map(bars))))
      expect(['limited', 'blocked']).toContain(kind);
    replay.setFaults([]);
    for (const kind of kinds(await Promise.allSettled(venueFeeds.map(bars))))
      expect(['limited', 'blocked']).toContain(kind);
  });

  it('a removed listing is unlisted or gone from the list', async () => {
    everywhere({ kind: 'delist', coin: 'BTC' });
    for (const venue of venueFeeds) {
      const list = await transport.run(venue, venue.instruments()[0]!);
      expect(list.some((each) => each.symbol === 'BTC-USDT')).toBe(false);
      await expect(transport.run(venue, venue.openInterest(instruments.get(venue)!))).rejects.toMatchObject({
        kind: 'unlisted',
        venue: venue.id,
      });
    }
  });
});

describe('rows', () => {
  startExchange();

  it('out of order or doubled read the same', async () => {
    const before = await Promise.all(venueFeeds.map(bars));
    everywhere({ kind: 'reorder' });
    expect(await Promise.all(venueFeeds.map(bars))).toEqual(before);
    everywhere({ kind: 'duplicate' });
    expect(await Promise.all(venueFeeds.map(bars))).toEqual(before);
  });

  it('with a gap leave a gap, and nothing made up in it', async () => {
    const before = await Promise.all(venueFeeds.map(bars));
    everywhere({ kind: 'gap' });
    for (const [i, list] of (await Promise.all(venueFeeds.map(bars))).entries()) {
      expect(list.length).toBeLessThan(before[i]!.length);
      for (const bar of list) expect(before[i]).toContainEqual(bar);
    }
  });
});

describe('the sockets of all venues', () => {
  startExchange();

  /** Books are the bulk of the messages and bear no id: they are left to the other tests. */
  const topics: Topic[] = ['bar', 'mark', 'funding', 'openInterest', 'forcedOrder', 'trade'];

  interface Heard {
    venue: Venue;
    plans: ReturnType<Venue['sockets']>;
    events: FeedEvent[];
    states: SocketState['state'][];
    breaks: number[];
    drops: string[];
  }

  /**
   * Follows every venue while the exchange moves on a minute at a time; on a busy machine longer, until enough was heard of
   * each.
   */
  async function follow(
    fault: Omit<Fault, 'venue'>,
    minutes: number,
    pauseMs = 20,
    isEnough: (heard: Heard) => boolean = () => true,
  ) {
    const controller = new AbortController();
    everywhere(fault);
    const followed = venueFeeds.map((venue) => {
      const heard: Heard = {
        venue,
        plans: venue.sockets([instruments.get(venue)!], topics),
        events: [],
        states: [],
        breaks: [],
        drops: [],
      };
      for (const plan of heard.plans)
        openSocket(
          { ...plan, quietMs: fault.kind === 'silent' ? 2_000 : 60_000 },
          {
            onEvents: (list) => heard.events.push(...list),
            onState: ({ state }) => heard.states.push(state),
            onReconnect: (since) => heard.breaks.push(since),
            onDrop: (reason) => heard.drops.push(reason),
            WebSocket: replayWebSocket(replay.port),
            clock,
            random: () => 0,
            signal: controller.signal,
          },
        );
      return heard;
    });
    const connected = () => followed.map(({ venue }) => replay.stats().venues[venue.id]!.sockets);
    await expect.poll(connected).toEqual(followed.map(({ plans }) => plans.length));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (let minute = 0; minute < minutes || (minute < 20 * minutes && !followed.every(isEnough)); minute++) {
      replay.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    controller.abort();
    await expect.poll(connected).toEqual(followed.map(() => 0));
    return followed;
  }
  const ids = (events: FeedEvent[]) =>
    events.flatMap((event) =>
      event.kind === 'trade' || event.kind === 'forcedOrder' ? [`${event.kind}:${event.id}`] : [],
    );

  it('pass on doubled messages once', async () => {
    for (const { venue, events, drops } of await follow({ kind: 'duplicate' }, 5)) {
      expect([venue.id, ids(events).length > 0]).toEqual([venue.id, true]);
      expect(new Set(ids(events)).size).toBe(ids(events).length);
      expect(drops).toEqual([]);
    }
  });

  it('drop half messages and go on with the whole ones', async () => {
    for (const { venue, events, drops, states } of await follow({ kind: 'half', share: 0.5 }, 5)) {
      expect([venue.id, drops.length > 0, events.length > 0]).toEqual([venue.id, true, true]);
      expect(states).not.toContain('down');
    }
  });

  it('come back after cuts without doubles, and tell of each gap', async () => {
    const restored = ({ states }: Heard) => states.filter((state) => state === 'ok').length;
    const cameBack = (heard: Heard) => restored(heard) > 1 && heard.breaks.length > 0;
    for (const heard of await follow({ kind: 'close', everyMs: 1_500 }, 30, 30, cameBack)) {
      const { venue, events, breaks } = heard;
      expect([venue.id, restored(heard) > 1, breaks.length > 0]).toEqual([venue.id, true, true]);
      expect(new Set(ids(events)).size).toBe(ids(events).length);
    }
  });

  it('are late when acknowledged and silent', async () => {
    for (const { venue, events, states } of await follow({ kind: 'silent' }, 10, 40)) {
      expect([venue.id, events]).toEqual([venue.id, []]);
      expect(states).toContain('late');
      expect(states).not.toContain('ok');
    }
  });
});
