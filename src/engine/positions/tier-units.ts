import { tierLeverages } from '../records';

const tiers = tierLeverages.length;

/**
 * How fast a tier turns over, against the mean. Highly leveraged positions live short, so they are a large part of what
 * is opened and a small part of what stands.
 */
export const tierRates = [0.5, 0.75, 1, 1.5, 2.5] as const;

/**
 * The unit that each tier's amounts are kept in. Everything that stands shrinks by letting later deposits count for more: no
 * cell is touched.
 */
export class TierUnits {
  /** Coins per running unit, but for the common factor that makes a side sum to the open interest. */
  readonly coins = new Float64Array(tiers).fill(1);
  /** Running units that one opened coin adds to a tier. */
  readonly opened = new Float64Array(tiers);
  /** Running units per coin; it grows as older positions shrink. */
  private readonly growth = new Float64Array(tiers).fill(1);

  /** @param weights share of what is opened, by tier */
  constructor(private readonly weights: Float64Array) {
    this.opened.set(weights);
  }

  /**
   * Everything standing shrinks by exp(−rate · closes / stock). The rates of `tierRates` are whole quarters, so one
   * exponential does for all.
   *
   * @param rescale called with a tier whose unit has grown too large, and the number its amounts are to be divided by
   */
  shrink(closes: number, stock: number, rescale: (t: number, by: number) => void): void {
    if (!(closes > 0)) return;
    const { growth, coins, opened, weights } = this;
    const quarter = Math.exp(closes / stock / 4);
    const half = quarter * quarter;
    const one = half * half;
    growth[0]! *= half;
    growth[1]! *= half * quarter;
    growth[2]! *= one;
    growth[3]! *= one * half;
    growth[4]! *= one * one * half;
    for (let t = 0; t < tiers; t++) {
      if (growth[t]! > 1e100) {
        rescale(t, growth[t]!);
        growth[t] = 1;
      }
      coins[t] = 1 / growth[t]!;
      opened[t] = weights[t]! * growth[t]!;
    }
  }

  /** What one coin of unknown age adds: the tiers get their shares of what stands in the long run, opened ÷ turned over. */
  standing(into: Float64Array): Float64Array {
    for (let t = 0; t < tiers; t++) into[t] = this.opened[t]! / tierRates[t]!;
    return into;
  }
}
