import { type Depth, depthCells } from '../engine/flow/depth';
import type { DepthView } from '../protocol/detail';

/** A book as the engine reads it, taken to go on as dense as it is on the mean beyond what was sent. */
export function depthOf({ price: at, long, short }: DepthView): Depth {
  const whole = ({ usd, covered }: DepthView['long']) => {
    const cells = new Float64Array(depthCells + 1);
    cells.set(usd.slice(0, depthCells + 1));
    const last = usd.length - 1;
    for (let k = last + 1; k <= depthCells; k++) cells[k] = (usd[last]! * k) / last;
    return { usd: cells, covered };
  };
  return { price: at, long: whole(long), short: whole(short) };
}
