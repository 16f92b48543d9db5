import type { AxisMessage } from '../axis/axis-message';
import type { Chart } from '../axis/chart';
import type { Pane } from '../axis/pane';
import type { BadgeActions } from '../overlay/badge';
import { BadgeLayer } from '../overlay/badge-layer';
import { EstimateLayer, restMs } from '../overlay/estimate-layer';
import type { EstimateState } from '../overlay/estimate-state';
import { once } from './once';
import type { Session } from './session';

/** What is drawn over the charts of a frame. */

interface Drawing {
  estimate: EstimateLayer;
  badge: BadgeLayer;
  /** What the badge was last drawn for. */
  badgeFor: { estimate: EstimateState; pane: Pane | undefined } | undefined;
}

export class Drawings {
  readonly #drawings = new Map<Chart, Drawing>();
  readonly #messages = new Map<Element, AxisMessage>();
  /** Words and numbers can wait for the end of the frame, unlike the bands. */
  readonly #badgesSoon = once(requestAnimationFrame, () => this.showBadges());
  /** Prices and times come from two canvases, one after the other: both are drawn after them, in the same frame. */
  readonly #allSoon = once(queueMicrotask, () => this.showAll());

  /** What moved is drawn as at rest. A timer set anew in each frame of a pan would cost more than what is drawn. */
  readonly #restSoon = once(
    (run) => setTimeout(run, restMs),
    () => {
      if (this.areMoving) this.#restSoon();
      else if (!document.hidden) this.refresh();
    },
  );

  /** @param charts all charts of the frame, drawn on or not */
  constructor(
    private readonly session: Session,
    private readonly charts: () => Iterable<Chart>,
    private readonly actions: BadgeActions,
  ) {}

  get count(): number {
    return this.#drawings.size;
  }

  /** A chart that is drawn on moves. */
  get areMoving(): boolean {
    return [...this.#drawings.values()].some(({ estimate }) => estimate.isMoving);
  }

  /** Whether what is drawn depends on where times are on the charts. */
  get #needsTimes(): boolean {
    if (this.session.mode === 'heatmap') return true;
    for (const { estimate } of this.#drawings.values()) if (estimate.hasTimes) return true;
    return false;
  }

  /** Whether a chart is one that the estimate belongs on. */
  belongsOn(chart: Chart): boolean {
    const { name } = this.session.state;
    return chart.axis !== undefined && !chart.eclipsed && (name === 'waiting' || name === 'watching');
  }

  /** The first chart that the estimate belongs on. */
  get chart(): Chart | undefined {
    for (const chart of this.charts()) if (this.belongsOn(chart)) return chart;
    return undefined;
  }

  /** A canvas said something: its time axis, where a heatmap needs one, among other things. */
  heard(source: Element, message: AxisMessage): void {
    for (const known of this.#messages.keys()) if (!known.isConnected) this.#messages.delete(known);
    this.#messages.set(source, message);
    if (this.#needsTimes) this.#allSoon();
  }

  changed(chart: Chart): void {
    if (this.#needsTimes) this.#allSoon();
    else this.show(chart);
  }

  showAll(): void {
    for (const chart of this.charts()) this.show(chart);
  }

  show(chart: Chart): void {
    if (document.hidden) return;
    let drawing = this.#drawings.get(chart);
    if (this.belongsOn(chart)) this.session.watch();
    const { estimate } = this.session;
    if (!estimate || !this.belongsOn(chart)) {
      drawing?.estimate.hide();
      drawing?.badge.hide();
      return;
    }
    if (!drawing) {
      drawing = {
        estimate: new EstimateLayer(),
        badge: new BadgeLayer(this.actions),
        badgeFor: undefined,
      };
      this.#drawings.set(chart, drawing);
    }
    drawing.estimate.draw(chart, estimate, this.#messages);
    if (drawing.estimate.isMoving) this.#restSoon();
    if (drawing.badgeFor?.estimate !== estimate || drawing.badgeFor.pane !== chart.pane) this.#badgesSoon();
    else drawing.badge.settle(chart, estimate, drawing.estimate.labelAreas);
  }

  showBadges(): void {
    const { estimate, site } = this.session;
    if (!estimate || document.hidden) return;
    for (const [chart, drawing] of this.#drawings) {
      if (!this.belongsOn(chart)) continue;
      const { isTimeless, scheme, labelAreas, seen } = drawing.estimate;
      if (!seen) continue;
      const { corner, tooltip } = site!;
      drawing.badge.draw(
        chart,
        { ...estimate, timeless: isTimeless },
        { scheme, corner, hasTooltip: tooltip, labels: labelAreas, seen },
      );
      drawing.badgeFor = { estimate, pane: chart.pane };
    }
  }

  /** Once a second: what changes without a word of the chart or the worker. */
  refresh(): void {
    for (const { estimate } of this.#drawings.values()) {
      estimate.look();
      estimate.moved();
    }
    this.showAll();
    this.showBadges();
  }

  /** Charts may have moved on the page. */
  moved(): void {
    for (const { estimate } of this.#drawings.values()) estimate.moved();
  }

  /** The pointer is at these client coordinates of the frame. */
  point(x: number, y: number): void {
    const { estimate } = this.session;
    if (!estimate) return;
    for (const [chart, { badge }] of this.#drawings) {
      if (this.belongsOn(chart)) badge.point(x, y, chart, estimate);
    }
  }

  /** The user pressed something: a card is closed by what is not on it. */
  pressed(target: EventTarget | null): void {
    for (const { badge } of this.#drawings.values()) if (!badge.holds(target)) badge.close();
  }

  remove(chart: Chart): void {
    const drawing = this.#drawings.get(chart);
    drawing?.estimate.remove();
    drawing?.badge.remove();
    this.#drawings.delete(chart);
  }
}
