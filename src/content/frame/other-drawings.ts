import type { Chart } from '../axis/chart';
import { isInSight } from '../axis/in-sight';
import type { PageParts } from '../finder/page-parts';

/** Whether the frame shows a drawing beside this chart: it may be the one whose labels are elements. */
export function showsOther({ rootsOf }: PageParts, chart: Chart | undefined): boolean {
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
