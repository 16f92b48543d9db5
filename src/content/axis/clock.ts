import { minuteMs } from '../../engine/time';
import type { Closes } from '../../protocol/view';
import { type Anchor, continued, findAnchor, inkOf } from './anchor';
import type { AxisMessage } from './axis-message';
import type { Chart } from './chart';
import { type FitAxis, yOf } from './fit';
import { type Pane, scaleOf } from './pane';
import { fitTime, type TimeLine } from './time-axis';

/** The last message of each canvas of a frame: that of its time axis is among them. */
export type AxisMessages = ReadonlyMap<Element, AxisMessage>;

/** Our own closing prices per coin, which the chart's ink is held against, and how many coins its price is of. */
export interface CoinPrices {
  closes: Closes | undefined;
  multiplier: number;
}

/** The time axis of a pane: the nearest one below that is as wide. x from the pane's left. */
function timeAxisOf(pane: Pane, messages: AxisMessages, fitAxis: FitAxis): TimeLine | undefined {
  const box = pane.element.getBoundingClientRect();
  let nearest = Number.POSITIVE_INFINITY;
  let found: TimeLine | undefined;
  for (const [source, message] of messages) {
    const { left, top, width } = source.getBoundingClientRect();
    const below = source === pane.element ? 0 : top - box.bottom;
    if (Math.abs(left - box.left) > 2 || Math.abs(width - box.width) > 8 || below < -2) continue;
    if (below >= nearest) continue;
    const shift = (left - box.left) / scaleOf(pane.element) - pane.x;
    const line = fitTime(fitAxis, message, source.clientWidth / message.width, shift);
    if (!line) continue;
    nearest = below;
    found = line;
  }
  return found;
}

/**
 * The ink is read once an axis has come to rest: while it moves, bars and labels may be of two different frames. Where it
 * bears nothing out it is read again, ever more seldom.
 */
const restMs = { first: 200, longest: 4000 };

/** Tells for one chart where a time is on it, and keeps what its ink once bore out while the axis moves on steadily. */
export class ChartClock {
  #anchor: Anchor | undefined;
  #line: TimeLine | undefined;
  /** Infinity once the ink of this rest has borne the axis out. */
  #restsSince = 0;
  #wait = restMs.first;

  constructor(private readonly fitAxis: FitAxis) {}

  /** x = a + b·minutes since 1970 of the middle of the bar that opens then; undefined where that is not certain. */
  read(
    chart: Chart,
    prices: CoinPrices,
    messages: AxisMessages,
  ): { a: number; b: number; bar: number } | undefined {
    const line = timeAxisOf(chart.pane!, messages, this.fitAxis);
    // Not to be read for a moment, as on labels that are too coarse: what was borne out before stays so.
    if (!line) return undefined;
    const before = this.#line;
    const now = before ? continued(line, before, chart.pane!.width / 2) : line;
    this.#line = now;
    if (!before || !isSteady(before, now)) this.#anchor = undefined;
    const time = performance.now();
    if (now.a !== before?.a || now.b !== before.b) {
      this.#restsSince = time;
      this.#wait = restMs.first;
    }
    if (time - this.#restsSince > this.#wait) {
      this.#check(now, chart, prices);
      this.#restsSince = this.#anchor ? Number.POSITIVE_INFINITY : time;
      this.#wait = Math.min(2 * this.#wait, restMs.longest);
    }
    if (this.#anchor && !isDated(now, this.#anchor)) this.#anchor = undefined;
    if (!this.#anchor) return undefined;
    return { a: now.a + now.b * this.#anchor.offset, b: now.b, bar: this.#anchor.bar };
  }

  #check(line: TimeLine, { pane, axis }: Chart, { closes, multiplier }: CoinPrices): void {
    const { element, x, y, width, height } = pane!;
    const ink = element instanceof HTMLCanvasElement && closes && inkOf(element);
    if (!ink) return;
    this.#anchor = findAnchor(
      (left, top) => ink(x + left, y + top),
      line,
      { width, height },
      closes!,
      (price) => yOf(axis!, price * multiplier),
      this.#anchor,
    );
  }
}

/**
 * Whether the date on the axis is that of the anchor; true without a date. Midnight is 13 hours before that of world time
 * at most, and 11 after it.
 */
const isDated = ({ a, b, date }: TimeLine, { offset }: Anchor): boolean =>
  !date.day || new Date(((date.x - a) / b - offset + 780.5) * minuteMs).getUTCDate() === date.day;

/** Whether the axis was zoomed as far as a hand zooms it in one frame: another length of bars is another chart. */
const isSteady = (before: TimeLine, now: TimeLine): boolean => Math.abs(Math.log(now.b / before.b)) < 0.7;
