import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStage, overlayText, type Stage } from './stage';

/** The badge on a chart drawn by hand, where the test says at which height the last price is. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';

const html = `<!doctype html><title>x</title>
<body style="margin:0;background:#fff"><div style="position:relative;width:860px;height:400px">
<canvas id="pane" width="800" height="400" style="position:absolute;left:0;top:0"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:800px;top:0"></canvas></div>
<script>
const axis = document.getElementById('axis').getContext('2d');
/** Shows \`price\` at height \`y\`, with 1 % of it on 100 px. */
function draw(price, y) {
  axis.clearRect(0, 0, 60, 400);
  axis.font = '12px sans-serif';
  axis.textBaseline = 'middle';
  for (let at = 25; at < 400; at += 50) axis.fillText((price * (1 + (y - at) / 10000)).toFixed(1), 4, at);
}
</script></body>`;

describe('the badge', () => {
  let stage: Stage;
  let page: Page;

  const mark = () => stage.replay.market('binance', 'BTC').mark(stage.replay.now());
  const show = (y: number) =>
    page.evaluate(
      ([price, at]) => (window as unknown as { draw(price: number, y: number): void }).draw(price!, at!),
      [mark(), y],
    );

  /** Where it catches the pointer: first and last row at each side of the pane. */
  const rows = () =>
    page.evaluate(() => {
      const find = (x: number) => {
        const ys: number[] = [];
        for (let y = 0; y < 400; y++) {
          if (document.elementFromPoint(x, y)?.matches('[data-liqbands-badge]')) ys.push(y);
        }
        return ys.length > 0 ? { top: ys[0]!, bottom: ys.at(-1)! } : undefined;
      };
      return { left: find(40), right: find(760) };
    });

  async function open(): Promise<void> {
    await page.goto(address);
    await vi.waitFor(
      async () => {
        await show(200);
        const { left, right } = await rows();
        expect(left ?? right).toBeDefined();
        // With its figures.
        expect(await overlayText(page)).toMatch(/±5 %/);
      },
      { timeout: 60_000, interval: 200 },
    );
  }

  beforeAll(async () => {
    stage = await openStage({}, { keepsPages: true });
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await open();
  });
  afterAll(() => stage?.close());

  it.each([20, 45, 80, 200, 330, 380])('never covers the last price: at %d px', async (y) => {
    await expect
      .poll(async () => {
        await show(y);
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        const { left } = await rows();
        return left !== undefined && (left.top > y + 4 || left.bottom < y - 4);
      })
      .toBe(true);
  });

  it('comes back to its corner when the price has gone', async () => {
    await show(20);
    await expect.poll(async () => (await rows()).left?.top).toBeGreaterThan(30);
    await show(250);
    await expect.poll(async () => (await rows()).left?.top).toBeLessThan(20);
  });

  it('is dragged to another corner, which the site’s next page remembers', async () => {
    await page.mouse.move(40, 20);
    await page.mouse.down();
    await page.mouse.move(700, 350, { steps: 5 });
    await page.mouse.up();
    // The label of a level below the pane may be pinned under it.
    await expect.poll(async () => (await rows()).right?.bottom).toBeGreaterThan(330);
    await open();
    const { left, right } = await rows();
    expect(left).toBeUndefined();
    expect(right!.bottom).toBeGreaterThan(330);
  });

  it('goes where the arrow keys send it, opens with Enter and closes with Escape', async () => {
    await page.mouse.click(840, 450);
    await page.keyboard.press('Tab');
    // The library's own mark stands in the lower left corner: the badge keeps off it.
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => (await rows()).left).toBeDefined();
    await page.keyboard.press('ArrowUp');
    await expect.poll(async () => (await rows()).left?.top).toBeLessThan(20);
    const height = async () => {
      const { left } = await rows();
      return left ? left.bottom - left.top : 0;
    };
    await show(350);
    const closed = await height();
    await page.keyboard.press('Enter');
    await expect.poll(height).toBeGreaterThan(closed + 100);
    // Open as well it leaves the last price in sight, and scrolls instead.
    await show(200);
    await expect
      .poll(async () => {
        const { left } = await rows();
        return left !== undefined && (left.bottom < 196 || left.top > 204);
      })
      .toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(height).toBeLessThan(closed + 20);
  });

  it('by finger, without any hover: a tap opens the card, one beside it closes it, a drag moves the badge', async () => {
    const session = await stage.browser.context.newCDPSession(page);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    const touch = async (from: [number, number], ...to: [number, number][]) => {
      const points = ([x, y]: [number, number]) => [{ x, y }];
      await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(from) });
      for (const each of to)
        await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(each) });
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    };
    await show(350);
    const left = async () => (await rows()).left ?? { top: -1, bottom: -1 };
    const height = async () => (await left()).bottom - (await left()).top;
    await expect.poll(height).toBeGreaterThan(0);
    const closed = await height();
    // What a finger has to hit is at least 24 px high (WCAG 2.2, 2.5.8).
    expect(closed).toBeGreaterThanOrEqual(23);
    const middle = async (): Promise<[number, number]> => [
      40,
      ((await left()).top + (await left()).bottom) / 2,
    ];
    await touch(await middle());
    await expect.poll(height).toBeGreaterThan(closed + 100);
    await touch([600, 300]);
    await expect.poll(height).toBeLessThan(closed + 20);
    await touch(await middle(), [200, 120], [500, 300], [700, 350]);
    await expect.poll(async () => (await rows()).right?.bottom).toBeGreaterThan(330);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  });

  it('goes on where the back button brings the page back as it was', async () => {
    const sockets = () => stage.replay.stats().venues.binance!.sockets;
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => document.body.classList.toggle('restored', persisted)),
    );
    await page.goto('https://www.binance.com/en/markets/overview');
    // A page that is kept holds no connection.
    await expect.poll(sockets, { timeout: 60_000 }).toBe(0);
    await page.evaluate(() => history.back()).catch(() => undefined);
    await page.locator('body.restored').waitFor({ state: 'attached' });
    await expect.poll(sockets, { timeout: 60_000 }).toBeGreaterThan(0);
    await show(200);
    await expect.poll(rows, { timeout: 60_000 }).toMatchObject({ left: { top: expect.any(Number) } });
  });
});
