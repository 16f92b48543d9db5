import type { Corner } from '../../protocol/settings';

/** Where the figures stand in a pane, so that they never lie over the last price. CSS pixels from the pane's top. */

/** Between the badge and the pane's edge. */
export const margin = 8;
/** Half of the row that the last price's line and tag take, and a little air. */
const row = 14;

const isInPane = (priceY: number | undefined, paneHeight: number): priceY is number =>
  priceY !== undefined && priceY > -row && priceY < paneHeight + row;

/** Height of the larger part of the pane that the last price leaves free. */
export const roomBeside = (priceY: number | undefined, paneHeight: number): number =>
  isInPane(priceY, paneHeight)
    ? Math.max(priceY, paneHeight - priceY) - row - margin
    : paneHeight - 2 * margin;

/**
 * Top of the badge: at the corner the user chose, else at the other end of that side, else just beside the last price.
 * Undefined where it fits nowhere.
 *
 * @param priceY where the last price is; undefined where unknown
 * @param current where the badge stands now: it goes back only when its corner is clear by some pixels more, as a price
 *   that trembles would otherwise toss it about
 */
export function topOf(
  corner: Corner,
  priceY: number | undefined,
  height: number,
  paneHeight: number,
  current?: number,
): number | undefined {
  const last = paneHeight - height - margin;
  const ends = corner.startsWith('top') ? [margin, last] : [last, margin];
  const preferred = ends[0]!;
  if (!isInPane(priceY, paneHeight)) return Math.max(0, preferred);
  const settle = current === undefined || current === preferred ? 0 : row;
  const isClear = (top: number, air: number) => top > priceY + row + air || top + height < priceY - row - air;
  const fits = (top: number) => top >= 0 && top + height <= paneHeight;
  if (fits(preferred) && isClear(preferred, settle)) return preferred;
  return [ends[1]!, priceY + row + 1, priceY - row - 1 - height].find((top) => fits(top) && isClear(top, 0));
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
