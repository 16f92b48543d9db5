import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  /** How far what is drawn is from the chart's own scale, px, at nine heights. */
  const errorsOfAxis = () =>
    page.evaluate(() => {
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

  it('draws bands within 1 px of the chart’s own scale', async () => {
    await page.waitForSelector('[data-liqbands][data-axis]');
    expect(Math.max(...(await errorsOfAxis()))).toBeLessThanOrEqual(1);
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

  /** One of the extension's own pages, once what it is waited for stands on it. */
  async function openOwn(name: string, ready: string): Promise<{ own: Page; errors: string[] }> {
    const own = await firefox.browser.newPage();
    own.setDefaultTimeout(60_000);
    const errors: string[] = [];
    own.on('pageerror', (error) => errors.push(String(error)));
    own.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    // The driver is not told that a page of an extension has loaded: what stands on it tells.
    void own.goto(`${firefox.origin}/src/${name}/index.html`).catch(() => undefined);
    const isThere = (selector: string) => document.querySelector(selector) !== null;
    await expect.poll(() => own.evaluate(isThere, ready).catch(() => false)).toBe(true);
    return { own, errors };
  }

  const words = (own: Page) => own.evaluate(() => document.body.textContent);

  /** A press of the mouse on the first element of a kind that has these words. */
  async function press(own: Page, kind: string, text: string): Promise<void> {
    const middle = () =>
      own.evaluate(
        (selector, wanted) => {
          const found = [...document.querySelectorAll(selector)].find((each) =>
            each.textContent!.includes(wanted),
          );
          found?.scrollIntoView({ block: 'center' });
          const box = found?.getBoundingClientRect();
          // What is folded away cannot be pressed.
          return box?.width ? [box.left + box.width / 2, box.top + box.height / 2] : undefined;
        },
        kind,
        text,
      );
    await expect.poll(middle).toBeDefined();
    const [x, y] = (await middle())!;
    await own.mouse.click(x!, y!);
  }

  const sockets = (venue: string) => replay.stats().venues[venue]!.sockets;

  it.each([
    ['welcome', '.steps'],
    ['accuracy', 'table'],
  ])('opens its own page: %s, without an error', async (name, ready) => {
    const { own, errors } = await openOwn(name, ready);
    expect(errors).toEqual([]);
    await own.close();
  });

  it('the popup switches a venue off and on; a permission taken away is asked for, and given back', async () => {
    const { own, errors } = await openOwn('popup', '.venue-name');
    await own.evaluate(() => chrome.storage.local.remove('settings'));
    // The chart is out of sight, and its market is let go of after a while: it is watched from here.
    await own.evaluate(() => {
      const port = chrome.runtime.connect({ name: 'watch' });
      port.postMessage({ type: 'watch', symbol: 'BTC-USDT', window: '24h' });
      Object.assign(window, { port });
    });
    await expect.poll(() => sockets('bybit')).toBeGreaterThan(0);
    const isFolded = () => own.evaluate(() => !document.querySelector('.venue-name')?.checkVisibility());
    // Whether it was unfolded before is told a moment after the page is there.
    await expect
      .poll(
        async () => {
          if (await isFolded()) await press(own, '#venues', 'Venues');
          return isFolded();
        },
        { interval: 1000 },
      )
      .toBe(false);
    await press(own, '.venue-name', 'Bybit');
    await expect.poll(() => sockets('bybit')).toBe(0);
    await press(own, '.venue-name', 'Bybit');
    await expect.poll(() => sockets('bybit')).toBeGreaterThan(0);
    const okx = { origins: ['https://openapi.okx.com/*'] };
    expect(await own.evaluate((asked) => chrome.permissions.remove(asked), okx)).toBe(true);
    await press(own, 'button', 'Allow access to OKX');
    await expect.poll(() => own.evaluate((asked) => chrome.permissions.contains(asked), okx)).toBe(true);
    await expect.poll(() => words(own)).not.toContain('Allow access to OKX');
    expect(errors).toEqual([]);
    await own.close();
  });

  it('the desk stands in the sidebar, beside the page', async () => {
    const { own, errors } = await openOwn('desk', '.levels tbody tr');
    await firefox.inWindow(
      `await SidebarController.show(extension.id.replace(/[^a-z0-9_-]/g, '_') + '-sidebar-action');`,
    );
    const levels = () =>
      own.evaluate(
        () =>
          chrome.extension
            .getViews({ type: 'sidebar' as never })
            .map(({ document }) => document.querySelectorAll('.levels tbody tr').length)[0],
      );
    await expect.poll(levels).toBeGreaterThan(0);
    await firefox.inWindow('SidebarController.hide();');
    expect(errors).toEqual([]);
    await own.close();
  });

  it('a position is read, reported and kept', async ({ task }) => {
    const { own, errors } = await openOwn('position', 'textarea');
    const mark = replay.market('binance', 'BTC').mark(replay.now());
    await own.focus('textarea');
    await own.keyboard.type(
      `long BTC ${Math.round(mark * 0.995)} 25x ${0.5 + (task.result?.retryCount ?? 0)}`,
    );
    await expect.poll(() => words(own)).toContain('Own liquidation, Binance rule');
    await press(own, 'button', 'Keep');
    const kept = () =>
      own.evaluate(() => chrome.runtime.sendMessage({ type: 'positions' }) as Promise<object[]>);
    // One for each try.
    const all = Array.from({ length: 1 + (task.result?.retryCount ?? 0) }, () => ({ symbol: 'BTC-USDT' }));
    await expect.poll(kept).toMatchObject(all);
    expect(errors).toEqual([]);
    await own.close();
  });

  it('the options send a test alert, and run the self-test on every venue', async () => {
    const { own, errors } = await openOwn('options', 'input[type=checkbox]');
    await press(own, 'button', 'Send a test');
    await expect.poll(() => words(own)).toContain('Sent.');
    await press(own, 'button', 'Run the self-test');
    await expect
      .poll(
        () => own.evaluate(() => document.querySelectorAll('details.log:has(.check) > summary > b').length),
        // Up to a minute, as it says, and more where the machine is busy.
        { timeout: 150_000 },
      )
      .toBe(5);
    expect(errors).toEqual([]);
    await own.close();
  });

  it('a background page that was ended begins anew, and the chart is told again', async () => {
    await expect.poll(() => sockets('binance')).toBeGreaterThan(0);
    const before = replay.stats().venues.binance!.requests;
    await firefox.inWindow('await extension.terminateBackground();');
    await expect.poll(() => replay.stats().venues.binance!.requests).toBeGreaterThan(before);
    await expect.poll(() => sockets('binance')).toBeGreaterThan(0);
    await page.bringToFront();
    await page.waitForSelector('[data-liqbands][data-axis]');
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

  it('where the extension is switched off, what it drew is not seen any more; switched on, it draws again', async () => {
    await page.bringToFront();
    await page.waitForSelector('[data-liqbands][data-axis]');
    const seen = () =>
      page.evaluate(() => {
        const hosts = [...document.querySelectorAll('[data-liqbands],[data-liqbands-badge]')];
        return hosts.filter((host) => getComputedStyle(host).visibility === 'visible').length;
      });
    const toggle = (call: 'disable' | 'enable') =>
      firefox.inWindow(
        `const { AddonManager } = ChromeUtils.importESModule('resource://gre/modules/AddonManager.sys.mjs');
         await (await AddonManager.getAddonByID(id)).${call}();`,
      );
    /** Until then it would be switched off between two looks. */
    const expiring = () =>
      page.evaluate(
        () =>
          [...document.querySelectorAll('[data-liqbands],[data-liqbands-badge]')].filter(
            (host) => host.getAnimations().length > 0,
          ).length,
      );
    await expect.poll(seen).toBe(2);
    await expect.poll(expiring).toBe(2);
    try {
      await toggle('disable');
      await expect.poll(seen, { timeout: 60_000 }).toBe(0);
    } finally {
      await toggle('enable');
    }
    await expect.poll(seen, { timeout: 60_000 }).toBe(2);
    // The axis is told a moment after the bands stand.
    const worst = () => errorsOfAxis().then((errors) => Math.max(...errors), String);
    await expect.poll(worst, { timeout: 60_000 }).toBeLessThanOrEqual(1);
  });

  // The last of its stage: the version that the others are about is gone.
  it('a newer version that takes the place of this one takes away all that it drew, and draws itself', async () => {
    await page.bringToFront();
    await page.waitForSelector('[data-liqbands][data-axis]');
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    /** What of ours is on the page, by kind; what the older version drew is marked. */
    const hosts = (mark: boolean) =>
      page.evaluate((marks) => {
        const kinds = ['data-liqbands', 'data-liqbands-badge', 'data-liqbands-labels', 'data-liqbands-panel'];
        const all = kinds.flatMap((kind) =>
          [...document.querySelectorAll(`[${kind}]`)].map((host) => ({ kind, host })),
        );
        if (marks) for (const { host } of all) host.setAttribute('data-older', '');
        return all.map(({ kind, host }) => kind + (host.hasAttribute('data-older') ? ', older' : ''));
      }, mark);
    const before = await hosts(false);
    expect(before.sort()).toEqual(['data-liqbands', 'data-liqbands-badge', 'data-liqbands-labels']);
    await hosts(true);
    const newer = mkdtempSync(join(tmpdir(), 'liqbands-newer-'));
    try {
      cpSync('dist/firefox', newer, { recursive: true });
      const manifest = JSON.parse(readFileSync(join(newer, 'manifest.json'), 'utf8')) as object;
      writeFileSync(join(newer, 'manifest.json'), JSON.stringify({ ...manifest, version: '999.0.0' }));
      await firefox.browser.installExtension(newer);
      await expect.poll(async () => (await hosts(false)).sort(), { timeout: 60_000 }).toEqual(before);
      await page.waitForSelector('[data-liqbands][data-axis]');
      expect(Math.max(...(await errorsOfAxis()))).toBeLessThanOrEqual(1);
      expect((await hosts(false)).sort()).toEqual(before);
      expect(errors).toEqual([]);
    } finally {
      rmSync(newer, { recursive: true });
    }
  });
});
