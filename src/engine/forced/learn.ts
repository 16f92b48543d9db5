import { activity } from '../map/activity';
import { forward, shownHours } from '../map/forward';
import { cellsAround, passedBack, passedTiers, pathCells } from '../map/passed';
import { type Profile, ProfileLearner, priorProfile } from '../map/profile';
import { isAmount, isPositive, need } from '../need';
import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import { needBar } from '../positions/need-bar';
import { quantile } from '../quantile';
import { type BarColumns, type ForcedOrder, type Side, sides, tierLeverages } from '../records';
import { hourMs } from '../time';
import { fitPoisson } from './poisson';
import { type Ahead, type Tally, tallyOf } from './tally';

/**
 * What one stretch of time taught about one side: how much at-risk amount price passed and how much was force-closed.
 * Both in the same unit (coins or USD).
 */
export interface Lesson {
  /** At risk in the bands that price passed, as the map showed it before, times how busy the market was; by tier, in the order of `tierLeverages`. */
  atRisk: ArrayLike<number>;
  /** Really force-closed. */
  forced: number;
  /** Where the orders lay, where their prices are known. */
  tally?: Tally;
}

/** What is believed of q before a venue's own forced orders are seen: log-normal. */
export interface QPrior {
  median: number;
  /** Its 10th and 90th percentile. */
  p10: number;
  p90: number;
}

/** Force-closed ÷ at risk where price trades through a band: median and 80 % interval. */
export interface QEstimate {
  p10: number;
  p50: number;
  p90: number;
  /** Lessons that counted. */
  lessons: number;
}

const lessonMs = hourMs;
/** Hours before the first lesson from which what is typical is learned. */
const typicalHours = 168;

/**
 * Lessons of one venue from its bars and the forced orders heard while listening: one per whole hour and side, long
 * before short, in order of time. At risk is what the map as it was shown when the hour began held on the way that price
 * then took, with what is passed on the way back (see `passedBack`), times how busy the market was (see `activity`): so q times
 * what is shown now is what to expect. An order counts
 * in the hour it happened, so it does not matter whether the venue prints the fill or the bankruptcy price. Coins.
 *
 * @param bars history from before `from`, so that the reservoir is full when the lessons begin; an hour without bars teaches
 * that price passed nothing
 * @param orders any order; those outside the hours are left out
 * @param heard since when (inclusive) and until when (exclusive) the venue was listened to without a break, ms
 * @throws RangeError for bad bars (see Inventory), orders whose time or amount is not finite or negative, or `heard`
 * out of order
 */
export function lessonsOf(
  bars: BarColumns,
  orders: readonly ForcedOrder[],
  heard: { from: number; to: number },
  model: InventoryOptions = {},
): Lesson[] {
  need(heard.from < heard.to, 'lessonsOf', 'a time to listen that ends after it began');
  const first = Math.ceil(heard.from / lessonMs);
  const hours = Math.max(0, Math.min(Math.floor(heard.to / lessonMs) - first, 24 * 366));
  need(Number.isInteger(hours), 'lessonsOf', 'a finite time to listen');
  const lessons = Array.from(
    { length: 2 * hours },
    (): Lesson => ({ atRisk: tierLeverages.map(() => 0), forced: 0 }),
  );
  const located = locate(bars, orders, first, lessons);
  const inventory = new Inventory(model);
  const learner = new ProfileLearner(priorProfile(model));
  let before = Number.NaN;
  for (let i = 0; i < bars.length; i++) {
    const hour = Math.floor(bars.time[i]! / lessonMs) - first;
    if (hour !== before && hour >= 0 && hour < hours && i > 0) {
      const ahead = aheadOf(bars, i, inventory, learner.profile());
      const passed = passedTiers(ahead.cells, ahead.reach);
      const back = passedBack(inventory, ahead.profile, shownHours, ahead.reach);
      const tallies = tallyOf(ahead, located[hour]!, bars, i);
      const busy = activity(bars, i);
      for (const [s, side] of sides.entries()) {
        const lesson = lessons[2 * hour + s]!;
        lesson.atRisk = Array.from(passed[side], (coins, t) => (coins + back[side][t]!) * busy);
        const tally = tallies[side];
        lesson.tally = {
          ...tally,
          typical: tally.typical + back[side].reduce((sum, coins) => sum + coins, 0),
        };
      }
    }
    before = hour;
    inventory.addBar(bars, i);
    if (hour >= -typicalHours) learner.observe(inventory);
  }
  return lessons;
}

/**
 * Adds up what was forced in each hour, and lists by hour and side the prices at which it was: those told, but no farther
 * than price had come in the bar of that moment, since a bankruptcy price lies beyond the one that triggered it.
 */
function locate(
  bars: BarColumns,
  orders: readonly ForcedOrder[],
  first: number,
  lessons: readonly Lesson[],
): Record<Side, number[]>[] {
  const located = Array.from(
    { length: lessons.length / 2 },
    () => ({ long: [], short: [] }) as Record<Side, number[]>,
  );
  let i = 0;
  for (const { time, side, base, price } of orders.toSorted((a, b) => a.time - b.time)) {
    need(Number.isFinite(time) && isAmount(base), 'lessonsOf', 'orders with a time and an amount');
    const hour = Math.floor(time / lessonMs) - first;
    if (hour < 0 || hour >= located.length) continue;
    const lesson = lessons[2 * hour + (side === 'long' ? 0 : 1)]!;
    lesson.forced += base;
    while (i + 1 < bars.length && bars.time[i + 1]! <= time) i++;
    if (i < bars.length && bars.time[i]! <= time && isPositive(price))
      located[hour]![side].push(Math.min(Math.max(price, bars.low[i]!), bars.high[i]!));
  }
  return located;
}

/** The map before bar `i` on the way that price took in the hour that begins with it. */
function aheadOf(bars: BarColumns, i: number, inventory: Inventory, profile: Profile): Ahead {
  const hour = Math.floor(bars.time[i]! / lessonMs);
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (let k = i; k < bars.length && Math.floor(bars.time[k]! / lessonMs) === hour; k++) {
    needBar(bars, k);
    low = Math.min(low, bars.low[k]!);
    high = Math.max(high, bars.high[k]!);
  }
  const reach = pathCells(inventory, { low, high });
  const { cells, from } = cellsAround(inventory, reach);
  forward(cells, inventory, profile, shownHours, from, 0);
  return { cells, reach, inventory, profile };
}

/** Lessons a prior is worth: twelve hours of both sides for q, twelve lessons for its interval. */
const priorLessons = { q: 24, interval: 12 };
/** Newest lessons that count: four days heard. */
const counted = 2 * 96;
/** Ends of the interval among what was seen: of so few lessons they have to be a little farther out than 10 and 90 %. */
const tails = { low: 0.085, high: 0.915 };
/** A lesson's forced ÷ expected counts as no less and no more than this, so that none rules. */
const leastRatio = 0.02;
const mostRatio = 20;
/** Tier weights are left alone below this many lessons. */
const enoughLessons = 200;

/**
 * q from what really happened: all that was forced in the last 96 hours heard ÷ all that price passed in them, on top of
 * twelve hours of the mean at the prior's q. Totals come out right that way, hour by hour they need not.
 *
 *     q = (Σ forced + 24 · mean at risk · q₀) / (Σ at risk + 24 · mean at risk)
 *
 * The interval is that of the next lesson: p10 and p90 of ln(forced ÷ (q · at risk)) over the same hours in lessons with at
 * least the median at risk (of the others most are noise), averaged with twelve lessons of the prior's own. Of a hundred
 * lessons the tenth lowest is undercut by more than a tenth of those to come, so the ends are 8.5 and 91.5 %.
 *
 * @param lessons in order of time, two an hour
 * @throws RangeError for a prior out of order or amounts that are negative or not finite
 * @example
 * learnQ([], { median: 0.0021, p10: 0.00085, p90: 0.0051 }); // { p10: 0.00085, p50: 0.0021, p90: 0.0051, lessons: 0 } to rounding
 */
export function learnQ(lessons: readonly Lesson[], prior: QPrior): QEstimate {
  need(isPositive(prior.p10), 'learnQ', 'a positive prior');
  need(prior.p10 < prior.median && prior.median < prior.p90, 'learnQ', 'a prior with p10 < median < p90');
  need(prior.p90 < Number.POSITIVE_INFINITY, 'learnQ', 'a finite prior');
  const newest = lessons.slice(-counted);
  const totals = newest.map((lesson) => totalOf(lesson, 'learnQ'));
  const forced = newest.reduce((sum, lesson) => sum + lesson.forced, 0);
  const atRisk = totals.reduce((sum, total) => sum + total, 0);
  const weight = newest.length > 0 ? priorLessons.q / newest.length : 0;
  const p50 = atRisk > 0 ? (forced / atRisk + weight * prior.median) / (1 + weight) : prior.median;
  const passed = totals.filter((total) => total > 0);
  const least = passed.length > 0 ? quantile(passed, 0.5) : 0;
  const logs = newest.flatMap((lesson, i) => {
    const total = totals[i]!;
    if (!(total > 0 && total >= least)) return [];
    return [Math.log(Math.min(Math.max(lesson.forced / (p50 * total), leastRatio), mostRatio))];
  });
  const blend = (believed: number, share: number) => {
    const seen = logs.length > 0 ? quantile(logs, share) * logs.length : 0;
    return (
      p50 *
      Math.exp((priorLessons.interval * Math.log(believed) + seen) / (priorLessons.interval + logs.length))
    );
  };
  return {
    p10: Math.min(p50, blend(prior.p10 / prior.median, tails.low)),
    p50,
    p90: Math.max(p50, blend(prior.p90 / prior.median, tails.high)),
    lessons: logs.length,
  };
}

/**
 * Share of new positions per tier, refitted: a Poisson model of what was forced with one rate per tier, the mix held
 * by a Dirichlet prior at today's shares (without it fits collapse onto two tiers and do worse later). The result is
 * today's shares × the tiers' rates, made to sum to 1. Below 200 lessons it is today's shares.
 *
 * @param weights shares in use, one per tier, sum 1
 * @param strength what the prior is worth, as a share of all that was forced
 * @throws RangeError for weights that do not sum to 1 or amounts that are negative or not finite
 */
export function learnTierWeights(
  lessons: readonly Lesson[],
  weights: readonly number[],
  strength = 1,
): number[] {
  need(weights.length === tierLeverages.length, 'learnTierWeights', 'a weight per tier');
  need(weights.every(isAmount), 'learnTierWeights', 'weights that are not negative');
  const sum = weights.reduce((total, weight) => total + weight, 0);
  need(Math.abs(sum - 1) < 1e-6, 'learnTierWeights', 'weights that sum to 1');
  need(isAmount(strength), 'learnTierWeights', 'a strength that is not negative');
  let forced = 0;
  let atRisk = 0;
  for (const lesson of lessons) {
    atRisk += totalOf(lesson, 'learnTierWeights');
    forced += lesson.forced;
  }
  if (lessons.length < enoughLessons || forced === 0 || atRisk === 0) return [...weights];
  const q = forced / atRisk;
  const rates = fitPoisson(
    lessons.map((lesson) => lesson.forced),
    weights.map((_, t) => lessons.map((lesson) => lesson.atRisk[t]!)),
    { weights: weights.map(() => q), strength: (strength * forced) / weights.length },
  );
  const shares = weights.map((weight, t) => weight * rates[t]!);
  const total = shares.reduce((all, share) => all + share, 0);
  return total > 0 ? shares.map((share) => share / total) : [...weights];
}

/**
 * How far the newest lessons have moved from the rest: q of the last `recent` lessons ÷ q of those before. Undefined
 * where either part passed nothing or forced nothing. 1 is no drift; outside 0.5–2 the shown amounts are doubtful.
 *
 * @param lessons in order of time
 * @throws RangeError unless `recent` is a positive whole number
 */
export function qDrift(lessons: readonly Lesson[], recent: number): number | undefined {
  need(Number.isInteger(recent) && recent > 0, 'qDrift', 'a positive whole number of recent lessons');
  const ratio = (part: readonly Lesson[]) => {
    const atRisk = part.reduce((sum, lesson) => sum + totalOf(lesson, 'qDrift'), 0);
    return atRisk > 0 ? part.reduce((sum, lesson) => sum + lesson.forced, 0) / atRisk : 0;
  };
  const now = ratio(lessons.slice(-recent));
  const before = ratio(lessons.slice(0, -recent));
  const drift = now / before;
  return drift > 0 && Number.isFinite(drift) ? drift : undefined;
}

function totalOf({ atRisk, forced }: Lesson, caller: string): number {
  need(atRisk.length === tierLeverages.length, caller, 'an at-risk amount per tier');
  need(isAmount(forced), caller, 'forced amounts that are not negative');
  let total = 0;
  for (let t = 0; t < atRisk.length; t++) {
    need(isAmount(atRisk[t]!), caller, 'at-risk amounts that are not negative');
    total += atRisk[t]!;
  }
  return total;
}
