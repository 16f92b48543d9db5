import { otherCurrencies } from './currencies';
import { isAxisStrip } from './pane';
import type { Source } from './roots';

/**
 * The label over an axis that names the currency of its prices. It is an element beside the canvas, as charts have it that
 * can be converted to another currency.
 */

/** Levels of the page above a canvas, elements looked at, and how wide an axis is at most, px. */
const most = { levels: 3, elements: 400, width: 110 };

/** Whether the label of an axis names another currency than the dollar. */
export function isConverted(axis: Source): boolean {
  const rect = axis.getBoundingClientRect();
  const isStrip = isAxisStrip(rect);
  let box: Element | null = axis;
  for (let i = 0; i < most.levels && box; i++) box = box.parentElement;
  const leaves = box?.querySelectorAll(':is(div, span, button):not(:has(*))') ?? [];
  if (leaves.length > most.elements) return false;
  return [...leaves].some((leaf) => {
    if (!otherCurrencies.has(leaf.textContent.trim())) return false;
    const { left, right, top, bottom } = leaf.getBoundingClientRect();
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const isOver = right > left && x > rect.left && x < rect.right && y > rect.top && y < rect.bottom;
    return isOver && (isStrip || Math.min(x - rect.left, rect.right - x) < most.width);
  });
}
