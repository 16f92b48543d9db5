import type { ColorScheme } from '../../paint/theme';

/** Dark or light by what is really painted under a chart, whatever the page or the system says. */

/** Shares of the width and height at which a chart is looked at: no bar is at most of them. */
const places = [0.06, 0.28, 0.5, 0.72, 0.94];

/** Relative luminance, 0–255; undefined where a colour hides less than half of what is under it. */
function luminance([red, green, blue, alpha = 1]: readonly number[]): number | undefined {
  return alpha > 0.5 && blue !== undefined ? 0.2126 * red! + 0.7152 * green! + 0.0722 * blue : undefined;
}

const median = (values: number[]): number | undefined =>
  values.sort((one, other) => one - other)[Math.floor(values.length / 2)];

/** Colours as the browser resolves them are rgb(), or color() with its parts from 0 to 1 for newer colour spaces. */
function named(color: string): number | undefined {
  const parts = color.match(/[\d.]+/g)?.map(Number) ?? [];
  if (color.startsWith('rgb')) return luminance(parts);
  return color.startsWith('color(srgb')
    ? luminance([...parts.slice(0, 3).map((part) => part * 255), ...parts.slice(3)])
    : undefined;
}

/** Reused: canvases are not free. */
let probe: OffscreenCanvasRenderingContext2D | undefined;

/** What a chart fills its canvas with; undefined where it fills nothing, or where that is off limits. */
function painted(canvas: HTMLCanvasElement): number | undefined {
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
    const seen: number[] = [];
    for (let i = 0; i < data.length; i += 4) {
      const found = luminance([data[i]!, data[i + 1]!, data[i + 2]!, data[i + 3]! / 255]);
      if (found !== undefined) seen.push(found);
    }
    return seen.length > (count * count) / 2 ? median(seen) : undefined;
  } catch {
    return undefined; // a canvas without a size, or with foreign images on it
  }
}

function luminanceOf(element: Element): number | undefined {
  if (element instanceof HTMLCanvasElement) {
    const found = painted(element);
    if (found !== undefined) return found;
  }
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

const parentOf = (node: Element): Element | null => {
  const root = node.getRootNode();
  return node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
};

export function schemeOf(chart: Element): ColorScheme {
  for (const element of under(chart)) {
    const found = luminanceOf(element);
    if (found !== undefined) return found < 128 ? 'dark' : 'light';
  }
  return 'light';
}

/** Of the page as a whole. */
export const pageScheme = (): ColorScheme => schemeOf(document.body ?? document.documentElement);
