import type { MapView } from '../protocol/view';
import { paintBands } from './bands';
import { paintLevels } from './levels';
import { paintProfile } from './profile';
import type { Box, PaintOptions, PriceScale } from './surface';

/** Draws the estimate over the box in the mode chosen, longs below the price and shorts above it. */
export function paintEstimate(
  context: CanvasRenderingContext2D,
  view: MapView,
  scale: PriceScale,
  box: Box,
  options: PaintOptions,
): void {
  if (options.mode === 'levels') paintLevels(context, view, scale, box, options);
  else if (options.mode === 'profile') paintProfile(context, view, scale, box, options);
  else if (options.history) options.history(context, scale, box, options);
  else paintBands(context, view, scale, box, options);
}
