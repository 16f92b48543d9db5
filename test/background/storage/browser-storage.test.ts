import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** What the worker keeps in the browser's own storage, and a profile in which that is damaged. */

/** What the browser answers and does; anything may be stored under any name. */
const area = {
  stored: {} as unknown,
  get: async (): Promise<unknown> => area.stored,
  set: async (items: object): Promise<void> => void Object.assign(area.stored as object, items),
};
const whole = { ...area };
vi.stubGlobal('chrome', { runtime: { id: 'test' }, storage: {} });
vi.stubGlobal('browser', {
  runtime: { id: 'test' },
  storage: { local: area, session: area },
});
const { servedHosts } = await import('../../../src/background/storage/served-hosts');
const { spentWeight } = await import('../../../src/background/storage/spent-weight');
const { changeSettings, choices } = await import('../../../src/background/storage/settings-writer');
const { loadSettings } = await import('../../../src/protocol/settings-store');
const { defaultSettings } = await import('../../../src/protocol/settings');

beforeEach(() => {
  Object.assign(area, whole, { stored: {} });
});
afterEach(() => vi.useRealTimers());
const refuse = async (): Promise<never> => {
  throw new Error('An unexpected error occurred');
};

const choice = { host: 'api.bytick.com', at: 5 };
const spent = [{ weight: 3, until: 7 }];
const pause = { until: 9, trips: 1, kind: 'limited', message: 'slow down' } as const;

it.each([
  [undefined],
  ['hosts'],
  [{ servedHosts: 'a', 'spent binance': 5, 'pause a.com': [] }],
  [{ servedHosts: { 'a.com': { host: 5, at: 5 } }, 'spent binance': [{ weight: -1, until: 7 }], 7: null }],
])('where the browser answers %j nothing is remembered, and what comes is', async (stored) => {
  area.stored = stored;
  expect(await servedHosts.load()).toEqual(new Map());
  expect(await spentWeight.load()).toEqual({ spent: new Map(), pauses: new Map() });
  area.stored = { ...(stored as object) };
  await servedHosts.save('api.bybit.com', choice);
  await spentWeight.save('bybit', spent);
  await spentWeight.pause('api.bybit.com', pause);
  expect(await servedHosts.load()).toEqual(new Map([['api.bybit.com', choice]]));
  expect(await spentWeight.load()).toEqual({
    spent: new Map([['bybit', spent]]),
    pauses: new Map([['api.bybit.com', pause]]),
  });
});

it('one record that cannot be read costs itself alone', async () => {
  area.stored = {
    servedHosts: { 'api.bybit.com': choice, 'a.com': 7 },
    'spent bybit': spent,
    'spent okx': 'much',
  };
  expect(await servedHosts.load()).toEqual(new Map([['api.bybit.com', choice]]));
  expect((await spentWeight.load()).spent).toEqual(new Map([['bybit', spent]]));
});

it('a browser that refuses costs the memory of hosts and weights, and settings say so', async () => {
  Object.assign(area, { get: refuse, set: refuse });
  expect(await servedHosts.load()).toEqual(new Map());
  await servedHosts.save('api.bybit.com', choice);
  await spentWeight.save('bybit', spent);
  expect((await spentWeight.load()).spent.size).toBe(0);
  await expect(changeSettings({ window: '7d' })).rejects.toThrow('unexpected');
  Object.assign(area, whole);
  await changeSettings({ window: '7d' });
  expect(await loadSettings()).toMatchObject({ window: '7d' });
});

it.each([[undefined], ['settings'], [[]], [{ settings: 'x' }], [{ settings: [1] }]])(
  'settings stored as %j are the defaults',
  async (stored) => {
    area.stored = stored;
    expect(await loadSettings()).toEqual(defaultSettings);
  },
);

describe('a browser that never answers', () => {
  /** Writes that were asked for and not answered; each is done when it is called. */
  const held: (() => void)[] = [];
  const fallSilent = () => {
    Object.assign(area, {
      get: () => new Promise(() => undefined),
      set: (items: object) =>
        new Promise<void>((resolve) => {
          held.push(() => {
            Object.assign(area.stored as object, items);
            resolve();
          });
        }),
    });
  };
  const answer = () => Object.assign(area, { get: whole.get, set: whole.set });
  const isOver = async (work: Promise<unknown>): Promise<boolean> => {
    let isDone = false;
    work.then(
      () => {
        isDone = true;
      },
      () => {
        isDone = true;
      },
    );
    await vi.advanceTimersByTimeAsync(60_000);
    return isDone;
  };
  const settings = () => (area.stored as { settings?: { window?: string; mode?: string } }).settings;

  beforeEach(() => {
    vi.useFakeTimers();
    held.length = 0;
    area.stored = { settings: { window: '12h' } };
  });

  it('costs the memory of hosts and weights a moment, and no request after the first', async () => {
    area.stored = { servedHosts: { 'a.com': choice }, 'spent bybit': spent };
    fallSilent();
    expect(await isOver(servedHosts.load())).toBe(true);
    expect(await isOver(servedHosts.save('api.bybit.com', choice))).toBe(true);
    expect(await isOver(spentWeight.load())).toBe(true);
    expect(await isOver(spentWeight.save('bybit', []))).toBe(true);
    // This one waits for nobody, whatever the clock says.
    await spentWeight.save('okx', spent);
    answer();
    await vi.advanceTimersByTimeAsync(60_000);
    await spentWeight.save('bitget', spent);
    await vi.advanceTimersByTimeAsync(0);
    expect(area.stored).toEqual({
      servedHosts: { 'a.com': choice },
      'spent bybit': [],
      'spent okx': spent,
      'spent bitget': spent,
    });
  });

  it('says of no choice that it is kept, however many are made, and keeps those made once it answers', async () => {
    fallSilent();
    const made = Array.from({ length: 9 }, () => changeSettings({ window: '7d' }));
    const outcomes = Promise.allSettled(made);
    expect(await isOver(outcomes)).toBe(true);
    expect((await outcomes).map(({ status }) => status)).toEqual(made.map(() => 'rejected'));
    expect(choices.areHeld).toBe(false);
    answer();
    await changeSettings({ mode: 'bands' });
    expect(choices.areHeld).toBe(true);
    expect(settings()).toMatchObject({ window: '12h', mode: 'bands' });
  });

  it('stores late what it said is not stored: that is undone, and takes the place of nothing newer', async () => {
    fallSilent();
    area.get = whole.get;
    const lost = changeSettings({ window: '7d' });
    expect(await isOver(lost)).toBe(true);
    await expect(lost).rejects.toThrow('does not answer');
    answer();
    await changeSettings({ mode: 'bands' });
    held[0]!();
    expect(settings()).toMatchObject({ window: '7d' });
    await vi.advanceTimersByTimeAsync(1);
    expect(settings()).toMatchObject({ window: '12h', mode: 'bands' });
  });
});
