import type { Side } from '../../engine/records';
import { isPassed, shownLevels } from '../../paint/levels';
import { bandsOf } from '../../paint/side-bands';
import { type Freshness, freshnessOf } from '../../paint/theme';
import type { FeedHealth, LevelView, MapView } from '../../protocol/view';
import { age, distance, usd } from '../../ui/format';
import { directionOf, type Fragility } from '../../ui/fragility';
import { distanceOf, forcedText } from '../../ui/level-text';
import { keyOf, t } from '../../ui/text';
import { asOf, type EstimateState, priceOf } from './estimate-state';

/** What badge, card and panel say of an estimate, in words. */
export interface Figures {
  /** The nearest level of each side. */
  near: Record<Side, { away: string; forced: string } | undefined>;
  /** How the sides compare within 5 %, in the least room, and with amounts. */
  balance: { short: string; long: string; direction: Fragility['direction'] };
  age: { state: Freshness; text: string };
  /** What stands in the way of trusting the figures, most important first. */
  notices: string[];
}

/** Of the ratio, as a fraction of the price. */
const reach = 0.05;

/** State of a venue at a glance. */
export const markOf = (state: FeedHealth['state']): string =>
  state === 'ok' ? '✓' : state === 'starting' ? '…' : /^(off|unlisted)$/.test(state) ? '–' : '!';

export const coinOf = ({ symbol }: Pick<EstimateState, 'symbol'>): string => symbol.symbol.replace(/-.*/, '');

/** @returns undefined before there is a map */
export function figuresOf(estimate: EstimateState, now: number): Figures | undefined {
  const { view, settings } = estimate;
  const price = priceOf(estimate);
  if (!view || price === undefined) return undefined;
  const levels = shownLevels(view, settings).filter((level) => !isPassed(level, price));
  const near = (side: Side) =>
    nearText(
      levels.find((level) => level.side === side),
      price,
    );
  return {
    near: { short: near('short'), long: near('long') },
    balance: balanceOf(view, price, settings.tiers),
    age: ageOf(estimate, now),
    notices: noticesOf(estimate),
  };
}

const nearText = (level: LevelView | undefined, price: number) =>
  level && { away: distance(distanceOf(level, price)), forced: `≈ ${forcedText(level)}` };

/** Of the leverage tiers that are shown: label, badge and this are to be of one population. */
function balanceOf(view: MapView, price: number, tiers: readonly boolean[]): Figures['balance'] {
  const { longUsd5, shortUsd5, within5 } = view.ratio;
  const isAll = tiers.every(Boolean);
  const long = isAll ? longUsd5 : sumWithin(view, 'long', price, tiers);
  const short = isAll ? shortUsd5 : sumWithin(view, 'short', price, tiers);
  const direction = directionOf(isAll ? within5 : long > 0 && short > 0 ? long / short : null);
  return {
    direction,
    short: t(keyOf('badge_balance', direction)),
    long: t('badge_sides', usd(long), usd(short)),
  };
}

function sumWithin(view: MapView, side: Side, price: number, tiers: readonly boolean[]): number {
  const bandAt = (at: number) => (Math.log(at) - view.lnLow) / view.step;
  const [low, high] = side === 'long' ? [price * (1 - reach), price] : [price, price * (1 + reach)];
  return bandsOf(view, side, { tiers })
    .usd.subarray(Math.max(0, Math.floor(bandAt(low))), Math.max(0, Math.ceil(bandAt(high))))
    .reduce((sum, amount) => sum + amount, 0);
}

function ageOf(estimate: EstimateState, now: number): Figures['age'] {
  const at = asOf(estimate);
  if (at === undefined) return { state: 'stale', text: t('map_noData') };
  const state = freshnessOf(now - at);
  return { state, text: t(state === 'stale' ? 'map_stale' : 'map_dataAge', age(now - at)) };
}

function noticesOf({ tick, view, disconnected, timeless }: EstimateState): string[] {
  const troubles = (tick?.health ?? []).filter(({ state, reason }) => reason && markOf(state) === '!');
  return [
    disconnected && t('badge_reconnecting'),
    ...troubles.map(({ reason }) => reason),
    ...(tick?.banners ?? []).map((banner) => banner.text),
    view?.provisional ? t('map_provisional') : view?.isTypicalYoung && t('map_young'),
    timeless && t('badge_timeless'),
  ].filter((text) => typeof text === 'string');
}

/** All of it in one sentence, for those who hear it. */
export const sentenceOf = ({ near, balance, age: { text }, notices }: Figures): string =>
  [
    ...(['short', 'long'] as const).map((side) => {
      const name = t(side === 'long' ? 'map_longs' : 'map_shorts');
      const found = near[side];
      return found ? `${name} ${found.away} ${found.forced}` : `${name}: ${t('badge_none')}`;
    }),
    balance.short,
    text,
    ...notices,
  ].join('. ');
