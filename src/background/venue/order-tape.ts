import type { ForcedOrder, Side } from '../../engine/records';
import { dayMs } from '../../estimate/day-cells';
import type { VenueId } from '../../feeds/feed';

const minuteMs = 60_000;
const hourMs = 3_600_000;
const recentMs = 2 * hourMs;
const keptMs = 30 * dayMs;

/**
 * Real forced orders of one symbol on all venues: the last two hours one by one, the last day's sums by minute and side,
 * before that their sum by hour.
 */
export class OrderTape {
  private orders: { time: number; usd: number }[] = [];
  private readonly hours = new Map<number, number>();
  private readonly minutes = new Map<number, Record<Side, number>>();
  private readonly seen = new Set<string>();

  /** Adds an order; the same one, however often it comes, counts once. */
  add(venue: VenueId, id: string, order: ForcedOrder): void {
    const key = `${venue} ${order.time} ${id}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const usd = order.base * order.price;
    const hour = Math.floor(order.time / hourMs) * hourMs;
    this.hours.set(hour, (this.hours.get(hour) ?? 0) + usd);
    const minute = Math.floor(order.time / minuteMs) * minuteMs;
    const sums = this.minutes.get(minute) ?? { long: 0, short: 0 };
    sums[order.side] += usd;
    this.minutes.set(minute, sums);
    this.orders.push({ time: order.time, usd });
    this.orders.sort((a, b) => a.time - b.time);
    const newest = this.orders.at(-1)!.time;
    if (this.orders[0]!.time < newest - recentMs) {
      this.orders = this.orders.filter(({ time }) => time >= newest - recentMs);
    }
    for (const old of this.minutes.keys()) if (old < newest - dayMs - hourMs) this.minutes.delete(old);
    for (const old of this.hours.keys()) if (old < newest - keptMs) this.hours.delete(old);
  }

  /** Orders of the last two hours up to `now`, ascending in time. */
  recent(now: number): { time: number; usd: number }[] {
    return this.orders.filter(({ time }) => time <= now && time > now - recentMs);
  }

  /** USD of each whole hour before the one that `now` is in. */
  hourlyUsd(now: number): number[] {
    return [...this.hours].filter(([hour]) => hour + hourMs <= now).map(([, usd]) => usd);
  }

  /** USD of each side over the last `hours` (24 at most), whole minutes, as far as orders were heard. */
  totals(now: number, hours: number): Record<Side, number> {
    const sums = { long: 0, short: 0 };
    for (const [minute, { long, short }] of this.minutes) {
      if (minute > now || minute <= now - hours * hourMs) continue;
      sums.long += long;
      sums.short += short;
    }
    return sums;
  }
}
