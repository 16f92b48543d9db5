import { newestBars } from '../bar-columns';
import { findLevels, type Level, levelReach, levelStep } from '../map/levels';
import { mapOfInventory } from '../map/map';
import { ProfileLearner, priorProfile } from '../map/profile';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { quantile } from '../quantile';
import { type BandMap, sides } from '../records';
import { dayMs } from '../time';
import { drawDays, sum } from './fit';
import type { EvaluationSet, Pool } from './pool';

/** Zones whose passing is counted apart: levels by kind, and the same zones of another day. */
export const zoneKinds = ['all', 'away', 'swing', 'excess', '24h', '7d', 'placebo', 'placeboAway'] as const;
export type ZoneKind = (typeof zoneKinds)[number];

/**
 * What price passed in each bucket and side, as typical mass (in the unit of the amounts): inside zones of a kind, and all
 * together. And how the levels were.
 */
export interface LevelPassages {
  pool: Pool;
  passed: Float64Array;
  inside: Record<ZoneKind, Float64Array>;
  /** Levels by bucket and side. */
  counts: Float64Array;
  widths: number[];
  /** Levels that price did not reach within the bucket, and how many of them were still there at the next. */
  left: number;
  stayed: number;
}

/** How far from price a level has to be to count as away. */
const away = 0.005;
/** Levels of so many buckets earlier are the placebo: those of two days before. */
const placeboBuckets = 48;
/** Bars that levels are looked for in. */
const historyMs = 15 * dayMs;
/** A level is the same while its middle moves no farther than this, in ln(price). */
const same = 2.5 * levelStep;

const noQ = { p10: 0, p50: 0, p90: 0 };

/** Distances in ln(price) from price, both positive, between which a zone lies. */
interface Zone {
  near: number;
  far: number;
}

/** Walks the bars, finds the levels at each bucket's start from the map as it stood, and measures what price passed of them. */
export function levelPassages(set: EvaluationSet, pool: Pool, model: InventoryOptions = {}): LevelPassages {
  const { bars } = set;
  const columns = () => new Float64Array(pool.actual.length);
  const result: LevelPassages = {
    pool,
    passed: columns(),
    inside: Object.fromEntries(zoneKinds.map((kind) => [kind, columns()])) as LevelPassages['inside'],
    counts: columns(),
    widths: [],
    left: 0,
    stayed: 0,
  };
  const inventory = new Inventory(model);
  const learner = new ProfileLearner(priorProfile(model));
  const earlier: Level[][] = [];
  const earlierPrices: number[] = [];
  let previous: Level[] = [];
  let k = 0;
  for (let i = 0; i < bars.length && k < pool.first.length; i++) {
    if (pool.first[k] === i) {
      const map = mapOfInventory(inventory, learner.profile(), { step: levelStep, reach: levelReach + 0.01 });
      const levels = findLevels({
        map,
        bars: newestBars(bars, i, historyMs),
        previous,
        q: noQ,
        openInterest: 1,
      });
      if (k > 0) countStayed(result, previous, levels, pool.low[k - 1]!, pool.high[k - 1]!);
      earlier.push(levels);
      earlierPrices.push(map.price);
      measure(
        result,
        set,
        k,
        map,
        levels,
        earlier[k - placeboBuckets] ?? [],
        earlierPrices[k - placeboBuckets] ?? 1,
      );
      previous = levels;
      k++;
    }
    inventory.addBar(bars, i);
    learner.observe(inventory);
  }
  return result;
}

const middleOf = ({ low, high }: Level) => Math.log(low * high) / 2;

function countStayed(
  result: LevelPassages,
  before: readonly Level[],
  now: readonly Level[],
  low: number,
  high: number,
): void {
  for (const level of before) {
    if (level.side === 'long' ? low <= level.high : high >= level.low) continue;
    result.left++;
    const isThere = now.some(
      (other) => other.side === level.side && Math.abs(middleOf(other) - middleOf(level)) <= same,
    );
    if (isThere) result.stayed++;
  }
}

/** Adds up, for bucket `k`, the typical mass between price and the end of the path, by what lies there. */
function measure(
  result: LevelPassages,
  set: EvaluationSet,
  k: number,
  map: BandMap,
  levels: readonly Level[],
  others: readonly Level[],
  otherPrice: number,
): void {
  const { pool } = result;
  const ln = Math.log(map.price);
  const usd = set.unit === 'usd' ? 1 : 1 / map.price;
  for (const [s, side] of sides.entries()) {
    const at = 2 * k + s;
    const sign = side === 'long' ? -1 : 1;
    const end = Math.min(levelReach, sign * (Math.log(side === 'long' ? pool.low[k]! : pool.high[k]!) - ln));
    const zonesOf = (list: readonly Level[], price: number): Zone[] =>
      list
        .filter((level) => level.side === side)
        .map(({ low, high }) => {
          const [a, b] = [low, high].map((edge) => sign * Math.log(edge / price)) as [number, number];
          return { near: Math.max(0, Math.min(a, b)), far: Math.max(a, b) };
        });
    const own = levels.filter((level) => level.side === side);
    result.counts[at] = own.length;
    result.widths.push(...own.map(({ low, high }) => high / low - 1));
    if (!(end > 0)) continue;
    const mass = (zones: readonly Zone[]) => massIn(map, side, zones, end) * usd;
    const beyond = (zones: readonly Zone[]) => zones.filter(({ near }) => near >= away);
    result.passed[at] = mass([{ near: 0, far: end }]);
    const zones = {
      all: zonesOf(own, map.price),
      swing: zonesOf(
        own.filter(({ kind }) => kind === 'swing'),
        map.price,
      ),
      excess: zonesOf(
        own.filter(({ kind }) => kind === 'excess'),
        map.price,
      ),
      '24h': zonesOf(
        own.filter(({ extreme }) => extreme === '24h'),
        map.price,
      ),
      '7d': zonesOf(
        own.filter(({ extreme }) => extreme === '7d'),
        map.price,
      ),
      placebo: zonesOf(others, otherPrice),
    };
    for (const [kind, list] of Object.entries(zones)) result.inside[kind as ZoneKind][at] = mass(list);
    result.inside.away[at] = mass(beyond(zones.all));
    result.inside.placeboAway[at] = mass(beyond(zones.placebo));
  }
}

/** Typical USD within zones (which may overlap: counted once), up to a distance. */
function massIn(map: BandMap, side: 'long' | 'short', zones: readonly Zone[], end: number): number {
  const sign = side === 'long' ? -1 : 1;
  const ln = Math.log(map.price);
  const typical = map.typical![side];
  let sum = 0;
  let reached = 0;
  for (const zone of zones.toSorted((a, b) => a.near - b.near)) {
    const near = Math.max(zone.near, reached);
    const far = Math.min(zone.far, end);
    if (far <= near) continue;
    reached = far;
    const [low, high] = [ln + sign * near, ln + sign * far].sort((a, b) => a - b) as [number, number];
    const first = Math.max(0, Math.floor((low - map.lnLow) / map.step));
    const last = Math.min(map.count - 1, Math.floor((high - map.lnLow) / map.step));
    for (let i = first; i <= last; i++) {
      const bottom = map.lnLow + i * map.step;
      sum += (typical[i]! * (Math.min(high, bottom + map.step) - Math.max(low, bottom))) / map.step;
    }
  }
  return sum;
}

/** Forced per typical mass inside zones ÷ outside, with its 95 % interval; null where price passed too few. */
export type Lift = [low: number, mid: number, high: number];

/** Moves of like size are compared: each set's passages in so many groups by the typical mass they passed. */
const groupCount = 10;
/** Fewer than for scores: each takes a search. */
const liftDraws = 100;
const liftRange = { low: Math.log(0.02), high: Math.log(50) };

/** A passage; amounts and masses of a set have mean 1, so that sets count alike. */
interface Passage {
  group: number;
  actual: number;
  inside: number;
  outside: number;
}

/**
 * How much more is force-closed inside the zones of a kind than elsewhere, per typical mass that price passed. λ of the
 * Poisson model `forced = rate · (outside + λ · inside)`, one rate for each group of moves of like size of each set: large
 * moves force more per mass, and pass more zones. Days are resampled for the interval.
 *
 * @param passages of one or several sets
 * @returns null where fewer than twenty passages touched such a zone
 */
export function liftOf(
  passages: readonly LevelPassages[],
  kind: ZoneKind,
  random: () => number,
): Lift | null {
  const parts = passages.map((one, p) => ({ ...one, points: pointsOf(one, kind, p * groupCount) }));
  const touched = parts.reduce(
    (count, { points }) => count + points.filter((point) => point && point.inside > 0).length,
    0,
  );
  if (touched < 20) return null;
  const of = (pick: (part: (typeof parts)[number]) => (Passage | undefined)[]) =>
    fitLift(
      parts.flatMap((part) => pick(part).filter((point) => point !== undefined)),
      parts.length * groupCount,
    );
  const draws = parts.map(({ pool }) => drawDays(pool, 0, random).slice(0, liftDraws));
  const lifts = draws[0]!.map((_, d) =>
    of((part) => draws[parts.indexOf(part)]![d]!.map((i) => part.points[i])),
  );
  return [quantile(lifts, 0.025), of(({ points }) => points), quantile(lifts, 0.975)];
}

/** The passages of a set by their number in the pool; undefined where price passed nothing. */
function pointsOf(
  { pool, passed, inside }: LevelPassages,
  kind: ZoneKind,
  firstGroup: number,
): (Passage | undefined)[] {
  const moved = Array.from(passed.keys())
    .filter((i) => passed[i]! > 0)
    .sort((i, j) => passed[i]! - passed[j]!);
  const mean = sum(moved.map((i) => pool.actual[i]!)) / moved.length;
  const typical = sum(moved.map((i) => passed[i]!)) / moved.length;
  const points: (Passage | undefined)[] = Array.from(passed, () => undefined);
  moved.forEach((i, rank) => {
    points[i] = {
      group: firstGroup + Math.floor((rank * groupCount) / moved.length),
      actual: pool.actual[i]! / mean,
      inside: inside[kind][i]! / typical,
      outside: Math.max(0, passed[i]! - inside[kind][i]!) / typical,
    };
  });
  return points;
}

/** The λ of highest likelihood, by golden-section search over its logarithm. */
function fitLift(points: readonly Passage[], groups: number): number {
  const forced = new Float64Array(groups);
  for (const { group, actual } of points) forced[group]! += actual;
  const mass = new Float64Array(groups);
  const likelihood = (ln: number) => {
    const lift = Math.exp(ln);
    mass.fill(0);
    let sum = 0;
    for (const { group, actual, inside, outside } of points) {
      const expected = outside + lift * inside;
      mass[group]! += expected;
      if (actual > 0) sum += actual * Math.log(expected);
    }
    for (let g = 0; g < groups; g++) if (mass[g]! > 0) sum -= forced[g]! * Math.log(mass[g]!);
    return sum;
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let { low, high } = liftRange;
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let [atA, atB] = [likelihood(a), likelihood(b)];
  for (let step = 0; step < 18; step++) {
    if (atA > atB) {
      [high, b, atB] = [b, a, atA];
      a = high - ratio * (high - low);
      atA = likelihood(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + ratio * (high - low);
      atB = likelihood(b);
    }
  }
  return Math.exp((low + high) / 2);
}
