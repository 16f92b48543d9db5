import { tierLeverages } from '../records';

/** Distances from price, in cells of the inventory, between which the shipped profile is even. */
const knots = [0, 1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1400];

/**
 * Share of one-sided open interest between each two knots, and beyond the last, in millionths, by tier: the mean map of
 * BTC, ETH and SOL in December 2025 on 5m bars.
 */
const millionths: readonly (readonly number[])[] = [
  [0, 0, 0, 0, 0, 0, 1, 1, 2, 8, 13, 52, 88, 298, 598, 3213, 13531, 72143, 57434, 17962, 409],
  [0, 0, 0, 0, 1, 6, 10, 34, 61, 216, 391, 1462, 2497, 9671, 23544, 77058, 70199, 30446, 1170, 47, 0],
  [0, 2, 9, 13, 25, 94, 157, 569, 996, 3601, 6357, 24163, 40228, 95173, 73676, 36749, 5786, 1100, 21, 0, 0],
  [1, 7, 45, 87, 161, 615, 1067, 3920, 6818, 23097, 31758, 68672, 44169, 29329, 8587, 4249, 497, 65, 0, 0, 0],
  [
    10, 37, 197, 402, 705, 2409, 3659, 10483, 13175, 26812, 18231, 16992, 6464, 4333, 1173, 457, 26, 1, 0, 0,
    0,
  ],
];

/**
 * The shipped profile: what a map typically looks like before the market's own is known.
 *
 * @param reach cells from price that a row has before what lies beyond
 * @returns tier-major shares of open interest, summing to 1
 */
export function typicalPrior(reach: number): Float32Array {
  const shares = new Float32Array(tierLeverages.length * (reach + 1));
  const total = millionths.flat().reduce((sum, share) => sum + share, 0);
  millionths.forEach((row, t) => {
    const at = t * (reach + 1);
    for (let k = 0; k + 1 < knots.length; k++) {
      const width = knots[k + 1]! - knots[k]!;
      for (let j = knots[k]!; j < knots[k + 1]!; j++) shares[at + j] = row[k]! / width / total;
    }
    shares[at + reach] = row[knots.length - 1]! / total;
  });
  return shares;
}
