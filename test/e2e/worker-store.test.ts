import type { Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Store, StoredMap } from '../../src/background/storage/store';
import type { Clock } from '../../src/feeds/net/pacing';
import { type Launched, launchChromium } from '../../src/tools/browser';

/** The store on a browser's real database, on a page of its own. */

/** Each test has an origin, and with it a disk, of its own. */
let origin = '';
let origins = 0;

interface Scope {
  StoreModule: { Store: typeof Store };
  store: Store;
  clock(now?: () => number): Clock;
  day(fill: number): Float64Array;
  noise(): Float64Array;
}

let browser: Launched;
let page: Page;

async function bundle(): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'src/background/storage/store.ts', formats: ['iife'], name: 'StoreModule' },
    },
  })) as Rolldown.RolldownOutput[];
  return built[0]!.output[0].code;
}

describe('the store', () => {
  let code: string;

  beforeAll(async () => {
    code = await bundle();
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  beforeEach(async () => {
    await page?.close();
    origins += 1;
    origin = `https://store-${origins}.test`;
    page = await browser.context.newPage();
    await page.route(`${origin}/`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>store' }));
    await page.goto(`${origin}/`);
    await page.addScriptTag({ content: `globalThis.__name = (f) => f; ${code}` });
    await page.evaluate(async () => {
      const scope = globalThis as unknown as Scope;
      scope.clock = (now = Date.now) => ({
        now,
        after(ms, run) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      });
      scope.store = new scope.StoreModule.Store(scope.clock());
      // A day with one bar at `fill`, five minutes fine.
      scope.day = (fill) => {
        const cells = new Float64Array(288 * 8);
        cells.set([fill, fill, fill, fill, 1, 5, 10, 5]);
        return cells;
      };
      // A whole day that does not compress.
      scope.noise = () => {
        const cells = new Float64Array(288 * 8);
        for (let at = 0; at < cells.length; at += 8) {
          const price = Math.random();
          cells.set([price, price, price, price, Math.random(), 5, Math.random(), 5], at);
        }
        return cells;
      };
    });
  });

  it('gives back the newest days, oldest first', async () => {
    const kept = await page.evaluate(async () => {
      const { store, day } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      await store.saveDays(
        'BTC-USDT',
        'okx',
        [1, 2, 3, 4].map((n) => [n * dayMs, day(n)]),
      );
      await store.saveDays('ETH-USDT', 'okx', [[9 * dayMs, day(9)]]);
      const days = await store.days('BTC-USDT', 'okx', 3);
      return days.map(([time, cells]) => [time / dayMs, cells[0]]);
    });
    expect(kept).toEqual([
      [2, 2],
      [3, 3],
      [4, 4],
    ]);
  });

  it('leaves out a day that cannot be trusted', async () => {
    const kept = await page.evaluate(async () => {
      const { store, day } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      const impossible = day(3);
      impossible[1] = 1;
      await store.saveDays('BTC-USDT', 'okx', [
        [dayMs, day(2)],
        [2 * dayMs, impossible],
        [3 * dayMs, new Float64Array(7)],
      ]);
      return (await store.days('BTC-USDT', 'okx', 9)).map(([time]) => time / dayMs);
    });
    expect(kept).toEqual([1]);
  });

  it('keeps up with 500 forced orders a second, each told by itself', async () => {
    const { ms, kept } = await page.evaluate(async () => {
      const { store } = globalThis as unknown as Scope;
      const from = performance.now();
      const writes = Array.from({ length: 5000 }, (_, i) =>
        store.saveForcedOrders('BTC-USDT', 'binance', [
          { id: String(i), order: { time: 1e12 + i, side: 'long', base: 1, price: 2, priceKind: 'fill' } },
        ]),
      );
      const stored = await Promise.all(writes);
      const took = performance.now() - from;
      const rows = await store.forcedOrders('BTC-USDT', 0);
      return { ms: took, kept: stored.every(Boolean) ? rows.length : 0 };
    });
    expect(kept).toBe(5000);
    expect(ms).toBeLessThan(10_000);
  });

  it('keeps a forced order once, however often it is stored', async () => {
    const orders = await page.evaluate(async () => {
      const { store } = globalThis as unknown as Scope;
      const order = { time: 5, side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      await store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'a', order }]);
      await store.saveForcedOrders('BTC-USDT', 'okx', [
        { id: 'a', order },
        { id: 'b', order },
      ]);
      return store.forcedOrders('BTC-USDT', 0);
    });
    expect(orders.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(orders[0]).toMatchObject({ venue: 'okx', side: 'long', price: 100, base: 1 });
  });

  it('never repaints the map of an hour', async () => {
    const snapshots = await page.evaluate(async () => {
      const { store } = globalThis as unknown as Scope;
      const map = (price: number): StoredMap => ({
        symbol: 'BTC-USDT',
        time: 3_600_000,
        price,
        lnLow: 1,
        step: 0.001,
        long: Float32Array.of(1),
        short: Float32Array.of(2),
      });
      await store.saveSnapshot(map(100));
      await store.saveSnapshot(map(200));
      return (await store.snapshots('BTC-USDT', 0)).map(({ price }) => price);
    });
    expect(snapshots).toEqual([100]);
  });

  it('is made anew when the database lacks a part, and when a newer version wrote it', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const write = (name: string, version: number) =>
        new Promise<void>((resolve) => {
          const opening = indexedDB.open(name, version);
          opening.onupgradeneeded = () => opening.result.createObjectStore('something else');
          opening.onsuccess = () => {
            opening.result.close();
            resolve();
          };
        });
      await write('lacking', 1);
      await write('newer', 99);
      const days: number[] = [];
      for (const name of ['lacking', 'newer']) {
        const store = new StoreModule.Store(clock(), name);
        const stored = await store.saveDays('BTC-USDT', 'okx', [[86_400_000, day(2)]]);
        days.push(stored ? (await store.days('BTC-USDT', 'okx', 9)).length : -1);
      }
      return days;
    });
    expect(kept).toEqual([1, 1]);
  });

  it.each([
    ['a full disk', 'QuotaExceededError', 3],
    ['a browser that closes', 'AbortError', 1],
    ['an error that the browser has no name for', 'UnknownError', 1],
  ])('keeps everything through %s while opening', async (_what, error, times) => {
    const kept = await page.evaluate(
      async ([error, times]) => {
        const { StoreModule, day, clock } = globalThis as unknown as Scope;
        const before = new StoreModule.Store(clock(), 'passing');
        await before.saveDays('BTC-USDT', 'okx', [[86_400_000, day(2)]]);
        await before.close();
        const open = IDBFactory.prototype.open;
        let failures = 0;
        IDBFactory.prototype.open = function (...args) {
          if (failures++ < times) throw new DOMException('', error);
          return open.apply(this, args);
        };
        const store = new StoreModule.Store(clock(), 'passing');
        const reads = [];
        for (let i = 0; i < 2; i++) reads.push((await store.days('BTC-USDT', 'okx', 9)).length);
        IDBFactory.prototype.open = open;
        return reads.at(-1);
      },
      [error, times] as const,
    );
    expect(kept).toBe(1);
  });

  it('is made anew where the browser cannot read it again and again', async () => {
    const outcome = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const before = new StoreModule.Store(clock(), 'damaged');
      await before.saveDays('BTC-USDT', 'okx', [[86_400_000, day(2)]]);
      await before.close();
      const { open, deleteDatabase } = IDBFactory.prototype;
      let deleted = false;
      IDBFactory.prototype.open = function (...args) {
        if (!deleted) throw new DOMException('', 'UnknownError');
        return open.apply(this, args);
      };
      IDBFactory.prototype.deleteDatabase = function (...args) {
        deleted = true;
        return deleteDatabase.apply(this, args);
      };
      const store = new StoreModule.Store(clock(), 'damaged');
      const stored = await store.saveDays('BTC-USDT', 'okx', [[172_800_000, day(3)]]);
      const days = (await store.days('BTC-USDT', 'okx', 9)).map(([time]) => time / 86_400_000);
      Object.assign(IDBFactory.prototype, { open, deleteDatabase });
      return { stored, days, fault: store.fault };
    });
    expect(outcome).toEqual({ stored: true, days: [2] });
  });

  it('takes over everything that the first version kept', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const order = { time: 5, side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      const map = { symbol: 'BTC-USDT', time: 3_600_000, price: 100, lnLow: 1, step: 0.001 };
      const amounts = { long: Float32Array.of(1), short: Float32Array.of(2) };
      await new Promise<void>((resolve) => {
        const opening = indexedDB.open('first', 1);
        opening.onupgradeneeded = () => {
          const put = (name: string, value: unknown, key: IDBValidKey) =>
            opening.result.createObjectStore(name).put(value, key);
          put('days', day(7), ['BTC-USDT', 'okx', 86_400_000]);
          put('forcedOrders', { ...order, id: 'a', venue: 'okx', symbol: 'BTC-USDT' }, [
            'BTC-USDT',
            5,
            'okx',
            'a',
          ]);
          put('snapshots', { ...map, ...amounts }, ['BTC-USDT', 3_600_000]);
          put('facts', 'remembered', 'fact');
        };
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      });
      const store = new StoreModule.Store(clock(), 'first');
      const lesson = { atRisk: [1, 2, 3, 4, 5], forced: 1 };
      await store.saveLessons('BTC-USDT', 'okx', [{ time: 7, sides: [lesson, lesson] }]);
      return {
        days: (await store.days('BTC-USDT', 'okx', 9)).map(([time, cells]) => [time, cells[0]]),
        orders: (await store.forcedOrders('BTC-USDT', 0)).map(({ id }) => id),
        snapshots: (await store.snapshots('BTC-USDT', 0)).map(({ price }) => price),
        fact: await store.fact('fact'),
        lessons: (await store.lessons('BTC-USDT', 'okx', 0)).length,
      };
    });
    expect(kept).toEqual({
      days: [[86_400_000, 7]],
      orders: ['a'],
      snapshots: [100],
      fact: 'remembered',
      lessons: 1,
    });
  });

  it('goes on after its connection was closed by the browser', async () => {
    const kept = await page.evaluate(async () => {
      const { store, day } = globalThis as unknown as Scope;
      await store.saveDays('BTC-USDT', 'okx', [[86_400_000, day(2)]]);
      // Another version asks for the database: ours has to let go.
      await new Promise<void>((resolve) => {
        const opening = indexedDB.open('liqbands', 99);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      });
      await store.saveDays('BTC-USDT', 'okx', [[172_800_000, day(3)]]);
      return (await store.days('BTC-USDT', 'okx', 9)).map(([time]) => time / 86_400_000);
    });
    // What the newer version left cannot be read by this one: what matters is that writing works again.
    expect(kept).toContain(2);
  });

  it('on a full disk gives up the oldest days but no forced order, and stores again once there is room', async () => {
    const session = await browser.context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 800_000 });
    const full = await page.evaluate(async () => {
      const { store, noise } = globalThis as unknown as Scope;
      const order = { time: 5, side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      await store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'a', order }]);
      let stored = 0;
      while (
        stored < 200 &&
        (await store.saveDays('BTC-USDT', 'okx', [[(stored + 1) * 86_400_000, noise()]]))
      ) {
        stored++;
      }
      return { stored, fault: store.fault, ...(await kept()) };
      async function kept() {
        const days = (await store.days('BTC-USDT', 'okx', 999)).map(([time]) => time / 86_400_000);
        return { days, orders: (await store.forcedOrders('BTC-USDT', 0)).map(({ id }) => id) };
      }
    });
    expect(full.stored).toBeGreaterThan(10);
    expect(full.stored).toBeLessThan(200);
    expect(full.orders).toEqual(['a']);
    expect(full.days[0]).toBeGreaterThan(1);
    expect(full.days.at(-1)).toBe(full.stored);
    expect(full.fault).toEqual({ kind: 'full' });

    await session.send('Storage.overrideQuotaForOrigin', { origin });
    const later = await page.evaluate(async () => {
      const { store, noise } = globalThis as unknown as Scope;
      let stored = false;
      for (let attempt = 0; attempt < 100 && !stored; attempt++) {
        stored = await store.saveDays('BTC-USDT', 'okx', [[999 * 86_400_000, noise()]]);
        if (!stored) await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return { stored, fault: store.fault };
    });
    expect(later).toEqual({ stored: true });
  });

  it('forgets what is older than sixty days before its newest day', async () => {
    const kept = await page.evaluate(async () => {
      const { store, day } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      await store.saveDays(
        'BTC-USDT',
        'okx',
        [100, 139, 140, 200].map((n) => [n * dayMs, day(n)]),
      );
      const order = { side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      await store.saveForcedOrders('BTC-USDT', 'okx', [
        { id: 'old', order: { ...order, time: 120 * dayMs } },
        { id: 'new', order: { ...order, time: 199 * dayMs } },
      ]);
      await store.prune();
      return {
        days: (await store.days('BTC-USDT', 'okx', 9)).map(([time]) => time / dayMs),
        orders: (await store.forcedOrders('BTC-USDT', 0)).map(({ id }) => id),
      };
    });
    expect(kept).toEqual({ days: [200], orders: ['new'] });
  });

  it('stays within its budget: the oldest days of symbols that nobody watches go first', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      // Room for four days.
      const store = new StoreModule.Store(clock(), 'small', 4.5 * 288 * 8 * 8);
      for (const symbol of ['BTC-USDT', 'ETH-USDT']) {
        await store.saveDays(
          symbol,
          'okx',
          [1, 2, 3].map((n) => [n * dayMs, day(n)]),
        );
      }
      await store.prune(['ETH-USDT']);
      const days = async (symbol: string) =>
        (await store.days(symbol, 'okx', 9)).map(([time]) => time / dayMs);
      return { watched: await days('ETH-USDT'), other: await days('BTC-USDT') };
    });
    expect(kept).toEqual({ watched: [1, 2, 3], other: [3] });
  });

  it('forgets facts of symbols that have no day left, and keeps those of the others and of venues', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const store = new StoreModule.Store(
        clock(() => 202 * 86_400_000),
        'facts',
      );
      const names = [
        'instruments okx',
        ...['BTC', 'OLD', 'NEW'].flatMap((coin) => [`levels ${coin}-USDT`, `heard ${coin}-USDT okx`]),
      ];
      for (const name of names) await store.saveFact(name, 1);
      await store.saveDays('OLD-USDT', 'okx', [[100 * 86_400_000, day(1)]]);
      await store.saveDays('BTC-USDT', 'okx', [[200 * 86_400_000, day(2)]]);
      await store.prune(['NEW-USDT']);
      const left: string[] = [];
      for (const name of names) if (await store.fact(name)) left.push(name);
      return left;
    });
    expect(kept).toEqual([
      'instruments okx',
      'levels BTC-USDT',
      'heard BTC-USDT okx',
      'levels NEW-USDT',
      'heard NEW-USDT okx',
    ]);
  });

  it('forgets the oldest orders, not the bars, where orders alone would fill the budget', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      // A fifth of it has room for 200 orders.
      const store = new StoreModule.Store(clock(), 'orders', 300_000);
      await store.saveDays('BTC-USDT', 'okx', [[10 * dayMs, day(1)]]);
      const order = { side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      await store.saveForcedOrders(
        'BTC-USDT',
        'okx',
        Array.from({ length: 1000 }, (_, i) => ({ id: `${i}`, order: { ...order, time: 9 * dayMs + i } })),
      );
      await store.prune(['BTC-USDT']);
      const orders = await store.forcedOrders('BTC-USDT', 0);
      return { days: (await store.days('BTC-USDT', 'okx', 9)).length, orders: orders.map(({ id }) => id) };
    });
    expect(kept.days).toBe(1);
    expect(kept.orders).toHaveLength(200);
    expect(kept.orders.at(-1)).toBe('999');
  });

  it('refuses a record that cannot be stored, and keeps what came with it and before it', async () => {
    const kept = await page.evaluate(async () => {
      const { store, day } = globalThis as unknown as Scope;
      const order = { time: 5, side: 'long', base: 1, price: 100, priceKind: 'fill' } as const;
      await store.saveDays('BTC-USDT', 'okx', [[86_400_000, day(2)]]);
      // The first goes alone; the other two wait for it and go together.
      const stored = await Promise.all([
        store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'a', order }]),
        store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'b', order: { ...order, time: Number.NaN } }]),
        store.saveForcedOrders('BTC-USDT', 'okx', [{ id: 'c', order }]),
      ]);
      const ids = (await store.forcedOrders('BTC-USDT', 0)).map(({ id }) => id);
      return { stored, ids, days: (await store.days('BTC-USDT', 'okx', 9)).length };
    });
    expect(kept).toEqual({ stored: [true, false, true], ids: ['a', 'c'], days: 1 });
  });

  it('does not take a day from the future for the present', async () => {
    const kept = await page.evaluate(async () => {
      const { StoreModule, day, clock } = globalThis as unknown as Scope;
      const dayMs = 86_400_000;
      const store = new StoreModule.Store(
        clock(() => 201 * dayMs),
        'future',
      );
      await store.saveDays(
        'BTC-USDT',
        'okx',
        [199, 200, 1000].map((n) => [n * dayMs, day(n)]),
      );
      await store.prune();
      return (await store.days('BTC-USDT', 'okx', 9)).map(([time]) => time / dayMs);
    });
    expect(kept).toEqual([199, 200, 1000]);
  });
});
