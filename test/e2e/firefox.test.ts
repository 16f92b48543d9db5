import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LaunchedFirefox, launchFirefox } from '../../src/cli/firefox';
import { createReplay, type Replay } from '../../src/replay';

/** The same build targets in Firefox: background script instead of a service worker, the same overlay. */

describe('in Firefox', () => {
  let replay: Replay;
  let firefox: LaunchedFirefox;
  let page: Page;

  beforeAll(async () => {
    replay = await createReplay();
    firefox = await launchFirefox({ extensionDir: 'dist/firefox', resolverPort: replay.port });
    page = await firefox.browser.newPage();
    await page.goto('https://www.binance.com/en/futures/BTCUSDT', { waitUntil: 'domcontentloaded' });
  });
  afterAll(async () => {
    await firefox?.close();
    await replay?.close();
  });

  it('draws bands within 1 px of the chart’s own scale', async () => {
    await page.waitForSelector('[data-liqbands][data-axis]', { timeout: 60_000 });
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
});
