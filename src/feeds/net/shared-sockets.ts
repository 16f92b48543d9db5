import { minuteMs } from '../../engine/time';
import type { SocketSharing } from '../feed';
import type { Clock } from './pacing';
import type { SocketOptions } from './socket';

type Constructor = SocketOptions['WebSocket'];

/**
 * WebSockets of which those to some hosts share few connections: for venues that count the connections of an address, the
 * user's own pages among them. Whoever holds one notices nothing: it opens, brings messages (those of others too), and
 * closes when its connection does.
 *
 * @param sharing by host
 */
export function sharedSockets(
  WebSocket: Constructor,
  sharing: ReadonlyMap<string, SocketSharing>,
  clock: Clock,
): Constructor {
  const lines = new Map<string, Lines>();
  // A constructor that hands out something else: what `new` returns is an object of either kind.
  function Shared(url: string) {
    const { host } = new URL(url);
    const limit = sharing.get(host);
    if (!limit) return new WebSocket(url);
    const known = lines.get(host) ?? new Lines(WebSocket, limit, clock);
    lines.set(host, known);
    return known.seat(url);
  }
  return Shared as unknown as Constructor;
}

/** The shared connections to one host. */
class Lines {
  private readonly open = new Set<Line>();
  private connectedAt: number[] = [];

  constructor(
    private readonly WebSocket: Constructor,
    private readonly limit: SocketSharing,
    private readonly clock: Clock,
  ) {}

  seat(url: string): Seat {
    const own = [...this.open].filter((line) => line.url === url);
    const emptiest = own.sort((a, b) => a.seats.size - b.seats.size)[0];
    const line =
      emptiest && (this.open.size >= this.limit.most || this.waitMs() > 0) ? emptiest : this.connect(url);
    return line.join();
  }

  private connect(url: string): Line {
    const line = new Line(url, this.limit, () => this.open.delete(line));
    this.open.add(line);
    const wait = this.waitMs();
    this.connectedAt.push(this.clock.now() + wait);
    const start = () => {
      if (this.open.has(line)) line.start(new this.WebSocket(url));
    };
    if (wait > 0) this.clock.after(wait, start);
    else start();
    return line;
  }

  /** Until one more connection is within the limit. */
  private waitMs(): number {
    const now = this.clock.now();
    this.connectedAt = this.connectedAt.filter((at) => at > now - minuteMs && at <= now + 10 * minuteMs);
    const nth = this.connectedAt.at(-this.limit.perMinute);
    return nth === undefined ? 0 : Math.max(0, nth + minuteMs - now);
  }
}

/** One connection and those who sit on it. */
class Line {
  readonly seats = new Set<Seat>();
  private socket: InstanceType<Constructor> | undefined;
  private isOpen = false;
  /** How many want each subscription. */
  private readonly wanted = new Map<string, number>();

  constructor(
    readonly url: string,
    private readonly limit: SocketSharing,
    private readonly onEnd: () => void,
  ) {}

  start(socket: InstanceType<Constructor>): void {
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.isOpen = true;
      this.tell('open');
    });
    socket.addEventListener('message', ({ data }) => this.tell('message', { data }));
    socket.addEventListener('error', () => {});
    socket.addEventListener('close', ({ code }) => {
      this.onEnd();
      this.tell('close', { code });
    });
  }

  join(): Seat {
    const seat = new Seat(this);
    this.seats.add(seat);
    // Who joins late still hears that it is open, after it has had time to listen.
    if (this.isOpen)
      queueMicrotask(() => {
        if (this.seats.has(seat)) seat.tell('open', {});
      });
    return seat;
  }

  send(text: string, seat: Seat): void {
    if (this.limit.undo(text) === undefined) {
      this.socket?.send(text);
      return;
    }
    const count = this.wanted.get(text) ?? 0;
    this.wanted.set(text, count + 1);
    seat.wants.push(text);
    if (count === 0) this.socket?.send(text);
  }

  leave(seat: Seat): void {
    if (!this.seats.delete(seat)) return;
    if (this.seats.size === 0) {
      this.onEnd();
      this.socket?.close();
      return;
    }
    for (const text of seat.wants) {
      const count = (this.wanted.get(text) ?? 1) - 1;
      this.wanted.set(text, count);
      if (count === 0) this.socket?.send(this.limit.undo(text)!);
    }
  }

  private tell(name: string, fields: object = {}): void {
    for (const seat of [...this.seats]) seat.tell(name, fields);
  }
}

type Listener = (event: object) => void;

/** What its holder takes for a WebSocket. Real events would cost more than what is done about them: each message is told to all. */
class Seat {
  readonly wants: string[] = [];
  private readonly listeners = new Map<string, Listener[]>();

  constructor(private readonly line: Line) {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  /** An error of one holder is reported as an event's would be, and keeps nothing from the others. */
  tell(type: string, event: object): void {
    for (const listener of this.listeners.get(type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  send(text: string): void {
    this.line.send(text, this);
  }

  close(): void {
    this.line.leave(this);
  }
}
