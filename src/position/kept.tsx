import type { KeptPosition } from '../protocol/kept-position';
import { distance, price, ratio } from '../ui/format';
import { Icon } from '../ui/icon';
import { keyOf, t } from '../ui/text';
import type { Report, Whole } from './report';
import { coins } from './words';

/** The positions that are kept. */
export function Kept(props: {
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

/** Whether a kept position is the one that is typed. */
export const isSame = (kept: KeptPosition, draft: Whole): boolean =>
  kept.symbol === draft.symbol &&
  kept.venue === draft.venue &&
  kept.side === draft.side &&
  kept.entry === draft.entry &&
  kept.base === draft.base;

/** What is kept of a position and of the market as it is now. */
export function keptOf(
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

/** A kept position as it would be typed. */
export const written = ({ side, symbol, entry, leverage, base, stop, target }: KeptPosition): string =>
  [
    side,
    symbol.split('-')[0],
    entry,
    `${leverage}x`,
    `size ${base}`,
    ...(stop === null ? [] : [`stop ${stop}`]),
    ...(target === null ? [] : [`tp ${target}`]),
  ].join(' ');
