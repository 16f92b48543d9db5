import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { paintEstimate } from '../paint/estimate';
import { type Heat, paintHistory } from '../paint/heatmap';
import { paintLabels } from '../paint/level-labels';
import { paintLevels } from '../paint/levels';
import type { Box, PaintOptions, PriceScale } from '../paint/surface';
import type { MapView } from '../protocol/view';
import { levelText } from '../ui/level-text';
import type { Language } from './languages';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

export interface BandsLook extends Pick<PaintOptions, 'palette' | 'scheme' | 'opacity' | 'freshness'> {
  mode: PaintOptions['mode'] | 'heatmap';
}

/** How far the chart shows prices around the mark, as a fraction of it: what the ratio counts. */
const reach = 0.05;

/** Narrower panes have labels without the amount, CSS pixels. */
const labelsNarrow = 640;

export const allTiers = [true, true, true, true, true];

/** What the primitive draws. */
export interface Scene {
  view: MapView;
  /** What the map said before; drawn in the mode `heatmap`. */
  heat: Heat | undefined;
  look: BandsLook;
  language: Language;
  /** From a time in ms to CSS pixels. */
  xOf(time: number): number;
}

/** The estimate on a lightweight-charts series: the same painters as on an exchange's chart, under the candles. */
export class BandsPrimitive implements ISeriesPrimitive<Time> {
  private chart: SeriesAttachedParameter<Time> | undefined;
  private readonly views: readonly IPrimitivePaneView[];

  constructor(private scene: Scene) {
    this.views = [
      this.layer('bottom', (...surface) => this.paintBelow(...surface)),
      // Above the candles, which otherwise run through the words.
      this.layer('top', (context, scale, box, options) => {
        const { view, language } = this.scene;
        const hasAmount = box.width > labelsNarrow;
        paintLabels(context, view, scale, box, options, (level, pinned) =>
          language.say(() => levelText(level, view.price, 1, hasAmount, pinned)),
        );
      }),
    ];
  }

  /** Shows something else. */
  set(scene: Scene): void {
    this.scene = scene;
    this.chart?.requestUpdate();
  }

  attached(chart: SeriesAttachedParameter<Time>): void {
    this.chart = chart;
  }

  detached(): void {
    this.chart = undefined;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }

  autoscaleInfo(): AutoscaleInfo {
    const { price } = this.scene.view;
    return { priceRange: { minValue: price * (1 - reach), maxValue: price * (1 + reach) } };
  }

  private paintBelow(
    context: CanvasRenderingContext2D,
    scale: PriceScale,
    box: Box,
    options: PaintOptions,
  ): void {
    const { view, heat, look, xOf } = this.scene;
    if (look.mode === 'heatmap' && heat) {
      paintHistory(context, { heat, xOf }, scale, box, options);
      // What stands now, as bars at the right edge.
      paintLevels(context, { ...view, levels: [] }, scale, box, options);
    } else paintEstimate(context, view, scale, box, options);
  }

  private layer(
    zOrder: 'bottom' | 'top',
    paint: (context: CanvasRenderingContext2D, scale: PriceScale, box: Box, options: PaintOptions) => void,
  ): IPrimitivePaneView {
    const draw = (target: Target) => {
      const series = this.chart?.series;
      // Without an answer the chart has no price scale yet.
      if (series?.coordinateToPrice(0) == null) return;
      const scale: PriceScale = {
        priceToY: (price) => series.priceToCoordinate(price) ?? Number.NaN,
        yToPrice: (y) => series.coordinateToPrice(y) ?? Number.NaN,
      };
      const { look, view, xOf } = this.scene;
      target.useBitmapCoordinateSpace(({ context, mediaSize, verticalPixelRatio }) => {
        paint(
          context,
          scale,
          { x: 0, y: 0, ...mediaSize },
          {
            ...look,
            mode: look.mode === 'heatmap' ? 'bands' : look.mode,
            tiers: allTiers,
            multiplier: 1,
            price: view.price,
            pixelRatio: verticalPixelRatio,
            startOf: ({ crossedAt }) => (crossedAt === undefined ? undefined : Math.max(0, xOf(crossedAt))),
          },
        );
      });
    };
    const renderer = { draw };
    return { zOrder: () => zOrder, renderer: () => renderer };
  }
}
