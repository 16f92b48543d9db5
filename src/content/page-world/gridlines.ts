import { contexts, sizeOf, uprightTransform } from './canvas';
import { abs, bareList, observe } from './primordials';
import { addLine, afterLines } from './records';

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
    let fromX = 0;
    let fromY = 0;

    const line = (on: object, x0: number, x1: number, y: number) => {
      // A page may have wrapped our twin and keep calling it.
      if (undo.length === 0) return;
      const canvas = of.canvas(on);
      const at = uprightTransform(of, on);
      if (at && abs(at.kx * (x1 - x0)) >= 0.25 * sizeOf(canvas)![0]) addLine(canvas, at.ky * y + at.y0);
    };
    undo[undo.length] = observe(of.prototype, 'moveTo', (on, args) => {
      context = on;
      fromX = args[0] as number;
      fromY = args[1] as number;
      if (--callsLeft <= 0) stop();
    });
    undo[undo.length] = observe(of.prototype, 'lineTo', (on, args) => {
      const x = args[0] as number;
      const y = args[1] as number;
      if (context === on && y === fromY && abs(x - fromX) > shortest) line(on, fromX, x, y);
      context = on;
      fromX = x;
      fromY = y;
      if (--callsLeft <= 0) stop();
    });
    undo[undo.length] = observe(of.prototype, 'fillRect', (on, args) => {
      const x = args[0] as number;
      const y = args[1] as number;
      const width = args[2] as number;
      const height = args[3] as number;
      if (height > 0 && height <= 2 && width > shortest) line(on, x, x + width, y + height / 2);
    });
  }
}
