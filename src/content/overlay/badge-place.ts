import { size } from '../../paint/theme';
import type { Corner } from '../../protocol/settings';
import type { Area } from './area';
import type { InkMap } from './ink-map';
import type { Obstacles } from './obstacles';

/** Where badge, card and tooltip stand in a pane. CSS pixels from the pane's corner. */

/** Between the badge and the pane's edge. */
const margin = 8;

export interface Surroundings {
  width: number;
  height: number;
  /** What of the page stands over the pane. */
  obstacles: Obstacles;
  /** What the chart has drawn. */
  ink: InkMap;
  /** Our own labels. */
  labels: readonly Area[];
  /** Where the last price is; undefined where unknown. */
  priceY: number | undefined;
}

const corners: readonly Corner[] = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
/** Below this share of a place drawn on by the chart it counts as free. */
const leastInk = 0.005;
/** Opened it is no lower than this, CSS pixels, unless the pane is. */
const leastOpened = 160;
/** From its corner the badge goes no further along the edge than this share of the pane. */
const farthest = 0.45;

const touches = (one: Area, other: Area): boolean =>
  one.left < other.left + other.width + size.labelGap &&
  other.left < one.left + one.width + size.labelGap &&
  one.top < other.top + other.height + size.labelGap &&
  other.top < one.top + one.height + size.labelGap;

/** What of ours, or the last price's row, stands where the badge would be. */
export function ownHit(area: Area, { labels, priceY }: Surroundings): Area | undefined {
  const label = labels.find((each) => touches(area, each));
  if (label) return label;
  if (priceY === undefined) return undefined;
  const row = { left: area.left, width: area.width, top: priceY - size.priceRow, height: 2 * size.priceRow };
  return touches(area, row) ? row : undefined;
}

const isInside = ({ left, top, width, height }: Area, pane: { width: number; height: number }): boolean =>
  left >= 0 && top >= 0 && left + width <= pane.width && top + height <= pane.height;

/** Whether nothing of the page, of ours or the last price is under the badge. */
export const isClear = (area: Area, around: Surroundings): boolean =>
  isInside(area, around) && !ownHit(area, around) && !around.obstacles.hit(area);

/** Whether a clear place is the very first that would be tried, so that there is none better. */
export const isFirstChoice = (
  { area, corner }: { area: Area; corner: Corner },
  chosen: Corner | undefined,
  around: Surroundings,
): boolean =>
  corner === (chosen ?? corners[0]) &&
  (corner.startsWith('top') ? area.top === margin : area.top + area.height === around.height - margin) &&
  (chosen !== undefined || inkUnder(area, around) <= leastInk) &&
  isClear(area, around);

export const inkUnder = ({ left, top, width, height }: Area, { ink }: Surroundings): number =>
  ink.shareOf(left, top, width, height);

/** The first clear place at a corner, going along the edge past what stands there. */
function placeAt(
  corner: Corner,
  badge: { width: number; height: number },
  around: Surroundings,
): Area | undefined {
  const isTop = corner.startsWith('top');
  const left = corner.endsWith('left') ? margin : around.width - margin - badge.width;
  const limit = farthest * around.height;
  const area: Area = { left, top: isTop ? margin : around.height - margin - badge.height, ...badge };
  for (let tries = 0; tries < 30; tries++) {
    const moved = isTop ? area.top - margin : around.height - margin - badge.height - area.top;
    if (!isInside(area, around) || moved > limit) return undefined;
    const hit = ownHit(area, around) ?? around.obstacles.hit(area);
    if (!hit) return area;
    area.top = isTop
      ? Math.max(area.top + 1, hit.top + hit.height + 4)
      : Math.min(area.top - 1, hit.top - badge.height - 4);
  }
  return undefined;
}

/**
 * The best place for a badge: at the corner the user chose, if one was and the page has no words there; else at the first
 * that the chart has left free, or has drawn least on; undefined where it fits nowhere.
 *
 * @param mostInk share of the place that the chart may have drawn on
 */
export function findPlace(
  badge: { width: number; height: number },
  chosen: Corner | undefined,
  around: Surroundings,
  mostInk = 1,
): { area: Area; corner: Corner } | undefined {
  let best: { area: Area; corner: Corner } | undefined;
  let least = mostInk;
  for (const each of chosen ? [chosen, ...corners] : corners) {
    const area = placeAt(each, badge, around);
    if (!area) continue;
    if (each === chosen) return { area, corner: each };
    const ink = inkUnder(area, around);
    if (ink <= leastInk) return { area, corner: each };
    if (ink <= least) {
      least = ink;
      best = { area, corner: each };
    }
  }
  return best;
}

/**
 * Top and height at most of the opened badge: from where it stands towards the larger part of the pane that the last
 * price leaves free; over the price where both are too small to choose anything.
 */
export function openedPlace(
  top: number,
  height: number,
  paneHeight: number,
  priceY: number | undefined,
): { top: number; most: number } {
  const isInPane = priceY !== undefined && priceY > -size.priceRow && priceY < paneHeight + size.priceRow;
  const parts: [from: number, to: number][] = isInPane
    ? [
        [margin, priceY - size.priceRow],
        [priceY + size.priceRow, paneHeight - margin],
      ]
    : [[margin, paneHeight - margin]];
  let [from, to] = parts.reduce((best, part) => (part[1] - part[0] > best[1] - best[0] ? part : best));
  if (to - from < leastOpened) [from, to] = [margin, paneHeight - margin];
  const most = Math.max(0, to - from);
  return { top: Math.max(from, Math.min(top, to - Math.min(height, most))), most };
}

/** Of the tooltip from the pointer, and from the pane's edge. */
const away = 16;
const edge = 4;

/** Whether there is room for `length` on either side of the pointer. */
export const fitsBeside = (at: number, length: number, room: number): boolean =>
  at + away + length <= room - edge || at - away - length >= edge;

/**
 * Left and top of the tooltip: beside the pointer and off its row, where there is room, so that the crosshair and what
 * it points at stay in sight; always inside the pane.
 */
export function tipPlace(
  pointer: { x: number; y: number },
  tip: { width: number; height: number },
  pane: { width: number; height: number },
): { left: number; top: number } {
  const beside = (at: number, length: number, room: number) => {
    if (at + away + length <= room - edge) return at + away;
    return at - away - length >= edge ? at - away - length : Math.max(edge, room - length - edge);
  };
  return {
    left: beside(pointer.x, tip.width, pane.width),
    top: beside(pointer.y, tip.height, pane.height),
  };
}
