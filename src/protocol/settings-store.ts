import browser from 'webextension-polyfill';
import { fits, recordOf } from './form';
import { replies } from './messages';
import { sendToWorker } from './send-to-worker';
import { readSettings, type Settings, type SettingsChange, settingsKey } from './settings';

/** Settings as the worker and the extension's own pages read them. The worker alone writes. */

export async function loadSettings(): Promise<Settings> {
  return readSettings(recordOf(await browser.storage.local.get(settingsKey))[settingsKey]);
}

/**
 * Has the worker store a change; rejects where it could not.
 *
 * @example
 * await askForChange({ window: '7d', venues: { [id]: false } });
 */
export async function askForChange(change: SettingsChange): Promise<void> {
  const answer = await sendToWorker({ type: 'changeSettings', change });
  if (!fits(replies.changeSettings, answer)) throw new Error('the worker did not answer');
  if (answer.problem) throw new Error(answer.problem);
}

/** Calls back with the whole settings each time they have changed, until the signal aborts. */
export function watchSettings(onChange: (settings: Settings) => void, signal?: AbortSignal): void {
  const listener = (changes: Record<string, browser.Storage.StorageChange>) => {
    if (settingsKey in changes) onChange(readSettings(changes[settingsKey]?.newValue));
  };
  browser.storage.local.onChanged.addListener(listener);
  signal?.addEventListener('abort', () => browser.storage.local.onChanged.removeListener(listener), {
    once: true,
  });
}
