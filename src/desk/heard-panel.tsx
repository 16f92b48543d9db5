import type { Detail } from '../protocol/detail';
import type { Tick } from '../protocol/view';
import { age, clock, price, usd } from '../ui/format';
import { Panel } from '../ui/panel';
import { TableHead } from '../ui/table-head';
import { t } from '../ui/text';

/** Real forced orders as this browser heard them, in sums and one by one. */
export function HeardPanel({
  detail,
  tick,
  now,
}: {
  detail: Detail | undefined;
  tick: Tick | undefined;
  now: number;
}) {
  const forced = detail?.forced;
  const nameOf = (id: string) => tick?.health.find(({ venue }) => venue === id)?.name ?? id;
  const total = (hours: number) => forced?.totals.find((each) => each.hours === hours && each.venue === null);
  // With nothing heard no amount is known, none least of all.
  const told = (amount: number | undefined) => usd(forced?.since == null ? undefined : amount);
  const venues = [...new Set(forced?.totals.flatMap(({ venue }) => venue ?? []))];
  const hours = [1, 4, 24];
  return (
    <Panel
      title={t('desk_heard')}
      note={forced?.since ? t('desk_heardSince', age(now - forced.since)) : ''}
      aside={<span class="label">{t('desk_sampled')}</span>}
      class="heard"
    >
      <table class="table">
        <TableHead columns={['USD', ...hours.map((each) => `${each} h`)]} />
        <tbody>
          {(['long', 'short'] as const).map((side) => (
            <tr key={side}>
              <th class="left" scope="row">
                <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
              </th>
              {hours.map((each) => (
                <td key={each}>{told(total(each)?.[side])}</td>
              ))}
            </tr>
          ))}
          {venues.map((venue) => (
            <tr key={venue} class="muted">
              <th class="left" scope="row">
                {nameOf(venue)}
              </th>
              {hours.map((each) => {
                const sum = forced?.totals.find((one) => one.hours === each && one.venue === venue);
                return <td key={each}>{usd((sum?.long ?? 0) + (sum?.short ?? 0))}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ol class="tape">
        {(forced?.orders ?? []).slice(0, 8).map((order, i) => (
          <li key={`${order.time} ${i}`}>
            <time class="quiet" dateTime={new Date(order.time).toISOString()}>
              {clock(order.time, now)}
            </time>
            <span class={`side ${order.side}`}>{t(order.side === 'long' ? 'map_longs' : 'map_shorts')}</span>
            <span class="venue">{nameOf(order.venue)}</span>
            <span class="muted">{price(order.price)}</span>
            <b class="end-of-row">{usd(order.usd)}</b>
          </li>
        ))}
        {forced?.orders.length === 0 && <li class="muted">{t('desk_noneHeard')}</li>}
      </ol>
    </Panel>
  );
}
