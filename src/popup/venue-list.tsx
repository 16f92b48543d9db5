import { useEffect, useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { Settings, SettingsChange, VenueId } from '../protocol/settings';
import type { FeedHealth } from '../protocol/view';
import { ask } from '../ui/ask';
import { age, usd } from '../ui/format';
import { Dot } from '../ui/status';
import { keyOf, t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import { popupVenues } from './venues';

/** Each venue with its switch, its state in words, what is wrong inside it, and a way to ask it again. */
export function Venues(props: {
  settings: Settings;
  change: (wanted: SettingsChange) => void;
  health: FeedHealth[];
  now: number;
}) {
  const { settings, change, health, now } = props;
  const [refused, setRefused] = useState<VenueId>();
  const missing = useMissingAccess();
  const on = popupVenues.filter(({ id }) => settings.venues[id]);

  const set = (id: VenueId, value: boolean) => change({ venues: { [id]: value } });

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

  const [isOpen, setIsOpen] = useState(localStorage.getItem(openKey) === 'true');
  const worst = worstOf(on.map(({ id }) => (missing.has(id) ? 'permission' : stateOf(id, health))));
  return (
    <details
      class="section"
      aria-labelledby="venues"
      open={isOpen}
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open);
        localStorage.setItem(openKey, String(event.currentTarget.open));
      }}
    >
      <summary class="section-head">
        <h2 id="venues">{t('popup_venues')}</h2>
        <span class="status">
          <Dot state={worst} />
          {worst === 'permission'
            ? t(keyOf('health', worst))
            : t('popup_venuesOn', String(on.length), String(popupVenues.length))}
        </span>
      </summary>
      <ul class="venues">
        {popupVenues.map((venue) => (
          <VenueRow
            key={venue.id}
            venue={venue}
            enabled={settings.venues[venue.id]}
            last={settings.venues[venue.id] && on.length === 1}
            allowed={!missing.has(venue.id)}
            refused={refused === venue.id}
            told={health.find((each) => each.venue === venue.id)}
            now={now}
            change={(wanted) => (wanted ? switchOn(venue.id, venue.origins) : set(venue.id, false))}
          />
        ))}
      </ul>
      <Toggle
        checked={settings.observed}
        disabled={!popupVenues.some(({ id, publicPositions }) => publicPositions && settings.venues[id])}
        onChange={(observed) => change({ observed })}
      >
        {t('popup_observed')}
      </Toggle>
      <p class="hint">{t('popup_observedHint')}</p>
      {settings.observed && <LargestAccounts />}
    </details>
  );
}

/** Where this machine remembers whether the list is unfolded. */
const openKey = 'popupVenuesOpen';

type State = FeedHealth['state'] | 'unknown';

const stateOf = (id: VenueId, health: readonly FeedHealth[]): State =>
  health.find(({ venue }) => venue === id)?.state ?? 'unknown';

/** What stands beside the folded list: that a venue cannot be had before that one is late, that all are well last. */
const byHarm: readonly State[] = [
  'permission',
  'blocked',
  'down',
  'limited',
  'odd',
  'late',
  'starting',
  'ok',
];

const worstOf = (states: readonly State[]): State =>
  byHarm.find((state) => states.includes(state)) ?? 'unknown';

/** Asks for the hosts that tell which accounts are the largest, where they may not be read yet. */
function LargestAccounts() {
  const [isLacking, setLacking] = useState(false);
  const origins = popupVenues.flatMap(({ accountsHost }) =>
    accountsHost ? `https://${accountsHost}/*` : [],
  );
  const look = () =>
    browser.permissions.contains({ origins }).then(
      (has) => setLacking(!has),
      () => setLacking(false),
    );
  useEffect(() => void look(), []);
  if (!isLacking) return null;
  return (
    <button
      type="button"
      class="button"
      onClick={() => void browser.permissions.request({ origins }).then(look, look)}
    >
      {t('popup_largestAccounts')}
    </button>
  );
}

/** A venue: its switch, its state and what can be done about it. */
function VenueRow(props: {
  venue: (typeof popupVenues)[number];
  enabled: boolean;
  /** The only venue that is on: it stays on. */
  last: boolean;
  /** Whether the browser lets us read its hosts. */
  allowed: boolean;
  /** Whether the user has just said no to the browser's question. */
  refused: boolean;
  told: FeedHealth | undefined;
  now: number;
  change(enabled: boolean): void;
}) {
  const { venue, enabled, last, allowed, refused, told, now, change } = props;
  const { id, name } = venue;
  const state = !enabled ? 'off' : !allowed ? 'permission' : (told?.state ?? 'unknown');
  const reason = refused
    ? t('popup_refused', name)
    : last && state !== 'permission'
      ? t('popup_lastVenue')
      : state === told?.state
        ? told.reason
        : '';
  return (
    <li>
      <Toggle checked={enabled} disabled={last} onChange={change}>
        <Dot state={state === 'ok' && isPartly(told) ? 'late' : state} />
        <span class="venue-name">{name}</span>
        <span class="venue-state" id={`${id}-state`}>
          {stateWords(state, told, now)}
        </span>
      </Toggle>
      {reason && <p class="reason">{reason}</p>}
      {told && state === told.state && <Feeds told={told} now={now} />}
      {(state === 'blocked' || state === 'limited' || state === 'down') && (
        <button type="button" class="button" onClick={() => void ask('retryVenue', { venue: id })}>
          {t('popup_retry', name)}
        </button>
      )}
      {told && state === told.state && (told.standIns ?? []).length > 0 && (
        <button
          type="button"
          class="button"
          onClick={() =>
            void browser.permissions.request({
              origins: told.standIns!.map((host) => `https://${host}/*`),
            })
          }
        >
          {t('popup_standIns', name)}
        </button>
      )}
      {state === 'permission' && (
        <button type="button" class="button" onClick={() => change(true)}>
          {t('popup_allowVenue', name)}
        </button>
      )}
    </li>
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
            <Dot state={state === 'none' ? 'off' : state} />
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
  // Access lacks until the user gives it, however long ago the worker met that.
  if (state !== told?.state || state === 'permission') return words;
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
        popupVenues.map(({ origins }) => browser.permissions.contains({ origins })),
      );
      setMissing(new Set(popupVenues.filter((_, i) => !allowed[i]).map(({ id }) => id)));
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
