import { type Lesson, learnQ } from '../forced/learn';
import { tierLeverages } from '../records';
import type { Fit, Halves } from './fit';

/**
 * Predictions of the second half as they are shown in use: their scale and interval learned from the buckets that were over
 * by then, with the first half's fit as the prior.
 */
export function inUse({ pool, half }: Halves, fit: Fit): { predicted: Float64Array; coverage: number } {
  const lessons = Array.from(fit.all, (amount, i) => lessonOf(amount, pool.actual[i]!));
  const all = new Float64Array(pool.actual.length);
  const bounds: [low: number, high: number][] = [];
  for (let i = 0; i < all.length; i += 2) {
    const over = Math.max(0, i - 2 * (pool.ahead - 1));
    const learned = learnQ(lessons.slice(Math.max(0, over - remembered), over), prior);
    for (const at of [i, i + 1]) {
      all[at] = learned.p50 * fit.all[at]!;
      bounds.push([learned.p10 * fit.all[at]!, learned.p90 * fit.all[at]!]);
    }
  }
  const predicted = all.slice(half);
  const median = predicted.toSorted()[predicted.length >> 1]!;
  const held = bounds.slice(half).flatMap(([low, high], k) => {
    if (predicted[k]! < median) return [];
    const actual = pool.actual[half + k]!;
    return [actual >= low && actual <= high];
  });
  return { predicted, coverage: held.filter(Boolean).length / held.length };
}

/** As many lessons as are looked at, and more. */
const remembered = 2 * 168;
const lessonOf = (atRisk: number, forced: number): Lesson => ({
  forced,
  atRisk: tierLeverages.map((_, t) => (t === 0 ? atRisk : 0)),
});

/** Half-width of the interval before anything is learned, as a factor. */
const spread = 2.45;
const prior = { median: 1, p10: 1 / spread, p90: spread };
