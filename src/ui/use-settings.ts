import { useEffect, useRef, useState } from 'preact/hooks';
import {
  changed,
  defaultSettings,
  readSettings,
  type Settings,
  type SettingsChange,
} from '../protocol/settings';
import { askForChange, followStoredSettings, loadSettings } from '../protocol/settings-store';
import { t } from './text';

/**
 * The stored settings, and a way to change them. A change is shown at once and stored at once; one that the browser
 * refuses to store springs back. `problem` says so in words, or that the browser does not tell what is stored and the defaults are shown; it is empty
 * while all is well.
 */
export function useSettings(): {
  settings: Settings | undefined;
  change: (wanted: SettingsChange) => void;
  problem: string;
} {
  const [settings, setSettings] = useState<Settings>();
  const [isStored, setStored] = useState(true);
  const [isRefused, setRefused] = useState(false);
  const latest = useRef(defaultSettings);
  // While own changes are under way, what storage reports is older than what is shown.
  const underWay = useRef(0);

  useEffect(() => {
    const closed = new AbortController();
    followStoredSettings((told, areStored) => {
      latest.current = told;
      setStored(areStored);
      if (underWay.current === 0) setSettings(told);
    }, closed.signal);
    return () => closed.abort();
  }, []);

  function change(wanted: SettingsChange): void {
    setSettings((shown) => shown && readSettings(changed(shown, wanted)));
    underWay.current++;
    void askForChange(wanted)
      .then(() => setRefused(false))
      .catch(() => setRefused(true))
      .then(loadSettings)
      .then((stored) => {
        latest.current = stored;
      })
      // Then what was told last stands.
      .catch(() => undefined)
      .then(() => {
        underWay.current--;
        if (underWay.current === 0) setSettings(latest.current);
      });
  }

  const unstored = isRefused ? t('popup_notSaved') : '';
  return { settings, change, problem: isStored ? unstored : t('worker_choicesWithheld') };
}
