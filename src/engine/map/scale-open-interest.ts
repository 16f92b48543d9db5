import type { BarColumns } from '../records';

/**
 * Open interest for a venue that publishes only its current value: the shape of the others' summed curve, scaled so
 * that it ends at that value. Where a reference has no bar at a time, its nearest earlier value counts (its first one
 * before it began). The result is an estimate and is to be labelled as scaled.
 *
 * @param times opening times (ms, ascending) of the venue's own bars
 * @param current one-sided open interest now, coins
 * @param references bars of venues with history
 * @returns open interest at the open and at the close of each bar, coins
 * @throws RangeError without a reference, or when `current` is negative or `times` unsorted
 */
export function scaleOpenInterest(
  times: Float64Array,
  current: number,
  references: readonly BarColumns[],
): { openInterest: Float64Array; openInterestClose: Float64Array } {
  const known = references.filter((bars) => bars.length > 0);
  if (known.length === 0)
    throw new RangeError('scaleOpenInterest requires a venue with open-interest history');
  if (!(current >= 0 && Number.isFinite(current))) {
    throw new RangeError('scaleOpenInterest requires open interest that is not negative');
  }
  const openInterest = new Float64Array(times.length);
  const openInterestClose = new Float64Array(times.length);
  let end = 0;
  for (const bars of known) {
    end += bars.openInterestClose[bars.length - 1]!;
    let k = 0;
    for (let i = 0; i < times.length; i++) {
      if (i > 0 && !(times[i]! > times[i - 1]!)) {
        throw new RangeError('scaleOpenInterest requires times in ascending order');
      }
      while (k + 1 < bars.length && bars.time[k + 1]! <= times[i]!) k++;
      const same = bars.time[k] === times[i];
      const early = bars.time[k]! > times[i]!;
      openInterest[i]! += same || early ? bars.openInterest[k]! : bars.openInterestClose[k]!;
      openInterestClose[i]! += early ? bars.openInterest[k]! : bars.openInterestClose[k]!;
    }
  }
  const factor = end > 0 ? current / end : 0;
  for (let i = 0; i < times.length; i++) {
    openInterest[i]! *= factor;
    openInterestClose[i]! *= factor;
  }
  return { openInterest, openInterestClose };
}
