import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as barColumns from '../../src/engine/bar-columns';
import * as cascade from '../../src/engine/flow/cascade';
import * as delta from '../../src/engine/flow/delta';
import * as depths from '../../src/engine/flow/depth';
import * as walls from '../../src/engine/flow/walls';
import * as learn from '../../src/engine/forced/learn';
import * as ledger from '../../src/engine/forced/ledger';
import * as tally from '../../src/engine/forced/tally';
import * as heatmaps from '../../src/engine/history/heatmap';
import * as histories from '../../src/engine/history/history';
import * as asymmetries from '../../src/engine/map/asymmetry';
import * as clusterings from '../../src/engine/map/clusters';
import * as large from '../../src/engine/map/large-accounts';
import * as levels from '../../src/engine/map/levels';
import * as maps from '../../src/engine/map/map';
import * as profiles from '../../src/engine/map/profile';
import * as scaling from '../../src/engine/map/scale-open-interest';
import * as sweeps from '../../src/engine/map/sweep';
import * as needs from '../../src/engine/need';
import * as margins from '../../src/engine/positions/margin';
import * as atr from '../../src/engine/regime/atr';
import * as funding from '../../src/engine/regime/funding';
import * as regime from '../../src/engine/regime/regime';
import * as alerts from '../../src/engine/risk/alerts';
import * as confluences from '../../src/engine/risk/confluence';
import * as flips from '../../src/engine/risk/flips';
import * as fuel from '../../src/engine/risk/fuel';
import * as overshoot from '../../src/engine/risk/overshoot';
import * as parsing from '../../src/engine/risk/parse-position';
import * as position from '../../src/engine/risk/position';
import * as setups from '../../src/engine/risk/setups';
import * as squeeze from '../../src/engine/risk/squeeze';
import * as turning from '../../src/engine/risk/support-resistance';
import { quietBars, toColumns } from './random-bars';

const start = 1_700_000_000_000;
const hourMs = 3_600_000;
const bars = toColumns(
  quietBars(Array.from({ length: 400 }, (_, i) => 100 + 2 * Math.sin(i / 40))).map((row) => ({
    ...row,
    volume: 20,
  })),
);
const now = start + 400 * 300_000;
const venue = { venue: 'a', bars, mark: 100, openInterest: 1000, maxLeverage: 100, maintenanceRate: 0.005 };
const shown = { window: '24h' as const, step: 0.001, price: 100 };
/** An hour of the same, in coarse bands: what is built anew for each number that is put wrong. */
const small = { ...venue, bars: barColumns.sliceBars(bars, 0, 12) };
const coarse = { ...shown, step: 0.02 };
const map = maps.buildMap([venue], shown);
const q = { p10: 0.001, p50: 0.002, p90: 0.005 };
const found = levels.findLevels({ map, bars, q, openInterest: 1e5 });
const clusters = clusterings.clustersAt(map, found);
const book = { mark: 100, bids: [[99, 5]] as [number, number][], asks: [[101, 5]] as [number, number][] };
const depth = depths.joinBooks([book], 100);
const rate = { time: now, rate: 0.0001, intervalMs: 8 * hourMs };
const lesson = { atRisk: [1, 2, 3, 4, 5], forced: 0.1 };
const forced = { time: now, side: 'long' as const, base: 1, price: 99, priceKind: 'fill' as const };
const tiers = [{ floor: 0, cap: 1e6, maintenanceRate: 0.005, maxLeverage: 100 }];
const rule = { progressive: true, feeInMaintenance: false, takerFee: 0.0005, shownTicks: 0 };
const market = { now, levels: [], funding: [rate], depth, bars };
const held = { side: 'long' as const, entry: 100, leverage: 10, base: 1, stop: 97, target: 104 };
const cluster = clusters[0]!;
const look = { low: 99.9, high: 100.1, clusters, flip: null, squeeze: null, banners: [], kept: null };
const heatmap = { step: 0.001, columnMs: 300_000, columns: 20, reach: 0.1 };

/** A sound call of each function that other rooms call: what to spoil, and what is done with it. */
const calls: Record<string, [args: unknown, run: (args: never) => unknown]> = {
  sliceBars: [
    { from: 1, to: 5 },
    (a: { from: number; to: number }) => barColumns.sliceBars(bars, a.from, a.to),
  ],
  awayOf: of({ percent: 1.5 }, ({ percent }) => parsing.awayOf(`-${percent}%`)),
  firstAtOrAfter: of({ time: now }, (a) => barColumns.firstAtOrAfter(bars, a.time)),
  TakerFlow: of([now, 5, 10] as const, ([time, usd, minutes]) => {
    const flow = new delta.TakerFlow();
    flow.add(time, usd, 'buy');
    return flow.delta(time, minutes);
  }),
  deltaDivergence: of([100, now] as const, ([price, time]) =>
    delta.deltaDivergence(clusters, price, new delta.TakerFlow(), time),
  ),
  joinBooks: of({ books: [book], price: 100 }, (a) => depths.joinBooks(a.books, a.price)),
  depthRatio: of({ cluster, q: 0.01 }, (a) => depths.depthRatio(a.cluster, depth, a.q)),
  walkCascade: of({ q: 0.01, to: 95 }, (a) =>
    cascade.walkCascade(map, clusters, depth, { side: 'long', ...a }),
  ),
  cascadeTable: of({ q: 0.01 }, (a) => cascade.cascadeTable(map, clusters, depth, a.q)),
  WallWatch: of({ time: now }, (a) => new walls.WallWatch().observe(a.time, depth, clusters)),
  lessonsOf: of({ orders: [forced], heard: { from: now - 5 * hourMs, to: now } }, (a) =>
    learn.lessonsOf(bars, a.orders, a.heard),
  ),
  learnQ: of({ lessons: [lesson, lesson], prior: { median: 0.003, p10: 0.001, p90: 0.009 } }, (a) =>
    learn.learnQ(a.lessons, a.prior),
  ),
  qDrift: of({ lessons: [lesson, lesson, lesson], recent: 1 }, (a) => learn.qDrift(a.lessons, a.recent)),
  ledgerOf: of({ now }, (a) => ledger.ledgerOf([[]], a.now)),
  isTally: of(
    { orders: 1, dense: 1, denseTypical: 1, inLevels: 1, levelShare: 1, typical: 1 },
    tally.isTally,
  ),
  Heatmap: of({ options: heatmap, low: 99, high: 101, from: start, to: now }, (a) => {
    const written = new heatmaps.Heatmap(a.options);
    written.append(map, a.low, a.high);
    return written.read(a.from, a.to, a.low, a.high).columns;
  }),
  recordHistory: of({ from: start, to: start + hourMs }, (a) =>
    histories.recordHistory(new heatmaps.Heatmap(heatmap), [small], a),
  ),
  historySteps: of({ from: start, to: start + hourMs }, (a) => [
    ...histories.historySteps(new heatmaps.Heatmap(heatmap), [small], a),
  ]),
  asymmetry: of({ within: 0.05 }, (a) => asymmetries.asymmetry(map, a.within)),
  clustersAt: of(found, (a) => clusterings.clustersAt(map, a)),
  nearestClusters: of({ count: 3 }, (a) => clusterings.nearestClusters(clusters, 'long', a.count)),
  largeAccounts: of({ seen: [{ distance: -0.1, usd: 10 }], usd: 1e5, rows: { step: 0.01, count: 35 } }, (a) =>
    large.largeAccounts(a.seen, a.usd, a.rows),
  ),
  findLevels: of({ q, openInterest: 1e5, bars }, (a) => levels.findLevels({ map, ...a })),
  swingZones: of({ bars, price: 100 }, (a) => levels.swingZones(a.bars, a.price)),
  buildMap: of({ small, coarse }, (a) => maps.buildMap([a.small], a.coarse).long),
  buildMaps: of({ small, coarse }, (a) => maps.buildMaps([a.small], ['24h', '7d'], a.coarse)[1]!.short),
  marginOf: of(
    { maxLeverage: 100, maintenanceRate: 0.005 },
    (a) => maps.buildMap([{ ...venue, ...maps.marginOf(a) }], shown).long,
  ),
  sweepMap: of({ low: 99, high: 101 }, (a) => {
    const swept = structuredClone(map);
    sweeps.sweepMap(swept, a.low, a.high);
    return swept.long;
  }),
  sweepVenue: of({ low: 99, high: 101 }, (a) => {
    const swept = structuredClone(map);
    return sweeps.sweepVenue(swept, swept.venues![0]!, a.low, a.high);
  }),
  scaleOpenInterest: of({ times: bars.time, current: 10 }, (a) =>
    scaling.scaleOpenInterest(a.times, a.current, [bars]),
  ),
  learnProfile: of(
    { bars, margin: { maxLeverage: 100, maintenanceRate: 0.005 } },
    (a) => profiles.learnProfile(a.bars, a.margin).hours,
  ),
  isYoung: of({ hours: 3 }, (a) => profiles.isYoung({ ...profiles.priorProfile(), ...a })),
  restoreProfile: of(
    { hours: 3, time: start },
    (a) => profiles.restoreProfile({ ...profiles.priorProfile(), ...a }, now)?.hours,
  ),
  smallestPosition: of({ tiers, rule }, (a) => margins.smallestPosition(a.tiers, a.rule)),
  liquidationPrice: of({ position: { side: 'long' as const, entry: 100, size: 1, margin: 10 }, tiers }, (a) =>
    margins.liquidationPrice(a.position, a.tiers, rule),
  ),
  averageTrueRange: of({ bars, intervalMs: hourMs, count: 5 }, (a) =>
    atr.averageTrueRange(a.bars, { intervalMs: a.intervalMs, count: a.count }),
  ),
  withIntervals: of({ settled: [rate, { ...rate, time: now + hourMs }], intervalMs: hourMs }, (a) =>
    funding.withIntervals(a.settled, a.intervalMs).map((each) => funding.fundingPer8h(each)),
  ),
  fundingPer8h: of(rate, funding.fundingPer8h),
  fundingRange: of({ settled: [rate, rate], now }, (a) => funding.fundingRange(a.settled, a.now)),
  findBanners: of(
    {
      now,
      openInterest: [{ time: start, base: 10, usd: 1000 }],
      forced: [{ time: start, usd: 5 }],
      hourlyForcedUsd: [1, 2],
      bars,
      funding: rate,
      settled: [rate],
      venues: [{ venue: 'a', lastMessage: now, openInterest: [{ time: start, base: 10 }] }],
      events: [{ name: 'CPI', time: now }],
    },
    regime.findBanners,
  ),
  dueAlerts: of({ ...look, now, symbol: 'A', price: 100, lastLook: 90, minuteOfDay: 5 }, (a) =>
    alerts.dueAlerts({ sent: [], watched: {} }, a, { kinds: ['edge', 'swept', 'move'], quiet: null }),
  ),
  isAmount: of({ value: 1 }, (a) => needs.isAmount(a.value)),
  confluence: of({ cluster, market }, (a) => confluences.confluence(a.cluster, a.market)),
  findFlips: of(
    [
      { time: 1, ratio: 0.8 },
      { time: 2, ratio: 1.2 },
      { time: 5e6, ratio: 1.3 },
    ],
    flips.findFlips,
  ),
  fuelRatio: of({ entry: 100, openInterestUsd: 1e5, within: 0.1 }, (a) =>
    fuel.fuelRatio(map, { side: 'long', ...a }),
  ),
  fuelVerdict: of({ ratio: 1.2 }, (a) => fuel.fuelVerdict(a.ratio)),
  measureOvershoots: of({ bars, edges: [{ side: 'long' as const, price: 99, time: start }] }, (a) =>
    overshoot.measureOvershoots(a.bars, a.edges),
  ),
  overshootP80: of([0.001, 0.002, 0.003], overshoot.overshootP80),
  parsePosition: of({ text: 'long BTC 97000 25x 0.5' }, (a) => parsing.parsePosition(a.text)),
  reportPosition: of({ held, usd: 1e5, overshoot: 0.008, atr1h: 1, budgetUsd: 50 }, (a) =>
    position.reportPosition(a.held, {
      map,
      clusters,
      openInterestUsd: a.usd,
      overshoot: a.overshoot,
      atr1h: a.atr1h,
      budgetUsd: a.budgetUsd,
      liquidationPrice: ({ entry }) => entry * 0.9,
      market,
    }),
  ),
  setupsAt: of({ price: 100, target: 104 }, (a) =>
    setups.setupsAt(cluster, { side: 'long', target: a.target }, a.price, {
      evidence: [],
      enough: true,
      count: 2,
    }),
  ),
  checkSqueeze: of({ rate, usual: { p5: -0.001, p95: 0.001 } }, (a) =>
    squeeze.checkSqueeze(clusters, a.rate, a.usual),
  ),
  findTurningPrices: of({ bars, span: 12 }, (a) => turning.findTurningPrices(a.bars, a.span)),
};

function of<T>(args: T, run: (args: T) => unknown): [T, (args: never) => unknown] {
  return [args, run as (args: never) => unknown];
}

/** The last two are larger and smaller than anything on a market. */
const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e18, 1e-18];

/** The same values with one number somewhere in them put wrong, each in turn; of columns and lists one, and not how long they are. */
function* spoiled(value: unknown, at = ''): Generator<[where: string, spoiled: unknown]> {
  if (typeof value === 'number') for (const wrong of bad) yield [`${at} = ${wrong}`, wrong];
  else if (value instanceof Float64Array)
    for (const wrong of bad) yield [`${at}[1] = ${wrong}`, value.with(1, wrong)];
  else if (Array.isArray(value)) {
    if (value.length > 0)
      for (const [where, first] of spoiled(value[0], `${at}[0]`)) yield [where, [first, ...value.slice(1)]];
  } else if (value !== null && typeof value === 'object')
    for (const [key, inner] of Object.entries(value).filter(([name]) => name !== 'length'))
      for (const [where, other] of spoiled(inner, `${at}.${key}`)) yield [where, { ...value, [key]: other }];
}

/** Every number in an answer, however deep. */
function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  else if (value && typeof value === 'object')
    for (const inner of Object.values(value)) yield* numbersIn(inner);
}

describe('a number put wrong is refused by a RangeError that names the function and its need, or does no harm', () => {
  test.each(Object.entries(calls))('%s', (_, [args, run]) => {
    expect([...numbersIn(run(args as never))].filter((number) => !Number.isFinite(number))).toEqual([]);
    for (const [where, wrong] of spoiled(args)) {
      let answer: unknown;
      try {
        answer = run(wrong as never);
      } catch (error) {
        expect(error, where).toBeInstanceOf(RangeError);
        expect((error as Error).message, where).toMatch(/^[\w.]+ requires /);
        continue;
      }
      for (const number of numbersIn(answer))
        if (!Number.isFinite(number)) throw new Error(`${where}: ${number} came out`);
    }
  });
});

test('every function of the engine that another room calls is among them', () => {
  const src = join(import.meta.dirname, '../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const read = (file: string) => readFileSync(join(src, file), 'utf8');
  const own = files
    .filter((file) => file.startsWith('engine/'))
    .flatMap((file) =>
      [...read(file).matchAll(/^export (?:function\*? |class )(\w+)/gm)].map(([, name]) => name!),
    );
  const called = files
    .filter((file) => !/^(engine|tools)\//.test(file))
    .flatMap((file) => [...read(file).matchAll(/import \{([^}]*)\} from '[^']*\/engine\/[^']*'/g)])
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim().split(' ')[0]!))
    .filter((name) => own.includes(name));
  expect(called.length).toBeGreaterThan(40);
  expect([...new Set(called)].filter((name) => !(name in calls))).toEqual([]);
});
