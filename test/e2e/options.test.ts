import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moving, Walk } from './keyboard';
import { type OwnAddress, openOwnAddress } from './own-address';
import { allow, openStage, type Stage } from './stage';

/** Settings, alerts and the first page of the production build. */

describe('settings', () => {
  let stage: Stage;
  let page: Page;
  let address: OwnAddress;
  const own = (path: string) => `chrome-extension://${stage.browser.extensionId}/src/${path}/index.html`;

  beforeAll(async () => {
    address = await openOwnAddress();
    const hosts = ['hooks.example.com', 'elsewhere.example.com', 'api.telegram.org'];
    stage = await openStage({}, { hostPorts: Object.fromEntries(hosts.map((host) => [host, address.port])) });
    page = await stage.browser.context.newPage();
    await page.goto(own('options'));
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
  });
  afterAll(async () => {
    await stage?.close();
    await address?.close();
  });

  const worker = () => stage.browser.context.serviceWorkers()[0]!;
  const told = () => worker().evaluate(() => chrome.notifications.getAll());

  it('a test alert is shown by the browser', async () => {
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('Sent.').waitFor();
    await expect
      .poll(async () => Object.keys(await told()))
      .toEqual([expect.stringMatching(/^liqbands BTC-USDT test \d+$/)]);
  });

  const unpin = () => page.getByRole('button', { name: 'Unpin BTC-USDT' });
  async function pin(): Promise<void> {
    await page.getByLabel('Pin a market', { exact: true }).first().fill('btc');
    await page.getByRole('button', { name: 'Pin a market' }).click();
    await unpin().waitFor();
  }

  it('a pinned market is looked at with no chart open, and what is due is told and logged', async () => {
    await pin();
    await expect.poll(alarm).toMatchObject({ periodInMinutes: 1 });
    // What was just pinned is looked at without waiting for the minute.
    await expect.poll(lookedAt).toBeGreaterThan(0);
    // As if the user had last looked when price stood 5 % lower.
    const seen = 0.95 * stage.replay.market('binance', 'BTC').mark(stage.replay.now());
    await memory({ time: Date.now() - 60_000, price: seen, seen, ratios: [] });
    await bringMinuteForward();
    await expect
      .poll(async () => Object.keys(await told()).filter((id) => id.includes(' move ')))
      .toHaveLength(1);
    await page.reload();
    await page.getByText(/^Alerts told: [1-9]/).click();
    await page.getByText(/^\d.*BTC-USDT \+5\.\d % since you last looked/).waitFor();
  });

  it('a worker that ended meanwhile looks again for less than a fiftieth of what its venue allows, and of no other', async () => {
    if (!(await unpin().isVisible())) await pin();
    const browser = await stage.browser.context.browser()!.newBrowserCDPSession();
    const { targetInfos } = await browser.send('Target.getTargets');
    const workers = targetInfos.filter(({ type }) => type === 'service_worker');
    const spent = () =>
      Object.entries(stage.replay.stats().venues).flatMap(([venue, { budgets }]) =>
        Object.entries(budgets).map(([pool, { total, limit }]) => ({ venue, pool, part: total / limit })),
      );
    await bringMinuteForward(2000);
    const [before, last] = [spent(), await lookedAt()];
    for (const { targetId } of workers) await browser.send('Target.closeTarget', { targetId });
    await expect.poll(lookedAt).toBeGreaterThan(last);
    const parts = spent().map((each, i) => ({ ...each, part: each.part - before[i]!.part }));
    expect(parts.filter(({ part }) => part > 0.02)).toEqual([]);
    expect([...new Set(parts.filter(({ part }) => part > 0).map(({ venue }) => venue))]).toEqual(['binance']);
    await unpin().click();
    await expect.poll(alarm).toBeFalsy();
  });

  const alarm = () => page.evaluate(() => chrome.alarms.get('alerts'));
  /** The alarm's minute, brought forward. */
  const bringMinuteForward = (inMs = 1) =>
    page.evaluate(
      (ms) => chrome.alarms.create('alerts', { when: Date.now() + ms, periodInMinutes: 1 }),
      inMs,
    );
  /** What is remembered of BTC-USDT between two looks, put in its place where it is given. */
  const memory = (value?: object) =>
    page.evaluate(
      (put) =>
        new Promise<{ time?: number } | undefined>((resolve, reject) => {
          const opening = indexedDB.open('liqbands-own');
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const choices = opening.result.transaction('choices', 'readwrite').objectStore('choices');
            const request = put ? choices.put(put, 'look BTC-USDT') : choices.get('look BTC-USDT');
            request.onsuccess = () => resolve(request.result as never);
          };
        }),
      value,
    );
  const lookedAt = async () => (await memory())?.time ?? 0;

  it('an exchange is switched off and on, and the last one stays', async () => {
    const stored = () =>
      page.evaluate(async () => {
        const { settings } = await chrome.storage.local.get<{ settings?: { venues?: object } }>('settings');
        return settings?.venues;
      });
    const switches = page.locator('.venue-switches').getByRole('switch');
    await page.getByRole('switch', { name: 'Bitget' }).click();
    await expect.poll(stored).toMatchObject({ bitget: false });
    await page.getByText('4 of 5 on').waitFor();
    await page.getByRole('switch', { name: 'Bitget' }).click();
    await expect.poll(stored).toMatchObject({ bitget: true });
    for (const name of ['Binance', 'Bybit', 'OKX', 'Bitget']) {
      await page.getByRole('switch', { name }).click();
      await expect.poll(() => page.getByRole('switch', { name }).isChecked()).toBe(false);
    }
    await expect.poll(() => switches.nth(4).isDisabled()).toBe(true);
    for (const name of ['Binance', 'Bybit', 'OKX', 'Bitget']) {
      await page.getByRole('switch', { name }).click();
      await expect.poll(() => page.getByRole('switch', { name }).isChecked()).toBe(true);
    }
  });

  it('an address that is none is refused in words', async () => {
    await page.getByLabel('Webhook address').fill('https://example.com');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('A webhook address begins with https:// and has a path.').waitFor();
    await page.getByLabel('Webhook address').fill('');
  });

  it('a test saves the addresses first, and says in words what became of it where they refuse, send on or are slow', async () => {
    await allow(stage, 'https://hooks.example.com/*');
    await allow(stage, 'https://api.telegram.org/*');
    const field = (name: string) => page.getByLabel(name);
    const said = page.locator('.outlets [role=status]');
    const test = async (words: string | RegExp) => {
      address.received.length = 0;
      await page.locator('.outlets').getByRole('button', { name: 'Send a test' }).click();
      await said.getByText(words).waitFor();
    };
    address.answer = (response) => response.end();
    for (const name of ['Telegram bot token', 'Telegram chat']) await field(name).fill('');
    await field('Webhook address').fill('https://hooks.example.com/mine');
    await field('Format').selectOption('Discord');
    await test('Sent.');
    expect(address.received).toEqual([
      { host: 'hooks.example.com', path: '/mine', body: { content: expect.stringMatching(/^BTC-USDT: /) } },
    ]);

    address.answer = (response) => response.writeHead(403).end();
    await test('Webhook: refused with status 403');

    // What is meant for one address is not sent on to another.
    const location = 'https://elsewhere.example.com/mine';
    address.answer = (response) => response.writeHead(307, { location }).end();
    await test(/^Webhook: could not be reached, .*sends on to another address/);
    expect(address.received.map(({ host }) => host)).toEqual(['hooks.example.com']);

    await field('Telegram bot token').fill(`123456789:${'A'.repeat(35)}`);
    await field('Telegram chat').fill('@mine');
    address.answer = (response, host) => {
      if (host === 'api.telegram.org') response.writeHead(401).end();
    };
    await test('Webhook: no answer within 5 s · Telegram: refused with status 401');
    expect(address.received.find(({ host }) => host === 'api.telegram.org')).toEqual({
      host: 'api.telegram.org',
      path: `/bot123456789:${'A'.repeat(35)}/sendMessage`,
      body: { chat_id: '@mine', text: expect.stringMatching(/^BTC-USDT: /) },
    });

    await page.reload();
    await expect.poll(() => field('Webhook address').inputValue()).toBe('https://hooks.example.com/mine');
    for (const name of ['Webhook address', 'Telegram bot token', 'Telegram chat']) await field(name).fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
  });

  it('a damaged file changes nothing, a whole one everything', async () => {
    const stored = () => page.evaluate(async () => (await chrome.storage.local.get('settings')).settings);
    await page.evaluate(() => chrome.storage.local.remove('settings'));
    await page.reload();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save settings' }).click(),
    ]);
    const { readFile } = await import('node:fs/promises');
    const text = (await readFile(await download.path())).toString();
    const file = join(tmpdir(), `liqbands-settings-${process.pid}.json`);
    // What was chosen on this page since, and is in no file, stays.
    await allow(stage, 'https://hooks.example.com/*');
    await page.getByLabel('Webhook address').fill('https://hooks.example.com/mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
    const before = await stored();
    await writeFile(file, text.replace('"24h"', '"25h"'));
    await page.getByLabel('Load settings').setInputFiles(file);
    await page.getByText('Nothing was changed: settings, window: not a value it can have.').waitFor();
    expect(await stored()).toEqual(before);
    await writeFile(file, text.replace('"24h"', '"7d"').replace('"sound": false', '"sound": true'));
    await page.getByLabel('Load settings').setInputFiles(file);
    await page.getByText('Settings loaded.').waitFor();
    await expect.poll(stored).toMatchObject({ window: '7d' });
    await expect.poll(() => page.getByRole('switch', { name: /sound/i }).isChecked()).toBe(true);
    const choices = () =>
      page.evaluate(() => chrome.runtime.sendMessage({ type: 'alertChoices' }) as Promise<object>);
    expect(await choices()).toMatchObject({
      sound: true,
      webhook: { url: 'https://hooks.example.com/mine' },
    });
    await page.evaluate(() =>
      chrome.runtime.sendMessage({ type: 'saveAlertChoices', choices: { sound: false, webhook: null } }),
    );
  });

  it('everything is deleted after being asked twice', async () => {
    await page.getByRole('button', { name: 'Delete everything' }).click();
    await page.getByRole('button', { name: 'Press again to delete everything' }).click();
    await page.getByText('Everything is deleted.').waitFor();
    expect(await page.evaluate(() => chrome.storage.local.get(null))).toEqual({});
  });

  it.each(['options', 'welcome', 'accuracy'])(
    '%s is accessible in both themes and by Tab alone, still where less motion is asked for, and fits 320 to 1280 px',
    async (path) => {
      await page.goto(own(path));
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // The report's many tables are made alike: the first ones stand for all.
        const { violations } = await new AxeBuilder({ page: page as never })
          .exclude('.report > .table ~ .table ~ .table')
          .analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      }
      const walk = new Walk(page);
      expect(await walk.toEnd()).toEqual([]);
      expect(walk.unseen).toEqual([]);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await moving(page)).toEqual([]);
      for (const width of [1280, 768, 320]) {
        await page.setViewportSize({ width, height: 700 });
        await expect
          .poll(() => page.evaluate(() => document.documentElement.scrollWidth))
          .toBeLessThanOrEqual(width);
      }
      await page.setViewportSize({ width: 1280, height: 900 });
    },
  );
});
