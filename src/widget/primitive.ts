import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import { paintEstimate } from '../paint/estimate';
import { paintLabels } from '../paint/level-labels';
import type { Box, PaintOptions, PriceScale } from '../paint/surface';
import type { MapView } from '../protocol/view';
import { levelText } from '../ui/level-text';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

export type BandsLook = Pick<PaintOptions, 'mode' | 'palette' | 'scheme' | 'opacity' | 'freshness'>;

/** How far the chart shows prices around the mark, as a fraction of it: what the ratio counts. */
const reach = 0.05;

const allTiers = [true, true, true, true, true];

/** The bands on a lightweight-charts series: the same painter as on an exchange's chart, under the candles. */
export class BandsPrimitive implements ISeriesPrimitive<Time> {
  private chart: SeriesAttachedParameter<Time> | undefined;
  private readonly views: readonly IPrimitivePaneView[];

  constructor(
    private view: MapView,
    private look: BandsLook,
  ) {
    this.views = [
      this.layer('bottom', (...surface) => paintEstimate(...surface)),
      // Above the candles, which otherwise run through the words.
      this.layer('top', (...surface) =>
        paintLabels(...surface, (level, pinned) => levelText(level, this.view.price, 1, true, pinned)),
      ),
    ];
  }

  /** Shows other bands, or the same ones in another look. */
  set(view: MapView, look: BandsLook): void {
    this.view = view;
    this.look = look;
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
    const { price } = this.view;
    return { priceRange: { minValue: price * (1 - reach), maxValue: price * (1 + reach) } };
  }

  private layer(
    zOrder: 'bottom' | 'top',
    paint: (
      context: CanvasRenderingContext2D,
      view: MapView,
      scale: PriceScale,
      box: Box,
      options: PaintOptions,
    ) => void,
  ): IPrimitivePaneView {
    const draw = (target: Target) => {
      const series = this.chart?.series;
      // Without an answer the chart has no price scale yet.
      if (series?.coordinateToPrice(0) == null) return;
      const scale: PriceScale = {
        priceToY: (price) => series.priceToCoordinate(price) ?? Number.NaN,
        yToPrice: (y) => series.coordinateToPrice(y) ?? Number.NaN,
      };
      target.useBitmapCoordinateSpace(({ context, mediaSize, verticalPixelRatio }) => {
        paint(
          context,
          this.view,
          scale,
          { x: 0, y: 0, ...mediaSize },
          {
            ...this.look,
            tiers: allTiers,
            multiplier: 1,
            price: this.view.price,
            pixelRatio: verticalPixelRatio,
          },
        );
      });
    };
    const renderer = { draw };
    return { zOrder: () => zOrder, renderer: () => renderer };
  }
}
