import { firstAtOrAfter } from '../bar-columns';
import { isAmount, isPositive, need, needBars } from '../need';
import { quantile } from '../quantile';
import type { BarColumns } from '../records';
import { dayMs, hourMs, minuteMs } from '../time';
import { type FundingRange, type FundingRate, fundingPer8h, fundingRange } from './funding';

/** Why the map may mislead just now, most important first. */
export type BannerKind =
  /** More was closed by force within the hour than the map is updated for. */
  | 'cascade'
  /** Open interest fell fast: much of what the map shows is gone. */
  | 'openInterestDrop'
  /** A venue has sent nothing for a minute. */
  | 'silent'
  /** A venue's open interest has not changed for half an hour. */
  | 'frozen'
  /** FOMC or CPI within two hours. */
  | 'event'
  /** Funding is extreme. */
  | 'funding'
  /** Saturday or Sunday, UTC. */
  | 'weekend'
  /** Night hours with little volume. */
  | 'quietHours'
  /** Little open interest: the estimate is noisier. */
  | 'thin';

export interface Banner {
  kind: BannerKind;
  /** Since when it holds, as far as the input reaches back, ms. */
  since: number;
  /** What was measured, and what it is measured against; units as each function says. */
  value: number;
  threshold: number;
  /** Venue or event it is about. */
  subject?: string;
}

export interface VenueState {
  venue: string;
  /** When its newest message arrived, ms. */
  lastMessage: number;
  /** Its open interest as told, ascending in time. */
  openInterest: readonly { time: number; base: number }[];
}

export interface RegimeInput {
  now: number;
  /** Open interest of all venues together, ascending in time, four hours and more: coins, and USD at the time. */
  openInterest: readonly { time: number; base: number; usd: number }[];
  /** Forced orders of all venues, ascending in time, two hours and more. */
  forced: readonly { time: number; usd: number }[];
  /** Forced USD of each earlier hour on record, any order. */
  hourlyForcedUsd: ArrayLike<number>;
  /** Bars of the leading venue, 30 days where there are. */
  bars: BarColumns;
  /** Running funding of the leading venue; null where unknown. */
  funding: FundingRate | null;
  /** Its settled fundings, any order. */
  settled: readonly FundingRate[];
  venues: readonly VenueState[];
  /** Scheduled releases. */
  events: readonly { name: string; time: number }[];
}

/**
 * All banners that hold now, most important first.
 *
 * @throws RangeError for input out of order or out of range, see the single functions
 * @example
 * findBanners(input); // [{ kind: 'openInterestDrop', since, value: 0.18, threshold: 0.15 }, …]
 */
export function findBanners(input: RegimeInput): Banner[] {
  const { now } = input;
  return [
    cascadeBanner(input.forced, input.hourlyForcedUsd, now),
    openInterestDrop(input.openInterest, now),
    ...input.venues.map((venue) => silentBanner(venue, now)),
    ...input.venues.map((venue) => frozenBanner(venue, now)),
    ...input.events.map((event) => eventBanner(event, now)),
    input.funding && fundingBanner(input.funding, input.settled, now),
    weekendBanner(now),
    quietHours(input.bars, now),
    thinBanner(input.openInterest, now),
  ].filter((banner) => banner !== null);
}

/**
 * Open interest that fell by more than 15 % within four hours: the map is stale and is drawn grey.
 *
 * @param points ascending in time, coins
 * @returns value: fall from the highest of the four hours, as a fraction of it
 * @throws RangeError for points out of order or negative
 */
export function openInterestDrop(
  points: readonly { time: number; base: number }[],
  now: number,
): Banner | null {
  needTime(now, 'openInterestDrop');
  needAscending(points, 'openInterestDrop');
  for (const { base } of points)
    need(isAmount(base), 'openInterestDrop', 'open interest that is not negative');
  const threshold = 0.15;
  let since: number | null = null;
  let value = 0;
  const known = points.filter(({ time }) => time <= now);
  // From the newest backwards, while the fall holds.
  for (let i = known.length - 1; i >= 0; i--) {
    let highest = 0;
    for (let j = i; j >= 0 && known[j]!.time >= known[i]!.time - 4 * hourMs; j--)
      highest = Math.max(highest, known[j]!.base);
    // Multiplied, not divided: 85 of 100 has fallen by 15 %, not by a hair more.
    if (!(known[i]!.base < highest * (1 - threshold))) break;
    if (since === null) {
      // An old fall says nothing about now.
      if (now - known[i]!.time > 4 * hourMs) break;
      value = 1 - known[i]!.base / highest;
    }
    since = known[i]!.time;
  }
  return since === null ? null : { kind: 'openInterestDrop', since, value, threshold };
}

/** Without a week of hours, what is usual is not known and only the fixed limit counts. */
const leastHours = 168;

/**
 * A cascade: more than $1B, or more than the 99th percentile of the symbol's hourly forced liquidations, closed by force
 * within an hour. Venues publish samples, so the amounts are lower bounds.
 *
 * @param forced ascending in time, USD
 * @param hourlyUsd totals of earlier hours, at least a week of them for the percentile to count
 * @returns value and threshold in USD
 * @throws RangeError for orders out of order, negative or non-finite amounts
 */
export function cascadeBanner(
  forced: readonly { time: number; usd: number }[],
  hourlyUsd: ArrayLike<number>,
  now: number,
): Banner | null {
  needTime(now, 'cascadeBanner');
  for (let i = 0; i < hourlyUsd.length; i++)
    need(isAmount(hourlyUsd[i]!), 'cascadeBanner', 'hourly amounts that are not negative');
  const usual = hourlyUsd.length >= leastHours ? quantile(hourlyUsd, 0.99) : 0;
  const threshold = usual > 0 ? Math.min(1e9, usual) : 1e9;
  let since: number | null = null;
  let sum = 0;
  let oldest = 0;
  let last = Number.NEGATIVE_INFINITY;
  const leave = (until: number, end: number) => {
    while (oldest < end && forced[oldest]!.time <= until) sum -= forced[oldest++]!.usd;
    if (oldest === end) sum = 0;
    if (!(sum > threshold)) since = null;
  };
  for (let i = 0; i < forced.length; i++) {
    const { time, usd } = forced[i]!;
    need(time >= last, 'cascadeBanner', 'forced orders in ascending order of time');
    need(isAmount(usd), 'cascadeBanner', 'forced orders that are not negative');
    last = time;
    if (time > now) break;
    leave(time - hourMs, i);
    sum += usd;
    need(sum < Number.POSITIVE_INFINITY, 'cascadeBanner', 'forced orders that add up to a finite amount');
    if (sum > threshold) since ??= time;
    if (i + 1 === forced.length || forced[i + 1]!.time > now) leave(now - hourMs, i + 1);
  }
  return since === null ? null : { kind: 'cascade', since, value: sum, threshold };
}

/**
 * A venue that has sent nothing for more than 60 s.
 *
 * @returns value and threshold in seconds
 * @throws RangeError for times that are none
 */
export function silentBanner({ venue, lastMessage }: VenueState, now: number): Banner | null {
  needTime(now, 'silentBanner');
  needTime(lastMessage, 'silentBanner');
  const value = (now - lastMessage) / 1000;
  return value > 60 ? { kind: 'silent', since: lastMessage, value, threshold: 60, subject: venue } : null;
}

/**
 * A venue whose open interest has not changed for 30 minutes: its answers come from a cache, or its part of the map
 * stands still.
 *
 * @returns value and threshold in minutes
 * @throws RangeError for points out of order or negative
 */
export function frozenBanner({ venue, openInterest }: VenueState, now: number): Banner | null {
  needTime(now, 'frozenBanner');
  needAscending(openInterest, 'frozenBanner');
  let since: number | null = null;
  let before: number | null = null;
  for (const { time, base } of openInterest) {
    need(isAmount(base), 'frozenBanner', 'open interest that is not negative');
    if (time > now) break;
    if (base !== before) since = time;
    before = base;
  }
  if (since === null) return null;
  const value = (now - since) / minuteMs;
  return value >= 30 ? { kind: 'frozen', since, value, threshold: 30, subject: venue } : null;
}

/**
 * A scheduled release within two hours before or after.
 *
 * @returns value: hours until it, negative once it is over; threshold in hours
 * @throws RangeError for times that are none
 */
export function eventBanner({ name, time }: { name: string; time: number }, now: number): Banner | null {
  needTime(now, 'eventBanner');
  needTime(time, 'eventBanner');
  const value = (time - now) / hourMs;
  if (Math.abs(value) > 2) return null;
  return { kind: 'event', since: time - 2 * hourMs, value, threshold: 2, subject: name };
}

/**
 * Extreme funding: at least 0.1 % per 8 h either way, or outside the 5th to 95th percentile of 30 days.
 *
 * @param running rate now
 * @param settled earlier ones, any order
 * @returns value and threshold: fraction per 8 h
 * @throws RangeError for rates, intervals or times that are none
 */
export function fundingBanner(
  running: FundingRate,
  settled: readonly FundingRate[],
  now: number,
): Banner | null {
  needTime(now, 'fundingBanner');
  needTime(running.time, 'fundingBanner');
  const value = fundingPer8h(running);
  const usual = fundingRange(settled, now);
  const threshold = exceeded(value, usual);
  if (threshold === null) return null;
  let since = Math.min(now, running.time);
  const earlier = settled.filter(({ time }) => time <= now).sort((a, b) => b.time - a.time);
  for (const funding of earlier) {
    if (exceeded(fundingPer8h(funding), usual) === null) break;
    since = Math.min(since, funding.time);
  }
  return { kind: 'funding', since, value, threshold };
}

const extremeFunding = 0.001;

/** The limit a rate is beyond; null within the usual. */
function exceeded(rate: number, usual: FundingRange | null): number | null {
  if (Math.abs(rate) >= extremeFunding) return Math.sign(rate) * extremeFunding;
  if (usual !== null && rate < usual.p5) return usual.p5;
  return usual !== null && rate > usual.p95 ? usual.p95 : null;
}

/**
 * Saturday or Sunday, UTC: fewer are there to trade, and less fuel with them.
 *
 * @returns value: hours since it began; threshold: 0
 * @throws RangeError for a time that is none
 */
export function weekendBanner(now: number): Banner | null {
  needTime(now, 'weekendBanner');
  // 1970-01-01 was a Thursday; two days later the first Saturday began.
  const sinceSaturday = (((now - 2 * dayMs) % (7 * dayMs)) + 7 * dayMs) % (7 * dayMs);
  if (sinceSaturday >= 2 * dayMs) return null;
  return { kind: 'weekend', since: now - sinceSaturday, value: sinceSaturday / hourMs, threshold: 0 };
}

/**
 * Hours from 00 to 06 UTC with less than 60 % of the volume that hour of the week has had on average over 30 days.
 *
 * The last hour that is over is measured, against the same hour of earlier weeks, of which at least two are needed.
 *
 * @param bars of an hour or shorter, ascending in time
 * @returns value: volume ÷ mean; threshold 0.6
 * @throws RangeError for bad bars or a time that is none
 */
export function quietHours(bars: BarColumns, now: number): Banner | null {
  needTime(now, 'quietHours');
  needBars(bars, 'quietHours');
  const threshold = 0.6;
  const hourNow = Math.floor(now / hourMs);
  if (hourOfDay(hourNow) >= 6) return null;
  const share = (hour: number): number | null => {
    const volume = volumeOfHour(bars, hour);
    const earlier: number[] = [];
    for (let week = 1; week <= 4; week++) {
      const before = volumeOfHour(bars, hour - week * 168);
      if (before !== undefined) earlier.push(before);
    }
    if (volume === undefined || earlier.length < 2) return null;
    const ratio = volume / earlier.reduce((sum, one) => sum + one / earlier.length, 0);
    return Number.isFinite(ratio) ? ratio : null;
  };
  const value = share(hourNow - 1);
  if (value === null || !(value < threshold)) return null;
  let first = hourNow - 1;
  while (hourOfDay(first) > 0 && hourOfDay(first) < 6 && (share(first - 1) ?? 1) < threshold) first--;
  return {
    kind: 'quietHours',
    since: Math.max(first, hourNow - hourOfDay(hourNow)) * hourMs,
    value,
    threshold,
  };
}

/** Coins traded in an hour, counted since 1970; undefined where no bar is of it, or as the oldest on record it may be cut. */
function volumeOfHour(bars: BarColumns, hour: number): number | undefined {
  const { time, volume, length } = bars;
  if (length === 0 || hour <= Math.floor(time[0]! / hourMs)) return undefined;
  let sum: number | undefined;
  const end = (hour + 1) * hourMs;
  for (let i = firstAtOrAfter(bars, hour * hourMs); i < length && time[i]! < end; i++)
    sum = (sum ?? 0) + volume[i]!;
  return sum;
}

const hourOfDay = (hour: number): number => ((hour % 24) + 24) % 24;

/** Below this much open interest, in USD, a symbol's map is marked as noisier. */
const thinMarketUsd = 100e6;

/**
 * A symbol with less than $100M open interest on all venues together.
 *
 * @param points ascending in time
 * @returns value and threshold in USD
 * @throws RangeError for points out of order or negative
 */
export function thinBanner(points: readonly { time: number; usd: number }[], now: number): Banner | null {
  needTime(now, 'thinBanner');
  needAscending(points, 'thinBanner');
  let since: number | null = null;
  let value = 0;
  for (const { time, usd } of points) {
    need(isAmount(usd), 'thinBanner', 'open interest that is not negative');
    if (time > now) break;
    value = usd;
    if (usd < thinMarketUsd) since ??= time;
    else since = null;
  }
  return since === null ? null : { kind: 'thin', since, value, threshold: thinMarketUsd };
}

function needTime(time: number, caller: string): void {
  need(Number.isFinite(time), caller, 'a time');
}

function needAscending(points: readonly { time: number }[], caller: string): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of points) {
    need(isPositive(time) && time > last, caller, 'points in ascending order of time');
    last = time;
  }
}
