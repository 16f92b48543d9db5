import { type ColorScheme, size } from '../../paint/theme';
import type { Corner } from '../../protocol/settings';
import { part } from '../../ui/part';
import type { Chart } from '../axis/chart';
import { yOf } from '../axis/fit';
import { isSamePlace, type Pane } from '../axis/pane';
import type { Area } from './area';
import { type BadgeActions, badgeLengths, createBadge } from './badge';
import { findPlace, inkUnder, isClear, isFirstChoice, ownHit, type Surroundings } from './badge-place';
import { addStyle, badgeStyle } from './badge-style';
import { extrasHere, withExtras } from './brought';
import { type EstimateState, priceOf } from './estimate-state';
import type { Extras } from './extras';
import { createPaneLayer } from './pane-layer';
import type { Seen } from './seen';

/** What the badge of a chart has to know besides the estimate. */
export interface BadgeView {
  scheme: ColorScheme;
  /** Where the user wants it; undefined where no choice was made. */
  corner: Corner | undefined;
  hasTooltip: boolean;
  seen: Seen;
  /** Where the levels' labels stand. */
  labels: readonly Area[];
}

/** The pointer rests that long before it is told about what is under it; and a chart is panned that long before the badge makes way again. */
const restMs = 250;

/** Badge and tooltip of one chart, in a layer above the chart's own canvases that lets the pointer through. */
export class BadgeLayer {
  readonly #layer = createPaneLayer('data-liqbands-badge', 'front');
  readonly #badge;
  readonly #tip = part('div');
  #placedFor: Pane | undefined;
  #around: Surroundings | undefined;
  #place: { area: Area; corner: Corner } | undefined;
  /** A better place, as of the last look: taken once it is still the best at the next one. */
  #better: { area: Area; corner: Corner } | undefined;
  #view: BadgeView | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #isStyled = false;
  /** Due once the chart has moved under the badge: not in every frame of a pan, as its words are measured. */
  #arranging: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: BadgeActions) {
    addStyle(this.#layer.root, badgeStyle);
    this.#badge = createBadge(
      actions,
      (then) => this.#withExtras(then),
      () => this.#arrange(),
    );
    this.#tip.role = 'tooltip';
    this.#layer.root.append(this.#badge.element, this.#tip);
  }

  /** Card and tooltip bring their style along. */
  #withExtras(then: (extras: Extras) => void): void {
    withExtras((extras) => {
      if (!this.#isStyled) addStyle(this.#layer.root, extras.style);
      this.#isStyled = true;
      then(extras);
    });
  }

  /** The badge's card is shown. */
  get isOpen(): boolean {
    return this.#badge.isOpen;
  }

  /** Whether a node that an event came from is the badge's host. */
  holds(target: EventTarget | null): boolean {
    return target === this.#layer.host;
  }

  close(): void {
    this.#badge.close();
  }

  draw(chart: Chart, estimate: EstimateState, view: BadgeView): void {
    const pane = chart.pane!;
    const isElsewhere = !isSamePlace(this.#placedFor, pane) || !this.#layer.isMounted(pane);
    if (isElsewhere) {
      this.#placedFor = pane;
      this.#layer.place(pane);
    }
    const isOtherCorner = this.#view?.corner !== view.corner;
    this.#view = view;
    if (!this.#tip.classList.contains(view.scheme)) this.#tip.className = `tip ${view.scheme}`;
    this.#badge.draw(
      estimate,
      {
        scheme: view.scheme,
        corner: view.corner ?? this.#place?.corner ?? 'top-left',
        isMoved: view.corner !== undefined && this.#place?.corner !== view.corner,
        hasTooltip: view.hasTooltip,
      },
      Date.now(),
    );
    if (isOtherCorner) this.#place = undefined;
    const isNewLook = isElsewhere || this.#around?.obstacles !== view.seen.obstacles;
    const { width, height } = pane;
    this.#around = { width, height, ...view.seen, labels: view.labels, priceY: priceRow(chart, estimate) };
    if (isNewLook) this.#lookForBetter();
    this.#arrange();
  }

  /** What it has made way for may be gone: the badge goes back, unless that changes from look to look. */
  #lookForBetter(): void {
    const place = this.#place;
    if (!place || this.#badge.isOpen || isFirstChoice(place, this.#view!.corner, this.#around!)) return;
    const [[length, mostInk]] = badgeLengths as [(typeof badgeLengths)[number]];
    const best = findPlace(this.#badge.setLength(length), this.#view!.corner, this.#around!, mostInk);
    const isSame = (other: typeof best) =>
      other?.corner === best?.corner && other?.area.top === best?.area.top;
    if (best && !isSame(place) && isSame(this.#better)) this.#place = best;
    this.#better = best;
  }

  /** The chart's axis moved under the badge: the last price and the labels may be elsewhere. */
  settle(chart: Chart, estimate: EstimateState, labels: readonly Area[]): void {
    const around = this.#around;
    if (!around || !this.#place || this.#badge.isOpen) return;
    around.labels = labels;
    around.priceY = priceRow(chart, estimate);
    // The page's own words are looked at every other second; only ours and the price move with each frame.
    if (ownHit(this.#place.area, around))
      this.#arranging ??= setTimeout(() => {
        this.#arranging = undefined;
        this.#arrange();
      }, restMs);
  }

  /** Finds a place for the badge as it is, at its greatest length that fits. */
  #arrange(): void {
    const around = this.#around;
    if (!around) return;
    const { element, isOpen } = this.#badge;
    element.classList.toggle('open', isOpen);
    // The user called for the card: while it is open the page's words do not run through it.
    this.#layer.host.toggleAttribute('data-open', isOpen);
    if (isOpen) {
      this.#open(around);
      return;
    }
    element.style.maxHeight = '';
    const corner = this.#view!.corner;
    for (const [length, mostInk] of badgeLengths) {
      const measure = this.#badge.setLength(length);
      const found =
        this.#kept(measure, corner, around, mostInk) ?? findPlace(measure, corner, around, mostInk);
      if (!found) continue;
      this.#place = found;
      element.hidden = false;
      element.style.transform = `translate(${Math.round(found.area.left)}px,${Math.round(found.area.top)}px)`;
      return;
    }
    this.#place = undefined;
    element.hidden = true;
  }

  /** Where it stands it stays while that is clear, unless the first place it would choose is another corner's. */
  #kept(
    measure: { width: number; height: number },
    corner: Corner | undefined,
    around: Surroundings,
    mostInk: number,
  ): { area: Area; corner: Corner } | undefined {
    const place = this.#place;
    if (!place || (corner && place.corner !== corner)) return undefined;
    const left = place.corner.endsWith('left')
      ? place.area.left
      : place.area.left + place.area.width - measure.width;
    const area = { ...place.area, ...measure, left };
    const isFree = corner !== undefined || inkUnder(area, around) <= 2 * mostInk;
    return isFree && isClear(area, around) ? { area, corner: place.corner } : undefined;
  }

  #open(around: Surroundings): void {
    const { element } = this.#badge;
    this.#badge.setLength(around.width < size.labelsNarrow ? 'short' : 'full');
    element.hidden = false;
    element.style.maxHeight = '';
    const { offsetWidth: width, offsetHeight: height } = element;
    const from = this.#place?.area ?? { left: 8, top: 8 };
    const { top, most } = extrasHere()!.openedPlace(from.top, height, around.height, around.priceY);
    element.style.maxHeight = `${most}px`;
    const left = Math.max(8, Math.min(from.left, around.width - width - 8));
    element.style.transform = `translate(${Math.round(left)}px,${Math.round(top)}px)`;
  }

  /** The pointer is at these client coordinates of the frame. */
  point(x: number, y: number, chart: Chart, estimate: EstimateState): void {
    clearTimeout(this.#resting);
    this.#tip.style.display = 'none';
    if (!this.#view?.hasTooltip) return;
    this.#resting = setTimeout(() => {
      const rest = this.#resting;
      this.#withExtras(({ tell }) => {
        if (this.#resting === rest && !this.#badge.element.matches(':hover'))
          tell(this.#tip, this.#layer.host, { x, y }, chart, estimate);
      });
    }, restMs);
  }

  hide(): void {
    if (!this.#placedFor) return;
    this.#placedFor = undefined;
    clearTimeout(this.#resting);
    this.#tip.style.display = 'none';
    this.#layer.hide();
  }

  remove(): void {
    clearTimeout(this.#resting);
    this.#layer.remove();
  }
}

function priceRow(chart: Chart, estimate: EstimateState): number | undefined {
  const price = priceOf(estimate);
  return price === undefined ? undefined : yOf(chart.axis!, price * estimate.symbol.multiplier);
}
