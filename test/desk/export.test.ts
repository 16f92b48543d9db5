import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvOf, jsonOf, levelListOf, pineOf } from '../../src/desk/export';
import type { MapView } from '../../src/protocol/view';

const all = [true, true, true, true, true];
const view: MapView = {
  symbol: 'BTC-USDT',
  window: '24h',
  price: 100,
  lnLow: Math.log(98),
  step: 0.01,
  long: [5e6, 0, 0, 0],
  short: [0, 0, 0, 2e6],
  longAge: [60, 0, 0, 0],
  shortAge: [0, 0, 0, 30],
  longTiers: Array(20).fill(0),
  shortTiers: Array(20).fill(0),
  q: { p10: 0.005, p50: 0.01, p90: 0.03 },
  ratio: { within5: 2.5, within10: 2.5, longUsd5: 5e6, shortUsd5: 2e6 },
  clusters: [],
  levels: [
    {
      side: 'short',
      low: 101.5,
      high: 102,
      edge: 101.5,
      kind: 'swing',
      since: 0,
      usd: 2e6,
      forced: { p10: 1e4, p50: 2e4, p90: 6e4 },
      share: 0.01,
      ageMs: 1_800_000,
    },
    {
      side: 'long',
      low: 98,
      high: 98.9,
      edge: 98.9,
      kind: 'excess',
      since: 0,
      usd: 5e6,
      forced: { p10: 2.5e4, p50: 5e4, p90: 1.5e5 },
      share: 0.02,
      ageMs: 3_600_000,
    },
  ],
  provisional: false,
  historyFrom: 0,
  asOf: 1_764_150_000_000,
};

test('the table reads back: levels, then every band that holds something, amounts in dollars', () => {
  const rows = parse(csvOf(view, { tiers: all }), { columns: true, cast: true }) as Record<string, unknown>[];
  expect(rows.map(({ kind, side }) => `${kind} ${side}`)).toEqual([
    'level short',
    'level long',
    'band long',
    'band short',
  ]);
  expect(rows[1]).toMatchObject({ low: 98, high: 98.9, at_risk: 5e6, forced_p10: 2.5e4, age_min: 60 });
  expect(rows[2]).toMatchObject({ at_risk: 5e6, forced_p50: 5e4, age_min: 60 });
});

test('the whole map reads back as it was, marked as an estimate', () => {
  expect(JSON.parse(jsonOf(view))).toEqual({ estimate: true, ...view });
});

test('the Pine indicator holds the levels in one input, a side and two prices each', () => {
  const pine = pineOf(view, { tiers: all });
  expect(pine).toMatch(/^\/\/@version=6\nindicator\(/);
  expect(/input\.text_area\("([^"]*)"/.exec(pine)?.[1]).toBe('S 101.5 102, L 98 98.9');
  expect(levelListOf(view, { tiers: all })).toBe('S 101.5 102, L 98 98.9');
});
