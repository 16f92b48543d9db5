import { type BandMap, type BarColumns, tierLeverages } from './records';

/**
 * Stops a computation whose input makes no sense.
 *
 * @param condition what has to hold
 * @param caller name of the function that was called with the input
 * @param what what it needs, to be read after "… requires"
 * @throws RangeError unless the condition holds
 * @example
 * need(price > 0, 'fuelRatio', 'a positive price'); // RangeError: fuelRatio requires a positive price
 */
export function need(condition: boolean, caller: string, what: string): asserts condition {
  if (!condition) throw new RangeError(`${caller} requires ${what}`);
}

/** Whether a number is above zero and finite: a price, a step, a length of time. */
export function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}

/** Whether a number is zero or above and finite: an amount, an age, a distance. */
export function isAmount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** Whether a number can be a moment: above zero and no later than a date goes, ms since 1970. */
export function isTime(value: number): boolean {
  return value > 0 && value <= 8.64e15;
}

/**
 * Checks that a map is whole: columns of the promised lengths, no amount negative or not finite, price inside its range.
 *
 * @throws RangeError naming `caller`
 */
export function needMap(map: BandMap, caller: string): void {
  const { count } = map;
  need(Number.isInteger(count) && count > 0, caller, 'a map of at least one band');
  need(isPositive(map.price), caller, 'a map with a positive price');
  need(
    isPositive(map.step) && map.step <= 1,
    caller,
    'a map with bands wider than 0 and at most 1 in ln(price)',
  );
  need(
    Number.isFinite(map.time) && Number.isFinite(map.lnLow),
    caller,
    'a map with a time and a lowest price',
  );
  const lnPrice = Math.log(map.price);
  need(
    lnPrice >= map.lnLow - 1e-9 && lnPrice <= map.lnLow + count * map.step + 1e-9,
    caller,
    'a map whose bands reach to both sides of its price',
  );
  needAmounts(map.long, count, caller);
  needAmounts(map.short, count, caller);
  needAmounts(map.longAge, count, caller);
  needAmounts(map.shortAge, count, caller);
  needAmounts(map.longTiers, count * tierLeverages.length, caller);
  needAmounts(map.shortTiers, count * tierLeverages.length, caller);
}

function needAmounts(values: Float64Array, length: number, caller: string): void {
  need(values.length === length, caller, 'a map with one value for each band');
  for (let i = 0; i < length; i++) {
    need(isAmount(values[i]!), caller, 'finite amounts and ages that are not negative');
  }
}

/**
 * Checks bars: at least one, ascending in time, positive prices, highest and lowest that contain open and close, volume
 * that is not negative.
 *
 * @throws RangeError naming `caller`
 */
export function needBars(bars: BarColumns, caller: string): void {
  need(Number.isInteger(bars.length) && bars.length > 0, caller, 'at least one bar');
  for (let i = 0; i < bars.length; i++) {
    const low = bars.low[i]!;
    const high = bars.high[i]!;
    const open = bars.open[i]!;
    const close = bars.close[i]!;
    need(Number.isFinite(bars.time[i]), caller, 'bars with a time');
    need(i === 0 || bars.time[i]! > bars.time[i - 1]!, caller, 'bars in ascending order of time');
    need(isPositive(low) && isPositive(high), caller, 'bars with positive prices');
    need(low <= Math.min(open, close), caller, 'bars whose low is not above open and close');
    need(high >= Math.max(open, close), caller, 'bars whose high is not below open and close');
    need(isAmount(bars.volume[i]!), caller, 'bars whose volume is not negative');
  }
}
