import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Clock } from '../../feeds/net/pacing';
import { KeptPosition } from '../../protocol/kept-position';
import { mostPositions } from '../../protocol/messages';
import { patienceMs, StoreError } from './store';

interface Schema extends DBSchema {
  positions: { key: string; value: unknown };
  /** Choices that no page and no content script may read, by name. */
  choices: { key: string; value: unknown };
}

/**
 * What is the user's own: positions, alerts, addresses to send them to. A database of its own, which content scripts
 * cannot open, and which is never made anew: what cannot be read stays where it is.
 */
export class OwnStore {
  private database: Promise<IDBPDatabase<Schema>> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly name = 'liqbands-own',
  ) {}

  /** Kept positions, oldest first. One that cannot be read is left out here and stays where it is. */
  async positions(): Promise<KeptPosition[]> {
    const rows = await (await this.open()).getAll('positions');
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
    const transaction = (await this.open()).transaction('positions', 'readwrite');
    const { store } = transaction;
    if ((await store.getKey(position.id)) === undefined && (await store.count()) >= mostPositions)
      throw new RangeError(`At most ${mostPositions} positions: remove one first`);
    await store.put(position, position.id);
    await transaction.done;
  }

  /** Forgets a position; an unknown id changes nothing. */
  async remove(id: string): Promise<void> {
    await (await this.open()).delete('positions', id);
  }

  /** A choice as it was stored; the caller checks what it gets. */
  async choice(name: string): Promise<unknown> {
    return (await this.open()).get('choices', name);
  }

  async saveChoice(name: string, value: unknown): Promise<void> {
    await (await this.open()).put('choices', value, name);
  }

  /** Forgets everything. */
  async wipe(): Promise<void> {
    const transaction = (await this.open()).transaction(['positions', 'choices'], 'readwrite');
    await Promise.all([
      transaction.objectStore('positions').clear(),
      transaction.objectStore('choices').clear(),
      transaction.done,
    ]);
  }

  /** Rejects with a StoreError where the database does not answer in time: who waits is told, and what was to be kept is not, also not later. */
  private open(): Promise<IDBPDatabase<Schema>> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(patienceMs, () =>
        reject(new StoreError('the database does not answer', { kind: 'silent' })),
      );
      this.connection().then(resolve, reject).finally(cancel);
    });
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
