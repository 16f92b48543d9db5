import { Component } from 'preact';
import type { Side } from '../engine/records';
import type { ColorScheme } from '../paint/theme';
import type { Corner, Settings } from '../protocol/settings';
import type { ClusterView } from '../protocol/view';
import { Age } from '../ui/age';
import { distance, ratio, usd } from '../ui/format';
import { fragility } from '../ui/fragility';
import { keyOf, t } from '../ui/text';
import { asOf, priceOf, type Scene } from './scene';

/** The figures at the chart's corner, and the card behind them. */

export interface BadgeActions {
  moveTo(corner: Corner): void;
  /** Stores a change of the settings. */
  choose(change: Partial<Settings>): void;
  /** Stops drawing on this host. */
  leaveSite(): void;
}

interface BadgeProps extends BadgeActions {
  scene: Scene;
  now: number;
  scheme: ColorScheme;
  corner: Corner;
}

/** The cluster of a side that price would reach first, by the distance of its nearer edge from the price now. */
function nearest(
  clusters: readonly ClusterView[],
  side: Side,
  price: number,
): { away: number; usd: number } | undefined {
  let best: { away: number; usd: number } | undefined;
  for (const cluster of clusters) {
    if (cluster.side !== side) continue;
    const away = (side === 'long' ? cluster.high : cluster.low) / price - 1;
    // The price stands inside it, or has passed it since the map was made.
    const reached = side === 'long' ? cluster.low >= price : cluster.high <= price;
    if (!reached && (!best || Math.abs(away) < Math.abs(best.away))) best = { away, usd: cluster.usd };
  }
  return best;
}

function Nearest({ scene, side }: { scene: Scene; side: Side }) {
  const price = priceOf(scene);
  const found = price && scene.view ? nearest(scene.view.clusters, side, price) : undefined;
  const words = found
    ? `${distance(found.away)} · ${t('map_amounts', usd(found.usd * scene.view!.q.p50), usd(found.usd))}`
    : t('badge_none');
  return (
    <span class={side} title={t(side === 'long' ? 'map_long' : 'map_short')}>
      {t(side === 'long' ? 'badge_below' : 'badge_above', words)}
    </span>
  );
}

/** What stands in the way of trusting the figures, most important first. */
function notices({ tick, view, disconnected }: Scene): string[] {
  const troubles = (tick?.health ?? []).filter(
    ({ state, reason }) => reason !== '' && !['ok', 'off', 'unlisted', 'starting'].includes(state),
  );
  return [
    ...(disconnected ? [t('badge_reconnecting')] : []),
    ...troubles.map(({ reason }) => reason),
    ...(tick?.banners ?? []).map((banner) => banner.text),
    ...(view?.provisional ? [t('map_provisional')] : []),
  ];
}

/** A choice of a few in the least room and code. */
function Choice<T extends string>(props: {
  label: string;
  values: readonly T[];
  value: T;
  name(value: T): string;
  onChange(value: T): void;
}) {
  return (
    <label class="choice">
      {props.label}
      <select onChange={(event) => props.onChange(event.currentTarget.value as T)}>
        {props.values.map((value) => (
          <option key={value} value={value} selected={value === props.value}>
            {props.name(value)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A class, as hooks would weigh as much as all the sites together. */
export class Badge extends Component<BadgeProps, { open: boolean }> {
  override state = { open: false };
  #start: { x: number; y: number } | undefined;
  #dragged = false;

  override render(props: BadgeProps, { open }: { open: boolean }) {
    const { scene, now, scheme, corner } = props;
    const { view, symbol, settings } = scene;
    const coin = symbol.symbol.replace(/-.*/, '');
    const verdict = fragility(view?.ratio.within5 ?? null);
    const all = notices(scene);
    return (
      // biome-ignore lint/a11y/useSemanticElements: a region with a name, not a section of the page's outline
      <div
        class={`badge ${scheme} ${corner.replace('-', ' ')}`}
        role="region"
        aria-label={t('badge_label', coin)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') this.setState({ open: false });
          // Pages listen for single keys: theirs are not meant here.
          event.stopPropagation();
        }}
      >
        <button type="button" class="summary" aria-expanded={open} title={t('badge_move')} {...this.#grip}>
          {view ? (
            <>
              <span class="head">
                <span class="ratio" title={t('map_ratio')}>
                  {ratio(view.ratio.within5)}
                </span>
                <span class={`words ${verdict.direction}`}>{verdict.text}</span>
              </span>
              <span class="near">
                <Nearest scene={scene} side="short" />
                <Nearest scene={scene} side="long" />
              </span>
              <span class="foot">
                {t('map_estimateOf', coin)} · {t(keyOf('window', view.window))} ·{' '}
                <Age at={asOf(scene) ?? null} now={now} />
              </span>
            </>
          ) : (
            <span class="foot">{t('badge_waiting')}</span>
          )}
          {(open ? all : all.slice(0, 2)).map((text) => (
            <span class="notice" key={text}>
              {text}
            </span>
          ))}
        </button>
        {open && (
          <section class="card" aria-label={t('badge_details')}>
            <Choice
              label={t('badge_window')}
              values={['12h', '24h', '7d', '30d'] as const}
              value={settings.window}
              name={(value) => t(keyOf('window', value))}
              onChange={(window) => props.choose({ window })}
            />
            <Choice
              label={t('badge_mode')}
              values={['bands', 'profile'] as const}
              value={settings.mode === 'profile' ? 'profile' : 'bands'}
              name={(value) => t(keyOf('mode', value))}
              onChange={(mode) => props.choose({ mode })}
            />
            <button type="button" class="leave" onClick={props.leaveSite}>
              {t('badge_leaveSite')}
            </button>
            <p>{t('badge_what')}</p>
          </section>
        )}
      </div>
    );
  }

  /** Click opens, a drag of more than a few px moves to the nearest corner, arrow keys do the same. */
  readonly #grip = {
    onPointerDown: (event: PointerEvent) => {
      this.#start = { x: event.clientX, y: event.clientY };
      this.#dragged = false;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      event.stopPropagation();
    },
    onPointerMove: (event: PointerEvent) => {
      if (!this.#start) return;
      const dx = event.clientX - this.#start.x;
      const dy = event.clientY - this.#start.y;
      if (Math.hypot(dx, dy) > 5) this.#dragged = true;
      if (this.#dragged) badgeOf(event).style.translate = `${dx}px ${dy}px`;
    },
    onPointerUp: (event: PointerEvent) => {
      this.#start = undefined;
      if (!this.#dragged) return;
      const badge = badgeOf(event);
      const box = badge.getBoundingClientRect();
      badge.style.translate = '';
      const pane = (badge.getRootNode() as ShadowRoot).host.getBoundingClientRect();
      const vertical = box.top + box.bottom < pane.top + pane.bottom ? 'top' : 'bottom';
      const horizontal = box.left + box.right < pane.left + pane.right ? 'left' : 'right';
      this.props.moveTo(`${vertical}-${horizontal}`);
    },
    onPointerCancel: (event: PointerEvent) => {
      this.#start = undefined;
      badgeOf(event).style.translate = '';
    },
    onClick: (event: MouseEvent) => {
      event.stopPropagation();
      if (!this.#dragged) this.setState({ open: !this.state.open });
      this.#dragged = false;
    },
    onKeyDown: (event: KeyboardEvent) => {
      const move = arrows[event.key];
      if (!move) return;
      event.preventDefault();
      this.props.moveTo(this.props.corner.replace(...move) as Corner);
    },
  };
}

const badgeOf = (event: Event): HTMLElement => (event.currentTarget as HTMLElement).parentElement!;

/** What each arrow key changes in the name of a corner. */
const arrows: Record<string, [RegExp, string]> = {
  ArrowUp: [/^\w+/, 'top'],
  ArrowDown: [/^\w+/, 'bottom'],
  ArrowLeft: [/\w+$/, 'left'],
  ArrowRight: [/\w+$/, 'right'],
};
