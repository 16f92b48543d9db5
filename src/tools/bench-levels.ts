import { join } from 'node:path';
import { newestBars } from '../engine/bar-columns';
import { findLevels, type KnownLevel, type Level, levelStep } from '../engine/map/levels';
import { buildMap } from '../engine/map/map';
import { learnProfile } from '../engine/map/profile';
import { dayMs, hourMs } from '../engine/time';
import { readBars } from './recorded';
import { embeddedData } from './replay';

/** How steady the levels of one market are over its last recorded day, built anew with each bar as the worker does. */
export interface Steadiness {
  market: string;
  /** Levels at a time, both sides. */
  levels: number;
  /** How often a level comes, or goes without price having reached it, per level and hour. */
  changesPerHour: number;
  /** Of the levels that price did not reach within the hour, the share still there at its end. */
  stillThere: number;
}

const recordings = ['BTC', 'XRP', 'DOGE'];
/** A level is the same while its middle moves no farther than this, in ln(price). */
const same = 2.5 * levelStep;
const q = { p10: 0.001, p50: 0.003, p90: 0.008 };

/** What was shown after a bar. */
interface Moment {
  time: number;
  low: number;
  high: number;
  levels: readonly Level[];
}

const middleOf = ({ low, high }: Level) => Math.log(low * high) / 2;
const isIn = (level: Level, others: readonly Level[]) =>
  others.some((other) => other.side === level.side && Math.abs(middleOf(other) - middleOf(level)) <= same);

export function benchLevels(coins: readonly string[] = recordings): Steadiness[] {
  return coins.map((coin) => steadinessOf(coin, join(embeddedData, `binance-${coin}USDT-5m-2024-09.csv`)));
}

function steadinessOf(market: string, file: string): Steadiness {
  const bars = readBars(file);
  const from = bars.time[bars.length - 1]! - dayMs;
  const moments: Moment[] = [];
  let previous: readonly KnownLevel[] = [];
  let profile = learnProfile(newestBars(bars, 1, 0));
  for (let i = 1; i <= bars.length; i++) {
    const time = bars.time[i - 1]!;
    if (time < from) continue;
    const known = newestBars(bars, i, 30 * dayMs);
    // As the worker: what is typical is learned anew as hours pass.
    if (moments.length % 12 === 0) profile = learnProfile(known);
    const mark = bars.close[i - 1]!;
    const openInterest = bars.openInterestClose[i - 1]!;
    const venue = { venue: 'binance', bars: known, mark, openInterest, maxLeverage: 125, profile };
    const map = buildMap([venue], { window: '30d', step: levelStep, price: mark });
    const levels = findLevels({ map, bars: known, previous, q, openInterest: openInterest * mark });
    moments.push({ time, low: bars.low[i - 1]!, high: bars.high[i - 1]!, levels });
    previous = levels;
  }
  return { market, ...changesOf(moments) };
}

function changesOf(moments: readonly Moment[]): Omit<Steadiness, 'market'> {
  const isReached = (level: Level, first: number, last: number) =>
    moments
      .slice(first, last + 1)
      .some(({ low, high }) => (level.side === 'long' ? low <= level.high : high >= level.low));
  let changes = 0;
  let shown = 0;
  let left = 0;
  let stayed = 0;
  for (const [k, { time, levels }] of moments.entries()) {
    shown += levels.length;
    const before = moments[k - 1];
    if (before) {
      changes += levels.filter((level) => !isIn(level, before.levels)).length;
      changes += before.levels.filter((level) => !isIn(level, levels) && !isReached(level, k, k)).length;
    }
    const later = moments.findIndex((other) => other.time >= time + hourMs);
    if (later < 0) continue;
    for (const level of levels) {
      if (isReached(level, k + 1, later)) continue;
      left++;
      if (isIn(level, moments[later]!.levels)) stayed++;
    }
  }
  const hours = (moments.at(-1)!.time - moments[0]!.time) / hourMs;
  const mean = shown / moments.length;
  return {
    levels: mean,
    changesPerHour: mean > 0 ? changes / hours / mean : 0,
    stillThere: left > 0 ? stayed / left : 1,
  };
}

export function textOf(results: readonly Steadiness[]): string {
  return results
    .map(
      ({ market, levels, changesPerHour, stillThere }) =>
        `${market}: ${levels.toFixed(1)} levels, ${changesPerHour.toFixed(2)} changes a level and hour, ${(100 * stillThere).toFixed(0)} % of those not reached still there an hour later`,
    )
    .join('\n');
}
