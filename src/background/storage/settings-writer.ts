import browser from 'webextension-polyfill';
import { recordOf } from '../../protocol/form';
import {
  changed,
  readSettings,
  type Settings,
  type SettingsChange,
  settingsKey,
} from '../../protocol/settings';

let pending: Promise<unknown> = Promise.resolve();

/**
 * Stores a change of the settings, or what is to be changed in view of them, after those that were asked for before it and on what they left. The worker is the
 * only writer: a page's content script shares no lock with the extension, since their origins differ.
 */
export function changeSettings(
  change: SettingsChange | ((settings: Settings) => SettingsChange | undefined),
): Promise<void> {
  const stored = pending.then(async () => {
    const before = recordOf(await browser.storage.local.get(settingsKey))[settingsKey];
    const wanted = typeof change === 'function' ? change(readSettings(before)) : change;
    if (wanted) await browser.storage.local.set({ [settingsKey]: changed(before, wanted) });
  });
  pending = stored.catch(() => undefined);
  return stored;
}

/** Keeps content scripts, and so a page that has taken its own process over, away from what is stored. */
export async function closeStorage(): Promise<void> {
  // Firefox does not have it.
  await chrome.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
