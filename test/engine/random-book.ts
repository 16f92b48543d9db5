import * as fc from 'fast-check';
import type { OrderBook } from '../../src/engine/flow/depth';

/** A book with `usd` resting in every hundredth of a percent from `mark` out to `reach` on both sides. */
export function evenBook(mark: number, usd: number, reach = 0.02): OrderBook {
  const rows = (sign: number) =>
    Array.from({ length: Math.round(reach / 0.0001) }, (_, k) => {
      const price = mark * Math.exp(sign * (k + 0.5) * 0.0001);
      return [price, usd / price] as const;
    });
  return { mark, bids: rows(-1), asks: rows(1) };
}

/** A book around 1 with random steps and amounts, to be scaled to a map's price. */
export const randomBook = (mark: number): fc.Arbitrary<OrderBook> => {
  const rows = (sign: number) =>
    fc
      .array(
        fc.tuple(
          fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
          fc.double({ min: 1, max: 1e6, noNaN: true }),
        ),
        { minLength: 1, maxLength: 50 },
      )
      .map((steps) => {
        let distance = 0;
        return steps.map(([step, usd]) => {
          distance += step;
          const price = mark * Math.exp(sign * distance);
          return [price, usd / price] as const;
        });
      });
  return fc.record({ mark: fc.constant(mark), bids: rows(-1), asks: rows(1) });
};
