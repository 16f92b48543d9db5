import { type Fuel, fuelRatio, fuelVerdict } from '../engine/risk/fuel';
import { bandMap } from '../protocol/band-map';
import type { Leaning } from '../protocol/detail';
import type { MapView, Tick } from '../protocol/view';
import { Balance } from '../ui/balance';
import { ratio, usd } from '../ui/format';
import { fragility } from '../ui/fragility';
import { Panel } from '../ui/panel';
import { Spark } from '../ui/spark';
import { TableHead } from '../ui/table-head';
import { keyOf, t } from '../ui/text';

/** How the map leans, what is fuel for whom, and how both went. */
export function Leans({
  view,
  tick,
  leaning,
}: {
  view: MapView;
  tick: Tick | undefined;
  /** Hour by hour; empty where another moment is shown. */
  leaning: readonly Leaning[];
}) {
  const { within5, within10, longUsd5, shortUsd5 } = view.ratio;
  const map = bandMap(view);
  const openInterestUsd = tick?.context?.openInterestUsd ?? 0;
  const fuel = (side: 'long' | 'short') => fuelRatio(map, { side, entry: map.price, openInterestUsd });
  const long = fuel('long');
  const short = fuel('short');
  const day = leaning.slice(-dayHours);
  const ratios = [...day.map((each) => each.ratio), within5];
  const fuels = [...day.map((each) => each.fuelLong), long.ratio];
  return (
    <Panel
      title={t('desk_leans')}
      note={t('desk_descriptive')}
      aside={day.length > 0 && <span class="label">{t('desk_lastDay')}</span>}
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
          <p class="label">
            {day.length > 0
              ? t('desk_ratioDay', spanOf(ratios), String(flipsOf(ratios)), ratio(within10))
              : t('desk_ratio10', ratio(within10))}
          </p>
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
        <TableHead
          columns={[
            fuels.length > 1 ? (
              t('desk_fuelDay', spanOf(fuels))
            ) : (
              <span key="side" class="hidden">
                {t('desk_side')}
              </span>
            ),
            t('desk_plain'),
            t('desk_near'),
          ]}
        />
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
