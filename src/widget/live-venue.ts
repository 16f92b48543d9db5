import type { OpenInterestPoint } from '../engine/records';
import { minuteMs } from '../engine/time';
import { type Heard, newMemory, type VenueMemory } from '../estimate/read-market';
import {
  type FeedEvent,
  type Instrument,
  intervalMs,
  type MarkState,
  type Topic,
  type Venue,
} from '../feeds/feed';
import type { Clock } from '../feeds/net/pacing';
import { openSocket, type SocketOptions } from '../feeds/net/socket';

/** What a map is kept up with; the rest of what a venue streams is not asked for. */
const wanted: readonly Topic[] = ['bar', 'mark', 'openInterest'];
const barInterval = '5m';

/** How long the first word of a socket is waited for before it is asked for instead, ms. */
const firstWordMs = 5_000;
/** What was said last is good this long while its socket lives, ms. */
const freshMs = minuteMs;
/** A market that nobody asked about for so long, as on a page in the background, is no longer followed, ms. */
const idleMs = 3 * minuteMs;

export interface LiveServices {
  WebSocket: SocketOptions['WebSocket'];
  clock: Clock;
  random: () => number;
}

/** A market on one venue as its sockets keep it up to date, for as long as an element shows it. */
export class LiveVenue {
  readonly memory: VenueMemory = { ...newMemory(), hear: (instrument) => this.hear(instrument) };
  private sockets: AbortController | undefined;
  private planned: readonly Topic[] = [];
  private mark: { state: MarkState; at: number } | undefined;
  private openInterest: { point: OpenInterestPoint; at: number } | undefined;
  private cancelIdle = () => {};
  private waiting: (() => void)[] = [];

  constructor(
    private readonly venue: Venue,
    private readonly services: LiveServices,
  ) {}

  /** Closes its sockets; what was heard is kept. */
  close(): void {
    this.cancelIdle();
    this.sockets?.abort();
    this.sockets = undefined;
    this.mark = undefined;
    this.openInterest = undefined;
  }

  /** What the sockets say now; they are opened where they are not, and waited for a little. */
  private async hear(instrument: Instrument): Promise<Heard> {
    const { clock } = this.services;
    this.cancelIdle();
    this.cancelIdle = clock.after(idleMs, () => this.close());
    if (!this.sockets) this.open(instrument);
    if (!this.hasAll) await this.firstWord();
    const now = clock.now();
    const isFresh = (heard: { at: number } | undefined) => heard !== undefined && now - heard.at < freshMs;
    return {
      ...(isFresh(this.mark) && { mark: this.mark!.state }),
      ...(isFresh(this.openInterest) && { openInterest: this.openInterest!.point }),
    };
  }

  /** Whether each topic that the venue streams has brought something. */
  private get hasAll(): boolean {
    return (
      (this.mark !== undefined || !this.planned.includes('mark')) &&
      (this.openInterest !== undefined || !this.planned.includes('openInterest'))
    );
  }

  private firstWord(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.services.clock.after(firstWordMs, resolve);
    });
  }

  private open(instrument: Instrument): void {
    this.sockets = new AbortController();
    const { signal } = this.sockets;
    const plans = this.venue.sockets([instrument], wanted, barInterval);
    this.planned = plans.flatMap(({ topics }) => topics);
    for (const plan of plans) {
      openSocket(plan, {
        ...this.services,
        signal,
        onState: () => {},
        onEvents: (events) => {
          for (const event of events) if (event.symbol === instrument.symbol) this.take(event);
          if (!this.hasAll) return;
          for (const tell of this.waiting.splice(0)) tell();
        },
      });
    }
  }

  private take(event: FeedEvent): void {
    const { memory } = this;
    const at = this.services.clock.now();
    if (event.kind === 'mark') this.mark = { state: event.mark, at };
    else if (event.kind === 'openInterest') {
      this.openInterest = { point: event.point, at };
      memory.series.noteOpenInterest(event.point);
    } else if (event.kind === 'bar' && event.interval === barInterval) {
      if (event.closed) memory.series.addBars([event.bar], intervalMs[barInterval] / minuteMs);
      else memory.forming = event.bar;
    }
  }
}
