import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { OwnStore } from '../../../src/background/storage/own-store';
import { type Clock, systemClock } from '../../../src/feeds/net/pacing';
import { keptPosition } from '../../kept-position';
import { holdOpening, holdTransactions } from '../held-database';

/** What is the user's own, on a database in memory: nothing of it can be had again. */

let stores = 0;
const anew = () => {
  stores += 1;
  return `own ${stores}`;
};
const position = (id: string, keptAt: number) => keptPosition(60_000, { id, keptAt });
const ids = async (store: OwnStore) => (await store.positions()).map(({ id }) => id);

afterEach(() => vi.restoreAllMocks());

describe('what is the user’s own', () => {
  it('is there for the next life of the worker, oldest first', async () => {
    const name = anew();
    const store = new OwnStore(systemClock, name);
    await store.keep(position('b', 2));
    await store.keep(position('a', 1));
    await store.saveChoice('kinds', ['flip']);
    const next = new OwnStore(systemClock, name);
    expect(await ids(next)).toEqual(['a', 'b']);
    expect(await next.choice('kinds')).toEqual(['flip']);
  });

  it('one that cannot be read costs itself alone, and stays where it is', async () => {
    const name = anew();
    const store = new OwnStore(systemClock, name);
    await store.keep(position('a', 1));
    const database = await openDB(name);
    await database.put('positions', { ...position('odd', 2), entry: 'much' }, 'odd');
    expect(await ids(store)).toEqual(['a']);
    await store.keep(position('c', 3));
    expect(await ids(store)).toEqual(['a', 'c']);
    expect(await database.getKey('positions', 'odd')).toBe('odd');
    database.close();
  });

  it('where the browser cannot open the database says so, deletes nothing, and tries again with the next use', async () => {
    const name = anew();
    await new OwnStore(systemClock, name).keep(position('a', 1));
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('damaged', 'UnknownError');
    });
    const deleted = vi.spyOn(indexedDB, 'deleteDatabase');
    const store = new OwnStore(systemClock, name);
    await expect(store.positions()).rejects.toThrow('damaged');
    await expect(store.keep(position('b', 2))).rejects.toThrow('damaged');
    open.mockRestore();
    expect(await ids(store)).toEqual(['a']);
    expect(deleted).not.toHaveBeenCalled();
  });

  it.each([
    ['is not opened', async () => holdOpening()],
    [
      'ends no transaction',
      async (store: OwnStore) => {
        await store.positions();
        return holdTransactions();
      },
    ],
  ])(
    'whose database %s says so, keeps nothing later that it said is not kept, and goes on once it answers',
    async (_, hold) => {
      const name = anew();
      await new OwnStore(systemClock, name).keep(position('a', 1));
      const timers = new Set<() => void>();
      const clock: Clock = {
        now: () => 0,
        after(_ms, run) {
          timers.add(run);
          return () => timers.delete(run);
        },
      };
      const store = new OwnStore(clock, name);
      const answer = await hold(store);
      let settled = 0;
      const waiting = [store.positions(), store.keep(position('b', 2))].map(async (each) => {
        await expect(each).rejects.toThrow('does not answer');
        settled += 1;
      });
      await new Promise(setImmediate);
      await vi.waitFor(() => {
        for (const run of [...timers]) run();
        expect(settled).toBe(2);
      });
      await Promise.all(waiting);
      expect(store.fault).toEqual({ kind: 'silent', isOwn: true });
      answer();
      expect(await ids(store)).toEqual(['a']);
      await store.keep(position('c', 3));
      expect(await ids(store)).toEqual(['a', 'c']);
      expect(store.fault).toBeUndefined();
    },
  );

  it('makes room for a newer version, and goes on once that is done', async () => {
    const name = anew();
    const store = new OwnStore(systemClock, name);
    await store.keep(position('a', 1));
    await deleteDB(name);
    await store.keep(position('b', 2));
    expect(await ids(store)).toEqual(['b']);
  });

  it('is a hundred positions at most: one more is refused, one in place of another is not', async () => {
    const store = new OwnStore(systemClock, anew());
    for (let i = 0; i < 100; i++) await store.keep(position(String(i), i));
    await expect(store.keep(position('more', 200))).rejects.toThrow('At most 100');
    await store.keep({ ...position('7', 7), entry: 61_000 });
    await store.remove('nobody’s');
    expect((await store.positions()).find(({ id }) => id === '7')!.entry).toBe(61_000);
    await store.wipe();
    expect(await ids(store)).toEqual([]);
  });
});
