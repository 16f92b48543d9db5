import { dayMs } from '../engine/time';

/**
 * Numbers as they are read on screen, the same in badge, popup and widget. A value that is missing or not a number is
 * shown as a dash: a wrong figure is worse than none.
 */

const missing = '–';

/** A space that neither breaks the line nor stretches. */
const space = '\u202f';
const minus = '\u2212';

/** 1.23K, 34.2M, 1.00B. */
const compact = new Intl.NumberFormat('en-US', {
  notation: 'compact',
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
});

/** Three significant digits, fewer decimals as the number grows: 1.89, 34.2, 340, 12345. */
function threeDigits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

function isFigure(value: number | null | undefined): value is number {
  return Number.isFinite(value);
}

/**
 * An amount of money in the least room: three significant digits with K, M, B or T; whole dollars below a thousand.
 *
 * @example
 * usd(34_160_000) // '$34.2M'
 * usd(812.4) // '$812'
 */
export function usd(amount: number | null | undefined): string {
  if (!isFigure(amount)) return missing;
  const size = Math.abs(amount);
  const digits = size < 999.5 ? size.toFixed(0) : compact.format(size);
  return `${amount < 0 && digits !== '0' ? minus : ''}$${digits}`;
}

const units = [
  ['T', 1e12],
  ['B', 1e9],
  ['M', 1e6],
  ['K', 1e3],
  ['', 1],
] as const;

/**
 * A range of money in the least room, both ends to two digits at most, in one unit unless the lower end is far below it.
 * Estimates are always said as ranges: one figure would look surer than it is.
 *
 * @example
 * usdRange(2_100_000, 15_400_000) // '$2–15M'
 * usdRange(900_000, 5_300_000) // '$0.9–5.3M'
 * usdRange(30_000, 5_300_000) // '$30K–5.3M'
 */
export function usdRange(low: number | null | undefined, high: number | null | undefined): string {
  if (!isFigure(low) || !isFigure(high)) return missing;
  const unitOf = (amount: number) => units.find(([, size]) => amount >= 0.95 * size) ?? units.at(-1)!;
  const [name, size] = unitOf(high);
  const isFar = low > 0 && low < 0.095 * size;
  const [lowName, lowSize] = isFar ? unitOf(low) : [name, size];
  // Beside two digits a decimal of the lower end says nothing.
  const isWhole = high / size >= 9.95;
  const digits = (amount: number, of: number, whole: boolean) =>
    whole || of === 1 ? String(Math.round(amount / of)) : trimmed((amount / of).toFixed(1));
  const from = digits(low, lowSize, low / lowSize >= (isWhole || isFar ? 0.95 : 9.95));
  const to = digits(high, size, isWhole);
  if (from === to && lowSize === size) return `$${to}${name}`;
  return `$${from}${isFar ? lowName : ''}–${to}${name}`;
}

const trimmed = (digits: string): string => digits.replace(/\.0$/, '');

/**
 * A fraction as a percentage with one decimal (or none, where asked for), none from 100 % up.
 *
 * @example
 * percent(0.0132) // '1.3 %'
 */
export function percent(fraction: number | null | undefined, decimals = 1): string {
  if (!isFigure(fraction)) return missing;
  const size = Math.abs(fraction) * 100;
  const digits = size.toFixed(size < 99.95 ? decimals : 0);
  return `${fraction < 0 && Number(digits) !== 0 ? minus : ''}${digits}${space}%`;
}

/**
 * A signed distance from the price, given as a fraction of it: minus is below, plus above.
 *
 * @example
 * distance(-0.0132) // '−1.3 %'
 */
export function distance(fraction: number | null | undefined): string {
  const text = percent(fraction);
  return text === missing || text.startsWith(minus) || Number.parseFloat(text) === 0 ? text : `+${text}`;
}

/**
 * How long ago, in one unit, rounded down; a time that lies ahead (clocks differ) counts as now.
 *
 * @example
 * age(12_400) // '12 s'
 * age(7_300_000) // '2 h'
 */
export function age(ms: number | null | undefined): string {
  if (!isFigure(ms)) return missing;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}${space}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${space}min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}${space}h`;
  return `${Math.floor(seconds / 86_400)}${space}d`;
}

/**
 * Long-side ÷ short-side, two decimals, one from 10 up.
 *
 * @example
 * ratio(1.8889) // '1.89'
 */
export function ratio(value: number | null | undefined): string {
  return isFigure(value) ? threeDigits(value) : missing;
}

/**
 * A price with thousands separated: five significant digits at least, whole units never cut.
 *
 * @example
 * price(97012.37) // '97,012'
 * price(0.000012345) // '0.000012345'
 */
export function price(value: number | null | undefined): string {
  if (!isFigure(value) || value <= 0) return missing;
  const decimals = Math.min(12, Math.max(0, 4 - Math.floor(Math.log10(value))));
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A time of day, with the date before it where it was not within the last day, as the user's browser writes them. */
export function clock(time: number, now = Date.now()): string {
  const isNear = Math.abs(now - time) < dayMs;
  return new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(!isNear && { day: 'numeric', month: 'short' }),
  }).format(time);
}
