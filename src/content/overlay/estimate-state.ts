import type { Heat } from '../../paint/heatmap';
import type { Freshness } from '../../paint/theme';
import type { Settings } from '../../protocol/settings';
import type { MapView, PositionLines, Tick } from '../../protocol/view';

/** The symbol that the charts show, by its canonical name; their prices are the coin's times the multiplier. */
export interface ShownSymbol {
  symbol: string;
  multiplier: number;
}

/** All that is drawn on a frame's charts, apart from where. Replaced as a whole whenever a part changes. */
export interface EstimateState {
  symbol: ShownSymbol;
  settings: Settings;
  view: MapView | undefined;
  tick: Tick | undefined;
  /** What the estimate was; only where a heatmap is wanted. */
  heat: Heat | undefined;
  /** The user's own, where they are to be drawn. */
  positions: readonly PositionLines[];
  /** The worker went away and has not answered again yet. */
  disconnected: boolean;
  freshness: Freshness;
  /** A heatmap is wanted, and nothing tells for certain which time is where on the chart. */
  timeless?: boolean;
}

/** Price per coin now: the tick's, or the map's own where no tick came yet. */
export const priceOf = ({ tick, view }: Pick<EstimateState, 'tick' | 'view'>): number | undefined =>
  tick?.price ?? view?.price;

/** When the newest data arrived, by the user's clock. */
export function asOf({ tick, view }: Pick<EstimateState, 'tick' | 'view'>): number | undefined {
  return tick?.asOf ?? view?.asOf;
}
