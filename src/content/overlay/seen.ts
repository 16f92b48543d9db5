import type { InkMap } from './ink-map';
import type { Obstacles } from './obstacles';

/** What stood on a pane at the last look, and over it: ours keep off both. */
export interface Seen {
  ink: InkMap;
  obstacles: Obstacles;
}
