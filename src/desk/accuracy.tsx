import type { Ledger } from '../protocol/ledger';
import { percent, ratio } from '../ui/format';
import { ledgerLine } from '../ui/ledger-line';
import { Panel } from '../ui/panel';
import { TableHead } from '../ui/table-head';
import { t } from '../ui/text';

/** The bar goes this far: what lies beyond has left chance far behind. */
const most = 0.3;

/** How this symbol's map did on the forced orders that this browser recorded. */
export function AccuracyHere({ ledger }: { ledger: Ledger | undefined }) {
  return (
    <Panel
      title={t('accuracy_hereTitle')}
      aside={
        <a class="label" href="/src/accuracy/index.html" target="_blank" rel="noreferrer">
          {t('accuracy_how')}
        </a>
      }
      class="accuracy"
    >
      {ledger ? (
        <>
          <p>{ledgerLine(ledger)}</p>
          {ledger.isDoubtful && <p class="warn">{t('accuracy_doubtful')}</p>}
          {ledger.isEnough && <Figures ledger={ledger} />}
        </>
      ) : (
        <span class="skeleton" />
      )}
    </Panel>
  );
}

function Figures({ ledger }: { ledger: Ledger }) {
  const { map, distanceOnly, chance, lift, since, hours } = ledger;
  const from =
    since === null
      ? '–'
      : new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }).format(since);
  return (
    <>
      <div class="range" aria-hidden="true">
        <i
          style={{
            left: place(map.shareLow ?? 0),
            width: place((map.share ?? 0) - (map.shareLow ?? 0)),
          }}
        />
        <b style={{ left: place(map.share ?? 0) }} />
        <s style={{ left: place(chance) }} />
      </div>
      <p class="row label">
        <span>{t('accuracy_chance', percent(chance, 0))}</span>
        <span>{t('accuracy_heard', String(Math.round(hours)))}</span>
      </p>
      <table class="table">
        <TableHead
          columns={[
            t('accuracy_since', from),
            t('accuracy_densest'),
            t('accuracy_atLeast'),
            t('accuracy_lift'),
            t('accuracy_held'),
          ]}
        />
        <tbody>
          <tr>
            <th class="left" scope="row">
              {t('accuracy_thisMap')}
            </th>
            <td>
              <b>{percent(map.share, 0)}</b>
            </td>
            <td>{percent(map.shareLow, 0)}</td>
            <td>{times(lift)}</td>
            <td>{percent(map.coverage, 0)}</td>
          </tr>
          <tr class="muted">
            <th class="left" scope="row">
              {t('accuracy_distanceOnly')}
            </th>
            <td>{percent(distanceOnly.share, 0)}</td>
            <td>{percent(distanceOnly.shareLow, 0)}</td>
            <td>{times(1)}</td>
            <td>{percent(distanceOnly.coverage, 0)}</td>
          </tr>
          <tr class="muted">
            <th class="left" scope="row">
              {t('accuracy_byChance')}
            </th>
            <td>{percent(chance, 0)}</td>
            <td>–</td>
            <td>{times(1)}</td>
            <td>–</td>
          </tr>
        </tbody>
      </table>
    </>
  );
}

const place = (share: number): string => `${(100 * Math.min(1, share / most)).toFixed(1)}%`;
const times = (value: number | null): string => (value === null ? '–' : `${ratio(value)}×`);
