import { type Side, tierLeverages } from '../../engine/records';
import { type ColorScheme, freshnessOf } from '../../paint/theme';
import type { Corner, Settings } from '../../protocol/settings';
import type { ClusterView, FeedHealth } from '../../protocol/view';
import { age, distance, ratio, usd } from '../../ui/format';
import { fragility } from '../../ui/fragility';
import { part, say } from '../../ui/part';
import { keyOf, t } from '../../ui/text';
import { asOf, type EstimateState, priceOf } from './estimate-state';

/** The figures at the chart's corner, and the card behind them. Plain elements: the page pays for every byte. */

export interface BadgeActions {
  moveTo(corner: Corner): void;
  /** Stores a change of the settings. */
  choose(change: Partial<Settings>): void;
  /** Stops drawing on this host. */
  leaveSite(): void;
}

export interface Badge {
  readonly element: HTMLElement;
  /** Says what the estimate says now; `corner` is the one the user chose. */
  draw(estimate: EstimateState, scheme: ColorScheme, corner: Corner, now: number): void;
}

/** The cluster of a side that price would reach first, and how far its peak is, as its label on the chart says. */
function nearest(
  clusters: readonly ClusterView[],
  side: Side,
  price: number,
): { away: number; usd: number } | undefined {
  let best: { away: number; usd: number } | undefined;
  for (const cluster of clusters) {
    if (cluster.side !== side) continue;
    const away = cluster.peak / price - 1;
    // The price stands inside it, or has passed it since the map was made.
    const reached = side === 'long' ? cluster.low >= price : cluster.high <= price;
    if (!reached && (!best || Math.abs(away) < Math.abs(best.away))) best = { away, usd: cluster.usd };
  }
  return best;
}

function nearestText(estimate: EstimateState, side: Side): string {
  const price = priceOf(estimate);
  const { view } = estimate;
  const found = price && view ? nearest(view.clusters, side, price) : undefined;
  const words = found
    ? `${distance(found.away)} · ${t('map_amounts', usd(found.usd * view!.q.p50), usd(found.usd))}`
    : t('badge_none');
  return t(side === 'long' ? 'badge_below' : 'badge_above', words);
}

/** What stands in the way of trusting the figures, most important first. */
function notices({ tick, view, disconnected, timeless }: EstimateState): string[] {
  const troubles = (tick?.health ?? []).filter(({ state, reason }) => reason && markOf(state) === '!');
  return [
    ...(disconnected ? [t('badge_reconnecting')] : []),
    ...troubles.map(({ reason }) => reason),
    ...(tick?.banners ?? []).map((banner) => banner.text),
    ...(view?.provisional ? [t('map_provisional')] : []),
    ...(timeless ? [t('badge_timeless')] : []),
  ];
}

/** A row of the card: a choice of a few. */
function choice<T extends string>(
  label: string,
  values: readonly T[],
  name: (value: T) => string,
  onChange: (value: T) => void,
): { row: HTMLElement; show(value: T): void } {
  const select = part('select');
  for (const value of values) select.append(new Option(name(value), value));
  select.onchange = () => onChange(select.value as T);
  return {
    row: part('label', 'choice', label, select),
    show(value) {
      if (select.value !== value) select.value = value;
    },
  };
}

/** A row of the card: switches, of which one at least stays on. With none nothing would be drawn, and no one knew why. */
function switches(
  label: string,
  names: readonly string[],
  onChange: (on: boolean[]) => void,
): { row: HTMLElement; chips: HTMLButtonElement[]; show(on: readonly boolean[]): void } {
  const chips = names.map((name, i) => {
    const chip = button('chip', name, () => {
      const on = chips.map(({ ariaPressed }, k) => (ariaPressed === 'true') !== (k === i));
      if (on.some(Boolean)) onChange(on);
    });
    return chip;
  });
  const group = part('div', 'chips', ...chips);
  group.role = 'group';
  group.ariaLabel = label;
  return {
    row: part('div', 'choice', label, group),
    chips,
    show(on) {
      on.forEach((shown, i) => {
        chips[i]!.ariaPressed = String(shown);
      });
    },
  };
}

export function button(name: string, text: string, onClick: () => void): HTMLButtonElement {
  const element = part('button', name, text);
  element.type = 'button';
  element.onclick = onClick;
  return element;
}

/** State of a venue at a glance; words are in the switch's title. */
const markOf = (state: FeedHealth['state']): string =>
  state === 'ok' ? '✓' : state === 'starting' ? '…' : /^(off|unlisted)$/.test(state) ? '–' : '!';

interface Card {
  element: HTMLElement;
  show(estimate: EstimateState): void;
}

function createCard(actions: BadgeActions): Card {
  const span = choice(
    t('popup_window'),
    ['12h', '24h', '7d', '30d'] as const,
    (value) => t(keyOf('window', value)),
    (window) => actions.choose({ window }),
  );
  const mode = choice(
    t('popup_mode'),
    ['levels', 'bands', 'profile', 'heatmap'] as const,
    (value) => t(keyOf('mode', value)),
    (value) => actions.choose({ mode: value }),
  );
  const tiers = switches(
    t('badge_leverage'),
    tierLeverages.map((leverage) => `${leverage}×`),
    (on) => actions.choose({ tiers: on }),
  );
  let venues: ReturnType<typeof switches> | undefined;
  const real = part('div');
  const element = part(
    'section',
    'card',
    span.row,
    mode.row,
    tiers.row,
    real,
    button('leave', t('badge_leaveSite'), actions.leaveSite),
    part('p', '', t('badge_what')),
  );
  element.ariaLabel = t('badge_details');
  let told = '';
  return {
    element,
    show({ settings, tick }) {
      span.show(settings.window);
      mode.show(settings.mode);
      tiers.show(settings.tiers);
      const health = tick?.health ?? [];
      if (!venues && health.length > 0) {
        venues = switches(
          t('popup_venues'),
          health.map(({ venue }) => venue),
          (on) =>
            actions.choose({
              venues: Object.fromEntries(health.map(({ venue }, i) => [venue, on[i]])) as Settings['venues'],
            }),
        );
        tiers.row.after(venues.row);
      }
      venues?.show(health.map(({ venue }) => settings.venues[venue]));
      health.forEach(({ venue, name = venue, state, reason }, i) => {
        const chip = venues!.chips[i]!;
        say(chip, `${markOf(state)} ${name}`);
        chip.title = reason || t(keyOf('health', state));
        chip.ariaLabel = `${name}: ${chip.title}`;
      });
      const facts = tick?.facts ?? [];
      if (facts.join() === told) return;
      told = facts.join();
      real.replaceChildren(
        ...facts.map(([name, words]) => part('div', 'choice fact', name, part('b', '', words))),
      );
    },
  };
}

/** What badge and panel say first: how the sides compare, what is near, how old it is and what is wrong. */
export interface Summary {
  readonly content: readonly HTMLElement[];
  /** @param most notices at most */
  show(estimate: EstimateState, now: number, most: number): void;
}

export function createSummary(): Summary {
  const number = part('span', 'ratio');
  number.title = t('map_ratio');
  const words = part('span');
  const near = { short: part('span', 'short'), long: part('span', 'long') };
  near.short.title = t('map_short');
  near.long.title = t('map_long');
  const what = part('span');
  const dated = part('span');
  const figures = part('span', 'figures');
  const known = [
    part('span', 'head', number, words),
    part('span', 'near', near.short, near.long),
    part('span', 'foot', what, dated),
  ];
  const waiting = part('span', 'foot', t('badge_waiting'));
  const warnings = part('span');
  let warned = '';
  return {
    content: [figures, warnings],
    show(estimate, now, most) {
      const { view } = estimate;
      const shown = view ? known : [waiting];
      if (figures.firstChild !== shown[0]) figures.replaceChildren(...shown);
      if (view) {
        const verdict = fragility(view.ratio.within5);
        say(number, ratio(view.ratio.within5));
        say(words, verdict.text);
        words.className = `words ${verdict.direction}`;
        say(near.short, nearestText(estimate, 'short'));
        say(near.long, nearestText(estimate, 'long'));
        say(what, `${t('map_estimateOf', coinOf(estimate))} · ${t(keyOf('window', view.window))} · `);
        date(dated, asOf(estimate), now);
      }
      const texts = notices(estimate).slice(0, most);
      if (texts.join('\n') === warned) return;
      warned = texts.join('\n');
      warnings.replaceChildren(...texts.map((text) => part('span', 'notice', text)));
    },
  };
}

export const coinOf = ({ symbol }: EstimateState): string => symbol.symbol.replace(/-.*/, '');

/** Notices that fit the closed badge. */
const fewNotices = 2;

export function createBadge(actions: BadgeActions): Badge {
  const { content, show } = createSummary();
  const summary = part('button', 'summary', ...content);
  summary.type = 'button';
  summary.title = t('badge_move');
  const element = part('div', '', summary);
  element.role = 'region';

  let card: Card | undefined;
  let shown: EstimateState | undefined;
  let chosen: Corner = 'top-left';

  const update = (now: number) => {
    if (shown) show(shown, now, card ? Number.POSITIVE_INFINITY : fewNotices);
  };

  function open(wanted: boolean): void {
    card?.element.remove();
    card = wanted ? createCard(actions) : undefined;
    summary.ariaExpanded = String(wanted);
    if (card && shown) {
      card.show(shown);
      element.append(card.element);
    }
    update(Date.now());
  }
  summary.ariaExpanded = 'false';

  element.onkeydown = (event) => {
    if (event.key === 'Escape' && card) {
      open(false);
      summary.focus();
    }
    // Pages listen for single keys: theirs are not meant here.
    event.stopPropagation();
  };
  makeMovable(summary, element, {
    corner: () => chosen,
    moveTo: actions.moveTo,
    press: () => open(!card),
  });

  return {
    element,
    draw(estimate, scheme, corner, now) {
      shown = estimate;
      chosen = corner;
      element.ariaLabel = t('badge_label', coinOf(estimate));
      const look = `badge ${scheme} ${corner.replace(/\w+-/, '')}`;
      if (!element.className.startsWith(look)) element.className = look;
      card?.show(estimate);
      update(now);
    },
  };
}

/** How old data is: amber after a minute, red after five, in words for those who cannot tell colours. */
function date(element: HTMLElement, at: number | undefined, now: number): void {
  if (at === undefined) {
    element.className = 'age stale';
    say(element, t('map_noData'));
    return;
  }
  const state = freshnessOf(now - at);
  element.className = `age ${state}`;
  say(element, t(state === 'stale' ? 'map_stale' : 'map_dataAge', age(now - at)));
}

/** Click opens, a drag of more than a few px moves to the nearest corner, arrow keys do the same. */
function makeMovable(
  grip: HTMLElement,
  badge: HTMLElement,
  { corner, moveTo, press }: { corner(): Corner; moveTo(corner: Corner): void; press(): void },
): void {
  let start: { x: number; y: number } | undefined;
  let dragged = false;
  grip.onpointerdown = (event) => {
    start = { x: event.clientX, y: event.clientY };
    dragged = false;
    grip.setPointerCapture(event.pointerId);
    event.stopPropagation();
  };
  grip.onpointermove = (event) => {
    if (!start) return;
    const dx = event.clientX - start.x;
    const dy = event.clientY - start.y;
    if (Math.hypot(dx, dy) > 5) dragged = true;
    if (dragged) badge.style.translate = `${dx}px ${dy}px`;
  };
  grip.onpointerup = () => {
    start = undefined;
    if (!dragged) return;
    const box = badge.getBoundingClientRect();
    badge.style.translate = '';
    const pane = (badge.getRootNode() as ShadowRoot).host.getBoundingClientRect();
    const vertical = box.top + box.bottom < pane.top + pane.bottom ? 'top' : 'bottom';
    const horizontal = box.left + box.right < pane.left + pane.right ? 'left' : 'right';
    moveTo(`${vertical}-${horizontal}`);
  };
  grip.onpointercancel = () => {
    start = undefined;
    badge.style.translate = '';
  };
  grip.onclick = (event) => {
    event.stopPropagation();
    if (!dragged) press();
    dragged = false;
  };
  grip.onkeydown = (event) => {
    const move = arrows[event.key];
    if (!move) return;
    event.preventDefault();
    moveTo(corner().replace(...move) as Corner);
  };
}

/** What each arrow key changes in the name of a corner. */
const arrows: Record<string, [RegExp, string]> = {
  ArrowUp: [/^\w+/, 'top'],
  ArrowDown: [/^\w+/, 'bottom'],
  ArrowLeft: [/\w+$/, 'left'],
  ArrowRight: [/\w+$/, 'right'],
};
