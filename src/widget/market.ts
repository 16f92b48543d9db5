import type { QPrior } from '../engine/forced/learn';
import { windowStep } from '../engine/map/bands';
import { buildMap, scaleOpenInterest, sweepMap } from '../engine/map/map';
import {
  type Bar,
  type BarColumns,
  type OpenInterestPoint,
  type WindowId,
  windowMs,
} from '../engine/records';
import { viewOf } from '../estimate/view';
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
import type { Transport } from '../feeds/net/http';
import { findInstrument } from '../feeds/symbols';
import type { FeedHealth, MapView } from '../protocol/view';
import { venueOf } from '../venues';
import type { Candle, Snapshot, WindowSnapshot } from './snapshot';

/**
 * What each window is estimated from. History reaches back beyond the window, so that positions older than it are known
 * and can be left out. Every venue has these intervals of open interest.
 */
const plans: Record<WindowId, Plan> = {
  '12h': { bars: '5m', openInterest: '5m', historyMs: 4 * 86_400_000 },
  '24h': { bars: '5m', openInterest: '5m', historyMs: 4 * 86_400_000 },
  '7d': { bars: '15m', openInterest: '1h', historyMs: 14 * 86_400_000 },
  '30d': { bars: '1h', openInterest: '1h', historyMs: 30 * 86_400_000 },
};

interface Plan {
  bars: Period;
  openInterest: Period;
  historyMs: number;
}

/** One venue's answers. */
interface Listing {
  venue: Venue;
  instrument: Instrument;
  mark: MarkState;
  /** Coins now. */
  openInterest: number;
  histories: Map<Period, History>;
}

interface History {
  bars: Bar[];
  /** Empty where the venue keeps none. */
  openInterest: OpenInterestPoint[];
}

export interface MarketRequest {
  /** Canonical, for example `ETH-USDT`. */
  symbol: string;
  windows: readonly WindowId[];
  venues: readonly Venue[];
  transport: Transport;
  /** ms since 1970. */
  now: () => number;
  signal?: AbortSignal;
}

/**
 * Asks every venue once and estimates the bands of each window. A venue that does not answer is left out and named in
 * `health`; when none answered, `windows` is empty.
 */
export async function readMarket(request: MarketRequest): Promise<Snapshot> {
  const { symbol, windows, venues, now } = request;
  const needed = [...new Set(windows.map((window) => plans[window]))];
  const answers = await Promise.allSettled(venues.map((venue) => readVenue(venue, needed, request)));
  request.signal?.throwIfAborted();
  const time = now();
  const listings = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const reads =
    listings.length > 0 ? windows.map((window) => [window, estimate(window, listings, symbol, time)]) : [];
  return {
    format: 'liqbands',
    version: 1,
    symbol,
    time,
    health: answers.map((answer, i) =>
      answer.status === 'fulfilled' ? healthy(answer.value, time) : missing(venues[i]!, answer.reason, time),
    ),
    windows: Object.fromEntries(reads),
  };
}

async function readVenue(venue: Venue, needed: readonly Plan[], request: MarketRequest): Promise<Listing> {
  const { symbol, transport, signal } = request;
  const run = <T>(call: Call<T>) => transport.run(venue, call, signal ? { signal } : {});
  const instruments = (await Promise.all(venue.instruments().map(run))).flat();
  const instrument = findInstrument(symbol, instruments);
  if (instrument?.symbol !== symbol) throw new FeedError('unlisted', venue.id, `does not list ${symbol}`);
  const listed = instrument;
  // The venue's own clock says which bars have closed.
  const mark = await run(venue.mark(instrument));

  /** All pages of a list, ascending. */
  async function readPages<T>(
    interval: Period,
    from: number,
    limit: number,
    page: (range: Range, limit: number) => Call<T[]>,
  ): Promise<T[]> {
    const ranges = pages({ from, to: mark.time }, intervalMs[interval], limit);
    const lists = await Promise.all(ranges.map((range) => run(page(range, limit))));
    return lists.reverse().flat();
  }

  async function readHistory(plan: Plan): Promise<[Period, History]> {
    const from = mark.time - plan.historyMs;
    const depth = venue.openInterestDepthMs?.(plan.openInterest) ?? plan.historyMs;
    const [bars, openInterest] = await Promise.all([
      readPages(plan.bars, from, venue.maxCandles, (range, limit) =>
        venue.candles(listed, plan.bars, range, limit),
      ),
      venue.openInterestHistory && venue.maxOpenInterest
        ? readPages(
            plan.openInterest,
            Math.max(from, mark.time - depth),
            venue.maxOpenInterest,
            (range, limit) => venue.openInterestHistory!(listed, plan.openInterest, range, limit),
          ).catch(withoutHistory)
        : [],
    ]);
    if (bars.length < 2) throw new FeedError('unavailable', venue.id, `has no history of ${symbol}`);
    return [plan.bars, { bars, openInterest }];
  }

  const [openInterest, ...histories] = await Promise.all([
    run(venue.openInterest(instrument)),
    ...needed.map(readHistory),
  ]);
  return { venue, instrument, mark, openInterest: openInterest.base, histories: new Map(histories) };
}

/** Other sites' pages may read some venues' prices but not their history of open interest: less is known, not nothing. */
function withoutHistory(error: unknown): OpenInterestPoint[] {
  if (error instanceof FeedError) return [];
  throw error;
}

/** The bands of one window, expressed at the first venue's mark, and that venue's candles. */
function estimate(
  window: WindowId,
  listings: readonly Listing[],
  symbol: string,
  time: number,
): WindowSnapshot {
  const interval = plans[window].bars;
  const [reference] = listings as readonly [Listing];
  const price = reference.mark.mark;
  const columns = columnsOf(listings, interval);
  const bars = listings.map(({ venue, instrument, mark, openInterest }, i) => ({
    venue: venue.id,
    bars: columns[i]!,
    mark: mark.mark,
    openInterest,
    maxLeverage: instrument.maxLeverage,
  }));
  const map = buildMap(bars, { window, step: windowStep[window], price });
  const all = reference.histories.get(interval)!.bars;
  // The bar that has not closed yet counts by the prices it has passed.
  const open = all.filter((bar) => !isClosed(bar, interval, reference.mark.time));
  sweepMap(
    map,
    Math.min(price, ...open.map((bar) => bar.low)),
    Math.max(price, ...open.map((bar) => bar.high)),
  );
  const from = reference.mark.time - windowMs[window];
  const openInterestUsd = listings.reduce((sum, { openInterest, mark }) => sum + openInterest * mark.mark, 0);
  return {
    view: viewOf(
      map,
      { ratio: 1, price, openInterestUsd },
      {
        symbol,
        window,
        provisional: false,
        historyFrom: Math.min(...columns.map((each) => each.time[0]!)),
        asOf: Math.min(time, reference.mark.time),
        q: sharedPrior(listings),
      },
    ),
    candles: all
      .filter((bar) => bar.time >= from)
      .map((bar): Candle => [bar.time, bar.open, bar.high, bar.low, bar.close]),
  };
}

/** Share of what is at risk that is really force-closed: the venues' priors, each by its open interest. */
function sharedPrior(listings: readonly Listing[]): MapView['q'] {
  const weights = listings.map(({ openInterest, mark }) => openInterest * mark.mark);
  // Where nothing is open nothing can be closed.
  const whole = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const mean = (part: keyof QPrior) =>
    listings.reduce((sum, { venue }, i) => sum + (venueOf(venue.id).prior[part] * weights[i]!) / whole, 0);
  return { p10: mean('p10'), p50: mean('median'), p90: mean('p90') };
}

function isClosed(bar: Bar, interval: Period, now: number): boolean {
  return bar.time + intervalMs[interval] <= now;
}

/** Closed bars of each venue as columns; a venue without history of open interest takes the shape of the others'. */
function columnsOf(listings: readonly Listing[], interval: Period): BarColumns[] {
  const columns = listings.map(({ histories, mark, openInterest }) => {
    const { bars, openInterest: points } = histories.get(interval)!;
    const closed = bars.filter((bar) => isClosed(bar, interval, mark.time));
    return columnsWith(closed, interval, [...points, { time: mark.time, base: openInterest }]);
  });
  const references = columns.filter((_, i) => hasHistory(listings[i]!, interval));
  return columns.map((each, i) =>
    references.length === 0 || hasHistory(listings[i]!, interval)
      ? each
      : { ...each, ...scaleOpenInterest(each.time, listings[i]!.openInterest, references) },
  );
}

function hasHistory(listing: Listing, interval: Period): boolean {
  return listing.histories.get(interval)!.openInterest.length > 0;
}

/** Open interest between two known moments is interpolated, before the first and after the last it is held. */
function columnsWith(
  bars: readonly Bar[],
  interval: Period,
  points: readonly OpenInterestPoint[],
): BarColumns {
  let k = 0;
  /** To be asked in ascending order of time. */
  function interestAt(time: number): number {
    while (k + 1 < points.length && points[k + 1]!.time <= time) k++;
    const [before, after] = [points[k]!, points[k + 1]];
    if (!after || time <= before.time) return before.base;
    return before.base + ((after.base - before.base) * (time - before.time)) / (after.time - before.time);
  }
  const interest = bars.map(
    (bar) => [interestAt(bar.time), interestAt(bar.time + intervalMs[interval])] as const,
  );
  return {
    length: bars.length,
    time: Float64Array.from(bars, (bar) => bar.time),
    open: Float64Array.from(bars, (bar) => bar.open),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
    volume: Float64Array.from(bars, (bar) => bar.volume),
    openInterest: Float64Array.from(interest, ([open]) => open),
    openInterestClose: Float64Array.from(interest, ([, close]) => close),
  };
}

function healthy({ venue, mark, openInterest, histories }: Listing, time: number): FeedHealth {
  const scaled = [...histories.values()].every((history) => history.openInterest.length === 0);
  return {
    venue: venue.id,
    state: 'ok',
    since: time,
    reason: '',
    quality: scaled ? 'scaled' : 'full',
    openInterestUsd: openInterest * mark.mark,
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
function missing(venue: Venue, error: unknown, time: number): FeedHealth {
  if (!(error instanceof FeedError)) throw error;
  return {
    venue: venue.id,
    state: states[error.kind],
    since: time,
    reason: `${venue.name}: ${error.message}`,
    quality: 'unavailable',
  };
}
