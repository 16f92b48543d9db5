import type { MarginTier } from '../../engine/positions/margin';
import type { Bar, BarColumns, OpenInterestPoint } from '../../engine/records';
import type { FundingRate } from '../../engine/regime/funding';
import { dayMs } from '../../engine/time';
import type { Series, SeriesColumns } from '../../estimate/bar-series';
import { slotMs } from '../../estimate/day-cells';
import type { MarginTerms } from '../../estimate/margin-terms';
import { historyMs, type VenueMarket } from '../../estimate/market';
import {
  FeedError,
  type FeedEvent,
  type Instrument,
  type Interval,
  type MarkState,
  type SocketPlan,
  type Trade,
  type Venue,
} from '../../feeds/feed';
import type { FeedHealth } from '../../protocol/view';
import { texts } from '../browser/texts';
import type { RecordedOrder } from '../storage/store';
import { allOf, Backfill } from './backfill';
import { Condition } from './condition';
import { FeedActivity, feedStates } from './feed-health';
import { ForcedOrderFeed } from './forced-orders';
import { FundingRates } from './funding-rates';
import { ListedInstrument } from './listed-instrument';
import { LiveMarket } from './live-market';
import { LookSchedule, settleMs } from './look-schedule';
import { MarginTable } from './margin-table';
import { PolledBook } from './order-book';
import { RecordedSeries } from './recorded-series';
import { Requests } from './requests';
import type { VenueServices } from './services';
import { Streams } from './streams';
import { staleMs, VenueClock } from './venue-clock';

/** Without a live stream the mark is asked for this often. */
const pollMs = 20_000;
/** A bar may be said to have closed this long before the newest time that the venue has sent reaches its end; later it is none. */
const aheadMs = 2000;
/** Reasons for leaving messages out that pages are told. */
const mostDropped = 5;
/** Hosts that the user is asked to allow at a time, in the order in which they are tried. */
const mostStandIns = 3;

export interface ListingEvents {
  /** Closed bars or open interest were added: maps have to be built again. */
  bars(): void;
  trade(trade: Trade): void;
  /** Trades may be missing from here back. */
  gap(): void;
  /** Forced orders were recorded. */
  forcedOrders(orders: readonly RecordedOrder[]): void;
}

/**
 * One symbol on one venue: fetches what is missing, follows it live, and says how far it can be trusted. Whatever
 * went wrong before (a dead worker, a sleeping computer, a lost connection, a refusal), the way back is the same: look
 * which slots are empty, and ask for those.
 */
export class Listing {
  readonly clock: VenueClock;
  readonly live: LiveMarket;
  readonly funding: FundingRates;
  readonly forcedOrders: ForcedOrderFeed;
  readonly book: PolledBook;
  /** The first answers are in, or could not be had. */
  settled = false;
  /** The whole history is in. */
  complete = false;

  private readonly listed: ListedInstrument;
  private readonly requests: Requests;
  private readonly streams: Streams;
  private readonly recorded: RecordedSeries;
  private readonly backfill: Backfill;
  private readonly marginTable: MarginTable;
  private readonly condition: Condition;
  private readonly schedule: LookSchedule;
  private loading: Promise<unknown> | undefined;

  constructor(
    readonly symbol: string,
    readonly venue: Venue,
    private readonly services: VenueServices,
    private readonly on: ListingEvents,
  ) {
    const { clock, store, random } = services;
    this.clock = new VenueClock(clock, venue.limits.unstampedMarks === true);
    const activity = new FeedActivity();
    this.live = new LiveMarket(clock, this.clock, activity);
    this.listed = new ListedInstrument(symbol, venue, services);
    this.requests = new Requests(venue, services, activity);
    this.streams = new Streams(symbol, venue, services);
    this.recorded = new RecordedSeries(symbol, venue, store, this.clock);
    this.backfill = new Backfill(
      symbol,
      this.requests,
      this.recorded,
      store,
      this.clock,
      clock,
      {
        bars: (bars, interval, until) => this.addBars(bars, interval, until),
        openInterest: () => on.bars(),
      },
      services.isBrief,
    );
    this.funding = new FundingRates(this.requests, this.live, this.clock, clock);
    this.marginTable = new MarginTable(symbol, this.requests, store, clock);
    this.forcedOrders = new ForcedOrderFeed(symbol, venue, services, activity, this.clock, (orders) =>
      on.forcedOrders(orders),
    );
    this.book = new PolledBook(this.requests, this.live, clock, services.bookTurns);
    this.condition = new Condition(venue, symbol, random, clock.now());
    this.schedule = new LookSchedule(clock);
  }

  get instrument(): Instrument | undefined {
    return this.listed.current;
  }

  get series(): Series {
    return this.recorded.series;
  }

  get mark(): MarkState | undefined {
    return this.live.mark;
  }

  get openInterest(): OpenInterestPoint | undefined {
    return this.live.openInterest;
  }

  /** Follows the venue until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.streams.close();
    this.missOrders();
    this.live.missingTradesSince = undefined;
    this.live.miss();
    while (!signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await this.look(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.requests.count(error);
        waitMs = isUnlisted(error) ? this.end() : this.condition.fail(error);
      }
      this.noteHealth();
      this.settle();
      await this.schedule.wait(waitMs, signal);
    }
  }

  /** Ends a wait: something that was in the way may be gone. */
  retry(): void {
    this.schedule.end(this.condition.mayBeAskedSooner);
  }

  /** Ends a wait, also one that a refusal asked for. */
  askAgain(): void {
    this.services.transport.unblock(this.venue);
    this.schedule.end(true);
  }

  /** One look at what is missing. Resolves to after how many ms the next one is due. */
  private async look(signal: AbortSignal): Promise<number> {
    const { venue, services, condition } = this;
    await this.load();
    if (!(await services.permitted(venue))) {
      condition.forbid();
      return pollMs;
    }
    if (this.complete && !this.isFresh()) this.listed.doubt();
    const listed = await this.listed.renew(signal);
    const { instrument } = this;
    if (!instrument) return this.end();
    if (listed === 'changed') this.beginAnew();
    if (!this.streams.isOpen) this.follow(instrument, signal);
    await this.catchUp(instrument, signal);
    condition.clear();
    return this.streams.areLive ? slotMs - (this.clock.now() % slotMs) + settleMs : pollMs;
  }

  /** The venue has the symbol no more, or never had it: nothing of it counts. Returns when to look again, ms. */
  private end(): number {
    const hadIt = this.series.newest !== undefined;
    const isNew = !this.isUnlisted;
    this.beginAnew();
    this.listed.drop();
    this.settled = true;
    const waitMs = this.condition.lack(hadIt);
    if (isNew) this.on.bars();
    return waitMs;
  }

  /** What is told from now on is of another contract than before. */
  private beginAnew(): void {
    this.streams.close();
    this.missOrders();
    this.live.forget();
    this.book.forget();
  }

  /** No stream brings forced orders, until they are followed again. */
  private missOrders(): void {
    this.forcedOrders.cut();
    this.forcedOrders.askMissed();
  }

  private load(): Promise<unknown> {
    this.loading ??= Promise.all([
      this.backfill.load(),
      this.marginTable.load(),
      this.recorded.load(this.services.clock.now()),
      this.forcedOrders.load(),
    ]).catch((cause: unknown) => {
      this.loading = undefined;
      throw cause;
    });
    return this.loading;
  }

  private settle(): void {
    if (this.settled) return;
    this.settled = true;
    this.on.bars();
  }

  /** What a page is told about this venue. */
  health(): FeedHealth {
    const { venue, services, streams, condition, live } = this;
    const now = services.clock.now();
    const [state, reason] = this.state();
    const isAway = state === 'blocked' || state === 'down';
    const standIns = isAway ? (services.hosts?.lackingFor(venue.hosts[0]!) ?? []).slice(0, mostStandIns) : [];
    const { bars, openInterest } = this.recorded.leftOut;
    const dropped = [
      ...(bars > 0 ? [{ reason: texts.absurdBars(), count: bars }] : []),
      ...(openInterest > 0 ? [{ reason: texts.doubtedInterest(), count: openInterest }] : []),
      ...services.dropped.of(venue.id),
    ];
    return {
      venue: venue.id,
      state,
      since: condition.since(state, now),
      reason,
      quality: this.quality(),
      ...(this.usable() && { openInterestUsd: live.openInterest!.base * live.mark!.mark }),
      feeds: streams.isOpen
        ? feedStates(
            {
              venue,
              activity: this.requests.activity,
              streams,
              forcedOrdersPatienceMs: this.forcedOrders.patienceMs,
              missingTradesSince: live.missingTradesSince,
            },
            now,
          )
        : [],
      ...(dropped.length > 0 && { dropped: dropped.slice(0, mostDropped) }),
      ...(standIns.length > 0 && { standIns }),
    };
  }

  /** Remembers since when the venue has been in its present state. To be called about once a second. */
  noteHealth(): void {
    const [state] = this.state();
    const isNew = this.condition.note(state, this.services.clock.now());
    // What has gone silent may have ended.
    if (isNew && state === 'late') this.retry();
  }

  /** With the reason in words, empty when all is well. */
  private state(): [state: FeedHealth['state'], reason: string] {
    const { trouble } = this.condition;
    const { venue, clock } = this;
    if (trouble) return [trouble.state, trouble.reason];
    if (clock.advancedAt === undefined) return ['starting', texts.starting(venue)];
    const age = clock.age();
    if (age > staleMs) return ['late', texts.late(venue, age)];
    return this.streams.areSilent ? ['late', texts.silent(venue)] : ['ok', ''];
  }

  /** Nothing stands in the way of the venue, however far it has got. */
  get isUnderWay(): boolean {
    return this.condition.trouble === undefined;
  }

  /** Data comes as it should. */
  get isLive(): boolean {
    return this.state()[0] === 'ok';
  }

  /** The venue does not serve this address. */
  get isBlocked(): boolean {
    return this.condition.trouble?.state === 'blocked';
  }

  /** The venue has no such symbol. */
  get isUnlisted(): boolean {
    return this.condition.trouble?.state === 'unlisted';
  }

  /** The venue had the symbol, and has it no more. */
  get hasEnded(): boolean {
    return this.isUnlisted && this.condition.hasEnded;
  }

  /** True when there is enough to draw from: bars, a mark and open interest. */
  usable(): boolean {
    return this.mark !== undefined && this.openInterest !== undefined && this.series.newest !== undefined;
  }

  isFresh(): boolean {
    return this.clock.isFresh();
  }

  /** What the estimate left out of this venue's history as it cannot be true. */
  noteLeftOut(leftOut: SeriesColumns['leftOut']): void {
    this.recorded.leftOut = leftOut;
  }

  /** The running funding; null where the venue has not told it. */
  runningFunding(): FundingRate | null {
    return this.funding.running(this.instrument);
  }

  /** What the venue asks of the smallest position. */
  margin(): MarginTerms {
    return this.marginTable.terms(this.instrument);
  }

  /** Its margin table; empty where none is known. */
  marginSteps(): readonly MarginTier[] {
    return this.marginTable.steps;
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
      profile: this.recorded.typical.under(this.margin()),
      q: this.forcedOrders.learning.q,
      now: this.clock.now(),
    };
  }

  /** Learns how its map usually looks from the bars of the newest one, once an hour; true when it learned anything. */
  learnTypical(bars: BarColumns): boolean {
    return this.recorded.typical.learn(bars, this.margin());
  }

  private quality(): FeedHealth['quality'] {
    if (!this.usable()) return 'unavailable';
    if (!this.isFresh()) return 'stale';
    if (!this.venue.limits.openInterestHistory) return 'scaled';
    return this.complete && this.recorded.isFine() ? 'full' : 'coarse';
  }

  private follow(instrument: Instrument, signal: AbortSignal): void {
    const bringsOrders = ({ topics }: SocketPlan) => topics.includes('forcedOrder');
    this.on.gap();
    const following = this.streams.open(
      instrument,
      {
        event: (event) => this.accept(event),
        data: (plan) => {
          const isAlone = plan.topics.length === 1;
          if (bringsOrders(plan) && this.forcedOrders.listen(isAlone, this.streams.openedAt)) this.retry();
        },
        broken: (plan) => {
          if (bringsOrders(plan)) this.forcedOrders.cut();
          this.live.miss();
          this.on.gap();
          this.retry();
        },
        unread: (plan) => {
          if (bringsOrders(plan)) this.forcedOrders.cut();
        },
        resumed: () => {
          this.on.gap();
          this.forcedOrders.askMissed();
          this.retry();
        },
        silent: () => this.retry(),
        patienceMs: (topic) => (topic === 'forcedOrder' ? this.forcedOrders.patienceMs : undefined),
      },
      signal,
    );
    void this.book.follow(instrument, () => this.complete && this.isUnderWay, following);
  }

  private accept(event: FeedEvent): void {
    switch (event.kind) {
      case 'mark':
        this.live.setMark(event.mark);
        break;
      case 'funding':
        this.live.setFunding(event.funding);
        break;
      case 'openInterest':
        this.setOpenInterest(event.point);
        break;
      case 'bar':
        if (event.interval !== '5m') break;
        this.live.seeBar(event.bar);
        if (event.closed) this.addBars([event.bar], '5m', this.clock.now() + aheadMs, true);
        else this.form(event.bar);
        break;
      case 'trade':
        this.live.seeTrade(event.trade);
        this.on.trade(event.trade);
        break;
      case 'forcedOrder':
        this.forcedOrders.accept(event);
        break;
    }
    if (!this.settled || !this.schedule.hasNewFigures(this.clock.newest)) return;
    this.schedule.ask(this.clock.newest);
    this.retry();
  }

  private setOpenInterest(point: OpenInterestPoint): void {
    const taken = this.live.setOpenInterest(point);
    if (taken === 'taken') this.recorded.noteOpenInterest(point);
    if (taken !== 'doubted') return;
    // It may count in other contracts now.
    this.services.dropped.add(this.venue.id, texts.doubtedInterest());
    this.listed.doubt();
    this.retry();
  }

  private addBars(bars: readonly Bar[], interval: Interval, until: number, isStreamed = false): void {
    const before = this.series.newest ?? 0;
    const { changed, forming } = this.recorded.addBars(bars, interval, until);
    if (changed) {
      const newest = this.series.newest ?? 0;
      if (newest > before) this.live.beginBar(newest + slotMs, isStreamed);
      this.on.bars();
    }
    if (interval === '5m' && forming) this.form(forming);
  }

  private form(bar: Bar): void {
    if (bar.time > (this.series.newest ?? Number.NEGATIVE_INFINITY)) this.live.form(bar);
  }

  private async catchUp(instrument: Instrument, signal: AbortSignal): Promise<void> {
    await this.takeFirst(instrument, signal);
    this.settle();
    this.schedule.ask(this.clock.newest);
    this.series.forgetBefore(this.clock.newest - historyMs - dayMs);
    await this.backfill.all(instrument, signal);
    if ((this.series.newest ?? 0) + 2 * slotMs >= this.clock.now())
      this.requests.activity.hear('bars', this.services.clock.now());
    if (!this.complete) {
      this.complete = true;
      this.on.bars();
    }
    await allOf([
      this.forcedOrders.fill(this.requests, instrument, this.openInterest?.base, signal),
      this.funding.renew(instrument, signal),
      this.renewTerms(instrument, signal),
    ]);
  }

  /** Asks for what is marked now, and, where nothing is known yet, for what a first map needs. */
  private async takeFirst(instrument: Instrument, signal: AbortSignal): Promise<void> {
    const { venue, requests, live } = this;
    const options = { signal, priority: 2 };
    const { unstampedMarks } = venue.limits;
    // Of a book in several pages the first one tells the time.
    const { next: _, ...firstPage } = venue.book(instrument);
    const dated = unstampedMarks ? requests.ask(firstPage, options) : undefined;
    const marked = Promise.all([dated, requests.ask(venue.mark(instrument), options)]).then(
      ([book, mark]) => {
        live.setMark(mark);
        // A mark that moved tells that the market is being reported, and the book when that is.
        if (book) this.clock.advance(book.time);
      },
    );
    const afterMark = marked.catch(() => undefined);
    const interest = requests.ask(venue.openInterest(instrument), options);
    const first: Promise<unknown>[] = [
      marked,
      Promise.all([interest, unstampedMarks && afterMark]).then(([point]) => this.setOpenInterest(point)),
    ];
    if (this.series.newest === undefined) first.push(...this.backfill.first(instrument, afterMark, signal));
    await allOf(first);
  }

  private async renewTerms(instrument: Instrument, signal: AbortSignal): Promise<void> {
    if (await this.marginTable.renew(instrument, this.mark!.mark, signal)) this.on.bars();
  }
}

const isUnlisted = (error: unknown): boolean => error instanceof FeedError && error.kind === 'unlisted';
