import * as z from 'zod/mini';
import type { Bar } from '../engine/records';
import { FeedError, type Instrument, type MarginTier, type Range, type Source } from './feed';

/**
 * What every venue file checks where foreign data comes in. Numbers arrive as text or as numbers, `""` stands for
 * "does not apply", and nothing is trusted: what leaves these schemas is finite and within sane bounds, so that the
 * products formed of it stay finite too.
 */

// An extension's page policy forbids `eval`, which zod would otherwise try.
z.config({ jitless: true });

const decimalText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const toNumber = z.transform((value: unknown) =>
  typeof value === 'string' && decimalText.test(value) ? Number(value) : value,
);

/** Any finite number below 10¹⁸ in size, such as a rate. */
export const decimal = z.pipe(toNumber, z.number().check(z.minimum(-1e18), z.maximum(1e18)));
/** Zero or more, in whatever unit the venue counts. */
export const amount = z.pipe(toNumber, z.number().check(z.minimum(0), z.maximum(1e18)));
/** More than zero, quote currency. */
export const price = z.pipe(toNumber, z.number().check(z.minimum(1e-15), z.maximum(1e15)));
/** Milliseconds since 1970: whole, from 2001 to 2286, which refuses seconds and microseconds. */
export const time = z.pipe(toNumber, z.int().check(z.minimum(1e12), z.maximum(1e13)));
/** A part of a whole, 0 to 1. */
export const share = z.pipe(toNumber, z.number().check(z.minimum(0), z.maximum(1)));
/** A level of a book, `[price, amount, …]`. */
export const level = z.tuple([price, amount], z.unknown());

/** The field may be missing, null or `""`: all three mean that it does not apply. */
export function blank(schema: z.core.$ZodType<number>) {
  const present: z.core.$ZodType<number | undefined, unknown> = z.optional(schema);
  return z.optional(
    z.pipe(
      z.transform((value: unknown): unknown => (value === '' || value === null ? undefined : value)),
      present,
    ),
  );
}

/** The value as the schema reads it. Throws FeedError `malformed` naming the first field at fault. */
export function readAs<T extends z.core.$ZodType>(
  venue: Source['id'],
  schema: T,
  value: unknown,
): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new FeedError(
    'malformed',
    venue,
    `${issue?.path.join('.') || 'message'}: ${issue?.message ?? 'not as documented'}`,
  );
}

/** The JSON value of a text. Throws FeedError `malformed`. */
export function readJson(venue: Source['id'], text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FeedError(
      'malformed',
      venue,
      text.trimStart().startsWith('<') ? 'HTML instead of JSON' : 'not JSON',
      undefined,
      {
        cause,
      },
    );
  }
}

/** The rows that the schema can read; for lists of instruments, where one odd listing must not hide the others. */
export function readEach<T extends z.core.$ZodType>(schema: T, rows: unknown[]): z.output<T>[] {
  return rows.flatMap((row) => {
    const result = z.safeParse(schema, row);
    return result.success ? [result.data] : [];
  });
}

/** Prices as the venue prints them, amounts in its own unit. */
export interface RawBar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  takerBuy?: number;
}

/** Coins of an amount that the venue counts in its own unit. */
export function toBase(instrument: Instrument, raw: number): number {
  return raw * instrument.multiplier * instrument.contractSize;
}

/** A bar per coin. Throws FeedError `malformed` when high and low do not enclose open and close. */
export function toBar(venue: Source['id'], instrument: Instrument, raw: RawBar): Bar {
  const { open, high, low, close } = raw;
  if (low > Math.min(open, close) || high < Math.max(open, close))
    throw new FeedError('malformed', venue, `bar at ${raw.time}: high and low do not enclose open and close`);
  const per = instrument.multiplier;
  const bar: Bar = {
    time: raw.time,
    open: open / per,
    high: high / per,
    low: low / per,
    close: close / per,
    volume: toBase(instrument, raw.volume),
  };
  if (raw.takerBuy !== undefined) bar.takerBuy = toBase(instrument, Math.min(raw.takerBuy, raw.volume));
  return bar;
}

/** Levels per coin, as the venue orders them. */
export function toLevels(
  instrument: Instrument,
  levels: readonly (readonly [number, number, ...unknown[]])[],
): [price: number, base: number][] {
  return levels.map(([at, raw]) => [at / instrument.multiplier, toBase(instrument, raw)]);
}

/**
 * A maintenance-margin table ascending, each tier beginning where the one before ends (some venues leave one lot between
 * them). Throws FeedError `malformed` when caps do not grow, rates fall, or a leverage is below 1.
 */
export function toTiers(
  venue: Source['id'],
  rows: { cap: number; maintenanceRate: number; maxLeverage: number }[],
): MarginTier[] {
  const sorted = [...rows].sort((a, b) => a.cap - b.cap);
  return sorted.map(({ cap, maintenanceRate, maxLeverage }, i) => {
    const floor = sorted[i - 1]?.cap ?? 0;
    if (cap <= floor || maxLeverage < 1 || maintenanceRate < (sorted[i - 1]?.maintenanceRate ?? 0))
      throw new FeedError('malformed', venue, `tier ${i + 1} does not follow the one before`);
    return { floor, cap, maintenanceRate, maxLeverage };
  });
}

/** Ascending in time, each time once (the later row wins), within the range. */
export function ascending<T extends { time: number }>(rows: T[], range?: Range): T[] {
  const from = range?.from ?? 0;
  const to = range?.to ?? Number.POSITIVE_INFINITY;
  const byTime = new Map<number, T>();
  for (const row of rows) if (row.time >= from && row.time <= to) byTime.set(row.time, row);
  return [...byTime.values()].sort((a, b) => a.time - b.time);
}

/** Query text of the parameters that are set. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return set.length ? `?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}` : '';
}

/** Ids made of what a record says, for venues that give none; the n-th equal one of a message gets `#n`. */
export function recordIds(): (...parts: (string | number)[]) => string {
  const counts = new Map<string, number>();
  return (...parts) => {
    const id = parts.join(':');
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  };
}
