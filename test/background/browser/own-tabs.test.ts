import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runtime } from 'webextension-polyfill';

const own = 'chrome-extension://test/';
const opened: string[] = [];
let tabs: { id: number; url: string }[] = [];
vi.stubGlobal('chrome', { runtime: { id: 'test' } });
vi.stubGlobal('browser', {
  runtime: { id: 'test', getURL: (path: string) => own + path },
  tabs: {
    query: async () => tabs,
    create: async ({ url }: { url: string }) => void opened.push(url),
    update: async (id: number, { url }: { url: string }) => void opened.push(`${id} ${url}`),
  },
});
const { answerOpening } = await import('../../../src/background/browser/own-tabs');

const page = { id: 'test', url: 'https://www.binance.com/en/futures/BTCUSDT' } as Runtime.MessageSender;
const press = (wanted: unknown, symbol: unknown, sender = page) =>
  answerOpening({ type: 'openPage', page: wanted, symbol }, sender);

beforeEach(() => {
  vi.useFakeTimers({ now: Date.now() + 60_000 });
  opened.length = 0;
  tabs = [];
});
afterEach(() => {
  vi.setSystemTime(Date.now() + 60_000);
});

test('a press on the card opens the desk, the position page or that on accuracy with the symbol shown', async () => {
  await press('position', 'ETH-USDT');
  vi.advanceTimersByTime(2000);
  await press('desk', 'ETH-USDT');
  vi.advanceTimersByTime(2000);
  await press('accuracy', 'ETH-USDT');
  expect(opened).toEqual([
    `${own}src/position/index.html?symbol=ETH-USDT`,
    `${own}src/desk/index.html?symbol=ETH-USDT`,
    `${own}src/accuracy/index.html?symbol=ETH-USDT`,
  ]);
});

test('a desk that is open is brought to the front', async () => {
  tabs = [{ id: 7, url: `${own}src/desk/index.html` }];
  await press('desk', 'BTC-USDT');
  expect(opened).toEqual([`7 ${own}src/desk/index.html?symbol=BTC-USDT`]);
});

test('what a page may make up opens nothing: other pages, no symbol, one press after another, another extension', async () => {
  await press('options', 'BTC-USDT');
  await press('desk', 'BTC-USDT&x=1');
  await press('../desk', 'BTC-USDT');
  expect(press('desk', 'BTC-USDT', { ...page, id: 'other' })).toBeUndefined();
  expect(opened).toEqual([]);
  vi.advanceTimersByTime(2000);
  for (let i = 0; i < 5; i++) await press('position', 'BTC-USDT');
  expect(opened).toHaveLength(1);
});
