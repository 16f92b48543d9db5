import 'fake-indexeddb/auto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { serialize, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IDBFactory } from 'fake-indexeddb';
import { type IDBPDatabase, openDB, unwrap } from 'idb';
import type { Market } from '../background/symbol/market';
import type { Watcher } from '../background/symbol/publisher';
import { lateMs } from '../background/venue/learning';
import { hourMs, minuteMs } from '../engine/time';
import { liveMinutes } from '../estimate/bar-series';
import { INTEREST, INTEREST_MINUTES, slotMs, VOLUME, width } from '../estimate/day-cells';
import { venueFeeds } from '../feeds';
import type { VenueId } from '../feeds/feed';
import type { WatchReply } from '../protocol/messages';
import type { MapView, Tick } from '../protocol/view';
import { forgetEnded, MarketStage } from './market-stage';
import type { Fault } from './replay';
import { seeded } from './replay/random';

/**
 * Days of one market at speed: the worker's own code and a database in memory on the replayed exchanges, under a clock
 * that is told to pass, with everything going wrong in turn; and the same days with nothing going wrong, to compare what
 * is known at the end.
 */

/**
 * How one run was at a moment: worker, database and what the exchange cannot do without, after a collection. What the exchange
 * works out of each five minutes it keeps for days, and would hide whether the worker grows: it is forgotten before.
 */
interface Sample {
  hour: number;
  heapMb: number;
  /** Part of it that the database takes, which a browser has on its disk: what a copy of it adds. */
  databaseMb: number;
  /** Workers in memory: the one that runs, and those that have ended and are held by something. */
  workers: number;
  /** What the database holds: records of each part, and the size of them all as they are stored. */
  records: Record<string, number>;
  storedMb: number;
}

/** What went wrong, and how often. */
interface Counts {
  faults: Record<string, number>;
  deaths: number;
  sleeps: number;
  offline: number;
  clockMoves: number;
}

export interface SoakResult extends Counts {
  hours: number;
  tookS: number;
  /** Each hour of the run in which everything goes wrong, and of the undisturbed one. */
  samples: Sample[];
  undisturbed: Sample[];
  /** Slots of bars that both runs know, that one lacks, and that they know differently; the same for open interest where the venue has a history of it. */
  bars: Compared;
  /** The bars that differ, as each run knows them, the undisturbed one first. */
  barsDiffering: { venue: string; at: string; bars: [string, string] }[];
  openInterest: Compared;
  /**
   * Open interest where a venue has no history of it: what was heard first of a slot stands for its start, sooner in one run
   * than in the other. Slots that one run was deaf through, asleep or without a network: nobody can tell them afterwards, and
   * the map goes evenly from what was heard before to what was heard after. Slots with what the venue never had within them,
   * and the largest distance from what it had at their start, relative.
   */
  heardInterest: { compared: number; deaf: number; astray: number; worst: number };
  forcedOrders: {
    /** In the run without faults. */
    all: number;
    /** Of those the run with faults lacks so many, and those in time that it says it heard to its end. */
    missing: number;
    /** But for those of time in which the exchange did not list the coin: it had none to tell. */
    missingInHeard: { venue: string; time: number; heardUntil: number }[];
    /** Known to the run with faults alone. */
    invented: number;
  };
  /** Part of what the last map of 24 h tells that lies in other bands than without faults. */
  mapDiffers: number;
  /** Venues that were not well at the end. */
  unwell: string[];
  /** Requests of either run that were refused for going over a limit, but for those that a fault refused. */
  limited: number;
  /** The most of each venue's limits that was used in any of their periods, by pool, of either run. */
  peaks: Record<string, Record<string, { used: number; limit: number }>>;
  /** Maps with a figure that is no finite number. */
  brokenMaps: number;
}

/** Slots that both runs know, that one of them lacks, and that they know differently. */
interface Compared {
  compared: number;
  missing: number;
  differing: number;
}

export interface Plan {
  /** Of the market. */
  hours: number;
  on: VenueId[];
  /** Of what goes wrong, and when. */
  seed: number;
  /** Something goes wrong once in so long, ms, and nothing in the last `recoverMs`, for the worker to come back. */
  roundMs: number;
  recoverMs: number;
}

const everyVenue = venueFeeds.map(({ id }) => id);
const days: Plan = {
  hours: 48,
  on: everyVenue,
  seed: 1,
  roundMs: 20 * minuteMs,
  recoverMs: 100 * minuteMs,
};

const symbol = 'BTC-USDT';
const stepMs = 10_000;

const cut: Omit<Fault, 'venue'> = { kind: 'close', everyMs: 0, forMs: 500 };

/** All that an exchange does wrong, and that a client can know of. */
const wrongs: Record<string, Omit<Fault, 'venue'>[]> = {
  429: [cut, { kind: 'status', status: 429, retryAfter: 30 }],
  403: [cut, { kind: 'status', status: 403 }],
  503: [cut, { kind: 'status', status: 503 }],
  hang: [cut, { kind: 'hang' }],
  half: [{ kind: 'half' }],
  html: [{ kind: 'html' }],
  'empty body': [{ kind: 'nothing' }],
  NaN: [{ kind: 'nan' }],
  'empty strings': [{ kind: 'empty' }],
  'new field names': [{ kind: 'shape' }],
  'odd rows': [{ kind: 'odd' }],
  reordered: [{ kind: 'reorder' }],
  duplicated: [{ kind: 'duplicate' }],
  'rows missing': [cut, { kind: 'gap', path: 'api' }],
  redirected: [cut, { kind: 'redirect', to: 'example.com' }],
  large: [{ kind: 'large', bytes: 20_000_000, times: 2 }],
  'without an end': [cut, { kind: 'endless' }],
  silent: [{ kind: 'silent' }],
  'sockets cut': [{ kind: 'close', everyMs: 45_000 }],
  delisted: [{ kind: 'delist', coin: 'BTC' }],
};

/** Open interest of a slot: as history told it, or as it was first heard; and what the exchange had at its start, and through it. */
interface KnownInterest {
  base: number;
  isHeard: boolean;
  atStart: number;
  had: number[];
}

/** What is known at the end. */
interface Known {
  /** Open, high, low, close and volume of each slot as text, and its open interest, by venue and time. */
  bars: Map<string, string>;
  openInterest: Map<string, KnownInterest>;
  /** By venue and the venue's id of it. */
  orders: Map<string, { venue: string; time: number }>;
  /** When each venue's forced orders were heard, as the worker remembers it. */
  heard: Map<string, [from: number, to: number][]>;
  map: MapView;
}

/** Time in which a venue did not list the coin. */
interface Delisting {
  venue: string;
  from: number;
  to: number;
}

/** One run, as it ended. */
export interface Outcome extends Counts {
  known: Known;
  delistings: Delisting[];
  samples: Sample[];
  unwell: string[];
  limited: number;
  peaks: SoakResult['peaks'];
  brokenMaps: number;
}

/** A page that remembers what it was told last. */
class LastTold implements Watcher {
  readonly window = '24h';
  readonly venue = 'binance';
  map: MapView | undefined;
  tick: Tick | undefined;
  brokenMaps = 0;

  send(reply: WatchReply): void {
    if (reply.type === 'tick') this.tick = reply.tick;
    if (reply.type !== 'map') return;
    this.map = reply.view;
    const { price, lnLow, long, short } = reply.view;
    if (![price, lnLow, ...long, ...short].every(Number.isFinite)) this.brokenMaps += 1;
  }
}

/** The days, once, with or without all that goes wrong in them. */
export class Soak {
  private readonly counts: Counts = { faults: {}, deaths: 0, sleeps: 0, offline: 0, clockMoves: 0 };
  private readonly samples: Sample[] = [];
  private readonly page = new LastTold();
  private readonly stage = new MarketStage();
  private readonly markets: WeakRef<Market>[] = [];
  private readonly delistings: Delisting[] = [];

  constructor(private readonly plan: Plan) {}

  async run(goesWrong: boolean): Promise<Outcome> {
    globalThis.indexedDB = new IDBFactory();
    const { stage, page, counts, samples } = this;
    const { hours, on, roundMs, recoverMs } = this.plan;
    // The recording goes on for longer than it is followed.
    await stage.open({ startAt: 0.5, tradesPerSecond: 0.5 });
    const start = stage.clock.now();
    const end = start + hours * hourMs;
    const now = () => stage.clock.now();
    this.watch();
    await stage.hurry(roundMs, stepMs);
    for (let round = 0; now() < end; round++) {
      const hour = (now() - start) / hourMs;
      if (hour >= samples.length) await this.sample(hour);
      stage.forget();
      const until = Math.min(end, now() + roundMs);
      if (goesWrong && until + recoverMs <= end) await this.goWrong(round, until);
      await stage.hurry(until - now(), stepMs);
    }
    await stage.until('a map', () => page.map?.provisional === false);
    await this.sample(hours);
    const known = await this.known();
    const unwell = on.filter((id) => page.tick?.health.find(({ venue }) => venue === id)?.state !== 'ok');
    const venues = Object.entries(stage.replay.stats().venues);
    const limited = venues.reduce((sum, [, each]) => sum + each.limited, 0);
    const peaks = Object.fromEntries(
      venues.map(([id, { budgets }]) => [
        id,
        Object.fromEntries(
          Object.entries(budgets).map(([pool, { peak, limit }]) => [pool, { used: peak, limit }]),
        ),
      ]),
    );
    await stage.close();
    return {
      ...counts,
      known,
      delistings: this.delistings,
      samples,
      unwell,
      limited,
      peaks,
      brokenMaps: page.brokenMaps,
    };
  }

  private watch(): void {
    const market = this.stage.market(symbol, this.plan.on);
    market.watch(this.page);
    this.markets.push(new WeakRef(market));
  }

  private draw(round: number | string, what: string): number {
    return seeded('soak', this.plan.seed, round, what);
  }

  /** One thing goes wrong, and the worker may end at any moment of it. */
  private async goWrong(round: number, until: number): Promise<void> {
    const { stage, counts } = this;
    const lasts = (0.05 + 0.3 * this.draw(round, 'length')) * this.plan.roundMs;
    const what = this.draw(round, 'what');
    if (what < 0.1) {
      counts.sleeps += 1;
      stage.sleep(2 * lasts);
    } else if (what < 0.2) {
      counts.offline += 1;
      stage.goOffline(true);
      await this.die(round, lasts);
      stage.goOffline(false);
    } else if (what < 0.3) {
      counts.clockMoves += 1;
      stage.aheadMs = (this.draw(round, 'ahead') - 0.5) * 2 * hourMs;
      await this.die(round, lasts);
      stage.aheadMs = 0;
    } else {
      const names = Object.keys(wrongs);
      const name = names[round % names.length]!;
      const { on } = this.plan;
      const venue = on[Math.floor(this.draw(round, 'venue') * on.length)]!;
      counts.faults[name] = (counts.faults[name] ?? 0) + 1;
      const from = stage.clock.now();
      stage.replay.setFaults(wrongs[name]!.map((part) => ({ ...part, venue })));
      await this.die(round, lasts);
      stage.replay.setFaults([]);
      if (wrongs[name]!.some(({ kind }) => kind === 'delist'))
        this.delistings.push({ venue, from, to: stage.clock.now() });
    }
    // And once more when all is well, or while it is coming back.
    await this.die(`${round} again`, (until - stage.clock.now()) / 2);
  }

  /** Time passes, and in the middle of it, in three of five cases, the worker ends between two events. */
  private async die(round: number | string, ms: number): Promise<void> {
    const { stage } = this;
    const before = ms * this.draw(round, 'moment');
    await stage.hurry(before, stepMs);
    if (this.draw(round, 'death') < 0.6) {
      this.counts.deaths += 1;
      // Timers run and requests leave that are never answered.
      stage.clock.pass(1000 * this.draw(round, 'second'));
      stage.restart();
      this.watch();
    }
    await stage.hurry(ms - before, stepMs);
  }

  private async sample(hour: number): Promise<void> {
    this.stage.replay.forget();
    // What was looked at in this turn of the loop is held until its end.
    await new Promise(setImmediate);
    const heapMb = heapUsedMb();
    const workers = this.markets.filter((market) => market.deref()).length;
    const database = await openDB('liqbands');
    const copy = await copyOf(database);
    const databaseMb = Number((heapUsedMb() - heapMb).toFixed(2));
    const records: Record<string, number> = {};
    let stored = 0;
    for (const name of copy.objectStoreNames) {
      const rows = await copy.getAll(name);
      records[name] = rows.length;
      for (const row of rows) stored += serialize(row).byteLength;
    }
    copy.close();
    database.close();
    const storedMb = mb(stored);
    this.samples.push({ hour: Number(hour.toFixed(1)), heapMb, databaseMb, workers, records, storedMb });
  }

  private async known(): Promise<Known> {
    const database = await openDB('liqbands');
    const known: Known = {
      bars: new Map(),
      openInterest: new Map(),
      orders: new Map(),
      heard: new Map(),
      map: this.page.map!,
    };
    for (const key of await database.getAllKeys('days')) {
      const [, venue, day] = key as [string, string, number];
      const market = this.stage.replay.market(venue, 'BTC');
      const cells = (await database.get('days', key)) as Float64Array;
      for (let at = 0; at < cells.length; at += width) {
        const time = day + (at / width) * slotMs;
        const slot = `${venue} ${time}`;
        if (cells[at]! > 0) known.bars.set(slot, cells.subarray(at, at + VOLUME + 1).join(' '));
        if (cells[at + INTEREST]! > 0)
          known.openInterest.set(slot, {
            base: cells[at + INTEREST]!,
            isHeard: cells[at + INTEREST_MINUTES] === liveMinutes,
            atStart: market.openInterest(time),
            // What it tells is heard up to a step late. Bars end where the next does not quite begin.
            had: [-stepMs, -1, 0, slotMs - 1].map((ms) => market.openInterest(time + ms)),
          });
      }
    }
    for (const { venue, id, time } of await database.getAll('forcedOrders'))
      known.orders.set(`${venue} ${id}`, { venue, time });
    for (const id of this.plan.on)
      known.heard.set(id, (await database.get('facts', `heard ${symbol} ${id}`)) ?? []);
    database.close();
    return known;
  }
}

const mb = (bytes: number): number => Number((bytes / 2 ** 20).toFixed(2));

/** After a collection. */
function heapUsedMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return mb(process.memoryUsage().heapUsed);
}

/** Another database in memory with the same records. */
async function copyOf(database: IDBPDatabase): Promise<IDBPDatabase> {
  const names = [...database.objectStoreNames];
  const { indexedDB } = globalThis;
  globalThis.indexedDB = new IDBFactory();
  const opening = openDB('copy', 1, {
    upgrade(made) {
      for (const name of names) made.createObjectStore(name);
    },
  });
  globalThis.indexedDB = indexedDB;
  const copy = await opening;
  for (const name of names) {
    const [keys, values] = await Promise.all([database.getAllKeys(name), database.getAll(name)]);
    const { store, done } = copy.transaction(name, 'readwrite');
    for (const [i, key] of keys.entries()) void store.put(values[i], key);
    await done;
  }
  forgetEnded(unwrap(copy));
  return copy;
}

function compare<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  isSame: (one: T, other: T) => boolean,
): Compared {
  const both = [...a.keys()].filter((key) => b.has(key));
  return {
    compared: both.length,
    missing: a.size + b.size - 2 * both.length,
    differing: both.filter((key) => !isSame(a.get(key)!, b.get(key)!)).length,
  };
}

/** Exchanges tell open interest to so many digits, relative. */
const told = 1e-5;

const withoutHistory = venueFeeds
  .filter(({ limits }) => !limits.openInterestHistory)
  .map(({ id }) => `${id} `);

/** The slots of venues that have a history of open interest, or of those that have none. */
function interestOf({ openInterest }: Known, hasHistory: boolean): ReadonlyMap<string, KnownInterest> {
  const isTold = (slot: string) => !withoutHistory.some((venue) => slot.startsWith(venue));
  return new Map([...openInterest].filter(([slot]) => isTold(slot) === hasHistory));
}

function heardInterestOf(a: Known, b: Known): SoakResult['heardInterest'] {
  const { missing: deaf } = compare(interestOf(a, false), interestOf(b, false), () => true);
  const heard = [a, b].flatMap(({ openInterest }) =>
    [...openInterest.values()].filter(({ isHeard }) => isHeard),
  );
  const isAstray = ({ base, had }: KnownInterest) =>
    base < Math.min(...had) * (1 - told) || base > Math.max(...had) * (1 + told);
  return {
    compared: heard.length,
    deaf,
    astray: heard.filter(isAstray).length,
    worst: Number(
      Math.max(0, ...heard.map(({ base, atStart }) => Math.abs(base / atStart - 1))).toPrecision(2),
    ),
  };
}

/** The larger of what two runs used of each limit. */
function joined(a: SoakResult['peaks'], b: SoakResult['peaks']): SoakResult['peaks'] {
  const larger = (venue: string, pool: string) => {
    const [one, other] = [a[venue]?.[pool], b[venue]?.[pool]];
    return one && (!other || one.used > other.used) ? one : other!;
  };
  return Object.fromEntries(
    Object.keys({ ...a, ...b }).map((venue) => [
      venue,
      Object.fromEntries(
        Object.keys({ ...a[venue], ...b[venue] }).map((pool) => [pool, larger(venue, pool)]),
      ),
    ]),
  );
}

/** Half the sum of the differences of two maps' bands, as a part of what the first holds. */
function differenceOf(a: MapView, b: MapView): number {
  const shift = Math.round((a.lnLow - b.lnLow) / a.step);
  let apart = 0;
  let all = 0;
  for (const side of ['long', 'short'] as const) {
    for (const [i, usd] of a[side].entries()) {
      apart += Math.abs(usd - (b[side][i + shift] ?? 0));
      all += usd;
    }
  }
  return Number((apart / 2 / all).toPrecision(2));
}

/** The days with nothing going wrong, in a process of their own, so that the two runs share no memory and no time. */
async function undisturbed(plan: Plan): Promise<Outcome> {
  const child = fork(new URL('./bench-soak-undisturbed.ts', import.meta.url), [JSON.stringify(plan)], {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  try {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the undisturbed run ended with code ${code}`);
    });
    const [outcome] = (await Promise.race([once(child, 'message'), ended])) as [Outcome];
    return outcome;
  } finally {
    child.kill();
  }
}

/** The days that `plan` does not say otherwise of, twice. */
export async function benchSoak(plan: Partial<Plan> = {}): Promise<SoakResult> {
  const startedAt = Date.now();
  const whole = { ...days, ...plan };
  const [calm, soak] = await Promise.all([undisturbed(whole), new Soak(whole).run(true)]);
  const { known, delistings, peaks, limited, samples, brokenMaps, ...rest } = soak;
  const isListed = ({ venue, time }: { venue: string; time: number }) =>
    !delistings.some((each) => each.venue === venue && time >= each.from && time <= each.to);
  const missing = [...calm.known.orders].filter(([id]) => !known.orders.has(id)).map(([, order]) => order);
  return {
    hours: whole.hours,
    tookS: Math.round((Date.now() - startedAt) / 1000),
    ...rest,
    samples,
    undisturbed: calm.samples,
    bars: compare(calm.known.bars, known.bars, (one, other) => one === other),
    barsDiffering: [...calm.known.bars].flatMap(([slot, bar]) => {
      const other = known.bars.get(slot);
      const [venue, time] = slot.split(' ') as [string, string];
      return other === undefined || other === bar
        ? []
        : [{ venue, at: new Date(Number(time)).toISOString(), bars: [bar, other] as [string, string] }];
    }),
    openInterest: compare(
      interestOf(calm.known, true),
      interestOf(known, true),
      (one, other) => one.isHeard || other.isHeard || one.base === other.base,
    ),
    heardInterest: heardInterestOf(calm.known, known),
    forcedOrders: {
      all: calm.known.orders.size,
      missing: missing.length,
      missingInHeard: missing.filter(isListed).flatMap((order) => {
        // Orders come late: those of a span's last seconds may be missing.
        const span = known.heard
          .get(order.venue)!
          .find(([from, to]) => from <= order.time && order.time + lateMs <= to);
        return span ? [{ ...order, heardUntil: span[1] }] : [];
      }),
      invented: [...known.orders.keys()].filter((id) => !calm.known.orders.has(id)).length,
    },
    mapDiffers: differenceOf(calm.known.map, known.map),
    limited: calm.limited + limited,
    peaks: joined(calm.peaks, peaks),
    brokenMaps: calm.brokenMaps + brokenMaps,
  };
}

/** The figures for people. */
export function textOf(soak: SoakResult): string {
  const { forcedOrders, bars, openInterest, heardInterest, samples, peaks } = soak;
  const faults = Object.values(soak.faults).reduce((sum, count) => sum + count, 0);
  const slots = ({ compared, missing, differing }: Compared) =>
    `${compared} compared, ${missing} known to one run only, ${differing} different`;
  const line = ({ hour, heapMb, databaseMb, workers, storedMb, records }: Sample) =>
    `  hour ${String(hour).padStart(4)}: heap ${heapMb} MB, ${databaseMb} of it the database, workers in memory ${workers}, stored ${storedMb} MB: ${Object.entries(
      records,
    )
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`;
  const used = Object.entries(peaks).map(
    ([venue, pools]) =>
      `${venue} ${Object.entries(pools)
        .map(([pool, { used, limit }]) => `${pool} ${used} of ${limit}`)
        .join(', ')}`,
  );
  return [
    `${soak.hours} hours of ${symbol} in ${soak.tookS} s, and the same without anything going wrong`,
    `  went wrong   ${faults} faults of ${Object.keys(soak.faults).length} kinds, ${soak.deaths} deaths of the worker, ${soak.sleeps} sleeps, ${soak.offline} times offline, ${soak.clockMoves} moves of the clock`,
    `  bars         ${slots(bars)}`,
    `  open interest ${slots(openInterest)}; ${heardInterest.compared} heard without a history, ${heardInterest.deaf} that one run was deaf through, ${heardInterest.astray} that were never so, at most ${(100 * heardInterest.worst).toFixed(3)} % from the start of its slot`,
    `  forced orders ${forcedOrders.all}, ${forcedOrders.missing} missing, ${forcedOrders.missingInHeard.length} of them in time called heard, ${forcedOrders.invented} invented`,
    `  last map     ${(100 * soak.mapDiffers).toFixed(2)} % in other bands; ${soak.brokenMaps} broken maps; not well at the end: ${soak.unwell.join(', ') || 'none'}`,
    `  refused for going over a limit: ${soak.limited}; most used: ${used.join('; ')}`,
    ...samples.map(line),
    ' without anything going wrong',
    ...soak.undisturbed.map(line),
  ].join('\n');
}
