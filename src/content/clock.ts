import { type Anchor, continued, findAnchor, inkOf } from './anchor';
import type { AxisMessage } from './axis-message';
import type { Chart } from './chart';
import { yOf } from './fit';
import { type Pane, scaleOf } from './pane';
import type { Scene } from './scene';
import { fitTime, type TimeLine } from './time-axis';

/** What each canvas of a frame last said: its time axis is among them. */
export type Notes = ReadonlyMap<Element, AxisMessage>;

/** The time axis of a pane: the nearest one below that is as wide. x from the pane's left. */
function timeAxisOf(pane: Pane, notes: Notes): TimeLine | undefined {
  const box = pane.element.getBoundingClientRect();
  let nearest = Number.POSITIVE_INFINITY;
  let found: TimeLine | undefined;
  for (const [source, message] of notes) {
    const { left, top, width } = source.getBoundingClientRect();
    const below = source === pane.element ? 0 : top - box.bottom;
    if (Math.abs(left - box.left) > 2 || Math.abs(width - box.width) > 8 || below < -2) continue;
    if (below >= nearest) continue;
    const shift = (left - box.left) / scaleOf(pane.element) - pane.x;
    const line = fitTime(message, source.clientWidth / message.width, shift);
    if (!line) continue;
    nearest = below;
    found = line;
  }
  return found;
}

/** The ink is read again at most this often: when it proved nothing, and when it did. */
const retryMs = 1000;
const checkMs = 5000;

/** Tells for one chart where a time is on it, and keeps what its ink once bore out while the axis moves on steadily. */
export class Clock {
  #anchor: Anchor | undefined;
  #line: TimeLine | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;

  /** x = a + b·minutes since 1970 of the middle of the bar that opens then; undefined where that is not certain. */
  read(chart: Chart, scene: Scene, notes: Notes): { a: number; b: number; bar: number } | undefined {
    const pane = chart.pane!;
    const line = timeAxisOf(pane, notes);
    const middle = pane.width / 2;
    const before = this.#line;
    this.#line = line && before ? continued(line, before, middle) : line;
    const now = this.#line;
    if (!now || !before || !isSteady(before, now)) this.#anchor = undefined;
    if (now && performance.now() - this.#checkedAt > (this.#anchor ? checkMs : retryMs)) {
      this.#checkedAt = performance.now();
      this.#check(now, chart, scene);
    }
    if (now && this.#anchor && !isDated(now, this.#anchor)) this.#anchor = undefined;
    if (!now || !this.#anchor) return undefined;
    return { a: now.a + now.b * this.#anchor.offset, b: now.b, bar: this.#anchor.bar };
  }

  #check(line: TimeLine, { pane, axis }: Chart, { view, symbol }: Scene): void {
    const { element, x, y, width, height } = pane!;
    const ink = element instanceof HTMLCanvasElement && view?.closes && inkOf(element);
    if (!ink) return;
    this.#anchor = findAnchor(
      (left, top) => ink(x + left, y + top),
      line,
      { width, height },
      view!.closes!,
      (price) => yOf(axis!, price * symbol.multiplier),
      this.#anchor,
    );
  }
}

/**
 * Whether the date on the axis is that of the anchor; true without a date. Midnight is 13 hours before that of world time
 * at most, and 11 after it.
 */
const isDated = ({ a, b, date }: TimeLine, { offset }: Anchor): boolean =>
  !date.day || new Date(((date.x - a) / b - offset + 780.5) * 60_000).getUTCDate() === date.day;

/** Whether the axis was zoomed as far as a hand zooms it in one frame: another length of bars is another chart. */
const isSteady = (before: TimeLine, now: TimeLine): boolean => Math.abs(Math.log(now.b / before.b)) < 0.7;
