import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExchangePage, exchangePage } from './exchange-page';
import { openStage, overlayText, type Stage } from './stage';

/** Badge and page share the pane: ours is never over the page's own words, nor under them. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';

interface Seen {
  /** Places of the badge: where it catches the pointer, or would but for what is over it. */
  badge: number;
  /** Those that are on a word of the page. */
  onWords: number;
  left: number;
  top: number;
}

describe('on a page with words over its chart', () => {
  let stage: Stage;
  let page: Page;
  let shown: ExchangePage;

  async function open(wanted: Partial<ExchangePage>): Promise<void> {
    shown = { width: 1280, height: 740, rows: 2, direction: 'ltr', theme: 'dark', ...wanted };
    await page.setViewportSize({ width: shown.width, height: shown.height });
    await page.goto(address);
    await expect
      .poll(async () => {
        const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
        await page.evaluate((price) => (window as unknown as { draw(p: number): void }).draw(price), mark);
        return overlayText(page);
      })
      .toMatch(/±5 %/);
  }

  /** Every fourth row and sixth column of the window, as far as the badge reaches: found on every third of them, it is no smaller. */
  const look = (): Promise<Seen> =>
    page.evaluate(() => {
      const words = [...document.querySelectorAll('.word')].map((word) => word.getBoundingClientRect());
      const seen = { badge: 0, onWords: 0, left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY };
      const tried = new Set<string>();
      const reached: [number, number][] = [];
      const attempt = (x: number, y: number): void => {
        if (tried.has(`${x},${y}`)) return;
        tried.add(`${x},${y}`);
        if (document.elementsFromPoint(x, y).some((each) => each.matches('[data-liqbands-badge]')))
          reached.push([x, y]);
      };
      for (let y = 2; y < innerHeight; y += 12) for (let x = 2; x < innerWidth; x += 18) attempt(x, y);
      for (const [x, y] of reached) {
        seen.badge++;
        seen.left = Math.min(seen.left, x);
        seen.top = Math.min(seen.top, y);
        const isOn = ({ left, top, right, bottom }: DOMRect) =>
          x >= left && x <= right && y >= top && y <= bottom;
        if (words.some(isOn)) seen.onWords++;
        // Grows while it is walked: what lies beside the badge's places is tried too.
        attempt(x - 6, y);
        attempt(x + 6, y);
        attempt(x, y - 4);
        attempt(x, y + 4);
      }
      return seen;
    });

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: exchangePage(shown) }),
    );
  });
  afterAll(() => stage?.close());

  const pages: Partial<ExchangePage>[] = [
    ...[1, 2, 3, 4, 5, 6].map((rows) => ({ rows })),
    { width: 640, height: 400, rows: 3 },
    { width: 3840, height: 2160, rows: 4 },
    { direction: 'rtl', theme: 'light' },
  ];
  it.each(pages)('stands beside them: %j', async (wanted) => {
    await open(wanted);
    await expect.poll(async () => (await look()).onWords).toBe(0);
    const seen = await look();
    expect(seen.badge).toBeGreaterThan(40);
    // Legends breathe with their values: the badge keeps its place meanwhile.
    await page.waitForTimeout(1500);
    expect((await look()).onWords).toBe(0);
  });

  it.each([1, 4, 6])(
    'on a pane of 320 × 200 with a legend of %d rows is a small sign, or nothing',
    async (rows) => {
      await open({ width: 320, height: 200, rows });
      await expect.poll(async () => (await look()).onWords).toBe(0);
    },
  );

  it('makes way for a legend that gets more rows, and for toolbars that come up under the pointer', async () => {
    await open({ rows: 1 });
    const { top } = await look();
    await page.evaluate(() => {
      const legend = document.querySelector('.legend')!;
      for (let i = 0; i < 4; i++) legend.append(legend.firstElementChild!.cloneNode(true));
    });
    await expect.poll(async () => (await look()).top).toBeGreaterThan(top + 60);
    await page.mouse.move(640, 300);
    await expect.poll(async () => (await look()).onWords).toBe(0);
  });

  it.each([0.8, 1.5, 2])('stands beside them at a zoom of %d', async (zoom) => {
    await open({ rows: 3, width: Math.round(1280 / zoom), height: Math.round(740 / zoom) });
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setDeviceMetricsOverride', {
      width: shown.width,
      height: shown.height,
      deviceScaleFactor: zoom,
      mobile: false,
    });
    await expect.poll(async () => (await look()).onWords).toBe(0);
    expect((await look()).badge).toBeGreaterThan(20);
    await session.detach();
  });
});
