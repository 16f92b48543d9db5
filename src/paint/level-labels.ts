import type { Side } from '../engine/records';
import type { MapView } from '../protocol/view';
import { isPassed, type ShownLevel, shownLevels, strengthOf } from './levels';
import type { Box, PaintOptions, PriceScale } from './surface';
import { fontFamily, ink, sideInk, size } from './theme';

/** Where the levels' labels stand in a pane, and how one is painted. */

/** Beyond which end of the pane a level is, where it is out of sight. */
export type Pinned = 'top' | 'bottom' | undefined;

export interface PlacedLabel {
  level: ShownLevel;
  /** Top of the plate, CSS pixels from the top of the box. */
  top: number;
  pinned: Pinned;
}

const pitch = size.labelHeight + size.labelGap;

/**
 * Rows for the labels of a pane: each outside the edge of its level as seen from the last price, pushed further out by
 * those before it, never on the last price's row. Where no level of a side is in sight its nearest one is pinned to that
 * end of the pane. What finds no row is left out.
 */
export function placeLabels(
  levels: readonly ShownLevel[],
  scale: PriceScale,
  height: number,
  { multiplier, price }: Pick<PaintOptions, 'multiplier' | 'price'>,
): PlacedLabel[] {
  const priceY = scale.priceToY(price * multiplier);
  const placed: PlacedLabel[] = [];
  for (const side of ['short', 'long'] as const) {
    const own = levels.filter((level) => level.side === side && !isPassed(level, price));
    const edges = own.map((level) => ({ level, y: scale.priceToY(level.edge * multiplier) }));
    if (edges.length > 0)
      placed.push(...placeSide(edges, isUpwards(side, scale, price * multiplier), priceY, height));
  }
  return placed;
}

/** Whether a side is above the last price on screen: shorts are, but for a chart upside down. */
const isUpwards = (side: Side, scale: PriceScale, price: number): boolean =>
  (side === 'short') === scale.priceToY(price * 1.001) < scale.priceToY(price);

function placeSide(
  edges: { level: ShownLevel; y: number }[],
  isUp: boolean,
  priceY: number,
  height: number,
): PlacedLabel[] {
  const inSight = edges.filter(({ y }) => y >= 0 && y <= height);
  // Distance from the last price outwards, so that both directions are one.
  const outwards = isUp ? -1 : 1;
  const isPriceInSight = priceY > -size.priceRow && priceY < height + size.priceRow;
  const free = isPriceInSight ? size.priceRow + 1 : Number.NEGATIVE_INFINITY;
  if (inSight.length === 0) {
    const { level, y } = edges[0]!;
    const pinned = y < 0 ? 'top' : 'bottom';
    const top = pinned === 'top' ? size.labelGap : height - size.labelGap - size.labelHeight;
    const isOnPrice = top < priceY + size.priceRow && top + size.labelHeight > priceY - size.priceRow;
    return isOnPrice || !Number.isFinite(y) ? [] : [{ level, top, pinned }];
  }
  const placed: PlacedLabel[] = [];
  let next = free;
  for (const { level, y } of inSight) {
    // Near side of the plate, from the last price.
    const near = Math.max((y - priceY) * outwards + size.labelGap, next);
    const top = isUp ? priceY - near - size.labelHeight : priceY + near;
    if (top < 0 || top + size.labelHeight > height) continue;
    placed.push({ level, top, pinned: undefined });
    next = near + pitch;
  }
  return placed;
}

/** How a label looks; two that are alike are the same picture. */
export interface LabelLook extends Pick<PaintOptions, 'pixelRatio' | 'scheme' | 'freshness'> {
  text: string;
}

const font = (pixelRatio: number): string => `500 ${size.labelFont * pixelRatio}px ${fontFamily}`;

/** Of the strength's three small bars, with air on their right. CSS pixels. */
const barsWidth = 12;

/** Device pixels that a label takes. */
export function measureLabel(
  context: CanvasRenderingContext2D,
  { text, pixelRatio: k }: LabelLook,
): {
  width: number;
  height: number;
} {
  context.font = font(k);
  const words = context.measureText(text).width;
  return {
    width: Math.ceil(words + (2 * size.labelPadding + barsWidth) * k),
    height: Math.round(size.labelHeight * k),
  };
}

/**
 * Paints one label: how strong the level is in three bars of its side's colour, and the text.
 *
 * @param at left and top in device pixels
 * @param area as measured
 */
export function paintLabel(
  context: CanvasRenderingContext2D,
  level: ShownLevel,
  { text, pixelRatio: k, scheme, freshness }: LabelLook,
  at: { x: number; y: number },
  area: { width: number; height: number },
): void {
  const colors = ink[scheme];
  const isStale = freshness === 'stale';
  context.save();
  context.fillStyle = colors.plate;
  context.strokeStyle = colors.line;
  context.lineWidth = k;
  context.beginPath();
  context.roundRect(at.x + k / 2, at.y + k / 2, area.width - k, area.height - k, 4 * k);
  context.fill();
  context.stroke();
  const strength = strengthOf(level);
  context.fillStyle = isStale ? colors.muted : sideInk[scheme][level.side];
  for (let i = 0; i < 3; i++) {
    context.globalAlpha = i < strength ? 1 : 0.25;
    const height = Math.round((4 + 2 * i) * k);
    const x = at.x + Math.round((size.labelPadding + 3 * i) * k);
    const bottom = at.y + Math.round((area.height + 8 * k) / 2);
    context.fillRect(x, bottom - height, Math.max(1, Math.round(2 * k)), height);
  }
  context.globalAlpha = 1;
  context.font = font(k);
  context.textBaseline = 'middle';
  context.fillStyle = isStale ? colors.muted : colors.text;
  context.fillText(
    text,
    at.x + Math.round((size.labelPadding + barsWidth) * k),
    at.y + area.height / 2 + 0.5 * k,
  );
  context.restore();
}

/** Writes the labels of the levels at the right edge of the box. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
  textOf: (level: ShownLevel, pinned: Pinned) => string,
): void {
  const k = options.pixelRatio;
  for (const { level, top, pinned } of placeLabels(shownLevels(view, options), scale, box.height, options)) {
    const look: LabelLook = { ...options, text: textOf(level, pinned) };
    const area = measureLabel(context, look);
    const x = Math.round((box.x + box.width - size.labelMargin) * k) - area.width;
    if (x >= box.x * k) paintLabel(context, level, look, { x, y: Math.round((box.y + top) * k) }, area);
  }
}
