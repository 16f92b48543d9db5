import { dayMs } from '../../engine/time';
import type { FeedEvent, Instrument, Venue } from '../../feeds/feed';
import type { RecordedOrder } from '../storage/store';
import { type FeedActivity, quietOrdersMs } from './feed-health';
import { Learning } from './learning';
import type { Requests } from './requests';
import type { VenueServices } from './services';
import type { VenueClock } from './venue-clock';

const mostTimes = 5000;

/** Forced orders of one symbol on one venue: stored as they come, and learned from. */
export class ForcedOrderFeed {
  /** What they taught. */
  readonly learning: Learning;
  /** Their times of the last day, by the venue's clock. */
  private times: number[] = [];
  /** How often it may have missed some, and how often it had when it last asked for them. */
  private breaks = 1;
  private askedAfter = 0;
  /** Data has come since. */
  private hasBegun = false;
  /** Came while a write was under way. */
  private waiting: RecordedOrder[] = [];
  private isWriting = false;

  constructor(
    private readonly symbol: string,
    private readonly venue: Venue,
    private readonly services: Pick<VenueServices, 'store' | 'clock'>,
    private readonly activity: FeedActivity,
    private readonly clock: VenueClock,
    private readonly onOrders: (orders: readonly RecordedOrder[]) => void,
  ) {
    this.learning = new Learning(symbol, venue, services.store, () => void this.record(this.takeWaiting()));
  }

  /** Looks at what earlier runs stored. */
  async load(): Promise<void> {
    const { store, clock } = this.services;
    const orders = await store.forcedOrders(this.symbol, clock.now() - dayMs);
    this.times.unshift(...orders.flatMap(({ venue, time }) => (venue === this.venue.id ? time : [])));
  }

  /** The stream broke, or begins: what came meanwhile is missing. */
  cut(): void {
    this.learning.cut();
  }

  /** Orders may have been missed: they are asked for with the next look. */
  askMissed(): void {
    this.breaks += 1;
    this.hasBegun = false;
  }

  accept({ id, order }: FeedEvent & { kind: 'forcedOrder' }): void {
    this.activity.hear('forcedOrders', this.services.clock.now());
    this.times.push(order.time);
    while (this.times[0]! < order.time - dayMs || this.times.length > mostTimes) this.times.shift();
    this.waiting.push({ id, order });
    if (!this.isWriting) void this.recordWaiting();
  }

  /**
   * Data came on the socket that brings them: notes that they are heard, unless none has come for so long that the
   * stream cannot be trusted, or the venue's time is not known again yet after a sleep.
   *
   * @param isAlone the socket brings nothing else
   * @param openedAt when it was opened, by the user's clock
   * @returns whether the stream begins after those missed were asked for: what came in between is missing
   */
  listen(isAlone: boolean, openedAt: number): boolean {
    const isLate = !this.hasBegun && this.askedAfter === this.breaks;
    if (!this.hasBegun) this.breaks += 1;
    this.hasBegun = true;
    const now = this.services.clock.now();
    if (isAlone) this.activity.hear('forcedOrders', now);
    const silentMs = now - this.activity.last('forcedOrders', openedAt);
    if (silentMs > this.patienceMs) this.learning.deafSince(this.clock.now() - silentMs);
    else if (this.clock.isFresh()) this.learning.hear(this.clock.now());
    return isLate;
  }

  /** How long none may come, ms. */
  get patienceMs(): number {
    return quietOrdersMs(this.times.length);
  }

  /**
   * Asks for those that were missed, where the venue can be asked: once a break, as it takes many pages, and once more
   * where the stream began meanwhile.
   */
  async fill(
    requests: Requests,
    instrument: Instrument,
    openInterest: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (!this.venue.forcedOrders || this.askedAfter === this.breaks) return;
    const { breaks, hasBegun } = this;
    const call = this.venue.forcedOrders(instrument, openInterest);
    // The stream is the feed; this only fills its gaps, so it does not tell how the feed is.
    const missed = await requests.ask(call, { signal, priority: -1 }).catch((error: unknown) => {
      signal.throwIfAborted();
      requests.count(error);
    });
    if (!missed) return;
    this.askedAfter = breaks;
    await this.record(missed);
    if (!hasBegun && this.hasBegun) await this.fill(requests, instrument, openInterest, signal);
  }

  /** A burst goes in as many writes as the store can take, not in as many as there are orders. */
  private async recordWaiting(): Promise<void> {
    this.isWriting = true;
    while (this.waiting.length > 0) await this.record(this.takeWaiting());
    this.isWriting = false;
  }

  private takeWaiting(): RecordedOrder[] {
    const orders = this.waiting;
    this.waiting = [];
    return orders;
  }

  /** Stores orders before anyone is told of them. */
  private async record(orders: readonly RecordedOrder[]): Promise<void> {
    if (orders.length === 0) return;
    const stored = await this.services.store.saveForcedOrders(this.symbol, this.venue.id, orders);
    // An hour whose orders are missing teaches nothing.
    if (!stored) for (const { order } of orders) this.learning.lose(order.time);
    this.onOrders(orders);
  }
}
