import { setMaxListeners } from 'node:events';
import { type IDBPDatabase, unwrap } from 'idb';
import { WebSocket } from 'ws';
import english from '../../public/_locales/en/messages.json';
import { Store } from '../background/storage/store';
import { FearAndGreedIndex } from '../background/symbol/fear-and-greed';
import { Market } from '../background/symbol/market';
import { ObservedAccounts } from '../background/symbol/observed-accounts';
import type { Watcher } from '../background/symbol/publisher';
import type { MarketServices } from '../background/symbol/services';
import { BookTurns } from '../background/venue/book-turns';
import { DroppedMessages } from '../background/venue/dropped-messages';
import { Instruments } from '../background/venue/instruments';
import { venueFeeds } from '../feeds';
import type { VenueId } from '../feeds/feed';
import { createTransport, type Pause, type Spending } from '../feeds/net/http';
import type { Clock, Spent } from '../feeds/net/pacing';
import type { WatchReply } from '../protocol/messages';
import type { FeedHealth, MapView, Tick } from '../protocol/view';
import type { WatchRequest } from '../protocol/watch-request';
import {
  createReplay,
  type ReplayExchange,
  type ReplayOptions,
  replayFetch,
  replayWebSocket,
} from './replay';

// What a browser does for an extension: looks texts up.
Object.assign(globalThis, {
  chrome: {
    i18n: {
      getMessage: (key: keyof typeof english, values: string[]) =>
        english[key].message.replace(/\$([1-9])/g, (_, n) => values[n - 1] ?? ''),
    },
  },
});
// Eight requests at a time share one signal, and Node warns from eleven listeners on.
setMaxListeners(0);

/** An echo comes after all that the other end had sent before, and after its answers to what was sent to it. */
const echoed = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState !== WebSocket.OPEN) return resolve();
    const end = () => {
      socket.off('pong', end).off('close', end);
      resolve();
    };
    socket.on('pong', end).on('close', end);
    socket.ping();
  });

/** Time that passes only when told to. */
class ManualClock implements Clock {
  private timers: { at: number; run: () => void }[] = [];
  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Runs what falls due, in order. */
  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      let due: (typeof this.timers)[number] | undefined;
      for (const timer of this.timers) if (timer.at <= until && timer.at < (due?.at ?? Infinity)) due = timer;
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = until;
  }

  /** Time goes by and no timer runs: those that fell due run, late, when it passes again. */
  sleep(ms: number): void {
    this.time += ms;
  }
}

/** The database in memory keeps each transaction that it ever had, and with it the worker that began it. */
export function forgetEnded(database: IDBDatabase): void {
  const raw = Reflect.get(database, '_rawDatabase') as { transactions: { _state: string }[] };
  raw.transactions = raw.transactions.filter((transaction) => transaction._state !== 'finished');
}

/** A database that answers nothing in so many turns of the loop is one that does not answer. */
const mostTurns = 300;

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** One life of the worker. Once it has ended nothing of it goes on, and what it waits for never comes. */
class Life {
  isOver = false;
  /** What cancels each of its timers. */
  private readonly timers = new Set<() => void>();
  private readonly requests = new Set<AbortController>();
  readonly sockets = new Set<WebSocket>();
  private readonly transactions = new Set<IDBTransaction>();
  /** How many transactions and openings have begun, and how many have ended. */
  asked = 0;
  answered = 0;
  private readonly databases = new Set<IDBDatabase>();
  readonly markets = new Set<Market>();

  /** Ends it as a browser does: at once, whatever it was doing. */
  end(): void {
    this.isOver = true;
    // Node holds a signal made of others, and all that listens to it, until one of them aborts.
    for (const market of this.markets) market.stop();
    for (const cancel of this.timers) cancel();
    for (const request of this.requests) request.abort();
    for (const socket of this.sockets) socket.terminate();
    // Some of what it was writing is there already, the rest never will be.
    for (const transaction of this.transactions) transaction.abort();
    for (const database of this.databases) database.close();
  }

  clock(clock: Clock, aheadMs: () => number): Clock {
    return {
      now: () => clock.now() + aheadMs(),
      after: (ms, run) => {
        if (this.isOver) return () => undefined;
        const cancel = clock.after(ms, () => {
          this.timers.delete(cancel);
          run();
        });
        this.timers.add(cancel);
        return () => {
          this.timers.delete(cancel);
          cancel();
        };
      },
    };
  }

  /** The answer, if it comes while the worker lives. */
  async fetch(fetch: typeof globalThis.fetch, ...[input, init]: Parameters<typeof globalThis.fetch>) {
    if (this.isOver) return never<Response>();
    const request = new AbortController();
    const abort = () => request.abort(init?.signal?.reason);
    if (init?.signal?.aborted) abort();
    init?.signal?.addEventListener('abort', abort, { once: true });
    this.requests.add(request);
    try {
      const response = await fetch(input, { ...init, signal: request.signal });
      return this.isOver ? await never<Response>() : response;
    } catch (cause) {
      if (this.isOver) return never<Response>();
      throw cause;
    } finally {
      this.requests.delete(request);
      init?.signal?.removeEventListener('abort', abort);
    }
  }

  /** A store that ends with it. */
  store(store: Store): Store {
    const connect: () => Promise<IDBPDatabase | undefined> = Reflect.get(store, 'connection').bind(store);
    return Object.assign(store, {
      connection: async () => {
        if (this.isOver) return never<undefined>();
        this.asked++;
        const wrapped = await connect();
        this.answered++;
        const database = wrapped && unwrap(wrapped);
        if (this.isOver) database?.close();
        else if (database && !this.databases.has(database)) this.watch(database);
        return this.isOver ? never<undefined>() : wrapped;
      },
    });
  }

  private watch(database: IDBDatabase): void {
    this.databases.add(database);
    database.addEventListener('close', () => this.databases.delete(database));
    const begin = database.transaction.bind(database);
    database.transaction = (...asked) => {
      const transaction = begin(...asked);
      this.asked++;
      for (const end of ['complete', 'abort'])
        transaction.addEventListener(end, () => {
          this.answered++;
          forgetEnded(database);
        });
      if (transaction.mode === 'readonly') return transaction;
      this.transactions.add(transaction);
      for (const end of ['complete', 'abort'])
        transaction.addEventListener(end, () => this.transactions.delete(transaction));
      return transaction;
    };
  }
}

/** What one page has been told. */
export class StagePage implements Watcher {
  readonly window: WatchRequest['window'] = '24h';
  readonly replies: WatchReply[] = [];

  constructor(readonly venue: VenueId | undefined = undefined) {}

  send(reply: WatchReply): void {
    this.replies.push(reply);
  }

  get map(): MapView | undefined {
    return this.replies.findLast((reply) => reply.type === 'map')?.view;
  }

  get tick(): Tick | undefined {
    return this.replies.findLast((reply) => reply.type === 'tick')?.tick;
  }

  health(venue: VenueId): FeedHealth | undefined {
    return this.tick?.health.find((health) => health.venue === venue);
  }
}

/** A market on the local exchange, under a clock that both obey. */
export class MarketStage {
  readonly clock: ManualClock;
  readonly requests: string[] = [];
  /** The same with what each cost, and when. */
  readonly records: { venue: string; url: string; pool: string; weight: number; time: number }[] = [];
  /** Addresses of the sockets that were opened. */
  readonly opened: string[] = [];
  private readonly underWay = new Set<Promise<unknown>>();
  private life!: Life;
  /** What outlives a worker in the browser's memory. */
  private readonly spent = new Map<string, readonly Spent[]>();
  private readonly pauses = new Map<string, Pause>();
  /** No request leaves and no socket opens. */
  private isOffline = false;
  /** How far the user's clock is ahead of the exchange's, ms. */
  aheadMs = 0;
  /** What becomes of a socket's message on its way; undefined leaves it out. */
  alter: (text: string) => string | undefined = (text) => text;
  /** Replies that are not the local exchange's: the JSON for an address, or undefined. */
  answer: (url: string, body: string) => unknown = () => undefined;
  /** How long answers take, ms of the stage's time. */
  latencyMs = 0;
  /** What becomes of an answer, once read, on its way to the worker. */
  amend: (venue: string, url: string, value: unknown) => unknown = (_venue, _url, value) => value;
  /** Whether the user lets the list of the largest accounts be read. */
  allowsList = false;
  replay!: ReplayExchange;
  services!: MarketServices;

  /** From a Saturday night on, without another time. */
  constructor(time = Date.UTC(2026, 10, 21, 3, 2, 30)) {
    this.clock = new ManualClock(time);
  }

  async open(options: ReplayOptions = {}): Promise<this> {
    this.replay = await createReplay({ startAt: 0.9, ...options, now: () => this.clock.now() });
    this.begin();
    return this;
  }

  /** The worker ends, whatever it was doing, and begins anew: it knows what was stored and nothing else. */
  restart(): void {
    this.life.end();
    this.begin();
  }

  private begin(): void {
    const life = new Life();
    const clock = life.clock(this.clock, () => this.aheadMs);
    const store = life.store(new Store(clock));
    store.onAnswered = () => {
      for (const market of life.markets) market.reload();
    };
    const random = () => 0.5;
    const dropped = new DroppedMessages();
    const fetch = this.fetching(replayFetch(this.replay.port));
    const transport = createTransport({
      onLeftOut: (source, reason) => dropped.add(source, reason),
      fetch: (input, init) => life.fetch(fetch, input, init),
      clock,
      random,
      spending: this.spending,
      onRequest: (record) => {
        this.requests.push(record.url);
        this.records.push({ ...record, time: this.clock.now() });
      },
    });
    const instruments = new Instruments(transport, store, clock);
    this.life = life;
    this.services = {
      transport: {
        unblock: (source) => transport.unblock(source),
        pausedUntil: (host) => transport.pausedUntil(host),
        run: async (source, call, options) =>
          this.amend(source.id, call.url, await transport.run(source, call, options)) as never,
      },
      WebSocket: this.altering(life, replayWebSocket(this.replay.port)),
      store,
      fearAndGreed: new FearAndGreedIndex(transport, clock),
      accounts: new ObservedAccounts({
        // As tests watch and alter it, not as it was made.
        transport: {
          unblock: (source) => transport.unblock(source),
          pausedUntil: (host) => transport.pausedUntil(host),
          run: (...asked) => this.services.transport.run(...asked),
        },
        clock,
        store,
        permittedHost: async () => this.allowsList,
      }),
      clock,
      random,
      instrument: (venue, symbol, _signal, maxAgeMs) => instruments.find(venue, symbol, maxAgeMs),
      named: (venue, name) => instruments.named(venue, name),
      isUnlisted: (of, symbol) => instruments.areLacking(of, symbol),
      permitted: async () => true,
      bookTurns: new BookTurns(),
      dropped,
      withheld: () => [],
    };
  }

  private readonly spending: Spending = {
    load: async () => ({ spent: this.spent, pauses: this.pauses }),
    save: async (pool, spent) => void this.spent.set(pool, spent),
    pause: async (host, pause) => void this.pauses.set(host, pause),
  };

  /** Answers of the local exchange, or those that were put in their place. */
  private fetching(replay: typeof fetch): typeof fetch {
    return async (input, init) => {
      if (this.isOffline) throw new TypeError('Failed to fetch');
      const answer = this.answer(String(input), String(init?.body ?? ''));
      if (answer !== undefined) return Response.json(answer);
      const watched = this.watched(replay(input, init));
      const due = new Promise<void>((resolve) => this.clock.after(this.latencyMs, resolve));
      if (this.latencyMs > 0) await Promise.allSettled([watched, due]);
      return watched;
    };
  }

  /** Without a network, and again with one. */
  goOffline(isOffline: boolean): void {
    this.isOffline = isOffline;
    if (isOffline) for (const socket of this.life.sockets) socket.terminate();
  }

  /** The machine sleeps: no timer runs, and sockets are dead when it wakes, without a word. */
  sleep(ms: number): void {
    for (const socket of this.life.sockets) {
      // As nobody listens, nobody hears of its end.
      socket.removeAllListeners('message');
      socket.removeAllListeners('close');
      socket.terminate();
    }
    this.life.sockets.clear();
    this.clock.sleep(ms);
  }

  /** Counts a request as under way until its whole answer is in. */
  private async watched(answer: Promise<Response>): Promise<Response> {
    const whole = answer.then((response) => response.clone().arrayBuffer());
    const isIn: Promise<unknown> = whole.then(
      () => this.underWay.delete(isIn),
      () => this.underWay.delete(isIn),
    );
    this.underWay.add(isIn);
    return answer;
  }

  /**
   * Until what was asked is answered and what was sent has come, however busy the machine: but for what the exchange keeps
   * waiting.
   */
  private async networkRests(): Promise<void> {
    for (let isEchoed = false; ; ) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const sockets = [...this.life.sockets];
      const opening = sockets.filter(({ readyState }) => readyState === WebSocket.CONNECTING);
      if (this.underWay.size + opening.length > this.replay.stats().held) isEchoed = false;
      else if (isEchoed) return;
      else {
        await Promise.all(sockets.map(echoed));
        isEchoed = true;
      }
    }
  }

  /** Until the database has done what it was asked, however busy the machine: but for what it keeps waiting. */
  private async databaseRests(): Promise<void> {
    const { life } = this;
    for (let turns = 0, answered = life.answered; life.answered < life.asked && turns < mostTurns; turns++) {
      await new Promise(setImmediate);
      if (life.answered === answered) continue;
      answered = life.answered;
      turns = 0;
    }
  }

  private altering(life: Life, Whole: MarketServices['WebSocket']): MarketServices['WebSocket'] {
    const stage = this;
    return class {
      private readonly socket: WebSocket | undefined;
      constructor(url: string) {
        stage.opened.push(url);
        if (stage.isOffline || life.isOver) return;
        const socket = new Whole(url) as unknown as WebSocket;
        this.socket = socket;
        life.sockets.add(socket);
        socket.on('close', () => life.sockets.delete(socket));
      }
      addEventListener(type: string, listener: (event: unknown) => void) {
        if (!this.socket && type === 'close') setTimeout(() => life.isOver || listener({ code: 1006 }));
        this.socket?.addEventListener(type as 'message', (event) => {
          if (life.isOver) return;
          if (type !== 'message') return listener(event);
          const data = stage.alter(String(event.data));
          if (data !== undefined) listener({ data });
        });
      }
      send = (message: string) => this.socket?.send(message);
      close = () => this.socket?.close();
    } as unknown as MarketServices['WebSocket'];
  }

  market(symbol: string, on: VenueId[] = ['binance']): Market {
    const market = new Market(symbol, venueFeeds, this.services);
    market.setVenues(new Set(on));
    this.life.markets.add(market);
    return market;
  }

  /** Lets time pass in small steps, with room for the network between them. */
  async pass(ms: number): Promise<void> {
    const step = Math.max(500, ms / 200);
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.pass(Math.min(step, ms - passed));
      this.replay.advance(0);
      await this.networkRests();
    }
  }

  /** Lets time pass in large steps, with room for the network in between only where something is asked: for hours and days. */
  async hurry(ms: number, step: number): Promise<void> {
    for (const until = this.clock.now() + ms; this.clock.now() < until; ) {
      const next = Math.min(until, this.clock.now() + step);
      while (this.clock.now() < next) {
        this.clock.pass(Math.min(1000, next - this.clock.now()));
        await new Promise(setImmediate);
        if (this.underWay.size > this.replay.stats().held) await this.networkRests();
        await this.databaseRests();
      }
      this.replay.advance(0);
      await this.networkRests();
    }
  }

  /** Lets time pass until something holds; fails when it does not in `withinMs`. */
  async until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
    const step = Math.min(2000, withinMs / 240);
    for (let passed = 0; passed < withinMs; passed += step) {
      if (holds()) return;
      await this.pass(step);
    }
    if (!holds()) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
  }

  /** Forgets what was asked and opened so far. */
  forget(): void {
    for (const list of [this.requests, this.records, this.opened]) list.length = 0;
  }

  close(): Promise<void> {
    this.life.end();
    return this.replay.close();
  }
}
