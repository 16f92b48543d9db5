import { FeedError, type FeedEvent, type SocketPlan } from '../feed';
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
  WebSocket: new (url: string) => Connectable;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
}

/** What is used of a WebSocket. */
export type Connectable = Pick<WebSocket, 'addEventListener' | 'send' | 'close'>;

interface Connection {
  socket: Connectable;
  /** When data last came; when the attempt began, before there was any. */
  heardAt: number;
  hasData: boolean;
  timers: Set<() => void>;
}

const connectMs = 10_000;
const rotateMs = 23 * 3_600_000;
const quietMs = 60_000;
/** A connection that held this long was no failure; venues count how often one connects. */
const steadyMs = 5_000;
/** Longest pause between two attempts to connect: what a venue asks for with a refusal is not told to us here. */
const longestPauseMs = 8_000;
/**
 * How long record ids are remembered, and how many at least: longer than two connections overlap, and more than a venue
 * repeats on subscribing.
 */
const rememberMs = 60_000;
const rememberCount = 2_000;

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
      if (Math.abs(now - at) < rememberMs || this.seen.size <= rememberCount) break;
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
    if (connection !== this.current) {
      // The replacement did not come up; the running one goes on, and another is tried later.
      if (this.current) this.after(this.current, quietMs, () => this.connect());
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
      return;
    }
    const now = options.clock.now();
    let events: FeedEvent[] | undefined;
    try {
      events = this.plan.read(data, now, { leftOut: (reason) => options.onDrop?.(reason) });
    } catch (error) {
      options.onDrop?.(error instanceof FeedError ? error.message : 'reader failed');
      return;
    }
    if (!events) return;
    connection.heardAt = now;
    if (!connection.hasData) this.establish(connection);
    this.report('ok', '');
    if (this.broken && this.lastData !== undefined) options.onReconnect?.(this.lastData);
    this.broken = false;
    this.lastData = now;
    options.onData?.();
    const kept = this.fresh(events);
    if (kept.length) options.onEvents(kept);
  }

  /** The first data of a connection: it takes over from the one before. */
  private establish(connection: Connection): void {
    connection.hasData = true;
    this.after(connection, steadyMs, () => {
      this.failures = 0;
    });
    if (this.current !== connection) {
      const old = this.current;
      this.current = connection;
      if (old) this.end(old);
    }
    const rotate = (this.plan.rotateMs ?? rotateMs) * (0.97 + 0.03 * this.options.random());
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
    if (!this.plan.ping) return;
    const { message, everyMs } = this.plan.ping;
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

  private connect(): void {
    const { clock, signal, WebSocket } = this.options;
    if (signal.aborted) return;
    let socket: Connectable;
    try {
      socket = new WebSocket(this.plan.url);
    } catch (error) {
      this.report('down', error instanceof Error ? error.message : 'cannot connect');
      this.connectLater();
      return;
    }
    const connection: Connection = { socket, heardAt: clock.now(), hasData: false, timers: new Set() };
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
      for (const message of this.plan.subscribe) this.trySend(connection, message);
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
