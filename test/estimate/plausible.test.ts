import { describe, expect, it } from 'vitest';
import { buildMap } from '../../src/engine/map/map';
import type { Bar } from '../../src/engine/records';
import { Series } from '../../src/estimate/bar-series';
import { slotMs } from '../../src/estimate/day-cells';

const start = Date.UTC(2026, 10, 20);
const count = 60;

/** Five hours around 100 with a volume of 10 a bar and an open interest of 1000. */
function series(change: (bar: Bar, i: number) => Bar = (bar) => bar): Series {
  const filled = new Series();
  const bars = Array.from({ length: count }, (_, i) =>
    change({ time: start + i * slotMs, open: 100, high: 101, low: 99, close: 100, volume: 10 }, i),
  );
  filled.addBars(bars, 5);
  const points = bars.map(({ time }) => ({ time, base: 1000 }));
  filled.addOpenInterest(points, 5);
  return filled;
}

const scaled = ({ open, high, low, close, ...bar }: Bar, by: number): Bar => ({
  ...bar,
  open: open * by,
  high: high * by,
  low: low * by,
  close: close * by,
});
const mapOf = (of: Series) =>
  buildMap(
    [{ venue: 'binance', bars: of.columns(start, 1000), mark: 100, openInterest: 1000, maxLeverage: 100 }],
    {
      window: '12h',
      step: 0.001,
      price: 100,
    },
  );

describe('bars that cannot be', () => {
  it.each([
    ['a low at a twentieth of the price', { low: 5 }],
    ['a high at twenty times the price', { high: 2000 }],
    ['both', { low: 1, high: 9000 }],
  ])('%s still gives a map, its wick shortened', (_, wick) => {
    const columns = series((bar, i) => (i === 30 ? { ...bar, ...wick } : bar)).columns(start, 1000);
    expect(columns.length).toBe(count);
    expect(columns.high[30]! / columns.low[30]!).toBeLessThan(8);
    expect(columns.low[30]).toBeLessThanOrEqual(99);
    expect(
      mapOf(series((bar, i) => (i === 30 ? { ...bar, ...wick } : bar))).long.some((usd) => usd > 0),
    ).toBe(true);
  });

  it('a body of ten times the price is left out and counted', () => {
    const odd = series((bar, i) => (i === 30 ? { ...bar, close: 1000, high: 1000 } : bar));
    const columns = odd.columns(start, 1000);
    expect(columns.length).toBe(count - 1);
    expect(columns.time).not.toContain(start + 30 * slotMs);
    expect(columns.leftOut.bars).toBe(1);
    expect(mapOf(odd).long.some((usd) => usd > 0)).toBe(true);
  });

  it.each([1, 2, 3])('%i bars at a hundredth of the price are left out, those around them are not', (odd) => {
    const columns = series((bar, i) => (i >= 30 && i < 30 + odd ? scaled(bar, 0.01) : bar)).columns(
      start,
      1000,
    );
    expect(columns.leftOut.bars).toBe(odd);
    expect(Math.min(...columns.low)).toBe(99);
  });

  it('a price that leaps and stays there is a new price', () => {
    const columns = series((bar, i) => (i >= 30 ? scaled(bar, 10) : bar)).columns(start, 1000);
    expect(columns.leftOut.bars).toBe(0);
    expect(columns.length).toBe(count);
  });
});

describe('open interest that cannot be', () => {
  it.each([
    [0, 1],
    [0.1, 1],
    [10, 1],
    [0.1, 3],
  ])('× %f for %i points is read off its neighbours and counted', (by, points) => {
    const odd = series();
    for (let i = 30; i < 30 + points; i++)
      odd.addOpenInterest([{ time: start + i * slotMs, base: 1000 * by }], 5);
    const columns = odd.columns(start, 1000);
    expect([...columns.openInterest]).toEqual(Array(count).fill(1000));
    expect(columns.leftOut.openInterest).toBe(points);
  });

  it('× 0.1 in the newest point is doubted once it is back', () => {
    const odd = series();
    odd.addOpenInterest([{ time: start + (count - 1) * slotMs, base: 100 }], 5);
    expect(odd.columns(start, 1000).openInterest.at(-1)).toBe(1000);
    expect(odd.columns(start, 100).openInterest.at(-1)).toBe(100);
  });

  it('× 0 in an hourly point costs nothing around it either', () => {
    const hourly = new Series();
    const bars = Array.from({ length: count }, (_, i) => ({
      ...{ time: start + i * slotMs, open: 100, high: 101, low: 99, close: 100, volume: 1 },
    }));
    hourly.addBars(bars, 5);
    hourly.addOpenInterest(
      [0, 1, 2, 3, 4].map((hour) => ({ time: start + hour * 3_600_000, base: hour === 2 ? 0 : 1000 })),
      60,
    );
    expect([...hourly.columns(start, 1000).openInterest]).toEqual(Array(count).fill(1000));
  });

  it('what falls because it was traded away stands', () => {
    const fall = series((bar, i) => (i >= 29 && i <= 31 ? { ...bar, volume: 5000 } : bar));
    fall.addOpenInterest([{ time: start + 30 * slotMs, base: 600 }], 5);
    const columns = fall.columns(start, 1000);
    expect(columns.openInterest[30]).toBe(600);
    expect(columns.leftOut.openInterest).toBe(0);
  });

  it('what falls and stays there stands', () => {
    const fall = series();
    for (let i = 30; i < count; i++) fall.addOpenInterest([{ time: start + i * slotMs, base: 300 }], 5);
    expect([...fall.columns(start, 300).openInterest.slice(29, 32)]).toEqual([1000, 300, 300]);
  });
});
