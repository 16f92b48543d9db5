import browser from 'webextension-polyfill';
import { readStored } from './browser-storage';
import { fits } from './form';
import { replies } from './messages';
import { sendToWorker } from './send-to-worker';
import { defaultSettings, readSettings, type Settings, type SettingsChange, settingsKey } from './settings';

/** Settings as the worker and the extension's own pages read them. The worker alone writes. */

/** Rejects where the browser does not tell them in time. */
export async function loadSettings(): Promise<Settings> {
  return readSettings((await readStored('local', settingsKey))[settingsKey]);
}

/** A browser that does not tell them is asked again after so long, ms. */
const againMs = 5000;

/**
 * Tells the settings as they are stored, and the whole of them each time they have changed, until the signal aborts. Where the browser
 * does not tell them the defaults stand in, which `isStored` says, until it does.
 */
export function followStoredSettings(
  tell: (settings: Settings, isStored: boolean) => void,
  signal?: AbortSignal,
): void {
  let isKnown = false;
  const hear = (settings: Settings) => {
    isKnown = true;
    tell(settings, true);
  };
  watchSettings(hear, signal);
  const read = async (isFirst = true): Promise<void> => {
    const stored = await loadSettings().catch(() => undefined);
    // What was heard of a change meanwhile is newer.
    if (isKnown || signal?.aborted) return;
    if (stored) return hear(stored);
    if (isFirst) tell(defaultSettings, false);
    setTimeout(read, againMs, false);
  };
  void read();
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

function watchSettings(onChange: (settings: Settings) => void, signal?: AbortSignal): void {
  const listener = (changes: Record<string, browser.Storage.StorageChange>) => {
    if (settingsKey in changes) onChange(readSettings(changes[settingsKey]?.newValue));
  };
  browser.storage.local.onChanged.addListener(listener);
  signal?.addEventListener('abort', () => browser.storage.local.onChanged.removeListener(listener), {
    once: true,
  });
}
