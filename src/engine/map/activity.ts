import { need } from '../need';
import type { BarColumns } from '../records';
import { hourMs } from '../time';

const monthMs = 30 * 24 * hourMs;
const power = 0.25;

/**
 * How busy a market is, against the last thirty days: (mean volume of the last hour ÷ mean volume)^0.25. Expected amounts
 * are that many times what they are in the mean.
 *
 * @param bars ascending in time
 * @param end bars before this one count
 * @returns 1 where nothing is known; between 1/4 and 4
 * @throws RangeError for an end that is no bar
 */
export function activity(bars: BarColumns, end = bars.length): number {
  need(Number.isInteger(end) && end >= 0 && end <= bars.length, 'activity', 'an end among the bars');
  if (end < 2) return 1;
  const now = bars.time[end - 1]!;
  let hour = 0;
  let hours = 0;
  let all = 0;
  let count = 0;
  for (let i = end - 1; i >= 0 && bars.time[i]! > now - monthMs; i--) {
    all += bars.volume[i]!;
    count++;
    if (bars.time[i]! <= now - hourMs) continue;
    hour += bars.volume[i]!;
    hours++;
  }
  const ratio = ((hour / hours) * count) / all;
  return ratio >= 0 ? Math.min(4, Math.max(0.25, ratio ** power)) : 1;
}
