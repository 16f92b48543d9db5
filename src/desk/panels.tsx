import { type CascadeRow, type CascadeWalk, cascadeTable, walkCascade } from '../engine/flow/cascade';
import { clustersAt } from '../engine/map/clusters';
import { type Fuel, fuelRatio, fuelVerdict } from '../engine/risk/fuel';
import { shownLevels } from '../paint/levels';
import type { Shown } from '../paint/side-bands';
import { bandMap } from '../protocol/band-map';
import type { DepthView, Detail, Leaning } from '../protocol/detail';
import type { Settings, SettingsChange } from '../protocol/settings';
import type { FeedHealth, LevelView, MapView, Tick } from '../protocol/view';
import { Balance } from '../ui/balance';
import { depthOf } from '../ui/depth-of';
import { age, clock, distance, percent, price, ratio, usd, usdRange } from '../ui/format';
import { fragility } from '../ui/fragility';
import { Panel } from '../ui/panel';
import { Spark } from '../ui/spark';
import { Dot } from '../ui/status';
import { keyOf, t } from '../ui/text';

/** From this depth ratio on a level is marked. */
const heavy = 5;

/** Levels as an order book has prices: shorts descending, the last price, longs below. */
export function Levels(props: { view: MapView; tick: Tick | undefined; shown: Shown; now: number }) {
  const { view, tick, shown, now } = props;
  const levels = shownLevels(view, shown);
  const last = tick?.price ?? view.price;
  const shorts = levels.filter(({ side }) => side === 'short').sort((a, b) => b.edge - a.edge);
  const longs = levels.filter(({ side }) => side === 'long').sort((a, b) => b.edge - a.edge);
  const row = (level: LevelView) => (
    <LevelRow key={`${level.side} ${level.edge}`} {...{ level, view, last, now }} />
  );
  return (
    <Panel
      title={t('desk_levels')}
      note={t('desk_levelsNote')}
      aside={<span class="label">{t(keyOf('window_last', view.window))}</span>}
      class="levels"
    >
      <table class="table">
        <thead>
          <tr>
            <th class="left" scope="col">
              {t('desk_side')}
            </th>
            <th scope="col">{t('desk_edge')}</th>
            <th scope="col">{t('desk_distance')}</th>
            <th scope="col">{t('desk_forced')}</th>
            <th scope="col" class="typical">
              {t('desk_typical')}
            </th>
            <th scope="col" class="left why">
              {t('desk_why')}
            </th>
            <th scope="col" class="aged">
              {t('desk_age')}
            </th>
            <th scope="col">{t('desk_depth')}</th>
          </tr>
        </thead>
        <tbody>
          {shorts.map(row)}
          {shorts.length === 0 && <NoLevel side="short" />}
          <tr class="last">
            <th class="left" scope="row" colSpan={3}>
              {t('desk_last')} <b>{price(last)}</b>
            </th>
            <td colSpan={5}>{t('desk_order')}</td>
          </tr>
          {longs.map(row)}
          {longs.length === 0 && <NoLevel side="long" />}
        </tbody>
      </table>
    </Panel>
  );
}

function NoLevel({ side }: { side: 'long' | 'short' }) {
  return (
    <tr>
      <th class="left" scope="row">
        <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
      </th>
      <td colSpan={7} class="left muted">
        {t('desk_noLevel')}
      </td>
    </tr>
  );
}

function LevelRow(props: { level: LevelView; view: MapView; last: number; now: number }) {
  const { level, view, last } = props;
  const { side, edge, forced, times, ageMs } = level;
  const depth = view.clusters.find(
    (cluster) => cluster.side === side && cluster.low < level.high && cluster.high > level.low,
  )?.depth;
  return (
    <tr>
      <th class="left" scope="row">
        <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
      </th>
      <td>
        <b>{price(edge)}</b>
      </td>
      <td>{distance(edge / last - 1)}</td>
      <td>≈ {usdRange(forced.p10, forced.p90)}</td>
      <td class="typical">
        {times === undefined ? '–' : times >= 1.5 ? <b>{ratio(times)}×</b> : `${ratio(times)}×`}
      </td>
      <td class="left why">{whyOf(level)}</td>
      <td class="aged">{age(ageMs)}</td>
      <td>
        {depth === undefined ? (
          '–'
        ) : (
          <span class={depth.atRisk >= heavy ? 'warn strong' : ''}>
            {depth.atRisk.toFixed(1)}×{depth.extrapolated ? '*' : ''}
          </span>
        )}
      </td>
    </tr>
  );
}

/** What makes it a level, in two or three words. */
function whyOf({ kind, extreme, side }: LevelView): string {
  if (kind === 'excess') return t('desk_excess');
  const end = side === 'short' ? 'High' : 'Low';
  return t(extreme ? keyOf('desk_extreme', `${extreme}${end}` as const) : keyOf('desk_swing', end));
}

/** How the map leans, what is fuel for whom, and how both went. */
export function Leans({
  view,
  tick,
  detail,
}: {
  view: MapView;
  tick: Tick | undefined;
  detail: Detail | undefined;
}) {
  const { within5, within10, longUsd5, shortUsd5 } = view.ratio;
  const map = bandMap(view);
  const openInterestUsd = tick?.context?.openInterestUsd ?? 0;
  const fuel = (side: 'long' | 'short') => fuelRatio(map, { side, entry: map.price, openInterestUsd });
  const long = fuel('long');
  const short = fuel('short');
  const day = lastDay(detail?.leaning ?? []);
  const ratios = [...day.map((each) => each.ratio), within5];
  const fuels = [...day.map((each) => each.fuelLong), long.ratio];
  return (
    <Panel
      title={t('desk_leans')}
      note={t('desk_descriptive')}
      aside={<span class="label">{t('desk_lastDay')}</span>}
      class="leans"
    >
      <div class="two">
        <div>
          <p class="label">{t('desk_atRisk5')}</p>
          <p class="row">
            <span>
              <b class="big number">{ratio(within5)}</b> {fragility(within5).text.toLowerCase()}
            </span>
            <Spark values={ratios} label={t('desk_ratioHistory')} />
          </p>
          <Balance long={longUsd5} short={shortUsd5} />
          <p class="row label">
            <span class="long">{t('desk_longsBelow', usd(longUsd5))}</span>
            <span class="short">{t('desk_shortsAbove', usd(shortUsd5))}</span>
          </p>
          <p class="label">{t('desk_ratioDay', spanOf(ratios), String(flipsOf(ratios)), ratio(within10))}</p>
        </div>
        <FuelRatios {...{ long, short, fuels }} />
      </div>
    </Panel>
  );
}

/** Whom the other side's liquidations would carry, now and over the last day. */
function FuelRatios(props: { long: Fuel; short: Fuel; fuels: readonly (number | null)[] }) {
  const { long, short, fuels } = props;
  return (
    <div>
      <p class="label">{t('desk_fuelTitle')}</p>
      <p class="row">
        <span>
          <b class="big number">{ratio(long.ratio)}</b>{' '}
          {long.ratio === null ? t('desk_fuelNone') : t(keyOf('position_verdict', fuelVerdict(long.ratio)))}
        </span>
        <Spark values={fuels} label={t('desk_fuelHistory')} />
      </p>
      <table class="table small">
        <thead>
          <tr>
            <th class="left" scope="col">
              {t('desk_fuelDay', spanOf(fuels))}
            </th>
            <th scope="col">{t('desk_plain')}</th>
            <th scope="col">{t('desk_near')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th class="left" scope="row">
              {t('desk_fuelLong')}
            </th>
            <td>{ratio(long.ratio)}</td>
            <td>{ratio(long.weighted)}</td>
          </tr>
          <tr>
            <th class="left" scope="row">
              {t('desk_fuelShort')}
            </th>
            <td>{ratio(short.ratio)}</td>
            <td>{ratio(short.weighted)}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

const dayHours = 24;
const lastDay = (leaning: readonly Leaning[]): Leaning[] => leaning.slice(-dayHours);

/** Lowest and highest of what is known. */
function spanOf(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? '–' : `${ratio(Math.min(...known))}–${ratio(Math.max(...known))}`;
}

/** How often the heavier side changed. */
function flipsOf(ratios: readonly (number | null)[]): number {
  const heavier = ratios.filter((value) => value !== null && value !== 1).map((value) => value! > 1);
  return heavier.filter((side, i) => i > 0 && side !== heavier[i - 1]).length;
}

/** What moves of 1 to 10 % would set off against what rests in the books. */
export function Pushes({ view, detail }: { view: MapView; detail: Detail | undefined }) {
  const rows = pushesOf(view, detail);
  return (
    <Panel
      title={t('desk_pushes')}
      note={t('desk_pushesNote', String(detail?.venues.length ?? 0))}
      class="pushes"
    >
      {rows.length === 0 ? (
        <p class="empty">{t('desk_noBooks')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th class="left" scope="col">
                {t('desk_fallTo')}
              </th>
              <th scope="col" class="book">
                {t('desk_book')}
              </th>
              <th scope="col" class="long">
                ≈ {t('map_longs')}
              </th>
              <th scope="col" class="push">
                {t('desk_push')}
              </th>
              <th scope="col" class="short">
                ≈ {t('map_shorts')}
              </th>
              <th scope="col" class="book">
                {t('desk_book')}
              </th>
              <th scope="col">{t('desk_riseTo')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ move, down, up }) => (
              <tr key={move}>
                <td class="left">
                  <b>{stopText(down.walk)}</b>
                </td>
                <td class="muted book">{usd(down.walk.pushUsd)}</td>
                <td>{usdRange(down.low, down.high)}</td>
                <th scope="row" class="push">
                  ± {percent(move, 0)}
                </th>
                <td>{usdRange(up.low, up.high)}</td>
                <td class="muted book">{usd(up.walk.pushUsd)}</td>
                <td>
                  <b>{stopText(up.walk)}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {detail && rows.length > 0 && <Chains view={view} detail={detail} />}
      {detail?.depth && <Reaches books={detail.depth.books} />}
    </Panel>
  );
}

/** How far each venue's book reaches: what lies beyond is not known. */
function Reaches({ books }: Pick<DepthView, 'books'>) {
  return (
    <p class="label muted">
      {t('desk_reach')}{' '}
      {[...books]
        .sort((a, b) => a.reach - b.reach)
        .map(({ name, reach }) => `${name} ± ${percent(reach, reach < 0.01 ? 2 : 1)}`)
        .join(' · ')}
      . {t('desk_reachNote')}
    </p>
  );
}

/** What the nearest level of each side would set off by itself: pushed through it, where price would come to rest. */
function Chains({ view, detail }: { view: MapView; detail: Detail }) {
  if (!detail.depth) return null;
  const map = bandMap(view);
  const clusters = clustersAt(map, view.levels ?? []);
  const depth = { ...depthOf(detail.depth), price: map.price };
  const walks = (['long', 'short'] as const)
    .map((side) => walkCascade(map, clusters, depth, { side, q: Math.min(2, view.q.p50) }))
    .filter((walk) => walk !== null);
  return (
    <ul class="chains label">
      {walks.map((walk: CascadeWalk) => (
        <li key={walk.side}>
          <span class={`side ${walk.side}`}>{t(walk.side === 'long' ? 'map_longs' : 'map_shorts')}</span>{' '}
          {t(
            'desk_chain',
            price(walk.pushedTo),
            stopText(walk),
            String(walk.reached.length),
            usdRange(walk.atRiskUsd * view.q.p10, walk.atRiskUsd * view.q.p90),
          )}
        </li>
      ))}
    </ul>
  );
}

const stopText = ({ stop, extrapolated }: CascadeWalk): string => `${price(stop)}${extrapolated ? '*' : ''}`;

interface Push {
  walk: CascadeRow;
  /** p10 and p90 of what would be forced, USD. */
  low: number;
  high: number;
}

function pushesOf(view: MapView, detail: Detail | undefined): { move: number; down: Push; up: Push }[] {
  if (!detail?.depth) return [];
  const map = bandMap(view);
  const clusters = clustersAt(map, view.levels ?? []);
  const depth = { ...depthOf(detail.depth), price: map.price };
  const rows = cascadeTable(map, clusters, depth, Math.min(2, view.q.p50));
  const push = (move: number): Push => {
    const walk = rows.find((each) => each.move === move)!;
    return { walk, low: walk.atRiskUsd * view.q.p10, high: walk.atRiskUsd * view.q.p90 };
  };
  return [0.01, 0.02, 0.03, 0.05, 0.1].map((move) => ({ move, down: push(-move), up: push(move) }));
}

/** Real forced orders as this browser heard them, in sums and one by one. */
export function Heard({
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
        <thead>
          <tr>
            <th class="left" scope="col">
              USD
            </th>
            {hours.map((each) => (
              <th key={each} scope="col">
                {each} h
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['long', 'short'] as const).map((side) => (
            <tr key={side}>
              <th class="left" scope="row">
                <span class={`side ${side}`}>{t(side === 'long' ? 'map_longs' : 'map_shorts')}</span>
              </th>
              {hours.map((each) => (
                <td key={each}>{usd(total(each)?.[side])}</td>
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
            <span>{nameOf(order.venue)}</span>
            <span class="muted">{price(order.price)}</span>
            <b class="end-of-row">{usd(order.usd)}</b>
          </li>
        ))}
        {forced?.orders.length === 0 && <li class="muted">{t('desk_noneHeard')}</li>}
      </ol>
    </Panel>
  );
}

/** Each venue: how much of the open interest it is, how good and how old. */
export function VenueCards(props: {
  health: readonly FeedHealth[];
  total: number | undefined;
  settings: Settings;
  change(wanted: SettingsChange): void;
}) {
  const { health, total, settings, change } = props;
  const on = Object.values(settings.venues).filter(Boolean).length;
  return (
    <Panel
      title={t('desk_venues')}
      note={total === undefined ? '' : t('desk_openInterest', usd(total))}
      class="venues"
    >
      <ul class="cards">
        {health.map((each) => (
          <li key={each.venue} title={each.reason}>
            <label class="status">
              <Dot state={each.state} />
              {each.name ?? each.venue}
              <input
                type="checkbox"
                checked={settings.venues[each.venue]}
                // With none there would be nothing to draw.
                disabled={on === 1 && settings.venues[each.venue]}
                onChange={() => change({ venues: { [each.venue]: !settings.venues[each.venue] } })}
              />
            </label>
            <span class="number">{usd(each.openInterestUsd)}</span>
            <span class="label">
              {each.state === 'ok' ? t(keyOf('quality', each.quality)) : t(keyOf('health', each.state))}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
