import { sides } from '../engine/records';
import type { MapView } from '../protocol/view';
import { bandsOf } from './side-bands';
import {
  type Box,
  type PaintOptions,
  type PriceScale,
  profileWidth,
  shadeOf,
  sideShades,
  visibleBands,
} from './surface';
import { ink, sideInk, size } from './theme';

/**
 * Draws the estimate as bars growing leftwards from the right edge, longest = the largest band of both sides, with one
 * curve a side: what has been passed in total, from the price outwards.
 */
export function paintProfile(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  const k = options.pixelRatio;
  const right = Math.round((box.x + box.width) * k);
  const top = Math.round(box.y * k);
  const reach = profileWidth(box.width) * k;
  const levels = {
    long: bandsOf(view, 'long', options),
    short: bandsOf(view, 'short', options),
  };
  const largest = Math.max(levels.long.max, levels.short.max);
  if (!(largest > 0)) return;
  const edgeOf = (i: number) =>
    Math.round(scale.priceToY(Math.exp(view.lnLow + i * view.step) * options.multiplier) * k);

  context.save();
  context.beginPath();
  context.rect(Math.round(box.x * k), top, Math.round(box.width * k), Math.round(box.height * k));
  context.clip();
  for (const side of sides) {
    const { usd, strength } = levels[side];
    const shades = sideShades(side, options).bytes;
    const [from, to] = visibleBands(view, side, scale, box, options);
    for (let i = from; i < to; i++) {
      if (strength[i] === 0) continue;
      const [r, g, b] = shades[shadeOf(strength[i]!)]!;
      context.fillStyle = `rgba(${r}, ${g}, ${b}, ${options.opacity})`;
      const y0 = edgeOf(i);
      const y1 = edgeOf(i + 1);
      const length = Math.max(1, Math.round((usd[i]! / largest) * reach));
      context.fillRect(right - length, top + Math.min(y0, y1), length, Math.max(1, Math.abs(y1 - y0)));
    }
  }

  // Both curves share one scale, so that the heavier side is the one that reaches further.
  const now = Math.floor((Math.log(options.price) - view.lnLow) / view.step);
  let most = 0;
  const curves = sides.map((side) => {
    const { usd } = levels[side];
    const outward = side === 'long' ? -1 : 1;
    const points: [sum: number, y: number][] = [[0, scale.priceToY(options.price * options.multiplier) * k]];
    let sum = 0;
    // The band the price is in belongs to the side that has an amount there.
    for (let i = now; i >= 0 && i < usd.length; i += outward) {
      sum += usd[i]!;
      points.push([sum, edgeOf(side === 'long' ? i : i + 1)]);
    }
    most = Math.max(most, sum);
    return points;
  });
  context.lineWidth = Math.max(1, Math.round(size.curveWidth * k));
  context.lineJoin = 'round';
  sides.forEach((side, i) => {
    context.beginPath();
    for (const [sum, y] of curves[i]!) context.lineTo(right - (sum / (most || 1)) * reach * 1.15, top + y);
    context.strokeStyle =
      options.freshness === 'stale' ? ink[options.scheme].muted : sideInk[options.scheme][side];
    context.stroke();
  });
  context.restore();
}
