import { describe, expect, it } from 'vitest';
import { asymmetry } from '../../src/engine/map/asymmetry';
import type { BandMap } from '../../src/engine/records';
import { dayMs } from '../../src/engine/time';
import { Series } from '../../src/estimate/bar-series';
import { slotMs } from '../../src/estimate/day-cells';
import { estimateMaps } from '../../src/estimate/market';

const days = 30;
const start = Date.UTC(2026, 9, 20);

/** A month that wanders by a tenth, its open interest with it. */
function month() {
  const series = new Series();
  const count = (days * dayMs) / slotMs;
  const price = (i: number) => 100 * Math.exp(0.1 * Math.sin(i / 900) + 0.01 * Math.sin(i / 37));
  const times = Array.from({ length: count }, (_, i) => start + i * slotMs);
  series.addBars(
    times.map((time, i) => {
      const [open, close] = [price(i), price(i + 1)];
      const [low, high] = [Math.min(open, close) * 0.999, Math.max(open, close) * 1.001];
      return { time, open, high, low, close, volume: 20 + 15 * Math.sin(i / 50) };
    }),
    5,
  );
  series.addOpenInterest(
    times.map((time, i) => ({ time, base: 5000 + 500 * Math.sin(i / 400) })),
    5,
  );
  const mark = price(count);
  return { bars: series.columns(start, 5000), mark };
}

describe('the windows of a map', () => {
  const { bars, mark } = month();
  const venue = { venue: 'binance', bars, mark, openInterest: 5000, maxLeverage: 125 };
  const { maps } = estimateMaps([venue], ['12h', '24h', '7d', '30d'], mark);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  const amounts: [name: string, of: (map: BandMap) => number][] = [
    ['longs', ({ long }) => sum(long)],
    ['shorts', ({ short }) => sum(short)],
    ['longs within 5 %', (map) => asymmetry(map, 0.05).longUsd],
    ['shorts within 5 %', (map) => asymmetry(map, 0.05).shortUsd],
  ];

  it.each(amounts)('hold no less the longer they are: %s', (_, of) => {
    const [short, day, week, long] = [...maps.values()].map(of);
    expect(day).toBeGreaterThan(short! * 1.01);
    expect(week).toBeGreaterThanOrEqual(day!);
    // Their bands are of different widths, of which one lies across the edge of what is added up.
    expect(long).toBeGreaterThanOrEqual(week! * 0.999);
  });
});
