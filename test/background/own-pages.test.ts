import { expect, it, vi } from 'vitest';
import type { Runtime } from 'webextension-polyfill';

const own = 'chrome-extension://test/';
vi.stubGlobal('chrome', { runtime: { id: 'test' }, i18n: { getMessage: (key: string) => `«${key}»` } });
vi.stubGlobal('browser', { runtime: { id: 'test', getURL: (path: string) => own + path } });
const { answerOwnPages, outcome } = await import('../../src/background/own-pages');
const { StorageSilent } = await import('../../src/protocol/browser-storage');
const { StoreError } = await import('../../src/background/storage/patience');
type Answers = Parameters<typeof answerOwnPages>[0];

const page = { id: 'test', url: `${own}src/options/index.html` } as Runtime.MessageSender;
const answers = { positions: async () => [], removePosition: async () => ({ problem: '' }) };
const answer = answerOwnPages(answers as unknown as Answers);

it('answers what a page of our own asks', async () => {
  expect(await answer({ type: 'positions' }, page)).toEqual([]);
});

it.each<[string, Partial<Runtime.MessageSender>]>([
  ['a content script', { id: 'test', url: 'https://www.binance.com/en/futures/BTCUSDT' }],
  ['a content script of a page whose address names ours', { id: 'test', url: `https://a.example/${own}` }],
  ['a frame without an address', { id: 'test' }],
  ['another extension', { id: 'other', url: 'chrome-extension://other/index.html' }],
  ['another extension that says it is one of our pages', { id: 'other', url: page.url! }],
])('does not even look at what %s asks', (_, sender) => {
  expect(answer({ type: 'positions' }, sender as Runtime.MessageSender)).toBeUndefined();
});

it('refuses a question that is not as agreed, and leaves others to others', async () => {
  await expect(answer({ type: 'removePosition', id: 7 }, page)).rejects.toThrow('removePosition');
  for (const message of [{ type: 'toString' }, { type: 5 }, 'positions', null])
    expect(answer(message, page)).toBeUndefined();
});

it('says in the user’s language what a database did not do', async () => {
  const silent = new StoreError('the database does not answer', { kind: 'silent' });
  expect(await outcome(Promise.reject(silent))).toEqual({ problem: '«worker_storeSilent»' });
  expect(await outcome(Promise.reject(new Error('no room')))).toEqual({ problem: 'no room' });
  expect(await outcome(Promise.reject(new StorageSilent()))).toEqual({ problem: '«worker_choicesWithheld»' });
  expect(await outcome(Promise.resolve())).toEqual({ problem: '' });
  const ownSilent = new StoreError('the database does not answer', { kind: 'silent', isOwn: true });
  const unread = { positions: () => Promise.reject(ownSilent) } as unknown as Answers;
  await expect(answerOwnPages(unread)({ type: 'positions' }, page)).rejects.toThrow('«worker_ownSilent»');
});
