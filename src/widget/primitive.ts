import { paintEstimate } from '../paint/estimate';
import { type Heat, paintHistory } from '../paint/heatmap';
import { paintLabels } from '../paint/level-labels';
import { paintLevels } from '../paint/levels';
import type { PaintOptions } from '../paint/surface';
import type { MapView } from '../protocol/view';
import type { Language } from '../ui/languages';
import { levelText } from '../ui/level-text';
import { PanePrimitive, type PaneSurface } from './pane-primitive';

export interface BandsLook extends Pick<PaintOptions, 'palette' | 'scheme' | 'opacity' | 'freshness'> {
  mode: PaintOptions['mode'] | 'heatmap';
}

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
export class BandsPrimitive extends PanePrimitive {
  constructor(private scene: Scene) {
    super();
  }

  /** Shows something else. */
  set(scene: Scene): void {
    this.scene = scene;
    this.chart?.requestUpdate();
  }

  protected get price(): number {
    return this.scene.view.price;
  }

  protected paintBelow({ context, scale, box, pixelRatio }: PaneSurface): void {
    const { view, heat, look, xOf } = this.scene;
    const options = this.options(pixelRatio);
    if (look.mode === 'heatmap' && heat) {
      paintHistory(context, { heat, xOf }, scale, box, options);
      // What stands now, as bars at the right edge.
      paintLevels(context, { ...view, levels: [] }, scale, box, options);
    } else paintEstimate(context, view, scale, box, options);
  }

  /** Above the candles, which otherwise run through the words. */
  protected paintAbove({ context, scale, box, pixelRatio }: PaneSurface): void {
    const { view, language } = this.scene;
    const hasAmount = box.width > labelsNarrow;
    paintLabels(context, view, scale, box, this.options(pixelRatio), (level, pinned) =>
      language.say(() => levelText(level, view.price, 1, hasAmount, pinned)),
    );
  }

  private options(pixelRatio: number): PaintOptions {
    const { look, view, xOf } = this.scene;
    return {
      ...look,
      mode: look.mode === 'heatmap' ? 'bands' : look.mode,
      tiers: allTiers,
      multiplier: 1,
      price: view.price,
      pixelRatio,
      startOf: ({ crossedAt }) => (crossedAt === undefined ? undefined : Math.max(0, xOf(crossedAt))),
    };
  }
}
