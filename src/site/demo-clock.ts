/**
 * The demonstration's market is recorded: what the pages load of it is moved to the present as it comes, so that it looks as a
 * snapshot does that was just made.
 */

/** Times of a snapshot, ms since 1970: any number of that size is one. */
const earliest = Date.UTC(2020, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** How old the demonstration looks, ms. */
const ageMs = 10_000;

/** A snapshot with every time in it later by as much as it is old. */
export function movedTo(now: number, snapshot: { time: number }): unknown {
  const moved = now - ageMs - snapshot.time;
  const move = (value: unknown): unknown => {
    if (typeof value === 'number') return value > earliest && value < latest ? value + moved : value;
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, move(each)]));
  };
  return move(snapshot);
}
