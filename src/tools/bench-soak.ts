import 'fake-indexeddb/auto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import type { Watcher } from '../background/symbol/publisher';
import { hourMs, minuteMs } from '../engine/time';
import { INTEREST, slotMs, VOLUME, width } from '../estimate/day-cells';
import { venueFeeds } from '../feeds';
import type { VenueId } from '../feeds/feed';
import type { WatchReply } from '../protocol/messages';
import type { MapView, Tick } from '../protocol/view';
import { MarketStage } from './market-stage';
import type { Fault } from './replay';
import { seeded } from './replay/random';

/**
 * Days of one market at speed: the worker's own code and a database in memory on the replayed exchanges, under a clock
 * that is told to pass, with everything going wrong in turn; and the same days with nothing going wrong, to compare what
 * is known at the end.
 */

/** How the process was at one moment: worker, exchange and database together, after a collection. */
interface Sample {
  hour: number;
  heapMb: number;
  records: Record<string, number>;
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
  samples: Sample[];
  /** Slots of bars that both runs know, that one lacks, and that they know differently; the same for open interest. */
  bars: { compared: number; missing: number; differing: number };
  openInterest: { compared: number; missing: number; differing: number };
  forcedOrders: {
    /** In the run without faults. */
    all: number;
    /** Of those the run with faults lacks so many, and so many in time that it says it heard. */
    missing: number;
    missingInHeard: number;
    /** Known to the run with faults alone. */
    invented: number;
  };
  /** Part of what the last map of 24 h tells that lies in other bands than without faults. */
  mapDiffers: number;
  /** Venues that were not well at the end. */
  unwell: string[];
  /** Requests of either run that were refused for going over a limit, but for those that a fault refused. */
  limited: number;
  /** Maps with a figure that is no finite number. */
  brokenMaps: number;
}

interface Plan {
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
const samplesWanted = 8;

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

/** What is known at the end. */
interface Known {
  /** Open, high, low, close and volume of each slot, and its open interest, as text, by venue and time. */
  bars: Map<string, string>;
  openInterest: Map<string, string>;
  /** By venue and the venue's id of it. */
  orders: Map<string, { venue: string; time: number }>;
  /** When each venue's forced orders were heard, as the worker remembers it. */
  heard: Map<string, [from: number, to: number][]>;
  map: MapView;
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

/** The same days as often as they are run, with or without all that goes wrong in them. */
class Soak {
  readonly counts: Counts = { faults: {}, deaths: 0, sleeps: 0, offline: 0, clockMoves: 0 };
  readonly samples: Sample[] = [];
  readonly page = new LastTold();
  private readonly stage = new MarketStage();

  constructor(private readonly plan: Plan) {}

  async run(goesWrong: boolean): Promise<{ known: Known; unwell: string[]; limited: number }> {
    globalThis.indexedDB = new IDBFactory();
    const { stage, page } = this;
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
      if (hour >= (this.samples.length * hours) / samplesWanted) await this.sample(hour);
      stage.forget();
      const until = Math.min(end, now() + roundMs);
      if (goesWrong && until + recoverMs <= end) await this.goWrong(round, until);
      await stage.hurry(until - now(), stepMs);
    }
    await stage.until('a map', () => page.map?.provisional === false);
    await this.sample(hours);
    const known = await this.known();
    const unwell = on.filter((id) => page.tick?.health.find(({ venue }) => venue === id)?.state !== 'ok');
    const limited = Object.values(stage.replay.stats().venues).reduce((sum, each) => sum + each.limited, 0);
    await stage.close();
    return { known, unwell, limited };
  }

  private watch(): void {
    this.stage.market(symbol, this.plan.on).watch(this.page);
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
      stage.replay.setFaults(wrongs[name]!.map((part) => ({ ...part, venue })));
      await this.die(round, lasts);
      stage.replay.setFaults([]);
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
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
    const heapMb = Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1));
    const database = await openDB('liqbands');
    const names = [...database.objectStoreNames];
    const records: Record<string, number> = {};
    for (const name of names) records[name] = await database.count(name);
    database.close();
    this.samples.push({ hour: Number(hour.toFixed(1)), heapMb, records });
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
      const cells = (await database.get('days', key)) as Float64Array;
      for (let at = 0; at < cells.length; at += width) {
        const slot = `${venue} ${day + (at / width) * slotMs}`;
        if (cells[at]! > 0) known.bars.set(slot, cells.subarray(at, at + VOLUME + 1).join(' '));
        if (cells[at + INTEREST]! > 0) known.openInterest.set(slot, String(cells[at + INTEREST]));
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

function compare(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) {
  const both = [...a.keys()].filter((key) => b.has(key));
  return {
    compared: both.length,
    missing: a.size + b.size - 2 * both.length,
    differing: both.filter((key) => a.get(key) !== b.get(key)).length,
  };
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

/** The days that `plan` does not say otherwise of, twice. */
export async function benchSoak(plan: Partial<Plan> = {}): Promise<SoakResult> {
  const startedAt = Date.now();
  const whole = { ...days, ...plan };
  const calm = new Soak(whole);
  const asItWas = await calm.run(false);
  const soak = new Soak(whole);
  const { known, unwell, limited } = await soak.run(true);
  const missing = [...asItWas.known.orders].filter(([id]) => !known.orders.has(id));
  const isHeard = ({ venue, time }: { venue: string; time: number }) =>
    known.heard.get(venue)!.some(([from, to]) => from <= time && time <= to);
  return {
    hours: whole.hours,
    tookS: Math.round((Date.now() - startedAt) / 1000),
    ...soak.counts,
    samples: soak.samples,
    bars: compare(asItWas.known.bars, known.bars),
    openInterest: compare(asItWas.known.openInterest, known.openInterest),
    forcedOrders: {
      all: asItWas.known.orders.size,
      missing: missing.length,
      missingInHeard: missing.filter(([, order]) => isHeard(order)).length,
      invented: [...known.orders.keys()].filter((id) => !asItWas.known.orders.has(id)).length,
    },
    mapDiffers: differenceOf(asItWas.known.map, known.map),
    unwell,
    limited: asItWas.limited + limited,
    brokenMaps: calm.page.brokenMaps + soak.page.brokenMaps,
  };
}

/** The figures for people. */
export function textOf(soak: SoakResult): string {
  const { forcedOrders, bars, openInterest, samples } = soak;
  const faults = Object.values(soak.faults).reduce((sum, count) => sum + count, 0);
  const slots = ({ compared, missing, differing }: typeof bars) =>
    `${compared} compared, ${missing} known to one run only, ${differing} different`;
  return [
    `${soak.hours} hours of ${symbol} in ${soak.tookS} s, and the same without anything going wrong`,
    `  went wrong   ${faults} faults of ${Object.keys(soak.faults).length} kinds, ${soak.deaths} deaths of the worker, ${soak.sleeps} sleeps, ${soak.offline} times offline, ${soak.clockMoves} moves of the clock`,
    `  bars         ${slots(bars)}`,
    `  open interest ${slots(openInterest)}`,
    `  forced orders ${forcedOrders.all}, ${forcedOrders.missing} missing, ${forcedOrders.missingInHeard} of them in time called heard, ${forcedOrders.invented} invented`,
    `  last map     ${(100 * soak.mapDiffers).toFixed(2)} % in other bands; ${soak.brokenMaps} broken maps; not well at the end: ${soak.unwell.join(', ') || 'none'}`,
    `  refused for going over a limit: ${soak.limited}`,
    ...samples.map(
      ({ hour, heapMb, records }) =>
        `  hour ${String(hour).padStart(4)}: heap ${heapMb} MB, records ${Object.entries(records)
          .map(([name, count]) => `${name} ${count}`)
          .join(', ')}`,
    ),
  ].join('\n');
}
