import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from './stage';

/**
 * A page that means harm can spoil the picture on itself and nothing else. The chart is drawn by hand: an axis canvas
 * beside a pane canvas, with prices around the market's.
 */

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const host = '[data-liqbands][data-axis]';

const chart = (before: string) => `<!doctype html><title>x</title>
<body style="margin:0;background:#fff"><div id="box" style="position:relative;width:860px;height:400px">
<canvas id="pane" width="800" height="400" style="position:absolute;left:0;top:0;width:800px;height:400px"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:800px;top:0;width:60px;height:400px"></canvas></div>
<script nonce="n">
const axis = document.getElementById('axis').getContext('2d');
let low = 0, high = 1;
window.toY = (price) => 400 * (high - price) / (high - low);
function draw(from, to) {
  low = from; high = to;
  axis.clearRect(0, 0, 60, 400);
  axis.font = '12px sans-serif';
  axis.textBaseline = 'middle';
  const step = (high - low) / 8;
  for (let i = 1; i < 8; i++) axis.fillText((low + i * step).toFixed(1), 4, toY(low + i * step));
}
</script><script nonce="n">${before}</script></body>`;

type ChartWindow = typeof globalThis & { draw(low: number, high: number): void; toY(price: number): number };

describe('on a hostile page', () => {
  let stage: Stage;
  let page: Page;
  let level: number;

  /** Opens the chart with `script` run after its first definitions, and paints it until the overlay is there. */
  async function open(script: string, headers: Record<string, string> = {}): Promise<void> {
    await page.unrouteAll();
    await page.route(`${address}**`, (route) =>
      route.fulfill({ contentType: 'text/html', headers, body: chart(script) }),
    );
    await page.goto(address);
  }

  const paint = (share = 0.02) =>
    page.evaluate(
      ([price, width]) =>
        (window as unknown as ChartWindow).draw(price! * (1 - width!), price! * (1 + width!)),
      [level, share],
    );

  /** Largest distance between overlay and chart, px; undefined where nothing is drawn. */
  const offset = () =>
    page.evaluate((selector) => {
      const element = document.querySelector<HTMLElement>(selector);
      if (!element || element.style.display === 'none') return undefined;
      const { a, b, scale } = JSON.parse(element.dataset.axis!);
      const top = Number(element.dataset.pane!.split(',')[1]);
      const { toY } = window as unknown as ChartWindow;
      const { top: chartTop } = document.getElementById('axis')!.getBoundingClientRect();
      return Math.max(
        ...[0.985, 1, 1.01].map((factor) => {
          const price = Number(document.title) * factor;
          return Math.abs(top + a + b * (scale === 'log' ? Math.log(price) : price) - chartTop - toY(price));
        }),
      );
    }, host);

  async function expectDrawn(): Promise<void> {
    await page.evaluate((price) => {
      document.title = String(price);
    }, level);
    await paint();
    await page.waitForSelector(host, { state: 'attached', timeout: 15_000 });
    await paint(0.03);
    expect(await offset()).toBeLessThan(1);
  }

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    level = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
  });
  afterAll(() => stage?.close());

  it('the chart itself is read within a pixel', async () => {
    await open('');
    await expectDrawn();
  });

  it('forged greetings and offers change nothing and learn nothing', async () => {
    await open(`
      window.heard = [];
      for (const type of ['liqbands:hello', 'liqbands:channel']) addEventListener(type, (e) => heard.push(e.detail), true);
      addEventListener('mine', (e) => heard.push(e.detail), true);
      dispatchEvent(new CustomEvent('liqbands:channel', { detail: 'mine' }));
      dispatchEvent(new CustomEvent('liqbands:hello'));
    `);
    await expectDrawn();
    const heard = await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard);
    expect(
      heard.filter((detail) => typeof detail === 'string' && detail !== 'mine' && detail !== ''),
    ).toEqual([]);
  });

  it('polluted prototypes and broken built-ins do not reach the reader', async () => {
    await open(`
      Object.prototype.apply = Object.prototype.get = Object.prototype.set = () => { throw new Error('planted'); };
      Array.prototype.toJSON = String.prototype.toJSON = () => 'planted';
      WeakMap.prototype.get = Map.prototype.get = Reflect.apply = JSON.stringify = () => { throw new Error('broken'); };
      EventTarget.prototype.dispatchEvent = () => false;
      Object.freeze(CanvasRenderingContext2D.prototype);
    `);
    await expectDrawn();
  });

  it('a page that replaces fillText keeps its own, and is still read', async () => {
    await open(`
      window.calls = 0;
      const before = CanvasRenderingContext2D.prototype.fillText;
      CanvasRenderingContext2D.prototype.fillText = function (...args) { calls++; return before.apply(this, args); };
    `);
    await expectDrawn();
    expect(await page.evaluate(() => (window as unknown as { calls: number }).calls)).toBeGreaterThan(0);
  });

  it('drawing functions look, return and fail as without us', async () => {
    await open('');
    const seen = await page.evaluate(() => {
      const { fillText, drawImage } = CanvasRenderingContext2D.prototype;
      const context = document.createElement('canvas').getContext('2d')!;
      const failure = (run: () => unknown) => {
        try {
          return String(run());
        } catch (error) {
          return (error as Error).constructor.name;
        }
      };
      let coerced = 0;
      const counted = { toString: () => `${++coerced}` };
      context.fillText(counted as unknown as string, 0, 0);
      return {
        shape: [fillText.name, fillText.length, drawImage.length, /native code/.test(String(fillText))],
        own: Object.keys(
          Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillText')!,
        ).join(),
        failures: [
          failure(() => (fillText as unknown as () => void).call({})),
          failure(() => (context.fillText as unknown as () => void)()),
          failure(() => context.drawImage({} as HTMLCanvasElement, 0, 0)),
          failure(() => context.fillText('1', 0, 0)),
        ],
        coerced,
      };
    });
    expect(seen).toEqual({
      shape: ['fillText', 3, 3, true],
      own: 'value,writable,enumerable,configurable',
      failures: ['TypeError', 'TypeError', 'TypeError', 'undefined'],
      coerced: 1,
    });
  });

  it('a hundred thousand labels in one paint cost a few seconds at most, and nothing is drawn for them', async () => {
    await open('');
    await expectDrawn();
    const ms = await page.evaluate(async () => {
      const axis = (document.getElementById('axis') as HTMLCanvasElement).getContext('2d')!;
      const start = performance.now();
      for (let i = 0; i < 100_000; i++) axis.fillText(String(i % 977), 4, (i * 7) % 400);
      await new Promise(requestAnimationFrame);
      return performance.now() - start;
    });
    expect(ms).toBeLessThan(3000);
    expect(await offset()).toBeUndefined();
    await expectDrawn();
  });

  it('a page that writes 5,000 labels in every frame is not slowed to a crawl, and the chart is read afterwards', async () => {
    await open('');
    await expectDrawn();
    const perFrame = await page.evaluate(async () => {
      const axis = (document.getElementById('axis') as HTMLCanvasElement).getContext('2d')!;
      let spent = 0;
      for (let frame = 0; frame < 20; frame++) {
        const start = performance.now();
        for (let i = 0; i < 5000; i++) axis.fillText(String((i + frame) % 977), 4, (i * 7) % 400);
        spent += performance.now() - start;
        await new Promise(requestAnimationFrame);
      }
      return spent / 20;
    });
    expect(perFrame).toBeLessThan(250);
    await expectDrawn();
  });

  it('absurd numbers on the axis draw nothing, and a sane axis afterwards is read', async () => {
    await open('');
    await expectDrawn();
    for (const texts of [
      ['1e308', '1e309', '1e310', '1e311', '1e312'],
      ['0', '0', '0', '0', '0'],
      ['-1', '-2', '-3', '-4', '-5'],
      ['9'.repeat(20), '9'.repeat(21), '9'.repeat(22), '9'.repeat(23), '9'.repeat(24)],
    ]) {
      await page.evaluate((labels) => {
        const axis = (document.getElementById('axis') as HTMLCanvasElement).getContext('2d')!;
        axis.clearRect(0, 0, 60, 400);
        labels.forEach((text, i) => {
          axis.fillText(text, 4, 50 + 70 * i);
        });
      }, texts);
      await expect.poll(offset, { message: texts[0] }).toBeUndefined();
    }
    await expectDrawn();
  });

  it('five hundred canvases with numbers, repainted over and over, leave the frame responsive', async () => {
    await open('');
    await expectDrawn();
    const longest = await page.evaluate(async () => {
      const contexts = Array.from({ length: 500 }, () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 60, height: 40 });
        document.body.append(canvas);
        return canvas.getContext('2d')!;
      });
      let longest = 0;
      for (let frame = 0; frame < 10; frame++) {
        const start = performance.now();
        for (const context of contexts) {
          context.clearRect(0, 0, 60, 40);
          for (let i = 1; i < 4; i++) context.fillText(String(frame + i), 4, 10 * i);
        }
        await new Promise(requestAnimationFrame);
        longest = Math.max(longest, performance.now() - start);
      }
      for (const { canvas } of contexts) canvas.remove();
      return longest;
    });
    expect(longest).toBeLessThan(2000);
    const repainted = async () => {
      await paint();
      return offset();
    };
    await expect.poll(repainted, { timeout: 10_000 }).toBeLessThan(1);
  });

  it('the page sees where the axis is and nothing of the bands', async () => {
    await open('');
    await expectDrawn();
    const seen = await page.evaluate((selector) => {
      const element = document.querySelector<HTMLElement>(selector)!;
      return {
        shadow: element.shadowRoot,
        text: element.textContent,
        children: element.childNodes.length,
        data: Object.keys(element.dataset).sort(),
        properties: Object.getOwnPropertyNames(element),
        globals: Object.getOwnPropertyNames(window).filter((name) => /liq/i.test(name)),
      };
    }, host);
    expect(seen).toEqual({
      shadow: null,
      text: '',
      children: 0,
      data: ['axis', 'liqbands', 'pane'],
      properties: [],
      globals: [],
    });
  });

  it('labels with markup stay text', async () => {
    await open('window.hit = 0; addEventListener("error", () => hit++);');
    await expectDrawn();
    await page.evaluate(() => {
      const axis = (document.getElementById('axis') as HTMLCanvasElement).getContext('2d')!;
      for (const text of ['1<img src=x onerror=hit=9>', '1"],["', '1\\', '9'.repeat(400)])
        axis.fillText(text, 4, 20);
    });
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => (window as unknown as { hit: number }).hit)).toBe(0);
    await expectDrawn();
  });

  it('a page that takes our host away again and again is not fought with', async () => {
    await open(`
      window.taken = 0;
      new MutationObserver((records) => {
        for (const { addedNodes } of records) for (const node of addedNodes) {
          if (node.hasAttribute?.('data-liqbands') || node.hasAttribute?.('data-liqbands-badge')) { taken++; node.remove(); }
        }
      }).observe(document.getElementById('box'), { childList: true });
    `);
    await paint();
    await page.waitForTimeout(3000);
    const taken = await page.evaluate(() => (window as unknown as { taken: number }).taken);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(40);
  });

  it('a policy that forbids everything does not stop bands or badge', async () => {
    await open('', {
      'content-security-policy':
        "default-src 'none'; script-src 'nonce-n'; require-trusted-types-for 'script'",
    });
    await expectDrawn();
    expect(await page.locator('[data-liqbands-badge]').count()).toBe(1);
  });

  it('bands go at once with the chart', async () => {
    await open('');
    await expectDrawn();
    const left = await page.evaluate(async (selector) => {
      document.getElementById('pane')!.remove();
      document.getElementById('axis')!.remove();
      await new Promise(requestAnimationFrame);
      return document.querySelectorAll(`${selector}, [data-liqbands-badge]`).length;
    }, host);
    expect(left).toBe(0);
  });
});
