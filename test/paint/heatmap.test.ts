import { describe, expect, it } from 'vitest';
import { readHeat } from '../../src/paint/heatmap';
import type { HistoryView } from '../../src/protocol/view';

const view = (cells: number[], rows: number): HistoryView => ({
  symbol: 'BTC-USDT',
  window: '24h',
  time: 0,
  columnMs: 300_000,
  columns: cells.length / rows,
  rows,
  lnLow: 11,
  step: 0.001,
  cells: btoa(String.fromCharCode(...cells)),
  usdFrom: 100,
  usdStep: 0.146,
});
/** Longs of 1–100, shorts of 1–20. */
const longs = Array.from({ length: 100 }, (_, i) => i + 1);
const shorts = Array.from({ length: 20 }, (_, i) => 129 + i);

describe('a history as it is drawn', () => {
  it('has its cells unpacked, and leaves empty ones out', () => {
    const cells = [0, 5, 0, 200, 128, 7];
    const heat = readHeat(view(cells, 3));
    expect([...heat.cells]).toEqual(cells);
    expect(heat.strengths[0]).toBe(0);
    expect(heat.strengths[128]).toBe(0);
  });

  it('draws more stronger, each side by its own amounts, most of them hardly seen', () => {
    const { strengths } = readHeat(view([...longs, ...shorts], 10));
    for (let k = 2; k <= 100; k++) expect(strengths[k]).toBeGreaterThan(strengths[k - 1]!);
    expect(strengths[51]).toBeLessThan(0.5);
    expect(strengths[100]).toBeGreaterThan(4.5);
    expect(strengths[148]).toBeGreaterThan(3.5);
    // What is larger than anything seen so far is drawn as the largest.
    expect(strengths[120]).toBeGreaterThanOrEqual(strengths[100]!);
  });

  it('keeps the shades of what was drawn before', () => {
    const first = readHeat(view(longs, 10));
    const next = readHeat(view([...longs.slice(10), ...new Array<number>(10).fill(100)], 10), first);
    expect(next.strengths).toEqual(first.strengths);
    expect(next.cells).not.toEqual(first.cells);
  });
});
