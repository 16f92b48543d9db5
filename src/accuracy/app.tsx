import { TableHead } from '../ui/table-head';
import { t } from '../ui/text';
import { readReport, summaryOf } from './read-report';

/** How the report calls the row of what is drawn. */
const ours = 'the map as it stood';

/** Whether a row is sentences rather than figures. */
const isProse = (row: readonly string[]): boolean => row.some((cell) => cell.length > 60);

/** How well the estimate did on recorded liquidations, as the report that ships with this version says. */
export function App({ report }: { report: string }) {
  return (
    <main>
      <section class="panel">
        <h1>{t('accuracy_title')}</h1>
        <p>{t('accuracy_what')}</p>
        <p class="muted">{t('map_noAdvice')}</p>
      </section>
      <InShort report={report} />
      <section class="panel report" lang="en">
        {readReport(report).map((piece, i) => {
          if (piece.kind === 'title') return <h2 key={`${i}`}>{piece.text}</h2>;
          if (piece.kind === 'heading') return <h3 key={`${i}`}>{piece.text}</h3>;
          if (piece.kind !== 'table') return <p key={`${i}`}>{piece.text}</p>;
          return (
            <table class={piece.rows.some(isProse) ? 'table prose' : 'table'} key={`${i}`}>
              <TableHead columns={piece.head.map((cell) => cell || t('accuracy_model'))} />
              <tbody>
                {piece.rows.map((row) => (
                  <tr key={row[0]} class={row[0]!.startsWith(ours) ? 'strong' : ''}>
                    {row.map((cell, k) =>
                      k === 0 ? (
                        <th key={`${k}`} scope="row" class="left">
                          {cell}
                        </th>
                      ) : (
                        <td key={`${k}`}>{cell}</td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          );
        })}
      </section>
    </main>
  );
}

/** The report in the reader's language, as far as it fits in a few words. */
function InShort({ report }: { report: string }) {
  const summary = summaryOf(report);
  if (!summary) return null;
  const { recordings, lift } = summary;
  return (
    <section class="panel" aria-labelledby="short">
      <h2 id="short">{t('accuracy_short')}</h2>
      <p class="muted">{t('accuracy_ranks')}</p>
      <ul class="recordings">
        {recordings.map(({ name, map, distance }) => (
          <li key={name}>
            <span class="label" lang="en">
              {name}
            </span>
            <span class="scale">
              <span class="ours" style={{ width: `${100 * map}%` }} />
              <span class="plain" style={{ left: `${100 * distance}%` }} />
            </span>
            <span>
              <b class="big">{map.toFixed(2)}</b>{' '}
              <span class="muted">{t('accuracy_distanceAlone', distance.toFixed(2))}</span>
            </span>
          </li>
        ))}
      </ul>
      <p>{t('accuracy_atLevels', lift.value, lift.low, lift.high)}</p>
      <p>
        <b>{t('accuracy_noWay')}</b>
      </p>
    </section>
  );
}
