import { h, render } from 'preact';
import type { ColorScheme } from '../paint/theme';
import type { Corner } from '../protocol/settings';
import { Badge, type BadgeActions } from './badge';
import { addStyle, badgeStyle } from './badge-style';
import type { Chart } from './chart';
import { priceAt, yOf } from './fit';
import { createLayer } from './mount';
import { isSamePlace, type Pane, scaleOf } from './pane';
import { priceOf, type Scene } from './scene';
import { bandFacts, Tooltip } from './tooltip';

/** Badge and tooltip of one chart, in a layer above the chart's own canvases that lets the pointer through. */
export interface Figures {
  draw(chart: Chart, scene: Scene, scheme: ColorScheme, corner: Corner): void;
  /** The pointer is at these client coordinates of the frame. */
  point(x: number, y: number, chart: Chart, scene: Scene): void;
  hide(): void;
  remove(): void;
}

const margin = 12;

/** The badge moves to the other end of its side rather than cover the row of the last price. */
function cornerClearOf(
  corner: Corner,
  priceY: number | undefined,
  badgeHeight: number,
  paneHeight: number,
): Corner {
  if (priceY === undefined || 2 * badgeHeight + 3 * margin > paneHeight) return corner;
  const isTop = corner.startsWith('top');
  const covered = isTop ? priceY < badgeHeight + margin : priceY > paneHeight - badgeHeight - margin;
  if (!covered || priceY < 0 || priceY > paneHeight) return corner;
  return (isTop ? corner.replace('top', 'bottom') : corner.replace('bottom', 'top')) as Corner;
}

export function createFigures(actions: BadgeActions): Figures {
  const layer = createLayer('data-liqbands-badge', 'chart');
  addStyle(layer.root, badgeStyle);
  const container = document.createElement('div');
  const tip = document.createElement('div');
  tip.setAttribute('role', 'tooltip');
  layer.root.append(container, tip);
  let placedFor: Pane | undefined;
  let pending = false;

  return {
    draw(chart, scene, scheme, corner) {
      const pane = chart.pane!;
      if (!isSamePlace(placedFor, pane) || !layer.isMounted(pane)) {
        placedFor = pane;
        layer.place(pane);
      }
      tip.className = `tip ${scheme}`;
      const price = priceOf(scene);
      const priceY = price === undefined ? undefined : yOf(chart.axis!, price * scene.symbol.multiplier);
      // Of the closed badge: a card that the user opened may cover what it likes.
      const height = container.querySelector('button')?.offsetHeight ?? 64;
      const clear = cornerClearOf(corner, priceY, height, pane.height);
      render(h(Badge, { ...actions, scene, scheme, now: Date.now(), corner: clear }), container);
    },
    point(x, y, chart, scene) {
      if (pending) return;
      pending = true;
      requestAnimationFrame(() => {
        pending = false;
        const { view, symbol, settings } = scene;
        const price = priceOf(scene);
        const pane = chart.pane;
        if (!view || !price || !pane?.element.isConnected || !chart.axis) return;
        const host = layer.host.getBoundingClientRect();
        const zoom = scaleOf(pane.element);
        const [paneX, paneY] = [(x - host.left) / zoom, (y - host.top) / zoom];
        const inside = paneX >= 0 && paneX <= pane.width && paneY >= 0 && paneY <= pane.height;
        const facts = inside
          ? bandFacts(view, priceAt(chart.axis, paneY) / symbol.multiplier, price, settings)
          : undefined;
        if (!facts) {
          tip.style.display = 'none';
          return;
        }
        render(h(Tooltip, { facts, multiplier: symbol.multiplier }), tip);
        tip.style.display = 'block';
        // Beside the pointer, on whichever side has room.
        const left = paneX + 16 + tip.offsetWidth > pane.width ? paneX - 16 - tip.offsetWidth : paneX + 16;
        const top = Math.min(Math.max(4, paneY + 16), pane.height - tip.offsetHeight - 4);
        tip.style.left = `${Math.max(4, left)}px`;
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
      render(null, container);
      layer.remove();
    },
  };
}
