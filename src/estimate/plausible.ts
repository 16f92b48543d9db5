import type { BarColumns } from '../engine/records';
import { hourMs } from '../engine/time';

/** A bar as stretched as this, highest ÷ lowest price, does not fit the model's grid of prices. */
const mostStretch = 7.8;
/** Wicks reach this far beyond the body at most, as a factor: positions farther away are hardly any. */
const mostWick = Math.sqrt(mostStretch);
/** A bar this many times away from both of its neighbours, which agree, is none of this market's. */
const mostLeap = 3;

/** Open interest that moves by less than this part is not doubted. */
const leastLeap = 0.05;
/** What was traded in a while, times this, is as far as open interest can have moved: bars and points are not of one clock. */
const tradedSlack = 1.5;
/** Bars or points in a row that can be doubted. */
const longestLeap = 3;
/** Points farther apart than this, ms, say nothing about each other. */
const mostApartMs = hourMs;

/** Shortens the wicks of bars that are more stretched than the model takes. Changes the columns. */
export function clipWicks({ length, open, high, low, close }: BarColumns): void {
  for (let i = 0; i < length; i++) {
    if (high[i]! < mostStretch * low[i]!) continue;
    const top = Math.max(open[i]!, close[i]!);
    const bottom = Math.min(open[i]!, close[i]!);
    low[i] = Math.min(bottom, Math.max(low[i]!, top / mostWick));
    high[i] = Math.max(top, Math.min(high[i]!, bottom * mostWick));
  }
}

/** Indices of bars that can be no part of the market: bodies beyond all proportion, prices that leap away and back. */
export function absurdBars(bars: BarColumns): number[] {
  const { length, open, close } = bars;
  const absurd: number[] = [];
  let before = Number.NaN;
  for (let i = 0; i < length; i++) {
    const count = factor(open[i]!, close[i]!) >= mostStretch ? 1 : strayBars(bars, i, before);
    if (count === 0) before = close[i]!;
    for (let k = 0; k < count; k++) absurd.push(i + k);
    i += Math.max(0, count - 1);
  }
  return absurd;
}

/** How many bars from `i` on lie away from the close before them, until price is back at once; 0 where it is not. */
function strayBars({ length, open, close }: BarColumns, i: number, before: number): number {
  if (!(factor(before, open[i]!) > mostLeap)) return 0;
  for (let count = 1; count <= longestLeap && i + count < length; count++) {
    const after = open[i + count]!;
    if (factor(close[i + count - 1]!, after) > mostLeap && factor(before, after) < mostLeap) return count;
  }
  return 0;
}

/** The columns without some of their bars. */
export function withoutBars<T extends BarColumns>(columns: T, indices: readonly number[]): T {
  if (indices.length === 0) return columns;
  const out = new Set(indices);
  const kept = Object.entries(columns).map(([name, values]) => [
    name,
    values instanceof Float64Array ? values.filter((_, i) => !out.has(i)) : values,
  ]);
  return { ...(Object.fromEntries(kept) as T), length: columns.length - out.size };
}

/**
 * Open interest cannot move by more than is traded: points that leave by more and are back with the next one were never
 * true, as when a venue tells zero, or contracts for coins. They become NaN, and so does what was read off them.
 *
 * @param columns with `openInterest` NaN where it is not known; changed
 * @param isPoint whether the value at an index was told by the venue, not read off its neighbours
 * @param current open interest after the last bar
 * @returns how many points are doubted
 */
export function doubtOpenInterest(
  { length, time, volume, openInterest }: BarColumns,
  isPoint: (i: number) => boolean,
  current: number,
): number {
  const nodes: number[] = [];
  for (let i = 0; i < length; i++) if (isPoint(i) && !Number.isNaN(openInterest[i])) nodes.push(i);
  nodes.push(length);
  const amountAt = (node: number) => (node < length ? openInterest[node]! : current);
  const timeAt = (node: number) => (node < length ? time[node]! : (time[length - 1] ?? 0));
  const traded = (from: number, to: number) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += volume[i]!;
    return sum;
  };
  let doubted = 0;
  for (let k = 1; k < nodes.length - 1; k++) {
    const from = nodes[k - 1]!;
    const before = amountAt(from);
    if (!leaps(before, amountAt(nodes[k]!), traded(from, nodes[k]!))) continue;
    for (let run = 1; run <= longestLeap && k + run < nodes.length; run++) {
      const last = nodes[k + run - 1]!;
      const to = nodes[k + run]!;
      if (timeAt(to) - timeAt(from) > (run + 1) * mostApartMs) break;
      const after = amountAt(to);
      const isBack = Math.abs(after - before) < Math.abs(amountAt(last) - before) / 2;
      if (!isBack || !leaps(amountAt(last), after, traded(last, to))) continue;
      openInterest.fill(Number.NaN, from + 1, to);
      doubted += run;
      k += run;
      break;
    }
  }
  return doubted;
}

/** Whether open interest went from one value to another by more than `traded` coins allow. */
export function leaps(from: number, to: number, traded: number): boolean {
  const moved = Math.abs(to - from);
  return moved > leastLeap * Math.max(from, to) && moved > tradedSlack * traded;
}

/** How many times one price is the other, at least 1; NaN where either is unknown. */
const factor = (a: number, b: number): number => Math.max(a / b, b / a);
