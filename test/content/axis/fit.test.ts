import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitAxis, type Mark, priceAt, unround, yOf } from '../../../src/content/axis/fit';

const pane = { top: 0, bottom: 400, slack: 0.5 };
const marks = (values: number[], y: (value: number) => number, half = 0.005): Mark[] =>
  values.map((value) => ({ value, half, y: y(value) })).sort((a, b) => a.y - b.y);

describe('fitAxis', () => {
  it('finds a linear axis', () => {
    const fit = fitAxis(
      marks([100, 110, 120, 130], (v) => 1000 - 8 * v + 100),
      pane,
    )!;
    expect(fit.scale).toBe('linear');
    expect(yOf(fit, 115)).toBeCloseTo(180, 6);
    expect(priceAt(fit, 180)).toBeCloseTo(115, 6);
  });

  it('finds a log axis, and an inverted one', () => {
    const log = fitAxis(
      marks([100, 200, 400, 800], (v) => 1500 - 200 * Math.log(v)),
      pane,
    )!;
    expect(log.scale).toBe('log');
    expect(yOf(log, 300)).toBeCloseTo(1500 - 200 * Math.log(300), 6);
    const inverted = fitAxis(
      marks([100, 110, 120], (v) => 8 * v - 700),
      pane,
    )!;
    expect(inverted.b).toBeCloseTo(8, 6);
  });

  it('keeps a tag that was pushed aside, and a neighbouring pane, out of the line', () => {
    const ticks = marks([100, 110, 120, 130, 140], (v) => 1200 - 8 * v);
    const pushed = { value: 121.3, half: 0.005, y: 1200 - 8 * 121.3 - 9 };
    const volume = [
      { value: 2000, half: 0.5, y: 405 },
      { value: 0, half: 0.5, y: 440 },
    ];
    const fit = fitAxis(
      [...ticks, pushed, ...volume].sort((a, b) => a.y - b.y),
      pane,
    )!;
    expect(yOf(fit, 125)).toBeCloseTo(200, 6);
    expect(fit.marks).toHaveLength(5);
  });

  it('takes an axis for a linear one where its labels tell it but little worse from a log one', () => {
    // Of a linear axis of KLineChart 10, at whole pixels.
    const ys = [43, 83, 123, 163, 203, 243, 284];
    const labels = ys.map((y, i) => ({ value: 0.588 - 0.003 * i, half: 0.00005, y }));
    const fit = fitAxis(labels, { ...pane, bottom: 315 })!;
    expect(fit.scale).toBe('linear');
  });

  it('tells exact values by steps of 6 and 8 as well', () => {
    for (const step of [0.0006, 0.0008]) {
      const first = 164 * step;
      const labels = [0, 1, 2, 3, 4, 5, 6].map((i) => ({
        value: Number((first + i * step).toFixed(4)),
        half: 0.00005,
        y: 20 + 60 * i,
      }));
      expect(fitAxis(labels, pane)!.spread, `${step}`).toBeLessThan(1);
    }
  });

  it('finds a log axis beside the zero of another pane', () => {
    const y = (v: number) => 1500 - 200 * Math.log(v);
    const zero = { value: 0, half: 0.5, y: 40 };
    const fit = fitAxis([zero, ...marks([100, 200, 400, 800], y)], pane)!;
    expect(fit.scale).toBe('log');
    expect(yOf(fit, 300)).toBeCloseTo(y(300), 6);
  });

  it('takes two labels only where linear and log mean the same', () => {
    expect(
      fitAxis(
        marks([60_000, 60_100], (v) => (60_150 - v) * 2),
        pane,
      )!.spread,
    ).toBeLessThan(2.5);
    expect(
      fitAxis(
        marks([100, 800], (v) => 400 - v / 2 + 20),
        pane,
      )!.spread,
    ).toBeGreaterThan(10);
  });

  it('finds nothing in unrelated numbers', () => {
    expect(
      fitAxis(
        [
          { value: 3, half: 0.5, y: 10 },
          { value: 900, half: 0.5, y: 100 },
          { value: 5, half: 0.5, y: 150 },
          { value: 70, half: 0.5, y: 320 },
        ],
        pane,
      ),
    ).toBeUndefined();
  });

  it('never places a price further off than the spread it states (300 random axes, labels on whole pixels)', () => {
    fc.assert(
      fc.property(
        fc.record({
          middle: fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
          half: fc.double({ min: 0.003, max: 0.4, noNaN: true }),
          ticks: fc.integer({ min: 3, max: 12 }),
          log: fc.boolean(),
          inverted: fc.boolean(),
        }),
        ({ middle, half, ticks, log, inverted }) => {
          const [low, high] = [middle * (1 - half), middle * (1 + half)];
          const g = log ? Math.log : (v: number) => v;
          const truth = (v: number) => {
            const share = (g(v) - g(low)) / (g(high) - g(low));
            return 400 * (inverted ? share : 1 - share);
          };
          const printed = Array.from({ length: ticks }, (_, i) => low + ((high - low) * (i + 0.5)) / ticks);
          const fit = fitAxis(
            printed
              .map((value) => ({ value, half: 0, y: Math.round(truth(value)) }))
              .sort((a, b) => a.y - b.y),
            pane,
          );
          if (!fit) return;
          for (let i = 0; i <= 8; i++) {
            const price = low + ((high - low) * i) / 8;
            expect(Math.abs(yOf(fit, price) - truth(price))).toBeLessThanOrEqual(2 * fit.spread + 0.6);
          }
        },
      ),
      { seed: 20_240_901, numRuns: 300 },
    );
  });
});

describe('a label at the very end of the pane', () => {
  it('bounds the line there as any other', () => {
    const ends = marks([100, 140, 150, 160, 200], (v) => (200 - v) * 4, 0);
    expect(fitAxis(ends, pane)!.spread).toBeLessThan(0.6);
    expect(
      fitAxis(
        marks([60_000, 60_040], (v) => (60_040 - v) * 10, 0),
        pane,
      )!.spread,
    ).toBeLessThan(0.8);
  });
});

describe('unround', () => {
  it('recovers ticks printed with too few digits', () => {
    const ticks = Array.from({ length: 12 }, (_, i) => 0.075 - 0.005 * i);
    const printed = ticks.map((value, i) => ({
      value: Number(value.toFixed(2)),
      half: 0.005,
      y: 30 + 30 * i,
    }));
    const exact = unround(printed, 0.5)?.map(({ value }) => Number(value.toFixed(4)));
    expect(exact).toEqual(ticks.map((value) => Number(value.toFixed(4))));
  });

  it('refuses where several round steps explain the print', () => {
    const printed = [0, 1, 2].map((value, i) => ({
      value: value * 1e-5 + 1e-5,
      half: 5e-6,
      y: 300 - 100 * i,
    }));
    const found = unround(printed, 0.5);
    if (found) expect(found.map(({ value }) => value)).not.toContain(Number.NaN);
    expect(unround(printed.slice(0, 2), 0.5)).toBeUndefined();
  });
});
