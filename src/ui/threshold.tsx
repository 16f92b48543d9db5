import { bandsOf, largestBand, type Shown } from '../paint/side-bands';
import type { MapView } from '../protocol/view';
import { usd } from './format';
import { Slider } from './slider';
import { t } from './text';

/** Without a map: as far down as most maps go. */
const usualLeast = 0.005;

/** Bands this far from price are what the slider is fitted to: what lies beyond is seldom in sight, and thin. */
const near = 0.1;

/** Bands near price as parts of the largest of all, ascending. */
function partsNear(view: MapView, shown: Shown): number[] {
  const largest = largestBand(view, shown);
  const middle = (Math.log(view.price) - view.lnLow) / view.step;
  return (['long', 'short'] as const)
    .flatMap((side) => [...bandsOf(view, side, { tiers: shown.tiers }).usd])
    .filter((usd, i) => usd > 0 && Math.abs((i % view.long.length) + 0.5 - middle) * view.step <= near)
    .map((usd) => usd / largest)
    .sort((a, b) => a - b);
}

/** The weakest band near price that the slider can tell from nothing, as a part of the largest: nine in ten are above it. */
export function leastPart(view: MapView | undefined, shown: Shown): number {
  const parts = view ? partsNear(view, shown) : [];
  const least = parts[Math.floor(parts.length / 10)];
  return least === undefined ? usualLeast : Math.min(0.5, Math.max(1e-4, least));
}

/** Places of the slider, 0–1, from which on a half, a quarter and a tenth of the bands near price are left. */
export function marksOf(view: MapView | undefined, shown: Shown): number[] {
  const parts = view ? partsNear(view, shown) : [];
  if (parts.length < 10) return [];
  const least = leastPart(view, shown);
  return [0.5, 0.75, 0.9].map((share) => placeOf(parts[Math.floor(share * parts.length)]!, least));
}

/** Part of the largest band at a place of the slider, 0–1: nothing is left out at 0, beyond it even steps are even ratios. */
export const partAt = (place: number, least: number): number => (place <= 0 ? 0 : least ** (1 - place));

/** The inverse of `partAt`. */
export const placeOf = (part: number, least: number): number =>
  part <= 0 ? 0 : Math.min(1, Math.max(0.01, 1 - Math.log(part) / Math.log(least)));

/** From what amount on bands and levels are shown, on a log scale fitted to the map. */
export function Threshold(props: {
  view: MapView | undefined;
  shown: Shown;
  onInput(threshold: number): void;
}) {
  const { view, shown, onInput } = props;
  const { threshold = 0 } = shown;
  const least = leastPart(view, shown);
  const amount = view
    ? usd(threshold * largestBand(view, shown))
    : `${(threshold * 100).toPrecision(2)}\u202f%`;
  return (
    <Slider
      label={t('popup_threshold')}
      min={0}
      max={1}
      step={0.01}
      value={placeOf(threshold, least)}
      text={threshold > 0 ? amount : t('popup_thresholdAll')}
      marks={marksOf(view, shown)}
      onInput={(place) => onInput(partAt(place, least))}
    />
  );
}
