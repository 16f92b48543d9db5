import type { Side } from '../engine/records';
import type { LevelView, MapView } from '../protocol/view';
import { bandsOf, largestBand, type Shown } from './side-bands';
import { type Box, type PaintOptions, type PriceScale, profileWidth, visibleBands } from './surface';
import {
  barAlpha,
  barInk,
  edgeAlpha,
  oldLevelMs,
  type Rgb,
  sideInk,
  size,
  staleGrey,
  strengthShares,
  zoneInk,
} from './theme';

/** A level with the amounts of the leverage tiers that are shown. */
export type ShownLevel = LevelView;

/** Class of a level by its share of all open interest: 1 weak, 2, 3 strong. The same on every coin. */
export const strengthOf = ({ share }: Pick<LevelView, 'share'>): 1 | 2 | 3 =>
  share < strengthShares[0] ? 1 : share < strengthShares[1] ? 2 : 3;

/** From this share of a bar on that the chart has drawn on, candles are in it. */
const candleShare = 0.03;

/** A level of which less than this share is held in the tiers shown is none of theirs. */
const leastShown = 0.05;

const known = new WeakMap<MapView, { key: string; levels: ShownLevel[] }>();

/**
 * Levels of a map as the choices leave them, nearest first on each side, so many a side; amounts in proportion to what the
 * shown tiers hold of the level's bands.
 */
export function shownLevels(view: MapView, shown: Shown): readonly ShownLevel[] {
  const { tiers, threshold = 0, levelsPerSide = size.levelsPerSide } = shown;
  const key = `${tiers.join()} ${threshold} ${levelsPerSide}`;
  const cached = known.get(view);
  if (cached?.key === key) return cached.levels;
  const least = threshold > 0 ? threshold * largestBand(view, shown) : 0;
  const counts: Record<Side, number> = { long: 0, short: 0 };
  const levels = (view.levels ?? []).flatMap((level) => {
    const part = shownPart(view, level, tiers);
    if (part < leastShown || level.usd * part < least || ++counts[level.side] > levelsPerSide) return [];
    if (part === 1) return [level];
    const { usd, share, forced, times } = level;
    const scaled = { p10: forced.p10 * part, p50: forced.p50 * part, p90: forced.p90 * part };
    return [
      {
        ...level,
        usd: usd * part,
        share: share * part,
        forced: scaled,
        ...(times === undefined ? {} : { times: times * part }),
      },
    ];
  });
  known.set(view, { key, levels });
  return levels;
}

/** What the shown tiers hold of a level's bands, 0–1. */
function shownPart(view: MapView, { side, low, high }: LevelView, tiers: readonly boolean[]): number {
  if (tiers.every(Boolean)) return 1;
  const { usd } = bandsOf(view, side, { tiers });
  const from = Math.max(0, Math.floor((Math.log(low) - view.lnLow) / view.step));
  const to = Math.min(usd.length, Math.ceil((Math.log(high) - view.lnLow) / view.step));
  let shown = 0;
  let all = 0;
  for (let i = from; i < to; i++) {
    shown += usd[i]!;
    all += view[side][i]!;
  }
  return all > 0 ? Math.min(1, shown / all) : 0;
}

/** Whether price has gone through a level since the map was made. */
export const isPassed = ({ side, low, high }: LevelView, price: number): boolean =>
  side === 'long' ? price <= low : price >= high;

const mix = (color: Rgb, into: Rgb, part: number): string =>
  `rgb(${color.map((value, i) => Math.round(value * part + into[i]! * (1 - part))).join()})`;

/**
 * Draws levels as zones with an edge on the side of the price, and the whole estimate as bars at the right edge. Meant
 * for a layer that is blended into the chart (see `blending`), or one below its candles.
 */
export function paintLevels(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const levels = shownLevels(view, options).filter((level) => !isPassed(level, options.price));
  for (const level of levels) paintZone(context, level, scale, box, options);
  paintBars(context, view, levels, scale, box, options);
  for (const level of levels) paintEdge(context, level, scale, box, options, view.asOf);
}

function paintZone(
  context: CanvasRenderingContext2D,
  level: ShownLevel,
  scale: PriceScale,
  box: Box,
  { pixelRatio: k, scheme, multiplier, freshness, startOf }: PaintOptions,
): void {
  const { side, low, high } = level;
  const one = scale.priceToY(low * multiplier);
  const other = scale.priceToY(high * multiplier);
  const top = Math.round((box.y + Math.min(one, other)) * k);
  const bottom = Math.max(top + size.zoneLeast * k, Math.round((box.y + Math.max(one, other)) * k));
  if (bottom <= box.y * k || top >= (box.y + box.height) * k) return;
  const [r, g, b] = freshness === 'stale' ? staleZone(zoneInk[scheme][side]) : zoneInk[scheme][side];
  const left = Math.round(box.x * k);
  const right = Math.round((box.x + box.width) * k);
  const start = startOf?.(level);
  const fade = start === undefined ? (right - left) * size.zoneFade : size.zoneFadeShort * k;
  // One that begins before the box fades in there, out of sight.
  const begin = start === undefined ? left : Math.min(right - fade, Math.round((box.x + start) * k));
  const from = Math.max(left, begin);
  const shade = context.createLinearGradient(begin, 0, begin + fade, 0);
  shade.addColorStop(0, `rgba(${r},${g},${b},0)`);
  shade.addColorStop(1, `rgb(${r},${g},${b})`);
  context.fillStyle = shade;
  context.fillRect(from, top, right - from, bottom - top);
}

const staleZone = (color: Rgb): Rgb => {
  const grey = (color[0] + color[1] + color[2]) / 3;
  return [grey, grey, grey];
};

function paintEdge(
  context: CanvasRenderingContext2D,
  level: ShownLevel,
  scale: PriceScale,
  box: Box,
  { pixelRatio: k, scheme, multiplier, freshness }: PaintOptions,
  asOf: number,
): void {
  const y = Math.round((box.y + scale.priceToY(level.edge * multiplier)) * k);
  if (!(y >= box.y * k && y < (box.y + box.height) * k)) return;
  const thick = Math.max(1, Math.round(k));
  context.save();
  context.globalAlpha = edgeAlpha[strengthOf(level) - 1]!;
  context.strokeStyle =
    freshness === 'stale' ? `rgb(${staleGrey[scheme].join()})` : sideInk[scheme][level.side];
  context.lineWidth = thick;
  if (asOf - level.since > oldLevelMs) context.setLineDash([size.edgeDash * k, size.edgeDash * k]);
  context.beginPath();
  context.moveTo(Math.round(box.x * k), y + thick / 2);
  context.lineTo(Math.round((box.x + box.width) * k), y + thick / 2);
  context.stroke();
  context.restore();
}

/** Bars of one colour are one path: a fill costs more than the rectangles in it. */
function paintBars(
  context: CanvasRenderingContext2D,
  view: MapView,
  levels: readonly ShownLevel[],
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const { pixelRatio: k, scheme, multiplier, freshness, drawn } = options;
  const long = bandsOf(view, 'long', options);
  const short = bandsOf(view, 'short', options);
  const largest = Math.max(long.max, short.max);
  if (!(largest > 0)) return;
  const right = Math.round((box.x + box.width) * k);
  const reach = profileWidth(box.width) * k;
  const rows = Math.round(box.height * k);
  const top = Math.round(box.y * k);
  const yOf = (i: number) =>
    Math.round(scale.priceToY(Math.exp(view.lnLow + i * view.step) * multiplier) * k);
  for (const [side, { usd }] of [
    ['long', long],
    ['short', short],
  ] as const) {
    const [from, to] = visibleBands(view, side, scale, box, options);
    const paths = { band: new Path2D(), level: new Path2D(), under: new Path2D() };
    const zones = levels.filter((level) => level.side === side);
    let edge = yOf(from);
    for (let i = from; i < to; i++) {
      const next = yOf(i + 1);
      const share = usd[i]! / largest;
      const first = Math.max(0, Math.min(edge, next));
      const last = Math.min(rows, Math.max(edge, next));
      edge = next;
      if (share < size.profileLeast || last < first) continue;
      const middle = Math.exp(view.lnLow + (i + 0.5) * view.step);
      const isLevel = zones.some(({ low, high }) => middle >= low && middle <= high);
      const length = Math.max(1, Math.round(share * reach));
      // A hair between two bars where there is room for it.
      const height = last - first > 3 * k ? last - first - Math.round(k) : Math.max(1, last - first);
      const [left, at] = [right - length, top + first];
      const isUnder = drawn && drawn.shareOf(left / k, at / k, length / k, height / k) > candleShare;
      paths[isUnder ? 'under' : isLevel ? 'level' : 'band'].rect(left, at, length, height);
    }
    const { background } = barInk[scheme];
    const color = freshness === 'stale' ? staleGrey[scheme] : barInk[scheme][side];
    for (const name of ['band', 'level', 'under'] as const) {
      context.fillStyle = mix(color, background, barAlpha[name]);
      context.fill(paths[name]);
    }
  }
}
