import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, overlayText, type Stage } from './stage';
import { rests } from './worker-page';

/** Where a page has a chart whose prices cannot be read, a small panel says so and stands in. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const bands = '[data-liqbands][data-axis]';
const panel = '[data-liqbands-panel]';

const html = `<!doctype html><title>x</title>
<body style="margin:0;background:#14161c"><div id="box" style="position:relative;width:860px;height:400px">
<canvas id="pane" width="800" height="400" style="position:absolute;left:0;top:0"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:800px;top:0"></canvas></div>
<script>
new MutationObserver(() => {
  if (document.querySelector('[data-liqbands-panel]')) window.panelAt ??= performance.now();
}).observe(document, { childList: true, subtree: true });
const axis = document.getElementById('axis').getContext('2d');
function draw(texts, tag) {
  axis.clearRect(0, 0, 60, 400);
  axis.fillStyle = '#ccc';
  axis.font = '12px sans-serif';
  axis.textBaseline = 'middle';
  texts.forEach((text, i) => axis.fillText(text, 4, 50 * (i + 1)));
  axis.fillStyle = '#fff';
  if (tag) axis.fillText(tag, 4, 225);
}
</script></body>`;

const percents = ['+3.00%', '+2.00%', '+1.00%', '0.00%', '−1.00%', '−2.00%', '−3.00%'];

describe('on a page whose chart shows percentages', () => {
  let stage: Stage;
  let page: Page;
  let prices: string[];

  const draw = (texts: readonly string[], tag?: string) =>
    page.evaluate(
      ([all, last]) =>
        (window as unknown as { draw(texts: readonly string[], tag?: string): void }).draw(all, last),
      [texts, tag] as const,
    );
  const asked = () =>
    Object.values(stage.replay.stats().venues).reduce((sum, venue) => sum + venue.requests, 0);

  async function open(): Promise<void> {
    await page.goto(address);
    await draw(percents);
  }

  /** Buttons in the panel's bar, counted from the right edge. */
  async function press(fromRight: number): Promise<void> {
    const width = await page.evaluate(() => innerWidth);
    const top = await topOfPanel();
    await page.mouse.click(width - 12 - 1 - 12 - 12 - fromRight * 36, top + 20);
  }

  /** First row of the window, from above, that belongs to the panel at its right end. */
  const topOfPanel = () =>
    page.evaluate((selector) => {
      for (let y = 0; y < innerHeight; y++) {
        if (document.elementFromPoint(innerWidth - 40, y)?.matches(selector)) return y;
      }
      return -1;
    }, panel);

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    prices = percents.map((_, i) => (mark * (1 + (3 - i) / 100)).toFixed(1));
  });
  afterAll(() => stage?.close());

  it('asks for nothing at first nor while folded; unfolded it says why and shows the estimate beside the price', async () => {
    // A page of ours that asks for no market itself.
    const own = await stage.browser.context.newPage();
    await own.goto(`chrome-extension://${stage.browser.extensionId}/src/options/index.html`);
    const store = (settings: object) =>
      own.evaluate((chosen) => chrome.storage.local.set({ settings: chosen }), settings);
    const folded = (panel: string) => store({ sites: { 'www.binance.com': { panel } } });
    await folded('folded');
    await page.goto('about:blank');
    await rests(asked);
    const before = asked();
    await page.bringToFront();
    await open();
    await page.locator(panel).waitFor({ state: 'attached' });
    // A chart that can be read needs less than the three seconds that it is given.
    const panelAt = () => page.evaluate(() => (window as unknown as { panelAt?: number }).panelAt);
    await expect.poll(panelAt).toBeGreaterThan(2900);
    await page.waitForTimeout(1500);
    expect(asked()).toBe(before);
    await folded('open');
    await expect.poll(() => overlayText(page)).toMatch(/percentages, not prices.*Shorts.*Longs.*at risk/);
    expect(asked()).toBeGreaterThan(before);
    await expect.poll(() => overlayText(page)).toMatch(/estimate/i);
    expect(await page.locator(bands).count()).toBe(0);
    // What follows is as it is where nothing was chosen.
    await store({});
    await own.close();
  });

  it('goes as soon as an axis can be read', async () => {
    await draw(prices);
    await expect.poll(() => page.locator(panel).count()).toBe(0);
    await page.locator(bands).waitFor({ state: 'attached' });
  });

  it('neither it nor bands are on an axis in another currency, by the label over it', async () => {
    const seen = () => page.locator(bands).filter({ visible: true }).count();
    const label = (currency: string) =>
      page.evaluate((text) => {
        const id = 'currency';
        const element = document.getElementById(id) ?? document.createElement('div');
        Object.assign(element, { id, textContent: text });
        element.style.cssText = 'position:absolute;left:812px;top:2px;font:11px/16px sans-serif';
        document.getElementById('box')!.append(element);
      }, currency);
    for (const [currency, count] of [
      ['EUR', 0],
      ['USD', 1],
      ['TRY', 0],
      ['USDT', 1],
    ] as const) {
      await label(currency);
      await expect.poll(seen, { message: currency }).toBe(count);
    }
    expect(await page.locator(panel).count()).toBe(0);
  });

  it('does not stand on a chart whose last price is another coin’s', async () => {
    await open();
    await page.locator(panel).waitFor({ state: 'attached' });
    const others = prices.map((price) => (Number(price) * 1.02).toFixed(1));
    await draw(others, ((Number(others[3]) + Number(others[4])) / 2).toFixed(1));
    await expect.poll(() => page.locator(panel).count()).toBe(0);
    await page.waitForTimeout(4000);
    expect(await page.locator(panel).count()).toBe(0);
    expect(await page.locator(bands).filter({ visible: true }).count()).toBe(0);
  });

  it('folded by hand it is small', async () => {
    await open();
    await page.locator(panel).waitFor({ state: 'attached' });
    const before = await topOfPanel();
    await press(1);
    await expect.poll(topOfPanel).toBeGreaterThan(before);
  });

  it('closed it stays away from this site', async () => {
    await press(0);
    await expect.poll(() => page.locator(panel).count()).toBe(0);
    await open();
    await page.waitForTimeout(5000);
    expect(await page.locator(panel).count()).toBe(0);
  });
});
