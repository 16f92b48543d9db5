import { hourMs } from '../engine/time';
import type { Leaning } from '../protocol/detail';

/** One an hour; what was shown goes before what would have been. */
export function joinedLeaning(rebuilt: readonly Leaning[], shown: readonly Leaning[]): Leaning[] {
  const hourOf = ({ time }: Leaning) => Math.round(time / hourMs);
  const all = new Map([...rebuilt, ...shown].map((each) => [hourOf(each), each]));
  return [...all.values()].sort((a, b) => a.time - b.time);
}
