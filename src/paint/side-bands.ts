import type { Side } from '../engine/records';
import type { MapView } from '../protocol/view';

/** What of a map is shown. */
export interface Shown {
  /** Leverage tiers, in the order of `tierLeverages`. */
  tiers: readonly boolean[];
  /** What is less than this part of the largest band is left out, 0–1: the same choice does for every coin. */
  threshold?: number;
  /** Levels a side at most. */
  levelsPerSide?: number;
}

/** Amounts of one side as they are shown, and how strongly each band is drawn. */
export interface SideBands {
  /** USD, one value a band: the sum of the tiers that are shown. */
  usd: Float64Array;
  /** See `strengthsOf`. */
  strength: Float32Array;
  /** Largest band, USD. */
  max: number;
}

const percentiles = [0.5, 0.75, 0.9, 0.97];

/** Percentile of ascending values by the nearest rank. */
const at = (ascending: Float64Array, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!;

/**
 * How strongly each band of a side is drawn, 0–5: in class n from n − 1 at the class's beginning to n at its end. Classes
 * are cut at the 50th, 75th, 90th and 97th percentile of the side's own non-empty bands; below a quarter of the first
 * threshold nothing is drawn.
 */
export function strengthsOf(usd: Float64Array): Float32Array {
  const strengths = new Float32Array(usd.length);
  const ascending = usd.filter((amount) => amount > 0).sort();
  if (ascending.length === 0) return strengths;
  const thresholds = percentiles.map((share) => at(ascending, share));
  const edges = [thresholds[0]! / 4, ...thresholds, ascending.at(-1)!];
  usd.forEach((amount, i) => {
    if (!(amount > 0 && amount >= edges[0]!)) return;
    let level = 1;
    while (level < 5 && amount >= edges[level]!) level++;
    const width = edges[level]! - edges[level - 1]!;
    strengths[i] = width > 0 ? level - 1 + (amount - edges[level - 1]!) / width : level;
  });
  return strengths;
}

/** Sum of the shown tiers of each band; all bands as they come where every tier is shown. */
function shownUsd(
  total: readonly number[],
  byTier: readonly number[],
  tiers: readonly boolean[],
): Float64Array {
  if (tiers.every(Boolean) || byTier.length !== total.length * tiers.length) return Float64Array.from(total);
  return Float64Array.from(total, (_, i) =>
    tiers.reduce((sum, shown, t) => sum + (shown ? byTier[t * total.length + i]! : 0), 0),
  );
}

/** A number for what is chosen of the bands: made in every frame of a pan, without a string. */
export const choiceOf = ({ tiers, threshold = 0 }: Shown): number =>
  tiers.reduce((all, shown) => 2 * all + Number(shown), 1) + threshold / 2;

const cache = new WeakMap<MapView, Map<number, Record<Side, SideBands>>>();
/** A view is asked for with few choices at a time: those of its chart, and all bands of the same tiers for sums. */
const mostChoices = 4;

/** Bands of one side. Computed once for each view and choice of what is shown. */
export function bandsOf(view: MapView, side: Side, choice: Shown): SideBands {
  const { tiers, threshold = 0 } = choice;
  const key = choiceOf(choice);
  let byChoice = cache.get(view);
  const cached = byChoice?.get(key);
  if (cached) return cached[side];
  const long = shownUsd(view.long, view.longTiers, tiers);
  const short = shownUsd(view.short, view.shortTiers, tiers);
  const most = { long: largest(long), short: largest(short) };
  const least = threshold * Math.max(most.long, most.short);
  const bands = (usd: Float64Array, max: number): SideBands => {
    const shown = least > 0 ? usd.map((amount) => (amount < least ? 0 : amount)) : usd;
    return { usd: shown, strength: strengthsOf(shown), max };
  };
  const made = { long: bands(long, most.long), short: bands(short, most.short) };
  if (!byChoice || byChoice.size >= mostChoices) {
    byChoice = new Map();
    cache.set(view, byChoice);
  }
  byChoice.set(key, made);
  return made[side];
}

const largest = (usd: Float64Array): number => usd.reduce((one, other) => Math.max(one, other), 0);

/** Largest band of the tiers shown, USD: what `threshold` is a part of. */
export const largestBand = (view: MapView, { tiers }: Shown): number =>
  Math.max(bandsOf(view, 'long', { tiers }).max, bandsOf(view, 'short', { tiers }).max);
