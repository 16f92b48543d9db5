import { useEffect, useMemo, useState } from 'preact/hooks';
import { minuteMs } from '../engine/time';
import type { VenueTerms } from '../protocol/detail';
import type { KeptPosition } from '../protocol/kept-position';
import { distance, price, ratio } from '../ui/format';
import { Icon } from '../ui/icon';
import { MarketStatus } from '../ui/market-status';
import { keyOf, t } from '../ui/text';
import { useMarket, type Watched } from '../ui/use-market';
import { useNow } from '../ui/use-now';
import { typedSymbol } from '../venues/symbols';
import { Chips } from './chips';
import { type Corrections, type Draft, draftOf, missingOf, wrongOf } from './draft';
import { Context, Discipline, Liquidity, Risk } from './panels';
import { type ReadRow, readPositions } from './read';
import { positionFigures, type Report, reportOf, type Whole } from './report';
import { Strip } from './strip';
import { ThenAndNow } from './then-now';
import { useKept } from './use-kept';
import { coins } from './words';

const bars = { stepMs: 5 * minuteMs, count: 320 };

export function App() {
  const [text, setText] = useState(() => {
    const asked = new URLSearchParams(location.search);
    const coin = typedSymbol(asked.get('symbol') ?? '')?.split('-')[0];
    return asked.get('text') ?? (coin ? `${coin} ` : '');
  });
  const [chosen, setChosen] = useState(0);
  const [corrections, setCorrections] = useState<Corrections>({});
  const { kept, problem, keep, remove } = useKept();
  const now = useNow();

  const { rows, isTwice } = useMemo(() => read(text), [text]);
  const row = rows[Math.min(chosen, rows.length - 1)];
  const [terms, setTerms] = useState<readonly VenueTerms[]>([]);
  const draft = row && draftOf(row, corrections, terms);
  const watched = useMarket(draft && { symbol: draft.symbol, window: '24h', venue: draft.venue, bars });
  useEffect(() => setTerms(watched.detail?.venues ?? []), [watched.detail]);

  const write = (next: string) => {
    setText(next);
    setChosen(0);
    setCorrections({});
  };
  const choose = (index: number) => {
    setChosen(index);
    setCorrections({});
  };
  return (
    <>
      <Header draft={draft} watched={watched} now={now} />
      <main>
        <div class="panel entry">
          <textarea
            class="field"
            rows={Math.min(6, Math.max(1, text.split('\n').length))}
            value={text}
            spellcheck={false}
            autocomplete="off"
            aria-label={t('position_input')}
            placeholder={t('position_placeholder')}
            onInput={(event) => write(event.currentTarget.value)}
          />
          {rows.length > 1 && <Rows rows={rows} chosen={chosen} choose={choose} />}
          {isTwice && <p class="problem">{t('position_twice')}</p>}
          {text.trim() !== '' && !row && !isTwice && <p class="problem">{t('position_notRead')}</p>}
          {draft && (
            <Chips
              draft={draft}
              missing={missingOf(draft)}
              wrong={wrongOf(draft)}
              venues={venuesOf(watched, draft)}
              correct={(change) => setCorrections((before) => ({ ...before, ...change }))}
            />
          )}
        </div>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {draft && <Body draft={draft} watched={watched} now={now} kept={kept} keep={keep} />}
        <Kept kept={kept} open={(position) => write(written(position))} keep={keep} remove={remove} />
        <p class="label foot">{t('map_noAdvice')}</p>
      </main>
    </>
  );
}

function read(text: string): { rows: ReadRow[]; isTwice: boolean } {
  try {
    return { rows: readPositions(text), isTwice: false };
  } catch {
    return { rows: [], isTwice: true };
  }
}

const venuesOf = ({ detail, tick }: Watched, { venue }: Draft) =>
  detail?.venues ??
  tick?.health.map((each) => ({ venue: each.venue, name: each.name ?? each.venue })) ?? [
    { venue, name: venue },
  ];

/** A kept position as it would be typed. */
const written = ({ side, symbol, entry, leverage, base, stop, target }: KeptPosition): string =>
  [
    side,
    symbol.split('-')[0],
    entry,
    `${leverage}x`,
    `size ${base}`,
    ...(stop === null ? [] : [`stop ${stop}`]),
    ...(target === null ? [] : [`tp ${target}`]),
  ].join(' ');

function Header(props: { draft: Draft | undefined; watched: Watched; now: number }) {
  const { draft, watched, now } = props;
  return (
    <header>
      <a class="button bare" href="/src/desk/index.html" aria-label={t('position_toDesk')}>
        <Icon name="back" />
      </a>
      <h1>{t('position_title')}</h1>
      {draft && <span class="muted">{draft.symbol}</span>}
      {watched.tick?.price && <b class="number">{price(watched.tick.price)}</b>}
      {draft && (
        <span class="end">
          <MarketStatus tick={watched.tick} now={now} />
        </span>
      )}
    </header>
  );
}

function Rows(props: { rows: readonly ReadRow[]; chosen: number; choose(index: number): void }) {
  return (
    <fieldset class="chips rows">
      <legend class="hidden">{t('position_rows')}</legend>
      {props.rows.map((row, i) => (
        <button
          key={`${i} ${row.coin}`}
          type="button"
          class={`chip ${i === props.chosen ? 'on' : ''}`}
          aria-pressed={i === props.chosen}
          onClick={() => props.choose(i)}
        >
          <b>{row.coin}</b>
          {row.side && <span class={`side ${row.side}`}>{t(keyOf('position', row.side))}</span>}
          {row.entry !== undefined && <span class="number">{price(row.entry)}</span>}
        </button>
      ))}
    </fieldset>
  );
}

function Body(props: {
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
  if (wrong.length > 0)
    return <p class="problem panel">{t(keyOf('position_wrong', wrong[0]! as 'entry'))}</p>;
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

const isSame = (kept: KeptPosition, draft: Whole): boolean =>
  kept.symbol === draft.symbol &&
  kept.venue === draft.venue &&
  kept.side === draft.side &&
  kept.entry === draft.entry &&
  kept.base === draft.base;

function keptOf(
  given: {
    draft: Whole;
    report: Report;
    view: { lnLow: number; step: number; long: number[]; short: number[] };
  },
  atEntry: KeptPosition['atEntry'],
  now: number,
): KeptPosition {
  const { draft, report, view } = given;
  const { symbol, venue, margin, side, entry, leverage, base, stop, target, budgetUsd } = draft;
  return {
    id: crypto.randomUUID(),
    symbol,
    venue,
    margin,
    side,
    entry,
    leverage,
    base,
    stop: stop ?? null,
    target: target ?? null,
    budgetUsd: budgetUsd ?? null,
    liquidation: report.liquidation.price,
    ruledStop: report.stop?.price ?? null,
    drawn: false,
    keptAt: now,
    atEntry,
    map: { lnLow: view.lnLow, step: view.step, long: view.long, short: view.short },
  };
}

function Kept(props: {
  kept: readonly KeptPosition[];
  open(position: KeptPosition): void;
  keep(position: KeptPosition): void;
  remove(id: string): void;
}) {
  if (props.kept.length === 0) return null;
  return (
    <section class="panel" aria-label={t('position_kept')}>
      <div class="panel-head">
        <h2>{t('position_kept')}</h2>
        <span class="label">{t('position_keptNote')}</span>
      </div>
      <ul class="kept">
        {props.kept.map((position) => (
          <li key={position.id}>
            <button type="button" class="text-button" onClick={() => props.open(position)}>
              {position.symbol}
            </button>
            <span class={`side ${position.side}`}>{t(keyOf('position', position.side))}</span>
            <span class="number">
              {coins(position.base, position.symbol)} · {price(position.entry)} · {position.leverage}×
            </span>
            <span class="label">
              {t(
                'position_keptThen',
                ratio(position.atEntry.fuel),
                distance(position.liquidation ? position.liquidation / position.entry - 1 : null),
              )}
            </span>
            <label class={`chip ${position.drawn ? 'on' : ''}`}>
              <input
                type="checkbox"
                class="hidden"
                checked={position.drawn}
                aria-label={t('position_draw', position.symbol)}
                onChange={() => props.keep({ ...position, drawn: !position.drawn })}
              />
              {t('position_onChart')}
            </label>
            <button
              type="button"
              class="button bare danger"
              aria-label={t('position_delete', position.symbol)}
              onClick={() => props.remove(position.id)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      <p class="label">{t('position_drawNote')}</p>
    </section>
  );
}
