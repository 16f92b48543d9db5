import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/protocol/snapshot';
import { movedTo } from '../../src/site/demo-clock';
import { type Launched, launchChromium } from '../../src/tools/browser';
import { ensureBuilt } from '../../src/tools/build';
import { createReplay, type ReplayExchange } from '../../src/tools/replay';
import { frameworkPages, frameworks } from './framework-pages';
import { moment } from './stage';

/** The built widget in plain HTML pages, on the documentation's snapshot, moved to the present. One browser for all. */

const origin = 'https://blog.example';

/** As strict as a page can be that loads a script and a snapshot of its own. */
const strictPolicy =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Pages and snapshots of a test, by their path. */
const files = new Map<string, { body: string; headers?: Record<string, string> }>();
let replay: ReplayExchange;
let browser: Launched;
let page: Page;

const committed = JSON.parse(readFileSync('docs/snapshots/eth.json', 'utf8')) as Snapshot;
const eth = () => movedTo(Date.now(), committed) as Snapshot;

const types: Record<string, string> = {
  html: 'text/html',
  js: 'text/javascript',
  css: 'text/css',
  png: 'image/png',
  json: 'application/json',
};

/** The blog's server: what a test has put there, snapshots, what is built, and the documentation. */
function serve(route: Route): Promise<void> {
  const name = new URL(route.request().url()).pathname.slice(1);
  const contentType = `${types[name.split('.').at(-1)!] ?? 'text/plain'}; charset=utf-8`;
  const headers = { 'access-control-allow-origin': '*' };
  const own = files.get(name);
  if (own) return route.fulfill({ body: own.body, contentType, headers: { ...headers, ...own.headers } });
  const snapshot = /(?:^|\/)(ETH|BTC)\.json$/.exec(name)?.[1];
  if (snapshot) {
    const body = JSON.stringify(eth()).replaceAll('"ETH-USDT"', `"${snapshot}-USDT"`);
    return route.fulfill({ body, contentType, headers });
  }
  const path = name.startsWith('liquidation-map')
    ? `dist/widget/${name}`
    : name.startsWith('site/')
      ? `dist/${name}`
      : name;
  if (!/^(?:docs|dist)\/[\w./-]+$/.test(path)) return route.fulfill({ status: 404 });
  try {
    return route.fulfill({ body: readFileSync(path), contentType, headers });
  } catch {
    return route.fulfill({ status: 404 });
  }
}

/** As `integrity` and policies have it. */
const hashOf = (path: string): string =>
  `sha384-${createHash('sha384').update(readFileSync(path)).digest('base64')}`;

const script = '<script src="liquidation-map.iife.js"></script>';

/** Opens a page with these elements on it. */
async function open(html: string, headers?: Record<string, string>): Promise<void> {
  files.set('page.html', {
    body: `<!doctype html><body style="margin:0">${script}${html}`,
    ...(headers && { headers }),
  });
  await page.goto(`${origin}/page.html`);
}

const drawn = (on = page) =>
  on.waitForFunction(() =>
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

/** A page of its own beside the shared one, with what it complains of. */
async function otherPage(): Promise<{ other: Page; problems: string[] }> {
  const other = await browser.context.newPage();
  const problems: string[] = [];
  other.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  other.on('pageerror', (error) => problems.push(error.message));
  return { other, problems };
}

beforeAll(async () => {
  ensureBuilt('site');
  replay = await createReplay({ startAt: moment });
  browser = await launchChromium({
    resolverPort: replay.port,
    // The exchanges are on this machine, which pages of the network may not reach without asking.
    args: ['--disable-features=LocalNetworkAccessChecks'],
  });
  await browser.context.route(`${origin}/**`, serve);
  files.set('broken.json', { body: '{"format":"liqbands","version":1,"symbol":"ETH-USDT"}' });
  page = await browser.context.newPage();
});

afterAll(async () => {
  await browser?.close();
  await replay?.close();
});

describe('bands in the widget', () => {
  /** One solid block of equal bands a side, well away from the candles. */
  const blocks = { long: [96.4, 97.6], short: [102.3, 103.9] } as const;

  beforeAll(() => {
    const made = eth();
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
    files.set('blocks.json', { body: JSON.stringify({ ...made, windows }) });
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
      const usual = page;
      try {
        page = await browser.context.newPage();
        const session = await browser.context.newCDPSession(page);
        await session.send('Emulation.setDeviceMetricsOverride', {
          width: 1000,
          height: 700,
          deviceScaleFactor: dpr,
          mobile: false,
        });
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
        await page.close();
        page = usual;
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
    const old = eth();
    old.windows['24h']!.view.asOf -= 7_300_000;
    files.set('old.json', { body: JSON.stringify(old) });
    await open('<liquidation-map symbol="ETH" src="old.json"></liquidation-map>');
    await drawn();
    await expect.poll(() => said()).toMatch(/Stale: data 2\sh old/);
  });

  it('keeps what is drawn when it can be loaded no more, and says so', async () => {
    const { other } = await otherPage();
    // A minute passes in a second; the clock of the tests' tool would go for all pages.
    await other.addInitScript(() => {
      const { setInterval } = window;
      const began = Date.now();
      const now = Date.now.bind(Date);
      Date.now = () => began + 60 * (now() - began);
      window.setInterval = ((run: () => void, ms: number) =>
        setInterval(run, Math.max(100, ms / 60))) as typeof setInterval;
    });
    files.set('later.json', { body: JSON.stringify(eth()) });
    files.set('later.html', {
      body: `<!doctype html>${script}<liquidation-map symbol="ETH" src="later.json"></liquidation-map>`,
    });
    await other.goto(`${origin}/later.html`);
    await drawn(other);
    files.set('later.json', { body: 'gone' });
    const footer = other.locator('liquidation-map').locator('[part=footer]');
    await expect.poll(() => footer.textContent()).toContain('Not refreshed: ');
    await expect.poll(() => other.locator('liquidation-map canvas').first().isVisible()).toBe(true);
    files.set('later.json', { body: JSON.stringify(eth()) });
    await expect.poll(() => footer.textContent()).not.toContain('Not refreshed');
    await other.close();
  });

  it('shows a snapshot that is dated ahead of the reader’s clock as stale', async () => {
    const ahead = eth();
    ahead.windows['24h']!.view.asOf = Date.now() + 3_600_000;
    files.set('ahead.json', { body: JSON.stringify(ahead) });
    await open('<liquidation-map symbol="ETH" src="ahead.json"></liquidation-map>');
    await drawn();
    await expect.poll(() => said()).toMatch(/Of unknown age/);
    await expect.poll(() => page.locator('liquidation-map time').getAttribute('class')).toContain('stale');
  });

  it('draws on a page that allows no inline style, no markup from scripts and no other host', async () => {
    const { other: strict, problems } = await otherPage();
    files.set('strict.html', {
      body: `<!doctype html><title>Strict</title><link rel=icon href="data:,">${script}<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>`,
      headers: { 'content-security-policy': strictPolicy },
    });
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
    await expect.poll(() => moved.evaluate((each) => getComputedStyle(each).display)).toBe('block');
    await expect.poll(() => moved.evaluate((each) => each.getBoundingClientRect().height)).toBe(440);
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
    await page.route(
      ({ hostname }) => hostname !== 'blog.example',
      (route) => route.abort(),
    );
    await open('<liquidation-map symbol="ETH"></liquidation-map>');
    await expect
      .poll(() => page.locator('liquidation-map [role=alert]').textContent())
      .toContain('give the widget a snapshot');
    await page.unrouteAll();
  });

  it('without a snapshot asks the venues itself', async () => {
    await open('<liquidation-map symbol="ETH" mode="heatmap" venues="binance,bybit"></liquidation-map>');
    await page.locator('liquidation-map canvas').first().waitFor({ timeout: 90_000 });
    await expect.poll(() => said()).toMatch(/^ETH-USDT24 hEstimate.*Data \d+\ss old/);
    await expect.poll(() => said()).toMatch(/2 of 2 venues/);
  });

  it('without the script that asks says where it belongs', async () => {
    await page.route('**/liquidation-map.live.js', (route) => route.fulfill({ status: 404 }));
    await open('<liquidation-map symbol="ETH"></liquidation-map>');
    expect(await alert()).toContain('needs its second script, liquidation-map.live.js');
    await page.unrouteAll();
  });

  it('stands several times on a page, each with its own market, window and theme', async () => {
    await open(
      '<liquidation-map symbol="ETH" src="ETH.json" theme="light"></liquidation-map>' +
        '<liquidation-map symbol="BTC" window="30d" src="BTC.json" theme="dark"></liquidation-map>',
    );
    await drawn();
    await expect.poll(() => said(0)).toMatch(/^ETH-USDT24 h/);
    await expect.poll(() => said(1)).toMatch(/^BTC-USDT30 d/);
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
    await bare.setContent('<liquidation-map symbol="ETH"><p>A map of ETH</p></liquidation-map>');
    await expect.poll(() => bare.getByText('A map of ETH').isVisible()).toBe(true);
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
    await expect.poll(() => page.locator('liquidation-map').count()).toBe(3);
    for (let i = 0; i < 3; i++)
      await expect.poll(() => said(i)).toMatch(/^ETH-USDT.*(Stale: data|Data) \d+\s(s|min|h|d) /);
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
    await expect.poll(() => said()).toMatch(/^ETH-USDT/);
  });
});

describe('what the reader can do', () => {
  const tip = () => page.locator('liquidation-map [part=tooltip]');

  it('is told what lies under the pointer, in the past and now, and nothing once it has left', async () => {
    await open('<liquidation-map symbol="ETH" src="ETH.json" mode="heatmap"></liquidation-map>');
    await drawn();
    const box = (await page.locator('liquidation-map [part=chart]').boundingBox())!;
    const { windows } = eth();
    const { lnLow, step, cells, rows, columns } = windows['24h']!.heatmap!;
    // The strongest cell of a column in the middle of the day.
    const column = [...atob(cells)].slice(Math.floor(columns / 2) * rows).slice(0, rows);
    const strengths = column.map((char) => char.charCodeAt(0) & 127);
    const row = strengths.indexOf(Math.max(...strengths));
    const y = (await page
      .locator('liquidation-map')
      .evaluate(
        (each, price) => (each as unknown as { priceToY(price: number): number }).priceToY(price),
        Math.exp(lnLow + (row + 0.5) * step),
      ))!;
    for (const [x, words] of [
      [box.width * 0.35, /(Long|Short) liquidations.*Estimate.*At risk≈ \$[\d.]+M/],
      [box.width - 150, /(Long|Short) liquidations.*Estimate/],
    ] as const) {
      await page.mouse.move(box.x + x, box.y + y);
      await expect.poll(() => tip().textContent(), { timeout: 60_000 }).toMatch(words);
    }
    await page.mouse.move(5, 900);
    await expect.poll(() => tip().isVisible(), { timeout: 60_000 }).toBe(false);
  });

  it('is told the same by a tap', async () => {
    const { other } = await otherPage();
    const session = await browser.context.newCDPSession(other);
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    await other.goto(`${origin}/page.html`);
    await drawn(other);
    const box = (await other.locator('liquidation-map [part=chart]').boundingBox())!;
    const touchPoints = [{ x: box.x + box.width - 150, y: box.y + box.height * 0.8 }];
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect
      .poll(() => other.locator('liquidation-map [part=tooltip]').textContent(), { timeout: 60_000 })
      .toMatch(/Long liquidations/);
    await other.close();
  });

  it('reads how it is made with the keyboard alone, and closes it with Escape', async () => {
    await open('<liquidation-map symbol="ETH" src="ETH.json" about="/about.html"></liquidation-map>');
    await drawn();
    const button = page.getByRole('button', { name: 'How it is made' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText(/rank correlation 0\.\d\d to 0\.\d\d/).waitFor();
    await expect
      .poll(() => page.getByRole('link', { name: 'More on this' }).getAttribute('href'))
      .toBe(`${origin}/about.html`);
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Escape');
    await expect.poll(() => button.getAttribute('aria-expanded')).toBe('false');
  });

  it('reads it in the language of the element, of the page, or his own', async () => {
    await open(
      '<liquidation-map symbol="ETH" src="ETH.json" lang="ru"></liquidation-map>' +
        '<div lang="ja-JP"><liquidation-map symbol="ETH" src="ETH.json"></liquidation-map></div>' +
        '<liquidation-map symbol="ETH" src="ETH.json" lang="tlh"></liquidation-map>',
    );
    await drawn();
    await expect.poll(() => said(0)).toMatch(/24 ч.*Оценка/);
    await expect.poll(() => said(1)).toMatch(/推定/);
    await expect.poll(() => said(2)).toMatch(/24 h.*Estimate/);
  });
});

describe('on other people’s pages', () => {
  it('several that show one market load it once', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open('<liquidation-map symbol="ETH" src="ETH.json" height="200"></liquidation-map>'.repeat(3));
    await drawn();
    page.removeAllListeners('request');
    expect(asked.filter((path) => path === '/ETH.json')).toHaveLength(1);
  });

  it('is defined once where the script is loaded twice', async () => {
    const { other, problems } = await otherPage();
    await other.goto(`${origin}/page.html`);
    await other.addScriptTag({ url: 'liquidation-map.iife.js' });
    await drawn(other);
    expect(problems.filter((each) => !each.includes('404'))).toEqual([]);
    await other.close();
  });

  it.each([
    ['nonce', "script-src 'nonce-abc'", (file: string) => `<script nonce="abc" src="${file}"></script>`],
    [
      'hash',
      `script-src '${hashOf('dist/widget/liquidation-map.iife.js')}'`,
      (file: string) => `<script integrity="${hashOf(`dist/widget/${file}`)}" src="${file}"></script>`,
    ],
  ])('runs by the %s of its script alone', async (_, policy, tag) => {
    const { other, problems } = await otherPage();
    files.set('allowed.html', {
      body: `<!doctype html><title>Allowed</title>${tag('liquidation-map.iife.js')}<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>`,
      headers: { 'content-security-policy': `default-src 'none'; ${policy}; connect-src 'self'` },
    });
    await other.goto(`${origin}/allowed.html`);
    await drawn(other);
    expect(problems.filter((each) => !each.includes('favicon'))).toEqual([]);
    await other.close();
  });

  it('draws in a frame that may run scripts and nothing else', async () => {
    files.set('framed.html', {
      body: `<!doctype html>${script}<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map>`,
    });
    await open(
      '<iframe sandbox="allow-scripts" src="framed.html" style="width:600px;height:500px"></iframe>',
    );
    await page.frameLocator('iframe').locator('liquidation-map canvas').first().waitFor();
  });

  it('fits into 200 px, and is drawn for the printer', async () => {
    await open(
      '<div style="width:200px"><liquidation-map symbol="ETH" src="ETH.json"></liquidation-map></div>',
    );
    await drawn();
    const element = page.locator('liquidation-map');
    const fits = () =>
      element.evaluate((each) => {
        const inside = [...each.shadowRoot!.querySelectorAll('header, footer, [part=chart]')];
        const chart = each.shadowRoot!.querySelector('[part=chart]')!;
        return {
          isWithin: inside.every((part) => part.scrollWidth <= each.clientWidth + 1),
          chart: chart.getBoundingClientRect().height,
        };
      });
    expect(await fits()).toMatchObject({ isWithin: true });
    expect((await fits()).chart).toBeGreaterThan(200);
    await page.emulateMedia({ media: 'print' });
    await expect.poll(() => element.locator('canvas').first().isVisible()).toBe(true);
    expect((await fits()).chart).toBeGreaterThan(200);
    await page.emulateMedia({ media: null });
  });

  it('moves nothing of the page while it loads, and is there soon on a slow machine', async () => {
    const { other } = await otherPage();
    const session = await browser.context.newCDPSession(other);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await other.addInitScript(() => {
      const seen = { shift: 0, at: 0 };
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
      addEventListener('liquidation-map:update', () => {
        seen.at ||= performance.now();
      });
      Object.assign(window, { seen });
    });
    files.set('shift.html', {
      body: `<!doctype html><p>Before</p>${script}<liquidation-map symbol="ETH" src="ETH.json"></liquidation-map><p>After</p>`,
    });
    await other.goto(`${origin}/shift.html`);
    await drawn(other);
    const seen = await other.evaluate(
      () => (window as unknown as { seen: { shift: number; at: number } }).seen,
    );
    expect(seen.shift).toBe(0);
    // A second is the aim, measured where nothing else runs: npm run bench -- widget.
    expect(seen.at).toBeLessThan(15_000);
    await other.close();
  });

  describe('made with a framework', () => {
    beforeAll(async () => {
      for (const [name, code] of await frameworkPages()) files.set(`frameworks/${name}`, { body: code });
    });

    it.each(frameworks)('works in %s: attributes change, events are heard', async (name) => {
      const { other, problems } = await otherPage();
      files.set(`frameworks/${name}.html`, {
        body: `<!doctype html><title>${name}</title><div id="app"></div><script type="module" src="${name}.js"></script>`,
      });
      await other.goto(`${origin}/frameworks/${name}.html`);
      await other.locator('output', { hasText: 'ETH-USDT' }).waitFor();
      await other.getByRole('button', { name: 'Heatmap' }).click();
      const element = other.locator('liquidation-map');
      await expect.poll(() => element.getAttribute('mode')).toBe('heatmap');
      await expect
        .poll(() => element.evaluate((each) => each.shadowRoot!.textContent), { timeout: 60_000 })
        .toContain('more at risk');
      expect(problems.filter((each) => !each.includes('404'))).toEqual([]);
      await other.close();
    });
  });
});

describe('the site', () => {
  const sitePages = ['index', 'made', 'accuracy', 'builder', 'api', 'recipes', 'embed'];
  /** What would take as long as all else: of long tables the first rows stand for the others. */
  const longTables = 'tbody tr:nth-child(n + 4)';

  it.each(sitePages)(
    '%s asks nobody else, complains of nothing and is fit for everybody (axe)',
    async (name) => {
      const { other, problems } = await otherPage();
      const hosts = new Set<string>();
      other.on('request', (request) => hosts.add(new URL(request.url()).host));
      await other.goto(`${origin}/site/${name}.html${name === 'embed' ? '?symbol=ETH' : ''}`);
      if (['index', 'builder', 'embed'].includes(name))
        await other.locator('liquidation-map canvas').first().waitFor();
      const { violations } = await new AxeBuilder({ page: other }).exclude(longTables).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      expect([...hosts].filter((host) => host !== '')).toEqual(['blog.example']);
      expect(problems).toEqual([]);
      await other.close();
    },
  );

  it('builds what works: the frame is as high as it asks to be', async () => {
    await page.goto(`${origin}/site/builder.html`);
    await page.getByLabel('Where these files lie').fill(`${origin}/site/`);
    await page.getByLabel('Mode').selectOption('heatmap');
    await page.getByLabel('Snapshot').fill('snapshots/ETH.json');
    await expect.poll(() => page.locator('#preview liquidation-map').getAttribute('mode')).toBe('heatmap');
    const snippet = (name: string) => page.locator(`[data-snippet=${name}] code`).textContent();
    const [element, frame, oembed] = [
      await snippet('script'),
      await snippet('iframe'),
      await snippet('oembed'),
    ];
    expect(JSON.parse(oembed!).html).toContain(`${origin}/site/embed.html?symbol=ETH`);
    files.set('built.html', { body: `<!doctype html><title>Built</title>${element}${frame}` });
    await page.goto(`${origin}/built.html`);
    await drawn();
    await page.frameLocator('iframe').locator('liquidation-map canvas').first().waitFor();
    const wanted = await page.evaluate(() =>
      Math.round(Math.min(560, Math.max(300, document.body.clientWidth * 0.62))),
    );
    await expect.poll(() => page.locator('iframe').evaluate((each) => each.clientHeight)).toBe(wanted);
    await expect.poll(() => said()).toContain('more at risk');
  });

  it.each(['wordpress', 'wordpress-frame', 'ghost'])('the recipe for %s works as it is', async (recipe) => {
    await page.goto(`${origin}/site/recipes.html`);
    const html = (await page.locator(`[data-recipe=${recipe}]`).textContent())!;
    const own = html.replaceAll('https://cdn.example/liqbands/', `${origin}/site/`);
    const card =
      recipe === 'ghost' ? '<!--kg-card-begin: html-->' : '<div class="entry-content wp-block-post-content">';
    files.set('recipe.html', { body: `<!doctype html><title>${recipe}</title>${card}${own}` });
    await page.goto(`${origin}/recipe.html`);
    const inside = recipe === 'wordpress-frame' ? page.frameLocator('iframe') : page;
    await inside.locator('liquidation-map canvas').first().waitFor();
  });
});
