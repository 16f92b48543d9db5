import {
  type Access,
  type CanvasTransform,
  contexts,
  isBoxed,
  sizeOf,
  styleOf,
  type TextShape,
  textShape,
  uprightTransform,
} from './canvas';
import {
  apply,
  bareList,
  getter,
  isNumber,
  isPlain,
  observe,
  round,
  SafeCache,
  standIn,
  weakGet,
  weakSet,
} from './primordials';
import {
  addClip,
  batch,
  isIdle,
  knownSheet,
  type Label,
  looksFrom,
  type Rectangle,
  rectangleOf,
  reset,
  sheetOf,
  touch,
  wipe,
  write,
} from './records';

/**
 * Watches the drawing calls that put number labels on a canvas, straight or through a cached bitmap, and the calls
 * that take them away. Arguments are only looked at where they are plain numbers and strings: coercing an object here
 * would run the page's code a second time.
 */

const longest = 24;

/** First and last digit of the scripts that charts are translated into: Arabic, Persian, Devanagari, Bengali, Thai, Burmese, full width. */
const foreignDigits = '٠٩۰۹०९০৯๐๙၀၉０９';
function isForeignDigit(char: string): boolean {
  for (let i = 0; i < foreignDigits.length; i += 2)
    if (char >= foreignDigits[i]! && char <= foreignDigits[i + 1]!) return true;
  return false;
}

/** Short, with a digit near its start, and printable without escapes. */
function looksNumeric(text: string): boolean {
  if (text.length === 0 || text.length > longest) return false;
  let digit = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (!isPlain(char)) return false;
    if (i < 8 && ((char >= '0' && char <= '9') || isForeignDigit(char))) digit = true;
  }
  return digit;
}

const alignment = (align: string): number =>
  align === 'right' || align === 'end' ? 2 : align === 'center' ? 1 : 0;

function moved(label: Label, kx: number, ky: number, x0: number, y0: number): Label {
  return {
    ...label,
    x: label.x * kx + x0,
    y: label.y * ky + y0,
    anchor: label.anchor * ky + y0,
    width: label.width * kx,
    height: label.height * ky,
  };
}

/** Rectangles of paths that consist of one, for `clip(path)`. */
const pathRectangles = new WeakMap<object, Rectangle>();

/** A clip smaller than this share of its canvas is a label's or a candle's, not a plot's. */
const smallestClip = 0.01;

/** What a context says of a label it has drawn, beside its place. */
interface Look {
  canvas: object;
  /** Batches in which it was asked, and drawn last. */
  asked: number;
  drawn: number;
  x: number;
  y: number;
  shape: TextShape;
  align: number;
  style: number;
  boxed: boolean;
}

/** By the text: most labels of a chart being panned were there a frame ago. */
const looks = new SafeCache<Look>(300);

/**
 * The look of a label that has just been drawn: as it was in the paint before where that is a moment ago and it has only moved
 * along its column or row.
 */
function lookOf(
  of: Access,
  context: object,
  canvas: object,
  text: string,
  x: number,
  y: number,
  at: CanvasTransform,
): Look {
  const known = looks.get(text);
  // A tag may say in the same paint what a tick does.
  const isSame = known?.canvas === canvas && known.asked >= looksFrom && known.drawn !== batch;
  if (isSame && (known.x === x || known.y === y)) {
    known.drawn = batch;
    known.x = x;
    known.y = y;
    return known;
  }
  const font = of.font(context);
  const shape = textShape(of, context, font, text);
  const align = alignment(of.align(context));
  const height = at.ky * shape.height;
  const middle = at.kx * (x + (shape.width * (1 - align)) / 2) + at.x0;
  const look = {
    canvas,
    asked: batch,
    drawn: batch,
    x,
    y,
    shape,
    align,
    style: styleOf(of, context, font),
    boxed: isBoxed(of, context, middle, at.ky * (y + shape.centre) + at.y0, height),
  };
  if (known?.drawn !== batch) looks.set(text, look);
  return look;
}

export function watchText(): void {
  for (let k = 0; k < contexts.length; k++) {
    const of = contexts[k]!;
    watchWrites(of);
    watchClears(of);
    watchCopies(of);
    watchClips(of);
  }
  for (const type of [HTMLCanvasElement, globalThis.OffscreenCanvas]) {
    if (!type) continue;
    observe(type.prototype, 'width', reset);
    observe(type.prototype, 'height', reset);
  }
  watchBitmaps();
}

function watchWrites(of: Access): void {
  const note = (context: object, args: ArrayLike<unknown>) => {
    const given = args[0];
    if (typeof given !== 'string' && typeof given !== 'number') return;
    const text = `${given}`;
    const x = args[1];
    const y = args[2];
    if (!isNumber(x) || !isNumber(y) || !looksNumeric(text)) return;
    const canvas = of.canvas(context);
    if (isIdle(canvas)) return;
    const at = uprightTransform(of, context);
    if (!at) return;
    const look = lookOf(of, context, canvas, text, x, y, at);
    const { shape } = look;
    write(canvas, {
      text,
      x: at.kx * x + at.x0,
      y: at.ky * (y + shape.centre) + at.y0,
      anchor: at.ky * (y + shape.middle) + at.y0,
      align: look.align,
      width: at.kx * shape.width,
      height: at.ky * shape.height,
      style: look.style,
      boxed: look.boxed,
    });
  };
  observe(of.prototype, 'fillText', note);
  observe(of.prototype, 'strokeText', note);
}

function watchClears(of: Access): void {
  observe(of.prototype, 'clearRect', (context, args) => {
    const canvas = of.canvas(context);
    const sheet = knownSheet(canvas);
    if (!sheet || sheet.labels.length === 0) return;
    const at = uprightTransform(of, context);
    const area = rectangleOf(args);
    if (!at || !area) return;
    wipe(
      canvas,
      at.kx * area[0] + at.x0,
      at.ky * area[1] + at.y0,
      at.kx * (area[0] + area[2]) + at.x0,
      at.ky * (area[1] + area[3]) + at.y0,
    );
  });
}

/** What is copied from one canvas to another takes its labels along. */
function watchCopies(of: Access): void {
  observe(of.prototype, 'drawImage', (context, args) => {
    const source = args[0] as object;
    const sheet = knownSheet(source);
    if (!sheet || sheet.labels.length === 0) return;
    const size = sizeOf(source);
    const at = uprightTransform(of, context);
    if (!size || !at) return;
    for (let i = 1; i < args.length && i < 9; i++) if (!isNumber(args[i])) return;
    const cut = args.length >= 9;
    const number = (i: number) => args[i] as number;
    const target = (i: number) => number(cut ? i + 4 : i);
    const sx = cut ? number(1) : 0;
    const sy = cut ? number(2) : 0;
    const sw = cut ? number(3) : size[0];
    const sh = cut ? number(4) : size[1];
    const dx = target(1);
    const dy = target(2);
    const dw = args.length >= 5 ? target(3) : sw;
    const dh = args.length >= 5 ? target(4) : sh;
    if (!(sw > 0 && sh > 0)) return;
    const kx = at.kx * (dw / sw);
    const ky = at.ky * (dh / sh);
    const onto = of.canvas(context);
    for (let i = 0; i < sheet.labels.length; i++) {
      const label = sheet.labels[i]!;
      const inside = label.y >= sy && label.y <= sy + sh && label.x >= sx - 2 && label.x <= sx + sw + 2;
      if (inside)
        write(onto, moved(label, kx, ky, at.kx * dx + at.x0 - sx * kx, at.ky * dy + at.y0 - sy * ky));
    }
  });
}

function watchClips(of: Access): void {
  let context: object | undefined;
  let last: ArrayLike<unknown> = bareList();
  // Charts draw thousands of rectangles in a frame, and clip to few: no call beside the page's own.
  standIn(of.prototype, 'rect', {
    __proto__: null,
    apply(target, on: object, args: never[]) {
      const result = apply(target, on, args);
      context = on;
      last = args;
      return result;
    },
  });
  observe(of.prototype, 'clip', (on, args) => {
    // Beyond the arguments given lies Array.prototype, and what a page may have planted there.
    const path = args.length > 0 ? args[0] : undefined;
    const clip =
      typeof path === 'object' && path
        ? weakGet(pathRectangles, path)
        : context === on
          ? rectangleOf(last)
          : undefined;
    if (!clip) return;
    const canvas = of.canvas(on);
    const at = uprightTransform(of, on);
    if (!at) return;
    const width = at.kx * clip[2];
    const height = at.ky * clip[3];
    const size = sizeOf(canvas);
    if (!size || !(width * height > smallestClip * size[0] * size[1])) return;
    addClip(canvas, [
      round(at.kx * clip[0] + at.x0),
      round(at.ky * clip[1] + at.y0),
      round(width),
      round(height),
    ]);
  });
}

/** Bitmaps made from a canvas carry its text along. */
function watchBitmaps(): void {
  if (globalThis.Path2D) {
    observe(Path2D.prototype, 'rect', (path, args) => {
      const rectangle = rectangleOf(args);
      if (rectangle) weakSet(pathRectangles, path, rectangle);
    });
  }
  if (globalThis.OffscreenCanvas) {
    observe(OffscreenCanvas.prototype, 'transferToImageBitmap', (canvas, _, bitmap) => {
      const sheet = knownSheet(canvas);
      if (!sheet) return;
      sheetOf(bitmap as object).labels = sheet.labels;
      sheet.labels = bareList();
    });
  }
  if (globalThis.ImageBitmapRenderingContext) {
    const canvasOf = getter<HTMLCanvasElement>(ImageBitmapRenderingContext.prototype, 'canvas');
    observe(ImageBitmapRenderingContext.prototype, 'transferFromImageBitmap', (context, args) => {
      const source = args[0] ? knownSheet(args[0] as object) : undefined;
      if (!source) return;
      const canvas = canvasOf(context);
      const sheet = sheetOf(canvas);
      sheet.labels = source.labels;
      touch(canvas, sheet);
    });
  }
  const then = Promise.prototype.then;
  observe(globalThis, 'createImageBitmap', (_, args, promise) => {
    const source = args[0];
    const sheet = typeof source === 'object' && source ? knownSheet(source) : undefined;
    if (!sheet || sheet.labels.length === 0) return;
    const cut = args.length >= 5 && isNumber(args[1]) && isNumber(args[2]);
    const labels = bareList<Label>();
    for (let i = 0; i < sheet.labels.length; i++) {
      labels[i] = moved(
        sheet.labels[i]!,
        1,
        1,
        cut ? -(args[1] as number) : 0,
        cut ? -(args[2] as number) : 0,
      );
    }
    // Our reaction is registered first, so the bitmap has its text before the page can draw it.
    void apply(then, promise as Promise<ImageBitmap>, [
      (bitmap: ImageBitmap) => {
        sheetOf(bitmap).labels = labels;
      },
      () => {},
    ]);
  });
}
