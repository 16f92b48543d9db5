import { useEffect, useState } from 'preact/hooks';
import { mostPinned } from '../protocol/alert-choices';
import type { WatchedSymbol } from '../protocol/past';
import type { MapView, Tick } from '../protocol/view';
import { ask } from '../ui/ask';
import { age, distance, price, ratio } from '../ui/format';
import { fragility } from '../ui/fragility';
import { Icon } from '../ui/icon';
import { t } from '../ui/text';
import { useAlertChoices } from '../ui/use-alert-choices';
import { typedSymbol } from '../venues/symbols';

const refreshMs = 10_000;

/** Pinned markets: price, distance of the nearest level each side, and how the map leans, the one on screen as it is now. */
export function Watchlist(props: {
  symbol: string;
  view: MapView | undefined;
  tick: Tick | undefined;
  now: number;
  choose(symbol: string): void;
}) {
  const { symbol, view, tick, now, choose } = props;
  const { choices, change, problem } = useAlertChoices();
  const rows = useWatchlist(choices?.pinned.join() ?? '');
  const nearest = (side: 'long' | 'short') =>
    view?.levels?.find((level) => level.side === side)?.edge ?? null;
  const live: WatchedSymbol | undefined = view && {
    symbol,
    time: now,
    price: tick?.price ?? view.price,
    ratio: view.ratio.within5,
    longsBelow: nearest('long'),
    shortsAbove: nearest('short'),
  };
  const shown = rows.map((row) => (row.symbol === symbol && live ? live : row));
  const isPinned = choices?.pinned.includes(symbol) === true;
  const pin = (added: string) => {
    if (choices && !choices.pinned.includes(added))
      void change({ pinned: [...choices.pinned, added].slice(-mostPinned) });
  };
  return (
    <nav class="watchlist" aria-label={t('desk_watchlist')}>
      <ul>
        {shown.map((row) => (
          <li key={row.symbol}>
            <button
              type="button"
              class={row.symbol === symbol ? 'on' : ''}
              aria-current={row.symbol === symbol ? 'true' : undefined}
              onClick={() => choose(row.symbol)}
            >
              <Row {...row} now={now} />
            </button>
          </li>
        ))}
        {!isPinned && choices && (
          <li>
            <button type="button" class="muted" onClick={() => pin(symbol)}>
              <Icon name="pin" /> {t('desk_pinThis', symbol)}
            </button>
          </li>
        )}
        <li>
          <Add add={pin} />
        </li>
      </ul>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </nav>
  );
}

/** What a look older than this says is no more of now. */
const oldMs = 10 * 60_000;

function Row({
  symbol,
  time,
  price: at,
  ratio: leaning,
  longsBelow,
  shortsAbove,
  now,
}: WatchedSymbol & { now: number }) {
  const coin = symbol.split('-')[0]!;
  if (time === null || at === null)
    return (
      <>
        <b>{coin}</b> <span class="muted">{t('desk_notLooked')}</span>
      </>
    );
  const away = (edge: number | null) => (edge === null ? '–' : distance(edge / at - 1));
  return (
    <>
      <b>{coin}</b> <span class="number muted">{price(at)}</span>{' '}
      <span class="short number">
        <span class="hidden">{t('map_shorts')} </span>
        {away(shortsAbove)}
      </span>{' '}
      <span class="long number">
        <span class="hidden">{t('map_longs')} </span>
        {away(longsBelow)}
      </span>{' '}
      <span class="number">{ratio(leaning)}</span>{' '}
      <span class="muted">
        {now - time > oldMs ? t('desk_ago', age(now - time)) : fragility(leaning).text.toLowerCase()}
      </span>
    </>
  );
}

/** A market typed to be pinned. */
function Add({ add }: { add(symbol: string): void }) {
  const [typed, setTyped] = useState('');
  const meant = typedSymbol(typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!meant) return;
        add(meant);
        setTyped('');
      }}
    >
      <input
        class="field"
        aria-label={t('options_pin')}
        aria-invalid={typed !== '' && meant === undefined}
        placeholder={t('desk_add')}
        value={typed}
        maxLength={30}
        size={6}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </form>
  );
}

function useWatchlist(pinned: string): readonly WatchedSymbol[] {
  const [rows, setRows] = useState<readonly WatchedSymbol[]>([]);
  useEffect(() => {
    let isOver = false;
    const read = () =>
      ask('watchlist', {}).then(
        (told) => isOver || setRows(told),
        // The worker is being replaced: the next time.
        () => undefined,
      );
    void read();
    // What was just pinned is looked at within seconds.
    const soon = setTimeout(() => void read(), refreshMs / 3);
    const timer = setInterval(() => void read(), refreshMs);
    return () => {
      isOver = true;
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [pinned]);
  return rows;
}
