import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { overlayText, tellsEstimate } from './overlay-text';
import { createReplay, showcase } from './replay';

/** `npx tsx src/tools/store-pictures.ts`: screenshots and tiles at the sizes that the stores ask for, on a replayed market. */

const folder = fileURLToPath(new URL('../../artifacts/stores/', import.meta.url));
const icon = fileURLToPath(new URL('../../public/icons/128.png', import.meta.url));
const screenshot = { width: 1280, height: 800 };
const tiles = { small: { width: 440, height: 280 }, large: { width: 1400, height: 560 } };
const loading = english.map_provisional.message;

const [extensionDir] = ensureBuilt('chrome');
const replay = await createReplay({ startAt: showcase });
const browser = await launchChromium({ extensionDir, resolverPort: replay.port, viewport: screenshot });
const { context } = browser;
await mkdir(folder, { recursive: true });
const own = (page: string) => `chrome-extension://${browser.extensionId}/src/${page}`;

async function shoot(page: Page, name: string): Promise<Buffer> {
  console.log(`${name}.png`);
  return page.screenshot({ path: `${folder}${name}.png`, scale: 'css' });
}

const chart = await context.newPage();
await chart.goto('https://www.binance.com/en/futures/BTCUSDT', { waitUntil: 'domcontentloaded' });
const end = Date.now() + 120_000;
for (let quiet = 0; quiet < 2; ) {
  if (Date.now() > end)
    throw new Error('The map of the full history was not on the chart within two minutes');
  const words = await overlayText(chart);
  quiet = tellsEstimate(words) && !words.includes(loading) ? quiet + 1 : 0;
  await chart.waitForTimeout(500);
}
const levels = await shoot(chart, '1-levels');

const settings = await context.newPage();
await settings.goto(own('options/index.html'));
await settings.evaluate(() => chrome.storage.local.set({ settings: { mode: 'heatmap' } }));
await chart.bringToFront();
await chart.reload();
await chart.locator('[data-liqbands][data-axis*=time]').waitFor({ state: 'attached', timeout: 60_000 });
// The history comes after the map it belongs to.
await chart.waitForTimeout(6000);
await shoot(chart, '2-heatmap');

const mark = replay.market('binance', 'BTC').mark(replay.now());
const typed = `long BTC ${Math.round(mark * 0.995)} 25x 0.5 stop ${Math.round(mark * 0.985)} tp ${Math.round(mark * 1.03)}`;
const pages = [
  { name: '3-desk', path: 'desk/index.html', ready: '.pushes tbody tr', theme: 'dark' },
  {
    name: '4-position',
    path: `position/index.html?text=${encodeURIComponent(typed)}`,
    ready: '.four',
    theme: 'light',
  },
  { name: '5-settings', path: 'options/index.html', ready: '.grid', theme: 'light' },
] as const;
for (const { name, path, ready, theme } of pages) {
  await settings.emulateMedia({ colorScheme: theme });
  await settings.goto(own(path));
  await settings.bringToFront();
  await settings.locator(ready).first().waitFor({ timeout: 60_000 });
  await settings.waitForTimeout(3000);
  await shoot(settings, name);
}

const data = (png: Buffer) => `data:image/png;base64,${png.toString('base64')}`;
const tile = await context.newPage();
for (const [name, size] of Object.entries(tiles)) {
  const unit = size.height / 280;
  await tile.setViewportSize(size);
  await tile.setContent(`<!doctype html><body style="margin:0;width:${size.width}px;height:${size.height}px;overflow:hidden;color:#fff;
    background:linear-gradient(90deg,#0b1220 25%,#0b122000),url(${data(levels)}) 30% 40%/auto ${180}%;font:${18 * unit}px system-ui">
    <div style="padding:${64 * unit}px ${32 * unit}px">
    <img alt="" src="${data(await readFile(icon))}" width="${64 * unit}"><div style="font:700 ${40 * unit}px system-ui">Liqbands</div>
    <div style="max-width:${260 * unit}px;color:#cbd5e1">${english.extensionName.message.split(': ')[1]}</div></div>`);
  await shoot(tile, `tile-${name}`);
}
await browser.close();
await replay.close();
