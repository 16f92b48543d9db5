/** What is odd about the rows of a reply, whatever venue they are of. */

type Row = readonly unknown[] | Record<string, unknown>;

/** The longest list of rows anywhere in a reply. */
function longestList(json: unknown): Row[] {
  if (typeof json !== 'object' || json === null) return [];
  const isRows = Array.isArray(json) && json.every((row) => typeof row === 'object' && row !== null);
  const lists = Object.values(json).map(longestList);
  return [isRows ? (json as Row[]) : [], ...lists].reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** A time in ms among the cells of a row, where its name or place says that it is one. */
function timeOf(row: Row): number | undefined {
  const names = ['time', 'timestamp', 'ts', 't', 'start', 'fundingTime', 'fundingRateTimestamp'];
  const cell = Array.isArray(row)
    ? row[0]
    : names.map((name) => (row as Record<string, unknown>)[name]).find(Boolean);
  const time = Number(cell);
  return time > 1e12 && time < 1e13 ? time : undefined;
}

/** In words, rows that come twice and rows that go back and forth in time; undefined where there are none. */
export function oddOrder(json: unknown): string | undefined {
  const rows = longestList(json);
  if (rows.length < 4) return undefined;
  const twice = rows.length - new Set(rows.map((row) => JSON.stringify(row))).size;
  if (twice > 0) return `${twice} of ${rows.length} rows come twice`;
  const times = rows.flatMap((row) => timeOf(row) ?? []);
  if (times.length < rows.length) return undefined;
  let up = 0;
  let down = 0;
  for (let i = 1; i < times.length; i++) {
    if (times[i]! > times[i - 1]!) up += 1;
    if (times[i]! < times[i - 1]!) down += 1;
  }
  return up > 0 && down > 0 ? 'rows are not in the order of time' : undefined;
}
