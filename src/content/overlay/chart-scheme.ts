import type { ColorScheme, Rgb } from '../../paint/theme';
import { parentOf } from '../axis/roots';

/** Dark or light by what is really painted under a chart, whatever the page or the system says. */

/** Shares of the width and height at which a chart is looked at: no bar is at most of them. */
const places = [0.06, 0.28, 0.5, 0.72, 0.94];

/** Relative luminance, 0–255. */
const luminance = ([red, green, blue]: Rgb): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

export const schemeOf = (background: Rgb): ColorScheme => (luminance(background) < 128 ? 'dark' : 'light');

/** The one in the middle, by its light. */
export const medianOf = (colors: Rgb[]): Rgb | undefined =>
  colors.sort((one, other) => luminance(one) - luminance(other))[Math.floor(colors.length / 2)];

/** Colours as the browser resolves them are rgb(), or color() with its parts from 0 to 1; none that hides less than half. */
function named(color: string): Rgb | undefined {
  const [red, green, blue, alpha = 1] = color.match(/[\d.]+/g)?.map(Number) ?? [];
  if (blue === undefined || alpha <= 0.5) return undefined;
  if (color.startsWith('rgb')) return [red!, green!, blue];
  return color.startsWith('color(srgb') ? [red! * 255, green! * 255, blue * 255] : undefined;
}

/** Reused: canvases are not free. */
let probe: OffscreenCanvasRenderingContext2D | undefined;

/** What a chart fills its canvas with; undefined where it fills nothing, or where that is off limits. */
function painted(canvas: HTMLCanvasElement): Rgb | undefined {
  const { width, height } = canvas;
  const count = places.length;
  probe ??= new OffscreenCanvas(count, count).getContext('2d', { willReadFrequently: true })!;
  probe.clearRect(0, 0, count, count);
  try {
    places.forEach((x, i) => {
      places.forEach((y, k) => {
        probe!.drawImage(canvas, Math.floor(x * width), Math.floor(y * height), 1, 1, i, k, 1, 1);
      });
    });
    const { data } = probe.getImageData(0, 0, count, count);
    const seen: Rgb[] = [];
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3]! >= 128) seen.push([data[i]!, data[i + 1]!, data[i + 2]!]);
    return seen.length > (count * count) / 2 ? medianOf(seen) : undefined;
  } catch {
    return undefined; // a canvas without a size, or with foreign images on it
  }
}

function filledWith(element: Element): Rgb | undefined {
  const found = element instanceof HTMLCanvasElement && painted(element);
  if (found) return found;
  const style = getComputedStyle(element);
  return element instanceof SVGGeometryElement ? named(style.fill) : named(style.backgroundColor);
}

/** The element, what stands under its lower half, and what holds it. */
function* under(element: Element): Generator<Element> {
  yield element;
  const { left, top, width, height } = element.getBoundingClientRect();
  const root = element.getRootNode() as Document | ShadowRoot;
  let isUnder = false;
  for (const each of root.elementsFromPoint?.(left + width / 2, top + 0.7 * height) ?? []) {
    if (isUnder) yield each;
    isUnder ||= each === element || element.contains(each);
  }
  for (let node: Element | null = element; node; node = parentOf(node)) yield node;
}

/** The colour under a chart. */
export function backgroundUnder(chart: Element): Rgb {
  for (const element of under(chart)) {
    const found = filledWith(element);
    if (found) return found;
  }
  return [255, 255, 255];
}

/** Of the page as a whole. */
export const pageScheme = (): ColorScheme =>
  schemeOf(backgroundUnder(document.body ?? document.documentElement));
