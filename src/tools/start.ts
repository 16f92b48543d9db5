import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { ensureBrowser, launchChromium } from './browser';
import { ensureBuilt } from './build';
import { overlayText, tellsEstimate } from './overlay-text';
import { createReplay, showcase } from './replay';

/**
 * `npm start`: the production build of the extension in a browser, on a replayed market at the exchange's real address.
 * Without a display it runs headless and saves a picture; `--once` ends after the picture.
 */

/** What the badge says until then, as the browser opened below speaks English. */
const loading = english.map_provisional.message;
/** What it says of the nearest clusters as soon as there is any map: before that, nothing is known to be loading. */
const picture = 'artifacts/start.png';

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    url: { type: 'string', default: 'https://www.binance.com/en/futures/BTCUSDT' },
    data: { type: 'string' },
    speed: { type: 'string', default: '1' },
  },
});

const speed = Number(values.speed);
if (!(speed > 0)) throw new Error(`--speed expects a positive number, got ${values.speed}`);

const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const headless = values.once || !hasDisplay;

const executablePath = await ensureBrowser(console.log);
console.log('Building the extension …');
const [extensionDir] = ensureBuilt('chrome');
const replay = await createReplay({ data: values.data, speed, startAt: showcase });
const browser = await launchChromium({ extensionDir, resolverPort: replay.port, headless, executablePath });

async function stop(code: number): Promise<never> {
  await browser.close().catch(() => {});
  await replay.close();
  process.exit(code);
}
process.once('SIGINT', () => void stop(0));
process.once('SIGTERM', () => void stop(0));

const page = browser.context.pages()[0] ?? (await browser.context.newPage());
await page.goto(values.url, { waitUntil: 'domcontentloaded' });

/** Waits, up to a minute, until the full history has replaced the first, provisional map: the badge then stops saying so. */
async function historyLoaded(): Promise<boolean> {
  const end = Date.now() + 60_000;
  for (let quiet = 0; Date.now() < end; ) {
    const words = await overlayText(page);
    // Twice in a row: words are put in place one after the other.
    quiet = tellsEstimate(words) && !words.includes(loading) ? quiet + 1 : 0;
    if (quiet === 2) return true;
    await page.waitForTimeout(500);
  }
  return false;
}

const drawn = page.locator('[data-liqbands][data-axis]');
try {
  await drawn.first().waitFor({ state: 'attached', timeout: 60_000 });
} catch {
  console.error(`No bands were drawn on ${values.url} within 60 s.`);
  if (headless) await stop(1);
}
if (headless) {
  if (!(await historyLoaded())) console.error('The picture shows a map whose history is still loading.');
  await mkdir('artifacts', { recursive: true });
  await page.screenshot({ path: picture });
  console.log(`Bands drawn on ${values.url}: picture saved to ${picture}`);
}
if (values.once) await stop(0);
console.log('Running on a replayed market; press Ctrl+C to stop.');
if (!headless) browser.context.once('close', () => void stop(0));
