import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { Clock } from '../../feeds/net/pacing';
import { KeptPosition } from '../../protocol/kept-position';
import { mostPositions } from '../../protocol/messages';
import { databaseInTime, faultOf, inTransaction, patienceMs, StoreError, type StoreFault } from './patience';

interface Schema extends DBSchema {
  positions: { key: string; value: unknown };
  /** Choices that no page and no content script may read, by name. */
  choices: { key: string; value: unknown };
}

type Name = 'positions' | 'choices';
const names: Name[] = ['positions', 'choices'];

/**
 * What is the user's own: positions, alerts, addresses to send them to. A database of its own, which content scripts
 * cannot open, and which is never made anew: what cannot be read stays where it is. One that does not answer in time is not
 * waited for: everything here then rejects with a StoreError, and what was to be kept is not, also not later.
 */
export class OwnStore {
  private database: Promise<IDBPDatabase<Schema>> | undefined;
  /** Why what was asked for last was not done; undefined when all is well. */
  fault: StoreFault | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly name = 'liqbands-own',
  ) {}

  /** Kept positions, oldest first. One that cannot be read is left out here and stays where it is. */
  async positions(): Promise<KeptPosition[]> {
    const rows = await this.run('readonly', (transaction) => transaction.objectStore('positions').getAll());
    return rows
      .flatMap((row) => {
        const parsed = KeptPosition.safeParse(row);
        return parsed.success ? [parsed.data] : [];
      })
      .sort((a, b) => a.keptAt - b.keptAt);
  }

  /**
   * Keeps a position, in place of an earlier one of the same id. Resolves once the browser has it.
   *
   * @throws RangeError beyond a hundred
   */
  async keep(position: KeptPosition): Promise<void> {
    await this.run('readwrite', async (transaction) => {
      const store = transaction.objectStore('positions');
      if ((await store.getKey(position.id)) === undefined && (await store.count()) >= mostPositions)
        throw new RangeError(`At most ${mostPositions} positions: remove one first`);
      await store.put(position, position.id);
    });
  }

  /** Forgets a position; an unknown id changes nothing. */
  remove(id: string): Promise<void> {
    return this.run('readwrite', (transaction) => transaction.objectStore('positions').delete(id));
  }

  /** A choice as it was stored; the caller checks what it gets. */
  choice(name: string): Promise<unknown> {
    return this.run('readonly', (transaction) => transaction.objectStore('choices').get(name));
  }

  async saveChoice(name: string, value: unknown): Promise<void> {
    await this.run('readwrite', (transaction) => transaction.objectStore('choices').put(value, name));
  }

  /** Forgets everything. */
  async wipe(): Promise<void> {
    await this.run('readwrite', (transaction) =>
      Promise.all(names.map((name) => transaction.objectStore(name).clear())),
    );
  }

  private async run<T, M extends 'readonly' | 'readwrite'>(
    mode: M,
    use: (transaction: IDBPTransaction<Schema, Name[], M>) => Promise<T>,
  ): Promise<T> {
    try {
      const database = await databaseInTime(this.clock, patienceMs, this.connection());
      const done = await inTransaction(this.clock, database.transaction(names, mode), use).catch(
        (cause: unknown) => {
          // The next one does not stand behind what has not ended.
          if (cause instanceof StoreError) this.letGo(database);
          throw cause;
        },
      );
      this.fault = undefined;
      return done;
    } catch (cause) {
      if (cause instanceof DOMException) this.fault = faultOf(cause);
      if (!(cause instanceof StoreError)) throw cause;
      this.fault = { kind: 'silent', isOwn: true };
      throw new StoreError(cause.message, this.fault);
    }
  }

  private letGo(database: IDBPDatabase<Schema>): void {
    this.database = undefined;
    database.close();
  }

  private connection(): Promise<IDBPDatabase<Schema>> {
    this.database ??= openDB<Schema>(this.name, 1, {
      upgrade(database) {
        database.createObjectStore('positions');
        database.createObjectStore('choices');
      },
      blocking: (_version, _blocked, event) => {
        (event.target as IDBDatabase).close();
        this.database = undefined;
      },
      terminated: () => {
        this.database = undefined;
      },
    }).catch((cause: unknown) => {
      // The next one tries again.
      this.database = undefined;
      throw cause;
    });
    return this.database;
  }
}
