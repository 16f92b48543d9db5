import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Page as FirefoxPage } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KeptPosition } from '../../src/protocol/kept-position';
import { ensureBuilt } from '../../src/tools/build';
import { type LaunchedFirefox, launchFirefox } from '../../src/tools/firefox';
import { createReplay, type ReplayExchange } from '../../src/tools/replay';
import { keptPosition } from '../kept-position';
import { exchangePage } from './exchange-page';
import { moment, openStage, overlayText, type Stage } from './stage';

/** What a page may not do: read the estimate, press our buttons, or make the user press them unseen. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const html = exchangePage({ width: 1000, height: 600, rows: 1, direction: 'ltr', theme: 'dark' });

/** What the page searches itself for: words and signs of ours that it has nowhere. */
const searched = ['Shorts', 'Longs', 'Liq est', '±5', '≈', '$', 'forced', 'at risk', 'fragile', 'even'];
const search = `${JSON.stringify(searched)}.filter((text) => {
  getSelection().removeAllRanges();
  return window.find(text, false, false, true, false, true, false);
})`;

/**
 * Frames keep the window of the empty document they began with, and what a page listens at there: evaluates to what was heard
 * of our scripts' words to each other.
 */
const heardInFrames = `(async () => {
  const heard = [];
  for (const kind of ['srcdoc', 'src']) {
    const frame = document.createElement('iframe');
    const loaded = new Promise((done) => frame.addEventListener('load', done));
    frame[kind] = kind === 'srcdoc' ? '<h1>1</h1>' : URL.createObjectURL(new Blob(['<h1>1</h1>'], { type: 'text/html' }));
    document.body.append(frame);
    for (const target of [frame.contentWindow, frame.contentDocument])
      for (const type of ['liqbands:hello', 'liqbands:channel'])
        target.addEventListener(type, (event) => heard.push(kind + ' ' + type + ' ' + event.detail), true);
    await loaded;
    await new Promise((done) => setTimeout(done, 300));
    if ([...frame.contentDocument.childNodes].some((node) => node.nodeType === 8)) heard.push(kind + ' comment left');
    frame.remove();
  }
  return heard;
})()`;
/** In the page: writes its document anew, which takes the listeners of all scripts, extensions' too, from window and document. */
const rewrite = `document.open(), document.write(${JSON.stringify(html).replaceAll('</', '<\\/')}), document.close()`;

/** In the page: how the chart's box was styled before; it has its size from there. */
const styleBox = (css: string): string => {
  const { style } = document.getElementById('box')!;
  const before = style.cssText;
  style.cssText += css;
  return before;
};
const restyleBox = (css: string): void => {
  document.getElementById('box')!.style.cssText = css;
};

describe('the package', () => {
  it.each(['chrome', 'firefox'] as const)(
    'of %s opens nothing to pages and loads no code from elsewhere',
    (browser) => {
      const folder = ensureBuilt(browser)[0]!;
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
      for (const key of ['web_accessible_resources', 'externally_connectable', 'content_security_policy'])
        expect(manifest).not.toHaveProperty(key);
      const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.html'),
      );
      expect(pages.length).toBeGreaterThan(5);
      for (const page of pages) {
        const html = readFileSync(join(folder, page), 'utf8');
        expect(
          html.match(/(?:src|href)="(?:https?:)?\/\/[^"]*"[^>]*>|<script(?![^>]*src)/g),
          page,
        ).toBeNull();
      }
    },
  );
});

describe('in Chromium', () => {
  let stage: Stage;
  let page: Page;

  /** Rows of the window, at the badge's left end, that belong to it. */
  const badgeRows = () =>
    page.evaluate(() => {
      const found: number[] = [];
      for (let x = 20; x < innerWidth && found.length === 0; x += 40)
        for (let y = 0; y < innerHeight; y += 2)
          if (document.elementsFromPoint(x, y).some((each) => each.matches('[data-liqbands-badge]')))
            found.push(x, y);
      const ys = found.filter((_, i) => i % 2 === 1);
      return { x: found[0] ?? -1, top: ys[0] ?? -1, height: ys.length * 2 };
    });
  const press = async () => {
    const { x, top } = await badgeRows();
    await page.mouse.click(x + 4, top + 10);
  };
  const close = async () => {
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await badgeRows()).height).toBeLessThan(60);
  };
  const open = async () => {
    await close();
    await press();
    await expect.poll(async () => (await badgeRows()).height).toBeGreaterThan(100);
  };

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }),
    );
    await page.goto(address);
    await vi.waitFor(
      async () => {
        const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
        await page.evaluate((price) => (window as unknown as { draw(p: number): void }).draw(price), mark);
        expect(await overlayText(page)).toMatch(/±5 %/);
      },
      { timeout: 60_000, interval: 200 },
    );
  });
  afterAll(() => stage?.close());

  it('no search of the page finds a word or an amount of ours', async () => {
    await expect.poll(() => page.evaluate(`window.find('BTCUSDT')`)).toBe(true);
    expect(await page.evaluate(search)).toEqual([]);
  });

  it('the name that our scripts talk under is not heard in frames that the page has prepared', async () => {
    expect(await page.evaluate(heardInFrames)).toEqual([]);
  });

  it('own positions are drawn where the user wants it, out of reach of any search', async () => {
    const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    const position = keptPosition(mark * 0.995, {
      stop: mark * 0.99,
      liquidation: mark * 0.98,
      ruledStop: mark * 0.988,
      drawn: true,
    });
    const popup = await stage.browser.context.newPage();
    await popup.goto(`chrome-extension://${stage.browser.extensionId}/src/popup/index.html`);
    const keep = (kept: KeptPosition) =>
      popup.evaluate((sent) => chrome.runtime.sendMessage({ type: 'keepPosition', position: sent }), kept);
    await keep(position);
    await page.bringToFront();
    await expect
      .poll(() => overlayText(page))
      .toMatch(/Entry [\d,.]+.*Your stop.*Stop by the rule.*Own liquidation/);
    expect(await page.evaluate(search.replace('[', "['Entry','Your stop','Own liq',"))).toEqual([]);
    await keep({ ...position, drawn: false });
    await expect.poll(() => overlayText(page)).not.toMatch(/Own liquidation/);
    await popup.close();
  });

  it('a pointer that the page makes up is told nothing', async () => {
    const before = (await overlayText(page)).length;
    await page.evaluate(async () => {
      for (let y = 10; y < 590; y += 20) {
        for (const target of [document, document.getElementById('pane')!])
          target.dispatchEvent(
            new PointerEvent('pointermove', { clientX: 900, clientY: y, bubbles: true, composed: true }),
          );
        await new Promise((done) => setTimeout(done, 300));
      }
    });
    expect(await overlayText(page)).not.toMatch(/8 of 10 times/);
    expect(Math.abs((await overlayText(page)).length - before)).toBeLessThan(200);
  });

  it('a renderer that is taken over, and speaks as our content script, learns and changes what is the page’s alone', async () => {
    const session = await stage.browser.context.newCDPSession(page);
    const worlds: number[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.origin.startsWith('chrome-extension://')) worlds.push(context.id);
    });
    await session.send('Runtime.enable');
    await expect.poll(() => worlds.length).toBeGreaterThan(0);
    /** What the content script's own world gets for an expression: its JSON, or `refused`. */
    const get = async (expression: string): Promise<unknown> => {
      const { result } = await session.send('Runtime.evaluate', {
        expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value) ?? 'refused', () => 'refused')`,
        awaitPromise: true,
        contextId: worlds[0]!,
      });
      return result.value;
    };
    const say = (message: object) => get(`chrome.runtime.sendMessage(${JSON.stringify(message)})`);
    expect(await get('chrome.storage.local.get()')).toBe('refused');
    expect(await get("chrome.storage.local.set({ settings: { window: '7d' } })")).toBe('refused');
    expect(await get('chrome.storage.session.get()')).toBe('refused');
    // The extension's own databases are of another origin.
    expect(await get('indexedDB.databases()')).toBe('[]');
    for (const type of [
      'positions',
      'alertChoices',
      'toldAlerts',
      'watchlist',
      'wipe',
      'selfTest',
      'symbols',
    ])
      expect(await say({ type }), type).toBe('refused');
    expect(await say({ type: 'changeSettings', change: { window: '7d' } })).toMatch(/cannot be changed so/);
    const other = { sites: { 'www.bybit.com': { enabled: false } } };
    expect(await say({ type: 'changeSettings', change: other })).toMatch(/cannot be changed so/);
    const told = JSON.parse(String(await say({ type: 'pageSettings' }))) as { sites: object };
    expect(Object.keys(told.sites).filter((site) => site !== new URL(address).host)).toEqual([]);
    await session.detach();
  });

  it('a press on a badge that cannot be seen does nothing', async () => {
    for (const style of ['opacity:0', 'opacity:.05', 'filter:opacity(0)', 'clip-path:inset(50%)']) {
      const { height } = await badgeRows();
      const own = await page.evaluate(styleBox, style);
      const { x, top } = await badgeRows();
      if (x >= 0) await page.mouse.click(x + 4, top + 10);
      await page.waitForTimeout(300);
      await page.evaluate(restyleBox, own);
      expect((await badgeRows()).height, style).toBeLessThanOrEqual(height + 4);
    }
  });

  it('what is chosen on the page is kept for its host alone', async () => {
    const popup = await stage.browser.context.newPage();
    await popup.goto(`chrome-extension://${stage.browser.extensionId}/src/popup/index.html`);
    await popup.evaluate(() => chrome.storage.local.remove('settings'));
    await page.bringToFront();
    await open();
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    const stored = () =>
      popup.evaluate(
        async () => (await chrome.storage.local.get('settings')).settings as Record<string, unknown>,
      );
    await expect
      .poll(async () => JSON.stringify((await stored())?.sites ?? {}))
      .toMatch(/"www.binance.com".*"mode":"bands"/);
    expect((await stored()).mode ?? 'levels').toBe('levels');
    await popup.close();
  });

  it('the card is closed by Escape, and by a press beside it', async () => {
    await page.bringToFront();
    await open();
    await close();
    await open();
    await page.mouse.click(700, 300);
    await expect.poll(async () => (await badgeRows()).height).toBeLessThan(60);
  });

  it('on a document that the page has written anew as well, and a level is told', async () => {
    await page.evaluate(rewrite);
    const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    await expect
      .poll(async () => {
        await page.evaluate(`draw(${mark})`);
        return (await badgeRows()).x;
      })
      .toBeGreaterThan(0);
    await open();
    await page.mouse.click(700, 300);
    await expect.poll(async () => (await badgeRows()).height).toBeLessThan(60);
    await open();
    await close();
    await expect
      .poll(async () => {
        for (let row = 100; row < 500; row += 20) {
          await page.mouse.move(900, row);
          await page.waitForTimeout(400);
          if (/8 of 10 times/.test(await overlayText(page))) return true;
        }
        return false;
      })
      .toBe(true);
  });
});

describe('in Firefox, which hands out the nodes of closed roots with its events', () => {
  let replay: ReplayExchange;
  let firefox: LaunchedFirefox;
  let page: FirefoxPage;

  const badge = () =>
    page.evaluate(() => {
      for (let x = 20; x < innerWidth; x += 40)
        for (let y = 0; y < innerHeight; y += 2)
          if (document.elementFromPoint(x, y)?.matches('[data-liqbands-badge]')) return { x, y };
      return undefined;
    });
  const hasCard = () => page.evaluate(`Boolean(root.querySelector('.card'))`);
  /** Presses the badge as a user does until the card is open, or closed. */
  const press = (isOpen: boolean) =>
    expect
      .poll(
        async () => {
          const { x, y } = (await badge())!;
          if ((await hasCard()) !== isOpen) await page.mouse.click(x + 8, y + 10);
          return hasCard();
        },
        { interval: 300 },
      )
      .toBe(isOpen);

  beforeAll(async () => {
    replay = await createReplay({ startAt: moment });
    firefox = await launchFirefox({ extensionDir: 'dist/firefox', resolverPort: replay.port });
    page = await firefox.browser.newPage();
    await page.setViewport({ width: 1000, height: 600 });
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    const level = replay.market('binance', 'BTC').mark(replay.now());
    // The second time our scripts are there, with all that they listen to.
    for (let written = 0; written < 2; written++) {
      await page.evaluate(rewrite);
      await vi.waitFor(
        async () => {
          await page.evaluate(`draw(${level})`);
          expect(await badge()).toBeDefined();
        },
        { timeout: 60_000, interval: 200 },
      );
    }
  });
  afterAll(async () => {
    await firefox?.close();
    await replay?.close();
  });

  it('no search of the page finds a word or an amount of ours', async () => {
    await new Promise((done) => setTimeout(done, 4000));
    expect(await page.evaluate(search)).toEqual([]);
  });

  it('the name that our scripts talk under is not heard in frames that the page has prepared', async () => {
    expect(await page.evaluate(heardInFrames)).toEqual([]);
  });

  it('a page that has our nodes can not press our buttons', async () => {
    await page.evaluate(`
      window.root = undefined;
      addEventListener('pointermove', (event) => {
        const node = event.originalTarget ?? event.target;
        const found = node.getRootNode?.();
        if (found instanceof ShadowRoot) root = found;
      }, true);`);
    const { x, y } = (await badge())!;
    await page.mouse.move(x + 6, y + 8);
    await page.mouse.move(x + 8, y + 10);
    // This is what Firefox lets pages do.
    await expect.poll(() => page.evaluate('Boolean(window.root)')).toBe(true);
    // By the user it opens and closes: its script is there, and a press that worked would show at once.
    await press(true);
    await press(false);
    await page.evaluate(`root.querySelector('.summary').click()`);
    await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
    expect(await hasCard()).toBe(false);
  });

  it('a pointer that the page makes up is told nothing, where the user’s own is', async () => {
    /** The pointer rests a quarter of a second before it is told. */
    const rest = () => new Promise((done) => setTimeout(done, 500));
    const isTold = () => page.evaluate(`root.querySelector('.tip').style.display === 'block'`);
    let row = 200;
    await expect
      .poll(
        async () => {
          row = 100 + ((row + 20) % 400);
          await page.mouse.move(900, row);
          await rest();
          return isTold();
        },
        { interval: 0, timeout: 60_000 },
      )
      .toBe(true);
    // Beside the pane nothing is told.
    await page.mouse.move(980, row);
    await expect.poll(isTold).toBe(false);
    for (let i = 0; i < 3; i++) {
      await page.evaluate((y) => {
        for (const target of [document, document.getElementById('pane')!])
          target.dispatchEvent(
            new PointerEvent('pointermove', { clientX: 900, clientY: y, bubbles: true, composed: true }),
          );
      }, row);
      await rest();
      expect(await isTold()).toBe(false);
    }
  });

  it('what the page chooses on the card that the user opened is chosen nowhere', async () => {
    await press(true);
    expect(await page.evaluate(`root.querySelectorAll('.chip').length`)).toBeGreaterThan(0);
    expect(await page.evaluate(`root.querySelectorAll('.leave:not(.doors > .leave)').length`)).toBe(1);
    await page.evaluate(`
      for (const select of root.querySelectorAll('select')) {
        select.selectedIndex = select.options.length - 1;
        select.dispatchEvent(new Event('change', { bubbles: true }));
      }
      for (const button of root.querySelectorAll('.chip, .leave:not(.doors > .leave)')) button.click();`);
    await new Promise((done) => setTimeout(done, 1500));
    expect(await badge()).toBeDefined();
    expect(
      await page.evaluate(`[...root.querySelectorAll('.chip')].every((chip) => chip.ariaPressed === 'true')`),
    ).toBe(true);
  });

  it('a press on a badge that cannot be seen does nothing', async () => {
    const { x, y } = (await badge())!;
    // The page has the nodes of the badge that is there now.
    await page.mouse.move(x + 6, y + 8);
    await page.keyboard.press('Escape');
    await expect.poll(hasCard).toBe(false);
    for (const style of ['opacity:0', 'opacity:.05', 'filter:opacity(0)', 'clip-path:inset(50%)']) {
      const own = await page.evaluate(styleBox, style);
      await page.mouse.click(x + 8, y + 10);
      await new Promise((done) => setTimeout(done, 300));
      await page.evaluate(restyleBox, own);
      expect(await hasCard(), style).toBe(false);
    }
  });
});
