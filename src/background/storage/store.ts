import { type DBSchema, deleteDB, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { Lesson, QEstimate } from '../../engine/forced/learn';
import { isAmount } from '../../engine/need';
import type { ForcedOrder } from '../../engine/records';
import { dayMs, hourMs, isWithin } from '../../engine/time';
import { dayLength, isDay } from '../../estimate/day-cells';
import type { VenueId } from '../../feeds/feed';
import type { Clock } from '../../feeds/net/pacing';
import { databaseInTime, faultOf, inTransaction, patienceMs, StoreError, type StoreFault } from './patience';

/** How long anything is kept. */
const retentionMs = 60 * dayMs;

/** The map of one hour as it was shown: at-risk USD of band i, [exp(lnLow + i·step), exp(lnLow + (i+1)·step)). */
export interface StoredMap {
  symbol: string;
  time: number;
  price: number;
  lnLow: number;
  step: number;
  long: Float32Array;
  short: Float32Array;
}

/** Both sides of one hour, `[long, short]`, amounts in coins. */
export interface Hour {
  /** Its beginning, ms since 1970 by the venue's clock. */
  time: number;
  sides: [Lesson, Lesson];
  /** Force-closed ÷ at risk as it was believed before the hour was known, by the map and by distance only. */
  believed?: { map: QEstimate; typical: QEstimate };
}

export interface RecordedOrder {
  /** The same for the same order however often the venue sends it. */
  id: string;
  order: ForcedOrder;
}

export type ForcedOrderRow = ForcedOrder & { id: string; venue: VenueId; symbol: string };

interface Schema extends DBSchema {
  /** Bars and open interest of one day, see `Series`. */
  days: { key: [symbol: string, venue: string, day: number]; value: Float64Array };
  /** The key tells one order from another, so that none is kept twice. */
  forcedOrders: { key: [symbol: string, time: number, venue: string, id: string]; value: ForcedOrderRow };
  snapshots: { key: [symbol: string, time: number]; value: StoredMap };
  /** What forced orders of one hour taught, see `Learning`. */
  lessons: { key: [symbol: string, venue: string, time: number]; value: Hour };
  /** Small facts by name, those of one symbol as `what symbol` or `what symbol venue`: instrument lists, what was heard. */
  facts: { key: string; value: unknown };
}

type Name = 'days' | 'forcedOrders' | 'snapshots' | 'lessons' | 'facts';
const names: Name[] = ['days', 'forcedOrders', 'snapshots', 'lessons', 'facts'];
type Transaction = IDBPTransaction<Schema, Name[], 'readwrite'>;
type Reading = IDBPTransaction<Schema, Name[], 'readonly'>;
type Write = (transaction: Transaction) => Promise<unknown>;

/** What leads from each schema version to the next; the length is the present version. Never edit one that shipped. */
const migrations: ((database: IDBPDatabase<Schema>) => void)[] = [
  (database) => {
    for (const name of ['days', 'forcedOrders', 'snapshots', 'facts'] as const) {
      database.createObjectStore(name);
    }
  },
  (database) => {
    database.createObjectStore('lessons');
  },
];

/** An open that fails is tried again so often in all, once after a ruined database is gone. */
const openAttempts = 3;

/** A database that is gone without is tried again this often. */
const againMs = 30_000;
/** The fact that is written to see whether it answers: when it did, ms since 1970. */
const answeredFact = 'answered';

/** After so many forced orders those beyond their part of the budget go, without waiting for the next clearing. */
const ordersBetweenClearings = 20_000;
/** Room is made on a full disk this seldom. */
const makeRoomMs = hourMs;

const dayBytes = dayLength * 8 + 64;
const forcedOrderBytes = 300;
const snapshotBytes = 10_000;
const lessonBytes = 300;
/** Parts of the budget that forced orders and maps, each, and lessons may take; days get the rest. */
const orderShare = 0.2;
const lessonShare = 0.1;

/**
 * Everything market-related that outlives the worker. Writes that come while one is under way go together in the next
 * transaction. A database that is damaged or of a newer version is made anew; trouble that passes costs nothing kept. A
 * full disk loses the oldest days first, and where there is no database at all (a private window) or none that answers the
 * store remembers nothing, without making anybody wait. Settings do not live here.
 */
export class Store {
  private database: Promise<IDBPDatabase<Schema> | undefined> | undefined;
  private queue: { write: Write; done: (stored: boolean) => void }[] = [];
  private flushing = false;
  private madeRoomAt = Number.NEGATIVE_INFINITY;
  /** The browser said so often in a row that it does not know what is wrong. */
  private unknownErrors = 0;
  private ordersSinceClearing = 0;
  /** It does not answer, and is gone without until it does. */
  private isSilent = false;
  /** Something was to be read meanwhile. */
  private hasMissed = false;
  /** Ends the present search for an answer. */
  private stopSeeking: () => void = () => undefined;
  /** Why the newest write was not stored; undefined when all is well. */
  fault: StoreFault | undefined;
  /**
   * The database has answered after something could not be read from it. Nothing has been written yet: what was learned
   * meanwhile knows nothing of what is kept, and must not take its place.
   */
  onAnswered: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly name = 'liqbands',
    private readonly budgetBytes = 100 * 1024 * 1024,
  ) {}

  /** The newest `count` stored days of one venue's market. Days that cannot be trusted are left out. */
  async days(symbol: string, venue: VenueId, count: number): Promise<[day: number, cells: Float64Array][]> {
    return this.read([], async (transaction) => {
      const stored = transaction.objectStore('days');
      const whole = IDBKeyRange.bound([symbol, venue, 0], [symbol, venue, Number.MAX_VALUE]);
      const keys = (await stored.getAllKeys(whole)).slice(-count);
      if (keys.length === 0) return [];
      const values = await stored.getAll(IDBKeyRange.bound(keys[0], keys.at(-1)));
      return keys.flatMap((key, i) => {
        const cells: unknown = values[i];
        return isDay(cells) ? [[key[2], cells] as [number, Float64Array]] : [];
      });
    });
  }

  /** Resolves to true once the days are stored. */
  saveDays(
    symbol: string,
    venue: VenueId,
    days: readonly [day: number, cells: Float64Array][],
  ): Promise<boolean> {
    return this.write((transaction) =>
      Promise.all(
        days.map(([day, cells]) => transaction.objectStore('days').put(cells, [symbol, venue, day])),
      ),
    );
  }

  /** Resolves to true once the orders are stored; an order stored before is stored once. */
  saveForcedOrders(symbol: string, venue: VenueId, orders: readonly RecordedOrder[]): Promise<boolean> {
    this.ordersSinceClearing += orders.length;
    const isDue = this.ordersSinceClearing >= ordersBetweenClearings;
    if (isDue) this.ordersSinceClearing = 0;
    const stored = this.write((transaction) =>
      Promise.all(
        orders.map(({ id, order }) =>
          transaction
            .objectStore('forcedOrders')
            .put({ ...order, id, venue, symbol }, [symbol, order.time, venue, id]),
        ),
      ),
    );
    if (isDue) void this.write((transaction) => this.discardOrders(transaction));
    return stored;
  }

  /** Forced orders of all venues in [from, to), ascending in time. One that cannot be read is left out. */
  forcedOrders(symbol: string, from: number, to = Number.MAX_VALUE): Promise<ForcedOrderRow[]> {
    return this.read([], async (transaction) => {
      const orders = transaction.objectStore('forcedOrders');
      return (await orders.getAll(IDBKeyRange.bound([symbol, from], [symbol, to], false, true))).filter(
        isOrder,
      );
    });
  }

  /** Keeps the first map stored for an hour: the past is not repainted. */
  saveSnapshot(snapshot: StoredMap): Promise<boolean> {
    return this.write(async (transaction) => {
      const snapshots = transaction.objectStore('snapshots');
      const key: [string, number] = [snapshot.symbol, snapshot.time];
      if ((await snapshots.getKey(key)) === undefined) await snapshots.put(snapshot, key);
    });
  }

  /** Hourly maps from `from` on, ascending in time. One that cannot be read is left out. */
  snapshots(symbol: string, from: number): Promise<StoredMap[]> {
    return this.read([], async (transaction) => {
      const maps = transaction.objectStore('snapshots');
      return (await maps.getAll(IDBKeyRange.bound([symbol, from], [symbol, Number.MAX_VALUE]))).filter(isMap);
    });
  }

  /** Resolves to true once the hours are stored. */
  saveLessons(symbol: string, venue: VenueId, hours: readonly Hour[]): Promise<boolean> {
    return this.write((transaction) =>
      Promise.all(
        hours.map((hour) => transaction.objectStore('lessons').put(hour, [symbol, venue, hour.time])),
      ),
    );
  }

  /** Hours of one venue's market from `from` on, ascending; the caller checks what it gets. */
  lessons(symbol: string, venue: VenueId, from: number): Promise<unknown[]> {
    return this.read([], (transaction) => {
      const hours = transaction.objectStore('lessons');
      return hours.getAll(IDBKeyRange.bound([symbol, venue, from], [symbol, venue, Number.MAX_VALUE]));
    });
  }

  /** A stored fact; the caller checks what it gets. */
  fact(name: string): Promise<unknown> {
    return this.read(undefined, (transaction) => transaction.objectStore('facts').get(name));
  }

  saveFact(name: string, value: unknown): Promise<boolean> {
    return this.write((transaction) => transaction.objectStore('facts').put(value, name));
  }

  /**
   * Deletes what is older than the retention, counted back from the newest stored day, then the oldest orders, maps and
   * lessons beyond their parts of the budget, then whole days beyond the rest: oldest first, symbols outside `keep`
   * before others; and the facts of symbols that have no day left.
   */
  async prune(keep: readonly string[] = []): Promise<void> {
    await this.write(async (transaction) => {
      const days = transaction.objectStore('days');
      const forcedOrders = transaction.objectStore('forcedOrders');
      const snapshots = transaction.objectStore('snapshots');
      const lessons = transaction.objectStore('lessons');
      const dayKeys = await days.getAllKeys();
      // A day from the future, by whatever clock, must not make all others old.
      const newest = dayKeys.reduce((latest, key) => Math.max(latest, key[2]), 0);
      const before = Math.min(newest, this.clock.now()) - retentionMs;
      const oldDays = dayKeys.filter((key) => key[2] <= before);
      const oldOrders = (await forcedOrders.getAllKeys()).filter((key) => key[1] < before);
      const oldLessons = (await lessons.getAllKeys()).filter((key) => key[2] < before);
      const oldSnapshots = (await snapshots.getAllKeys()).filter((key) => key[1] < before);
      await Promise.all([
        ...oldDays.map((key) => days.delete(key)),
        ...oldOrders.map((key) => forcedOrders.delete(key)),
        ...oldSnapshots.map((key) => snapshots.delete(key)),
        ...oldLessons.map((key) => lessons.delete(key)),
      ]);
      const share = (part: number) => this.budgetBytes * part;
      await this.discardOrders(transaction);
      await discardOldest(transaction, 'snapshots', share(orderShare) / snapshotBytes, (key) => key[1]);
      await discardOldest(transaction, 'lessons', share(lessonShare) / lessonBytes, (key) => key[2]);
      const others =
        (await forcedOrders.count()) * forcedOrderBytes +
        (await snapshots.count()) * snapshotBytes +
        (await lessons.count()) * lessonBytes;
      const room = Math.max(0, Math.floor((this.budgetBytes - others) / dayBytes));
      await discardDays(transaction, (await days.count()) - room, keep);
      const known = new Set([...keep, ...(await days.getAllKeys()).map(([symbol]) => symbol)]);
      const facts = transaction.objectStore('facts');
      const isOver = (symbol: string | undefined) => symbol !== undefined && !known.has(symbol);
      const overs = (await facts.getAllKeys()).filter((name) => isOver(symbolOf(name)));
      await Promise.all(overs.map((name) => facts.delete(name)));
    });
  }

  private discardOrders(transaction: Transaction): Promise<void> {
    const room = (this.budgetBytes * orderShare) / forcedOrderBytes;
    return discardOldest(transaction, 'forcedOrders', room, (key) => key[1]);
  }

  /**
   * Forgets everything.
   *
   * @throws StoreError where the browser did not let go of it
   */
  async wipe(): Promise<void> {
    const isGone = await this.write((transaction) =>
      Promise.all(names.map((name) => transaction.objectStore(name).clear())),
    );
    if (!isGone && this.fault) throw new StoreError('market data was not deleted', this.fault);
  }

  async close(): Promise<void> {
    const database = await this.database;
    this.database = undefined;
    database?.close();
  }

  private async open(): Promise<IDBPDatabase<Schema> | undefined> {
    if (typeof indexedDB === 'undefined') return undefined;
    const connect = () =>
      openDB<Schema>(this.name, migrations.length, {
        upgrade(database, from) {
          for (const migrate of migrations.slice(from)) migrate(database);
        },
        blocking: (_version, _blocked, event) => {
          (event.target as IDBDatabase).close();
          this.database = undefined;
        },
        terminated: () => {
          this.database = undefined;
        },
      });
    const complete = (database: IDBPDatabase<Schema>) => {
      if (names.every((name) => database.objectStoreNames.contains(name))) return database;
      database.close();
      throw new DOMException('The database lacks a part', 'NotFoundError');
    };
    for (let attempt = 0; attempt < openAttempts; attempt++) {
      try {
        return complete(await connect());
      } catch (cause) {
        this.fault = faultOf(cause);
        await this.remakeIfRuined(cause);
      }
    }
    // The next use tries again.
    this.database = undefined;
    return undefined;
  }

  /** Deletes a database that no further try could read: market data can be fetched again. */
  private async remakeIfRuined(cause: unknown): Promise<void> {
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'UnknownError') this.unknownErrors += 1;
    // Browsers report damaged files and passing trouble with the same name: damage is what stays.
    if (name === 'VersionError' || name === 'NotFoundError' || this.unknownErrors > 1) {
      this.unknownErrors = 0;
      await databaseInTime(this.clock, patienceMs, deleteDB(this.name)).catch(() => undefined);
    }
  }

  /** The database; undefined where there is none, and while it is gone without. */
  private async connection(): Promise<IDBPDatabase<Schema> | undefined> {
    if (this.isSilent) return undefined;
    this.database ??= this.open();
    const opening = this.database;
    try {
      return await databaseInTime(this.clock, patienceMs, opening);
    } catch {
      this.goWithout(opening);
      return undefined;
    }
  }

  /** From now on nobody waits for the database, until `opening` or one that is tried later has taken a fact. */
  private goWithout(opening = this.open()): void {
    if (this.isSilent) return;
    this.isSilent = true;
    this.fault = { kind: 'silent' };
    this.seek(opening);
  }

  private seek(opening: Promise<IDBPDatabase<Schema> | undefined>): void {
    this.stopSeeking = this.clock.after(againMs, () => this.seek(this.open()));
    void opening
      .then(async (database) => {
        if (!database) return;
        await database.put('facts', this.clock.now(), answeredFact);
        if (this.isSilent) this.goOnWith(database);
        else if (database !== (await this.database)) database.close();
      })
      // The next one may.
      .catch(() => undefined);
  }

  private goOnWith(database: IDBPDatabase<Schema>): void {
    this.stopSeeking();
    this.isSilent = false;
    this.database = Promise.resolve(database);
    this.fault = undefined;
    if (this.hasMissed) this.onAnswered();
    this.hasMissed = false;
  }

  /** What `use` finds; `otherwise` where the database does not tell. */
  private async read<T>(otherwise: T, use: (transaction: Reading) => Promise<T>): Promise<T> {
    const database = await this.connection();
    try {
      if (database) return await inTransaction(this.clock, database.transaction(names, 'readonly'), use);
    } catch (cause) {
      await this.recover(cause);
    }
    this.hasMissed ||= this.isSilent;
    return otherwise;
  }

  private write(write: Write): Promise<boolean> {
    return new Promise((done) => {
      this.queue.push({ write, done });
      if (!this.flushing) void this.flush();
    });
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    while (this.queue.length > 0) {
      const batch = this.queue;
      this.queue = [];
      const result = await this.store(batch);
      if (result !== 'unfit') for (const { done } of batch) done(result === 'stored');
      // One that no database would take must not cost the others.
      else for (const one of batch) one.done((await this.store([one])) === 'stored');
    }
    this.flushing = false;
  }

  /** Writes everything or nothing; `unfit` where something among it can never be stored. */
  private async store(batch: readonly { write: Write }[]): Promise<'stored' | 'lost' | 'unfit'> {
    for (let attempt = 0; attempt < 2; attempt++) {
      const database = await this.connection();
      if (!database) break;
      try {
        await inTransaction(this.clock, database.transaction(names, 'readwrite'), (transaction) =>
          Promise.all(batch.map(({ write }) => write(transaction))),
        );
        if (!this.isSilent) this.fault = undefined;
        this.unknownErrors = 0;
        return 'stored';
      } catch (cause) {
        if (isUnfit(cause)) {
          this.fault = faultOf(cause);
          return 'unfit';
        }
        await this.recover(cause);
      }
    }
    return 'lost';
  }

  private async recover(cause: unknown): Promise<void> {
    if (cause instanceof StoreError) {
      // Whatever waits behind the transaction would wait as long.
      void this.close();
      this.goWithout();
      return;
    }
    this.fault = faultOf(cause);
    const name = cause instanceof DOMException ? cause.name : '';
    if (name === 'QuotaExceededError') {
      await this.makeRoom();
      return;
    }
    // As a rule the connection is gone rather than the data: the next use opens it again.
    await this.close();
    await this.remakeIfRuined(cause);
  }

  /**
   * The disk is full: the oldest quarter of the days goes, which can be fetched again. At most once an hour, because
   * browsers free the space late, and lest a disk that others fill costs everything.
   */
  private async makeRoom(): Promise<void> {
    const now = this.clock.now();
    const database = await this.connection();
    if (!database || isWithin(makeRoomMs, this.madeRoomAt, now)) return;
    this.madeRoomAt = now;
    try {
      await inTransaction(this.clock, database.transaction(names, 'readwrite'), async (transaction) => {
        const count = await transaction.objectStore('days').count();
        await discardDays(transaction, Math.ceil(count / 4), []);
      });
    } catch {
      // Not even that fits: the fault is on record, and the next write tries again.
    }
  }
}

/** The symbol that a fact is of; undefined for one of a whole venue. */
const symbolOf = (fact: string): string | undefined => fact.split(' ').find((word) => word.includes('-'));

/** Deletes the oldest records beyond `room`. */
async function discardOldest<N extends 'forcedOrders' | 'snapshots' | 'lessons'>(
  transaction: Transaction,
  name: N,
  room: number,
  timeOf: (key: Schema[N]['key']) => number,
): Promise<void> {
  const records = transaction.objectStore(name);
  const keys: Schema[N]['key'][] = await records.getAllKeys();
  const surplus = keys.length - Math.floor(room);
  if (surplus <= 0) return;
  keys.sort((a, b) => timeOf(a) - timeOf(b));
  await Promise.all(keys.slice(0, surplus).map((key) => records.delete(key as never)));
}

async function discardDays(transaction: Transaction, count: number, keep: readonly string[]): Promise<void> {
  if (count <= 0) return;
  const days = transaction.objectStore('days');
  const wanted = (key: Schema['days']['key']) => (keep.includes(key[0]) ? 1 : 0);
  const keys = (await days.getAllKeys()).sort((a, b) => wanted(a) - wanted(b) || a[2] - b[2]);
  await Promise.all(keys.slice(0, count).map((key) => days.delete(key)));
}

/** Written out: there are tens of thousands to look at when a worker begins. */
const isOrder = (row: ForcedOrderRow | undefined): boolean =>
  row !== undefined &&
  isAmount(row.time) &&
  isAmount(row.base) &&
  isAmount(row.price) &&
  row.price > 0 &&
  (row.side === 'long' || row.side === 'short') &&
  typeof row.venue === 'string' &&
  typeof row.id === 'string';

const isMap = (row: StoredMap | undefined): boolean =>
  row !== undefined &&
  isAmount(row.time) &&
  isAmount(row.price) &&
  isAmount(row.step) &&
  Number.isFinite(row.lnLow) &&
  row.long instanceof Float32Array &&
  row.short instanceof Float32Array &&
  row.long.length === row.short.length;

/** A key or value that is none, such as a time that is not a number: the fault of the data, not of the database. */
const isUnfit = (cause: unknown): boolean =>
  cause instanceof DOMException && (cause.name === 'DataError' || cause.name === 'DataCloneError');
