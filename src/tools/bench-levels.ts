import { join } from 'node:path';
import { newestBars } from '../engine/bar-columns';
import { findLevels, type KnownLevel, type Level, levelStep } from '../engine/map/levels';
import { buildMap } from '../engine/map/map';
import { learnProfile } from '../engine/map/profile';
import { dayMs, hourMs, minuteMs } from '../engine/time';
import type { WatchReply } from '../protocol/messages';
import { MarketStage, StagePage } from './market-stage';
import { readBars } from './recorded';
import { embeddedData } from './replay';

/** How steady the levels of one market are over a recorded day. */
export interface Steadiness {
  market: string;
  /** How often they were told. */
  times: number;
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

type Zone = Pick<Level, 'side' | 'low' | 'high'>;

/** What was shown, and what price had reached since the moment before. */
interface Moment {
  time: number;
  low: number;
  high: number;
  levels: readonly Zone[];
}

const middleOf = ({ low, high }: Zone) => Math.log(low * high) / 2;
const isIn = (level: Zone, others: readonly Zone[]) =>
  others.some((other) => other.side === level.side && Math.abs(middleOf(other) - middleOf(level)) <= same);

/** A recorded day of each coin, built anew with each bar; and one of Bitcoin as the worker tells it to a page. */
export async function benchLevels(): Promise<Steadiness[]> {
  return [...recordings.map(steadinessByBars), await steadinessInWorker(dayMs)];
}

/** A page that keeps the levels of every map it is told. */
class LevelsPage extends StagePage {
  readonly maps: { time: number; levels: readonly Zone[] }[] = [];
  #time: () => number;

  constructor(time: () => number) {
    super('binance');
    this.#time = time;
  }

  override send(reply: WatchReply): void {
    if (reply.type === 'map' && !reply.view.provisional)
      this.maps.push({ time: this.#time(), levels: reply.view.levels ?? [] });
  }
}

/**
 * The worker's own parts on the local exchange, second by second: feeds, bars, maps, what is swept in between, and what a page is
 * told of it.
 */
export async function steadinessInWorker(ms: number): Promise<Steadiness> {
  const stage = await new MarketStage().open({ startAt: 0.75 });
  try {
    const exchange = stage.replay.market('binance', 'BTC');
    const page = new LevelsPage(() => stage.replay.now());
    const market = stage.market('BTC-USDT');
    market.watch(page);
    await stage.until('a whole map', () => page.maps.length > 0);
    // How it usually looks is learned after the first map, and what was found then is kept from there on.
    await stage.pass(minuteMs);
    page.maps.splice(0, page.maps.length - 1);
    for (let passed = 0; passed < ms; passed += 5 * minuteMs) await stage.pass(5 * minuteMs);
    market.stop();
    const moments = page.maps.map(({ time, levels }, k): Moment => {
      const reached = exchange.candle(page.maps[k - 1]?.time ?? time - minuteMs, time + 1, time);
      const price = exchange.price(time);
      return { time, low: reached?.low ?? price, high: reached?.high ?? price, levels };
    });
    return { market: 'BTC in the live worker', ...changesOf(moments) };
  } finally {
    await stage.close();
  }
}

export function steadinessByBars(market: string): Steadiness {
  const bars = readBars(join(embeddedData, `binance-${market}USDT-5m-2024-09.csv`));
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
  const isReached = (level: Zone, first: number, last: number) =>
    moments
      .slice(first, last + 1)
      .some(({ low, high }) => (level.side === 'long' ? low <= level.high : high >= level.low));
  let changes = 0;
  let shown = 0;
  let left = 0;
  let stayed = 0;
  let later = 0;
  for (const [k, { time, levels }] of moments.entries()) {
    shown += levels.length;
    const before = moments[k - 1];
    if (before) {
      changes += levels.filter((level) => !isIn(level, before.levels)).length;
      changes += before.levels.filter((level) => !isIn(level, levels) && !isReached(level, k, k)).length;
    }
    while (later < moments.length && moments[later]!.time < time + hourMs) later++;
    if (later === moments.length) continue;
    for (const level of levels) {
      if (isReached(level, k + 1, later)) continue;
      left++;
      if (isIn(level, moments[later]!.levels)) stayed++;
    }
  }
  const hours = (moments.at(-1)!.time - moments[0]!.time) / hourMs;
  const mean = shown / moments.length;
  return {
    times: moments.length,
    levels: mean,
    changesPerHour: mean > 0 ? changes / hours / mean : 0,
    stillThere: left > 0 ? stayed / left : 1,
  };
}

export function textOf(results: readonly Steadiness[]): string {
  return results
    .map(
      ({ market, times, levels, changesPerHour, stillThere }) =>
        `${market}, told ${times} times: ${levels.toFixed(1)} levels, ${changesPerHour.toFixed(2)} changes a level and hour, ${(100 * stillThere).toFixed(0)} % of those not reached still there an hour later`,
    )
    .join('\n');
}
