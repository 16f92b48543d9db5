import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showcase } from '../../src/tools/replay';
import { moving, Walk } from './keyboard';
import { openStage, type Stage } from './stage';

/** The desk of the production build, on the recorded market. */

describe('the desk', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage({ startAt: showcase });
    page = await stage.browser.context.newPage();
    await page.goto(`chrome-extension://${stage.browser.extensionId}/src/desk/index.html`);
    await page.getByRole('heading', { name: 'Levels' }).waitFor();
  });
  afterAll(() => stage?.close());

  const panel = (name: string) => page.getByRole('region', { name });

  it('lists levels as an order book does: shorts above the last price, longs below', async () => {
    const rowsNow = () => panel('Levels').locator('tbody tr:visible').allInnerTexts();
    // A side without a level says so in its row; until the map is there both do.
    const edgesOf = (rows: string[]) =>
      rows.flatMap((row) => {
        const edge = /^(?:Shorts|Longs)\t([\d,.]+)\t/.exec(row)?.[1];
        return edge === undefined ? [] : [Number(edge.replaceAll(',', ''))];
      });
    await expect.poll(async () => edgesOf(await rowsNow()).length).toBeGreaterThan(0);
    const rows = await rowsNow();
    const kinds = rows.map((row) => /^(Shorts|Last|Longs)/.exec(row)?.[1]);
    expect(kinds).toEqual([...kinds].sort((a, b) => order.indexOf(a!) - order.indexOf(b!)));
    const edges = edgesOf(rows);
    expect(edges.length).toBeGreaterThan(0);
    expect(edges).toEqual([...edges].sort((a, b) => b - a));
  });
  const order = ['Shorts', 'Last', 'Longs'];

  it('has in a second line what a narrow table has no room for', async () => {
    const size = page.viewportSize()!;
    const below = panel('Levels').locator('.below').first();
    expect(await below.isVisible()).toBe(false);
    await page.setViewportSize({ width: 320, height: 900 });
    await below.waitFor();
    await expect.poll(() => below.innerText()).toMatch(/ · Age .* · ([\d.]+× typ\.|–)$/);
    expect(await panel('Clusters').locator('.below').first().innerText()).toMatch(
      /^At risk \$\S+ · ≈ Forced \$.* · Width .* · Leverage .* · Kind (wall|ladder|stack|isolated)$/,
    );
    const scroll = panel('Clusters').locator('.scroll');
    expect(await scroll.evaluate((each) => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0);
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
    await page.setViewportSize(size);
  });

  it('keeps its replay in one row on a phone', async () => {
    const size = page.viewportSize()!;
    const row = panel('Replay').locator('.replay-row');
    await row.getByText(/^[A-Z][a-z]+ \d+$/).waitFor();
    await page.setViewportSize({ width: 360, height: 900 });
    try {
      const height = () => row.evaluate((each) => each.clientHeight);
      const button = await row.locator('button').evaluate((each) => each.getBoundingClientRect().height);
      await expect.poll(height).toBe(button);
    } finally {
      await page.setViewportSize(size);
    }
  });

  it('puts the chart before the finer choices on a phone', async () => {
    const size = page.viewportSize()!;
    const key = panel('Chart').getByRole('button', { name: 'More choices' });
    const finer = panel('Chart').getByLabel('Step');
    expect([await key.isVisible(), await finer.isVisible()]).toEqual([false, true]);
    await finer.selectOption('0.01');
    await page.setViewportSize({ width: 360, height: 800 });
    try {
      // What narrows the picture is not out of sight.
      await finer.waitFor();
      await finer.selectOption('0');
      await finer.waitFor({ state: 'hidden' });
      const { top } = await panel('Chart')
        .getByRole('img')
        .evaluate((chart) => chart.getBoundingClientRect());
      expect(top).toBeLessThan(400);
      await key.press('Enter');
      await finer.waitFor();
      expect(await key.getAttribute('aria-expanded')).toBe('true');
      await key.press('Enter');
      await finer.waitFor({ state: 'hidden' });
    } finally {
      await page.setViewportSize(size);
    }
  });

  it.each([320, 1440])('is told in the order that eyes read it in, %i px wide', async (width) => {
    const size = page.viewportSize()!;
    try {
      await page.setViewportSize({ width, height: 900 });
      await panel('BTC-USDT, the week').waitFor();
      const told = await page.evaluate(() =>
        [...document.querySelectorAll('main .panel, main > .foot')].map((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          return { name: each.ariaLabel ?? each.className, left, right, top, bottom };
        }),
      );
      expect(told[0]!.name).toBe('Chart');
      expect(told[1]!.name).toContain('levels');
      expect(told.length).toBeGreaterThan(8);
      // What is told later stands nowhere above what was told before, but in another column.
      for (const [i, later] of told.entries())
        for (const before of told.slice(0, i))
          if (later.left < before.right - 1 && before.left < later.right - 1)
            expect(later.top, `${later.name} after ${before.name}`).toBeGreaterThanOrEqual(before.bottom - 1);
      const headings = await page.locator('h1, h2, h3').evaluateAll((all) => all.map((each) => each.tagName));
      expect(headings[0]).toBe('H1');
      expect(headings.join()).not.toContain('H1,H3');
    } finally {
      await page.setViewportSize(size);
    }
  });

  it('says how the map leans, and what is fuel for whom', async () => {
    const leans = panel('Asymmetry and fuel');
    await leans.getByText(/^longs \$[\d.]+[MB] below$/).waitFor();
    const long = await leans.getByRole('row', { name: /^Long from here/ }).innerText();
    const short = await leans.getByRole('row', { name: /^Short from here/ }).innerText();
    const plain = (row: string) => Number(/\d+\.\d+/.exec(row)![0]);
    expect(plain(long) * plain(short)).toBeCloseTo(1, 1);
  });

  it('says what a push of 1 to 10 % would set off, once the books are in', async () => {
    const pushes = panel('If price is pushed');
    await pushes.getByRole('row').nth(5).waitFor();
    expect(await pushes.getByRole('rowheader').allInnerTexts()).toEqual(
      [1, 2, 3, 5, 10].map((move) => `± ${move}\u202f%`),
    );
  });

  it('shows forced orders as they are heard, in sums and one by one', async () => {
    await panel('Force-closed, heard').locator('.tape time').first().waitFor();
    const [long, short] = await Promise.all(
      ['Longs', 'Shorts'].map((name) =>
        panel('Force-closed, heard')
          .getByRole('row', { name: new RegExp(`^${name}`) })
          .innerText(),
      ),
    );
    expect(`${long} ${short}`).toMatch(/\$[1-9]/);
  });

  it.each(['7 d', '30 d', '12 h', '24 h'])('shows the window of %s', async (name) => {
    await page.getByRole('radio', { name: windowNames[name]! }).check();
    await expect.poll(() => panel('Levels').locator('.panel-head').innerText()).toContain(windowNames[name]!);
  });
  const windowNames: Record<string, string> = {
    '12 h': 'Positions of the last 12 hours',
    '24 h': 'Positions of the last 24 hours',
    '7 d': 'Positions of the last 7 days',
    '30 d': 'Positions of the last 30 days',
  };

  /** How much of the chart's canvas has another colour than before. */
  const pixels = () => page.locator('.chart canvas').first().screenshot();

  it('draws levels, bands, heatmap and curves, each its own picture', async () => {
    const seen = new Set<string>();
    for (const mode of ['Bands', 'Heatmap', 'Curves', 'Levels']) {
      await page.getByRole('radio', { name: mode }).check();
      await expect.poll(async () => seen.has((await pixels()).toString('base64'))).toBe(false);
      seen.add((await pixels()).toString('base64'));
    }
    expect(seen.size).toBe(4);
  });

  it('exports files that parse', async () => {
    const taken = async (name: RegExp) => {
      await page.locator('summary', { hasText: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
    };
    const table = await taken(/^Levels and bands/);
    expect(table.name).toMatch(/^liqbands-BTC-USDT-.*\.csv$/);
    expect(table.content.toString().split('\n')[0]).toContain('"at_risk"');
    const map = JSON.parse((await taken(/^Whole map/)).content.toString()) as {
      symbol: string;
      long: number[];
    };
    expect(map.symbol).toBe('BTC-USDT');
    expect(map.long.length).toBeGreaterThan(100);
    const { content: picture } = await taken(/^Chart picture/);
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    await page.getByText('Saved', { exact: true }).waitFor();
  });

  it('shows the map as it stood at an earlier moment, says what followed, and comes back to now', async () => {
    const slider = page.getByRole('slider', { name: 'Moment shown' });
    const levels = () => panel('Levels').locator('tbody').innerText();
    const now = await levels();
    await slider.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
    const replay = panel('Replay');
    await replay
      .getByText(/price [\d,.]+\. In the .* after it this browser (heard .* force-closed|recorded no .*)\.$/)
      .waitFor();
    await panel('Chart').getByText('as it stood then').waitFor();
    await expect.poll(levels).not.toBe(now);
    await replay.getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(() => panel('Chart').getByText('as it stood then').count()).toBe(0);
  });

  it('has what the chart draws as a table, in the steps and sums of its curves', async () => {
    const chart = panel('Chart');
    await chart.getByText('Chart as a table').click();
    const rows = await chart.locator('.chart-table tbody tr').allInnerTexts();
    expect(rows).toHaveLength(20);
    expect(rows.slice(0, 10).every((row) => row.startsWith('Shorts'))).toBe(true);
    expect(rows.slice(10).every((row) => row.startsWith('Longs'))).toBe(true);
    // Wider bands are another picture of the same amounts.
    const before = await pixels();
    await chart.getByLabel('Step').selectOption('0.01');
    await expect.poll(async () => before.equals(await pixels())).toBe(false);
    await chart.getByLabel('Step').selectOption('0');
    await chart.getByText('Chart as a table').click();
  });

  it('is used from end to end by keyboard alone: each control is met by Tab, shows it, and lets go again', async () => {
    await panel('Replay').waitFor();
    await panel('BTC-USDT, the week').waitFor();
    // From the top.
    await page.locator('h1').click();
    const walk = new Walk(page);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    const press = (key: string) => page.keyboard.press(key);
    await walk.to(/^Market$/);
    await walk.to(/^Positions of the last 24 hours$/);
    await press('ArrowRight');
    await expect.poll(() => page.getByRole('radio', { name: windowNames['7 d']! }).isChecked()).toBe(true);
    await press('ArrowLeft');
    await walk.to(/^Levels$/);
    await walk.to(/^5×/);
    await press('Space');
    await expect.poll(() => page.getByRole('checkbox', { name: /^5×/ }).isChecked()).toBe(false);
    await press('Space');
    const threshold = page.getByRole('slider', { name: 'From' });
    await walk.to(/^From/);
    await press('ArrowRight');
    await expect.poll(() => threshold.inputValue()).not.toBe('0');
    await press('Home');
    await expect.poll(() => threshold.inputValue()).toBe('0');
    await walk.to(/^Export$/);
    // What is unfolded is in reach, and goes by Escape; what was pressed leaves the focus where it was taken from.
    for (const leave of ['Escape', 'Enter']) {
      await press('Enter');
      await press('Tab');
      await press('Tab');
      await press('Tab');
      await expect.poll(() => focused()).toMatch(/^Levels and bands/);
      const downloaded = leave === 'Enter' && page.waitForEvent('download');
      await press(leave);
      await downloaded;
      await expect.poll(focused).toBe('Export');
    }
    await walk.to(/^Replay$/);
    await walk.to(/^Moment shown$/);
    await press('PageDown');
    await panel('Chart').getByText('as it stood then').waitFor();
    await press('Tab');
    await expect.poll(focused).toBe('Back to now');
    await press('Enter');
    await expect.poll(() => panel('Chart').getByText('as it stood then').count()).toBe(0);
    await walk.to(/^Chart as a table$/);
    await press('Enter');
    await panel('Chart').locator('.chart-table tbody tr').first().waitFor();
    await press('Enter');
    await walk.to(/^Bitget$/);
    await press('Space');
    await expect
      .poll(() => panel('Venues').getByRole('checkbox', { name: 'Bitget' }).isChecked())
      .toBe(false);
    await press('Space');
    await walk.toEnd();
    expect(walk.unseen).toEqual([]);
    // While the map without the venue was provisional the week was away: nothing is switched on a walk from the top.
    await panel('BTC-USDT, the week').waitFor();
    await page.locator('h1').click();
    const whole = new Walk(page);
    expect(await whole.toEnd()).toEqual([]);
    expect(whole.unseen).toEqual([]);
  });

  it('says of the week what stood, what was swept, and how it leaned', async () => {
    const week = panel('BTC-USDT, the week');
    await week.getByText(/^Price went through \d+ of the \d+ levels that stood/).waitFor();
    const [, swept, stood] = /through (\d+) of the (\d+)/.exec(await week.innerText())!;
    expect(Number(stood)).toBeGreaterThan(0);
    expect(await week.locator('tbody tr').count()).toBe(Number(swept));
  });

  it('prints the week alone, dark on white whatever the screen is, with the marks of its sides', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    // The browser's own dialogue would not end here.
    await page.evaluate(() => Object.assign(globalThis, { print: () => undefined }));
    await panel('BTC-USDT, the week').getByRole('button', { name: 'Print this page' }).click();
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate(() => {
      const week = document.querySelector('.week')!;
      return {
        parts: [...document.querySelectorAll('header, nav, .banner, .panel, button, .foot')]
          .filter((each) => each.checkVisibility())
          .map(({ className }) => className),
        ground: getComputedStyle(week).backgroundColor,
        ink: getComputedStyle(week).color,
        marks: getComputedStyle(week.querySelector('.side')!, '::before').getPropertyValue(
          'print-color-adjust',
        ),
      };
    });
    expect(printed).toEqual({
      parts: ['panel week'],
      ground: 'rgb(255, 255, 255)',
      ink: 'rgb(20, 23, 31)',
      marks: 'exact',
    });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    await page.emulateMedia({ media: null, colorScheme: null });
    await panel('Levels').waitFor();
  });

  it('prints a light picture of the chart from a dark screen, and goes back to a dark one', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    const told = (event: string) => page.evaluate((name) => void dispatchEvent(new Event(name)), event);
    /** The colour that most of it has, and whether there are many. */
    const inks = (selector: string) =>
      page.locator(selector).evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const counts = new Map<number, number>();
        for (const ink of new Uint32Array(data.buffer)) counts.set(ink, (counts.get(ink) ?? 0) + 1);
        const [[most]] = [...counts].sort((one, other) => other[1] - one[1]) as [[number, number]];
        return { ground: [most & 255, (most >> 8) & 255, (most >> 16) & 255], isDrawn: counts.size > 20 };
      });
    const pane = '.chart td:nth-child(2) canvas >> nth=0';
    const dark = { ground: [18, 21, 28], isDrawn: true };
    try {
      await expect.poll(() => inks(pane)).toEqual(dark);
      await told('beforeprint');
      expect(await inks('.printed')).toEqual({ ground: [255, 255, 255], isDrawn: true });
      await told('afterprint');
      expect(await page.locator('.printed').count()).toBe(0);
      await expect.poll(() => inks(pane)).toEqual(dark);
    } finally {
      await told('afterprint');
      await page.emulateMedia({ colorScheme: null });
    }
  });

  it('says that too few forced orders were heard to tell how accurate it is here', async () => {
    await panel('Accuracy here')
      .getByText(/^Not enough yet .*: \d+ of 500 forced orders\. Only whole hours/)
      .waitFor();
  });

  it('lists the clusters with what surrounds them, and where the largest are', async () => {
    const clusters = panel('Clusters');
    const rows = await clusters.locator('tbody tr:not(.below)').allTextContents();
    expect(rows.length).toBeGreaterThan(1);
    for (const row of rows)
      expect(row).toMatch(/^(Shorts|Longs)[\d,.]+–[\d,.]+.*(wall|ladder|stack|isolated)$/);
    await clusters
      .getByText(/^Largest cluster within 10 % .*: shorts ([\d,.]+|–), longs ([\d,.]+|–)$/)
      .waitFor();
  });

  it('tells how the map leaned in the hours before this browser was there', async () => {
    await panel('Asymmetry and fuel')
      .getByText(/^24 h: \d\.\d\d–\d\.\d\d · flips \d+/)
      .waitFor();
    await panel('Asymmetry and fuel').getByRole('img').first().waitFor();
  });

  it('reads a price where the pointer is, and on the curves what lies on the way to it', async () => {
    await page.getByRole('radio', { name: 'Curves' }).check();
    const box = (await page.locator('.chart').boundingBox())!;
    const passed = async (share: number) => {
      await page.mouse.move(box.x + 0.2 * box.width, box.y + share * box.height);
      const told = page.locator('.pointed');
      const text = await told.innerText();
      const [, low, high] = /Shorts ([\d,.]+)–([\d,.]+)/.exec(text)!;
      const [, digits, unit] = /On the way\n\$([\d.]+)([MB])/.exec(text)!;
      return {
        price: (Number(low!.replaceAll(',', '')) + Number(high!.replaceAll(',', ''))) / 2,
        usd: Number(digits) * (unit === 'B' ? 1000 : 1),
      };
    };
    await expect.poll(() => passed(0.25).catch(() => undefined)).toBeTruthy();
    const far = await passed(0.1);
    await expect.poll(async () => (await passed(0.25)).price).toBeLessThan(far.price);
    expect((await passed(0.25)).usd).toBeLessThan(far.usd);
    await page.mouse.move(0, 0);
    await page.getByRole('radio', { name: 'Levels', exact: true }).check();
  });

  it('switches venues off and on, and leaves out what is below the threshold', async () => {
    const stored = () => page.evaluate(async () => (await chrome.storage.local.get('settings')).settings);
    await panel('Venues').getByRole('checkbox', { name: 'Bitget' }).uncheck();
    await expect.poll(stored).toMatchObject({ venues: { bitget: false } });
    await panel('Venues').getByRole('checkbox', { name: 'Bitget' }).check();
    const before = await pixels();
    await page.getByRole('slider', { name: 'From' }).fill('1');
    await expect.poll(stored).toMatchObject({ threshold: 1 });
    await expect.poll(async () => before.equals(await pixels())).toBe(false);
    await page.getByRole('slider', { name: 'From' }).fill('0');
    await expect.poll(stored).toMatchObject({ threshold: 0 });
  });

  it('pins the market shown, looks at another that is pinned, and goes there', async () => {
    const list = page.getByRole('navigation', { name: 'Pinned markets' });
    try {
      await list.getByRole('button', { name: 'Pin BTC-USDT' }).click();
      await list.getByRole('button', { name: /^BTC [\d,.]+ .*%/ }).waitFor();
      await list.getByRole('textbox').fill('eth');
      await page.keyboard.press('Enter');
      await list.getByRole('button', { name: /^ETH [\d,.]+ .*%/ }).click();
      await expect.poll(() => page.title()).toMatch(/^[\d,.]+ ETH-USDT/);
    } finally {
      await page.evaluate(async () => {
        const choices = (await chrome.runtime.sendMessage({ type: 'alertChoices' })) as object;
        const unpinned = { ...choices, pinned: [] };
        await chrome.runtime.sendMessage({ type: 'saveAlertChoices', choices: unpinned });
      });
      await page.goto(`${page.url().split('?')[0]}?symbol=BTC-USDT`);
    }
  });

  it('another market is typed over the one shown', async () => {
    const field = page.getByRole('textbox', { name: 'Market', exact: true });
    await field.fill('eth');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.title()).toMatch(/^[\d,.]+ ETH-USDT/);
  });

  it('a warning that was read goes away for this market, stays away after a reload, and can be had back', async () => {
    const field = page.getByRole('textbox', { name: 'Market', exact: true });
    await page.evaluate(() => localStorage.removeItem('hiddenBanners'));
    // On one venue alone so little is open that the map is noisy.
    for (const name of ['Bybit', 'OKX', 'Bitget', 'Binance'])
      await panel('Venues').getByRole('checkbox', { name }).uncheck();
    await field.fill('pepe');
    await page.keyboard.press('Enter');
    const warning = page.locator('.banner').filter({ hasText: 'the estimate is noisier' });
    /** Others come before it, as on weekends; what is hidden is told below them. */
    const isShown = async (wanted: Locator) => {
      const more = page.locator('.banner').getByRole('button', { name: /more$/ });
      if (await more.isVisible()) await more.click({ timeout: 1000 }).catch(() => {});
      return wanted.isVisible();
    };
    // A whole map of a market that nobody has looked at yet.
    await expect.poll(() => isShown(warning), { timeout: 150_000 }).toBe(true);
    await warning.getByRole('button', { name: 'Hide for 4 h' }).click();
    await expect.poll(() => warning.count()).toBe(0);
    await page.goto(`${page.url().split('?')[0]}?symbol=PEPE-USDT`);
    const show = page.getByRole('button', { name: 'show', exact: true });
    await expect.poll(() => isShown(show), { timeout: 150_000 }).toBe(true);
    expect(await warning.count()).toBe(0);
    await show.click();
    await expect.poll(() => isShown(warning)).toBe(true);
    // The others are not to fetch this one, too.
    await field.fill('btc');
    await page.keyboard.press('Enter');
    for (const name of ['Bybit', 'OKX', 'Bitget', 'Binance'])
      await panel('Venues').getByRole('checkbox', { name }).check();
  });

  it('is accessible where a market is listed nowhere, and with all that unfolds unfolded', async () => {
    const violations = async (...parts: string[]) => {
      const axe = new AxeBuilder({ page: page as never });
      for (const part of parts) axe.include(part);
      return (await axe.analyze()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    };
    await panel('Levels').waitFor();
    await panel('Chart').getByText('Chart as a table').click();
    await page.locator('summary', { hasText: 'Export' }).click();
    // The rest of the page is looked at below.
    expect(await violations('.chart-table', '.export')).toEqual([]);
    await page.keyboard.press('Escape');
    const field = page.getByRole('textbox', { name: 'Market', exact: true });
    await field.fill('nosuchcoin');
    await page.keyboard.press('Enter');
    await page
      .getByText(/NOSUCHCOIN-USDT/)
      .last()
      .waitFor();
    expect(await violations()).toEqual([]);
    await field.fill('btc');
    await page.keyboard.press('Enter');
    await panel('Levels').waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'is accessible, still where less motion is asked for, and fits 320 px to 4K, %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await panel('Levels').waitFor();
      const { violations } = await new AxeBuilder({ page: page as never }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await moving(page)).toEqual([]);
      for (const width of [320, 400, 1280, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
          .toBeLessThanOrEqual(width);
      }
    },
  );
});
