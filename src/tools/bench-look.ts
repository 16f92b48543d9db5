import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { windowIds } from '../engine/records';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';
import { candle, chartPage, libraries, recordedBars, type Theme } from './library-pages';
import { overlayText, tellsEstimate } from './overlay-text';
import { createReplay, type Replay } from './replay';

/** What the estimate does to a chart, from screenshots of the production build: with it, without its words, and bare. */
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
const first = 'lightweight-charts-5';
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const host = 'https://www.binance.com';
const loading = english.map_provisional.message;

/** A legend as TradingView's library has it, and a notice: words that ours must keep off. */
const words = (
  theme: Theme,
) => `<div style="position:absolute;left:8px;top:2px;width:560px;z-index:50;pointer-events:none;
font:13px/24px sans-serif;color:${theme === 'dark' ? '#d1d4dc' : '#131722'}">
<div><span class="word" style="pointer-events:auto">Perpetual · 15 · Exchange</span> <span class="word">O 1 H 2 L 3 C 4</span></div>
<div><span class="word">Volume 1.98K</span></div></div>
<span class="word" style="position:absolute;left:8px;bottom:34px;z-index:50;font:11px/14px sans-serif;color:#888">Data is delayed</span>`;

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

interface Boxes {
  pane: { x: number; y: number; width: number; height: number };
  words: { x: number; y: number; width: number; height: number }[];
}

const boxesOf = (page: Page): Promise<Boxes> =>
  page.evaluate(() => {
    const [x, y, width, height] = document
      .querySelector('[data-liqbands][data-pane]')!
      .getAttribute('data-pane')!
      .split(',')
      .map(Number) as [number, number, number, number];
    const over = [...document.querySelectorAll('.word')].map((element) => {
      const box = element.getBoundingClientRect();
      return { x: box.x, y: box.y, width: box.width, height: box.height };
    });
    return { pane: { x, y, width, height }, words: over };
  });

async function shoot(page: Page, hidden: string): Promise<PNG> {
  await page.addStyleTag({ content: `${hidden || 'no-such-element'}{visibility:hidden!important}` });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const shot = PNG.sync.read(await page.screenshot());
  await page.evaluate(() => document.head.querySelector('style:last-of-type')?.remove());
  return shot;
}

/** Cuts a picture to a box, CSS pixels at a ratio of 1. */
function cut(image: PNG, { x, y, width, height }: Boxes['pane']): PNG {
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
}

/** Tops and heights of the labels on screen, by the debugger: their root is closed to the page. */
async function labelBoxes(
  session: CDPSession,
): Promise<{ x: number; y: number; width: number; height: number }[]> {
  const { root } = (await session.send('DOM.getDocument', { depth: -1, pierce: true })) as unknown as {
    root: Node;
  };
  const found: Node[] = [];
  const visit = (node: Node, isOurs: boolean): void => {
    const inside = isOurs || (node.attributes ?? []).includes('data-liqbands-labels');
    if (inside && node.nodeName === 'CANVAS') found.push(node);
    for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) visit(child, inside);
  };
  visit(root, false);
  return Promise.all(
    found.map(async ({ nodeId }) => {
      const { model } = await session.send('DOM.getBoxModel', { nodeId });
      const [x, y] = model.border as [number, number];
      return { x, y, width: model.width, height: model.height };
    }),
  );
}

function overlapsOf(
  labels: { x: number; y: number; width: number; height: number }[],
  priceY: number,
): number {
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

/** The map of the full history, or the one at hand where that takes long: both look alike. */
async function waitForMap(page: Page): Promise<void> {
  const start = Date.now();
  for (let quiet = 0; quiet < 2; ) {
    const text = await overlayText(page);
    const isWhole = !text.includes(loading) || Date.now() - start > 15_000;
    quiet = tellsEstimate(text) && isWhole ? quiet + 1 : 0;
    if (Date.now() - start > 40_000) throw new Error(`No map on ${page.url()}`);
    await page.waitForTimeout(250);
  }
  // Badge and labels look around every second or two.
  await page.waitForTimeout(2300);
}

async function measure(
  page: Page,
  session: CDPSession,
  replay: Replay,
  coin: string,
): Promise<Omit<LookResult, 'library' | 'theme' | 'symbol' | 'window'>> {
  await waitForMap(page);
  const { pane, words } = await boxesOf(page);
  const [full, wordless, bare] = [
    await shoot(page, ''),
    await shoot(page, '[data-liqbands-badge],[data-liqbands-labels]'),
    await shoot(page, '[data-liqbands],[data-liqbands-badge],[data-liqbands-labels]'),
  ];
  const axis = await page.evaluate(() =>
    JSON.parse(document.querySelector('[data-axis]')!.getAttribute('data-axis')!),
  );
  const price = replay.market('binance', coin).mark(replay.now());
  const priceY = pane.y + axis.a + axis.b * (axis.scale === 'log' ? Math.log(price) : price);
  const differ = (one: PNG, other: PNG, i: number, least: number) =>
    !isNear(pixel(one, i), pixel(other, i), least);

  const [shown, ground] = [cut(full, pane), cut(bare, pane)];
  const candles = candlesOf(ground);
  let tinted = 0;
  let shift = 0;
  let count = 0;
  for (let i = 0; i < candles.length; i++) {
    if (differ(shown, ground, i, 0.05 * 255)) tinted++;
    if (!candles[i]) continue;
    const [one, other] = [lab(pixel(shown, i)), lab(pixel(ground, i))];
    shift += Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
    count++;
  }
  let overlapsPage = 0;
  for (const word of words) {
    const [with_, without] = [cut(full, word), cut(wordless, word)];
    for (let i = 0; i < with_.width * with_.height; i++) if (differ(with_, without, i, 8)) overlapsPage++;
  }
  const rounded = (value: number) => Number(value.toFixed(4));
  return {
    tinted: rounded(tinted / candles.length),
    candleDeltaE: rounded(count > 0 ? shift / count : 0),
    below3to1: rounded(below3to1(shown, candles)),
    bareBelow3to1: rounded(below3to1(ground, candles)),
    overlapsPage,
    labelOverlaps: overlapsOf(await labelBoxes(session), priceY),
  };
}

async function open(
  replay: Replay,
): Promise<{ browser: Launched; page: Page; store(settings: object): Promise<void> }> {
  const [extensionDir] = ensureBuilt('chrome');
  const browser = await launchChromium({
    extensionDir: extensionDir!,
    resolverPort: replay.port,
    viewport: { width: 700, height: 420 },
  });
  const bars = new Map<string, Promise<Parameters<typeof chartPage>[2]>>();
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

/** Every market, window and theme on one library, and the other libraries on one market. */
export async function benchLook(
  markets: readonly string[] = symbols,
  spans: readonly string[] = windowIds,
  others: readonly string[] = Object.keys(libraries).filter((name) => name !== first),
): Promise<LookResult[]> {
  const replay = await createReplay();
  const { browser, page, store } = await open(replay);
  const found: LookResult[] = [];
  try {
    const session = await page.context().newCDPSession(page);
    const look = async (library: string, symbol: string, window: string, theme: Theme) => {
      await page.goto(`${host}/en/futures/${symbol}?library=${library}&theme=${theme}`);
      await page.bringToFront();
      found.push({
        library,
        theme,
        symbol,
        window,
        ...(await measure(page, session, replay, symbol.replace('USDT', ''))),
      });
    };
    for (const window of spans) {
      await store({ window });
      for (const theme of themes) for (const symbol of markets) await look(first, symbol, window, theme);
    }
    await store({});
    for (const library of others) for (const theme of themes) await look(library, 'BTCUSDT', '24h', theme);
  } finally {
    await browser.close();
    await replay.close();
  }
  return found;
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
  ].join('\n');
}
