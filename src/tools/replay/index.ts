import { createBinance } from './binance';
import { createBitget } from './bitget';
import { createBybit } from './bybit';
import { ReplayClock } from './clock';
import { type Fault, FaultBox, parseFaults } from './faults';
import { createHyperliquid } from './hyperliquid';
import { Budgets, type BudgetUse } from './limits';
import { ReplayMarket, type VenueProfile } from './market';
import { createOkx } from './okx';
import { createPages } from './page';
import { type Recording, readRecordings } from './recording';
import { createSentiment } from './sentiment';
import { ReplayServer, type Seat } from './server';
import { shares } from './shares';
import type { ReplayVenue } from './venue';
import { fiveMinuteBars } from './walk';

export { replayAgent, replayFetch, replayWebSocket } from './client';
export { type Fault, faultHelp, faultKinds } from './faults';
export { embeddedData } from './recording';

/** A local exchange: recorded markets answered as the venues answer. See README.md. */

export interface ReplayOptions {
  /** Files or directories of recorded bars; absent: the recordings that ship with the project. */
  data?: string | string[] | undefined;
  /**
   * Where in the recordings the exchange stands when it starts. Up to 1: a share of each recording's length. Larger: a
   * recorded time in ms, for the recordings that contain it. Default: a day before the recording's end, or three quarters
   * of it where that is earlier.
   */
  startAt?: number;
  /**
   * Trades a second on Binance, on average and in bursts; the other venues have fewer, as their volume. Default 2, which
   * is cheap; 16 is as recorded (36 trades a second on all venues), see README.md.
   */
  tradesPerSecond?: number;
  /** List a share, NVDA, beside the coins, as venues do: with a coin's recorded prices. Default: coins alone. */
  shares?: boolean;
  /** How fast time passes; 0 stands still until `advance`. Default 1. */
  speed?: number;
  /** See README.md. */
  faults?: Fault[];
  /** The wall clock. Default Date.now. */
  now?: () => number;
  /** Default: any free port. */
  port?: number;
}

export interface ReplayStats {
  /** The exchange's time. */
  now: number;
  /** Requests and handshakes that a fault keeps waiting now. */
  held: number;
  venues: Record<
    string,
    {
      requests: number;
      budgets: Record<string, BudgetUse>;
      /** Answers refused over a limit. */
      limited: number;
      /** Open now, and texts sent on all of them so far. */
      sockets: number;
      messages: number;
    }
  >;
}

export interface ReplayExchange {
  port: number;
  /** The exchange's time, ms. */
  now(): number;
  /** Moves the exchange's time forward and sends every message that belongs to it. */
  advance(ms: number): void;
  setSpeed(speed: number): void;
  /** Replaces the faults in force. */
  setFaults(faults: Fault[]): void;
  stats(): ReplayStats;
  /** For so long from now on a venue tells so many forced orders of a coin a second, beside the recorded ones. */
  burst(venue: string, coin: string, perSecond: number, forMs: number): void;
  /** A venue's market by the venue's or Binance's name of the coin, to compare with what was served. */
  market(venue: string, coin: string): ReplayMarket;
  /** Forgets the prices and prints that it worked out: they are worked out anew, to the same, when they are asked for. */
  forget(): void;
  close(): Promise<void>;
}

const hour = 3_600_000;

/**
 * How the other venues' copies of the market differ from the recorded Binance one: derived, of the size that the venues
 * report. Binance comes last because its old socket address begins with `/ws`, as those of Hyperliquid and OKX do: without a
 * host name theirs are meant.
 */
const profiles: (VenueProfile & { create: (markets: ReplayMarket[]) => ReplayVenue })[] = [
  {
    id: 'hyperliquid',
    price: 0.9995,
    significantDigits: 5,
    thousands: 'k',
    volume: 0.2,
    openInterest: 0.3,
    forced: 1,
    fundingIntervalMs: hour,
    create: createHyperliquid,
  },
  // Bybit tells of every forced order, the others of a sample
  {
    id: 'bybit',
    price: 1.0001,
    volume: 0.45,
    openInterest: 0.65,
    forced: 3,
    fundingIntervalMs: 8 * hour,
    create: createBybit,
  },
  {
    id: 'okx',
    thousands: 'coins',
    price: 0.9998,
    volume: 0.4,
    openInterest: 0.35,
    forced: 1.5,
    fundingIntervalMs: 8 * hour,
    create: createOkx,
  },
  {
    id: 'bitget',
    thousands: 'coins',
    price: 1.0003,
    volume: 0.35,
    openInterest: 0.45,
    forced: 1,
    fundingIntervalMs: 8 * hour,
    create: createBitget,
  },
  {
    id: 'binance',
    price: 1,
    volume: 1,
    openInterest: 1,
    forced: 1,
    fundingIntervalMs: 8 * hour,
    create: createBinance,
  },
];

/**
 * What to add to recorded times so that the recording stands at `startAt` now. A share of the length is moved to whole
 * 8 hours, so that funding keeps its hours of the day. Where a time is asked for exactly, all recordings are moved by whole
 * hours only, those that do not contain it too: what is served then is the same at every hour of the day.
 */
function shiftOf(recording: Recording, startAt: number | undefined, now: number): number {
  const start = recording.bars[0]!.time;
  const end = recording.bars.at(-1)!.time + recording.recordedMs;
  if (startAt !== undefined && startAt > 1 && startAt >= start && startAt < end) {
    return Math.floor((now - startAt) / hour) * hour;
  }
  const length = end - start;
  const played =
    startAt !== undefined && startAt <= 1 ? length * startAt : length - Math.min(length / 4, 24 * hour);
  const since = now - (start + played);
  if (startAt !== undefined && startAt > 1) return Math.floor(since / hour) * hour;
  return Math.round(since / (8 * hour)) * 8 * hour;
}

/** A moment of the embedded excerpt at which both sides have levels, near and far: for whoever looks for the first time. */
export const showcase = Date.UTC(2024, 8, 18, 14);

/**
 * Starts the exchange on 127.0.0.1.
 *
 * @throws Error when a recording or a fault cannot be read, or the port is taken.
 * @example
 * const replay = await createReplay({ speed: 0 });
 * const fetch = replayFetch(replay.port);
 * const klines = await (await fetch('https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=5m')).json();
 * replay.advance(300_000);
 * await replay.close();
 */
export async function createReplay(options: ReplayOptions = {}): Promise<ReplayExchange> {
  const wall = options.now ?? Date.now;
  const { startAt, tradesPerSecond = 2 } = options;
  if (!(tradesPerSecond > 0 && tradesPerSecond <= 1000))
    throw new RangeError(`tradesPerSecond must be above 0 and at most 1000, got ${tradesPerSecond}`);
  if (startAt !== undefined && !(startAt >= 0))
    throw new RangeError(`startAt must be a number ≥ 0, got ${startAt}`);
  const clock = new ReplayClock(wall, options.speed ?? 1);
  const faults = new FaultBox(wall);
  faults.set(parseFaults(options.faults ?? []));
  const coins = readRecordings(options.data);
  const listed = options.shares
    ? [...coins, ...[...shares].map((coin) => ({ ...coins.at(-1)!, coin }))]
    : coins;
  const recordings = listed.map((recording) => ({
    recording,
    bars: fiveMinuteBars(recording),
    shift: shiftOf(recording, startAt, clock.now()),
  }));
  const markets = new Map<string, ReplayMarket[]>();
  const seats: Seat[] = profiles.map(({ create, ...profile }) => {
    const own = recordings.map(
      ({ recording, bars, shift }) => new ReplayMarket(recording, bars, profile, shift, tradesPerSecond),
    );
    markets.set(profile.id, own);
    const venue = create(own);
    const list = () => {
      const gone = faults.active('delist', venue.id).map(({ coin }) => coin);
      for (const market of own)
        market.delisted = gone.includes(market.coin) || gone.includes(market.recording.coin);
    };
    return { venue, budgets: new Budgets(venue.pools), requests: 0, messages: 0, list };
  });

  const sentiment = createSentiment();
  seats.push({
    venue: sentiment,
    budgets: new Budgets(sentiment.pools),
    requests: 0,
    messages: 0,
    list: () => {},
  });

  const stats = (): ReplayStats => {
    const sockets = server.socketCounts();
    return {
      now: clock.now(),
      held: server.held,
      venues: Object.fromEntries(
        seats.map(({ venue, budgets, requests, messages }) => {
          const use = budgets.stats();
          const limited = Object.values(use).reduce((sum, { refused }) => sum + refused, 0);
          return [venue.id, { requests, budgets: use, limited, sockets: sockets[venue.id] ?? 0, messages }];
        }),
      ),
    };
  };

  const status = () => ({
    clock: { now: clock.now(), speed: clock.speed },
    recordings: recordings.map(({ recording, shift }) => ({
      coin: recording.coin,
      file: recording.file,
      recordedMs: recording.recordedMs,
      shiftMs: shift,
      from: recording.bars[0]!.time + shift,
      to: recording.bars.at(-1)!.time + recording.recordedMs + shift,
      ended: clock.now() >= recording.bars.at(-1)!.time + recording.recordedMs + shift,
    })),
    derived: Object.fromEntries(
      [...markets].map(([id, own]) => [
        id,
        Object.fromEntries(own.map(({ coin, derived }) => [coin, derived])),
      ]),
    ),
    faults: faults.list(),
    stats: stats(),
  });

  function marketOf(venue: string, coin: string): ReplayMarket {
    const found = markets
      .get(venue)
      ?.find((market) => market.coin === coin || market.recording.coin === coin);
    if (!found) throw new RangeError(`no market ${coin} on ${venue}`);
    return found;
  }

  const advance = (ms: number) => {
    server.feed();
    clock.step(ms);
    server.feed();
  };

  /** The control routes under /__replay. */
  function control(method: string, path: string, body: unknown): unknown {
    if (method === 'GET' && (path === '/__replay' || path === '/__replay/status')) return status();
    if (method === 'GET' && path === '/__replay/stats') return stats();
    if (path === '/__replay/faults') {
      if (method === 'POST') faults.set(parseFaults(body));
      return { faults: faults.list() };
    }
    if (path === '/__replay/clock') {
      if (method === 'POST') {
        const { speed, advanceMs } = (body ?? {}) as { speed?: unknown; advanceMs?: unknown };
        if (speed !== undefined) clock.setSpeed(Number(speed));
        if (advanceMs !== undefined) advance(Number(advanceMs));
      }
      return { now: clock.now(), speed: clock.speed };
    }
    return undefined;
  }

  const server = new ReplayServer(seats, clock, faults, wall, createPages(markets), control);
  const port = await server.listen(options.port ?? 0);
  const timer = setInterval(() => server.feed(), 25);
  return {
    port,
    now: () => clock.now(),
    advance,
    setSpeed: (speed) => clock.setSpeed(speed),
    setFaults: (next) => faults.set(parseFaults(next)),
    stats,
    burst(venue, coin, perSecond, forMs) {
      const from = clock.now();
      marketOf(venue, coin).burst = { from, to: from + forMs, perSecond };
    },
    market: marketOf,
    forget() {
      for (const market of [...markets.values()].flat()) market.forget();
    },
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}
