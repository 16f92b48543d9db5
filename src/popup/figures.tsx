import type { Side } from '../engine/records';
import { shownLevels } from '../paint/levels';
import type { Settings } from '../protocol/settings';
import type { MapView, Tick } from '../protocol/view';
import { Balance } from '../ui/balance';
import { distance, percent, price, ratio, usd, usdRange } from '../ui/format';
import { fragility } from '../ui/fragility';
import { t } from '../ui/text';

/** Price, the nearest level of each side, and how the map leans. */
export function EstimateFigures(props: {
  view: MapView | undefined;
  tick: Tick | undefined;
  settings: Settings;
}) {
  const { view, tick, settings } = props;
  if (!view)
    return (
      <section class="figures" aria-label={t('popup_figures')} aria-busy="true">
        <span class="skeleton" style={{ width: '50%', height: '24px' }} />
        <span class="skeleton" />
        <span class="skeleton" />
      </section>
    );
  const now = tick?.price ?? view.price;
  const levels = shownLevels(view, settings);
  const { within5, longUsd5, shortUsd5 } = view.ratio;
  const change = tick?.context?.change24h;
  return (
    <section class="figures" aria-label={t('popup_figures')}>
      <p class="price">
        <b class="big number">{price(now)}</b>
        {change != null && (
          <span class="muted number">
            {change > 0 ? '+' : ''}
            {percent(change, 2)} {t('popup_in24h')}
          </span>
        )}
        <span class="label">{t('popup_forcedEstimate')}</span>
      </p>
      {(['short', 'long'] as const).map((side) => (
        <Nearest key={side} side={side} level={levels.find((each) => each.side === side)} now={now} />
      ))}
      <Balance long={longUsd5} short={shortUsd5} />
      <p class="leaning label">
        <span class="long">{t('popup_below', usd(longUsd5))}</span>
        <span class="short">{t('popup_above', usd(shortUsd5))}</span>
        <span>{t('popup_leaning', ratio(within5), fragility(within5).text.toLowerCase())}</span>
      </p>
    </section>
  );
}

function Nearest(props: {
  side: Side;
  level: ReturnType<typeof shownLevels>[number] | undefined;
  now: number;
}) {
  const { side, level, now } = props;
  return (
    <p class="nearest number">
      <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
      {level ? (
        <>
          <b>{price(level.edge)}</b>
          <span>{distance(level.edge / now - 1)}</span>
          <span class="muted">≈ {usdRange(level.forced.p10, level.forced.p90)}</span>
        </>
      ) : (
        <span class="muted">{t('popup_noLevel')}</span>
      )}
    </p>
  );
}
