import { seeded, seedOf } from './random';
import type { RecordedBar, Recording } from './recording';

/** How price moved inside a recorded bar, which the recording does not say. Derived, the same in every run. */

export function rounded(value: number, decimals: number): number {
  const unit = 10 ** decimals;
  return Math.round(value * unit) / unit;
}

/**
 * Prices at `steps + 1` evenly spaced moments of a bar: O → L → H → C when it closed up, O → H → L → C when it closed
 * down. Each leg takes time in proportion to its length and wobbles by up to half of `wobble`, a share of the bar's
 * range, never past the bar's high or low. The first price is the open, the last the close, and both extremes are reached.
 */
export function walkBar(
  bar: Pick<RecordedBar, 'open' | 'high' | 'low' | 'close'>,
  steps: number,
  decimals: number,
  seed: number,
  wobble = 0.2,
): Float64Array {
  const { open, high, low, close } = bar;
  const corners = close >= open ? [open, low, high, close] : [open, high, low, close];
  const lengths = [0, 1, 2].map((leg) => Math.abs(corners[leg + 1]! - corners[leg]!));
  const path = lengths[0]! + lengths[1]! + lengths[2]!;
  const prices = new Float64Array(steps + 1).fill(open);
  if (path === 0) return prices;
  const moving = lengths.filter((length) => length > 0).length;
  let start = 0;
  let walked = 0;
  let legsDone = 0;
  for (let leg = 0; leg < 3; leg++) {
    const length = lengths[leg]!;
    if (length === 0) continue;
    legsDone++;
    walked += length;
    // every moving leg keeps at least one step
    const end =
      legsDone === moving
        ? steps
        : Math.min(Math.max(Math.round((steps * walked) / path), start + 1), steps - (moving - legsDone));
    const from = corners[leg]!;
    const to = corners[leg + 1]!;
    for (let k = start + 1; k < end; k++) {
      const x = (k - start) / (end - start);
      const node = Math.floor(k / 8);
      const slow = seeded(seed, node) + (seeded(seed, node + 1) - seeded(seed, node)) * ((k % 8) / 8);
      const noise = (slow - 0.5) * 0.8 + (seeded(seed, -1, k) - 0.5) * 0.2;
      const aside = noise * wobble * (high - low) * Math.sin(Math.PI * x);
      prices[k] = rounded(Math.min(high, Math.max(low, from + (to - from) * x + aside)), decimals);
    }
    prices[end] = to;
    start = end;
  }
  return prices;
}

/** Splits `total` over the weights so that the rounded parts add up to it exactly. */
function share(total: number, weights: number[], decimals: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let used = 0;
  let given = 0;
  return weights.map((weight) => {
    used += weight;
    const upTo = rounded(sum === 0 ? total : (total * used) / sum, decimals);
    const part = rounded(upTo - given, decimals);
    given = upTo;
    return part;
  });
}

const minutes = 60;

/**
 * An hour bar cut into twelve 5m bars along `walkBar`. Their open, high, low, close and amounts add up to the hour again.
 * Volume follows distance travelled; open interest runs straight from open to close; forced orders of longs belong to
 * the falls and those of shorts to the rises, three times as much where the hour makes a new extreme.
 */
function cutHour(bar: RecordedBar, next: RecordedBar | undefined, recording: Recording): RecordedBar[] {
  const { priceDecimals, baseDecimals, coin } = recording;
  const walk = walkBar(bar, minutes, priceDecimals, seedOf(coin, bar.time, 'hour'), 0.7);
  const travelled: number[] = [];
  const falls: number[] = [];
  const rises: number[] = [];
  let low = bar.open;
  let high = bar.open;
  for (let part = 0; part < 12; part++) {
    let distance = 0;
    let fall = 0;
    let rise = 0;
    for (let k = part * 5; k < part * 5 + 5; k++) {
      const change = walk[k + 1]! - walk[k]!;
      distance += Math.abs(change);
      if (change < 0) fall += -change * (walk[k + 1]! < low ? 3 : 1);
      else rise += change * (walk[k + 1]! > high ? 3 : 1);
      low = Math.min(low, walk[k + 1]!);
      high = Math.max(high, walk[k + 1]!);
    }
    travelled.push(distance);
    falls.push(fall);
    rises.push(rise);
  }
  const evenly = (travelled.reduce((a, b) => a + b, 0) / 12) * 0.5 || 1;
  const weights = travelled.map((distance) => distance + evenly);
  const cut = (total: number | undefined, by: number[]) =>
    total === undefined ? undefined : share(total, by, baseDecimals);
  const volume = share(bar.volume, weights, baseDecimals);
  const takerBuy = cut(bar.takerBuy, weights);
  const longForced = cut(bar.longForced, falls);
  const shortForced = cut(bar.shortForced, rises);
  const openInterestEnd = bar.openInterestClose ?? next?.openInterest ?? bar.openInterest;
  const openInterestAt = (part: number) =>
    bar.openInterest === undefined || openInterestEnd === undefined
      ? undefined
      : rounded(bar.openInterest + ((openInterestEnd - bar.openInterest) * part) / 12, baseDecimals);
  return volume.map((amount, part) => {
    const prices = walk.subarray(part * 5, part * 5 + 6);
    return {
      time: bar.time + part * 300_000,
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices[5]!,
      volume: amount,
      takerBuy: takerBuy?.[part],
      openInterest: openInterestAt(part),
      openInterestClose: openInterestAt(part + 1),
      longShare: bar.longShare,
      longForced: longForced?.[part],
      shortForced: shortForced?.[part],
    };
  });
}

const cuts = new WeakMap<Recording, RecordedBar[]>();

/** The recording as 5m bars: as recorded, or cut from hours. */
export function fiveMinuteBars(recording: Recording): RecordedBar[] {
  if (recording.recordedMs === 300_000) return recording.bars;
  const known = cuts.get(recording);
  if (known) return known;
  const bars = recording.bars.flatMap((bar, i) => cutHour(bar, recording.bars[i + 1], recording));
  cuts.set(recording, bars);
  return bars;
}
