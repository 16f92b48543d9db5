import { wantGridlines } from '../../protocol/handshake';
import type { Label } from '../page-world/records';
import { type AxisMessage, readAxisMessage } from './axis-message';
import { Chart } from './chart';
import { followElements, rootsOf, type Source, shadowOf } from './element-axis';
import { priceAt, yOf } from './fit';
import type { Reference } from './identity';
import type { PriceColumn } from './price-axis';
import { rateLimit } from './rate-limit';

/** Follows every chart of this frame, from the reader's messages to the ones worth drawing on. */

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
  heard(source: HTMLCanvasElement | SVGSVGElement, message: AxisMessage): void;
}

export interface Charts {
  all(): Iterable<Chart>;
  /** Looks at every chart again: the reference price changed. */
  reread(): void;
  stop(): void;
}

/** A hostile page can send at most this much work a second; a chart sends one or two messages a frame. */
const perSecond = 600;
const burst = 300;
const maxCharts = 24;
/** A pane lower than this share of the tallest in its stack shows an indicator. */
const tallEnough = 0.6;
/** Of charts that do not tell whose they are, the page's main one is so many times larger than any other. */
const mainChart = 4;

interface Stack {
  left: number;
  width: number;
  members: Chart[];
}

/** How badly the visible prices miss the reference, in ln; 0 where they include it. */
const missOf = ({ low, high }: PriceColumn, reference: number): number =>
  Math.max(0, Math.log(low / reference), Math.log(reference / high));

/**
 * Of all axes in one column of panes, the price's: near the reference, tall, on the right. None where two axes of its
 * pane tell different prices.
 */
function choose(stack: Stack, reference: Reference | undefined): Chart | undefined {
  const tallest = Math.max(...stack.members.map((chart) => chart.pane!.height));
  const rank = ({ pane, column, source, identity }: Chart) => {
    const short = pane!.height < tallEnough * tallest ? 1e6 : 0;
    const untold = identity === 'own' ? 0 : 1e5;
    // Among axes that include the price the one that shows it closest.
    const far =
      reference === undefined
        ? 0
        : missOf(column!, reference.price) * 1e3 + ((column!.high - column!.low) / reference.price) * 10;
    const leftSide = source.getBoundingClientRect().left <= pane!.element.getBoundingClientRect().left;
    return short + untold + far + (leftSide ? 1 : 0) - pane!.height * 1e-3;
  };
  const best = stack.members.reduce((best, chart) => (rank(chart) < rank(best) ? chart : best));
  const middle = best.pane!.height / 2;
  const price = priceAt(best.axis!, middle);
  const isRival = ({ axis, pane }: Chart) =>
    pane!.element === best.pane!.element && Math.abs(yOf(axis!, price) - middle) > 3;
  return stack.members.some(isRival) ? undefined : best;
}

/**
 * Whether a chart may be the symbol's own, beside the other charts of the page. Charts that do not tell give way to one
 * that does; where none tells, only one that is much larger than the others is believed.
 */
function mayBeOwn(chart: Chart, all: Chart[]): boolean {
  if (chart.identity === 'own') return true;
  const areaOf = ({ pane }: Chart) => pane!.width * pane!.height;
  return all.every(
    (other) => other === chart || (other.identity !== 'own' && areaOf(chart) > mainChart * areaOf(other)),
  );
}

/** A time axis comes with every pan: that it is no price axis is seen without asking where it stands. */
const isRow = (labels: Label[]): boolean => labels.every(({ y }) => Math.abs(y - labels[0]!.y) < 1);

export function followCharts(options: ChartsOptions): Charts {
  const charts = new Map<Element, Chart>();
  const allowed = rateLimit(perSecond, burst, () => performance.now());
  const abort = new AbortController();
  /** Gridlines of the newest batch, as y on screen. */
  let lines: { batch: number; ys: number[] } = { batch: -1, ys: [] };
  let lastAsked = 0;
  let named = '';
  const settling = new Set<Chart>();
  /** Canvases with an axis of their own: what HTML lies over them is something else. */
  const written = new WeakSet<Source>();

  /** Leaves charts that are no longer on the page. */
  function prune(): void {
    for (const chart of charts.values()) if (!chart.source.isConnected) forget(chart);
  }
  const removals = new MutationObserver(prune);
  const watchParent = (element: Element) => {
    if (element.parentNode) removals.observe(element.parentNode, { childList: true });
  };

  /** Decides which chart of each stack is drawn; returns those whose part changed. */
  function select(): Chart[] {
    prune();
    const stacks: Stack[] = [];
    for (const chart of charts.values()) {
      if (!chart.axis || !chart.pane) continue;
      const { left, width } = chart.pane.element.getBoundingClientRect();
      const stack = stacks.find((each) => Math.abs(each.left - left) < 4 && Math.abs(each.width - width) < 8);
      if (stack) stack.members.push(chart);
      else stacks.push({ left, width, members: [chart] });
    }
    const reference = options.reference();
    const winners = stacks.flatMap((stack) =>
      stack.members.length > 1 ? (choose(stack, reference) ?? []) : stack.members,
    );
    const shown = reference === undefined ? winners : winners.filter((chart) => mayBeOwn(chart, winners));
    const changed: Chart[] = [];
    for (const chart of stacks.flatMap(({ members }) => members)) {
      if (chart.eclipsed !== shown.includes(chart)) continue;
      chart.eclipsed = !chart.eclipsed;
      changed.push(chart);
    }
    return changed;
  }

  function forget(chart: Chart): void {
    charts.delete(chart.source);
    sizes.unobserve(chart.source);
    options.gone(chart);
  }

  /** Some charts give their canvases a new size one after the other: look again in the next frames. */
  let looking = 0;
  function lookAgain(): void {
    looking = 10;
    requestAnimationFrame(function look() {
      let missing = false;
      for (const chart of charts.values()) {
        if (!chart.column || chart.axis) continue;
        chart.relocate();
        if (chart.axis) placed(chart);
        else missing = true;
      }
      if (missing && --looking > 0) requestAnimationFrame(look);
    });
  }

  /** A chart has a pane, or lost it: others may have to give way. */
  function placed(chart: Chart): void {
    if (chart.pane) {
      sizes.observe(chart.pane.element);
      watchParent(chart.pane.element);
    }
    if (charts.size > 1) for (const other of select()) if (other !== chart) options.changed(other);
    options.changed(chart);
  }

  /** Elements can vanish without a repaint. */
  function sweep(): void {
    prune();
    for (const chart of charts.values()) {
      if (chart.column && (!chart.axis || !chart.pane?.element.isConnected)) {
        chart.relocate();
        options.changed(chart);
      }
    }
    for (const chart of select()) options.changed(chart);
  }

  const sizes = new ResizeObserver((entries) => {
    const resized = new Set(entries.map((entry) => entry.target));
    for (const chart of charts.values()) {
      if (!resized.has(chart.source) && !(chart.pane && resized.has(chart.pane.element))) continue;
      // Bitmap and layout may change one after the other; this is the last word before the frame is shown.
      const { pane } = chart;
      chart.resized(options.reference());
      if (chart.pane !== pane) placed(chart);
      else options.changed(chart);
    }
  });

  function update(source: Source, message: AxisMessage): void {
    let chart = charts.get(source);
    if (!chart) {
      const { labels, library } = message;
      if (labels.length < (library ? 2 : 3) || charts.size >= maxCharts || isRow(labels)) return;
      chart = new Chart(source);
    }
    const had = chart.axis !== undefined;
    const paneBefore = chart.pane;
    const identityBefore = chart.identity;
    chart.read(message, options.reference());
    if (!charts.has(source)) {
      // Time axes and tables of numbers come here as well; only what once was an axis is worth keeping.
      if (!chart.axis && chart.refusal === 'none') return;
      charts.set(source, chart);
      sizes.observe(source);
      watchParent(source);
    }
    const isOther = identityBefore !== chart.identity || paneBefore !== chart.pane;
    if (isOther || had !== (chart.axis !== undefined)) placed(chart);
    else options.changed(chart);
    if (chart.column && !chart.axis) lookAgain();
    settle(chart);
    if (chart.needsLines && performance.now() - lastAsked > 1000) {
      lastAsked = performance.now();
      window.dispatchEvent(new CustomEvent(options.channel + wantGridlines));
    }
  }

  /** A chart that shows percentages is read again once its library has told the same for a moment. */
  function settle(chart: Chart): void {
    const { settlesIn } = chart;
    if (settlesIn === undefined || settling.has(chart)) return;
    settling.add(chart);
    setTimeout(() => {
      settling.delete(chart);
      if (abort.signal.aborted || !charts.has(chart.source)) return;
      chart.reread(options.reference());
      placed(chart);
      settle(chart);
    }, settlesIn + 10);
  }

  function calibrate(): void {
    for (const chart of charts.values()) {
      if (!chart.needsLines || chart.batch !== lines.batch) continue;
      if (chart.calibrate(lines.ys)) {
        chart.reread(options.reference());
        options.changed(chart);
      }
    }
  }

  function tell(source: Source, message: AxisMessage): void {
    if (message.lines.length > 0) {
      if (lines.batch !== message.batch) lines = { batch: message.batch, ys: [] };
      const { top } = source.getBoundingClientRect();
      const ky = source.clientHeight / message.height;
      lines.ys.push(...message.lines.map((y) => top + y * ky));
    }
    const symbol = message.library?.symbol;
    if (symbol && symbol !== named) {
      named = symbol;
      options.named(symbol);
    }
    options.heard(source, message);
    if (message.labels.length > 0 || charts.has(source)) update(source, message);
    if (lines.batch === message.batch) calibrate();
  }

  function onMessage(event: Event): void {
    event.stopImmediatePropagation();
    const known = charts.get(event.composedPath()[0] as Element);
    if (!allowed()) {
      // Rather nothing than bands that no longer follow.
      known?.lose('none');
      if (known) options.changed(known);
      return;
    }
    const message = readAxisMessage((event as CustomEvent<unknown>).detail);
    const source = message && canvasOf(event, message);
    if (!source) return;
    if (message.labels.length >= 3) written.add(source);
    const over = written.has(source) ? undefined : labelsOver(source);
    tell(source, over ? withLines(over, message) : message);
  }
  const labelsOver = followElements((source, message) => {
    if (!written.has(source) && allowed()) tell(source, message);
  }, abort.signal);

  // Scripts may call document.open(), which drops listeners of this world: put ours back when the root is replaced.
  const listen = () =>
    window.addEventListener(options.channel, onMessage, { capture: true, signal: abort.signal });
  listen();
  const roots = new MutationObserver(listen);
  roots.observe(document, { childList: true });
  const timer = setInterval(sweep, 1000);
  abort.signal.addEventListener('abort', () => {
    clearInterval(timer);
    sizes.disconnect();
    removals.disconnect();
    roots.disconnect();
  });

  return {
    all: () => charts.values(),
    reread() {
      for (const chart of charts.values()) chart.reread(options.reference());
      select();
      for (const chart of charts.values()) options.changed(chart);
    },
    stop() {
      abort.abort();
      for (const chart of [...charts.values()]) forget(chart);
    },
  };
}

/** Labels that are elements, with the gridlines on the canvas below them. */
const withLines = (labels: AxisMessage, { lines, height, batch }: AxisMessage): AxisMessage => ({
  ...labels,
  lines: lines.map((y) => (y * labels.height) / height),
  batch,
});

/** The canvas an event came from; a closed shadow root hides it from the event, not from us. */
function canvasOf(event: Event, { width, height }: AxisMessage): HTMLCanvasElement | undefined {
  const target = event.composedPath()[0];
  if (target instanceof HTMLCanvasElement) return target;
  const shadow = target instanceof HTMLElement && shadowOf(target);
  for (const root of shadow ? rootsOf(shadow) : []) {
    for (const canvas of root.querySelectorAll('canvas')) {
      if (canvas.width === width && canvas.height === height) return canvas;
    }
  }
  return undefined;
}
