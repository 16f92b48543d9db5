import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedFirefox, launchFirefox } from '../../src/tools/firefox';
import { createReplay, type ReplayExchange } from '../../src/tools/replay';
import { breakage, chart } from './harm';
import { moment } from './stage';

/** The same build targets in Firefox: background script instead of a service worker, the same overlay. */

describe('in Firefox', () => {
  let replay: ReplayExchange;
  let firefox: LaunchedFirefox;
  let page: Page;

  beforeAll(async () => {
    replay = await createReplay({ startAt: moment });
    firefox = await launchFirefox({ extensionDir: 'dist/firefox', resolverPort: replay.port });
    page = await firefox.browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto('https://www.binance.com/en/futures/BTCUSDT', { waitUntil: 'domcontentloaded' });
  });
  afterAll(async () => {
    await firefox?.close();
    await replay?.close();
  });

  it('draws bands within 1 px of the chart’s own scale', async () => {
    await page.waitForSelector('[data-liqbands][data-axis]');
    const errors = await page.evaluate(() => {
      const element = document.querySelector('[data-liqbands][data-axis]')!;
      const axis = JSON.parse(element.getAttribute('data-axis')!);
      const height = Number(element.getAttribute('data-pane')!.split(',')[3]);
      const { __series: series } = window as unknown as {
        __series: { priceToCoordinate(p: number): number; coordinateToPrice(y: number): number };
      };
      return Array.from({ length: 9 }, (_, i) => {
        const price = series.coordinateToPrice(((i + 0.5) * height) / 9);
        const y = axis.a + axis.b * (axis.scale === 'log' ? Math.log(price) : price);
        return Math.abs(y - series.priceToCoordinate(price));
      });
    });
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  it('draws the heatmap once it is chosen on the card: its script is brought into the page', async () => {
    const box = await page.evaluate(() => {
      const { left, top } = document.querySelector('[data-liqbands][data-pane]')!.getBoundingClientRect();
      return { left, top };
    });
    const time = () =>
      page.evaluate(() => {
        const axis = document.querySelector('[data-liqbands][data-axis]')?.getAttribute('data-axis');
        return axis ? (JSON.parse(axis) as { time?: object }).time : undefined;
      });
    const isTold = async () => (await time()) !== undefined;
    // The card's script is brought once it is asked for, and nothing on the page tells that it is there: chosen until it is.
    for (let i = 0; i < 20 && !(await isTold()); i++) {
      await page.keyboard.press('Escape');
      await page.mouse.click(box.left + 30, box.top + 18);
      await new Promise((done) => setTimeout(done, 500 + 200 * i));
      await page.keyboard.press('Tab');
      await page.keyboard.type('H');
      for (let k = 0; k < 20 && !(await isTold()); k++) await new Promise((done) => setTimeout(done, 200));
    }
    expect(await time()).toBeDefined();
  });

  it.each([
    ['position', 'textarea'],
    ['desk', '.levels tbody tr'],
    ['options', 'input[type=checkbox]'],
    ['welcome', '.steps'],
    ['accuracy', 'table'],
    ['popup', '[type=radio]'],
  ])('opens its own page: %s, without an error', async (name, ready) => {
    const own = await firefox.browser.newPage();
    own.setDefaultTimeout(60_000);
    const errors: string[] = [];
    own.on('pageerror', (error) => errors.push(String(error)));
    own.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    // The driver is not told that a page of an extension has loaded: what stands on it tells.
    void own.goto(`${firefox.origin}/src/${name}/index.html`).catch(() => undefined);
    const isThere = (selector: string) => document.querySelector(selector) !== null;
    await expect.poll(() => own.evaluate(isThere, ready).catch(() => false)).toBe(true);
    expect(errors).toEqual([]);
    await own.close();
  });

  const hostile: Record<string, string> = {
    'breaks every built-in after us': breakage,
    'freezes contexts, canvases and events': `for (const type of [CanvasRenderingContext2D, HTMLCanvasElement, CustomEvent, EventTarget, Node, Element])
      Object.freeze(type.prototype);`,
    'stands the clocks still and replaces frames, timers and observers': `performance.now = () => 1;
      requestAnimationFrame = setTimeout = setInterval = queueMicrotask = () => 0;
      MutationObserver = ResizeObserver = class { observe() {} disconnect() {} };`,
    'floods its axis': 'for (let i = 0; i < 100000; i++) axis.fillText(String(i % 977), 4, (i * 7) % 400);',
  };
  for (const [what, script] of Object.entries(hostile)) {
    it(`a page that ${what} is read as any other`, async () => {
      const level = replay.market('binance', 'BTC').mark(replay.now());
      const own = await firefox.browser.newPage();
      await own.goto('https://www.binance.com/en/futures/BTCUSDT', { waitUntil: 'domcontentloaded' });
      await own.evaluate(
        `document.open(), document.write(${JSON.stringify(chart(script)).replaceAll('</', '<\\/')}), document.close()`,
      );
      const drawn = `(draw(${level * 0.97}, ${level * 1.03}), document.querySelector('[data-liqbands][data-axis]')?.getAttribute('data-axis') ?? '')`;
      await expect.poll(() => own.evaluate(drawn)).not.toBe('');
      const { a, b, scale } = JSON.parse((await own.evaluate(drawn)) as string);
      const y = a + b * (scale === 'log' ? Math.log(level) : level);
      expect(Math.abs(y - ((await own.evaluate(`toY(${level})`)) as number))).toBeLessThan(1);
      await own.close();
    });
  }
});
