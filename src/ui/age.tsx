import { freshnessOf } from '../paint/theme';
import { age } from './format';
import { t } from './text';

/** How old data is: amber after a minute, red after five, in words for those who cannot tell colours. */
export function Age(props: { at: number | null; now: number }) {
  if (props.at === null) return <span class="age stale">{t('map_noData')}</span>;
  const ms = props.now - props.at;
  const state = freshnessOf(ms);
  return (
    <time class={`age ${state}`} dateTime={new Date(props.at).toISOString()}>
      {t(state === 'stale' ? 'map_stale' : 'map_dataAge', age(ms))}
    </time>
  );
}
