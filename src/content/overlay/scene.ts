import type { Heat } from '../../paint/heatmap';
import type { ColorScheme, Freshness } from '../../paint/theme';
import type { Settings } from '../../protocol/settings';
import type { MapView, Tick } from '../../protocol/view';
import type { PageSymbol } from '../sites/site';

/** All that is drawn on a frame's charts, apart from where. Replaced as a whole whenever a part changes. */
export interface Scene {
  symbol: PageSymbol;
  settings: Settings;
  view: MapView | undefined;
  tick: Tick | undefined;
  /** What the estimate was; only where a heatmap is wanted. */
  heat: Heat | undefined;
  /** The worker went away and has not answered again yet. */
  disconnected: boolean;
  freshness: Freshness;
  /** A heatmap is wanted, and nothing tells for certain which time is where on the chart. */
  timeless?: boolean;
}

/** Price per coin now: the tick's, or the map's own where no tick came yet. */
export const priceOf = ({ tick, view }: Pick<Scene, 'tick' | 'view'>): number | undefined =>
  tick?.price ?? view?.price;

/** When the newest data arrived, by the user's clock. */
export function asOf({ tick, view }: Pick<Scene, 'tick' | 'view'>): number | undefined {
  return tick?.asOf ?? view?.asOf;
}

/** Dark or light by the chart's own background, whatever the page or the system says. */
export function schemeOf(element: Element): ColorScheme {
  for (let node: Element | null = element; node; node = parentOf(node)) {
    const named = /^rgb.*/.exec(getComputedStyle(node).backgroundColor)?.[0].match(/[\d.]+/g);
    const painted = node instanceof HTMLCanvasElement && cornerColor(node);
    for (const [red, green, blue, alpha = 1] of [named?.map(Number) ?? [], painted || []]) {
      if (alpha > 0.5 && blue !== undefined)
        return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue < 128 ? 'dark' : 'light';
    }
  }
  return 'light';
}

const parentOf = (node: Element): Element | null => {
  const root = node.getRootNode();
  return node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
};

/** Colour a chart fills its canvas with, read near the top left; undefined where that is off limits. */
function cornerColor(canvas: HTMLCanvasElement): number[] | undefined {
  const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
  try {
    probe.drawImage(canvas, 3, 3, 1, 1, 0, 0, 1, 1);
    const [red, green, blue, alpha] = probe.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!, alpha! / 255];
  } catch {
    return undefined; // a canvas without a size, or with foreign images on it
  }
}
