import { useEffect, useState } from 'preact/hooks';
import { clearStored } from '../protocol/browser-storage';
import { askForChange } from '../protocol/settings-store';
import { ask, wordsOf } from '../ui/ask';
import { Facts, Panel } from '../ui/panel';
import { t } from '../ui/text';
import { useAlertChoices } from '../ui/use-alert-choices';
import { useSettings } from '../ui/use-settings';
import { readSettingsFile, settingsFile } from './settings-file';

/** What this browser keeps, how much, and ways to take it along or to be rid of it. */
export function Data() {
  const { settings } = useSettings();
  const { choices, change: changeAlerts } = useAlertChoices();
  const [bytes, setBytes] = useState<number>();
  const [positions, setPositions] = useState<number>();
  const [said, setSaid] = useState('');
  const [isSure, setIsSure] = useState(false);
  const read = async () => {
    setBytes((await navigator.storage.estimate()).usage);
    setPositions(
      await ask('positions', {}).then(
        ({ length }) => length,
        () => undefined,
      ),
    );
  };
  useEffect(() => void read(), [said]);
  if (!settings || !choices) return null;

  const write = () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(
      new Blob([settingsFile(settings, choices)], { type: 'application/json' }),
    );
    link.download = 'liqbands-settings.json';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const imported = readSettingsFile(await file.text());
      const refused = await changeAlerts(imported.alerts);
      if (refused) throw new Error(refused);
      await askForChange(imported.settings);
      setSaid(t('options_imported'));
    } catch (cause) {
      setSaid(t('options_notImported', wordsOf(cause)));
    }
  };
  const wipe = async () => {
    if (!isSure) return setIsSure(true);
    setIsSure(false);
    const problem = await wipeAll();
    setSaid(problem || t('options_wiped'));
  };
  return (
    <Panel title={t('options_data')} note={t('options_dataNote')}>
      <Facts
        rows={[
          [t('options_size'), bytes === undefined ? '–' : `${(bytes / 1e6).toFixed(1)} MB`],
          [t('options_positions'), String(positions ?? '–')],
        ]}
      />
      <p class="line">
        <button type="button" class="button" onClick={write}>
          {t('options_export')}
        </button>
        <label class="button">
          {t('options_import')}
          <input
            type="file"
            class="hidden"
            accept="application/json,.json"
            onChange={(event) => {
              void take(event.currentTarget.files?.[0]);
              event.currentTarget.value = '';
            }}
          />
        </label>
        <button type="button" class="button danger" onClick={() => void wipe()}>
          {t(isSure ? 'options_wipeSure' : 'options_wipe')}
        </button>
      </p>
      <p role="status">{said}</p>
    </Panel>
  );
}

/** Resolves to what was refused, in words. */
async function wipeAll(): Promise<string> {
  try {
    const { problem } = await ask('wipe', {});
    await clearStored();
    return problem;
  } catch (cause) {
    return wordsOf(cause);
  }
}
