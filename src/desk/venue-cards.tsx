import type { Settings, SettingsChange } from '../protocol/settings';
import type { FeedHealth } from '../protocol/view';
import { usd } from '../ui/format';
import { Panel } from '../ui/panel';
import { Dot } from '../ui/status';
import { keyOf, t } from '../ui/text';

/** Each venue: how much of the open interest it is, how good and how old. */
export function VenueCards(props: {
  health: readonly FeedHealth[];
  total: number | undefined;
  settings: Settings;
  change(wanted: SettingsChange): void;
}) {
  const { health, total, settings, change } = props;
  const on = Object.values(settings.venues).filter(Boolean).length;
  return (
    <Panel
      title={t('desk_venues')}
      note={total === undefined ? '' : t('desk_openInterest', usd(total))}
      class="venues"
    >
      <ul class="cards">
        {health.map((each) => (
          <li key={each.venue} title={each.reason}>
            <label class="status">
              <Dot state={each.state} />
              {each.name ?? each.venue}
              <input
                type="checkbox"
                checked={settings.venues[each.venue]}
                // With none there would be nothing to draw.
                disabled={on === 1 && settings.venues[each.venue]}
                onChange={() => change({ venues: { [each.venue]: !settings.venues[each.venue] } })}
              />
            </label>
            <span class="number">{usd(each.openInterestUsd)}</span>
            <span class="label">
              {each.state === 'ok' ? t(keyOf('quality', each.quality)) : t(keyOf('health', each.state))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
