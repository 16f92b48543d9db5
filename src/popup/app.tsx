import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import report from '../../docs/accuracy.md?raw';
import { mostPinned } from '../protocol/alert-choices';
import { siteSettings } from '../protocol/settings';
import { rankCorrelation } from '../ui/accuracy';
import { Icon } from '../ui/icon';
import { ledgerLine } from '../ui/ledger-line';
import { t } from '../ui/text';
import { useAlertChoices } from '../ui/use-alert-choices';
import { useLedger } from '../ui/use-ledger';
import { useMarket } from '../ui/use-market';
import { useSettings } from '../ui/use-settings';
import { EstimateFigures } from './figures';
import { Header } from './header';
import { Keys } from './keys';
import { Look } from './look';
import { type FrontTab, readPage } from './page';
import { Venues } from './venue-list';

const accuracy = rankCorrelation(report);

/** How often the page is asked again, so that ages and states stay true while the popup is open. */
const refreshMs = 1000;

export function App() {
  const { settings, change, problem } = useSettings();
  const { page, now } = usePage();
  const status = page?.kind === 'answered' ? page.status : undefined;
  const symbol = status?.symbol ?? undefined;
  const isOff = page?.kind === 'answered' && settings && !siteSettings(settings, page.host).enabled;
  const { view, tick } = useMarket(
    symbol && settings && !isOff ? { symbol, window: settings.window } : undefined,
  );
  const ledger = useLedger(symbol);
  useEffect(() => {
    if (settings) performance.mark('interactive');
  }, [settings !== undefined]);
  if (!settings) return null;
  const told = tick ?? status?.tick ?? undefined;
  return (
    <>
      {page ? <Header page={page} settings={settings} now={now} change={change} /> : <Asking />}
      {symbol && !isOff && <EstimateFigures view={view} tick={told} settings={settings} />}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <main>
        <Look
          settings={settings}
          view={view}
          site={page?.kind === 'answered' ? page.host : undefined}
          change={change}
        />
        <Doors symbol={symbol} tabId={page && 'tabId' in page ? page.tabId : undefined} />
        <Venues settings={settings} change={change} health={told?.health ?? []} now={now} />
        <Keys />
      </main>
      <footer>
        <p>{ledger?.isEnough ? ledgerLine(ledger) : t('popup_about', accuracy.low, accuracy.high)}</p>
        {ledger && !ledger.isEnough && <p class="quiet">{ledgerLine(ledger)}</p>}
        <p>
          <span class="quiet">{t('popup_noPromise')}</span>{' '}
          <a href="/src/accuracy/index.html" target="_blank" rel="noreferrer">
            {t('popup_accuracy')}
          </a>
        </p>
      </footer>
    </>
  );
}

/** While the page in front is asked: choices can be made meanwhile. */
function Asking() {
  return (
    <header aria-busy="true">
      <div class="market">
        <img src="/icons/icon.svg" alt="" width="24" height="24" />
        <div>
          <h1>{t('popup_title')}</h1>
          <span class="skeleton" />
        </div>
      </div>
    </header>
  );
}

function usePage(): { page: FrontTab | undefined; now: number } {
  const [state, setState] = useState<{ page: FrontTab | undefined; now: number }>({
    page: undefined,
    now: 0,
  });
  useEffect(() => {
    let closed = false;
    const read = async () => {
      const page = await readPage();
      if (!closed) setState({ page, now: Date.now() });
    };
    void read();
    const timer = setInterval(() => void read(), refreshMs);
    return () => {
      closed = true;
      clearInterval(timer);
    };
  }, []);
  return state;
}

/** Ways on from here. */
function Doors({ symbol, tabId }: { symbol: string | undefined; tabId: number | undefined }) {
  const { choices, change, problem } = useAlertChoices();
  const query = symbol ? `?symbol=${encodeURIComponent(symbol)}` : '';
  const open = (page: string) => {
    void browser.tabs.create({ url: browser.runtime.getURL(`src/${page}/index.html${query}`) });
  };
  const isPinned = symbol !== undefined && choices?.pinned.includes(symbol) === true;
  const pin = () => {
    if (!symbol || !choices) return;
    const others = choices.pinned.filter((each) => each !== symbol);
    void change({ pinned: isPinned ? others : [...others, symbol].slice(-mostPinned) });
  };
  return (
    <section aria-label={t('popup_doors')}>
      <div class="doors">
        <button
          type="button"
          class={`button ${isPinned ? 'on' : ''}`}
          aria-pressed={isPinned}
          disabled={!symbol || !choices}
          onClick={pin}
        >
          <Icon name="pin" />
          {t(isPinned ? 'popup_pinned' : 'popup_pin')}
        </button>
        <button type="button" class="button" onClick={() => open('options')}>
          <Icon name="bell" />
          {t('popup_alerts', String(choices?.kinds.length ?? '–'))}
        </button>
        <button type="button" class="button" onClick={() => open('position')}>
          <Icon name="chart" />
          {t('popup_position')}
        </button>
        <button type="button" class="button main" onClick={() => open('desk')}>
          <Icon name="desk" />
          {t('popup_desk')}
        </button>
      </div>
      {tabId !== undefined && hasBeside() && (
        <button
          type="button"
          class="text-button"
          onClick={() => openBeside(tabId, `src/desk/index.html${query}`)}
        >
          {t('popup_sidePanel')}
        </button>
      )}
      {isPinned && <p class="hint">{t('popup_pinnedHint')}</p>}
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}

/** Whether the browser shows anything beside a page: on a phone there is no room. */
const hasBeside = (): boolean => Boolean(browser.sidebarAction) || 'sidePanel' in chrome;

/** Both browsers open it only while the click is being handled: nothing may be waited for first. */
function openBeside(tabId: number, path: string): void {
  if (browser.sidebarAction) {
    void browser.sidebarAction.setPanel({ tabId, panel: browser.runtime.getURL(path) });
    void browser.sidebarAction.open();
  } else {
    // By name, or Firefox's reviewers are told of an interface that it has not.
    const { sidePanel } = chrome;
    void sidePanel.setOptions({ tabId, path, enabled: true });
    void sidePanel.open({ tabId });
  }
  close();
}
