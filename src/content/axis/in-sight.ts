/** Smaller drawings than these are no chart a trader reads; in frames they are often advertisements. CSS pixels. */
const [chartWidth, chartHeight] = window === window.top ? [300, 150] : [480, 240];

/** Whether an element is on screen, and large enough to be a chart. */
export function isInSight(element: Element): boolean {
  const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
  const isOnScreen = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  return isOnScreen && width >= chartWidth && height >= chartHeight && element.checkVisibility();
}
