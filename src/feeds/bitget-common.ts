import * as z from 'zod/mini';
import { bitget as facts } from '../venues/bitget';
import {
  amount,
  ascending,
  blank,
  query,
  quotedPrice,
  type RawBar,
  readAs,
  readIf,
  readJson,
  readRows,
  rows,
  time,
  toBar,
  toBase,
} from './border';
import {
  type Call,
  FeedError,
  type FeedEvent,
  type Instrument,
  type Interval,
  intervalMs,
  type Notes,
  type Period,
  type Range,
} from './feed';

/** What both versions of Bitget's interface have in common. */

export const rest = `https://${facts.rest}`;
export const socket = `wss://${facts.socket}`;
export const product = 'USDT-FUTURES';

/**
 * `{"code":"00000","msg":"success","requestTime":1695793701269,"data":…}`. 429 counts requests; 45001, 40725, 40808,
 * 40010 and 40015 are the venue's own trouble; 40034 and 40309 name a parameter or contract that does not exist.
 */
const Envelope = z.object({
  code: z.string().check(z.regex(/^\d+$/)),
  msg: z.string(),
  requestTime: blank(amount),
  data: z.unknown(),
});

export function read<T extends z.core.$ZodType>(schema: T, json: unknown): z.output<T> {
  const { code, msg, data } = readAs('bitget', Envelope, json);
  if (code !== '00000') {
    const kind =
      code === '429'
        ? 'limited'
        : ['45001', '40725', '40808', '40010', '40015'].includes(code)
          ? 'down'
          : code === '40309' || (code === '40034' && !/time|period|granularity/i.test(msg))
            ? 'unlisted'
            : 'unavailable';
    throw new FeedError(kind, 'bitget', `${msg} (${code})`);
  }
  return readAs('bitget', schema, data);
}

/**
 * GET /api/v3/market/candles and /api/v2/mix/market/candles, row: open time ms, open, high, low, close (USDT), volume coins, USDT:
 * `["1645911960000","39406","39407","39374.5","39379","35.526","1399132.341"]`. Oldest first as far as is known; sorted
 * here in any case.
 */
export const BitgetCandle = z.tuple(
  [time, quotedPrice, quotedPrice, quotedPrice, quotedPrice, amount],
  z.unknown(),
);

/**
 * Ratios, alike in both versions. Parts of the whole; the ratio field beside them has been seen to disagree and is not used. How many rows come
 * is not written down. Takers in coins.
 * `{"longAccountRatio":"0.58","shortAccountRatio":"0.42","longShortAccountRatio":"0.0138","ts":"1729312200000"}`
 * `{"longPositionRatio":"0.58","shortPositionRatio":"0.42","longShortPositionRatio":"0.0138","ts":"1729312200000"}`
 * `{"buyVolume":"1","sellVolume":"2","ts":"1729312200000"}`
 */
export const AccountRow = z.object({ longAccountRatio: amount, shortAccountRatio: amount, ts: time });
export const PositionRow = z.object({ longPositionRatio: amount, shortPositionRatio: amount, ts: time });
export const TakerRow = z.object({ buyVolume: amount, sellVolume: amount, ts: time });

/**
 * Socket data: `{"action":"snapshot"|"update","arg":{"instType":"USDT-FUTURES","channel":"ticker","instId":"BTCUSDT"},
 * "data":[…],"ts":1695716059516}`; replies `{"event":"subscribe","arg":{…}}`; the text `pong` answers `ping`.
 */
const Message = z.object({
  action: z.nullish(z.string()),
  arg: z.object({
    channel: z.nullish(z.string()),
    topic: z.nullish(z.string()),
    instId: z.nullish(z.string()),
    symbol: z.nullish(z.string()),
    interval: z.nullish(z.string()),
  }),
  data: z.array(z.unknown()),
  ts: blank(amount),
});
const Reply = z.object({
  event: z.string(),
  code: z.nullish(z.union([z.string(), z.number()])),
  msg: z.nullish(z.string()),
});

export const granularities: Record<Interval, string> = {
  '1m': '1m',
  '5m': '5m',
  '15m': '15m',
  '30m': '30m',
  '1h': '1H',
};
export const periods: Record<Period, string> = { '5m': '5m', '15m': '15m', '30m': '30m', '1h': '1h' };

type Parameters = Record<string, string | number | undefined>;

/** A call of either version: `version` names the path before the route and the parameter that tells the product. */
export function get<T extends z.core.$ZodType, R>(
  version: 'v2' | 'v3',
  pool: string,
  path: string,
  parameters: Parameters,
  schema: T,
  make: (data: z.output<T>, now: number, notes?: Notes) => R,
): Call<R> {
  const [root, kind] = version === 'v2' ? ['v2/mix/market', 'productType'] : ['v3/market', 'category'];
  return {
    url: `${rest}/api/${root}/${path}${query({ [kind]: product, ...parameters })}`,
    weight: 1,
    pool,
    parse: (json, now, notes) => make(read(schema, json), now, notes),
  };
}

/** A call for a list, row by row. */
export function getRows<T extends z.core.$ZodType, R>(
  version: 'v2' | 'v3',
  pool: string,
  path: string,
  parameters: Parameters,
  what: string,
  row: T,
  make: (rows: z.output<T>[], now: number, notes?: Notes) => R,
): Call<R> {
  return get(version, pool, path, parameters, rows, (list, now, notes) =>
    make(readRows('bitget', what, row, list, notes), now, notes),
  );
}

export function toRaw([at, open, high, low, close, volume]: z.output<typeof BitgetCandle>) {
  return { time: at, open, high, low, close, volume };
}

/** Long part of pairs that may be fractions or percentages. */
export function toShares(pairs: { time: number; long: number; short: number }[], range?: Range) {
  return ascending(
    pairs
      .filter(({ long, short }) => long + short > 0)
      .map(({ time: at, long, short }) => ({ time: at, share: long / (long + short) })),
    range,
  );
}

/** Raw open interest by native name, as the ticker of the same plan last told it. */
export type Holdings = Map<string, number>;
export type BySymbol = ReadonlyMap<string, Instrument>;

/** A text of a socket as its data; undefined for replies and pongs. Throws FeedError for a refused subscription. */
export function readSocket(text: string): z.output<typeof Message> | undefined {
  if (text === 'pong') return undefined;
  const json = readJson('bitget', text);
  const reply = readIf(Reply, 'event', json);
  if (!reply) return readAs('bitget', Message, json);
  const { event, msg, code } = reply;
  if (event === 'error') throw new FeedError('unlisted', 'bitget', `refused: ${msg ?? ''} (${code ?? ''})`);
  return undefined;
}

/** Bars of a push, which does not say whether they are over: one is once another follows, or the push is dated after its end. */
export function toBarEvents(
  instrument: Instrument,
  interval: Interval,
  raw: RawBar[],
  ts: number | undefined,
  notes?: Notes,
): FeedEvent[] {
  const bars = ascending(raw.flatMap((row) => toBar(instrument, row, notes)));
  const newest = bars.at(-1)?.time ?? 0;
  return bars.map((bar) => ({
    kind: 'bar',
    symbol: instrument.symbol,
    interval,
    bar,
    closed: bar.time < newest || (ts ?? 0) >= bar.time + intervalMs[interval],
  }));
}

/** What a ticker says, under one name for both versions; open interest raw. */
export interface TickerState {
  time: number;
  mark: number;
  index: number | undefined;
  fundingRate: number | undefined;
  nextFundingTime: number | undefined;
  openInterest: number | undefined;
}

export function toMark(
  instrument: Instrument,
  { time: at, mark, index, fundingRate, nextFundingTime }: TickerState,
) {
  return {
    time: at,
    mark: mark / instrument.multiplier,
    ...(index !== undefined && { index: index / instrument.multiplier }),
    ...(fundingRate !== undefined && { fundingRate }),
    ...(nextFundingTime && { nextFundingTime }),
  };
}

export function toTickerEvents(instrument: Instrument, holdings: Holdings, ticker: TickerState): FeedEvent[] {
  const { symbol } = instrument;
  const events: FeedEvent[] = [{ kind: 'mark', symbol, mark: toMark(instrument, ticker) }];
  if (ticker.openInterest !== undefined) {
    holdings.set(instrument.native, ticker.openInterest);
    const point = { time: ticker.time, base: toBase(instrument, ticker.openInterest) };
    events.push({ kind: 'openInterest', symbol, point });
  }
  return events;
}
