import browser, { type Runtime } from 'webextension-polyfill';
import { recordOf } from '../protocol/form';
import { settingsChanged } from '../protocol/messages';
import { defaultSettings, problemOf, type Settings, type SettingsChange } from '../protocol/settings';
import { followStoredSettings, loadSettings } from '../protocol/settings-store';
import { outcome } from './own-pages';
import { changeSettings, choices } from './storage/settings-writer';

/** The settings as they were told last, or stand in. */
let known = defaultSettings;

/**
 * The settings that the worker begins with; later ones are applied, and every page is told. It begins with the defaults where the browser does not tell
 * them in time, and goes over to what is stored once it does.
 */
export function beginWithSettings(apply: (settings: Settings) => void): Promise<Settings> {
  return new Promise((resolve) => {
    let hasBegun = false;
    followStoredSettings((settings, isStored) => {
      known = settings;
      choices.areHeld = isStored;
      if (hasBegun) {
        apply(settings);
        void tellPages();
      }
      hasBegun = true;
      resolve(settings);
    });
  });
}

async function settingsNow(): Promise<Settings> {
  try {
    const settings = await loadSettings();
    choices.areHeld = true;
    return settings;
  } catch {
    // A broken profile may refuse to read; pages are drawn on all the same.
    choices.areHeld = false;
    return known;
  }
}

/**
 * Settings for whoever may ask: content scripts are told, and may change, of the sites their own alone.
 *
 * @returns for `runtime.onMessage`: undefined where the message is somebody else's to answer
 */
export function answerSettings(
  message: unknown,
  sender: Runtime.MessageSender,
): Promise<unknown> | undefined {
  if (sender.id !== browser.runtime.id) return undefined;
  const { type, change } = recordOf(message);
  if (type === 'pageSettings') return settingsNow().then((settings) => ofSite(settings, hostOf(sender)));
  if (type !== 'changeSettings') return undefined;
  const isOwn = sender.url?.startsWith(browser.runtime.getURL(''));
  const strange = problemOf(change) ?? (isOwn ? undefined : beyond(recordOf(change), hostOf(sender)));
  if (strange !== undefined) return Promise.resolve({ problem: `${strange} cannot be changed so` });
  return outcome(changeSettings(change as SettingsChange));
}

/** Has every page ask for the settings anew. Which frame belongs to which site only its own question tells. */
export async function tellPages(): Promise<void> {
  for (const { id } of await browser.tabs.query({})) {
    // Tabs without our scripts have nobody to hear it.
    if (id !== undefined) browser.tabs.sendMessage(id, { type: settingsChanged }).catch(() => undefined);
  }
}

function ofSite(settings: Settings, host: string | undefined): Settings {
  const site = host !== undefined && Object.hasOwn(settings.sites, host) ? settings.sites[host] : undefined;
  return { ...settings, sites: site ? { [host!]: site } : {} };
}

/** What of a change is not a page's to choose. */
function beyond(change: Record<string, unknown>, host: string | undefined): string | undefined {
  return (
    Object.keys(change).find((key) => key !== 'sites') ??
    Object.keys(recordOf(change.sites)).find((site) => site !== host)
  );
}

/** The host a frame belongs to: frames without an address of their own belong to the page that made them. */
function hostOf(sender: Runtime.MessageSender): string | undefined {
  const { origin } = sender as { origin?: string };
  const address = [sender.url, origin, sender.tab?.url].find((each) => each?.startsWith('https:'));
  return address && new URL(address).hostname;
}
