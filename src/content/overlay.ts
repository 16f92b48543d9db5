import { paintBands } from '../paint/bands';
import type { ColorScheme } from '../paint/theme';
import { distance, usd } from '../ui/format';
import { t } from '../ui/text';
import { axisAttribute, paneAttribute } from './axis-attributes';
import type { Chart } from './chart';
import { priceAt, yOf } from './fit';
import { createLayer } from './mount';
import { isSamePlace, type Pane, scaleOf } from './pane';
import { priceOf, type Scene, schemeOf } from './scene';

/** The bands on one chart. */
export interface Overlay {
  /** Draws the scene on the chart as it is now; does nothing where neither changed. */
  draw(chart: Chart, scene: Scene): void;
  /** Dark or light, as the chart's background is. */
  scheme(): ColorScheme;
  /** The chart moved on the page: tells where it is now. */
  moved(): void;
  hide(): void;
  remove(): void;
}

export function createOverlay(): Overlay {
  const layer = createLayer('data-liqbands', 'pane');
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%';
  layer.root.append(canvas);
  const context = canvas.getContext('2d')!;
  let placedFor: Pane | undefined;
  let zoom = 1;
  let scheme: ColorScheme = 'dark';
  let drawn: { scene: Scene; key: string } | undefined;
  let axis = '';

  function place(pane: Pane): void {
    if (isSamePlace(placedFor, pane) && layer.isMounted(pane)) return;
    placedFor = pane;
    zoom = scaleOf(pane.element);
    scheme = schemeOf(pane.element);
    layer.host.setAttribute('data-pane', paneAttribute(layer.place(pane)));
    drawn = undefined;
  }

  function hide(): void {
    if (axis === '') return;
    // Both go: whoever looks from outside sees at once that nothing is claimed.
    layer.host.removeAttribute('data-axis');
    layer.host.removeAttribute('data-pane');
    layer.hide();
    axis = '';
    placedFor = undefined;
    drawn = undefined;
  }

  return {
    draw(chart, scene) {
      const pane = chart.pane!;
      place(pane);
      const price = priceOf(scene);
      // Of several scales the symbol's price will tell which is its own.
      if (price === undefined && !chart.column!.sole) {
        hide();
        return;
      }
      const told = axisAttribute(chart.axis!, zoom);
      if (told !== axis) {
        axis = told;
        layer.host.setAttribute('data-axis', told);
      }
      const pixelRatio = devicePixelRatio * zoom;
      const width = Math.round(pane.width * pixelRatio);
      const height = Math.round(pane.height * pixelRatio);
      const key = `${width},${height},${told}`;
      if (drawn?.scene === scene && drawn.key === key) return;
      drawn = { scene, key };
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      context.clearRect(0, 0, width, height);
      const { view, settings, symbol } = scene;
      if (!view || price === undefined) return;
      const ruler = chart.axis!;
      paintBands(
        context,
        view,
        { priceToY: (value) => yOf(ruler, value), yToPrice: (y) => priceAt(ruler, y) },
        { x: 0, y: 0, width: pane.width, height: pane.height },
        {
          pixelRatio,
          palette: settings.palette,
          scheme,
          opacity: settings.opacity,
          mode: settings.mode === 'profile' ? 'profile' : 'bands',
          tiers: settings.tiers,
          freshness: scene.freshness,
          multiplier: symbol.multiplier,
          price,
          label: (cluster) => {
            const away = cluster.peak / price - 1;
            const key = cluster.side === 'long' ? 'badge_clusterLong' : 'badge_clusterShort';
            return t(key, usd(cluster.usd * view.q.p50), distance(away));
          },
        },
      );
    },
    scheme: () => scheme,
    moved() {
      if (!placedFor?.element.isConnected || !layer.isMounted(placedFor)) return;
      layer.host.setAttribute('data-pane', paneAttribute(layer.place(placedFor)));
    },
    hide,
    remove() {
      layer.remove();
    },
  };
}
