import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { do_not_optimize } from 'mitata';
import { asymmetry } from '../engine/map/asymmetry';
import { clustersAt } from '../engine/map/clusters';
import { forward, shownHours } from '../engine/map/forward';
import { findLevels, type Level, levelStep } from '../engine/map/levels';
import { buildMaps, type VenueBars } from '../engine/map/map';
import { priorProfile, profileReach } from '../engine/map/profile';
import { cellStep } from '../engine/positions/cells';
import { Inventory } from '../engine/positions/inventory';
import { type BandMap, type BarColumns, tierLeverages, windowIds } from '../engine/records';

/** What the engine costs on this machine. Times are the least of several runs, since other programs only add to them. */
export interface EngineFigures {
  /** Bars of the whole build: 30 days of 5m on five venues. */
  bars: number;
  /** Map of 30 days with ages and all four windows, from nothing. */
  buildMs: number;
  /** `buildMs` without reading the map out ÷ a loop that makes the same additions to arrays of the same size. */
  ratioToAdditions: number;
  /** One bar added to a full inventory. */
  newBarMs: number;
  /** Clusters and asymmetry of a finished map. */
  metricsMs: number;
  /** What stands on five venues turned into the forward map; its levels; both and the metrics together. */
  forwardMs: number;
  levelsMs: number;
  shownMs: number;
  /** Heap after 100,000 bars less heap before, garbage collected both times. */
  heapGrowthBytes: number;
  scaling: { bars: number; venues: number; tiers: number; bandStep: number; ms: number }[];
}

const fiveMinutesMs = 300_000;
const barsOfMonth = 8640;
/** What an entry adds to in a tier: amount and moment at both ends, and the tier's sum, on both sides. */
const additionsPerTier = 10;

/** Bars of a random walk with 0.1 % a bar, about BTC's, repeatable. */
function walkBars(length: number, seed: number): BarColumns {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
  const column = () => new Float64Array(length);
  const bars: BarColumns = {
    length,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    openInterest: column(),
    openInterestClose: column(),
  };
  let price = 100_000;
  let openInterest = 90_000;
  for (let i = 0; i < length; i++) {
    const close = price * Math.exp((random() + random() + random() - 1.5) * 0.002);
    bars.time[i] = 1_764_547_200_000 + i * fiveMinutesMs;
    bars.open[i] = price;
    bars.close[i] = close;
    bars.high[i] = Math.max(price, close) * (1 + random() * 0.0007);
    bars.low[i] = Math.min(price, close) * (1 - random() * 0.0007);
    bars.volume[i] = 200 + 1500 * random() ** 3;
    bars.openInterest[i] = openInterest;
    openInterest *= 1 + (random() - 0.5) * 0.002;
    bars.openInterestClose[i] = openInterest;
    price = close;
  }
  return bars;
}

function venuesOf(bars: readonly BarColumns[]): VenueBars[] {
  return bars.map((columns, k) => ({
    venue: `venue ${k}`,
    bars: columns,
    mark: columns.close[columns.length - 1]!,
    openInterest: columns.openInterestClose[columns.length - 1]!,
    maxLeverage: 125,
  }));
}

/** Rounds without less in them that end a measurement, and the most. */
const steadyRounds = 15;
const mostRounds = 100;

function leastMs(times: number, run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < times; k++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** Entries as the inventory makes them, one per piece of a bar's path: cells from `low` to `high`, coins and opening hour. */
interface Entries {
  low: Int32Array;
  high: Int32Array;
  amount: Float64Array;
  hour: Float64Array;
}

function entriesOf(bars: BarColumns): Entries {
  const rows: [low: number, high: number, amount: number, hour: number][] = [];
  const middle = new Inventory().count / 2;
  const cellOf = (price: number) => middle + (Math.round(Math.log(price / bars.open[0]!) / cellStep) % 2000);
  for (let i = 0; i < bars.length; i++) {
    const rising = bars.close[i]! >= bars.open[i]!;
    const turns = rising ? [bars.low[i]!, bars.high[i]!] : [bars.high[i]!, bars.low[i]!];
    const path = [bars.open[i]!, ...turns, bars.close[i]!].map(cellOf);
    for (let p = 1; p < path.length; p++) {
      const from = path[p - 1]!;
      const step = path[p]! - from;
      // Long stretches are walked in six pieces.
      const points = Math.abs(step) > 12 ? [0, 0.35, 0.15, 0.5, 0.85, 0.65, 1] : [0, 1];
      for (let k = 1; k < points.length; k++) {
        const ends = [points[k - 1]!, points[k]!].map((part) => from + Math.round(step * part));
        rows.push([Math.min(...ends) - 4, Math.max(...ends) + 4, bars.volume[i]!, i / 12]);
      }
    }
  }
  return {
    low: Int32Array.from(rows, (row) => row[0]),
    high: Int32Array.from(rows, (row) => row[1]),
    amount: Float64Array.from(rows, (row) => row[2]),
    hour: Float64Array.from(rows, (row) => row[3]),
  };
}

/**
 * Only the additions of entering positions, given where and how much: what no way of keeping these arrays can do
 * without. Finding the path, sweeping, shrinking and checking are left out.
 */
function addOnly(entries: Entries, [long, short]: [Float64Array, Float64Array], offsets: Int32Array): number {
  const tiers = tierLeverages.length;
  const count = long.length / tiers / 2;
  const { low, high, amount, hour } = entries;
  const sums = new Float64Array(2 * tiers);
  for (let k = 0; k < low.length; k++) {
    for (let t = 0; t < tiers; t++) {
      const far = offsets[2 * t]!;
      const near = offsets[2 * t + 1]!;
      const base = t * count;
      const each = amount[k]! / (high[k]! - low[k]! + far - near + 1);
      const moment = each * hour[k]!;
      const top = 2 * (base + high[k]! - near);
      const bottom = 2 * (base + low[k]! - far - 1);
      long[top]! += each;
      long[top + 1]! += moment;
      long[bottom]! -= each;
      long[bottom + 1]! -= moment;
      sums[t]! += amount[k]!;
      const shortBottom = 2 * (base + low[k]! + near);
      const shortTop = 2 * (base + high[k]! + far + 1);
      short[shortBottom]! += each;
      short[shortBottom + 1]! += moment;
      short[shortTop]! -= each;
      short[shortTop + 1]! -= moment;
      sums[tiers + t]! += amount[k]!;
    }
  }
  return sums[0]!;
}

function metrics(map: BandMap, levels: readonly Level[]): void {
  do_not_optimize(clustersAt(map, levels));
  do_not_optimize(asymmetry(map, 0.05));
  do_not_optimize(asymmetry(map, 0.1));
}

/** Forward map of full inventories, from cells that have been read, to ±35 % of price. */
function forwardRun(five: readonly BarColumns[]): () => void {
  const read = five.map((bars) => {
    const inventory = new Inventory();
    inventory.addBars(bars);
    const from = inventory.priceCell - profileReach;
    const cells = inventory.read(undefined, from, from + 2 * profileReach + 1);
    return { inventory, from, cells, profile: priorProfile() };
  });
  return () => {
    for (const { inventory, from, cells, profile } of read)
      forward(cells, inventory, profile, shownHours, from, 1);
  };
}

/** Heap growth of adding 100,000 bars one by one; bars are made before the count begins. */
function measureHeapGrowth(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const bars = walkBars(110_000, 9);
  const inventory = new Inventory();
  inventory.addBars(bars, 0, 10_000);
  collect();
  const before = process.memoryUsage().heapUsed;
  inventory.addBars(bars, 10_000);
  collect();
  return Math.max(0, process.memoryUsage().heapUsed - before);
}

/** Everything once. Takes about ten seconds. */
export function benchEngine(): EngineFigures {
  const five = [1, 2, 3, 4, 5].map((seed) => walkBars(barsOfMonth, seed));
  const venues = venuesOf(five);
  const price = venues[0]!.mark;
  const build = () => buildMaps(venues, windowIds, { step: 0.001, price });
  const addBars = () => {
    const inventories = five.map(() => new Inventory());
    return leastMs(1, () => {
      inventories.forEach((inventory, k) => {
        inventory.addBars(five[k]!);
      });
    });
  };
  const entries = five.map(entriesOf);
  const length = 2 * new Inventory().count * tierLeverages.length;
  const rows: [Float64Array, Float64Array] = [new Float64Array(length), new Float64Array(length)];
  const offsets = Int32Array.from(
    tierLeverages.flatMap((leverage) => [1.3, 0.7].map((k) => k / leverage / cellStep)),
  );
  const addAll = () => {
    for (const list of entries) do_not_optimize(addOnly(list, rows, offsets));
  };
  // Interleaved, so that a busy moment of the machine hits both, until neither has become less for a while.
  let addBarsMs = Number.POSITIVE_INFINITY;
  let additionsMs = Number.POSITIVE_INFINITY;
  let same = 0;
  for (let k = 0; k < mostRounds && same < steadyRounds; k++) {
    const [bars, additions] = [addBars(), leastMs(1, addAll)];
    same = bars < 0.98 * addBarsMs || additions < 0.98 * additionsMs ? 0 : same + 1;
    addBarsMs = Math.min(addBarsMs, bars);
    additionsMs = Math.min(additionsMs, additions);
  }

  const live = walkBars(barsOfMonth + 1000, 6);
  const inventory = new Inventory();
  inventory.addBars(live, 0, barsOfMonth);
  const newBarMs = leastMs(1, () => inventory.addBars(live, barsOfMonth)) / 1000;
  const [map] = buildMaps(venues, ['30d'], { step: levelStep, price });
  const q = { p10: 0.001, p50: 0.002, p90: 0.005 };
  const input = { map: map!, bars: five[0]!, q, openInterest: 5 * 90_000 * price };
  const previous = findLevels(input);
  const levels = () => do_not_optimize(findLevels({ ...input, previous }));
  const ahead = forwardRun(five);

  return {
    bars: five.length * barsOfMonth,
    buildMs: leastMs(30, () => do_not_optimize(build())),
    ratioToAdditions: addBarsMs / additionsMs,
    newBarMs,
    metricsMs: leastMs(200, () => metrics(map!, previous)),
    forwardMs: leastMs(200, ahead),
    levelsMs: leastMs(200, levels),
    shownMs: leastMs(200, () => {
      ahead();
      levels();
      metrics(map!, previous);
    }),
    heapGrowthBytes: measureHeapGrowth(),
    scaling: measureScaling(five),
  };
}

/** Bars, venues, tiers in use and width of the bands shown, one at a time from a middle point. */
function measureScaling(five: readonly BarColumns[]): EngineFigures['scaling'] {
  const point = (bars: number, venues: number, tiers: number, bandStep: number) => {
    const cut = venuesOf(five.slice(0, venues).map((columns) => ({ ...columns, length: bars })));
    const tierWeights = tierLeverages.map((_, t) => (t < tiers ? 1 / tiers : 0));
    const options = { step: bandStep, price: cut[0]!.mark, model: () => ({ tierWeights }) };
    return {
      bars: bars * venues,
      venues,
      tiers,
      bandStep,
      ms: leastMs(5, () => do_not_optimize(buildMaps(cut, windowIds, options))),
    };
  };
  return [
    ...[1080, 2160, 4320, 8640].map((bars) => point(bars, 5, 5, 0.001)),
    ...[1, 2, 3, 4].map((venues) => point(8640, venues, 5, 0.001)),
    ...[1, 2, 3, 4].map((tiers) => point(8640, 5, tiers, 0.001)),
    ...[0.0005, 0.002, 0.005].map((bandStep) => point(8640, 5, 5, bandStep)),
  ];
}

export function textOf(figures: EngineFigures): string {
  const { bars, buildMs, ratioToAdditions, newBarMs, metricsMs, forwardMs, levelsMs, shownMs } = figures;
  const { heapGrowthBytes, scaling } = figures;
  return [
    `map of ${bars} bars, five venues, four windows: ${buildMs.toFixed(1)} ms`,
    `adding the bars ÷ ${additionsPerTier} additions per entry and tier alone: ${ratioToAdditions.toFixed(2)}`,
    `one new bar: ${(newBarMs * 1000).toFixed(1)} µs; clusters and asymmetry: ${metricsMs.toFixed(3)} ms`,
    `forward map of five venues: ${forwardMs.toFixed(3)} ms; levels: ${levelsMs.toFixed(3)} ms; with metrics: ${shownMs.toFixed(3)} ms`,
    `heap growth over 100,000 bars: ${heapGrowthBytes} bytes`,
    '    bars  venues  tiers  band step       ms',
    ...scaling.map(
      (row) =>
        `${String(row.bars).padStart(8)}${String(row.venues).padStart(8)}${String(row.tiers).padStart(7)}` +
        `${String(row.bandStep).padStart(11)}${row.ms.toFixed(1).padStart(9)}`,
    ),
  ].join('\n');
}
