import { isAmount, isPositive, need, needBars, needMap } from '../need';
import { type BandMap, type BarColumns, type Side, sides } from '../records';
import { dayMs, hourMs } from '../time';
import { type Cluster, clustersAround } from './clusters';
import type { Expected } from './ensemble';
import { excessOf, type Peak, peaksOf } from './excess';

/**
 * Why a level is one: `swing` the high (low) of the six hours before it, which price has not passed since, 4 h to 14 days
 * old; `excess` a place where the map holds more than it typically does at that distance.
 */
export type LevelKind = 'swing' | 'excess';

/** A price at which more is force-closed than beside it. Amounts are USD, estimates. */
export interface Level {
  side: Side;
  kind: LevelKind;
  /** The zone, 0.3 % wide: of a swing what lies beyond it, of an excess what lies around its peak; cut at price. */
  low: number;
  high: number;
  /** The end of the zone that is nearer to price. */
  edge: number;
  /** Of a swing: it is also the extreme of the last 24 hours, or of the last seven days, up to its own time. */
  extreme?: '24h' | '7d';
  /** Of a swing: opening time of the bar that set it. Of an excess: map time at which it was first a level. ms. */
  since: number;
  /** What the map holds in the zone ÷ what is typical at that distance. */
  times: number;
  /** Expected to be force-closed if price traded through the cluster: q × at risk. */
  expected: Expected;
  /** At risk in the cluster ÷ one-sided open interest, 0–1. */
  share: number;
  /** When price last was beyond the zone, opening time of the bar, ms; absent where it never was in these bars. */
  crossedAt?: number;
  /** The bands around it, down to the valleys beside it. */
  cluster: Cluster;
}

/** What has to be kept of a level for it to stay. */
export type KnownLevel = Pick<Level, 'side' | 'kind' | 'low' | 'high' | 'since'>;

/** Width of the bands that levels are found on, in ln(price). */
export const levelStep = 0.001;

/** Levels are looked for no farther from price than this, in ln(price). */
export const levelReach = 0.1;
/** They are looked for at least this far, and as far as one and a half ordinary days go. */
const leastReach = 0.05;
const reachInDays = 1.5;

/** No more levels than this on a side. */
export const mostLevels = 6;

const swing = { beforeMs: 6 * hourMs, youngestMs: 4 * hourMs, oldestMs: 14 * dayMs };
/** Levels closer than this many bands are one. */
const apart = 3;
/** Width of a zone, bands. */
const width = 3;
/** Prominence of a new excess, and of one that is already shown, in ln(excess). */
const prominence = { begins: 0.25, stays: 0.1 };
/** What a new excess holds ÷ what is typical there, and one that is already shown: below it, peaks force no more than their surroundings. */
const leastTimes = { begins: 1.5, stays: 1.2 };
/** How many bands a level that stays may have moved. */
const drift = 2;

export interface LevelInput {
  /** The map of positions of all ages, of bands `levelStep` wide, with `typical` and `times`. */
  map: BandMap;
  /** Bars of the venue whose price the map is expressed at, up to the map's time, at least the last fourteen days. */
  bars: BarColumns;
  /** Levels found before, which stay while they are still to be seen; none at first. */
  previous?: readonly KnownLevel[];
  /** Force-closed ÷ at risk: median and 80 % interval. */
  q: Expected;
  /** One-sided open interest of what the map sums up, USD. */
  openInterest: number;
}

/**
 * The levels of a map: unpassed swings, and where the map holds more than usual (docs/model.md says how well both do on
 * real liquidations), 5 % from price or one and a half ordinary days of this market, 10 % at most. At most six a side, the
 * nearest first in favour.
 *
 * @returns ascending in price: longs, outermost first, then shorts, nearest first
 * @throws RangeError for a map without typical amounts or of another step, bad bars, or amounts out of range
 * @example
 * const levels = findLevels({ map, bars, previous, q, openInterest });
 * levels[0]; // { side: 'long', kind: 'swing', low: 94_905, high: 95_190, extreme: '24h', since: …, times: 1.8, … }
 */
export function findLevels({ map, bars, previous = [], q, openInterest }: LevelInput): Level[] {
  needMap(map, 'findLevels');
  needBars(bars, 'findLevels');
  need(Math.abs(map.step / levelStep - 1) < 1e-9, 'findLevels', 'a map of bands of 0.1 %');
  need(map.typical !== undefined && map.times !== undefined, 'findLevels', 'a map with typical amounts');
  need(isAmount(openInterest), 'findLevels', 'open interest that is not negative');
  need(
    q.p10 >= 0 && q.p10 <= q.p50 && q.p50 <= q.p90 && isAmount(q.p90),
    'findLevels',
    'shares of what is force-closed in ascending order',
  );
  const reach = reachOf(bars);
  const found = sides.map((side) => {
    const swings = swingsOf(map, bars, side, reach);
    const marks = [...swings, ...excesses(map, bars, side, reach, swings, previous)]
      .sort((a, b) => Math.abs(a.band - at(map)) - Math.abs(b.band - at(map)))
      .slice(0, mostLevels);
    const clusters = clustersAround(
      map,
      side,
      marks.map(({ band }) => band),
    );
    const levels = marks.map((mark, k) => describe(map, bars, side, mark, clusters[k]!, q, openInterest));
    return side === 'long' ? levels.reverse() : levels;
  });
  return found.flat();
}

/** Moment and price, and where bands lie. */
type Scale = Pick<BandMap, 'time' | 'price' | 'lnLow' | 'step'>;

/**
 * The zones of unpassed swings alone, where no map is known: highs and lows as `findLevels` takes them, ascending in price.
 *
 * @param bars up to the moment that is asked for
 * @param price at that moment
 * @returns none without bars
 * @throws RangeError for bad bars or a price that is not positive
 */
export function swingZones(bars: BarColumns, price: number): Pick<Level, 'side' | 'low' | 'high'>[] {
  need(isPositive(price), 'swingZones', 'a positive price');
  if (bars.length === 0) return [];
  needBars(bars, 'swingZones');
  const scale = { time: bars.time[bars.length - 1]!, price, lnLow: 0, step: levelStep };
  const reach = reachOf(bars);
  return sides.flatMap((side) =>
    swingsOf(scale, bars, side, reach)
      .map(({ low, high }) => ({ side, low, high }))
      .sort((a, b) => a.low - b.low),
  );
}

/** How far from price levels are looked for, in ln(price): by the mean range of the whole days in the last fourteen. */
function reachOf(bars: BarColumns): number {
  const end = bars.time[bars.length - 1]!;
  let dayEnd = end;
  let high = 0;
  let low = Number.POSITIVE_INFINITY;
  let ranges = 0;
  let days = 0;
  for (let i = bars.length - 1; i >= 0 && end - bars.time[i]! <= swing.oldestMs; i--) {
    if (dayEnd - bars.time[i]! >= dayMs) {
      ranges += Math.log(high / low);
      days++;
      dayEnd = bars.time[i]!;
      high = 0;
      low = Number.POSITIVE_INFINITY;
    }
    high = Math.max(high, bars.high[i]!);
    low = Math.min(low, bars.low[i]!);
  }
  const ordinary = days > 0 ? ranges / days : 0;
  return Math.min(levelReach, Math.max(leastReach, reachInDays * ordinary));
}

/** Price in words of the map: number of its band with a fraction. */
const at = (map: Scale) => (Math.log(map.price) - map.lnLow) / map.step;

/** A level before it is measured: its zone, and the band in the zone's middle. */
interface Mark {
  kind: LevelKind;
  band: number;
  low: number;
  high: number;
  since: number;
  extreme?: '24h' | '7d';
}

/**
 * Unpassed swings of a side, the nearest first: from the newest bar back, every bar that goes beyond all later ones and
 * beyond those of the six hours before it.
 */
function swingsOf(map: Scale, bars: BarColumns, side: Side, reach: number): Mark[] {
  const sign = side === 'long' ? -1 : 1;
  const prices = side === 'long' ? bars.low : bars.high;
  const reaches = (i: number) => sign * prices[i]!;
  const now = map.time;
  const beyondPrice = sign * map.price;
  let farthest = beyondPrice;
  const marks: Mark[] = [];
  for (let i = bars.length - 1; i >= 0 && bars.time[i]! >= now - swing.oldestMs; i--) {
    if (!(reaches(i) > farthest)) continue;
    farthest = reaches(i);
    if (bars.time[i]! > now - swing.youngestMs) continue;
    const span = leads(bars, prices, sign, i);
    if (span < swing.beforeMs) continue;
    const ln = Math.log(prices[i]!);
    if (Math.abs(ln - Math.log(map.price)) > reach) break;
    // Those who are stopped and liquidated there are so beyond it.
    const [low, high] = [ln, ln + sign * width * map.step].sort((a, b) => a - b) as [number, number];
    const band = Math.floor(((low + high) / 2 - map.lnLow) / map.step);
    const near = marks.at(-1);
    // Of two that are close the nearer to price stays.
    if (near && Math.abs(near.band - band) < apart) continue;
    const age = now - bars.time[i]!;
    const extreme = span + age >= 7 * dayMs ? '7d' : age <= dayMs && span + age >= dayMs ? '24h' : undefined;
    const zone = { low: Math.exp(low), high: Math.exp(high) };
    marks.push({ kind: 'swing', band, ...zone, since: bars.time[i]!, ...(extreme && { extreme }) });
  }
  return marks;
}

/** For how long before bar `i` no bar went farther, ms; up to seven days. */
function leads(bars: BarColumns, prices: Float64Array, sign: 1 | -1, i: number): number {
  const price = sign * prices[i]!;
  const time = bars.time[i]!;
  let k = i - 1;
  for (; k >= 0 && time - bars.time[k]! <= 7 * dayMs; k--) if (sign * prices[k]! > price) break;
  return k < 0 ? time - bars.time[0]! : time - bars.time[k]!;
}

/** Peaks of the map's excess that are no swings: new ones by their prominence, earlier ones as long as they last. */
function excesses(
  map: BandMap,
  bars: BarColumns,
  side: Side,
  reach: number,
  swings: readonly Mark[],
  previous: readonly KnownLevel[],
): Mark[] {
  const peaks = peaksOf(excessOf(map, side, Math.round(reach / map.step)), prominence.stays);
  const isFree = (band: number, taken: readonly Mark[]) =>
    [...swings, ...taken].every((mark) => Math.abs(mark.band - band) >= apart);
  const price = (k: number) => Math.exp(map.lnLow + k * map.step);
  const markOf = (band: number, since: number): Mark => ({
    ...{ kind: 'excess', band, since },
    ...{ low: price(band - 1), high: price(band - 1 + width) },
  });
  const marks: Mark[] = [];
  const stay = previous.filter(
    (level) => level.kind === 'excess' && level.side === side && !isSwept(level, bars),
  );
  for (const level of stay) {
    const band = Math.floor((Math.log(Math.sqrt(level.low * level.high)) - map.lnLow) / map.step);
    const peak = nearest(peaks, band);
    if (peak && timesAt(map, side, peak.band) >= leastTimes.stays && isFree(peak.band, marks))
      marks.push(markOf(peak.band, level.since));
  }
  const strongest = peaks
    .filter((peak) => peak.prominence >= prominence.begins && peak.width <= widest)
    .sort((a, b) => b.prominence - a.prominence);
  for (const { band } of strongest)
    if (timesAt(map, side, band) >= leastTimes.begins && isFree(band, marks))
      marks.push(markOf(band, map.time));
  return marks;
}

/** Widest new excess at half its prominence, bands. */
const widest = 6;

/** What the zone around a band holds ÷ what is typical there. */
function timesAt(map: BandMap, side: Side, band: number): number {
  let holds = 0;
  let typical = 0;
  for (let i = Math.max(0, band - 1); i <= Math.min(map.count - 1, band + 1); i++) {
    typical += map.typical![side][i]!;
    holds += map.typical![side][i]! * map.times![side][i]!;
  }
  return typical > 0 ? holds / typical : 0;
}

function nearest(peaks: readonly Peak[], band: number): Peak | undefined {
  let best: Peak | undefined;
  for (const peak of peaks) {
    if (Math.abs(peak.band - band) > drift) continue;
    if (!best || Math.abs(peak.band - band) < Math.abs(best.band - band)) best = peak;
  }
  return best;
}

/** Whether price has gone through the middle of a level since it was found. */
function isSwept({ side, low, high, since }: KnownLevel, bars: BarColumns): boolean {
  const middle = Math.sqrt(low * high);
  for (let i = bars.length - 1; i >= 0 && bars.time[i]! >= since; i--) {
    if (side === 'long' ? bars.low[i]! <= middle : bars.high[i]! >= middle) return true;
  }
  return false;
}

function describe(
  map: BandMap,
  bars: BarColumns,
  side: Side,
  mark: Mark,
  cluster: Cluster,
  q: Expected,
  openInterest: number,
): Level {
  const { kind, band, since, extreme } = mark;
  const low = side === 'short' ? Math.max(mark.low, map.price) : mark.low;
  const high = side === 'long' ? Math.min(mark.high, map.price) : mark.high;
  const crossedAt = lastBeyond(bars, side, side === 'long' ? low : high);
  return {
    side,
    kind,
    low,
    high,
    edge: side === 'long' ? high : low,
    ...(extreme && { extreme }),
    since,
    times: timesAt(map, side, band),
    expected: { p10: cluster.usd * q.p10, p50: cluster.usd * q.p50, p90: cluster.usd * q.p90 },
    share: openInterest > 0 ? Math.min(1, cluster.usd / openInterest) : 0,
    ...(crossedAt !== undefined && { crossedAt }),
    cluster,
  };
}

/** Opening time of the last bar that traded farther out than a price. */
function lastBeyond(bars: BarColumns, side: Side, price: number): number | undefined {
  for (let i = bars.length - 1; i >= 0; i--)
    if (side === 'long' ? bars.low[i]! < price : bars.high[i]! > price) return bars.time[i]!;
  return undefined;
}
