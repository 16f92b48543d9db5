import { seeded } from './random';

/** What can be made to go wrong, on demand. See README.md for each kind and for the file that scripts them. */

const kinds = {
  /** Answers, and socket messages, come `ms` late, REST give or take `jitterMs`. */
  latency: ['ms', 'jitterMs'],
  /** An HTTP status (for a socket: instead of the handshake) with `retryAfter` seconds. 429 and 418 use the venue's words. */
  status: ['status', 'retryAfter'],
  /** No answer at all. */
  hang: [],
  /** The connection ends in the middle of the answer; of a socket message only the first half comes. */
  half: [],
  /** A web page instead of JSON. */
  html: [],
  /** An empty body. */
  nothing: [],
  /** Numbers in rows become NaN. */
  nan: [],
  /** Numbers in rows become empty strings. */
  empty: [],
  /** Rows, or socket messages, in the wrong order. */
  reorder: [],
  /** Rows, or socket messages, twice. */
  duplicate: [],
  /** The middle third of the rows is missing; every third socket message too. */
  gap: [],
  /** The venue's clock is off by `ms`. */
  skew: ['ms'],
  /** Sockets open and acknowledge, and then say nothing. */
  silent: [],
  /** Sockets are cut every `everyMs`. */
  close: ['everyMs'],
  /** The venue no longer lists `coin`. */
  delist: ['coin'],
} as const;

export type FaultKind = keyof typeof kinds;

export interface Fault {
  kind: FaultKind;
  /** Absent: every venue. */
  venue?: string;
  /** Part of the request's path (or of a socket's address path). Absent: every path. */
  path?: string;
  /** Active from so long after it was set, for so long. */
  afterMs?: number;
  forMs?: number;
  /** Share of requests or messages it strikes, 0–1. Absent: all. */
  share?: number;
  /** How often it strikes before it is spent. */
  times?: number;
  ms?: number;
  jitterMs?: number;
  status?: number;
  retryAfter?: number;
  everyMs?: number;
  coin?: string;
}

const needed: Partial<Record<FaultKind, keyof Fault>> = {
  latency: 'ms',
  status: 'status',
  skew: 'ms',
  close: 'everyMs',
  delist: 'coin',
};

const common = ['kind', 'venue', 'path', 'afterMs', 'forMs', 'share', 'times'];
const texts = ['kind', 'venue', 'path', 'coin'];

/**
 * Checks a list of faults as read from JSON: `[…]` or `{"faults": […]}`.
 *
 * @throws Error naming the entry and what is wrong with it.
 */
export function parseFaults(json: unknown): Fault[] {
  const list =
    typeof json === 'object' && json !== null && 'faults' in json
      ? (json as { faults: unknown }).faults
      : json;
  if (!Array.isArray(list)) throw new Error('faults: expected an array, or an object with an array "faults"');
  return list.map((entry: unknown, i) => {
    const where = `faults[${i}]`;
    if (typeof entry !== 'object' || entry === null) throw new Error(`${where}: expected an object`);
    const fault = entry as Record<string, unknown>;
    const kind = fault.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      throw new Error(
        `${where}.kind: expected one of ${Object.keys(kinds).join(', ')}, got ${JSON.stringify(kind)}`,
      );
    }
    const allowed: readonly string[] = [...common, ...kinds[kind as FaultKind]];
    for (const [name, value] of Object.entries(fault)) {
      if (!allowed.includes(name))
        throw new Error(`${where}.${name}: not known to "${kind}" (${allowed.join(', ')})`);
      const fits = texts.includes(name)
        ? typeof value === 'string'
        : typeof value === 'number' && Number.isFinite(value) && (name === 'ms' || value >= 0);
      if (!fits) throw new Error(`${where}.${name}: ${JSON.stringify(value)} is not what it takes`);
    }
    const need = needed[kind as FaultKind];
    if (need && fault[need] === undefined) throw new Error(`${where}: "${kind}" needs "${need}"`);
    if (typeof fault.status === 'number' && !(fault.status >= 400 && fault.status <= 599)) {
      throw new Error(`${where}.status: expected 400–599, got ${fault.status}`);
    }
    return fault as unknown as Fault;
  });
}

/** The faults in force, with the time they were set. */
export class FaultBox {
  #faults: { fault: Fault; left: number }[] = [];
  #since = 0;
  #drawn = 0;

  constructor(private readonly wall: () => number) {}

  set(faults: Fault[]): void {
    this.#since = this.wall();
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
  }

  list(): Fault[] {
    return this.#faults.map(({ fault }) => fault);
  }

  /** Every fault of a kind that holds for a venue and path now, without using it up. */
  active(kind: FaultKind, venue: string, path = ''): Fault[] {
    const passed = this.wall() - this.#since;
    return this.#faults
      .filter(
        ({ fault, left }) =>
          fault.kind === kind &&
          left > 0 &&
          (fault.venue === undefined || fault.venue === venue) &&
          (fault.path === undefined || path.includes(fault.path)) &&
          passed >= (fault.afterMs ?? 0) &&
          passed < (fault.afterMs ?? 0) + (fault.forMs ?? Number.POSITIVE_INFINITY),
      )
      .map(({ fault }) => fault);
  }

  /** The first fault of a kind that strikes now; counts it, and draws lots where it has a share. */
  strike(kind: FaultKind, venue: string, path = ''): Fault | undefined {
    for (const fault of this.active(kind, venue, path)) {
      if (fault.share !== undefined && seeded('fault', this.#drawn++) >= fault.share) continue;
      this.#faults.find((entry) => entry.fault === fault)!.left--;
      return fault;
    }
    return undefined;
  }

  skew(venue: string): number {
    return this.active('skew', venue).reduce((sum, { ms }) => sum + ms!, 0);
  }
}

/** The longest array of rows anywhere in an answer. */
function rowsOf(json: unknown): unknown[] | undefined {
  if (Array.isArray(json) && !json.every((cell) => typeof cell === 'string' || typeof cell === 'number')) {
    const inner = json.map(rowsOf).reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a), undefined);
    return (inner?.length ?? 0) > json.length ? inner : json;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return Object.values(json)
    .map(rowsOf)
    .reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a), undefined);
}

/** Every text that holds a number replaced. */
function replaceNumbers(json: unknown, by: string): unknown {
  if (typeof json === 'string') return json !== '' && Number.isFinite(Number(json)) ? by : json;
  if (Array.isArray(json)) return json.map((cell) => replaceNumbers(cell, by));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, replaceNumbers(value, by)]));
}

/** An answer with the damage of a fault done to it. */
export function damage(kind: FaultKind, json: unknown): unknown {
  if (kind === 'nan') return replaceNumbers(json, 'NaN');
  if (kind === 'empty') return replaceNumbers(json, '');
  const copy = structuredClone(json);
  const rows = rowsOf(copy);
  if (!rows) return copy;
  if (kind === 'reorder') rows.sort((a, b) => seeded(JSON.stringify(a)) - seeded(JSON.stringify(b)));
  if (kind === 'duplicate')
    rows.splice(0, rows.length, ...rows.flatMap((row, i) => (i % 3 ? [row] : [row, row])));
  if (kind === 'gap') rows.splice(Math.floor(rows.length / 3), Math.ceil(rows.length / 3));
  return copy;
}
