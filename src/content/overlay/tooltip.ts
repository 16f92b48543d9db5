import { type Side, tierLeverages } from '../../engine/records';
import { bandsOf } from '../../paint/side-bands';
import type { Settings } from '../../protocol/settings';
import type { MapView } from '../../protocol/view';
import { age, distance, percent, price as priceText, usd } from '../../ui/format';
import { part } from '../../ui/part';
import { type TextKey, t } from '../../ui/text';

/** Names with their shares, largest first, small ones left out. */
const listed = (parts: [name: string, share: number][], least: number): string[] =>
  parts
    .filter(([, share]) => share >= least)
    .sort(([, one], [, other]) => other - one)
    .map(([name, share]) => `${name}\u00a0${percent(share, 0)}`);

/**
 * What the tooltip says about the band at `at`, or undefined where nothing is drawn. Both prices are per coin; the text
 * has them in the chart's own unit.
 */
export function tooltip(
  view: MapView,
  at: number,
  price: number,
  settings: Pick<Settings, 'tiers'>,
  multiplier: number,
): Node[] | undefined {
  const i = Math.floor((Math.log(at) - view.lnLow) / view.step);
  const count = view.long.length;
  const side: Side = at < price ? 'long' : 'short';
  const levels = bandsOf(view, side, settings.tiers);
  const amount = levels.usd[i]!;
  // Below and above the map as well.
  if (!(levels.strength[i]! > 0)) return undefined;
  const tiers = tierLeverages.map((leverage, tier): [string, number] => [
    `${leverage}×`,
    settings.tiers[tier] ? (view[`${side}Tiers`][tier * count + i] ?? 0) / amount : 0,
  ]);
  const venues = (view.venues ?? []).map(({ name, [side]: held }): [string, number] => [
    name,
    (held[i] ?? 0) / 100,
  ]);
  const low = Math.exp(view.lnLow + i * view.step);
  const high = low * Math.exp(view.step);
  // How the cluster it belongs to weighs against what rests in its way.
  const depth = view.clusters.find((each) => each.side === side && at >= each.low && at < each.high)?.depth;
  const ratio = depth && (depth.atRisk < 10 ? depth.atRisk.toFixed(1) : Math.round(depth.atRisk));
  const seen = view.observed?.[side].find(([band]) => band === i)?.[1];
  const rows: [TextKey, string][] = [
    ['badge_atRisk', usd(amount)],
    ['badge_expected', `${usd(amount * view.q.p10)} – ${usd(amount * view.q.p90)}`],
    ['badge_observed', seen ? usd(seen) : ''],
    ['badge_leverage', listed(tiers, 0.05).slice(0, 3).join(', ')],
    ['badge_venues', listed(venues, 0.01).join(', ')],
    ['badge_opened', t('badge_ago', age(view[`${side}Age`][i]! * 60_000))],
    ['badge_depth', depth ? `${depth.extrapolated ? '≈ ' : ''}${ratio}×` : ''],
  ];
  const range = `${priceText(low * multiplier)} – ${priceText(high * multiplier)}`;
  return [
    part('b', side, t(`map_${side}`)),
    new Text(` · ${t('map_estimate')}`),
    part('div', '', `${range} · ${distance(Math.sqrt(low * high) / price - 1)}`),
    part(
      'dl',
      '',
      ...rows
        .filter(([, value]) => value)
        .map(([key, value]) => part('div', '', part('dt', '', t(key)), part('dd', '', value))),
    ),
  ];
}
