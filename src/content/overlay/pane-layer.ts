import { type Pane, scaleOf } from '../axis/pane';

/**
 * A transparent layer over a pane, inside the chart's own container, so that it scrolls, hides and goes full screen
 * with the chart and stays under the site's dialogs. Its content lives in a closed shadow root.
 */
export interface PaneLayer {
  host: HTMLElement;
  root: ShadowRoot;
  /** Puts the layer over the pane; where it lands on screen is returned. */
  place(pane: Pane): DOMRect;
  /** Whether the layer is where it belongs. A page may take it away at any time. */
  isMounted(pane: Pane): boolean;
  hide(): void;
  remove(): void;
}

export type Layering =
  /** Right above the pane's drawing, below crosshair and tools. */
  | 'pane'
  /** Above all of the chart's own canvases. */
  | 'chart'
  /** Above our own layers too. */
  | 'front';

function depthOf(element: Element, depth: Layering): string {
  const own = getComputedStyle(element).zIndex;
  if (depth === 'pane') return own;
  let top = Number.parseInt(own, 10) || 0;
  for (const sibling of element.parentElement?.children ?? []) {
    if (sibling.tagName === 'CANVAS')
      top = Math.max(top, Number.parseInt(getComputedStyle(sibling).zIndex, 10) || 0);
  }
  return String(top + (depth === 'front' ? 2 : 1));
}

export function createPaneLayer(attribute: string, depth: Layering): PaneLayer {
  const host = document.createElement('div');
  host.setAttribute(attribute, '');
  const { style } = host;
  // Pages have rules for every element that they call important, as that all of them move smoothly.
  const firm =
    'direction:ltr;position:absolute;margin:0;pointer-events:none;overflow:hidden;contain:strict;transition:none;';
  style.cssText = `all:initial;left:0;top:0;${firm.replaceAll(';', '!important;')}`;
  const root = host.attachShadow({ mode: 'closed' });

  const isMounted = (pane: Pane) => host.isConnected && host.parentNode === pane.element.parentNode;
  return {
    host,
    root,
    isMounted,
    place(pane) {
      const { element, x, y, width, height } = pane;
      if (!isMounted(pane)) {
        element.after(host);
        style.zIndex = depthOf(element, depth);
      }
      style.display = 'block';
      const scale = scaleOf(element);
      const target = element.getBoundingClientRect();
      const wanted = { left: target.left + x * scale, top: target.top + y * scale };
      style.width = `${width}px`;
      style.height = `${height}px`;
      // Measure where the layer is and move it by the difference: whatever its containing block is, that is right.
      const now = host.getBoundingClientRect();
      const dx = (wanted.left - now.left) / scale;
      const dy = (wanted.top - now.top) / scale;
      if (Math.abs(dx) > 0.01 || Math.abs(dy) > 0.01) {
        style.left = `${(Number.parseFloat(style.left) || 0) + dx}px`;
        style.top = `${(Number.parseFloat(style.top) || 0) + dy}px`;
        return host.getBoundingClientRect();
      }
      return now;
    },
    hide() {
      style.display = 'none';
    },
    remove() {
      host.remove();
    },
  };
}
