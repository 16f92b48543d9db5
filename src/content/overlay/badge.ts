import type { ColorScheme } from '../../paint/theme';
import type { Corner } from '../../protocol/settings';
import { part } from '../../ui/part';
import { t } from '../../ui/text';
import type { Card, CardActions } from './card';
import type { EstimateState } from './estimate-state';
import type { Extras } from './extras';
import { coinOf, type Figures, figuresOf, sentenceOf } from './figures';
import { hidden, setWords } from './hidden-words';
import { byUser } from './user-events';

/** One line of figures on the chart, and the card behind it. Plain elements: the page pays for every byte. */

export interface BadgeActions extends CardActions {
  moveTo(corner: Corner): void;
}

/** How much is said: all of it, without the amounts, or no more than that it is there. */
export type BadgeLength = 'full' | 'short' | 'icon';
/** The least is said rather than candles hidden. With each, how much of its place the chart may have drawn on. */
export const badgeLengths: readonly (readonly [BadgeLength, mostInk: number])[] = [
  ['full', 0.005],
  ['short', 0.02],
  ['icon', 1],
];

export interface BadgeLook {
  scheme: ColorScheme;
  /** The corner that the user chose, else the one where it stands. */
  corner: Corner;
  /** The badge is not where the user put it, since the page has words there. */
  isMoved: boolean;
  hasTooltip: boolean;
}

export interface Badge {
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  /** Says what the estimate says now. */
  draw(estimate: EstimateState, look: BadgeLook, now: number): void;
  /** @returns its size with so much said, CSS pixels */
  setLength(length: BadgeLength): { width: number; height: number };
  /** Closes the card. */
  close(): void;
}

/** The closed badge: what can be read at a glance. */
function createLine(): { content: HTMLElement[]; show(figures: Figures | undefined): void } {
  const name = hidden('b', 'name', t('badge_name'));
  const side = (className: string) => {
    const away = part('span');
    const forced = part('span', 'amount');
    return { away, forced, element: part('span', `side ${className}`, away, forced) };
  };
  const sides = { short: side('short'), long: side('long') };
  const balance = part('span', 'balance');
  const dated = part('span', 'age');
  const warning = part('span', 'warning');
  const arrow = hidden('span', 'arrow', '▾');
  return {
    content: [name, sides.short.element, sides.long.element, balance, dated, warning, arrow],
    show(figures) {
      for (const each of ['short', 'long'] as const) {
        const near = figures?.near[each];
        const title = t(each === 'long' ? 'map_longs' : 'map_shorts');
        setWords(sides[each].away, `${title} ${near ? near.away : '–'}`);
        setWords(sides[each].forced, near ? near.forced : '');
      }
      setWords(balance, figures ? figures.balance.short : t('badge_waiting'));
      const isLate = figures !== undefined && figures.age.state !== 'fresh';
      setWords(dated, isLate ? figures.age.text : '');
      dated.className = `age ${figures?.age.state ?? ''}`;
      const count = figures?.notices.length ?? 0;
      setWords(warning, count > 0 ? `! ${count}` : '');
    },
  };
}

/** @param withExtras runs what needs them once they are here */
export function createBadge(
  actions: BadgeActions,
  withExtras: (then: (extras: Extras) => void) => void,
  changed: () => void,
): Badge {
  const line = createLine();
  const summary = part('button', 'summary', ...line.content);
  summary.type = 'button';
  summary.ariaExpanded = 'false';
  const element = part('div', '', summary);
  element.role = 'region';
  let card: Card | undefined;
  let chosen: Corner = 'top-left';
  /** Until its words change: asking an element for its size makes the browser lay out the page. */
  let sizes: Partial<Record<BadgeLength, { width: number; height: number }>> = {};
  let shown: { estimate: EstimateState; figures: Figures | undefined; hasTooltip: boolean } | undefined;

  function show(wanted: Card | undefined): void {
    const focused = (element.getRootNode() as ShadowRoot).activeElement;
    if (card?.element.contains(focused)) summary.focus();
    card?.element.remove();
    card = wanted;
    sizes = {};
    summary.ariaExpanded = String(wanted !== undefined);
    if (card && shown) {
      card.show(shown.estimate, shown.figures, shown.hasTooltip);
      element.append(card.element);
    }
    changed();
  }

  // Pages listen for single keys: theirs are not meant here.
  element.onkeydown = (event) => event.stopPropagation();
  makeMovable(summary, element, {
    corner: () => chosen,
    moveTo: actions.moveTo,
    press: () => (card ? show(undefined) : withExtras(({ createCard }) => show(createCard(actions)))),
  });

  return {
    element,
    get isOpen() {
      return card !== undefined;
    },
    draw(estimate, { scheme, corner, isMoved, hasTooltip }, now) {
      chosen = corner;
      const figures = figuresOf(estimate, now);
      shown = { estimate, figures, hasTooltip };
      if (!element.classList.contains(scheme)) element.className = `badge ${scheme}`;
      const name = t('badge_label', coinOf(estimate));
      if (summary.ariaLabel !== name) element.ariaLabel = summary.ariaLabel = name;
      summary.ariaDescription = figures ? sentenceOf(figures) : t('badge_waiting');
      summary.title = isMoved ? t('badge_moved') : t('badge_move');
      line.show(figures);
      sizes = {};
      card?.show(estimate, figures, hasTooltip);
    },
    setLength(length) {
      summary.dataset.length = length;
      // One that is hidden has none.
      if (!sizes[length]?.width) sizes[length] = { width: element.offsetWidth, height: element.offsetHeight };
      return sizes[length]!;
    },
    close() {
      if (card) show(undefined);
    },
  };
}

/** Click opens, a drag of more than a few px moves to the nearest corner, arrow keys do the same. */
function makeMovable(
  grip: HTMLElement,
  badge: HTMLElement,
  { corner, moveTo, press }: { corner(): Corner; moveTo(corner: Corner): void; press(): void },
): void {
  let start: { x: number; y: number } | undefined;
  let isDragged = false;
  grip.onpointerdown = byUser((event: PointerEvent) => {
    start = { x: event.clientX, y: event.clientY };
    isDragged = false;
    grip.setPointerCapture(event.pointerId);
    event.stopPropagation();
  });
  grip.onpointermove = byUser((event: PointerEvent) => {
    if (!start) return;
    const dx = event.clientX - start.x;
    const dy = event.clientY - start.y;
    if (Math.hypot(dx, dy) > 5) isDragged = true;
    if (isDragged) badge.style.translate = `${dx}px ${dy}px`;
  });
  grip.onpointerup = byUser(() => {
    start = undefined;
    if (!isDragged) return;
    const box = badge.getBoundingClientRect();
    badge.style.translate = '';
    const pane = (badge.getRootNode() as ShadowRoot).host.getBoundingClientRect();
    const vertical = box.top + box.bottom < pane.top + pane.bottom ? 'top' : 'bottom';
    const horizontal = box.left + box.right < pane.left + pane.right ? 'left' : 'right';
    moveTo(`${vertical}-${horizontal}`);
  });
  grip.onpointercancel = () => {
    start = undefined;
    badge.style.translate = '';
  };
  grip.onclick = byUser((event: MouseEvent) => {
    event.stopPropagation();
    if (!isDragged) press();
    isDragged = false;
  });
  grip.onkeydown = byUser((event: KeyboardEvent) => {
    const move = arrows[event.key];
    if (!move) return;
    event.preventDefault();
    moveTo(corner().replace(...move) as Corner);
  });
}

/** What each arrow key changes in the name of a corner. */
const arrows: Record<string, [RegExp, string]> = {
  ArrowUp: [/^\w+/, 'top'],
  ArrowDown: [/^\w+/, 'bottom'],
  ArrowLeft: [/\w+$/, 'left'],
  ArrowRight: [/\w+$/, 'right'],
};
