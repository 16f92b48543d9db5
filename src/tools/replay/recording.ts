import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';

/**
 * Recorded bars of one Binance USD-M perpetual, from a CSV file named `binance-<SYMBOL>-<5m|1h>-<period>.csv` with the
 * columns `time,open,high,low,close,volume,open_interest` and, where known, `taker_buy_volume`, `open_interest_close`,
 * `long_share`, `long_liquidated`, `short_liquidated`.
 */

/** One recorded bar. Amounts are coins; `undefined` where the recording does not say. */
export interface RecordedBar {
  /** Opening time, ms. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  takerBuy: number | undefined;
  /** One-sided open interest at the bar's open, and at its close. */
  openInterest: number | undefined;
  openInterestClose: number | undefined;
  /** Share of accounts that are long, 0–1. */
  longShare: number | undefined;
  /** Coins of longs and shorts closed by force within the bar. */
  longForced: number | undefined;
  shortForced: number | undefined;
}

export interface Recording {
  /** Where it was read from, for the status page. */
  file: string;
  /** Base as Binance spells it, for example `BTC` or `1000PEPE`. */
  coin: string;
  /** Set where no such market was recorded: what it was made from. */
  derivedFrom?: string;
  /** What the file holds; a 1h recording is served as 5m bars derived from it. */
  recordedMs: number;
  /** Ascending in time; gaps stay gaps. */
  bars: RecordedBar[];
  /** Settled funding, ascending; empty where nothing was recorded. */
  funding: { time: number; rate: number }[];
  /** Decimal places of prices and amounts, as found in the file. */
  priceDecimals: number;
  baseDecimals: number;
}

/** The recordings that ship with the project (MIT licensed, see `data/`). */
export const embeddedData = join(dirname(fileURLToPath(import.meta.url)), 'data');

const intervals: Record<string, number> = { '5m': 300_000, '1h': 3_600_000 };

type Row = Record<string, string>;

function readCsv(path: string): Row[] {
  return parse(readFileSync(path), { columns: true, skip_empty_lines: true }) as Row[];
}

/** The number in a cell; an empty cell is unknown, never 0. Float noise of the source (388.6230000000001) is cut. */
function cell(row: Row, column: string): number | undefined {
  const text = row[column];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : undefined;
}

function decimalsOf(values: (number | undefined)[]): number {
  let most = 0;
  for (const value of values) {
    if (value === undefined) continue;
    let decimals = most;
    while (decimals < 8 && Math.abs(Number(value.toFixed(decimals)) - value) > 1e-12 * value) decimals++;
    most = decimals;
  }
  return most;
}

/** Settled funding recorded for the same symbol beside the bars (`../funding`), if any. */
function readFunding(barsFile: string, symbol: string): Recording['funding'] {
  const folder = join(dirname(barsFile), '..', 'funding');
  if (!existsSync(folder)) return [];
  const points = readdirSync(folder)
    .filter((name) => name.startsWith(`binance-${symbol}-`) && name.endsWith('.csv'))
    .flatMap((name) => readCsv(join(folder, name)))
    .flatMap((row) => {
      const time = cell(row, 'time');
      const rate = cell(row, 'funding_rate');
      return time === undefined || rate === undefined ? [] : [{ time, rate }];
    });
  return points.sort((a, b) => a.time - b.time);
}

/**
 * Reads one file of bars.
 *
 * @throws Error naming the file when its name or its columns are not as described above.
 */
function readRecording(file: string): Recording {
  const name = /^binance-([A-Z0-9]+)USDT-(5m|1h)-/.exec(basename(file));
  if (!name) throw new Error(`${file}: expected a name such as binance-BTCUSDT-5m-2024-09.csv`);
  const [, coin, interval] = name as unknown as [string, string, string];
  const bars: RecordedBar[] = [];
  for (const row of readCsv(file)) {
    const [time, open, high, low, close, volume] = ['time', 'open', 'high', 'low', 'close', 'volume'].map(
      (c) => cell(row, c),
    );
    if (
      time === undefined ||
      open === undefined ||
      high === undefined ||
      low === undefined ||
      close === undefined ||
      volume === undefined
    ) {
      throw new Error(`${file}: a bar lacks its time, a price or its volume: ${JSON.stringify(row)}`);
    }
    bars.push({
      time,
      open,
      high,
      low,
      close,
      volume,
      takerBuy: cell(row, 'taker_buy_volume'),
      openInterest: cell(row, 'open_interest'),
      openInterestClose: cell(row, 'open_interest_close'),
      longShare: cell(row, 'long_share'),
      longForced: cell(row, 'long_liquidated'),
      shortForced: cell(row, 'short_liquidated'),
    });
  }
  bars.sort((a, b) => a.time - b.time);
  if (bars.length < 2) throw new Error(`${file}: expected at least two bars`);
  return {
    file,
    coin,
    recordedMs: intervals[interval]!,
    bars,
    funding: readFunding(file, `${coin}USDT`),
    priceDecimals: decimalsOf(bars.flatMap((bar) => [bar.open, bar.high, bar.low, bar.close])),
    baseDecimals: decimalsOf(bars.flatMap((bar) => [bar.volume, bar.openInterest])),
  };
}

const memory = new Map<string, Recording>();

/** The same file is read once per process: tests start many exchanges. */
function remembered(file: string): Recording {
  const key = `${file}@${statSync(file).mtimeMs}`;
  const recording = memory.get(key) ?? readRecording(file);
  memory.set(key, recording);
  return recording;
}

/**
 * A market listed by the thousand, which no recording at hand holds: DOGE at a tenth of its price and ten times its
 * amounts, called 1000PEPE.
 */
function thousandsFrom(doge: Recording): Recording {
  const times = (value: number | undefined, factor: number, decimals: number) =>
    value === undefined ? undefined : Number((value * factor).toFixed(decimals));
  const priceDecimals = doge.priceDecimals + 1;
  const price = (value: number) => times(value, 0.1, priceDecimals)!;
  const amount = (value: number | undefined) => times(value, 10, doge.baseDecimals);
  return {
    ...doge,
    coin: '1000PEPE',
    derivedFrom: 'DOGE, prices ÷ 10 and amounts × 10',
    priceDecimals,
    bars: doge.bars.map((bar) => ({
      ...bar,
      open: price(bar.open),
      high: price(bar.high),
      low: price(bar.low),
      close: price(bar.close),
      volume: amount(bar.volume)!,
      takerBuy: amount(bar.takerBuy),
      openInterest: amount(bar.openInterest),
      openInterestClose: amount(bar.openInterestClose),
      longForced: amount(bar.longForced),
      shortForced: amount(bar.shortForced),
    })),
  };
}

/**
 * Every coin found in the given files and directories (a directory may hold the files itself or in `bars/`). Where
 * several files tell of one coin the finer interval wins, then the longer recording. With DOGE comes a derived 1000PEPE.
 *
 * @throws Error when nothing is found.
 */
export function readRecordings(data: string | readonly string[] = embeddedData): Recording[] {
  const files = [data].flat().flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const folder = existsSync(join(path, 'bars')) ? join(path, 'bars') : path;
    return readdirSync(folder)
      .filter((name) => /^binance-[A-Z0-9]+USDT-(5m|1h)-.*\.csv$/.test(name))
      .map((name) => join(folder, name));
  });
  const best = new Map<string, Recording>();
  for (const recording of files.map(remembered)) {
    const rival = best.get(recording.coin);
    const better =
      !rival ||
      recording.recordedMs < rival.recordedMs ||
      (recording.recordedMs === rival.recordedMs && recording.bars.length > rival.bars.length);
    if (better) best.set(recording.coin, recording);
  }
  if (best.size === 0)
    throw new Error(`No recorded bars (binance-*USDT-5m-*.csv or -1h-) found in ${[data].flat().join(', ')}`);
  const doge = best.get('DOGE');
  if (doge && !best.has('1000PEPE')) best.set('1000PEPE', thousandsFrom(doge));
  return [...best.values()].sort((a, b) => a.coin.localeCompare(b.coin));
}
