import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayFetch } from '../../src/tools/replay';
import { openStage, type Stage } from './stage';

/** Charts that draw their plot on a canvas and print their axis as HTML over it. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const host = '[data-liqbands][data-axis]';

/** Runs in the page: a canvas with rows of absolutely placed HTML over it, the columns' left edges in px. */
function lay(id: string, width: number, rows: string[][], lefts: number[], top: number, step: number): void {
  const box = document.createElement('div');
  box.id = id;
  box.style.cssText = `position:relative;width:${width}px;height:400px;font:12px/16px sans-serif`;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = 400;
  box.append(canvas);
  rows.forEach((row, i) => {
    row.forEach((text, k) => {
      const cell = document.createElement('div');
      cell.className = 'cell';
      cell.style.cssText = `position:absolute;left:${lefts[k]}px;top:${top + step * i - 8}px`;
      cell.textContent = text;
      box.append(cell);
    });
  });
  document.body.append(box);
}

describe('an axis printed as HTML over a canvas', () => {
  let stage: Stage;
  let page: Page;
  let price: number;

  beforeAll(async () => {
    stage = await openStage();
    const answer = await replayFetch(stage.replay.port)(
      'https://fapi.binance.com/fapi/v1/premiumIndex?symbol=BTCUSDT',
    );
    price = Number(((await answer.json()) as { markPrice: string }).markPrice);
    await stage.browser.context.route(`${address}**`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>BTCUSDT</title><body>' }),
    );
    page = await stage.browser.context.newPage();
    await page.goto(address);
  });

  afterAll(() => stage?.close());

  const add = (...args: Parameters<typeof lay>) =>
    page.evaluate(`(${lay})(...${JSON.stringify(args)})`) as Promise<void>;
  const ladder = (count: number, step: number) =>
    Array.from({ length: count }, (_, i) => Math.round(price + (count / 2 - i) * step));
  /** Where the overlay puts a price, px from the top of the canvas. */
  const yOf = (value: number) =>
    page.evaluate(
      ([host, value]) => {
        const layer = document.querySelector<HTMLElement>(host as string)!;
        const { scale, a, b } = JSON.parse(layer.dataset.axis!);
        const top = Number(layer.dataset.pane!.split(',')[1]);
        const canvas = layer.parentElement!.querySelector('canvas')!.getBoundingClientRect().top;
        return top - canvas + a + b * (scale === 'log' ? Math.log(value as number) : (value as number));
      },
      [host, value] as const,
    );

  it('is not seen in order books, tables and lists of numbers', async () => {
    await page.reload();
    const book = ladder(18, 10).map((value) => [value.toFixed(1), '1.25', '310.4']);
    await add('book', 420, book, [10, 180, 360], 12, 20);
    await add(
      'narrow-book',
      420,
      book.map((row) => row.slice(0, 2)),
      [10, 380],
      12,
      20,
    );
    // Widely spaced rows with something in the middle are no axis either.
    await add('wide-book', 600, book.slice(0, 9), [10, 280, 540], 20, 42);
    await add(
      'table',
      600,
      ladder(9, 100).map((value) => [`${value}`]),
      [540],
      20,
      42,
    );
    await page.evaluate(() => {
      const box = document.querySelector('#table')!;
      const table = document.createElement('table');
      for (const cell of [...box.querySelectorAll('.cell')]) {
        const row = table.insertRow();
        row.append(cell);
      }
      box.append(table);
    });
    await page.waitForTimeout(2500);
    expect(await page.locator(host).count()).toBe(0);
  });

  /** A chart with its labels, on a page that has nothing else; its prices from above. */
  async function chart(): Promise<number[]> {
    await page.reload();
    const prices = ladder(9, 200);
    await add(
      'chart',
      800,
      prices.map((value) => [value.toFixed(1)]),
      [745],
      30,
      42,
    );
    await expect.poll(() => page.locator(host).count()).toBe(1);
    return prices;
  }

  it('is read at the edge of the plot, and followed in the frame that moves it', async () => {
    const prices = await chart();
    await expect
      .poll(() => page.evaluate((host) => document.querySelector(host)!.parentElement!.id, host))
      .toBe('chart');
    for (const [i, value] of prices.entries())
      expect(Math.abs((await yOf(value)) - (30 + 42 * i))).toBeLessThan(1);

    const moved = await page.evaluate(async (host) => {
      const axis = () => JSON.stringify(document.querySelector<HTMLElement>(host)!.dataset);
      const before = axis();
      for (const cell of document.querySelectorAll<HTMLElement>('#chart .cell'))
        cell.style.top = `${Number.parseFloat(cell.style.top) + 7}px`;
      await Promise.resolve();
      return axis() !== before;
    }, host);
    expect(moved).toBe(true);
    expect(Math.abs((await yOf(prices[4]!)) - (37 + 42 * 4))).toBeLessThan(1);
  });

  it('is given up with its labels', async () => {
    await chart();
    await page.evaluate(() => {
      for (const cell of document.querySelectorAll('#chart .cell')) cell.remove();
    });
    await expect.poll(() => page.locator(host).count()).toBe(0);
  });

  it('is read where it is text of an SVG in a shadow root, in digits of another script, beside texts that are hidden', async () => {
    const prices = await inShadow();
    const layer = page.locator('chart-box [data-liqbands][data-axis]');
    await expect.poll(() => layer.count()).toBe(1);
    const off = await layer.evaluate(
      (element, [value, wanted]) => {
        const { scale, a, b } = JSON.parse(element.getAttribute('data-axis')!);
        const top = Number(element.getAttribute('data-pane')!.split(',')[1]);
        const svg = (element.getRootNode() as ShadowRoot).querySelector('#plot')!.getBoundingClientRect().top;
        return Math.abs(top - svg + a + b * (scale === 'log' ? Math.log(value!) : value!) - wanted!);
      },
      [prices[4]!, 30 + 42 * 4] as const,
    );
    expect(off).toBeLessThan(1);
  });

  it('is found in a shadow root among countless elements that host none, and some that host others', async () => {
    // Its turn comes with the fifth search.
    await inShadow(20_001);
    await expect.poll(() => page.locator('chart-box [data-liqbands][data-axis]').count()).toBe(1);
  });

  /** An SVG in a shadow root, on a page that has nothing else but custom elements; its prices from above. */
  async function inShadow(beside = 0): Promise<number[]> {
    await page.reload();
    await page.evaluate((count) => {
      const box = document.createElement('div');
      box.innerHTML = '<x-y></x-y>'.repeat(count);
      // A search goes through each of these roots, too.
      for (const each of [...box.children].slice(0, 4)) each.attachShadow({ mode: 'open' });
      document.body.append(box);
    }, beside);
    const prices = ladder(9, 200);
    await page.evaluate((values) => {
      const host = document.createElement('chart-box');
      document.body.append(host);
      const print = new Intl.NumberFormat('th-TH-u-nu-thai', {
        useGrouping: false,
        minimumFractionDigits: 1,
      });
      const labels = values.map(
        (value, i) => `<text x="750" y="${30 + 42 * i}">${print.format(value)}</text>`,
      );
      // What a chart has taken off its axis stays where it was.
      const hidden = values.map(
        (value, i) => `<text x="750" y="${50 + 42 * i}" visibility="hidden">${print.format(value)}</text>`,
      );
      host.attachShadow({ mode: 'open' }).innerHTML = `<svg id="plot" width="800" height="400"
        style="display:block;font:12px sans-serif;dominant-baseline:middle">${hidden.join('')}${labels.join('')}</svg>`;
    }, prices);
    return prices;
  }

  it('shows where an SVG has its candles, so that the badge keeps off them', async () => {
    /** Places from the left at which the badge catches the pointer above the candles' lower end. */
    const places = () =>
      page.evaluate(() => {
        const root = document.querySelector('chart-box')!.shadowRoot!;
        const { left, top } = root.querySelector('#plot')!.getBoundingClientRect();
        const found: number[] = [];
        for (let x = 4; x < 700; x += 8)
          for (let y = 4; y < 150; y += 8)
            if (root.elementFromPoint(left + x, top + y)?.matches('[data-liqbands-badge]')) found.push(x);
        return found;
      });
    await inShadow();
    await expect.poll(async () => Math.min(...(await places()))).toBeLessThan(20);
    await page.evaluate(() => {
      const plot = document.querySelector('chart-box')!.shadowRoot!.querySelector('#plot')!;
      for (let x = 8; x < 460; x += 12) {
        const candle = document.createElementNS('http://www.w3.org/2000/svg', 'path');
        candle.setAttribute('d', `M${x} 4h8v146h-8z`);
        candle.setAttribute('fill', '#26a69a');
        plot.append(candle);
      }
    });
    await expect.poll(async () => Math.min(...(await places()))).toBeGreaterThan(440);
  });

  it('takes what an SVG only clips by for no ground of its own', async () => {
    await inShadow();
    /** How the layer is blended, and how often it was since. */
    const blend = () =>
      page.evaluate(() => {
        const root = document.querySelector('chart-box')!.shadowRoot!;
        return root.querySelector<HTMLElement>('[data-liqbands]')!.style.mixBlendMode;
      });
    const background = async (color: string, expected: string) => {
      await page.evaluate((to) => {
        document
          .querySelector('chart-box')!
          .shadowRoot!.querySelector<SVGElement>('#plot')!.style.background = to;
      }, color);
      await expect.poll(blend).toBe(expected);
    };
    await background('#131722', 'lighten');
    await page.evaluate(() => {
      const plot = document.querySelector('chart-box')!.shadowRoot!.querySelector('#plot')!;
      plot.insertAdjacentHTML(
        'afterbegin',
        '<defs><clipPath id="cut"><rect width="800" height="400"/></clipPath></defs>',
      );
    });
    // Without an ink of its own a rectangle would be black.
    await background('#ffffff', 'darken');
  });
});
