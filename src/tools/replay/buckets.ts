/** Candle intervals as half-open stretches of time. */

export interface Bucket {
  /** Opening time of the candle that `time` falls into. */
  start(time: number): number;
  /** Opening time of the candle after the one that opens at `start`. */
  next(start: number): number;
}

const day = 86_400_000;

function even(length: number, offset = 0): Bucket {
  return {
    start: (time) => Math.floor((time - offset) / length) * length + offset,
    next: (start) => start + length,
  };
}

function monthly(offset: number): Bucket {
  const monthOf = (time: number, add: number) => {
    const date = new Date(time - offset);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + add) + offset;
  };
  return { start: (time) => monthOf(time, 0), next: (start) => monthOf(start, 1) };
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, H: 3_600_000, d: day, D: day };

/**
 * The bucket of an interval name such as `5m`, `4h`, `1d`, `1w`, `1M`. Weeks open on Monday.
 *
 * @param offset shifts the cut of days, weeks and months, ms; −8 h cuts at UTC+8 as OKX does.
 */
export function bucketOf(interval: string, offset = 0): Bucket {
  const [, count, unit] = /^(\d+)([mhHdDwWM])$/.exec(interval) ?? [];
  if (!count || !unit) throw new RangeError(`bucketOf needs an interval such as 5m, got ${interval}`);
  if (unit === 'M') return monthly(offset);
  if (unit === 'w' || unit === 'W') return even(Number(count) * 7 * day, 4 * day + offset);
  const length = Number(count) * units[unit]!;
  return even(length, length >= day / 4 ? offset : 0);
}
