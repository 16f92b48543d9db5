import { fileURLToPath } from 'node:url';
import type { CDPSession, Frame, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { windowIds } from '../engine/records';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';
import { candle, chartPage, libraries, recordedBars, type Theme } from './library-pages';
import { overlayText, tellsEstimate } from './overlay-text';
import { createReplay, type ReplayExchange } from './replay';

/**
 * What the estimate does to a chart, from screenshots of the production build: with it, without its words, and bare. The same
 * market stands on one sheet in a frame for each chart library, so that all of them are measured at once.
 */
export interface LookResult {
  library: string;
  theme: Theme;
  symbol: string;
  window: string;
  /** Share of the pane's pixels that changed by more than 5 % in a channel. */
  tinted: number;
  /** Mean CIE76 colour difference of the candles' pixels. */
  candleDeltaE: number;
  /** Share of the candles' pixels whose WCAG contrast with what is beside them is below 3. */
  below3to1: number;
  bareBelow3to1: number;
  /** Pixels of badge and labels over words of the page. */
  overlapsPage: number;
  /** Pairs of labels, or of a label and the last price's row, that overlap. */
  labelOverlaps: number;
}

const themes: Theme[] = ['dark', 'light'];
const symbols = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'DOGEUSDT'];
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const host = 'https://www.binance.com';
/** Of the same site, so that frames share a process, and of another origin, so that each is a page of its own. */
const sheetHost = 'https://sheet.binance.com';
const loading = english.map_provisional.message;
/** CSS pixels of one chart, and charts in a row. */
const chart = { width: 640, height: 400 };
const inRow = 3;

/** What is hidden for the three pictures. */
type Hidden = 'nothing' | 'words' | 'all';
const hides = `<style>html[data-hide=words] :is([data-liqbands-badge],[data-liqbands-labels]),
html[data-hide=all] :is([data-liqbands],[data-liqbands-badge],[data-liqbands-labels]){visibility:hidden!important}</style>`;

/** A legend as TradingView's library has it, and a notice: words that ours must keep off. */
const words = (
  theme: Theme,
) => `${hides}<div style="position:absolute;left:8px;top:2px;width:560px;z-index:50;pointer-events:none;
font:13px/24px sans-serif;color:${theme === 'dark' ? '#d1d4dc' : '#131722'}">
<div><span class="word" style="pointer-events:auto">Perpetual · 15 · Exchange</span> <span class="word">O 1 H 2 L 3 C 4</span></div>
<div><span class="word">Volume 1.98K</span></div></div>
<span class="word" style="position:absolute;left:8px;bottom:34px;z-index:50;font:11px/14px sans-serif;color:#888">Data is delayed</span>`;

const sheet = (symbol: string, theme: Theme, names: readonly string[]): string =>
  `<!doctype html><meta charset="utf-8"><title>sheet</title>
<style>body{margin:0;width:${inRow * chart.width}px;line-height:0}iframe{border:0;width:${chart.width}px;height:${chart.height}px}</style>
${names
  .map(
    (name) =>
      `<iframe name="${name}" src="${host}/en/futures/${symbol}?library=${name}&theme=${theme}"></iframe>`,
  )
  .join('')}`;

type Rgb = [number, number, number];
const pixel = ({ data }: PNG, i: number): Rgb => [data[4 * i]!, data[4 * i + 1]!, data[4 * i + 2]!];

const linear = (value: number): number =>
  value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;

const luminance = ([r, g, b]: Rgb): number => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

/** WCAG 2. */
function contrast(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** CIE L*a*b*, D65. */
function lab([r, g, b]: Rgb): Rgb {
  const [R, G, B] = [linear(r), linear(g), linear(b)];
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * R + 0.3576 * G + 0.1805 * B) / 0.95047);
  const y = f(0.2126 * R + 0.7152 * G + 0.0722 * B);
  const z = f((0.0193 * R + 0.1192 * G + 0.9505 * B) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const colorOf = (hex: string): Rgb =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;
const candleColors = Object.values(candle).map(colorOf);
const isNear = (one: Rgb, other: Rgb, most: number): boolean =>
  one.every((value, i) => Math.abs(value - other[i]!) <= most);

/** Which pixels of a bare chart are candles. */
function candlesOf(bare: PNG): Uint8Array {
  return Uint8Array.from({ length: bare.width * bare.height }, (_, i) => {
    const color = pixel(bare, i);
    return candleColors.some((one) => isNear(color, one, 40)) ? 1 : 0;
  });
}

/** Share of the candles' pixels that stand out from the nearest pixel of their row beside the candle by less than 3 : 1. */
function below3to1(shown: PNG, candles: Uint8Array): number {
  const { width } = shown;
  let low = 0;
  let all = 0;
  candles.forEach((isCandle, i) => {
    if (!isCandle) return;
    for (let away = 1; away < 12; away++) {
      const beside = [i - away, i + away].find(
        (at) => at >= 0 && Math.floor(at / width) === Math.floor(i / width) && candles[at] === 0,
      );
      if (beside === undefined) continue;
      // The pixel next to a candle may be its own smoothed edge.
      const ground =
        away === 1 ? [beside, beside + Math.sign(beside - i)].find((at) => candles[at] === 0)! : beside;
      all++;
      if (contrast(pixel(shown, i), pixel(shown, ground)) < 3) low++;
      return;
    }
  });
  return all > 0 ? low / all : 0;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What one chart of the sheet shows, in CSS pixels of the sheet. */
interface Shown {
  pane: Box;
  words: Box[];
  axis: { scale: 'linear' | 'log'; a: number; b: number };
}

/** @param at left and top of the frame on the sheet */
const shownIn = async (frame: Frame, at: { x: number; y: number }): Promise<Shown> => {
  const { pane, over, axis } = await frame.evaluate(() => {
    const layer = document.querySelector('[data-liqbands][data-pane]')!;
    return {
      pane: layer.getAttribute('data-pane')!.split(',').map(Number),
      over: [...document.querySelectorAll('.word')].map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height];
      }),
      axis: layer.getAttribute('data-axis')!,
    };
  });
  const boxOf = ([x, y, width, height]: number[]): Box => ({
    x: x! + at.x,
    y: y! + at.y,
    width: width!,
    height: height!,
  });
  return { pane: boxOf(pane), words: over.map(boxOf), axis: JSON.parse(axis) as Shown['axis'] };
};

async function shoot(page: Page, frames: readonly Frame[], hidden: Hidden): Promise<PNG> {
  for (const frame of frames)
    await frame.evaluate((what) => {
      document.documentElement.dataset.hide = what;
    }, hidden);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return PNG.sync.read(await page.screenshot());
}

/** Cuts a picture to a box, CSS pixels at a ratio of 1. */
function cut(image: PNG, { x, y, width, height }: Box): PNG {
  const part = new PNG({ width: Math.floor(width), height: Math.floor(height) });
  PNG.bitblt(image, part, Math.round(x), Math.round(y), part.width, part.height, 0, 0);
  return part;
}

interface Node {
  nodeId: number;
  nodeName: string;
  attributes?: string[];
  children?: Node[];
  shadowRoots?: Node[];
  contentDocument?: Node;
}

/** Where the labels of each frame are on the sheet, by the debugger: their root is closed to the page. */
async function labelBoxes(session: CDPSession): Promise<Box[][]> {
  const { root } = (await session.send('DOM.getDocument', { depth: -1, pierce: true })) as unknown as {
    root: Node;
  };
  const found: Node[][] = [];
  const visit = (node: Node, isOurs: boolean): void => {
    const inside = isOurs || (node.attributes ?? []).includes('data-liqbands-labels');
    if (inside && node.nodeName === 'CANVAS') found.at(-1)!.push(node);
    for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) visit(child, inside);
    if (!node.contentDocument) return;
    found.push([]);
    visit(node.contentDocument, false);
  };
  visit(root, false);
  const boxOf = async ({ nodeId }: Node): Promise<Box> => {
    const { model } = await session.send('DOM.getBoxModel', { nodeId });
    const [x, y] = model.border as [number, number];
    return { x, y, width: model.width, height: model.height };
  };
  return Promise.all(found.map((nodes) => Promise.all(nodes.map(boxOf))));
}

function overlapsOf(labels: Box[], priceY: number): number {
  let count = 0;
  labels.forEach((one, i) => {
    for (const other of labels.slice(i + 1)) {
      const isBeside = one.x >= other.x + other.width || other.x >= one.x + one.width;
      if (!isBeside && one.y < other.y + other.height && other.y < one.y + one.height) count++;
    }
    if (priceY > one.y - 2 && priceY < one.y + one.height + 2) count++;
  });
  return count;
}

/** The map of the full history on every chart, or the one at hand where that takes long: both look alike. */
async function waitForMaps(page: Page, count: number): Promise<void> {
  const start = Date.now();
  for (let quiet = 0; quiet < 2; ) {
    const badges = (await overlayText(page)).match(/±5 %/g)?.length ?? 0;
    const text = await overlayText(page);
    const isWhole = !text.includes(loading) || Date.now() - start > 20_000;
    quiet = tellsEstimate(text) && badges >= count && isWhole ? quiet + 1 : 0;
    if (Date.now() - start > 180_000) {
      console.error(`Of ${count} charts ${badges} have an estimate after three minutes`);
      return;
    }
    await page.waitForTimeout(200);
  }
  // Badge and labels look around every two seconds.
  await page.waitForTimeout(2300);
}

const rounded = (value: number) => Number(value.toFixed(4));

type Figures = Omit<LookResult, 'library' | 'theme' | 'symbol' | 'window'>;

function figuresOf(
  { full, wordless, bare }: Record<'full' | 'wordless' | 'bare', PNG>,
  { pane, words: over, axis }: Shown,
  labels: Box[],
  price: number,
): Figures {
  const priceY = pane.y + axis.a + axis.b * (axis.scale === 'log' ? Math.log(price) : price);
  const differ = (one: PNG, other: PNG, i: number, least: number) =>
    Math.abs(one.data[4 * i]! - other.data[4 * i]!) > least ||
    Math.abs(one.data[4 * i + 1]! - other.data[4 * i + 1]!) > least ||
    Math.abs(one.data[4 * i + 2]! - other.data[4 * i + 2]!) > least;
  const [shown, ground] = [cut(full, pane), cut(bare, pane)];
  const candles = candlesOf(ground);
  let tinted = 0;
  let shift = 0;
  let count = 0;
  for (let i = 0; i < candles.length; i++) {
    if (differ(shown, ground, i, 0.05 * 255)) tinted++;
    if (!candles[i]) continue;
    count++;
    if (!differ(shown, ground, i, 0)) continue;
    const [one, other] = [lab(pixel(shown, i)), lab(pixel(ground, i))];
    shift += Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
  }
  let overlapsPage = 0;
  for (const word of over) {
    const [with_, without] = [cut(full, word), cut(wordless, word)];
    for (let i = 0; i < with_.width * with_.height; i++) if (differ(with_, without, i, 8)) overlapsPage++;
  }
  const own = labels.filter(
    ({ x, y }) => x >= pane.x - 1 && x < pane.x + pane.width && y >= pane.y - 20 && y < pane.y + pane.height,
  );
  return {
    tinted: rounded(tinted / candles.length),
    candleDeltaE: rounded(count > 0 ? shift / count : 0),
    below3to1: rounded(below3to1(shown, candles)),
    bareBelow3to1: rounded(below3to1(ground, candles)),
    overlapsPage,
    labelOverlaps: overlapsOf(own, priceY),
  };
}

/** All charts of the sheet that is open; those on which nothing is drawn are left out, by name. */
async function measure(
  page: Page,
  session: CDPSession,
  names: readonly string[],
  price: () => number,
): Promise<(Figures & { library: string })[]> {
  await waitForMaps(page, names.length);
  const frames = names.map((name) => page.frame({ name })!);
  const pictures = {
    full: await shoot(page, frames, 'nothing'),
    wordless: await shoot(page, frames, 'words'),
    bare: await shoot(page, frames, 'all'),
  };
  const labels = await labelBoxes(session);
  const found: (Figures & { library: string })[] = [];
  for (const [i, library] of names.entries()) {
    const at = { x: (i % inRow) * chart.width, y: Math.floor(i / inRow) * chart.height };
    const isDrawn = (await frames[i]!.locator('[data-liqbands][data-axis]').count()) > 0;
    if (isDrawn)
      found.push({ library, ...figuresOf(pictures, await shownIn(frames[i]!, at), labels[i]!, price()) });
    else console.error(`Nothing is drawn on ${frames[i]!.url()}`);
  }
  return found;
}

async function open(
  replay: ReplayExchange,
  names: readonly string[],
): Promise<{ browser: Launched; page: Page; store(settings: object): Promise<void> }> {
  const [extensionDir] = ensureBuilt('chrome');
  const browser = await launchChromium({
    extensionDir: extensionDir!,
    resolverPort: replay.port,
    viewport: { width: inRow * chart.width, height: Math.ceil(names.length / inRow) * chart.height },
  });
  const bars = new Map<string, Promise<Parameters<typeof chartPage>[2]>>();
  await browser.context.route(`${sheetHost}/**`, (route) => {
    const { pathname, searchParams } = new URL(route.request().url());
    return route.fulfill({
      contentType: 'text/html',
      body: sheet(pathname.slice(1), searchParams.get('theme') as Theme, names),
    });
  });
  await browser.context.route(`${host}/**`, async (route) => {
    const url = new URL(route.request().url());
    if (url.pathname.startsWith('/__modules/'))
      return route.fulfill({ path: modules + url.pathname.slice('/__modules/'.length) });
    const symbol = /^\/en\/futures\/(\w+)$/.exec(url.pathname)?.[1];
    if (!symbol) return route.fallback();
    if (!bars.has(symbol)) bars.set(symbol, recordedBars(replay.port, symbol));
    const theme = url.searchParams.get('theme') as Theme;
    const library = url.searchParams.get('library')!;
    return route.fulfill({
      contentType: 'text/html',
      body: chartPage(library, theme, await bars.get(symbol)!, words(theme)),
    });
  });
  const options = await browser.context.newPage();
  await options.goto(`chrome-extension://${browser.extensionId}/src/popup/index.html`);
  return {
    browser,
    page: await browser.context.newPage(),
    store: (settings) =>
      options.evaluate((stored) => chrome.storage.local.set({ settings: stored }), settings),
  };
}

/** Every market, window and theme on every library. */
export async function benchLook(
  markets: readonly string[] = symbols,
  spans: readonly string[] = windowIds,
  names: readonly string[] = Object.keys(libraries),
): Promise<LookResult[]> {
  const replay = await createReplay();
  const { browser, page, store } = await open(replay, names);
  const found: LookResult[] = [];
  try {
    const session = await page.context().newCDPSession(page);
    for (const symbol of markets) {
      const market = replay.market('binance', symbol.replace('USDT', ''));
      for (const window of spans) {
        await store({ window });
        for (const theme of themes) {
          await page.goto(`${sheetHost}/${symbol}?theme=${theme}`);
          await page.bringToFront();
          const rows = await measure(page, session, names, () => market.mark(replay.now()));
          found.push(...rows.map((row) => ({ theme, symbol, window, ...row })));
        }
      }
    }
  } finally {
    await browser.close();
    await replay.close();
  }
  return found;
}

/** Worst and mean of all rows, by theme: what is held against the targets. */
function summaryOf(rows: readonly LookResult[]): string[] {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return themes.map((theme) => {
    const own = rows.filter((row) => row.theme === theme);
    const tinted = own.map((row) => row.tinted);
    const deltaE = own.map((row) => row.candleDeltaE);
    const lost = own.map((row) => row.below3to1 - row.bareBelow3to1);
    return (
      `${theme}: ${own.length} charts, tinted ${percent(mean(tinted))} (most ${percent(Math.max(...tinted))}), ` +
      `ΔE ${mean(deltaE).toFixed(2)} (most ${Math.max(...deltaE).toFixed(2)}), below 3 : 1 more than bare by ` +
      `${percent(mean(lost))} (most ${percent(Math.max(...lost))}), over the page ` +
      `${own.filter((row) => row.overlapsPage > 0).length}, labels overlapping ${own.filter((row) => row.labelOverlaps > 0).length}`
    );
  });
}

/** The figures for people. */
export function textOf(rows: LookResult[]): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(7);
  return [
    'library                theme  market    window  tinted  ΔE     <3:1    bare    over page  labels',
    ...rows.map((row) =>
      [
        row.library.padEnd(22),
        row.theme.padEnd(6),
        row.symbol.padEnd(9),
        row.window.padEnd(6),
        percent(row.tinted),
        row.candleDeltaE.toFixed(2).padStart(5),
        percent(row.below3to1),
        percent(row.bareBelow3to1),
        String(row.overlapsPage).padStart(6),
        String(row.labelOverlaps).padStart(6),
      ].join(' '),
    ),
    ...summaryOf(rows),
  ].join('\n');
}
