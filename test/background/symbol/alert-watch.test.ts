import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { OwnStore } from '../../../src/background/storage/own-store';
import { AlertWatch, type Glance } from '../../../src/background/symbol/alert-watch';
import { tierLeverages } from '../../../src/engine/records';
import type { Alert } from '../../../src/engine/risk/alerts';
import { systemClock } from '../../../src/feeds/net/pacing';
import { keptPosition } from '../../kept-position';

/** Looks for alerts over what is stored of the looks before, in whatever state a profile has it. */

const hourMs = 3_600_000;
const start = Date.UTC(2026, 10, 21, 3);
const price = 60_000;

let stores = 0;
function begin() {
  const own = new OwnStore(systemClock, `watch ${++stores}`);
  const told: Alert[] = [];
  let now = start;
  const watch = new AlertWatch({
    own,
    now: () => now,
    minuteOfDay: () => 600,
    glance: async () => quiet(price),
    tell: async (alert) => {
      told.push(alert);
      return '';
    },
    textOf: ({ kind }) => kind,
  });
  /** A look five hours later, when the reminder of a kept position is due. */
  const look = async () => {
    now += 5 * hourMs;
    await watch.minute();
    return told.splice(0).map(({ kind }) => kind);
  };
  return { own, watch, look };
}

/** A market in which nothing happens. */
function quiet(price: number): Glance {
  return {
    view: {
      price,
      asOf: start,
      lnLow: Math.log(price) - 0.5,
      step: 0.1,
      long: new Array(10).fill(1),
      short: new Array(10).fill(1),
      longAge: new Array(10).fill(5),
      shortAge: new Array(10).fill(5),
      longTiers: new Array(10 * tierLeverages.length).fill(0.25),
      shortTiers: new Array(10 * tierLeverages.length).fill(0.25),
      ratio: { within5: 1 },
      levels: [],
    },
    tick: { price, banners: [], context: { openInterestUsd: 1e9 } },
    inside: {
      reference: {
        runningFunding: () => null,
        funding: { settled: [] },
        live: { low: Infinity, high: -Infinity },
      },
      bars: { length: 0 },
    },
    isSeen: false,
  } as unknown as Glance;
}

it('tells a reminder of a kept position each time that it is due', async () => {
  const { own, look } = begin();
  await own.keep(keptPosition(price, { id: 'a', keptAt: start, symbol: 'BTC-USDT' }));
  expect(await look()).toContain('reminder');
  expect(await look()).toContain('reminder');
});

it.each([
  ['alerts', 'choices'],
  ['alerts', ['BTC-USDT']],
  ['look BTC-USDT', { time: 'yesterday', price: -1, ratios: 7 }],
  ['look BTC-USDT', 'seen'],
  ['alertState', { sent: 5, watched: { 'BTC-USDT': 'all', 'ETH-USDT': [{ side: 'up' }] } }],
  ['alertState', 'told'],
  ['alertTurn', 'mine'],
  ['alertTurn', -3],
  ['alertLog', { 0: 'told' }],
  ['alertLog', [7, { time: start, kind: 'rain' }]],
])('goes on where %s is stored as %j', async (name, stored) => {
  const { own, watch, look } = begin();
  await own.keep(keptPosition(price, { id: 'a', keptAt: start, symbol: 'BTC-USDT' }));
  await own.saveChoice(name, stored);
  expect(await look()).toContain('reminder');
  const log = await watch.told();
  expect(log.map(({ kind }) => kind)).toContain('reminder');
  expect(log.every(({ text }) => typeof text === 'string')).toBe(true);
  expect((await watch.list())[0]).toMatchObject({ symbol: 'BTC-USDT', price });
});

it('keeps every choice of several pages that choose at once, and none that cannot be', async () => {
  const { watch } = begin();
  await Promise.all([
    watch.choose({ pinned: ['ETH-USDT'] }),
    watch.choose({ sound: true }),
    watch.choose({ webhook: { url: 'https://hooks.example.com/mine', format: 'slack' } }),
  ]);
  await expect(watch.choose({ sound: false, pinned: ['none'] })).rejects.toThrow('alerts, pinned');
  expect(await watch.choices()).toMatchObject({
    pinned: ['ETH-USDT'],
    sound: true,
    webhook: { url: 'https://hooks.example.com/mine', format: 'slack' },
  });
});

it('keeps the newest two hundred alerts that were told', async () => {
  const { own, watch, look } = begin();
  await own.keep(keptPosition(price, { id: 'a', keptAt: start, symbol: 'BTC-USDT' }));
  const old = Array.from({ length: 200 }, (_, time) => ({
    ...{ time, symbol: 'BTC-USDT', kind: 'move', text: String(time), problem: '' },
  }));
  await own.saveChoice('alertLog', old);
  const due = await look();
  const log = await watch.told();
  expect(log).toHaveLength(200);
  expect(log.slice(-due.length).map(({ kind }) => kind)).toEqual(due);
  expect(log[0]).toMatchObject({ text: String(due.length) });
});
