import { useEffect, useState } from 'preact/hooks';
import { minuteMs } from '../engine/time';
import type { Detail, Leaning } from '../protocol/detail';
import type { StoodLevel } from '../protocol/past';
import type { LevelView, MapView } from '../protocol/view';
import { ask } from '../ui/ask';
import { distance, price, ratio, usd, usdRange } from '../ui/format';
import { fragility } from '../ui/fragility';
import { Panel } from '../ui/panel';
import { Spark } from '../ui/spark';
import { TableHead } from '../ui/table-head';
import { keyOf, t } from '../ui/text';

/** A level and a turning price this near to each other, as a fraction of price, are one place. */
const meets = 0.003;
const weekHours = 168;
/** It is read anew while the page is open: levels are passed. Sooner while the history comes in. */
const readMs = 5 * minuteMs;
const soonMs = 10_000;

/** The week on one sheet, to be printed: largest levels, how the map leaned, what meets, and what was swept. */
export function Week(props: {
  symbol: string;
  view: MapView;
  detail: Detail | undefined;
  leaning: readonly Leaning[];
  now: number;
}) {
  const { symbol, view, detail, leaning, now } = props;
  const stood = useWeek(symbol);
  const levels = view.levels ?? [];
  const largest = (side: LevelView['side']) =>
    levels.filter((level) => level.side === side).sort((a, b) => b.usd - a.usd)[0];
  const week = leaning.slice(-weekHours);
  return (
    <Panel
      title={t('desk_week', symbol)}
      note={new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(now)}
      aside={
        <button type="button" class="button no-print" onClick={printWeek}>
          {t('desk_print')}
        </button>
      }
      class="week"
    >
      <div class="two">
        <div>
          <h3>{t('desk_weekLargest')}</h3>
          <dl class="facts">
            {(['short', 'long'] as const).map((side) => (
              <div key={side}>
                <dt>
                  <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
                </dt>
                <dd>{told(largest(side), view.price)}</dd>
              </div>
            ))}
          </dl>
          <h3>{t('desk_weekLeaned')}</h3>
          <Leaned week={week} within5={view.ratio.within5} />
        </div>
        <div>
          <h3>{t('desk_weekMeets')}</h3>
          <Meeting levels={levels} turns={detail?.turns ?? []} at={view.price} />
        </div>
      </div>
      <h3>{t('desk_weekSwept')}</h3>
      <Swept stood={stood} />
      {/* On screen it stands below all panels. */}
      <p class="label paper">{t('map_noAdvice')}</p>
    </Panel>
  );
}

function told(level: LevelView | undefined, at: number): string {
  if (!level) return t('desk_noLevel');
  const { edge, forced } = level;
  return `${price(edge)} · ${distance(edge / at - 1)} · ≈ ${usdRange(forced.p10, forced.p90)}`;
}

function Leaned({ week, within5 }: { week: readonly Leaning[]; within5: number | null }) {
  const known = week.flatMap((each) => each.ratio ?? []);
  return (
    <p class="row">
      <span>
        <b class="number">{ratio(within5)}</b> {fragility(within5).text.toLowerCase()}
        {known.length > 1 && (
          <span class="label">
            {' '}
            {t('desk_weekRatio', ratio(Math.min(...known)), ratio(Math.max(...known)), String(known.length))}
          </span>
        )}
      </span>
      <Spark values={week.map((each) => each.ratio)} label={t('desk_ratioHistory')} />
    </p>
  );
}

/** Levels that lie where price turned before. */
function Meeting(props: { levels: readonly LevelView[]; turns: Detail['turns']; at: number }) {
  const { levels, turns, at } = props;
  const pairs = levels.flatMap((level) => {
    const turn = turns
      .filter((each) => each.price >= level.low * (1 - meets) && each.price <= level.high * (1 + meets))
      .sort((a, b) => b.touches - a.touches)[0];
    return turn ? [{ level, turn }] : [];
  });
  if (pairs.length === 0) return <p class="muted">{t('desk_weekNoneMeet')}</p>;
  return (
    <ul>
      {pairs.map(({ level, turn }) => (
        <li key={`${level.side} ${level.edge}`}>
          <span class={`side ${level.side}`}>{t(level.side === 'long' ? 'map_longs' : 'map_shorts')}</span>{' '}
          {price(level.edge)} · {distance(level.edge / at - 1)} · {t(keyOf('desk_turn', turn.kind))}{' '}
          {price(turn.price)} · {t('desk_touches', String(turn.touches))}
        </li>
      ))}
    </ul>
  );
}

function Swept({ stood }: { stood: readonly StoodLevel[] | null | undefined }) {
  if (stood === undefined) return <span class="skeleton" />;
  if (stood === null) return <p class="muted">{t('desk_weekUnknown')}</p>;
  const day = new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const swept = stood.filter(({ sweptAt }) => sweptAt !== null);
  return (
    <>
      <p>{t('desk_weekSweptOf', String(swept.length), String(stood.length))}</p>
      {swept.length > 0 && (
        <table class="table">
          <TableHead
            columns={[t('desk_side'), t('desk_edge'), t('desk_atRisk'), t('desk_stoodAt'), t('desk_sweptAt')]}
          />
          <tbody>
            {swept.map(({ side, edge, usd: atRisk, stoodAt, sweptAt }) => (
              <tr key={`${side} ${edge}`}>
                <th class="left" scope="row">
                  <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
                </th>
                <td>{price(edge)}</td>
                <td>{usd(atRisk)}</td>
                <td>{day.format(stoodAt)}</td>
                <td>{day.format(sweptAt!)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** Prints this sheet alone. */
function printWeek(): void {
  document.body.classList.add('week-alone');
  addEventListener('afterprint', () => document.body.classList.remove('week-alone'), { once: true });
  print();
}

function useWeek(symbol: string): readonly StoodLevel[] | null | undefined {
  const [stood, setStood] = useState<readonly StoodLevel[] | null>();
  useEffect(() => {
    let isOver = false;
    setStood(undefined);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      // A worker that is being replaced tells it the next time.
      const told = await ask('week', { symbol }).catch(() => null);
      if (isOver) return;
      setStood((before) => told ?? before ?? null);
      timer = setTimeout(() => void read(), told ? readMs : soonMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [symbol]);
  return stood;
}
