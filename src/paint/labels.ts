import type { Side } from '../engine/records';
import type { MapView } from '../protocol/view';
import type { Box, PaintOptions, PriceScale } from './surface';
import { fontFamily, ink, sideInk, size } from './theme';

type Cluster = MapView['clusters'][number];

export interface PlacedLabel {
  cluster: Cluster;
  /** Top of the plate, CSS pixels from the top of the box. */
  top: number;
}

/**
 * Picks the largest clusters in sight, up to three a side, and drops those whose label would touch another's or the
 * row of the last price.
 */
export function placeLabels(
  clusters: readonly Cluster[],
  scale: PriceScale,
  height: number,
  { multiplier, price }: Pick<PaintOptions, 'multiplier' | 'price'>,
): PlacedLabel[] {
  const pitch = size.labelHeight + size.labelGap;
  const taken = [scale.priceToY(price * multiplier) - size.labelHeight / 2];
  const counts: Record<Side, number> = { long: 0, short: 0 };
  const placed: PlacedLabel[] = [];
  for (const cluster of clusters.toSorted((a, b) => b.usd - a.usd)) {
    if (counts[cluster.side] >= size.labelsPerSide) continue;
    const passed = cluster.side === 'long' ? cluster.low > price : cluster.high < price;
    const middle = scale.priceToY(cluster.peak * multiplier);
    const top = middle - size.labelHeight / 2;
    if (passed || !(top >= 0 && top + size.labelHeight <= height)) continue;
    if (taken.some((other) => Math.abs(other - top) < pitch)) continue;
    taken.push(top);
    counts[cluster.side]++;
    placed.push({ cluster, top });
  }
  return placed;
}

/** Writes the largest clusters' labels at the right edge of the box, beside their bands. */
export function paintLabels(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
  label: (cluster: Cluster) => string,
): void {
  const k = options.pixelRatio;
  const colors = ink[options.scheme];
  context.save();
  context.font = `500 ${size.labelFont * k}px ${fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const { cluster, top } of placeLabels(view.clusters, scale, box.height, options)) {
    const text = label(cluster);
    const width = Math.ceil(context.measureText(text).width + 2 * size.labelPadding * k);
    const height = Math.round(size.labelHeight * k);
    const x = Math.round((box.x + box.width - size.labelMargin) * k) - width;
    const y = Math.round((box.y + top) * k);
    if (x < box.x * k) continue;
    context.fillStyle = colors.plate;
    context.beginPath();
    context.roundRect(x, y, width, height, 4 * k);
    context.fill();
    const edge = options.freshness === 'stale' ? colors.muted : sideInk[options.scheme][cluster.side];
    context.fillStyle = edge;
    context.fillRect(
      x,
      y + Math.round(3 * k),
      Math.max(1, Math.round(2 * k)),
      height - 2 * Math.round(3 * k),
    );
    context.fillStyle = options.freshness === 'stale' ? colors.muted : colors.text;
    context.fillText(text, x + Math.round(size.labelPadding * k), y + height / 2);
  }
  context.restore();
}
