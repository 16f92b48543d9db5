import type { LevelView } from '../protocol/view';
import { distance, price as priceText, usdRange } from './format';
import { t } from './text';

/** Signed distance of a level's nearer edge from the price, as a fraction of it; 0 once price is inside. */
export function distanceOf({ side, edge }: Pick<LevelView, 'side' | 'edge'>, price: number): number {
  const away = edge / price - 1;
  return side === 'long' ? Math.min(0, away) : Math.max(0, away);
}

/** What of a level would be closed by force: the 80 % interval. */
export const forcedText = ({ forced }: Pick<LevelView, 'forced'>): string => usdRange(forced.p10, forced.p90);

/**
 * The label of a level.
 *
 * @param multiplier coins that the chart's price is of
 * @param hasAmount whether there is room for the amount
 * @param pinned the end of the pane beyond which the level is, where it is out of sight
 * @example
 * levelText(level, 59_780, 1, true) // 'Shorts 61,390 · +2.7 % · ≈ $2–15M'
 */
export function levelText(
  level: Pick<LevelView, 'side' | 'edge' | 'forced'>,
  price: number,
  multiplier: number,
  hasAmount: boolean,
  pinned?: 'top' | 'bottom',
): string {
  const words = [
    `${t(level.side === 'long' ? 'map_longs' : 'map_shorts')} ${priceText(level.edge * multiplier)}`,
    distance(distanceOf(level, price)),
    ...(hasAmount ? [`≈ ${forcedText(level)}`] : []),
  ].join(' · ');
  return pinned ? `${pinned === 'top' ? '▲' : '▼'} ${words}` : words;
}
