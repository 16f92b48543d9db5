import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import report from '../../docs/accuracy.md?raw';
import { ramps } from '../paint/theme';
import { type Settings, siteSettings, type VenueId } from '../protocol/settings';
import type { FeedHealth } from '../protocol/view';
import { Age } from '../ui/age';
import { age, percent, usd } from '../ui/format';
import { HealthMark } from '../ui/health-mark';
import { Segmented } from '../ui/segmented';
import { keyOf, t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import { type Change, useSettings } from '../ui/use-settings';
import { rankCorrelation } from './accuracy';
import { type Page, readPage } from './page';
import { SiteAccess, SymbolPicker } from './site';
import { venues } from './venues';

const windows = ['12h', '24h', '7d', '30d'] as const;
const modes = ['levels', 'bands', 'profile', 'heatmap'] as const;
const accuracy = rankCorrelation(report);
const palettes = ['viridis', 'classic'] as const;

/** How often the page is asked again, so that ages and states stay true while the popup is open. */
const refreshMs = 1000;

export function App() {
  const { settings, change, failed } = useSettings();
  const { page, now } = usePage();
  if (!settings || !page) return null;
  return (
    <>
      <Header page={page} settings={settings} now={now} change={change} />
      <main>
        <Look settings={settings} change={change} />
        <Venues settings={settings} change={change} health={healthOf(page)} now={now} />
      </main>
      {failed && (
        <p class="problem" role="alert">
          {t('popup_notSaved')}
        </p>
      )}
      <About />
    </>
  );
}

function usePage(): { page: Page | undefined; now: number } {
  const [state, setState] = useState<{ page: Page | undefined; now: number }>({ page: undefined, now: 0 });
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

function healthOf(page: Page): FeedHealth[] {
  return page.kind === 'answered' ? (page.status.tick?.health ?? []) : [];
}

/** The market in front, whether it is drawn, and if not why not. */
function Header(props: { page: Page; settings: Settings; now: number; change: (wanted: Change) => void }) {
  const { page, settings, now, change } = props;
  const status = page.kind === 'answered' ? page.status : undefined;
  const site = page.kind === 'answered' || page.kind === 'silent' ? page.host : undefined;
  const enabled = site === undefined || siteSettings(settings, site).enabled;
  return (
    <header>
      <div class="market">
        <img src="/icons/icon.svg" alt="" width="28" height="28" />
        <div>
          <h1>{status?.symbol ?? t('popup_title')}</h1>
          <p class="state" aria-live="polite">
            {status?.drawing && enabled ? (
              <span class="drawing">{t('popup_drawing')}</span>
            ) : (
              <span>{t('popup_notDrawing')}</span>
            )}
          </p>
        </div>
        {status?.symbol && enabled && <Age at={status.tick?.asOf ?? null} now={now} />}
      </div>
      {!(status?.drawing && enabled) && <p class="why">{why(page, enabled)}</p>}
      {page.kind === 'silent' && enabled && (
        <button type="button" onClick={() => void browser.tabs.reload(page.tabId)}>
          {t('popup_reload')}
        </button>
      )}
      {site !== undefined && (
        <Toggle
          checked={enabled}
          onChange={(on) =>
            change((stored) => ({
              sites: {
                ...stored.sites,
                [site]: { ...siteSettings(stored, site), enabled: on, panel: 'open' },
              },
            }))
          }
        >
          {t('popup_onSite', site)}
        </Toggle>
      )}
      {page.kind === 'answered' && enabled && (
        <SymbolPicker
          key={`${page.host} ${page.status.told}`}
          page={page}
          settings={settings}
          change={change}
        />
      )}
      {'tabId' in page && <SiteAccess page={page} />}
    </header>
  );
}

/** Why nothing is drawn, in words. */
function why(page: Page, enabled: boolean): string {
  if (!enabled) return t('popup_siteOff');
  if (page.kind === 'answered') return page.status.note || t('popup_noSymbol');
  if (page.kind === 'silent') return t('popup_noAnswer');
  if (page.kind === 'insecure') return t('popup_pageInsecure');
  return page.kind === 'foreign' ? t('popup_siteUnknown', page.host) : t('popup_pageUnreadable');
}

function Look(props: { settings: Settings; change: (wanted: Change) => void }) {
  const { settings, change } = props;
  return (
    <section aria-label={t('popup_look')}>
      <Segmented
        label={t('popup_window')}
        options={windows.map((value) => ({
          value,
          label: t(keyOf('window', value)),
          description: t(keyOf('window_last', value)),
        }))}
        value={settings.window}
        onChange={(window) => change({ window })}
      />
      <Segmented
        label={t('popup_mode')}
        options={modes.map((value) => ({ value, label: t(keyOf('mode', value)) }))}
        value={settings.mode}
        onChange={(mode) => change({ mode })}
      />
      <Segmented
        label={t('popup_palette')}
        options={palettes.map((value) => ({
          value,
          label: t(keyOf('palette', value)),
          mark: <Swatch palette={value} />,
        }))}
        value={settings.palette}
        onChange={(palette) => change({ palette })}
      />
      <label class="slider">
        <span>{t('popup_opacity')}</span>
        <input
          type="range"
          min={0.1}
          max={1}
          step={0.05}
          value={settings.opacity}
          aria-valuetext={percent(settings.opacity)}
          onInput={(event) => change({ opacity: event.currentTarget.valueAsNumber })}
        />
        <output>{Math.round(settings.opacity * 100)} %</output>
      </label>
    </section>
  );
}

/** The colours of a palette, from the strongest long band to the strongest short one where they differ. */
function Swatch(props: { palette: (typeof palettes)[number] }) {
  const { long, short } = ramps[props.palette].dark;
  const colors = long === short ? long : [...long.toReversed(), ...short];
  const stops = colors.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ');
  return <i class="swatch" style={{ background: `linear-gradient(90deg, ${stops})` }} />;
}

function Venues(props: {
  settings: Settings;
  change: (wanted: Change) => void;
  health: FeedHealth[];
  now: number;
}) {
  const { settings, change, health, now } = props;
  const [refused, setRefused] = useState<VenueId>();
  const missing = useMissingAccess();
  const on = venues.filter(({ id }) => settings.venues[id]);

  const set = (id: VenueId, value: boolean) =>
    change((stored) => ({ venues: { ...stored.venues, [id]: value } }));

  /**
   * The browser asks only straight from the user's own click, so nothing is awaited before. Its question may close the
   * popup: the choice is stored first, and taken back only by a refusal that is still heard.
   */
  function switchOn(id: VenueId, origins: string[]): void {
    const asked = browser.permissions.request({ origins });
    set(id, true);
    void asked.then((granted) => {
      setRefused(granted ? undefined : id);
      if (!granted) set(id, false);
    });
  }

  return (
    <section aria-labelledby="venues">
      <div class="section-head">
        <h2 id="venues">{t('popup_venues')}</h2>
        <span>{t('popup_venuesOn', String(on.length), String(venues.length))}</span>
      </div>
      <ul class="venues">
        {venues.map(({ id, name, origins }) => {
          const enabled = settings.venues[id];
          const last = enabled && on.length === 1;
          const told = health.find(({ venue }) => venue === id);
          const state = !enabled ? 'off' : missing.has(id) ? 'permission' : (told?.state ?? 'unknown');
          const reason =
            refused === id
              ? t('popup_refused', name)
              : last && state !== 'permission'
                ? t('popup_lastVenue')
                : state === told?.state
                  ? told.reason
                  : '';
          return (
            <li key={id}>
              <Toggle
                checked={enabled}
                disabled={last}
                onChange={(wanted) => (wanted ? switchOn(id, origins) : set(id, false))}
              >
                <HealthMark state={state === 'ok' && isPartly(told) ? 'late' : state} />
                <span class="venue-name">{name}</span>
                <span class="venue-state" id={`${id}-state`}>
                  {stateWords(state, told, now)}
                </span>
              </Toggle>
              {reason && <p class="reason">{reason}</p>}
              {told && state === told.state && <Feeds told={told} now={now} />}
              {state === 'permission' && (
                <button type="button" onClick={() => switchOn(id, origins)}>
                  {t('popup_allowVenue', name)}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <Toggle
        checked={settings.observed}
        disabled={!venues.some(({ id, publicPositions }) => publicPositions && settings.venues[id])}
        onChange={(observed) => change({ observed })}
      >
        {t('popup_observed')}
      </Toggle>
      <p class="hint">{t('popup_observedHint')}</p>
    </section>
  );
}

/** Whether a feed is not live that a map needs now: past funding and margin tiers have something to stand in. */
const isPartly = (told: FeedHealth | undefined): boolean =>
  (told?.feeds ?? []).some(({ feed, state }) => state !== 'none' && feed !== 'funding' && feed !== 'tiers');

/** How many feeds do not bring what they should; what a venue does not have is no trouble. */
const troubled = (told: FeedHealth | undefined): number =>
  (told?.feeds ?? []).filter(({ state }) => state !== 'none').length;

/** What is wrong inside a venue, folded away: feeds that are not live, and messages that were left out. */
function Feeds({ told, now }: { told: FeedHealth; now: number }) {
  const { feeds = [], dropped = [] } = told;
  const count = dropped.reduce((sum, each) => sum + each.count, 0);
  const notes = [
    troubled(told) > 0 && t('popup_feedsLate', String(troubled(told))),
    ...feeds.map(({ feed, state }) => state === 'none' && t('popup_feedNone', t(keyOf('feed', feed)))),
    count > 0 && t('popup_dropped', String(count)),
  ].filter((note) => note !== false);
  if (notes.length === 0) return null;
  return (
    <details class="feeds">
      <summary>{notes.join(' · ')}</summary>
      <ul>
        {feeds.map(({ feed, state, since, reason }) => (
          <li key={feed}>
            <HealthMark state={state === 'none' ? 'off' : state} />
            <span>
              {state === 'none'
                ? reason
                : t(
                    'popup_feed',
                    t(keyOf('feed', feed)),
                    t('health_since', t(keyOf('health', state)), age(now - since)),
                    reason,
                  )}
            </span>
          </li>
        ))}
        {dropped.map(({ reason, count: times }) => (
          <li key={reason}>
            <span>{t('popup_droppedWhy', String(times), reason)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** State, since when, and how good the venue's part of the map is. */
function stateWords(
  state: FeedHealth['state'] | 'unknown',
  told: FeedHealth | undefined,
  now: number,
): string {
  const words = t(keyOf('health', state));
  if (state !== told?.state) return words;
  if (state !== 'ok') return t('health_since', words, age(now - told.since));
  const quality = t(keyOf('quality', told.quality));
  return told.openInterestUsd === undefined
    ? quality
    : t('popup_openInterest', quality, usd(told.openInterestUsd));
}

/** Venues whose hosts the browser does not let us read. */
function useMissingAccess(): ReadonlySet<VenueId> {
  const [missing, setMissing] = useState<ReadonlySet<VenueId>>(new Set());
  useEffect(() => {
    const check = async () => {
      const allowed = await Promise.all(
        venues.map(({ origins }) => browser.permissions.contains({ origins })),
      );
      setMissing(new Set(venues.filter((_, i) => !allowed[i]).map(({ id }) => id)));
    };
    const recheck = () => void check();
    recheck();
    browser.permissions.onAdded.addListener(recheck);
    browser.permissions.onRemoved.addListener(recheck);
    return () => {
      browser.permissions.onAdded.removeListener(recheck);
      browser.permissions.onRemoved.removeListener(recheck);
    };
  }, []);
  return missing;
}

/** What is estimated, from what, and how well it did. */
function About() {
  const home = browser.runtime.getManifest().homepage_url;
  return (
    <details class="about">
      <summary>{t('popup_about', accuracy.low, accuracy.high)}</summary>
      <p>{t('popup_aboutWhat')}</p>
      <p>
        {t('popup_aboutHow')}{' '}
        {home && (
          <a href={`${home}#accuracy`} target="_blank" rel="noreferrer">
            {t('popup_accuracy')}
          </a>
        )}
      </p>
    </details>
  );
}
