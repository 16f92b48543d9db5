import { type Side, tierLeverages } from '../engine/records';
import { levelsOf } from '../paint/levels';
import type { Settings } from '../protocol/settings';
import type { ClusterView, MapView } from '../protocol/view';
import { age, distance, percent, price as priceText, usd } from '../ui/format';
import { part } from '../ui/part';
import { type TextKey, t } from '../ui/text';

/** What the tooltip says about one price. */
export interface BandFacts {
  side: Side;
  /** Prices per coin. */
  low: number;
  high: number;
  usd: number;
  /** Really force-closed if price goes through: 80 % interval. */
  expected: { p10: number; p90: number };
  /** Share of the amount by leverage tier, largest first. */
  tiers: { leverage: number; share: number }[];
  /** Percent of the amount by venue, largest first; empty where not known. */
  venues: { name: string; share: number }[];
  ageMs: number;
  /** From the price now, signed fraction. */
  away: number;
  /** Of the cluster it belongs to, where books are known. */
  depth: ClusterView['depth'];
}

/** Facts about the band at `at` (price per coin), or undefined where nothing is drawn. */
export function bandFacts(
  view: MapView,
  at: number,
  price: number,
  settings: Pick<Settings, 'tiers'>,
): BandFacts | undefined {
  const i = Math.floor((Math.log(at) - view.lnLow) / view.step);
  const count = view.long.length;
  if (!(i >= 0 && i < count)) return undefined;
  const side: Side = at < price ? 'long' : 'short';
  const levels = levelsOf(view, side, settings.tiers);
  if (levels.strength[i] === 0) return undefined;
  const amount = levels.usd[i]!;
  const byTier = side === 'long' ? view.longTiers : view.shortTiers;
  const tiers = tierLeverages
    .map((leverage, tier) => ({
      leverage,
      share: settings.tiers[tier] ? (byTier[tier * count + i] ?? 0) / amount : 0,
    }))
    .filter(({ share }) => share >= 0.05)
    .sort((a, b) => b.share - a.share);
  const venues = (view.venues ?? [])
    .map(({ name, [side]: shares }) => ({ name, share: shares[i] ?? 0 }))
    .filter(({ share }) => share >= 1)
    .sort((a, b) => b.share - a.share);
  const low = Math.exp(view.lnLow + i * view.step);
  const high = Math.exp(view.lnLow + (i + 1) * view.step);
  return {
    side,
    low,
    high,
    usd: amount,
    expected: { p10: amount * view.q.p10, p90: amount * view.q.p90 },
    tiers,
    venues,
    ageMs: ((side === 'long' ? view.longAge : view.shortAge)[i] ?? 0) * 60_000,
    away: Math.sqrt(low * high) / price - 1,
    depth: view.clusters.find((each) => each.side === side && at >= each.low && at < each.high)?.depth,
  };
}

/** How the cluster weighs against what rests in its way. */
function depthRow(depth: BandFacts['depth']): [TextKey, string][] {
  if (!depth) return [];
  const ratio = depth.atRisk < 10 ? depth.atRisk.toFixed(1) : Math.round(depth.atRisk);
  return [['badge_depth', `${depth.extrapolated ? '≈ ' : ''}${ratio}×`]];
}

/** The tooltip's text; prices are shown in the chart's own unit. */
export function tooltip(facts: BandFacts, multiplier: number): Node[] {
  const tiers = facts.tiers
    .slice(0, 3)
    .map(({ leverage, share }) => `${leverage}×\u00a0${percent(share, 0)}`);
  const venues = facts.venues.map(({ name, share }) => `${name}\u00a0${percent(share / 100, 0)}`).join(', ');
  const rows: [TextKey, string][] = [
    ['badge_atRisk', usd(facts.usd)],
    ['badge_expected', `${usd(facts.expected.p10)} – ${usd(facts.expected.p90)}`],
    ['badge_leverage', tiers.join(', ')],
    ...(facts.venues.length > 0 ? [['badge_venues', venues] satisfies [TextKey, string]] : []),
    ['badge_opened', t('badge_ago', age(facts.ageMs))],
    ...depthRow(facts.depth),
  ];
  const range = `${priceText(facts.low * multiplier)} – ${priceText(facts.high * multiplier)}`;
  return [
    part('b', facts.side, t(facts.side === 'long' ? 'map_long' : 'map_short')),
    new Text(` · ${t('map_estimate')}`),
    part('div', '', `${range} · ${distance(facts.away)}`),
    part(
      'dl',
      '',
      ...rows.map(([key, value]) => part('div', '', part('dt', '', t(key)), part('dd', '', value))),
    ),
  ];
}
