import browser from 'webextension-polyfill';
import { defaultSettings, Settings } from './settings';

/** Where the settings live: one object in `storage.local`, so that every context sees a change at once. */
const key = 'settings';

function read(stored: unknown): Settings {
  const parsed = Settings.safeParse(stored ?? {});
  return parsed.success ? parsed.data : defaultSettings;
}

/** The settings as stored; whatever is missing or broken is at its default. */
export async function loadSettings(): Promise<Settings> {
  return read((await browser.storage.local.get(key))[key]);
}

let pending: Promise<unknown> = Promise.resolve();

/**
 * Changes the fields given, keeps the rest and returns the result. A change that depends on the present value is a
 * function. Changes made in one context apply one after the other; rejects when the browser cannot store them.
 *
 * @example
 * await updateSettings({ window: '7d' });
 * await updateSettings(({ venues }) => ({ venues: { ...venues, okx: false } }));
 */
export function updateSettings(
  change: Partial<Settings> | ((settings: Settings) => Partial<Settings>),
): Promise<Settings> {
  const update = pending.then(async () => {
    const settings = await loadSettings();
    const changed = Settings.parse({
      ...settings,
      ...(typeof change === 'function' ? change(settings) : change),
    });
    await browser.storage.local.set({ [key]: changed });
    return changed;
  });
  pending = update.catch(() => undefined);
  return update;
}

/** Calls back with the whole settings each time any context has changed them, until the signal aborts. */
export function watchSettings(onChange: (settings: Settings) => void, signal?: AbortSignal): void {
  const listener = (changes: Record<string, browser.Storage.StorageChange>) => {
    if (key in changes) onChange(read(changes[key]?.newValue));
  };
  browser.storage.local.onChanged.addListener(listener);
  signal?.addEventListener('abort', () => browser.storage.local.onChanged.removeListener(listener), {
    once: true,
  });
}
