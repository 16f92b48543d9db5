import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Side, tierLeverages, type WindowId } from '../engine/records';
import { minuteMs } from '../engine/time';
import { coarseView } from '../paint/coarse-view';
import { type Heat, readHeat } from '../paint/heatmap';
import { bandsOf, type Shown } from '../paint/side-bands';
import { freshnessOf } from '../paint/theme';
import { palettes } from '../protocol/looks';
import type { Settings, SettingsChange } from '../protocol/settings';
import type { HistoryView, MapView, Tick } from '../protocol/view';
import { age, distance, percent, price, usd, usdRange } from '../ui/format';
import { Segmented } from '../ui/segmented';
import { keyOf, t } from '../ui/text';
import { Threshold } from '../ui/threshold';
import { TierChoice } from '../ui/tier-choice';
import type { Watched } from '../ui/use-market';
import { useScheme } from '../ui/use-scheme';
import { WindowChoice } from '../ui/window-choice';
import { createDeskChart, type DeskChart } from './chart';
import { ChartTable } from './chart-table';
import { ExportMenu } from './export-menu';
import type { DeskMode } from './primitive';
import { ReplayBar } from './replay-bar';
import type { PastReplay } from './use-replay';

const modes = ['levels', 'bands', 'heatmap', 'curves'] as const;

/** Size of the words on charts where screens are small, CSS pixels: that of `--label`. */
const smallest = 11;

export interface Choices {
  window: WindowId;
  mode: DeskMode;
  tiers: readonly boolean[];
  /** Width of the bands, as a fraction of price; 0: as the map comes. */
  step: number;
}

const steps = [0, 0.0025, 0.005, 0.01];

/** The chart with what is estimated on it, and the choices of what that is. */
export function ChartPanel(props: {
  watched: Watched;
  replay: PastReplay;
  settings: Settings;
  choices: Choices;
  shown: Shown;
  choose(wanted: Partial<Choices>): void;
  change(wanted: SettingsChange): void;
  now: number;
}) {
  const { watched, replay, settings, choices, shown, choose, change, now } = props;
  const { tick, detail } = watched;
  const { told } = replay;
  const isPast = replay.at !== undefined;
  const whole = isPast ? (told?.view ?? undefined) : watched.view;
  const view = useMemo(() => whole && coarseView(whole, choices.step), [whole, choices.step]);
  const candles = isPast ? told?.candles : detail?.candles;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<DeskChart | undefined>(undefined);
  const [point, setPoint] = useState<number>();
  const scheme = useScheme();
  const heat = useHeat(watched.history);

  useEffect(() => {
    const gone = new AbortController();
    chart.current = createDeskChart(box.current!, gone.signal, setPoint);
    return () => gone.abort();
  }, []);
  useEffect(() => {
    if (!view || !candles) return;
    chart.current?.show(view, candles, {
      palette: settings.palette,
      opacity: settings.opacity,
      freshness: isPast ? 'fresh' : freshnessOf(tick?.asOf ? now - tick.asOf : 0, tick?.isDoubtful),
      ...shown,
      mode: choices.mode,
      price: (isPast ? undefined : tick?.price) ?? view.price,
      pricedAt: tick?.price ? (tick.asOf ?? undefined) : undefined,
      zoom: Number.parseFloat(getComputedStyle(box.current!).fontSize) / smallest,
      rings: (isPast ? told?.orders : detail?.forced.orders) ?? [],
      moment: replay.at,
      heat,
    });
  }, [view, candles, detail, tick, choices, scheme, heat, settings]);

  return (
    <section class="panel chart-panel" aria-label={t('desk_chart')}>
      <Tools
        {...{ view, settings, choices, shown, choose, change }}
        picture={() => chart.current?.picture()}
      />
      <div class="chart-frame">
        <p class="legend label">
          <span class="key estimate" /> {t('desk_keyEstimate')} <span class="key ring" />{' '}
          {t('desk_keyRealised')}
          {view?.observed && <Observed observed={view.observed} tick={tick} />}
          {isPast && <span class="warn"> · {t('desk_past')}</span>}
          {view?.provisional && <span class="warn"> · {t('desk_provisional')}</span>}
        </p>
        <div class="chart" ref={box} role="img" aria-label={t('desk_chartTold')} />
        {!isPast && !(view && candles) && <span class="skeleton" />}
        {view && point !== undefined && (
          <Pointed view={view} at={point} shown={shown} isSummed={choices.mode === 'curves'} />
        )}
      </div>
      {watched.view && (
        <ReplayBar
          replay={replay}
          historyFrom={watched.view.historyFrom}
          isReady={!watched.view.provisional}
          now={now}
          shown={shown}
        />
      )}
      {view && <ChartTable view={view} shown={shown} />}
    </section>
  );
}

function Tools(props: {
  view: MapView | undefined;
  settings: Settings;
  choices: Choices;
  shown: Shown;
  choose(wanted: Partial<Choices>): void;
  change(wanted: SettingsChange): void;
  picture(): HTMLCanvasElement | undefined;
}) {
  const { view, settings, choices, shown, choose, change, picture } = props;
  const [wanted, setWanted] = useState<boolean>();
  // What is left out of the picture is not left out of sight.
  const isNarrowed = !choices.tiers.every(Boolean) || settings.threshold > 0 || choices.step > 0;
  const hasMore = wanted ?? isNarrowed;
  return (
    <div class="tools">
      <WindowChoice value={choices.window} onChange={(window) => choose({ window })} />
      <Segmented
        label={t('popup_mode')}
        options={modes.map((value) => ({ value, label: t(keyOf('desk_mode', value)) }))}
        value={choices.mode}
        onChange={(mode) => choose({ mode })}
      />
      {/* On a small screen the chart comes first: the finer choices are asked for. */}
      <button
        type="button"
        class="button more-choices"
        aria-expanded={hasMore}
        aria-controls="more-choices"
        onClick={() => setWanted(!hasMore)}
      >
        {t('desk_choices')} {hasMore ? '▴' : '▾'}
      </button>
      <div id="more-choices" class={hasMore ? 'open' : ''}>
        <TierChoice value={choices.tiers} onChange={(tiers) => choose({ tiers })} />
        <Threshold view={view} shown={shown} onInput={(threshold) => change({ threshold })} />
        <label class="step">
          {t('desk_step')}
          <select
            class="field"
            value={choices.step}
            onChange={(event) => choose({ step: Number(event.currentTarget.value) })}
          >
            {steps.map((step) => (
              <option key={step} value={step}>
                {step === 0 ? t('desk_stepAuto') : percent(step, 2)}
              </option>
            ))}
          </select>
        </label>
        <Segmented
          label={t('popup_palette')}
          options={palettes.map((value) => ({ value, label: t(keyOf('palette', value)) }))}
          value={settings.palette}
          onChange={(palette) => change({ palette })}
        />
        <label class={`chip ${settings.observed ? 'on' : ''}`} title={t('desk_observedWhat')}>
          <input
            type="checkbox"
            class="hidden"
            checked={settings.observed}
            onChange={() => change({ observed: !settings.observed })}
          />
          {t('desk_observed')}
        </label>
      </div>
      {view && <ExportMenu view={view} shown={shown} picture={picture} />}
    </div>
  );
}

/** How much of the venue's open interest was seen. */
function Observed(props: { observed: NonNullable<MapView['observed']>; tick: Tick | undefined }) {
  const { venue, coverage, accounts } = props.observed;
  const name = props.tick?.health.find((each) => each.venue === venue)?.name ?? venue;
  return (
    <>
      <span class="key diamond" /> {t('desk_keyObserved', percent(coverage, 0), name, String(accounts))}
    </>
  );
}

/** The band under the pointer, in words. */
function Pointed(props: { view: MapView; at: number; shown: Shown; isSummed: boolean }) {
  const { view, at, shown, isSummed } = props;
  const side = at < view.price ? 'long' : 'short';
  const i = Math.floor((Math.log(at) - view.lnLow) / view.step);
  const { usd: amounts } = bandsOf(view, side, shown);
  const amount = amounts[i] ?? 0;
  const low = Math.exp(view.lnLow + i * view.step);
  const total = view[side][i] ?? 0;
  const byTier = side === 'long' ? view.longTiers : view.shortTiers;
  const shares = tierLeverages
    .map((leverage, k) => ({
      leverage,
      share: total > 0 ? (byTier[k * view.long.length + i] ?? 0) / total : 0,
    }))
    .filter(({ share }) => share >= 0.05)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  const minutes = (side === 'long' ? view.longAge : view.shortAge)[i] ?? 0;
  return (
    <dl class="pointed facts" aria-live="off">
      <div>
        <dt class={side}>
          <b>
            {t(side === 'long' ? 'map_longs' : 'map_shorts')} {price(low)}–{price(low * Math.exp(view.step))}
          </b>
        </dt>
        <dd>{distance(at / view.price - 1)}</dd>
      </div>
      <div>
        <dt>{t('desk_atRisk')}</dt>
        <dd>{usd(amount)}</dd>
      </div>
      {isSummed && (
        <div>
          <dt>{t('desk_passed')}</dt>
          <dd>
            <b>{usd(passedTo(amounts, i, side))}</b>
          </dd>
        </div>
      )}
      <div>
        <dt>{t('desk_forcedOften')}</dt>
        <dd>≈ {usdRange(amount * view.q.p10, amount * view.q.p90)}</dd>
      </div>
      <div>
        <dt>{t('desk_leverage')}</dt>
        <dd>
          {shares.length > 0
            ? shares.map(({ leverage, share }) => `${leverage}× ${percent(share, 0)}`).join(' · ')
            : '–'}
        </dd>
      </div>
      <div>
        <dt>{t('desk_age')}</dt>
        <dd>{amount > 0 ? age(minutes * minuteMs) : '–'}</dd>
      </div>
    </dl>
  );
}

/** What price passes on its way to a band, that band included: all of its side that lies nearer. */
function passedTo(amounts: ArrayLike<number>, band: number, side: Side): number {
  let sum = 0;
  if (side === 'long') for (let i = Math.max(0, band); i < amounts.length; i++) sum += amounts[i]!;
  else for (let i = Math.min(amounts.length - 1, band); i >= 0; i--) sum += amounts[i]!;
  return sum;
}

/** The history ready to be drawn, in the shades of the same market's one before it. */
function useHeat(history: HistoryView | undefined): Heat | undefined {
  const before = useRef<Heat | undefined>(undefined);
  return useMemo(() => {
    if (!history) return undefined;
    const { current } = before;
    const isSame = current?.symbol === history.symbol && current.window === history.window;
    before.current = readHeat(history, isSame ? current : undefined);
    return before.current;
  }, [history]);
}
