import { sweepMap } from '../engine/map/sweep';
import type { MarginTier } from '../engine/positions/margin';
import { type Bar, type OpenInterestPoint, type WindowId, windowMs } from '../engine/records';
import { dayMs, minuteMs } from '../engine/time';
import {
  type Call,
  FeedError,
  type Instrument,
  intervalMs,
  type MarkState,
  type Period,
  pages,
  type Range,
  type Venue,
} from '../feeds/feed';
import { listInstruments } from '../feeds/instrument';
import type { Transport } from '../feeds/net/http';
import type { Snapshot, WindowSnapshot } from '../protocol/snapshot';
import type { FeedHealth } from '../protocol/view';
import { liveMinutes, Series } from './bar-series';
import { candlesOf } from './candles';
import { slotMs, slotOf } from './day-cells';
import { historyOf } from './history-view';
import { marginTerms } from './margin-terms';
import {
  barsOf,
  estimateMaps,
  historyMs,
  isMostlyYoung,
  levelsOf,
  openInterestUsd,
  qOf,
  type VenueMarket,
  withProfiles,
} from './market';
import { priorQ } from './q';
import { refusalText, type Say } from './refusal';
import { venueShares, viewOf } from './view';

/** How far back history is asked for in which fineness, finest first: coarser data only where there is no finer. */
export interface HistoryReach {
  bars: readonly (readonly [period: Period, ms: number])[];
  openInterest: readonly (readonly [period: Period, ms: number])[];
}

const light: HistoryReach['bars'] = [
  ['5m', 2 * dayMs],
  ['1h', historyMs],
];

/** Some thirty requests over all venues: for a reader's browser, whose address the venues count. */
const lightReach: HistoryReach = { bars: light, openInterest: light };

/** All that the venues keep at five minutes, as the extension has it: some four hundred requests. */
export const fullReach: HistoryReach = {
  bars: [
    ['5m', historyMs],
    ['15m', historyMs],
    ['1h', historyMs],
  ],
  openInterest: [
    ['5m', historyMs],
    ['1h', historyMs],
  ],
};

/** One venue's answers. */
interface Read {
  venue: Venue;
  market: VenueMarket;
  /** The bar that had not closed, at five minutes. */
  forming: Bar | undefined;
}

/** What sockets say of a market; what is absent they do not tell. */
export interface Heard {
  mark?: MarkState;
  openInterest?: OpenInterestPoint;
}

/** What is known of a market on a venue before it is asked: only what is missing is asked for. */
export interface VenueMemory {
  instrument?: Instrument | undefined;
  tiers?: MarginTier[];
  series: Series;
  forming?: Bar | undefined;
  hasOpenInterest: boolean;
  /** What sockets say now. */
  hear?(instrument: Instrument): Promise<Heard>;
}

export interface MarketRequest {
  /** Canonical, for example `ETH-USDT`. */
  symbol: string;
  windows: readonly WindowId[];
  venues: readonly Venue[];
  transport: Transport;
  /** ms since 1970. */
  now: () => number;
  /** Looks up what is said of a venue that did not answer. */
  say: Say;
  reach?: HistoryReach;
  /** Windows that come with what their map said before. */
  heatmaps?: readonly WindowId[];
  /** What is known of each venue already, and kept for the next time. Absent: nothing. */
  memoryOf?(venue: Venue): VenueMemory;
  signal?: AbortSignal;
}

export const newMemory = (): VenueMemory => ({ series: new Series(), hasOpenInterest: false });

/**
 * Asks every venue once and estimates the bands of each window. A venue that does not answer is left out and named in
 * `health`; when none answered, `windows` is empty.
 */
export async function readMarket(request: MarketRequest): Promise<Snapshot> {
  const { symbol, venues, now, say } = request;
  const answers = await Promise.allSettled(venues.map((venue) => readVenue(venue, request)));
  request.signal?.throwIfAborted();
  const time = now();
  const reads = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return {
    format: 'liqbands',
    version: 1,
    symbol,
    time,
    health: answers.map((answer, i) =>
      answer.status === 'fulfilled'
        ? healthy(answer.value, time)
        : missing(venues[i]!, answer.reason, time, symbol, say),
    ),
    windows: reads.length > 0 ? estimate(request, reads, time) : {},
  };
}

async function readVenue(venue: Venue, request: MarketRequest): Promise<Read> {
  const { symbol, transport, signal, reach = lightReach } = request;
  const memory = request.memoryOf?.(venue) ?? newMemory();
  const run = <T>(call: Call<T>) => transport.run(venue, call, signal ? { signal } : {});
  memory.instrument ??= (await listInstruments(venue, run)).find((each) => each.symbol === symbol);
  const { instrument } = memory;
  if (!instrument) throw new FeedError('unlisted', venue.id, `does not list ${symbol}`);
  const heard = (await memory.hear?.(instrument)) ?? {};
  // The venue's own clock says which bars have closed.
  const mark = heard.mark ?? (await run(venue.mark(instrument)));
  const [openInterest, tiers] = await Promise.all([
    heard.openInterest ?? run(venue.openInterest(instrument)),
    memory.tiers ?? run(venue.tiers(instrument, mark.mark)).catch(unlessFault(undefined)),
    readHistory(venue, instrument, mark.time, reach, memory, run),
  ]);
  if (tiers) memory.tiers = tiers;
  memory.series.noteOpenInterest(openInterest);
  if (memory.series.newest === undefined) {
    throw new FeedError('unavailable', venue.id, `has no history of ${symbol}`);
  }
  return {
    venue,
    forming: memory.forming,
    market: {
      venue: venue.id,
      series: memory.series,
      hasOpenInterestHistory: memory.hasOpenInterest,
      mark: mark.mark,
      openInterest: openInterest.base,
      margin: marginTerms(venue.id, symbol, tiers, instrument.maxLeverage),
      q: priorQ(venue.id),
      now: mark.time,
    },
  };
}

/** Fills the memory up with what it lacks: bars that have closed by `now` (ms, the venue's clock) and open interest, as finely as asked for. */
async function readHistory(
  venue: Venue,
  instrument: Instrument,
  now: number,
  reach: HistoryReach,
  memory: VenueMemory,
  run: <T>(call: Call<T>) => Promise<T>,
): Promise<void> {
  const { series } = memory;
  const to = slotOf(now);

  /** All pages of a list over the slots that are missing, ascending. */
  async function readPages<T>(
    missing: readonly Required<Range>[],
    period: Period,
    limit: number,
    page: (range: Range, limit: number) => Call<T[]>,
  ): Promise<T[]> {
    if (missing.length === 0) return [];
    const step = intervalMs[period];
    const from = Math.floor(missing.at(-1)!.from / step) * step;
    const ranges = pages({ from, to: missing[0]!.to }, step, limit);
    return (await Promise.all(ranges.map((range) => run(page(range, limit))))).reverse().flat();
  }

  async function readBars(period: Period, ms: number): Promise<void> {
    const minutes = intervalMs[period] / minuteMs;
    const missing = series.missingBars(slotOf(now - ms), to, minutes);
    const bars = await readPages(missing, period, venue.maxCandles, (range, limit) =>
      venue.candles(instrument, period, range, limit),
    );
    const isClosed = (bar: Bar) => bar.time + intervalMs[period] <= now;
    series.addBars(bars.filter(isClosed), minutes);
    const last = bars.at(-1);
    if (last && !isClosed(last) && intervalMs[period] === slotMs) memory.forming = last;
  }

  async function readOpenInterest(period: Period, ms: number): Promise<void> {
    if (!venue.openInterestHistory || !venue.maxOpenInterest) return;
    const step = intervalMs[period];
    const reach = Math.min(ms, venue.openInterestDepthMs?.(period) ?? ms);
    // The oldest point is about to leave the venue's memory; what was seen live is good enough.
    const fine = Math.max(liveMinutes, step / minuteMs);
    const missing = series.missingOpenInterest(to - reach + step, to, fine);
    // Other sites' pages may read some venues' prices but not this: less is known, not nothing.
    const points = await readPages<OpenInterestPoint>(
      missing,
      period,
      venue.maxOpenInterest,
      (range, limit) => venue.openInterestHistory!(instrument, period, range, limit),
    ).catch(unlessFault([]));
    series.addOpenInterest(points, step / minuteMs);
    if (points.length > 0) memory.hasOpenInterest = true;
  }

  // What was forming when it was last heard of, and is not now, is among the bars.
  if (memory.forming && memory.forming.time < to) memory.forming = undefined;
  await Promise.all([oneByOne(reach.bars, readBars), oneByOne(reach.openInterest, readOpenInterest)]);
}

async function oneByOne(
  steps: HistoryReach['bars'],
  read: (period: Period, ms: number) => Promise<void>,
): Promise<void> {
  for (const [period, ms] of steps) await read(period, ms);
}

/** What stands in for an answer that a venue does not give; anything but a FeedError is a fault of ours. */
const unlessFault =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof FeedError) return instead;
    throw error;
  };

/** The bands of each window, expressed at the first venue's mark, and that venue's candles. */
function estimate(
  { windows, symbol, heatmaps = [] }: MarketRequest,
  reads: readonly Read[],
  time: number,
): Snapshot['windows'] {
  const markets = reads.map(({ market }) => market);
  const bars = withProfiles(barsOf(markets));
  const [{ market: reference, forming }] = reads as readonly [Read];
  const price = reference.mark;
  const names = new Map<string, string>(reads.map(({ venue }) => [venue.id, venue.name]));
  const { maps, whole } = estimateMaps(bars, windows, price);
  // The bar that has not closed yet counts by the prices it has passed.
  const [low, high] = [Math.min(price, forming?.low ?? price), Math.max(price, forming?.high ?? price)];
  for (const map of [whole, ...maps.values()]) sweepMap(map, low, high);
  const levels = levelsOf(whole, bars[0]!, markets);
  const one = (window: WindowId): WindowSnapshot => {
    const map = maps.get(window)!;
    const view = viewOf(
      map,
      levels,
      { ratio: 1, price },
      {
        symbol,
        window,
        provisional: false,
        historyFrom: Math.min(...bars.map((each) => each.bars.time[0]!)),
        asOf: Math.min(time, reference.now),
        q: qOf(map, markets),
        isTypicalYoung: isMostlyYoung(bars),
        venues: venueShares(map, (id) => names.get(id) ?? id),
      },
    );
    const heatmap = heatmaps.includes(window) && historyOf(symbol, window, bars, windowMs[window]);
    return {
      view,
      candles: candlesOf(bars[0]!.bars, forming, windowMs[window]),
      ...(heatmap && { heatmap }),
    };
  };
  return Object.fromEntries(windows.map((window) => [window, one(window)]));
}

function healthy({ venue, market }: Read, time: number): FeedHealth {
  return {
    venue: venue.id,
    state: 'ok',
    since: time,
    reason: '',
    quality: market.hasOpenInterestHistory ? 'full' : 'scaled',
    openInterestUsd: openInterestUsd([market]),
    name: venue.name,
  };
}

const states = {
  malformed: 'down',
  limited: 'limited',
  blocked: 'blocked',
  unlisted: 'unlisted',
  unavailable: 'unlisted',
  down: 'down',
} as const;

/** Anything but a FeedError is a fault of ours and not the venue's. */
function missing(venue: Venue, error: unknown, time: number, symbol: string, say: Say): FeedHealth {
  if (!(error instanceof FeedError)) throw error;
  return {
    venue: venue.id,
    state: states[error.kind],
    since: time,
    reason: refusalText(say, venue, error, symbol),
    quality: 'unavailable',
    name: venue.name,
  };
}
