import type { Chart } from '../axis/chart';
import { rootsOf } from '../axis/roots';

/** Smaller drawings than these are no chart a trader reads; in frames they are often advertisements. CSS pixels. */
const [chartWidth, chartHeight] = window === window.top ? [300, 150] : [480, 240];

/** Whether an element is on screen, and large enough to be a chart. */
export function isInSight(element: Element): boolean {
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const onScreen = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return onScreen && width >= chartWidth && height >= chartHeight && element.checkVisibility();
}

/** Whether the frame shows a drawing beside this chart: it may be the one whose labels are elements. */
export function showsOther(chart: Chart | undefined): boolean {
  const own = chart?.pane?.element.getBoundingClientRect();
  const isOther = (element: Element) => {
    if (!isInSight(element)) return false;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return !own || left >= own.right || top >= own.bottom || right <= own.left || bottom <= own.top;
  };
  for (const root of rootsOf(document))
    if ([...root.querySelectorAll('canvas,svg')].some(isOther)) return true;
  return false;
}
