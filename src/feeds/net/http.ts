import PQueue from 'p-queue';
import { hourMs } from '../../engine/time';
import { readJson } from '../border';
import { type Call, FeedError, type Provider } from '../feed';
import type { Hosts } from './hosts';
import { backoff, type Clock, endWith, type Spent, sleep, WeightLedger } from './pacing';
import { longestPauseMs, refusal, retryAfter } from './refusal';

/** Requests: the only code that fetches. It runs any call of any venue. */

/** One answered (or unanswered) request, for health and measurements. */
export interface RequestRecord {
  venue: string;
  url: string;
  pool: string;
  weight: number;
  /** HTTP status, 0 without an answer. */
  status: number;
  ms: number;
}

export interface TransportOptions {
  fetch: typeof fetch;
  clock: Clock;
  /** Uniform in [0, 1), as Math.random. */
  random: () => number;
  /** Part of every venue's limit that is used. */
  headroom?: number;
  onRequest?: (record: RequestRecord) => void;
  /** A row of a reply was left out, with the reason. */
  onLeftOut?: (source: Provider['id'], reason: string) => void;
  /** Hosts that answer alike. Absent: each call is asked of its own host alone. */
  hosts?: Hosts;
  /** Where what was spent outlives this run: venues go on counting when a process is killed. */
  spending?: Spending;
}

/** A host that asked to be left alone. */
export interface Pause {
  /** ms since 1970. */
  until: number;
  /** Times in a row that it refused. */
  trips: number;
  kind: 'limited' | 'blocked';
  message: string;
}

/** What venues go on counting when a run is killed: weight by pool (`venue/pool`), and pauses by host. */
export interface Spending {
  /** As an earlier run left it; the first request waits for it. */
  load(): Promise<{
    spent: ReadonlyMap<string, readonly Spent[]>;
    pauses: ReadonlyMap<string, Pause>;
  }>;
  /** Each request that counts waits until this is kept. Never rejects. */
  save(pool: string, spent: readonly Spent[]): Promise<void>;
  /** The refusal is told once this is kept. Never rejects. */
  pause(host: string, pause: Pause): Promise<void>;
}

export interface RunOptions {
  signal?: AbortSignal;
  /** Higher goes first among the calls that wait. */
  priority?: number;
  timeoutMs?: number;
  /** How often one is made to answer that did not; default 3. */
  attempts?: number;
  /** Told of each request that was sent for the call, also where it was for others as well. */
  onRequest?(record: RequestRecord): void;
  /** Longest pause a venue may ask for that is waited out; a longer one rejects at once. */
  patienceMs?: number;
}

export interface Transport {
  /**
   * The reply of a call, checked. Paces by the call's pool, retries what may pass, and leaves a host alone that asked
   * for it. Rejects with FeedError, or with the signal's reason when aborted.
   */
  run<T>(source: Provider, call: Call<T>, options?: RunOptions): Promise<T>;
  /**
   * Lets hosts be asked at once that refused this address (451, 403), since the user says that it may be another one now.
   * Who asked for fewer requests is left alone all the same.
   */
  unblock(source: Provider): void;
  /** When a host may be asked again, ms since 1970; 0 when it may be asked now. */
  pausedUntil(host: string): number;
}

const attempts = 3;
/** Pages joined to one reply at most, should a venue lead in a circle. */
const mostPages = 100;
/** The longest reply of all that is asked for, a list of instruments, has some 2 MB. */
const mostBytes = 8 * 2 ** 20;
/** How long a route is not asked that brought nothing where another way did. */
const passByMs = hourMs;

/** What is known of one host. */
interface Host {
  name: string;
  queue: PQueue;
  openUntil: number;
  trippedAt: number;
  /** Times in a row that it refused. */
  trips: number;
  refusal: FeedError | undefined;
}

export function createTransport(options: TransportOptions): Transport {
  return new Requests(options);
}

/** A request whose answer is awaited, and who is told of it. */
interface Asked {
  priority: number;
  told: (RunOptions['onRequest'] | undefined)[];
  reply: Promise<Reply | undefined>;
}

class Requests implements Transport {
  private readonly hosts = new Map<string, Host>();
  private readonly pools = new Map<string, { ledger: WeightLedger; admission: PQueue }>();
  private earlier: Awaited<ReturnType<Spending['load']>> = { spent: new Map(), pauses: new Map() };
  private readonly remembered: Promise<void> | undefined;
  /** Requests whose answers are waited for, by address and body. */
  private readonly asked = new Map<string, Asked>();
  /** Routes that brought nothing where another way did, and until when they are passed by, ms since 1970. */
  private readonly passedBy = new Map<string, number>();

  constructor(private readonly options: TransportOptions) {
    this.remembered = options.spending?.load().then((left) => {
      this.earlier = left;
    });
  }

  async run<T>(venue: Provider, call: Call<T>, runOptions: RunOptions = {}): Promise<T> {
    const { clock } = this.options;
    const behind = call.otherwise;
    if (!behind) return this.runPages(venue, call, runOptions);
    const route = routeOf(call);
    const until = this.passedBy.get(route) ?? 0;
    if (until > clock.now() && until <= clock.now() + passByMs) return this.run(venue, behind, runOptions);
    try {
      return await this.runPages(venue, call, runOptions);
    } catch (error) {
      const isLeft =
        error instanceof FeedError &&
        (error.kind === 'unavailable' || error.kind === 'malformed' || error.kind === 'down');
      if (!isLeft) throw error;
      const reply = await this.run(venue, behind, runOptions).catch((failure: unknown) => {
        runOptions.signal?.throwIfAborted();
        if (failure instanceof FeedError) throw error;
        throw failure;
      });
      // A passing trouble is over sooner.
      if (error.kind !== 'down') this.passedBy.set(route, clock.now() + passByMs);
      return reply;
    }
  }

  private async runPages<T>(venue: Provider, call: Call<T>, runOptions: RunOptions): Promise<T> {
    const pages: T[] = [];
    const asked = new Set<string>();
    // Where all is asked by POST to one address, the body tells pages apart.
    const nameOf = ({ url, body = '' }: Call<T>) => `${url} ${body}`;
    for (let next: Call<T> | undefined = call; next && pages.length < mostPages; ) {
      asked.add(nameOf(next));
      const page: { value: T; next: Call<T> | undefined } = await this.runOnHosts(venue, next, runOptions);
      pages.push(page.value);
      next = page.next && !asked.has(nameOf(page.next)) ? page.next : undefined;
    }
    return pages.length > 1 && call.join ? call.join(pages) : pages[0]!;
  }

  unblock({ id }: Provider): void {
    for (const host of this.hosts.values())
      if (host.refusal?.venue === id && host.refusal.kind === 'blocked') host.openUntil = 0;
  }

  pausedUntil(host: string): number {
    const until = this.hosts.get(host)?.openUntil ?? 0;
    return until > this.options.clock.now() ? until : 0;
  }

  private hostOf(venue: Provider, url: string): Host {
    const { clock } = this.options;
    const name = new URL(url).host;
    const known = this.hosts.get(name);
    if (known) return known;
    const pause = this.earlier.pauses.get(name);
    // A clock that was set back would pause for ever.
    const openUntil = Math.min(pause?.until ?? 0, clock.now() + longestPauseMs);
    const isPaused = pause !== undefined && openUntil > clock.now();
    const host: Host = {
      name,
      queue: new PQueue({ concurrency: isPaused ? 1 : venue.concurrent }),
      openUntil: isPaused ? openUntil : 0,
      trippedAt: 0,
      trips: isPaused ? pause.trips : 0,
      refusal: isPaused ? new FeedError(pause.kind, venue.id, pause.message) : undefined,
    };
    this.hosts.set(name, host);
    return host;
  }

  private poolOf(venue: Provider, name: string) {
    const { clock, headroom = 0.8 } = this.options;
    const key = `${venue.id}/${name}`;
    const limits = venue.pools[name];
    if (!limits) throw new RangeError(`transport: ${venue.id} has no pool ${name}`);
    const pool = this.pools.get(key) ?? {
      ledger: new WeightLedger(limits, clock, headroom, this.earlier.spent.get(key)),
      // One at a time, so that the greater priority gets the next room.
      admission: new PQueue({ concurrency: 1 }),
    };
    this.pools.set(key, pool);
    return pool;
  }

  /**
   * Leaves the host alone for a while. Requests sent before the last refusal that are refused as well do not count
   * again, yet may make the pause longer.
   */
  private async trip(venue: Provider, host: Host, error: FeedError, sentAt: number): Promise<void> {
    const { clock, spending } = this.options;
    const again = sentAt < host.trippedAt;
    if (again && error.retryAfterMs === undefined) return;
    if (!again) {
      host.trippedAt = clock.now();
      host.trips += 1;
    }
    const pause = error.retryAfterMs ?? Math.min(hourMs, venue.pauseMs * 2 ** Math.min(host.trips - 1, 10));
    if (again && clock.now() + pause <= host.openUntil) return;
    host.openUntil = Math.max(host.openUntil, clock.now() + pause);
    host.refusal = error;
    // Afterwards one request goes ahead of the others.
    host.queue.concurrency = 1;
    await spending?.pause(host.name, {
      until: host.openUntil,
      trips: host.trips,
      kind: error.kind === 'blocked' ? 'blocked' : 'limited',
      message: error.message,
    });
  }

  private async tripIfRefused(venue: Provider, host: Host, error: unknown, sentAt: number): Promise<void> {
    const isRefusal = error instanceof FeedError && (error.kind === 'limited' || error.kind === 'blocked');
    if (isRefusal) await this.trip(venue, host, error, sentAt);
  }

  /** Resolves when the host may be asked. Rejects when that is too far away. */
  private async whenOpen(
    venue: Provider,
    host: Host,
    patienceMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    const { clock, random } = this.options;
    for (;;) {
      const wait = host.openUntil - clock.now();
      if (wait <= 0) return;
      if (wait > patienceMs)
        throw new FeedError(
          host.refusal?.kind ?? 'limited',
          venue.id,
          host.refusal?.message ?? 'asked to wait',
          wait,
          { cause: host.refusal },
        );
      await sleep(clock, wait + random() * 250, signal);
    }
  }

  /** One request and its reply, not yet checked. */
  private async send(venue: Provider, call: Call<unknown>, run: RunOptions): Promise<Reply> {
    const { clock } = this.options;
    const { signal, timeoutMs = 10_000 } = run;
    const end = new AbortController();
    const unbind = endWith(signal, end);
    const cancel = clock.after(timeoutMs, () => end.abort());
    const sentAt = clock.now();
    let status = 0;
    try {
      const response = await this.options.fetch(call.url, request(call, end.signal));
      status = response.status;
      const { usedWeight } = venue;
      const used = Number(usedWeight && response.headers.get(usedWeight.header));
      if (usedWeight && used > 0) this.poolOf(venue, usedWeight.pool).ledger.observe(used);
      const condensed = response.ok ? call.condense?.() : undefined;
      const text = await readText(venue, response, call.mostBytes ?? mostBytes, end.signal, condensed);
      const refused = response.ok
        ? undefined
        : refusal(venue, status, text, retryAfter(response.headers, clock.now()));
      if (refused) throw refused;
      return {
        json: condensed ? condensed.end() : readJson(venue.id, text),
        status,
        isOk: response.ok,
        sentAt,
      };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof FeedError) throw error;
      throw new FeedError(
        'down',
        venue.id,
        end.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : 'no connection',
        undefined,
        { cause: error },
      );
    } finally {
      cancel();
      unbind();
      const { url, pool, weight } = call;
      const record = { venue: venue.id, url, pool, weight, status, ms: clock.now() - sentAt };
      this.options.onRequest?.(record);
      run.onRequest?.(record);
    }
  }

  /** One page, of the first host that answers. One that does not, or will not, leaves it to the next. */
  private async runOnHosts<T>(venue: Provider, call: Call<T>, run: RunOptions) {
    const { hosts } = this.options;
    await hosts?.ready;
    const urls = hosts?.of(call.url) ?? [call.url];
    let first: FeedError | undefined;
    for (const [i, url] of urls.entries()) {
      if (hosts && !(await hosts.mayRead(url))) continue;
      const isLast = i === urls.length - 1;
      try {
        const page = await this.runPage(
          venue,
          { ...call, url },
          run,
          isLast ? (run.attempts ?? attempts) : 1,
        );
        hosts?.served(url);
        return page;
      } catch (error) {
        if (!(error instanceof FeedError)) throw error;
        if (error.kind !== 'down' && error.kind !== 'blocked') throw error;
        hosts?.failed(url);
        first ??= error;
      }
    }
    throw first!;
  }

  private async runPage<T>(venue: Provider, call: Call<T>, run: RunOptions, mostAttempts: number) {
    const { clock, random } = this.options;
    const { signal, patienceMs = 5_000 } = run;
    if (this.remembered) await this.remembered;
    const host = this.hostOf(venue, call.url);
    for (let attempt = 0; ; ) {
      signal?.throwIfAborted();
      await this.whenOpen(venue, host, patienceMs, signal);
      try {
        const reply = await this.ask(venue, call, run, host);
        if (reply) return await this.read(venue, call, reply, host);
      } catch (error) {
        if (!(error instanceof FeedError)) throw error;
        attempt += 1;
        const passes = error.kind === 'limited' || error.kind === 'down' || error.kind === 'malformed';
        const most = error.kind === 'down' ? mostAttempts : (run.attempts ?? attempts);
        if (!passes || attempt >= most) throw error;
        if (error.kind !== 'limited') await sleep(clock, backoff(attempt - 1, 500, 8_000, random), signal);
      }
    }
  }

  /**
   * The reply to a request. Who asks in the same words as another who still waits for the answer shares it: some routes tell
   * of all symbols at once, or several things of one. Undefined where the request was not sent after all.
   */
  private async ask(
    venue: Provider,
    call: Call<unknown>,
    run: RunOptions,
    host: Host,
  ): Promise<Reply | undefined> {
    const { signal, priority = 0 } = run;
    const words = `${call.url} ${call.body ?? ''}`;
    const other = this.asked.get(words);
    if (other && other.priority >= priority) {
      other.told.push(run.onRequest);
      try {
        return await untilAborted(other.reply, signal);
      } catch (error) {
        signal?.throwIfAborted();
        // The other has gone, and with it the request.
        if (!(error instanceof FeedError)) return undefined;
        throw error;
      }
    }
    const forget = () => {
      if (this.asked.get(words) === own) this.asked.delete(words);
    };
    const told: Asked['told'] = [run.onRequest];
    const onRequest = (record: RequestRecord) => {
      forget();
      for (const tell of told) tell?.(record);
    };
    const reply = this.inTurn(venue, call, { ...run, onRequest }, host).finally(forget);
    const own: Asked = { priority, told, reply };
    // What is taken piece by piece is taken by one.
    if (!call.condense) this.asked.set(words, own);
    return own.reply;
  }

  /** The reply to a request that is sent when there is room for it; undefined where the host closed meanwhile. */
  private async inTurn(
    venue: Provider,
    call: Call<unknown>,
    run: RunOptions,
    host: Host,
  ): Promise<Reply | undefined> {
    const { clock, spending } = this.options;
    const { signal, priority = 0 } = run;
    const waiting = signal ? { priority, signal } : { priority };
    const pool = this.poolOf(venue, call.pool);
    const settle = await pool.admission.add(() => pool.ledger.reserve(call.weight, signal), waiting);
    let sentAt: number | undefined;
    try {
      return await host.queue.add(async () => {
        await spending?.save(`${venue.id}/${call.pool}`, pool.ledger.spent);
        signal?.throwIfAborted();
        // The host may have closed while this one stood in line.
        if (host.openUntil > clock.now()) return undefined;
        sentAt = clock.now();
        return this.send(venue, call, run);
      }, waiting);
    } catch (error) {
      await this.tripIfRefused(venue, host, error, sentAt ?? 0);
      throw error;
    } finally {
      settle(sentAt !== undefined);
    }
  }

  /** What a reply says to the call. */
  private async read<T>(venue: Provider, call: Call<T>, { json, status, isOk, sentAt }: Reply, host: Host) {
    const { clock, onLeftOut } = this.options;
    try {
      const value = call.parse(json, clock.now(), { leftOut: (reason) => onLeftOut?.(venue.id, reason) });
      if (!isOk) throw new FeedError('malformed', venue.id, `data under status ${status}`);
      const page = { value, next: call.next?.(json) };
      // An answer to a request from before the pause does not tell that it is over.
      if (sentAt >= host.openUntil) {
        host.trips = 0;
        host.queue.concurrency = venue.concurrent;
      }
      return page;
    } catch (error) {
      await this.tripIfRefused(venue, host, error, sentAt);
      if (error instanceof FeedError) throw error;
      throw new FeedError('malformed', venue.id, 'reader failed', undefined, { cause: error });
    }
  }
}

/** What came, before anybody has looked into it. */
interface Reply {
  json: unknown;
  status: number;
  isOk: boolean;
  /** ms since 1970. */
  sentAt: number;
}

/** The outcome; rejects with the signal's reason where that aborts first. */
function untilAborted<T>(outcome: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return outcome;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** What a call asks, whatever the market. */
function routeOf({ url }: Call<unknown>): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function request({ body }: Call<unknown>, signal: AbortSignal): RequestInit {
  return {
    method: body === undefined ? 'GET' : 'POST',
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
    // A trader's own session with the exchange is none of our business.
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    // Whoever is asked answers himself: a body is never sent on to another host.
    redirect: 'error',
    signal,
  };
}

/**
 * The body, as long as it is of a sane length and ends; empty where it is taken piece by piece. Throws FeedError `malformed`
 * beyond `most` bytes.
 */
async function readText(
  venue: Provider,
  response: Response,
  most: number,
  signal: AbortSignal,
  taken?: { add(text: string): void },
): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const decoder = new TextDecoder();
    let text = '';
    const add = (piece: string) => {
      if (taken) taken.add(piece);
      else text += piece;
    };
    let bytes = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) {
        add(decoder.decode());
        return text;
      }
      bytes += value.byteLength;
      if (bytes > most)
        throw new FeedError(
          'malformed',
          venue.id,
          `the reply is longer than ${Math.round(most / 2 ** 20)} MB`,
        );
      add(decoder.decode(value, { stream: true }));
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}
