import {
  type FeedEvent,
  type Instrument,
  type SocketPlan,
  type Topic,
  topics,
  type Venue,
} from '../../feeds/feed';
import { openSocket, type SocketState } from '../../feeds/net/socket';
import type { VenueServices } from './services';

/** What is followed by socket; books are asked for. */
const followed: readonly Topic[] = topics.filter((topic) => topic !== 'book');

interface StreamHandlers {
  event(event: FeedEvent): void;
  /** Data came on a socket, whether or not it was of this symbol. */
  data(plan: SocketPlan): void;
  /** A socket stopped bringing data. */
  broken(plan: SocketPlan): void;
  /** A message of a socket, or a row that is told once alone, could not be read: nobody knows what it told. */
  unread(plan: SocketPlan): void;
  /** Data flows again: what came in between is missing. */
  resumed(plan: SocketPlan): void;
  /** A topic brings nothing while others of its socket flow: what it brought is to be asked for. */
  silent(): void;
  /** How long a topic may bring nothing while others flow, ms, before it is asked for on another connection. */
  patienceMs(topic: Topic): number | undefined;
}

/** The sockets of one symbol on one venue. */
export class Streams {
  /** When they were last opened, by the user's clock. */
  openedAt: number;
  private closing = new AbortController();
  private readonly sockets = new Map<SocketPlan, SocketState & { topics: readonly Topic[] }>();
  /** Topics that bring nothing while others of their socket flow, and since when, by the user's clock. */
  private readonly silent = new Map<Topic, number>();

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly services: Pick<VenueServices, 'WebSocket' | 'clock' | 'random' | 'dropped' | 'hosts'>,
  ) {
    this.openedAt = services.clock.now();
  }

  /** Closes and forgets the sockets. */
  close(): void {
    this.closing.abort();
    this.sockets.clear();
    this.silent.clear();
    this.openedAt = this.services.clock.now();
  }

  /** Follows the symbol until the signal aborts, or they are closed: then the signal returned aborts. */
  open(instrument: Instrument, on: StreamHandlers, until: AbortSignal): AbortSignal {
    const { WebSocket, clock, random, dropped, hosts } = this.services;
    this.closing = new AbortController();
    const signal = AbortSignal.any([until, this.closing.signal]);
    for (const plan of this.venue.sockets([instrument], followed, '5m')) {
      openSocket(plan, {
        WebSocket,
        clock,
        random,
        signal,
        ...(hosts && { hosts }),
        onEvents: (events) => {
          for (const event of events) if (event.symbol === this.symbol) on.event(event);
        },
        onData: () => on.data(plan),
        onState: (state) => {
          this.sockets.set(plan, { ...state, topics: plan.topics });
          if (isBroken(state)) on.broken(plan);
        },
        onReconnect: () => on.resumed(plan),
        patienceMs: (topic) => on.patienceMs(topic),
        onSilence: (topic, since) => {
          if (since === undefined) this.silent.delete(topic);
          else {
            this.silent.set(topic, since);
            on.silent();
          }
        },
        onDrop: (reason) => dropped.add(this.venue.id, reason),
        onUnread: () => on.unread(plan),
      });
    }
    return signal;
  }

  get isOpen(): boolean {
    return this.sockets.size > 0;
  }

  /** Whether all that a map is made of is streamed. */
  get areLive(): boolean {
    return !this.silent.has('mark') && this.main().every(({ state }) => state === 'ok');
  }

  /** Whether a socket has stopped bringing what a map is made of. */
  get areSilent(): boolean {
    return this.main().some(isBroken);
  }

  /** The state of the socket that brings a topic; undefined where none does. */
  of(topic: Topic): SocketState['state'] | undefined {
    return [...this.sockets.values()].find((socket) => socket.topics.includes(topic))?.state;
  }

  /** Since when a topic has brought nothing while others flow; undefined where it brings. */
  silentSince(topic: Topic): number | undefined {
    return this.silent.get(topic);
  }

  private main(): SocketState[] {
    const isAside = (topic: Topic) => topic === 'forcedOrder' || topic === 'trade';
    return [...this.sockets.values()].filter((socket) => !socket.topics.every(isAside));
  }
}

const isBroken = ({ state }: SocketState): boolean => state === 'late' || state === 'down';
