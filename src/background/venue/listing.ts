import type { OrderBook } from '../../engine/flow/depth';
import type { MarginTier } from '../../engine/positions/margin';
import type { Bar, OpenInterestPoint } from '../../engine/records';
import { type FundingRate, withIntervals } from '../../engine/regime/funding';
import { Series } from '../../estimate/bar-series';
import { dayMs, slotMs, slotOf } from '../../estimate/day-cells';
import { type MarginTerms, marginTerms } from '../../estimate/margin-terms';
import { historyMs, type VenueMarket } from '../../estimate/market';
import {
  type Call,
  eventsOnlyMs,
  FeedError,
  type FeedEvent,
  type FundingState,
  type Instrument,
  type Interval,
  intervalMs,
  type MarkState,
  type Period,
  type Range,
  type Topic,
  type Trade,
  type Venue,
} from '../../feeds/feed';
import type { RunOptions, Transport } from '../../feeds/net/http';
import { type Clock, sleep } from '../../feeds/net/pacing';
import { openSocket, type SocketOptions, type SocketState } from '../../feeds/net/socket';
import { type FeedHealth, type FeedId, type FeedState, feedIds } from '../../protocol/view';
import { words } from '../browser/words';
import type { Mood } from '../fear-and-greed';
import type { RecordedOrder, Store } from '../storage/store';
import type { Dropped } from './dropped';
import { Feeds, quietOrdersMs, stateOf } from './feed-health';
import { Learning } from './learning';

/** Data older than this is stale. */
const staleMs = 60_000;
/** A market whose figures have not moved at all for this long is not being reported. */
const frozenMs = 180_000;
/** A venue that will not serve this address is asked again this seldom. */
const blockedRetryMs = 3_600_000;
/** Without a live stream the mark is asked for this often. */
const pollMs = 20_000;
/** The order book is asked for this often. */
const bookMs = 15_000;
/** How soon after a look the next one comes when something happened meanwhile. */
const lookAgainMs = 1000;
/** A feed that brings nothing for this long is late; those asked for now and then are late once asking fails. */
const patientMs: Record<FeedId, number> = {
  mark: staleMs,
  bars: 11 * 60_000,
  openInterest: 11 * 60_000,
  book: staleMs,
  trades: Number.POSITIVE_INFINITY,
  forcedOrders: eventsOnlyMs,
  funding: Number.POSITIVE_INFINITY,
  tiers: Number.POSITIVE_INFINITY,
};
const mostOrderTimes = 5000;
/** Reasons for leaving messages out that pages are told. */
const mostDropped = 5;
/** New figures are asked for this long after a five-minute boundary, when venues have them. */
const settleMs = 10_000;
/** A hole that the venue itself has no data for is asked about again after this, its oldest data after a day. */
const answeredMs = 3_600_000;

/** How long it is remembered what open interest was told, and how old fundings are when they are asked for again. */
const toldMs = 2 * 3_600_000;
const fundingMs = 4 * 3_600_000;
/** Venues settle this often where they do not say otherwise. */
const usualFundingMs = 8 * 3_600_000;

const barLadder: Interval[] = ['5m', '15m', '1h'];
const openInterestLadder: Period[] = ['5m', '1h'];
const topics: Topic[] = ['bar', 'mark', 'funding', 'openInterest', 'forcedOrder', 'trade'];

/** What a listing works with; everything that is not its own doing is passed in. */
export interface Surroundings {
  transport: Transport;
  WebSocket: SocketOptions['WebSocket'];
  store: Store;
  clock: Clock;
  random: () => number;
  mood: Mood;
  /** How a venue lists a symbol; undefined where it does not. */
  instrument(venue: Venue, symbol: string, signal: AbortSignal): Promise<Instrument | undefined>;
  /** Whether the user lets us ask the venue. */
  permitted(venue: Venue): Promise<boolean>;
  /** Messages that did not match their schema. */
  dropped: Dropped;
}

export interface ListingEvents {
  /** Closed bars or open interest were added: maps have to be built again. */
  bars(): void;
  trade(trade: Trade): void;
  /** Trades may be missing from here back. */
  gap(): void;
  /** A forced order was recorded. */
  forcedOrder(order: RecordedOrder): void;
}

type Trouble = { state: 'limited' | 'blocked' | 'down' | 'unlisted' | 'permission'; reason: string };

/**
 * One symbol on one venue: fetches what is missing, follows it live, and says how far it can be trusted. Whatever
 * went wrong before (a dead worker, a sleeping computer, a lost connection, a refusal), the way back is the same: look
 * which slots are empty, and ask for those.
 */
export class Listing {
  readonly series = new Series();
  /** What its forced orders taught. */
  readonly learning: Learning;
  instrument: Instrument | undefined;
  mark: MarkState | undefined;
  funding: FundingState | undefined;
  openInterest: OpenInterestPoint | undefined;
  /** Open interest as the venue told it, by the user's clock, over the last two hours. */
  toldOpenInterest: OpenInterestPoint[] = [];
  /** Fundings of the past, ascending, as far as one page goes. */
  settledFunding: FundingRate[] = [];
  /** Highest and lowest price since the newest closed bar. */
  high = 0;
  low = Number.POSITIVE_INFINITY;
  /** When, by the user's clock, this venue last sent something newer than before. */
  advancedAt: number | undefined;
  /** The first answers are in, or could not be had. */
  settled = false;
  /** The whole history is in. */
  complete = false;

  /** With the mark when it was asked for, and when it came, by the user's clock. */
  private book: (OrderBook & { at: number }) | undefined;
  private venueTime = 0;
  private rewound = { time: 0, steps: 0 };
  private trouble: Trouble | undefined;
  private state: FeedHealth['state'] = 'starting';
  private since: number;
  private readonly sockets = new Map<string, SocketState & { topics: readonly Topic[] }>();
  private readonly feeds = new Feeds();
  private openedAt = 0;
  /** Since when bars tell of trades that have not come as trades, by the user's clock. */
  private untoldFrom: number | undefined;
  /** Times of its forced orders of the last day, by the venue's clock. */
  private orderTimes: number[] = [];
  /** When the figures themselves last changed, by the user's clock. */
  private changedAt = 0;
  /** Volume of the newest bar as last sent. */
  private volume = 0;
  private failures = 0;
  private askedForcedOrders = false;
  private fundingAskedAt = Number.NEGATIVE_INFINITY;
  /** The venue's margin table, and when it was asked for, by the user's clock. */
  private tiers: Tiers | undefined;
  private tiersAskedAt = Number.NEGATIVE_INFINITY;
  /** From the venue's list of symbols that settle at other times than usual, where it has one. */
  private listedIntervalMs: number | undefined;
  /** Share of the history that is known at five minutes, until bars are added. */
  private fine: number | undefined;
  private refreshedSlot = 0;
  private loaded = false;
  private endWait: (() => void) | undefined;
  private lookAgain = false;
  private answered: Answered[] = [];

  constructor(
    readonly symbol: string,
    readonly venue: Venue,
    private readonly around: Surroundings,
    private readonly on: ListingEvents,
  ) {
    this.since = around.clock.now();
    this.learning = new Learning(symbol, venue, around.store);
  }

  /** Follows the venue until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let connected = false;
    this.sockets.clear();
    this.learning.cut();
    this.openedAt = this.around.clock.now();
    this.untoldFrom = undefined;
    this.askedForcedOrders = false;
    while (!signal.aborted) {
      let waitMs: number;
      try {
        if (!this.loaded) await this.loadStored();
        if (!(await this.around.permitted(this.venue))) {
          this.trouble = { state: 'permission', reason: words.permission(this.venue) };
          waitMs = pollMs;
        } else {
          this.instrument ??= await this.around.instrument(this.venue, this.symbol, signal);
          if (!this.instrument) {
            this.trouble = { state: 'unlisted', reason: words.unlisted(this.venue, this.symbol) };
            waitMs = blockedRetryMs;
          } else {
            if (!connected) {
              this.connect(this.instrument, signal);
              void this.followBook(this.instrument, signal);
            }
            connected = true;
            await this.catchUp(this.instrument, signal);
            this.trouble = undefined;
            this.failures = 0;
            waitMs = this.streams() ? slotMs - (this.venueNow() % slotMs) + settleMs : pollMs;
          }
        }
      } catch (error) {
        if (signal.aborted) return;
        waitMs = this.fail(error);
      }
      if (!this.settled) {
        this.settled = true;
        this.on.bars();
      }
      // What asked for another look while this one was under way gets it soon.
      if (this.lookAgain) waitMs = Math.min(waitMs, lookAgainMs);
      await new Promise<void>((resolve) => {
        this.endWait = resolve;
        sleep(this.around.clock, waitMs, signal).then(resolve, resolve);
      });
      this.endWait = undefined;
      this.lookAgain = false;
    }
  }

  /** Ends a wait: something that was in the way may be gone. */
  retry(): void {
    this.wake();
  }

  /** What a page is told about this venue. */
  health(): FeedHealth {
    const now = this.around.clock.now();
    const age = this.age();
    const late = this.advancedAt !== undefined && age > staleMs;
    const silent = this.mainSockets().some(({ state }) => state === 'late' || state === 'down');
    const state =
      this.trouble?.state ?? (this.advancedAt === undefined ? 'starting' : late || silent ? 'late' : 'ok');
    if (state !== this.state) {
      this.state = state;
      this.since = now;
    }
    const reason =
      this.trouble?.reason ??
      (late
        ? words.late(this.venue, age)
        : silent
          ? words.silent(this.venue)
          : state === 'starting'
            ? words.starting(this.venue)
            : '');
    const dropped = this.around.dropped.of(this.venue.id);
    return {
      venue: this.venue.id,
      state,
      since: this.since,
      reason,
      quality: this.quality(),
      ...(this.usable() && { openInterestUsd: this.openInterest!.base * this.mark!.mark }),
      feeds: this.feedStates(now),
      ...(dropped.length > 0 && { dropped: dropped.slice(0, mostDropped) }),
    };
  }

  /** The feeds that do not bring what they should. What stands in the way of all of them is the venue's own state. */
  private feedStates(now: number): FeedState[] {
    if (this.sockets.size === 0) return [];
    return feedIds.flatMap((feed): FeedState[] => {
      if (feed === 'forcedOrders' && this.venue.limits.forcedOrders === 'none')
        return [{ feed, state: 'none', since: this.openedAt, reason: words.noForcedOrders(this.venue) }];
      const trouble = this.feeds.trouble(feed);
      const last = this.feeds.last(feed, this.openedAt);
      const socket = this.streamOf(feed);
      const isBroken = socket?.state === 'late' || socket?.state === 'down';
      const isLate = now - last > this.patience(feed);
      if (!isLate && !isBroken && !(trouble && patientMs[feed] === Number.POSITIVE_INFINITY)) return [];
      if (trouble) return [{ feed, ...trouble }];
      const state = socket?.state === 'down' ? 'down' : 'late';
      return [{ feed, state, since: last, reason: words.feedLate(this.venue, now - last) }];
    });
  }

  /** The socket that a feed depends on alone; the others are asked for as well where their stream breaks. */
  private streamOf(feed: FeedId): SocketState | undefined {
    const topic = feed === 'trades' ? 'trade' : feed === 'forcedOrders' ? 'forcedOrder' : undefined;
    return topic && [...this.sockets.values()].find(({ topics }) => topics.includes(topic));
  }

  /** How long a feed may bring nothing, ms. */
  private patience(feed: FeedId): number {
    // Trades that bars tell of should have come as trades.
    if (feed === 'trades')
      return this.around.clock.now() - (this.untoldFrom ?? Number.POSITIVE_INFINITY) > staleMs
        ? 0
        : Number.POSITIVE_INFINITY;
    return feed === 'forcedOrders' ? quietOrdersMs(this.orderTimes.length) : patientMs[feed];
  }

  /** A call whose failure costs this feed alone; resolves to undefined then. */
  private async aside<T>(feed: FeedId, call: Call<T>, options: RunOptions): Promise<T | undefined> {
    try {
      const reply = await this.around.transport.run(this.venue, call, options);
      this.feeds.heard(feed, this.around.clock.now());
      return reply;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!(error instanceof FeedError)) throw error;
      this.note(error);
      this.feeds.fail(feed, stateOf[error.kind], words.refusal(this.venue, error), this.around.clock.now());
      return undefined;
    }
  }

  /** Counts a reply that did not match its schema. */
  private note(error: unknown): void {
    if (error instanceof FeedError && error.kind === 'malformed')
      this.around.dropped.add(this.venue.id, error.message);
  }

  /** True when there is enough to draw from: bars, a mark and open interest. */
  usable(): boolean {
    return this.mark !== undefined && this.openInterest !== undefined && this.series.newest !== undefined;
  }

  isFresh(): boolean {
    return this.age() <= staleMs;
  }

  /** How long ago, by the user's clock, data last moved on. A clock that was set back makes it unknown, which is stale. */
  private age(): number {
    const age = this.around.clock.now() - (this.advancedAt ?? Number.NEGATIVE_INFINITY);
    return age >= -2000 ? age : Number.POSITIVE_INFINITY;
  }

  /** The venue's own clock now, as far as it can be told. */
  venueNow(): number {
    if (this.venueTime === 0 || this.advancedAt === undefined) return this.venueTime;
    return this.venueTime + Math.min(this.around.clock.now() - this.advancedAt, slotMs);
  }

  /** The running funding; null where the venue has not told it. */
  runningFunding(): FundingRate | null {
    const rate = this.funding?.rate ?? this.mark?.fundingRate;
    if (rate === undefined) return null;
    return { time: this.venueTime, rate, intervalMs: this.fundingIntervalMs() };
  }

  private fundingIntervalMs(): number {
    return (
      this.funding?.intervalMs ??
      this.mark?.fundingIntervalMs ??
      this.listedIntervalMs ??
      this.instrument?.fundingIntervalMs ??
      usualFundingMs
    );
  }

  /** What the venue asks of the smallest position. */
  margin(): MarginTerms {
    return marginTerms(this.venue.id, this.symbol, this.tiers?.steps, this.instrument?.maxLeverage);
  }

  /** As the estimate takes it, once usable. */
  market(): VenueMarket {
    return {
      venue: this.venue.id,
      series: this.series,
      hasOpenInterestHistory: this.venue.limits.openInterestHistory,
      mark: this.mark!.mark,
      openInterest: this.openInterest!.base,
      margin: this.margin(),
      q: this.learning.q,
      now: this.venueNow(),
    };
  }

  private quality(): FeedHealth['quality'] {
    if (!this.usable()) return 'unavailable';
    if (!this.isFresh()) return 'stale';
    if (!this.venue.limits.openInterestHistory) return 'scaled';
    this.fine ??= this.series.share(historyMs, 5);
    return this.complete && this.fine > 0.98 ? 'full' : 'coarse';
  }

  private fail(error: unknown): number {
    this.note(error);
    const kind = error instanceof FeedError ? error.kind : 'down';
    const after = error instanceof FeedError ? error.retryAfterMs : undefined;
    this.failures++;
    if (kind === 'limited') {
      const waitMs = after ?? this.venue.pauseMs;
      this.trouble = { state: 'limited', reason: words.limited(this.venue, waitMs) };
      return waitMs;
    }
    if (kind === 'blocked') {
      const waitMs = after ?? blockedRetryMs;
      this.trouble = { state: 'blocked', reason: words.blocked(this.venue, waitMs) };
      return waitMs;
    }
    if (kind === 'unlisted') {
      this.trouble = { state: 'unlisted', reason: words.unlisted(this.venue, this.symbol) };
      return blockedRetryMs;
    }
    this.trouble = {
      state: 'down',
      reason: kind === 'malformed' ? words.malformed(this.venue) : words.down(this.venue),
    };
    return Math.min(60_000, 2000 * 2 ** Math.min(this.failures, 6)) * (0.5 + this.around.random());
  }

  private get tiersFact(): string {
    return `tiers ${this.symbol} ${this.venue.id}`;
  }

  private get answeredFact(): string {
    return `answered ${this.symbol} ${this.venue.id}`;
  }

  private wake(): void {
    if (this.endWait) this.endWait();
    // Who refuses is not to be asked sooner; who did not answer may have come back since.
    else this.lookAgain = this.trouble === undefined || this.trouble.state === 'down';
  }

  private async loadStored(): Promise<void> {
    const answered = await this.around.store.fact(this.answeredFact);
    if (Array.isArray(answered)) this.answered = answered.filter(isAnswered);
    const tiers = await this.around.store.fact(this.tiersFact);
    if (isTiers(tiers)) this.tiers = tiers;
    const days = await this.around.store.days(this.symbol, this.venue.id, historyMs / dayMs + 1);
    for (const [day, cells] of days) this.series.addDay(day, cells);
    const orders = await this.around.store.forcedOrders(this.symbol, this.around.clock.now() - dayMs);
    this.orderTimes.unshift(...orders.flatMap(({ venue, time }) => (venue === this.venue.id ? time : [])));
    this.loaded = true;
  }

  private streams(): boolean {
    return this.mainSockets().every(({ state }) => state === 'ok');
  }

  /** Those whose data a map is made of. */
  private mainSockets(): SocketState[] {
    return [...this.sockets.values()].filter(({ topics }) =>
      topics.some((topic) => topic !== 'forcedOrder' && topic !== 'trade'),
    );
  }

  private connect(instrument: Instrument, signal: AbortSignal): void {
    this.on.gap();
    for (const plan of this.venue.sockets([instrument], topics, '5m')) {
      const bringsOrders = plan.topics.includes('forcedOrder');
      openSocket(plan, {
        WebSocket: this.around.WebSocket,
        clock: this.around.clock,
        random: this.around.random,
        signal,
        onEvents: (events) => {
          for (const event of events) if (event.symbol === this.symbol) this.accept(event);
        },
        onData: () => {
          if (!bringsOrders) return;
          if (plan.topics.length === 1) this.feeds.heard('forcedOrders', this.around.clock.now());
          this.listen();
        },
        onState: (state) => {
          this.sockets.set(plan.url, { ...state, topics: plan.topics });
          if (state.state === 'late' || state.state === 'down') {
            if (bringsOrders) this.learning.cut();
            this.on.gap();
            this.wake();
          }
        },
        onReconnect: () => {
          this.on.gap();
          this.askedForcedOrders = false;
          this.wake();
        },
        onDrop: (reason) => this.around.dropped.add(this.venue.id, reason),
      });
    }
  }

  /**
   * Asks for the order book now and then, once there is a map to hold it against. Books asked for reach deeper than those
   * that are streamed. One that does not come is no trouble: the old one ages, and then counts no more.
   */
  private async followBook(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { clock } = this.around;
    try {
      while (!signal.aborted) {
        await sleep(clock, this.complete ? bookMs : lookAgainMs, signal);
        if (!this.complete || this.trouble) continue;
        const { mark } = this;
        const book = await this.aside('book', this.venue.book(instrument), { signal, priority: -2 });
        if (book && mark) this.book = { ...book, mark: mark.mark, at: clock.now() };
      }
    } catch {
      // Nobody watches any more.
    }
  }

  /** The order book, while it is of use. */
  freshBook(): (OrderBook & { at: number }) | undefined {
    const age = this.around.clock.now() - (this.book?.at ?? Number.NEGATIVE_INFINITY);
    return age >= 0 && age <= staleMs ? this.book : undefined;
  }

  private accept(event: FeedEvent): void {
    switch (event.kind) {
      case 'mark':
        this.setMark(event.mark);
        break;
      case 'funding':
        this.funding = event.funding;
        this.advance(event.funding.time);
        break;
      case 'openInterest':
        this.setOpenInterest(event.point);
        break;
      case 'bar':
        if (event.interval !== '5m') break;
        this.feeds.heard('bars', this.around.clock.now());
        if (event.bar.volume !== this.volume) {
          this.changedAt = this.around.clock.now();
          if (event.bar.volume > 0) this.untoldFrom ??= this.changedAt;
        }
        this.volume = event.bar.volume;
        if (event.closed) this.addBars([event.bar], '5m');
        else this.form(event.bar);
        break;
      case 'trade':
        this.changedAt = this.around.clock.now();
        this.feeds.heard('trades', this.changedAt);
        this.untoldFrom = undefined;
        this.advance(event.trade.time);
        this.on.trade(event.trade);
        break;
      case 'forcedOrder':
        this.feeds.heard('forcedOrders', this.around.clock.now());
        this.orderTimes.push(event.order.time);
        while (this.orderTimes[0]! < event.order.time - dayMs || this.orderTimes.length > mostOrderTimes)
          this.orderTimes.shift();
        void this.record([event]);
        break;
    }
    const slot = slotOf(this.venueTime - settleMs);
    if (this.settled && this.refreshedSlot > 0 && slot > this.refreshedSlot) {
      this.refreshedSlot = slot;
      this.wake();
    }
  }

  /** Notes that forced orders are heard, unless none has come for so long that the stream cannot be trusted. */
  private listen(): void {
    const now = this.around.clock.now();
    const silentMs = now - this.feeds.last('forcedOrders', this.openedAt);
    if (silentMs > this.patience('forcedOrders')) this.learning.deafSince(this.venueNow() - silentMs);
    else this.learning.hear(this.venueNow());
  }

  /** Stores forced orders before anyone is told of them. */
  private async record(orders: readonly RecordedOrder[]): Promise<void> {
    if (orders.length === 0) return;
    const stored = await this.around.store.saveForcedOrders(this.symbol, this.venue.id, orders);
    // An hour whose orders are missing teaches nothing.
    if (!stored) for (const { order } of orders) this.learning.lose(order.time);
    for (const order of orders) this.on.forcedOrder(order);
  }

  /**
   * Notes the time of an event. A venue's clock may run ahead of or behind the user's, and may be set back: what counts
   * is that it moves on. Records that only repeat an older time age.
   */
  private advance(time: number): void {
    if (this.changedAt > 0 && this.around.clock.now() - this.changedAt > frozenMs) return;
    if (time > this.venueTime) {
      this.venueTime = time;
    } else {
      if (this.venueTime - time < staleMs || time <= this.rewound.time) return;
      const steps = this.rewound.steps + 1;
      this.rewound = { time, steps };
      if (steps < 10) return;
      this.venueTime = time;
    }
    this.rewound = { time: 0, steps: 0 };
    this.advancedAt = this.around.clock.now();
  }

  private setMark(mark: MarkState): void {
    if (this.mark && mark.time < this.mark.time && this.mark.time - mark.time < staleMs) return;
    const differs = this.mark?.mark !== mark.mark || this.mark.index !== mark.index;
    this.feeds.heard('mark', this.around.clock.now());
    this.mark = { ...this.mark, ...mark };
    this.high = Math.max(this.high, mark.mark);
    this.low = Math.min(this.low, mark.mark);
    this.arrive(mark.time, differs);
  }

  private setOpenInterest(point: OpenInterestPoint): void {
    if (this.openInterest && point.time < this.openInterest.time) return;
    const differs = this.openInterest?.base !== point.base;
    this.openInterest = point;
    const now = this.around.clock.now();
    this.feeds.heard('openInterest', now);
    const told = this.toldOpenInterest.at(-1);
    if (!told || told.base !== point.base || now - told.time > staleMs) {
      this.toldOpenInterest.push({ time: Math.max(now, (told?.time ?? 0) + 1), base: point.base });
      if (this.toldOpenInterest[0]!.time < now - toldMs) {
        this.toldOpenInterest = this.toldOpenInterest.filter(({ time }) => time >= now - toldMs);
      }
    }
    this.arrive(point.time, differs);
    if (this.venueTime === 0) return;
    const time = this.venue.limits.unstampedMarks ? this.venueNow() : point.time;
    if (this.series.noteOpenInterest({ time, base: point.base })) this.save();
  }

  /** A figure came. Without a time of its own it is new when it differs; time stamps alone do not make old figures new. */
  private arrive(time: number, differs: boolean): void {
    const now = this.around.clock.now();
    if (differs) this.changedAt = now;
    if (!this.venue.limits.unstampedMarks) this.advance(time);
    else if (differs && this.venueTime > 0) {
      this.venueTime = this.venueNow();
      this.advancedAt = now;
    }
  }

  private form(bar: Bar): void {
    const newest = this.series.newest;
    if (newest !== undefined && bar.time <= newest) return;
    this.high = Math.max(this.high, bar.high);
    this.low = Math.min(this.low, bar.low);
  }

  /** Adds those bars that have closed by the venue's clock. */
  private addBars(bars: readonly Bar[], interval: Interval): void {
    const now = this.venueNow();
    const length = intervalMs[interval];
    // A bar that lies ahead of the venue's own clock is no bar.
    const closed = bars.filter(
      (bar, i) =>
        (now > 0 ? bar.time + length <= now + 2000 : i < bars.length - 1) && bar.time % slotMs === 0,
    );
    const before = this.series.newest ?? 0;
    if (this.series.addBars(closed, length / 60_000)) {
      if ((this.series.newest ?? 0) > before) {
        this.high = this.mark?.mark ?? 0;
        this.low = this.mark?.mark ?? Number.POSITIVE_INFINITY;
      }
      this.fine = undefined;
      this.save();
      this.on.bars();
    }
    if (interval === '5m') {
      const last = bars.at(-1);
      if (last && last !== closed.at(-1)) this.form(last);
    }
  }

  /** Stores changed days; the store joins what comes while it is writing. */
  private save(): void {
    const days = [...this.series.changed].flatMap((day) => {
      const cells = this.series.days.get(day);
      return cells ? [[day, cells] as [number, Float64Array]] : [];
    });
    this.series.changed.clear();
    if (days.length === 0) return;
    void this.around.store.saveDays(this.symbol, this.venue.id, days).then((stored) => {
      // What did not fit goes along with the next bar.
      if (!stored) for (const [day] of days) this.series.changed.add(day);
    });
  }

  private async catchUp(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { venue } = this;
    const ask = <T>(call: Call<T>) => this.around.transport.run(venue, call, { signal, priority: 2 });
    const timed = venue.limits.unstampedMarks
      ? ask(venue.book(instrument)).then((book) => this.advance(book.time))
      : Promise.resolve();
    const marked = Promise.all([timed, ask(venue.mark(instrument))]).then(([, mark]) => this.setMark(mark));
    const afterMark = marked.catch(() => undefined);
    const first: Promise<unknown>[] = [
      marked,
      ask(venue.openInterest(instrument)).then((point) => this.setOpenInterest(point)),
    ];
    if (this.series.newest === undefined) {
      const bars = async (interval: Interval, limit: number) => {
        const page = await ask(
          venue.candles(instrument, interval, undefined, Math.min(limit, venue.maxCandles)),
        );
        await afterMark;
        this.addBars(page, interval);
      };
      first.push(bars('5m', 1000), bars('1h', historyMs / intervalMs['1h']));
      if (venue.openInterestHistory && venue.maxOpenInterest) {
        first.push(
          ask(venue.openInterestHistory(instrument, '1h', undefined, venue.maxOpenInterest)).then((points) =>
            this.series.addOpenInterest(points, 60),
          ),
        );
      }
    }
    await all(first);
    if (!this.settled) {
      this.settled = true;
      this.on.bars();
    }
    this.refreshedSlot = slotOf(this.venueTime - settleMs);
    this.series.forgetBefore(this.venueTime - historyMs - dayMs);
    await all([this.fillBars(instrument, signal), this.fillOpenInterest(instrument, signal)]);
    if ((this.series.newest ?? 0) + 2 * slotMs >= this.venueNow())
      this.feeds.heard('bars', this.around.clock.now());
    if (!this.complete) {
      this.complete = true;
      this.on.bars();
    }
    await all([
      this.fillForcedOrders(instrument, signal),
      this.fillFunding(instrument, signal),
      this.fillTiers(instrument, signal),
    ]);
  }

  private async fillBars(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { venue } = this;
    let to = slotOf(this.venueNow());
    for (const interval of barLadder) {
      const from = slotOf(this.venueNow()) - historyMs;
      to = await this.fill(
        `bars ${interval}`,
        this.series.missingBars(from, to, intervalMs[interval] / 60_000),
        intervalMs[interval],
        venue.maxCandles,
        async (range, limit) => {
          const bars = await this.around.transport.run(
            venue,
            venue.candles(instrument, interval, range, limit),
            {
              signal,
              priority: 1,
            },
          );
          this.addBars(bars, interval);
          return bars.map(({ time }) => time);
        },
      );
    }
  }

  private async fillOpenInterest(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { venue } = this;
    if (!venue.openInterestHistory || !venue.maxOpenInterest) return;
    const to = slotOf(this.venueNow());
    for (const interval of openInterestLadder) {
      const step = intervalMs[interval];
      const depth = Math.min(historyMs, venue.openInterestDepthMs?.(interval) ?? historyMs);
      await this.fill(
        `open interest ${interval}`,
        this.series.missingOpenInterest(to - depth + step, to, step / 60_000),
        step,
        venue.maxOpenInterest,
        async (range, limit) => {
          const points = await this.around.transport.run(
            venue,
            venue.openInterestHistory!(instrument, interval, range, limit),
            { signal },
          );
          if (this.series.addOpenInterest(points, step / 60_000)) {
            this.save();
            this.on.bars();
          }
          return points.map(({ time }) => time);
        },
      );
    }
  }

  private async fillFunding(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const now = this.around.clock.now();
    if (now - this.fundingAskedAt < fundingMs) return;
    this.fundingAskedAt = now;
    const { venue } = this;
    const options = { signal, priority: -1 };
    if (venue.fundingIntervals) {
      const listed = await this.aside('funding', venue.fundingIntervals(), options);
      if (listed) this.listedIntervalMs = listed[instrument.native] ?? usualFundingMs;
    }
    const intervalMs = this.fundingIntervalMs();
    const reach = Math.min(historyMs, (venue.maxFunding - 1) * intervalMs);
    const call = venue.funding(instrument, { from: this.venueNow() - reach });
    const settled = await this.aside('funding', call, options);
    // What failed is asked again with the next figures.
    if (!settled) {
      this.fundingAskedAt += slotMs - fundingMs;
      return;
    }
    this.settledFunding = withIntervals(settled, intervalMs);
  }

  private async fillTiers(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { clock, store } = this.around;
    const now = clock.now();
    if (Math.abs(now - (this.tiers?.time ?? 0)) < dayMs || now - this.tiersAskedAt < answeredMs) return;
    this.tiersAskedAt = now;
    const call = this.venue.tiers(instrument, this.mark!.mark);
    const steps = await this.aside('tiers', call, { signal, priority: -1 });
    const tiers = { time: now, steps };
    if (!isTiers(tiers)) return;
    const before = this.margin();
    this.tiers = tiers;
    void store.saveFact(this.tiersFact, this.tiers);
    const { maxLeverage, maintenanceRate } = this.margin();
    if (maxLeverage !== before.maxLeverage || maintenanceRate !== before.maintenanceRate) this.on.bars();
  }

  /** Forced orders that were missed, where the venue can be asked for them: once a run, as it takes many pages. */
  private async fillForcedOrders(instrument: Instrument, signal: AbortSignal): Promise<void> {
    if (!this.venue.forcedOrders || this.askedForcedOrders) return;
    const call = this.venue.forcedOrders(instrument, this.openInterest?.base);
    const { transport } = this.around;
    // The stream is the feed; this only fills its gaps, so it does not tell how the feed is.
    const missed = await transport.run(this.venue, call, { signal, priority: -1 }).catch((error: unknown) => {
      signal.throwIfAborted();
      this.note(error);
    });
    if (!missed) return;
    this.askedForcedOrders = true;
    await this.record(missed);
  }

  /**
   * Asks for the empty slots page by page, newest first, several pages at once (the transport keeps the pace). A whole
   * page without a row means that the venue goes no further back; resolves to that time, 0 where there is none.
   */
  private async fill(
    ladder: string,
    gaps: readonly Required<Range>[],
    step: number,
    count: number,
    /** Resolves to the times of the rows that came, ascending. */
    fetch: (range: Required<Range>, limit: number) => Promise<number[]>,
  ): Promise<number> {
    const now = this.around.clock.now();
    this.answered = this.answered.filter(
      ({ from, at }) => Math.abs(now - at) < (from === 0 ? dayMs : answeredMs),
    );
    const known = this.answered.filter((range) => range.ladder === ladder);
    const open = gaps.flatMap((gap) => without(gap, known));
    const queue = pagesOver(open, step, count);
    const end = () => this.answered.find((range) => range.ladder === ladder && range.from === 0)?.to ?? 0;
    if (queue.length === 0) return end();
    const settled = slotOf(this.venueNow()) - 6 * slotMs;
    let oldest = Number.POSITIVE_INFINITY;
    let emptyTo = 0;
    const worker = async () => {
      for (;;) {
        const page = queue.shift();
        if (!page || emptyTo > 0) return;
        const asked = Math.floor((page.to - page.from) / step) + 1;
        const times = await fetch(page, asked);
        oldest = Math.min(oldest, times[0] ?? oldest);
        if (times.length === 0 && asked >= count / 2) {
          emptyTo = Math.max(emptyTo, page.to + step);
        } else if (page.from < settled) {
          // What came in part may have been a passing trouble of the venue: it is asked again with the next figures.
          const at = times.length === 0 || times.length >= asked ? now : now - answeredMs + slotMs;
          this.answered.push({ ladder, from: page.from, to: Math.min(page.to + step, settled), at });
        }
      }
    };
    await all(Array.from({ length: 8 }, worker));
    if (emptyTo > 0) {
      const to = Number.isFinite(oldest) ? Math.max(oldest, emptyTo) : emptyTo;
      this.answered = this.answered.filter((range) => range.ladder !== ladder || range.to > to);
      this.answered.push({ ladder, from: 0, to, at: now });
    }
    void this.around.store.saveFact(this.answeredFact, this.answered);
    return end();
  }
}

interface Tiers {
  time: number;
  steps: MarginTier[];
}

function isTiers(value: unknown): value is Tiers {
  const { time, steps } = (value ?? {}) as Partial<Tiers>;
  if (!Number.isFinite(time) || !Array.isArray(steps) || steps.length === 0) return false;
  return steps.every((step: Partial<MarginTier> | null, i) => {
    const { floor, cap = 0, maintenanceRate = 0, maxLeverage = 0 } = step ?? {};
    return (
      floor === (steps[i - 1]?.cap ?? 0) &&
      cap > floor! &&
      maintenanceRate >= (steps[i - 1]?.maintenanceRate ?? 0) &&
      maintenanceRate > 0 &&
      maintenanceRate < 1 &&
      maxLeverage >= 1
    );
  });
}

/** A range of slots that the venue has been asked for, with `ladder` telling what and how fine; `at` by the user's clock. */
interface Answered {
  ladder: string;
  from: number;
  to: number;
  at: number;
}

function isAnswered(value: unknown): value is Answered {
  if (typeof value !== 'object' || value === null) return false;
  const { ladder, from, to, at } = value as Record<string, unknown>;
  return typeof ladder === 'string' && [from, to, at].every((time) => Number.isFinite(time));
}

/** Parts of a range of slots (`to` excluded) that none of the others covers. */
function without(range: Required<Range>, others: readonly { from: number; to: number }[]): Required<Range>[] {
  let parts = [range];
  for (const other of others) {
    parts = parts.flatMap(({ from, to }) =>
      [
        { from: Math.max(from, other.to), to },
        { from, to: Math.min(to, other.from) },
      ].filter((part) => part.from < part.to && (part.from >= other.to || part.to <= other.from)),
    );
  }
  return parts;
}

/**
 * As few requests as cover the gaps (newest first, `to` excluded), each of at most `count` points `step` apart with
 * both ends included.
 */
function pagesOver(gaps: readonly Required<Range>[], step: number, count: number): Required<Range>[] {
  const pages: Required<Range>[] = [];
  for (const gap of [...gaps].sort((a, b) => b.to - a.to)) {
    const last = pages.at(-1);
    let top = Math.floor((gap.to - slotMs) / step) * step;
    const bottom = Math.floor(gap.from / step) * step;
    if (last) {
      const reach = last.to - (count - 1) * step;
      if (top >= reach) last.from = Math.min(last.from, Math.max(bottom, reach));
      top = Math.min(top, last.from - step);
    }
    for (; top >= bottom; top -= count * step) {
      pages.push({ from: Math.max(bottom, top - (count - 1) * step), to: top });
    }
  }
  return pages;
}

/** Waits for all and then fails with the first failure; what a venue does not offer is no failure. */
async function all(promises: readonly Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof FeedError) || result.reason.kind !== 'unavailable') throw result.reason;
  }
}
