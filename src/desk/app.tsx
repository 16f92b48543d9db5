import { useEffect, useState } from 'preact/hooks';
import { minuteMs } from '../engine/time';
import type { Settings, SettingsChange } from '../protocol/settings';
import type { Tick } from '../protocol/view';
import { percent, price, usd } from '../ui/format';
import { Icon } from '../ui/icon';
import { MarketStatus } from '../ui/market-status';
import { mood } from '../ui/mood';
import { t } from '../ui/text';
import { useLedger } from '../ui/use-ledger';
import { useMarket, type Watched } from '../ui/use-market';
import { useNow } from '../ui/use-now';
import { useSettings } from '../ui/use-settings';
import { typedSymbol } from '../venues/symbols';
import { AccuracyHere } from './accuracy';
import { Banners } from './banners';
import { ChartPanel, type Choices } from './chart-panel';
import { Clusters } from './clusters-panel';
import { HeardPanel } from './heard-panel';
import { Leans } from './leans-panel';
import { Levels } from './levels-panel';
import { Pushes } from './pushes-panel';
import { useLeaning } from './use-leaning';
import { useReplay } from './use-replay';
import { VenueCards } from './venue-cards';
import { Watchlist } from './watchlist';
import { Week } from './week';

/** Bars that show a window and a little more. */
const barsOf: Record<Choices['window'], { stepMs: number; count: number }> = {
  '12h': { stepMs: 5 * minuteMs, count: 180 },
  '24h': { stepMs: 5 * minuteMs, count: 320 },
  '7d': { stepMs: 30 * minuteMs, count: 370 },
  '30d': { stepMs: 120 * minuteMs, count: 370 },
};

export function App() {
  const { settings, change } = useSettings();
  if (!settings) return null;
  return <Desk settings={settings} change={change} />;
}

/** The market that the address names. */
const askedSymbol = (): string =>
  typedSymbol(new URLSearchParams(location.search).get('symbol') ?? '') ?? 'BTC-USDT';

const Foot = () => (
  <p class="label foot">
    {t('map_noAdvice')}{' '}
    <a href="/src/accuracy/index.html" target="_blank" rel="noreferrer">
      {t('popup_accuracy')}
    </a>
  </p>
);

/** What stands last where there is one column, and below the levels where there are two. */
function Rest(props: {
  symbol: string;
  watched: Watched;
  settings: Settings;
  change(wanted: SettingsChange): void;
  now: number;
}) {
  const { symbol, watched, settings, change, now } = props;
  const { tick, detail } = watched;
  const ledger = useLedger(symbol);
  return (
    <>
      <VenueCards
        health={tick?.health ?? []}
        total={tick?.context?.openInterestUsd}
        settings={settings}
        change={change}
      />
      <AccuracyHere ledger={ledger} />
      <HeardPanel detail={detail} tick={tick} now={now} />
    </>
  );
}

/**
 * Whether everything stands in one column. What is told of where things stand is told in that order: keys and readers of
 * screens go the way that eyes do.
 */
function useIsColumn(): boolean {
  const [query] = useState(() => matchMedia('(max-width: 1060px)'));
  const [isColumn, setIsColumn] = useState(query.matches);
  useEffect(() => {
    const change = () => setIsColumn(query.matches);
    query.addEventListener('change', change);
    return () => query.removeEventListener('change', change);
  }, [query]);
  return isColumn;
}

function Desk({ settings, change }: { settings: Settings; change(wanted: SettingsChange): void }) {
  const [symbol, setSymbol] = useState(askedSymbol);
  const [choices, setChoices] = useState<Choices>({
    window: settings.window,
    mode: settings.mode === 'profile' ? 'bands' : settings.mode,
    tiers: settings.tiers,
    step: 0,
  });
  const { threshold, levelsPerSide } = settings;
  const shown = { tiers: choices.tiers, threshold, levelsPerSide };
  const now = useNow();
  const watched = useMarket({
    symbol,
    window: choices.window,
    bars: barsOf[choices.window],
    ...(choices.mode === 'heatmap' && { history: true }),
    ...(settings.observed && { observed: true }),
  });
  const { tick, detail, unknown } = watched;
  const isNowhere = unknown !== undefined && !watched.view;
  const replay = useReplay({ symbol, window: choices.window, bars: barsOf[choices.window] });
  const leaning = useLeaning(symbol, detail, watched.view?.provisional === false);
  const isColumn = useIsColumn();
  const isPast = replay.at !== undefined;
  const view = isPast ? replay.told?.view : watched.view;
  const nowTick = isPast ? undefined : tick;
  useEffect(() => {
    document.title = `${tick?.price ? `${price(tick.price)} ` : ''}${symbol} · Liqbands`;
  }, [symbol, tick?.price]);

  const rest = <Rest {...{ symbol, watched, settings, change, now }} />;
  return (
    <>
      <Header symbol={symbol} setSymbol={setSymbol} tick={tick} now={now} isNowhere={isNowhere} />
      <Watchlist symbol={symbol} view={watched.view} tick={tick} now={now} choose={setSymbol} />
      <Banners symbol={symbol} banners={tick?.banners ?? []} now={now} />
      <main class={`${isColumn ? 'column' : ''} ${isNowhere ? 'nowhere' : ''}`}>
        {unknown && <p class="panel empty">{unknown}</p>}
        <ChartPanel
          watched={watched}
          replay={replay}
          settings={settings}
          choices={choices}
          shown={shown}
          choose={(wanted) => setChoices((before) => ({ ...before, ...wanted }))}
          change={change}
          now={now}
        />
        <div class="beside">
          {view ? (
            <>
              <Levels view={view} tick={nowTick} shown={shown} now={now} />
              <Leans view={view} tick={tick} leaning={isPast ? [] : leaning} />
            </>
          ) : (
            <Waiting tick={nowTick} />
          )}
          {!isColumn && rest}
        </div>
        <div class="under">
          {!isPast && view && <Pushes view={view} detail={detail} />}
          {view && <Clusters view={view} />}
        </div>
        {isColumn && <div class="beside">{rest}</div>}
        {watched.view && !watched.view.provisional && (
          <Week symbol={symbol} view={watched.view} detail={detail} leaning={leaning} now={now} />
        )}
        <Foot />
      </main>
    </>
  );
}

function Header(props: {
  symbol: string;
  setSymbol(symbol: string): void;
  tick: Tick | undefined;
  now: number;
  /** There is no such market to wait for. */
  isNowhere: boolean;
}) {
  const { symbol, setSymbol, tick, now, isNowhere } = props;
  const context = tick?.context;
  const change = context?.change24h ?? null;
  const figures: [string, string][] = [
    [t('position_funding'), signed(context?.fundingPer8h ?? null, 3)],
    [t('position_openInterest'), usd(context?.openInterestUsd)],
    [t('desk_volume'), usd(context?.volume24hUsd)],
    [t('position_mood'), context?.fearAndGreed ? mood(context.fearAndGreed) : '–'],
  ];
  return (
    <header>
      <h1>
        <img src="/icons/icon.svg" alt="" width="24" height="24" />
        <span>{t('popup_title')}</span>
      </h1>
      <SymbolField symbol={symbol} setSymbol={setSymbol} />
      <p class="now">
        <b class="big number">{price(tick?.price)}</b>{' '}
        {change !== null && (
          <span class="muted number">
            {signed(change, 2)} {t('popup_in24h')}
          </span>
        )}
      </p>
      <dl class="context">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt class="label">{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
      <span class="end">
        {!isNowhere && <MarketStatus tick={tick} now={now} />}
        <a class="button" href={`/src/position/index.html?symbol=${encodeURIComponent(symbol)}`}>
          <Icon name="chart" />
          <span class="words">{t('popup_position')}</span>
        </a>
        <a class="button bare" href="/src/options/index.html" aria-label={t('options_title')}>
          <Icon name="gear" />
        </a>
      </span>
    </header>
  );
}

const signed = (value: number | null, decimals: number): string =>
  value !== null && value > 0 ? `+${percent(value, decimals)}` : percent(value, decimals);

/** The market shown, to be typed over. */
function SymbolField({ symbol, setSymbol }: { symbol: string; setSymbol(symbol: string): void }) {
  const [typed, setTyped] = useState(symbol);
  useEffect(() => setTyped(symbol), [symbol]);
  const meant = typedSymbol(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (meant) setSymbol(meant);
      }}
    >
      <input
        class="field symbol"
        aria-label={t('desk_symbol')}
        aria-invalid={meant === undefined}
        value={typed}
        maxLength={30}
        size={11}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => meant && setSymbol(meant)}
      />
    </form>
  );
}

/** While history is fetched: which venues have come so far. */
function Waiting({ tick }: { tick: Tick | undefined }) {
  const coming = tick?.health
    .filter(({ state }) => state === 'starting')
    .map(({ name, venue }) => name ?? venue);
  return (
    <div class="panel" role="status">
      <p class="muted">
        {coming && coming.length > 0 ? t('desk_waitingFor', coming.join(', ')) : t('map_loading')}
      </p>
      {[95, 80, 90, 70].map((width) => (
        <span key={width} class="skeleton" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
