import { shownLevels } from '../paint/levels';
import type { Shown } from '../paint/side-bands';
import type { LevelView, MapView, Tick } from '../protocol/view';
import { age, distance, price, ratio, usdRange } from '../ui/format';
import { Panel } from '../ui/panel';
import { TableHead } from '../ui/table-head';
import { keyOf, t } from '../ui/text';

/** From this depth ratio on a level is marked. */
const heavy = 5;

/** Levels as an order book has prices: shorts descending, the last price, longs below. */
export function Levels(props: { view: MapView; tick: Tick | undefined; shown: Shown; now: number }) {
  const { view, tick, shown, now } = props;
  const levels = shownLevels(view, shown);
  const last = tick?.price ?? view.price;
  const shorts = levels.filter(({ side }) => side === 'short').sort((a, b) => b.edge - a.edge);
  const longs = levels.filter(({ side }) => side === 'long').sort((a, b) => b.edge - a.edge);
  const row = (level: LevelView) => (
    <LevelRow key={`${level.side} ${level.edge}`} {...{ level, view, last, now }} />
  );
  return (
    <Panel
      title={t('desk_levels')}
      note={t('map_estimateNote')}
      aside={<span class="label">{t(keyOf('window_last', view.window))}</span>}
      class="levels"
    >
      <table class="table">
        <TableHead
          columns={[
            t('desk_side'),
            t('desk_edge'),
            t('desk_distance'),
            t('desk_forced'),
            { name: t('desk_typical'), class: 'typical' },
            { name: t('desk_why'), class: 'left why' },
            { name: t('desk_age'), class: 'aged' },
            t('desk_depth'),
          ]}
        />
        <tbody>
          {shorts.map(row)}
          {shorts.length === 0 && <NoLevel side="short" />}
          <tr class="last">
            <th class="left" scope="row" colSpan={3}>
              {t('desk_last')} <b>{price(last)}</b>
            </th>
            <td colSpan={5}>{t('desk_order')}</td>
          </tr>
          {longs.map(row)}
          {longs.length === 0 && <NoLevel side="long" />}
        </tbody>
      </table>
    </Panel>
  );
}

function NoLevel({ side }: { side: 'long' | 'short' }) {
  return (
    <tr>
      <th class="left" scope="row">
        <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
      </th>
      <td colSpan={7} class="left muted">
        {t('desk_noLevel')}
      </td>
    </tr>
  );
}

function LevelRow(props: { level: LevelView; view: MapView; last: number; now: number }) {
  const { level, view, last } = props;
  const { side, edge, forced, times, ageMs } = level;
  const depth = view.clusters.find(
    (cluster) => cluster.side === side && cluster.low < level.high && cluster.high > level.low,
  )?.depth;
  const typical = times === undefined ? '–' : `${ratio(times)}×`;
  return (
    <>
      <tr class="level">
        <th class="left" scope="row">
          <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
        </th>
        <td>
          <b>{price(edge)}</b>
        </td>
        <td>{distance(edge / last - 1)}</td>
        <td>≈ {usdRange(forced.p10, forced.p90)}</td>
        <td class="typical">{times !== undefined && times >= 1.5 ? <b>{typical}</b> : typical}</td>
        <td class="left why">{whyOf(level)}</td>
        <td class="aged">{age(ageMs)}</td>
        <td>
          {depth === undefined ? (
            '–'
          ) : (
            <span class={depth.atRisk >= heavy ? 'warn strong' : ''}>
              {depth.atRisk.toFixed(1)}×{depth.extrapolated ? '*' : ''}
            </span>
          )}
        </td>
      </tr>
      {/* Where the table is narrow: what its columns have no room for. */}
      <tr class="below">
        <td class="left muted" colSpan={8}>
          {[whyOf(level), `${t('desk_age')} ${age(ageMs)}`, typical.replace('×', t('desk_typical'))].join(
            ' · ',
          )}
        </td>
      </tr>
    </>
  );
}

/** What makes it a level, in two or three words. */
function whyOf({ kind, extreme, side }: LevelView): string {
  if (kind === 'excess') return t('desk_excess');
  const end = side === 'short' ? 'High' : 'Low';
  return t(extreme ? keyOf('desk_extreme', `${extreme}${end}` as const) : keyOf('desk_swing', end));
}
