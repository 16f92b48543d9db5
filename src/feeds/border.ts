import * as z from 'zod/mini';
import type { MarginTier } from '../engine/positions/margin';
import type { Bar } from '../engine/records';
import { FeedError, type Instrument, type Notes, type Provider, type Range } from './feed';

/**
 * What every venue file checks where foreign data comes in. Numbers arrive as text or as numbers, `""` stands for
 * "does not apply", and nothing is trusted: what leaves these schemas is finite and within sane bounds, so that the
 * products formed of it stay finite too.
 */

// An extension's page policy forbids `eval`, which zod would otherwise try.
z.config({ jitless: true });

const decimalText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Powers of ten, and the most digits, of which a quotient is rounded as the text would be. */
const tens = Array.from({ length: 16 }, (_, i) => 10 ** i);
const mostDigits = 15;

/** The number of a decimal text, or of a number; NaN where it is none. Plain digits are added up, in a third of the time. */
function plainNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  let digits = 0;
  let point = -1;
  for (let i = 0; i < value.length; i++) {
    const digit = value.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) digits = 10 * digits + digit;
    else if (digit === -2 && point < 0) point = i;
    else return decimalText.test(value) ? Number(value) : Number.NaN;
  }
  const count = value.length - (point < 0 ? 0 : 1);
  if (count === 0) return Number.NaN;
  if (count > mostDigits) return Number(value);
  return point < 0 ? digits : digits / tens[value.length - 1 - point]!;
}

const toNumber = z.transform((value: unknown) => {
  const number = typeof value === 'string' ? plainNumber(value) : Number.NaN;
  return Number.isNaN(number) ? value : number;
});

/** Any finite number below 10¹⁸ in size, such as a rate. */
export const decimal = z.pipe(toNumber, z.number().check(z.minimum(-1e18), z.maximum(1e18)));
/** Zero or more, in whatever unit the venue counts. */
export const amount = z.pipe(toNumber, z.number().check(z.minimum(0), z.maximum(1e18)));
/** More than zero, quote currency. */
export const quotedPrice = z.pipe(toNumber, z.number().check(z.minimum(1e-15), z.maximum(1e15)));
/** Milliseconds since 1970: whole, from 2001 to 2286, which refuses seconds and microseconds. */
export const time = z.pipe(toNumber, z.int().check(z.minimum(1e12), z.maximum(1e13)));
/** A part of a whole, 0 to 1. */
export const share = z.pipe(toNumber, z.number().check(z.minimum(0), z.maximum(1)));
/** A level of a book, `[price, amount, …]`. */
export const level = z.tuple([quotedPrice, amount], z.unknown());
/** A list whose rows are read one by one, so that an odd one costs no more than itself. */
export const rows = z.array(z.unknown());

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

/**
 * The value as the schema reads it; undefined where it does not fit. To refuse takes a schema many times as long as to
 * read, and replies are looked for in every message: what lacks `field` is none without the schema being asked.
 */
export function readIf<T extends z.core.$ZodType>(
  schema: T,
  field: string,
  value: unknown,
): z.output<T> | undefined {
  if (typeof value !== 'object' || value === null || !(field in value)) return undefined;
  return z.safeParse(schema, value).data;
}

/** The value as the schema reads it. Throws FeedError `malformed` naming the first field at fault, with the shape that came. */
export function readAs<T extends z.core.$ZodType>(
  venue: Provider['id'],
  schema: T,
  value: unknown,
): z.output<T> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  throw new FeedError('malformed', venue, faultOf(result.error, 'message'), undefined, {
    shape: shapeOf(value),
  });
}

function faultOf({ issues: [issue] }: z.core.$ZodError, otherwise: string): string {
  return `${issue?.path.join('.') || otherwise}: ${issue?.message ?? 'not as documented'}`;
}

/**
 * The rows that the schema can read. An odd one costs itself alone and is told to `notes`; where not one row of a list
 * can be read, the list is no longer what it was.
 *
 * @param what names a row for people, such as `candle`
 * @throws FeedError `malformed` with the shape of a row when no row fits
 */
export function readRows<T extends z.core.$ZodType>(
  venue: Provider['id'],
  what: string,
  schema: T,
  rows: readonly unknown[],
  notes?: Notes,
): z.output<T>[] {
  const read: z.output<T>[] = [];
  const faults: string[] = [];
  for (const row of rows) {
    const result = z.safeParse(schema, row);
    if (result.success) read.push(result.data);
    else faults.push(`${what} ${faultOf(result.error, 'row')}`);
  }
  if (faults.length > 0 && read.length === 0)
    throw new FeedError('malformed', venue, faults[0]!, undefined, { shape: shapeOf(rows) });
  for (const fault of faults) notes?.leftOut?.(fault);
  return read;
}

/** Notes of rows that a venue tells once alone: what is left out is lost. */
export const toldOnce = (notes?: Notes): Notes => ({
  leftOut(reason) {
    notes?.leftOut?.(reason);
    notes?.lost?.();
  },
});

/** The one row of a list that was asked for by symbol. */
export function only<T>(venue: Provider['id'], rows: readonly T[], instrument: Instrument): T {
  const [row] = rows;
  if (row === undefined) throw new FeedError('unlisted', venue, `nothing for ${instrument.native}`);
  return row;
}

/** Of a list of instruments those of the kind wanted; an odd one of that kind is told to `notes`, others are none of ours. */
export function readListings<T extends z.core.$ZodType>(
  venue: Provider['id'],
  kind: z.core.$ZodType,
  listing: T,
  rows: readonly unknown[],
  notes?: Notes,
): z.output<T>[] {
  const ours = rows.filter((row) => z.safeParse(kind, row).success);
  // A list in which nothing is of our kind is no list of instruments any more.
  if (rows.length > 0 && ours.length === 0) return readRows(venue, 'listing', kind, rows) as never;
  return readRows(venue, 'listing', listing, ours, notes);
}

const longestShape = 600;
const shownKinds = 3;

/**
 * What a value is made of: names and types, never a value, so that it can be handed on to whoever mends the reader.
 *
 * @example
 * shapeOf({ code: 0, list: [{ px: '1.5' }] }) // '{code: number, list: [{px: number text}]}'
 */
export function shapeOf(value: unknown): string {
  const shape = describe(value, 0);
  return shape.length > longestShape ? `${shape.slice(0, longestShape)}…` : shape;
}

function describe(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (typeof value === 'string')
    return value === '' ? 'empty text' : decimalText.test(value) ? 'number text' : 'text';
  if (typeof value !== 'object') return typeof value;
  if (depth > 6) return '…';
  if (!Array.isArray(value)) {
    const fields = Object.entries(value).map(
      // What is no plain name may be a symbol or an address.
      ([name, inner]) => `${/^[A-Za-z_]\w{0,39}$/.test(name) ? name : '…'}: ${describe(inner, depth + 1)}`,
    );
    return `{${[...new Set(fields)].slice(0, 60).join(', ')}}`;
  }
  const isTuple = value.length <= 20 && value.every((cell) => typeof cell !== 'object' || cell === null);
  const inner = value.slice(0, 20).map((each) => describe(each, depth + 1));
  if (isTuple) return `[${inner.join(', ')}]`;
  const kinds = [...new Set(inner)];
  return `[${kinds.slice(0, shownKinds).join(' | ')}${kinds.length > shownKinds ? ' | …' : ''}]`;
}

/** The JSON value of a text. Throws FeedError `malformed`. */
export function readJson(venue: Provider['id'], text: string): unknown {
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

/** The bar per coin; none, told to `notes`, where high and low do not enclose open and close. */
export function toBar(instrument: Instrument, raw: RawBar, notes?: Notes): Bar[] {
  const { open, high, low, close } = raw;
  if (low > Math.min(open, close) || high < Math.max(open, close)) {
    notes?.leftOut?.('candle: high and low do not enclose open and close');
    return [];
  }
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
  return [bar];
}

/** Bars per coin, ascending. Throws FeedError `malformed` when none of the rows makes one. */
export function toBars(
  venue: Provider['id'],
  instrument: Instrument,
  rows: readonly RawBar[],
  range?: Range,
  notes?: Notes,
): Bar[] {
  const bars = rows.flatMap((row) => toBar(instrument, row, notes));
  if (bars.length === 0 && rows.length > 0)
    throw new FeedError('malformed', venue, 'candle: high and low do not enclose open and close');
  return ascending(bars, range);
}

/** Levels per coin, read without the schema, which takes ten times as long: a book has thousands. Undefined where one is odd. */
function plainLevels(
  { multiplier, contractSize }: Instrument,
  levels: readonly unknown[],
): [price: number, base: number][] | undefined {
  const read: [number, number][] = [];
  for (const row of levels) {
    if (!Array.isArray(row) || row.length < 2) return undefined;
    const at = plainNumber(row[0]);
    const raw = plainNumber(row[1]);
    if (!(at >= 1e-15 && at <= 1e15 && raw >= 0 && raw <= 1e18)) return undefined;
    read.push([at / multiplier, raw * multiplier * contractSize]);
  }
  return read;
}

/** Levels per coin, as the venue orders them. */
export function toLevels(
  venue: Provider['id'],
  instrument: Instrument,
  levels: readonly unknown[],
  notes?: Notes,
): [price: number, base: number][] {
  // What does not look right at once is left to the schema, which has the words for it.
  return (
    plainLevels(instrument, levels) ??
    readRows(venue, 'level', level, levels, notes).map(([at, raw]) => [
      at / instrument.multiplier,
      toBase(instrument, raw),
    ])
  );
}

/**
 * A maintenance-margin table ascending, each tier beginning where the one before ends (some venues leave one lot between
 * them). A row that comes twice counts once. One that does not follow the ones before, with a cap that does not grow, a
 * rate that falls or a leverage below 1, is left out and told to `notes`. Throws FeedError `malformed` when more than a fifth of them, or all, are of that
 * kind: such a table would ask for other margins than the venue does.
 */
export function toTiers(
  venue: Provider['id'],
  rows: readonly { cap: number; maintenanceRate: number; maxLeverage: number }[],
  notes?: Notes,
): MarginTier[] {
  const tiers: MarginTier[] = [];
  const each = new Map(rows.map((row) => [JSON.stringify(row), row]));
  for (const { cap, maintenanceRate, maxLeverage } of [...each.values()].sort((a, b) => a.cap - b.cap)) {
    const floor = tiers.at(-1)?.cap ?? 0;
    const follows =
      cap > floor && maxLeverage >= 1 && maintenanceRate >= (tiers.at(-1)?.maintenanceRate ?? 0);
    if (follows) tiers.push({ floor, cap, maintenanceRate, maxLeverage });
  }
  const odd = each.size - tiers.length;
  const reason = 'tier: does not follow the one before';
  if (tiers.length === 0 || odd > Math.max(1, rows.length / 5))
    throw new FeedError('malformed', venue, reason);
  for (let i = 0; i < odd; i++) notes?.leftOut?.(reason);
  return tiers;
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
