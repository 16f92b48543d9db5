import { useEffect, useMemo, useState } from 'preact/hooks';
import { minuteMs } from '../engine/time';
import type { VenueTerms } from '../protocol/detail';
import type { KeptPosition } from '../protocol/kept-position';
import { price } from '../ui/format';
import { Icon } from '../ui/icon';
import { MarketStatus } from '../ui/market-status';
import { keyOf, t } from '../ui/text';
import { useMarket, type Watched } from '../ui/use-market';
import { useNow } from '../ui/use-now';
import { venues } from '../venues';
import { typedSymbol } from '../venues/symbols';
import { Body } from './body';
import { Chips } from './chips';
import { type Corrections, type Draft, draftOf, missingOf, wrongOf } from './draft';
import { Kept, written } from './kept';
import { type ReadRow, readPositions } from './read';
import { useKept } from './use-kept';

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
  /** What a typed line does not tell stands as it was kept. */
  const reopen = (position: KeptPosition) => {
    const { venue, margin, budgetUsd } = position;
    write(written(position));
    setCorrections({ venue, margin, ...(budgetUsd !== null && { budgetUsd }) });
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
              venues={venuesOf(watched)}
              correct={(change) => setCorrections((before) => ({ ...before, ...change }))}
            />
          )}
        </div>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {text.trim() === '' && (
          <section class="panel empty" aria-label={t('position_title')}>
            <p>{t('position_tells')}</p>
            <p class="label">{t('position_stays')}</p>
          </section>
        )}
        {draft && <Body draft={draft} watched={watched} now={now} kept={kept} keep={keep} />}
        <Kept kept={kept} open={reopen} keep={keep} remove={remove} />
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

/** Where the position may be: all venues, until it is known which of them have the market. */
const venuesOf = ({ detail, tick }: Watched) =>
  detail?.venues ??
  tick?.health.map((each) => ({ venue: each.venue, name: each.name ?? each.venue })) ??
  venues.map(({ id, name }) => ({ venue: id, name }));

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
      {draft && !watched.unknown && (
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
