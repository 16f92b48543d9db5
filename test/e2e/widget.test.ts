import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSnapshot } from '../../src/cli/snapshot';
import { venues } from '../../src/feeds';
import { createTransport } from '../../src/feeds/net/http';
import { systemClock } from '../../src/feeds/net/pacing';
import type { Snapshot } from '../../src/protocol/snapshot';
import { type Launched, launchChromium } from '../../src/tools/browser';
import { createReplay, replayFetch } from '../../src/tools/replay';

/** The built widget in plain HTML pages, from snapshots made of the recorded market. */

/** As strict as a page can be that loads a script and a snapshot of its own. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

let folder: string;
let server: Server;
let origin: string;
let browser: Launched;
let page: Page;

/** Opens a page with these elements on it. */
async function open(html: string): Promise<void> {
  await writeFile(
    join(folder, 'page.html'),
    `<!doctype html><body style="margin:0"><script src="liquidation-map.iife.js"></script>${html}`,
  );
  await page.goto(`${origin}/page.html`);
}

const drawn = () =>
  page.waitForFunction(() =>
    [...document.querySelectorAll('liquidation-map')].every((each) =>
      each.shadowRoot?.querySelector('canvas'),
    ),
  );

const said = (n = 0) =>
  page
    .locator('liquidation-map')
    .nth(n)
    .evaluate((each) => each.shadowRoot!.textContent ?? '');

/** The complaint, which has to lie in sight. */
async function alert(): Promise<string | null> {
  const note = page.locator('liquidation-map').getByRole('alert');
  await note.waitFor();
  const [inner, outer] = [await note.boundingBox(), await page.locator('liquidation-map').boundingBox()];
  expect(inner!.height).toBeGreaterThan(20);
  expect(inner!.y + inner!.height).toBeLessThanOrEqual(outer!.y + outer!.height);
  return note.textContent();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'liqbands-widget-'));
  const replay = await createReplay();
  const transport = createTransport({
    fetch: replayFetch(replay.port),
    clock: systemClock,
    random: Math.random,
  });
  await writeSnapshot('ETH', folder, { venues, transport, now: systemClock.now });
  await writeSnapshot('BTC', folder, { venues, transport, now: systemClock.now });
  await replay.close();
  await writeFile(join(folder, 'broken.json'), '{"format":"liqbands","version":1,"symbol":"ETH-USDT"}');
  server = createServer((request, response) => {
    const name = new URL(request.url!, 'http://localhost').pathname.slice(1);
    const path = name.startsWith('liquidation-map')
      ? join('dist/widget', name)
      : /^(docs|dist)\//.test(name)
        ? name
        : join(folder, name);
    const type = name.endsWith('.html')
      ? 'text/html'
      : name.endsWith('.js')
        ? 'text/javascript'
        : 'application/json';
    if (name === 'strict.html') response.setHeader('content-security-policy', strictPolicy);
    readFile(path).then(
      (content) => response.setHeader('content-type', `${type}; charset=utf-8`).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
  page = await browser.context.newPage();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('bands in the widget', () => {
  /** One solid block of equal bands a side, well away from the candles. */
  const blocks = { long: [96.4, 97.6], short: [102.3, 103.9] } as const;

  beforeAll(async () => {
    const made = JSON.parse(await readFile(join(folder, 'ETH.json'), 'utf8')) as Snapshot;
    const { view } = made.windows['24h']!;
    const count = 400;
    const lnLow = Math.log(100) - 0.2;
    const fill = ([low, high]: readonly [number, number]) =>
      Array.from({ length: count }, (_, i) => {
        const middle = Math.exp(lnLow + (i + 0.5) * 0.001);
        return middle > low && middle < high ? 5e6 : 0;
      });
    const empty = new Array<number>(count).fill(0);
    const tiers = new Array<number>(5 * count).fill(0);
    Object.assign(view, {
      price: 100,
      lnLow,
      step: 0.001,
      clusters: [],
      levels: [],
      times: undefined,
      venues: undefined,
      longTiers: tiers,
      shortTiers: tiers,
    });
    Object.assign(view, {
      long: fill(blocks.long),
      short: fill(blocks.short),
      longAge: empty,
      shortAge: empty,
    });
    const candles = Array.from({ length: 100 }, (_, i) => [
      made.time - (100 - i) * 300_000,
      100,
      100.2,
      99.8,
      100,
    ]);
    const windows = { '24h': { view: { ...view, asOf: Date.now() }, candles } };
    await writeFile(join(folder, 'blocks.json'), JSON.stringify({ ...made, windows }));
  });

  /** Edges of the coloured runs at the chart's right edge, in CSS pixels, and where the chart has their prices. */
  function edges(prices: number[]) {
    return page.evaluate((wanted) => {
      const element = document.querySelector('liquidation-map')!;
      const canvas = [...element.shadowRoot!.querySelectorAll('canvas')].sort(
        (a, b) => b.width * b.height - a.width * a.height || 1,
      )[0]!;
      const ratio = canvas.height / canvas.getBoundingClientRect().height;
      const { data } = canvas.getContext('2d')!.getImageData(canvas.width - 2, 0, 1, canvas.height);
      const found: number[] = [];
      let before = false;
      for (let row = 0; row <= canvas.height; row++) {
        const [r, g, b] = data.subarray(row * 4, row * 4 + 3) as unknown as [number, number, number];
        // Only bands have a hue; candles and lines are grey.
        const inside = row < canvas.height && Math.max(r, b) - g > 30;
        if (inside !== before) found.push(row / ratio);
        before = inside;
      }
      return { found, expected: wanted.map((price) => element.priceToY(price)) };
    }, prices);
  }

  /** The same once the chart has come to rest: two looks, some frames apart, see the same. */
  async function settledEdges(prices: number[]) {
    for (let before = ''; ; ) {
      const seen = await edges(prices);
      if (JSON.stringify(seen) === before) return seen;
      before = JSON.stringify(seen);
      await page.evaluate(async () => {
        for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
      });
    }
  }

  /** Outer edges of the filled bands. */
  function bounds([low, high]: readonly [number, number]): [number, number] {
    const at = (price: number) => Math.round((Math.log(price / 100) + 0.2) / 0.001);
    const price = (band: number) => 100 * Math.exp(band * 0.001 - 0.2);
    return [price(at(low)), price(at(high))];
  }

  it.each([1, 1.5, 2, 3])(
    'lie within 1 px of the chart’s own price scale at %d device pixels per pixel',
    async (dpr) => {
      const zoomed = await launchChromium({ deviceScaleFactor: dpr });
      const usual = page;
      try {
        page = await zoomed.context.newPage();
        let compared = 0;
        for (const [width, height] of [
          [320, 260],
          [533, 401],
          [900, 440],
        ] as const) {
          await open(
            `<liquidation-map symbol="ETH" src="blocks.json" mode="bands" theme="light" style="width:${width}px;height:${height}px"></liquidation-map>`,
          );
          await drawn();
          for (const drag of [0, 40, -25]) {
            // Dragging the price axis stretches it.
            await page.mouse.move(width - 20, height / 2);
            await page.mouse.down();
            await page.mouse.move(width - 20, height / 2 + drag, { steps: 4 });
            await page.mouse.up();
            const prices = [...bounds(blocks.short).reverse(), ...bounds(blocks.long).reverse()];
            const { found, expected } = await settledEdges(prices);
            const inside = expected.every((y) => y !== null && y > 2);
            if (!inside) continue;
            compared++;
            expect(found).toHaveLength(4);
            for (let i = 0; i < 4; i++) expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(1);
          }
        }
        expect(compared).toBeGreaterThan(5);
      } finally {
        page = usual;
        await zoomed.close();
      }
    },
  );
});

describe('the widget', () => {
  it('says what it shows: market, window, estimate, ratio in words, age and venues', async () => {
    await open('<liquidation-map symbol="ETH" window="7d" src="ETH.json"></liquidation-map>');
    await drawn();
    const text = await said();
    expect(text).toMatch(
      /^ETH-USDT7 dEstimate\d+\.\d+ (Balanced|.*(downside|upside)|No positions to compare)/,
    );
    expect(text).toMatch(/Data \d+\s(s|min) old/);
    expect(text).toMatch(/At risk within 5 %: shorts \$[\d.]+[KMB] above, longs \$[\d.]+[KMB] below/);
    expect(text).toMatch(/\d of 5 venues/);
  });

  it('shows an old snapshot as stale, with its age', async () => {
    const old = JSON.parse(await readFile(join(folder, 'ETH.json'), 'utf8'));
    old.windows['24h'].view.asOf -= 7_300_000;
    await writeFile(join(folder, 'old.json'), JSON.stringify(old));
    await open('<liquidation-map symbol="ETH" src="old.json"></liquidation-map>');
    await drawn();
    expect(await said()).toMatch(/Stale: data 2\sh old/);
  });

  it('shows a snapshot that is dated ahead of the reader’s clock as stale', async () => {
    const ahead = JSON.parse(await readFile(join(folder, 'ETH.json'), 'utf8'));
    ahead.windows['24h'].view.asOf = Date.now() + 3_600_000;
    await writeFile(join(folder, 'ahead.json'), JSON.stringify(ahead));
    await open('<liquidation-map symbol="ETH" src="ahead.json"></liquidation-map>');
    await drawn();
    expect(await said()).toMatch(/Of unknown age/);
    expect(await page.locator('liquidation-map time').getAttribute('class')).toContain('stale');
  });

  it('draws on a page that allows no inline style, no markup from scripts and no other host', async () => {
    const problems: string[] = [];
    const strict = await browser.context.newPage();
    strict.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    strict.on('pageerror', (error) => problems.push(error.message));
    await writeFile(
      join(folder, 'strict.html'),
      '<!doctype html><title>Strict</title><link rel=icon href="data:,"><script src="liquidation-map.iife.js"></script>' +
        '<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>',
    );
    await strict.goto(`${origin}/strict.html`);
    await strict.locator('liquidation-map canvas').first().waitFor();
    expect(
      await strict.locator('liquidation-map').evaluate((each) => each.getBoundingClientRect().height),
    ).toBe(440);
    expect(problems.filter((each) => !each.includes('data:,'))).toEqual([]);
    await strict.close();
  });

  it('keeps its look and its chart when it is moved to another document', async () => {
    await open(
      '<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map><iframe style="width:600px;height:500px">',
    );
    await drawn();
    await page.evaluate(() =>
      document
        .querySelector('iframe')!
        .contentDocument!.body.append(document.querySelector('liquidation-map')!),
    );
    const moved = page.frameLocator('iframe').locator('liquidation-map');
    await moved.locator('canvas').first().waitFor();
    expect(await moved.evaluate((each) => getComputedStyle(each).display)).toBe('block');
    expect(await moved.evaluate((each) => each.getBoundingClientRect().height)).toBe(440);
  });

  it.each(['light', 'dark'])('is fit for everybody, %s (axe)', async (theme) => {
    await open(
      `<title>Map</title><main><h1>Map</h1><liquidation-map symbol="ETH" src="ETH.json" theme="${theme}"></liquidation-map></main>`,
    );
    await drawn();
    const { violations } = await new AxeBuilder({ page }).include('liquidation-map').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
  });

  it.each([
    [
      'symbol="ETHUSD/T" src="ETH.json"',
      'symbol="ETHUSD/T" names no market: write a coin such as ETH or a pair such as ETH-USDT.',
    ],
    ['src="ETH.json"', 'symbol="" names no market: write a coin such as ETH or a pair such as ETH-USDT.'],
    ['symbol="ETH" window="2h" src="ETH.json"', 'window="2h" is none of 12h, 24h, 7d, 30d.'],
    ['symbol="ETH" theme="blue" src="ETH.json"', 'theme="blue" is none of auto, light, dark.'],
    ['symbol="ETH" src=""', 'src="" is not an address that can be loaded.'],
    ['symbol="ETH" src="none.json"', /^The snapshot http.*none\.json could not be loaded \(HTTP 404\)\.$/],
    ['symbol="ETH" src="page.html"', /^The file http.*page\.html is no snapshot of this version \(JSON\)\.$/],
    [
      'symbol="ETH" src="broken.json"',
      /^The file http.*broken\.json is no snapshot of this version \(\w+: .+\)\.$/,
    ],
    ['symbol="BTC" src="ETH.json"', /^The snapshot http.*ETH\.json holds ETH-USDT, not BTC-USDT\.$/],
  ])('with %s says what is wrong and draws nothing', async (attributes, sentence) => {
    await open(`<liquidation-map ${attributes}></liquidation-map>`);
    if (typeof sentence === 'string') expect(await alert()).toBe(sentence);
    else expect(await alert()).toMatch(sentence);
    expect(await page.locator('liquidation-map canvas').count()).toBe(0);
  });

  it('without a snapshot and without an answer from any venue says what to do', async () => {
    await open('<liquidation-map symbol="ETH"></liquidation-map>');
    expect(await page.locator('liquidation-map [role=alert]').textContent()).toContain(
      'give the widget a snapshot',
    );
  });

  it('without a snapshot asks the venues itself', async () => {
    const replay = await createReplay();
    const connected = await launchChromium({
      resolverPort: replay.port,
      // The exchanges are on this machine, which pages of the network may not reach without asking.
      args: ['--disable-features=LocalNetworkAccessChecks'],
    });
    try {
      const live = await connected.context.newPage();
      await live.route('https://blog.example/**', (route) => {
        const name = new URL(route.request().url()).pathname.slice(1);
        const html =
          '<script src="liquidation-map.iife.js"></script><liquidation-map symbol="ETH"></liquidation-map>';
        return name
          ? route.fulfill({ path: `dist/widget/${name}` })
          : route.fulfill({ body: html, contentType: 'text/html' });
      });
      await live.goto('https://blog.example/');
      await live.locator('liquidation-map canvas').first().waitFor();
      const text = await live.locator('liquidation-map').evaluate((each) => each.shadowRoot!.textContent);
      expect(text).toMatch(/^ETH-USDT24 hEstimate.*Data \d+\ss old/);
    } finally {
      await connected.close();
      await replay.close();
    }
  });

  it('stands several times on a page, each with its own market, window and theme', async () => {
    await open(
      '<liquidation-map symbol="ETH" src="ETH.json" theme="light"></liquidation-map>' +
        '<liquidation-map symbol="BTC" window="30d" src="BTC.json" theme="dark"></liquidation-map>',
    );
    await drawn();
    expect(await said(0)).toMatch(/^ETH-USDT24 h/);
    expect(await said(1)).toMatch(/^BTC-USDT30 d/);
    const schemes = await page
      .locator('liquidation-map section')
      .evaluateAll((roots) => roots.map((root) => (root as HTMLElement).dataset.scheme));
    expect(schemes).toEqual(['light', 'dark']);
  });

  it('follows the reader’s colour scheme unless told otherwise', async () => {
    await open('<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>');
    await drawn();
    const root = page.locator('liquidation-map section');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expect.poll(() => root.getAttribute('data-scheme')).toBe(colorScheme);
    }
    await page.emulateMedia({ colorScheme: null });
  });

  it('has its attributes as properties, tells of what it draws and of what it cannot, and takes its height', async () => {
    await open('<liquidation-map symbol="ETH" src="ETH.json" height="300"></liquidation-map>');
    await drawn();
    const told = await page.evaluate(async () => {
      const element = document.querySelector('liquidation-map')!;
      const next = (what: 'liquidation-map:update' | 'liquidation-map:error') =>
        new Promise<unknown>((resolve) => {
          document.addEventListener(what, (event) => resolve((event as CustomEvent).detail), { once: true });
        });
      const height = element.getBoundingClientRect().height;
      const updated = next('liquidation-map:update');
      element.symbol = 'BTC';
      element.src = 'BTC.json';
      const update = (await updated) as { symbol: string; levels: { side: string }[] };
      const failed = next('liquidation-map:error');
      element.mode = 'profile';
      const error = (await failed) as { message: string };
      element.mode = null;
      element.height = null;
      return {
        height,
        update,
        error,
        left: element.getAttributeNames(),
        after: element.getBoundingClientRect().height,
      };
    });
    expect(told.height).toBe(300);
    expect(told.update).toMatchObject({ symbol: 'BTC-USDT', window: '24h', levels: expect.any(Array) });
    expect(told.update.levels.length).toBeGreaterThan(0);
    expect(told.error.message).toBe('mode="profile" is none of levels, bands, map, heatmap.');
    expect(told.left.filter((name) => name !== 'style')).toEqual(['symbol', 'src']);
    expect(told.after).toBe(440);
  });

  it('loads nothing until it comes near to what is in sight, and once for all that show one market', async () => {
    const asked: string[] = [];
    page.on('request', (request) => request.url().endsWith('.json') && asked.push(request.url()));
    const map = '<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>';
    await open(`<p style="height:4000px">Far above</p>${map}${map}`);
    await page.waitForLoadState('networkidle');
    expect(asked).toEqual([]);
    await page.locator('liquidation-map').last().scrollIntoViewIfNeeded();
    await drawn();
    expect(asked).toHaveLength(1);
    page.removeAllListeners('request');
  });

  it('leaves its children to readers without scripts', async () => {
    const plain = await browser.context.browser()!.newContext({ javaScriptEnabled: false });
    const bare = await plain.newPage();
    await writeFile(
      join(folder, 'plain.html'),
      '<!doctype html><liquidation-map symbol="ETH"><p>A map of ETH</p></liquidation-map>',
    );
    await bare.goto(`${origin}/plain.html`);
    expect(await bare.getByText('A map of ETH').isVisible()).toBe(true);
    await plain.close();
    await open('<liquidation-map symbol="ETH" src="ETH.json"><p>A map of ETH</p></liquidation-map>');
    await drawn();
    expect(await page.getByText('A map of ETH').isVisible()).toBe(false);
  });

  it('follows changed attributes and its own size', async () => {
    await open('<liquidation-map symbol="ETH" src="ETH.json" style="width:400px"></liquidation-map>');
    await drawn();
    const element = page.locator('liquidation-map');
    await element.evaluate((each) => {
      each.setAttribute('symbol', 'BTC');
      each.setAttribute('src', 'BTC.json');
    });
    await expect.poll(() => said()).toMatch(/^BTC-USDT.*venues/);
    await element.evaluate((each) => {
      each.style.width = '800px';
    });
    await expect
      .poll(() =>
        element
          .locator('canvas')
          .first()
          .evaluate((canvas) => canvas.getBoundingClientRect().width),
      )
      .toBeGreaterThan(650);
  });

  it('is shown in docs/widget.html from the committed snapshot, which says how old it is', async () => {
    await page.goto(`${origin}/docs/widget.html`);
    await drawn();
    expect(await page.locator('liquidation-map').count()).toBe(3);
    for (let i = 0; i < 3; i++)
      expect(await said(i)).toMatch(/^ETH-USDT.*(Stale: data|Data) \d+\s(s|min|h|d) /);
  });

  it('leaves nothing behind when it is removed, and comes back when it is put back', async () => {
    await page.addInitScript(() => {
      const running = new Set<unknown>();
      const { setInterval: start, clearInterval: stop } = window;
      Object.assign(window, {
        running,
        setInterval: (...given: Parameters<typeof setInterval>) => {
          const timer = start(...given);
          running.add(timer);
          return timer;
        },
        clearInterval: (timer: number) => {
          running.delete(timer);
          stop(timer);
        },
      });
    });
    await open('<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>');
    await drawn();
    const left = await page.evaluate(() => {
      const element = document.querySelector('liquidation-map')!;
      const { running } = window as unknown as { running: Set<unknown> };
      const before = running.size;
      element.remove();
      Object.assign(window, { kept: element });
      return {
        before,
        timers: running.size,
        inside: element.shadowRoot!.querySelector('section')!.childNodes.length,
        canvases: document.querySelectorAll('canvas').length,
      };
    });
    expect(left.before).toBeGreaterThan(0);
    expect(left).toMatchObject({ timers: 0, inside: 0, canvases: 0 });
    await page.evaluate(() => document.body.append((window as unknown as { kept: Element }).kept));
    await drawn();
    expect(await said()).toMatch(/^ETH-USDT/);
  });
});
