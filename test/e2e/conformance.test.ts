import { afterAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../src/tools/browser';
import { launchFirefox } from '../../src/tools/firefox';
import { createReplay } from '../../src/tools/replay';
import { describeFunctions } from './conformance';
import { moment } from './stage';

/** The same browser tells the same of the functions we watch on a page we run in and on one we do not. */

type Told = Record<string, unknown>;

// The test's own compiler marks function names with a helper that pages do not have.
const source = `(globalThis.__name = (f) => f, (${describeFunctions})())`;
const html = '<!doctype html><title>x</title><body></body>';
const address = { ours: 'https://www.binance.com/en/plain', other: 'https://plain.example/en/plain' };

const browsers: Record<string, () => Promise<{ ours: Told; other: Told }>> = {
  async Chromium() {
    const browser = await launchChromium({ extensionDir: 'dist/chrome' });
    try {
      const ask = async (url: string) => {
        const page = await browser.context.newPage();
        await page.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
        await page.goto(url);
        return (await page.evaluate(source)) as Told;
      };
      return { ours: await ask(address.ours), other: await ask(address.other) };
    } finally {
      await browser.close();
    }
  },
  async Firefox() {
    const replay = await createReplay({ startAt: moment });
    const firefox = await launchFirefox({ extensionDir: 'dist/firefox', resolverPort: replay.port });
    try {
      const ask = async (url: string) => {
        const page = await firefox.browser.newPage();
        await page.goto(url, { waitUntil: 'domcontentloaded' });
        return (await page.evaluate(source)) as Told;
      };
      return { ours: await ask(address.ours), other: await ask(address.other) };
    } finally {
      await firefox.close();
      await replay.close();
    }
  },
};

/**
 * The functions we stand in for. No proxy can have the source text of what it stands for: it is native code without its
 * name. All else is the same.
 */
const watched = [
  ...['canvas', 'offscreen'].flatMap((kind) =>
    [...['fillText', 'strokeText', 'clearRect', 'drawImage', 'rect', 'clip'], ...['width', 'height']].map(
      (name) => `${kind} ${name}`,
    ),
  ),
  'path rect',
  'offscreen transferToImageBitmap',
  'bitmap transferFromImageBitmap',
  'window createImageBitmap',
];

describe.each(Object.keys(browsers))('in %s', (name) => {
  const told = browsers[name]!();
  afterAll(() => told.catch(() => {}));

  it('the functions we watch tell the same as without us, but for the name in their source text', async () => {
    // What is compared is changed below.
    const { ours, other } = structuredClone(await told);
    expect(Object.keys(ours)).toEqual(Object.keys(other));
    const standIn = new Set<string>();
    for (const [what, theirs] of Object.entries(other)) {
      const mine = ours[what] as { source?: string };
      const native = (theirs as { source?: string }).source;
      if (native !== undefined && mine.source !== native) {
        standIn.add(what);
        expect(mine.source!.replace(/\s+/g, ' '), what).toMatch(/^function ?\(\) \{ \[native code\] \}$/);
        mine.source = native;
      }
      expect(mine, what).toEqual(theirs);
    }
    expect([...standIn].sort()).toEqual(watched.toSorted());
  });
});
