import { type PaintOptions, paintBands } from '../../paint/bands';
import { paintLabels } from '../../paint/labels';
import { type ColorScheme, size } from '../../paint/theme';
import type { ClusterView } from '../../protocol/view';
import { distance, usd } from '../../ui/format';
import { t } from '../../ui/text';
import { axisAttribute, paneAttribute } from '../axis/axis-attributes';
import type { Chart } from '../axis/chart';
import type { AxisMessages, Clock } from '../axis/clock';
import { priceAt, yOf } from '../axis/fit';
import { isSamePlace, type Pane, scaleOf } from '../axis/pane';
import { schemeOf } from './chart-scheme';
import { type EstimateState, priceOf } from './estimate-state';
import type { HeatParts } from './heat';
import { createPaneLayer } from './pane-layer';

/** The bands on one chart. */
export interface EstimateLayer {
  /** Draws the estimate on the chart as it is now; does nothing where neither changed. */
  draw(chart: Chart, estimate: EstimateState, messages: AxisMessages): void;
  /** A heatmap is wanted, and no time axis can be read for it. */
  readonly timeless: boolean;
  /** Dark or light, as the chart's background is. */
  scheme(): ColorScheme;
  /** Looks at the chart's background again: pages switch it without a word. Drawn anew where it changed. */
  lookAtBackground(): void;
  /** The chart moved on the page: tells where it is now. */
  moved(): void;
  hide(): void;
  remove(): void;
}

/** Setting a size empties a canvas as well, but takes its time. */
function empty(context: CanvasRenderingContext2D, width: number, height: number): void {
  const { canvas } = context;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  context.clearRect(0, 0, width, height);
}

/** Brought into the frame by the worker, where a heatmap is wanted. */
export const heatParts = (): HeatParts | undefined =>
  (globalThis as { liqbandsHeat?: HeatParts }).liqbandsHeat;

export function createEstimateLayer(): EstimateLayer {
  const layer = createPaneLayer('data-liqbands', 'pane');
  /**
   * Bands lie straight across the pane: a canvas one pixel wide, stretched, says it all, and spares the page from
   * painting the whole pane in every frame. Their labels have a canvas of their own.
   */
  const [context, words] = ['0', 'auto 0 auto auto'].map((inset, isWords) => {
    const canvas = document.createElement('canvas');
    canvas.style.cssText = `position:absolute;inset:${inset};height:100%;${isWords ? '' : 'width:100%'}`;
    layer.root.append(canvas);
    return canvas.getContext('2d')!;
  }) as [CanvasRenderingContext2D, CanvasRenderingContext2D];
  let placedFor: Pane | undefined;
  let zoom = 1;
  let scheme: ColorScheme = 'dark';
  let drawn: { estimate: EstimateState; key: string } | undefined;
  let axis = '';
  /** Labels as they were last worded: that takes longer than to paint them. */
  let texts: { estimate: EstimateState; of: Map<ClusterView, string> } | undefined;
  let timeless = false;
  let clock: Clock | undefined;

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
    draw(chart, estimate, messages) {
      const pane = chart.pane!;
      place(pane);
      const price = priceOf(estimate);
      // Of several scales the symbol's price will tell which is its own.
      if (price === undefined && !chart.column!.sole) {
        hide();
        return;
      }
      const wanted = estimate.settings.mode === 'heatmap';
      const parts = wanted ? heatParts() : undefined;
      if (parts) clock ??= new parts.Clock();
      const line =
        parts &&
        clock!.read(
          chart,
          { closes: estimate.view?.closes, multiplier: estimate.symbol.multiplier },
          messages,
        );
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
      if (drawn?.estimate === estimate && drawn.key === key) return;
      drawn = { estimate, key };
      const { view, settings, symbol, freshness } = estimate;
      const mode = settings.mode === 'profile' ? 'profile' : 'bands';
      // A bar is drawn around the time it opened: its column begins at its left edge.
      const { heat } = estimate;
      const xOf = (time: number) => line!.a + line!.b * (time / 60_000 - line!.bar / 2);
      const past: PaintOptions['past'] =
        line && heat && ((to, ...rest) => parts!.paintPast(to, { heat, xOf }, ...rest));
      const isStrip = mode === 'bands' && !past && freshness !== 'stale';
      const strip = isStrip ? 1 / pixelRatio : pane.width;
      empty(context, isStrip ? 1 : width, height);
      const wordsWidth = Math.min(pane.width, size.labelsWidth);
      empty(words, Math.round(wordsWidth * pixelRatio), height);
      words.canvas.style.width = `${wordsWidth}px`;
      if (!view || price === undefined) return;
      const ruler = chart.axis!;
      const scale = {
        priceToY: (value: number) => yOf(ruler, value),
        yToPrice: (y: number) => priceAt(ruler, y),
      };
      const options: PaintOptions = {
        pixelRatio,
        palette: settings.palette,
        scheme,
        opacity: settings.opacity,
        mode,
        past,
        tiers: settings.tiers,
        freshness,
        multiplier: symbol.multiplier,
        price,
      };
      const box = { x: 0, y: 0, height: pane.height };
      paintBands(context, view, scale, { ...box, width: strip }, options);
      if (texts?.estimate !== estimate) texts = { estimate, of: new Map() };
      const known = texts.of;
      paintLabels(words, view, scale, { ...box, width: wordsWidth }, options, (cluster) => {
        let text = known.get(cluster);
        if (text === undefined) {
          const key = cluster.side === 'long' ? 'badge_clusterLong' : 'badge_clusterShort';
          text = t(key, usd(cluster.usd * view.q.p50), distance(cluster.peak / price - 1));
          known.set(cluster, text);
        }
        return text;
      });
    },
    scheme: () => scheme,
    lookAtBackground() {
      if (!placedFor) return;
      const found = schemeOf(placedFor.element);
      if (found !== scheme) drawn = undefined;
      scheme = found;
    },
    get timeless() {
      return timeless;
    },
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
