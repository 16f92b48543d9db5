import { type TextKey, t } from './text';

/** Which side's forced orders weigh more, as far as it can be told. */
export interface Fragility {
  direction: 'down' | 'up' | 'none';
  /** 0 balanced, 1 from a ratio of 1.5, 2 from 2.5, 3 from 3. */
  level: 0 | 1 | 2 | 3;
  /** In words; describes the market's build, not where price goes. */
  text: string;
}

const words: Record<'down' | 'up', [TextKey, TextKey, TextKey]> = {
  down: ['map_fragileDown', 'map_structuralDown', 'map_strongDown'],
  up: ['map_fragileUp', 'map_structuralUp', 'map_strongUp'],
};

/** The least ratio of one side to the other that is no balance. */
const leastSkew = 1.5;

/** The side of the price that forced orders weigh more on, by the ratio that {@link fragility} takes. */
export function directionOf(ratio: number | null): Fragility['direction'] {
  if (ratio === null || !(ratio > 0) || !Number.isFinite(ratio)) return 'none';
  return ratio >= leastSkew ? 'down' : ratio <= 1 / leastSkew ? 'up' : 'none';
}

/**
 * What a ratio of long-side to short-side at-risk USD says. Long liquidations lie below the price, so a heavy long side
 * makes the market fragile to the downside. `null`: one of the sides is empty.
 *
 * @example
 * fragility(1.89).text // 'Fragile to the downside'
 */
export function fragility(ratio: number | null): Fragility {
  if (ratio === null || !(ratio > 0) || !Number.isFinite(ratio)) {
    return { direction: 'none', level: 0, text: t('map_noRatio') };
  }
  const skew = Math.max(ratio, 1 / ratio);
  const direction = directionOf(ratio);
  if (direction === 'none') return { direction, level: 0, text: t('map_balanced') };
  const level = skew >= 3 ? 3 : skew >= 2.5 ? 2 : 1;
  return { direction, level, text: t(words[direction][level - 1]!) };
}
