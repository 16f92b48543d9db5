import { setMaxListeners } from 'node:events';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import english from '../../public/_locales/en/messages.json';
import { Store } from '../../src/background/storage/store';
import { FearAndGreedIndex } from '../../src/background/symbol/fear-and-greed';
import { Market } from '../../src/background/symbol/market';
import { ObservedAccounts } from '../../src/background/symbol/observed-accounts';
import type { Watcher } from '../../src/background/symbol/publisher';
import type { MarketServices } from '../../src/background/symbol/services';
import { DroppedMessages } from '../../src/background/venue/dropped-messages';
import { Instruments } from '../../src/background/venue/instruments';
import { venueFeeds } from '../../src/feeds';
import type { VenueId } from '../../src/feeds/feed';
import { createTransport } from '../../src/feeds/net/http';
import type { Clock } from '../../src/feeds/net/pacing';
import type { WatchReply } from '../../src/protocol/messages';
import type { FeedHealth, MapView, Tick } from '../../src/protocol/view';
import type { WatchRequest } from '../../src/protocol/watch-request';
import {
  createReplay,
  type ReplayExchange,
  type ReplayOptions,
  replayFetch,
  replayWebSocket,
} from '../../src/tools/replay';

// What a browser does for an extension: looks texts up.
vi.stubGlobal('chrome', {
  i18n: {
    getMessage: (key: keyof typeof english, values: string[]) =>
      english[key].message.replace(/\$([1-9])/g, (_, n) => values[n - 1] ?? ''),
  },
});
// Eight requests at a time share one signal, and Node warns from eleven listeners on.
setMaxListeners(0);

/** An echo comes after all that the other end had sent before, and after its answers to what was sent to it. */
const echoed = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState !== WebSocket.OPEN) return resolve();
    socket.once('pong', () => resolve());
    socket.once('close', () => resolve());
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
      const due = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((other) => other !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = until;
  }
}

/** What one page has been told. */
export class Page implements Watcher {
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
  private readonly sockets = new Set<WebSocket>();
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
    const { clock } = this;
    const store = new Store(() => clock.now());
    const random = () => 0.5;
    const whole = replayWebSocket(this.replay.port);
    const replay = replayFetch(this.replay.port);
    const dropped = new DroppedMessages();
    const transport = createTransport({
      onLeftOut: (source, reason) => dropped.add(source, reason),
      fetch: async (input, init) => {
        const answer = this.answer(String(input), String(init?.body ?? ''));
        if (answer !== undefined) return Response.json(answer);
        const watched = this.watched(replay(input, init));
        const due = new Promise<void>((resolve) => clock.after(this.latencyMs, resolve));
        if (this.latencyMs > 0) await Promise.allSettled([watched, due]);
        return watched;
      },
      clock,
      random,
      onRequest: (record) => {
        this.requests.push(record.url);
        this.records.push({ ...record, time: clock.now() });
      },
    });
    const instruments = new Instruments(transport, store, clock);
    this.services = {
      transport: {
        unblock: (source) => transport.unblock(source),
        pausedUntil: (host) => transport.pausedUntil(host),
        run: async (source, call, options) =>
          this.amend(source.id, call.url, await transport.run(source, call, options)) as never,
      },
      WebSocket: this.altering(whole),
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
      dropped,
    };
    return this;
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
      const opening = [...this.sockets].filter(({ readyState }) => readyState === WebSocket.CONNECTING);
      if (this.underWay.size + opening.length > this.replay.stats().held) isEchoed = false;
      else if (isEchoed) return;
      else {
        await Promise.all([...this.sockets].map(echoed));
        isEchoed = true;
      }
    }
  }

  private altering(Whole: MarketServices['WebSocket']): MarketServices['WebSocket'] {
    const alter = (text: string) => this.alter(text);
    const { opened, sockets } = this;
    return class {
      private readonly socket: WebSocket;
      constructor(url: string) {
        opened.push(url);
        this.socket = new Whole(url) as unknown as WebSocket;
        sockets.add(this.socket);
        this.socket.on('close', () => sockets.delete(this.socket));
      }
      addEventListener(type: string, listener: (event: unknown) => void) {
        this.socket.addEventListener(type as 'message', (event) => {
          if (type !== 'message') return listener(event);
          const data = alter(String(event.data));
          if (data !== undefined) listener({ data });
        });
      }
      send = (message: string) => this.socket.send(message);
      close = () => this.socket.close();
    } as unknown as MarketServices['WebSocket'];
  }

  market(symbol: string, on: VenueId[] = ['binance']): Market {
    const market = new Market(symbol, venueFeeds, this.services);
    market.setVenues(new Set(on));
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

  /** Lets time pass until something holds; fails when it does not in `withinMs`. */
  async until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
    const step = Math.min(2000, withinMs / 240);
    for (let passed = 0; passed < withinMs; passed += step) {
      if (holds()) return;
      await this.pass(step);
    }
    if (!holds()) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
  }

  close(): Promise<void> {
    return this.replay.close();
  }
}
