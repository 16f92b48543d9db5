import type { Side } from '../engine/records';
import type { MapView } from '../protocol/view';

/** Amounts of one side as they are shown, and how strongly each band is drawn. */
export interface Levels {
  /** USD, one value a band: the sum of the tiers that are shown. */
  usd: Float64Array;
  /** See `strengthOf`; by the side's own percentiles. */
  strength: Float32Array;
  /** Largest band, USD. */
  max: number;
}

const percentiles = [0.5, 0.75, 0.9, 0.97];

/** Percentile of ascending values by the nearest rank. */
const at = (ascending: ArrayLike<number>, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!;

/**
 * Where five classes begin and the last one ends: at a quarter of the 50th percentile, below which nothing is drawn, at the
 * 50th, 75th, 90th and 97th, and at the largest amount. Undefined without any amount.
 */
export function edgesOf(ascending: ArrayLike<number>): number[] | undefined {
  if (ascending.length === 0) return undefined;
  const thresholds = percentiles.map((share) => at(ascending, share));
  return [thresholds[0]! / 4, ...thresholds, at(ascending, 1)];
}

/**
 * How strongly an amount is drawn, 0–5: in class n from n − 1 at the class's beginning to n at its end. 0 where nothing is
 * drawn.
 */
export function strengthOf(amount: number, edges: readonly number[]): number {
  if (!(amount > 0 && amount >= edges[0]!)) return 0;
  let level = 1;
  while (level < 5 && amount >= edges[level]!) level++;
  const width = edges[level]! - edges[level - 1]!;
  return width > 0 ? level - 1 + (amount - edges[level - 1]!) / width : level;
}

/** Strengths of a side's bands, in classes of its own non-empty bands. */
export function strengthsOf(usd: Float64Array): Float32Array {
  const edges = edgesOf(usd.filter((amount) => amount > 0).sort());
  return Float32Array.from(usd, (amount) => (edges ? strengthOf(amount, edges) : 0));
}

/** Sum of the shown tiers of each band; all bands as they come where every tier is shown. */
function shownUsd(
  total: readonly number[],
  byTier: readonly number[],
  tiers: readonly boolean[],
): Float64Array {
  const usd = Float64Array.from(total);
  if (tiers.every(Boolean) || byTier.length !== total.length * tiers.length) return usd;
  usd.fill(0);
  for (let t = 0; t < tiers.length; t++) {
    if (!tiers[t]) continue;
    for (let i = 0; i < usd.length; i++) usd[i]! += byTier[t * usd.length + i]!;
  }
  return usd;
}

interface Cached {
  key: string;
  long: Levels;
  short: Levels;
}
const cache = new WeakMap<MapView, Cached>();

/** Levels of one side. Computed once for each view and choice of tiers. */
export function levelsOf(view: MapView, side: Side, tiers: readonly boolean[]): Levels {
  const key = tiers.join();
  let cached = cache.get(view);
  if (cached?.key !== key) {
    const levels = (usd: Float64Array): Levels => {
      let max = 0;
      for (const amount of usd) if (amount > max) max = amount;
      return { usd, strength: strengthsOf(usd), max };
    };
    cached = {
      key,
      long: levels(shownUsd(view.long, view.longTiers, tiers)),
      short: levels(shownUsd(view.short, view.shortTiers, tiers)),
    };
    cache.set(view, cached);
  }
  return cached[side];
}
