import { type Lesson, type QEstimate, qDrift } from '../../engine/forced/learn';
import type { LedgerEntry } from '../../engine/forced/ledger';
import { isTally } from '../../engine/forced/tally';
import { tierLeverages } from '../../engine/records';
import { amount, type Form, finite, fits, list, object, pair } from '../../protocol/form';
import type { Hour } from '../storage/store';

const Q = object({ p10: amount, p50: amount, p90: amount, lessons: amount }) satisfies Form<QEstimate>;
const Believed = object({ map: Q, typical: Q });
const StoredLesson = object({
  atRisk: list(amount, tierLeverages.length, tierLeverages.length),
  forced: amount,
});
const StoredHour = object({ time: finite, sides: pair(StoredLesson, StoredLesson) });

/** Hours as they were stored: those that are none are left out, and of others what cannot be trusted. */
export function readHours(stored: readonly unknown[]): Hour[] {
  return stored.flatMap((hour) => {
    if (!fits(StoredHour, hour)) return [];
    const { believed } = hour as Partial<Hour>;
    return {
      time: hour.time,
      sides: hour.sides.map(lessonOf) as Hour['sides'],
      ...(fits(Believed, believed) && { believed }),
    };
  });
}

function lessonOf({ atRisk, forced, ...rest }: Lesson): Lesson {
  return { atRisk, forced, ...(isTally(rest.tally) && { tally: rest.tally }) };
}

/** The same lessons, were what typically lies somewhere all that is known; those without it are left out. */
export function typicalLessons(lessons: readonly Lesson[]): Lesson[] {
  return lessons.flatMap(({ forced, tally }) =>
    tally ? { forced, atRisk: tierLeverages.map((_, t) => (t === 0 ? tally.typical : 0)) } : [],
  );
}

/** Newest lessons whose q is set against that of those before: twelve hours, two sides. */
const recentLessons = 24;
/** Fewer lessons before them than this say nothing about drift. */
const enoughLessons = 72;

/** How far the newest hours have moved from those before; undefined where there are too few. */
export function driftOf(hours: readonly Hour[]): number | undefined {
  const lessons = hours.flatMap(({ sides }) => sides);
  return lessons.length >= recentLessons + enoughLessons ? qDrift(lessons, recentLessons) : undefined;
}

/** Of several venues: the geometric mean of those that can tell. */
export function joinedDrift(drifts: readonly (number | undefined)[]): number | undefined {
  const known = drifts.filter((drift) => drift !== undefined);
  if (known.length === 0) return undefined;
  return Math.exp(known.reduce((sum, drift) => sum + Math.log(drift), 0) / known.length);
}

/** Both sides of each hour of which it is known what was expected and where its orders lay. */
export function ledgerEntries(hours: readonly Hour[]): LedgerEntry[] {
  return hours.flatMap(({ time, sides, believed }) =>
    sides.flatMap(({ atRisk, forced, tally }) => {
      if (!tally || !believed) return [];
      let passed = 0;
      for (let t = 0; t < atRisk.length; t++) passed += atRisk[t]!;
      return {
        time,
        forced,
        tally,
        expected: forecast(believed.map, passed),
        expectedTypical: forecast(believed.typical, tally.typical),
      };
    }),
  );
}

const forecast = ({ p10, p50, p90 }: QEstimate, amount: number) => ({
  p10: p10 * amount,
  p50: p50 * amount,
  p90: p90 * amount,
});
