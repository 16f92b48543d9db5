import report from '../../docs/accuracy.md?raw';
import { minuteMs } from '../engine/time';
import { shownLevels } from '../paint/levels';
import { type Freshness, freshnessOf, ramps, sideInk } from '../paint/theme';
import { rankCorrelation } from '../ui/accuracy';
import { age, ratio, usd } from '../ui/format';
import { fragility } from '../ui/fragility';
import type { Language, Speak } from '../ui/languages';
import { levelText } from '../ui/level-text';
import { part, say as setText } from '../ui/part';
import { keyOf } from '../ui/text';
import type { Attributes } from './attributes';
import { allTiers, type BandsLook } from './primitive';
import type { Loaded } from './source';

/** The words around the chart. Plain elements: the widget is loaded by other people's pages, so it stays small. */
export interface Frame {
  /** Where the chart goes. */
  body: HTMLElement;
  /** What is drawn, how the sides compare, how much lies near and who was asked. */
  describe(loaded: Loaded): void;
  /** What the colours mean. */
  explain(look: BandsLook): void;
  /** One sentence in place of the chart. */
  say(sentence: string, role: 'alert' | 'status'): void;
  /** Why what is drawn is not all that was wanted; empty when it is. */
  warn(sentence: string): void;
  /** Says how old the data is. */
  date(ms: number): void;
  /** Words beside a place in the chart; without any nothing is shown. */
  tip(words: Node[] | undefined, at?: { x: number; y: number }): void;
}

export function createFrame(
  root: HTMLElement,
  attributes: Attributes | undefined,
  { speak, say }: Language,
): Frame {
  const header = part('header');
  const body = part('div', 'body');
  const levels = part('ul', 'unseen');
  const tip = part('div', 'tip');
  const [howMade, panel] = madePanel(speak, attributes?.about);
  const stage = part('div', 'stage', body, levels, tip, panel);
  const footer = part('footer');
  for (const [element, name] of [
    [root, 'frame'],
    [header, 'header'],
    [body, 'chart'],
    [footer, 'footer'],
    [tip, 'tooltip'],
  ] as const)
    element.setAttribute('part', name);
  tip.hidden = true;
  tip.ariaHidden = 'true';
  const clock = part('time', 'age');
  const warning = part('p', 'warning');
  const legend = part('p', 'legend');
  legend.setAttribute('part', 'legend');
  const near = part('p', 'wide');
  const venues = part('p', 'wide');
  const more = part('p', 'narrow');
  const reasons = part('ul', 'reasons');
  panel.prepend(more);
  panel.append(reasons);
  root.replaceChildren(header, stage, footer);
  const market = (): Node[] => (attributes ? [marketLine(attributes, speak)] : []);
  header.append(...market());

  return {
    body,
    describe({ view, health }) {
      const { within5, longUsd5, shortUsd5 } = view.ratio;
      const words = say(() => fragility(within5).text);
      const compared = part('p', 'ratio', part('b', '', ratio(within5)), ` ${words}`);
      compared.title = speak('map_ratio');
      header.replaceChildren(...market(), compared, clock);
      const lines = say(() =>
        shownLevels(view, { tiers: allTiers }).map((level) => levelText(level, view.price, 1, true)),
      );
      levels.replaceChildren(...lines.map((line) => part('li', '', line)));

      setText(near, speak('widget_near', usd(shortUsd5), usd(longUsd5)));
      const absent = health.filter(({ state }) => state !== 'ok');
      const counted = speak('widget_venues', String(health.length - absent.length), String(health.length));
      const names = absent.map(({ name, venue }) => name ?? venue).join(', ');
      setText(venues, absent.length > 0 ? speak('widget_without', counted, names) : counted);
      reasons.replaceChildren(...absent.flatMap(({ reason }) => (reason ? part('li', '', reason) : [])));
      setText(more, `${near.textContent} · ${venues.textContent}`);
      if (!footer.firstChild) footer.append(legend, near, venues, howMade, attribution(speak), warning);
    },
    explain: (look) => legend.replaceChildren(...legendOf(look, speak)),
    say(sentence, role) {
      const note = part('p', '', sentence);
      note.role = role;
      body.replaceChildren(note);
    },
    warn(sentence) {
      setText(warning, sentence);
    },
    date(ms) {
      const freshness = ageFreshness(ms);
      clock.className = `age ${freshness}`;
      const old = age(Math.max(0, ms));
      const words = speak(freshness === 'stale' ? 'map_stale' : 'map_dataAge', old);
      setText(clock, isAhead(ms) ? speak('widget_ahead') : words);
    },
    tip(words, at) {
      tip.hidden = !words;
      if (words && at) placeTip(tip, stage, words, at);
    },
  };
}

/** Between the pointer and the words on what it points at, CSS pixels. */
const tipGap = 14;

/** Puts the words beside a place, inside the stage. */
function placeTip(tip: HTMLElement, stage: HTMLElement, words: Node[], at: { x: number; y: number }): void {
  tip.replaceChildren(...words);
  const { offsetWidth: width, offsetHeight: height } = tip;
  const isNearRight = at.x + tipGap + width > stage.clientWidth;
  const left = isNearRight ? at.x - tipGap - width : at.x + tipGap;
  const top = Math.min(at.y + tipGap, stage.clientHeight - height);
  tip.style.translate = `${Math.max(0, left)}px ${Math.max(0, top)}px`;
}

function marketLine({ symbol, window }: Attributes, speak: Speak): HTMLElement {
  const span = part('span', '', speak(keyOf('window', window)));
  span.title = speak(keyOf('window_last', window));
  return part('p', 'market', part('b', '', symbol), span, part('i', '', speak('map_estimate')));
}

/** Colours with what they stand for: the sides, or how much lies there. */
function legendOf({ mode, palette, scheme }: BandsLook, speak: Speak): (string | Node)[] {
  const key = (background: string, name = 'key') => {
    const mark = part('i', name);
    mark.style.background = background;
    return mark;
  };
  const { long, short } = ramps[palette][scheme];
  const shades = (ramp: typeof long) =>
    key(`linear-gradient(90deg, ${ramp.map((color) => `rgb(${color.join()})`).join()})`, 'key ramp');
  const { long: longInk, short: shortInk } = sideInk[scheme];
  if (mode === 'levels') return [key(shortInk), speak('map_shorts'), ' ', key(longInk), speak('map_longs')];
  const ends = [speak('widget_less'), speak('widget_more')] as const;
  if (long === short) return [ends[0], ' ', shades(long), ends[1]];
  return [speak('map_shorts'), ' ', shades(short), speak('map_longs'), ' ', shades(long), ends[1]];
}

/** A button, and what it opens over the chart: how the estimate is made and how good it is. */
function madePanel(speak: Speak, about: string | undefined): [HTMLButtonElement, HTMLElement] {
  const { low, high } = rankCorrelation(report);
  const panel = part(
    'div',
    'made',
    part('p', '', speak('widget_howMadeText')),
    part('p', '', speak('widget_accuracy', low, high)),
    ...(about === undefined ? [] : [part('p', '', link(about, speak('widget_about')))]),
  );
  panel.tabIndex = -1;
  panel.hidden = true;
  const button = part('button', '', speak('widget_howMade'));
  button.type = 'button';
  button.ariaExpanded = 'false';
  const show = (isShown: boolean) => {
    panel.hidden = !isShown;
    button.ariaExpanded = String(isShown);
  };
  button.onclick = () => show(panel.hidden === true);
  panel.onkeydown = button.onkeydown = ({ key }) => {
    if (key === 'Escape') show(false);
  };
  return [button, panel];
}

/** Clocks that differ by less than this are taken to agree, ms. */
const clockMs = 5 * minuteMs;

const isAhead = (ms: number): boolean => ms < -clockMs;

/** What is dated ahead of the reader's clock is of unknown age, which is stale. */
export const ageFreshness = (ms: number): Freshness => (isAhead(ms) ? 'stale' : freshnessOf(ms));

function link(href: string, words: string): HTMLAnchorElement {
  const element = part('a', '', words);
  element.href = href;
  element.target = '_blank';
  element.rel = 'noopener';
  return element;
}

const attribution = (speak: Speak): HTMLElement =>
  link('https://www.tradingview.com/', speak('widget_attribution'));
