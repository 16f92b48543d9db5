import { useState } from 'preact/hooks';
import browser from 'webextension-polyfill';
import type { VenueId } from '../protocol/settings';
import { Panel } from '../ui/panel';
import { t } from '../ui/text';
import { Toggle } from '../ui/toggle';
import { useSettings } from '../ui/use-settings';
import { venues } from '../venues';

/** Which exchanges the estimate is made of. One that is off costs nothing, and one stays on: else there is nothing to draw. */
export function VenueSwitches() {
  const { settings, change, problem } = useSettings();
  const [refused, setRefused] = useState<VenueId>();
  if (!settings) return null;
  const on = venues.filter(({ id }) => settings.venues[id]);
  /** The browser asks only straight from the user's own click, so nothing is awaited before. */
  const choose = (id: VenueId, host: string, wanted: boolean) => {
    if (!wanted) return change({ venues: { [id]: false } });
    void browser.permissions.request({ origins: [`https://${host}/*`] }).then((granted) => {
      setRefused(granted ? undefined : id);
      if (granted) change({ venues: { [id]: true } });
    });
  };
  return (
    <Panel
      title={t('popup_venues')}
      note={t('popup_venuesOn', String(on.length), String(venues.length))}
      class="venue-switches"
    >
      <div class="grid">
        {venues.map(({ id, name, rest }) => (
          <Toggle
            key={id}
            checked={settings.venues[id]}
            disabled={settings.venues[id] && on.length === 1}
            onChange={(wanted) => choose(id, rest, wanted)}
          >
            {name}
            {refused === id && <span class="problem"> {t('health_permission')}</span>}
          </Toggle>
        ))}
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </Panel>
  );
}
