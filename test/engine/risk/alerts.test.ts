import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertKinds } from '../../../src/engine/records';
import {
  type AlertInput,
  type AlertSettings,
  type AlertState,
  dueAlerts,
} from '../../../src/engine/risk/alerts';
import type { Fuel } from '../../../src/engine/risk/fuel';
import { clustersOf } from '../clusters-of';
import { type Filled, mapWith } from '../random-map';

const minute = 60_000;
const hour = 60 * minute;
const now = 1_700_000_000_000;
const settings: AlertSettings = { kinds: alertKinds, quiet: null };
const clustersWith = (bands: readonly Filled[], price = 100) => clustersOf(mapWith(bands, { price }));
const bare: AlertInput = {
  now,
  symbol: 'BTC-USDT',
  price: 100,
  low: 100,
  high: 100,
  clusters: [],
  flip: null,
  squeeze: null,
  banners: [],
  kept: null,
  lastLook: null,
  minuteOfDay: 720,
};
const noAlerts: AlertState = { sent: [], watched: {} };
const due = (change: Partial<AlertInput>, state = noAlerts, how = settings) =>
  dueAlerts(state, { ...bare, ...change }, how);
const kinds = (change: Partial<AlertInput>) => due(change).alerts.map(({ kind }) => kind);
const fuel = (ratio: number | null): Fuel => ({
  fuelUsd: 1,
  riskUsd: 1,
  ratio,
  weighted: ratio,
  verdict: null,
});

describe('an alert', () => {
  test('comes within 0.3 % of the edge of one of the two nearest clusters a side', () => {
    const [alert] = due({
      clusters: clustersWith([
        [-0.003, 10],
        [-0.03, 10],
      ]),
    }).alerts;
    expect(alert).toMatchObject({ kind: 'edge', side: 'long', symbol: 'BTC-USDT' });
    expect(alert!.value).toBeLessThanOrEqual(0.003);
    const [cluster] = clustersWith([[-0.01, 10]]);
    const at = (distance: number) => kinds({ clusters: [{ ...cluster!, high: 100 * (1 - distance) }] });
    expect([at(0.003 - 1e-9), at(0.0031)]).toEqual([['edge'], []]);
    // Two that price is inside of are nearer than the third.
    const [a, b, c] = [0.001, 0.002, 0.0025].map((distance) => ({ ...cluster!, distance }));
    expect(
      kinds({
        clusters: [
          { ...a!, high: 98 },
          { ...b!, high: 98 },
          { ...c!, high: 100 },
        ],
      }),
    ).toEqual([]);
  });

  test('comes when price has gone through a watched cluster, not when it turned inside', () => {
    const clusters = clustersWith([
      [-0.02, 10],
      [0.02, 10],
    ]);
    const { state } = due({ clusters });
    const [long, short] = clusters;
    expect(due({ low: long!.low, clusters: [] }, state).alerts).toMatchObject([
      { kind: 'swept', side: 'long', price: long!.low, value: 10 },
    ]);
    expect(due({ high: short!.high, clusters: [] }, state).alerts).toMatchObject([
      { kind: 'swept', side: 'short' },
    ]);
    expect(due({ low: long!.peak, clusters: [] }, state).alerts).toEqual([]);
  });

  test('comes for a wide cluster that price takes piece by piece, with all that it held', () => {
    const wide = (from: number): Filled[] =>
      [0, 1, 2, 3, 4].slice(from).map((k) => [-0.0105 - k * 0.001, 10]);
    const [whole] = clustersWith(wide(0));
    let { state } = due({ clusters: [whole!] });
    // Price stands in its middle: of the run only the far half is left on the map.
    const inside = whole!.low * 1.002;
    ({ state } = due({ price: inside, low: inside, high: 100, clusters: clustersWith(wide(3)) }, state));
    const { alerts } = due({ price: inside, low: whole!.low, high: inside, clusters: [] }, state);
    expect(alerts).toMatchObject([{ kind: 'swept', side: 'long', price: whole!.low, value: 50 }]);
  });

  test('forgets a cluster that price has gone through, or left by the way it came', () => {
    const [cluster] = clustersWith([[-0.0105, 10]]);
    const first = due({ clusters: [cluster!] });
    const inside = due({ price: cluster!.peak, low: cluster!.peak, clusters: [] }, first.state);
    expect(inside.state.watched['BTC-USDT']).toHaveLength(1);
    const through = due({ price: cluster!.peak, low: cluster!.low, clusters: [] }, inside.state);
    expect(through.alerts).toMatchObject([{ kind: 'swept' }]);
    expect(through.state.watched['BTC-USDT']).toEqual([]);
    const out = due({ low: cluster!.peak, clusters: [] }, inside.state);
    expect(out.state.watched['BTC-USDT']).toEqual([]);
    const [above] = clustersWith([[0.0105, 10]]);
    const up = due(
      { price: above!.peak, high: above!.peak, clusters: [] },
      due({ clusters: [above!] }).state,
    );
    expect(up.state.watched['BTC-USDT']).toHaveLength(1);
    expect(due({ high: above!.peak, clusters: [] }, up.state).state.watched['BTC-USDT']).toEqual([]);
  });

  test('watches a cluster of the other side at the same price, too', () => {
    const [below] = clustersWith([[-0.0105, 10]]);
    const inside = { price: below!.peak, low: below!.peak };
    const { state } = due({ clusters: [below!] });
    const twin = { ...below!, side: 'short' as const };
    expect(due({ ...inside, clusters: [twin] }, state).state.watched['BTC-USDT']).toHaveLength(2);
    expect(due({ ...inside, clusters: [below!] }, state).state.watched['BTC-USDT']).toHaveLength(1);
  });

  test('does not come for a cluster of another symbol', () => {
    const { state } = due({ clusters: clustersWith([[-0.02, 10]]) });
    expect(due({ symbol: 'ETH-USDT', low: 1, clusters: [] }, state).alerts).toEqual([]);
  });

  test('comes for a flip within the hour after it was confirmed', () => {
    const flip = { time: now - hour, confirmed: now, heavier: 'long' as const, from: 0.8, to: 1.2 };
    expect(due({ flip }).alerts).toMatchObject([{ kind: 'flip', side: 'long', value: 1.2 }]);
    expect(kinds({ flip, now: now + hour })).toEqual([]);
  });

  test('comes for a squeeze, a cascade and a fall of open interest, not for other banners', () => {
    const [cluster] = clustersWith([[0.02, 10]]);
    expect(
      kinds({ squeeze: { side: 'short', cluster: cluster!, funding: -0.001, threshold: -0.0005 } }),
    ).toEqual(['squeeze']);
    const banner = (kind: 'cascade' | 'openInterestDrop' | 'weekend') => ({
      kind,
      since: 0,
      value: 1,
      threshold: 0,
    });
    expect(kinds({ banners: [banner('weekend'), banner('openInterestDrop'), banner('cascade')] })).toEqual([
      'cascade',
      'openInterestDrop',
    ]);
  });

  test('comes when the fuel of a kept position falls below 1', () => {
    expect(kinds({ kept: { since: now, fuel: fuel(0.99) } })).toEqual(['fuel']);
    expect(kinds({ kept: { since: now, fuel: fuel(1) } })).toEqual([]);
    expect(kinds({ kept: { since: now, fuel: fuel(null) } })).toEqual([]);
  });

  test('comes 3 % up or down from the last look', () => {
    expect(due({ lastLook: 100 / 1.03 }).alerts[0]!.value).toBeCloseTo(0.03, 9);
    expect(kinds({ lastLook: 100 / 0.97 })).toEqual(['move']);
    expect(kinds({ lastLook: 100 / 1.029 })).toEqual([]);
  });

  test('reminds each four hours while a position is kept', () => {
    const kept = { since: now - 4 * hour, fuel: fuel(2) };
    const first = due({ kept });
    expect(first.alerts).toMatchObject([{ kind: 'reminder', value: 4 }]);
    expect(due({ kept, now: now + 4 * hour - 1 }, first.state).alerts).toEqual([]);
    expect(due({ kept, now: now + 4 * hour }, first.state).alerts).toHaveLength(1);
    expect(kinds({ kept: { ...kept, since: now - 4 * hour + 1 } })).toEqual([]);
  });
});

describe('is held back', () => {
  const moved = { lastLook: 90 };

  test('within 60 minutes of one of its kind and symbol', () => {
    const { state } = due(moved);
    expect(due({ ...moved, now: now + hour - 1 }, state).alerts).toEqual([]);
    expect(due({ ...moved, now: now + hour }, state).alerts).toHaveLength(1);
    expect(due({ ...moved, symbol: 'ETH-USDT' }, state).alerts).toHaveLength(1);
  });

  test('after ten in 24 hours, of all symbols together', () => {
    let state = noAlerts;
    for (let k = 0; k < 12; k++) state = due({ ...moved, symbol: `COIN${k}` }, state).state;
    expect(state.sent).toHaveLength(10);
    expect(due({ ...moved, symbol: 'NEW', now: now + 24 * hour }, state).alerts).toHaveLength(1);
  });

  test('in quiet hours, also past midnight', () => {
    const at = (minuteOfDay: number, from: number, to: number) =>
      due({ ...moved, minuteOfDay }, noAlerts, { ...settings, quiet: { from, to } }).alerts.length;
    expect([at(60, 60, 120), at(119, 60, 120), at(120, 60, 120), at(59, 60, 120)]).toEqual([0, 0, 1, 1]);
    expect([at(1380, 1320, 420), at(419, 1320, 420), at(420, 1320, 420), at(1319, 1320, 420)]).toEqual([
      0, 0, 1, 1,
    ]);
  });

  test('when its kind is not wanted', () => {
    expect(due(moved, noAlerts, { ...settings, kinds: ['edge'] }).alerts).toEqual([]);
  });
});

test('of several edges only the nearest is told, and the most important kind comes first', () => {
  const clusters = clustersWith([
    [-0.001, 10],
    [-0.002, 10],
    [0.003, 10],
  ]);
  const { alerts } = due({ clusters, lastLook: 90 });
  expect(alerts.map(({ kind }) => kind)).toEqual(['edge', 'move']);
  expect(alerts[0]!.value).toBeLessThan(0.002);
});

test('the state that was passed in is not changed', () => {
  const { state } = due({ lastLook: 90 });
  const before = JSON.stringify(state);
  due({ lastLook: 90, now: now + 2 * hour, clusters: clustersWith([[-0.02, 10]]) }, state);
  expect(JSON.stringify(state)).toBe(before);
});

test('whatever the market does, limits hold', () => {
  const step = fc.record({
    minutes: fc.integer({ min: 0, max: 90 }),
    price: fc.double({ min: 50, max: 200, noNaN: true }),
    symbol: fc.constantFrom('A', 'B', 'C'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state = noAlerts;
      let time = now;
      let price = 100;
      const all: { kind: string; symbol: string; time: number }[] = [];
      for (const { minutes, price: next, symbol } of steps) {
        time += minutes * minute;
        const input = {
          now: time,
          symbol,
          price: next,
          low: Math.min(price, next),
          high: Math.max(price, next),
          clusters: clustersWith(
            [
              [-0.02, 10],
              [-0.001, 3],
              [0.03, 5],
            ],
            next,
          ),
          lastLook: price,
          kept: { since: now, fuel: fuel(0.5) },
        };
        const result = due(input, structuredClone(state));
        for (const alert of result.alerts) {
          expect(Number.isFinite(alert.value)).toBe(true);
          const same = all.filter((one) => one.kind === alert.kind && one.symbol === alert.symbol);
          for (const one of same) expect(time - one.time).toBeGreaterThanOrEqual(hour);
        }
        all.push(...result.alerts);
        expect(all.filter((one) => time - one.time < 24 * hour).length).toBeLessThanOrEqual(10);
        state = result.state;
        price = next;
      }
    }),
    { numRuns: 30 },
  );
});

test('bad input is refused by name', () => {
  const bad: Partial<AlertInput>[] = [
    { now: Number.NaN },
    { price: Number.NaN },
    { low: 101 },
    { low: 0 },
    { high: 99 },
    { high: Number.POSITIVE_INFINITY },
    { minuteOfDay: 1440 },
    { minuteOfDay: -1 },
    { lastLook: 0 },
  ];
  for (const change of bad) expect(() => due(change)).toThrow(/^dueAlerts requires/);
  for (const quiet of [
    { from: Number.NaN, to: 60 },
    { from: 60, to: 1440 },
    { from: -1, to: 60 },
  ])
    expect(() => due({}, noAlerts, { ...settings, quiet })).toThrow(/^dueAlerts requires minutes/);
});
