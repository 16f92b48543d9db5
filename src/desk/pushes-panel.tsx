import { type CascadeRow, type CascadeWalk, cascadeTable, walkCascade } from '../engine/flow/cascade';
import { clustersAt } from '../engine/map/clusters';
import { bandMap } from '../protocol/band-map';
import type { DepthView, Detail } from '../protocol/detail';
import type { MapView } from '../protocol/view';
import { depthOf } from '../ui/depth-of';
import { percent, price, usd, usdRange } from '../ui/format';
import { Panel } from '../ui/panel';
import { TableHead } from '../ui/table-head';
import { t } from '../ui/text';

/** What moves of 1 to 10 % would set off against what rests in the books. */
export function Pushes({ view, detail }: { view: MapView; detail: Detail | undefined }) {
  const rows = pushesOf(view, detail);
  return (
    <Panel
      title={t('desk_pushes')}
      note={t('desk_pushesNote', String(detail?.venues.length ?? 0))}
      class="pushes"
    >
      {rows.length === 0 ? (
        <p class="empty">{t('desk_noBooks')}</p>
      ) : (
        <table class="table">
          <TableHead
            columns={[
              t('desk_fallTo'),
              { name: t('desk_book'), class: 'book' },
              { name: `≈ ${t('map_longs')}`, class: 'long' },
              { name: t('desk_push'), class: 'push' },
              { name: `≈ ${t('map_shorts')}`, class: 'short' },
              { name: t('desk_book'), class: 'book' },
              t('desk_riseTo'),
            ]}
          />
          <tbody>
            {rows.map(({ move, down, up }) => (
              <tr key={move}>
                <td class="left">
                  <b>{stopText(down.walk)}</b>
                </td>
                <td class="muted book">{usd(down.walk.pushUsd)}</td>
                <td>{usdRange(down.low, down.high)}</td>
                <th scope="row" class="push">
                  ± {percent(move, 0)}
                </th>
                <td>{usdRange(up.low, up.high)}</td>
                <td class="muted book">{usd(up.walk.pushUsd)}</td>
                <td>
                  <b>{stopText(up.walk)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {detail && rows.length > 0 && <Chains view={view} detail={detail} />}
      {detail?.depth && <Reaches books={detail.depth.books} />}
    </Panel>
  );
}

/** How far each venue's book reaches: what lies beyond is not known. */
function Reaches({ books }: Pick<DepthView, 'books'>) {
  return (
    <p class="label muted">
      {t('desk_reach')}{' '}
      {[...books]
        .sort((a, b) => a.reach - b.reach)
        .map(({ name, reach }) => `${name} ± ${percent(reach, reach < 0.01 ? 2 : 1)}`)
        .join(' · ')}
      . {t('desk_reachNote')}
    </p>
  );
}

/** What the nearest level of each side would set off by itself: pushed through it, where price would come to rest. */
function Chains({ view, detail }: { view: MapView; detail: Detail }) {
  if (!detail.depth) return null;
  const map = bandMap(view);
  const clusters = clustersAt(map, view.levels ?? []);
  const depth = { ...depthOf(detail.depth), price: map.price };
  const walks = (['long', 'short'] as const)
    .map((side) => walkCascade(map, clusters, depth, { side, q: Math.min(2, view.q.p50) }))
    .filter((walk) => walk !== null);
  return (
    <ul class="chains label">
      {walks.map((walk: CascadeWalk) => (
        <li key={walk.side}>
          <span class={`side ${walk.side}`}>{t(walk.side === 'long' ? 'map_longs' : 'map_shorts')}</span>{' '}
          {t(
            'desk_chain',
            price(walk.pushedTo),
            stopText(walk),
            String(walk.reached.length),
            usdRange(walk.atRiskUsd * view.q.p10, walk.atRiskUsd * view.q.p90),
          )}
        </li>
      ))}
    </ul>
  );
}

const stopText = ({ stop, extrapolated }: CascadeWalk): string => `${price(stop)}${extrapolated ? '*' : ''}`;

interface Push {
  walk: CascadeRow;
  /** p10 and p90 of what would be forced, USD. */
  low: number;
  high: number;
}

function pushesOf(view: MapView, detail: Detail | undefined): { move: number; down: Push; up: Push }[] {
  if (!detail?.depth) return [];
  const map = bandMap(view);
  const clusters = clustersAt(map, view.levels ?? []);
  const depth = { ...depthOf(detail.depth), price: map.price };
  const rows = cascadeTable(map, clusters, depth, Math.min(2, view.q.p50));
  const push = (move: number): Push => {
    const walk = rows.find((each) => each.move === move)!;
    return { walk, low: walk.atRiskUsd * view.q.p10, high: walk.atRiskUsd * view.q.p90 };
  };
  return [0.01, 0.02, 0.03, 0.05, 0.1].map((move) => ({ move, down: push(-move), up: push(move) }));
}
