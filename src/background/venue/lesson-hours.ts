import type { Lesson, QEstimate } from '../../engine/forced/learn';
import type { LedgerEntry } from '../../engine/forced/ledger';
import { isTally } from '../../engine/forced/tally';
import { tierLeverages } from '../../engine/records';
import type { Hour } from '../storage/store';

/** Hours as they were stored: those that are none are left out, and of others what cannot be trusted. */
export function readHours(stored: readonly unknown[]): Hour[] {
  return stored.filter(isHour).map(({ time, sides, believed }) => ({
    time,
    sides: sides.map(({ atRisk, forced, tally }) => ({
      atRisk,
      forced,
      ...(isTally(tally) && { tally }),
    })) as Hour['sides'],
    ...(believed && isQ(believed.map) && isQ(believed.typical) && { believed }),
  }));
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

const isAmount = (value: unknown) =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;

function isLesson(value: unknown): value is Lesson {
  const { atRisk, forced } = (value ?? {}) as Partial<Lesson>;
  return (
    Array.isArray(atRisk) &&
    atRisk.length === tierLeverages.length &&
    atRisk.every(isAmount) &&
    isAmount(forced)
  );
}

function isHour(value: unknown): value is Hour {
  const { time, sides } = (value ?? {}) as Partial<Hour>;
  return Number.isFinite(time) && Array.isArray(sides) && sides.length === 2 && sides.every(isLesson);
}

function isQ(value: unknown): value is QEstimate {
  const { p10, p50, p90 } = (value ?? {}) as Partial<QEstimate>;
  return [p10, p50, p90].every(isAmount);
}
