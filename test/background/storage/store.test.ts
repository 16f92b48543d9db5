import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { patienceMs } from '../../../src/background/storage/patience';
import { Store } from '../../../src/background/storage/store';
import { type Clock, systemClock } from '../../../src/feeds/net/pacing';

/** What a damaged profile does to the store, on a database in memory. What needs a browser's own is in `test/e2e/worker-store.test.ts`. */

const order = { time: 5, side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
const map = { symbol: 'BTC-USDT', time: 3_600_000, price: 100, lnLow: 1, step: 0.001 };
const amounts = { long: Float32Array.of(1), short: Float32Array.of(2) };

describe('the store', () => {
  it.each([
    ['forcedOrders', ['BTC-USDT', 6, 'okx', 'b'], { ...order, id: 'b', venue: 'okx', base: Number.NaN }],
    ['forcedOrders', ['BTC-USDT', 6, 'okx', 'b'], { ...order, id: 'b', venue: 'okx', side: 'up' }],
    ['forcedOrders', ['BTC-USDT', 6, 'okx', 'b'], undefined],
    ['snapshots', ['BTC-USDT', 7_200_000], { ...map, long: [1], short: [2] }],
    ['snapshots', ['BTC-USDT', 7_200_000], { ...map, ...amounts, lnLow: 'low' }],
    ['snapshots', ['BTC-USDT', 7_200_000], undefined],
    ['days', ['BTC-USDT', 'okx', 172_800_000], new Float64Array(7)],
    ['days', ['BTC-USDT', 'okx', 172_800_000], 'a day'],
  ])('leaves out of its %s one that cannot be read, and gives back the others', async (name, key, value) => {
    const store = new Store(systemClock, `odd ${key} ${JSON.stringify(value)}`);
    await store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'a', order }]);
    await store.saveSnapshot({ ...map, ...amounts });
    await store.saveDays('BTC-USDT', 'okx', [[86_400_000, new Float64Array(288 * 8)]]);
    const database = await openDB(`odd ${key} ${JSON.stringify(value)}`);
    await database.put(name, value, key);
    database.close();
    expect((await store.forcedOrders('BTC-USDT', 0)).map(({ id }) => id)).toEqual(['a']);
    expect((await store.snapshots('BTC-USDT', 0)).map(({ time }) => time)).toEqual([map.time]);
    expect((await store.days('BTC-USDT', 'okx', 9)).map(([day]) => day)).toEqual([86_400_000]);
  });

  it('whose upgrade another connection is in the way of is gone without, and is used once that one is closed', async () => {
    const older = await openDB('blocked', 1, {
      upgrade(database) {
        for (const name of ['days', 'forcedOrders', 'snapshots', 'facts']) database.createObjectStore(name);
      },
    });
    await older.put('facts', 'kept', 'what');
    const timers: { ms: number; run: () => void }[] = [];
    const clock: Clock = {
      now: () => 0,
      after(ms, run) {
        timers.push({ ms, run });
        return () => undefined;
      },
    };
    const store = new Store(clock, 'blocked');
    let answers = 0;
    store.onAnswered = () => {
      answers += 1;
    };
    const waiting = store.fact('what');
    expect(timers.map(({ ms }) => ms)).toEqual([patienceMs]);
    timers[0]!.run();
    expect(await waiting).toBeUndefined();
    expect(store.fault).toEqual({ kind: 'silent' });
    expect(await store.saveFact('what', 'new')).toBe(false);
    await expect(store.wipe()).rejects.toThrow('not deleted');
    expect(answers).toBe(0);
    older.close();
    await expect.poll(() => answers).toBe(1);
    expect(store.fault).toBeUndefined();
    expect(await store.fact('what')).toBe('kept');
    expect(await store.saveFact('what', 'new')).toBe(true);
  });
});
