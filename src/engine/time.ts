/** Units of time in milliseconds, as all times and spans are. */
export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * Whether less than `ms` has passed since a moment. One that lies ahead, by a clock that was set back since, is as good as
 * long past: who waits for so long after it would wait for an hour, or for a year.
 */
export const isWithin = (ms: number, since: number, now: number): boolean => since <= now && now - since < ms;
