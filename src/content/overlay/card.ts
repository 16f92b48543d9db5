import { tierLeverages, windowIds } from '../../engine/records';
import { modes, opacities, palettes } from '../../protocol/looks';
import type { Settings, SiteSettings } from '../../protocol/settings';
import { levelCounts, levelCountText } from '../../ui/level-counts';
import { part } from '../../ui/part';
import { keyOf, t } from '../../ui/text';
import { button, choice, slider, switches } from './controls';
import type { EstimateState } from './estimate-state';
import { type Figures, markOf } from './figures';
import { hidden, setWords } from './hidden-words';

/** What a press on the card opens. */
export type OwnPage = 'desk' | 'position' | 'accuracy';

export interface CardActions {
  /** Stores choices for this host alone: from inside a page nothing is decided for others. */
  choose(change: Partial<SiteSettings>): void;
  /** Opens a page of ours with the symbol shown, in a tab of its own. */
  open(page: OwnPage): void;
  /** Stops drawing on this host. */
  leaveSite(): void;
}

/** What stands behind the badge: what the figures mean, how they came about, and what can be chosen for the site. */
export interface Card {
  readonly element: HTMLElement;
  show(estimate: EstimateState, figures: Figures | undefined, hasTooltip: boolean): void;
}

export function createCard(actions: CardActions): Card {
  const balance = part('p', 'lead');
  const dated = part('p');
  const notices = part('div');
  const choices = createChoices(actions);
  const venues = part('div', 'venues');
  const heard = part('div');
  const element = part(
    'section',
    'card',
    balance,
    dated,
    notices,
    ...choices.rows,
    doors(actions),
    venues,
    heard,
    button('leave', t('badge_leaveSite'), actions.leaveSite),
    part('p', '', t('badge_what')),
  );
  element.ariaLabel = t('badge_details');
  return {
    element,
    show({ settings, tick }, figures, hasTooltip) {
      if (figures) {
        setWords(balance, figures.balance.long);
        setWords(dated, figures.age.text);
      }
      list(notices, figures?.notices ?? [], (text) => hidden('p', 'notice', text));
      choices.show(settings, hasTooltip);
      const health = (tick?.health ?? []).map(
        ({ venue, name = venue, state, reason }) =>
          `${markOf(state)} ${name}\n${reason || t(keyOf('health', state))}`,
      );
      list(venues, health, (line) => {
        const [words, why] = line.split('\n') as [string, string];
        const chip = hidden('span', words.startsWith('!') ? 'venue bad' : 'venue', words);
        chip.title = why;
        return chip;
      });
      const facts = (tick?.facts ?? []).map((fact) => fact.join('\n'));
      list(heard, facts, (line) => {
        const [name, words] = line.split('\n') as [string, string];
        return part('div', 'choice fact', hidden('span', '', name), hidden('b', '', words));
      });
    },
  };
}

/** What can be chosen for the site, a row each. */
function createChoices(actions: CardActions): {
  rows: HTMLElement[];
  show(settings: Settings, hasTooltip: boolean): void;
} {
  const mode = choice(
    t('popup_mode'),
    modes,
    (value) => t(keyOf('mode', value)),
    (value) => actions.choose({ mode: value }),
  );
  const span = choice(
    t('popup_window'),
    windowIds,
    (value) => t(keyOf('window', value)),
    (window) => actions.choose({ window }),
  );
  const tiers = switches(
    t('badge_leverage'),
    tierLeverages.map((leverage) => `${leverage}×`),
    (on) => actions.choose({ tiers: on }),
  );
  const levels = choice(t('popup_levelsPerSide'), levelCounts, levelCountText, (count) =>
    actions.choose({ levelsPerSide: Number(count) }),
  );
  const opacity = slider(t('popup_opacity'), opacities, (value) => actions.choose({ opacity: value }));
  const palette = choice(
    t('popup_palette'),
    palettes,
    (value) => t(keyOf('palette', value)),
    (value) => actions.choose({ palette: value }),
  );
  const tooltip = choice(
    t('badge_tooltip'),
    ['on', 'off'] as const,
    (value) => t(keyOf('badge_tooltip', value)),
    (value) => actions.choose({ tooltip: value === 'on' }),
  );
  return {
    rows: [mode.row, span.row, tiers.row, levels.row, opacity.row, palette.row, tooltip.row],
    show(settings, hasTooltip) {
      mode.show(settings.mode);
      span.show(settings.window);
      tiers.show(settings.tiers);
      levels.show(String(settings.levelsPerSide));
      opacity.show(settings.opacity);
      palette.show(settings.palette);
      tooltip.show(hasTooltip ? 'on' : 'off');
    },
  };
}

/** Ways on to pages of ours. */
function doors({ open }: CardActions): HTMLElement {
  return part(
    'div',
    'choice doors',
    ...(['position', 'desk', 'accuracy'] as const).map((page) =>
      button('leave', t(keyOf('popup', page)), () => open(page)),
    ),
  );
}

/** Makes the rows anew where they differ from those before. */
function list(holder: HTMLElement, rows: readonly string[], make: (row: string) => HTMLElement): void {
  const told = rows.join('\0');
  if (holder.dataset.told === told) return;
  holder.dataset.told = told;
  holder.replaceChildren(...rows.map(make));
}
