import { createRequire } from 'node:module';
import { paintLabels } from '../paint/level-labels';
import { paintLevels, shownLevels } from '../paint/levels';
import type { Box, PaintOptions, PriceScale } from '../paint/surface';
import { type ColorScheme, chartInk, fontFamily, ink } from '../paint/theme';
import type { Snapshot, WindowSnapshot } from '../protocol/snapshot';
import { price as priceText, ratio } from '../ui/format';
import { fragility } from '../ui/fragility';
import type { Language } from '../ui/languages';
import { levelText } from '../ui/level-text';
import { keyOf, t } from '../ui/text';

/** A still picture of a snapshot, for mails, feeds and pages without scripts: by the same painters as the widget. */

/** The size that pages show of a link. */
const width = 1200;
const height = 630;
/** Prices around the mark that are shown, as in the widget. */
const reach = 0.05;
const chart: Box = { x: 0, y: 72, width: 1112, height: 480 };
/** Free right of the newest candle, for bars and labels. */
const room = 260;
const allTiers = [true, true, true, true, true];

type Canvas = typeof import('@napi-rs/canvas');
let drawing: Promise<Canvas> | undefined;

/**
 * What draws outside a browser, with a type face that every machine has for Latin and Cyrillic letters.
 *
 * @throws Error that names the package where it is not installed
 */
function canvas(): Promise<Canvas> {
  drawing ??= import('@napi-rs/canvas').then(
    (loaded) => {
      const { resolve } = createRequire(import.meta.url);
      // By the names that the painters ask for, one after the other.
      for (const [letters, family] of [
        ['latin', 'system-ui'],
        ['cyrillic', 'sans-serif'],
      ] as const)
        for (const weight of [400, 600])
          loaded.GlobalFonts.registerFromPath(
            resolve(`@fontsource/inter/files/inter-${letters}-${weight}-normal.woff2`),
            family,
          );
      Object.assign(globalThis, { Path2D: loaded.Path2D });
      return loaded;
    },
    (cause: unknown) => {
      throw new Error('Pictures need the package @napi-rs/canvas: install it, or use --no-poster', { cause });
    },
  );
  return drawing;
}

/** Whether two words come out alike, as they do where no type face has their letters. */
async function lacksLetters(one: string, other: string): Promise<boolean> {
  const { createCanvas } = await canvas();
  const [first, second] = [one, other].map((word) => {
    const drawn = createCanvas(40, 40);
    const context = drawn.getContext('2d');
    context.font = `20px ${fontFamily}`;
    context.fillText(word, 5, 28);
    return drawn.toBuffer('image/png');
  });
  return first!.equals(second!);
}

/** Two letters of each language whose type faces are too large to come along. */
const rare: Record<string, readonly [string, string]> = {
  zh: ['清', '算'],
  ja: ['の', 'は'],
  ko: ['청', '산'],
};

/** What a picture of the window shows, in words: for `alt`. */
export function altText(snapshot: Snapshot, window: WindowSnapshot, { speak, say }: Language): string {
  const { symbol, health } = snapshot;
  const { view } = window;
  const names = health.filter(({ state }) => state === 'ok').map(({ name, venue }) => name ?? venue);
  const levels = say(() =>
    shownLevels(view, { tiers: allTiers }).map((level) => levelText(level, view.price, 1, true)),
  );
  return [
    `${speak('widget_label', symbol)}: ${priceText(view.price)}, ${dateText(view.asOf)}`,
    `${speak(keyOf('window_last', view.window))}: ${names.join(', ')}`,
    levels.length > 0 ? levels.join('; ') : speak('poster_noLevel'),
  ].join('. ');
}

const dateText = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/**
 * The window as a picture of 1200 × 630.
 *
 * @throws Error where nothing is installed that draws, or no type face that has the language's letters
 */
export async function poster(
  snapshot: Snapshot,
  window: WindowSnapshot,
  scheme: ColorScheme,
  language: Language,
): Promise<{ png: Buffer; svg: string }> {
  const { createCanvas, SvgExportFlag } = await canvas();
  const letters = rare[language.tag.slice(0, 2)];
  if (letters && (await lacksLetters(...letters)))
    throw new Error(
      `Pictures in ${language.tag} need a type face with its letters on this machine, such as Noto Sans CJK (Debian: fonts-noto-cjk): install one, or use --no-poster`,
    );
  const bitmap = createCanvas(width, height);
  const paintOn = (surface: { getContext(kind: '2d'): unknown }) =>
    language.say(() => paint(surface.getContext('2d') as CanvasRenderingContext2D, snapshot, window, scheme));
  paintOn(bitmap);
  const vector = createCanvas(width, height, SvgExportFlag.ConvertTextToPaths);
  paintOn(vector);
  const title = `<title>${escaped(altText(snapshot, window, language))}</title>`;
  // Not as a pattern: amounts in dollars would be taken for its groups.
  const svg = vector
    .getContent()
    .toString('utf8')
    .replace(/<svg([^>]*)>/, (_, rest) => `<svg role="img" viewBox="0 0 ${width} ${height}"${rest}>${title}`);
  return { png: bitmap.toBuffer('image/png'), svg };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (char) => entities[char]!);

function paint(
  context: CanvasRenderingContext2D,
  snapshot: Snapshot,
  { view, candles }: WindowSnapshot,
  scheme: ColorScheme,
): void {
  const { text, muted, line } = ink[scheme];
  const { background, grid, rise, fall } = chartInk[scheme];
  const [top, bottom] = [view.price * (1 + reach), view.price * (1 - reach)];
  const scale: PriceScale = {
    priceToY: (price) => ((top - price) / (top - bottom)) * chart.height,
    yToPrice: (y) => top - (y / chart.height) * (top - bottom),
  };
  const box = { ...chart, y: 0 };
  const options: PaintOptions = {
    pixelRatio: 1,
    palette: 'viridis',
    scheme,
    opacity: 0.6,
    mode: 'levels',
    tiers: allTiers,
    freshness: 'fresh',
    multiplier: 1,
    price: view.price,
  };
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  context.save();
  context.translate(0, chart.y);
  paintAxis(context, scale, view.price, { muted, grid });
  context.beginPath();
  context.rect(0, 0, chart.width, chart.height);
  context.clip();
  paintLevels(context, view, scale, box, options);
  const step = (chart.width - room) / candles.length;
  candles.forEach(([, open, high, low, close], i) => {
    context.fillStyle = close >= open ? rise : fall;
    const [x, thick] = [i * step, Math.max(1, step * 0.7)];
    const [y0, y1] = [scale.priceToY(Math.max(open, close)), scale.priceToY(Math.min(open, close))];
    context.fillRect(
      x + thick / 2 - 0.5,
      scale.priceToY(high),
      1,
      scale.priceToY(low) - scale.priceToY(high),
    );
    context.fillRect(x, y0, thick, Math.max(1, y1 - y0));
  });
  paintLabels(context, view, scale, box, options, (level, pinned) =>
    levelText(level, view.price, 1, true, pinned),
  );
  context.restore();
  paintWords(context, snapshot, view, { text, muted, line });
}

function paintAxis(
  context: CanvasRenderingContext2D,
  scale: PriceScale,
  price: number,
  colors: { muted: string; grid: string },
): void {
  context.font = `14px ${fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const rows = 8;
  for (let row = 1; row < rows; row++) {
    const y = Math.round((row * chart.height) / rows);
    context.fillStyle = colors.grid;
    context.fillRect(0, y, chart.width, 1);
    context.fillStyle = colors.muted;
    context.fillText(priceText(scale.yToPrice(y)), chart.width + 10, y);
  }
  const y = Math.round(scale.priceToY(price));
  context.fillStyle = colors.muted;
  for (let x = 0; x < chart.width; x += 6) context.fillRect(x, y, 2, 1);
}

function paintWords(
  context: CanvasRenderingContext2D,
  { symbol, health }: Snapshot,
  view: WindowSnapshot['view'],
  colors: { text: string; muted: string; line: string },
): void {
  context.fillStyle = colors.line;
  context.fillRect(0, chart.y - 1, width, 1);
  context.fillRect(0, chart.y + chart.height, width, 1);
  context.textBaseline = 'middle';
  const write = (words: string, x: number, y: number, font: string, color: string): number => {
    context.font = font;
    context.fillStyle = color;
    context.fillText(words, x, y);
    return x + context.measureText(words).width;
  };
  const { within5 } = view.ratio;
  let x = write(symbol, 24, 36, `600 26px ${fontFamily}`, colors.text);
  x = write(t(keyOf('window', view.window)), x + 14, 37, `18px ${fontFamily}`, colors.muted);
  x = write(t('map_estimate'), x + 14, 37, `18px ${fontFamily}`, colors.muted);
  write(`${ratio(within5)} ${fragility(within5).text}`, x + 28, 37, `18px ${fontFamily}`, colors.text);
  const answered = health.filter(({ state }) => state === 'ok').length;
  const source = `${t('poster_from', String(answered), String(health.length))} · ${dateText(view.asOf)}`;
  write(source, 24, chart.y + chart.height + 40, `17px ${fontFamily}`, colors.muted);
  write('Liqbands', width - 110, chart.y + chart.height + 40, `600 17px ${fontFamily}`, colors.muted);
}
