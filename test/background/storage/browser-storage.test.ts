import { beforeEach, expect, it, vi } from 'vitest';

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
const { changeSettings } = await import('../../../src/background/storage/settings-writer');
const { loadSettings } = await import('../../../src/protocol/settings-store');
const { defaultSettings } = await import('../../../src/protocol/settings');

beforeEach(() => {
  Object.assign(area, whole, { stored: {} });
});
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
