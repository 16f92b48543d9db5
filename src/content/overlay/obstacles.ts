import { ourHosts } from '../axis/our-hosts';
import type { Pane } from '../axis/pane';
import { scaleOf } from '../axis/pane';
import type { Area } from './area';

/** What of the page stands over a pane: our own words keep off it. */
export interface Obstacles {
  /** Which words or buttons of the page touch a rectangle of the pane, as they stood at the look. Costs next to nothing. */
  word(area: Area): Area | undefined;
  /** Whether something of the page touches a rectangle of the pane; the bottom of what does, for the next try below it. */
  hit(area: Area): Area | undefined;
}

/** Distance of the places that are looked at, CSS pixels. Words and buttons are known without: this is for what is painted. */
const grid = 24;
/** Air around words of the page, CSS pixels: legends grow with their values. */
const air = 4;
/** Beyond this many elements a page is looked at only where we want to stand. */
const mostWords = 3000;
/** What is as large as this share of the pane, in both directions, is a wrapper that nothing is written on. */
const wrapperShare = 0.8;

const things = 'button,img,svg,input,select,video,[role=button]';

/** The closest element that holds the pane and what stands around it: legends and toolbars are inside. */
function surroundings(pane: Element): Element {
  const box = pane.getBoundingClientRect();
  let around: Element = pane.parentElement ?? pane;
  for (let levels = 0; levels < 6; levels++) {
    const { parentElement } = around;
    if (!parentElement || parentElement === document.documentElement) break;
    const { width, height } = parentElement.getBoundingClientRect();
    // Beyond the chart's own frame the rest of the page begins.
    if (width > 2 * box.width || height > 2 * box.height) break;
    around = parentElement;
  }
  return around;
}

/** Rectangles of all words and buttons over a pane, CSS pixels from its corner. */
function wordsOver(pane: Pane, toArea: (rect: DOMRect) => Area): Area[] {
  const around = surroundings(pane.element);
  const found: Area[] = [];
  const add = (rect: DOMRect, owner: Element): void => {
    const area = toArea(rect);
    const isOver =
      area.width > 0 &&
      area.height > 0 &&
      area.left < pane.width &&
      area.top < pane.height &&
      area.left + area.width > 0 &&
      area.top + area.height > 0;
    if (!isOver || isWrapper(area, pane) || owner === pane.element || owner.contains(pane.element)) return;
    if (owner.checkVisibility({ opacityProperty: true, visibilityProperty: true })) found.push(area);
  };
  const range = document.createRange();
  const walker = document.createTreeWalker(around, NodeFilter.SHOW_TEXT);
  for (let count = 0; count < mostWords && walker.nextNode(); count++) {
    const node = walker.currentNode as Text;
    if (!node.parentElement || !/\S/.test(node.data)) continue;
    range.selectNodeContents(node);
    add(range.getBoundingClientRect(), node.parentElement);
  }
  for (const element of around.querySelectorAll(things)) add(element.getBoundingClientRect(), element);
  return found;
}

const isWrapper = ({ width, height }: Pick<Area, 'width' | 'height'>, pane: Pane): boolean =>
  width > wrapperShare * pane.width && height > wrapperShare * pane.height;

const touches = (one: Area, other: Area, margin: number): boolean =>
  one.left < other.left + other.width + margin &&
  other.left < one.left + one.width + margin &&
  one.top < other.top + other.height + margin &&
  other.top < one.top + one.height + margin;

/** Looks at the page as it is now. */
export function obstaclesOver(pane: Pane): Obstacles {
  const { element } = pane;
  const scale = scaleOf(element);
  const { left, top } = element.getBoundingClientRect();
  const origin = { left: left + pane.x * scale, top: top + pane.y * scale };
  const toArea = (rect: DOMRect): Area => ({
    left: (rect.left - origin.left) / scale,
    top: (rect.top - origin.top) / scale,
    width: rect.width / scale,
    height: rect.height / scale,
  });
  let words: Area[] | undefined;
  const known = new Map<string, Area | undefined>();
  /** What catches the pointer at a place, apart from the chart's canvases, what holds them and what is ours. */
  const topmost = (x: number, y: number): Area | undefined => {
    const key = `${x} ${y}`;
    if (known.has(key)) return known.get(key);
    let area: Area | undefined;
    const [atX, atY] = [origin.left + x * scale, origin.top + y * scale];
    // Mostly the chart itself is on top: the whole pile costs several times as much.
    const top = document.elementFromPoint(atX, atY);
    const isChart = !top || top instanceof HTMLCanvasElement || top.contains(element);
    for (const each of isChart ? [] : document.elementsFromPoint(atX, atY)) {
      if (each === element || each.contains(element)) break;
      const rect = toArea(each.getBoundingClientRect());
      if (
        each.matches(ourHosts) ||
        each instanceof HTMLCanvasElement ||
        isWrapper(rect, pane) ||
        !isPainted(each)
      )
        continue;
      area = rect;
      break;
    }
    known.set(key, area);
    return area;
  };
  const word = (area: Area): Area | undefined => {
    words ??= wordsOver(pane, toArea);
    return words.find((each) => touches(area, each, air));
  };
  return {
    word,
    hit(area) {
      const touched = word(area);
      if (touched) return touched;
      for (const y of places(area.top, area.height)) {
        for (const x of places(area.left, area.width)) {
          const found = topmost(x, y);
          if (found) return found;
        }
      }
      return undefined;
    },
  };
}

/** Both ends, and the places between them that are the same for every rectangle, so that each is asked for once. */
function places(from: number, length: number): number[] {
  const found = [Math.round(from)];
  for (let at = Math.ceil((from + 1) / grid) * grid; at < from + length; at += grid) found.push(at);
  found.push(Math.round(from + length));
  return found;
}

/** Whether an element itself shows anything: layout boxes around words reach far beyond them. */
function isPainted(element: Element): boolean {
  if (element.matches(things) || element.shadowRoot) return true;
  const hasWords = [...element.childNodes].some((node) => node instanceof Text && /\S/.test(node.data));
  if (hasWords) return true;
  const { backgroundColor, backgroundImage, borderTopWidth, opacity } = getComputedStyle(element);
  const hasBackground = backgroundImage !== 'none' || !/^(transparent|rgba\(.*, 0\))$/.test(backgroundColor);
  return Number(opacity) > 0.05 && (hasBackground || borderTopWidth !== '0px');
}
