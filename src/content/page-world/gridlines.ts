import { contexts, sizeOf, uprightTransform } from './canvas';
import { abs, bareList, isNumber, observe } from './primordials';
import { addLine, afterLines, rectangleOf } from './records';

/**
 * Watches horizontal lines for a moment. Where a library puts a label relative to the line it names differs by a pixel
 * or two; comparing both once per chart settles it. Path calls are hot, so the watch is taken off again after a few
 * paints that had lines, or after so many calls that the page is evidently drawing something else.
 */

const shortest = 50;
const paints = 8;
const calls = 60_000;

const undo = bareList<() => void>();
let paintsLeft = 0;
let callsLeft = 0;

function stop(): void {
  for (let i = 0; i < undo.length; i++) undo[i]!();
  undo.length = 0;
}

afterLines(() => {
  if (--paintsLeft <= 0) stop();
});

/** Watches gridlines from now on; asking again while watching prolongs the watch. */
export function watchGridlines(): void {
  paintsLeft = paints;
  callsLeft = calls;
  if (undo.length > 0) return;
  for (let k = 0; k < contexts.length; k++) {
    const of = contexts[k]!;
    let context: object | undefined;
    let from: ArrayLike<unknown> = bareList();

    const line = (on: object, x0: number, x1: number, y: number) => {
      // A page may have wrapped our twin and keep calling it.
      if (undo.length === 0 || abs(x1 - x0) <= shortest) return;
      const canvas = of.canvas(on);
      const at = uprightTransform(of, on);
      if (at && abs(at.kx * (x1 - x0)) >= 0.25 * sizeOf(canvas)![0]) addLine(canvas, at.ky * y + at.y0);
    };
    const move = (on: object, args: ArrayLike<unknown>) => {
      context = on;
      from = args;
      if (--callsLeft <= 0) stop();
    };
    undo[undo.length] = observe(of.prototype, 'moveTo', move);
    undo[undo.length] = observe(of.prototype, 'lineTo', (on, args) => {
      const start = from[0];
      const end = args[0];
      const y = args[1];
      if (context === on && isNumber(start) && isNumber(end) && isNumber(y) && y === from[1])
        line(on, start, end, y);
      move(on, args);
    });
    undo[undo.length] = observe(of.prototype, 'fillRect', (on, args) => {
      const area = rectangleOf(args);
      if (area && area[3] > 0 && area[3] <= 2) line(on, area[0], area[0] + area[2], area[1] + area[3] / 2);
    });
  }
}
