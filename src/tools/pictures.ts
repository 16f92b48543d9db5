import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import type { Settings } from '../protocol/settings';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { chartPage, libraries, recordedBars, type Theme } from './library-pages';
import { overlayText, tellsEstimate } from './overlay-text';
import { createReplay, showcase } from './replay';

/**
 * `npm run pictures`: every chart library, mode and part of the extension, light and dark, as docs/pictures shows them.
 * The production build on recorded bars; each library draws the same bars in its own way. With names, such as `desk popup`,
 * those are taken anew and all others stay.
 */

const folder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const address = 'https://www.binance.com/en/futures/BTCUSDT';
const size = { width: 640, height: 400 };
const loading = english.map_provisional.message;

const themes: Theme[] = ['dark', 'light'];
const modes: Settings['mode'][] = ['levels', 'bands', 'profile', 'heatmap'];
const first = 'lightweight-charts-5';

/** A scale in percent, which cannot be drawn on: the panel stands in. */
const percentPage = (
  theme: Theme,
) => `<!doctype html><meta charset="utf-8"><title>BTCUSDT</title><style>html{color-scheme:${theme}}</style>
<body style="margin:0;background:${theme === 'dark' ? '#131722' : '#fff'}">
<canvas width="580" height="400" style="position:absolute"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:580px"></canvas><script>
const axis = document.getElementById('axis').getContext('2d');
axis.font = '12px sans-serif'; axis.textBaseline = 'middle'; axis.fillStyle = '${theme === 'dark' ? '#b2b5be' : '#42454d'}';
for (let i = -3; i <= 3; i++) axis.fillText((-i).toFixed(2) + '%', 4, 200 + 50 * i);
</script></body>`;

const [extensionDir] = ensureBuilt('chrome');
const replay = await createReplay({ startAt: showcase });
const bars = await recordedBars(replay.port);
const browser = await launchChromium({ extensionDir, resolverPort: replay.port, viewport: size });
const { context } = browser;
await mkdir(folder, { recursive: true });
await context.route('https://www.binance.com/**', (route) => {
  const url = new URL(route.request().url());
  if (url.pathname.startsWith('/__modules/'))
    return route.fulfill({ path: modules + url.pathname.slice('/__modules/'.length) });
  // The worker asks this host as well.
  if (!url.pathname.startsWith('/en/futures/')) return route.fallback();
  const theme = url.searchParams.get('theme') === 'light' ? 'light' : 'dark';
  const name = url.searchParams.get('library') ?? first;
  const body = name === 'percent' ? percentPage(theme) : chartPage(name, theme, bars);
  return route.fulfill({ contentType: 'text/html', body });
});

const popup = await context.newPage();
const popupAddress = `chrome-extension://${browser.extensionId}/src/popup/index.html`;
await popup.goto(popupAddress);
const page = await context.newPage();

let mode: Settings['mode'] = 'levels';
const choose = (chosen: Settings['mode']) => {
  mode = chosen;
  return popup.evaluate((stored) => chrome.storage.local.set({ settings: { mode: stored } }), chosen);
};

/** Waits until the map of the full history is on the chart. */
async function complete(): Promise<boolean> {
  const end = Date.now() + 30_000;
  for (let quiet = 0; Date.now() < end; ) {
    const words = await overlayText(page);
    quiet = tellsEstimate(words) && !words.includes(loading) ? quiet + 1 : 0;
    if (quiet === 2) return true;
    await page.waitForTimeout(250);
  }
  return false;
}

const wanted = process.argv.slice(2);
const sections: { title: string; files: { name: string; says: string }[] }[] = [];
const missing: string[] = [];

async function shoot(from: Page, name: string): Promise<void> {
  await from.screenshot({ path: `${folder}${name}.png`, scale: 'css' });
  console.log(`${name}.png`);
}

async function onChart(library: string, theme: Theme): Promise<boolean> {
  await page.emulateMedia({ colorScheme: theme });
  await page.mouse.move(0, 0);
  await page.goto(`${address}?library=${library}&theme=${theme}`);
  await page.bringToFront();
  const done = await complete();
  if (mode === 'heatmap') {
    await page.locator('[data-liqbands][data-axis*=time]').waitFor({ state: 'attached', timeout: 15_000 });
    // The history comes after the map it belongs to.
    await page.waitForTimeout(6000);
  }
  await page.waitForTimeout(300);
  return done;
}

/** One section of the gallery: the same thing dark and light. */
async function pair(
  title: string,
  name: string,
  take: (theme: Theme) => Promise<boolean>,
  from: Page = page,
): Promise<void> {
  const files: { name: string; says: string }[] = [];
  for (const theme of themes) {
    const file = `${name}-${theme}`;
    if (wanted.length > 0 && !wanted.includes(name)) {
      if (existsSync(`${folder}${file}.png`)) files.push({ name: file, says: `${title}, ${theme}` });
      continue;
    }
    if (await take(theme)) files.push({ name: file, says: `${title}, ${theme}` });
    else missing.push(file);
    await shoot(from, file);
  }
  if (files.length) sections.push({ title, files });
}

await choose('levels');
for (const [name, { title }] of Object.entries(libraries))
  await pair(`Levels on ${title}`, name, (theme) => onChart(name, theme));
for (const each of modes.slice(1)) {
  await choose(each);
  await pair(`Mode: ${each}`, each, (theme) => onChart(first, theme));
}
await choose('levels');
await pair('Tooltip', 'tooltip', async (theme) => {
  const done = await onChart(first, theme);
  // On the profile.
  await page.mouse.move(560, 130);
  await page.waitForTimeout(1500);
  return done;
});
await pair('Badge, opened', 'badge', async (theme) => {
  const done = await onChart(first, theme);
  const at = await page.evaluate(() => {
    for (let y = 4; y < 400; y += 4)
      if (document.elementFromPoint(40, y)?.matches('[data-liqbands-badge]')) return y;
    return undefined;
  });
  if (at === undefined) return false;
  await page.mouse.click(40, at + 12);
  await page.waitForTimeout(500);
  return done;
});
await pair('Panel where a scale cannot be drawn on', 'panel', async (theme) => {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(`${address}?library=percent&theme=${theme}`);
  await page.locator('[data-liqbands-panel]').waitFor({ state: 'attached', timeout: 15_000 });
  await page.waitForTimeout(2500);
  return true;
});
await popup.setViewportSize({ width: 360, height: 600 });
const popupTaken = async (theme: Theme) => {
  await onChart(first, theme);
  // It stands behind the chart, where nothing that moves comes to its end.
  await popup.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await popup.waitForTimeout(1500);
  return true;
};
await pair('Popup', 'popup', popupTaken, popup);

/** The extension's other pages: what shows that they are complete, and the room they are taken in. */
const mark = bars.at(-1)!.close;
const typed = `long BTC ${Math.round(mark * 0.995)} 25x 0.5 stop ${Math.round(mark * 0.985)} tp ${Math.round(mark * 1.03)}`;
const ownPages: {
  title: string;
  path: string;
  query: string;
  ready: string;
  width: number;
  height: number;
  act?: () => Promise<unknown>;
}[] = [
  { title: 'Desk', path: 'desk', query: '', ready: '.pushes tbody tr', width: 1440, height: 960 },
  {
    title: 'Desk, replay',
    path: 'desk',
    query: '',
    ready: '.replay input',
    width: 1440,
    height: 960,
    act: async () => {
      await popup.locator('.replay input').fill('-30');
      await popup.locator('.followed').waitFor({ timeout: 60_000 });
    },
  },
  { title: 'Desk on a phone', path: 'desk', query: '', ready: '.pushes tbody tr', width: 360, height: 1600 },
  {
    title: 'Position',
    path: 'position',
    query: `?text=${encodeURIComponent(typed)}`,
    ready: '.four',
    width: 760,
    height: 900,
  },
  { title: 'Settings', path: 'options', query: '', ready: '.grid', width: 800, height: 1100 },
  { title: 'Accuracy', path: 'accuracy', query: '', ready: 'table', width: 900, height: 900 },
  { title: 'First steps', path: 'welcome', query: '', ready: '.steps', width: 1024, height: 700 },
];
for (const { title, path, query, ready, width, height, act } of ownPages) {
  const taken = async (theme: Theme) => {
    await popup.setViewportSize({ width, height });
    await popup.emulateMedia({ colorScheme: theme });
    await popup.goto(`chrome-extension://${browser.extensionId}/src/${path}/index.html${query}`);
    await popup.bringToFront();
    await popup.locator(ready).first().waitFor({ timeout: 60_000 });
    await act?.();
    await popup.waitForTimeout(2000);
    return true;
  };
  await pair(title, title.toLowerCase().replaceAll(/[ ,]+/g, '-'), taken, popup);
}

const gallery = sections.map(({ title, files }) => {
  const pictures = files.map(({ name, says }) => `![${says}](${name}.png)`);
  return `## ${title}\n\n${pictures.join('\n')}\n`;
});
await writeFile(
  `${folder}README.md`,
  `# Pictures\n\nTaken by \`npm run pictures\` from the production build on recorded BTCUSDT trading (2024, moved to the present).\nEvery amount in them is an estimate. Lightweight Charts™ is made by [TradingView](https://www.tradingview.com/).\n\n${gallery.join('\n')}`,
);
await browser.close();
await replay.close();
if (missing.length) {
  console.error(`Not complete: ${missing.join(', ')}`);
  process.exitCode = 1;
}
