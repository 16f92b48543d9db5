import { expect, test } from 'vitest';
import { changeOf } from '../../../src/background/browser/commands';
import { changed, defaultSettings, readSettings } from '../../../src/protocol/settings';

const page = { url: 'https://www.binance.com/en/futures/BTCUSDT' };

test('one key switches the site in front off and on again, and no other', () => {
  const off = changeOf('toggle-site', defaultSettings, page)!;
  expect(off.sites).toMatchObject({ 'www.binance.com': { enabled: false } });
  expect(changeOf('toggle-site', readSettings(changed({}, off)), page)!.sites).toMatchObject({
    'www.binance.com': { enabled: true },
  });
  expect(changeOf('toggle-site', defaultSettings, { url: 'chrome://version' })).toBeUndefined();
  expect(changeOf('toggle-site', defaultSettings, undefined)).toBeUndefined();
});

test('modes and windows go round', () => {
  let mode = defaultSettings.mode;
  const seen = new Set([mode]);
  for (let i = 0; i < 4; i++) {
    mode = changeOf('next-mode', { ...defaultSettings, mode }, page)!.mode!;
    seen.add(mode);
  }
  expect(mode).toBe(defaultSettings.mode);
  expect(seen.size).toBe(4);
  expect(changeOf('next-window', { ...defaultSettings, window: '30d' }, page)).toEqual({ window: '12h' });
});

test('labels go and come back', () => {
  expect(changeOf('toggle-labels', defaultSettings, page)).toEqual({ labels: false });
  expect(changeOf('toggle-labels', { ...defaultSettings, labels: false }, page)).toEqual({ labels: true });
});

test('opacity stays between a tenth and one', () => {
  expect(changeOf('more-opaque', { ...defaultSettings, opacity: 0.95 }, page)).toEqual({ opacity: 1 });
  expect(changeOf('less-opaque', { ...defaultSettings, opacity: 0.15 }, page)).toEqual({ opacity: 0.1 });
  expect(changeOf('less-opaque', { ...defaultSettings, opacity: 0.6 }, page)).toEqual({ opacity: 0.5 });
});

test('a command that nobody knows changes nothing', () => {
  expect(changeOf('_execute_action', defaultSettings, page)).toBeUndefined();
});
