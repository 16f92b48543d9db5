import type { Side } from '../engine/records';
import { minuteMs } from '../engine/time';
import type { Heat } from '../paint/heatmap';
import { shownLevels } from '../paint/levels';
import type { MapView } from '../protocol/view';
import { age, distance, price as priceText, usd, usdRange } from '../ui/format';
import { distanceOf, forcedText } from '../ui/level-text';
import { part } from '../ui/part';
import { t } from '../ui/text';
import { allTiers } from './primitive';

/** Of the venues that hold a band so many are named, largest first. */
const mostVenues = 3;

type Row = [name: string, value: string];

/** What is said of the place that a reader points at; undefined where nothing is drawn. */
export function tooltip(
  view: MapView,
  heat: Heat | undefined,
  at: { price: number; time: number },
): Node[] | undefined {
  const past = heat && pastRows(heat, at);
  if (past) return past;
  const level = shownLevels(view, { tiers: allTiers }).find(
    ({ low, high }) => at.price >= low && at.price <= high,
  );
  if (!level) return bandRows(view, at.price);
  const { side, low, high } = level;
  return content(side, low, high, distanceOf(level, view.price), [
    [t('badge_atRisk'), usd(level.usd)],
    [t('badge_expected'), `≈ ${forcedText(level)}`],
    [t('badge_opened'), t('badge_ago', age(level.ageMs))],
  ]);
}

function bandRows(view: MapView, at: number): Node[] | undefined {
  const { lnLow, step, q, price, venues = [] } = view;
  const i = Math.floor((Math.log(at) - lnLow) / step);
  const side: Side = at < price ? 'long' : 'short';
  const amount = view[side][i] ?? 0;
  if (!(amount > 0)) return undefined;
  const low = Math.exp(lnLow + i * step);
  const high = low * Math.exp(step);
  const held = venues
    .map(({ name, [side]: shares }) => [name, shares[i] ?? 0] as const)
    .filter(([, share]) => share >= 1)
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostVenues);
  return content(side, low, high, Math.sqrt(low * high) / price - 1, [
    [t('badge_atRisk'), usd(amount)],
    [t('badge_expected'), `≈ ${usdRange(amount * q.p10, amount * q.p90)}`],
    [t('badge_venues'), held.map(([name, share]) => `${name}\u00a0${Math.round(share)}\u202f%`).join(', ')],
    [t('badge_opened'), t('badge_ago', age(view[`${side}Age`][i]! * minuteMs))],
  ]);
}

/** What a cell of the heatmap's past said then. */
function pastRows(heat: Heat, { price, time }: { price: number; time: number }): Node[] | undefined {
  const column = Math.floor((time - heat.time) / heat.columnMs);
  const row = Math.floor((Math.log(price) - heat.lnLow) / heat.step);
  if (column < 0 || column >= heat.columns - 1 || row < 0 || row >= heat.rows) return undefined;
  const cell = heat.cells[column * heat.rows + row]!;
  if (cell === 0) return undefined;
  const low = Math.exp(heat.lnLow + row * heat.step);
  const amount = Math.exp(((cell & 127) - 1) * heat.usdStep) * heat.usdFrom;
  return content(cell < 128 ? 'long' : 'short', low, low * Math.exp(heat.step), undefined, [
    [t('badge_atRisk'), `≈ ${usd(amount)}`],
  ]);
}

function content(side: Side, low: number, high: number, away: number | undefined, rows: Row[]): Node[] {
  const where = [`${priceText(low)} – ${priceText(high)}`, ...(away === undefined ? [] : [distance(away)])];
  return [
    part('b', side, t(side === 'long' ? 'map_long' : 'map_short')),
    part('span', '', t('map_estimate')),
    part('p', '', where.join(' · ')),
    part(
      'dl',
      '',
      ...rows
        .filter(([, value]) => value)
        .map(([name, value]) => part('div', '', part('dt', '', name), part('dd', '', value))),
    ),
  ];
}
