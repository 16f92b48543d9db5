import type { ForcedOrder, Side } from '../../engine/records';
import { dayMs, hourMs, minuteMs, secondMs } from '../../engine/time';
import type { VenueId } from '../../feeds/feed';
import { SeenIds } from './seen-ids';

const recentMs = 2 * hourMs;
const keptMs = 30 * dayMs;
/** Ids that are remembered, in all: some 8 MB, and far more than are ever told twice. */
const mostIds = 300_000;
/** Of each hour so many orders are known one by one: the largest. */
const largestOfHour = 12;

/** One order as it was forced. USD. */
export interface ForcedMark {
  time: number;
  side: Side;
  price: number;
  usd: number;
}

interface Hour {
  usd: number;
  /** Ids of its orders, by venue. */
  seen: Map<VenueId, SeenIds>;
  minutes: (Minute | undefined)[];
  /** Largest first. */
  largest: ForcedMark[];
}

interface Minute extends Record<Side, number> {
  seconds: Float64Array;
}

/**
 * Real forced orders of one symbol on all venues, as sums: by second, by minute and side, by hour. What an order costs
 * does not depend on how many there are: thousands come within seconds where a market falls.
 */
export class OrderTape {
  /** By their beginning, ms. Those older than a day keep their sum alone. */
  private readonly hours = new Map<number, Hour>();
  private newestHour = Number.NEGATIVE_INFINITY;
  private ids = 0;

  /** Adds an order; the same one, however often it comes, counts once. Ids name the time of an order. */
  add(venue: VenueId, id: string, order: ForcedOrder): void {
    const start = Math.floor(order.time / hourMs) * hourMs;
    if (start > this.newestHour) this.begin(start);
    if (start < this.newestHour - keptMs) return;
    let hour = this.hours.get(start);
    if (!hour) {
      hour = { usd: 0, seen: new Map(), minutes: [], largest: [] };
      this.hours.set(start, hour);
    }
    if (!this.isNew(hour, venue, id)) return;
    if (this.ids > mostIds) this.forgetIds(start);
    const usd = order.base * order.price;
    hour.usd += usd;
    keepLargest(hour.largest, { time: order.time, side: order.side, price: order.price, usd });
    const at = order.time - start;
    const m = Math.floor(at / minuteMs);
    hour.minutes[m] ??= { long: 0, short: 0, seconds: new Float64Array(60) };
    const minute = hour.minutes[m];
    minute[order.side] += usd;
    minute.seconds[Math.floor((at - m * minuteMs) / secondMs)]! += usd;
  }

  private begin(start: number): void {
    this.newestHour = start;
    for (const [time, hour] of this.hours) {
      if (time < start - keptMs) {
        for (const ids of hour.seen.values()) this.ids -= ids.size;
        this.hours.delete(time);
      } else if (time < start - dayMs - hourMs) hour.minutes = [];
    }
  }

  private isNew({ seen }: Hour, venue: VenueId, id: string): boolean {
    const ids = seen.get(venue) ?? new SeenIds(mostIds);
    seen.set(venue, ids);
    const before = ids.size;
    const isNew = ids.add(id);
    this.ids += ids.size - before;
    return isNew;
  }

  /** There are too many: those of the oldest hour go, but for the hour that is being filled, which bounds its own. */
  private forgetIds(current: number): void {
    const withIds = [...this.hours].filter(([start, { seen }]) => start !== current && seen.size > 0);
    const [oldest] = withIds.sort(([a], [b]) => a - b);
    if (!oldest) return;
    const { seen } = oldest[1];
    for (const ids of seen.values()) this.ids -= ids.size;
    seen.clear();
  }

  /** USD of each second with orders in the last two hours up to `now`, ascending in time. */
  recent(now: number): { time: number; usd: number }[] {
    const seconds: { time: number; usd: number }[] = [];
    this.eachMinute(now - recentMs - minuteMs, now, (start, minute) =>
      minute.seconds.forEach((usd, s) => {
        const time = start + s * secondMs;
        if (usd > 0 && time <= now && time > now - recentMs) seconds.push({ time, usd });
      }),
    );
    return seconds.sort((a, b) => a.time - b.time);
  }

  /** The largest orders of each hour since a time, in no order. */
  largestSince(from: number): ForcedMark[] {
    return [...this.hours.values()].flatMap(({ largest }) => largest.filter(({ time }) => time >= from));
  }

  /** USD of each whole hour before the one that `now` is in. */
  hourlyUsd(now: number): number[] {
    return [...this.hours].filter(([start]) => start + hourMs <= now).map(([, { usd }]) => usd);
  }

  /** USD of each side over the last `hours` (24 at most), whole minutes, as far as orders were heard. */
  totals(now: number, hours: number): Record<Side, number> {
    const sums = { long: 0, short: 0 };
    this.eachMinute(now - hours * hourMs, now, (_, { long, short }) => {
      sums.long += long;
      sums.short += short;
    });
    return sums;
  }

  /** Minutes with orders that begin within (after, to], in no order. */
  private eachMinute(after: number, to: number, use: (start: number, minute: Minute) => void): void {
    for (const [time, { minutes }] of this.hours) {
      if (time + hourMs <= after || time > to) continue;
      minutes.forEach((minute, m) => {
        const start = time + m * minuteMs;
        if (minute && start > after && start <= to) use(start, minute);
      });
    }
  }
}

function keepLargest(kept: ForcedMark[], mark: ForcedMark): void {
  const smallest = kept.at(-1);
  if (kept.length >= largestOfHour && smallest!.usd >= mark.usd) return;
  const place = kept.findIndex(({ usd }) => usd < mark.usd);
  kept.splice(place < 0 ? kept.length : place, 0, mark);
  if (kept.length > largestOfHour) kept.pop();
}
