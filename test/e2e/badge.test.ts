import type { CDPSession, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sideInk } from '../../src/paint/theme';
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

  const opened = async () => {
    stage = await openStage({}, { keepsPages: true });
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
    await open();
  };
  beforeAll(opened);
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
    // How far down depends on where labels and the last price leave room.
    await expect.poll(async () => (await rows()).right?.bottom).toBeGreaterThan(250);
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

  const height = async () => {
    const { left } = await rows();
    return left ? left.bottom - left.top : 0;
  };

  it('is large enough for a finger, with everything that can be pressed on its card', async () => {
    await show(250);
    await expect.poll(async () => (await rows()).left?.top).toBeLessThan(20);
    const session = await page.context().newCDPSession(page);
    const targets = await targetsOf(session);
    try {
      await page.mouse.click(40, 20);
      await expect.poll(height).toBeGreaterThan(100);
      targets.push(...(await targetsOf(session)));
      expect(targets.length).toBeGreaterThan(5);
      for (const { name, width, height } of targets)
        expect(Math.min(width, height), name).toBeGreaterThanOrEqual(24);
    } finally {
      await page.keyboard.press('Escape');
      await expect.poll(height).toBeLessThan(60);
    }
    await session.detach();
  });

  it('has one name, with what it says now as its description, and gives the focus back', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Accessibility.enable');
    const nodes = async () => (await session.send('Accessibility.getFullAXTree')).nodes;
    const badge = async () => {
      const found = (await nodes()).find(
        (node) => node.name?.value === 'Liqbands: BTC, estimate' && node.role?.value === 'button',
      );
      const expanded = found?.properties?.find(({ name }) => name === 'expanded')?.value.value;
      return { says: String(found?.description?.value), expanded };
    };
    /** Role and name of what has the focus. */
    const focused = async () => {
      const found = (await nodes()).find(
        ({ role, properties }) =>
          role?.value !== 'RootWebArea' &&
          properties?.some(({ name, value }) => name === 'focused' && value.value),
      );
      return `${found?.role?.value} ${found?.name?.value}`;
    };
    expect((await badge()).says).toMatch(/Shorts .*Longs .*±5 %/s);
    await page.mouse.click(840, 450);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused()).toBe('button Liqbands: BTC, estimate');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await badge()).expanded).toBe(true);
    await page.keyboard.press('Tab');
    await expect.poll(() => focused()).toMatch(/^combobox /);
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => focused()).toBe('button Liqbands: BTC, estimate');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await badge()).expanded).toBe(false);
    await expect.poll(() => focused()).toBe('button Liqbands: BTC, estimate');
    await session.detach();
  });

  it('has on its card how the site’s chart looks, by keyboard, and for this site alone', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Accessibility.enable');
    const focused = async () => {
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      const found = nodes.find(
        ({ role, properties }) =>
          role?.value !== 'RootWebArea' &&
          properties?.some(({ name, value }) => name === 'focused' && value.value),
      );
      return `${found?.name?.value}`;
    };
    const worker = page.context().serviceWorkers()[0]!;
    const stored = async () =>
      (await worker.evaluate(() => chrome.storage.local.get('settings'))).settings as
        | { sites: Record<string, unknown> }
        | undefined;
    const before = await stored();
    try {
      await page.mouse.click(840, 450);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      for (const [name, key] of [
        ['Levels a side', '1'],
        ['Opacity', 'End'],
        ['Palette', 'C'],
      ] as const) {
        for (let i = 0; i < 20 && (await focused()) !== name; i++) await page.keyboard.press('Tab');
        expect(await focused()).toBe(name);
        await page.keyboard.press(key);
      }
      await expect
        .poll(async () => (await stored())?.sites['www.binance.com'])
        .toMatchObject({
          levelsPerSide: 1,
          opacity: 1,
          palette: 'classic',
        });
      expect(await stored()).toEqual({ ...before, sites: expect.anything() });
    } finally {
      await page.keyboard.press('Escape');
      await worker.evaluate(
        (settings) =>
          settings ? chrome.storage.local.set({ settings }) : chrome.storage.local.remove('settings'),
        before,
      );
      await session.detach();
    }
  });

  it('and its tooltip stand above the labels of the levels', async () => {
    const depth = (of: string) =>
      page
        .locator(`[data-liqbands-${of}]`)
        .first()
        .evaluate((host) => Number(getComputedStyle(host).zIndex));
    await expect.poll(() => depth('badge')).toBeGreaterThan(await depth('labels'));
  });

  it('moves nothing by itself: opened, moved and closed without an animation', async () => {
    const session = await page.context().newCDPSession(page);
    const moving: string[] = [];
    session.on('Animation.animationStarted', ({ animation }) => {
      // What hides all that is drawn once nobody renews it moves nothing.
      if (animation.name !== 'liqbands-expiry') moving.push(animation.name);
    });
    await session.send('Animation.enable');
    await page.mouse.click(40, 20);
    await expect.poll(height).toBeGreaterThan(100);
    await page.keyboard.press('Escape');
    await expect.poll(height).toBeLessThan(60);
    expect(moving).toEqual([]);
    await session.detach();
  });

  it('keeps the colours of the sides where the system forces its own', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const clip = { x: 0, y: 0, width: 380, height: 40 };
    const count = async (side: 'long' | 'short') => {
      const { data } = PNG.sync.read(await page.screenshot({ clip }));
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(sideInk.light[side].slice(at, at + 2), 16));
      let found = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found++;
      return found;
    };
    await expect.poll(() => count('long')).toBeGreaterThan(10);
    await expect.poll(() => count('short')).toBeGreaterThan(10);
    await page.emulateMedia({ forcedColors: 'none' });
  });

  const blending = () =>
    page.evaluate(() => document.querySelector<HTMLElement>('[data-liqbands]')!.style.mixBlendMode);

  it('and levels that are blended into the chart are not while it is panned, nor for a price that moves it once', async () => {
    await show(200);
    await expect.poll(blending).toBe('darken');
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    await show(201);
    expect(await blending()).toBe('darken');
    const panned = await page.evaluate(async (price) => {
      const { draw } = window as unknown as { draw(price: number, y: number): void };
      const seen = new Set<string>();
      for (let i = 0; i < 40; i++) {
        draw(price, 200 + i);
        await new Promise((done) => requestAnimationFrame(done));
        seen.add(document.querySelector<HTMLElement>('[data-liqbands]')!.style.mixBlendMode);
      }
      return [...seen];
    }, mark());
    expect(panned).toEqual(['darken', 'initial']);
    await expect.poll(blending).toBe('darken');
  });

  it('and the levels follow a page that turns dark, and light again', async () => {
    await expect.poll(() => blending()).toBe('darken');
    for (const [color, mode] of [
      ['#131722', 'lighten'],
      ['#ffffff', 'darken'],
    ] as const) {
      await page.evaluate((back) => {
        document.body.style.background = back;
      }, color);
      await expect.poll(blending).toBe(mode);
    }
  });

  it('by finger, without any hover: a tap opens the card, one beside it closes it, a drag moves the badge', async () => {
    const own = await stage.browser.context.newPage();
    await own.goto(`chrome-extension://${stage.browser.extensionId}/src/popup/index.html`);
    await own.evaluate(() => chrome.storage.local.remove('settings'));
    await own.close();
    await page.bringToFront();
    await open();
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
    // How far down depends on where labels and the last price leave room.
    await expect.poll(async () => (await rows()).right?.bottom).toBeGreaterThan(250);
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
    const shown = async () => Object.values(await rows()).filter(Boolean).length;
    await expect.poll(shown, { timeout: 60_000 }).toBeGreaterThan(0);
  });

  // The last of its stage, which a second try opens anew: an extension that the driver loaded does not come back.
  it('goes when the extension is loaded anew, and the page is told to reload', async ({ task }) => {
    if (task.result?.retryCount) {
      await stage.close();
      await opened();
    }
    const popup = await stage.browser.context.newPage();
    await popup.goto(`chrome-extension://${stage.browser.extensionId}/src/popup/index.html`);
    await page.bringToFront();
    await popup.evaluate(() => chrome.runtime.reload()).catch(() => {});
    await expect.poll(() => overlayText(page)).toMatch(/[Rr]eload/);
    await expect.poll(() => page.locator('[data-liqbands],[data-liqbands-badge]').count()).toBe(0);
  });
});

/** What can be pressed in our closed roots, with its size on screen. */
async function targetsOf(session: CDPSession): Promise<{ name: string; width: number; height: number }[]> {
  await session.send('DOM.enable');
  const { nodes } = await session.send('DOM.getFlattenedDocument', { depth: -1, pierce: true });
  const pressed = nodes.filter(({ nodeName }) => ['BUTTON', 'SELECT', 'INPUT', 'A'].includes(nodeName));
  const found: { name: string; width: number; height: number }[] = [];
  for (const { nodeId, nodeName, attributes } of pressed) {
    const box = await session.send('DOM.getBoxModel', { nodeId }).catch(() => undefined);
    if (box && box.model.width > 0)
      found.push({
        name: `${nodeName} ${attributes?.join(' ')}`,
        width: box.model.width,
        height: box.model.height,
      });
  }
  return found;
}
