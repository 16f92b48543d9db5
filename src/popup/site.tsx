import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import { type Settings, type SettingsChange, siteSettings } from '../protocol/settings';
import { t } from '../ui/text';
import { titledSymbol, typedSymbol } from '../venues/symbols';
import { closedFrames, type FrontTab, isAdded, knownSymbols, patternOf } from './page';

type WithTab = Extract<FrontTab, { tabId: number }>;

/** What the browser allows on the site in front and in its frames, and the buttons to change it. */
export function SiteAccess({ page }: { page: WithTab }) {
  const [frames, setFrames] = useState<string[]>([]);
  const [added, setAdded] = useState(false);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    let closed = false;
    const check = async () => {
      const [found, own] = await Promise.all([closedFrames(page.tabId), isAdded(page.host)]);
      if (closed) return;
      setFrames(found.filter((host) => host !== page.host));
      setAdded(own);
    };
    const recheck = () => void check();
    recheck();
    browser.permissions.onAdded.addListener(recheck);
    browser.permissions.onRemoved.addListener(recheck);
    return () => {
      closed = true;
      browser.permissions.onAdded.removeListener(recheck);
      browser.permissions.onRemoved.removeListener(recheck);
    };
  }, [page.tabId, page.host]);

  /** Asked straight from the click, or the browser refuses to ask at all. The worker does the rest once allowed. */
  function allow(host: string): void {
    void browser.permissions
      .request({ origins: [patternOf(host)] })
      .then((granted) => setRefused(!granted))
      .catch(() => setRefused(true));
  }

  return (
    <>
      {page.kind === 'foreign' && (
        <>
          <button type="button" class="button" onClick={() => allow(page.host)}>
            {t('popup_enableSite', page.host)}
          </button>
          <p class="hint">{t('popup_enableHint')}</p>
        </>
      )}
      {frames.map((host) => (
        <button key={host} type="button" class="button" onClick={() => allow(host)}>
          {t('popup_enableFrame', host)}
        </button>
      ))}
      {refused && (
        <p class="hint" role="alert">
          {t('popup_siteRefused')}
        </p>
      )}
      {added && (
        <button
          type="button"
          class="button"
          onClick={() => void browser.permissions.remove({ origins: [patternOf(page.host)] })}
        >
          {t('popup_disableSite', page.host)}
        </button>
      )}
    </>
  );
}

/** The market of the page's charts: where the page does not tell it, or tells it wrong, the user does. */
export function SymbolPicker(props: {
  page: Extract<FrontTab, { kind: 'answered' }>;
  settings: Settings;
  change: (wanted: SettingsChange) => void;
}) {
  const { page, settings, change } = props;
  const { host, tabId, status } = page;
  const [typed, setTyped] = useState(status.symbol ?? '');
  const [bad, setBad] = useState(false);
  const [known, setKnown] = useState<string[]>([]);
  useEffect(() => {
    void knownSymbols().then(setKnown);
    if (status.symbol) return;
    void browser.tabs
      .get(tabId)
      .then(({ title }) => setTyped((now) => now || (titledSymbol(title ?? '') ?? '')))
      .catch(() => undefined);
  }, []);

  const store = (symbol: string | null) =>
    change({ sites: { [host]: { symbol, insteadOf: symbol && status.told } } });

  function submit(event: Event): void {
    event.preventDefault();
    const symbol = typedSymbol(typed);
    setBad(symbol === undefined);
    if (symbol) store(symbol);
  }

  return (
    <form class="symbol" onSubmit={submit}>
      <label>
        <span>{t('popup_symbol')}</span>
        <input
          class="field"
          list="symbols"
          value={typed}
          maxLength={30}
          spellcheck={false}
          autocomplete="off"
          aria-invalid={bad}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <datalist id="symbols">
        {known.map((symbol) => (
          <option key={symbol} value={symbol} />
        ))}
      </datalist>
      <button type="submit" class="button">
        {t('popup_symbolUse')}
      </button>
      {status.told && siteSettings(settings, host).symbol && (
        <button type="button" class="button" onClick={() => store(null)}>
          {t('popup_symbolReset')}
        </button>
      )}
      {bad && <p role="alert">{t('popup_symbolBad')}</p>}
    </form>
  );
}
