import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { t } from '../ui/text';

/** The keys that work on a page, as the browser has them, and the place where it lets them be changed. */
export function Keys() {
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
          .sort((a, b) => Number(b.keys !== '') - Number(a.keys !== '')),
      ),
    );
  }, []);
  return (
    <section class="keys" aria-label={t('popup_keys')}>
      <ul>
        {commands.map(({ name, what, keys }) => (
          <li key={name}>
            <kbd>{keys ? inShort(keys) : t('popup_keyUnset')}</kbd> <span class="label">{what}</span>
          </li>
        ))}
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
