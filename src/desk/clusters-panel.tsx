import { type Cluster, clustersAt, nearestClusters } from '../engine/map/clusters';
import { type Side, tierLeverages } from '../engine/records';
import { bandMap } from '../protocol/band-map';
import type { MapView } from '../protocol/view';
import { age, distance, percent, price, usd, usdRange } from '../ui/format';
import { Panel } from '../ui/panel';
import { keyOf, t } from '../ui/text';
import { WideTable } from '../ui/wide-table';

/** As many a side as are listed. */
const listed = 3;
/** "Max pain" is looked for this far from price, and so much room without a cluster is air; fractions of price. */
const painReach = 0.1;
const airWidth = 0.03;

/** The bands around the levels: what is at risk where price goes next, and what surrounds it. */
export function Clusters({ view }: { view: MapView }) {
  const clusters = clustersAt(bandMap(view), view.levels ?? []);
  const shorts = nearestClusters(clusters, 'short', listed).toReversed();
  const longs = nearestClusters(clusters, 'long', listed);
  const rows = [...shorts, ...longs];
  return (
    <Panel title={t('desk_clusters')} note={t('desk_clustersNote')} class="clusters">
      {rows.length === 0 ? (
        <p class="empty">{t('desk_noLevel')}</p>
      ) : (
        <WideTable
          label={t('desk_clustersNote')}
          columns={[
            t('desk_side'),
            t('desk_prices'),
            t('desk_distance'),
            { name: t('desk_atRiskShort'), class: 'amount' },
            { name: t('desk_forced'), class: 'amount' },
            ...furtherNames().map((name) => ({ name, class: 'wider' })),
          ]}
        >
          {rows.map((cluster) => (
            <Row key={`${cluster.side} ${cluster.peak}`} cluster={cluster} view={view} />
          ))}
        </WideTable>
      )}
      <ul class="label notes">
        <li>{t('desk_maxPain', painOf(clusters, 'short'), painOf(clusters, 'long'))}</li>
        {airsOf(clusters, view.price).map(([low, high]) => (
          <li key={low}>{t('desk_air', price(low), price(high), percent(high / low - 1))}</li>
        ))}
        <li>{t('desk_kinds')}</li>
      </ul>
    </Panel>
  );
}

/** What is told of a cluster besides where it is and how much: in columns, or in a line of its own where those find no room. */
const furtherNames = () => [
  t('desk_width'),
  t('desk_age'),
  t('desk_leverage'),
  t('desk_gap'),
  t('desk_depth'),
  t('desk_kind'),
];

function Row({ cluster, view }: { cluster: Cluster; view: MapView }) {
  const { side, low, high, usd: atRisk, width, gap, kind, tiers } = cluster;
  const depth = view.clusters.find((each) => each.side === side && each.low < high && each.high > low)?.depth;
  const away = side === 'long' ? -cluster.distance : cluster.distance;
  const forced = usdRange(atRisk * view.q.p10, atRisk * view.q.p90);
  const further = [
    percent(width),
    age(cluster.age),
    heaviestTiers(tiers),
    gap === null ? '–' : percent(gap),
    depth === undefined ? '–' : `${depth.atRisk.toFixed(1)}×${depth.extrapolated ? '*' : ''}`,
    t(keyOf('desk_kind', kind)),
  ];
  const named = furtherNames().map((name, i) => `${name} ${further[i]}`);
  return (
    <>
      <tr>
        <th class="left" scope="row">
          <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
        </th>
        <td>
          <b>
            {price(low)}–{price(high)}
          </b>
        </td>
        <td>{distance(away)}</td>
        <td class="amount">{usd(atRisk)}</td>
        <td class="amount">≈ {forced}</td>
        {further.map((figure, i) => (
          <td key={named[i]} class="wider">
            {figure}
          </td>
        ))}
      </tr>
      <tr class="below">
        <td class="left muted" colSpan={11}>
          <span class="amounts">
            {t('desk_atRiskShort')} {usd(atRisk)} · {t('desk_forced')} {forced} ·{' '}
          </span>
          {named.join(' · ')}
        </td>
      </tr>
    </>
  );
}

/** The two tiers that hold most of it. */
function heaviestTiers(tiers: readonly number[]): string {
  const total = tiers.reduce((sum, usd) => sum + usd, 0);
  if (!(total > 0)) return '–';
  return tierLeverages
    .map((leverage, i) => ({ leverage, share: tiers[i]! / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 2)
    .filter(({ share }) => share >= 0.05)
    .map(({ leverage, share }) => `${leverage}× ${percent(share, 0)}`)
    .join(' · ');
}

/** The price in the largest cluster of a side. */
function painOf(clusters: readonly Cluster[], side: Side): string {
  const [largest] = clusters
    .filter((each) => each.side === side && each.distance <= painReach)
    .sort((a, b) => b.usd - a.usd);
  return price(largest?.peak);
}

/** From where to where price meets no cluster, widest stretches last seen from below: only those that are air. */
export function airsOf(clusters: readonly Cluster[], now: number): [low: number, high: number][] {
  const ascending = [...clusters].sort((a, b) => a.low - b.low);
  const edges = [
    ...ascending.filter(({ high }) => high <= now),
    ...ascending.filter(({ low }) => low >= now),
  ];
  return edges.slice(1).flatMap((upper, i): [number, number][] => {
    const low = edges[i]!.high;
    return upper.low / low - 1 >= airWidth ? [[low, upper.low]] : [];
  });
}
