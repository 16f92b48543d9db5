import type { BarColumns } from '../../engine/records';
import { fuelRatio } from '../../engine/risk/fuel';
import { dayMs, hourMs, isWithin } from '../../engine/time';
import { viewAsOf } from '../../estimate/as-of';
import { bandMap } from '../../protocol/band-map';
import type { Leaning } from '../../protocol/detail';
import type { OwnReply, OwnRequest } from '../../protocol/own-requests';
import type { StoodLevel } from '../../protocol/past';
import type { MapView } from '../../protocol/view';
import type { Store } from '../storage/store';
import { type Inside, joinedCandles } from './detail';

/** Forced orders told of one stretch at most: the largest. */
const mostOrders = 200;
const weekDays = 7;
const weekMs = 600_000;
const leaningHours = 24;

/** What the map said before, and what came of it: from stored bars and the forced orders that were recorded. */
export class Past {
  private readonly weeks = new Map<string, { at: number; value: StoodLevel[] }>();
  /** By symbol and hour: what stood then does not change. null: nothing is known of that hour, yet. */
  private readonly hours = new Map<string, Map<number, Leaning | null>>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  /** The map at a moment, the bars around it and the forced orders after it; null where nothing is known of it. */
  async replay(
    inside: Inside,
    { symbol, time, window, stepMs, before, after }: OwnRequest<'replay'>,
  ): Promise<OwnReply<'replay'>> {
    const view = viewAsOf(symbol, marketsOf(inside), { time, window });
    if (!view) return null;
    const until = Math.min(this.now(), time + after * stepMs);
    const orders = (await this.store.forcedOrders(symbol, time, until)).map(
      ({ time: at, side, venue, price, base }) => ({ time: at, side, venue, price, usd: base * price }),
    );
    const sum = (of: 'long' | 'short') =>
      orders.reduce((total, { side, usd }) => total + (side === of ? usd : 0), 0);
    return {
      view,
      candles: joinedCandles(
        openedBy(inside.bars, until),
        stepMs,
        before + Math.ceil((until - time) / stepMs),
      ),
      orders: orders.sort((a, b) => b.usd - a.usd).slice(0, mostOrders),
      followed: { until, long: sum('long'), short: sum('short') },
      historyFrom: inside.bars.time[0] ?? time,
    };
  }

  /** The levels that stood at the same hour on each of the last seven days, and when price went through them. */
  async week(symbol: string, inside: Inside): Promise<StoodLevel[]> {
    const now = this.now();
    const known = this.weeks.get(symbol);
    if (known && isWithin(weekMs, known.at, now)) return known.value;
    const markets = marketsOf(inside);
    const found: StoodLevel[] = [];
    for (let day = weekDays; day >= 1; day--) {
      const time = Math.floor(now / hourMs) * hourMs - day * dayMs;
      for (const level of viewAsOf(symbol, markets, { time, window: '24h' })?.levels ?? []) {
        const { side, low, high, edge, usd, forced } = level;
        const isKnown = found.some(
          (each) => each.side === side && each.low <= high && each.high >= low && !(each.sweptAt! < time),
        );
        if (isKnown) continue;
        found.push({
          side,
          low,
          high,
          edge,
          usd,
          forced,
          stoodAt: time,
          sweptAt: sweptAt(inside.bars, level, time),
        });
      }
      // The worker answers others between two days.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.weeks.set(symbol, { at: now, value: found });
    return found;
  }

  /** How the map leaned at each whole hour of the last day, oldest first; hours that nothing is known of are left out. */
  async leaning(symbol: string, inside: Inside): Promise<Leaning[]> {
    const last = Math.floor(this.now() / hourMs) * hourMs;
    const markets = marketsOf(inside);
    const openInterestUsd = inside.listings.reduce(
      (sum, { openInterest, mark }) => sum + openInterest!.base * mark!.mark,
      0,
    );
    const before = this.hours.get(symbol);
    const known = new Map<number, Leaning | null>();
    this.hours.set(symbol, known);
    for (let time = last - (leaningHours - 1) * hourMs; time <= last; time += hourMs) {
      const told = before?.get(time) ?? null;
      known.set(time, told ?? leaningAt(viewAsOf(symbol, markets, { time, window: '24h' }), openInterestUsd));
      // The worker answers others between two hours.
      if (!told) await new Promise((resolve) => setTimeout(resolve));
    }
    return [...known.values()].filter((each) => each !== null);
  }
}

function leaningAt(view: MapView | undefined, openInterestUsd: number): Leaning | null {
  if (!view) return null;
  const map = bandMap(view);
  const fuel = (side: 'long' | 'short') => fuelRatio(map, { side, entry: view.price, openInterestUsd }).ratio;
  return {
    time: view.asOf,
    price: view.price,
    ratio: view.ratio.within5,
    fuelLong: fuel('long'),
    fuelShort: fuel('short'),
  };
}

/** All venues that count, the reference first. */
const marketsOf = ({ reference, listings }: Inside) =>
  [reference, ...listings.filter((listing) => listing !== reference)].map((listing) => listing.market());

/** When price first went through the far edge after a moment; null where it has not. */
function sweptAt(
  bars: BarColumns,
  { side, low, high }: Pick<StoodLevel, 'side' | 'low' | 'high'>,
  from: number,
): number | null {
  for (let i = 0; i < bars.length; i++)
    if (bars.time[i]! >= from && (side === 'long' ? bars.low[i]! <= low : bars.high[i]! >= high))
      return bars.time[i]!;
  return null;
}

function openedBy(bars: BarColumns, time: number): BarColumns {
  let { length } = bars;
  while (length > 0 && bars.time[length - 1]! >= time) length--;
  return { ...bars, length };
}
