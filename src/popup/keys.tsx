import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { t } from '../ui/text';

/** What is pressed most first. */
const order = ['toggle-site', 'next-mode', 'more-opaque', 'less-opaque', 'next-window', 'toggle-labels'];

/** The keys that work on a page, as the browser has them, and the place where it lets them be changed. A phone has none. */
export function Keys() {
  return browser.commands ? <KeyList /> : null;
}

function KeyList() {
  const [commands, setCommands] = useState<{ name: string; what: string; keys: string }[]>([]);
  useEffect(() => {
    void browser.commands.getAll().then((all) =>
      setCommands(
        all
          .map(({ name = '', description = '', shortcut = '' }) => ({
            name,
            what: description,
            keys: shortcut,
          }))
          .filter(({ name }) => !name.startsWith('_'))
          .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)),
      ),
    );
  }, []);
  const unset = commands.filter(({ keys }) => keys === '').map(({ what }) => what);
  return (
    <section class="keys" aria-label={t('popup_keys')}>
      <ul>
        {commands
          .filter(({ keys }) => keys !== '')
          .map(({ name, what, keys }) => (
            <li key={name}>
              <kbd>{inShort(keys)}</kbd> <span class="label">{what}</span>
            </li>
          ))}
        {unset.length > 0 && (
          <li class="label">
            {t('popup_keyUnset')}: {unset.join(', ')}
          </li>
        )}
        {commands.length === 0 && <li class="label">{t('popup_noKeys')}</li>}
      </ul>
      <button type="button" class="text-button" onClick={() => void openShortcuts()}>
        {t('popup_changeKeys')}
      </button>
    </section>
  );
}

/** Arrows as arrows, keys apart by a space. */
const inShort = (keys: string): string =>
  keys
    .replace(/Up( Arrow)?$/, '↑')
    .replace(/Down( Arrow)?$/, '↓')
    .replaceAll('+', ' ');

/** Firefox opens its own page on being asked; Chrome has one at an address. */
async function openShortcuts(): Promise<void> {
  const { commands } = browser as unknown as {
    commands: { openShortcutSettings?: () => Promise<void> };
  };
  if (commands.openShortcutSettings) await commands.openShortcutSettings();
  else await browser.tabs.create({ url: 'chrome://extensions/shortcuts' });
}
