import { wantGridlines } from '../../protocol/handshake';
import type { AxisMessage } from './axis-message';
import type { Source } from './roots';

/** Watching paths is dear on charts that draw many: where no lines are seen they are asked for ever more seldom. */
const shortestMs = 1000;
const longestMs = 60_000;

/** Gridlines of the newest batch of paints, whichever canvases they are on. */
export class Gridlines {
  batch = -1;
  /** CSS pixels from the top of the screen. */
  ys: number[] = [];

  #askedAt = Number.NEGATIVE_INFINITY;
  #wait = shortestMs;

  add(source: Source, { batch, lines, height }: AxisMessage): void {
    if (lines.length === 0) return;
    this.expect();
    if (this.batch !== batch) {
      this.batch = batch;
      this.ys = [];
    }
    const { top } = source.getBoundingClientRect();
    const ky = source.clientHeight / height;
    this.ys.push(...lines.map((y) => top + y * ky));
  }

  /** There may be some: a chart is new, or has some. */
  expect(): void {
    this.#wait = shortestMs;
  }

  /** Asks the page-world reader for them, once a second at most. */
  ask(channel: string): void {
    const now = performance.now();
    if (now - this.#askedAt <= this.#wait) return;
    this.#askedAt = now;
    this.#wait = Math.min(longestMs, 2 * this.#wait);
    window.dispatchEvent(new CustomEvent(channel + wantGridlines));
  }
}
