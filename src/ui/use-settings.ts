import { useEffect, useRef, useState } from 'preact/hooks';
import { changed, readSettings, type Settings, type SettingsChange } from '../protocol/settings';
import { askForChange, loadSettings, watchSettings } from '../protocol/settings-store';

/**
 * The stored settings, and a way to change them. A change is shown at once and stored at once; one that the browser
 * refuses to store springs back and sets `failed`.
 */
export function useSettings(): {
  settings: Settings | undefined;
  change: (wanted: SettingsChange) => void;
  failed: boolean;
} {
  const [settings, setSettings] = useState<Settings>();
  const [failed, setFailed] = useState(false);
  // While own changes are under way, what storage reports is older than what is shown.
  const underWay = useRef(0);

  useEffect(() => {
    const closed = new AbortController();
    const show = (stored: Settings) => underWay.current === 0 && setSettings(stored);
    watchSettings(show, closed.signal);
    void loadSettings().then(show);
    return () => closed.abort();
  }, []);

  function change(wanted: SettingsChange): void {
    setSettings((shown) => shown && readSettings(changed(shown, wanted)));
    underWay.current++;
    void askForChange(wanted)
      .then(() => setFailed(false))
      .catch(() => setFailed(true))
      .then(loadSettings)
      .then((stored) => {
        underWay.current--;
        if (underWay.current === 0) setSettings(stored);
      });
  }

  return { settings, change, failed };
}
