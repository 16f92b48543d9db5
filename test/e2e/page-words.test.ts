import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExchangePage, exchangePage } from './exchange-page';
import { openStage, overlayText, type Stage } from './stage';

/** Badge and page share the pane: ours is never over the page's own words, nor under them. */

const address = 'https://www.binance.com/en/futures/BTCUSDT';

interface Seen {
  /** Places of the badge: where it catches the pointer, or would but for what is over it. */
  badge: number;
  /** Those that are on a word of the page. */
  onWords: number;
  left: number;
  top: number;
}

describe('on a page with words over its chart', () => {
  let stage: Stage;
  let page: Page;
  let shown: ExchangePage;

  function show(): Promise<void> {
    const mark = stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    return page.evaluate((price) => (window as unknown as { draw(p: number): void }).draw(price), mark);
  }

  async function open(wanted: Partial<ExchangePage>): Promise<void> {
    shown = { width: 1280, height: 740, rows: 2, direction: 'ltr', theme: 'dark', ...wanted };
    await page.setViewportSize({ width: shown.width, height: shown.height });
    await page.goto(address);
    await expect
      .poll(async () => {
        await show();
        return overlayText(page);
      })
      .toMatch(/±5 %/);
  }

  /** Every fourth row and fifth column of the window, as far as the badge reaches: found on every fifth and fourth of them, it is no smaller. */
  const look = (): Promise<Seen> =>
    page.evaluate(() => {
      const words = [...document.querySelectorAll('.word')].map((word) => word.getBoundingClientRect());
      const seen = { badge: 0, onWords: 0, left: Number.POSITIVE_INFINITY, top: Number.POSITIVE_INFINITY };
      const tried = new Set<string>();
      const reached: [number, number][] = [];
      const attempt = (x: number, y: number): void => {
        if (tried.has(`${x},${y}`)) return;
        tried.add(`${x},${y}`);
        if (document.elementsFromPoint(x, y).some((each) => each.matches('[data-liqbands-badge]')))
          reached.push([x, y]);
      };
      for (let y = 2; y < innerHeight; y += 20) for (let x = 2; x < innerWidth; x += 20) attempt(x, y);
      for (const [x, y] of reached) {
        seen.badge++;
        seen.left = Math.min(seen.left, x);
        seen.top = Math.min(seen.top, y);
        const isOn = ({ left, top, right, bottom }: DOMRect) =>
          x >= left && x <= right && y >= top && y <= bottom;
        if (words.some(isOn)) seen.onWords++;
        // Grows while it is walked: what lies beside the badge's places is tried too.
        attempt(x - 5, y);
        attempt(x + 5, y);
        attempt(x, y - 4);
        attempt(x, y + 4);
      }
      return seen;
    });

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.browser.context.newPage();
    await page.route(`${address}**`, (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: exchangePage(shown) }),
    );
  });
  afterAll(() => stage?.close());

  const pages: Partial<ExchangePage>[] = [
    ...[1, 2, 3, 4, 5, 6].map((rows) => ({ rows })),
    { width: 640, height: 400, rows: 3 },
    { width: 3840, height: 2160, rows: 4 },
    { direction: 'rtl', theme: 'light' },
  ];
  it.each(pages)('stands beside them: %j', async (wanted) => {
    await open(wanted);
    await expect.poll(async () => (await look()).onWords).toBe(0);
    const seen = await look();
    expect(seen.badge).toBeGreaterThan(40);
  });

  it('stays clear of a legend that breathes with its values', async () => {
    await open({ rows: 2 });
    await expect.poll(async () => (await look()).onWords).toBe(0);
    const turn = () => page.evaluate<number>('turn');
    const end = (await turn()) + 30;
    while ((await turn()) < end) expect((await look()).onWords).toBe(0);
  });

  it.each([1, 4, 6])(
    'on a pane of 320 × 200 with a legend of %d rows is a small sign, or nothing',
    async (rows) => {
      await open({ width: 320, height: 200, rows });
      await expect.poll(async () => (await look()).onWords).toBe(0);
    },
  );

  it('makes way for a legend that gets more rows, and for toolbars that come up under the pointer', async () => {
    await open({ rows: 1 });
    const { top } = await look();
    await page.evaluate(() => {
      const legend = document.querySelector('.legend')!;
      for (let i = 0; i < 4; i++) legend.append(legend.firstElementChild!.cloneNode(true));
    });
    await expect.poll(async () => (await look()).top).toBeGreaterThan(top + 60);
    await page.mouse.move(640, 300);
    await expect.poll(async () => (await look()).onWords).toBe(0);
  });

  it.each([
    ['replayed', '.replay'],
    ['searched', '.search'],
  ])('makes way for what is opened right where it stands: %s', async (what, opened) => {
    const { left, top } = await look();
    await page.evaluate(
      ([name, selector, x, y]) => {
        document.body.className = name;
        document.querySelector<HTMLElement>(selector)!.style.cssText = `left:${x}px;top:${y}px`;
      },
      [what, opened, left, top] as const,
    );
    expect((await look()).onWords).toBeGreaterThan(0);
    await expect.poll(async () => (await look()).onWords).toBe(0);
    await page.evaluate(() => {
      document.body.className = '';
    });
  });

  it('and so do the labels of levels', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    const { labels } = await boxesOn(session);
    await page.evaluate(({ left, top }) => {
      document.querySelector<HTMLElement>('.notice')!.style.cssText =
        `left:${left + 20}px;top:${top}px;right:auto;bottom:auto`;
    }, labels[0]!);
    expect(await labelsOnWords(session)).toBeGreaterThan(0);
    await expect.poll(() => labelsOnWords(session)).toBe(0);
    await session.detach();
  });

  it('stands beside them at every zoom', async () => {
    await open({ rows: 3 });
    const session = await page.context().newCDPSession(page);
    await session.send('DOM.enable');
    for (const zoom of [0.8, 0.9, 1.1, 1.25, 1.5, 1.75, 2]) {
      const [width, height] = [Math.round(1280 / zoom), Math.round(740 / zoom)];
      await session.send('Emulation.setDeviceMetricsOverride', {
        width,
        height,
        deviceScaleFactor: zoom,
        mobile: false,
      });
      await page.evaluate(
        (size) => (window as unknown as { fit(...size: number[]): void }).fit(...size),
        [width, height],
      );
      await show();
      // Of what does not hold, the zoom is told.
      await expect
        .poll(async () => {
          const { badge, onWords } = await look();
          return [zoom, badge > 20, onWords, await labelsOnWords(session)];
        })
        .toEqual([zoom, true, 0, 0]);
    }
    await session.detach();
  });
});

/** Words of the page, and labels, whose root is closed to it. */
async function boxesOn(session: CDPSession) {
  const { nodes } = await session.send('DOM.getFlattenedDocument', { depth: -1, pierce: true });
  const boxesOf = async (isWanted: (node: (typeof nodes)[number]) => boolean) => {
    const found = nodes.filter(isWanted).map(async ({ nodeId }) => {
      const box = await session.send('DOM.getBoxModel', { nodeId }).catch(() => undefined);
      const [left, top] = box?.model.border ?? [];
      return (
        box && { left: left!, top: top!, right: left! + box.model.width, bottom: top! + box.model.height }
      );
    });
    return (await Promise.all(found)).filter((box) => box !== undefined);
  };
  return {
    words: await boxesOf(({ attributes }) => /\bword\b/.test(attributes?.[1] ?? '')),
    labels: await boxesOf(
      ({ nodeName, attributes }) => nodeName === 'CANVAS' && attributes?.includes('img') === true,
    ),
  };
}

async function labelsOnWords(session: CDPSession): Promise<number> {
  const { words, labels } = await boxesOn(session);
  return labels.filter((label) =>
    words.some(
      (word) =>
        label.left < word.right &&
        word.left < label.right &&
        label.top < word.bottom &&
        word.top < label.bottom,
    ),
  ).length;
}
