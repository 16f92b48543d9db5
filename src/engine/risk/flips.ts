import { isAmount, need } from '../need';
import { dayMs, minuteMs } from '../time';

/** The ratio of `asymmetry` at one moment; null where it was not known. */
export interface RatioSample {
  /** ms. */
  time: number;
  ratio: number | null;
}

export interface Flip {
  /** When the ratio was first seen across 1. */
  time: number;
  /** When it had stayed across for 30 minutes. */
  confirmed: number;
  /** The side that weighs more since. */
  heavier: 'long' | 'short';
  /** Ratio before the crossing and at the confirmation. */
  from: number;
  to: number;
}

const stayMs = 30 * minuteMs;

/**
 * Moments at which the heavier side changed for good: the ratio crosses 1 within a day of having been on the other side
 * and stays across for 30 minutes.
 *
 * A ratio of exactly 1 is on neither side and ends a stay. Samples without a ratio are passed over.
 *
 * @param samples ascending in time, ratio ≥ 0
 * @returns in the order they happened; the newest crossing appears once it has lasted long enough
 * @throws RangeError for samples out of order, or a ratio that is negative or not finite
 * @example
 * findFlips(samples).at(-1); // { time, confirmed: time + 30 min, heavier: 'long', from: 0.8, to: 1.3 }
 */
export function findFlips(samples: readonly RatioSample[]): Flip[] {
  const flips: Flip[] = [];
  /** Last sample on the side that counts as settled. */
  let settled: { time: number; ratio: number } | null = null;
  let crossed: { time: number } | null = null;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time, ratio } of samples) {
    need(Number.isFinite(time) && time > last, 'findFlips', 'samples in ascending order of time');
    last = time;
    if (ratio === null) continue;
    need(isAmount(ratio), 'findFlips', 'ratios that are not negative');
    if (settled === null || ratio === 1) {
      if (ratio !== 1) settled = { time, ratio };
      crossed = null;
    } else if (ratio > 1 === settled.ratio > 1) {
      settled = { time, ratio };
      crossed = null;
    } else {
      crossed ??= { time };
      if (crossed.time - settled.time > dayMs) {
        // Nobody watched the change: a new beginning, not a flip.
        settled = { time, ratio };
        crossed = null;
      } else if (time - crossed.time >= stayMs) {
        flips.push({
          time: crossed.time,
          confirmed: time,
          heavier: ratio > 1 ? 'long' : 'short',
          from: settled.ratio,
          to: ratio,
        });
        settled = { time, ratio };
        crossed = null;
      }
    }
  }
  return flips;
}
