import { type AxisMessage, readAxisMessage } from './axis-message';
import { pairLines } from './calibrate';
import { hearCanvases } from './channel';
import type { FollowElements } from './element-axis';
import { rateLimit } from './rate-limit';
import type { Source } from './roots';

/** What the canvases and elements of a frame say, each in the form that axes are read from. */

/** A hostile page can send at most this much work a second; a chart sends one or two messages a frame. */
const perSecond = 600;
const burst = 300;

/** Labels that are elements, with the gridlines on the canvas below them. */
const withLines = (labels: AxisMessage, { lines, height, batch }: AxisMessage): AxisMessage => ({
  ...labels,
  lines: lines.map((y) => (y * labels.height) / height),
  batch,
});

/**
 * Calls back with what is said, within the task that painted it.
 *
 * @param channel name of the events that the page-world reader sends
 * @param hear returns false where what was said is of no use
 * @param missed takes the target of an event that was one too many: what it says is unknown
 * @returns takes what reads labels that are elements, once that is here
 */
export function followSources(
  channel: string,
  hear: (source: Source, message: AxisMessage) => boolean,
  missed: (target: EventTarget) => void,
  signal: AbortSignal,
): (follow: FollowElements) => void {
  const allowed = rateLimit(perSecond, burst, () => performance.now());
  /** Canvases with an axis of their own: what HTML lies over them is something else. */
  const written = new WeakSet<Source>();
  let labelsOver: ReturnType<FollowElements> = () => undefined;

  const onMessage = (source: EventTarget, detail: unknown): boolean => {
    if (!allowed()) {
      missed(source);
      return true;
    }
    const message = readAxisMessage(detail);
    if (!message || !(source instanceof HTMLCanvasElement)) return true;
    if (message.labels.length >= 3) written.add(source);
    const over = written.has(source) ? undefined : labelsOver(source);
    return hear(source, over ? withLines(over, message) : message) || over !== undefined;
  };
  hearCanvases(channel, onMessage, signal);
  return (follow) => {
    labelsOver = follow(
      (source, message) => {
        if (!written.has(source) && allowed()) hear(source, message);
      },
      signal,
      pairLines,
    );
  };
}
