import type { Cluster } from '../map/clusters';
import { isAmount, isPositive, need } from '../need';
import { quantile } from '../quantile';
import { type Side, sides } from '../records';

/** Resting orders of one venue, best price first, with the venue's own mark price. */
export interface OrderBook {
  mark: number;
  /** Price per coin and coins. */
  bids: readonly (readonly [price: number, base: number])[];
  asks: readonly (readonly [price: number, base: number])[];
}

/** Width of a cell of `Depth`, in ln(price): one basis point. */
export const depthCell = 0.0001;
/** Cells to each side; books are continued to the last one. */
export const depthCells = 5000;

/**
 * Resting USD of several venues by distance from price. `long` are the bids, which forced selling of longs eats on the
 * way down; `short` the asks.
 */
export interface Depth {
  price: number;
  long: DepthSide;
  short: DepthSide;
}

export interface DepthSide {
  /** USD from price to the end of cell k − 1: `depthCells + 1` values that begin with 0 and never fall. */
  usd: Float64Array;
  /** ln distance to which every book reaches. */
  covered: number;
}

/** USD between price and a place, and whether the books reach that far. */
export interface DepthTo {
  usd: number;
  /** True where some book ends earlier: beyond its end it is taken to go on with its mean density. */
  extrapolated: boolean;
}

/**
 * Joins the books of several venues. Each is taken relative to its own mark price, as the venues of a map are.
 *
 * Public books end after a fixed number of levels, often within 1 % of price. Beyond a book's last level its mean
 * density (USD per ln distance) is taken to go on; what rests on that says `extrapolated`. Levels are kept by the
 * hundredth of a percent and spread evenly within it.
 *
 * @param books levels with positive prices and amounts ≥ 0, in any order
 * @param price the joined book is expressed at
 * @throws RangeError without a book, for a side without orders away from the mark, or for prices or amounts out of range
 * @example
 * const depth = joinBooks([{ mark: 97_010, bids, asks }], 97_000);
 */
export function joinBooks(books: readonly OrderBook[], price: number): Depth {
  need(books.length > 0, 'joinBooks', 'at least one book');
  need(isPositive(price), 'joinBooks', 'a positive price');
  const join = (side: Side): DepthSide => {
    const usd = new Float64Array(depthCells + 1);
    /** USD a cell beyond the ends of books, from the cell on that each ends in. */
    const ends: { cell: number; perCell: number }[] = [];
    let covered = Number.POSITIVE_INFINITY;
    for (const book of books) {
      need(isPositive(book.mark), 'joinBooks', 'a positive mark price of each book');
      let total = 0;
      let end = 0;
      for (const [at, base] of side === 'long' ? book.bids : book.asks) {
        need(
          isPositive(at) && isAmount(base),
          'joinBooks',
          'positive prices and amounts that are not negative',
        );
        // Orders on the wrong side of the mark are the first to be eaten.
        const distance = Math.max(0, side === 'long' ? Math.log(book.mark / at) : Math.log(at / book.mark));
        const cell = Math.floor(distance / depthCell + 1e-6);
        const amount = base * at * (price / book.mark);
        total += amount;
        end = Math.max(end, distance);
        if (cell < depthCells) usd[cell + 1]! += amount;
      }
      need(isPositive(total) && end > 0, 'joinBooks', 'orders away from the mark on both sides of each book');
      covered = Math.min(covered, end);
      ends.push({ cell: Math.floor(end / depthCell + 1e-6), perCell: (total / end) * depthCell });
    }
    // Books are many times shorter than what they are continued to: one pass serves all of them.
    ends.sort((one, other) => one.cell - other.cell);
    let beyond = 0;
    let ended = 0;
    for (let k = 1; k <= depthCells; k++) {
      for (; ended < ends.length && ends[ended]!.cell + 2 <= k; ended++) beyond += ends[ended]!.perCell;
      usd[k]! += usd[k - 1]! + beyond;
    }
    need(isAmount(usd[depthCells]!), 'joinBooks', 'books that add up to a finite amount');
    return { usd, covered };
  };
  return { price, long: join('long'), short: join('short') };
}

/**
 * Resting USD between price and another price: the bids on the way down to it, or the asks on the way up.
 *
 * @param to positive; below price it asks for bids, above for asks
 * @throws RangeError for a price that is not positive
 * @example
 * depthTo(depth, 95_000).usd; // 21e6: what rests between 97,000 and 95,000
 */
export function depthTo(depth: Depth, to: number): DepthTo {
  need(isPositive(to), 'depthTo', 'a positive price to reach');
  const distance = Math.abs(Math.log(to / depth.price));
  const side = to < depth.price ? depth.long : depth.short;
  return { usd: atDistance(side.usd, distance), extrapolated: distance > side.covered + 1e-9 };
}

/**
 * Value of a running total at a ln distance, even within cells; beyond the last cell its last value.
 *
 * @param total `depthCells + 1` values at multiples of `depthCell`
 */
export function atDistance(total: Float64Array, distance: number): number {
  const at = Math.min(depthCells, Math.max(0, distance / depthCell));
  const cell = Math.min(depthCells - 1, Math.floor(at));
  return total[cell]! + (total[cell + 1]! - total[cell]!) * (at - cell);
}

/** From this depth ratio on a cluster is marked: forced orders outweigh what rests in their way. */
const depthRatioMark = 5;

export interface DepthRatio extends DepthTo {
  /** At-risk USD of the cluster ÷ resting USD; null where nothing rests. */
  atRisk: number | null;
  /** Expected forced USD (median of q) ÷ resting USD. */
  expected: number | null;
  /** `atRisk` is 5 or more. */
  marked: boolean;
}

/**
 * Depth ratio of a cluster: its USD ÷ the resting USD between price and the cluster's far edge, over all books. It is
 * given for the amount at risk and for the amount expected to be really closed, which is q of it.
 *
 * @param q share of the at-risk amount that is force-closed, 0–2, median
 * @throws RangeError for a share out of range
 * @example
 * depthRatio(cluster, depth, 0.01); // 41M at risk ÷ 8.2M resting: { atRisk: 5, expected: 0.05, marked: true, … }
 */
export function depthRatio(cluster: Cluster, depth: Depth, q: number): DepthRatio {
  need(q >= 0 && q <= 2, 'depthRatio', 'a realised share between 0 and 2');
  const between = depthTo(depth, cluster.side === 'long' ? cluster.low : cluster.high);
  const ratio = cluster.usd / between.usd;
  const known = Number.isFinite(ratio);
  return {
    ...between,
    atRisk: known ? ratio : null,
    expected: known ? q * ratio : null,
    marked: known && ratio >= depthRatioMark,
  };
}

/** A price at which much more rests than around it. */
export interface BookWall {
  /** `long`: bids below price; `short`: asks above it. */
  side: Side;
  /** Middle of its bin. */
  price: number;
  usd: number;
  /** USD ÷ median of the bins around it. */
  times: number;
}

/** Width of the bins in which walls are looked for, in ln(price). */
export const wallStep = 0.0005;
/** Bins to each side that a wall is compared with. */
const wallNeighbours = 10;
/** A bin this many times as full as its neighbours is a wall. */
const wallTimes = 3;

/** Whether half of the bins around one, not most of them empty, hold so much less that it may be a wall: few bins are, and a median is costly. */
function mayBeWall(bins: readonly number[], k: number): boolean {
  if (bins[k] === 0) return false;
  const end = Math.min(bins.length, k + 1 + wallNeighbours);
  const most = (bins[k]! / wallTimes) * (1 + 1e-9);
  let lower = 0;
  let empty = 0;
  let others = 0;
  for (let i = Math.max(0, k - wallNeighbours); i < end; i++) {
    if (i === k) continue;
    others += 1;
    if (bins[i]! <= most) lower += 1;
    if (bins[i] === 0) empty += 1;
  }
  return 2 * lower >= others && 2 * empty <= others;
}

/**
 * Walls in the joined books: bins of 0.05 % that hold at least three times the median of the ten bins to each side.
 * Only where every book reaches, and only beside bins that are not empty; no farther than `Depth` goes.
 *
 * @returns each side from price outwards
 * @example
 * bookWalls(depth)[0]; // { side: 'long', price: 96_500, usd: 12e6, times: 4.1 }
 */
export function bookWalls(depth: Depth): BookWall[] {
  const walls: BookWall[] = [];
  for (const side of sides) {
    const covered = Math.min(depth[side].covered, depthCells * depthCell);
    // A bin that the shortest book covers in part only would look too thin.
    const count = Math.floor(covered / wallStep + 1e-9);
    const bins = Array.from(
      { length: count },
      (_, k) => atDistance(depth[side].usd, (k + 1) * wallStep) - atDistance(depth[side].usd, k * wallStep),
    );
    for (let k = 0; k < count; k++) {
      if (!mayBeWall(bins, k)) continue;
      const others = bins
        .slice(Math.max(0, k - wallNeighbours), k)
        .concat(bins.slice(k + 1, k + 1 + wallNeighbours));
      if (others.length < 2) continue;
      const times = bins[k]! / quantile(others, 0.5);
      if (!(times >= wallTimes && Number.isFinite(times))) continue;
      const middle = (k + 0.5) * wallStep * (side === 'long' ? -1 : 1);
      walls.push({ side, price: depth.price * Math.exp(middle), usd: bins[k]!, times });
    }
  }
  return walls;
}
