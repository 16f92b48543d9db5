import { expect, test } from 'vitest';
import { readSettingsFile, settingsFile } from '../../src/options/settings-file';
import { AlertChoices } from '../../src/protocol/alert-choices';
import { defaultSettings, type Settings } from '../../src/protocol/settings';

const settings: Settings = { ...defaultSettings, window: '7d', opacity: 0.4 };
const alerts: AlertChoices = {
  ...AlertChoices.parse({}),
  pinned: ['ETH-USDT'],
  quiet: { from: 1320, to: 420 },
  webhook: { url: 'https://example.com/secret', format: 'json' },
};

test('what was written is read back, without the addresses that alerts are sent to', () => {
  const text = settingsFile(settings, alerts);
  expect(text).not.toContain('secret');
  const { pinned, kinds, quiet, sound } = alerts;
  expect(readSettingsFile(text)).toEqual({ settings, alerts: { pinned, kinds, quiet, sound } });
});

test.each([
  ['{', 'not JSON'],
  ['{}', 'not a settings file of Liqbands, version 1'],
  ['[]', 'not a settings file'],
  [settingsFile(settings, alerts).replace('"version": 1', '"version": 2'), 'version 1'],
  [settingsFile(settings, alerts).replace('"7d"', '"8d"'), 'settings, window: not a value'],
  [settingsFile(settings, alerts).replace('0.4', '40'), 'settings, opacity: not a value'],
  [settingsFile(settings, alerts).replace('"ETH-USDT"', '"<b>"'), 'alerts, pinned: not a value'],
])('a damaged file is refused whole: %#', (text, why) => {
  expect(() => readSettingsFile(text)).toThrow(why);
});
