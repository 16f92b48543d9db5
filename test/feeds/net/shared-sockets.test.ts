import { beforeEach, expect, it, vi } from 'vitest';
import { socketSharing } from '../../../src/feeds';
import { hyperliquid } from '../../../src/feeds/hyperliquid';
import { sharedSockets } from '../../../src/feeds/net/shared-sockets';
import { openSocket, type SocketOptions } from '../../../src/feeds/net/socket';
import { SteppedClock, settle } from '../clock';
import { coin } from '../fixture';

const url = 'wss://api.hyperliquid.xyz/ws';
const second = 1_000;

let clock: SteppedClock;
let connections: Server[];
let Shared: SocketOptions['WebSocket'];

class Server extends EventTarget {
  sent: string[] = [];
  closed = false;
  readonly madeAt = clock.now();
  constructor(readonly url: string) {
    super();
    connections.push(this);
    clock.after(50, () => !this.closed && this.dispatchEvent(new Event('open')));
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  say(data: string) {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
  hangUp() {
    this.closed = true;
    this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
  }
}

beforeEach(() => {
  clock = new SteppedClock();
  connections = [];
  Shared = sharedSockets(Server as unknown as SocketOptions['WebSocket'], socketSharing, clock);
});

const open = () => connections.filter(({ closed }) => !closed);
const subscribe = (name: string) =>
  `{"method":"subscribe","subscription":{"type":"trades","coin":"${name}"}}`;
const unsubscribe = (name: string) => subscribe(name).replace('subscribe', 'unsubscribe');

function sit() {
  const socket = new Shared(url);
  const heard: string[] = [];
  socket.addEventListener('open', () => heard.push('open'));
  socket.addEventListener('message', ({ data }) => heard.push(data));
  socket.addEventListener('close', ({ code }) => heard.push(`close ${code}`));
  return { socket, heard };
}

it('other hosts get connections of their own', () => {
  const binance = 'wss://fstream.binance.com/market/stream';
  for (let i = 0; i < 5; i++) expect(new Shared(binance)).toBeInstanceOf(Server);
  expect(connections).toHaveLength(5);
});

it('many share three connections; all hear that they are open and what comes', async () => {
  const seats = Array.from({ length: 8 }, sit);
  await clock.advance(100);
  const late = sit();
  await settle();
  expect(connections).toHaveLength(3);
  for (const { heard } of [...seats, late]) expect(heard).toEqual(['open']);
  for (const each of connections) each.say('news');
  for (const { heard } of [...seats, late]) expect(heard).toEqual(['open', 'news']);
});

it('a subscription is made once for all who want it, and taken back with the last of them', async () => {
  const seats = Array.from({ length: 6 }, sit);
  await clock.advance(100);
  const [first, , , second, ...others] = seats;
  first!.socket.send(subscribe('BTC'));
  second!.socket.send(subscribe('BTC'));
  second!.socket.send(subscribe('ETH'));
  second!.socket.send('{"method":"ping"}');
  expect(connections[0]!.sent).toEqual([subscribe('BTC'), subscribe('ETH'), '{"method":"ping"}']);
  second!.socket.close();
  expect(connections[0]!.sent.at(-1)).toBe(unsubscribe('ETH'));
  first!.socket.close();
  for (const { socket } of others) socket.close();
  // The last one to leave closes the connection.
  expect(connections[0]!.closed).toBe(true);
});

it('a connection that ends ends for all on it, and a new one is made', async () => {
  const seats = Array.from({ length: 6 }, sit);
  await clock.advance(100);
  connections[0]!.hangUp();
  const ended = seats.filter(({ heard }) => heard.includes('close 1006'));
  expect(ended).toHaveLength(2);
  sit();
  expect(open()).toHaveLength(3);
});

it('new connections keep to a third of what the venue allows in a minute', async () => {
  for (let passed = 0; passed < 180; passed++) {
    if (open().length === 0) sit();
    await clock.advance(second);
    for (const each of open()) each.hangUp();
  }
  const made = connections.map(({ madeAt }) => madeAt);
  for (const from of made)
    expect(made.filter((at) => at >= from && at < from + 60 * second).length).toBeLessThanOrEqual(10);
  expect(made.length).toBeGreaterThan(20);
});

it('twelve markets followed at once take three connections, each with its own subscriptions', async () => {
  const done = new AbortController();
  const coins = Array.from({ length: 12 }, (_, i) => coin(`C${i}`, `C${i}-USDT`));
  for (const each of coins)
    for (const plan of hyperliquid.sockets([each], ['mark', 'trade']))
      openSocket(plan, {
        WebSocket: Shared,
        clock,
        random: () => 0.5,
        signal: done.signal,
        onEvents: () => {},
        onState: () => {},
      });
  await clock.advance(second);
  expect(open()).toHaveLength(3);
  const subscribed = connections.flatMap(({ sent }) => sent);
  for (const { native } of coins)
    expect(subscribed.filter((text) => text.includes(`"${native}"`))).toHaveLength(2);
  done.abort();
  expect(open()).toHaveLength(0);
});

it('an error of one holder is reported, and keeps nothing from the others', async () => {
  const faulty = new Shared(url);
  faulty.addEventListener('message', () => {
    throw new Error('of one');
  });
  const holders = Array.from({ length: 20 }, sit);
  await clock.advance(1000);
  const later = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => undefined);
  try {
    for (const connection of open()) connection.say('to all');
    expect(holders.map(({ heard }) => heard)).toEqual(holders.map(() => ['open', 'to all']));
    expect(later.mock.calls).toHaveLength(1);
    expect(later.mock.calls[0]![0]).toThrow('of one');
  } finally {
    later.mockRestore();
  }
});
