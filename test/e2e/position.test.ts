import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showcase } from '../../src/tools/replay';
import { moving, Walk } from './keyboard';
import { openStage, type Stage } from './stage';

/** The position page of the production build, on the recorded market. */

describe('a position', () => {
  let stage: Stage;
  let page: Page;
  let mark: number;
  const at = (fraction: number) => Math.round(mark * fraction);

  beforeAll(async () => {
    stage = await openStage({ startAt: showcase });
    mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    page = await stage.browser.context.newPage();
    await page.goto(`chrome-extension://${stage.browser.extensionId}/src/position/index.html`);
  });
  afterAll(() => stage?.close());

  const field = () => page.getByLabel('Your position');
  const fact = (name: string | RegExp) =>
    page
      .locator('dl > div')
      .filter({ has: page.locator('dt', { hasText: name }) })
      .locator('dd');

  it('stop and target typed as distances: shown as the prices they mean, and said to be wrong where they cannot be', async () => {
    await field().fill('long BTC 60000 25x 0.5 stop 2% tp 5%');
    await page.getByRole('button', { name: 'Stop 58,800 · −2.0 %' }).waitFor();
    await page.getByRole('button', { name: 'Target 63,000 · +5.0 %' }).waitFor();
    await field().fill('long BTC 60000 25x 0.5 stop +2%');
    await page.getByText(/^Stop \+2 % cannot be: a stop lies on the losing side/).waitFor();
  });

  it('typed: what is understood is shown, what is assumed is said to be', async () => {
    await field().fill(`long BTC ${at(0.995)} 25x 0.5 stop ${at(0.985)} tp ${at(1.03)}`);
    await page.getByRole('button', { name: 'Side Long' }).waitFor();
    await page.getByRole('button', { name: 'Venue, assumed Binance' }).waitFor();
    await page.getByRole('button', { name: 'Margin, assumed isolated' }).waitFor();
    await page.getByRole('heading', { name: '4 · Discipline' }).waitFor();
  });

  it('reports its own liquidation price by the venue’s rule, and a line for each rule', async () => {
    const told = await fact('Own liquidation, Binance rule').textContent();
    const liquidation = Number(/[\d,]+/.exec(told!)![0].replaceAll(',', ''));
    // First step of the table: 0.4 % of maintenance; a position of $30k stays in it.
    expect(liquidation).toBeCloseTo((at(0.995) * (1 - 1 / 25)) / (1 - 0.004), -1);
    for (const name of ['Pass', 'Fail', 'Can’t tell'])
      await expect
        .poll(() => page.locator('.checks .grade').filter({ hasText: name }).count())
        .toBeLessThanOrEqual(5);
    await expect.poll(() => page.locator('.checks .grade').count()).toBe(5);
  });

  it('asks for a smaller size, not a tighter stop, once it is told what may be lost', async () => {
    await page.getByRole('button', { name: /^Risk budget/ }).click();
    await page.getByLabel('Risk budget').fill('');
    // Slower than the page is drawn anew: what is half typed stays.
    await page.getByLabel('Risk budget').pressSequentially('100', { delay: 400 });
    await page.keyboard.press('Enter');
    await page.getByText(/^Reduce size to 0\.\d+ BTC, do not tighten the stop\.$/).waitFor();
  });

  it('another report is there at once', async () => {
    const before = await fact(/^Loss there/).textContent();
    const started = Date.now();
    // Another one at each try.
    const size = (0.4 + (started % 1000) / 10_000).toFixed(4);
    await field().fill(`short BTC ${at(1.004)} 20x ${size} stop ${at(1.02)}`);
    await expect.poll(() => fact(/^Loss there/).textContent(), { interval: 10 }).not.toBe(before);
    const took = Date.now() - started;
    console.log(`another report after ${took} ms`);
    // The goal is a second where nothing else runs.
    expect(took).toBeLessThan(10_000);
  });

  it('copied from a table with several rows: each can be chosen, contracts are turned into coins', async () => {
    const rows = [
      'BTCUSDT Perp',
      'Long',
      'Isolated',
      '25.00x',
      '50 Cont',
      `${at(0.995)}.0`,
      `${at(1)}.0`,
      `${at(0.96)}.0`,
    ];
    const other = ['ETHUSDT Perp', 'Short', 'Cross', '10.00x', '2 ETH', '2,342.10', '2,330.00', '--'];
    await field().fill([...rows, ...other].join('\n'));
    await page.getByRole('button', { name: 'Venue OKX' }).waitFor();
    await page.getByRole('button', { name: /^Size 0\.5 BTC/ }).waitFor();
    await page.getByRole('button', { name: /^ETH Short/ }).click();
    await page.getByRole('button', { name: 'Margin cross' }).waitFor();
    await page.getByText('ETH-USDT').first().waitFor();
  });

  it('what cannot be is named, and what is missing is asked for', async () => {
    await field().fill(`long BTC ${at(0.995)} 25x 0.5 stop ${at(1.01)}`);
    await page.getByText('A stop lies on the losing side of the entry').waitFor();
    await field().fill('long BTC');
    await page.getByText(/^Still needed: entry, size, leverage/).waitFor();
    // What stands where an entry belongs and cannot be one is asked about, not believed.
    await field().fill(`long BTC 0.5 ${at(0.995)} 25x`);
    await page.getByText(/^An entry of 0\.50000 is far from the price now, .*changed places\.$/).waitFor();
    await field().fill('hello');
    await page
      .getByText(/^(No position found|Still needed|None of the venues that are on lists HELLO-USDT)/)
      .waitFor();
  });

  it('is typed, corrected, kept and deleted by keyboard alone', async () => {
    await page.reload();
    await field().waitFor();
    const walk = new Walk(page);
    const press = (key: string) => page.keyboard.press(key);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await walk.to(/^Your position$/);
    await page.keyboard.type(`long BTC ${at(0.995)} 25x 0.5 stop ${at(0.985)}`);
    await walk.to(/^Venue, assumed/);
    await press('Enter');
    await page.getByLabel('Venue', { exact: true }).waitFor();
    await press('ArrowDown');
    await expect.poll(focused).toMatch(/^Venue(?!, assumed)/);
    await walk.to(/^Risk budget/);
    // Escape leaves it as it was, Enter takes it; both lead back to the field.
    for (const [leave, told] of [
      ['Escape', 'none'],
      ['Enter', '$100'],
    ] as const) {
      await press('Enter');
      await page.getByLabel('Risk budget').pressSequentially('100');
      await press(leave);
      await expect.poll(focused).toBe(`Risk budget${told}`);
    }
    await page.getByText(/^Reduce size to/).waitFor();
    await walk.to(/^Keep$/);
    await press('Enter');
    await page.getByRole('heading', { name: 'Then and now' }).waitFor();
    await walk.to(/^Delete the BTC-USDT position$/);
    await press('Enter');
    await expect.poll(() => page.getByRole('heading', { name: 'Kept positions' }).count()).toBe(0);
    expect(walk.unseen).toEqual([]);
  });

  const deleted = async () => {
    await page.getByRole('button', { name: 'Delete the BTC-USDT position' }).click();
    await expect.poll(() => page.getByRole('heading', { name: 'Kept positions' }).count()).toBe(0);
  };
  const isKept = () => page.getByRole('heading', { name: 'Kept positions' }).isVisible();
  const keep = async () => {
    await page.reload();
    await field().fill(`long BTC ${at(0.995)} 25x 0.5 stop ${at(0.985)}`);
    await page.getByRole('button', { name: 'Venue, assumed Binance' }).click();
    await page.getByLabel('Venue', { exact: true }).selectOption('OKX');
    // Where there is nothing to keep the page says why, and so does this.
    await expect.poll(() => page.locator('body').innerText(), { timeout: 60_000 }).toMatch(/^Keep$/m);
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByRole('heading', { name: 'Then and now' }).waitFor();
  };

  it('kept: stands in the extension’s own database, then and now side by side, and stays after a reload', async () => {
    if (await isKept()) await deleted();
    await keep();
    await expect.poll(() => page.getByRole('row').count()).toBe(4);
    await page.reload();
    await page.getByRole('heading', { name: 'Kept positions' }).waitFor();
    await page.getByText('The report tells').waitFor();
    await page.getByRole('button', { name: 'BTC-USDT', exact: true }).click();
    await page.getByRole('heading', { name: 'Then and now' }).waitFor();
    // What the typed line does not tell is as it was kept, and not assumed anew.
    await page.getByRole('button', { name: 'Venue OKX' }).waitFor();
    await page.getByRole('button', { name: 'Margin isolated' }).waitFor();
    const { violations } = await new AxeBuilder({ page: page as never }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  it('is told to pages of its market once it is to be drawn, its prices alone, and no more once it is not', async () => {
    await page.evaluate(() => {
      const port = chrome.runtime.connect({ name: 'watch' });
      const told: unknown[] = [];
      Object.assign(globalThis, { told });
      port.onMessage.addListener(({ type, positions }) => type === 'positions' && told.push(positions));
      port.postMessage({ type: 'watch', symbol: 'BTC-USDT', window: '24h' });
    });
    const told = () =>
      page.evaluate(() => (globalThis as unknown as { told: Record<string, unknown>[][] }).told);
    await page.getByText('On charts', { exact: true }).click();
    await expect.poll(told).toHaveLength(1);
    const [[drawn]] = (await told()) as [[Record<string, unknown>]];
    expect(Object.keys(drawn).sort()).toEqual(['entry', 'liquidation', 'ruledStop', 'side', 'stop']);
    expect(drawn).toMatchObject({ side: 'long', stop: at(0.985) });
    await page.getByRole('button', { name: 'Take off charts' }).click();
    await expect.poll(told).toHaveLength(2);
    expect((await told())[1]).toEqual([]);
  });

  it('is out of reach of content scripts: neither their storage nor the worker tells it', async () => {
    const site = await stage.browser.context.newPage();
    await site.goto('https://www.binance.com/en/futures/BTCUSDT');
    const session = await stage.browser.context.newCDPSession(site);
    const worlds: number[] = [];
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.origin.startsWith('chrome-extension://')) worlds.push(context.id);
    });
    await session.send('Runtime.enable');
    await expect.poll(() => worlds.length).toBeGreaterThan(0);
    const inContentScript = async (expression: string) => {
      const { result } = await session.send('Runtime.evaluate', {
        expression,
        contextId: worlds[0]!,
        awaitPromise: true,
        returnByValue: true,
      });
      return result.value as unknown;
    };
    const answered = await inContentScript(
      `chrome.runtime.sendMessage({ type: 'positions' }).then((reply) => JSON.stringify(reply) ?? 'nothing', (error) => 'refused')`,
    );
    expect(['nothing', 'refused', 'null']).toContain(answered);
    const stored = await inContentScript(
      `new Promise((done) => chrome.storage.local.get(null, (all) => done(JSON.stringify(all) ?? '')))`,
    );
    expect(String(stored)).not.toContain('keptAt');
    const databases = await inContentScript('indexedDB.databases().then((all) => JSON.stringify(all))');
    expect(databases).not.toContain('liqbands-own');
    await site.close();
  });

  it('deleted means deleted', async () => {
    if (!(await isKept())) await keep();
    await deleted();
    const left = await page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('liqbands-own');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const counting = opening.result.transaction('positions').objectStore('positions').count();
            counting.onsuccess = () => resolve(counting.result);
          };
        }),
    );
    expect(left).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'is accessible, still where less motion is asked for, and fits 320 px, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await field().fill(`long BTC ${at(0.995)} 25x 0.5 stop ${at(0.985)} tp ${at(1.03)}`);
      await page.getByRole('heading', { name: '4 · Discipline' }).waitFor();
      // Under the pointer a chip has another ground.
      await page.getByRole('button', { name: /^Venue/ }).hover();
      const { violations } = await new AxeBuilder({ page: page as never }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await moving(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 700 });
      await expect
        .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
        .toBeLessThanOrEqual(320);
      await page.setViewportSize({ width: 1280, height: 900 });
    },
  );
});
