import { freshnessOf } from '../paint/theme';
import type { Tick } from '../protocol/view';
import { age, percent } from './format';
import { Dot } from './status';
import { t } from './text';

/** Beyond this part of open interest all of it is live but for what rounding takes. */
const wholly = 0.995;

/** How much of the market is live, and how old what is shown is: dot, words, age. */
export function MarketStatus({ tick, now }: { tick: Tick | undefined; now: number }) {
  if (!tick) return <span class="status quiet">{t('map_loading')}</span>;
  const followed = tick.health.filter(({ state }) => state !== 'off' && state !== 'unlisted');
  const live = followed.filter(({ state }) => state === 'ok').length;
  const old = tick.asOf === null ? Number.POSITIVE_INFINITY : now - tick.asOf;
  const freshness = freshnessOf(old);
  const state =
    freshness === 'stale' ? 'down' : freshness === 'late' || live < followed.length ? 'late' : 'ok';
  return (
    <span class="status">
      <Dot state={state} />
      {tick.live && tick.live.share < wholly
        ? t('map_liveShare', String(live), String(followed.length), percent(tick.live.share, 0))
        : t('map_venuesLive', String(live), String(followed.length))}
      <span class={`label age ${freshness}`}>{tick.asOf === null ? t('map_noData') : age(old)}</span>
    </span>
  );
}
