import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PagePorts } from '../../src/background/page-ports';
import { OwnStore } from '../../src/background/storage/own-store';
import { systemClock } from '../../src/feeds/net/pacing';
import { AlertChoices } from '../../src/protocol/alert-choices';

/** Alerts in a browser whose own functions never answer. */

const never = () => new Promise<never>(() => {});
const asked: string[] = [];
const silent = (name: string) => () => {
  asked.push(name);
  return never();
};
const event = { addListener: () => undefined };
vi.stubGlobal('chrome', { runtime: { id: 'test' }, i18n: { getMessage: (key: string) => key } });
vi.stubGlobal('browser', {
  runtime: { id: 'test', getURL: (path: string) => `chrome-extension://test/${path}` },
  i18n: { getMessage: (key: string) => key },
  alarms: { onAlarm: event, get: silent('get'), create: silent('create'), clear: silent('clear') },
  notifications: { onClicked: event, create: silent('notify') },
});
const sent: string[] = [];
vi.stubGlobal('fetch', async (url: string) => {
  sent.push(url);
  return new Response('');
});
const { alertService } = await import('../../src/background/alert-service');

const begin = () =>
  alertService(new OwnStore(systemClock), { glance: async () => undefined } as unknown as PagePorts);
const choices = AlertChoices.parse({
  pinned: ['BTC-USDT'],
  webhook: { url: 'https://hooks.example/mine', format: 'json' },
});

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  asked.length = sent.length = 0;
});
afterEach(() => vi.useRealTimers());

/** Runs timers of the browser's patience until the work is done. */
async function patiently<T>(work: Promise<T>): Promise<T> {
  let isDone = false;
  const watched = work.finally(() => {
    isDone = true;
  });
  while (!isDone) await vi.advanceTimersByTimeAsync(1000);
  return watched;
}

it('keeps what was chosen where alarms never answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const alerts = begin();
  expect(await patiently(alerts.saveAlertChoices({ type: 'saveAlertChoices', choices }))).toEqual({
    problem: '',
  });
  expect(asked).toEqual(['get']);
  expect((await alerts.alertChoices({ type: 'alertChoices' })).pinned).toEqual(['BTC-USDT']);
});

it('sends an alert to the user’s address where notifications never answer, and says which of the two did not come', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const alerts = begin();
  await patiently(alerts.saveAlertChoices({ type: 'saveAlertChoices', choices }));
  const { problem } = await patiently(alerts.testAlert({ type: 'testAlert' }));
  expect(asked).toContain('notify');
  expect(sent).toEqual(['https://hooks.example/mine']);
  expect(problem).toBe('worker_notShown');
});
