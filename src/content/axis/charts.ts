import type { Label } from '../page-world/records';
import type { AxisMessage } from './axis-message';
import { Chart } from './chart';
import { chooseCharts } from './choose';
import type { FollowElements } from './element-axis';
import { everySecond } from './every-second';
import { Gridlines } from './gridlines';
import type { Reference } from './identity';
import type { Source } from './roots';
import { followSources } from './sources';

export interface ChartsOptions {
  /** Name of the events the page-world reader sends. */
  channel: string;
  /** The symbol and its price, where known. */
  reference(): Reference | undefined;
  /** What the page's charting library calls its symbol, when that changes. */
  named(symbol: string): void;
  /** Called within the paint that changed a chart, and when a chart gains or loses its place. */
  changed(chart: Chart): void;
  gone(chart: Chart): void;
  /** What any canvas says, before charts are made of it. */
  heard(source: Source, message: AxisMessage): void;
}

const maxCharts = 24;

/** A time axis comes with every pan: that it is no price axis is seen without asking where it stands. */
const isRow = (labels: Label[]): boolean => labels.every(({ y }) => Math.abs(y - labels[0]!.y) < 1);

/** Numbers that are no times: those are wanted where there are no prices. */
const isValue = ({ text }: Label): boolean => /^\D?\d+[.,]\d+\D?$|^\d{3,}$/.test(text);

/** Follows every chart of this frame, from the reader's messages to the ones worth drawing on. */
export class Charts {
  readonly #charts = new Map<EventTarget, Chart>();
  readonly #lines = new Gridlines();
  /** The last name given to `named`. */
  #named: string | undefined;
  /** Charts that wait to be read again. */
  readonly #settling = new Set<Chart>();
  /** Frames left to look for panes that are missing. */
  #looking = 0;
  readonly #removals = new MutationObserver(() => this.#prune());
  readonly #sizes = new ResizeObserver((entries) => this.#resized(entries));
  readonly #end = new AbortController();

  readonly #options: ChartsOptions;
  /** Reads labels that are elements as well from now on. */
  readonly followElements: (follow: FollowElements) => void;

  constructor(options: ChartsOptions) {
    this.#options = options;
    const { signal } = this.#end;
    this.followElements = followSources(
      options.channel,
      (source, message) => this.#hear(source, message),
      (target) => this.#missed(target),
      signal,
    );
    everySecond(() => this.#sweep(), signal);
  }

  readonly all = (): Iterable<Chart> => this.#charts.values();

  /** Looks at every chart again: the reference price changed. */
  reread(): void {
    for (const chart of this.all()) this.#reread(chart);
    this.#choose();
    for (const chart of this.all()) this.#options.changed(chart);
  }

  #reread(chart: Chart): void {
    chart.reread(this.#options.reference(), this.#named);
  }

  stop(): void {
    this.#end.abort();
    this.#sizes.disconnect();
    this.#removals.disconnect();
    for (const chart of this.all()) this.#forget(chart);
  }

  /** @returns false where nothing of it is of use */
  #hear(source: Source, message: AxisMessage): boolean {
    this.#lines.add(source, message);
    const symbol = message.library?.symbol;
    if (symbol && symbol !== this.#named) {
      this.#named = symbol;
      this.#options.named(symbol);
    }
    this.#options.heard(source, message);
    const isUseful =
      (message.labels.length === 0 && !this.#charts.has(source)) || this.#update(source, message);
    const { batch, ys } = this.#lines;
    if (batch !== message.batch) return isUseful;
    for (const chart of this.all()) {
      if (!chart.needsLines || chart.batch !== batch || !chart.calibrate(ys)) continue;
      this.#reread(chart);
      this.#placed(chart);
    }
    return true;
  }

  /** Rather nothing than bands that no longer follow. */
  #missed(target: EventTarget): void {
    const chart = this.#charts.get(target);
    if (!chart) return;
    chart.lose('none');
    this.#options.changed(chart);
  }

  #update(source: Source, message: AxisMessage): boolean {
    const { labels, library } = message;
    let chart = this.#charts.get(source);
    if (!chart) {
      if (labels.length < (library ? 2 : 3) || this.#charts.size >= maxCharts || isRow(labels)) return true;
      chart = new Chart(source);
    }
    const { axis, pane, identity } = chart;
    chart.read(message, this.#options.reference(), this.#named);
    if (!this.#charts.has(source)) {
      // Time axes and tables of numbers come here as well; only what once was an axis is worth keeping.
      if (!chart.axis && chart.refusal === 'none') return !labels.every(isValue);
      if (chart.look()) this.#reread(chart);
      this.#charts.set(source, chart);
      this.#lines.expect();
      this.#watch(source);
    }
    const isOther = identity !== chart.identity || pane !== chart.pane;
    if (isOther || !axis !== !chart.axis) this.#placed(chart);
    else this.#options.changed(chart);
    if (chart.column && !chart.axis) this.#lookAgain();
    this.#settle(chart);
    if (chart.needsLines) this.#lines.ask(this.#options.channel);
    return true;
  }

  /** A chart whose labels do not tell whether its library's word is of this paint is read again once its library has told the same for a moment. */
  #settle(chart: Chart): void {
    const { settlesIn } = chart;
    if (settlesIn === undefined || this.#settling.has(chart)) return;
    this.#settling.add(chart);
    setTimeout(() => {
      this.#settling.delete(chart);
      if (!this.#charts.has(chart.source)) return;
      this.#reread(chart);
      this.#placed(chart);
      this.#settle(chart);
    }, settlesIn + 10);
  }

  /** Some charts give their canvases a new size one after the other: look again in the next frames. */
  #lookAgain(): void {
    this.#looking = 10;
    const look = () => {
      let isMissing = false;
      for (const chart of this.all()) {
        if (!chart.column || chart.axis) continue;
        chart.relocate();
        if (chart.axis) this.#placed(chart);
        else isMissing = true;
      }
      if (isMissing && --this.#looking > 0) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  /** A chart has a pane, or lost it: others may have to give way. */
  #placed(chart: Chart): void {
    if (chart.pane) this.#watch(chart.pane.element);
    if (this.#charts.size > 1)
      for (const other of this.#choose()) if (other !== chart) this.#options.changed(other);
    this.#options.changed(chart);
  }

  /** Decides which charts are drawn on; returns those whose part changed. */
  #choose(): Chart[] {
    this.#prune();
    const all = [...this.all()];
    const chosen = chooseCharts(all, this.#options.reference());
    const changed = all.filter((chart) => chart.axis && chart.eclipsed === chosen.includes(chart));
    for (const chart of changed) chart.eclipsed = !chart.eclipsed;
    return changed;
  }

  #watch(element: Element): void {
    this.#sizes.observe(element);
    if (element.parentNode) this.#removals.observe(element.parentNode, { childList: true });
  }

  #resized(entries: ResizeObserverEntry[]): void {
    const resized = new Set(entries.map((entry) => entry.target));
    for (const chart of this.all()) {
      const { pane } = chart;
      if (!resized.has(chart.source) && !(pane && resized.has(pane.element))) continue;
      // Bitmap and layout may change one after the other; this is the last word before the frame is shown.
      chart.resized(this.#options.reference(), this.#named);
      if (chart.pane !== pane) this.#placed(chart);
      else this.#options.changed(chart);
    }
  }

  /** Elements can vanish without a repaint. */
  #sweep(): void {
    this.#prune();
    for (const chart of this.all()) {
      // What was followed is searched for once it rests.
      if (chart.look() || chart.column) {
        this.#reread(chart);
        this.#options.changed(chart);
      }
      if (!chart.column || (chart.axis && chart.pane?.element.isConnected)) continue;
      chart.relocate();
      this.#options.changed(chart);
    }
    for (const chart of this.#choose()) this.#options.changed(chart);
  }

  /** Leaves charts that are no longer on the page, or were put into another window, where they are not heard. */
  #prune(): void {
    for (const chart of this.all())
      if (!chart.source.isConnected || chart.source.ownerDocument !== document) this.#forget(chart);
  }

  #forget(chart: Chart): void {
    this.#charts.delete(chart.source);
    this.#sizes.unobserve(chart.source);
    this.#options.gone(chart);
  }
}
