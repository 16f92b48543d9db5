import { recordOf } from '../../protocol/form';
import { settingsChanged } from '../../protocol/messages';
import { readSettings, type Settings, type SettingsChange } from '../../protocol/settings';
import { keepListening } from '../axis/keep-listening';

/** The user's settings in a page: asked of the worker, which tells of the sites this one alone. */

const retryFromMs = 250;
const retryUpToMs = 10_000;

/** Calls back with the settings at once and each time they changed, until the signal aborts. */
export function followSettings(changed: (settings: Settings) => void, signal: AbortSignal): void {
  let latest = 0;
  const ask = async (asked = ++latest, wait = retryFromMs): Promise<void> => {
    let stored: unknown;
    try {
      stored = await chrome.runtime.sendMessage({ type: 'pageSettings' });
    } catch {
      // The worker is being replaced, or the extension is gone.
    }
    if (signal.aborted || asked !== latest) return;
    if (stored) changed(readSettings(stored));
    else setTimeout(ask, wait, asked, Math.min(2 * wait, retryUpToMs));
  };
  const listener = (message: unknown) => {
    if (recordOf(message).type === settingsChanged) void ask();
  };
  chrome.runtime.onMessage.addListener(listener);
  signal.addEventListener('abort', () => {
    try {
      chrome.runtime.onMessage.removeListener(listener);
    } catch {
      // The extension is gone, and the listener with it.
    }
  });
  // What changed while a page was kept for the back button was not told to it.
  const shown = ({ isTrusted, persisted }: PageTransitionEvent) => isTrusted && persisted && void ask();
  keepListening(() => window.addEventListener('pageshow', shown, { signal }), signal);
  void ask();
}

/** Has the worker store a change; the result comes back as everybody else's changes do. */
export function requestSettingsChange(change: SettingsChange): void {
  chrome.runtime.sendMessage({ type: 'changeSettings', change }).catch(() => {});
}
