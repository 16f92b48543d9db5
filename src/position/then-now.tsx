import type { KeptPosition, PositionFigures } from '../protocol/kept-position';
import { clock, distance, percent, price, ratio, usd } from '../ui/format';
import { Panel } from '../ui/panel';
import { t } from '../ui/text';
import { WideTable } from '../ui/wide-table';

const signed = (value: number | null, text: (value: number) => string): string =>
  value === null ? '–' : value > 0 ? `+${text(value)}` : text(value).replace('-', '−');
const difference = (a: number | null, b: number | null) => (a === null || b === null ? null : b - a);
const change = (a: number | null, b: number | null) => (a === null || b === null ? '–' : distance(b / a - 1));

/** A kept position's market at entry, now, and the change of each number. */
export function ThenAndNow({ kept, now }: { kept: KeptPosition; now: PositionFigures }) {
  const then = kept.atEntry;
  const names = ['price', 'fuel', 'ratio', 'longs', 'shorts', 'funding', 'openInterest'] as const;
  const heads = [
    t('position_colPrice'),
    t('position_colFuel'),
    t('position_colRatio'),
    t('position_colLongs'),
    t('position_colShorts'),
    t('position_colFunding'),
    t('position_colOpenInterest'),
  ];
  const cells = (figures: PositionFigures) => [
    price(figures.price),
    ratio(figures.fuel),
    ratio(figures.ratio),
    price(figures.longsBelow),
    price(figures.shortsAbove),
    signed(figures.fundingPer8h, (value) => percent(value, 3)),
    usd(figures.openInterestUsd),
  ];
  const changes = [
    change(then.price, now.price),
    signed(difference(then.fuel, now.fuel), (value) => value.toFixed(2)),
    signed(difference(then.ratio, now.ratio), (value) => value.toFixed(2)),
    change(then.longsBelow, now.longsBelow),
    change(then.shortsAbove, now.shortsAbove),
    signed(difference(then.fundingPer8h, now.fundingPer8h), (value) => (value * 100).toFixed(3)),
    change(then.openInterestUsd, now.openInterestUsd),
  ];
  const row = (name: string, values: readonly string[], className = '') => (
    <tr class={className}>
      <th scope="row" class="left">
        {name}
      </th>
      {values.map((value, i) => (
        <td key={names[i]}>{value}</td>
      ))}
    </tr>
  );
  return (
    <Panel
      title={t('position_thenNow')}
      note={t('position_thenNowNote')}
      aside={<span class="label">{t('position_fuelAlert')}</span>}
    >
      <WideTable
        label={t('position_thenNowNote')}
        columns={[
          <span key="time" class="hidden">
            {t('position_colTime')}
          </span>,
          ...heads,
        ]}
      >
        {row(t('position_then', clock(then.time)), cells(then), 'muted')}
        {row(t('position_now', clock(now.time)), cells(now), 'strong')}
        {row(t('position_change'), changes, 'muted')}
      </WideTable>
    </Panel>
  );
}
