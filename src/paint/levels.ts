import type { Side } from '../engine/records';
import type { LevelView, MapView } from '../protocol/view';
import { bandsOf, choiceOf, largestBand, type Shown } from './side-bands';
import { type Box, type PaintOptions, type PriceScale, profileWidth } from './surface';
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
  zoneVeil,
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

const known = new WeakMap<MapView, { choice: number; perSide: number; levels: ShownLevel[] }>();

/**
 * Levels of a map as the choices leave them, nearest first on each side, so many a side; amounts in proportion to what the
 * shown tiers hold of the level's bands.
 */
export function shownLevels(view: MapView, shown: Shown): readonly ShownLevel[] {
  const { tiers, threshold = 0, levelsPerSide = size.levelsPerSide } = shown;
  const choice = choiceOf(shown);
  const cached = known.get(view);
  if (cached?.choice === choice && cached.perSide === levelsPerSide) return cached.levels;
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
        times: times && times * part,
      },
    ];
  });
  known.set(view, { choice, perSide: levelsPerSide, levels });
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
  const shown = shownLevels(view, options);
  const levels = shown.filter((level) => !isPassed(level, options.price));
  for (const level of levels) paintZone(context, level, scale, box, options);
  paintBars(context, profileOf(view, shown, options), scale, box, options);
  for (const level of levels) paintEdge(context, level, scale, box, options, view.asOf);
}

interface Bar {
  /** Prices per coin. */
  low: number;
  high: number;
  /** Of the largest band of both sides. */
  share: number;
  /** Within the zone of a level. */
  isLevel: boolean;
}

/** By the levels shown, which are the same until map or choice change: a chart being panned, and a price that moves, find them made. */
const profiles = new WeakMap<readonly ShownLevel[], Record<Side, Bar[]>>();

/** The estimate as bars. */
function profileOf(view: MapView, shown: readonly ShownLevel[], options: PaintOptions): Record<Side, Bar[]> {
  const cached = profiles.get(shown);
  if (cached) return cached;
  const largest = largestBand(view, options);
  const priceOf = (i: number) => Math.exp(view.lnLow + i * view.step);
  const barsOf = (side: Side): Bar[] => {
    const zones = shown.filter((level) => level.side === side);
    return Array.from(bandsOf(view, side, options).usd, (usd, i) => {
      const middle = priceOf(i + 0.5);
      const isLevel = zones.some(({ low, high }) => middle >= low && middle <= high);
      return { low: priceOf(i), high: priceOf(i + 1), share: usd / largest, isLevel };
    }).filter(({ share }) => share >= size.profileLeast);
  };
  const profile = { long: barsOf('long'), short: barsOf('short') };
  profiles.set(shown, profile);
  return profile;
}

/** By their colours, which are few: mixing them anew in every frame would take longer than to paint with them. */
const shades = new Map<Rgb, { opacity: number; fade: number; isStale: boolean; shade: CanvasGradient }>();

/** From nothing, over this many device pixels from nought, to what looks like a colour on its ground at this opacity. */
function shadeOf(
  context: CanvasRenderingContext2D,
  color: Rgb,
  ground: Rgb,
  opacity: number,
  fade: number,
  isStale: boolean,
): CanvasGradient {
  let known = shades.get(color);
  if (known?.fade !== fade || known.isStale !== isStale || known.opacity !== opacity) {
    const shade = context.createLinearGradient(0, 0, fade, 0);
    const grey = (color[0] + color[1] + color[2]) / 3;
    const ink = color.map((value, i) => ground[i]! + ((isStale ? grey : value) - ground[i]!) / opacity);
    shade.addColorStop(0, `rgba(${ink},0)`);
    shade.addColorStop(1, `rgba(${ink},${opacity})`);
    known = { opacity, fade, isStale, shade };
    shades.set(color, known);
  }
  return known.shade;
}

function paintZone(
  context: CanvasRenderingContext2D,
  level: ShownLevel,
  scale: PriceScale,
  box: Box,
  { pixelRatio: k, scheme, multiplier, freshness, startOf, isSeeThrough }: PaintOptions,
): void {
  const { side, low, high } = level;
  const one = scale.priceToY(low * multiplier);
  const other = scale.priceToY(high * multiplier);
  const top = Math.round((box.y + Math.min(one, other)) * k);
  const bottom = Math.max(top + size.zoneLeast * k, Math.round((box.y + Math.max(one, other)) * k));
  if (bottom <= box.y * k || top >= (box.y + box.height) * k) return;
  const left = Math.round(box.x * k);
  const right = Math.round((box.x + box.width) * k);
  const start = startOf?.(level);
  const fade = start === undefined ? (right - left) * size.zoneFade : size.zoneFadeShort * k;
  // One that begins before the box fades in there, out of sight.
  const begin = start === undefined ? left : Math.min(right - fade, Math.round((box.x + start) * k));
  const from = Math.max(left, begin);
  context.translate(begin, 0);
  context.fillStyle = shadeOf(
    context,
    zoneInk[scheme][side],
    barInk[scheme].background,
    isSeeThrough ? zoneVeil : 1,
    fade,
    freshness === 'stale',
  );
  context.fillRect(from - begin, top, right - from, bottom - top);
  context.translate(-begin, 0);
}

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
  const left = Math.round(box.x * k);
  const right = Math.round((box.x + box.width) * k);
  context.save();
  context.globalAlpha = edgeAlpha[strengthOf(level) - 1]!;
  context.strokeStyle = freshness === 'stale' ? `rgb(${staleGrey[scheme]})` : sideInk[scheme][level.side];
  context.lineWidth = thick;
  context.beginPath();
  if (asOf - level.since > oldLevelMs) context.setLineDash([size.edgeDash * k]);
  context.moveTo(left, y + thick / 2);
  context.lineTo(right, y + thick / 2);
  context.stroke();
  context.restore();
}

/** Bars of one colour are one path: a fill costs more than the rectangles in it. */
function paintBars(
  context: CanvasRenderingContext2D,
  bars: Record<Side, Bar[]>,
  scale: PriceScale,
  box: Box,
  { pixelRatio: k, scheme, multiplier, price, freshness, drawn, isSeeThrough }: PaintOptions,
): void {
  const right = Math.round((box.x + box.width) * k);
  const reach = profileWidth(box.width) * k;
  const rows = Math.round(box.height * k);
  const top = Math.round(box.y * k);
  for (const side of ['long', 'short'] as const) {
    const paths: Partial<Record<keyof typeof barAlpha, Path2D>> = {};
    for (const { low, high, share, isLevel } of bars[side]) {
      // The band the price is in belongs to the side that has an amount there.
      if (side === 'long' ? low >= price : high <= price) continue;
      const one = Math.round(scale.priceToY(low * multiplier) * k);
      const other = Math.round(scale.priceToY(high * multiplier) * k);
      const first = Math.max(0, Math.min(one, other));
      const last = Math.min(rows, Math.max(one, other));
      const rise = last - first;
      if (rise < 0) continue;
      const length = Math.max(1, Math.round(share * reach));
      // A hair between two bars where there is room for it.
      const height = rise > 3 * k ? rise - Math.round(k) : Math.max(1, rise);
      const left = right - length;
      const at = top + first;
      const isUnder = drawn && drawn.shareOf(left / k, at / k, length / k, height / k) > candleShare;
      const name = isUnder ? 'under' : isLevel ? 'level' : 'band';
      paths[name] ??= new Path2D();
      paths[name].rect(left, at, length, height);
    }
    const color = freshness === 'stale' ? staleGrey[scheme] : barInk[scheme][side];
    for (const name of ['band', 'level', 'under'] as const) {
      if (!paths[name]) continue;
      const alpha = barAlpha[name];
      context.fillStyle = isSeeThrough
        ? `rgba(${color},${alpha})`
        : mix(color, barInk[scheme].background, alpha);
      context.fill(paths[name]);
    }
  }
}
