import type { Bar, BarColumns, OpenInterestPoint } from '../engine/records';
import { dayMs, minuteMs } from '../engine/time';
import type { Range } from '../feeds/feed';
import {
  CLOSE,
  dayLength,
  dayOf,
  HIGH,
  INTEREST,
  INTEREST_MINUTES,
  LOW,
  MINUTES,
  OPEN,
  slotMs,
  slotOf,
  VOLUME,
  width,
} from './day-cells';
import { absurdBars, clipWicks, doubtOpenInterest, withoutBars } from './plausible';

/**
 * The part `from`–`to` (fractions of the interval) of the path a bar is taken to have walked: open, low, high, close
 * when it rose, open, high, low, close when it fell; each leg takes a third of the time.
 *
 * @example
 * partOfBar({ time: 0, open: 3, high: 9, low: 0, close: 6, volume: 12 }, 0, 1 / 3) // 3 down to 0, volume 4
 */
export function partOfBar(bar: Bar, from: number, to: number): Bar {
  const { open, high, low, close } = bar;
  const path = close >= open ? [open, low, high, close] : [open, high, low, close];
  const at = (fraction: number) => {
    const leg = Math.min(2, Math.floor(fraction * 3));
    return path[leg]! + (path[leg + 1]! - path[leg]!) * (fraction * 3 - leg);
  };
  const inside = path.filter((_, i) => i / 3 > from && i / 3 < to);
  const prices = [at(from), ...inside, at(to)];
  return {
    time: bar.time,
    open: prices[0]!,
    close: prices.at(-1)!,
    high: Math.max(...prices),
    low: Math.min(...prices),
    volume: bar.volume * (to - from),
  };
}

/** Bars as the engine takes them, and how much of what is stored was left out of them as it cannot be true. */
export interface SeriesColumns extends BarColumns {
  leftOut: { bars: number; openInterest: number };
}

/**
 * One venue's bars and open interest as days of five-minute slots. A slot holds one bar however often it arrives, so
 * nothing can be doubled; a finer source replaces a coarser one, never the other way round.
 */
export class Series {
  readonly days = new Map<number, Float64Array>();
  /** Days changed since the owner last stored them. */
  readonly changed = new Set<number>();
  /** Of the slots that hold a bar, while it is known: it is asked for many times a second. */
  private newestBar: number | undefined;

  /** Takes over a stored day, keeping whatever this series already has finer. */
  addDay(time: number, stored: Float64Array): void {
    this.newestBar = undefined;
    const day = this.days.get(time);
    if (!day) {
      this.days.set(time, stored);
      return;
    }
    for (let at = 0; at < dayLength; at += width) {
      if (
        stored[at + MINUTES]! > 0 &&
        !(day[at + MINUTES]! > 0 && day[at + MINUTES]! <= stored[at + MINUTES]!)
      ) {
        for (let cell = OPEN; cell <= MINUTES; cell++) day[at + cell] = stored[at + cell]!;
      }
      const known = day[at + INTEREST_MINUTES]!;
      if (stored[at + INTEREST_MINUTES]! > 0 && !(known > 0 && known <= stored[at + INTEREST_MINUTES]!)) {
        day[at + INTEREST] = stored[at + INTEREST]!;
        day[at + INTEREST_MINUTES] = stored[at + INTEREST_MINUTES]!;
      }
    }
  }

  /** Adds closed bars of `minutes` each. True when any slot changed. */
  addBars(bars: readonly Bar[], minutes: number): boolean {
    let changed = false;
    const slots = Math.max(1, Math.round((minutes * minuteMs) / slotMs));
    for (const bar of bars) {
      const start = slotOf(bar.time);
      for (let i = 0; i < slots; i++) {
        const part = slots === 1 ? bar : partOfBar(bar, i / slots, (i + 1) / slots);
        if (this.setBar(start + i * slotMs, part, minutes)) changed = true;
      }
    }
    return changed;
  }

  private setBar(time: number, bar: Bar, minutes: number): boolean {
    const day = this.day(time);
    const at = this.at(time);
    const known = day[at + MINUTES]!;
    if (known > 0 && known < minutes) return false;
    if (
      known === minutes &&
      day[at + OPEN] === bar.open &&
      day[at + HIGH] === bar.high &&
      day[at + LOW] === bar.low &&
      day[at + CLOSE] === bar.close &&
      day[at + VOLUME] === bar.volume
    ) {
      return false;
    }
    day[at + OPEN] = bar.open;
    day[at + HIGH] = bar.high;
    day[at + LOW] = bar.low;
    day[at + CLOSE] = bar.close;
    day[at + VOLUME] = bar.volume;
    day[at + MINUTES] = minutes;
    if (time > (this.newestBar ?? Number.POSITIVE_INFINITY)) this.newestBar = time;
    this.changed.add(dayOf(time));
    return true;
  }

  /** Adds open-interest history taken every `minutes`; slots between two neighbouring points are interpolated. */
  addOpenInterest(points: readonly OpenInterestPoint[], minutes: number): boolean {
    let changed = false;
    const gap = Math.max(slotMs, minutes * minuteMs);
    for (let i = 0; i < points.length; i++) {
      const point = points[i]!;
      const next = points[i + 1];
      const start = slotOf(point.time);
      if (this.setOpenInterest(start, point.base, minutes)) changed = true;
      if (!next || next.time - point.time > gap) continue;
      for (let time = start + slotMs; time < slotOf(next.time); time += slotMs) {
        const part = (time - point.time) / (next.time - point.time);
        if (this.setOpenInterest(time, point.base + (next.base - point.base) * part, minutes)) changed = true;
      }
    }
    return changed;
  }

  /** Notes the open interest seen live: the first sighting after a slot began stands for the slot until history replaces it. */
  noteOpenInterest(point: OpenInterestPoint): boolean {
    const time = slotOf(point.time);
    const known = this.days.get(dayOf(time))?.[this.at(time) + INTEREST_MINUTES] ?? 0;
    return known === 0 && this.setOpenInterest(time, point.base, liveMinutes);
  }

  private setOpenInterest(time: number, base: number, minutes: number): boolean {
    const day = this.day(time);
    const at = this.at(time);
    const known = day[at + INTEREST_MINUTES]!;
    if (known > 0 && (known < minutes || (known === minutes && day[at + INTEREST] === base))) return false;
    day[at + INTEREST] = base;
    day[at + INTEREST_MINUTES] = minutes;
    this.changed.add(dayOf(time));
    return true;
  }

  /** Start of the newest and the oldest slot that holds a bar. */
  get newest(): number | undefined {
    this.newestBar ??= this.edge(
      [...this.days.keys()].sort((a, b) => b - a),
      dayMs - slotMs,
      -slotMs,
    );
    return this.newestBar;
  }

  get oldest(): number | undefined {
    return this.edge(
      [...this.days.keys()].sort((a, b) => a - b),
      0,
      slotMs,
    );
  }

  private edge(days: number[], start: number, step: number): number | undefined {
    for (const day of days) {
      for (let offset = start; offset >= 0 && offset < dayMs; offset += step) {
        if (this.days.get(day)![this.at(day + offset) + MINUTES]! > 0) return day + offset;
      }
    }
    return undefined;
  }

  /**
   * Ranges of slots in [from, to) without a bar of at most `minutes`, newest first. `to` of a range is the start of
   * the first slot after it.
   */
  missingBars(from: number, to: number, minutes: number): Required<Range>[] {
    return this.missing(from, to, minutes, MINUTES);
  }

  /** The same for open interest; what was only seen live counts as missing once history can replace it. */
  missingOpenInterest(from: number, to: number, minutes: number): Required<Range>[] {
    return this.missing(from, to, minutes, INTEREST_MINUTES);
  }

  private missing(from: number, to: number, minutes: number, cell: number): Required<Range>[] {
    const ranges: Required<Range>[] = [];
    let start = Number.NaN;
    let day: Float64Array | undefined;
    for (let time = slotOf(to - 1); time >= from; time -= slotMs) {
      if (dayOf(time) !== start) {
        start = dayOf(time);
        day = this.days.get(start);
      }
      const known = day?.[this.at(time) + cell] ?? 0;
      if (known > 0 && known <= minutes) continue;
      const last = ranges.at(-1);
      if (last?.from === time + slotMs) last.from = time;
      else ranges.push({ from: time, to: time + slotMs });
    }
    return ranges;
  }

  /** Share of the slots between the oldest and the newest bar of the last `ms` that hold one of at most `minutes`. */
  share(ms: number, minutes: number): number {
    const { newest, oldest } = this;
    if (newest === undefined || oldest === undefined) return 0;
    const to = newest + slotMs;
    const from = Math.max(oldest, to - ms);
    const missing = this.missingBars(from, to, minutes);
    return 1 - missing.reduce((sum, range) => sum + range.to - range.from, 0) / (to - from);
  }

  /**
   * Bars from `from` on, as the engine takes them, without those that can be none of this market's. Open interest unknown between two known slots is interpolated in
   * time and held before the first; `current` (coins) is its state after the newest bar.
   * `shape` gives, for a venue without history, a curve over the bars' times that ends at `current`: what is unknown
   * follows the curve between the slots that are known.
   */
  columns(from: number, current: number, shape?: (times: Float64Array) => Float64Array): SeriesColumns {
    const all = this.stored(from);
    const absurd = absurdBars(all);
    const { minutes, ...columns } = withoutBars(all, absurd);
    clipWicks(columns);
    const { length, time, openInterest: interest } = columns;
    const isPoint = (i: number) => minutes[i]! <= liveMinutes || time[i]! % (minutes[i]! * minuteMs) === 0;
    const doubted = doubtOpenInterest(columns, isPoint, current);
    const curve = shape?.(time);
    if (curve) {
      for (let i = 0; i < length; i++) interest[i] = curve[i]! > 0 ? interest[i]! / curve[i]! : Number.NaN;
      fillGaps(time, interest, 1);
      for (let i = 0; i < length; i++) interest[i]! *= curve[i]!;
    } else {
      fillGaps(time, interest, current);
    }
    for (let i = 0; i < length; i++)
      columns.openInterestClose[i] = i + 1 < length ? interest[i + 1]! : current;
    return { ...columns, leftOut: { bars: absurd.length, openInterest: doubted } };
  }

  /** Bars from `from` on as they are stored; open interest is NaN where it is not known, `minutes` tell how fine it is. */
  private stored(from: number): BarColumns & { minutes: Float64Array } {
    const starts: number[] = [];
    const newest = this.newest;
    for (let time = slotOf(from); newest !== undefined && time <= newest; time += slotMs) {
      if ((this.days.get(dayOf(time))?.[this.at(time) + MINUTES] ?? 0) > 0) starts.push(time);
    }
    const length = starts.length;
    const columns = {
      length,
      time: new Float64Array(length),
      open: new Float64Array(length),
      high: new Float64Array(length),
      low: new Float64Array(length),
      close: new Float64Array(length),
      volume: new Float64Array(length),
      openInterest: new Float64Array(length),
      openInterestClose: new Float64Array(length),
      minutes: new Float64Array(length),
    };
    for (let i = 0; i < length; i++) {
      const time = starts[i]!;
      const day = this.days.get(dayOf(time))!;
      const at = this.at(time);
      columns.time[i] = time;
      columns.open[i] = day[at + OPEN]!;
      columns.high[i] = day[at + HIGH]!;
      columns.low[i] = day[at + LOW]!;
      columns.close[i] = day[at + CLOSE]!;
      columns.volume[i] = day[at + VOLUME]!;
      columns.minutes[i] = day[at + INTEREST_MINUTES]!;
      columns.openInterest[i] = columns.minutes[i]! > 0 ? day[at + INTEREST]! : Number.NaN;
    }
    return columns;
  }

  /** Forgets days that ended before `time`. */
  forgetBefore(time: number): void {
    this.newestBar = undefined;
    for (const day of this.days.keys()) if (day + dayMs <= time) this.days.delete(day);
  }

  private day(time: number): Float64Array {
    const start = dayOf(time);
    let day = this.days.get(start);
    if (!day) {
      day = new Float64Array(dayLength);
      this.days.set(start, day);
    }
    return day;
  }

  private at(time: number): number {
    return (Math.floor(time / slotMs) - Math.floor(dayOf(time) / slotMs)) * width;
  }
}

/** A live sighting gives way to five-minute history and stands before anything coarser. */
export const liveMinutes = 6;

function fillGaps(time: Float64Array, values: Float64Array, current: number): void {
  let known = -1;
  for (let i = 0; i <= values.length; i++) {
    if (i < values.length && Number.isNaN(values[i])) continue;
    const right = i < values.length ? values[i]! : current;
    const end = i < values.length ? time[i]! : (time.at(-1) ?? 0) + slotMs;
    for (let j = known + 1; j < i; j++) {
      if (known < 0) values[j] = right;
      else {
        const part = (time[j]! - time[known]!) / (end - time[known]!);
        values[j] = values[known]! + (right - values[known]!) * part;
      }
    }
    known = i;
  }
}
