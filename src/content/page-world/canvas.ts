import { getter, method, SafeCache } from './primordials';

/** Canvas contexts and the few facts about them that the reader needs, for visible and offscreen canvases alike. */

export interface Access {
  prototype: object;
  canvas: (context: object) => HTMLCanvasElement | OffscreenCanvas;
  font: (context: object) => string;
  baseline: (context: object) => string;
  align: (context: object) => string;
  transform: (context: object) => object;
  measure: (context: object, text: string) => object;
  ink: (context: object) => unknown;
  /** Whether a point, in device pixels, lies in the path that was drawn last. */
  inPath: (context: object, x: number, y: number) => boolean;
}

function access(prototype: object): Access {
  return {
    prototype,
    canvas: getter(prototype, 'canvas'),
    font: getter(prototype, 'font'),
    baseline: getter(prototype, 'textBaseline'),
    align: getter(prototype, 'textAlign'),
    transform: method(prototype, 'getTransform'),
    measure: method(prototype, 'measureText'),
    ink: getter(prototype, 'fillStyle'),
    inPath: method(prototype, 'isPointInPath'),
  };
}

export const contexts: readonly Access[] =
  typeof OffscreenCanvasRenderingContext2D === 'undefined'
    ? [access(CanvasRenderingContext2D.prototype)]
    : [access(CanvasRenderingContext2D.prototype), access(OffscreenCanvasRenderingContext2D.prototype)];

const matrix = DOMMatrixReadOnly.prototype;
const readA = getter<number>(matrix, 'a');
const readB = getter<number>(matrix, 'b');
const readC = getter<number>(matrix, 'c');
const readD = getter<number>(matrix, 'd');
const readE = getter<number>(matrix, 'e');
const readF = getter<number>(matrix, 'f');

/** x' = kx·x + x0, y' = ky·y + y0: the transform in force, in device pixels. */
export interface CanvasTransform {
  kx: number;
  ky: number;
  x0: number;
  y0: number;
}

/** The context's transform, or undefined where it turns or shears (upright axis labels never do). */
export function uprightTransform(of: Access, context: object): CanvasTransform | undefined {
  const m = of.transform(context);
  const b = readB(m);
  const c = readC(m);
  // Some libraries leave rounding dust of 1e-16 in the off-diagonal terms.
  if (b > 1e-6 || b < -1e-6 || c > 1e-6 || c < -1e-6) return undefined;
  return { kx: readA(m), ky: readD(m), x0: readE(m), y0: readF(m) };
}

const metrics = TextMetrics.prototype;
const ascent = getter<number>(metrics, 'actualBoundingBoxAscent');
const descent = getter<number>(metrics, 'actualBoundingBoxDescent');
const width = getter<number>(metrics, 'width');

export interface TextShape {
  /** From the drawn y down to the middle of the visible ink. */
  centre: number;
  /** From the drawn y down to the middle of the line of text; that of the ink for text standing on its baseline. */
  middle: number;
  height: number;
  width: number;
}

/** Libraries reckon with the font's size as the height of a line, whatever the font's own measures are. */
function middleOf(baseline: string, font: string, centre: number): number {
  if (baseline === 'middle') return 0;
  const hangs = baseline === 'top' || baseline === 'hanging';
  if (!hangs && baseline !== 'bottom' && baseline !== 'ideographic') return centre;
  const half = fontSize(font) / 2;
  return hangs ? half : -half;
}

/** The computed `font` always has its size in px: `bold 12px Arial`. */
function fontSize(font: string): number {
  let number = '';
  for (let i = 0; i < font.length; i++) {
    const char = font[i]!;
    if ((char >= '0' && char <= '9') || char === '.') number += char;
    else if (char === 'p' && font[i + 1] === 'x' && number !== '') return +number;
    else number = '';
  }
  return 0;
}

const shapes = new SafeCache<TextShape>(300);

/** Where the ink of a label sits relative to the y it is drawn at. Digits share one shape, so that labels that differ in digits alone are measured once. */
export function textShape(of: Access, context: object, font: string, text: string): TextShape {
  const baseline = of.baseline(context);
  let shape = '';
  for (let i = 0; i < text.length; i++) shape += text[i]! >= '0' && text[i]! <= '9' ? '0' : text[i];
  const key = `${baseline}|${font}|${shape}`;
  const known = shapes.get(key);
  if (known) return known;
  const measured = of.measure(context, shape);
  const up = ascent(measured);
  const down = descent(measured);
  const centre = (down - up) / 2;
  const found = {
    centre,
    middle: middleOf(baseline, font, centre),
    height: up + down,
    width: width(measured),
  };
  shapes.set(key, found);
  return found;
}

const styles = new SafeCache<number>(200);
let lastStyle = 0;

/** A number for each ink and font: labels of one kind share it. */
export function styleOf(of: Access, context: object, font: string): number {
  const ink = of.ink(context);
  const key = typeof ink === 'string' ? ink + font : font;
  let style = styles.get(key);
  if (style === undefined) {
    style = ++lastStyle;
    styles.set(key, style);
  }
  return style;
}

/** A box is not much higher than its text. */
const boxHeights = 5;

/**
 * Whether a text stands in a box of its own: a path drawn right before ends above and below it. Device pixels.
 *
 * @param tall height of the text
 */
export function isBoxed(of: Access, context: object, x: number, y: number, tall: number): boolean {
  const reach = boxHeights * tall;
  return of.inPath(context, x, y) && !of.inPath(context, x, y - reach) && !of.inPath(context, x, y + reach);
}

/** Sizes of the surfaces text can be copied from; undefined for photographs, videos and the like. */
const sources: { width: (s: object) => number; height: (s: object) => number }[] = [];
for (const type of [HTMLCanvasElement, globalThis.OffscreenCanvas, globalThis.ImageBitmap]) {
  if (type)
    sources[sources.length] = {
      width: getter(type.prototype, 'width'),
      height: getter(type.prototype, 'height'),
    };
}

/** Width and height in device pixels, or undefined for what is no surface we follow. */
export function sizeOf(source: object): [number, number] | undefined {
  for (let i = 0; i < sources.length; i++) {
    try {
      return [sources[i]!.width(source), sources[i]!.height(source)];
    } catch {
      // Of another kind.
    }
  }
  return undefined;
}
