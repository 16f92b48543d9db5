import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Away, awayOf } from '../engine/risk/parse-position';
import type { VenueTerms } from '../protocol/detail';
import { distance, price, usd } from '../ui/format';
import { keyOf, t } from '../ui/text';
import { type Corrections, type Draft, exitAt, type Field } from './draft';
import { plainDigits, typedNumber } from './read/number';
import { coins } from './words';

const order: readonly Field[] = [
  'side',
  'entry',
  'base',
  'leverage',
  'stop',
  'target',
  'venue',
  'margin',
  'budgetUsd',
];

/** What was understood, each piece to be pressed and corrected; what was assumed has a dashed border. */
export function Chips(props: {
  draft: Draft;
  missing: readonly Field[];
  wrong: readonly Field[];
  venues: readonly Pick<VenueTerms, 'venue' | 'name'>[];
  correct(change: Corrections): void;
}) {
  const { draft, missing, wrong, venues, correct } = props;
  const [open, setOpen] = useState<Field>();
  const box = useRef<HTMLDivElement>(null);
  /** Where the editor was left by a key: its field has the focus again. */
  const left = useRef<Field>(undefined);
  useLayoutEffect(() => {
    if (open === undefined && left.current)
      box.current?.querySelector<HTMLElement>(`[data-field=${left.current}]`)?.focus();
    left.current = undefined;
  }, [open]);
  return (
    <div class="chips understood" ref={box}>
      {order.map((field) =>
        open === field ? (
          <Editor
            key={field}
            field={field}
            draft={draft}
            venues={venues}
            close={(byKey) => {
              if (byKey) left.current = field;
              setOpen(undefined);
            }}
            correct={correct}
          />
        ) : (
          <button
            key={field}
            type="button"
            data-field={field}
            class={`chip ${draft.assumed.has(field) ? 'assumed' : ''} ${[...missing, ...wrong].includes(field) ? 'wrong' : ''}`}
            onClick={() => setOpen(field)}
          >
            <span class="label">
              {draft.assumed.has(field)
                ? t('position_assumed', t(keyOf('position_field', field)))
                : t(keyOf('position_field', field))}
            </span>
            <b class={field === 'side' ? draft.side : ''}>{worded(field, draft, venues)}</b>
          </button>
        ),
      )}
      <span class="label hint">{t('position_correct')}</span>
    </div>
  );
}

function worded(field: Field, draft: Draft, venues: readonly Pick<VenueTerms, 'venue' | 'name'>[]): string {
  const { base, entry, leverage, budgetUsd, symbol } = draft;
  if (field === 'side') return draft.side ? t(keyOf('position', draft.side)) : t('position_missing');
  if (field === 'venue') return venues.find(({ venue }) => venue === draft.venue)?.name ?? draft.venue;
  if (field === 'margin') return t(keyOf('position', draft.margin));
  if (field === 'base') {
    if (base === undefined) return t('position_missing');
    return entry === undefined ? coins(base, symbol) : `${coins(base, symbol)} · ${usd(base * entry)}`;
  }
  if (field === 'leverage') return leverage === undefined ? t('position_missing') : `${leverage}×`;
  if (field === 'budgetUsd') return budgetUsd === undefined ? t('position_none') : usd(budgetUsd);
  const value = draft[field];
  if (field === 'entry') return value === undefined ? t('position_missing') : price(value);
  if (value === undefined) return draft.away[field] ? wordedAway(draft.away[field]) : t('position_none');
  return entry === undefined ? price(value) : `${price(value)} · ${distance(value / entry - 1)}`;
}

/** A distance as it was written. */
export const wordedAway = ({ percent, sign }: Away): string =>
  `${sign === '-' ? '−' : (sign ?? '')}${percent} %`;

/** One field, being corrected: Enter and leaving take what stands there, Escape does not. */
function Editor(props: {
  field: Field;
  draft: Draft;
  venues: readonly Pick<VenueTerms, 'venue' | 'name'>[];
  close(byKey: boolean): void;
  correct(change: Corrections): void;
}) {
  const { field, draft, venues, close, correct } = props;
  const input = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const isLeft = useRef(false);
  const [isBad, setIsBad] = useState(false);
  // At once: a key that is pressed next is meant for it.
  useLayoutEffect(() => input.current?.focus(), []);
  const choices = choicesOf(field, venues);
  const label = t(keyOf('position_field', field));

  const take = (text: string, byKey: boolean) => {
    if (isLeft.current) return;
    const value = choices ? text : (typedExit(field, text, draft) ?? typedNumber(text));
    // What cannot be read is left as it was, once the field is left.
    if (value === undefined && text.trim() !== '') return setIsBad(true);
    isLeft.current = true;
    close(byKey);
    correct({ [field]: value });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    // The field has the focus again before the key is let go, and would take it as its own.
    event.preventDefault();
    if (event.key === 'Enter') return take(input.current?.value ?? '', true);
    isLeft.current = true;
    close(true);
  };
  return choices ? (
    <select
      ref={input}
      class="field"
      aria-label={label}
      value={draft[field]}
      onChange={(event) => take(event.currentTarget.value, true)}
      onBlur={() => isLeft.current || close(false)}
      onKeyDown={onKeyDown}
    >
      {draft[field] === undefined && <option value="" />}
      {choices.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  ) : (
    <input
      ref={input}
      class="field"
      inputMode="decimal"
      aria-label={label}
      aria-invalid={isBad}
      placeholder={field === 'budgetUsd' ? 'USD' : label}
      size={10}
      // Not `value`: the page is drawn anew each second, and what is being typed would be gone.
      defaultValue={draft[field] ?? ''}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (isLeft.current) return;
        take(event.currentTarget.value, false);
        close(false);
      }}
    />
  );
}

/** The price that a distance from the entry means, where it was typed for a stop or a target and can be one. */
function typedExit(field: Field, text: string, { side, entry }: Draft): number | undefined {
  if (field !== 'stop' && field !== 'target') return undefined;
  const value = exitAt(field, awayOf(plainDigits(text).replaceAll(' ', '')), side, entry);
  return value && value > 0 ? value : undefined;
}

function choicesOf(
  field: Field,
  venues: readonly Pick<VenueTerms, 'venue' | 'name'>[],
): [string, string][] | undefined {
  if (field === 'venue') return venues.map(({ venue, name }) => [venue, name]);
  const words = { side: ['long', 'short'], margin: ['isolated', 'cross'] } as const;
  if (field !== 'side' && field !== 'margin') return undefined;
  return words[field].map((value) => [value, t(keyOf('position', value))]);
}
