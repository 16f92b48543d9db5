import { wantGridlines } from '../../protocol/handshake';
import type { AxisMessage } from './axis-message';
import type { Source } from './roots';

/** Gridlines of the newest batch of paints, whichever canvases they are on. */
export class Gridlines {
  batch = -1;
  /** CSS pixels from the top of the screen. */
  ys: number[] = [];

  #lastAsked = Number.NEGATIVE_INFINITY;

  add(source: Source, { batch, lines, height }: AxisMessage): void {
    if (lines.length === 0) return;
    if (this.batch !== batch) {
      this.batch = batch;
      this.ys = [];
    }
    const { top } = source.getBoundingClientRect();
    const ky = source.clientHeight / height;
    this.ys.push(...lines.map((y) => top + y * ky));
  }

  /** Asks the page-world reader for them, at most once a second. */
  ask(channel: string): void {
    if (performance.now() - this.#lastAsked <= 1000) return;
    this.#lastAsked = performance.now();
    window.dispatchEvent(new CustomEvent(channel + wantGridlines));
  }
}
