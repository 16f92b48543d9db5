import { minuteMs } from '../engine/time';
import { type Freshness, freshnessOf } from '../paint/theme';
import { age, ratio, usd } from '../ui/format';
import { fragility } from '../ui/fragility';
import { part } from '../ui/part';
import { keyOf, t } from '../ui/text';
import type { Attributes } from './attributes';
import type { Loaded } from './source';

/** The words around the chart. Plain elements: the widget is loaded by other people's pages, so it stays small. */
export interface Frame {
  /** Where the chart goes. */
  body: HTMLElement;
  /** What is drawn, how the sides compare, how much lies near and who was asked. */
  describe(loaded: Loaded): void;
  /** One sentence in place of the chart. */
  say(sentence: string, role: 'alert' | 'status'): void;
  /** Why what is drawn is not newer; empty when it is. */
  warn(sentence: string): void;
  /** Says how old the data is. */
  date(ms: number): void;
}

export function createFrame(root: HTMLElement, attributes: Attributes | undefined): Frame {
  const header = part('header', '');
  const body = part('div', 'body');
  const footer = part('footer', '');
  root.setAttribute('part', 'frame');
  header.setAttribute('part', 'header');
  body.setAttribute('part', 'chart');
  footer.setAttribute('part', 'footer');
  const clock = part('time', 'age');
  const warning = part('p', 'warning');
  root.replaceChildren(header, body, footer);
  const market = (): Node[] => {
    if (!attributes) return [];
    const span = part('span', '', t(keyOf('window', attributes.window)));
    span.title = t(keyOf('window_last', attributes.window));
    return [part('p', 'market', part('b', '', attributes.symbol), span, part('i', '', t('map_estimate')))];
  };
  header.append(...market());

  return {
    body,
    describe({ view, health }) {
      const { within5, longUsd5, shortUsd5 } = view.ratio;
      const compared = part('p', 'ratio', part('b', '', ratio(within5)), ` ${fragility(within5).text}`);
      compared.title = t('map_ratio');
      header.replaceChildren(...market(), compared, clock);

      const near = part('p', '', t('widget_near', usd(shortUsd5), usd(longUsd5)));
      const answered = health.filter(({ state }) => state === 'ok').length;
      const venues = part('p', '', t('widget_venues', String(answered), String(health.length)));
      venues.title = health.flatMap(({ reason }) => reason || []).join('\n');
      footer.replaceChildren(near, venues, attribution(), warning);
    },
    say(sentence, role) {
      const note = part('p', '', sentence);
      note.role = role;
      body.replaceChildren(note);
    },
    warn(sentence) {
      warning.textContent = sentence && t('widget_notRefreshed', sentence);
    },
    date(ms) {
      const freshness = ageFreshness(ms);
      clock.className = `age ${freshness}`;
      clock.textContent = isAhead(ms)
        ? t('widget_ahead')
        : t(freshness === 'stale' ? 'map_stale' : 'map_dataAge', age(Math.max(0, ms)));
    },
  };
}

/** Clocks that differ by less than this are taken to agree, ms. */
const clockMs = 5 * minuteMs;

const isAhead = (ms: number): boolean => ms < -clockMs;

/** What is dated ahead of the reader's clock is of unknown age, which is stale. */
export const ageFreshness = (ms: number): Freshness => (isAhead(ms) ? 'stale' : freshnessOf(ms));

function attribution(): HTMLElement {
  const link = document.createElement('a');
  link.className = 'attribution';
  link.href = 'https://www.tradingview.com/';
  link.target = '_blank';
  link.rel = 'noopener';
  link.textContent = t('widget_attribution');
  return link;
}
