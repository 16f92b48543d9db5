import type { ColorScheme } from '../../paint/theme';
import type { Corner } from '../../protocol/settings';
import { part } from '../../ui/part';
import type { Chart } from '../axis/chart';
import { priceAt, yOf } from '../axis/fit';
import { isSamePlace, type Pane, scaleOf } from '../axis/pane';
import { type BadgeActions, createBadge } from './badge';
import { fitsBeside, margin, roomBeside, tipPlace, topOf } from './badge-place';
import { addStyle, badgeStyle } from './badge-style';
import { type EstimateState, priceOf } from './estimate-state';
import { createPaneLayer } from './pane-layer';
import { tooltip } from './tooltip';

/** Badge and tooltip of one chart, in a layer above the chart's own canvases that lets the pointer through. */
export interface BadgeLayer {
  draw(chart: Chart, estimate: EstimateState, scheme: ColorScheme, corner: Corner): void;
  /** The chart's axis moved under the figures: the last price may be elsewhere. */
  settle(chart: Chart, estimate: EstimateState): void;
  /** The pointer is at these client coordinates of the frame. */
  point(x: number, y: number, chart: Chart, estimate: EstimateState): void;
  hide(): void;
  remove(): void;
}

export function createBadgeLayer(actions: BadgeActions): BadgeLayer {
  const layer = createPaneLayer('data-liqbands-badge', 'chart');
  addStyle(layer.root, badgeStyle);
  const badge = createBadge(actions);
  const tip = part('div');
  tip.role = 'tooltip';
  layer.root.append(badge.element, tip);
  let placedFor: Pane | undefined;
  let pending = false;
  /** Of the badge as it was last drawn. */
  let height = 0;
  let room = 0;
  let top: number | undefined;
  let corner: Corner = 'top-left';

  function settle(chart: Chart, estimate: EstimateState): void {
    const price = priceOf(estimate);
    const priceY = price === undefined ? undefined : yOf(chart.axis!, price * estimate.symbol.multiplier);
    room = roomBeside(priceY, chart.pane!.height);
    const found = topOf(corner, priceY, height, chart.pane!.height, top) ?? margin;
    if (found !== top) badge.element.style.top = `${found}px`;
    top = found;
  }

  return {
    draw(chart, estimate, scheme, chosen) {
      const pane = chart.pane!;
      if (!isSamePlace(placedFor, pane) || !layer.isMounted(pane)) {
        placedFor = pane;
        layer.place(pane);
      }
      if (!tip.className.startsWith(`tip ${scheme}`)) tip.className = `tip ${scheme}`;
      if (corner !== chosen) top = undefined;
      corner = chosen;
      badge.draw(estimate, scheme, chosen, Date.now());
      const { element } = badge;
      element.classList.remove('small');
      settle(chart, estimate);
      element.style.maxHeight = `${room}px`;
      // No room beside the last price: less is said.
      if (element.scrollHeight > room) element.classList.add('small');
      height = element.offsetHeight;
      settle(chart, estimate);
    },
    settle(chart, estimate) {
      if (placedFor && height > 0) settle(chart, estimate);
    },
    point(x, y, chart, estimate) {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => {
        pending = false;
        const { view, symbol, settings } = estimate;
        const price = priceOf(estimate);
        const pane = chart.pane;
        if (!view || !price || !pane?.element.isConnected || !chart.axis) return;
        const host = layer.host.getBoundingClientRect();
        const zoom = scaleOf(pane.element);
        const pointer = { x: (x - host.left) / zoom, y: (y - host.top) / zoom };
        const inside =
          pointer.x >= 0 && pointer.x <= pane.width && pointer.y >= 0 && pointer.y <= pane.height;
        const facts =
          inside && !badge.element.matches(':hover')
            ? tooltip(
                view,
                priceAt(chart.axis, pointer.y) / symbol.multiplier,
                price,
                settings,
                symbol.multiplier,
              )
            : undefined;
        if (!facts) {
          tip.style.display = 'none';
          return;
        }
        tip.replaceChildren(...facts);
        tip.style.display = 'block';
        // On a low chart less is said, rather than hide the row it is about.
        tip.classList.remove('brief');
        if (!fitsBeside(pointer.y, tip.offsetHeight, pane.height)) tip.classList.add('brief');
        const { left, top } = tipPlace(pointer, { width: tip.offsetWidth, height: tip.offsetHeight }, pane);
        tip.style.left = `${left}px`;
        tip.style.top = `${top}px`;
      });
    },
    hide() {
      if (!placedFor) return;
      placedFor = undefined;
      tip.style.display = 'none';
      layer.hide();
    },
    remove() {
      layer.remove();
    },
  };
}
