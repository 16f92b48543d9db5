import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { EvaluationSet } from '../engine/evaluation/pool';
import type { SeenPosition } from '../engine/map/large-accounts';
import type { BarColumns } from '../engine/records';
import { dayMs, hourMs } from '../engine/time';

/** Recorded market data as files: the sets that ship, those of the shared folder when it is there, and any named one. */

const root = resolve(import.meta.dirname, '../..');
const embedded = join(root, 'src/tools/replay/data');
const shared = resolve(root, '../shared/data');

/** A file that cannot be used, with its name and what is wrong in it. */
export class BadFile extends Error {}

/** Columns of a CSV file by name; NaN where a cell is empty. */
interface Table {
  file: string;
  rows: number;
  column(name: string): Float64Array;
  has(name: string): boolean;
}

function readTable(file: string): Table {
  if (!existsSync(file)) throw new BadFile(`${file}: no such file`);
  const content = readFileSync(file);
  let records: string[][];
  try {
    records = parse(file.endsWith('.gz') ? gunzipSync(content) : content, {
      bom: true,
      skip_empty_lines: true,
    });
  } catch (cause) {
    throw new BadFile(`${file}: not a CSV file (${String(cause)})`, {
      cause,
    });
  }
  const [header, ...rows] = records;
  if (!header || rows.length === 0) throw new BadFile(`${file}: no rows`);
  return {
    file,
    rows: rows.length,
    has: (name) => header.includes(name),
    column(name) {
      const at = header.indexOf(name);
      if (at < 0) throw new BadFile(`${file}: no column ${name}; it has ${header.join(', ')}`);
      return Float64Array.from(rows, (row, i) => {
        const cell = row[at]!.trim();
        const value = cell === '' ? Number.NaN : Number(cell);
        if (cell !== '' && !Number.isFinite(value)) {
          throw new BadFile(`${file}: line ${i + 2}, ${name}: "${cell}" is not a number`);
        }
        return value;
      });
    },
  };
}

function readTimes(table: Table): Float64Array {
  const time = table.column('time');
  time.forEach((value, i) => {
    if (!(value > 1e11))
      throw new BadFile(`${table.file}: line ${i + 2}, time: milliseconds since 1970 are needed`);
    if (i > 0 && !(value > time[i - 1]!))
      throw new BadFile(`${table.file}: line ${i + 2}, time: not ascending`);
  });
  return time;
}

/**
 * Bars of a CSV file with the columns time, open, high, low, close, volume, open_interest and, where known,
 * open_interest_close. A bar with an empty price or volume is a missing bar. Empty open interest is the last known
 * (before the first known: that one).
 */
export function readBars(file: string): BarColumns {
  return barsOf(readTable(file));
}

function barsOf(table: Table): BarColumns {
  const time = readTimes(table);
  const names = ['open', 'high', 'low', 'close', 'volume'] as const;
  const [open, high, low, close, volume] = names.map((name) => table.column(name)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const before = table.column('open_interest');
  const after = table.has('open_interest_close') ? table.column('open_interest_close') : undefined;
  const kept = Array.from(time.keys()).filter((i) =>
    [open, high, low, close, volume].every((cells) => cells[i]! >= 0),
  );
  for (const i of kept) {
    const possible =
      low[i]! > 0 && low[i]! <= Math.min(open[i]!, close[i]!) && high[i]! >= Math.max(open[i]!, close[i]!);
    if (!possible) throw new BadFile(`${table.file}: line ${i + 2}: prices are not low ≤ open, close ≤ high`);
  }
  let last = before.find((value) => value >= 0) ?? Number.NaN;
  if (Number.isNaN(last)) throw new BadFile(`${table.file}: open_interest is empty`);
  const openInterest = new Float64Array(kept.length);
  const openInterestClose = new Float64Array(kept.length);
  kept.forEach((i, k) => {
    last = before[i]! >= 0 ? before[i]! : last;
    openInterest[k] = last;
    const next = kept[k + 1];
    const closing = after ? after[i]! : next === undefined ? Number.NaN : before[next]!;
    last = closing >= 0 ? closing : last;
    openInterestClose[k] = last;
  });
  const pick = (cells: Float64Array) => Float64Array.from(kept, (i) => cells[i]!);
  return {
    length: kept.length,
    time: pick(time),
    open: pick(open),
    high: pick(high),
    low: pick(low),
    close: pick(close),
    volume: pick(volume),
    openInterest,
    openInterestClose,
  };
}

/**
 * An evaluation set from a bars file and a liquidations file, or from a bars file that carries both. Liquidations are
 * in coins (`long_liquidated`, `short_liquidated`) or in USD (`long_usd`, `short_usd`).
 */
export function readSet(options: {
  name?: string | undefined;
  bars: string;
  liquidations?: string | undefined;
  bucketMs: number;
  warmupMs: number;
}): EvaluationSet {
  const barTable = readTable(options.bars);
  const table = options.liquidations ? readTable(options.liquidations) : barTable;
  const unit = table.has('long_liquidated') ? 'coins' : 'usd';
  if (unit === 'usd' && !table.has('long_usd')) {
    throw new BadFile(
      `${table.file}: neither long_liquidated and short_liquidated nor long_usd and short_usd`,
    );
  }
  const longForced = table.column(unit === 'coins' ? 'long_liquidated' : 'long_usd');
  const shortForced = table.column(unit === 'coins' ? 'short_liquidated' : 'short_usd');
  for (const [i, amount] of [...longForced.entries(), ...shortForced.entries()]) {
    if (amount < 0) throw new BadFile(`${table.file}: line ${i + 2}: a negative liquidation`);
  }
  return {
    name: options.name ?? basename(options.bars).replace(/\.csv(\.gz)?$/, ''),
    bars: barsOf(barTable),
    unit,
    times: readTimes(table),
    longForced,
    shortForced,
    bucketMs: options.bucketMs,
    warmupMs: options.warmupMs,
  };
}

/** The sets that ship with the project and those of the shared folder. */
export function standardSets(): EvaluationSet[] {
  const sets = ['ETH', 'SOL'].map((coin) =>
    readSet({
      name: `${coin} 1h, 2024`,
      bars: join(embedded, `binance-${coin}USDT-1h-2024.csv`),
      bucketMs: hourMs,
      warmupMs: 240 * hourMs,
    }),
  );
  const bars = join(shared, 'bars/binance-BTCUSDT-5m-2025-12.csv');
  const liquidations = join(shared, 'liquidations/BTC-binance+bybit+okx-1h-2025-12.csv');
  if (!existsSync(bars) || !existsSync(liquidations)) return sets;
  const name = 'BTC 5m bars, 1h liquidations, Dec 2025';
  return [readSet({ name, bars, liquidations, bucketMs: hourMs, warmupMs: 7 * dayMs }), ...sets];
}

/**
 * Every set of a folder laid out as ../shared/data that can be scored: `bars/VENUE-COINUSDT-STEP-PERIOD.csv` with the amounts in it, or
 * with those of `liquidations/COIN-…-PERIOD.csv`. By the hour; a week of shorter bars, or ten days of hourly ones, are not scored.
 */
export function setsIn(folder: string): EvaluationSet[] {
  const files = (kind: string) => {
    const path = join(folder, kind);
    return existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.csv')) : [];
  };
  const told = files('liquidations').map((file) => file.replace(/\.csv$/, '').split('-'));
  const sets = files('bars').flatMap((file) => {
    const [, market = '', step, ...period] = file.replace(/\.csv$/, '').split('-');
    const coin = market.replace(/USDT$/, '');
    const path = join(folder, 'bars', file);
    const own = readTable(path);
    const parts = told.find((each) => each[0] === coin && each.join('-').endsWith(`-${period.join('-')}`));
    const isOwn = own.has('long_liquidated') || own.has('long_usd');
    if (!isOwn && !parts) return [];
    return readSet({
      name: `${coin} ${step}, ${period.join('-')}`,
      bars: path,
      liquidations: isOwn ? undefined : join(folder, 'liquidations', `${parts!.join('-')}.csv`),
      bucketMs: hourMs,
      warmupMs: step === '1h' ? 240 * hourMs : 7 * dayMs,
    });
  });
  if (sets.length === 0) throw new BadFile(`${folder}: no bars with forced liquidations`);
  return sets;
}

/** A position of one account, as it was seen. */
export interface AccountPosition extends SeenPosition {
  account: string;
}

const positionsFile = join(shared, 'positions/hyperliquid-snapshots-2026-02-03.csv.gz');

/** One-sided, coins, in those days: `recordings/hyperliquid-ws-all-asset-ctxs.json`. */
const openInterestThen = 27_353;

/** A large account as it was last seen, 3 to 9 February 2026. */
export interface RecordedAccount {
  account: string;
  /** Margin in use in all its recorded positions, USD. */
  margin: number;
  /** What it holds of Bitcoin ÷ the venue's one-sided open interest of it; below 0 where it is short. */
  share: number;
}

/** Large accounts of Hyperliquid; empty without the shared folder. */
export function recordedAccounts(): RecordedAccount[] {
  if (!existsSync(positionsFile)) return [];
  const rows: Record<string, string>[] = parse(gunzipSync(readFileSync(positionsFile)), { columns: true });
  const newest = new Map<string, { time: string; margin: number; share: number }>();
  for (const { account = '', time = '', coin, side, size, margin_used: margin } of rows) {
    const before = newest.get(account);
    if (before && before.time > time) continue;
    const seen = before?.time === time ? before : { time, margin: 0, share: 0 };
    newest.set(account, seen);
    seen.margin += Number(margin);
    if (coin === 'BTC') seen.share += ((side === 'short' ? -1 : 1) * Number(size)) / openInterestThen;
  }
  return [...newest].map(([account, { margin, share }]) => ({ account, margin, share }));
}

/** Observed positions by coin, with bars of the same coin to build a map from; empty without the shared folder. */
export function observedPositions(): { coin: string; bars: BarColumns; positions: AccountPosition[] }[] {
  if (!existsSync(positionsFile)) return [];
  const rows: string[][] = parse(gunzipSync(readFileSync(positionsFile)), { from_line: 2 });
  const header: string[][] = parse(gunzipSync(readFileSync(positionsFile)), { to_line: 1 });
  const at = (name: string) => header[0]!.indexOf(name);
  return ['BTC', 'ETH', 'SOL'].flatMap((coin) => {
    const bars = join(shared, `bars/binance-${coin}USDT-5m-2025-12.csv`);
    if (!existsSync(bars)) return [];
    const positions = rows.flatMap((row) => {
      const usd = Number(row[at('position_value')]);
      const mark = usd / Number(row[at('size')]);
      const distance = Math.log(Number(row[at('liquidation_price')]) / mark);
      return row[at('coin')] === coin && Number.isFinite(distance) && usd > 0
        ? [{ account: row[at('account')]!, distance, usd }]
        : [];
    });
    return [{ coin, bars: readBars(bars), positions }];
  });
}
