import { useEffect, useRef, useState } from 'preact/hooks';
import type { Settings } from '../protocol/settings';
import { loadSettings, updateSettings, watchSettings } from '../protocol/settings-store';

export type Change = Partial<Settings> | ((settings: Settings) => Partial<Settings>);

/**
 * The stored settings, and a way to change them. A change is shown at once and stored at once; one that the browser
 * refuses to store springs back and sets `failed`.
 */
export function useSettings(): {
  settings: Settings | undefined;
  change: (wanted: Change) => void;
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

  function change(wanted: Change): void {
    setSettings((shown) => shown && { ...shown, ...(typeof wanted === 'function' ? wanted(shown) : wanted) });
    underWay.current++;
    void updateSettings(wanted)
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
