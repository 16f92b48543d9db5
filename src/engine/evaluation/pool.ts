import { need } from '../need';
import type { BarColumns } from '../records';
import { hourMs } from '../time';

const territoryHours = [1, 4, 12, 24, 72, 168];

/** Recorded bars with what was really force-closed. */
export interface EvaluationSet {
  name: string;
  /** Bars of any interval not longer than `bucketMs`. */
  bars: BarColumns;
  /** Unit of the amounts; bars are in coins and are turned into USD at the close. */
  unit: 'coins' | 'usd';
  /** Opening times (ms) of the recorded amounts, ascending, and the amounts by side. NaN where not known. */
  times: Float64Array;
  longForced: Float64Array;
  shortForced: Float64Array;
  /** Amounts are compared per bucket of this length, aligned to whole multiples of it. */
  bucketMs: number;
  /** Bars at the start that fill the reservoir and are not scored. */
  warmupMs: number;
}

/** The columns that every model and baseline is built from: long, then short, of each bucket. */
export interface Pool {
  /** Buckets that one amount spans. */
  ahead: number;
  /** Opening time of the (first) bucket. */
  time: Float64Array;
  actual: Float64Array;
  /** ln of the farthest price reached ÷ the opening price. */
  move: Float64Array;
  /** Open interest at the bucket's open, in the unit of the amounts. */
  openInterest: Float64Array;
  /** Move into prices not visited for so long × open interest, per entry of `territoryHours`. */
  territory: Float64Array[];
  /** Per bucket: number of its first bar, and the lowest and highest price until the last of them ends. */
  first: Int32Array;
  low: Float64Array;
  high: Float64Array;
  /** Buckets by their number, to pool what a model predicts. */
  index: Map<number, number>;
}

interface Row {
  bucket: number;
  open: number;
  high: number;
  low: number;
  openInterest: number;
  first: number;
  bars: number;
}

/**
 * Buckets whose amounts are known and whose bars are all there.
 *
 * @param ahead buckets over which each amount is added up, from each bucket on
 * @throws RangeError when bars are unsorted, the bucket is shorter than a bar, or numbers are out of range
 */
export function poolBuckets(set: EvaluationSet, ahead = 1): Pool {
  const barMs = checkedBarMs(set);
  need(Number.isInteger(ahead) && ahead >= 1, 'evaluate', 'a whole number of buckets ahead');
  const rows = rowsOf(set);
  const full = Math.floor(set.bucketMs / barMs + 1e-9);
  const start = set.bars.time[0]! + set.warmupMs;
  const forced = forcedByBucket(set);
  const known = rows.map(({ bucket, bars }) => {
    const amounts = forced.get(bucket);
    return bars >= full && amounts && amounts[0] >= 0 && amounts[1] >= 0 ? amounts : undefined;
  });
  const scored = rows.flatMap((row, k) => {
    if (row.bucket * set.bucketMs < start) return [];
    const amounts: [long: number, short: number] = [0, 0];
    let { low, high } = row;
    for (let j = 0; j < ahead; j++) {
      const next = rows[k + j];
      if (next?.bucket !== row.bucket + j || !known[k + j]) return [];
      amounts[0] += known[k + j]![0];
      amounts[1] += known[k + j]![1];
      low = Math.min(low, next.low);
      high = Math.max(high, next.high);
    }
    return [{ ...row, low, high, amounts }];
  });
  const columns = () => new Float64Array(scored.length * 2);
  const pool: Pool = {
    ahead,
    time: columns(),
    actual: columns(),
    move: columns(),
    openInterest: columns(),
    territory: territoryHours.map(columns),
    first: Int32Array.from(scored, ({ first }) => first),
    low: Float64Array.from(scored, ({ low }) => low),
    high: Float64Array.from(scored, ({ high }) => high),
    index: new Map(scored.map(({ bucket }, k) => [bucket, k])),
  };
  scored.forEach((row, k) => {
    pool.time.fill(row.bucket * set.bucketMs, 2 * k, 2 * k + 2);
    pool.actual.set(row.amounts, 2 * k);
    pool.move.set([Math.log(row.open / row.low), Math.log(row.high / row.open)], 2 * k);
    pool.openInterest.fill(row.openInterest, 2 * k, 2 * k + 2);
    territoryHours.forEach((hours, h) => {
      const beyond = movesBeyond(set, row, hours);
      pool.territory[h]!.set(
        beyond.map((move) => move * row.openInterest),
        2 * k,
      );
    });
  });
  return pool;
}

function checkedBarMs({ name, bars, bucketMs, warmupMs }: EvaluationSet): number {
  need(bars.length >= 2, 'evaluate', `bars, ${name} has ${bars.length}`);
  let barMs = Number.POSITIVE_INFINITY;
  for (let i = 1; i < bars.length; i++) barMs = Math.min(barMs, bars.time[i]! - bars.time[i - 1]!);
  need(barMs > 0, 'evaluate', 'bars in ascending time');
  need(bucketMs >= barMs, 'evaluate', 'a bucket at least as long as a bar');
  need(warmupMs >= 0, 'evaluate', 'a warm-up that is not negative');
  return barMs;
}

function forcedByBucket({ times, longForced, shortForced, bucketMs }: EvaluationSet) {
  const forced = new Map<number, [long: number, short: number]>();
  for (let i = 0; i < times.length; i++) {
    const bucket = Math.floor(times[i]! / bucketMs);
    const sums = forced.get(bucket) ?? [0, 0];
    forced.set(bucket, [sums[0] + longForced[i]!, sums[1] + shortForced[i]!]);
  }
  return forced;
}

function rowsOf({ bars, bucketMs, unit }: EvaluationSet): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < bars.length; i++) {
    const bucket = Math.floor(bars.time[i]! / bucketMs);
    const row = rows[rows.length - 1];
    if (row?.bucket === bucket) {
      row.high = Math.max(row.high, bars.high[i]!);
      row.low = Math.min(row.low, bars.low[i]!);
      row.bars++;
      continue;
    }
    rows.push({
      bucket,
      open: bars.open[i]!,
      high: bars.high[i]!,
      low: bars.low[i]!,
      openInterest: bars.openInterest[i]! * (unit === 'usd' ? bars.open[i]! : 1),
      first: i,
      bars: 1,
    });
  }
  return rows;
}

/** How far a bucket goes beyond the prices of the hours before it: down, and up. */
function movesBeyond({ bars, bucketMs }: EvaluationSet, row: Row, hours: number): [number, number] {
  let lowest = row.open;
  let highest = row.open;
  const from = row.bucket * bucketMs - hours * hourMs;
  for (let i = row.first - 1; i >= 0 && bars.time[i]! >= from; i--) {
    lowest = Math.min(lowest, bars.low[i]!);
    highest = Math.max(highest, bars.high[i]!);
  }
  return [Math.max(0, Math.log(lowest / row.low)), Math.max(0, Math.log(row.high / highest))];
}
