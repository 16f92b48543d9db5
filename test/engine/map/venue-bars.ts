import type { VenueBars } from '../../../src/engine/map/map';
import { quietBars, type Row, toColumns } from '../random-bars';

/** What a venue contributes that ends at the last row. */
export function venue(rows: readonly Row[], change: Partial<VenueBars> = {}): VenueBars {
  const last = rows[rows.length - 1]!;
  return {
    venue: 'binance',
    bars: toColumns(rows),
    mark: last.close,
    openInterest: last.openInterestClose,
    maxLeverage: 125,
    ...change,
  };
}

/** Bars that go up and down by 1 % and trade much. */
export const busy = quietBars(Array.from({ length: 600 }, (_, i) => 100 + Math.sin(i / 20))).map((row) => ({
  ...row,
  volume: 50,
}));
