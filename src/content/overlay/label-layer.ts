import { type LabelLook, measureLabel, type Pinned, paintLabel, placeLabels } from '../../paint/level-labels';
import { type ShownLevel, shownLevels } from '../../paint/levels';
import type { PriceScale } from '../../paint/surface';
import { type ColorScheme, size } from '../../paint/theme';
import type { MapView } from '../../protocol/view';
import { distanceOf, levelText } from '../../ui/level-text';
import { part } from '../../ui/part';
import type { Pane } from '../axis/pane';
import type { Area } from './area';
import { withExtras } from './brought';
import { type EstimateState, priceOf } from './estimate-state';
import { createPaneLayer } from './pane-layer';
import type { DrawnPositions } from './position-lines';
import type { Seen } from './seen';

interface Label {
  canvas: HTMLCanvasElement;
  /** What is painted on it. */
  key: string;
  area: Area;
  /** What it was last made of: the level, how far that is away, to as many digits as are written, and what all are made of. */
  level?: ShownLevel;
  away?: number;
  madeOf?: string;
}

/** What all labels are made of, beside their levels and how far they are away: while nothing of it changes a label only moves. */
interface Facts extends Pick<LabelLook, 'pixelRatio' | 'scheme' | 'freshness'> {
  multiplier: number;
  isWide: boolean;
}

/** Of a label's area at most, so that it may stand there. */
const leastInk = 0.01;
/** So much is borne for staying near the right edge. */
const tolerableInk = 0.04;
/** Labels move left by this, CSS pixels, and no further than this share of the pane. */
const stepLeft = 12;
const farthestLeft = 0.55;

/**
 * The levels' labels on one chart: words painted on canvases, since text in the page can be searched by the page, each
 * with the same words for screen readers. A label that only moves, or comes back into sight, is not painted again.
 */
export class LabelLayer {
  readonly #layer = createPaneLayer('data-liqbands-labels', 'chart');
  readonly #labels = new Map<string, Label>();
  #facts: Facts | undefined;
  #madeOf = '';
  #seen: Seen | undefined;
  #positions: DrawnPositions | undefined;
  #pane: Pane | undefined;
  /** Those in sight. */
  #shown: Label[] = [];
  /** What the labels are of. */
  #view: MapView | undefined;

  /** Where labels stand now. */
  get areas(): Area[] {
    return [...(this.#positions?.areas ?? []), ...this.#shown.map(({ area }) => area)];
  }

  place(pane: Pane): void {
    this.#pane = pane;
    this.#layer.place(pane);
  }

  isMounted(pane: Pane): boolean {
    return this.#layer.isMounted(pane);
  }

  /** The chart moved on the page. */
  moved(): void {
    if (this.#pane) this.#layer.place(this.#pane);
  }

  /** Takes what chart and page show: labels are to stand beside it. */
  look(seen: Seen): void {
    this.#seen = seen;
    for (const label of this.#labels.values()) label.area.left = Number.NaN;
  }

  /**
   * @param isMoving labels keep off the page's words alone: all that may stand there is asked for once the chart rests, as
   *   each such question makes the page lay itself out
   */
  draw(
    estimate: EstimateState,
    scale: PriceScale,
    { scheme, pixelRatio }: Pick<LabelLook, 'scheme' | 'pixelRatio'>,
    isMoving: boolean,
  ): void {
    const { view, settings, symbol, freshness } = estimate;
    const { multiplier } = symbol;
    const price = priceOf(estimate);
    const pane = this.#pane!;
    const placed =
      view && price !== undefined && settings.labels
        ? placeLabels(shownLevels(view, settings), scale, pane.height, {
            multiplier,
            price,
          })
        : [];
    this.#facts = { multiplier, isWide: pane.width >= size.labelsNarrow, pixelRatio, scheme, freshness };
    this.#madeOf = Object.values(this.#facts).join();
    this.#shown = placed.map(({ level, top, pinned }) => {
      const label = this.#labelOf(level, pinned, price!);
      this.#put(label, top, pinned, isMoving);
      return label;
    });
    const isSame = view === this.#view;
    this.#view = view;
    for (const [id, label] of this.#labels) {
      const isShown = this.#shown.includes(label);
      label.canvas.hidden = !isShown;
      if (isSame || isShown) continue;
      label.canvas.remove();
      this.#labels.delete(id);
    }
    if (estimate.positions.length > 0 || this.#positions)
      this.#drawPositions(estimate, scale, { scheme, pixelRatio });
  }

  #drawPositions(
    estimate: EstimateState,
    scale: PriceScale,
    look: { scheme: ColorScheme; pixelRatio: number },
  ): void {
    const draw = (): void => {
      if (this.#pane) this.#positions?.draw(estimate.positions, estimate, scale, this.#pane, look);
    };
    if (this.#positions) draw();
    else
      withExtras(({ createPositions }) => {
        this.#positions ??= createPositions(this.#layer.root);
        draw();
      });
  }

  /** Written and painted anew where something of it changed: formatting numbers takes longer than painting them. */
  #labelOf(level: ShownLevel, pinned: Pinned, price: number): Label {
    const facts = this.#facts!;
    const madeOf = this.#madeOf;
    const id = `${level.side} ${level.edge} ${pinned}`;
    const away = Math.round(1000 * distanceOf(level, price));
    const known = this.#labels.get(id);
    if (known?.level === level && known.away === away && known.madeOf === madeOf) return known;
    const text = levelText(level, price, facts.multiplier, facts.isWide, pinned);
    return Object.assign(this.#painted(id, level, { ...facts, text }), { level, away, madeOf });
  }

  #painted(id: string, level: ShownLevel, look: LabelLook): Label {
    const key = `${look.text} ${look.pixelRatio} ${look.scheme} ${look.freshness} ${level.share}`;
    let label = this.#labels.get(id);
    if (!label) {
      const canvas = part('canvas');
      canvas.role = 'img';
      canvas.style.cssText = 'position:absolute;left:0;top:0;will-change:transform';
      label = { canvas, key: '', area: { left: Number.NaN, top: Number.NaN, width: 0, height: 0 } };
      this.#labels.set(id, label);
      this.#layer.root.append(canvas);
    }
    const { canvas, area } = label;
    if (label.key === key) return label;
    label.key = key;
    const context = canvas.getContext('2d')!;
    const { width, height } = measureLabel(context, look);
    canvas.width = width;
    canvas.height = height;
    canvas.ariaLabel = look.text;
    paintLabel(context, level, look, { x: 0, y: 0 }, { width, height });
    area.left = Number.NaN;
    area.width = width / look.pixelRatio;
    area.height = height / look.pixelRatio;
    canvas.style.width = `${area.width}px`;
    canvas.style.height = `${area.height}px`;
    return label;
  }

  #put({ canvas, area }: Label, top: number, pinned: Pinned, isMoving: boolean): void {
    if (area.top === top && !Number.isNaN(area.left)) return;
    area.top = top;
    if (Number.isNaN(area.left) || this.#seen!.obstacles.word(area))
      area.left = this.#leftOf(area, pinned ? tolerableInk : 1, isMoving ? 'word' : 'hit');
    const { pixelRatio } = this.#facts!;
    const snapped = Math.round(top * pixelRatio) / pixelRatio;
    canvas.style.transform = `translate(${area.left}px,${snapped}px)`;
  }

  /**
   * At the right edge, or as far left of it as the page's words and the chart's own drawing make it go; out of sight where
   * that leaves no room.
   *
   * @param mostInk share of its place that the chart may have drawn on
   * @param keepsOff all that the page has there, or its words alone
   */
  #leftOf({ top, width, height }: Area, mostInk: number, keepsOff: 'hit' | 'word'): number {
    const pane = this.#pane!;
    const { ink, obstacles } = this.#seen!;
    const right = Math.max(0, pane.width - size.labelMargin - width);
    let best = -width;
    let least = Number.POSITIVE_INFINITY;
    for (let left = right; left >= 0; left -= stepLeft) {
      // Far from the edge only where there is nothing but candles nearer to it.
      if (left < right - farthestLeft * pane.width && least <= tolerableInk) break;
      const share = ink.shareOf(left, top, width, height);
      // The page is asked only about places that are worth it: that takes longer.
      const isWorse = best < 0 ? share > mostInk : share >= least;
      if (isWorse || obstacles[keepsOff]({ left, top, width, height })) continue;
      if (share <= leastInk) return left;
      least = share;
      best = left;
    }
    return best;
  }

  hide(): void {
    this.#pane = undefined;
    this.#layer.hide();
  }

  remove(): void {
    this.#layer.remove();
  }
}
