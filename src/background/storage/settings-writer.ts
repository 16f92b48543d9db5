import { readStored, storageTurn, writeStored } from '../../protocol/browser-storage';
import {
  changed,
  readSettings,
  type Settings,
  type SettingsChange,
  settingsKey,
} from '../../protocol/settings';

/** Whether the browser told, or kept, what the user chose when it was last asked to. */
export const choices = { areHeld: true };

let pending: Promise<unknown> = Promise.resolve();
/** What is stored, as far as anybody was told. */
let told: unknown;

/**
 * Stores a change of the settings, or what is to be changed in view of them, after those that were asked for before it and on what they left. The worker is the
 * only writer: a page's content script shares no lock with the extension, since their origins differ. Rejects where the browser does not store it in time; it
 * is not stored later either.
 */
export function changeSettings(
  change: SettingsChange | ((settings: Settings) => SettingsChange | undefined),
): Promise<void> {
  const stored = storageTurn(pending).then(async () => {
    const before = (await readStored('local', settingsKey))[settingsKey];
    told = before;
    const wanted = typeof change === 'function' ? change(readSettings(before)) : change;
    if (!wanted) return;
    const after = changed(before, wanted);
    await writeStored('local', { [settingsKey]: after }, putBack);
    told = after;
  });
  pending = Promise.allSettled([pending, stored]);
  void stored.then(
    () => {
      choices.areHeld = true;
    },
    () => {
      choices.areHeld = false;
    },
  );
  return stored;
}

/** What was said not to be stored must not stay, nor stand in the place of what was stored since. */
function putBack(): void {
  pending = pending
    .then(() => writeStored('local', { [settingsKey]: told ?? {} }, putBack))
    .catch(() => undefined);
}

/** Keeps content scripts, and so a page that has taken its own process over, away from what is stored. */
export async function closeStorage(): Promise<void> {
  // Firefox does not have it.
  await chrome.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
