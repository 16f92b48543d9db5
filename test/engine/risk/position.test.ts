import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sides } from '../../../src/engine/records';
import {
  compareReports,
  type Position,
  type PositionContext,
  reportPosition,
} from '../../../src/engine/risk/position';
import { clustersOf } from '../clusters-of';
import { quietBars, toColumns } from '../random-bars';
import { type Filled, mapWith, randomMap, spoiledMaps } from '../random-map';

const hour = 3_600_000;
const rows = quietBars(Array.from({ length: 300 }, () => 100)).map((row) => ({ ...row, volume: 10 }));
const now = rows[299]!.time;

/** First tier's rule without maintenance: E(1 ∓ 1/L). */
const simpleRule = ({ side, entry, leverage }: Position) =>
  entry * (side === 'long' ? 1 - 1 / leverage : 1 + 1 / leverage);

function contextOf(bands: readonly Filled[], change: Partial<PositionContext> = {}): PositionContext {
  const map = mapWith(bands);
  return {
    map,
    clusters: clustersOf(map),
    openInterestUsd: 1000,
    overshoot: 0.008,
    atr1h: null,
    budgetUsd: 100,
    liquidationPrice: simpleRule,
    market: { now, levels: [], funding: [], depth: null, bars: toColumns(rows) },
    ...change,
  };
}

const bands: Filled[] = [
  [-0.012, 100],
  [-0.02, 80],
  [0.0201, 120],
  [0.03, 220],
];
const long: Position = { side: 'long', entry: 100, leverage: 25, base: 50, stop: 97, target: 104 };

describe('a report', () => {
  const report = reportPosition(long, contextOf(bands));

  test('has the own liquidation price by the rule passed in', () => {
    expect(report.liquidation).toEqual({ price: 96, distance: expect.closeTo(0.04, 12) });
  });

  test('lists clusters between the entry and stop, target and liquidation, nearest first', () => {
    const distances = (list: typeof report.between.stop) => list.map((c) => Math.round(c.peak));
    expect(distances(report.between.stop)).toEqual([99, 98]);
    expect(distances(report.between.target)).toEqual([102, 103]);
    expect(distances(report.between.liquidation)).toEqual([99, 98]);
  });

  test('aims at the nearest cluster of the other side ahead', () => {
    expect(report.aim).toMatchObject({ side: 'short', usd: 120 });
    // Longs just above a price that has come down to them lie in the way of nobody's profit.
    const context = contextOf(bands);
    const straddling = { ...context.clusters[1]!, high: 100.5, distance: 0 };
    expect(reportPosition(long, { ...context, clusters: [straddling, ...context.clusters] }).aim!.side).toBe(
      'short',
    );
  });

  test('has the fuel ratio from the entry: 340 ÷ 180 = 1.89', () => {
    expect(report.fuel.ratio).toBeCloseTo(1.89, 2);
    expect(report.fuel.verdict).toBe('favourable');
  });

  test('puts the stop beyond both chained clusters and sizes by the budget', () => {
    const edge = report.between.stop[1]!.low;
    expect(report.stop!.price).toBeCloseTo(edge * 0.992, 9);
    expect(report.riskUsd).toBeCloseTo(50 * (100 - edge * 0.992), 9);
    expect(report.size!.base).toBeCloseTo(100 / (100 - edge * 0.992), 9);
    expect(report.stopBeyondLiquidation).toBe(false);
  });

  test('says to reduce the size where the stop costs more than the budget', () => {
    expect(report.reduceSize).toBe(true);
    expect(reportPosition({ ...long, base: 10 }, contextOf(bands)).reduceSize).toBe(false);
    const { riskUsd } = report;
    expect(reportPosition(long, contextOf(bands, { budgetUsd: riskUsd })).reduceSize).toBe(false);
    const noBudget = reportPosition(long, contextOf(bands, { budgetUsd: null }));
    expect([noBudget.size, noBudget.reduceSize]).toEqual([null, false]);
  });

  test('says when liquidation comes before the stop', () => {
    expect(reportPosition({ ...long, leverage: 50 }, contextOf(bands)).stopBeyondLiquidation).toBe(true);
  });

  test('takes part of the profit before the largest cluster between price and target', () => {
    expect(report.partialProfit!.cluster.usd).toBeCloseTo(220, 9);
    expect(report.partialProfit!.price).toBeCloseTo(report.partialProfit!.cluster.low * 0.999, 9);
    expect(
      reportPosition({ ...long, target: 102.5 }, contextOf(bands)).partialProfit!.cluster.usd,
    ).toBeCloseTo(120, 9);
    expect(reportPosition({ ...long, target: 101 }, contextOf(bands)).partialProfit).toBeNull();
    const larger = reportPosition(
      long,
      contextOf([
        [0.0201, 300],
        [0.03, 220],
      ]),
    );
    expect(larger.partialProfit!.cluster.usd).toBe(300);
    // One that price is inside of does not lie between price and target.
    expect(
      reportPosition(
        long,
        contextOf([
          [0.0001, 500],
          [0.03, 220],
        ]),
      ).partialProfit!.cluster.usd,
    ).toBe(220);
    expect(reportPosition({ ...long, target: null }, contextOf(bands)).partialProfit).toBeNull();
  });

  test('of a short is its mirror', () => {
    const short: Position = { side: 'short', entry: 100, leverage: 25, base: 50, stop: 104, target: 97 };
    const mirrored = reportPosition(short, contextOf(bands));
    expect(mirrored.liquidation.price).toBe(104);
    expect(mirrored.fuel.ratio).toBeCloseTo(180 / 340, 9);
    expect(mirrored.stop!.price).toBeGreaterThan(103);
    expect(mirrored.aim!.side).toBe('long');
    expect(mirrored.partialProfit!.cluster.usd).toBeCloseTo(100, 9);
  });

  test('of a map without clusters has no stop, no aim and an unknown checklist', () => {
    const empty = reportPosition(long, contextOf([]));
    expect([empty.stop, empty.aim, empty.confluence, empty.riskUsd]).toEqual([null, null, null, null]);
    expect(empty.checklist.map((check) => check.passed)).toEqual([null, null, null, null, null]);
  });
});

describe('the checklist', () => {
  const check = (
    position: Partial<Position>,
    filled: readonly Filled[],
    change: Partial<PositionContext> = {},
  ) => {
    const { checklist } = reportPosition({ ...long, ...position }, contextOf(filled, change));
    return Object.fromEntries(checklist.map(({ kind, passed, value }) => [kind, { passed, value }]));
  };

  test('has five points, each with what was found', () => {
    const report = reportPosition(long, contextOf(bands));
    expect(report.checklist.map((item) => item.kind)).toEqual([
      'confluence',
      'distance',
      'recency',
      'asymmetry',
      'stop',
    ]);
    expect(report.confluence!.evidence).toHaveLength(5);
  });

  test('confluence: two others lie where the cluster aimed at does', () => {
    const levels = [{ price: 102, kind: 'resistance' as const, touches: 2, time: 0 }];
    const funding = [0.0001, -0.0001].map((rate, i) => ({
      time: now - (1 - i) * hour,
      rate,
      intervalMs: hour,
    }));
    const { market } = contextOf(bands);
    const one = { market: { ...market, levels } };
    const two = { market: { ...market, levels, funding } };
    expect(check({}, bands, one).confluence).toEqual({ passed: false, value: 1 });
    expect(check({}, bands, two).confluence).toEqual({ passed: true, value: 2 });
  });

  test('distance: 0.5 to 3 %', () => {
    expect(check({}, bands).distance!.passed).toBe(true);
    expect(check({}, [[0.003, 10]]).distance!.passed).toBe(false);
    expect(check({}, [[0.035, 10]]).distance!.passed).toBe(false);
    const aimAt = (distance: number) => {
      const { clusters, ...rest } = contextOf(bands);
      const near = clusters
        .filter(({ side }) => side === 'short')
        .map((cluster) => ({ ...cluster, distance }));
      return reportPosition(long, { ...rest, clusters: near }).checklist[1]!.passed;
    };
    expect([0.0049, 0.005, 0.03, 0.0301].map(aimAt)).toEqual([false, true, true, false]);
  });

  test('recency: at most 48 h', () => {
    expect(check({}, [[0.02, 10, 48]]).recency).toEqual({ passed: true, value: 48 * hour });
    expect(check({}, [[0.02, 10, 49]]).recency!.passed).toBe(false);
  });

  test('asymmetry: 1.5 in favour within 5 %', () => {
    expect(check({}, bands).asymmetry!.value).toBeCloseTo(340 / 180, 9);
    expect(check({}, bands).asymmetry!.passed).toBe(true);
    expect(
      check({}, [
        [-0.01, 10],
        [0.01, 14.9],
      ]).asymmetry!.passed,
    ).toBe(false);
    expect(
      check({}, [
        [-0.01, 10],
        [0.01, 15],
        [0.06, 99],
      ]).asymmetry,
    ).toEqual({ passed: true, value: 1.5 });
    expect(check({}, [[0.01, 10]]).asymmetry!.passed).toBeNull();
  });

  test('stop: on the far side of the whole run', () => {
    expect(check({ stop: 97 }, bands).stop!.passed).toBe(true);
    expect(check({ stop: 98.4 }, bands).stop!.passed).toBe(false);
    expect(check({ stop: 98.9 }, bands).stop!.passed).toBe(false);
    expect(check({ stop: null }, bands).stop!.passed).toBeNull();
    const short = { side: 'short', target: null } as const;
    expect(check({ ...short, stop: 104 }, bands).stop!.passed).toBe(true);
    expect(check({ ...short, stop: 102.5 }, bands).stop!.passed).toBe(false);
  });
});

test('then and now are compared number by number', () => {
  const kept = reportPosition(long, contextOf(bands));
  const later = reportPosition(
    long,
    contextOf([
      [-0.012, 300],
      [0.0201, 120],
    ]),
  );
  const rows = Object.fromEntries(compareReports(kept, later).map(({ name, ...row }) => [name, row]));
  expect(rows.fuel).toEqual({ atEntry: kept.fuel.ratio, now: 0.4, change: 0.4 - kept.fuel.ratio! });
  expect(rows.riskUsd).toEqual({
    atEntry: expect.closeTo(180, 9),
    now: 300,
    change: expect.closeTo(120, 9),
  });
  expect(rows.stop!.change).toBeGreaterThan(0);
  const gone = Object.fromEntries(
    compareReports(kept, reportPosition(long, contextOf([]))).map((row) => [row.name, row]),
  );
  expect(gone.aimUsd).toMatchObject({ now: null, change: null });
  expect(() =>
    compareReports(kept, reportPosition({ ...long, entry: 101, stop: 97 }, contextOf(bands))),
  ).toThrow(/^compareReports requires two reports of one position/);
});

test('every number of a report is finite', () => {
  fc.assert(
    fc.property(
      randomMap,
      fc.constantFrom(...sides),
      fc.double({ min: 1, max: 200, noNaN: true }),
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      (map, side, leverage, at) => {
        const entry = map.price * at;
        const sign = side === 'long' ? 1 : -1;
        const position = {
          side,
          entry,
          leverage,
          base: 1,
          stop: entry * (1 - 0.05 * sign),
          target: entry * (1 + 0.05 * sign),
        };
        const report = reportPosition(position, { ...contextOf([]), map, clusters: clustersOf(map) });
        const check = (value: unknown): void => {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          else if (value && typeof value === 'object') Object.values(value).forEach(check);
        };
        check(report);
      },
    ),
  );
});

test('bad input is refused by name', () => {
  const bad: Partial<Position>[] = [
    { entry: 0 },
    { entry: Number.NaN },
    { leverage: 0.5 },
    { leverage: Number.NaN },
    { base: 0 },
    { base: Number.POSITIVE_INFINITY },
    { stop: 101 },
    { stop: 0 },
    { target: 99 },
    { target: Number.NaN },
  ];
  for (const change of bad)
    expect(() => reportPosition({ ...long, ...change }, contextOf(bands))).toThrow(
      /^reportPosition requires/,
    );
  const contexts: Partial<PositionContext>[] = [
    { budgetUsd: -1 },
    { liquidationPrice: () => Number.NaN },
    { liquidationPrice: () => -1 },
    { overshoot: -1 },
    { atr1h: Number.NaN },
    { openInterestUsd: Number.NaN },
  ];
  for (const change of contexts)
    expect(() => reportPosition(long, contextOf(bands, change))).toThrow(RangeError);
  for (const [, map] of spoiledMaps(mapWith(bands)))
    expect(() => reportPosition(long, contextOf(bands, { map }))).toThrow(RangeError);
});
