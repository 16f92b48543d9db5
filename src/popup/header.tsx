import browser from 'webextension-polyfill';
import { type Settings, type SettingsChange, siteSettings } from '../protocol/settings';
import { MarketStatus } from '../ui/market-status';
import { t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import type { FrontTab } from './page';
import { SiteAccess, SymbolPicker } from './site';

/** The market in front, whether it is drawn, and if not why not. */
export function Header(props: {
  page: FrontTab;
  settings: Settings;
  now: number;
  change(wanted: SettingsChange): void;
}) {
  const { page, settings, now, change } = props;
  const status = page.kind === 'answered' ? page.status : undefined;
  const site = page.kind === 'answered' || page.kind === 'silent' ? page.host : undefined;
  const isEnabled = site === undefined || siteSettings(settings, site).enabled;
  const isDrawn = status?.drawing === true && isEnabled;
  return (
    <header>
      <div class="market">
        <img src="/icons/icon.svg" alt="" width="24" height="24" />
        <div>
          <h1>
            {status?.symbol ?? t('popup_title')}{' '}
            {site && <span class="muted site">{t('popup_at', site)}</span>}
          </h1>
          <div class="states">
            <p aria-live="polite">
              {isDrawn ? t('popup_drawing') : <span class="warn">{t('popup_notDrawing')}</span>}
            </p>
            {status?.symbol && isEnabled && <MarketStatus tick={status.tick ?? undefined} now={now} />}
          </div>
        </div>
        {site !== undefined && (
          <Toggle
            checked={isEnabled}
            onChange={(on) => change({ sites: { [site]: { enabled: on, panel: 'open' } } })}
          >
            <span class="hidden">{t('popup_onSite', site)}</span>
          </Toggle>
        )}
      </div>
      {!isDrawn && <p class="why">{why(page, isEnabled)}</p>}
      {page.kind === 'silent' && isEnabled && (
        <button type="button" class="button" onClick={() => void browser.tabs.reload(page.tabId)}>
          {t('popup_reload')}
        </button>
      )}
      {page.kind === 'answered' && isEnabled && (
        <details class="other" open={!page.status.symbol}>
          <summary>{t('popup_otherMarket')}</summary>
          <SymbolPicker
            key={`${page.host} ${page.status.told}`}
            page={page}
            settings={settings}
            change={change}
          />
        </details>
      )}
      {'tabId' in page && <SiteAccess page={page} />}
    </header>
  );
}

/** Why nothing is drawn, in words. */
function why(page: FrontTab, enabled: boolean): string {
  if (!enabled) return t('popup_siteOff');
  if (page.kind === 'answered') return page.status.note || t('popup_noSymbol');
  if (page.kind === 'silent') return t('popup_noAnswer');
  if (page.kind === 'insecure') return t('popup_pageInsecure');
  return page.kind === 'foreign' ? t('popup_siteUnknown', page.host) : t('popup_pageUnreadable');
}
