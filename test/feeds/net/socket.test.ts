import { beforeEach, describe, expect, it } from 'vitest';
import { venueFeeds } from '../../../src/feeds';
import { binance } from '../../../src/feeds/binance';
import { bitget } from '../../../src/feeds/bitget';
import { bybit } from '../../../src/feeds/bybit';
import type { FeedEvent, SocketPlan } from '../../../src/feeds/feed';
import { openSocket, type SocketState } from '../../../src/feeds/net/socket';
import { okx } from '../../../src/feeds/okx';
import { SteppedClock } from '../clock';
import { changed, coin, fixture, fixtureText } from '../fixture';

const second = 1_000;
const hour = 3_600_000;
const btc = coin('BTCUSDT', 'BTC-USDT');
const market = binance.sockets([btc])[0]!;
const mark = fixtureText('binance', 'socket-markPrice');
const order = fixture('binance', 'socket-forceOrder');

/** The venue's end of one connection. */
class ServerEnd extends EventTarget {
  sent: { text: string; at: number }[] = [];
  closed = false;
  constructor(readonly url: string) {
    super();
    connections.push(this);
    if (acceptMs !== undefined)
      clock.after(acceptMs, () => !this.closed && this.dispatchEvent(new Event('open')));
  }
  send(text: string) {
    this.sent.push({ text, at: clock.now() });
  }
  close() {
    this.closed = true;
  }
  say(data: unknown) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  hangUp(code = 1006) {
    this.closed = true;
    this.dispatchEvent(new Event('error'));
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
  /** Sends the message every 20 s until closed. */
  flow(data: string) {
    if (this.closed) return;
    this.say(data);
    clock.after(20 * second, () => this.flow(data));
  }
}

let clock: SteppedClock;
let connections: ServerEnd[];
/** How long the venue takes to accept; undefined: it never does. */
let acceptMs: number | undefined;
let events: FeedEvent[];
let states: SocketState[];
let breaks: number[];
let drops: string[];
let silences: [topic: string, since: number | undefined][];
let patience: number | undefined;
let controller: AbortController;

beforeEach(() => {
  clock = new SteppedClock();
  connections = [];
  acceptMs = 80;
  events = [];
  states = [];
  breaks = [];
  drops = [];
  silences = [];
  patience = undefined;
  controller = new AbortController();
});

/** What a socket needs of those who use it. */
const surroundings = () => ({
  WebSocket: ServerEnd as unknown as new (url: string) => WebSocket,
  clock,
  random: () => 0.5,
  signal: controller.signal,
});

function open(plan: SocketPlan) {
  openSocket(plan, {
    ...surroundings(),
    onEvents: (list) => events.push(...list),
    onState: (state) => states.push(state),
    onReconnect: (since) => breaks.push(since),
    onDrop: (reason) => drops.push(reason),
    onSilence: (topic, since) => silences.push([topic, since]),
    // Most of these connections bring marks alone.
    patienceMs: (topic) => (topic === 'forcedOrder' && patience) || Number.POSITIVE_INFINITY,
  });
}
/** The mark in a message so much longer. */
const padded = (length: number) => `${' '.repeat(length)}${mark}`;
const state = () => states.at(-1)?.state;
const forced = () => events.filter((event) => event.kind === 'forcedOrder');

describe('a socket', () => {
  it('subscribes once open, and is ok once data flows', async () => {
    const swap = okx.sockets([coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 })])[0]!;
    open(swap);
    expect(state()).toBe('starting');
    await clock.advance(100);
    expect(connections[0]!.sent.map((each) => each.text)).toEqual(swap.subscribe);
    connections[0]!.say(fixtureText('okx', 'socket-reply'));
    expect(state()).toBe('starting');
    connections[0]!.say(fixtureText('okx', 'socket-mark-price'));
    expect(state()).toBe('ok');
    expect(events).toHaveLength(1);
  });

  it.each(venueFeeds.map((venue) => [venue.id, venue] as const))(
    'keeps %s’s own ping every 20 s',
    async (id, venue) => {
      const plan = venue.sockets([coin('BTC', 'BTC-USDT')])[0]!;
      open({ ...plan, subscribe: [], quietMs: hour });
      await clock.advance(80 + 65 * second);
      const expected = id === 'binance' ? [] : [plan.ping!.message, plan.ping!.message, plan.ping!.message];
      expect(connections[0]!.sent.map((each) => each.text)).toEqual(expected);
    },
  );

  it.each([
    [okx, 'socket-liquidation', coin('IOST-USDT-SWAP', 'IOST-USDT'), 'data.0.details'],
    [bybit, 'socket-liquidation', coin('ROSEUSDT', 'ROSE-USDT'), 'data'],
    [bitget, 'socket-liquidation', btc, 'data'],
  ] as const)(
    'keeps the forced orders of a message that it can read, and says that one is missing: %#',
    async (venue, name, instrument, list) => {
      const message = fixture(venue.id, name);
      const [row] = list.split('.').reduce((at, key) => at[key], message);
      const two = changed(message, list, [row, { ...row, ts: 'soon', T: 'soon' }]);
      const told: string[] = [];
      const plan = venue.sockets([instrument], ['forcedOrder'], '5m')[0]!;
      openSocket(plan, {
        ...surroundings(),
        onEvents: (found) => events.push(...found),
        onState: () => undefined,
        onData: () => told.push('data'),
        onUnread: () => told.push('unread'),
      });
      await clock.advance(second);
      connections[0]!.say(JSON.stringify(two));
      expect(told).toEqual(['unread', 'data']);
      expect(forced()).toHaveLength(1);
    },
  );

  it('counts and drops what it cannot read, and goes on', async () => {
    open(market);
    await clock.advance(100);
    const [server] = connections;
    server!.say('<html>');
    server!.say(mark.slice(0, 40));
    server!.say(new ArrayBuffer(8));
    server!.say(JSON.stringify(changed(order, 'data.o.z', 'NaN')));
    server!.say(mark);
    expect(drops).toEqual(['HTML instead of JSON', 'not JSON', 'not text', expect.stringMatching(/^o\.z: /)]);
    expect(events).toHaveLength(1);
    expect(connections).toHaveLength(1);
  });

  it('reads no message of more than a million characters, and connects anew', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.say(padded(2 ** 20));
    expect(drops).toEqual(['longer than can be read']);
    expect(events).toEqual([]);
    expect(connections[0]!.closed).toBe(true);
    expect(state()).toBe('down');
    await clock.advance(2 * second);
    connections[1]!.say(mark);
    expect(state()).toBe('ok');
  });

  it('stops listening to one that floods it, and to none that is merely busy', async () => {
    open(market);
    await clock.advance(100);
    const long = padded(2 ** 18);
    for (let i = 0; i < 100; i++) {
      connections[0]!.say(long);
      await clock.advance(200);
    }
    expect(connections).toHaveLength(1);
    for (let i = 0; i < 140; i++) connections[0]!.say(long);
    expect(connections[0]!.closed).toBe(true);
    expect(drops).toEqual(['longer than can be read']);
  });

  it('ends with its signal and leaves nothing running', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.say(mark);
    controller.abort();
    connections[0]!.say(mark);
    expect(connections[0]!.closed).toBe(true);
    expect(events).toHaveLength(1);
    expect(clock.waiting).toBe(0);
    await clock.advance(2 * hour);
    expect(connections).toHaveLength(1);
  });

  it('does not begin when its signal has ended before', () => {
    controller.abort();
    open(market);
    expect(connections).toHaveLength(0);
  });
});

describe('a connection that the venue closes', () => {
  it('is replaced, subscribed again, and the gap is told once data is back', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.say(mark);
    const lastHeard = clock.now();
    await clock.advance(5 * second);
    connections[0]!.hangUp(1001);
    expect(states.at(-1)).toEqual({
      state: 'down',
      since: clock.now(),
      reason: 'closed by the venue (1001)',
    });
    await clock.advance(5 * second);
    expect(connections).toHaveLength(2);
    expect(breaks).toEqual([]);
    connections[1]!.say(mark);
    expect(state()).toBe('ok');
    expect(breaks).toEqual([lastHeard]);
  });

  it('is tried again with pauses that double up to eight seconds', async () => {
    acceptMs = undefined;
    open(market);
    const made: number[] = [clock.now()];
    while (made.length < 9) {
      const count = connections.length;
      await clock.advance(100);
      if (connections.length > count) made.push(clock.now());
    }
    // Ten seconds of waiting for the handshake, then 0.75 × 1, 2, 4, 8, 8 … s.
    const pauses = made.slice(1).map((at, i) => Math.round((at - made[i]! - 10 * second) / 100) / 10);
    expect(pauses).toEqual([0.8, 1.5, 3, 6, 6, 6, 6, 6].map((each) => expect.closeTo(each, 0)));
    expect(state()).toBe('down');
  });

  it('as soon as it has delivered is tried again ever more slowly, until one has held for five seconds', async () => {
    open(market);
    const pauses: number[] = [];
    for (let i = 0; i < 6; i++) {
      await clock.advance(100);
      if (i === 4) {
        connections.at(-1)!.say(mark);
        await clock.advance(6 * second);
      }
      connections.at(-1)!.say(mark);
      connections.at(-1)!.hangUp();
      const [count, from] = [connections.length, clock.now()];
      while (connections.length === count) await clock.advance(50);
      pauses.push(clock.now() - from);
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000, 750, 1_500]);
  });

  it('never delivered anything before: no gap to fill', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.hangUp();
    await clock.advance(5 * second);
    connections[1]!.say(mark);
    expect(breaks).toEqual([]);
  });
});

describe('a silent connection', () => {
  it('that acknowledges and then sends nothing, as Binance’s old address does, is late after a minute and replaced', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.say(fixtureText('binance', 'socket-reply'));
    await clock.advance(61 * second);
    expect(states.find((each) => each.state === 'late')?.reason).toBe('no data for 60 s');
    expect(connections[0]!.closed).toBe(true);
    await clock.advance(second);
    expect(connections).toHaveLength(2);
  });

  it('is not mistaken for one whose data concerns other symbols', async () => {
    open(market);
    await clock.advance(100);
    const foreign = JSON.stringify(changed(JSON.parse(mark), 'data.s', 'ETHUSDT'));
    connections[0]!.flow(foreign);
    await clock.advance(300 * second);
    expect(connections).toHaveLength(1);
    expect(events).toEqual([]);
  });

  it('may be quiet for longer where the plan says so', async () => {
    open({ ...market, quietMs: 300 * second });
    await clock.advance(250 * second);
    expect(connections).toHaveLength(1);
    await clock.advance(60 * second);
    expect(connections).toHaveLength(2);
  });
});

describe('a socket of forced orders alone', () => {
  it.each(
    venueFeeds
      .filter((venue) => venue.limits.forcedOrders !== 'none')
      .map((venue) => [venue.id, venue] as const),
  )(
    'of %s is not cycled while nobody is liquidated: minutes on a whole market, hours on one symbol',
    async (id, venue) => {
      const [plan] = venue.sockets([btc], ['forcedOrder']);
      open(plan!);
      await clock.advance(100);
      const marketWide = id === 'okx' || id === 'bitget';
      await clock.advance((marketWide ? 9 : 300) * 60 * second);
      expect(connections).toHaveLength(1);
      expect(states.map((each) => each.state)).toEqual(['starting']);
    },
  );
});

describe('a clock that is set back', () => {
  it('does not hide silence', async () => {
    let back = 0;
    const turned = { now: () => clock.now() - back, after: clock.after.bind(clock) };
    openSocket(market, {
      onEvents: () => {},
      onState: (each) => states.push(each),
      WebSocket: ServerEnd as unknown as new (url: string) => WebSocket,
      clock: turned,
      random: () => 0.5,
      signal: controller.signal,
    });
    await clock.advance(100);
    connections[0]!.say(mark);
    back = 24 * hour;
    await clock.advance(130 * second);
    expect(connections).toHaveLength(2);
  });
});

it('a thousand reconnections and a day of trades leave no more behind than one', async () => {
  open(market);
  const trade = JSON.parse(fixtureText('binance', 'socket-aggTrade'));
  for (let i = 0; i < 1_000; i++) {
    await clock.advance(100);
    connections.at(-1)!.say(JSON.stringify({ ...trade, data: { ...trade.data, s: 'BTCUSDT', a: i } }));
    connections.at(-1)!.hangUp();
    await clock.advance(31 * second);
  }
  expect(events).toHaveLength(1_000);
  expect(connections.filter((each) => !each.closed).length).toBeLessThanOrEqual(1);
  controller.abort();
  await clock.advance(second);
  expect(clock.waiting).toBe(0);
  expect(connections.every((each) => each.closed)).toBe(true);
});

describe('what ends', () => {
  it('while it waits to connect again leaves no timer', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.hangUp();
    expect(clock.waiting).toBe(1);
    controller.abort();
    expect(clock.waiting).toBe(0);
  });

  it('while it subscribes leaves no timer either', async () => {
    open(okx.sockets([coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 })])[0]!);
    connections[0]!.send = () => {
      throw new Error('not open');
    };
    await clock.advance(100);
    expect(states.at(-1)).toMatchObject({ state: 'down', reason: 'not open' });
    controller.abort();
    expect(clock.waiting).toBe(0);
  });

  it.each([
    ['a minute on', 61 * second],
    ['when the clock was set back a day', -24 * hour],
  ])('of records is forgotten once two thousand have followed, %s', async (_name, moved) => {
    let shift = 0;
    const turned = { now: () => clock.now() + shift, after: clock.after.bind(clock) };
    openSocket(market, {
      onEvents: (list) => events.push(...list),
      onState: () => {},
      WebSocket: ServerEnd as unknown as new (url: string) => WebSocket,
      clock: turned,
      random: () => 0.5,
      signal: controller.signal,
    });
    await clock.advance(100);
    const { data, stream } = JSON.parse(fixtureText('binance', 'socket-aggTrade'));
    const trade = (a: number) =>
      connections[0]!.say(JSON.stringify({ stream, data: { ...data, s: 'BTCUSDT', a } }));
    for (let i = 0; i < 2_001; i++) trade(i);
    trade(0);
    expect(events).toHaveLength(2_001);
    shift = moved;
    trade(-1);
    trade(0);
    expect(events).toHaveLength(2_003);
  });
});

describe('rotation', () => {
  /** Between 97 and 100 % of 23 h, by chance. */
  const due = 23 * hour * 0.985;

  it('opens a second connection before the 24th hour and closes the first only when the second delivers', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.flow(mark);
    await clock.advance(due - second);
    expect(connections).toHaveLength(1);
    await clock.advance(10 * second);
    expect(connections).toHaveLength(2);
    expect(connections[0]!.closed).toBe(false);
    connections[1]!.flow(mark);
    expect(connections[0]!.closed).toBe(true);
    await clock.advance(due + 10 * second);
    expect(connections).toHaveLength(3);
    expect(states.map((each) => each.state)).toEqual(['starting', 'ok']);
    expect(breaks).toEqual([]);
  });

  it('passes on each forced order once while both connections send', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.flow(mark);
    await clock.advance(due + 10 * second);
    const [old, fresh] = connections;
    old!.say(JSON.stringify(order));
    fresh!.say(JSON.stringify(order));
    fresh!.say(JSON.stringify(changed(order, 'data.o.T', order.data.o.T + 1)));
    expect(forced()).toHaveLength(2);
  });

  it('keeps the old connection when the new one does not come up, and tries again', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.flow(mark);
    acceptMs = undefined;
    await clock.advance(due + 11 * second);
    expect(connections.map((each) => each.closed)).toEqual([false, true]);
    acceptMs = 80;
    await clock.advance(61 * second);
    expect(connections).toHaveLength(3);
    connections[2]!.say(mark);
    expect(connections.map((each) => each.closed)).toEqual([true, true, false]);
    expect(states.map((each) => each.state)).toEqual(['starting', 'ok']);
  });

  it('makes the second connection the only one when the first ends meanwhile, and tells the gap', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.flow(mark);
    await clock.advance(due + 10 * second);
    connections[0]!.hangUp();
    expect(state()).toBe('down');
    await clock.advance(2 * second);
    connections[1]!.say(mark);
    expect(connections).toHaveLength(2);
    expect(state()).toBe('ok');
    expect(breaks).toHaveLength(1);
  });
});

describe('after a reconnect', () => {
  it('records that the venue repeats are not passed on again', async () => {
    open(market);
    await clock.advance(100);
    connections[0]!.say(JSON.stringify(order));
    connections[0]!.hangUp();
    await clock.advance(2 * second);
    connections[1]!.say(JSON.stringify(order));
    expect(forced()).toHaveLength(1);
    expect(state()).toBe('ok');
  });

  it('are remembered by the hundred thousand at most, however many a venue sends within a minute', async () => {
    const trade = (id: number): FeedEvent => ({
      kind: 'trade',
      symbol: 'BTC-USDT',
      id: String(id),
      trade: { time: 0, price: 60_000, base: 1, taker: 'buy' },
    });
    /** Trades in messages of `from,count`. */
    const read = (text: string) => {
      const [from, count] = text.split(',').map(Number) as [number, number];
      return Array.from({ length: count }, (_, i) => trade(from + i));
    };
    open({ ...market, read });
    await clock.advance(100);
    const passedOn = (message: string) => {
      events = [];
      connections[0]!.say(message);
      return events.length;
    };
    expect(passedOn('0,100000')).toBe(100_000);
    expect(passedOn('0,1')).toBe(0);
    expect(passedOn('100000,1000')).toBe(1000);
    expect(passedOn('0,1')).toBe(1);
    expect(passedOn('1001,100000')).toBe(1);
  });
});

describe('a topic that brings nothing while its neighbours flow', () => {
  const minute = 60 * second;
  const unheard = () => silences.filter(([topic]) => topic === 'forcedOrder');

  it('is told, and asked for on another connection while the old one goes on', async () => {
    patience = 10 * minute;
    open(market);
    await clock.advance(100);
    const since = clock.now();
    connections[0]!.flow(mark);
    await clock.advance(9 * minute);
    expect(unheard()).toEqual([]);
    expect(connections).toHaveLength(1);
    await clock.advance(1.5 * minute);
    expect(unheard()).toEqual([['forcedOrder', expect.closeTo(since, -5)]]);
    expect(connections).toHaveLength(2);
    expect(connections[0]!.closed).toBe(false);
    expect(state()).toBe('ok');

    connections[1]!.flow(mark);
    expect(connections[0]!.closed).toBe(true);
    expect(breaks).toEqual([]);
    connections[1]!.say(JSON.stringify(order));
    expect(unheard().at(-1)).toEqual(['forcedOrder', undefined]);
    expect(forced()).toHaveLength(1);
  });

  it('is asked for again ever more seldom', async () => {
    patience = 10 * minute;
    open(market);
    for (let passed = 0; passed < 4 * 60; passed += 0.5) {
      await clock.advance(minute / 2);
      for (const each of connections) if (!each.closed) each.say(mark);
    }
    // After 10 minutes, then 20, 40, and at most an hour later each.
    expect(connections.length).toBeGreaterThan(4);
    expect(connections.length).toBeLessThan(8);
    expect(unheard()).toHaveLength(1);
  });

  it('is noticed by itself: marks after a minute, bars after eleven', async () => {
    openSocket(market, {
      ...surroundings(),
      onEvents: () => {},
      onState: () => {},
      onSilence: (topic, since) => silences.push([topic, since]),
    });
    await clock.advance(100);
    const start = clock.now();
    const when: Record<string, number> = {};
    for (let passed = 0; passed < 15; passed += 0.5) {
      await clock.advance(minute / 2);
      for (const each of connections) if (!each.closed) each.say(JSON.stringify(order));
      for (const [topic] of silences) when[topic] ??= (clock.now() - start) / minute;
    }
    expect(when).toEqual({ mark: 2, bar: 12 });
  });

  it('is no fault of a topic where nothing flows, nor of the time in which nothing could', async () => {
    patience = 10 * minute;
    open({ ...market, quietMs: hour });
    await clock.advance(100);
    connections[0]!.say(mark);
    connections[0]!.say(JSON.stringify(order));
    connections[0]!.hangUp();
    acceptMs = undefined;
    await clock.advance(30 * minute);
    acceptMs = 80;
    await clock.advance(20 * second);
    connections.at(-1)!.flow(mark);
    await clock.advance(5 * minute);
    expect(unheard()).toEqual([]);
  });

  it('flows where the whole market comes and is about others', async () => {
    patience = 10 * minute;
    const swap = okx.sockets([coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 })])[0]!;
    const others = fixtureText('okx', 'socket-liquidation');
    open(swap);
    await clock.advance(100);
    for (let passed = 0; passed < 30; passed += 1) {
      await clock.advance(minute);
      connections[0]!.say(fixtureText('okx', 'socket-mark-price'));
      connections[0]!.say(others);
    }
    expect(forced()).toEqual([]);
    expect(unheard()).toEqual([]);
  });

  it('is asked for in the way that stands behind, on connections that fail as well', async () => {
    patience = 10 * minute;
    const behind: SocketPlan = { ...market, url: 'wss://example.test/behind' };
    open({ ...market, otherwise: behind });
    await clock.advance(100);
    connections[0]!.flow(mark);
    await clock.advance(11 * minute);
    expect(connections.map(({ url }) => url)).toEqual([market.url, behind.url]);
    // What stands behind is dead: the first way is taken again.
    connections[1]!.hangUp();
    await clock.advance(9 * minute);
    expect(connections).toHaveLength(2);
    await clock.advance(12 * minute);
    expect(connections.map(({ url }) => url)).toEqual([market.url, behind.url, market.url]);
  });
});
