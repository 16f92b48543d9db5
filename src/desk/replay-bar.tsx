import { useEffect, useState } from 'preact/hooks';
import { hourMs } from '../engine/time';
import { shownLevels } from '../paint/levels';
import type { Shown } from '../paint/side-bands';
import type { Replayed } from '../protocol/past';
import type { LevelView } from '../protocol/view';
import { age, clock, price, usd } from '../ui/format';
import { Icon } from '../ui/icon';
import { t } from '../ui/text';
import type { PastReplay } from './use-replay';

/** A map is told of a moment that has a day of history behind it, and of thirty days at most. */
const mostHours = 720;
const leastHours = 24;
const playMs = 900;

/** Picks a moment of the last thirty days, and says what followed it. */
export function ReplayBar(props: {
  replay: PastReplay;
  historyFrom: number;
  /** History is still coming otherwise; the bar keeps its place meanwhile. */
  isReady: boolean;
  now: number;
  shown: Shown;
}) {
  const { replay, historyFrom, isReady, now, shown } = props;
  const hour = Math.floor(now / hourMs) * hourMs;
  const hours = Math.max(1, Math.min(mostHours, Math.floor((hour - historyFrom) / hourMs) - leastHours));
  const { at, set, told } = replay;
  const back = at === undefined ? 0 : Math.round((hour - at) / hourMs);
  const go = (hoursBack: number) =>
    set(hoursBack <= 0 ? undefined : hour - Math.min(hours, hoursBack) * hourMs);
  const [isPlaying, setIsPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (at === undefined) {
      setIsPlaying(false);
      return undefined;
    }
    // One hour at a time, and none before the last one has been seen.
    const timer = told ? setTimeout(() => go(back - 1), playMs) : undefined;
    return () => clearTimeout(timer);
  }, [isPlaying, at, told]);
  const play = () => {
    if (at === undefined) go(24);
    setIsPlaying(!isPlaying);
  };
  return (
    <section class="replay" aria-label={t('desk_replay')}>
      <div class="replay-row">
        <button
          type="button"
          class="button"
          aria-pressed={isPlaying}
          disabled={!isReady && !isPlaying}
          onClick={play}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} />
          {t('desk_replay')}
        </button>
        {isReady && <span class="label number">{dayOf(hour - hours * hourMs)}</span>}
        <label class="slider replay-slider">
          <span class="hidden">{t('desk_replayMoment')}</span>
          <input
            type="range"
            min={-hours}
            max={0}
            step={1}
            disabled={!isReady && at === undefined}
            value={-back}
            aria-valuetext={at === undefined ? t('desk_now') : when(at)}
            style={{ '--at': 1 - back / hours }}
            onInput={(event) => go(-event.currentTarget.valueAsNumber)}
          />
        </label>
        <output class="number">{at === undefined ? t('desk_now') : when(at)}</output>
        {at !== undefined && (
          <button
            type="button"
            class="text-button"
            onClick={(event) => {
              // It goes: who pressed it is at the slider.
              event.currentTarget.closest('.replay')?.querySelector('input')?.focus();
              set(undefined);
            }}
          >
            {t('desk_toNow')}
          </button>
        )}
      </div>
      {at !== undefined && <Followed told={told} at={at} shown={shown} />}
    </section>
  );
}

const when = (time: number): string =>
  new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(time);

const dayOf = (time: number): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }).format(time);

/** What came after the moment shown: forced orders that were heard, and levels that price went through. */
function Followed({ told, at, shown }: { told: Replayed | null | undefined; at: number; shown: Shown }) {
  if (told === undefined)
    return (
      <p class="label" role="status">
        {t('desk_replayAsking')}
      </p>
    );
  if (told === null)
    return (
      <p class="label warn" role="status">
        {t('desk_replayNothing')}
      </p>
    );
  const { view, followed, candles } = told;
  const passed = shownLevels(view, shown).flatMap((level) => {
    const time = passedAt(level, candles, at);
    return time === undefined ? [] : [{ level, time }];
  });
  return (
    <div class="followed" role="status">
      <p>
        {t('desk_replayThen', when(at), price(view.price))}{' '}
        {followed.long + followed.short > 0
          ? t('desk_replayHeard', age(followed.until - at), usd(followed.long), usd(followed.short))
          : t('desk_replayUnheard', age(followed.until - at))}
      </p>
      {passed.length > 0 && (
        <ul class="label">
          {passed.map(({ level, time }) => (
            <li key={`${level.side} ${level.edge}`}>
              <span class={`side ${level.side}`}>
                {t(level.side === 'long' ? 'map_longs' : 'map_shorts')}
              </span>{' '}
              {t('desk_replayPassed', price(level.edge), clock(time), age(time - at))}
            </li>
          ))}
        </ul>
      )}
      {passed.length === 0 && <p class="label">{t('desk_replayNonePassed')}</p>}
    </div>
  );
}

/** Opening time of the first bar after a moment that went through the far edge of a level. */
function passedAt(
  { side, low, high }: LevelView,
  { time, low: lows, high: highs }: Replayed['candles'],
  from: number,
): number | undefined {
  const i = time.findIndex(
    (each, k) => each >= from && (side === 'long' ? lows[k]! <= low : highs[k]! >= high),
  );
  return i < 0 ? undefined : time[i];
}
