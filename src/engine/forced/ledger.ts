import { need } from '../need';
import { quantile } from '../quantile';
import { dayMs } from '../time';
import type { Tally } from './tally';

/** One hour and side of one venue, in the unit of its amounts. */
export interface LedgerEntry {
  /** Beginning of the hour, ms. */
  time: number;
  forced: number;
  tally: Tally;
  /** What was expected when the hour began, for the way that price then took: 80 % interval and median. */
  expected: Forecast;
  /** The same by distance only. */
  expectedTypical: Forecast;
}

export interface Forecast {
  p10: number;
  p50: number;
  p90: number;
}

/** How one way of telling where forced orders come did. */
export interface TrackRecord {
  /** Part of the orders in the densest tenth of the way that price took, 0–1; undefined without orders. */
  share: number | undefined;
  /** Wilson's lower bound of it, at 95 %. */
  shareLow: number | undefined;
  /** How often the amount of an hour lay within its 80 % interval, in hours above the median; undefined below 24 of them. */
  coverage: number | undefined;
}

/** The accuracy of the map on the forced orders that were heard. */
export interface LedgerSums {
  /** Beginning of the oldest hour counted, ms; undefined where there is none. */
  since: number | undefined;
  /** Hours with a side counted, all venues. */
  hours: number;
  /** Forced orders that count. */
  orders: number;
  /** Whether they are enough to say anything. */
  isEnough: boolean;
  map: TrackRecord;
  distanceOnly: TrackRecord;
  /** Forced orders in levels ÷ elsewhere, per typical amount on the same way; undefined where too few ways had any. */
  lift: number | undefined;
  /** There were orders enough for a week, and in all of it the map could not be told from chance. */
  isDoubtful: boolean;
}

/** Below so many forced orders nothing is said. */
export const enoughOrders = 500;
/** What a tenth of the way holds when nothing is known. */
export const chance = 0.1;
/** Hours that count, back from now. */
export const ledgerMs = 30 * dayMs;
const doubtDays = 7;
const enoughHours = 24;
/** Orders on ways with levels, below which no lift is told. */
const enoughAtLevels = 100;
/** Quantile of the normal distribution for an interval of 95 %. */
const z = 1.96;

/**
 * Lower end of Wilson's score interval for a share.
 *
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 *
 * @param hits 0 to `count`, whole or not
 * @param count above 0
 * @throws RangeError outside these
 */
export function wilsonLow(hits: number, count: number): number {
  need(count > 0 && hits >= 0 && hits <= count * (1 + 1e-9), 'wilsonLow', 'hits among at least one');
  const share = Math.min(1, hits / count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return Math.max(0, (share + (z * z) / (2 * count) - spread) / (1 + (z * z) / count));
}

/**
 * What a browser's own recording says of the map.
 *
 * @param venues entries of each venue; amounts of different venues are never added
 * @param now ms; what is older than 30 days before it does not count
 */
export function ledgerOf(venues: readonly (readonly LedgerEntry[])[], now: number): LedgerSums {
  const counted = venues.map((entries) =>
    entries.filter(({ time }) => time >= now - ledgerMs && time <= now),
  );
  const all = counted.flat();
  const standing = (
    hits: 'dense' | 'denseTypical',
    forecast: 'expected' | 'expectedTypical',
  ): TrackRecord => {
    const { orders, found } = hitsOf(all, hits);
    return {
      share: orders > 0 ? found / orders : undefined,
      shareLow: orders > 0 ? wilsonLow(found, orders) : undefined,
      coverage: coverageOf(counted, forecast),
    };
  };
  const { orders } = hitsOf(all, 'dense');
  return {
    since: all.length > 0 ? Math.min(...all.map(({ time }) => time)) : undefined,
    hours: all.length / 2,
    orders,
    isEnough: orders >= enoughOrders,
    map: standing('dense', 'expected'),
    distanceOnly: standing('denseTypical', 'expectedTypical'),
    lift: liftOf(all),
    isDoubtful: isDoubtful(venues.flat(), now),
  };
}

function hitsOf(entries: readonly LedgerEntry[], hits: 'dense' | 'denseTypical') {
  let orders = 0;
  let found = 0;
  for (const { tally } of entries) {
    orders += tally.orders;
    found += tally[hits];
  }
  return { orders, found };
}

/** Each venue's own hours above its own median, together. */
function coverageOf(
  venues: readonly (readonly LedgerEntry[])[],
  forecast: 'expected' | 'expectedTypical',
): number | undefined {
  let hours = 0;
  let held = 0;
  for (const entries of venues) {
    const passed = entries.filter((entry) => entry[forecast].p50 > 0);
    if (passed.length === 0) continue;
    const median = quantile(
      passed.map((entry) => entry[forecast].p50),
      0.5,
    );
    for (const entry of passed) {
      const { p10, p50, p90 } = entry[forecast];
      if (p50 < median) continue;
      hours++;
      if (entry.forced >= p10 && entry.forced <= p90) held++;
    }
  }
  return hours >= enoughHours ? held / hours : undefined;
}

/**
 * λ of highest likelihood where each order of an hour lies in a level with probability `λm / (λm + 1 − m)`, m the typical
 * amount of levels on that hour's way: hours with many orders and with few levels decide nothing.
 */
function liftOf(entries: readonly LedgerEntry[]): number | undefined {
  const ways = entries.flatMap(({ tally }) =>
    tally.orders > 0 && tally.levelShare > 0 && tally.levelShare < 1 ? tally : [],
  );
  const orders = ways.reduce((sum, way) => sum + way.orders, 0);
  const inside = ways.reduce((sum, way) => sum + way.inLevels, 0);
  if (orders < enoughAtLevels) return undefined;
  let [low, high] = [Math.log(0.02), Math.log(50)];
  for (let step = 0; step < 40; step++) {
    const lift = Math.exp((low + high) / 2);
    const expected = ways.reduce(
      (sum, { orders: n, levelShare: m }) => sum + (n * lift * m) / (lift * m + 1 - m),
      0,
    );
    if (expected < inside) low = Math.log(lift);
    else high = Math.log(lift);
  }
  return Math.exp((low + high) / 2);
}

/** At the end of each of the last seven days: enough orders in the thirty days before, and no more of them than by chance. */
function isDoubtful(entries: readonly LedgerEntry[], now: number): boolean {
  for (let day = 0; day < doubtDays; day++) {
    const end = now - day * dayMs;
    const known = entries.filter(({ time }) => time >= end - ledgerMs && time <= end);
    const { orders, found } = hitsOf(known, 'dense');
    if (orders < enoughOrders || wilsonLow(found, orders) >= chance) return false;
  }
  return true;
}
