import type { Lesson, QEstimate } from '../../engine/forced/learn';
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
