import type { HistoryView } from '../protocol/view';
import type { Box, PaintOptions, PriceScale } from './surface';
import { ringRadius, sideInk } from './theme';

/** Hollow rings where orders were really forced: observed, and never added to the estimate. The area grows with the amount. */
export function paintForced(
  context: CanvasRenderingContext2D,
  forced: NonNullable<HistoryView['forced']>,
  xAt: (time: number) => number,
  scale: PriceScale,
  box: Box,
  { multiplier, pixelRatio: k, scheme }: PaintOptions,
): void {
  const largest = forced.reduce((most, { usd }) => Math.max(most, usd), 0);
  context.lineWidth = 1.25 * k;
  for (const { time, side, price, usd } of forced) {
    const x = xAt(time);
    const y = (box.y + scale.priceToY(price * multiplier)) * k;
    const radius = (ringRadius.least + (ringRadius.most - ringRadius.least) * Math.sqrt(usd / largest)) * k;
    if (x < box.x * k || y < box.y * k || y > (box.y + box.height) * k) continue;
    context.strokeStyle = sideInk[scheme][side];
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}
