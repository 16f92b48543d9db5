import { dayMs, minuteMs } from '../engine/time';

/** Bars are kept at five minutes; coarser ones are spread over the slots they cover. */
export const slotMs = 5 * minuteMs;
const slotsPerDay = dayMs / slotMs;

/**
 * Cells of one slot. `minutes` and `openInterestMinutes` say how fine the source was, 0 where there is none.
 * `openInterest` is the state at the slot's start.
 */
const cells = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'minutes',
  'openInterest',
  'openInterestMinutes',
] as const;
export const width = cells.length;
export const [OPEN, HIGH, LOW, CLOSE, VOLUME, MINUTES, INTEREST, INTEREST_MINUTES] = [
  0, 1, 2, 3, 4, 5, 6, 7,
] as const;

/** Numbers of one day of one venue's market, slot by slot. */
export const dayLength = slotsPerDay * width;

export const dayOf = (time: number): number => Math.floor(time / dayMs) * dayMs;
export const slotOf = (time: number): number => Math.floor(time / slotMs) * slotMs;

/**
 * True when a stored day can be trusted: the right length, every filled slot positive and in order
 * (low ≤ open, close ≤ high), nothing infinite.
 */
export function isDay(day: unknown): day is Float64Array {
  if (!(day instanceof Float64Array) || day.length !== dayLength) return false;
  for (let at = 0; at < dayLength; at += width) {
    for (let cell = 0; cell < width; cell++) if (!Number.isFinite(day[at + cell])) return false;
    if (day[at + MINUTES]! > 0 && !isBar(day, at)) return false;
    if (day[at + INTEREST]! < 0) return false;
  }
  return true;
}

function isBar(day: Float64Array, at: number): boolean {
  const low = day[at + LOW]!;
  const high = day[at + HIGH]!;
  const open = day[at + OPEN]!;
  const close = day[at + CLOSE]!;
  return low > 0 && low <= open && low <= close && high >= open && high >= close && day[at + VOLUME]! >= 0;
}
