import * as fc from 'fast-check';
import type { BarColumns } from '../../src/engine/records';

/** One bar as columns hold it. */
export interface Row {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  openInterest: number;
  openInterestClose: number;
  funding?: number;
}

export function toColumns(rows: readonly Row[]): BarColumns {
  const column = (name: Exclude<keyof Row, 'funding'>) => Float64Array.from(rows, (row) => row[name]);
  return {
    length: rows.length,
    time: column('time'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    openInterest: column('openInterest'),
    openInterestClose: column('openInterestClose'),
    funding: Float64Array.from(rows, (row) => row.funding ?? 0),
  };
}

/** Five-minute bars with jumps, gaps, crashes, dead hours, funding and open interest that comes and goes. */
export const randomBars: fc.Arbitrary<Row[]> = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 9, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 500 }) },
      ),
      jump: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
      move: fc.oneof(
        { weight: 9, arbitrary: fc.double({ min: -0.02, max: 0.02, noNaN: true }) },
        { weight: 1, arbitrary: fc.double({ min: -0.5, max: 0.5, noNaN: true }) },
      ),
      up: fc.double({ min: 0, max: 0.03, noNaN: true }),
      down: fc.double({ min: 0, max: 0.03, noNaN: true }),
      volume: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true })),
      openInterest: fc.double({ min: 1, max: 1e5, noNaN: true }),
      funding: fc.oneof(fc.constant(0), fc.double({ min: -0.003, max: 0.003, noNaN: true })),
    }),
    { minLength: 2, maxLength: 60 },
  )
  .map((steps) => {
    let price = 100;
    let time = 1_700_000_000_000;
    let openInterest = 50_000;
    return steps.map((step, i) => {
      if (i > 0) time += 300_000 * (1 + (i > 1 ? step.gap : 0));
      const open = price * Math.exp(step.jump);
      const close = open * Math.exp(step.move);
      const row: Row = {
        time,
        open,
        close,
        high: Math.max(open, close) * Math.exp(step.up),
        low: Math.min(open, close) * Math.exp(-step.down),
        volume: step.volume,
        openInterest,
        openInterestClose: step.openInterest,
        funding: step.funding,
      };
      price = close;
      openInterest = step.openInterest;
      return row;
    });
  });

/** Every price once a bar, nothing traded: bars that carry price along `closes`. */
export function quietBars(closes: readonly number[], openInterest = 1000): Row[] {
  return closes.map((close, i) => {
    const open = i > 0 ? closes[i - 1]! : close;
    return {
      time: 1_700_000_000_000 + i * 300_000,
      open,
      close,
      high: Math.max(open, close),
      low: Math.min(open, close),
      volume: 0,
      openInterest,
      openInterestClose: openInterest,
    };
  });
}
