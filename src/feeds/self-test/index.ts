import type { Bar } from '../../engine/records';
import { dayMs } from '../../engine/time';
import {
  type Call,
  FeedError,
  type FeedEvent,
  type Instrument,
  intervalMs,
  reachOf,
  type SocketPlan,
  type Topic,
  topics,
  type Venue,
} from '../feed';
import { listInstruments } from '../instrument';
import type { Hosts } from '../net/hosts';
import type { Transport } from '../net/http';
import type { Clock } from '../net/pacing';
import { openSocket, type SocketOptions } from '../net/socket';
import { FieldUse } from './fields';
import type { Check, VenueReport } from './report';
import { oddOrder } from './rows';

/**
 * Tries everything that is asked of the venues, from where the user is: each route, each stream, each field that is read.
 * It spends what following a market for some minutes spends, within the limits of the transport.
 */
export interface SelfTestOptions {
  venues: readonly Venue[];
  transport: Transport;
  WebSocket: SocketOptions['WebSocket'];
  clock: Clock;
  random: () => number;
  hosts?: Hosts;
  /** Canonical symbol of a market that every venue lists. */
  symbol?: string;
  /** How long streams are listened to, ms; default 20 s. */
  listenMs?: number;
  /** How long an answer may take, ms; default 6 s. */
  answerMs?: number;
  signal?: AbortSignal;
}

/** Everything is over by then, whatever does not answer. */
const mostMs = 50_000;
const usualAnswerMs = 6_000;
/** An answer that takes this long makes a map late. */
const slowMs = 2_500;
/** The same for the first data of a stream, its connection included; trades may take as long on any market. */
const slowStreamMs = 10_000;
/** How long streams are listened to. */
const usualListenMs = 20_000;
/** How far the user's clock may be off before ages of data are told wrong. */
const clockMs = 5_000;
const candles = 200;
const followed = topics.filter((topic) => topic !== 'book');
/** Topics of which nothing may come for minutes though all is well. */
const rare: readonly Topic[] = ['forcedOrder', 'funding'];

/** One report for each venue, in their order. Never rejects but with the signal's reason. */
export async function selfTest(options: SelfTestOptions): Promise<VenueReport[]> {
  const { clock, signal } = options;
  const time = new AbortController();
  const cancel = clock.after(mostMs, () =>
    time.abort(new FeedError('down', 'sentiment', 'no time was left')),
  );
  const until = signal ? AbortSignal.any([signal, time.signal]) : time.signal;
  try {
    return await Promise.all(
      options.venues.map(async (venue) => {
        const test = new VenueTest(venue, options, until);
        await test.run();
        signal?.throwIfAborted();
        return { id: venue.id, checks: test.checks };
      }),
    );
  } finally {
    cancel();
    time.abort();
  }
}

class VenueTest {
  readonly checks: Check[] = [];
  private readonly symbol: string;

  constructor(
    private readonly venue: Venue,
    private readonly options: SelfTestOptions,
    private readonly signal: AbortSignal,
  ) {
    this.symbol = options.symbol ?? 'BTC-USDT';
  }

  async run(): Promise<void> {
    const instrument = await this.list();
    if (!instrument) return;
    await Promise.all([this.askAll(instrument), this.listen(instrument)]);
  }

  private add(check: Check): void {
    this.checks.push(check);
  }

  /** The market in the venue's list; without it nothing else can be asked. */
  private async list(): Promise<Instrument | undefined> {
    let found: Instrument | undefined;
    await this.check('instruments', async (ask) => {
      const list = await listInstruments(this.venue, ask);
      found = list.find(({ symbol }) => symbol === this.symbol);
      const others = list.filter(({ kind }) => kind).length;
      if (!found) throw new FeedError('unlisted', this.venue.id, `${this.symbol} is not in the list`);
      return { note: `${list.length - others} coins${others ? `, ${others} other markets` : ''}` };
    });
    return found;
  }

  private async askAll(instrument: Instrument): Promise<void> {
    const { venue } = this;
    const now = this.options.clock.now();
    const day = { from: now - 2 * dayMs, to: now - dayMs };
    const count = Math.min(candles, venue.maxCandles);
    let price = 0;
    await this.check('mark', async (ask) => {
      const { mark, index } = await ask(venue.mark(instrument));
      price = mark;
      return { note: index === undefined ? '' : `index ${((index / mark - 1) * 100).toFixed(2)} % off` };
    });
    await Promise.all([
      this.checkClock(instrument),
      this.check('candles', async (ask) =>
        barsNote(await ask(venue.candles(instrument, '5m', undefined, count)), count),
      ),
      this.check('older candles', async (ask) => {
        const hours = 24;
        return barsNote(await ask(venue.candles(instrument, '1h', day, hours)), hours, intervalMs['1h']);
      }),
      this.check('open interest', async (ask) => {
        const { base } = await ask(venue.openInterest(instrument));
        return { note: base > 0 ? '' : 'none', isOdd: base <= 0 };
      }),
      this.checkHistory(instrument),
      this.check('funding history', async (ask) => {
        const rows = await ask(venue.funding(instrument, { from: now - 7 * dayMs }));
        return { note: `${rows.length} settled`, isOdd: rows.length === 0 };
      }),
      venue.fundingState &&
        this.check(
          'funding now',
          async (ask) => (await ask(venue.fundingState!(instrument))) && { note: '' },
        ),
      venue.fundingIntervals &&
        this.check(
          'funding intervals',
          async (ask) => (await ask(venue.fundingIntervals!())) && { note: '' },
        ),
      this.check('book', async (ask) => {
        const book = await ask(venue.book(instrument, price || undefined));
        const reach = reachOf(book);
        return { note: `reaches ${(reach * 100).toFixed(2)} %`, isOdd: reach === 0 };
      }),
      this.check('margin table', async (ask) => {
        const tiers = await ask(venue.tiers(instrument, price || 1));
        return { note: `${tiers.length} tiers` };
      }),
      venue.forcedOrders &&
        this.check('forced orders of the last days', async (ask) => {
          const orders = await ask(venue.forcedOrders!(instrument));
          return { note: `${orders.length}` };
        }),
    ]);
  }

  private checkHistory(instrument: Instrument): Promise<void> | undefined {
    const { venue } = this;
    const count = Math.min(96, venue.maxOpenInterest ?? 0);
    if (!venue.openInterestHistory) return undefined;
    return this.check('open interest history', async (ask) => {
      const points = await ask(venue.openInterestHistory!(instrument, '1h', undefined, count));
      return spanNote(points, count, intervalMs['1h']);
    });
  }

  /** How far the user's clock is off the venue's, as far as replies can tell: to within half of what they take. */
  private async checkClock(instrument: Instrument): Promise<void> {
    const { venue, options } = this;
    await this.check('clock', async (ask) => {
      const sentAt = options.clock.now();
      const isDated = !venue.limits.unstampedMarks;
      const { time } = isDated ? await ask(venue.mark(instrument)) : await ask(venue.book(instrument));
      const off = time - (sentAt + options.clock.now()) / 2;
      const seconds = `${(Math.abs(off) / 1000).toFixed(1)} s`;
      const note =
        Math.abs(off) < 1000 ? '' : `the venue's clock is ${seconds} ${off > 0 ? 'ahead' : 'behind'}`;
      return { note, isOdd: Math.abs(off) > clockMs };
    });
  }

  /** One check: what it asked, how long that took, and all that did not match. */
  private async check(
    name: string,
    run: (ask: <T>(call: Call<T>) => Promise<T>) => Promise<{ note: string; isOdd?: boolean }>,
  ): Promise<void> {
    const { clock, transport, hosts, answerMs = usualAnswerMs } = this.options;
    const heard = new Findings();
    const startedAt = clock.now();
    const addresses = new Set<string>();
    let slowest = 0;
    let unanswered = 0;
    const ask = async <T>(call: Call<T>): Promise<T> => {
      const what = typeOf(call);
      const reply = await transport.run(this.venue, heard.watch(call), {
        signal: this.signal,
        timeoutMs: answerMs,
        patienceMs: 2_000,
        attempts: 1,
        priority: 1,
        // Waiting for room within the venue's limits is no slowness of its own.
        onRequest: ({ ms, url, status }) => {
          if (status === 0) unanswered += 1;
          slowest = Math.max(slowest, ms);
          addresses.add(addressOf(url) + what);
        },
      });
      const served = hosts && new URL(hosts.of(call.url)[0]!).host;
      if (served && served !== new URL(call.url).host) heard.notes.push(`${served} serves in its place`);
      return reply;
    };
    const about = () => ({ address: [...addresses].join(', '), fields: heard.fields.read });
    try {
      const { note, isOdd = false } = await run(ask);
      const isSlow = slowest > slowMs;
      this.add({
        name,
        ok: !isOdd && heard.faults.length === 0,
        ms: slowest || clock.now() - startedAt,
        note: [...heard.faults, isSlow ? 'slow' : '', note, heard.without(), ...heard.notes]
          .filter(Boolean)
          .join('; '),
        ...about(),
      });
    } catch (error) {
      const told = this.signal.aborted ? (this.signal.reason as unknown) : error;
      this.add({
        name,
        ok: false,
        ms: slowest || clock.now() - startedAt,
        note: [
          ...heard.faults,
          ...(this.signal.aborted && unanswered > 0 ? [`no answer within ${answerMs / 1000} s`] : []),
          reasonOf(told),
          ...this.lacking(),
        ].join('; '),
        ...about(),
      });
    }
  }

  /** Hosts that could answer instead, were we allowed to read them. */
  private lacking(): string[] {
    const hosts = this.options.hosts?.lackingFor(this.venue.hosts[0]!) ?? [];
    return hosts.length > 0 ? [`allow one of ${hosts.join(', ')} to try it there`] : [];
  }

  private async listen(instrument: Instrument): Promise<void> {
    await Promise.all(this.venue.sockets([instrument], followed).map((plan) => this.listenTo(plan)));
  }

  /** Listens to one socket until all of it has come, or for as long as it may take. */
  private listenTo(plan: SocketPlan): Promise<void> {
    const { clock, random, WebSocket, hosts } = this.options;
    const done = new AbortController();
    const startedAt = clock.now();
    const first = new Map<Topic, number>();
    const troubles = new Set<string>();
    const bars = new Set<number>();
    let way = plan.url;
    const hear = (topic: Topic) => void first.set(topic, first.get(topic) ?? clock.now() - startedAt);
    const note = ({ kind, ...event }: FeedEvent) => {
      hear(kind);
      if (kind === 'bar' && 'bar' in event) bars.add(event.bar.volume);
      // Where the mark tells the funding too, it comes with it.
      if (kind === 'mark' && 'mark' in event && event.mark.fundingRate !== undefined) hear('funding');
    };
    return new Promise((resolve) => {
      const finish = () => {
        if (done.signal.aborted) return;
        done.abort();
        cancel();
        const moved =
          way === plan.url ? '' : `${new URL(way).host}${new URL(way).pathname} serves in its place`;
        for (const topic of plan.topics)
          this.add({
            ...streamCheck(topic, first.get(topic), clock.now() - startedAt, [...troubles], moved, bars.size),
            address: addressOf(way),
            fields: [],
          });
        resolve();
      };
      const cancel = clock.after(this.options.listenMs ?? usualListenMs, finish);
      this.signal.addEventListener('abort', finish, { once: true });
      openSocket(plan, {
        WebSocket,
        clock,
        random,
        signal: done.signal,
        hosts: {
          of: (url) => hosts?.of(url) ?? [url],
          served: (url) => {
            way = url;
            hosts?.served(url);
          },
        },
        onState: ({ state, reason }) => {
          if (state === 'late' || state === 'down') troubles.add(reason);
        },
        onDrop: (reason) => void troubles.add(reason),
        onEvents: (events) => {
          for (const event of events) note(event);
          if (plan.topics.every((topic) => first.has(topic))) finish();
        },
      });
    });
  }
}

/** What one topic of a socket came to. */
function streamCheck(
  topic: Topic,
  heardMs: number | undefined,
  waitedMs: number,
  troubles: string[],
  moved: string,
  barStates: number,
): Pick<Check, 'name' | 'ok' | 'ms' | 'note'> {
  const name = `stream ${topic}`;
  const seconds = Math.round(waitedMs / 1000);
  if (heardMs !== undefined) {
    const isSlow = heardMs > slowStreamMs;
    const note = [...troubles, isSlow ? 'slow' : '', moved].filter(Boolean).join('; ');
    return { name, ok: troubles.length === 0, ms: heardMs, note };
  }
  // Bars that change show trades: those must come as such too.
  const isRare = rare.includes(topic) || (topic === 'trade' && barStates < 2);
  const note = isRare ? `none in ${seconds} s, as on a quiet market` : `nothing in ${seconds} s`;
  return {
    name,
    ok: isRare && troubles.length === 0,
    ms: waitedMs,
    note: [note, ...troubles, moved].filter(Boolean).join('; '),
  };
}

/** What readers and rows of one check told. */
class Findings {
  readonly faults: string[] = [];
  readonly notes: string[] = [];
  readonly fields = new FieldUse();

  /** In words, fields that are looked for and are not there; what needs them does without. */
  without(): string {
    const { lacking } = this.fields;
    return lacking.length > 0 ? `without ${lacking.join(', ')}` : '';
  }

  /** The call, with whatever its reader leaves out, and how its rows come, noted. */
  watch<T>(call: Call<T>): Call<T> {
    return {
      ...call,
      parse: (json, now) => {
        const left = new Map<string, number>();
        const value = call.parse(this.fields.watch(json), now, {
          leftOut: (reason) => void left.set(reason, (left.get(reason) ?? 0) + 1),
        });
        for (const [reason, count] of left) this.faults.push(`left out ${count}: ${reason}`);
        const order = oddOrder(json);
        if (order) this.faults.push(order);
        return value;
      },
      ...(call.next && {
        next: (json: unknown) => {
          const next = call.next!(json);
          return next && this.watch(next);
        },
      }),
      ...(call.otherwise && { otherwise: this.behind(call.otherwise) }),
    };
  }

  /** What stands behind a call, which is told when it serves. */
  private behind<T>(call: Call<T>): Call<T> {
    const watched = this.watch(call);
    return {
      ...watched,
      parse: (json, now) => {
        const value = watched.parse(json, now);
        this.notes.push(`${new URL(call.url).pathname} serves in its place`);
        return value;
      },
    };
  }
}

/** Host and path alone: what is asked for says who asks. */
function addressOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}

/** What is asked for, where all is asked of one address. */
function typeOf({ body }: Call<unknown>): string {
  const { type } = body === undefined ? {} : (JSON.parse(body) as { type?: unknown });
  return typeof type === 'string' ? ` ${type}` : '';
}

function barsNote(bars: readonly Bar[], count: number, stepMs = intervalMs['5m']) {
  return spanNote(bars, count, stepMs);
}

/** How many of the points asked for came, and whether some between them are missing. */
function spanNote(points: readonly { time: number }[], count: number, stepMs: number) {
  const [first] = points;
  const span = first ? Math.round((points.at(-1)!.time - first.time) / stepMs) + 1 : 0;
  const missing = span - points.length;
  if (missing > 0) return { note: `${missing} of ${span} missing`, isOdd: true };
  // Venues differ by one at either end.
  const isShort = points.length < count - 2;
  return { note: isShort ? `${points.length} of ${count} came` : '', isOdd: isShort };
}

/** An error in words, with the shape of what came where it did not fit. */
function reasonOf(error: unknown): string {
  if (!(error instanceof FeedError)) return 'the test itself failed';
  const isRedirect = /redirect/i.test(String((error.cause as Error | undefined)?.cause ?? ''));
  const words = isRedirect ? 'sent on to another address, which is not followed' : error.message;
  const wait = error.retryAfterMs ? `, asked to wait ${Math.ceil(error.retryAfterMs / 1000)} s` : '';
  return `${error.kind}: ${words}${wait}${error.shape ? `; came as ${error.shape}` : ''}`;
}
