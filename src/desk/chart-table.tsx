import { bandsOf, type Shown } from '../paint/side-bands';
import type { MapView } from '../protocol/view';
import { distance, price, usd, usdRange } from '../ui/format';
import { t } from '../ui/text';
import { WideTable } from '../ui/wide-table';

/** The table goes as far as the chart, in so many steps a side. */
const reach = 0.05;
const steps = 10;

interface Row {
  side: 'long' | 'short';
  low: number;
  high: number;
  atRisk: number;
  /** From the price to the far end of the row: what the curves show. */
  passed: number;
  observed: number;
}

/** What the chart draws, for those who read: bands and curves in steps of half a percent, and what was observed. */
export function ChartTable({ view, shown }: { view: MapView; shown: Shown }) {
  const rows = [...rowsOf(view, shown, 'short').toReversed(), ...rowsOf(view, shown, 'long')];
  return (
    <details class="chart-table">
      <summary>{t('desk_asTable')}</summary>
      <WideTable
        label={t('desk_asTable')}
        columns={[
          t('desk_side'),
          t('desk_prices'),
          t('desk_distance'),
          t('desk_atRisk'),
          t('desk_forcedOften'),
          t('desk_passed'),
          ...(view.observed ? [t('desk_observed')] : []),
        ]}
      >
        {rows.map(({ side, low, high, atRisk, passed, observed }) => (
          <tr key={low}>
            <th class="left" scope="row">
              <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
            </th>
            <td>
              {price(low)}–{price(high)}
            </td>
            <td>{distance((side === 'long' ? high : low) / view.price - 1)}</td>
            <td>{usd(atRisk)}</td>
            <td>≈ {usdRange(atRisk * view.q.p10, atRisk * view.q.p90)}</td>
            <td>{usd(passed)}</td>
            {view.observed && <td>{usd(observed)}</td>}
          </tr>
        ))}
      </WideTable>
    </details>
  );
}

/** From the price outwards. */
function rowsOf(view: MapView, shown: Shown, side: 'long' | 'short'): Row[] {
  const { usd: bands } = bandsOf(view, side, shown);
  const seen = new Map(view.observed?.[side]);
  const outward = side === 'long' ? -1 : 1;
  const indexOf = (at: number) => Math.round((Math.log(at) - view.lnLow) / view.step);
  let passed = 0;
  return Array.from({ length: steps }, (_, k) => {
    const near = view.price * (1 + (outward * reach * k) / steps);
    const far = view.price * (1 + (outward * reach * (k + 1)) / steps);
    const [low, high] = side === 'long' ? [far, near] : [near, far];
    const [from, to] = [Math.max(0, indexOf(low)), Math.min(bands.length, indexOf(high))];
    let atRisk = 0;
    let observed = 0;
    for (let i = from; i < to; i++) {
      atRisk += bands[i]!;
      observed += seen.get(i) ?? 0;
    }
    passed += atRisk;
    return { side, low, high, atRisk, passed, observed };
  });
}
