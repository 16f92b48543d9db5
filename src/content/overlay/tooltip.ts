import { type Side, tierLeverages } from '../../engine/records';
import { minuteMs } from '../../engine/time';
import { isPassed, shownLevels } from '../../paint/levels';
import { bandsOf } from '../../paint/side-bands';
import { profileWidth } from '../../paint/surface';
import type { Settings } from '../../protocol/settings';
import type { LevelView, MapView } from '../../protocol/view';
import { age, distance, percent, price as priceText, usd, usdRange } from '../../ui/format';
import { distanceOf, forcedText } from '../../ui/level-text';
import { part } from '../../ui/part';
import { keyOf, type TextKey, t } from '../../ui/text';
import type { Chart } from '../axis/chart';
import { priceAt, yOf } from '../axis/fit';
import { scaleOf } from '../axis/pane';
import { fitsBeside, tipPlace } from './badge-place';
import { type EstimateState, priceOf } from './estimate-state';
import { hidden } from './hidden-words';

/** Names with their shares, largest first, small ones left out. */
const listed = (parts: [name: string, share: number][], least: number): string[] =>
  parts
    .filter(([, share]) => share >= least)
    .sort(([, one], [, other]) => other - one)
    .map(([name, share]) => `${name}\u00a0${percent(share, 0)}`);

type Row = [TextKey, string];

function content(side: Side, title: string, away: string, rows: Row[]): Node[] {
  return [
    hidden('b', side, t(`map_${side}`)),
    hidden('span', '', t('map_estimate')),
    part('div', '', hidden('span', '', `${title} · ${away}`)),
    part(
      'dl',
      '',
      ...rows
        .filter(([, value]) => value)
        .map(([key, value]) => part('div', '', part('dt', '', t(key)), hidden('dd', '', value))),
    ),
  ];
}

/** Why a level is one: "24 h high, not passed for 5 h", "2.1 × typical at this distance". */
function reasonOf({ kind, extreme, side, times, since }: LevelView, asOf: number): string {
  if (kind === 'excess') return times === undefined ? '' : t('badge_times', times.toFixed(1));
  const name = t(keyOf('badge_swing', side));
  const what = extreme ? `${t(keyOf('window', extreme))} ${name}` : name;
  return t('badge_unpassed', what, age(asOf - since));
}

/** What the tooltip says about a level. */
function ofLevel(view: MapView, level: LevelView, price: number, multiplier: number): Node[] {
  const { low, high, usd: atRisk, share, ageMs, side } = level;
  const depth = view.clusters.find(
    (each) => each.side === side && level.edge >= each.low && level.edge <= each.high,
  )?.depth;
  const ratio = depth && (depth.atRisk < 10 ? depth.atRisk.toFixed(1) : Math.round(depth.atRisk));
  const title = `${priceText(low * multiplier)} – ${priceText(high * multiplier)}`;
  return content(side, title, distance(distanceOf(level, price)), [
    ['badge_atRisk', `${usd(atRisk)} · ${t('badge_ofOpenInterest', percent(share))}`],
    ['badge_expected', `≈ ${forcedText(level)}`],
    ['badge_why', reasonOf(level, view.asOf)],
    ['badge_opened', t('badge_ago', age(ageMs))],
    [
      'badge_depth',
      depth?.extrapolated
        ? `≈ ${ratio}×, ${t('badge_reach', percent(depth.reach, depth.reach < 0.01 ? 2 : 1))}`
        : depth
          ? `${ratio}×`
          : '',
    ],
  ]);
}

/** What the tooltip says about the band at `at`; undefined where nothing is drawn. */
function ofBand(
  view: MapView,
  at: number,
  price: number,
  settings: Pick<Settings, 'tiers' | 'threshold'>,
  multiplier: number,
): Node[] | undefined {
  const i = Math.floor((Math.log(at) - view.lnLow) / view.step);
  const count = view.long.length;
  const side: Side = at < price ? 'long' : 'short';
  const bands = bandsOf(view, side, settings);
  const amount = bands.usd[i]!;
  // Below and above the map as well.
  if (!(bands.strength[i]! > 0)) return undefined;
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
  const seen = view.observed?.[side].find(([band]) => band === i)?.[1];
  const title = `${priceText(low * multiplier)} – ${priceText(high * multiplier)}`;
  return content(side, title, distance(Math.sqrt(low * high) / price - 1), [
    ['badge_atRisk', usd(amount)],
    ['badge_expected', `≈ ${usdRange(amount * view.q.p10, amount * view.q.p90)}`],
    ['badge_observed', seen ? usd(seen) : ''],
    ['badge_leverage', listed(tiers, 0.05).slice(0, 3).join(', ')],
    ['badge_venues', listed(venues, 0.01).join(', ')],
    ['badge_opened', t('badge_ago', age(view[`${side}Age`][i]! * minuteMs))],
  ]);
}

/** Nearer than this to its zone the pointer is on a level, CSS pixels. */
const onLevel = 3;

/**
 * Says in `tip` what is under the pointer, beside it; says nothing where nothing is drawn. Prices are per coin; the text has
 * them in the chart's own unit.
 *
 * @param layer lies over the pane
 * @param pointer in the frame
 */
export function tell(
  tip: HTMLElement,
  layer: HTMLElement,
  pointer: { x: number; y: number },
  { pane, axis }: Chart,
  estimate: EstimateState,
): void {
  if (!pane?.element.isConnected || !axis) return;
  const { left: layerLeft, top: layerTop } = layer.getBoundingClientRect();
  const zoom = scaleOf(pane.element);
  const at = { x: (pointer.x - layerLeft) / zoom, y: (pointer.y - layerTop) / zoom };
  if (!(at.x >= 0 && at.x <= pane.width && at.y >= 0 && at.y <= pane.height)) return;
  const { view, settings } = estimate;
  const { multiplier } = estimate.symbol;
  const price = priceOf(estimate);
  if (!view || !price) return;
  const rowOf = (value: number) => yOf(axis, value * multiplier);
  const level = shownLevels(view, settings).find(
    (each) =>
      !isPassed(each, price) &&
      at.y >= Math.min(rowOf(each.low), rowOf(each.high)) - onLevel &&
      at.y <= Math.max(rowOf(each.low), rowOf(each.high)) + onLevel,
  );
  const isOnProfile = settings.mode === 'levels' && at.x >= pane.width - profileWidth(pane.width);
  if (settings.mode === 'levels' && !level && !isOnProfile) return;
  const facts = level
    ? ofLevel(view, level, price, multiplier)
    : ofBand(view, priceAt(axis, at.y) / multiplier, price, settings, multiplier);
  if (!facts) return;
  tip.replaceChildren(...facts);
  tip.style.display = 'block';
  // On a low chart less is said, rather than hide the row it is about.
  tip.classList.remove('brief');
  if (!fitsBeside(at.y, tip.offsetHeight, pane.height)) tip.classList.add('brief');
  const { left, top } = tipPlace(at, { width: tip.offsetWidth, height: tip.offsetHeight }, pane);
  tip.style.transform = `translate(${left}px,${top}px)`;
}
