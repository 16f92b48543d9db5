import { hourMs, minuteMs } from '../../engine/time';
import { eventsOnlyMs, FeedError, type FeedEvent, type SocketPlan, type Topic } from '../feed';
import type { Hosts } from './hosts';
import { backoff, type Clock } from './pacing';

/** Sockets: the only code that opens them. It keeps any plan of any venue connected. */

export interface SocketState {
  /** `late`: connected, yet silent for too long; `down`: not connected. */
  state: 'starting' | 'ok' | 'late' | 'down';
  /** ms since 1970. */
  since: number;
  reason: string;
}

export interface SocketOptions {
  /** Records in the order the venue sent them; never twice the same forced order or trade. */
  onEvents(events: FeedEvent[]): void;
  onState(state: SocketState): void;
  /** Data came, perhaps about other symbols only. */
  onData?(): void;
  /** Data flows again after a break: what happened since the time given (ms since 1970) may be missing. */
  onReconnect?(since: number): void;
  /** A message, or a row of one, was left out, with the reason. */
  onDrop?(reason: string): void;
  /** A message, or a row of it that is told once alone, could not be read: whatever it told is missing. */
  onUnread?(): void;
  /** How long a topic may bring nothing while others flow, ms; undefined: as long as is usual for it. */
  patienceMs?(topic: Topic): number | undefined;
  /**
   * A topic has brought nothing since the time given (ms since 1970) while others of the socket flowed, and is asked for
   * anew on another connection; undefined: it brings again.
   */
  onSilence?(topic: Topic, since: number | undefined): void;
  /** Addresses that answer alike, best first, and which one did. Absent: the plan's alone. */
  hosts?: Pick<Hosts, 'of' | 'served'>;
  WebSocket: new (url: string) => Connectable;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
}

/** What is used of a WebSocket. */
export type Connectable = Pick<WebSocket, 'addEventListener' | 'send' | 'close'>;

interface Connection {
  socket: Connectable;
  plan: SocketPlan;
  url: string;
  /** Opened for a silent topic, while another goes on. */
  isSpare: boolean;
  /** When data last came; when the attempt began, before there was any. */
  heardAt: number;
  hasData: boolean;
  timers: Set<() => void>;
  /** Characters that came since then, ms. */
  flow: number;
  flowSince: number;
}

/** What is known of one topic of a socket. */
interface TopicState {
  /** When it last brought something; when the socket began to flow, before it did. */
  heardAt: number;
  /** When it was last asked for, and how often in vain. */
  askedAt: number;
  tries: number;
  isSilent: boolean;
}

/**
 * How long a topic may bring nothing while its neighbours flow. Trades are not in it: a market without any is no fault, and
 * whoever sees the bars knows better.
 */
const usualPatienceMs: Partial<Record<Topic, number>> = {
  mark: minuteMs,
  book: minuteMs,
  bar: 11 * minuteMs,
  openInterest: 11 * minuteMs,
  forcedOrder: eventsOnlyMs,
};
const topicCheckMs = 10_000;
/** Longest pause before a silent topic is asked for once more, where it may not be silent for longer. */
const longestAskMs = hourMs;

const connectMs = 10_000;
const rotateMs = 23 * hourMs;
const quietMs = minuteMs;
/** A connection that held this long was no failure; venues count how often one connects. */
const steadyMs = 5_000;
/** Longest pause between two attempts to connect: what a venue asks for with a refusal is not told to us here. */
const longestPauseMs = 8_000;
/**
 * How long record ids are remembered, and how many at least: longer than two connections overlap, and more than a venue
 * repeats on subscribing.
 */
const rememberMs = minuteMs;
const rememberCount = 2_000;
/** Whatever a venue sends, no more are. */
const mostRemembered = 100_000;
/**
 * Characters of one message, and of all in a stretch of time, that are read: snapshots of books have tens of thousands. What
 * sends more is not listened to, as a message of no sense takes a second for each three million.
 */
const mostOfMessage = 2 ** 20;
const mostOfFlow = 32 * 2 ** 20;
const flowMs = 10_000;

/**
 * Keeps a socket plan connected until the signal aborts: subscribes, pings, reconnects when the venue closes, fails or
 * goes silent, and moves to a fresh connection before the venue ends the old one, closing the old only once the new
 * one delivers. What cannot be read is dropped and counted, and never thrown.
 */
export function openSocket(plan: SocketPlan, options: SocketOptions): void {
  if (!options.signal.aborted) new KeptSocket(plan, options).start();
}

class KeptSocket {
  private readonly seen = new Map<string, number>();
  private readonly connections = new Set<Connection>();
  private readonly quietMs: number;
  private readonly topics = new Map<Topic, TopicState>();
  /** Which of the ways to the same data is taken, counted on with each that brought none. */
  private way = 0;
  private current: Connection | undefined;
  private failures = 0;
  /** When data came last on any connection; undefined before the first. */
  private lastData: number | undefined;
  /** Whether data was missed since then. */
  private broken = false;
  private state: SocketState['state'] | undefined;
  private cancelReconnect = () => {};

  constructor(
    private readonly plan: SocketPlan,
    private readonly options: SocketOptions,
  ) {
    this.quietMs = plan.quietMs ?? quietMs;
  }

  start(): void {
    const stop = () => {
      this.cancelReconnect();
      for (const connection of this.connections) this.end(connection);
    };
    this.options.signal.addEventListener('abort', stop, { once: true });
    this.report('starting', 'connecting');
    this.connect();
  }

  private report(next: SocketState['state'], reason: string): void {
    if (this.state === next) return;
    this.state = next;
    this.options.onState({ state: next, since: this.options.clock.now(), reason });
  }

  /** The events that were not sent before. */
  private fresh(events: FeedEvent[]): FeedEvent[] {
    const now = this.options.clock.now();
    // Insertion order is time order.
    for (const [id, at] of this.seen) {
      const most = Math.abs(now - at) < rememberMs ? mostRemembered : rememberCount;
      if (this.seen.size <= most) break;
      this.seen.delete(id);
    }
    return events.filter((event) => {
      if (event.kind !== 'forcedOrder' && event.kind !== 'trade') return true;
      const id = `${event.kind}:${event.symbol}:${event.id}`;
      if (this.seen.has(id)) return false;
      this.seen.set(id, now);
      return true;
    });
  }

  private end(connection: Connection): void {
    this.connections.delete(connection);
    for (const cancel of connection.timers) cancel();
    connection.timers.clear();
    try {
      connection.socket.close();
    } catch {
      // Closing a socket that never opened may throw; it is gone either way.
    }
  }

  private after(connection: Connection, ms: number, run: () => void): void {
    if (!this.connections.has(connection)) return;
    const cancel = this.options.clock.after(ms, () => {
      connection.timers.delete(cancel);
      run();
    });
    connection.timers.add(cancel);
  }

  private fail(connection: Connection, kind: 'late' | 'down', reason: string): void {
    if (!this.connections.has(connection)) return;
    this.end(connection);
    if (!connection.hasData && !connection.isSpare) this.way += 1;
    if (connection !== this.current) {
      // The replacement did not come up; the running one goes on, and another is tried later: for a topic when it is asked
      // for again.
      if (this.current && !connection.isSpare) this.after(this.current, quietMs, () => this.connect());
      return;
    }
    this.broken = true;
    this.current = [...this.connections][0];
    this.report(kind, reason);
    if (!this.current) this.connectLater();
  }

  private connectLater(): void {
    const { clock, random } = this.options;
    this.cancelReconnect();
    const pause = backoff(this.failures, 1_000, longestPauseMs, random);
    this.cancelReconnect = clock.after(pause, () => this.connect());
    this.failures += 1;
  }

  private receive(connection: Connection, data: unknown): void {
    const { options } = this;
    if (typeof data !== 'string') {
      options.onDrop?.('not text');
      options.onUnread?.();
      return;
    }
    const now = options.clock.now();
    if (this.floods(connection, data.length, now)) {
      options.onDrop?.('longer than can be read');
      options.onUnread?.();
      this.fail(connection, 'down', 'sends more than can be read');
      return;
    }
    const heard = new Set<Topic>();
    let events: FeedEvent[] | undefined;
    try {
      events = connection.plan.read(data, now, {
        leftOut: (reason) => options.onDrop?.(reason),
        lost: () => options.onUnread?.(),
        heard: (topic) => void heard.add(topic),
      });
    } catch (error) {
      options.onDrop?.(error instanceof FeedError ? error.message : 'reader failed');
      options.onUnread?.();
      return;
    }
    if (!events) return;
    connection.heardAt = now;
    if (!connection.hasData) this.establish(connection);
    this.report('ok', '');
    if (this.broken && this.lastData !== undefined) options.onReconnect?.(this.lastData);
    this.broken = false;
    this.lastData = now;
    for (const { kind } of events) heard.add(kind);
    for (const topic of heard) this.hear(topic, now);
    options.onData?.();
    const kept = this.fresh(events);
    if (kept.length) options.onEvents(kept);
  }

  /** Whether a venue, or who stands between, sends more than any market has to tell. */
  private floods(connection: Connection, length: number, now: number): boolean {
    // A clock that was set back begins a stretch as well.
    if (Math.abs(now - connection.flowSince) >= flowMs) {
      connection.flowSince = now;
      connection.flow = 0;
    }
    connection.flow += length;
    return length > mostOfMessage || connection.flow > mostOfFlow;
  }

  private hear(topic: Topic, now: number): void {
    const state = this.topics.get(topic);
    if (state?.isSilent) this.options.onSilence?.(topic, undefined);
    this.topics.set(topic, { heardAt: now, askedAt: now, tries: 0, isSilent: false });
  }

  /** Looks now and then whether a topic brings nothing while the connection flows, and asks for it on another. */
  private watchTopics(connection: Connection): void {
    this.after(connection, topicCheckMs, () => {
      const { clock, onSilence } = this.options;
      const now = clock.now();
      let isWanting = false;
      // Nothing at all is another matter.
      const flows = now - connection.heardAt < this.quietMs;
      for (const topic of flows ? this.plan.topics : []) {
        const patience = this.options.patienceMs?.(topic) ?? usualPatienceMs[topic];
        const state = this.topics.get(topic) ?? { heardAt: now, askedAt: now, tries: 0, isSilent: false };
        this.topics.set(topic, state);
        // A clock that was set back would put off the alarm.
        state.heardAt = Math.min(state.heardAt, now);
        state.askedAt = Math.min(state.askedAt, now);
        if (patience === undefined || now - state.heardAt <= patience) continue;
        if (!state.isSilent) onSilence?.(topic, state.heardAt);
        state.isSilent = true;
        const pause = Math.min(patience * 2 ** state.tries, Math.max(patience, longestAskMs));
        if (now - state.askedAt < pause) continue;
        state.askedAt = now;
        state.tries += 1;
        isWanting = true;
      }
      if (isWanting && this.connections.size === 1) {
        this.way += 1;
        this.connect(true);
      }
      this.watchTopics(connection);
    });
  }

  /** The first data of a connection: it takes over from the one before. */
  private establish(connection: Connection): void {
    connection.hasData = true;
    this.options.hosts?.served(connection.url);
    const now = this.options.clock.now();
    // What could not be heard was not silent.
    if (this.broken)
      for (const state of this.topics.values()) if (!state.isSilent) state.heardAt = state.askedAt = now;
    this.watchTopics(connection);
    this.after(connection, steadyMs, () => {
      this.failures = 0;
    });
    if (this.current !== connection) {
      const old = this.current;
      this.current = connection;
      if (old) this.end(old);
    }
    const rotate = (connection.plan.rotateMs ?? rotateMs) * (0.97 + 0.03 * this.options.random());
    this.after(connection, rotate, () => this.connect());
  }

  private watch(connection: Connection): void {
    const now = this.options.clock.now();
    // A clock that was set back would put off the alarm.
    connection.heardAt = Math.min(connection.heardAt, now);
    const wait = connection.heardAt + this.quietMs - now;
    if (wait > 0) this.after(connection, wait, () => this.watch(connection));
    else this.fail(connection, 'late', `no data for ${Math.round(this.quietMs / 1000)} s`);
  }

  private ping(connection: Connection): void {
    if (!connection.plan.ping) return;
    const { message, everyMs } = connection.plan.ping;
    this.after(connection, everyMs, () => {
      this.trySend(connection, message);
      this.ping(connection);
    });
  }

  private trySend(connection: Connection, message: string): void {
    try {
      connection.socket.send(message);
    } catch (error) {
      this.fail(connection, 'down', error instanceof Error ? error.message : 'cannot send');
    }
  }

  /** Every way to the data: each host of the plan, then of what stands behind it. */
  private ways(): { plan: SocketPlan; url: string }[] {
    const list: { plan: SocketPlan; url: string }[] = [];
    for (let plan: SocketPlan | undefined = this.plan; plan; plan = plan.otherwise)
      for (const url of this.options.hosts?.of(plan.url) ?? [plan.url]) list.push({ plan, url });
    return list;
  }

  private connect(isSpare = false): void {
    const { clock, signal, WebSocket } = this.options;
    if (signal.aborted) return;
    const ways = this.ways();
    const { plan, url } = ways[this.way % ways.length]!;
    let socket: Connectable;
    try {
      socket = new WebSocket(url);
    } catch (error) {
      this.way += 1;
      this.report('down', error instanceof Error ? error.message : 'cannot connect');
      this.connectLater();
      return;
    }
    const connection: Connection = {
      socket,
      plan,
      url,
      isSpare,
      heardAt: clock.now(),
      hasData: false,
      timers: new Set(),
      flow: 0,
      flowSince: clock.now(),
    };
    this.connections.add(connection);
    this.current ??= connection;
    let opened = false;
    this.after(connection, connectMs, () => {
      if (!opened) this.fail(connection, 'down', 'no connection');
    });
    socket.addEventListener('open', () => {
      if (!this.connections.has(connection)) return;
      opened = true;
      connection.heardAt = clock.now();
      for (const message of plan.subscribe) this.trySend(connection, message);
      this.ping(connection);
      this.watch(connection);
    });
    socket.addEventListener('message', (event) => {
      if (this.connections.has(connection)) this.receive(connection, event.data);
    });
    socket.addEventListener('close', (event) =>
      this.fail(connection, 'down', `closed by the venue (${event.code})`),
    );
    // An error is always followed by a close.
    socket.addEventListener('error', () => {});
  }
}
