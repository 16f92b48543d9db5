import type { Side } from '../engine/records';
import type { MapView } from '../protocol/view';

/** Amounts of one side as they are shown, and how strongly each band is drawn. */
export interface Levels {
  /** USD, one value a band: the sum of the tiers that are shown. */
  usd: Float64Array;
  /** 0 not drawn, 1–5 by the side's own percentiles. */
  classes: Uint8Array;
  /** Where in its class a band is: the class's upper end is a whole number. 0 where it is not drawn. */
  strength: Float32Array;
  /** Largest band, USD. */
  max: number;
}

const percentiles = [0.5, 0.75, 0.9, 0.97];

/** Percentile of ascending values by the nearest rank. */
const at = (ascending: Float64Array, share: number): number =>
  ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!;

/**
 * Sorts a side's bands into five classes at the 50th, 75th, 90th and 97th percentile of its own non-empty bands. Bands
 * below a quarter of the first threshold are class 0 and stay invisible. `strength` runs linearly between thresholds.
 */
export function classify(usd: Float64Array): Pick<Levels, 'classes' | 'strength'> {
  const classes = new Uint8Array(usd.length);
  const strength = new Float32Array(usd.length);
  const ascending = usd.filter((amount) => amount > 0).sort();
  if (ascending.length === 0) return { classes, strength };
  const thresholds = percentiles.map((share) => at(ascending, share));
  const edges = [thresholds[0]! / 4, ...thresholds, ascending.at(-1)!];
  for (let i = 0; i < usd.length; i++) {
    const amount = usd[i]!;
    if (!(amount > 0 && amount >= edges[0]!)) continue;
    let level = 1;
    while (level < 5 && amount >= edges[level]!) level++;
    const width = edges[level]! - edges[level - 1]!;
    classes[i] = level;
    strength[i] = width > 0 ? level - 1 + (amount - edges[level - 1]!) / width : level;
  }
  return { classes, strength };
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
      return { usd, ...classify(usd), max };
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
