import { describe, expect, it } from 'vitest';
import { lessonsOf } from '../../../src/engine/forced/learn';
import { isTally } from '../../../src/engine/forced/tally';
import type { ForcedOrder } from '../../../src/engine/records';
import { hourMs, minuteMs } from '../../../src/engine/time';
import { toColumns } from '../random-bars';

const slotMs = 5 * minuteMs;
const start = Date.UTC(2026, 10, 1);
const hours = 72;
/** Three days around 100 with a dent to 98 and a bump to 102, then an hour that falls to 97. */
const bars = toColumns(
  Array.from({ length: (hours + 1) * 12 }, (_, i) => {
    const swing = (n: number) => 100 + 2 * Math.sin((2 * Math.PI * n) / 144);
    const fall = (n: number) => swing(hours * 12) - (3 * (n - hours * 12)) / 12;
    const at = i < hours * 12 ? swing : fall;
    const [open, close] = [at(i), at(i + 1)];
    return {
      time: start + i * slotMs,
      open,
      close,
      high: Math.max(open, close),
      low: Math.min(open, close),
      volume: 500,
      openInterest: 20_000,
      openInterestClose: 20_000,
    };
  }),
);
const from = start + hours * hourMs;
const last = { from, to: from + hourMs };
const order = (minute: number, price: number): ForcedOrder => ({
  time: from + minute * minuteMs,
  side: 'long',
  base: 1,
  price,
  priceKind: 'bankruptcy',
});
const tallied = (...orders: ForcedOrder[]) => lessonsOf(bars, orders, last).map(({ tally }) => tally!);

describe('where forced orders lay', () => {
  it('counts those on the way that price took from the start of the hour, and no others', () => {
    const [long, short] = tallied(order(31, 98.6), order(32, 98.5), order(58, 97.2));
    expect(long).toMatchObject({ orders: 3 });
    expect(short).toMatchObject({ orders: 0 });
    // Shorts only on the way back: what was opened on the way down.
    expect(short!.typical).toBeGreaterThan(0);
    expect(long!.typical).toBeGreaterThan(5 * short!.typical);
    expect(isTally(long)).toBe(true);
  });

  it('places a bankruptcy price, which lies farther out, no farther than price had come by then', () => {
    const [near] = tallied(...Array.from({ length: 10 }, () => order(1, 90)));
    const [same] = tallied(...Array.from({ length: 10 }, () => order(1, 99.75)));
    expect(near).toEqual(same);
  });

  it('gives the densest tenth a tenth of orders that lie evenly on the way', () => {
    const evenly = Array.from({ length: 1200 }, (_, k) => order(k / 20, 100 - (k + 0.5) / 400));
    const [long] = tallied(...evenly);
    expect(long!.orders).toBeGreaterThan(1190);
    expect(long!.dense / long!.orders).toBeCloseTo(0.1, 1);
    expect(long!.denseTypical / long!.orders).toBeCloseTo(0.1, 1);
  });

  it('knows nothing of what comes after the hour began but where price went', () => {
    const busier = { ...bars, volume: bars.volume.map((each, i) => (i >= hours * 12 ? 50 * each : each)) };
    const orders = [order(31, 98.6), order(50, 97.6)];
    expect(lessonsOf(busier, orders, last)).toEqual(lessonsOf(bars, orders, last));
  });

  it('rejects stored values that are none', () => {
    const good = { orders: 2, dense: 1, denseTypical: 0, inLevels: 1, levelShare: 0.1, typical: 3 };
    expect(isTally(good)).toBe(true);
    for (const bad of [
      undefined,
      null,
      {},
      { ...good, dense: 3 },
      { ...good, typical: Number.NaN },
      { ...good, levelShare: 2 },
    ])
      expect(isTally(bad)).toBe(false);
  });
});
