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

/** Where a pane's time axis stands: looked for again this often, as asking elements for their place makes the page lay out. */
const placeMs = 1000;
/** Charts without one are not searched for it in every frame. */
const patience = 30;

interface FoundAxis {
  source: Element;
  pane: Pane;
  /** CSS pixels per bitmap pixel, and how far the axis stands to the right of the pane. */
  kx: number;
  shift: number;
  message: AxisMessage;
  line: TimeLine;
}

/** The time axis of one pane: the nearest one below that is as wide. x from the pane's left. */
class TimeAxis {
  #found: FoundAxis | undefined;
  /** Searches in vain. */
  #misses = 0;
  /** Time of the next search, where what was found still holds or many were in vain; ms. */
  #nextAt = 0;

  constructor(private readonly fitAxis: FitAxis) {}

  read(pane: Pane, messages: AxisMessages): TimeLine | undefined {
    const found = this.#found;
    const message = found && messages.get(found.source);
    const isEarly = performance.now() < this.#nextAt;
    if (message && isEarly && pane === found.pane) {
      if (message === found.message) return found.line;
      const line = fitTime(this.fitAxis, message, found.kx, found.shift);
      if (line) {
        found.message = message;
        found.line = line;
        return line;
      }
    }
    return !found && isEarly ? undefined : this.#find(pane, messages);
  }

  #find(pane: Pane, messages: AxisMessages): TimeLine | undefined {
    const box = pane.element.getBoundingClientRect();
    let nearest = Number.POSITIVE_INFINITY;
    this.#found = undefined;
    for (const [source, message] of messages) {
      const { left, top, width } = source.getBoundingClientRect();
      const below = source === pane.element ? 0 : top - box.bottom;
      const isElsewhere = Math.abs(left - box.left) > 2 || Math.abs(width - box.width) > 8;
      if (isElsewhere || below < -2 || below >= nearest) continue;
      const kx = source.clientWidth / message.width;
      const shift = (left - box.left) / scaleOf(pane.element) - pane.x;
      const line = fitTime(this.fitAxis, message, kx, shift);
      if (!line) continue;
      nearest = below;
      this.#found = { source, pane, kx, shift, message, line };
    }
    this.#misses = this.#found ? 0 : this.#misses + 1;
    this.#nextAt = this.#found || this.#misses > patience ? performance.now() + placeMs : 0;
    return this.#found?.line;
  }
}

/**
 * The ink is read once an axis has come to rest: while it moves, bars and labels may be of two different frames. Where it
 * bears nothing out it is read again, ever more seldom.
 */
const restMs = 200;
const patientMs = 1000;
const longestMs = 3200;

/** Tells for one chart where a time is on it, and keeps what its ink once bore out while the axis moves on steadily. */
export class ChartClock {
  readonly #axis: TimeAxis;
  #anchor: Anchor | undefined;
  #line: TimeLine | undefined;
  /** Of the look at the ink of this rest, past or to come; undefined where one is due. */
  #look: (() => void) | undefined;
  #lookAt: number | undefined;
  /** A timer set anew in each frame of a pan would cost more than all else here. */
  #isTimed: boolean | undefined;
  #wait = restMs;

  constructor(fitAxis: FitAxis) {
    this.#axis = new TimeAxis(fitAxis);
  }

  /**
   * x = a + b·minutes since 1970 of the middle of the bar that opens then; undefined where that is not certain.
   *
   * @param isPatient something is drawn before it is known
   */
  read(
    chart: Chart,
    prices: CoinPrices,
    messages: AxisMessages,
    isPatient?: boolean,
  ): { a: number; b: number; bar: number } | undefined {
    const line = this.#axis.read(chart.pane!, messages);
    const before = this.#line;
    const now = line && before ? continued(line, before, chart.pane!.width / 2) : line;
    if (now?.a !== before?.a || now?.b !== before?.b) {
      this.#look = undefined;
      this.#wait = isPatient ? patientMs : restMs;
    }
    // Not to be read for a moment, as on labels that are too coarse: what was borne out before stays so.
    if (!now) return undefined;
    this.#line = now;
    if (!before || !isSteady(before, now)) this.#anchor = undefined;
    if (this.#anchor && !isDated(now, this.#anchor)) this.#anchor = this.#look = undefined;
    // Canvases of one chart are painted one after the other in a frame: between frames they are of one moment.
    if (!this.#look) {
      this.#lookAt = performance.now() + this.#wait;
      this.#look = () => {
        if (chart.axis) this.#check(now, chart, prices);
        if (!this.#anchor) this.#look = undefined;
        if (this.#wait < longestMs) this.#wait *= 2;
      };
      if (!this.#isTimed) this.#whenDue();
    }
    return this.#anchor && { a: now.a + now.b * this.#anchor.offset, b: now.b, bar: this.#anchor.bar };
  }

  readonly #whenDue = (): void => {
    const left = Math.min(restMs, this.#lookAt! - performance.now());
    this.#isTimed = left > 0;
    if (this.#isTimed) setTimeout(this.#whenDue, left);
    else this.#look?.();
  };

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
  !date?.day || new Date(((date.x - a) / b - offset + 780.5) * minuteMs).getUTCDate() === date.day;

/** Whether the axis was zoomed as far as a hand zooms it in one frame: another length of bars is another chart. */
const isSteady = (before: TimeLine, now: TimeLine): boolean => Math.abs(Math.log(now.b / before.b)) < 0.7;
