import { describe, expect, it } from 'vitest';
import type { Bar } from '../../src/engine/records';
import { dayMs } from '../../src/engine/time';
import { partOfBar, Series } from '../../src/estimate/bar-series';
import { isDay, slotMs } from '../../src/estimate/day-cells';

const start = Date.UTC(2026, 0, 5);
const bar = (slot: number, over: Partial<Bar> = {}): Bar => ({
  time: start + slot * slotMs,
  open: 100,
  high: 102,
  low: 99,
  close: 101,
  volume: 10,
  ...over,
});

describe('a series of bars', () => {
  it('holds a bar once, however often it comes', () => {
    const series = new Series();
    expect(series.addBars([bar(0), bar(1)], 5)).toBe(true);
    expect(series.addBars([bar(1), bar(0)], 5)).toBe(false);
    expect(series.columns(start, 7).length).toBe(2);
  });

  it('names its newest bar, whatever way the bars came and went', () => {
    const series = new Series();
    expect(series.newest).toBeUndefined();
    series.addBars([bar(3)], 5);
    expect(series.newest).toBe(start + 3 * slotMs);
    series.addBars([bar(7), bar(1)], 5);
    expect(series.newest).toBe(start + 7 * slotMs);
    const later = new Series();
    later.addBars([bar(300)], 5);
    for (const [day, cells] of later.days) series.addDay(day, cells);
    expect(series.newest).toBe(start + 300 * slotMs);
    series.forgetBefore(start + 3 * dayMs);
    expect(series.newest).toBeUndefined();
  });

  it('takes the newer figures of a bar that was corrected', () => {
    const series = new Series();
    series.addBars([bar(0)], 5);
    series.addBars([bar(0, { volume: 11 })], 5);
    expect([...series.columns(start, 7).volume]).toEqual([11]);
  });

  it('lets a five-minute bar replace a part of an hour, never the other way round', () => {
    const series = new Series();
    series.addBars([bar(0, { volume: 120 })], 60);
    series.addBars([bar(3, { volume: 5 })], 5);
    series.addBars([bar(0, { volume: 1200 })], 60);
    const { volume } = series.columns(start, 7);
    expect(volume).toHaveLength(12);
    expect(volume[3]).toBe(5);
    expect(volume[0]).toBeCloseTo(100, 9);
  });

  it('spreads an hour over twelve slots that walk the same path and trade the same volume', () => {
    const series = new Series();
    series.addBars([bar(0, { open: 100, low: 90, high: 120, close: 110, volume: 24 })], 60);
    const { open, high, low, close, volume } = series.columns(start, 1);
    expect(open[0]).toBe(100);
    expect(close[11]).toBeCloseTo(110, 9);
    expect(Math.min(...low)).toBeCloseTo(90, 9);
    expect(Math.max(...high)).toBeCloseTo(120, 9);
    expect(volume.reduce((sum, part) => sum + part, 0)).toBeCloseTo(24, 9);
    for (let i = 1; i < 12; i++) expect(open[i]).toBeCloseTo(close[i - 1]!, 9);
  });

  it('walks a falling bar by its high first', () => {
    const falling = bar(0, { open: 100, high: 110, low: 80, close: 90 });
    expect(partOfBar(falling, 0, 1 / 3)).toMatchObject({ open: 100, close: 110 });
    expect(partOfBar(falling, 1 / 3, 2 / 3)).toMatchObject({ open: 110, close: 80, high: 110, low: 80 });
  });

  it('names the empty slots newest first, as ranges whose end is excluded', () => {
    const series = new Series();
    series.addBars([bar(1), bar(2), bar(5)], 5);
    const slot = (n: number) => start + n * slotMs;
    expect(series.missingBars(slot(0), slot(7), 5)).toEqual([
      { from: slot(6), to: slot(7) },
      { from: slot(3), to: slot(5) },
      { from: slot(0), to: slot(1) },
    ]);
  });

  it('reaches over midnight', () => {
    const series = new Series();
    series.addBars([bar(287), bar(288)], 5);
    expect(series.days.size).toBe(2);
    expect([...series.columns(start, 1).time]).toEqual([start + 287 * slotMs, start + dayMs]);
    expect(series.newest).toBe(start + dayMs);
    expect(series.oldest).toBe(start + 287 * slotMs);
  });
});

describe('open interest', () => {
  it('is the state at a bar’s open, the next bar’s open is this one’s close, and the last closes at the present', () => {
    const series = new Series();
    series.addBars([bar(0), bar(1), bar(2)], 5);
    series.addOpenInterest(
      [10, 20, 30].map((base, i) => ({ time: start + i * slotMs, base })),
      5,
    );
    const { openInterest, openInterestClose } = series.columns(start, 35);
    expect([...openInterest]).toEqual([10, 20, 30]);
    expect([...openInterestClose]).toEqual([20, 30, 35]);
  });

  it('is interpolated between hours and replaced by five-minute points', () => {
    const series = new Series();
    series.addBars(
      Array.from({ length: 13 }, (_, i) => bar(i)),
      5,
    );
    series.addOpenInterest(
      [
        { time: start, base: 120 },
        { time: start + 12 * slotMs, base: 240 },
      ],
      60,
    );
    series.addOpenInterest([{ time: start + slotMs, base: 125 }], 5);
    const { openInterest } = series.columns(start, 240);
    expect(openInterest[1]).toBe(125);
    expect(openInterest[6]).toBe(180);
  });

  it('seen live stands until history comes', () => {
    const series = new Series();
    series.addBars([bar(0)], 5);
    expect(series.noteOpenInterest({ time: start + 9_000, base: 50 })).toBe(true);
    expect(series.noteOpenInterest({ time: start + 20_000, base: 60 })).toBe(false);
    expect(series.columns(start, 60).openInterest[0]).toBe(50);
    expect(series.missingOpenInterest(start, start + slotMs, 5)).toHaveLength(1);
    series.addOpenInterest([{ time: start, base: 49 }], 5);
    expect(series.columns(start, 60).openInterest[0]).toBe(49);
    expect(series.missingOpenInterest(start, start + slotMs, 5)).toHaveLength(0);
  });

  it('without history follows the curve given, through every point that is known', () => {
    const series = new Series();
    series.addBars([bar(0), bar(1), bar(2)], 5);
    series.noteOpenInterest({ time: start + slotMs, base: 44 });
    const curve = (times: Float64Array) => times.map((_, i) => [10, 20, 30][i]!);
    const { openInterest } = series.columns(start, 30, curve);
    expect(openInterest[0]).toBeCloseTo(22, 9);
    expect(openInterest[1]).toBe(44);
    // The known point lies 2.2 times above the curve, and the curve ends at the present: half-way there.
    expect(openInterest[2]).toBeCloseTo(30 * 1.6, 9);
  });
});

describe('a stored day', () => {
  const day = () => {
    const series = new Series();
    series.addBars([bar(0), bar(1)], 5);
    return series.days.get(start)!;
  };

  it('is trusted when every bar in it is possible', () => {
    expect(isDay(day())).toBe(true);
  });

  it.each([
    ['not a column of numbers', () => [1, 2, 3]],
    ['cut short', () => day().slice(8)],
    ['a price that is no number', () => day().fill(Number.NaN, 3, 4)],
    ['a high below the open', () => day().fill(1, 1, 2)],
  ])('is refused when it is %s', (_, broken) => {
    expect(isDay(broken())).toBe(false);
  });

  it('joins what arrived before it was read', () => {
    const series = new Series();
    series.addBars([bar(1, { volume: 99 })], 5);
    series.addDay(start, day());
    expect([...series.columns(start, 1).volume]).toEqual([10, 99]);
  });
});
