import { useMemo } from 'preact/hooks';
import type { KeptPosition } from '../protocol/kept-position';
import { price } from '../ui/format';
import { keyOf, t } from '../ui/text';
import type { Watched } from '../ui/use-market';
import { wordedAway } from './chips';
import { type Draft, type Field, missingOf, wrongOf } from './draft';
import { isSame, keptOf } from './kept';
import { Context, Discipline, Liquidity, Risk } from './panels';
import { positionFigures, type Report, reportOf, type Whole } from './report';
import { Strip } from './strip';
import { ThenAndNow } from './then-now';

/** The report, or what it still lacks. */
export function Body(props: {
  draft: Draft;
  watched: Watched;
  now: number;
  kept: readonly KeptPosition[];
  keep(position: KeptPosition): void;
}) {
  const { draft, watched, now, kept, keep } = props;
  const { view, tick, detail } = watched;
  const wrong = wrongOf(draft);
  const missing = missingOf(draft);
  // Once a map: reports change when the market does, not each second.
  const result = useMemo(() => {
    if (missing.length > 0 || wrong.length > 0 || !view || !detail) return undefined;
    try {
      return { report: reportOf(draft as Whole, view, tick, detail, Date.now()) };
    } catch (cause) {
      return {
        why: cause instanceof RangeError && cause.message === 'terms' ? t('position_noTerms') : String(cause),
      };
    }
  }, [JSON.stringify({ ...draft, assumed: 0 }), view, detail]);

  if (watched.unknown) return <p class="empty panel">{watched.unknown}</p>;
  if (wrong.length > 0) return <p class="problem panel">{whyWrong(wrong[0]!, draft)}</p>;
  if (missing.length > 0)
    return (
      <p class="empty panel">
        {t(
          'position_needs',
          missing.map((field) => t(keyOf('position_field', field)).toLowerCase()).join(', '),
        )}
      </p>
    );
  if (!view || !detail || !result) return <Waiting />;
  if (!result.report)
    return (
      <p class="problem panel" role="alert">
        {result.why}
      </p>
    );
  const given = { draft: draft as Whole, report: result.report, view, tick, detail };
  const figures = positionFigures(result.report, view, tick, detail, now);
  const same = kept.find((position) => isSame(position, draft as Whole));
  return (
    <>
      {isFar(draft.entry!, view.price) && (
        <p class="problem panel" role="alert">
          {t('position_farEntry', price(draft.entry), price(view.price))}
        </p>
      )}
      <Where report={result.report} same={same} keep={keep} made={() => keptOf(given, figures, now)} />
      <div class="four">
        <Liquidity {...given} />
        <Risk {...given} />
        <Context {...given} since={same?.atEntry.openInterestUsd} />
        <Discipline {...given} />
      </div>
      <Partial report={result.report} />
      {same && <ThenAndNow kept={same} now={figures} />}
    </>
  );
}

/** What was expected in place of a field that cannot be. */
function whyWrong(field: Field, { away }: Draft): string {
  const written = field === 'stop' || field === 'target' ? away[field] : undefined;
  if (!written) return t(keyOf('position_wrong', field as 'entry'));
  return t('position_wrongAway', t(keyOf('position_field', field)), wordedAway(written));
}

/** So far from price a position is seldom open: more likely another number was taken for its entry. */
const isFar = (entry: number, now: number): boolean => entry > 2 * now || now > 2 * entry;

/** The position among the levels, and what can be done with it. */
function Where(props: {
  report: Report;
  /** The same one, where it is kept. */
  same: KeptPosition | undefined;
  keep(position: KeptPosition): void;
  made(): KeptPosition;
}) {
  const { report, same, keep, made } = props;
  return (
    <section class="panel" aria-label={t('position_where')}>
      <div class="panel-head">
        <h2>{t('position_where')}</h2>
        <span class="label">
          <span class="side long">{t('position_longsBelow')}</span>{' '}
          <span class="side short">{t('position_shortsAbove')}</span> · {t('map_estimateNote')}
        </span>
        <span class="end">
          <button
            type="button"
            class="button"
            aria-pressed={same?.drawn === true}
            onClick={() => {
              const position = same ?? made();
              keep({ ...position, drawn: !position.drawn });
            }}
          >
            {t(same?.drawn ? 'position_undrawn' : 'position_drawOnChart')}
          </button>
          <button
            type="button"
            class="button main"
            disabled={same !== undefined}
            onClick={() => keep(made())}
          >
            {t(same ? 'position_isKept' : 'position_keep')}
          </button>
        </span>
      </div>
      <Strip report={report} />
    </section>
  );
}

function Partial({ report: { partialProfit, rewardToRisk, position } }: { report: Report }) {
  if (!partialProfit) return null;
  const { low, high } = partialProfit.cluster;
  return (
    <p class="rule wide">
      {t('position_partial', price(position.side === 'long' ? low : high), price(partialProfit.price))}
      {rewardToRisk && (
        <span class="label">
          {rewardToRisk.withPartial === null
            ? t('position_reward', rewardToRisk.whole.toFixed(1))
            : t('position_rewardWith', rewardToRisk.whole.toFixed(1), rewardToRisk.withPartial.toFixed(1))}
        </span>
      )}
    </p>
  );
}

function Waiting() {
  return (
    <div class="panel" role="status">
      <span class="hidden">{t('map_loading')}</span>
      {[90, 70, 80, 60].map((width) => (
        <span key={width} class="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
