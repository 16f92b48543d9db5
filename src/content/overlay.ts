import { paintBands } from '../paint/bands';
import type { ColorScheme } from '../paint/theme';
import { distance, usd } from '../ui/format';
import { t } from '../ui/text';
import { axisAttribute, paneAttribute } from './axis-attributes';
import type { Chart } from './chart';
import { Clock, type TimeAxes } from './clock';
import { priceAt, yOf } from './fit';
import { createLayer } from './mount';
import { isSamePlace, type Pane, scaleOf } from './pane';
import { priceOf, type Scene, schemeOf } from './scene';

/** The bands on one chart. */
export interface Overlay {
  /** Draws the scene on the chart as it is now; does nothing where neither changed. */
  draw(chart: Chart, scene: Scene, times: TimeAxes): void;
  /** A heatmap is wanted, and no time axis can be read for it. */
  readonly timeless: boolean;
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
  let timeless = false;
  const clock = new Clock();

  function place(pane: Pane): void {
    if (isSamePlace(placedFor, pane) && layer.isMounted(pane)) return;
    placedFor = pane;
    zoom = scaleOf(pane.element);
    scheme = schemeOf(pane.element);
    layer.host.setAttribute('data-pane', paneAttribute(layer.place(pane)));
    drawn = undefined;
  }

  return {
    draw(chart, scene, times) {
      const pane = chart.pane!;
      place(pane);
      const wanted = scene.settings.mode === 'heatmap';
      const line = wanted ? clock.read(times.of(pane), chart, scene) : undefined;
      timeless = wanted && !line;
      const told = axisAttribute(chart.axis!, zoom, line);
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
      const price = priceOf(scene);
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
          // A bar is drawn around the time it opened: its column begins at its left edge.
          past: line &&
            scene.heat && {
              heat: scene.heat,
              xOf: (time) => line.a + line.b * (time / 60_000 - line.bar / 2),
            },
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
    get timeless() {
      return timeless;
    },
    moved() {
      if (!placedFor?.element.isConnected || !layer.isMounted(placedFor)) return;
      layer.host.setAttribute('data-pane', paneAttribute(layer.place(placedFor)));
    },
    hide() {
      if (axis === '') return;
      // Both go: whoever looks from outside sees at once that nothing is claimed.
      layer.host.removeAttribute('data-axis');
      layer.host.removeAttribute('data-pane');
      layer.hide();
      axis = '';
      placedFor = undefined;
      drawn = undefined;
    },
    remove() {
      layer.remove();
    },
  };
}
