import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/tools/replay';
import { venueIds } from '../../src/venues';
import { openStage, overlayText, type Stage } from './stage';
import { WorkerPage } from './worker-page';

/** The main job: a trader opens an exchange's page and sees bands where the chart's own scale says they are. */

const binance = 'https://www.binance.com/en/futures/BTCUSDT';
const host = '[data-liqbands][data-axis]';

interface Axis {
  scale: 'linear' | 'log';
  a: number;
  b: number;
}

interface Reading {
  axis: Axis;
  pane: number[];
  paneTop: number;
  /** Prices with the chart's own coordinate of each, from the pane's top. */
  points: { price: number; y: number }[];
}

/** What the overlay says and what the chart says, in one task. */
function read(page: Page): Promise<Reading | undefined> {
  return page.evaluate((selector) => {
    const element = document.querySelector(selector);
    if (!element || getComputedStyle(element).display === 'none') return undefined;
    const { __series: series } = window as unknown as {
      __series: { priceToCoordinate(p: number): number; coordinateToPrice(y: number): number };
    };
    const pane = element.getAttribute('data-pane')!.split(',').map(Number);
    const chart = document.querySelector('#chart canvas')!.getBoundingClientRect();
    const points = Array.from({ length: 9 }, (_, i) => {
      const price = series.coordinateToPrice(((i + 0.5) * pane[3]!) / 9);
      return { price, y: series.priceToCoordinate(price) };
    });
    return { axis: JSON.parse(element.getAttribute('data-axis')!), pane, paneTop: chart.top, points };
  }, host);
}

function yOf({ scale, a, b }: Axis, price: number): number {
  return a + b * (scale === 'log' ? Math.log(price) : price);
}

/** A linear congruential generator: the same pans and zooms in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('on an exchange’s page', () => {
  let stage: Stage;
  let page: Page;

  const opened = async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    await page.goto(binance);
    await page.locator(host).first().waitFor({ state: 'attached' });
  };
  beforeAll(opened);
  afterAll(() => stage?.close());

  it('bands stay within 1 px of the chart’s own scale over 50 random pans and zooms (seed 7)', async () => {
    const random = seeded(7);
    const chart = (await page.locator('#chart').boundingBox())!;
    const errors: number[] = [];
    let drawn = 0;
    for (let i = 0; i < 50; i++) {
      const x = chart.x + chart.width * (0.2 + 0.5 * random());
      const y = chart.y + chart.height * (0.2 + 0.5 * random());
      await page.mouse.move(x, y);
      if (random() < 0.5) {
        await page.mouse.wheel((random() - 0.5) * 300, (random() - 0.5) * 600);
      } else {
        await page.mouse.down();
        await page.mouse.move(x + (random() - 0.5) * 500, y + (random() - 0.5) * 200, { steps: 3 });
        await page.mouse.up();
      }
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const reading = await read(page);
      if (!reading) continue;
      drawn += 1;
      expect(reading.pane).toHaveLength(4);
      expect(Math.abs(reading.pane[1]! - reading.paneTop)).toBeLessThanOrEqual(0.5);
      for (const { price, y: own } of reading.points) errors.push(Math.abs(yOf(reading.axis, price) - own));
    }
    expect(drawn).toBeGreaterThanOrEqual(48);
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  it('paints something in the pane, and lets every pointer event through to the chart', async () => {
    const reading = (await read(page))!;
    const [x, y, width, height] = reading.pane as [number, number, number, number];
    const under = await page.evaluate(
      ([px, py]) => document.elementFromPoint(px!, py!)?.tagName,
      [x + width / 2, y + height / 2],
    );
    expect(under).toBe('CANVAS');
    const clip = { x, y, width, height };
    const shown = await page.screenshot({ clip });
    await page
      .locator(host)
      .first()
      .evaluate((element) => element.style.setProperty('visibility', 'hidden'));
    const bare = await page.screenshot({ clip });
    await page
      .locator(host)
      .first()
      .evaluate((element) => element.style.removeProperty('visibility'));
    expect(Buffer.compare(shown, bare)).not.toBe(0);
  });

  it('what is drawn hides by itself where nobody renews it, and is renewed for as long as the extension is there', async () => {
    const first = page.locator(host).first();
    await expect.poll(() => first.evaluate((element) => element.getAnimations().length)).toBe(1);
    const expired = await first.evaluate((element) => {
      element.getAnimations()[0]!.finish();
      return getComputedStyle(element).visibility;
    });
    expect(expired).toBe('hidden');
    await expect
      .poll(() => first.evaluate((element) => getComputedStyle(element).visibility))
      .toBe('visible');
  });

  it('says on the badge which side is fragile, that it is an estimate, and how old the data is', async () => {
    const text = await overlayText(page);
    expect(text).toMatch(/fragile (down|up) ±5|even ±5/);
    expect(text).toMatch(/estimate/i);
    expect(text).toMatch(/\d+\s*(s|min)\b/);
    expect(text).not.toMatch(/\b(bullish|bearish|NaN|Infinity|undefined)\b/i);
  });

  // The last of its stage, which a second try opens anew: an extension that the driver loaded does not come back.
  it('once the extension is updated takes its bands away, and says that the page has to be loaded again', async ({
    task,
  }) => {
    if (task.result?.retryCount) {
      await stage.close();
      await opened();
    }
    const own = await stage.browser.context.newPage();
    await own.goto(`chrome-extension://${stage.browser.extensionId}/manifest.json`);
    await own.evaluate(() => chrome.runtime.reload()).catch(() => undefined);
    await page.locator('[data-liqbands-panel]').waitFor({ state: 'attached' });
    await expect.poll(() => overlayText(page)).toMatch(/reload this page/);
    await expect.poll(() => page.locator(host).count()).toBe(0);
  });
});

describe('draws nothing and costs nothing', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  it('on a page of the exchange without a chart', async () => {
    const page = await stage.browser.context.newPage();
    const before = stage.replay.stats().venues.binance!.requests;
    const scripts: string[] = [];
    const session = await page.context().newCDPSession(page);
    session.on('Debugger.scriptParsed', ({ url }) => scripts.push(url.replace(/.*\//, '')));
    await session.send('Debugger.enable');
    await page.goto('https://www.binance.com/en/my/dashboard').catch(() => {});
    await page.waitForTimeout(3_000);
    // The finder, and the reader in the page's world: no more of us than that.
    expect(scripts).toContain('finder.iife.js');
    expect(scripts).not.toContain('overlay.iife.js');
    expect(await page.locator('[data-liqbands]').count()).toBe(0);
    expect(stage.replay.stats().venues.binance!.requests).toBe(before);
    await page.close();
  });

  it('for a symbol that no venue lists', async () => {
    const page = await stage.browser.context.newPage();
    await page.goto('https://www.binance.com/en/futures/NOSUCHUSDT').catch(() => {});
    await page.waitForTimeout(4_000);
    const asked = stage.replay.stats().venues.binance!.requests;
    await page.waitForTimeout(3_000);
    expect(await page.locator(host).count()).toBe(0);
    expect(stage.replay.stats().venues.binance!.requests).toBe(asked);
    await page.close();
  });
});

describe('when every venue answers badly', () => {
  const refused = /Binance (does not serve this address|asks for fewer requests)/;
  const unreadable = /Binance (sent something that cannot be read|does not answer)/;
  let stage: Stage;
  let page: Page;
  let own: WorkerPage;

  beforeAll(async () => {
    stage = await openStage();
    own = await WorkerPage.open(stage.browser.context, stage.browser.extensionId!);
    page = await stage.browser.context.newPage();
    await page.goto(binance);
    await page.locator(host).first().waitFor({ state: 'attached' });
  });
  afterAll(() => stage?.close());

  /** Every venue answers well, and is asked at once though it refused. */
  async function recovered(): Promise<void> {
    stage.replay.setFaults([]);
    await own.page.evaluate(
      (venues) =>
        Promise.all(venues.map((venue) => chrome.runtime.sendMessage({ type: 'retryVenue', venue }))),
      venueIds,
    );
    await expect.poll(() => overlayText(page)).toMatch(/±5 %/);
    // Two minutes are the longest that a venue asks for below.
    await expect
      .poll(() => overlayText(page), { timeout: 180_000 })
      .not.toMatch(new RegExp(`loading|${refused.source}|${unreadable.source}`, 'i'));
  }

  // The last ones are for whom the venue asks to be left alone: that is kept to, whatever the user presses.
  it.each<[string, Fault, RegExp]>([
    ['a web page', { kind: 'html' }, unreadable],
    ['NaN', { kind: 'nan' }, unreadable],
    ['nothing', { kind: 'nothing' }, unreadable],
    ['403', { kind: 'status', status: 403 }, refused],
    ['451', { kind: 'status', status: 451 }, refused],
    ['429', { kind: 'status', status: 429, retryAfter: 3 }, refused],
    ['418', { kind: 'status', status: 418, retryAfter: 120 }, refused],
  ])(
    '%s leaves the last good bands drawn, ageing, with the reason on the badge',
    async (_, fault, reason) => {
      await recovered();
      // Sockets are cut and stay silent, so that the worker has to ask again.
      stage.replay.setFaults([fault, { kind: 'close', everyMs: 300 }, { kind: 'silent' }]);
      await expect.poll(() => overlayText(page), { interval: 500 }).toMatch(reason);
      await expect.poll(() => overlayText(page)).toMatch(/±5 %/);
      await expect
        .poll(async () => Number(/(\d+)\s*s old/.exec(await overlayText(page))?.[1]))
        .toBeGreaterThan(1);
      expect((await read(page))?.axis).toBeDefined();
    },
    300_000,
  );
});

describe('the labels of levels', () => {
  /** What those in sight say: price of the nearer edge, and how far that is away, %. */
  async function labelsOf(page: Page): Promise<{ edge: number; away: number }[]> {
    const text = await overlayText(page);
    return [...text.matchAll(/(?:Shorts|Longs) ([\d,.]+) · ([+\u2212])?([\d.]+)\s%/g)].map(
      ([, edge, sign, away]) => ({
        edge: Number(edge!.replaceAll(',', '')),
        away: Number(away) * (sign === '\u2212' ? -1 : 1),
      }),
    );
  }

  it('say how far they are from the price as it is, while it runs', async () => {
    // The hour of a decision on interest rates: the price moves by a percent in five minutes.
    const stage = await openStage({ startAt: Date.UTC(2024, 8, 18, 18, 0) });
    try {
      const page = await stage.browser.context.newPage();
      await page.goto(binance);
      await page.locator(host).first().waitFor({ state: 'attached' });
      const mark = () => stage.replay.market('binance', 'BTC').mark(stage.replay.now());
      const mostOff = async () => {
        const labels = await labelsOf(page);
        if (labels.length === 0) return Number.POSITIVE_INFINITY;
        return Math.max(...labels.map(({ edge, away }) => Math.abs(away - 100 * (edge / mark() - 1))));
      };
      stage.replay.setSpeed(0);
      await expect.poll(mostOff, { timeout: 30_000 }).toBeLessThan(0.12);
      const before = mark();
      stage.replay.setSpeed(20);
      await expect.poll(() => Math.abs(mark() / before - 1), { timeout: 60_000 }).toBeGreaterThan(0.003);
      stage.replay.setSpeed(0);
      await expect.poll(mostOff, { timeout: 10_000 }).toBeLessThan(0.12);
    } finally {
      await stage.close();
    }
  }, 150_000);
});
