import { beforeEach, describe, expect, it } from 'vitest';
import type { ForcedOrderRow, Hour } from '../../../src/background/storage/store';
import { Learning } from '../../../src/background/venue/learning';
import { type Lesson, lessonsOf } from '../../../src/engine/forced/learn';
import type { BarColumns } from '../../../src/engine/records';
import { binance } from '../../../src/feeds/binance';
import { hyperliquid } from '../../../src/feeds/hyperliquid';
import { venueOf } from '../../../src/venues';
import { toColumns } from '../../engine/random-bars';

const hourMs = 3_600_000;
const slotMs = 300_000;
const start = Date.UTC(2026, 10, 1);
const hours = 96;

/** A price that swings by 3 % every eight hours, so that each hour passes bands. */
const bars: BarColumns = toColumns(
  Array.from({ length: hours * 12 }, (_, i) => {
    const at = (n: number) => 50_000 * (1 + 0.03 * Math.sin((2 * Math.PI * n) / 96));
    const [open, close] = [at(i), at(i + 1)];
    return {
      time: start + i * slotMs,
      open,
      close,
      high: Math.max(open, close) * 1.001,
      low: Math.min(open, close) * 0.999,
      volume: 400,
      openInterest: 20_000,
      openInterestClose: 20_000,
    };
  }),
);
const end = start + hours * hourMs;

/** The lessons and orders of a store, in memory. */
let kept: Hour[];
let orders: ForcedOrderRow[];
let facts: Map<string, unknown>;
const store = {
  lessons: async (_symbol: string, _venue: string, from: number) =>
    structuredClone(kept).filter((hour) => !(hour?.time < from)),
  saveLessons: async (_symbol: string, _venue: string, hours: readonly Hour[]) =>
    kept.push(...structuredClone(hours)) > 0,
  forcedOrders: async (_symbol: string, from: number, to = Number.MAX_VALUE) =>
    orders.filter(({ time }) => time >= from && time < to),
  fact: async (name: string) => structuredClone(facts.get(name)),
  saveFact: async (name: string, value: unknown) => facts.set(name, value).size > 0,
};
const forced = (time: number, side: 'long' | 'short', base: number): ForcedOrderRow => ({
  time,
  side,
  base,
  price: 50_000,
  priceKind: 'fill',
  id: `${time}${side}`,
  venue: 'binance',
  symbol: 'BTC-USDT',
});
const learningOf = (venue = binance) => new Learning('BTC-USDT', venue, store);
const heardFrom = end - 48 * hourMs;
/** A message every twenty seconds. */
const hear = (learning: Learning, from: number, to: number) => {
  for (let time = from; time <= to; time += 20_000) learning.hear(time);
};
const hearAll = (learning: Learning) => hear(learning, heardFrom, end + 60_000);

/** Orders that make up a given share of what was at risk, hour by hour. */
function orderAll(share: (hour: number) => number): void {
  lessonsOf(bars, [], { from: heardFrom, to: end }).forEach((lesson, i) => {
    const hour = Math.floor(i / 2);
    const atRisk = (lesson.atRisk as number[]).reduce((sum, coins) => sum + coins, 0);
    const base = atRisk * share(hour);
    if (base > 0) orders.push(forced(heardFrom + hour * hourMs + 1000, i % 2 ? 'short' : 'long', base));
  });
}

const lessonsTotal = ({ atRisk }: Lesson) => (atRisk as number[]).reduce((sum, coins) => sum + coins, 0);

beforeEach(() => {
  kept = [];
  orders = [];
  facts = new Map();
});

describe('learning from forced orders', () => {
  it('begins with the venue’s prior', () => {
    expect(learningOf().q.p50).toBeCloseTo(venueOf('binance').prior.median, 9);
  });

  it('moves towards what was really forced, and remembers it in the next life', async () => {
    orderAll(() => 0.02);
    const learning = learningOf();
    hearAll(learning);
    await learning.learn(bars, end + 2 * 60_000);
    expect(learning.q.lessons).toBeGreaterThan(20);
    expect(learning.q.p50).toBeGreaterThan(0.008);
    expect(learning.q.p50).toBeLessThan(0.02);

    const next = learningOf();
    await next.learn(bars, end + 2 * 60_000);
    expect(next.q).toEqual(learning.q);
  });

  it('keeps of each hour what was expected before it was known, and where its orders lay', async () => {
    orderAll(() => 0.02);
    const learning = learningOf();
    hearAll(learning);
    expect(learning.entries).toEqual([]);
    await learning.learn(bars, end - 24 * hourMs);
    await learning.learn(bars, end + 2 * 60_000);
    const { entries } = learning;
    expect(entries).toHaveLength(96);
    const amount = (time: number) =>
      orders
        .filter((order) => Math.floor(order.time / hourMs) * hourMs === time)
        .reduce((sum, { base }) => sum + base, 0);
    for (const i of [0, 2, 90]) {
      const [long, short] = entries.slice(i, i + 2);
      expect(long!.forced + short!.forced).toBeCloseTo(amount(long!.time), 6);
    }
    // The first day was expected by the prior, the second by what the first taught.
    const q = (at: number) =>
      entries[at]!.expected.p50 / lessonsTotal(kept[Math.floor(at / 2)]!.sides[at % 2]!);
    const passed = (from: number) => entries.findIndex(({ expected }, i) => i >= from && expected.p50 > 0);
    expect(q(passed(0))).toBeCloseTo(venueOf('binance').prior.median, 9);
    expect(q(passed(60))).toBeGreaterThan(2 * venueOf('binance').prior.median);

    const next = learningOf();
    await next.learn(bars, end + 2 * 60_000);
    expect(next.entries).toEqual(entries);
    // A tally that is none costs its own side, and no lesson.
    kept[0]!.sides[0].tally!.dense = Number.NaN;
    const third = learningOf();
    await third.learn(bars, end + 2 * 60_000);
    expect(third.entries).toHaveLength(95);
    expect(third.q).toEqual(learning.q);
  });

  it('counts each hour once, however often it is asked', async () => {
    orderAll(() => 0.02);
    const learning = learningOf();
    hearAll(learning);
    for (let i = 0; i < 3; i++) await learning.learn(bars, end + 2 * 60_000);
    expect(new Set(kept.map(({ time }) => time)).size).toBe(48);
    expect(kept).toHaveLength(48);
  });

  it('takes no lesson from an hour in which the stream broke', async () => {
    orderAll(() => 0.02);
    const learning = learningOf();
    hear(learning, heardFrom, end - 90 * 60_000);
    learning.cut();
    hear(learning, end - 89 * 60_000, end + 60_000);
    await learning.learn(bars, end + 2 * 60_000);
    const learned = kept.map(({ time }) => (end - time) / hourMs);
    expect(learned).toEqual([...Array(46).keys()].map((i) => 48 - i).concat(1));
  });

  it('an hour that one life heard to its end is learned by the next, and none in which the worker was away', async () => {
    orderAll(() => 0.02);
    const first = learningOf();
    await first.learn(bars, heardFrom);
    hear(first, end - 3 * hourMs - 60_000, end - 2 * hourMs + 40_000);
    await Promise.resolve();
    // Killed here, half a minute into the hour, and back within ten seconds.
    const second = learningOf();
    await second.learn(bars, end - 2 * hourMs + 50_000);
    hear(second, end - 2 * hourMs + 50_000, end + 60_000);
    await second.learn(bars, end + 2 * 60_000);
    expect(kept.map(({ time }) => (end - time) / hourMs)).toEqual([3, 1]);
  });

  it('an hour is heard whole only once its late orders would have come', async () => {
    const learning = learningOf();
    await learning.learn(bars, heardFrom);
    hear(learning, end - 2 * hourMs, end - hourMs);
    learning.cut();
    hear(learning, end - hourMs + 30_000, end);
    await learning.learn(bars, end + 2 * 60_000);
    expect(kept).toEqual([]);
  });

  it('takes no lesson from an hour with an order that could not be stored, nor from one that was silence', async () => {
    orderAll(() => 0.02);
    const learning = learningOf();
    hear(learning, end - 4 * hourMs, end - 1);
    learning.lose(end - 3.5 * hourMs);
    learning.deafSince(end - 1.5 * hourMs);
    await learning.learn(bars, end + 2 * 60_000);
    expect(kept.map(({ time }) => (end - time) / hourMs)).toEqual([3]);
  });

  it('does not take a stream that told of nothing for a market without forced orders', async () => {
    const learning = learningOf();
    hearAll(learning);
    await learning.learn(bars, end + 2 * 60_000);
    expect(learning.q.p50).toBeCloseTo(venueOf('binance').prior.median, 9);
  });

  it('sees that the newest hours no longer fit', async () => {
    orderAll((hour) => (hour < 36 ? 0.002 : 0.012));
    const learning = learningOf();
    hearAll(learning);
    await learning.learn(bars, end + 2 * 60_000);
    expect(learning.drift).toBeGreaterThan(4);
    expect(learning.drift).toBeLessThan(9);
  });

  it('asks nothing of a venue that publishes no forced orders', async () => {
    const learning = learningOf(hyperliquid);
    hearAll(learning);
    await learning.learn(bars, end + 2 * 60_000);
    expect(kept).toEqual([]);
  });

  it('starts afresh where what was kept cannot be read', async () => {
    kept = [{ time: Number.NaN }, 'x', null] as unknown as Hour[];
    const learning = learningOf();
    await learning.learn(bars, end + 2 * 60_000);
    expect(learning.q.p50).toBeCloseTo(venueOf('binance').prior.median, 9);
  });
});
