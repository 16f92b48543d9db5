import PQueue from 'p-queue';
import { readJson } from '../border';
import { type Call, FeedError, type FeedEvent, type SocketPlan, type Source } from '../feed';
import { type Clock, Ledger, type Spent, sleep } from './pacing';

/** The only code that talks to the network. It runs any call and any socket plan of any venue. */

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
  /** Longest pause a venue may ask for that is waited out; a longer one rejects at once. */
  patienceMs?: number;
}

export interface Transport {
  /**
   * The reply of a call, checked. Paces by the call's pool, retries what may pass, and leaves a host alone that asked
   * for it. Rejects with FeedError, or with the signal's reason when aborted.
   */
  run<T>(source: Source, call: Call<T>, options?: RunOptions): Promise<T>;
  /** When a host may be asked again, ms since 1970; 0 when it may be asked now. */
  pausedUntil(host: string): number;
}

const attempts = 3;
/** Pages joined to one reply at most, should a venue lead in a circle. */
const mostPages = 100;
const hourMs = 3_600_000;
/** Binance bans for up to three days. */
const longestPauseMs = 72 * hourMs;

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

/** Waiting time before attempt `n` (0 first): doubling from `baseMs` to `maxMs`, half of it random. */
function backoff(n: number, baseMs: number, maxMs: number, random: () => number): number {
  return Math.min(maxMs, baseMs * 2 ** n) * (0.5 + random() / 2);
}

/**
 * `Retry-After` in ms: seconds, or an HTTP date, which is by the venue's clock and so read against the reply's own
 * `Date`. Nothing, or a moment that is over, says nothing; no venue means more than its longest ban.
 */
function retryAfter(headers: Headers, now: number): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  const sent = Date.parse(headers.get('date') ?? '');
  const ms = /^\d+$/.test(header)
    ? Number(header) * 1000
    : Date.parse(header) - (Number.isFinite(sent) ? sent : now);
  return ms > 0 ? Math.min(ms, longestPauseMs) : undefined;
}

/**
 * Why a status other than 2xx came. 403 is ambiguous: a firewall that counts, or a region that is refused; the body
 * tells where it can.
 */
function refusal(
  venue: Source,
  status: number,
  body: string,
  waitMs: number | undefined,
): FeedError | undefined {
  if (status === 429) return new FeedError('limited', venue.id, 'too many requests (429)', waitMs);
  if (status === 418)
    return new FeedError(
      'limited',
      venue.id,
      'address banned for too many requests (418)',
      waitMs ?? 120_000,
    );
  if (status === 451) return new FeedError('blocked', venue.id, 'not served in this region (451)', hourMs);
  if (status === 403) {
    if (/frequent|rate limit|too many/i.test(body))
      return new FeedError('limited', venue.id, 'too many requests (403)', waitMs ?? 600_000);
    const regional = /countr|region|restricted|location|jurisdiction/i.test(body);
    return new FeedError('blocked', venue.id, 'refused for this address (403)', regional ? hourMs : 600_000);
  }
  if (status === 401) return new FeedError('unavailable', venue.id, 'wants a key (401)');
  if (status >= 500) return new FeedError('down', venue.id, `server error (${status})`);
  return undefined;
}

export function createTransport(options: TransportOptions): Transport {
  const { clock, random, headroom = 0.8 } = options;
  const hosts = new Map<string, Host>();
  const pools = new Map<string, { ledger: Ledger; admission: PQueue }>();
  let earlier: Awaited<ReturnType<Spending['load']>> = { spent: new Map(), pauses: new Map() };
  const remembered = options.spending?.load().then((left) => {
    earlier = left;
  });

  function hostOf(venue: Source, url: string): Host {
    const name = new URL(url).host;
    const known = hosts.get(name);
    if (known) return known;
    const pause = earlier.pauses.get(name);
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
    hosts.set(name, host);
    return host;
  }

  function poolOf(venue: Source, name: string) {
    const key = `${venue.id}/${name}`;
    const limits = venue.pools[name];
    if (!limits) throw new RangeError(`transport: ${venue.id} has no pool ${name}`);
    const pool = pools.get(key) ?? {
      ledger: new Ledger(limits, clock, headroom, earlier.spent.get(key)),
      // One at a time, so that the greater priority gets the next room.
      admission: new PQueue({ concurrency: 1 }),
    };
    pools.set(key, pool);
    return pool;
  }

  /**
   * Leaves the host alone for a while. Requests sent before the last refusal that are refused as well do not count
   * again, yet may make the pause longer.
   */
  async function trip(venue: Source, host: Host, error: FeedError, sentAt: number): Promise<void> {
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
    await options.spending?.pause(host.name, {
      until: host.openUntil,
      trips: host.trips,
      kind: error.kind === 'blocked' ? 'blocked' : 'limited',
      message: error.message,
    });
  }

  /** Resolves when the host may be asked. Rejects when that is too far away. */
  async function whenOpen(
    venue: Source,
    host: Host,
    patienceMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
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

  /** One request, its reply read and checked. */
  async function send<T>(venue: Source, call: Call<T>, timeoutMs: number, signal?: AbortSignal) {
    const timeout = new AbortController();
    const cancel = clock.after(timeoutMs, () => timeout.abort());
    const sentAt = clock.now();
    let status = 0;
    try {
      const response = await options.fetch(call.url, {
        method: call.body === undefined ? 'GET' : 'POST',
        ...(call.body !== undefined && {
          body: call.body,
          headers: { 'content-type': 'application/json' },
        }),
        // A trader's own session with the exchange is none of our business.
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        signal: signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal,
      });
      status = response.status;
      const { usedWeight } = venue;
      const used = Number(usedWeight && response.headers.get(usedWeight.header));
      if (usedWeight && used > 0) poolOf(venue, usedWeight.pool).ledger.observe(used);
      const text = await response.text();
      const refused = response.ok
        ? undefined
        : refusal(venue, status, text, retryAfter(response.headers, clock.now()));
      if (refused) throw refused;
      const json = readJson(venue.id, text);
      const value = call.parse(json, clock.now());
      if (!response.ok) throw new FeedError('malformed', venue.id, `data under status ${status}`);
      return { value, next: call.next?.(json) };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof FeedError) throw error;
      throw new FeedError(
        'down',
        venue.id,
        timeout.signal.aborted ? `no answer within ${timeoutMs / 1000} s` : 'no connection',
        undefined,
        { cause: error },
      );
    } finally {
      cancel();
      options.onRequest?.({
        venue: venue.id,
        url: call.url,
        pool: call.pool,
        weight: call.weight,
        status,
        ms: clock.now() - sentAt,
      });
    }
  }

  async function runPage<T>(venue: Source, call: Call<T>, run: RunOptions) {
    const { signal, priority = 0, timeoutMs = 10_000, patienceMs = 5_000 } = run;
    const waiting = signal ? { priority, signal } : { priority };
    if (remembered) await remembered;
    const host = hostOf(venue, call.url);
    const pool = poolOf(venue, call.pool);
    for (let attempt = 0; ; ) {
      signal?.throwIfAborted();
      await whenOpen(venue, host, patienceMs, signal);
      const settle = await pool.admission.add(() => pool.ledger.reserve(call.weight, signal), waiting);
      let sentAt: number | undefined;
      try {
        const reply = await host.queue.add(async () => {
          await options.spending?.save(`${venue.id}/${call.pool}`, pool.ledger.spent);
          signal?.throwIfAborted();
          // The host may have closed while this one stood in line.
          if (host.openUntil > clock.now()) return undefined;
          sentAt = clock.now();
          return send(venue, call, timeoutMs, signal);
        }, waiting);
        if (!reply) continue;
        // An answer to a request from before the pause does not tell that it is over.
        if (sentAt !== undefined && sentAt >= host.openUntil) {
          host.trips = 0;
          host.queue.concurrency = venue.concurrent;
        }
        return reply;
      } catch (error) {
        if (!(error instanceof FeedError)) throw error;
        if (error.kind === 'limited' || error.kind === 'blocked') await trip(venue, host, error, sentAt ?? 0);
        attempt += 1;
        const passes = error.kind === 'limited' || error.kind === 'down' || error.kind === 'malformed';
        if (!passes || attempt >= attempts) throw error;
        if (error.kind !== 'limited') await sleep(clock, backoff(attempt - 1, 500, 8_000, random), signal);
      } finally {
        settle(sentAt !== undefined);
      }
    }
  }

  return {
    async run<T>(venue: Source, call: Call<T>, runOptions: RunOptions = {}) {
      const pages: T[] = [];
      const asked = new Set<string>();
      // Where all is asked by POST to one address, the body tells pages apart.
      const nameOf = ({ url, body = '' }: Call<T>) => `${url} ${body}`;
      for (let next: Call<T> | undefined = call; next && pages.length < mostPages; ) {
        asked.add(nameOf(next));
        const page: { value: T; next: Call<T> | undefined } = await runPage(venue, next, runOptions);
        pages.push(page.value);
        next = page.next && !asked.has(nameOf(page.next)) ? page.next : undefined;
      }
      return pages.length > 1 && call.join ? call.join(pages) : pages[0]!;
    },
    pausedUntil(host) {
      const until = hosts.get(host)?.openUntil ?? 0;
      return until > clock.now() ? until : 0;
    },
  };
}

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
  /** A message was left out, with the reason. */
  onDrop?(reason: string): void;
  WebSocket: new (url: string) => Pick<WebSocket, 'addEventListener' | 'send' | 'close'>;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
}

interface Connection {
  socket: Pick<WebSocket, 'addEventListener' | 'send' | 'close'>;
  /** When data last came; when the attempt began, before there was any. */
  heardAt: number;
  hasData: boolean;
  timers: Set<() => void>;
}

const connectMs = 10_000;
const rotateMs = 23 * hourMs;
const quietMs = 60_000;
/** A connection that held this long was no failure; venues count how often one connects. */
const steadyMs = 5_000;
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
  const { clock, random, signal } = options;
  const quiet = plan.quietMs ?? quietMs;
  const seen = new Map<string, number>();
  const connections = new Set<Connection>();
  let current: Connection | undefined;
  let failures = 0;
  /** When data came last on any connection; undefined before the first. */
  let lastData: number | undefined;
  /** Whether data was missed since then. */
  let broken = false;
  let state: SocketState['state'] | undefined;
  let cancelReconnect = () => {};

  function report(next: SocketState['state'], reason: string): void {
    if (state === next) return;
    state = next;
    options.onState({ state: next, since: clock.now(), reason });
  }

  function fresh(events: FeedEvent[]): FeedEvent[] {
    const now = clock.now();
    // Insertion order is time order.
    for (const [id, at] of seen) {
      if (Math.abs(now - at) < rememberMs || seen.size <= rememberCount) break;
      seen.delete(id);
    }
    return events.filter((event) => {
      if (event.kind !== 'forcedOrder' && event.kind !== 'trade') return true;
      const id = `${event.kind}:${event.symbol}:${event.id}`;
      if (seen.has(id)) return false;
      seen.set(id, now);
      return true;
    });
  }

  function end(connection: Connection): void {
    connections.delete(connection);
    for (const cancel of connection.timers) cancel();
    connection.timers.clear();
    try {
      connection.socket.close();
    } catch {
      // Closing a socket that never opened may throw; it is gone either way.
    }
  }

  function after(connection: Connection, ms: number, run: () => void): void {
    if (!connections.has(connection)) return;
    const cancel = clock.after(ms, () => {
      connection.timers.delete(cancel);
      run();
    });
    connection.timers.add(cancel);
  }

  function fail(connection: Connection, kind: 'late' | 'down', reason: string): void {
    if (!connections.has(connection)) return;
    end(connection);
    if (connection !== current) {
      // The replacement did not come up; the running one goes on, and another is tried later.
      if (current) after(current, quietMs, () => connect());
      return;
    }
    broken = true;
    current = [...connections][0];
    report(kind, reason);
    if (current) return;
    cancelReconnect();
    cancelReconnect = clock.after(backoff(failures, 1_000, 30_000, random), () => connect());
    failures += 1;
  }

  function receive(connection: Connection, data: unknown): void {
    if (typeof data !== 'string') {
      options.onDrop?.('not text');
      return;
    }
    const now = clock.now();
    let events: FeedEvent[] | undefined;
    try {
      events = plan.read(data, now);
    } catch (error) {
      options.onDrop?.(error instanceof FeedError ? error.message : 'reader failed');
      return;
    }
    if (!events) return;
    connection.heardAt = now;
    if (!connection.hasData) {
      connection.hasData = true;
      after(connection, steadyMs, () => {
        failures = 0;
      });
      if (current !== connection) {
        const old = current;
        current = connection;
        if (old) end(old);
      }
      after(connection, (plan.rotateMs ?? rotateMs) * (0.97 + 0.03 * random()), () => connect());
    }
    report('ok', '');
    if (broken && lastData !== undefined) options.onReconnect?.(lastData);
    broken = false;
    lastData = now;
    options.onData?.();
    const kept = fresh(events);
    if (kept.length) options.onEvents(kept);
  }

  function watch(connection: Connection): void {
    // A clock that was set back would put off the alarm.
    connection.heardAt = Math.min(connection.heardAt, clock.now());
    const wait = connection.heardAt + quiet - clock.now();
    if (wait > 0) after(connection, wait, () => watch(connection));
    else fail(connection, 'late', `no data for ${Math.round(quiet / 1000)} s`);
  }

  function ping(connection: Connection): void {
    if (!plan.ping) return;
    const { message, everyMs } = plan.ping;
    after(connection, everyMs, () => {
      trySend(connection, message);
      ping(connection);
    });
  }

  function trySend(connection: Connection, message: string): void {
    try {
      connection.socket.send(message);
    } catch (error) {
      fail(connection, 'down', error instanceof Error ? error.message : 'cannot send');
    }
  }

  function connect(): void {
    if (signal.aborted) return;
    let socket: Connection['socket'];
    try {
      socket = new options.WebSocket(plan.url);
    } catch (error) {
      report('down', error instanceof Error ? error.message : 'cannot connect');
      cancelReconnect = clock.after(backoff(failures, 1_000, 30_000, random), () => connect());
      failures += 1;
      return;
    }
    const connection: Connection = { socket, heardAt: clock.now(), hasData: false, timers: new Set() };
    connections.add(connection);
    current ??= connection;
    const live = () => connections.has(connection);
    let opened = false;
    after(connection, connectMs, () => {
      if (!opened) fail(connection, 'down', 'no connection');
    });
    socket.addEventListener('open', () => {
      if (!live()) return;
      opened = true;
      connection.heardAt = clock.now();
      for (const message of plan.subscribe) trySend(connection, message);
      ping(connection);
      watch(connection);
    });
    socket.addEventListener('message', (event) => {
      if (live()) receive(connection, event.data);
    });
    socket.addEventListener('close', (event) =>
      fail(connection, 'down', `closed by the venue (${event.code})`),
    );
    // An error is always followed by a close.
    socket.addEventListener('error', () => {});
  }

  if (signal.aborted) return;
  signal.addEventListener(
    'abort',
    () => {
      cancelReconnect();
      for (const connection of connections) end(connection);
    },
    { once: true },
  );
  report('starting', 'connecting');
  connect();
}
