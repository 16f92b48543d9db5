import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { Box, PriceScale } from '../paint/surface';

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** A chart's pane as our painters paint on it. */
export interface PaneSurface {
  context: CanvasRenderingContext2D;
  scale: PriceScale;
  box: Box;
  pixelRatio: number;
}

/** How far the chart shows prices around the mark, as a fraction of it: what the ratio counts. */
const reach = 0.05;

/** What our painters draw on a lightweight-charts series: a layer under its candles and one above them. */
export abstract class PanePrimitive implements ISeriesPrimitive<Time> {
  protected chart: SeriesAttachedParameter<Time> | undefined;
  private readonly views: readonly IPrimitivePaneView[] = [
    this.layer('bottom', (surface) => this.paintBelow(surface)),
    this.layer('top', (surface) => this.paintAbove(surface)),
  ];

  /** The mark that the chart is shown around. */
  protected abstract get price(): number;
  protected abstract paintBelow(surface: PaneSurface): void;
  protected abstract paintAbove(surface: PaneSurface): void;

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
    return { priceRange: { minValue: this.price * (1 - reach), maxValue: this.price * (1 + reach) } };
  }

  private layer(zOrder: 'bottom' | 'top', paint: (surface: PaneSurface) => void): IPrimitivePaneView {
    const draw = (target: Target) => {
      const series = this.chart?.series;
      // Without an answer the chart has no price scale yet.
      if (series?.coordinateToPrice(0) == null) return;
      const scale: PriceScale = {
        priceToY: (price) => series.priceToCoordinate(price) ?? Number.NaN,
        yToPrice: (y) => series.coordinateToPrice(y) ?? Number.NaN,
      };
      target.useBitmapCoordinateSpace(({ context, mediaSize, verticalPixelRatio }) =>
        paint({ context, scale, box: { x: 0, y: 0, ...mediaSize }, pixelRatio: verticalPixelRatio }),
      );
    };
    const renderer = { draw };
    return { zOrder: () => zOrder, renderer: () => renderer };
  }
}
